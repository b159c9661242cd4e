#include "cli/calendars.h"
#include "cli/commands.h"
#include "cli/days.h"
#include "cli/out.h"
#include "core/calendar.h"

#include <stdio.h>
#include <string.h>

enum {
    ARENA_BYTES = 256 * 1024 * 1024,
    FILES_MAX = 32,
    HOLIDAYS_LEAST = 11 /* the public holidays of the law, before they became 13 */
};

static const struct message bad_year = {"calendar_year",
                                        "`{0}` is no year between 1970 and 2199",
                                        "“{0}”不是 1970–2199 之间的年份"};
static const struct message no_verb = {
    "calendar_verb", "say what to do: duban calendar show, or duban calendar check FILE",
    "请说明要做什么：duban calendar show，或 duban calendar check 文件"};
static const struct message no_file = {"calendar_no_file",
                                       "name the calendar to check: duban calendar check FILE",
                                       "请给出要检查的日历文件：duban calendar check 文件"};
static const struct message thin_year = {
    "calendar_thin",
    "the year {0} has only {1} holiday rows, and the law has at least 11; is its notice "
    "complete?",
    "{0} 年只有 {1} 个放假日，少于法定的 11 天；该年安排是否录全？"};
static const struct message all_well = {"calendar_well", "{0}: well; {1} rows, covers {2}",
                                        "{0}：无误；{1} 行，已公布 {2}"};

struct tally {
    int32_t holidays; /* rows */
    int32_t makeups;
};

static struct tally tally_year(const struct calendar *calendar, int32_t year)
{
    struct tally tally = {0};
    uint32_t count;
    const struct calendar_row *rows = calendar_rows(calendar, &count);

    for (uint32_t i = 0; i < count; i++) {
        if (rows[i].year == year) {
            tally.holidays += rows[i].kind == DAY_HOLIDAY;
            tally.makeups += rows[i].kind == DAY_WORKDAY;
        }
    }
    return tally;
}

static bool covers_year(const struct calendar *calendar, int32_t year)
{
    return calendar_covers(calendar, date_of(year, 1, 1));
}

static const char *number(int64_t value, char out[24])
{
    (void)snprintf(out, 24, "%lld", (long long)value);
    return out;
}

static void show_years(const struct calendar *calendar)
{
    static const struct out_column columns[] = {
        {.name = "year", .en = "YEAR", .zh = "年", .kind = OUT_NUMBER},
        {.name = "workdays", .en = "WORKDAYS", .zh = "工作日", .kind = OUT_NUMBER},
        {.name = "holidays", .en = "HOLIDAYS", .zh = "放假日", .kind = OUT_NUMBER},
        {.name = "makeups", .en = "MAKE-UP DAYS", .zh = "调休上班日", .kind = OUT_NUMBER},
    };
    struct out_table *table = out_table_open(columns, 4);

    for (int32_t year = YEAR_FIRST; year <= YEAR_LAST; year++) {
        char cells[4][24];
        struct tally tally = tally_year(calendar, year);

        if (covers_year(calendar, year)) {
            out_table_row(table, (const char *[]){
                                     number(year, cells[0]),
                                     number(calendar_count(calendar, date_of(year, 1, 1),
                                                           date_of(year, 12, 31)),
                                            cells[1]),
                                     number(tally.holidays, cells[2]),
                                     number(tally.makeups, cells[3]),
                                 });
        }
    }
    out_table_print(table);
}

/* What the rows say about one year; of a year not covered, the yearly ones. */
static void show_year(const struct calendar *calendar, int32_t year)
{
    static const struct out_column columns[] = {
        {.name = "date", .en = "DATE", .zh = "日期"},
        {.name = "weekday", .en = "DAY", .zh = "星期"},
        {.name = "kind", .en = "KIND", .zh = "日别"},
        {.name = "name", .en = "NAME", .zh = "名称"},
    };
    struct out_table *table = out_table_open(columns, 4);

    for (int32_t date = date_of(year, 1, 1); date <= date_of(year, 12, 31); date++) {
        const struct calendar_row *row = calendar_row_of(calendar, date);
        char day[DATE_TEXT_SIZE];
        char name[128];

        if (row != NULL) {
            (void)date_print(date, day);
            (void)snprintf(name, sizeof(name), "%.*s", TEXT_ARGS(text_part(row->name, 0, 120)));
            out_table_row(table, (const char *[]){day, weekday_words(date),
                                                  day_kind_code(calendar, date), name});
        }
    }
    out_table_print(table);
}

static enum exit_code show(const struct arguments *arguments, struct arena *arena)
{
    const char *path = argument_value(arguments, "calendar");
    const char *asked = argument_value(arguments, "year");
    int64_t year = 0;

    if (path == NULL && arguments->word_count > 1) {
        path = arguments->words[1];
    }
    if (asked != NULL &&
        (!text_to_integer(text_of(asked), &year) || year < YEAR_FIRST || year > YEAR_LAST)) {
        return command_misused(arguments, &bad_year, (const char *[]){asked});
    }

    const struct calendar *calendar = calendar_load_or_complain(path, arena);

