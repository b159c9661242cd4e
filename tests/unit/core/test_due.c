#include "core/due.h"
#include "lib/check.h"

enum { ROOM_BYTES = 256 * 1024, ZONE_MS = 8 * 3600000 };

static _Alignas(16) uint8_t room[ROOM_BYTES];

/* An office with two covered years, 2026 and 2028; in May 2026 a Friday rests, a Saturday works. */
static struct office office(void)
{
    static const struct calendar_row rows[] = {
        {.year = 2026, .month = 1, .day = 1, .kind = DAY_HOLIDAY},
        {.year = 2026, .month = 5, .day = 1, .kind = DAY_HOLIDAY},
        {.year = 2026, .month = 5, .day = 9, .kind = DAY_WORKDAY},
        {.year = 2028, .month = 1, .day = 1, .kind = DAY_HOLIDAY},
        {.month = 1, .day = 1, .kind = DAY_HOLIDAY},
    };
    struct arena arena;

    arena_init_over(&arena, room, sizeof(room));
    return (struct office){
        .calendar = calendar_build(&arena, TEXT("t"), TEXT("1"), NULL, rows, 5),
        .zone_ms = ZONE_MS,
        .moment_ms = OFFICE_MOMENT_MS,
    };
}

static int32_t day(const char *text)
{
    int32_t date = DATE_NONE;

    CHECK(date_parse(text_of(text), &date));
    return date;
}

static int64_t at(const char *text)
{
    int64_t at_ms = INSTANT_NONE;

    CHECK(instant_parse(text_of(text), ZONE_MS, &at_ms));
    return at_ms;
}

static struct length length(const char *text)
{
    struct length length = {0};

    CHECK(length_parse(text_of(text), &length));
    return length;
}

static struct derivation started(const char *from, const char *how_long)
{
    return (struct derivation){
        .kind = DUE_LENGTH,
        .started_ms = at(from),
        .day0 = date_of_instant(at(from), ZONE_MS),
        .date = DATE_NONE,
        .length = length(how_long),
        .floor = DATE_NONE,
    };
}

static struct due due_of(const struct derivation *derivation)
{
    struct office here = office();
    struct due due;

    due_derive(derivation, &here, &due);
    return due;
}

static void check_last_day(const struct derivation *derivation, const char *expected)
{
    char out[DATE_TEXT_SIZE];
    struct due due = due_of(derivation);

    (void)date_print(due.last_day, out);
    CHECK_TEXT(out, expected);
    CHECK_INTEGER(due.due_ms, date_midnight(due.last_day + 1, ZONE_MS));
}

static void a_pause_at_midnight_takes_that_date_out(void)
{
    struct interval pause = {at("2026-03-05"), at("2026-03-07")};
    struct derivation derivation = started("2026-03-02T10:00", "10d");

    derivation.pauses = &pause;
    derivation.pause_count = 1;
    check_last_day(&derivation, "2026-03-14"); /* 5 and 6 March do not count; 7 March does */
    pause.from_ms++;
    check_last_day(&derivation, "2026-03-13"); /* a moment later, 5 March had begun */
    pause.to_ms++;
    check_last_day(&derivation, "2026-03-14"); /* a moment longer, 7 March began paused */
}

static void a_pause_within_one_date_costs_nothing(void)
{
    struct interval pause = {at("2026-03-05") + 1, at("2026-03-06")};
    struct derivation derivation = started("2026-03-02T10:00", "10d");

    derivation.pauses = &pause;
    derivation.pause_count = 1;
    check_last_day(&derivation, "2026-03-12");
}

static void a_pause_on_the_last_day_has_no_effect(void)
{
    struct interval pause = {at("2026-03-12"), at("2026-04-12")};
    struct derivation derivation = started("2026-03-02T10:00", "10d");

    derivation.pauses = &pause;
    derivation.pause_count = 1;
    check_last_day(&derivation, "2026-03-12");
    pause.to_ms = INSTANT_NEVER;
    check_last_day(&derivation, "2026-03-12");
    pause.from_ms--;
    CHECK(due_of(&derivation).paused);
    CHECK(length_equal(due_of(&derivation).left, length("1d")));
    pause.to_ms = at("2026-04-12");
    check_last_day(&derivation, "2026-04-12");
}

