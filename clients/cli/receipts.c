#include "cli/receipts.h"

#include "cli/calendars.h"
#include "cli/catalogue.h"
#include "cli/days.h"
#include "cli/said.h"
#include "cli/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LABEL_WIDTH = 11 };
#define CALENDAR_BYTES ((size_t)4 << 20)

static const struct {
    const char *word;
    struct message words;
} verdicts[] = {
    [DUBAN_WRONG] = {"wrong", {"wrong", "not even judged", "未予审查"}},
    [DUBAN_APPLIED] = {"applied", {"applied", "applied", "已办理"}},
    [DUBAN_DUPLICATE] = {"duplicate", {"duplicate", "taken before", "此前已受理"}},
    [DUBAN_WAITING] = {"waiting", {"waiting", "waiting for its stage", "等待受理"}},
    [DUBAN_REJECTED] = {"rejected", {"rejected", "REFUSED", "拒绝"}},
};

bool receipt_is_good(const struct duban_receipt *receipt)
{
    return receipt->first == DUBAN_APPLIED || receipt->first == DUBAN_WAITING;
}

const char *receipt_verdict(enum duban_verdict verdict)
{
    return verdicts[verdict].word;
}

const char *receipt_verdict_words(const struct duban_receipt *receipt)
{
    return words_in(&verdicts[receipt->verdict].words);
}

/* Two columns; a Chinese character is as wide as two letters. */
static void print_label(const char *en, const char *zh)
{
    if (words_language() == LANGUAGE_ZH) {
        printf("%s  ", zh);
    } else {
        printf("%-*s", LABEL_WIDTH, en);
    }
}

static void print_reason(const struct duban_reason *reason, const char *indent)
{
    const char *words = words_pick(reason->en, reason->zh);

    printf("%s%s: %s", indent, reason->code, words);
    if (reason->law[0] != '\0') {
        printf("%s%s%s", words_pick(" (", "（"), reason->law, words_pick(")", "）"));
    }
    (void)putchar('\n');
}

/* What to do about a reason, if no reason before it has the same code. */
static void print_advice(const struct duban_receipt *receipt, size_t at, const char *indent)
{
    const char *code = receipt->reasons[at].code;
    const struct advice *advice = catalogue_advice_of(code);
    bool said = advice == NULL;

    for (size_t i = 0; i < at && !said; i++) {
        said = strcmp(receipt->reasons[i].code, code) == 0;
    }
    if (!said) {
        printf("%s%s%s\n", indent, words_pick("do: ", "办法："),
               words_pick(advice->en, advice->zh));
    }
}

void receipt_print_reasons(const struct duban_receipt *receipt, const char *indent)
{
    for (size_t i = 0; i < receipt->reason_count; i++) {
        print_reason(&receipt->reasons[i], indent);
    }
    for (size_t i = 0; i < receipt->reason_count; i++) {
        print_advice(receipt, i, indent);
    }
}

/* A limit that ends at midnight is met the day before: that is the day people know it by. */
static void print_due(int64_t due_ms)
{
    struct arena arena;
    int32_t date = date_of_instant(due_ms - 1, SAID_ZONE_MS);
    char words[DAY_WORDS_SIZE];

    print_label("next due", "最近期限");
    arena_init_growing(&arena, CALENDAR_BYTES);

    const struct calendar *calendar = calendar_load_or_complain(NULL, &arena);

    if (calendar != NULL) {
        date_words(calendar, date, words);
        printf("%s", words);
    }
    if (due_ms != date_midnight(date + 1, SAID_ZONE_MS)) {
        char instant[INSTANT_TEXT_SIZE];

        (void)instant_print(due_ms, SAID_ZONE_MS, instant);
        printf(" %.5s", instant + DATE_TEXT_SIZE);
    }
    (void)putchar('\n');
    arena_fini(&arena);
}

void receipt_print(const struct duban_receipt *receipt)
{
    printf("%s", receipt_verdict_words(receipt));
    if (receipt->verdict == DUBAN_DUPLICATE) {
        printf("%s%s%s", words_pick(" (", "（"), words_in(&verdicts[receipt->first].words),
               words_pick(")", "）"));
    }
    if (receipt->seq != 0) {
        printf("%s%" PRIu64, words_pick("  record ", "  记录 "), receipt->seq);
    }
    (void)putchar('\n');
    receipt_print_reasons(receipt, "  ");
    print_label("id", "编号    ");
    printf("%s\n", receipt->id);
    if (receipt->stage[0] != '\0') {
        print_label("stage", "阶段    ");
        printf("%s\n", receipt->stage);
    }
    for (size_t i = 0; i < receipt->nothing_count; i++) {
        print_label("no effect", "未生效  ");
        print_reason(&receipt->nothings[i], "");
    }
    if (receipt->next_due_ms != 0) {
        print_due(receipt->next_due_ms);
    }
}

static json_t *reasons_json(const struct duban_reason *reasons, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        (void)json_array_append_new(list, json_pack("{ss ss ss ss}", "code", reasons[i].code,
                                                    "en", reasons[i].en, "zh", reasons[i].zh,
                                                    "law", reasons[i].law));
    }
    return list;
}

json_t *receipt_json(const struct duban_receipt *receipt)
{
    char due[INSTANT_TEXT_SIZE];

    if (receipt->next_due_ms != 0) {
        (void)instant_print(receipt->next_due_ms, SAID_ZONE_MS, due);
    }
    return json_pack(
        "{ss ss ss sI si ss so so ss* si}", "id", receipt->id, "verdict",
        receipt_verdict(receipt->verdict), "first", receipt_verdict(receipt->first), "seq",
        (json_int_t)receipt->seq, "revision", (int)receipt->revision, "stage", receipt->stage,
        "reasons", reasons_json(receipt->reasons, receipt->reason_count), "no_effect",
        reasons_json(receipt->nothings, receipt->nothing_count), "next_due",
        receipt->next_due_ms == 0 ? NULL : due, "generation", (int)receipt->generation);
}
