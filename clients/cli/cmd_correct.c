#include "base/clock.h"
#include "cli/commands.h"
#include "cli/control.h"
#include "cli/send.h"
#include "core/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES ((size_t)2 << 20)
enum { NAME_BYTES = 160 };

static const struct message no_words = {
    "correct_no_words",
    "say which case, and what is to be put right: duban correct CASE --fact NAME=VALUE, "
    "--clock CLOCK --started TIME, or --stage STAGE",
    "请写明案件和更正内容：duban correct 案号 --fact 名称=值，或 --clock 期限 --started "
    "时间，或 --stage 阶段"};
static const struct message no_ground = {
    "correct_no_ground",
    "a correction wants a ground and who approved it: --ground WORDS --approver PERSON",
    "更正须有理由和批准人：--ground 理由 --approver 人员"};
static const struct message nothing = {
    "correct_nothing", "of a clock say what is to be put right: --started, --ended or --pauses",
    "请写明期限的更正内容：--started、--ended 或 --pauses"};
static const struct message no_clock = {"correct_no_clock",
                                        "`--{0}` belongs to a clock: --clock CLOCK",
                                        "“--{0}”须指明期限：--clock 期限"};
static const struct message no_value = {"correct_no_value",
                                        "`{0}` is no fact: write --fact NAME=VALUE",
                                        "“{0}”不是事实：应写成 --fact 名称=值"};

static const struct option options[] = {
    {.name = "fact",
     .value = "NAME=VALUE",
     .repeats = true,
     .en = "a fact's right value; NAME= where it was never known",
     .zh = "事实的正确值；本不知晓则写 名称="},
    {.name = "clock",
     .value = "CLOCK",
     .en = "a clock, with one or more of the next four",
     .zh = "期限，并附以下一项或几项"},
    {.name = "instance",
     .value = "N",
     .en = "which run of it (the newest)",
     .zh = "第几次（默认最近一次）"},
    {.name = "started", .value = "TIME", .en = "when it began", .zh = "起算时间"},
    {.name = "ended",
     .value = "TIME|none",
     .en = "when the act was done; none: it was not",
     .zh = "办结时间；none：并未办结"},
    {.name = "pauses",
     .value = "A..B;C..D",
     .en = "all of its pauses; empty: there was none",
     .zh = "全部中止期间；空：没有中止"},
    {.name = "stage",
     .value = "STAGE",
     .en = "where the case stands; nothing is started by it",
     .zh = "案件所处阶段；不因此启动任何期限"},
    {.name = "ground", .value = "WORDS", .en = "on what ground", .zh = "更正理由"},
    {.name = "approver", .value = "PERSON", .en = "who approved it", .zh = "批准人"},
    {.name = "approval",
     .value = "[KIND=]FILE",
     .en = "the approving document; its SHA-256 goes along",
     .zh = "批准文书；附其 SHA-256"},
    {.name = "agency",
     .value = "AGENCY",
     .en = "whose case it is (DUBAN_AGENCY); also AGENCY/CASE",
     .zh = "案件所属机构（DUBAN_AGENCY）；也可写 机构/案号"},
    {.name = "by",
     .value = "PERSON/ROLE",
     .en = "who corrects it (DUBAN_BY)",
     .zh = "谁更正（DUBAN_BY）"},
    {.name = "at",
     .value = "TIME",
     .en = "when it was corrected: 2026-03-02T10:00 (now)",
     .zh = "更正时间：2026-03-02T10:00（默认现在）"},
    {.name = "id",
     .value = "ID",
     .en = "the event's id; made from what is said",
     .zh = "事件编号；默认由内容生成"},
    {.name = "reason",
     .value = "WORDS",
     .en = "more words for the file",
     .zh = "补充说明；记入案卷"},
    CONTROL_RUN_OPTION,
};

static void put(json_t *object, const char *key, const char *value)
{
    if (value != NULL) {
        (void)json_object_set_new(object, key, json_string(value));
    }
}

/* What stands under the names that the standing event has. */
static json_t *read_set(const struct arguments *arguments, const char **wrong)
{
    static const char *const same[] = {"clock",  "instance", "started", "ended",
                                       "pauses", "stage",    "ground",  "approver"};
    json_t *set = json_object();
    uint32_t at = 0;

    *wrong = NULL;
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        put(set, same[i], argument_value(arguments, same[i]));
    }
    for (const char *pair; (pair = argument_next(arguments, "fact", &at)) != NULL;) {
        const char *equal = strchr(pair, '=');
        char name[NAME_BYTES];

        if (equal == NULL || equal == pair) {
            *wrong = pair;
            break;
        }
        (void)snprintf(name, sizeof(name), "facts.%.*s", (int)(equal - pair), pair);
        put(set, name, equal + 1);
    }
    return set;
}

static json_t *read_approval(const char *approval)
{
    const char *equal = strchr(approval, '=');

    return equal == NULL ? json_pack("[{ss ss}]", "kind", "更正审批", "file", approval)
                         : json_pack("[{so ss}]", "kind",
                                     json_stringn(approval, (size_t)(equal - approval)), "file",
                                     equal + 1);
}

