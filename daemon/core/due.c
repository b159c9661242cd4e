#include "core/due.h"

#include "base/must.h"
#include "core/count.h"

static int64_t milliseconds_of_all(const struct derivation *derivation)
{
    int64_t sum = length_ms(derivation->length);

    for (uint32_t i = 0; i < derivation->extension_count; i++) {
        sum += length_ms(derivation->extensions[i]);
    }
    return sum;
}

/* The paused time is left out: run to each pause, then go on where it ends. */
static void derive_exact(const struct derivation *derivation, struct due *due)
{
    int64_t at_ms = derivation->started_ms;
    int64_t left_ms = milliseconds_of_all(derivation);

    for (uint32_t i = 0; i < derivation->pause_count; i++) {
        const struct interval *pause = &derivation->pauses[i];

        if (pause->to_ms <= pause->from_ms || pause->to_ms <= at_ms) {
            continue;
        }
        if (left_ms == 0 || pause->from_ms >= at_ms + left_ms) {
            break;
        }
        if (pause->from_ms > at_ms) {
            left_ms -= pause->from_ms - at_ms;
        }
        if (pause->to_ms == INSTANT_NEVER) {
            due->paused = true;
            due->left = (struct length){.count = (int32_t)((left_ms + 59999) / 60000),
                                        .unit = LENGTH_MINUTES};
            return;
        }
        at_ms = pause->to_ms;
    }
    due->due_ms = at_ms + left_ms;
}

/* What is left while paused, as one number: in the unit of what the clock would end with. */
static struct length days_left(const struct counting *counting)
{
    const struct derivation *derivation = counting->derivation;
    uint32_t count = derivation->extension_count;
    struct length last = count > 0 ? derivation->extensions[count - 1] : derivation->length;
    int32_t end = count_end(counting);

    if (last.unit == LENGTH_WORKDAYS) {
        return (struct length){
            .count = calendar_count(counting->office->calendar, counting->at + 1, end),
            .unit = LENGTH_WORKDAYS};
    }
    return (struct length){.count = end - counting->at, .unit = LENGTH_DAYS};
}

static void set_last_day(const struct derivation *derivation, const struct office *office,
                         struct due *due)
{
    if (due->last_day < derivation->floor) {
        due->last_day = derivation->floor;
    }
    due->safe_day = calendar_backward(office->calendar, due->unrolled);
    /*
     * An accrual ends as the date begins that reaches the cap; all others when theirs is over.
     */
    due->due_ms = date_midnight(
        derivation->kind == DUE_ACCRUAL ? due->last_day : due->last_day + 1, office->zone_ms);
}

static void derive_days(const struct derivation *derivation, const struct office *office,
                        struct due *due)
{
    struct counting counting = count_begin(derivation, office);
    uint32_t acting;

    due->paused = count_through(&counting, &acting);
    due->provisional = counting.asked_uncovered;
    if (due->paused) {
        due->left = days_left(&counting);
        return;
    }
    due->unrolled = counting.at;
    due->last_day = counting.at;
    if (derivation->roll_forward) {
        due->last_day = calendar_forward(office->calendar, due->unrolled);
        if (calendar_first_uncovered(office->calendar, due->unrolled, due->last_day) !=
            DATE_NONE) {
            due->provisional = true;
        }
    }
    set_last_day(derivation, office, due);
}

static void derive_lead(const struct derivation *derivation, const struct office *office,
                        struct due *due)
{
    due->unrolled = date_before(derivation->date, derivation->length, office->calendar);
    due->last_day = due->unrolled;
    due->provisional = derivation->length.unit == LENGTH_WORKDAYS &&
                       calendar_first_uncovered(office->calendar, due->unrolled + 1,
                                                derivation->date - 1) != DATE_NONE;
    set_last_day(derivation, office, due);
}

void due_derive(const struct derivation *derivation, const struct office *office,
                struct due *due)
{
    MUST(derivation->pause_count <= PAUSES_MAX);
    MUST(derivation->extension_count <= EXTENSIONS_MAX);

