#include "codec/schema_scalar.h"

#include "core/date.h"
#include "core/length.h"
#include "core/procedure.h"
#include "core/value.h"

#include <string.h>

#define NAME_PATTERN   "[a-z][a-z0-9_]*"
#define LENGTH_PATTERN "[0-9]+(min|h|d|wd|mo|y)"
#define YEARLY_PATTERN "--[0-9]{2}-[0-9]{2}"
#define FACT_PATTERN   "facts\\." NAME_PATTERN

enum { NAME_BYTES_MAX = 64 };

#define SCALAR(code_, json_, pattern_, en_, zh_)                                    \
    {                                                                               \
        .json = (json_), .pattern = (pattern_), .refusal = {(code_), (en_), (zh_) } \
    }

static const struct scalar_look looks[SCALAR_COUNT] = {
    [SCALAR_NONE] = SCALAR("scalar_none", NULL, NULL, "", ""),
    [SCALAR_ANY] = SCALAR("scalar_any", "string number boolean", NULL, "", ""),
    [SCALAR_TEXT] =
        SCALAR("scalar_text", "string number", NULL,
               "`{0}` is no text for people; write 1 to 1024 bytes", "文字应为 1 至 1024 字节"),
    [SCALAR_NAME] =
        SCALAR("scalar_name", "string", "^" NAME_PATTERN "$",
               "`{0}` is no name; write small letters, digits and _, as in two_officers",
               "“{0}”不是名称；只能用小写字母、数字和下划线，如 two_officers"),
    [SCALAR_ID] = SCALAR("scalar_id", "string number", "^[A-Za-z0-9][A-Za-z0-9_.@-]*$",
                         "`{0}` is no identifier; write letters, digits and _ . @ -",
                         "“{0}”不是编号；只能用字母、数字和 _ . @ -"),
    [SCALAR_EVENT] =
        SCALAR("scalar_event", "string", "^" NAME_PATTERN "(\\." NAME_PATTERN ")*$",
               "`{0}` is no event; write names joined by dots, as in order.served",
               "“{0}”不是事件名；应为以点相连的名称，如 order.served"),
    [SCALAR_PATH] = SCALAR("scalar_path", "string", "^[^\\s]+$",
                           "`{0}` is no path; write keys joined by dots, as in "
                           "stages.filed.events.order.served.needs.two_officers",
                           "“{0}”不是路径；应为以点相连的键，如 "
                           "stages.filed.events.order.served.needs.two_officers"),
    [SCALAR_LAYER] = SCALAR("scalar_layer", "string", "^" NAME_PATTERN "@[0-9]+$",
                            "`{0}` is no layer; write name@version, as in law-2021@1",
                            "“{0}”不是层；应写“名称@版本”，如 law-2021@1"),
    [SCALAR_WORD] = SCALAR("scalar_word", "string", NULL, "`{0}` is none of: {1}",
                           "“{0}”不在可选之列：{1}"),
    [SCALAR_FLAG] =
        SCALAR("scalar_flag", "boolean", NULL, "`{0}` is no flag; write true or false",
               "“{0}”不是真假值；应写 true 或 false"),
    [SCALAR_NUMBER] =
        SCALAR("scalar_number", "integer", NULL, "`{0}` is no whole number from 0 to 1000000",
               "“{0}”不是 0 至 1000000 的整数"),
    [SCALAR_DATE] =
        SCALAR("scalar_date", "string", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
               "`{0}` is no date; write 2021-07-15", "“{0}”不是日期；应写 2021-07-15"),
    [SCALAR_INSTANT] = SCALAR(
        "scalar_instant", "string", "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9:]+)?)?$",
        "`{0}` is no time; write 2026-03-02T09:30", "“{0}”不是时间；应写 2026-03-02T09:30"),
    [SCALAR_TIME] =
        SCALAR("scalar_time", "string", "^[0-2][0-9]:[0-5][0-9]$",
               "`{0}` is no time of day; write \"09:00\"", "“{0}”不是时刻；应写 \"09:00\""),
    [SCALAR_HOURS] = SCALAR(
        "scalar_hours", "string", "^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$",
        "`{0}` are no hours; write \"08:00-20:00\"", "“{0}”不是时段；应写 \"08:00-20:00\""),
    [SCALAR_LENGTH] = SCALAR("scalar_length", "string", "^" LENGTH_PATTERN "$",
                             "`{0}` is no length; write 90d, 7wd, 2mo, 1y, 8h or 30min",
                             "“{0}”不是期限；应写 90d、7wd、2mo、1y、8h 或 30min"),
    [SCALAR_OFFSET] =
        SCALAR("scalar_offset", "string", "^([-+]" LENGTH_PATTERN "|0(d|wd)|due)$",
               "`{0}` is no offset; write -3wd, 0d, +2wd or due",
               "“{0}”不是提醒时点；应写 -3wd、0d、+2wd 或 due"),
    [SCALAR_FACT] = SCALAR("scalar_fact", "string", "^" FACT_PATTERN "$",
                           "`{0}` is no fact; write facts.x with the name of a fact",
                           "“{0}”不是事实；应写 facts.x，x 为事实的名称"),
    [SCALAR_LENGTH_OR_FACT] =
        SCALAR("scalar_length", "string", "^(" LENGTH_PATTERN "|" FACT_PATTERN ")$",
               "`{0}` is no length; write 90d, 7wd, 2mo, 1y, 8h, 30min or facts.x",
               "“{0}”不是期限；应写 90d、7wd、2mo、1y、8h、30min 或 facts.x"),
    [SCALAR_YEARLY] = SCALAR("scalar_yearly", "string", "^" YEARLY_PATTERN "$",
                             "`{0}` is no date of the year; write --12-31",
                             "“{0}”不是每年的日期；应写 --12-31"),
    [SCALAR_FACT_OR_YEARLY] =
        SCALAR("scalar_fact", "string", "^(" FACT_PATTERN "|" YEARLY_PATTERN ")$",
               "`{0}` is no date; write facts.x, or a date of the year, --12-31",
               "“{0}”不是日期；应写 facts.x，或每年的日期 --12-31"),
    [SCALAR_GUARD] = SCALAR("scalar_guard", "string number boolean", NULL,
                            "a guard has at most 4096 bytes; name its parts under `define`",
                            "条件最多 4096 字节；请将其各部分写入 define"),
};

