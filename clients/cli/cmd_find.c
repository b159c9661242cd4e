#include "cli/asked.h"
#include "cli/commands.h"
#include "cli/out.h"
#include "engine/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES ((size_t)1 << 16)
enum { COLUMNS = 9 };

static const struct option options[] = {
    {.name = "limit",
     .value = "N",
     .en = "at most so many cases (100; at most 10000)",
     .zh = "最多列出多少件（默认 100，最多 10000）"},
    {.name = "after",
     .value = "PLACE",
     .en = "go on behind the place that an answer ended with",
     .zh = "从上次应答给出的位置继续"},
    {.name = "agency",
     .value = "AGENCY",
     .en = "of this agency alone, as agency=AGENCY does (DUBAN_AGENCY)",
     .zh = "仅限该机构，同 agency=机构（DUBAN_AGENCY）"},
    CONTROL_RUN_OPTION,
};

static const struct out_column columns[COLUMNS] = {
    {.name = "case", .en = "CASE", .zh = "案号"},
    {.name = "agency", .en = "AGENCY", .zh = "机构"},
    {.name = "procedure", .en = "PROCEDURE", .zh = "程序"},
    {.name = "stage", .en = "STAGE", .zh = "阶段"},
    {.name = "state", .en = "STATE", .zh = "状态"},
    {.name = "last_day", .en = "LAST DAY", .zh = "末日"},
    {.name = "overdue", .en = "OVERDUE", .zh = "逾期", .kind = OUT_FLAG},
    {.name = "officer", .en = "OFFICER", .zh = "承办人"},
    {.name = "opened", .en = "OPENED", .zh = "立案时间"},
};

static const struct message bad_limit = {"find_limit",
                                         "--limit wants a number from 1 to 10000, not `{0}`",
                                         "--limit 应为 1 至 10000 的数，而非“{0}”"};
static const struct message long_filter = {"find_long", "the filter is too long",
                                           "筛选条件过长"};
static const struct message found_all = {"find_all", "{0} found; that is all of them",
                                         "共 {0} 件，已全部列出"};
static const struct message found_some = {"find_some",
                                          "{0} found, and there are more: add --after {1}",
                                          "已列出 {0} 件，尚有更多：请加 --after {1}"};

/* All words are one filter, joined by &; the agency goes with them. */
static bool put_together(const struct arguments *arguments, char out[FILTER_BYTES_MAX + 1])
{
    const char *agency = argument_value(arguments, "agency");
    size_t at = 0;

    agency = agency != NULL ? agency : getenv("DUBAN_AGENCY");
    out[0] = '\0';
    for (uint32_t i = 0; i < arguments->word_count && at < FILTER_BYTES_MAX; i++) {
        int size = snprintf(out + at, FILTER_BYTES_MAX + 1 - at, "%s%s", i > 0 ? " & " : "",
                            arguments->words[i]);

        at += size < 0 ? 0 : (size_t)size;
    }
    if (agency != NULL && agency[0] != '\0' && strstr(out, "agency") == NULL &&
        at < FILTER_BYTES_MAX) {
        int size = snprintf(out + at, FILTER_BYTES_MAX + 1 - at, "%sagency=%s",
                            at > 0 ? " & " : "", agency);

        at += size < 0 ? 0 : (size_t)size;
    }
    return at <= FILTER_BYTES_MAX;
}

/* The daemon refuses it too; here the place can be shown. */
static bool reads(const char *filter)
{
    struct source source = {.name = TEXT("filter"), .bytes = text_of(filter)};
    struct problem_list problems;
    struct filter parsed;
    struct arena arena;

    arena_init_growing(&arena, ARENA_BYTES);
    problem_list_init(&problems, &arena);

    bool good = filter_parse(&source, &parsed, &problems);

    words_print_problems(stderr, &problems);
    arena_fini(&arena);
    return good;
}

static void print_table(const json_t *cases)
{
    struct out_table *table = out_table_open(columns, COLUMNS);
    bool people = out_format() == OUT_TABLE;

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *found = json_array_get(cases, i);
        char last_day[ASKED_TIME_BYTES];
        char opened[ASKED_TIME_BYTES];
        const char *const cells[COLUMNS] = {
            asked_text(found, "case"),
            asked_text(found, "agency"),
            people ? asked_words(found, "procedure") : asked_text(found, "procedure"),
            people ? asked_words(found, "stage") : asked_text(found, "stage"),
            people ? asked_state(found) : asked_text(found, "state"),
            people ? asked_date(found, "last_day", last_day) : asked_text(found, "last_day"),
            json_is_true(json_object_get(found, "overdue")) ? "yes" : "no",
            asked_text(found, "officer"),
            people ? asked_instant(found, "opened", opened) : asked_text(found, "opened"),
        };

        out_table_row(table, cells);
    }
    out_table_print(table);
}

