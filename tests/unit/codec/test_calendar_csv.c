#include "codec/calendar_csv.h"
#include "codec/embedded.h"
#include "lib/check.h"

enum { BUDGET_BYTES = 16 * 1024 * 1024 };

static struct arena arena;
static struct problem_list problems;
static struct source source;

static bool read(struct text bytes, struct calendar_file *file)
{
    arena_fini(&arena);
    arena_init_growing(&arena, BUDGET_BYTES);
    problem_list_init(&problems, &arena);
    source = (struct source){.name = TEXT("t.csv"), .bytes = bytes};
    return calendar_csv_read(&source, &arena, &problems, file);
}

static void check_refused(struct text bytes, const char *code, uint32_t line, uint32_t column)
{
    struct calendar_file file = {.row_count = 77};

    CHECK(!read(bytes, &file));
    CHECK_INTEGER(file.row_count, 77);
    CHECK(problems.error_count > 0);
    if (problems.first != NULL) {
        CHECK_TEXT(problems.first->message->code, code);
        CHECK_INTEGER(problems.first->mark.line, line);
        CHECK_INTEGER(problems.first->mark.column, column);
    }
    arena_fini(&arena);
}

static void a_calendar_is_read_with_its_head(void)
{
    struct calendar_file file;

    CHECK(read(TEXT("# source: 国务院\n# just words\n# extends: cn\n# version: 3\n"
                    "date,kind,name\n2026-01-01,holiday,元旦\n--10-01,holiday,国庆节\n"
                    "2026-10-10,workday,\"国庆节, 调休\"\n"),
               &file));
    CHECK_TEXT(file.origin, "国务院");
    CHECK_TEXT(file.extends, "cn");
    CHECK_TEXT(file.version, "3");
    CHECK_INTEGER(file.extends_mark.line, 3);
    CHECK_INTEGER(file.row_count, 3);
    CHECK(file.rows[1].year == 0 && file.rows[1].month == 10 && file.rows[1].day == 1);
    CHECK(file.rows[2].kind == DAY_WORKDAY && file.rows[2].line == 8);
    CHECK_TEXT(file.rows[2].name, "国庆节, 调休");
    arena_fini(&arena);
}

static void what_could_make_a_date_wrong_is_refused(void)
{
    check_refused(TEXT(""), "calendar_header", 1, 1);
    check_refused(TEXT("# version: 1\n"), "calendar_header", 1, 1);
    check_refused(TEXT("date,kind\n"), "calendar_header", 1, 1);
    check_refused(TEXT("day,kind,name\n"), "calendar_header", 1, 1);
    check_refused(TEXT("date,kind,name\n"), "calendar_empty", 0, 0);
    check_refused(TEXT("date,kind,name\n2026-02-30,holiday,x\n"), "calendar_date", 2, 1);
    check_refused(TEXT("date,kind,name\n--02-30,holiday,x\n"), "calendar_date", 2, 1);
    check_refused(TEXT("date,kind,name\n-10-01,holiday,x\n"), "calendar_date", 2, 1);
    check_refused(TEXT("date,kind,name\n2026-01-01,Holiday,x\n"), "calendar_kind", 2, 12);
    check_refused(TEXT("date,kind,name\n2026-01-01,,x\n"), "calendar_kind", 2, 12);
    check_refused(TEXT("date,kind,name\n2026-01-01,holiday\n"), "calendar_fields", 2, 1);
    check_refused(TEXT("date,kind,name\n2026-01-01,holiday,x,y\n"), "csv_fields", 2, 22);
    check_refused(TEXT("date,kind,name\n2026-01-01,holiday,x\n\n2026-01-01,workday,y\n"),
                  "calendar_twice", 4, 1);
    check_refused(TEXT("date,kind,name\n--10-01,holiday,x\n--10-01,holiday,x\n"),
                  "calendar_twice", 3, 1);
    check_refused(TEXT("# version: 1\n# version: 2\ndate,kind,name\n2026-01-01,holiday,x\n"),
                  "calendar_head_twice", 2, 1);
    check_refused(TEXT("# extends:\ndate,kind,name\n2026-01-01,holiday,x\n"),
                  "calendar_head_empty", 1, 1);
}

