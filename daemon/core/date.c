#include "core/date.h"

#include <string.h>

/*
 * Days from 0000-03-01 to 1970-01-01. Years begin in March here, so that a leap day comes last.
 */
enum { EPOCH_FROM_MARCH_0 = 719468, DAYS_IN_400_YEARS = 146097 };

int64_t divide_down(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static bool leap(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

struct civil civil_of(int32_t date)
{
    int64_t days = (int64_t)date + EPOCH_FROM_MARCH_0;
    int64_t era = divide_down(days, DAYS_IN_400_YEARS);
    int32_t of_era = (int32_t)(days - era * DAYS_IN_400_YEARS);
    int32_t year_of_era =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / (DAYS_IN_400_YEARS - 1)) / 365;
    int32_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t march_month = (5 * of_year + 2) / 153;
    int32_t month = march_month < 10 ? march_month + 3 : march_month - 9;

    return (struct civil){
        .year = (int32_t)(era * 400) + year_of_era + (month <= 2),
        .month = month,
        .day = of_year - (153 * march_month + 2) / 5 + 1,
    };
}

int32_t date_of(int32_t year, int32_t month, int32_t day)
{
    int64_t march_year = (int64_t)year - (month <= 2);
    int64_t era = divide_down(march_year, 400);
    int32_t year_of_era = (int32_t)(march_year - era * 400);
    int32_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int32_t of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;

    return (int32_t)(era * DAYS_IN_400_YEARS + of_era - EPOCH_FROM_MARCH_0);
}

int32_t date_days_in_month(int32_t year, int32_t month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && leap(year) ? 29 : days[month - 1];
}

bool date_exists(int32_t year, int32_t month, int32_t day)
{
    return year >= YEAR_FIRST && year <= YEAR_LAST && month >= 1 && month <= 12 && day >= 1 &&
           day <= date_days_in_month(year, month);
}

int32_t date_weekday(int32_t date)
{
    int32_t from_monday = (date % 7 + 3) % 7; /* 1970-01-01 was a Thursday */

    return from_monday < 0 ? from_monday + 7 : from_monday;
}

int32_t date_add_months(int32_t date, int32_t months)
{
    struct civil civil = civil_of(date);
    int64_t sum = (int64_t)civil.year * 12 + (civil.month - 1) + months;
    int32_t year = (int32_t)divide_down(sum, 12);
    int32_t month = (int32_t)(sum - (int64_t)year * 12) + 1;
    int32_t last = date_days_in_month(year, month);

    return date_of(year, month, civil.day < last ? civil.day : last);
}

int32_t date_of_instant(int64_t at_ms, int64_t zone_ms)
{
    return (int32_t)divide_down(at_ms + zone_ms, DAY_MS);
}

int64_t date_midnight(int32_t date, int64_t zone_ms)
{
    return (int64_t)date * DAY_MS - zone_ms;
}

/* A text read from its front; once something did not fit, `broken` stays. */
struct cursor {
    struct text rest;
    bool broken;
};

static bool next_is(const struct cursor *cursor, char c)
{
    return !cursor->broken && cursor->rest.size > 0 && cursor->rest.bytes[0] == c;
}

static void skip(struct cursor *cursor, char c)
{
    if (next_is(cursor, c)) {
        cursor->rest = text_part(cursor->rest, 1, cursor->rest.size);
    } else {
        cursor->broken = true;
    }
}

/* Exactly `count` digits. */
static int32_t digits(struct cursor *cursor, size_t count)
{
    int32_t value = 0;

    if (cursor->broken || cursor->rest.size < count) {
        cursor->broken = true;
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        char c = cursor->rest.bytes[i];

        if (c < '0' || c > '9') {
            cursor->broken = true;
            return 0;
        }
        value = value * 10 + (c - '0');
    }
    cursor->rest = text_part(cursor->rest, count, cursor->rest.size);
    return value;
}

static int32_t read_date(struct cursor *cursor)
{
    int32_t year = digits(cursor, 4);

    skip(cursor, '-');
    int32_t month = digits(cursor, 2);

    skip(cursor, '-');
    int32_t day = digits(cursor, 2);

    if (cursor->broken || !date_exists(year, month, day)) {
        cursor->broken = true;
        return 0;
    }
    return date_of(year, month, day);
}

bool date_parse(struct text text, int32_t *date)
{
    struct cursor cursor = {.rest = text};
    int32_t value = read_date(&cursor);

    if (cursor.broken || cursor.rest.size > 0) {
        return false;
    }
    *date = value;
    return true;
}

/* "09:30", with optional ":SS" and ".mmm", as milliseconds of the day. */
static int64_t read_time(struct cursor *cursor)
{
    int32_t hour = digits(cursor, 2);

    skip(cursor, ':');
    int32_t minute = digits(cursor, 2);
    int32_t second = 0;
    int32_t thousandths = 0;

    if (next_is(cursor, ':')) {
        skip(cursor, ':');
        second = digits(cursor, 2);
        if (next_is(cursor, '.')) {
            skip(cursor, '.');
            thousandths = digits(cursor, 3);
        }
    }
    if (hour > 23 || minute > 59 || second > 59) {
        cursor->broken = true;
    }
    return ((int64_t)(hour * 60 + minute) * 60 + second) * 1000 + thousandths;
}

/* "Z" or "+08:00"; the zone given where none is written. */
static int64_t read_zone(struct cursor *cursor, int64_t zone_ms)
{
    if (next_is(cursor, 'Z')) {
        skip(cursor, 'Z');
        return 0;
    }
    if (!next_is(cursor, '+') && !next_is(cursor, '-')) {
        return zone_ms;
    }

    int32_t sign = next_is(cursor, '-') ? -1 : 1;

    skip(cursor, sign < 0 ? '-' : '+');
    int32_t hours = digits(cursor, 2);

    skip(cursor, ':');
    int32_t minutes = digits(cursor, 2);

    if (hours > 14 || minutes > 59) {
        cursor->broken = true;
    }
    return (int64_t)sign * (hours * 60 + minutes) * 60000;
}

bool instant_parse(struct text text, int64_t zone_ms, int64_t *at_ms)
{
    struct cursor cursor = {.rest = text};
    int32_t date = read_date(&cursor);
    int64_t of_day = 0;
    int64_t zone = zone_ms;

    if (!cursor.broken && cursor.rest.size > 0) {
        skip(&cursor, 'T');
        of_day = read_time(&cursor);
        zone = read_zone(&cursor, zone_ms);
    }
    if (cursor.broken || cursor.rest.size > 0) {
        return false;
    }
    *at_ms = date_midnight(date, zone) + of_day;
    return true;
}

/* `count` digits of a value that has no more. */
static char *put_digits(char *out, int64_t value, size_t count)
{
    for (size_t i = count; i > 0; i--) {
        out[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + count;
}

static char *put_char(char *out, char c)
{
    *out = c;
    return out + 1;
}

size_t date_print(int32_t date, char out[DATE_TEXT_SIZE])
{
    struct civil civil = civil_of(date);

    if (civil.year < 0 || civil.year > 9999) {
        memcpy(out, "----------", DATE_TEXT_SIZE);
        return DATE_TEXT_SIZE - 1;
    }

    char *at = put_digits(out, civil.year, 4);

    at = put_digits(put_char(at, '-'), civil.month, 2);
    at = put_digits(put_char(at, '-'), civil.day, 2);
    *at = '\0';
    return (size_t)(at - out);
}

size_t instant_print(int64_t at_ms, int64_t zone_ms, char out[INSTANT_TEXT_SIZE])
{
    if (at_ms < date_midnight(date_of(0, 1, 1), zone_ms) ||
        at_ms >= date_midnight(date_of(10000, 1, 1), zone_ms)) { /* a peer may name any */
        memcpy(out, "----------", DATE_TEXT_SIZE);
        return DATE_TEXT_SIZE - 1;
    }

    int32_t date = date_of_instant(at_ms, zone_ms);
    int64_t of_day = at_ms - date_midnight(date, zone_ms);
    int64_t zone_minutes = (zone_ms < 0 ? -zone_ms : zone_ms) / 60000;
    char *at = out + date_print(date, out);

    at = put_digits(put_char(at, 'T'), of_day / 3600000, 2);
    at = put_digits(put_char(at, ':'), of_day / 60000 % 60, 2);
    at = put_digits(put_char(at, ':'), of_day / 1000 % 60, 2);
    if (of_day % 1000 != 0) {
        at = put_digits(put_char(at, '.'), of_day % 1000, 3);
    }
    at = put_digits(put_char(at, zone_ms < 0 ? '-' : '+'), zone_minutes / 60, 2);
    at = put_digits(put_char(at, ':'), zone_minutes % 60, 2);
    *at = '\0';
    return (size_t)(at - out);
}

bool zone_parse(struct text name, int64_t *zone_ms)
{
    static const struct {
        struct text name;
        int64_t zone_ms;
    } zones[] = {
        {TEXT_INIT("Asia/Shanghai"), (int64_t)8 * 3600000},
    };

    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        if (text_equal(name, zones[i].name)) {
            *zone_ms = zones[i].zone_ms;
            return true;
        }
    }
    return false;
}
