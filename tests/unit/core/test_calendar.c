#include "core/calendar.h"
#include "lib/check.h"
#include "lib/rng.h"

enum { ROOM_BYTES = 1024 * 1024 };

static _Alignas(16) uint8_t room[ROOM_BYTES];

static struct arena fresh(void)
{
    struct arena arena;

    arena_init_over(&arena, room, sizeof(room));
    return arena;
}

#define HOLIDAY(y, m, d)                                                                   \
    {                                                                                      \
        .year = (y), .month = (m), .day = (d), .kind = DAY_HOLIDAY, .name = TEXT_INIT("h") \
    }
#define WORKDAY(y, m, d)                                                                   \
    {                                                                                      \
        .year = (y), .month = (m), .day = (d), .kind = DAY_WORKDAY, .name = TEXT_INIT("w") \
    }

/* 2026 is covered; out of order, as a file may be. */
static const struct calendar_row rows[] = {
    WORKDAY(2026, 2, 14), HOLIDAY(2026, 1, 1),
    HOLIDAY(2026, 2, 16), HOLIDAY(2030, 6, 5), /* a Wednesday of a year that is not covered */
    HOLIDAY(0, 10, 1),    WORKDAY(0, 2, 29),
};

static const struct calendar *built(struct arena *arena)
{
    return calendar_build(arena, TEXT("cn"), TEXT("7"), NULL, rows,
                          sizeof(rows) / sizeof(rows[0]));
}

static void rows_come_before_the_week(void)
{
    struct arena arena = fresh();
    const struct calendar *calendar = built(&arena);

    CHECK(calendar_works(calendar, date_of(2026, 2, 14)));  /* a Saturday made up */
    CHECK(!calendar_works(calendar, date_of(2026, 2, 15))); /* a Sunday */
    CHECK(!calendar_works(calendar, date_of(2026, 2, 16))); /* a Monday off */
    CHECK(calendar_works(calendar, date_of(2026, 2, 17)));
    CHECK_TEXT(calendar_row_of(calendar, date_of(2026, 2, 14))->name, "w");
    CHECK(calendar_row_of(calendar, date_of(2026, 2, 17)) == NULL);
    CHECK_TEXT(calendar_name(calendar), "cn");
    CHECK_TEXT(calendar_version(calendar), "7");
}

static void a_year_is_covered_by_its_first_of_january(void)
{
    struct arena arena = fresh();
    const struct calendar *calendar = built(&arena);

    CHECK(calendar_covers(calendar, date_of(2026, 1, 1)));
    CHECK(calendar_covers(calendar, date_of(2026, 12, 31)));
    CHECK(!calendar_covers(calendar, date_of(2025, 12, 31)));
    CHECK(!calendar_covers(calendar, date_of(2027, 1, 1)));
    CHECK(!calendar_covers(calendar, date_of(2030, 6, 5)));
}

static void yearly_rows_hold_where_nothing_is_published(void)
{
    struct arena arena = fresh();
    const struct calendar *calendar = built(&arena);

    CHECK(calendar_works(calendar, date_of(2026, 10, 1))); /* covered, and not in its notice */
    CHECK(!calendar_works(calendar, date_of(2027, 10, 1)));
    CHECK(!calendar_works(calendar, date_of(1970, 10, 1)));
    CHECK(calendar_works(calendar, date_of(2032, 2, 29))); /* a Sunday */
    CHECK(calendar_row_of(calendar, date_of(2027, 10, 1))->year == 0);
    CHECK(calendar_row_of(calendar, date_of(2026, 10, 1)) == NULL);
}

static void a_dated_row_of_an_uncovered_year_decides_nothing(void)
{
    struct arena arena = fresh();
    const struct calendar *calendar = built(&arena);

    CHECK(calendar_works(calendar, date_of(2030, 6, 5)));
    CHECK(calendar_row_of(calendar, date_of(2030, 6, 5)) == NULL);
}

static void own_rows_come_before_the_extended_ones(void)
{
    static const struct calendar_row own[] = {
        WORKDAY(2026, 2, 16),
        HOLIDAY(2026, 3, 3),
        HOLIDAY(2025, 1, 1),
        WORKDAY(0, 10, 1),
    };
    struct arena arena = fresh();
    const struct calendar *base = built(&arena);
    const struct calendar *region =
        calendar_build(&arena, TEXT("gx"), TEXT(""), base, own, sizeof(own) / sizeof(own[0]));
    uint32_t count;

    CHECK(calendar_works(region, date_of(2026, 2, 16)));
    CHECK(!calendar_works(region, date_of(2026, 3, 3)));
    CHECK(calendar_works(region, date_of(2026, 2, 14)));
    CHECK(calendar_covers(region, date_of(2025, 5, 5)));
    CHECK(calendar_covers(region, date_of(2026, 5, 5)));
    CHECK(calendar_works(region, date_of(2027, 10, 1))); /* a Friday, by its own yearly row */
    CHECK(!calendar_works(base, date_of(2026, 2, 16)));
    (void)calendar_rows(region, &count);
    CHECK_INTEGER(count, 8);
}

