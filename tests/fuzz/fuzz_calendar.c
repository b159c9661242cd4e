#include "codec/calendar_csv.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Any bytes are a calendar or are refused with a place; what is read counts as it should. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct source source = {.name = TEXT("fuzz.csv"),
                            .bytes = {.bytes = (const char *)bytes, .size = size}};
    struct problem_list problems;
    struct calendar_file file;
    struct arena arena;

    arena_init_growing(&arena, (size_t)8 * 1024 * 1024);
    problem_list_init(&problems, &arena);
    if (!calendar_csv_read(&source, &arena, &problems, &file)) {
        if (problems.error_count == 0 && !arena.spent) {
            abort(); /* refused without a reason */
        }
        arena_fini(&arena);
        return 0;
    }

    const struct calendar *calendar =
        calendar_csv_build(&source, &file, TEXT("fuzz"), NULL, &arena, &problems);

    if (calendar != NULL) {
        int32_t first = date_of(2020, 1, 1);
        int32_t works = 0;

        for (int32_t date = first; date < first + 400; date++) {
            works += calendar_works(calendar, date);
        }
        if (works != calendar_count(calendar, first, first + 399)) {
            abort();
        }
    }
    arena_fini(&arena);
    return 0;
}
