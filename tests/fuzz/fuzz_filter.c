#include "base/must.h"
#include "engine/filter.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Any text is a filter or is told what is wrong with it, once, at a place of its own; and any
 * filter has dates to ask for. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static uint8_t memory[1 << 18];
    static uint8_t calendar_memory[1 << 20];
    static const struct calendar *calendar;
    struct source source = {.name = TEXT("filter"),
                            .bytes = {.bytes = (const char *)bytes, .size = size}};
    struct problem_list problems;
    struct filter filter;
    struct arena arena;
    char words[1024];
    int32_t from;
    int32_t to;

    arena_init_over(&arena, memory, sizeof(memory));
    problem_list_init(&problems, &arena);
    if (!filter_parse(&source, &filter, &problems)) {
        MUST(problems.error_count == 1);
        MUST(problems.first->mark.column >= 1 && problems.first->mark.column <= size + 1);
        MUST(message_print(problems.first->message->zh, problems.first->arguments, words,
                           sizeof(words)) > 0);
        return 0;
    }
    MUST(problems.error_count == 0 && filter.due_count <= FILTER_DUES_MAX);
    if (calendar == NULL) {
        arena_init_over(&arena, calendar_memory, sizeof(calendar_memory));
        calendar = calendar_build(&arena, TEXT("cn"), TEXT("1"), NULL, NULL, 0);
    }

    struct office office = {.calendar = calendar, .zone_ms = (int64_t)8 * 3600000};

    (void)filter_due_dates(&filter, &office, (int64_t)1772413200000, &from, &to);
    return 0;
}
