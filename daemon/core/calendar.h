#ifndef DUBAN_CORE_CALENDAR_H
#define DUBAN_CORE_CALENDAR_H

/*
 * Which local dates are working days: weekends rest and weekdays work, unless a row says
 * otherwise (`holiday` rests, `workday` is a make-up day). Built once from rows into tables
 * over all years, so that counting ninety working days is two look-ups and a subtraction, never
 * a walk. Every function takes every date: beyond the tables weekends alone decide, and nothing
 * is covered.
 */
#include "base/arena.h"
#include "core/date.h"

enum day_kind { DAY_HOLIDAY, DAY_WORKDAY };

/* One row of a calendar's CSV, in the order of the file. */
struct calendar_row {
    int32_t year;  /* 0: `--MM-DD`, holds in every year that is not covered */
    int32_t month; /* 1..12 */
    int32_t day;
    enum day_kind kind;
    struct text name; /* 春节 */
    uint32_t line;    /* of the file, for messages */
};

struct calendar; /* built by calendar_build, never changed after */

/*
 * Build into the arena; the rows are copied. A calendar that extends another takes the other's
 * rows where it has none of its own for the date; a year is covered when either has a row for
 * its 1 January. A dated row of a year that is not covered decides nothing. Rows must exist as
 * dates (`--02-29` does). NULL when the arena is spent.
 */
const struct calendar *calendar_build(struct arena *arena, struct text name,
                                      struct text version, const struct calendar *extends,
                                      const struct calendar_row *rows, uint32_t row_count);

struct text calendar_name(const struct calendar *calendar);
struct text calendar_version(const struct calendar *calendar);
/* All rows, those of the extended calendar too, by date; the yearly ones (year 0) first. */
const struct calendar_row *calendar_rows(const struct calendar *calendar, uint32_t *count);

bool calendar_works(const struct calendar *calendar, int32_t date);
/* Whether the year of this date has been published. */
bool calendar_covers(const struct calendar *calendar, int32_t date);
/* The row that decided about this date, or NULL where the weekday did. */
const struct calendar_row *calendar_row_of(const struct calendar *calendar, int32_t date);
/* How many working days lie in [first, last]; 0 when last < first. */
int32_t calendar_count(const struct calendar *calendar, int32_t first, int32_t last);
/* The n-th working day after `date` (before it for a negative n); `date` itself for 0. */
int32_t calendar_advance(const struct calendar *calendar, int32_t date, int32_t n);
/* The first working day on or after, and the last on or before. */
int32_t calendar_forward(const struct calendar *calendar, int32_t date);
int32_t calendar_backward(const struct calendar *calendar, int32_t date);
/* The first date in [first, last] whose answer to `works` depends on an unpublished year, or
 * DATE_NONE. */
int32_t calendar_first_uncovered(const struct calendar *calendar, int32_t first, int32_t last);

#endif
