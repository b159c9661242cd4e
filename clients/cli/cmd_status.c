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
        (void)instant_print(at_ms, 8 * 3600000, words);
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

static enum exit_code run(const struct arguments *arguments)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    Duban__V1__StatusQuery status = DUBAN__V1__STATUS_QUERY__INIT;
    json_t *answer;

    query.what_case = DUBAN__V1__QUERY__WHAT_STATUS;
    query.status = &status;
    request.what_case = DUBAN__V1__REQUEST__WHAT_QUERY;
    request.query = &query;

    enum exit_code code = control_ask(arguments, &request, &answer);

    if (code != EXIT_DONE) {
        return code;
    }
    if (out_format() == OUT_JSON) {
        out_json(answer);
        return EXIT_DONE;
    }
    printf("%s%" JSON_INTEGER_FORMAT "\n", words_pick("records      ", "记录数      "),
           json_integer_value(json_object_get(answer, "seq")));
    print_instant(words_pick("now          ", "当前时间    "),
                  json_integer_value(json_object_get(answer, "now_ms")));
    print_instant(words_pick("next moment  ", "下一时点    "),
                  json_integer_value(json_object_get(answer, "next_ms")));
    print_space(answer);
    json_decref(answer);
    return EXIT_DONE;
}

static const char *const usages[] = {"status [--run DIR] [-o json]", NULL};

const struct command command_status = {
    .name = "status",
    .en = "is the daemon up, how far is it, what comes next",
    .zh = "守护进程是否在运行、处理到何处、下一时点",
    .usages = usages,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .run = run,
};