/* A case a line, then whether those are all. */
static void print_json(json_t *answer)
{
    const json_t *cases = json_object_get(answer, "cases");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        out_json(json_incref(json_array_get(cases, i)));
    }
    (void)json_object_del(answer, "cases");
    out_json(json_incref(answer));
}

static void print(json_t *answer)
{
    char count[24];
    bool all = json_is_true(json_object_get(answer, "complete"));

    if (out_format() == OUT_JSON) {
        print_json(answer);
        return;
    }
    (void)snprintf(count, sizeof(count), "%zu",
                   json_array_size(json_object_get(answer, "cases")));
    print_table(json_object_get(answer, "cases"));
    words_print(out_format() == OUT_TABLE ? stdout : stderr, all ? &found_all : &found_some,
                (const char *[]){count, asked_text(answer, "after")});
}

static enum exit_code run(const struct arguments *arguments)
{
    char filter[FILTER_BYTES_MAX + 1];
    char after[2 * ASKED_NAME_BYTES];
    const char *limit = argument_value(arguments, "limit");
    const char *place = argument_value(arguments, "after");
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    Duban__V1__FindQuery find = DUBAN__V1__FIND_QUERY__INIT;
    int64_t number = 0;
    json_t *answer;

    if (!put_together(arguments, filter)) {
        return command_misused(arguments, &long_filter, NULL);
    }
    if (limit != NULL &&
        (!text_to_integer(text_of(limit), &number) || number < 1 || number > 10000)) {
        return command_misused(arguments, &bad_limit, (const char *[]){limit});
    }
    if (!reads(filter)) {
        return EXIT_USAGE;
    }
    (void)snprintf(after, sizeof(after), "%s", place == NULL ? "" : place);
    find.filter = filter;
    find.limit = (uint32_t)number;
    find.after = after;
    query.at_least_seq = CONTROL_ALL_THERE_IS;
    query.what_case = DUBAN__V1__QUERY__WHAT_FIND;
    query.find = &find;

    enum exit_code code = control_query(arguments, &query, &answer);

    if (code == EXIT_DONE) {
        print(answer);
        json_decref(answer);
    }
    return code;
}

static const char *const usages[] = {"find [CONDITION…] [--limit N] [-o json|csv]", NULL};
static const struct message examples = {"find_examples",
                                        "  duban find overdue\n"
                                        "  duban find 'stage=review & due<3wd & agency=gulou'\n"
                                        "  duban find state=closed case=K-2026* -o csv\n",
                                        "  duban find overdue\n"
                                        "  duban find 'stage=review & due<3wd & agency=gulou'\n"
                                        "  duban find state=closed case=K-2026* -o csv\n"};
static const struct message notes = {
    "find_notes",
    "Conditions, joined by & (or given as several words):\n"
    "  agency= procedure= stage=    a name; != for any other\n"
    "  state=                       open, ending (in its last stage a limit goes on), closed\n"
    "  case=                        a case's name, K-2026* for all that begin so\n"
    "  due< <= = >= >               a date, today, or a length from today: 3wd, 10d, -2wd\n"
    "  overdue                      something is due that was not done\n"
    "due is the last day of the duty that is due first. The order is by agency, procedure, "
    "stage, "
    "due.\n",
    "条件以 & 连接（也可写成多个词）：\n"
    "  agency= procedure= stage=    名称；!= 表示除此以外\n"
    "  state=                       open 办理中、ending 末阶段尚有期限、closed 已结案\n"
    "  case=                        案号；K-2026* 表示以此开头\n"
    "  due< <= = >= >               日期、today，或自今日起的期间：3wd、10d、-2wd\n"
    "  overdue                      有到期未办事项\n"
    "due 指最先到期的义务期限的末日。按机构、程序、阶段、末日排列。\n"};

const struct command command_find = {
    .name = "find",
    .en = "find cases by stage, state, agency and what falls due",
    .zh = "按阶段、状态、机构、到期日查找案件",
    .usages = usages,
    .examples = &examples,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 32,
    .run = run,
};
