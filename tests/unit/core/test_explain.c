#include "core/due.h"
#include "lib/check.h"

enum { ROOM_BYTES = 256 * 1024, LINES_MAX = 64, ZONE_MS = 8 * 3600000 };

static _Alignas(16) uint8_t room[ROOM_BYTES];
static struct day_line lines[LINES_MAX];

static struct office office(void)
{
    static const struct calendar_row rows[] = {
        {.year = 2026, .month = 1, .day = 1, .kind = DAY_HOLIDAY},
        {.year = 2026, .month = 5, .day = 1, .kind = DAY_HOLIDAY},
    };
    struct arena arena;

    arena_init_over(&arena, room, sizeof(room));
    return (struct office){
        .calendar = calendar_build(&arena, TEXT("t"), TEXT("1"), NULL, rows, 2),
        .zone_ms = ZONE_MS,
    };
}

static int32_t day(const char *text)
{
    int32_t date = DATE_NONE;

    CHECK(date_parse(text_of(text), &date));
    return date;
}

static struct derivation started(const char *from, struct length length)
{
    return (struct derivation){
        .kind = DUE_LENGTH, .day0 = day(from), .length = length, .floor = DATE_NONE};
}

struct expected {
    const char *date;
    enum day_mark mark;
    int32_t n;
    uint32_t part;
};

static void check_lines(const struct derivation *derivation, const struct expected *expected,
                        uint32_t expected_count)
{
    struct office here = office();
    uint32_t count = due_explain(derivation, &here, lines, LINES_MAX);

    CHECK_INTEGER(count, expected_count);
    for (uint32_t i = 0; i < count && i < expected_count; i++) {
        CHECK_INTEGER(lines[i].date, day(expected[i].date));
        CHECK_INTEGER(lines[i].mark, expected[i].mark);
        CHECK_INTEGER(lines[i].n, expected[i].n);
        CHECK_INTEGER(lines[i].part, expected[i].part);
    }
}

#define CHECK_LINES(derivation, expected) \
    check_lines(derivation, expected, sizeof(expected) / sizeof((expected)[0]))

static void working_days_are_numbered_and_rests_passed_over(void)
{
    static const struct expected expected[] = {
        {"2026-04-29", DAY_START, 0, 0}, {"2026-04-30", DAY_COUNTED, 1, 0},
        {"2026-05-01", DAY_RESTS, 0, 0}, {"2026-05-02", DAY_RESTS, 0, 0},
        {"2026-05-03", DAY_RESTS, 0, 0}, {"2026-05-04", DAY_LAST, 2, 0},
    };
    struct derivation derivation = started("2026-04-29", (struct length){2, LENGTH_WORKDAYS});

    CHECK_LINES(&derivation, expected);
    CHECK(!lines[2].works && lines[2].row != NULL && lines[2].covered);
    CHECK(!lines[3].works && lines[3].row == NULL);
}

static void parts_pauses_and_the_roll_are_told(void)
{
    static const struct expected expected[] = {
        {"2026-05-11", DAY_START, 0, 0},   {"2026-05-12", DAY_COUNTED, 1, 0},
        {"2026-05-13", DAY_PAUSED, 0, 0},  {"2026-05-14", DAY_PAUSED, 0, 0},
        {"2026-05-15", DAY_COUNTED, 2, 0}, {"2026-05-16", DAY_COUNTED, 1, 1},
        {"2026-05-17", DAY_ROLLED, 0, 0},  {"2026-05-18", DAY_LAST, 0, 0},
    };
    struct interval pauses[] = {
        {date_midnight(day("2026-05-13"), ZONE_MS) - 1,
         date_midnight(day("2026-05-14"), ZONE_MS)},
        {date_midnight(day("2026-05-14"), ZONE_MS),
         date_midnight(day("2026-05-14"), ZONE_MS) + 1},
        {date_midnight(day("2026-05-16"), ZONE_MS), INSTANT_NEVER},
    };
    struct length extension = {1, LENGTH_DAYS};
    struct derivation derivation = started("2026-05-11", (struct length){2, LENGTH_DAYS});

    derivation.roll_forward = true;
    derivation.extensions = &extension;
    derivation.extension_count = 1;
    derivation.pauses = pauses;
    derivation.pause_count = 3;
    CHECK_LINES(&derivation, expected);
}