static void an_extension_keeps_the_old_last_day_from_ending_pauses(void)
{
    struct interval pause = {at("2026-03-12"), at("2026-03-20")};
    struct length extension = length("5d");
    struct derivation derivation = started("2026-03-02T10:00", "10d");

    derivation.pauses = &pause;
    derivation.pause_count = 1;
    derivation.extensions = &extension;
    derivation.extension_count = 1;
    check_last_day(&derivation, "2026-03-25"); /* 8 dates are out: 12 to 19 March */
}

static void months_are_fixed_where_their_count_begins(void)
{
    struct interval pause = {at("2026-01-20T10:00"), at("2026-01-25T10:00")};
    struct length extension = length("1mo");
    struct derivation derivation = started("2025-12-31T10:00", "1mo");

    check_last_day(&derivation, "2026-01-31");
    derivation.extensions = &extension;
    derivation.extension_count = 1;
    check_last_day(&derivation, "2026-02-28");
    derivation.pauses = &pause;
    derivation.pause_count = 1;
    check_last_day(&derivation, "2026-03-05"); /* 31 January + 5, then a month from there */
}

static void working_days_count_only_those(void)
{
    struct derivation derivation = started("2026-04-29T10:00", "6wd");

    check_last_day(&derivation, "2026-05-08"); /* 30 April, 4, 5, 6, 7, 8 May */
    derivation.length.count++;
    check_last_day(&derivation, "2026-05-09"); /* a made-up Saturday */
}

static void the_roll_happens_once_after_all_extensions(void)
{
    struct length extension = length("1d");
    struct derivation derivation = started("2026-05-15T10:00", "1d");

    derivation.roll_forward = true;
    check_last_day(&derivation, "2026-05-18"); /* 16 May is a Saturday */
    derivation.extensions = &extension;
    derivation.extension_count = 1;
    check_last_day(&derivation, "2026-05-18"); /* 17 May, a Sunday, and not 19 May */
    CHECK_INTEGER(due_of(&derivation).unrolled, day("2026-05-17"));
    CHECK_INTEGER(due_of(&derivation).safe_day, day("2026-05-15"));
}

static void a_floor_holds_the_last_day(void)
{
    struct derivation derivation = started("2026-03-02T10:00", "10d");

    derivation.floor = day("2026-03-11");
    check_last_day(&derivation, "2026-03-12");
    derivation.floor = day("2026-03-17");
    check_last_day(&derivation, "2026-03-17");
    CHECK_INTEGER(due_of(&derivation).unrolled, day("2026-03-12"));
    CHECK_INTEGER(due_of(&derivation).safe_day, day("2026-03-12"));
}

static void an_exact_length_leaves_out_the_union_of_pauses(void)
{
    struct interval pauses[] = {{at("2026-03-02T11:00"), at("2026-03-02T13:00")},
                                {at("2026-03-02T12:00"), at("2026-03-02T14:00")},
                                {at("2026-03-02T21:00"), INSTANT_NEVER}};
    struct derivation derivation = started("2026-03-02T10:00", "8h");
    struct due due;

    derivation.pauses = pauses;
    derivation.pause_count = 3;
    due = due_of(&derivation);
    CHECK_INTEGER(due.due_ms, at("2026-03-02T21:00")); /* the last begins as it is due */
    CHECK(due.last_day == DATE_NONE && !due.provisional);
    pauses[2].from_ms -= 30000;
    due = due_of(&derivation);
    CHECK(due.paused && due.due_ms == INSTANT_NEVER);
    CHECK(length_equal(due.left, length("1min"))); /* half a minute, rounded up */
}

static void a_lead_clock_has_its_days_strictly_between(void)
{
    struct derivation derivation = {.kind = DUE_BEFORE,
                                    .date = day("2026-05-11"),
                                    .length = length("3wd"),
                                    .roll_forward = true,
                                    .floor = DATE_NONE};

    check_last_day(&derivation, "2026-05-06"); /* 9, 8 and 7 May lie between */
    derivation.length = length("3d");
    check_last_day(&derivation, "2026-05-07");
    derivation.length = length("0wd");
    check_last_day(&derivation, "2026-05-10"); /* a Sunday, and it stays one */
}