    *due = (struct due){
        .unrolled = DATE_NONE,
        .last_day = DATE_NONE,
        .safe_day = DATE_NONE,
        .due_ms = INSTANT_NEVER,
        .left = {.unit = LENGTH_DAYS},
    };
    switch (derivation->kind) {
    case DUE_LENGTH:
        if (length_is_exact(derivation->length)) {
            derive_exact(derivation, due);
        } else {
            derive_days(derivation, office, due);
        }
        break;
    case DUE_UNTIL:
    case DUE_ACCRUAL:
        derive_days(derivation, office, due);
        break;
    case DUE_BEFORE:
        derive_lead(derivation, office, due);
        break;
    }
}

bool due_pause_acts(const struct due *due, const struct office *office, int64_t from_ms)
{
    if (due->paused) {
        return true;
    }
    return from_ms < (due->unrolled == DATE_NONE
                          ? due->due_ms
                          : date_midnight(due->unrolled, office->zone_ms));
}

struct length accrual_length(int32_t percent, int32_t cap_percent)
{
    MUST(percent > 0);
    MUST(cap_percent >= 0);
    return (struct length){.count = cap_percent / percent + (cap_percent % percent != 0),
                           .unit = LENGTH_DAYS};
}

int32_t accrual_days(const struct derivation *derivation, const struct office *office,
                     int32_t date)
{
    struct counting counting = count_begin(derivation, office);
    int32_t at = derivation->day0; /* dealt with up to here */
    int32_t days = 0;
    uint32_t acting;

    MUST(derivation->kind == DUE_ACCRUAL);
    (void)count_through(&counting, &acting);
    for (uint32_t i = 0; i < acting; i++) {
        struct date_span out = count_paused(derivation, office, &derivation->pauses[i]);

        if (out.after <= out.first || out.after <= at) {
            continue;
        }
        if (out.first > date) {
            break;
        }
        days += out.first > at + 1 ? out.first - 1 - at : 0;
        at = out.after - 1;
    }
    return days + (date > at ? date - at : 0);
}

int64_t accrual_amount(int64_t principal_fen, int32_t percent, int32_t cap_percent,
                       int32_t days)
{
    MUST(principal_fen >= 0);
    MUST(percent > 0);
    MUST(cap_percent >= 0);
    MUST(days >= 0);

    int64_t uncapped = (int64_t)percent * days;
    int64_t sum_percent = uncapped < cap_percent ? uncapped : cap_percent;

    /* Hundreds and rest apart: the product may be too large. So may be the sum, of a cap above
     * the whole: no law asks for that much, and it stays the largest there is. */
    int64_t sum;
    int64_t rest = principal_fen % 100 * sum_percent / 100;

    if (__builtin_mul_overflow(principal_fen / 100, sum_percent, &sum) ||
        __builtin_add_overflow(sum, rest, &sum)) {
        return INT64_MAX;
    }
    return sum;
}

int32_t date_after(int32_t date, struct length length, const struct calendar *calendar)
{
    struct derivation derivation = {.kind = DUE_LENGTH, .day0 = date, .length = length};
    struct office office = {.calendar = calendar};
    struct counting counting = count_begin(&derivation, &office);

    return count_end(&counting);
}

int32_t date_before(int32_t date, struct length length, const struct calendar *calendar)
{
    MUST(!length_is_exact(length));
    MUST(length.count >= 0);
    switch (length.unit) {
    case LENGTH_WORKDAYS:
        return calendar_advance(calendar, date, -length.count) - 1;
    case LENGTH_MONTHS:
        return date_add_months(date, -length.count) - 1;
    case LENGTH_YEARS:
        return date_add_months(date, -length.count * 12) - 1;
    case LENGTH_DAYS:
    case LENGTH_MINUTES: /* not exact, as is checked above */
    case LENGTH_HOURS:
        break;
    }
    return date - length.count - 1;
}