const struct scalar_look *scalar_look(enum scalar scalar)
{
    return &looks[scalar];
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_name(struct text text)
{
    if (text_empty(text) || text.size > NAME_BYTES_MAX || !is_small(text.bytes[0])) {
        return false;
    }
    for (size_t i = 1; i < text.size; i++) {
        if (!is_small(text.bytes[i]) && !is_digit(text.bytes[i]) && text.bytes[i] != '_') {
            return false;
        }
    }
    return true;
}

static bool is_id(struct text text)
{
    if (text_empty(text) || text.size > NAME_BYTES_MAX) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        char c = text.bytes[i];
        bool plain = is_small(c) || is_digit(c) || (c >= 'A' && c <= 'Z');

        if (!plain && (i == 0 || strchr("_.@-", c) == NULL)) {
            return false;
        }
    }
    return true;
}

static bool is_event(struct text text)
{
    if (text.size > NAME_BYTES_MAX || text_empty(text)) {
        return false;
    }
    while (!text_empty(text)) {
        struct text rest;
        struct text name = text_cut(text, '.', &rest);

        if (!is_name(name) || (text_empty(rest) && name.size != text.size)) {
            return false; /* the second: a dot with nothing behind it */
        }
        text = rest;
    }
    return true;
}

/* A procedure is called as a name, or with - in it. */
static bool is_layer(struct text text)
{
    struct text version;
    struct text name = text_cut(text, '@', &version);
    int64_t number;

    return is_id(name) && text_to_integer(version, &number) && number > 0 &&
           number <= INT32_MAX;
}