    if (calendar == NULL) {
        return EXIT_REFUSED;
    }
    if (asked == NULL) {
        show_years(calendar);
    } else {
        show_year(calendar, (int32_t)year);
    }
    return EXIT_DONE;
}

/* A year with few rows is covered all the same, and would be silently wrong. */
static void warn_of_thin_years(const struct calendar *calendar, const struct source *source,
                               enum severity severity, struct problem_list *problems)
{
    for (int32_t year = YEAR_FIRST; year <= YEAR_LAST; year++) {
        int32_t holidays = tally_year(calendar, year).holidays;

        if (covers_year(calendar, year) && holidays < HOLIDAYS_LEAST) {
            char texts[2][24];
            struct mark mark = {.source = source};

            problem_add(problems, severity, &thin_year, mark,
                        (struct text[]){text_of(number(year, texts[0])),
                                        text_of(number(holidays, texts[1]))},
                        2);
        }
    }
}

/* "2021–2026, 2028". */
static void covered_words(const struct calendar *calendar, char out[256])
{
    size_t at = 0;

    out[0] = '\0';
    for (int32_t year = YEAR_FIRST; year <= YEAR_LAST && at < 200; year++) {
        bool begins = covers_year(calendar, year) &&
                      (year == YEAR_FIRST || !covers_year(calendar, year - 1));
        int32_t last = year;

        while (begins && last < YEAR_LAST && covers_year(calendar, last + 1)) {
            last++;
        }
        if (begins) {
            at += (size_t)snprintf(out + at, 256 - at, "%s%d", at > 0 ? ", " : "", year);
        }
        if (begins && last > year) {
            at += (size_t)snprintf(out + at, 256 - at, "–%d", last);
        }
    }
    if (at == 0) {
        (void)snprintf(out, 256, "%s", words_pick("no year", "（无）"));
    }
}

static bool check_file(const char *path, bool strict, struct arena *arena)
{
    struct problem_list problems;
    struct source source = {.name = text_of(path)};

    problem_list_init(&problems, arena);

    const struct calendar *calendar = calendar_load(path, arena, &problems);

    if (calendar != NULL) {
        warn_of_thin_years(calendar, &source, strict ? PROBLEM_ERROR : PROBLEM_WARNING,
                           &problems);
    }
    words_print_problems(stderr, &problems);
    if (calendar == NULL || problems.error_count > 0) {
        return false;
    }

    char covered[256];
    char rows[24];
    uint32_t count;

    (void)calendar_rows(calendar, &count);
    covered_words(calendar, covered);
    words_print(stdout, &all_well, (const char *[]){path, number(count, rows), covered});
    return true;
}

static enum exit_code check(const struct arguments *arguments, struct arena *arena)
{
    uint32_t good = 0;
    uint32_t count = arguments->word_count - 1;
    const char *path = argument_value(arguments, "calendar");

    if (count == 0 && path == NULL) {
        return command_misused(arguments, &no_file, NULL);
    }
    if (path != NULL) {
        count++;
        good += check_file(path, argument_given(arguments, "strict"), arena);
    }
    for (uint32_t i = 1; i < arguments->word_count; i++) {
        good += check_file(arguments->words[i], argument_given(arguments, "strict"), arena);
    }
    return good == count ? EXIT_DONE : EXIT_REFUSED;
}

static enum exit_code run(const struct arguments *arguments)
{
    struct arena arena;

    if (arguments->word_count == 0) {
        return command_misused(arguments, &no_verb, NULL);
    }
    arena_init_growing(&arena, ARENA_BYTES);

    enum exit_code code = strcmp(arguments->words[0], "show") == 0 ? show(arguments, &arena)
                                                                   : check(arguments, &arena);

    arena_fini(&arena);
    return code;
}

static const struct option options[] = {
    {.name = "year",
     .value = "YEAR",
     .en = "show: the days of one year that are not as the week says",
     .zh = "show：列出某年与周末常规不同的日子"},
    {.name = "calendar",
     .value = "FILE",
     .en = "a calendar of your own (default: the one inside)",
     .zh = "自备日历文件（默认用内置日历）"},
    {.name = "strict", .en = "check: warnings are errors", .zh = "check：警告也算错误"},
};

static const char *const verbs[] = {"show", "check", NULL};
static const char *const usages[] = {
    "calendar show [FILE] [--year YEAR]",
    "calendar check FILE… [--strict]",
    NULL,
};

static const struct message examples = {"calendar_examples",
                                        "  duban calendar show\n"
                                        "  duban calendar show --year 2026\n"
                                        "  duban calendar check config/calendars/cn.csv\n",
                                        "  duban calendar show\n"
                                        "  duban calendar show --year 2026\n"
                                        "  duban calendar check config/calendars/cn.csv\n"};

const struct command command_calendar = {
    .name = "calendar",
    .en = "show the working days, or check a calendar's file",
    .zh = "查看工作日安排，或检查日历文件",
    .verbs = verbs,
    .usages = usages,
    .examples = &examples,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = FILES_MAX,
    .run = run,
};