static void a_calendar_outlives_the_rows_it_was_built_from(void)
{
    struct arena arena = fresh();
    char name[] = "name";
    struct calendar_row row = HOLIDAY(2026, 1, 1);

    row.name = text_of(name);

    const struct calendar *calendar =
        calendar_build(&arena, text_of(name), (struct text){0}, NULL, &row, 1);

    name[0] = 'X';
    row.kind = DAY_WORKDAY;
    CHECK_TEXT(calendar_row_of(calendar, date_of(2026, 1, 1))->name, "name");
    CHECK_TEXT(calendar_name(calendar), "name");
    CHECK(!calendar_works(calendar, date_of(2026, 1, 1)));
}

static void without_room_there_is_no_calendar(void)
{
    for (size_t size = 0; size < 32768; size += 512) {
        struct arena arena;
        const struct calendar *calendar;

        arena_init_over(&arena, room, size);
        calendar = built(&arena);
        CHECK((calendar == NULL) == arena.spent);
    }
}

/* Counting, against walking day by day, over every edge of the tables. */
static void counts_agree_with_walking(void)
{
    static const int32_t corners[] = {-30, 0, 84006};
    struct arena arena = fresh();
    const struct calendar *calendar = built(&arena);
    struct rng rng = rng_seeded(5);

    for (int i = 0; i < 4000; i++) {
        int32_t corner = i % 4 < 3 ? corners[i % 4] : date_of(2026, 1, 20);
        int32_t first = corner + (int32_t)rng_between(&rng, -90, 90);
        int32_t last = first + (int32_t)rng_between(&rng, -5, 200);
        int32_t count = 0;
        int32_t forward = first;
        int32_t backward = first;

        for (int32_t date = first; date <= last; date++) {
            count += calendar_works(calendar, date);
        }
        while (!calendar_works(calendar, forward)) {
            forward++;
        }
        while (!calendar_works(calendar, backward)) {
            backward--;
        }
        CHECK_INTEGER(calendar_count(calendar, first, last), count);
        CHECK_INTEGER(calendar_forward(calendar, first), forward);
        CHECK_INTEGER(calendar_backward(calendar, first), backward);
    }
}

static void advancing_agrees_with_walking(void)
{
    static const int32_t corners[] = {-10, 0, 84006};
    struct arena arena = fresh();
    const struct calendar *calendar = built(&arena);
    struct rng rng = rng_seeded(6);

    for (int i = 0; i < 4000; i++) {
        int32_t corner = i % 4 < 3 ? corners[i % 4] : date_of(2026, 1, 20);
        int32_t from = corner + (int32_t)rng_between(&rng, -90, 90);
        int32_t n = (int32_t)rng_between(&rng, -100, 100);
        int32_t at = from;

        for (int32_t left = n < 0 ? -n : n; left > 0; left -= calendar_works(calendar, at)) {
            at += n < 0 ? -1 : 1;
        }
        CHECK_INTEGER(calendar_advance(calendar, from, n), at);
    }
}

static void far_away_weekends_alone_decide(void)
{
    struct arena arena = fresh();
    const struct calendar *calendar = built(&arena);
    int32_t far = date_of(102026, 1, 1);
    int32_t end = calendar_advance(calendar, date_of(2026, 1, 5), 1700000);

    CHECK(calendar_works(calendar, end));
    CHECK_INTEGER(calendar_count(calendar, date_of(2026, 1, 6), end), 1700000);
    CHECK(!calendar_covers(calendar, far));
    CHECK(calendar_row_of(calendar, far) == NULL);
    CHECK_INTEGER(calendar_first_uncovered(calendar, far, far), far);
}

static void the_first_uncovered_date_is_found(void)
{
    struct arena arena = fresh();
    const struct calendar *calendar = built(&arena);
    int32_t new_year = date_of(2026, 1, 1);
    int32_t next = date_of(2027, 1, 1);

    CHECK_INTEGER(calendar_first_uncovered(calendar, new_year, next - 1), DATE_NONE);
    CHECK_INTEGER(calendar_first_uncovered(calendar, new_year, next), next);
    CHECK_INTEGER(calendar_first_uncovered(calendar, new_year - 1, next), new_year - 1);
    CHECK_INTEGER(calendar_first_uncovered(calendar, next, new_year), DATE_NONE);
    CHECK_INTEGER(calendar_first_uncovered(calendar, -5, 5), -5);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(rows_come_before_the_week),
        TEST(a_year_is_covered_by_its_first_of_january),
        TEST(yearly_rows_hold_where_nothing_is_published),
        TEST(a_dated_row_of_an_uncovered_year_decides_nothing),
        TEST(own_rows_come_before_the_extended_ones),
        TEST(a_calendar_outlives_the_rows_it_was_built_from),
        TEST(without_room_there_is_no_calendar),
        TEST(counts_agree_with_walking),
        TEST(advancing_agrees_with_walking),
        TEST(far_away_weekends_alone_decide),
        TEST(the_first_uncovered_date_is_found),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
