#include "cli/days.h"

#include "cli/words.h"

#include <stdio.h>
#include <string.h>

const char *weekday_words(int32_t date)
{
    static const char *const zh[] = {"一", "二", "三", "四", "五", "六", "日"};
    static const char *const en[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    int32_t weekday = date_weekday(date);

    return words_pick(en[weekday], zh[weekday]);
}

const char *day_kind_code(const struct calendar *calendar, int32_t date)
{
    const struct calendar_row *row = calendar_row_of(calendar, date);

    if (row == NULL) {
        return calendar_works(calendar, date) ? "workday" : "weekend";
    }
    return row->kind == DAY_HOLIDAY ? "holiday" : "make-up";
}

static const char *kind_words(const struct calendar *calendar, int32_t date)
{
    const char *code = day_kind_code(calendar, date);

    if (strcmp(code, "workday") == 0) {
        return words_pick("workday", "工作日");
    }
    if (strcmp(code, "weekend") == 0) {
        return words_pick("weekend", "周末");
    }
    return strcmp(code, "holiday") == 0 ? words_pick("holiday", "放假")
                                        : words_pick("make-up day", "调休上班");
}

void day_kind_words(const struct calendar *calendar, int32_t date, char out[DAY_WORDS_SIZE])
{
    const struct calendar_row *row = calendar_row_of(calendar, date);
    bool named = row != NULL && !text_empty(row->name);
    struct text name = named ? text_part(row->name, 0, 120) : (struct text){.bytes = ""};

    (void)snprintf(out, DAY_WORDS_SIZE, "%s%s%.*s%s%s", kind_words(calendar, date),
                   named ? words_pick(" (", "（") : "", TEXT_ARGS(name),
                   named ? words_pick(")", "）") : "",
                   calendar_covers(calendar, date)
                       ? ""
                       : words_pick(", year not published", "，该年安排未公布"));
}

void date_words(const struct calendar *calendar, int32_t date, char out[DAY_WORDS_SIZE])
{
    char day[DATE_TEXT_SIZE];
    char kind[DAY_WORDS_SIZE];

    (void)date_print(date, day);
    day_kind_words(calendar, date, kind);
    (void)snprintf(out, DAY_WORDS_SIZE, "%s %s %.200s", day, weekday_words(date), kind);
}
