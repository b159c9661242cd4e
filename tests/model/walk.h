#ifndef DUBAN_MODEL_WALK_H
#define DUBAN_MODEL_WALK_H

/*
 * The oracle's days: dates looked up in a table that was filled by walking from 1970-01-01, and
 * limits found by walking from date to date, asking of each what the page says of it. Written
 * from time.md alone; nothing here knows how daemon/core reckons.
 */
#include "core/calendar.h"
#include "core/length.h"

enum {
    WALK_DAYS = 84006, /* 1970-01-01 up to 2199-12-31 */
    WALK_PAUSES = 512  /* of one limit */
};

/* What the rows say about each date. */
struct walk_calendar {
    bool works[WALK_DAYS];
    bool covered[WALK_DAYS];
};

/* Where dates are reckoned, and whether anything uncovered was asked since it was cleared. */
struct walker {
    const struct walk_calendar *calendar;
    int64_t zone_ms;
    int64_t moment_ms; /* time of day of moments */
    bool asked_uncovered;
};

/* Rows of the calendar itself stand before those it extends. */
void walk_calendar_fill(struct walk_calendar *calendar, const struct calendar_row *rows,
                        uint32_t row_count);

bool walk_works(struct walker *walker, int32_t date);
int32_t walk_date_of(const struct walker *walker, int64_t at_ms);
int64_t walk_midnight(const struct walker *walker, int32_t date);
int32_t walk_add_months(int32_t date, int32_t months);
/* The date a civil day has. */
int32_t walk_civil(int32_t year, int32_t month, int32_t day);
void walk_civil_of(int32_t date, int32_t *year, int32_t *month, int32_t *day);

/* From a date, that many days on (or back) as lengths count them. */
int32_t walk_days(struct walker *walker, int32_t date, struct length length, bool back);
/* The last date with the length's days strictly between it and `date`. */
int32_t walk_before(struct walker *walker, int32_t date, struct length length);

/* One stretch in which a clock stands still. */
struct walk_pause {
    int64_t from_ms;
    int64_t to_ms; /* INSTANT_NEVER while it lasts */
};

enum walk_kind { WALK_LENGTH, WALK_UNTIL, WALK_BEFORE, WALK_ACCRUAL };

/* All that decides about one limit. */
struct walk_limit {
    enum walk_kind kind;
    int64_t started_ms;
    int32_t day0;
    int32_t date; /* WALK_UNTIL, WALK_BEFORE */
    struct length length;
    bool roll;
    int32_t floor; /* DATE_NONE: none */
    const struct walk_pause *pauses;
    uint32_t pause_count;
    const struct length *extensions;
    uint32_t extension_count;
};

struct walk_due {
    int32_t unrolled;
    int32_t last_day;
    int32_t safe_day;
    int64_t due_ms;
    bool paused;
    bool provisional;
    bool safe_asked; /* finding the safe day asked about an uncovered date */
    struct length left;
};

void walk_due(struct walker *walker, const struct walk_limit *limit, struct walk_due *due);

/* Dates of an accrual that count up to and including `date`. */
int32_t walk_accrued(const struct walker *walker, const struct walk_limit *limit, int32_t date);

/* The instant of an offset from an anchor, for a receiver inside the agency or not. */
struct walk_moment {
    int64_t at_ms;
    int32_t date; /* DATE_NONE for an exact one */
    bool provisional;
};

struct walk_moment walk_moment(struct walker *walker, const struct walk_due *due,
                               struct length offset, bool inside, bool any_day);
/* On a rest day the moment of an inside receiver moves: back, or forward. */
struct walk_moment walk_settle(struct walker *walker, int32_t date, bool moves, bool back);

#endif