static json_t *read_event(const struct arguments *arguments, json_t *set)
{
    json_t *object =
        json_pack("{ss ss so}", "event", "case.corrected", "source", "cli", "set", set);
    const char *words = arguments->words[0];
    const char *slash = strchr(words, '/');
    const char *agency = argument_value(arguments, "agency");
    const char *by = argument_value(arguments, "by");
    const char *at = argument_value(arguments, "at");
    char now[INSTANT_TEXT_SIZE];

    (void)instant_print(clock_wall_ms(), SAID_ZONE_MS, now);
    put(object, "case", slash == NULL ? words : slash + 1);
    put(object, "agency", agency != NULL ? agency : getenv("DUBAN_AGENCY"));
    if (slash != NULL) {
        (void)json_object_set_new(object, "agency",
                                  json_stringn(words, (size_t)(slash - words)));
    }
    put(object, "by", by != NULL ? by : getenv("DUBAN_BY"));
    put(object, "at", at != NULL ? at : now);
    put(object, "id", argument_value(arguments, "id"));
    put(object, "reason", argument_value(arguments, "reason"));
    if (argument_given(arguments, "approval")) {
        (void)json_object_set_new(object, "documents",
                                  read_approval(argument_value(arguments, "approval")));
    }
    return object;
}

static enum exit_code send(const struct arguments *arguments, json_t *object)
{
    struct arena arena;
    struct duban_event event;
    struct said_wrong wrong;
    enum exit_code code = EXIT_USAGE;

    arena_init_growing(&arena, ARENA_BYTES);
    if (said_read(object, NULL, &arena, &event, &wrong)) {
        code = send_one(arguments, &event);
    } else {
        said_complain(NULL, &wrong);
    }
    arena_fini(&arena);
    return code;
}

/* Whether anything is said, and all of it goes together. */
static enum exit_code judge(const struct arguments *arguments)
{
    static const char *const of_clock[] = {"started", "ended", "pauses", "instance"};
    bool clock = argument_given(arguments, "clock");
    bool some = false;

    for (int i = 0; i < 4; i++) {
        if (!clock && argument_given(arguments, of_clock[i])) {
            return command_misused(arguments, &no_clock, (const char *[]){of_clock[i]});
        }
        some = some || (i < 3 && argument_given(arguments, of_clock[i]));
    }
    if (arguments->word_count != 1 ||
        !(clock || argument_given(arguments, "fact") || argument_given(arguments, "stage"))) {
        return command_misused(arguments, &no_words, NULL);
    }
    if (clock && !some) {
        return command_misused(arguments, &nothing, NULL);
    }
    return argument_given(arguments, "ground") && argument_given(arguments, "approver")
               ? EXIT_DONE
               : command_misused(arguments, &no_ground, NULL);
}

static enum exit_code run(const struct arguments *arguments)
{
    enum exit_code code = judge(arguments);
    const char *wrong;

    if (code != EXIT_DONE) {
        return code;
    }

    json_t *object = read_event(arguments, read_set(arguments, &wrong));

    code =
        wrong != NULL ? command_misused(arguments, &no_value, &wrong) : send(arguments, object);
    json_decref(object);
    return code;
}

static const char *const usages[] = {
    "correct [AGENCY/]CASE --fact NAME=VALUE… --ground WORDS --approver PERSON",
    "correct [AGENCY/]CASE --clock CLOCK [--started TIME] [--ended TIME|none] [--pauses LIST] "
    "…",
    "correct [AGENCY/]CASE --stage STAGE …", NULL};
static const struct message examples = {
    "correct_examples",
    "  duban correct gulou/K-1 --fact fine=1000.00 --ground 笔误 --approver sun --by "
    "wang/officer\n"
    "  duban correct gulou/K-1 --clock correct --started 2026-03-02T10:00 --ground 误记 \\\n"
    "      --approver sun --approval approval.pdf --by wang/officer\n",
    "  duban correct gulou/K-1 --fact fine=1000.00 --ground 笔误 --approver sun --by "
    "wang/officer\n"
    "  duban correct gulou/K-1 --clock correct --started 2026-03-02T10:00 --ground 误记 \\\n"
    "      --approver sun --approval approval.pdf --by wang/officer\n"};
static const struct message notes = {
    "correct_notes",
    "Nothing is erased: old and new stand side by side in the file, and what follows from "
    "them\n"
    "is derived anew. Whoever was told a date that moves is told so.\n",
    "不抹去任何内容：原值与更正值并存于案卷，由其推出的一切重新推算。日期变动的，告知已获通知者"
    "。\n"};

const struct command command_correct = {
    .name = "correct",
    .en = "put a mistake on a case's file right, with ground and approver",
    .zh = "更正案卷中的错误，须有理由和批准人",
    .usages = usages,
    .examples = &examples,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 1,
    .run = run,
};
