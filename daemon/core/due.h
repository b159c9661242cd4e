#ifndef DUBAN_CORE_DUE_H
#define DUBAN_CORE_DUE_H

/*
 * When a limit falls due: the algebra of time.md. A derivation is all that decides (it is what
 * is stored); the due is what follows from it. Both are data; nothing here reads a clock.
 */
#include "core/calendar.h"
#include "core/length.h"

/* What an agency lends to reckoning. */
struct office {
    const struct calendar *calendar; /* borrowed */
    int64_t zone_ms;                 /* offset of the legal zone */
    int64_t moment_ms;               /* time of day of reminders and rungs; 09:00 by default */
};

#define OFFICE_MOMENT_MS ((int64_t)9 * 3600000)

/* [from, to): open while to is INSTANT_NEVER. An empty one (to <= from) counts for nothing. */
struct interval {
    int64_t from_ms;
    int64_t to_ms;
};

#define PAUSES_MAX     128 /* of one derivation */
#define EXTENSIONS_MAX 16

enum due_kind {
    DUE_LENGTH, /* a length and its extensions counted on from the start */
    DUE_UNTIL,  /* ends on a given date */
    DUE_BEFORE, /* counts backwards from a given date: an act owed before it */
    DUE_ACCRUAL /* ends with the date that reaches the cap: `length` counted dates */
};

struct derivation {
    enum due_kind kind;
    int64_t started_ms;   /* for exact lengths and accruals */
    int32_t day0;         /* the date that is not counted */
    int32_t date;         /* DUE_UNTIL, DUE_BEFORE: the given date */
    struct length length; /* DUE_LENGTH, DUE_BEFORE, DUE_ACCRUAL (in days) */
    bool roll_forward;
    int32_t floor;                 /* the last day is never earlier; DATE_NONE without one */
    const struct interval *pauses; /* ordered by from; they may overlap */
    uint32_t pause_count;
    const struct length *extensions; /* in the order granted */
    uint32_t extension_count;
};

struct due {
    int32_t unrolled;   /* where the count ended; DATE_NONE for exact lengths, while paused */
    int32_t last_day;   /* DATE_NONE for exact lengths, while paused */
    int32_t safe_day;   /* the last working day on or before the unrolled; DATE_NONE as that */
    int64_t due_ms;     /* 00:00 of the date after the last day (of an accrual: of the last day
                           itself); INSTANT_NEVER while paused */
    bool paused;        /* an open pause acts on it */
    bool provisional;   /* counting or rolling it asked about an unpublished year */
    struct length left; /* while paused: what is left to count if it ran on from there; working
                           days if its last part counts those, else days; exact ones in
                           minutes, rounded up */
};

/*
 * Pauses must be ordered by from, lengths not negative; exact with exact, days with days.
 * Pauses that begin too late to act may stand among them. Until clocks count their extensions
 * on from the date; a lead clock knows neither roll, pause nor extension. Dates may be any; the
 * borders see to it that they lie in the tables' years.
 */
void due_derive(const struct derivation *derivation, const struct office *office,
                struct due *due);

/*
 * Whether a pause that begins at `from_ms` still acts: days remain to be counted then. From
 * 00:00 of the unrolled last day on (of the due instant, for exact lengths) it does not. Not
 * for lead clocks, which know no pause.
 */
bool due_pause_acts(const struct due *due, const struct office *office, int64_t from_ms);

/* How many counted dates reach the cap: the length of an accrual's derivation. */
struct length accrual_length(int32_t percent, int32_t cap_percent);
/* An accrual: the dates that count for it up to and including `date` (a date that has begun
 * counts, unless a pause touches it), and its amount in fen, floored, capped. */
int32_t accrual_days(const struct derivation *derivation, const struct office *office,
                     int32_t date);
int64_t accrual_amount(int64_t principal_fen, int32_t percent, int32_t cap_percent,
                       int32_t days);

/* One moment of a clock: where it counts from and for whom. */
struct offset_rule {
    struct length offset; /* `-3wd`, `0d`, `+2wd` */
    bool inside;          /* the receiver is of the agency: safe day, working days only */
    bool any_day;         /* an inside receiver's may fall on a rest day all the same */
};

struct offset_moment {
    int64_t at_ms;
    int32_t date;     /* DATE_NONE for exact offsets */
    bool provisional; /* finding it asked about an unpublished year */
};

/*
 * The moment of an offset: reminders (negative, zero) count from the safe day for an inside
 * receiver and from the last day for an outside one, rungs (positive) from the last day; an
 * inside reminder on a rest day moves back, an inside rung forward. Exact offsets count from
 * due_ms. The due must not be paused.
 */
struct offset_moment due_moment(const struct due *due, const struct offset_rule *rule,
                                const struct office *office);
/* The same with the anchor given instead of chosen (`duban date --anchor`). */
struct offset_moment due_moment_from(int32_t anchor, const struct offset_rule *rule,
                                     const struct office *office);

/* after(date, length) and before(date, length) of guards: the last day of a clock without roll,
 * and of a lead clock. Lengths must not be exact. */
int32_t date_after(int32_t date, struct length length, const struct calendar *calendar);
int32_t date_before(int32_t date, struct length length, const struct calendar *calendar);

/* The explanation, date by date: what became of each from day 0 to the last day. */
enum day_mark {
    DAY_START,   /* day 0, not counted */
    DAY_COUNTED, /* the n-th */
    DAY_RESTS,   /* a working-day length passes over it */
    DAY_PAUSED,  /* not running at its 00:00 */
    DAY_ROLLED,  /* passed over by the roll */
    DAY_HELD,    /* passed over because a later last day was promised (the floor) */
    DAY_LAST,    /* the last day, reached by roll or count */
    DAY_GIVEN,   /* the date of an until or lead clock */
    DAY_BETWEEN  /* of a lead clock: counted backwards */
};

struct day_line {
    int32_t date;
    enum day_mark mark;
    int32_t n; /* DAY_COUNTED, DAY_BETWEEN: its number; DAY_LAST: the count's, 0 if rolled */
    uint32_t part; /* 0 for the length, 1.. for the extension it belongs to */
    bool works;
    bool covered;
    const struct calendar_row *row; /* what the calendar said, or NULL */
};

/*
 * At most `line_max` lines into `lines`; the answer is how many there are in all. Exact lengths
 * have none. A paused clock's end with the first date of the open pause.
 */
uint32_t due_explain(const struct derivation *derivation, const struct office *office,
                     struct day_line *lines, uint32_t line_max);

#endif
