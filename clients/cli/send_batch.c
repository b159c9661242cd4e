#include "cli/files.h"
#include "cli/out.h"
#include "cli/receipts.h"
#include "cli/said_lines.h"
#include "cli/send.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define ARENA_BYTES ((size_t)256 << 20)

static const struct message nothing_sent = {
    "send_nothing_sent", "{0} lines are wrong, so nothing was sent. Mend them and send again",
    "有 {0} 行有误，因此全部未发送。请更正后重发"};
static const struct message went_silent = {
    "send_went_silent",
    "no daemon answers at {0}: {1} events have no receipt. Look whether duband runs (duban "
    "status), then send the same file again: what was taken is not done twice",
    "{0} 处没有守护进程应答：{1} 个事件没有回执。请先确认 duband 在运行（duban status），"
    "再发送同一文件：已受理的不会重复办理"};
static const struct message no_memory = {"send_no_memory", "out of memory", "内存不足"};

struct sending {
    struct duban *duban;
    struct said_lines lines;
    uint32_t *line_of; /* owned; by ticket */
    uint64_t sent;
    uint64_t answered;
    uint64_t count_of[DUBAN_REJECTED + 1]; /* by verdict */
    uint64_t refused;                      /* now, or when it was first sent */
};

static void tell(struct sending *sending, const struct duban_receipt *receipt)
{
    uint32_t line = sending->line_of[receipt->ticket];

    sending->count_of[receipt->verdict]++;
    sending->refused += !receipt_is_good(receipt);
    if (out_format() == OUT_JSON) {
        json_t *object = receipt_json(receipt);

        (void)json_object_set_new(object, "line", json_integer(line));
        out_json(object);
    } else if (!receipt_is_good(receipt)) {
        printf("%s:%u: %s  %s\n", sending->lines.name, line, receipt_verdict_words(receipt),
               receipt->id);
        receipt_print_reasons(receipt, "  ");
    }
}

/* Take receipts as long as there are some; false: none came for too long. */
static bool take(struct sending *sending, int wait_ms)
{
    struct duban_receipt *receipt;

    if (duban_next(sending->duban, wait_ms, &receipt) != DUBAN_OK) {
        return false;
    }
    do {
        sending->answered++;
        tell(sending, receipt);
        duban_receipt_free(receipt);
    } while (duban_next(sending->duban, 0, &receipt) == DUBAN_OK);
    return true;
}

static bool send_all(struct sending *sending)
{
    struct duban_event event;

    while (said_lines_next(&sending->lines, &event)) {
        uint64_t ticket;
        enum duban_result result = duban_publish(sending->duban, &event, &ticket);

        while (result == DUBAN_FULL) {
            if (!take(sending, SEND_WAIT_MS)) {
                return false;
            }
            result = duban_publish(sending->duban, &event, &ticket);
        }
        if (result != DUBAN_OK) {
            return false;
        }
        sending->line_of[ticket] = sending->lines.line;
        sending->sent++;
    }
    while (sending->answered < sending->sent) {
        if (!take(sending, SEND_WAIT_MS)) {
            return false;
        }
    }
    return true;
}

static void summarize(const struct sending *sending)
{
    uint64_t open = sending->sent - sending->answered;

    if (out_format() == OUT_JSON) {
        out_json(json_pack("{sI sI sI sI sI sI}", "sent", (json_int_t)sending->sent, "applied",
                           (json_int_t)sending->count_of[DUBAN_APPLIED], "duplicate",
                           (json_int_t)sending->count_of[DUBAN_DUPLICATE], "waiting",
                           (json_int_t)sending->count_of[DUBAN_WAITING], "refused",
                           (json_int_t)sending->refused, "unanswered", (json_int_t)open));
        return;
    }
    printf("%s%" PRIu64, words_pick("sent ", "已发送 "), sending->sent);
    printf("%s%" PRIu64, words_pick(": applied ", "：办理 "), sending->count_of[DUBAN_APPLIED]);
    printf("%s%" PRIu64, words_pick(", taken before ", "，此前已受理 "),
           sending->count_of[DUBAN_DUPLICATE]);
    printf("%s%" PRIu64, words_pick(", waiting ", "，等待 "), sending->count_of[DUBAN_WAITING]);
    printf("%s%" PRIu64, words_pick(", refused ", "，拒绝 "), sending->refused);
    if (open > 0) {
        printf("%s%" PRIu64, words_pick(", unanswered ", "，未答复 "), open);
    }
    (void)putchar('\n');
}

/* Every line is read before the first is sent. */
static bool check(const char *name, struct text bytes, const json_t *defaults, uint64_t *count)
{
    struct said_lines lines;
    struct duban_event event;

    *count = 0;
    if (!said_lines_begin(&lines, name, bytes, defaults)) {
        complain(&no_memory, NULL);
        return false;
    }
    while (said_lines_next(&lines, &event)) {
        (*count)++;
    }
    if (lines.wrong > 0) {
        char wrong[16];

        (void)snprintf(wrong, sizeof(wrong), "%u", lines.wrong);
        complain(&nothing_sent, (const char *[]){wrong});
    }

    bool good = lines.wrong == 0;

    said_lines_end(&lines);
    return good;
}

static enum exit_code judge(const struct sending *sending, const char *endpoint)
{
    uint64_t open = sending->sent - sending->answered;
    uint64_t good = sending->answered - sending->refused;

    if (open > 0) {
        char count[24];

        (void)snprintf(count, sizeof(count), "%" PRIu64, open);
        complain(&went_silent, (const char *[]){endpoint, count});
        return good > 0 ? EXIT_PARTLY : EXIT_NO_DAEMON;
    }
    if (sending->refused == 0) {
        return EXIT_DONE;
    }
    return good > 0 ? EXIT_PARTLY : EXIT_REFUSED;
}

static enum exit_code run(const struct arguments *arguments, const struct source *source,
                          const json_t *defaults, uint64_t count)
{
    char endpoint[CONTROL_ENDPOINT_BYTES];
    struct sending sending = {.line_of = calloc(count + 1, sizeof(uint32_t))};
    enum exit_code code = EXIT_REFUSED;

    if (sending.line_of == NULL ||
        !said_lines_begin(&sending.lines, source->name.bytes, source->bytes, defaults)) {
        complain(&no_memory, NULL);
    } else if ((code = send_connect(arguments, endpoint, &sending.duban)) == EXIT_DONE) {
        (void)send_all(&sending);
        summarize(&sending);
        code = judge(&sending, endpoint);
    }
    duban_close(sending.duban);
    said_lines_end(&sending.lines);
    free(sending.line_of);
    return code;
}

enum exit_code send_batch(const struct arguments *arguments, const char *path,
                          const json_t *defaults)
{
    struct arena arena;
    struct source source;
    uint64_t count;
    enum exit_code code = EXIT_USAGE;

    arena_init_growing(&arena, ARENA_BYTES);
    if (file_read(path, &arena, &source) &&
        check(source.name.bytes, source.bytes, defaults, &count)) {
        code = run(arguments, &source, defaults, count);
    }
    arena_fini(&arena);
    return code;
}
