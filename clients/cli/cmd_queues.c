#include "cli/asked.h"
#include "cli/commands.h"
#include "cli/out.h"
#include "cli/words.h"

#include <stdio.h>

/* What waits for each channel: `duban queues`, and who carries it: `duban workers`. */

static const struct option options[] = {CONTROL_RUN_OPTION};

static const struct out_column queue_columns[] = {
    {.name = "channel", .en = "CHANNEL", .zh = "渠道"},
    {.name = "state", .en = "STATE", .zh = "状况"},
    {.name = "waiting", .en = "WAITING", .zh = "等待", .kind = OUT_NUMBER},
    {.name = "held", .en = "HELD", .zh = "暂停", .kind = OUT_NUMBER},
    {.name = "ready", .en = "READY", .zh = "待发", .kind = OUT_NUMBER},
    {.name = "leased", .en = "LEASED", .zh = "已派", .kind = OUT_NUMBER},
    {.name = "begun", .en = "BEGUN", .zh = "在发", .kind = OUT_NUMBER},
    {.name = "unknown", .en = "IN DOUBT", .zh = "存疑", .kind = OUT_NUMBER},
    {.name = "incident", .en = "INCIDENTS", .zh = "未达", .kind = OUT_NUMBER},
    {.name = "oldest_ready_s",
     .en = "OLDEST READY, S",
     .zh = "最久待发（秒）",
     .kind = OUT_NUMBER},
};

enum { QUEUE_COLUMNS = sizeof(queue_columns) / sizeof(queue_columns[0]), FIRST_NUMBER = 2 };

