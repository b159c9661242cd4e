#include "model/say.h"

/* Text forms of facts, read letter by letter. What cannot be read is not known. */
static bool digits(struct text text, size_t from, size_t size, int64_t *out)
{
    *out = 0;
    if (size == 0 || from + size > text.size || size > 15) {
        return false;
    }
    for (size_t i = from; i < from + size; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9') {
            return false;
        }
        *out = *out * 10 + (text.bytes[i] - '0');
    }
    return true;
}

static bool read_number(struct text text, int64_t *out)
{
    bool minus = text.size > 0 && text.bytes[0] == '-';

    if (!digits(text, minus, text.size - minus, out)) {
        return false;
    }
    *out = minus ? -*out : *out;
    return true;
}

static bool read_money(struct text text, int64_t *out)
{
    size_t size = text.size;
    int64_t cents = 0;

    if (size > 3 && text.bytes[size - 3] == '.') {
        if (!digits(text, size - 2, 2, &cents)) {
            return false;
        }
        text.size -= 3;
    }
    if (!digits(text, 0, text.size, out)) {
        return false; /* the model draws no negative money */
    }
    *out = *out * 100 + cents;
    return true;
}

static bool read_date(struct text text, int32_t *out)
{
    int64_t year;
    int64_t month;
    int64_t day;
    int64_t last = 31;

    if (text.size != 10 || text.bytes[4] != '-' || text.bytes[7] != '-' ||
        !digits(text, 0, 4, &year) || !digits(text, 5, 2, &month) ||
        !digits(text, 8, 2, &day) || year < 1970 || year > 2199 || month < 1 || month > 12) {
        return false;
    }
    if (month == 4 || month == 6 || month == 9 || month == 11) {
        last = 30;
    } else if (month == 2) {
        last = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
    }
    if (day < 1 || day > last) {
        return false;
    }
    *out = walk_civil((int32_t)year, (int32_t)month, (int32_t)day);
    return true;
}

/* The model draws instants as "2026-05-31T09:30" alone. */
static bool read_instant(struct text text, int64_t zone_ms, int64_t *out)
{
    int32_t date;
    int64_t hour;
    int64_t minute;

    if (text.size != 16 || text.bytes[10] != 'T' || text.bytes[13] != ':' ||
        !read_date((struct text){text.bytes, 10}, &date) || !digits(text, 11, 2, &hour) ||
        !digits(text, 14, 2, &minute) || hour > 23 || minute > 59) {
        return false;
    }
    *out = date * DAY_MS + hour * 3600000 + minute * 60000 - zone_ms;
    return true;
}

static bool read_length(struct text text, struct length *out)
{
    static const char *const units[] = {"min", "h", "d", "wd", "mo", "y"};
    size_t size = 0;
    int64_t count;

    while (size < text.size && text.bytes[size] >= '0' && text.bytes[size] <= '9') {
        size++;
    }
    if (!digits(text, 0, size, &count) || count > LENGTH_COUNT_MAX) {
        return false;
    }
    for (int i = 0; i < 6; i++) {
        if (text_is((struct text){text.bytes + size, text.size - size}, units[i])) {
            *out = (struct length){(int32_t)count, (enum length_unit)i};
            return true;
        }
    }
    return false;
}

static bool read_choice(struct text text, const struct choices *choices, uint32_t *out)
{
    for (uint32_t i = 0; i < choices->count; i++) {
        if (text_equal(choices->names[i], text)) {
            *out = i;
            return true;
        }
    }
    return false;
}

static bool read_set(struct text text, const struct choices *choices, uint64_t *out)
{
    *out = 0;
    while (text.size > 0) {
        struct text rest;
        uint32_t choice;

        if (!read_choice(text_cut(text, ',', &rest), choices, &choice)) {
            return false;
        }
        *out |= (uint64_t)1 << choice;
        text = rest;
    }
    return true;
}

struct value say_value(struct text text, enum value_type type, const struct choices *choices,
                       int64_t zone_ms)
{
    struct value value = {.type = type};

    switch (type) {
    case VALUE_FLAG:
        value.flag = text_is(text, "true");
        value.known = value.flag || text_is(text, "false");
        break;
    case VALUE_INTEGER:
        value.known = read_number(text, &value.number);
        break;
    case VALUE_MONEY:
        value.known = read_money(text, &value.number);
        break;
    case VALUE_TEXT:
        value.text = text;
        value.known = true;
        break;
    case VALUE_DATE:
        value.known = read_date(text, &value.date);
        break;
    case VALUE_INSTANT:
        value.known = read_instant(text, zone_ms, &value.number);
        break;
    case VALUE_LENGTH:
        value.known = read_length(text, &value.length);
        break;
    case VALUE_CHOICE:
        value.known = read_choice(text, choices, &value.choice);
        break;
    case VALUE_SET:
        value.known = read_set(text, choices, &value.set);
        break;
    }
    return value;
}