static void all_that_is_wrong_is_told_at_once(void)
{
    struct calendar_file file;

    CHECK(!read(TEXT("date,kind,name\n2026-13-01,holiday,x\n2026-01-01,off,x\n2026-01-02\n"),
                &file));
    CHECK_INTEGER(problems.error_count, 3);
    arena_fini(&arena);
}

static void a_row_that_decides_nothing_is_refused(void)
{
    struct calendar_file file;
    struct text bytes =
        TEXT("date,kind,name\n2025-01-01,holiday,x\n2026-03-03,holiday,三月三\n");

    CHECK(read(bytes, &file));
    CHECK(calendar_csv_build(&source, &file, TEXT("gx"), NULL, &arena, &problems) == NULL);
    CHECK_TEXT(problems.first->message->code, "calendar_uncovered");
    CHECK_INTEGER(problems.first->mark.line, 3);
    CHECK_TEXT(problems.first->arguments[0], "2026-03-03");
    CHECK_TEXT(problems.first->arguments[1], "2026");
    arena_fini(&arena);
}

static void extending_one_that_covers_the_year_it_decides(void)
{
    static _Alignas(16) uint8_t room[64 * 1024];
    struct calendar_row row = {.year = 2026, .month = 1, .day = 1};
    struct calendar_file file;
    struct arena apart;

    arena_init_over(&apart, room, sizeof(room));

    const struct calendar *base = calendar_build(&apart, TEXT("cn"), TEXT(""), NULL, &row, 1);

    CHECK(read(TEXT("# extends: cn\ndate,kind,name\n2026-03-03,holiday,三月三\n"), &file));

    const struct calendar *calendar =
        calendar_csv_build(&source, &file, TEXT("gx"), base, &arena, &problems);

    CHECK(calendar != NULL && !calendar_works(calendar, date_of(2026, 3, 3)));
    arena_fini(&arena);
}

static void the_shipped_calendar_is_well(void)
{
    struct calendar_file file;
    struct text bytes;

    CHECK(embedded_find(TEXT("calendars/cn.csv"), &bytes));
    CHECK(!embedded_find(TEXT("calendars/none.csv"), &bytes));
    CHECK(read(bytes, &file));
    CHECK_INTEGER(file.row_count, 224);

    const struct calendar *calendar =
        calendar_csv_build(&source, &file, TEXT("cn"), NULL, &arena, &problems);

    CHECK(calendar != NULL);
    if (calendar != NULL) {
        CHECK_INTEGER(calendar_count(calendar, date_of(2026, 1, 1), date_of(2026, 12, 31)),
                      248);
        CHECK(calendar_works(calendar, date_of(2026, 10, 10)));
        CHECK(!calendar_covers(calendar, date_of(2027, 1, 1)));
    }
    arena_fini(&arena);
}

static void a_calendar_is_named_by_its_file(void)
{
    CHECK_TEXT(calendar_csv_name(TEXT("config/calendars/cn.csv")), "cn");
    CHECK_TEXT(calendar_csv_name(TEXT("cn.csv")), "cn");
    CHECK_TEXT(calendar_csv_name(TEXT("a/b")), "b");
    CHECK_TEXT(calendar_csv_name(TEXT(".csv")), ".csv");
    CHECK_TEXT(calendar_csv_name(TEXT("")), "");
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_calendar_is_read_with_its_head),
        TEST(what_could_make_a_date_wrong_is_refused),
        TEST(all_that_is_wrong_is_told_at_once),
        TEST(a_row_that_decides_nothing_is_refused),
        TEST(extending_one_that_covers_the_year_it_decides),
        TEST(the_shipped_calendar_is_well),
        TEST(a_calendar_is_named_by_its_file),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
