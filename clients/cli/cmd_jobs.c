#include "cli/commands.h"
#include "cli/job_words.h"
#include "cli/out.h"

#include <stdio.h>
#include <string.h>

/* What is on its way to people (`duban jobs`), and what waits for a person (`duban
 * incidents`). */

enum { GROUPS_MAX = 256 };

static const struct option options_jobs[] = {
    JOB_STATE_OPTION,
    JOB_FILTER_OPTIONS,
    {.name = "limit",
     .value = "N",
     .en = "at most so many (100; at most 10000)",
     .zh = "最多列出多少条（默认 100，最多 10000）"},
    {.name = "after",
     .value = "ID",
     .en = "go on behind the place that an answer ended with",
     .zh = "从上次应答给出的位置继续"},
    CONTROL_RUN_OPTION,
};

static const struct option options_incidents[] = {
    JOB_FILTER_OPTIONS,
    {.name = "group",
     .en = "count them by channel, receiver and what was last said",
     .zh = "按渠道、接收人与最近说明归并计数"},
    CONTROL_RUN_OPTION,
};

static const struct message bad_limit = {"jobs_limit",
                                         "--limit wants a number from 1 to 10000, not `{0}`",
                                         "--limit 应为 1 至 10000 的数，而非“{0}”"};
static const struct message bad_after = {"jobs_after",
                                         "--after wants the number that an answer ended with, "
                                         "not `{0}`",
                                         "--after 应为上次应答给出的编号，而非“{0}”"};
static const struct message all_told = {"jobs_all", "{0}; that is all of them",
                                        "共 {0} 条，已全部列出"};
static const struct message some_told = {"jobs_some",
                                         "{0}, and there are more: add --after {1}",
                                         "已列出 {0} 条，尚有更多：请加 --after {1}"};

static enum exit_code ask(const struct arguments *arguments, const char *states, int64_t limit,
                          int64_t after, json_t **answer)
{
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    Duban__V1__JobsQuery jobs = DUBAN__V1__JOBS_QUERY__INIT;
    struct job_meant meant;

    if (!job_meant_read(arguments, states, &meant)) {
        return EXIT_USAGE;
    }
    jobs.filter = &meant.filter;
    jobs.limit = (uint32_t)limit;
    jobs.after = (uint64_t)after;
    query.at_least_seq = CONTROL_ALL_THERE_IS;
    query.what_case = DUBAN__V1__QUERY__WHAT_JOBS;
    query.jobs = &jobs;
    return control_query(arguments, &query, answer);
}

static void print_jobs(json_t *answer)
{
    const json_t *jobs = json_object_get(answer, "jobs");
    bool all = json_is_true(json_object_get(answer, "complete"));
    char count[24];
    char after[24];

    (void)snprintf(count, sizeof(count), "%zu", json_array_size(jobs));
    (void)snprintf(after, sizeof(after), "%" JSON_INTEGER_FORMAT,
                   json_integer_value(json_object_get(answer, "after")));
    job_print_all(jobs);
    if (out_format() == OUT_JSON) {
        (void)json_object_del(answer, "jobs");
        out_json(json_incref(answer));
        return;
    }
    words_print(out_format() == OUT_TABLE ? stdout : stderr, all ? &all_told : &some_told,
                (const char *[]){count, after});
}

static enum exit_code run_jobs(const struct arguments *arguments)
{
    const char *limit = argument_value(arguments, "limit");
    const char *after = argument_value(arguments, "after");
    int64_t most = 0;
    int64_t place = 0;
    json_t *answer;

    if (limit != NULL &&
        (!text_to_integer(text_of(limit), &most) || most < 1 || most > 10000)) {
        return command_misused(arguments, &bad_limit, (const char *[]){limit});
    }
    if (after != NULL && (!text_to_integer(text_of(after), &place) || place < 0)) {
        return command_misused(arguments, &bad_after, (const char *[]){after});
    }

    enum exit_code code = ask(arguments, "", most, place, &answer);

    if (code == EXIT_DONE) {
        print_jobs(answer);
        json_decref(answer);
    }
    return code;
}

/* ---- incidents */

static const struct out_column group_columns[] = {
    {.name = "count", .en = "COUNT", .zh = "条数", .kind = OUT_NUMBER},
    {.name = "state", .en = "STATE", .zh = "状态"},
    {.name = "channel", .en = "CHANNEL", .zh = "渠道"},
    {.name = "receiver", .en = "RECEIVER", .zh = "接收人"},
    {.name = "last", .en = "LAST WORD", .zh = "最近说明"},
};

enum { GROUP_COLUMNS = sizeof(group_columns) / sizeof(group_columns[0]) };

