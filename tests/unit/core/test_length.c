#include "core/length.h"
#include "lib/check.h"

static void all_units_are_read(void)
{
    static const struct {
        const char *text;
        struct length length;
    } rows[] = {
        {"30min", {30, LENGTH_MINUTES}}, {"8h", {8, LENGTH_HOURS}},
        {"90d", {90, LENGTH_DAYS}},      {"7wd", {7, LENGTH_WORKDAYS}},
        {"2mo", {2, LENGTH_MONTHS}},     {"1y", {1, LENGTH_YEARS}},
        {"0d", {0, LENGTH_DAYS}},        {"100000d", {100000, LENGTH_DAYS}},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct length length;
        char out[LENGTH_TEXT_SIZE];

        CHECK(length_parse(text_of(rows[i].text), &length));
        CHECK(length_equal(length, rows[i].length));
        CHECK_INTEGER(length_print(length, out), text_of(rows[i].text).size);
        CHECK_TEXT(out, rows[i].text);
    }
}

static void what_is_no_length_is_refused(void)
{
    static const char *const bad[] = {"",     "d",     "7",       "7 d",
                                      "+7d",  "-7d",   "7D",      "7dd",
                                      "1.5d", "7days", "100001d", "9999999999999999999d",
                                      " 7d",  "7d ",   "m",       "7m"};
    struct length length = {1, LENGTH_YEARS};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK(!length_parse(text_of(bad[i]), &length));
    }
    CHECK(length.count == 1 && length.unit == LENGTH_YEARS);
}

static void an_offset_has_a_sign_unless_it_is_zero(void)
{
    static const char *const bad[] = {"3wd", "-0d", "+0d", "--3wd", "+-3wd", "-", "+", ""};
    struct length offset = {1, LENGTH_YEARS};
    char out[LENGTH_TEXT_SIZE];

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK(!offset_parse(text_of(bad[i]), &offset));
    }
    CHECK(offset_parse(TEXT("-3wd"), &offset) && offset.count == -3);
    (void)length_print(offset, out);
    CHECK_TEXT(out, "-3wd");
    CHECK(offset_parse(TEXT("+2mo"), &offset) && offset.count == 2);
    CHECK(offset_parse(TEXT("0d"), &offset) && offset.count == 0);
}

static void minutes_and_hours_are_exact(void)
{
    CHECK(length_is_exact((struct length){1, LENGTH_MINUTES}));
    CHECK(length_is_exact((struct length){1, LENGTH_HOURS}));
    CHECK(!length_is_exact((struct length){1, LENGTH_DAYS}));
    CHECK_INTEGER(length_ms((struct length){30, LENGTH_MINUTES}), 1800000);
    CHECK_INTEGER(length_ms((struct length){-72, LENGTH_HOURS}), (int64_t)-72 * 3600000);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(all_units_are_read),
        TEST(what_is_no_length_is_refused),
        TEST(an_offset_has_a_sign_unless_it_is_zero),
        TEST(minutes_and_hours_are_exact),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
