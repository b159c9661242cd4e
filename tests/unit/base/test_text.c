#include "base/text.h"
#include "lib/check.h"

#include <stdint.h>

static void cutting_tells_before_and_after(void)
{
    struct text rest;

    CHECK_TEXT(text_cut(TEXT("a=b=c"), '=', &rest), "a");
    CHECK_TEXT(rest, "b=c");
    CHECK_TEXT(text_cut(TEXT("whole"), '=', &rest), "whole");
    CHECK(text_empty(rest));
    CHECK(text_empty(text_cut(TEXT("=b"), '=', &rest)));
    CHECK_TEXT(rest, "b");
}

static void a_part_never_leaves_its_text(void)
{
    CHECK_TEXT(text_part(TEXT("abc"), 1, 1), "b");
    CHECK_TEXT(text_part(TEXT("abc"), 1, SIZE_MAX), "bc");
    CHECK(text_empty(text_part(TEXT("abc"), 3, 1)));
    CHECK(text_empty(text_part(TEXT("abc"), SIZE_MAX, SIZE_MAX)));
    CHECK(text_empty(text_part((struct text){0}, 0, 1)));
}

static void trimming_takes_blanks_from_both_ends_alone(void)
{
    CHECK_TEXT(text_trim(TEXT(" \t a b\t ")), "a b");
    CHECK(text_empty(text_trim(TEXT(" \t "))));
    CHECK(text_empty(text_trim((struct text){0})));
}

static void order_is_that_of_bytes_and_then_of_length(void)
{
    CHECK(text_compare(TEXT("a"), TEXT("b")) < 0);
    CHECK(text_compare(TEXT("ab"), TEXT("a")) > 0);
    CHECK(text_compare(TEXT("立"), TEXT("z")) > 0);
    CHECK(text_compare((struct text){0}, TEXT("")) == 0);
    CHECK(text_starts(TEXT("case.filed"), TEXT("case.")));
    CHECK(!text_starts(TEXT("case"), TEXT("case.")));
    CHECK(text_is((struct text){0}, NULL));
}

static void only_shortest_utf8_without_nul_passes(void)
{
    static const struct text good[] = {
        TEXT_INIT(""),
        TEXT_INIT("立案 abc"),
        TEXT_INIT("\x7f"),
        TEXT_INIT("\xc2\x80"),
        TEXT_INIT("\xdf\xbf"),
        TEXT_INIT("\xe0\xa0\x80"),
        TEXT_INIT("\xed\x9f\xbf"),
        TEXT_INIT("\xee\x80\x80"),
        TEXT_INIT("\xf0\x90\x80\x80"),
        TEXT_INIT("\xf4\x8f\xbf\xbf"),
    };
    static const struct text bad[] = {
        TEXT_INIT("a\0b"),     /* NUL */
        TEXT_INIT("\x80"),     /* a continuation of nothing */
        TEXT_INIT("\xc0\x80"), /* NUL in disguise */
        TEXT_INIT("\xc1\xbf"), /* longer than it need be */
        TEXT_INIT("\xe0\x9f\xbf"),
        TEXT_INIT("\xf0\x8f\xbf\xbf"),
        TEXT_INIT("\xed\xa0\x80"), /* halves of a pair */
        TEXT_INIT("\xed\xbf\xbf"),
        TEXT_INIT("\xf4\x90\x80\x80"), /* past the last character */
        TEXT_INIT("\xf5\x80\x80\x80"),
        TEXT_INIT("\xff"),
        TEXT_INIT("\xe7\xab"), /* cut off */
        TEXT_INIT("\xe7\xab"
                  "a"),
    };

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        CHECK_INTEGER(text_is_utf8(good[i]) ? -1 : (int)i, -1);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK_INTEGER(text_is_utf8(bad[i]) ? (int)i : -1, -1);
    }
}

static void a_whole_number_is_digits_and_nothing_else(void)
{
    static const struct text bad[] = {
        TEXT_INIT(""),    TEXT_INIT("-"),   TEXT_INIT("+1"),
        TEXT_INIT(" 1"),  TEXT_INIT("1 "),  TEXT_INIT("1.0"),
        TEXT_INIT("0x1"), TEXT_INIT("--1"), TEXT_INIT("9223372036854775808"),
    };
    int64_t number = 5;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK_INTEGER(text_to_integer(bad[i], &number) ? (int)i : -1, -1);
    }
    CHECK_INTEGER(number, 5); /* untouched on failure */
    CHECK(text_to_integer(TEXT("-007"), &number));
    CHECK_INTEGER(number, -7);
    CHECK(text_to_integer(TEXT("9223372036854775807"), &number));
    CHECK_INTEGER(number, INT64_MAX);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(cutting_tells_before_and_after),
        TEST(a_part_never_leaves_its_text),
        TEST(trimming_takes_blanks_from_both_ends_alone),
        TEST(order_is_that_of_bytes_and_then_of_length),
        TEST(only_shortest_utf8_without_nul_passes),
        TEST(a_whole_number_is_digits_and_nothing_else),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