static void an_open_pause_ends_the_story(void)
{
    static const struct expected expected[] = {
        {"2026-05-11", DAY_START, 0, 0},
        {"2026-05-12", DAY_COUNTED, 1, 0},
        {"2026-05-13", DAY_PAUSED, 0, 0},
    };
    struct interval pause = {date_midnight(day("2026-05-12"), ZONE_MS) + 1, INSTANT_NEVER};
    struct derivation derivation = started("2026-05-11", (struct length){5, LENGTH_DAYS});

    derivation.pauses = &pause;
    derivation.pause_count = 1;
    CHECK_LINES(&derivation, expected);
}

static void a_lead_clock_is_told_from_its_last_day(void)
{
    static const struct expected expected[] = {
        {"2026-05-07", DAY_LAST, 0, 0},    {"2026-05-08", DAY_BETWEEN, 2, 0},
        {"2026-05-09", DAY_RESTS, 0, 0},   {"2026-05-10", DAY_RESTS, 0, 0},
        {"2026-05-11", DAY_BETWEEN, 1, 0}, {"2026-05-12", DAY_GIVEN, 0, 0},
    };
    struct derivation derivation = {.kind = DUE_BEFORE,
                                    .date = day("2026-05-12"),
                                    .length = {2, LENGTH_WORKDAYS},
                                    .floor = DATE_NONE};

    CHECK_LINES(&derivation, expected);
}

static void a_promised_last_day_is_told_apart_from_a_roll(void)
{
    static const struct expected expected[] = {
        {"2026-05-15", DAY_START, 0, 0},  {"2026-05-16", DAY_COUNTED, 1, 0},
        {"2026-05-17", DAY_ROLLED, 0, 0}, {"2026-05-18", DAY_HELD, 0, 0},
        {"2026-05-19", DAY_LAST, 0, 0},
    };
    struct derivation derivation = started("2026-05-15", (struct length){1, LENGTH_DAYS});

    derivation.roll_forward = true;
    derivation.floor = day("2026-05-19");
    CHECK_LINES(&derivation, expected);
}

static void an_until_clock_tells_its_date(void)
{
    static const struct expected rolled[] = {
        {"2026-05-16", DAY_GIVEN, 0, 0},
        {"2026-05-17", DAY_ROLLED, 0, 0},
        {"2026-05-18", DAY_LAST, 0, 0},
    };
    static const struct expected stays[] = {{"2026-05-16", DAY_LAST, 0, 0}};
    struct derivation derivation = {
        .kind = DUE_UNTIL, .date = day("2026-05-16"), .floor = DATE_NONE};

    CHECK_LINES(&derivation, stays);
    derivation.roll_forward = true;
    CHECK_LINES(&derivation, rolled);
}

static void lines_beyond_the_room_are_only_counted(void)
{
    struct office here = office();
    struct derivation derivation = started("2026-05-11", (struct length){30, LENGTH_DAYS});

    lines[3].date = 7;
    CHECK_INTEGER(due_explain(&derivation, &here, lines, 3), 31);
    CHECK_INTEGER(lines[3].date, 7);
    derivation.length = (struct length){8, LENGTH_HOURS};
    CHECK_INTEGER(due_explain(&derivation, &here, lines, LINES_MAX), 0);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(working_days_are_numbered_and_rests_passed_over),
        TEST(parts_pauses_and_the_roll_are_told),
        TEST(an_open_pause_ends_the_story),
        TEST(a_lead_clock_is_told_from_its_last_day),
        TEST(a_promised_last_day_is_told_apart_from_a_roll),
        TEST(an_until_clock_tells_its_date),
        TEST(lines_beyond_the_room_are_only_counted),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
