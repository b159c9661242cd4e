#include "engine/entry_words.h"

#include "engine/receipt.h"

#include <stdio.h>

/* Of what an offset counts. */
static const struct {
    struct text zh;
    struct text one;
    struct text many;
} units[] = {
    [LENGTH_MINUTES] = {TEXT_INIT("分钟"), TEXT_INIT(" minute"), TEXT_INIT(" minutes")},
    [LENGTH_HOURS] = {TEXT_INIT("小时"), TEXT_INIT(" hour"), TEXT_INIT(" hours")},
    [LENGTH_DAYS] = {TEXT_INIT("日"), TEXT_INIT(" day"), TEXT_INIT(" days")},
    [LENGTH_WORKDAYS] = {TEXT_INIT("个工作日"), TEXT_INIT(" working day"),
                         TEXT_INIT(" working days")},
    [LENGTH_MONTHS] = {TEXT_INIT("个月"), TEXT_INIT(" month"), TEXT_INIT(" months")},
    [LENGTH_YEARS] = {TEXT_INIT("年"), TEXT_INIT(" year"), TEXT_INIT(" years")},
};

static size_t print_offset(struct length offset, bool zh, char out[ENTRY_WORDS_BYTES])
{
    int count = offset.count < 0 ? -offset.count : offset.count;
    char digits[LENGTH_TEXT_SIZE];
    struct text arguments[PROBLEM_ARGUMENTS] = {
        {digits, (size_t)snprintf(digits, sizeof(digits), "%d", count)},
        zh           ? units[offset.unit].zh
        : count == 1 ? units[offset.unit].one
                     : units[offset.unit].many,
    };
    const char *words = offset.count < 0 ? (zh ? "期满前{0}{1}" : "{0}{1} before its end")
                                         : (zh ? "逾期{0}{1}" : "{0}{1} overdue");

    return message_print(words, arguments, out, ENTRY_WORDS_BYTES);
}

size_t entry_words(const struct entry *entry, const struct procedure *procedure, bool zh,
                   char out[ENTRY_WORDS_BYTES])
{
    struct text words = procedure_words_of(procedure, &entry->label, entry->name, zh);
    struct text arguments[PROBLEM_ARGUMENTS] = {words};

    if (!text_equal(words, entry->name)) {
        return message_print("{0}", arguments, out, ENTRY_WORDS_BYTES);
    }
    if (entry->at_due) {
        return message_print(zh ? "期满时" : "at its end", arguments, out, ENTRY_WORDS_BYTES);
    }
    if (entry->offset.count == 0) {
        return message_print(zh ? "期限末日" : "on its last day", arguments, out,
                             ENTRY_WORDS_BYTES);
    }
    return print_offset(entry->offset, zh, out);
}
