#include "cli/commands.h"
#include "cli/job_words.h"
#include "cli/out.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_BYTES = 512 };

static const struct option options[] = {
    {.name = "words",
     .en = "what exactly was said, with the template and its version",
     .zh = "显示实际发出的文字、模板及其版本"},
    {.name = "private",
     .en = "… also where they tell a private fact; wants --reason, and stands in the file",
     .zh = "……含隐私事实的也显示；须写 --reason，并记入案卷"},
    ASKED_AGENCY_OPTION,
    CONTROL_ACT_OPTIONS,
    CONTROL_RUN_OPTION,
};

static const struct out_column columns[] = {
    {.name = "at", .en = "AT", .zh = "时间"},
    {.name = "about", .en = "ABOUT", .zh = "事由"},
    {.name = "receiver", .en = "RECEIVER", .zh = "接收人"},
    {.name = "role", .en = "ROLE", .zh = "角色"},
    {.name = "in_stead_of", .en = "IN STEAD OF", .zh = "代"},
    {.name = "channel", .en = "CHANNEL", .zh = "渠道"},
    {.name = "state", .en = "STATE", .zh = "状态"},
    {.name = "state_at", .en = "SINCE", .zh = "起于"},
    {.name = "job", .en = "JOB", .zh = "编号", .kind = OUT_NUMBER},
    {.name = "said", .en = "LAST WORD", .zh = "最近说明"},
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static const struct message on_hold = {"notices_hold",
                                       "the case is on hold: what is not sent yet waits",
                                       "案件已暂停：尚未发出的通知等待解除"};
static const struct message no_reason = {
    "notices_private",
    "who looks at private facts says why: duban notices CASE --private --reason WORDS",
    "查看隐私事实须说明理由：duban notices 案号 --private --reason 理由"};
static const struct message none_told = {"notices_none", "nobody was told anything of it yet",
                                         "尚未就该案通知任何人"};

/* `decision, near`; of what no clock speaks of the notice's own name. */
static const char *about(const json_t *notice, char out[WORDS_BYTES])
{
    char clock[ASKED_NAME_BYTES];
    const char *entry = asked_text(notice, "entry");

    if (asked_text(notice, "clock")[0] == '\0') {
        const char *name = asked_text(notice, "notice");

        return name[0] != '\0' ? name : asked_text(notice, "effect");
    }
    (void)snprintf(out, WORDS_BYTES, "%.200s%s%.100s", asked_clock(notice, clock),
                   entry[0] != '\0' ? words_pick(", ", "，") : "", entry);
    return out;
}

static const char *in_stead(const json_t *notice, char out[WORDS_BYTES])
{
    const char *stead = asked_text(notice, "stead");
    const char *name = asked_text(notice, "in_stead_of_name");

    if (out_format() != OUT_TABLE) {
        return asked_text(notice, "in_stead_of");
    }
    (void)snprintf(out, WORDS_BYTES, "%.200s%s", name,
                   strcmp(stead, "vacant") == 0      ? words_pick(" (vacant)", "（空缺）")
                   : strcmp(stead, "unreached") == 0 ? words_pick(" (not reached)", "（未达）")
                                                     : "");
    return out;
}

static void print_table(const json_t *notices)
{
    struct out_table *table = out_table_open(columns, COLUMNS);
    bool people = out_format() == OUT_TABLE;

    for (size_t i = 0; i < json_array_size(notices); i++) {
        const json_t *notice = json_array_get(notices, i);
        char words[2][WORDS_BYTES];
        char times[2][ASKED_TIME_BYTES];
        char job[24];
        const char *const cells[COLUMNS] = {
            people ? asked_instant(notice, "at", times[0]) : asked_text(notice, "at"),
            about(notice, words[0]),
            people ? asked_text(notice, "name") : asked_text(notice, "receiver"),
            people ? asked_words(notice, "role") : asked_text(notice, "role"),
            in_stead(notice, words[1]),
            asked_text(notice, "channel"),
            people ? job_state_words(asked_text(notice, "state")) : asked_text(notice, "state"),
            people ? asked_instant(notice, "state_at", times[1])
                   : asked_text(notice, "state_at"),
            job,
            asked_text(notice, "said"),
        };

        (void)snprintf(job, sizeof(job), "%" JSON_INTEGER_FORMAT,
                       json_integer_value(json_object_get(notice, "job")));
        out_table_row(table, cells);
    }
    out_table_print(table);
}

static void print_line(const char *head, const char *words)
{
    if (words[0] != '\0') {
        printf("  %s%s\n", head, words);
    }
}

/* Each with all that is known of it. */
static void print_whole(const json_t *notices)
{
    for (size_t i = 0; i < json_array_size(notices); i++) {
        const json_t *notice = json_array_get(notices, i);
        const json_t *said = json_object_get(notice, "words");
        char words[WORDS_BYTES];
        char times[3][ASKED_TIME_BYTES];

        printf("%s  %s  %s  %s: %s %s\n", asked_instant(notice, "at", times[0]),
               about(notice, words), asked_text(notice, "name"), asked_text(notice, "channel"),
               job_state_words(asked_text(notice, "state")),
               asked_instant(notice, "state_at", times[1]));
        print_line(words_pick("key       ", "键    "), asked_text(notice, "key"));
        print_line(words_pick("provider  ", "流水号 "), asked_text(notice, "provider"));
        print_line(words_pick("arrived   ", "送达  "),
                   asked_instant(notice, "delivered", times[2]));
        print_line(words_pick("came back ", "退回  "),
                   asked_instant(notice, "bounced", times[2]));
        if (said != NULL) {
            printf("  %s%s %s\n", words_pick("template  ", "模板  "),
                   asked_text(said, "template"), asked_text(said, "version"));
            print_line(words_pick("brief     ", "短文  "), asked_text(said, "brief"));
            print_line(words_pick("subject   ", "主题  "), asked_text(said, "subject"));
            printf("%s%s", asked_text(said, "body"),
                   asked_text(said, "body")[0] != '\0' ? "\n" : "");
        }
        printf("\n");
    }
}

static void print(json_t *answer, bool whole)
{
    const json_t *notices = json_object_get(answer, "notices");

    if (out_format() == OUT_JSON) {
        out_json(json_incref(answer));
        return;
    }
    if (json_is_true(json_object_get(answer, "on_hold"))) {
        words_note(&on_hold, NULL);
    }
    if (json_array_size(notices) == 0 && out_format() == OUT_TABLE) {
        words_print(stdout, &none_told, NULL);
    } else if (whole && out_format() == OUT_TABLE) {
        print_whole(notices);
    } else {
        print_table(notices);
    }
}

/* Read what is sealed, each by an act of its own, and put it in its place. */
static enum exit_code disclose(const struct arguments *arguments, const json_t *answer)
{
    const json_t *notices = json_object_get(answer, "notices");
    enum exit_code code = EXIT_DONE;

    for (size_t i = 0; i < json_array_size(notices) && code == EXIT_DONE; i++) {
        json_t *words = json_object_get(json_array_get(notices, i), "words");
        Duban__V1__Act act = DUBAN__V1__ACT__INIT;
        Duban__V1__Disclose disclose = DUBAN__V1__DISCLOSE__INIT;
        char names[2][ASKED_NAME_BYTES];
        json_t *told;

        if (!json_is_true(json_object_get(words, "sealed"))) {
            continue;
        }
        (void)snprintf(names[0], sizeof(names[0]), "%s", asked_text(answer, "agency"));
        (void)snprintf(names[1], sizeof(names[1]), "%s", asked_text(answer, "case"));
        disclose.agency = names[0];
        disclose.case_id = names[1];
        disclose.lease = (uint64_t)json_integer_value(json_object_get(words, "lease"));
        act.what_case = DUBAN__V1__ACT__WHAT_DISCLOSE;
        act.disclose = &disclose;
        code = control_act(arguments, &act, &told);
        if (code == EXIT_DONE) {
            (void)json_object_del(told, "seq");
            (void)json_object_update(words, told);
            json_decref(told);
        }
    }
    return code;
}

static enum exit_code run(const struct arguments *arguments)
{
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    Duban__V1__NoticesQuery notices = DUBAN__V1__NOTICES_QUERY__INIT;
    struct asked_case asked;
    json_t *answer;

    bool private = argument_given(arguments, "private");

    if (!asked_case_read(arguments, &asked)) {
        return EXIT_USAGE;
    }
    if (private && argument_value(arguments, "reason") == NULL) {
        return command_misused(arguments, &no_reason, NULL);
    }
    notices.agency = asked.agency;
    notices.case_id = asked.case_id;
    notices.words = private || argument_given(arguments, "words");
    query.at_least_seq = CONTROL_ALL_THERE_IS;
    query.what_case = DUBAN__V1__QUERY__WHAT_NOTICES;
    query.notices = &notices;

    enum exit_code code = control_query(arguments, &query, &answer);

    if (code != EXIT_DONE) {
        return code;
    }
    code = private ? disclose(arguments, answer) : EXIT_DONE;
    if (code == EXIT_DONE) {
        print(answer, notices.words != 0);
    }
    json_decref(answer);
    return code;
}

static const char *const usages[] = {"notices CASE [--words] [-o json|csv]",
                                     "notices CASE --private --reason WORDS", NULL};
static const struct message examples = {"notices_examples",
                                        "  duban notices gulou/K-2026-0117\n"
                                        "  duban notices K-2026-0117 --words\n",
                                        "  duban notices gulou/K-2026-0117\n"
                                        "  duban notices K-2026-0117 --words\n"};
static const struct message notes = {
    "notices_notes",
    "--words shows what was handed out, letter by letter. Words that tell a private fact are "
    "sealed\n"
    "with the case's key and shown as •••; --private reads them, and who looked stands in the "
    "file.\n",
    "--words 逐字显示交付发送的文字。含隐私事实的文字以该案密钥封存，显示为 •••；\n"
    "--private 可解读，何人查看记入案卷。\n"};

const struct command command_notices = {
    .name = "notices",
    .en = "who was told of a case, in whose stead, over what, and whether it arrived",
    .zh = "就某案通知了谁、代谁、经何渠道、是否送达",
    .usages = usages,
    .examples = &examples,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 1,
    .run = run,
};
