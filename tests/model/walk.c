#include "model/walk.h"

#include "base/must.h"

#include <string.h>

struct civil_day {
    int16_t year;
    int8_t month;
    int8_t day;
};

static struct civil_day civil[WALK_DAYS];

static int32_t days_in(int32_t year, int32_t month)
{
    static const int32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

static void fill_civil(void)
{
    int32_t year = 1970;
    int32_t month = 1;
    int32_t day = 1;

    if (civil[0].year != 0) {
        return;
    }
    for (int32_t date = 0; date < WALK_DAYS; date++) {
        civil[date] = (struct civil_day){(int16_t)year, (int8_t)month, (int8_t)day};
        day++;
        if (day > days_in(year, month)) {
            day = 1;
            month++;
        }
        if (month > 12) {
            month = 1;
            year++;
        }
    }
}

void walk_civil_of(int32_t date, int32_t *year, int32_t *month, int32_t *day)
{
    fill_civil();
    MUST(date >= 0);
    MUST(date < WALK_DAYS);
    *year = civil[date].year;
    *month = civil[date].month;
    *day = civil[date].day;
}

int32_t walk_civil(int32_t year, int32_t month, int32_t day)
{
    fill_civil();
    for (int32_t date = (year - 1970) * 365; date < WALK_DAYS; date++) {
        if (civil[date].year == year && civil[date].month == month && civil[date].day == day) {
            return date;
        }
    }
    must_fail("the day exists", __FILE__, __LINE__, __func__);
}

/* A year is covered when its 1 January has a row. */
static void fill_year(struct walk_calendar *calendar, const struct calendar_row *rows,
                      uint32_t row_count, int32_t first, int32_t last)
{
    bool covered = false;

    for (uint32_t i = 0; i < row_count; i++) {
        if (rows[i].year == civil[first].year && rows[i].month == 1 && rows[i].day == 1) {
            covered = true;
        }
    }
    for (int32_t date = first; date <= last; date++) {
        /* 1970-01-01 was a Thursday. */
        int32_t weekday = (date + 3) % 7;

        calendar->covered[date] = covered;
        calendar->works[date] = weekday < 5;
        for (uint32_t i = 0; i < row_count; i++) {
            int32_t year = covered ? civil[date].year : 0;

            if (rows[i].year == year && rows[i].month == civil[date].month &&
                rows[i].day == civil[date].day) {
                calendar->works[date] = rows[i].kind == DAY_WORKDAY;
                break;
            }
        }
    }
}

void walk_calendar_fill(struct walk_calendar *calendar, const struct calendar_row *rows,
                        uint32_t row_count)
{
    int32_t first = 0;

    fill_civil();
    for (int32_t date = 0; date < WALK_DAYS; date++) {
        if (date + 1 == WALK_DAYS || civil[date + 1].year != civil[date].year) {
            fill_year(calendar, rows, row_count, first, date);
            first = date + 1;
        }
    }
}

bool walk_works(struct walker *walker, int32_t date)
{
    MUST(date >= 0);
    MUST(date < WALK_DAYS);
    if (!walker->calendar->covered[date]) {
        walker->asked_uncovered = true;
    }
    return walker->calendar->works[date];
}

int32_t walk_date_of(const struct walker *walker, int64_t at_ms)
{
    int64_t local = at_ms + walker->zone_ms;

    MUST(local >= 0);
    return (int32_t)(local / DAY_MS);
}

int64_t walk_midnight(const struct walker *walker, int32_t date)
{
    return (int64_t)date * DAY_MS - walker->zone_ms;
}

int32_t walk_add_months(int32_t date, int32_t months)
{
    int32_t year;
    int32_t month;
    int32_t day;

    walk_civil_of(date, &year, &month, &day);
    for (; months > 0; months--) {
        month++;
        if (month > 12) {
            month = 1;
            year++;
        }
    }
    for (; months < 0; months++) {
        month--;
        if (month < 1) {
            month = 12;
            year--;
        }
    }
    return walk_civil(year, month, day > days_in(year, month) ? days_in(year, month) : day);
}

int32_t walk_days(struct walker *walker, int32_t date, struct length length, bool back)
{
    int32_t step = back ? -1 : 1;
    int32_t left = length.count;

    MUST(left >= 0);
    MUST(length.unit != LENGTH_MINUTES);
    MUST(length.unit != LENGTH_HOURS);
    if (length.unit == LENGTH_MONTHS || length.unit == LENGTH_YEARS) {
        return walk_add_months(date, step * left * (length.unit == LENGTH_YEARS ? 12 : 1));
    }
    if (length.unit == LENGTH_DAYS) {
        return date + step * left;
    }
    while (left > 0) {
        date += step;
        if (walk_works(walker, date)) {
            left--;
        }
    }
    return date;
}

int32_t walk_before(struct walker *walker, int32_t date, struct length length)
{
    return walk_days(walker, date, length, true) - 1;
}

static bool pause_holds(const struct walk_pause *pause, int64_t at_ms)
{
    return pause->from_ms <= at_ms && at_ms < pause->to_ms;
}

static bool stands_still(const struct walk_limit *limit, int64_t at_ms)
{
    for (uint32_t i = 0; i < limit->pause_count; i++) {
        if (pause_holds(&limit->pauses[i], at_ms)) {
            return true;
        }
    }
    return false;
}

static bool stands_still_for_good(const struct walk_limit *limit, int64_t at_ms)
{
    for (uint32_t i = 0; i < limit->pause_count; i++) {
        if (limit->pauses[i].to_ms == INSTANT_NEVER && limit->pauses[i].from_ms <= at_ms) {
            return true;
        }
    }
    return false;
}

/* A pause touches a date when they share an instant. */
static bool touched(const struct walker *walker, const struct walk_limit *limit, int32_t date)
{
    int64_t begins = walk_midnight(walker, date);
    int64_t ends = walk_midnight(walker, date + 1);

    for (uint32_t i = 0; i < limit->pause_count; i++) {
        const struct walk_pause *pause = &limit->pauses[i];

        if (pause->from_ms < pause->to_ms && pause->from_ms < ends && pause->to_ms > begins) {
            return true;
        }
    }
    return false;
}

static void no_date(struct walk_due *due)
{
    *due = (struct walk_due){
        .unrolled = DATE_NONE,
        .last_day = DATE_NONE,
        .safe_day = DATE_NONE,
        .due_ms = INSTANT_NEVER,
    };
}

/* Roll, floor, the safe day and the due instant. What was asked up to the roll makes the last day
 * provisional; looking for the safe day does not. */
static void conclude(struct walker *walker, const struct walk_limit *limit, int32_t unrolled,
                     struct walk_due *due)
{
    due->unrolled = unrolled;
    due->last_day = unrolled;
    if (limit->roll && limit->kind != WALK_BEFORE && limit->kind != WALK_ACCRUAL) {
        while (!walk_works(walker, due->last_day)) {
            due->last_day++;
        }
    }
    due->provisional = walker->asked_uncovered;
    if (limit->floor != DATE_NONE && limit->floor > due->last_day) {
        due->last_day = limit->floor;
    }
    walker->asked_uncovered = false;
    due->safe_day = unrolled;
    while (!walk_works(walker, due->safe_day)) {
        due->safe_day--;
    }
    due->safe_asked = walker->asked_uncovered;
    due->due_ms =
        walk_midnight(walker, limit->kind == WALK_ACCRUAL ? due->last_day : due->last_day + 1);
}

/* Count the parts from `date` on. False: it stands still, having *need left of `part`; *date is the
 * last on which it ran. */
static bool count_parts(struct walker *walker, const struct walk_limit *limit, bool runs_on,
                        uint32_t *part, int32_t *need, int32_t *date)
{
    int32_t ran = *date;

    for (; *part <= limit->extension_count; (*part)++, *need = -1) {
        struct length length = *part == 0 ? limit->length : limit->extensions[*part - 1];

        if (*need < 0) { /* this part begins here */
            *need = length.count;
            if (length.unit == LENGTH_MONTHS || length.unit == LENGTH_YEARS) {
                *need = walk_days(walker, *date, length, false) - *date;
            }
            if (*part == 0 && limit->kind == WALK_UNTIL) {
                *need = 0;
            }
        }
        while (*need > 0) {
            int64_t midnight = walk_midnight(walker, *date + 1);

            if (!runs_on && stands_still_for_good(limit, midnight)) {
                *date = ran;
                return false;
            }
            (*date)++;
            if (!runs_on && stands_still(limit, midnight)) {
                continue;
            }
            ran = *date;
            if (length.unit != LENGTH_WORKDAYS || walk_works(walker, *date)) {
                (*need)--;
            }
        }
    }
    return true;
}

/* From the last date on which it ran to the end: working days if the last part counts those. */
static struct length left_between(struct walker *walker, const struct walk_limit *limit,
                                  int32_t ran, int32_t end)
{
    struct length last = limit->extension_count == 0
                             ? limit->length
                             : limit->extensions[limit->extension_count - 1];
    struct length left = {.unit = last.unit == LENGTH_WORKDAYS ? LENGTH_WORKDAYS : LENGTH_DAYS};

    for (int32_t day = ran + 1; day <= end; day++) {
        if (left.unit == LENGTH_DAYS || walk_works(walker, day)) {
            left.count++;
        }
    }
    return left;
}

static void due_by_days(struct walker *walker, const struct walk_limit *limit,
                        struct walk_due *due)
{
    int32_t date = limit->kind == WALK_UNTIL ? limit->date : limit->day0;
    int32_t need = -1;
    uint32_t part = 0;

    if (!count_parts(walker, limit, false, &part, &need, &date)) {
        due->paused = true;
        int32_t ran = date;

        (void)count_parts(walker, limit, true, &part, &need, &date);
        due->left = left_between(walker, limit, ran, date);
        return;
    }
    conclude(walker, limit, date, due);
}

static int64_t exact_ms(struct length length)
{
    MUST(length.unit == LENGTH_MINUTES || length.unit == LENGTH_HOURS);
    return length.count * (length.unit == LENGTH_HOURS ? 3600000LL : 60000LL);
}

/* Where the next pause begins or ends. */
static int64_t next_border(const struct walk_limit *limit, int64_t at_ms)
{
    int64_t next_ms = INSTANT_NEVER;

    for (uint32_t i = 0; i < limit->pause_count; i++) {
        const struct walk_pause *pause = &limit->pauses[i];

        if (pause->from_ms > at_ms && pause->from_ms < next_ms) {
            next_ms = pause->from_ms;
        }
        if (pause->to_ms > at_ms && pause->to_ms < next_ms) {
            next_ms = pause->to_ms;
        }
    }
    return next_ms;
}

/* From border to border: it runs there or stands still. */
static void due_by_instant(const struct walk_limit *limit, struct walk_due *due)
{
    int64_t at_ms = limit->started_ms;
    int64_t left_ms = exact_ms(limit->length);

    for (uint32_t i = 0; i < limit->extension_count; i++) {
        left_ms += exact_ms(limit->extensions[i]);
    }
    for (;;) {
        int64_t next_ms = next_border(limit, at_ms);

        if (left_ms > 0 && stands_still(limit, at_ms)) {
            if (next_ms == INSTANT_NEVER) {
                due->paused = true;
                due->left = (struct length){.unit = LENGTH_MINUTES,
                                            .count = (int32_t)((left_ms + 59999) / 60000)};
                return;
            }
        } else if (next_ms - at_ms >= left_ms) {
            due->due_ms = at_ms + left_ms;
            return;
        } else {
            left_ms -= next_ms - at_ms;
        }
        at_ms = next_ms;
    }
}

static void due_of_accrual(struct walker *walker, const struct walk_limit *limit,
                           struct walk_due *due)
{
    int32_t date = limit->day0;
    int32_t need = limit->length.count;

    while (need > 0) {
        if (stands_still_for_good(limit, walk_midnight(walker, date + 2) - 1)) {
            due->paused = true;
            due->left = (struct length){.unit = LENGTH_DAYS, .count = need};
            return;
        }
        date++;
        need -= touched(walker, limit, date) ? 0 : 1;
    }
    conclude(walker, limit, date, due);
}

static void due_of_all(struct walker *walker, const struct walk_limit *limit,
                       struct walk_due *due)
{
    no_date(due);
    walker->asked_uncovered = false;
    if (limit->kind == WALK_BEFORE) {
        conclude(walker, limit, walk_before(walker, limit->date, limit->length), due);
    } else if (limit->kind == WALK_ACCRUAL) {
        due_of_accrual(walker, limit, due);
    } else if (limit->kind == WALK_LENGTH &&
               (limit->length.unit == LENGTH_MINUTES || limit->length.unit == LENGTH_HOURS)) {
        due_by_instant(limit, due);
    } else {
        due_by_days(walker, limit, due);
    }
    walker->asked_uncovered = false;
}

/* From 00:00 of the unrolled last day on (of an exact one: from its end on) nothing remains that a
 * pause could stop. */
static bool comes_too_late(const struct walker *walker, const struct walk_due *due,
                           const struct walk_pause *pause)
{
    if (due->paused) {
        return false;
    }
    return pause->from_ms >=
           (due->unrolled == DATE_NONE ? due->due_ms : walk_midnight(walker, due->unrolled));
}

/* One pause after the other, by when it began: whether it acts is asked of those before it. */
void walk_due(struct walker *walker, const struct walk_limit *limit, struct walk_due *due)
{
    struct walk_pause acting[WALK_PAUSES];
    struct walk_limit so_far = *limit;
    int64_t after_ms = INSTANT_NONE;

    so_far.pauses = acting;
    so_far.pause_count = 0;
    due_of_all(walker, &so_far, due);
    for (;;) {
        int64_t from_ms = INSTANT_NEVER;
        struct walk_due without = *due;

        for (uint32_t i = 0; i < limit->pause_count; i++) {
            const struct walk_pause *pause = &limit->pauses[i];

            if (pause->from_ms > after_ms && pause->from_ms < from_ms) {
                from_ms = pause->from_ms;
            }
        }
        if (from_ms == INSTANT_NEVER) {
            return;
        }
        for (uint32_t i = 0; i < limit->pause_count; i++) {
            const struct walk_pause *pause = &limit->pauses[i];

            if (pause->from_ms == from_ms && !comes_too_late(walker, &without, pause)) {
                MUST(so_far.pause_count < WALK_PAUSES);
                acting[so_far.pause_count++] = *pause;
            }
        }
        due_of_all(walker, &so_far, due);
        after_ms = from_ms;
    }
}

int32_t walk_accrued(const struct walker *walker, const struct walk_limit *limit, int32_t date)
{
    int32_t count = 0;

    for (int32_t day = limit->day0 + 1; day <= date; day++) {
        count += touched(walker, limit, day) ? 0 : 1;
    }
    return count;
}

struct walk_moment walk_settle(struct walker *walker, int32_t date, bool moves, bool back)
{
    struct walk_moment moment;

    while (moves && !walk_works(walker, date)) {
        date += back ? -1 : 1;
    }
    moment.date = date;
    moment.at_ms = walk_midnight(walker, date) + walker->moment_ms;
    moment.provisional = walker->asked_uncovered;
    return moment;
}

struct walk_moment walk_moment(struct walker *walker, const struct walk_due *due,
                               struct length offset, bool inside, bool any_day)
{
    bool rung = offset.count > 0;
    struct length away = {.count = offset.count < 0 ? -offset.count : offset.count,
                          .unit = offset.unit};
    struct walk_moment moment = {.date = DATE_NONE};

    walker->asked_uncovered = false;
    if (offset.unit == LENGTH_MINUTES || offset.unit == LENGTH_HOURS) {
        moment.at_ms = due->due_ms + (rung ? exact_ms(away) : -exact_ms(away));
    } else {
        int32_t anchor = inside && !rung ? due->safe_day : due->last_day;
        int32_t date = walk_days(walker, anchor, away, !rung);

        moment = walk_settle(walker, date, inside && !any_day, !rung);
        moment.provisional |= due->provisional || (inside && !rung && due->safe_asked);
    }
    walker->asked_uncovered = false;
    return moment;
}
