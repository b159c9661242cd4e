#ifndef DUBAN_CORE_DATE_H
#define DUBAN_CORE_DATE_H

/*
 * Dates and instants. A date is a count of days since 1970-01-01 in the agency's zone, an
 * instant a count of milliseconds since 1970-01-01T00:00Z; both are plain integers so that
 * reckoning is arithmetic. A zone is an offset: China has one, without summer time, and libc is
 * never asked.
 */
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define DATE_NONE     INT32_MIN
#define INSTANT_NONE  INT64_MIN /* not known, not set */
#define INSTANT_NEVER INT64_MAX /* after everything */

#define DAY_MS  ((int64_t)86400000)
#define HOUR_MS ((int64_t)3600000)

/* What the calendars' tables reach; dates outside are refused at every border. */
#define YEAR_FIRST 1970
#define YEAR_LAST  2199

/* Room for "2026-05-31" and "2026-06-01T00:00:00.000+08:00", each with its NUL. */
#define DATE_TEXT_SIZE    11
#define INSTANT_TEXT_SIZE 30

struct civil {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
};

/* The quotient rounded down, also below zero. */
int64_t divide_down(int64_t a, int64_t b);

struct civil civil_of(int32_t date);
/* The date of a civil day that exists. */
int32_t date_of(int32_t year, int32_t month, int32_t day);
bool date_exists(int32_t year, int32_t month, int32_t day);
int32_t date_days_in_month(int32_t year, int32_t month);
/* 0 is Monday, 6 is Sunday. */
int32_t date_weekday(int32_t date);
/* The same day of the month `months` later, or that month's last day where it has none. */
int32_t date_add_months(int32_t date, int32_t months);

/* The local date of an instant, and 00:00 of a local date, in a zone of that offset. */
int32_t date_of_instant(int64_t at_ms, int64_t zone_ms);
int64_t date_midnight(int32_t date, int64_t zone_ms);

/* "2026-05-31", within YEAR_FIRST..YEAR_LAST. */
bool date_parse(struct text text, int32_t *date);
/*
 * "2026-05-31T09:30", with optional ":SS" and ".mmm", and an optional zone "Z", "+08:00";
 * without one the instant is meant in the zone given. A bare date is its 00:00.
 */
bool instant_parse(struct text text, int64_t zone_ms, int64_t *at_ms);
/* Write with a NUL; the answer is the size without it. */
size_t date_print(int32_t date, char out[DATE_TEXT_SIZE]);
/* Seconds always, milliseconds only where there are some, and the zone's offset. Any instant
 * may be given: one without a year of four digits is a line of dashes. */
size_t instant_print(int64_t at_ms, int64_t zone_ms, char out[INSTANT_TEXT_SIZE]);

/* The offset of a zone we know ("Asia/Shanghai"); false for others. */
bool zone_parse(struct text name, int64_t *zone_ms);

#endif
