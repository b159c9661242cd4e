#include "cli/date.h"

#include "base/must.h"
#include "cli/days.h"
#include "cli/out.h"

#include <stdio.h>
#include <stdlib.h>

enum { COUNTED_SIZE = 128 };

/* What became of a date, for programs; the words for people stand below. */
static const char *const mark_codes[] = {
    [DAY_START] = "start",   [DAY_COUNTED] = "counted", [DAY_RESTS] = "rests",
    [DAY_PAUSED] = "paused", [DAY_ROLLED] = "rolled",   [DAY_HELD] = "held",
    [DAY_LAST] = "last",     [DAY_GIVEN] = "given",     [DAY_BETWEEN] = "between",
};

static const struct message mark_words[] = {
    [DAY_START] = {"start", "day 0, not counted", "起算日，不计"},
    [DAY_COUNTED] = {"counted", "day {0}{1}", "第 {0} 日{1}"},
    [DAY_RESTS] = {"rests", "rests, not counted", "休息日，不计"},
    [DAY_PAUSED] = {"paused", "paused, not counted", "中止，不计"},
    [DAY_ROLLED] = {"rolled", "rests, the last day rolls on", "休息日，届满日顺延"},
    [DAY_HELD] = {"held", "passed over: a later last day was promised",
                  "已告知更晚的届满日，顺延至该日"},
    [DAY_LAST] = {"last", "day {0}{1}: LAST DAY", "第 {0} 日{1}：届满日"},
    [DAY_GIVEN] = {"given", "the given date", "给定日期"},
    [DAY_BETWEEN] = {"between", "{0} before the date", "倒数第 {0} 日"},
};

static const struct message last_rolled = {"last", "LAST DAY", "届满日"};
static const struct message of_extension = {"of_extension", " of extension {0}",
                                            "（第 {0} 次延长）"};

static void number_into(uint32_t number, char out[12])
{
    (void)snprintf(out, 12, "%u", number);
}

static void counted_words(const struct day_line *line, char out[COUNTED_SIZE])
{
    char n[12];
    char part[12];
    char extension[64] = "";

    number_into((uint32_t)line->n, n);
    number_into(line->part, part);
    if (line->part > 0) {
        struct text text = text_of(part);

        (void)message_print(words_in(&of_extension), &text, extension, sizeof(extension));
    }

    const struct message *message =
        line->mark == DAY_LAST && line->n == 0 ? &last_rolled : &mark_words[line->mark];
    struct text texts[PROBLEM_ARGUMENTS] = {text_of(n), text_of(extension)};

    (void)message_print(words_in(message), texts, out, COUNTED_SIZE);
}

/* All lines of the explanation; *count of them, to be freed. */
static struct day_line *explain(const struct question *question, const struct office *office,
                                uint32_t *count)
{
    uint32_t all = due_explain(&question->derivation, office, NULL, 0);
    struct day_line *lines = calloc((size_t)all + 1, sizeof(*lines));

    if (lines == NULL) {
        (void)fputs("duban: out of memory\n", stderr);
        exit(EXIT_REFUSED);
    }
    *count = due_explain(&question->derivation, office, lines, all);
    MUST(*count == all);
    return lines;
}

void date_print_days(const struct question *question, const struct office *office)
{
    static const struct out_column columns[] = {
        {.name = "date", .en = "DATE", .zh = "日期"},
        {.name = "weekday", .en = "DAY", .zh = "星期"},
        {.name = "kind", .en = "KIND", .zh = "日别"},
        {.name = "counted", .en = "COUNTED AS", .zh = "计为"},
    };
    uint32_t count;
    struct day_line *lines = explain(question, office, &count);
    struct out_table *table = out_table_open(columns, 4);

    for (uint32_t i = 0; i < count; i++) {
        char date[DATE_TEXT_SIZE];
        char kind[DAY_WORDS_SIZE];
        char counted[COUNTED_SIZE];

        (void)date_print(lines[i].date, date);
        day_kind_words(office->calendar, lines[i].date, kind);
        counted_words(&lines[i], counted);
        out_table_row(table,
                      (const char *[]){date, weekday_words(lines[i].date), kind, counted});
    }
    out_table_print(table);
    free(lines);
}

static json_t *day_json(const struct day_line *line, const struct office *office)
{
    char date[DATE_TEXT_SIZE];
    bool numbered = line->mark == DAY_COUNTED || line->mark == DAY_BETWEEN ||
                    (line->mark == DAY_LAST && line->n > 0);
    json_t *name = line->row == NULL
                       ? json_null()
                       : json_stringn(line->row->name.bytes, line->row->name.size);

    (void)date_print(line->date, date);
    return json_pack("{s:s, s:i, s:s, s:o, s:b, s:s, s:o, s:i}", "date", date, "weekday",
                     (int)date_weekday(line->date) + 1, "kind",
                     day_kind_code(office->calendar, line->date), "name", name, "covered",
                     (int)line->covered, "counted", mark_codes[line->mark], "n",
                     numbered ? json_integer(line->n) : json_null(), "part", (int)line->part);
}

json_t *date_days_json(const struct question *question, const struct office *office)
{
    uint32_t count;
    struct day_line *lines = explain(question, office, &count);
    json_t *array = json_array();

    for (uint32_t i = 0; i < count; i++) {
        MUST(json_array_append_new(array, day_json(&lines[i], office)) == 0);
    }
    free(lines);
    return array;
}
