#include "engine/filter.h"
#include "lib/check.h"

#include <string.h>

static uint8_t memory[1 << 18];
static struct source source;
static struct arena arena;
static struct problem_list problems;

static bool parses(const char *text, struct filter *filter)
{
    source = (struct source){.name = TEXT("filter"), .bytes = text_of(text)};
    arena_init_over(&arena, memory, sizeof(memory));
    problem_list_init(&problems, &arena);
    return filter_parse(&source, filter, &problems);
}

static void conditions_are_read_in_any_order(void)
{
    struct filter filter;

    CHECK(parses("", &filter));
    CHECK(filter_name_is(&filter.agency, TEXT("any")));
    CHECK(
        parses(" stage = review &due<3wd& agency=gulou & state!=closed & case=K-1* ", &filter));
    CHECK_TEXT(filter.stage.name, "review");
    CHECK_TEXT(filter.agency.name, "gulou");
    CHECK_TEXT(filter.case_id, "K-1");
    CHECK(filter.case_begins);
    CHECK_INTEGER(filter.phases, 1U << CASE_OPEN | 1U << CASE_ENDING);
    CHECK_INTEGER(filter.due_count, 1);
    CHECK(parses("procedure!=minor && overdue", &filter));
    CHECK(filter.overdue);
    CHECK(!filter_name_is(&filter.procedure, TEXT("minor")));
    CHECK(filter_name_is(&filter.procedure, TEXT("major")));
    CHECK(parses("stage=a & stage!=b", &filter));
    CHECK(filter_name_is(&filter.stage, TEXT("a")) &&
          !filter_name_is(&filter.stage, TEXT("b")));
    CHECK(parses("case=*", &filter));
    CHECK(filter.case_begins && text_empty(filter.case_id));
}

/* Columns are of characters, so that a caret stands below what is meant. */
static void what_is_wrong_is_told_at_its_place(void)
{
    static const struct {
        const char *text;
        const char *code;
        uint32_t column;
    } rows[] = {
        {"stge=review", "filter_near", 1},
        {"stage=review & 阶段=x", "filter_name", 16},
        {"案=x", "filter_name", 1},
        {"stage", "filter_operator", 6},
        {"stage<review", "filter_operator", 6},
        {"case!=K-1", "filter_operator", 5},
        {"due!=3d", "filter_operator", 4},
        {"stage=", "filter_value", 7},
        {"stage=&due<3d", "filter_value", 7},
        {"stage=复核 & due<", "filter_value", 16},
        {"stage=review &", "filter_value", 15},
        {"stage=review due<3d", "filter_end", 14},
        {"state=shut", "filter_state", 7},
        {"due<3xd", "filter_when", 5},
        {"due<8h", "filter_when", 5},
        {"due<2026-02-30", "filter_when", 5},
        {"due<1d&due<2d&due<3d&due<4d&due<5d", "filter_twice", 22},
        {"stage=a & stage=b", "filter_twice", 11},
        {"case=a & case=b", "filter_twice", 10},
        {"& stage=a", "filter_name", 1},
        {"=", "filter_name", 1},
    };
    struct filter filter;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK(!parses(rows[i].text, &filter));
        CHECK(problems.error_count == 1);
        CHECK_TEXT(problems.first->message->code, rows[i].code);
        if (!CHECK_INTEGER(problems.first->mark.column, rows[i].column)) {
            CHECK_TEXT(rows[i].text, "");
        }
    }
}

static void one_that_is_too_long_is_refused(void)
{
    static char text[FILTER_BYTES_MAX + 2];
    struct filter filter;

    memset(text, 'x', FILTER_BYTES_MAX + 1);
    CHECK(!parses(text, &filter));
    CHECK_TEXT(problems.first->message->code, "filter_long");
}

/* 2026-02-13 is a Friday; the year is not published, so weekends alone rest. */
static void due_counts_from_today_by_the_calendar(void)
{
    static const struct {
        const char *text;
        const char *from;
        const char *to;
    } rows[] = {
        {"due<3wd", "", "2026-02-17"},
        {"due<=3wd", "", "2026-02-18"},
        {"due>3wd", "2026-02-19", ""},
        {"due>=2026-03-01", "2026-03-01", ""},
        {"due=today", "2026-02-13", "2026-02-13"},
        {"due<-2wd", "", "2026-02-10"},
        {"due<=1mo", "", "2026-03-13"},
        {"due>=today & due<10d", "2026-02-13", "2026-02-22"},
        {"overdue", "", "2026-02-13"},
        {"overdue & due<-5d", "", "2026-02-07"},
    };
    static uint8_t calendar_memory[1 << 20];
    struct arena own;

    arena_init_over(&own, calendar_memory, sizeof(calendar_memory));

    struct office office = {
        .calendar = calendar_build(&own, TEXT("cn"), TEXT("1"), NULL, NULL, 0),
        .zone_ms = (int64_t)8 * 3600000,
    };
    int64_t now_ms = date_midnight(date_of(2026, 2, 13), office.zone_ms) + (int64_t)9 * 3600000;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct filter filter;
        int32_t from;
        int32_t to;
        int32_t wanted_from = INT32_MIN;
        int32_t wanted_to = INT32_MAX - 1;

        (void)date_parse(text_of(rows[i].from), &wanted_from);
        (void)date_parse(text_of(rows[i].to), &wanted_to);
        CHECK(parses(rows[i].text, &filter));
        CHECK(filter_due_dates(&filter, &office, now_ms, &from, &to));
        if (!CHECK_INTEGER(from, wanted_from) || !CHECK_INTEGER(to, wanted_to)) {
            CHECK_TEXT(rows[i].text, "");
        }
    }
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(conditions_are_read_in_any_order),
        TEST(what_is_wrong_is_told_at_its_place),
        TEST(one_that_is_too_long_is_refused),
        TEST(due_counts_from_today_by_the_calendar),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
