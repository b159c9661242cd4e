#include "cli/asked.h"
#include "cli/commands.h"
#include "cli/out.h"
#include "cli/record.h"
#include "cli/said.h"
#include "core/date.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS = 8, WORDS_BYTES = 2048 };

static const struct option options[] = {
    {.name = "at",
     .value = "TIME",
     .en = "only what was known then, and the case as it stood: 2026-03-02T10:00",
     .zh = "仅列当时已知的记录，并显示案件当时的状态：2026-03-02T10:00"},
    ASKED_AGENCY_OPTION,
    CONTROL_RUN_OPTION,
};

static const struct out_column columns[COLUMNS] = {
    {.name = "seq", .en = "SEQ", .zh = "记录号", .kind = OUT_NUMBER},
    {.name = "at", .en = "AT", .zh = "时间"},
    {.name = "kind", .en = "KIND", .zh = "类别"},
    {.name = "event", .en = "EVENT", .zh = "事件"},
    {.name = "person", .en = "PERSON", .zh = "人员"},
    {.name = "role", .en = "ROLE", .zh = "角色"},
    {.name = "verdict", .en = "VERDICT", .zh = "结果"},
    {.name = "words", .en = "WHAT CAME OF IT", .zh = "内容"},
};

static const struct message bad_time = {"log_time",
                                        "--at wants a time like 2026-03-02T10:00, not `{0}`",
                                        "--at 应为 2026-03-02T10:00 这样的时间，而非“{0}”"};
static const struct message head_line = {"log_head", "{0}  {1}  stage: {2} ({3})  revision {4}",
                                         "{0}  {1}  阶段：{2}（{3}）  第 {4} 版"};

static const char *language_of(const json_t *object)
{
    return asked_text(object, words_pick("en", "zh"));
}

static void print_clock(const json_t *clock)
{
    char name[ASKED_NAME_BYTES];
    char day[ASKED_TIME_BYTES];

    printf("  %s: %s  %s\n", asked_clock(clock, name), asked_words(clock, "state"),
           asked_date(clock, "last_day", day));
}

/* Where it stands, or stood: stage, limits, facts. */
static void print_case(const json_t *found)
{
    const json_t *facts = json_object_get(found, "facts");
    const json_t *clocks = json_object_get(found, "clocks");
    char name[2 * ASKED_NAME_BYTES];
    char revision[24];

    (void)snprintf(name, sizeof(name), "%s/%s", asked_text(found, "agency"),
                   asked_text(found, "case"));
    (void)snprintf(revision, sizeof(revision), "%" JSON_INTEGER_FORMAT,
                   json_integer_value(json_object_get(found, "revision")));
    words_print(stdout, &head_line,
                (const char *[]){name, asked_words(found, "procedure"),
                                 asked_words(found, "stage"), asked_state(found), revision});
    for (size_t i = 0; i < json_array_size(facts); i++) {
        const json_t *fact = json_array_get(facts, i);

        printf("  %s: %s\n", asked_words(fact, "fact"), asked_text(fact, "value"));
    }
    for (size_t i = 0; i < json_array_size(clocks); i++) {
        print_clock(json_array_get(clocks, i));
    }
    printf("\n");
}

/* Reasons and effects in one cell. */
static void join_words(const json_t *record, char out[WORDS_BYTES])
{
    static const char *const lists[] = {"reasons", "effects"};
    size_t at = 0;

    out[0] = '\0';
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        const json_t *list = json_object_get(record, lists[i]);

        for (size_t j = 0; j < json_array_size(list) && at + 4 < WORDS_BYTES; j++) {
            (void)snprintf(out + at, WORDS_BYTES - at, "%s%s", at > 0 ? "; " : "",
                           language_of(json_array_get(list, j)));
            at = strlen(out);
        }
    }
}

static void print_csv(const json_t *records)
{
    struct out_table *table = out_table_open(columns, COLUMNS);

    for (size_t i = 0; i < json_array_size(records); i++) {
        const json_t *record = json_array_get(records, i);
        const json_t *event = json_object_get(record, "event");
        char seq[24];
        char words[WORDS_BYTES];

        join_words(record, words);
        (void)snprintf(seq, sizeof(seq), "%" JSON_INTEGER_FORMAT,
                       json_integer_value(json_object_get(record, "seq")));
        out_table_row(table,
                      (const char *const[COLUMNS]){
                          seq, asked_text(record, "at"), asked_text(record, "kind"),
                          asked_text(event, "type"), asked_text(event, "person"),
                          asked_text(event, "role"), asked_text(record, "verdict"), words});
    }
    out_table_print(table);
}

static void print(json_t *answer)
{
    const json_t *records = json_object_get(answer, "records");

    switch (out_format()) {
    case OUT_JSON:
        out_json(json_incref(answer));
        break;
    case OUT_CSV:
        print_csv(records);
        break;
    case OUT_TABLE:
        print_case(json_object_get(answer, "case"));
        for (size_t i = 0; i < json_array_size(records); i++) {
            record_print(json_array_get(records, i), false);
        }
        break;
    }
}

static enum exit_code run(const struct arguments *arguments)
{
    const char *at = argument_value(arguments, "at");
    struct asked_case asked;
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    json_t *answer;

    if (!asked_case_read(arguments, &asked)) {
        return EXIT_USAGE;
    }
    if (at != NULL && !instant_parse(text_of(at), SAID_ZONE_MS, &asked.query.at_ms)) {
        return command_misused(arguments, &bad_time, (const char *[]){at});
    }
    query.at_least_seq = CONTROL_ALL_THERE_IS;
    query.what_case = DUBAN__V1__QUERY__WHAT_LOG;
    query.log = &asked.query;

    enum exit_code code = control_query(arguments, &query, &answer);

    if (code == EXIT_DONE) {
        print(answer);
        json_decref(answer);
    }
    return code;
}

static const char *const usages[] = {"log CASE [--at TIME] [-o json|csv]", NULL};
static const struct message examples = {
    "log_examples",
    "  duban log K-2026-0117\n"
    "  duban log gulou/K-2026-0117 --at 2026-03-02T10:00\n",
    "  duban log K-2026-0117\n"
    "  duban log gulou/K-2026-0117 --at 2026-03-02T10:00\n"};

const struct command command_log = {
    .name = "log",
    .en = "what happened to a case: every record, who, when, what came of it",
    .zh = "案件经过：每条记录、何人、何时、结果",
    .usages = usages,
    .examples = &examples,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 1,
    .run = run,
};