static void an_until_clock_ends_on_its_date(void)
{
    struct interval pause = {at("2026-05-01"), at("2026-05-20")};
    struct length extension = length("5d");
    struct derivation derivation = {.kind = DUE_UNTIL,
                                    .date = day("2026-05-16"),
                                    .floor = DATE_NONE,
                                    .pauses = &pause,
                                    .pause_count = 1};

    check_last_day(&derivation, "2026-05-16"); /* nothing is counted, so nothing is paused */
    derivation.roll_forward = true;
    check_last_day(&derivation, "2026-05-18");
    derivation.extensions = &extension;
    derivation.extension_count = 1;
    check_last_day(&derivation, "2026-05-25"); /* 20 May to 24 May, a Sunday */
}

static void only_what_was_asked_makes_it_provisional(void)
{
    struct interval pause = {at("2026-12-30T10:00"), at("2027-01-20T10:00")};
    struct derivation derivation = started("2026-12-20T10:00", "30d");

    CHECK(!due_of(&derivation).provisional); /* natural days ask nothing */
    derivation.roll_forward = true;
    CHECK(due_of(&derivation).provisional); /* the roll asks about 19 January 2027 */
    derivation = started("2026-12-20T10:00", "8wd");
    CHECK(!due_of(&derivation).provisional); /* 30 December */
    derivation.pauses = &pause;
    derivation.pause_count = 1;
    CHECK(!due_of(&derivation).provisional); /* begins on it: no effect */
    derivation.length.count = 9;
    CHECK(due_of(&derivation).provisional); /* 21 January */
    derivation = started("2025-12-30T10:00", "1wd");
    CHECK(due_of(&derivation).provisional); /* 31 December 2025 */
    derivation = started("2025-12-31T10:00", "1wd");
    CHECK(!due_of(&derivation).provisional); /* day 0 is not asked about */
}

static void a_pause_over_an_unpublished_year_asks_nothing_of_it(void)
{
    struct interval pause = {at("2026-12-30T10:00"), at("2028-01-02T10:00")};
    struct derivation derivation = started("2026-12-20T10:00", "20wd");

    derivation.pauses = &pause;
    derivation.pause_count = 1;
    CHECK(!due_of(&derivation).provisional);
    pause.from_ms = at("2027-01-03T10:00");
    CHECK(due_of(&derivation).provisional);
    pause = (struct interval){at("2026-12-30T10:00"), at("2027-12-30T10:00")};
    CHECK(due_of(&derivation).provisional); /* 31 December 2027 */
}

static void a_pause_acts_until_midnight_of_the_unrolled_last_day(void)
{
    struct office here = office();
    struct derivation derivation = started("2026-05-06T10:00", "10d");
    struct due due;

    derivation.roll_forward = true; /* 16 May is a Saturday */
    due = due_of(&derivation);
    CHECK(due_pause_acts(&due, &here, at("2026-05-16") - 1));
    CHECK(!due_pause_acts(&due, &here, at("2026-05-16")));
    derivation = started("2026-05-06T10:00", "8h");
    due = due_of(&derivation);
    CHECK(due_pause_acts(&due, &here, at("2026-05-06T18:00") - 1));
    CHECK(!due_pause_acts(&due, &here, at("2026-05-06T18:00")));
}

static struct offset_moment moment(const char *last_day, const char *offset, bool inside,
                                   bool any_day)
{
    struct office here = office();
    struct due due = {.last_day = day(last_day),
                      .unrolled = day(last_day),
                      .safe_day = calendar_backward(here.calendar, day(last_day))};
    struct offset_rule rule = {.inside = inside, .any_day = any_day};

    due.due_ms = date_midnight(due.last_day + 1, ZONE_MS);
    CHECK(offset_parse(text_of(offset), &rule.offset));
    return due_moment(&due, &rule, &here);
}