static bool same(const json_t *a, const json_t *b)
{
    static const char *const names[] = {"state", "channel", "receiver", "last"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(asked_text(a, names[i]), asked_text(b, names[i])) != 0) {
            return false;
        }
    }
    return true;
}

static void print_groups(const json_t *jobs)
{
    const json_t *firsts[GROUPS_MAX];
    size_t counts[GROUPS_MAX] = {0};
    size_t groups = 0;
    bool people = out_format() == OUT_TABLE;
    struct out_table *table = out_table_open(group_columns, GROUP_COLUMNS);

    for (size_t i = 0; i < json_array_size(jobs); i++) {
        size_t at = 0;

        while (at < groups && !same(firsts[at], json_array_get(jobs, i))) {
            at++;
        }
        if (at == groups && groups < GROUPS_MAX) {
            firsts[groups++] = json_array_get(jobs, i);
        }
        counts[at < GROUPS_MAX ? at : GROUPS_MAX - 1]++;
    }
    for (size_t i = 0; i < groups; i++) {
        char count[24];

        (void)snprintf(count, sizeof(count), "%zu", counts[i]);
        out_table_row(table, (const char *const[GROUP_COLUMNS]){
                                 count,
                                 people ? job_state_words(asked_text(firsts[i], "state"))
                                        : asked_text(firsts[i], "state"),
                                 asked_text(firsts[i], "channel"),
                                 people ? asked_text(firsts[i], "name")
                                        : asked_text(firsts[i], "receiver"),
                                 asked_text(firsts[i], "last")});
    }
    out_table_print(table);
}

static enum exit_code run_incidents(const struct arguments *arguments)
{
    json_t *answer;
    enum exit_code code = ask(arguments, "incident,unknown", 10000, 0, &answer);

    if (code != EXIT_DONE) {
        return code;
    }

    bool any = json_array_size(json_object_get(answer, "jobs")) > 0;

    if (argument_given(arguments, "group")) {
        print_groups(json_object_get(answer, "jobs"));
    } else {
        print_jobs(answer);
    }
    json_decref(answer);
    return any ? EXIT_REFUSED : EXIT_DONE;
}

static const char *const usages_jobs[] = {
    "jobs [--state STATE] [--channel CHANNEL] [--receiver PERSON] [--age LENGTH] [-o json|csv]",
    NULL};
static const struct message examples_jobs = {"jobs_examples",
                                             "  duban jobs --state ready --age 10min\n"
                                             "  duban jobs --channel sms --state waiting\n"
                                             "  duban jobs --case gulou/K-7 -o json\n",
                                             "  duban jobs --state ready --age 10min\n"
                                             "  duban jobs --channel sms --state waiting\n"
                                             "  duban jobs --case gulou/K-7 -o json\n"};
static const struct message notes_jobs = {
    "jobs_notes",
    "A message is here until it was sent, or came to nothing; duban notices CASE tells of "
    "those\n"
    "that are through.\n",
    "此处只列尚未了结的通知；已发出或已终结的见 duban notices 案号。\n"};

const struct command command_jobs = {
    .name = "jobs",
    .en = "messages on their way to people, and where they stand",
    .zh = "正在送达途中的通知及其状态",
    .usages = usages_jobs,
    .examples = &examples_jobs,
    .notes = &notes_jobs,
    .options = options_jobs,
    .option_count = sizeof(options_jobs) / sizeof(options_jobs[0]),
    .run = run_jobs,
};

static const char *const usages_incidents[] = {
    "incidents [--group] [--channel CHANNEL] [--receiver PERSON] [--age LENGTH] [-o json|csv]",
    NULL};
static const struct message examples_incidents = {"incidents_examples",
                                                  "  duban incidents\n"
                                                  "  duban incidents --group\n",
                                                  "  duban incidents\n"
                                                  "  duban incidents --group\n"};
static const struct message notes_incidents = {
    "incidents_notes",
    "What waits for a person: messages that reached nobody (the next above was told), and "
    "those "
    "that\n"
    "may have been sent and must not go twice. Then: duban retry, resend or drop.\n"
    "Exit: 0 there is none, 1 there are some.\n",
    "须由人处理的通知：未能送达任何人的（已告知上级），以及可能已发出、不得重发的。\n"
    "处理：duban retry、resend 或 drop。\n"
    "退出码：0 没有，1 有。\n"};

const struct command command_incidents = {
    .name = "incidents",
    .en = "messages that wait for a person: nobody was reached, or nobody can tell",
    .zh = "须由人处理的通知：无人可达，或是否发出不明",
    .usages = usages_incidents,
    .examples = &examples_incidents,
    .notes = &notes_incidents,
    .options = options_incidents,
    .option_count = sizeof(options_incidents) / sizeof(options_incidents[0]),
    .run = run_incidents,
};
