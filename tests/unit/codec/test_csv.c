#include "codec/csv.h"
#include "lib/check.h"

enum { ROOM_BYTES = 64 * 1024 };

static _Alignas(16) uint8_t room[ROOM_BYTES];
static struct arena arena;
static struct problem_list problems;
static struct source source;
static struct csv csv;

static bool begin(struct text bytes)
{
    arena_init_over(&arena, room, sizeof(room));
    problem_list_init(&problems, &arena);
    source = (struct source){.name = TEXT("t.csv"), .bytes = bytes};
    return csv_begin(&csv, &source, &arena, &problems);
}

static void check_row(const char *const *expected, uint32_t expected_count)
{
    struct csv_field fields[8];
    uint32_t count = 0;

    CHECK_INTEGER(csv_next(&csv, fields, 8, &count), CSV_ROW);
    CHECK_INTEGER(count, expected_count);
    for (uint32_t i = 0; i < count && i < expected_count; i++) {
        CHECK_TEXT(fields[i].text, expected[i]);
    }
}

static void check_end(void)
{
    struct csv_field fields[8];
    uint32_t count;

    CHECK_INTEGER(csv_next(&csv, fields, 8, &count), CSV_END);
    CHECK_INTEGER(problems.count, 0);
}

static void check_broken(struct text bytes, const char *code, uint32_t line, uint32_t column)
{
    struct csv_field fields[3];
    enum csv_result result = CSV_BROKEN;
    uint32_t count;

    if (begin(bytes)) {
        do {
            result = csv_next(&csv, fields, 3, &count);
        } while (result == CSV_ROW);
    }
    CHECK_INTEGER(result, CSV_BROKEN);
    CHECK_INTEGER(problems.error_count, 1);
    if (problems.first != NULL) {
        CHECK_TEXT(problems.first->message->code, code);
        CHECK_INTEGER(problems.first->mark.line, line);
        CHECK_INTEGER(problems.first->mark.column, column);
    }
}

static void rows_and_fields_are_told_apart(void)
{
    CHECK(begin(TEXT("a,b,c\r\n1,,3\n\n春节, x ,\n")));
    check_row((const char *[]){"a", "b", "c"}, 3);
    check_row((const char *[]){"1", "", "3"}, 3);
    check_row((const char *[]){"春节", " x ", ""}, 3);
    check_end();
}

static void the_last_line_needs_no_end(void)
{
    CHECK(begin(TEXT("a,b\n1,2")));
    check_row((const char *[]){"a", "b"}, 2);
    check_row((const char *[]){"1", "2"}, 2);
    check_end();
    CHECK(begin(TEXT("")));
    check_end();
    CHECK(begin(TEXT("a,")));
    check_row((const char *[]){"a", ""}, 2);
    check_end();
}

static void quotes_hold_commas_lines_and_quotes(void)
{
    CHECK(begin(TEXT("\"a,b\",\"c\"\"d\",\"e\r\nf\"\n\"\",\"\"\"\"\n")));
    check_row((const char *[]){"a,b", "c\"d", "e\r\nf"}, 3);
    check_row((const char *[]){"", "\""}, 2);
    check_end();
}

static void plain_fields_are_not_copied(void)
{
    struct csv_field fields[2];
    uint32_t count;

    CHECK(begin(TEXT("ab,\"cd\"")));

    const uint8_t *before = arena.at;

    CHECK_INTEGER(csv_next(&csv, fields, 2, &count), CSV_ROW);
    CHECK(fields[0].text.bytes == source.bytes.bytes);
    CHECK(fields[1].text.bytes == source.bytes.bytes + 4);
    CHECK(arena.at == before);
}

static void places_are_told_in_characters(void)
{
    struct csv_field fields[3];
    uint32_t count;

    CHECK(begin(TEXT("a\n春节,\"x\ny\",z\nq")));
    CHECK_INTEGER(csv_next(&csv, fields, 3, &count), CSV_ROW);
    CHECK_INTEGER(csv_next(&csv, fields, 3, &count), CSV_ROW);
    CHECK(fields[1].mark.line == 2 && fields[1].mark.column == 4);
    CHECK(fields[2].mark.line == 3 && fields[2].mark.column == 4);
    CHECK_INTEGER(csv_next(&csv, fields, 3, &count), CSV_ROW);
    CHECK(fields[0].mark.line == 4 && fields[0].mark.column == 1);
}

static void comments_stand_at_the_head(void)
{
    struct csv_field comment;

    CHECK(begin(TEXT("\xef\xbb\xbf#  one \n\n#two\na\n")));
    CHECK(csv_comment(&csv, &comment));
    CHECK_TEXT(comment.text, "one");
    CHECK_INTEGER(comment.mark.column, 1);
    CHECK(csv_comment(&csv, &comment));
    CHECK_TEXT(comment.text, "two");
    CHECK_INTEGER(comment.mark.line, 3);
    CHECK(!csv_comment(&csv, &comment));
    check_row((const char *[]){"a"}, 1);
    check_end();
}

static void what_is_broken_is_told_with_its_place(void)
{
    check_broken(TEXT("a\n#b\n"), "csv_comment_below", 2, 1);
    check_broken(TEXT("a,b\"c\n"), "csv_quote_inside", 1, 4);
    check_broken(TEXT("a,\"b\nc"), "csv_quote_open", 1, 3);
    check_broken(TEXT("a,\"b\"c\n"), "csv_after_quote", 1, 6);
    check_broken(TEXT("a\rb\n"), "csv_stray_return", 1, 2);
    check_broken(TEXT("a,b,c\na,b,c,d\n"), "csv_fields", 2, 7);
    check_broken(TEXT("a,\"\"\"\n"), "csv_quote_open", 1, 3);
}

static void bytes_that_are_no_text_are_refused(void)
{
    CHECK(!begin(TEXT("a\xff")));
    CHECK(!begin(TEXT("a\0b")));
    CHECK_TEXT(problems.first->message->code, "csv_not_utf8");
    CHECK(!begin(TEXT("\xe6\x98")));
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(rows_and_fields_are_told_apart),        TEST(the_last_line_needs_no_end),
        TEST(quotes_hold_commas_lines_and_quotes),   TEST(plain_fields_are_not_copied),
        TEST(places_are_told_in_characters),         TEST(comments_stand_at_the_head),
        TEST(what_is_broken_is_told_with_its_place), TEST(bytes_that_are_no_text_are_refused),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
