#include "cli/job_words.h"

#include "cli/out.h"
#include "core/date.h"
#include "core/length.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct message bad_age = {"jobs_age",
                                       "--age wants a length like 10min, 2h or 3d, not `{0}`",
                                       "--age 应为 10min、2h、3d 这样的时长，而非“{0}”"};
static const struct message bad_job = {"jobs_job", "--job wants a number, not `{0}`",
                                       "--job 应为编号，而非“{0}”"};
static const struct message bad_case = {"jobs_case", "--case wants AGENCY/CASE, not `{0}`",
                                        "--case 应为 机构/案号，而非“{0}”"};

static bool take(const struct arguments *arguments, const char *name, const char *fallback,
                 char out[ASKED_NAME_BYTES])
{
    const char *value = argument_value(arguments, name);

    value = value != NULL ? value : fallback;
    (void)snprintf(out, ASKED_NAME_BYTES, "%s", value);
    return value[0] != '\0' && argument_given(arguments, name);
}

static bool read_case(const struct arguments *arguments, struct job_meant *meant)
{
    const char *word = argument_value(arguments, "case");
    const char *slash = word == NULL ? NULL : strchr(word, '/');

    if (word == NULL) {
        return true;
    }
    if (slash == NULL || slash == word || slash[1] == '\0') {
        (void)command_misused(arguments, &bad_case, (const char *[]){word});
        return false;
    }
    (void)snprintf(meant->agency, sizeof(meant->agency), "%.*s", (int)(slash - word), word);
    (void)snprintf(meant->case_id, sizeof(meant->case_id), "%s", slash + 1);
    meant->any = true;
    return true;
}

static bool read_numbers(const struct arguments *arguments, struct job_meant *meant)
{
    const char *age = argument_value(arguments, "age");
    const char *job = argument_value(arguments, "job");
    struct length length;
    int64_t number = 0;

    if (age != NULL) {
        if (!length_parse(text_of(age), &length) || length.count < 1 ||
            !(length_is_exact(length) || length.unit == LENGTH_DAYS)) {
            (void)command_misused(arguments, &bad_age, (const char *[]){age});
            return false;
        }
        meant->filter.older_ms =
            length_is_exact(length) ? length_ms(length) : length.count * DAY_MS;
        meant->any = true;
    }
    if (job != NULL) {
        if (!text_to_integer(text_of(job), &number) || number < 1) {
            (void)command_misused(arguments, &bad_job, (const char *[]){job});
            return false;
        }
        meant->filter.job = (uint64_t)number;
        meant->any = true;
    }
    return true;
}

bool job_meant_read(const struct arguments *arguments, const char *states,
                    struct job_meant *meant)
{
    memset(meant, 0, sizeof(*meant));
    duban__v1__job_filter__init(&meant->filter);
    meant->any = take(arguments, "agency", "", meant->agency);
    meant->any = take(arguments, "state", states, meant->state) || meant->any;
    meant->any = take(arguments, "channel", "", meant->channel) || meant->any;
    meant->any = take(arguments, "receiver", "", meant->receiver) || meant->any;
    if (!read_case(arguments, meant) || !read_numbers(arguments, meant)) {
        return false;
    }
    meant->filter.agency = meant->agency;
    meant->filter.case_id = meant->case_id;
    meant->filter.state = meant->state;
    meant->filter.channel = meant->channel;
    meant->filter.receiver = meant->receiver;
    return true;
}

const char *job_state_words(const char *state)
{
    static const struct {
        const char *state;
        const char *en;
        const char *zh;
    } words[] = {
        {"waiting", "waiting", "等待"},
        {"held", "on hold", "暂停"},
        {"ready", "ready", "待发"},
        {"leased", "with a worker", "已派"},
        {"begun", "being sent", "在发"},
        {"unknown", "IN DOUBT", "存疑"},
        {"incident", "INCIDENT", "未达"},
        {"sent", "sent", "已发出"},
        {"delivered", "delivered", "已送达"},
        {"bounced", "came back", "被退回"},
        {"called_back", "called back", "已撤回"},
        {"too_late", "too late", "已过时"},
        {"dropped", "given up", "已放弃"},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i].state, state) == 0) {
            return words_pick(words[i].en, words[i].zh);
        }
    }
    return state;
}

static const struct out_column columns[] = {
    {.name = "job", .en = "JOB", .zh = "编号", .kind = OUT_NUMBER},
    {.name = "state", .en = "STATE", .zh = "状态"},
    {.name = "channel", .en = "CHANNEL", .zh = "渠道"},
    {.name = "receiver", .en = "RECEIVER", .zh = "接收人"},
    {.name = "cases", .en = "CASES", .zh = "案件"},
    {.name = "notices", .en = "NOTICES", .zh = "通知数", .kind = OUT_NUMBER},
    {.name = "since", .en = "SINCE", .zh = "起于"},
    {.name = "useful_until", .en = "USEFUL UNTIL", .zh = "有效至"},
    {.name = "attempt", .en = "TRIES", .zh = "次数", .kind = OUT_NUMBER},
    {.name = "last", .en = "LAST WORD", .zh = "最近说明"},
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static const char *number_of(const json_t *object, const char *name, char out[24])
{
    (void)snprintf(out, 24, "%" JSON_INTEGER_FORMAT,
                   json_integer_value(json_object_get(object, name)));
    return out;
}

static void print_row(struct out_table *table, const json_t *job)
{
    bool people = out_format() == OUT_TABLE;
    char numbers[3][24];
    char cases[ASKED_NAME_BYTES];
    char times[2][ASKED_TIME_BYTES];
    const char *const cells[COLUMNS] = {
        number_of(job, "job", numbers[0]),
        people ? job_state_words(asked_text(job, "state")) : asked_text(job, "state"),
        asked_text(job, "channel"),
        people ? asked_text(job, "name") : asked_text(job, "receiver"),
        asked_join(json_object_get(job, "cases"), cases, sizeof(cases)),
        number_of(job, "notices", numbers[1]),
        people ? asked_instant(job, "since", times[0]) : asked_text(job, "since"),
        people ? asked_instant(job, "useful_until", times[1]) : asked_text(job, "useful_until"),
        number_of(job, "attempt", numbers[2]),
        asked_text(job, "last"),
    };

    out_table_row(table, cells);
}

void job_print_all(const json_t *jobs)
{
    struct out_table *table;

    if (out_format() == OUT_JSON) {
        for (size_t i = 0; i < json_array_size(jobs); i++) {
            out_json(json_incref(json_array_get(jobs, i)));
        }
        return;
    }
    table = out_table_open(columns, COLUMNS);
    for (size_t i = 0; i < json_array_size(jobs); i++) {
        print_row(table, json_array_get(jobs, i));
    }
    out_table_print(table);
}
