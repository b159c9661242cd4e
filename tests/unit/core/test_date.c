#include "core/date.h"
#include "lib/check.h"

#include <string.h>

#define SHANGHAI ((int64_t)8 * 3600000)

/* Every date of the tables, walked by the rules everybody knows. */
static void dates_follow_one_another_without_a_gap(void)
{
    static const int32_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t date = 0;
    int32_t weekday = 3; /* 1970-01-01, a Thursday */

    for (int32_t year = YEAR_FIRST; year <= YEAR_LAST; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

        for (int32_t month = 1; month <= 12; month++) {
            int32_t last = lengths[month - 1] + (month == 2 && leap);

            CHECK_INTEGER(date_days_in_month(year, month), last);
            CHECK(!date_exists(year, month, last + 1));
            for (int32_t day = 1; day <= last; day++) {
                struct civil civil = civil_of(date);

                CHECK_INTEGER(date_of(year, month, day), date);
                CHECK(civil.year == year && civil.month == month && civil.day == day);
                CHECK_INTEGER(date_weekday(date), weekday);
                date++;
                weekday = (weekday + 1) % 7;
            }
        }
    }
}

static void years_far_away_and_before_1970_are_reckoned_too(void)
{
    struct civil civil = civil_of(-1);

    CHECK(civil.year == 1969 && civil.month == 12 && civil.day == 31);
    CHECK_INTEGER(date_of(1969, 12, 31), -1);
    CHECK_INTEGER(date_weekday(-1), 2);
    CHECK_INTEGER(date_of(0, 3, 1), -719468);
    CHECK_INTEGER(date_of(-400, 3, 1), -719468 - 146097);
    civil = civil_of(date_of(1600000, 2, 29));
    CHECK(civil.year == 1600000 && civil.month == 2 && civil.day == 29);
}

static void months_end_where_the_day_is_missing(void)
{
    CHECK_INTEGER(date_add_months(date_of(2025, 8, 31), 6), date_of(2026, 2, 28));
    CHECK_INTEGER(date_add_months(date_of(2024, 2, 29), 24), date_of(2026, 2, 28));
    CHECK_INTEGER(date_add_months(date_of(2023, 11, 30), 3), date_of(2024, 2, 29));
    CHECK_INTEGER(date_add_months(date_of(2026, 3, 31), -1), date_of(2026, 2, 28));
    CHECK_INTEGER(date_add_months(date_of(2026, 1, 31), -12), date_of(2025, 1, 31));
    CHECK_INTEGER(date_add_months(date_of(2026, 12, 15), 1), date_of(2027, 1, 15));
    CHECK_INTEGER(date_add_months(date_of(2026, 12, 15), 0), date_of(2026, 12, 15));
}

static void a_local_date_begins_at_its_own_midnight(void)
{
    int32_t date = date_of(2026, 3, 11);
    int64_t midnight = date_midnight(date, SHANGHAI);

    CHECK_INTEGER(date_of_instant(midnight, SHANGHAI), date);
    CHECK_INTEGER(date_of_instant(midnight - 1, SHANGHAI), date - 1);
    CHECK_INTEGER(date_of_instant(midnight + DAY_MS - 1, SHANGHAI), date);
    CHECK_INTEGER(date_of_instant(-1, 0), -1);
}

static void a_date_is_read_only_as_it_is_written(void)
{
    static const char *const bad[] = {
        "",           "2026-2-03",  "2026-02-30", "2026-13-01",  "2026-00-10",
        "2026-01-00", "1969-12-31", "2200-01-01", "2026-02-03 ", " 2026-02-03",
        "2026/02/03", "20260203",   "2026-02-0a", "2026-02-031"};
    int32_t date = 7;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK(!date_parse(text_of(bad[i]), &date));
        CHECK_INTEGER(date, 7);
    }
    CHECK(date_parse(TEXT("2024-02-29"), &date));
    CHECK_INTEGER(date, date_of(2024, 2, 29));
}