static void moments_stand_apart_for_inside_and_outside(void)
{
    /* 17 May 2026 is a Sunday; its safe day is Friday 15 May. */
    CHECK_INTEGER(moment("2026-05-17", "0d", false, false).date, day("2026-05-17"));
    CHECK_INTEGER(moment("2026-05-17", "0d", true, false).date, day("2026-05-15"));
    CHECK_INTEGER(moment("2026-05-17", "-5d", false, false).date, day("2026-05-12"));
    CHECK_INTEGER(moment("2026-05-17", "-5d", true, false).date,
                  day("2026-05-09")); /* 9 works */
    CHECK_INTEGER(moment("2026-05-17", "-5d", true, true).date, day("2026-05-10"));
    CHECK_INTEGER(moment("2026-05-17", "-1wd", true, false).date, day("2026-05-14"));
    CHECK_INTEGER(moment("2026-05-17", "-1wd", false, false).date, day("2026-05-15"));
    CHECK_INTEGER(moment("2026-05-17", "+1wd", true, false).date, day("2026-05-18"));
    CHECK_INTEGER(moment("2026-05-17", "+6d", true, false).date, day("2026-05-25"));
    CHECK_INTEGER(moment("2026-05-17", "+6d", false, false).date, day("2026-05-23"));
    CHECK_INTEGER(moment("2026-05-17", "+1mo", false, false).date, day("2026-06-17"));
    CHECK_INTEGER(moment("2026-05-17", "-1y", false, false).date, day("2025-05-17"));
    CHECK_INTEGER(moment("2026-05-17", "0d", false, false).at_ms, at("2026-05-17T09:00"));
    CHECK_INTEGER(moment("2026-05-17", "-90min", false, false).at_ms, at("2026-05-17T22:30"));
}

static void a_moment_is_provisional_for_itself(void)
{
    CHECK(!moment("2026-12-30", "+1wd", false, false).provisional);
    CHECK(moment("2026-12-30", "+2wd", false, false).provisional);
    CHECK(!moment("2026-12-30", "+5d", false, false).provisional);
    CHECK(moment("2026-12-30", "+5d", true, false).provisional);
    CHECK(!moment("2027-01-01", "-1wd", false, false).provisional); /* asks about 2026 alone */
    CHECK(moment("2027-01-02", "-1wd", false, false).provisional);
    CHECK(moment("2027-01-04", "0d", true, false).provisional);
    CHECK(!moment("2027-01-04", "0d", false, false).provisional);
}

static void an_accrual_counts_dates_that_no_pause_touches(void)
{
    struct office here = office();
    struct interval pause = {at("2026-03-25T10:00"), at("2026-03-26T09:00")};
    struct derivation derivation = started("2026-03-23T23:59", "1d");
    struct due due;

    derivation.kind = DUE_ACCRUAL;
    derivation.length = accrual_length(3, 100);
    CHECK_INTEGER(derivation.length.count, 34);
    due = due_of(&derivation);
    CHECK_INTEGER(due.last_day, day("2026-04-26"));
    CHECK_INTEGER(due.due_ms, at("2026-04-26")); /* as the date begins, not as it ends */
    derivation.pauses = &pause;
    derivation.pause_count = 1;
    due = due_of(&derivation);
    CHECK_INTEGER(due.last_day, day("2026-04-28")); /* 25 and 26 March are touched */
    CHECK_INTEGER(accrual_days(&derivation, &here, day("2026-03-23")), 0);
    CHECK_INTEGER(accrual_days(&derivation, &here, day("2026-03-24")), 1);
    CHECK_INTEGER(accrual_days(&derivation, &here, day("2026-03-26")), 1);
    CHECK_INTEGER(accrual_days(&derivation, &here, day("2026-03-27")), 2);
    pause = (struct interval){at("2026-04-26"), INSTANT_NEVER};
    CHECK(!due_of(&derivation).paused); /* the cap was reached as that date began */
    CHECK_INTEGER(accrual_days(&derivation, &here, day("2026-04-30")), 38);
    pause.from_ms--;
    CHECK(due_of(&derivation).paused);
    CHECK(length_equal(due_of(&derivation).left, length("2d")));
    CHECK_INTEGER(accrual_days(&derivation, &here, day("2026-04-30")), 32);
}