static bool is_fact(struct text text)
{
    struct text name;

    return text_is(text_cut(text, '.', &name), "facts") && is_name(name);
}

bool time_parse(struct text text, int64_t *ms)
{
    int64_t hours;
    int64_t minutes;

    if (text.size != 5 || text.bytes[2] != ':' || !is_digit(text.bytes[0]) ||
        !is_digit(text.bytes[3]) || !text_to_integer(text_part(text, 0, 2), &hours) ||
        !text_to_integer(text_part(text, 3, 2), &minutes) || hours > 24 || minutes > 59 ||
        (hours == 24 && minutes > 0)) {
        return false;
    }
    *ms = (hours * 60 + minutes) * 60000;
    return true;
}

bool hours_parse(struct text text, int64_t *from_ms, int64_t *to_ms)
{
    int64_t from;
    int64_t to;

    if (text.size != 11 || text.bytes[5] != '-' || !time_parse(text_part(text, 0, 5), &from) ||
        !time_parse(text_part(text, 6, 5), &to) || from >= to) {
        return false;
    }
    *from_ms = from;
    *to_ms = to;
    return true;
}

static bool is_word(struct text text, const char *const *words)
{
    for (uint32_t i = 0; i < SHAPE_WORDS_MAX && words[i] != NULL; i++) {
        if (text_is(text, words[i])) {
            return true;
        }
    }
    return false;
}

static bool is_number(struct text text)
{
    int64_t number;

    return text_to_integer(text, &number) && number >= 0 && number <= 1000000;
}

/* Dates, times and lengths, by the readers that will read them. */
static bool time_fits(enum scalar scalar, struct text text)
{
    struct length length;
    int32_t date;
    int64_t ms;

    if (scalar == SCALAR_DATE) {
        return date_parse(text, &date);
    }
    if (scalar == SCALAR_INSTANT) {
        return instant_parse(text, 0, &ms);
    }
    if (scalar == SCALAR_TIME) {
        return time_parse(text, &ms);
    }
    if (scalar == SCALAR_HOURS) {
        return hours_parse(text, &ms, &ms);
    }
    if (scalar == SCALAR_OFFSET) {
        return text_is(text, "due") || offset_parse(text, &length);
    }
    return length_parse(text, &length);
}

bool scalar_fits(enum scalar scalar, const char *const *words, struct text text)
{
    struct yearly yearly;

    switch (scalar) {
    case SCALAR_NONE:
    case SCALAR_COUNT:
        return false;
    case SCALAR_ANY:
        return true;
    case SCALAR_TEXT:
        return !text_empty(text) && text.size <= TEXT_MAX;
    case SCALAR_NAME:
        return is_name(text);
    case SCALAR_ID:
        return is_id(text);
    case SCALAR_EVENT:
        return is_event(text);
    case SCALAR_PATH:
        return !text_empty(text);
    case SCALAR_LAYER:
        return is_layer(text);
    case SCALAR_WORD:
        return is_word(text, words);
    case SCALAR_FLAG:
        return text_is(text, "true") || text_is(text, "false");
    case SCALAR_NUMBER:
        return is_number(text);
    case SCALAR_FACT:
        return is_fact(text);
    case SCALAR_LENGTH_OR_FACT:
        return is_fact(text) || time_fits(SCALAR_LENGTH, text);
    case SCALAR_YEARLY:
        return yearly_parse(text, &yearly);
    case SCALAR_FACT_OR_YEARLY:
        return is_fact(text) || yearly_parse(text, &yearly);
    case SCALAR_GUARD:
        return text.size <= 4096;
    case SCALAR_DATE:
    case SCALAR_INSTANT:
    case SCALAR_TIME:
    case SCALAR_HOURS:
    case SCALAR_LENGTH:
    case SCALAR_OFFSET:
        return time_fits(scalar, text);
    }
    return false;
}