static void an_instant_is_read_in_its_zone(void)
{
    int64_t noon = date_midnight(date_of(2026, 3, 2), 0) + (int64_t)4 * 3600000;
    int64_t at = 0;

    CHECK(instant_parse(TEXT("2026-03-02T12:00"), SHANGHAI, &at) && at == noon);
    CHECK(instant_parse(TEXT("2026-03-02T12:00:00"), SHANGHAI, &at) && at == noon);
    CHECK(instant_parse(TEXT("2026-03-02T12:00:00.000+08:00"), 0, &at) && at == noon);
    CHECK(instant_parse(TEXT("2026-03-02T04:00Z"), SHANGHAI, &at) && at == noon);
    CHECK(instant_parse(TEXT("2026-03-01T23:30-04:30"), SHANGHAI, &at) && at == noon);
    CHECK(instant_parse(TEXT("2026-03-02T12:00:07.089"), SHANGHAI, &at) && at == noon + 7089);
    CHECK(instant_parse(TEXT("2026-03-02"), SHANGHAI, &at) &&
          at == date_midnight(date_of(2026, 3, 2), SHANGHAI));
}

static void an_instant_that_does_not_exist_is_refused(void)
{
    static const char *const bad[] = {
        "",
        "2026-03-02T",
        "2026-03-02 12:00",
        "2026-03-02T24:00",
        "2026-03-02T12:60",
        "2026-03-02T12:00:60",
        "2026-03-02T12",
        "2026-03-02T12:00:00.5",
        "2026-03-02T12:00z",
        "2026-03-02T12:00+8:00",
        "2026-03-02T12:00+15:00",
        "2026-03-02T12:00+08:00x",
        "2026-02-29T12:00",
        "-2026-03-02T12:00",
    };
    int64_t at = 7;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK(!instant_parse(text_of(bad[i]), SHANGHAI, &at));
        CHECK_INTEGER(at, 7);
    }
}

static void what_is_printed_reads_back(void)
{
    char out[INSTANT_TEXT_SIZE];
    int64_t at = date_midnight(date_of(2026, 6, 1), SHANGHAI);

    CHECK_INTEGER(instant_print(at, SHANGHAI, out), 25);
    CHECK_TEXT(out, "2026-06-01T00:00:00+08:00");
    CHECK_INTEGER(instant_print(at + 1, SHANGHAI, out), 29);
    CHECK_TEXT(out, "2026-06-01T00:00:00.001+08:00");
    (void)instant_print(at, -SHANGHAI, out);
    CHECK_TEXT(out, "2026-05-31T08:00:00-08:00");

    int64_t back = 0;

    CHECK(instant_parse(text_of(out), 0, &back) && back == at);
    CHECK_INTEGER(date_print(date_of(1970, 1, 1), out), 10);
    CHECK_TEXT(out, "1970-01-01");
}

static void what_has_no_name_is_no_date(void)
{
    char out[INSTANT_TEXT_SIZE];

    (void)date_print(DATE_NONE, out);
    CHECK_TEXT(out, "----------");
    (void)instant_print(INSTANT_NEVER, SHANGHAI, out);
    CHECK_TEXT(out, "----------");
    (void)instant_print(INSTANT_NONE, SHANGHAI, out);
    CHECK_TEXT(out, "----------");
    (void)instant_print(INSTANT_NEVER - 1, SHANGHAI, out);
    CHECK_TEXT(out, "----------");
    (void)instant_print(INSTANT_NONE + 1, -SHANGHAI, out);
    CHECK_TEXT(out, "----------");
}

static void only_zones_that_are_known_are_taken(void)
{
    int64_t zone = 7;

    CHECK(!zone_parse(TEXT("Europe/Berlin"), &zone));
    CHECK(!zone_parse(TEXT(""), &zone));
    CHECK_INTEGER(zone, 7);
    CHECK(zone_parse(TEXT("Asia/Shanghai"), &zone));
    CHECK_INTEGER(zone, SHANGHAI);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(dates_follow_one_another_without_a_gap),
        TEST(years_far_away_and_before_1970_are_reckoned_too),
        TEST(months_end_where_the_day_is_missing),
        TEST(a_local_date_begins_at_its_own_midnight),
        TEST(a_date_is_read_only_as_it_is_written),
        TEST(an_instant_is_read_in_its_zone),
        TEST(an_instant_that_does_not_exist_is_refused),
        TEST(what_is_printed_reads_back),
        TEST(what_has_no_name_is_no_date),
        TEST(only_zones_that_are_known_are_taken),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