static void an_amount_is_floored_and_capped(void)
{
    CHECK_INTEGER(accrual_amount(333, 3, 100, 1), 9);
    CHECK_INTEGER(accrual_amount(500000, 3, 100, 33), 495000);
    CHECK_INTEGER(accrual_amount(500000, 3, 100, 34), 500000);
    CHECK_INTEGER(accrual_amount(99, 3, 100, 1), 2);
    CHECK_INTEGER(accrual_amount(INT64_MAX, 3, 100, 100000), INT64_MAX);
    CHECK_INTEGER(accrual_amount(1, 3, 100, 0), 0);
}

static void guards_reckon_as_clocks_do(void)
{
    struct office here = office();

    CHECK_INTEGER(date_after(day("2026-04-29"), length("2wd"), here.calendar),
                  day("2026-05-04"));
    CHECK_INTEGER(date_after(day("2026-01-31"), length("1mo"), here.calendar),
                  day("2026-02-28"));
    CHECK_INTEGER(date_after(day("2026-01-31"), length("0d"), here.calendar),
                  day("2026-01-31"));
    CHECK_INTEGER(date_before(day("2026-05-11"), length("3wd"), here.calendar),
                  day("2026-05-06"));
    CHECK_INTEGER(date_before(day("2026-05-11"), length("2d"), here.calendar),
                  day("2026-05-08"));
    CHECK_INTEGER(date_before(day("2026-05-31"), length("3mo"), here.calendar),
                  day("2026-02-27"));
    CHECK_INTEGER(date_before(day("2026-05-31"), length("1y"), here.calendar),
                  day("2025-05-30"));
}

static void mixed_units_are_left_as_one_number(void)
{
    struct interval pause = {at("2026-05-06T12:00"), INSTANT_NEVER};
    struct length extension = length("10d");
    struct derivation derivation = started("2026-05-05T10:00", "3wd");

    derivation.pauses = &pause;
    derivation.pause_count = 1;
    CHECK(length_equal(due_of(&derivation).left, length("2wd")));
    derivation.extensions = &extension;
    derivation.extension_count = 1;
    CHECK(length_equal(due_of(&derivation).left, length("12d"))); /* 7, 8 May, and ten on */
    extension = length("2wd");
    derivation.length = length("10d");
    CHECK(length_equal(due_of(&derivation).left, length("10wd"))); /* 7 to 15 May but 10, +2 */
}

static void a_hostile_sum_of_lengths_is_reckoned_without_overflow(void)
{
    struct length extensions[EXTENSIONS_MAX];
    struct derivation derivation = started("2199-12-31T10:00", "100000y");
    struct due due;

    for (int i = 0; i < EXTENSIONS_MAX; i++) {
        extensions[i] = length(i % 2 == 0 ? "100000y" : "100000wd");
    }
    derivation.extensions = extensions;
    derivation.extension_count = EXTENSIONS_MAX;
    derivation.roll_forward = true;
    due = due_of(&derivation);
    CHECK(civil_of(due.last_day).year > 900000);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_pause_at_midnight_takes_that_date_out),
        TEST(a_pause_within_one_date_costs_nothing),
        TEST(a_pause_on_the_last_day_has_no_effect),
        TEST(an_extension_keeps_the_old_last_day_from_ending_pauses),
        TEST(months_are_fixed_where_their_count_begins),
        TEST(working_days_count_only_those),
        TEST(the_roll_happens_once_after_all_extensions),
        TEST(a_floor_holds_the_last_day),
        TEST(an_exact_length_leaves_out_the_union_of_pauses),
        TEST(a_lead_clock_has_its_days_strictly_between),
        TEST(an_until_clock_ends_on_its_date),
        TEST(only_what_was_asked_makes_it_provisional),
        TEST(a_pause_over_an_unpublished_year_asks_nothing_of_it),
        TEST(a_pause_acts_until_midnight_of_the_unrolled_last_day),
        TEST(moments_stand_apart_for_inside_and_outside),
        TEST(a_moment_is_provisional_for_itself),
        TEST(an_accrual_counts_dates_that_no_pause_touches),
        TEST(an_amount_is_floored_and_capped),
        TEST(guards_reckon_as_clocks_do),
        TEST(mixed_units_are_left_as_one_number),
        TEST(a_hostile_sum_of_lengths_is_reckoned_without_overflow),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