static bool is_set(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

static const char *state_of(const json_t *queue)
{
    bool people = out_format() == OUT_TABLE;

    return is_set(queue, "on_hold") ? (people ? words_pick("on hold", "已暂停") : "on_hold")
           : is_set(queue, "out")   ? (people ? words_pick("OUT", "中断") : "out")
                                    : (people ? words_pick("open", "正常") : "open");
}

static void print_queue(struct out_table *table, const json_t *queue, const char *name,
                        const char *state)
{
    const char *cells[QUEUE_COLUMNS] = {name, state};
    char numbers[QUEUE_COLUMNS][24];

    for (size_t i = FIRST_NUMBER; i < QUEUE_COLUMNS; i++) {
        const json_t *number = json_object_get(queue, queue_columns[i].name);

        (void)snprintf(numbers[i], sizeof(numbers[i]), "%" JSON_INTEGER_FORMAT,
                       json_integer_value(number));
        cells[i] = number == NULL ? NULL : numbers[i];
    }
    out_table_row(table, cells);
}

static void print_queues(const json_t *answer)
{
    const json_t *queues = json_object_get(answer, "queues");
    const json_t *nowhere = json_object_get(answer, "nowhere");
    struct out_table *table = out_table_open(queue_columns, QUEUE_COLUMNS);
    bool people = out_format() == OUT_TABLE;

    for (size_t i = 0; i < json_array_size(queues); i++) {
        const json_t *queue = json_array_get(queues, i);

        print_queue(table, queue,
                    people ? asked_words(queue, "channel") : asked_text(queue, "channel"),
                    state_of(queue));
    }
    print_queue(table, nowhere, people ? words_pick("none", "无渠道") : "", "");
    out_table_print(table);
}

static enum exit_code run_queues(const struct arguments *arguments)
{
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    Duban__V1__QueuesQuery queues = DUBAN__V1__QUEUES_QUERY__INIT;
    json_t *answer;

    query.at_least_seq = CONTROL_ALL_THERE_IS;
    query.what_case = DUBAN__V1__QUERY__WHAT_QUEUES;
    query.queues = &queues;

    enum exit_code code = control_query(arguments, &query, &answer);

    if (code == EXIT_DONE && out_format() == OUT_JSON) {
        out_json(answer);
    } else if (code == EXIT_DONE) {
        print_queues(answer);
        json_decref(answer);
    }
    return code;
}

static const char *const usages_queues[] = {"queues [-o json|csv]", NULL};
static const struct message examples_queues = {"queues_examples", "  duban queues\n",
                                               "  duban queues\n"};
static const struct message notes_queues = {
    "queues_notes",
    "OUT: five failures in a row, so one message a minute is tried. The last row is of "
    "messages "
    "that\n"
    "no channel takes.\n",
    "中断：连续五次失败，每分钟只试一条。末行为没有渠道可走的通知。\n"};

const struct command command_queues = {
    .name = "queues",
    .en = "what waits for each channel, and whether it moves",
    .zh = "各渠道的待发情况及是否畅通",
    .usages = usages_queues,
    .examples = &examples_queues,
    .notes = &notes_queues,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .run = run_queues,
};

/* ---- workers */

static const struct out_column worker_columns[] = {
    {.name = "worker", .en = "WORKER", .zh = "工作进程"},
    {.name = "version", .en = "VERSION", .zh = "版本"},
    {.name = "channels", .en = "CHANNELS", .zh = "渠道"},
    {.name = "connected", .en = "CONNECTED", .zh = "在线", .kind = OUT_FLAG},
    {.name = "credit", .en = "CREDIT", .zh = "余额", .kind = OUT_NUMBER},
    {.name = "leases", .en = "LEASES", .zh = "持有", .kind = OUT_NUMBER},
    {.name = "begun", .en = "BEGUN", .zh = "在发", .kind = OUT_NUMBER},
    {.name = "done", .en = "DONE", .zh = "已发", .kind = OUT_NUMBER},
    {.name = "failed", .en = "FAILED", .zh = "失败", .kind = OUT_NUMBER},
};

enum { WORKER_COLUMNS = sizeof(worker_columns) / sizeof(worker_columns[0]), WORKER_NUMBER = 4 };

static const struct message no_workers = {
    "workers_none",
    "no worker has said hello since the daemon began. Start one: systemctl start "
    "duban-worker@mail; journalctl -u duban-worker@mail tells what hinders it",
    "守护进程启动以来没有工作进程报到。请启动：systemctl start duban-worker@mail；"
    "原因见 journalctl -u duban-worker@mail"};

static void print_workers(const json_t *workers)
{
    struct out_table *table = out_table_open(worker_columns, WORKER_COLUMNS);

    for (size_t i = 0; i < json_array_size(workers); i++) {
        const json_t *worker = json_array_get(workers, i);
        char channels[ASKED_NAME_BYTES];
        char numbers[WORKER_COLUMNS][24];
        const char *cells[WORKER_COLUMNS] = {
            asked_text(worker, "worker"),
            asked_text(worker, "version"),
            asked_join(json_object_get(worker, "channels"), channels, sizeof(channels)),
            is_set(worker, "connected") ? "yes" : "no",
        };

        for (size_t j = WORKER_NUMBER; j < WORKER_COLUMNS; j++) {
            (void)snprintf(numbers[j], sizeof(numbers[j]), "%" JSON_INTEGER_FORMAT,
                           json_integer_value(json_object_get(worker, worker_columns[j].name)));
            cells[j] = numbers[j];
        }
        out_table_row(table, cells);
    }
    out_table_print(table);
    if (json_array_size(workers) == 0) {
        complain(&no_workers, NULL);
    }
}

static enum exit_code run_workers(const struct arguments *arguments)
{
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    Duban__V1__WorkersQuery workers = DUBAN__V1__WORKERS_QUERY__INIT;
    json_t *answer;

    query.what_case = DUBAN__V1__QUERY__WHAT_WORKERS;
    query.workers = &workers;

    enum exit_code code = control_query(arguments, &query, &answer);

    if (code == EXIT_DONE && out_format() == OUT_JSON) {
        out_json(answer);
    } else if (code == EXIT_DONE) {
        print_workers(json_object_get(answer, "workers"));
        json_decref(answer);
    }
    return code;
}

static const char *const usages_workers[] = {"workers [-o json|csv]", NULL};
static const struct message examples_workers = {"workers_examples", "  duban workers\n",
                                                "  duban workers\n"};

const struct command command_workers = {
    .name = "workers",
    .en = "who carries messages: what each holds, has done, and whether it is there",
    .zh = "发送通知的工作进程：是否在线、持有与完成情况",
    .usages = usages_workers,
    .examples = &examples_workers,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .run = run_workers,
};
