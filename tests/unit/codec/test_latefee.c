/* Every row of tests/golden/latefee.csv: the dates that count, and the fen. */
#include "codec/csv.h"
#include "core/due.h"
#include "lib/check.h"

#include <stdio.h>
#include <stdlib.h>

enum { COLUMNS = 8, ZONE_MS = 8 * 3600000, PAUSES = 8 };

static char bytes[16 * 1024];

static struct text golden(void)
{
    FILE *file = fopen("tests/golden/latefee.csv", "rb");
    size_t size = 0;

    if (file == NULL) {
        perror("tests/golden/latefee.csv");
        exit(1);
    }
    size = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    return (struct text){.bytes = bytes, .size = size};
}

static int32_t day(struct text text)
{
    int32_t date = DATE_NONE;

    CHECK(date_parse(text, &date));
    return date;
}

/* "2026-04-01..2026-04-20", both dates suspended; several joined by `;`. */
static uint32_t suspended(struct text text, struct interval pauses[PAUSES])
{
    uint32_t count = 0;

    while (!text_empty(text) && count < PAUSES) {
        struct text one = text_cut(text, ';', &text);

        pauses[count++] =
            (struct interval){date_midnight(day(text_part(one, 0, 10)), ZONE_MS),
                              date_midnight(day(text_part(one, 12, 10)) + 1, ZONE_MS)};
    }
    return count;
}

static int64_t integer(struct text text)
{
    int64_t value = -1;

    CHECK(text_to_integer(text, &value));
    return value;
}

static void late_fees_are_those_of_the_golden_file(void)
{
    static _Alignas(16) uint8_t room[64 * 1024];
    struct source source = {.name = TEXT("latefee.csv"), .bytes = golden()};
    struct problem_list problems;
    struct csv_field fields[COLUMNS];
    struct arena arena;
    struct csv csv;
    uint32_t count;
    uint32_t rows = 0;

    arena_init_over(&arena, room, sizeof(room));
    problem_list_init(&problems, &arena);
    CHECK(csv_begin(&csv, &source, &arena, &problems));
    CHECK_INTEGER(csv_next(&csv, fields, COLUMNS, &count), CSV_ROW);

    /* An accrual asks no calendar for its dates; an empty one will do. */
    struct office office = {
        .calendar = calendar_build(&arena, TEXT("t"), TEXT(""), NULL, NULL, 0),
        .zone_ms = ZONE_MS,
    };

    while (csv_next(&csv, fields, COLUMNS, &count) == CSV_ROW) {
        struct interval pauses[PAUSES];
        struct derivation derivation = {
            .kind = DUE_ACCRUAL,
            .day0 = day(fields[2].text),
            .length = accrual_length(3, 100),
            .floor = DATE_NONE,
            .pauses = pauses,
            .pause_count = suspended(fields[4].text, pauses),
        };
        int32_t days = accrual_days(&derivation, &office, day(fields[3].text));

        CHECK_INTEGER(days, integer(fields[5].text));
        CHECK_INTEGER(accrual_amount(integer(fields[1].text), 3, 100, days),
                      integer(fields[6].text));
        rows++;
    }
    CHECK_INTEGER(rows, 10);
    CHECK_INTEGER(problems.count, 0);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {TEST(late_fees_are_those_of_the_golden_file)};

    return run_tests(tests, 1, argc, argv);
}
