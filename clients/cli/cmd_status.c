#include "cli/commands.h"
#include "cli/control.h"
#include "cli/out.h"
#include "core/date.h"

#include <stdio.h>
#include <string.h>

static const struct option options[] = {CONTROL_RUN_OPTION};

/* Shanghai's clock: there is one legal zone. */
static void print_instant(const char *label, json_int_t at_ms)
{
    char words[INSTANT_TEXT_SIZE] = "—";

    if (at_ms > 0) {
        (void)instant_print(at_ms, (int64_t)8 * 3600000, words);
    }
    printf("%s%s\n", label, words);
}

static json_int_t number(const json_t *answer, const char *name)
{
    return json_integer_value(json_object_get(answer, name));
}

/* How much it may still be given; and when that is little, what does not go and what to do. */
static void print_space(const json_t *answer)
{
    const char *room = json_string_value(json_object_get(answer, "space"));
    json_int_t bytes_max = number(answer, "bytes_max");

    if (room == NULL || bytes_max == 0) {
        return;
    }
    printf("%s%d %% / %d MiB; %s %d MiB\n", words_pick("room         ", "空间        "),
           (int)(number(answer, "used_bytes") * 100 / bytes_max), (int)(bytes_max >> 20),
           words_pick("free on the disk", "磁盘剩余"),
           (int)(number(answer, "disk_free_bytes") >> 20));
    if (strcmp(room, "enough") == 0) {
        return;
    }
    printf("%s\n", strcmp(room, "short") == 0
                       ? words_pick("             NEARLY FULL: new cases are refused",
                                    "            将满：暂不受理新案件")
                       : words_pick("             FULL: all events are refused; what falls due "
                                    "is still done",
                                    "            已满：暂不受理任何事件，到期事项照常处理"));
    printf("%s\n",
           words_pick("             make room on the disk, or start duband with a larger "
                      "--map-mib",
                      "            请清理磁盘，或以更大的 --map-mib 启动 duband"));
}

static void print_number(const char *label, json_int_t value)
{
    printf("%s%" JSON_INTEGER_FORMAT "\n", label, value);
}

/* What is wrong, and what to do. */
static void print_trouble(const json_t *answer)
{
    const json_t *trouble = json_object_get(answer, "trouble");

    for (size_t i = 0; i < json_array_size(trouble); i++) {
        const json_t *one = json_array_get(trouble, i);
        const char *code = json_string_value(json_object_get(one, "code"));

        if (code != NULL && strncmp(code, "space", 5) != 0) { /* told beside the room */
            printf("%s%s\n", words_pick("TROUBLE      ", "异常        "),
                   json_string_value(json_object_get(one, words_pick("en", "zh"))));
        }
    }
}

static void print_status(const json_t *answer)
{
    json_int_t minutes = number(answer, "uptime_ms") / 60000;

    print_trouble(answer);
    print_number(words_pick("records      ", "记录数      "), number(answer, "seq"));
    print_number(words_pick("open cases   ", "在办案件    "), number(answer, "cases_open"));
    print_number(words_pick("closed cases ", "已结案件    "), number(answer, "cases_closed"));
    print_instant(words_pick("now          ", "当前时间    "), number(answer, "now_ms"));
    print_instant(words_pick("next moment  ", "下一时点    "), number(answer, "next_ms"));
    if (number(answer, "lag_ms") > 0) {
        printf("%s%.1f s\n", words_pick("behind by    ", "滞后        "),
               (double)number(answer, "lag_ms") / 1000);
    }
    if (number(answer, "held") > 0) {
        printf("%s%" JSON_INTEGER_FORMAT "%s\n", words_pick("on hold      ", "暂停        "),
               number(answer, "held"),
               words_pick(" since the restore: duban release --restored",
                          "（自恢复起）：duban release --restored"));
    }
    print_space(answer);
    printf("%s%d MiB\n", words_pick("journal      ", "日志        "),
           (int)(number(answer, "journal_bytes") >> 20));
    printf("%s%dh%02dmin, %s %s\n", words_pick("up for       ", "已运行      "),
           (int)(minutes / 60), (int)(minutes % 60), words_pick("version", "版本"),
           json_string_value(json_object_get(answer, "version")));
}

static enum exit_code run(const struct arguments *arguments)
{
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    Duban__V1__StatusQuery status = DUBAN__V1__STATUS_QUERY__INIT;
    json_t *answer;

    query.at_least_seq = CONTROL_ALL_THERE_IS; /* it counts cases as of the last checkpoint */
    query.what_case = DUBAN__V1__QUERY__WHAT_STATUS;
    query.status = &status;

    enum exit_code code = control_query(arguments, &query, &answer);

    if (code != EXIT_DONE) {
        return code;
    }
    if (!json_is_true(json_object_get(answer, "well"))) {
        code = EXIT_REFUSED;
    }
    if (out_format() == OUT_JSON) {
        out_json(json_incref(answer));
    } else {
        print_status(answer);
    }
    json_decref(answer);
    return code;
}

static const char *const usages[] = {"status [--run DIR] [-o json]", NULL};
static const struct message notes = {
    "status_notes",
    "Exit: 0 up and well, 1 up but guarded, behind or running full, 4 no daemon.\n",
    "退出码：0 正常；1 在运行但时间被看守、处理滞后或存储将满；4 没有守护进程。\n"};

const struct command command_status = {
    .name = "status",
    .en = "is the daemon up, how far is it, what comes next",
    .zh = "守护进程是否在运行、处理到何处、下一时点",
    .usages = usages,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .run = run,
};
