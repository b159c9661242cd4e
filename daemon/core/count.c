#include "core/count.h"

#include "base/must.h"

/* An until clock has no length: its extensions alone are counted, on from its date. */
static struct length length_of(const struct derivation *derivation, uint32_t part)
{
    if (part > 0) {
        return derivation->extensions[part - 1];
    }
    return derivation->kind == DUE_UNTIL ? (struct length){.unit = LENGTH_DAYS}
                                         : derivation->length;
}

/* Set out on the part that is next, passing over empty ones. */
static void begin_part(struct counting *counting)
{
    while (!count_is_over(counting) && counting->left == 0) {
        struct length length = length_of(counting->derivation, counting->part);

        MUST(!length_is_exact(length));
        MUST(length.count >= 0);
        counting->working = length.unit == LENGTH_WORKDAYS;
        counting->left = length.count;
        if (length.unit == LENGTH_MONTHS || length.unit == LENGTH_YEARS) {
            int32_t months = length.unit == LENGTH_YEARS ? length.count * 12 : length.count;

            counting->left = date_add_months(counting->at, months) - counting->at;
        }
        counting->part_days = counting->left;
        if (counting->left == 0) {
            counting->part++;
        }
    }
}

struct counting count_begin(const struct derivation *derivation, const struct office *office)
{
    struct counting counting = {
        .derivation = derivation,
        .office = office,
        .at = derivation->kind == DUE_UNTIL ? derivation->date : derivation->day0,
    };

    begin_part(&counting);
    return counting;
}

bool count_is_over(const struct counting *counting)
{
    return counting->part > counting->derivation->extension_count;
}

static void ask(struct counting *counting, int32_t first, int32_t last)
{
    if (!counting->asked_uncovered &&
        calendar_first_uncovered(counting->office->calendar, first, last) != DATE_NONE) {
        counting->asked_uncovered = true;
    }
}

static int32_t end_of_part(const struct counting *counting)
{
    return counting->working
               ? calendar_advance(counting->office->calendar, counting->at, counting->left)
               : counting->at + counting->left;
}

void count_to(struct counting *counting, int32_t date)
{
    while (!count_is_over(counting) && counting->at < date) {
        int32_t end = end_of_part(counting);
        int32_t stop = end < date ? end : date;

        if (counting->working) {
            ask(counting, counting->at + 1, stop);
        }
        if (end <= date) {
            counting->at = end;
            counting->left = 0;
            counting->part++;
            begin_part(counting);
        } else {
            counting->left -= counting->working ? calendar_count(counting->office->calendar,
                                                                 counting->at + 1, date)
                                                : date - counting->at;
            counting->at = date;
        }
    }
}

int32_t count_end(const struct counting *counting)
{
    struct counting ahead = *counting;

    count_to(&ahead, INT32_MAX);
    return ahead.at;
}

/* The first date whose 00:00 is not before the instant. */
static int32_t first_from(int64_t at_ms, int64_t zone_ms)
{
    return date_of_instant(at_ms - 1, zone_ms) + 1;
}

struct date_span count_paused(const struct derivation *derivation, const struct office *office,
                              const struct interval *pause)
{
    struct date_span span = {0};

    if (pause->to_ms <= pause->from_ms) {
        return span;
    }

    /*
     * A date is out if the clock does not run at its 00:00; for an accrual, if it is touched.
     */
    span.first = derivation->kind == DUE_ACCRUAL
                     ? date_of_instant(pause->from_ms, office->zone_ms)
                     : first_from(pause->from_ms, office->zone_ms);
    span.after =
        pause->to_ms == INSTANT_NEVER ? INT32_MAX : first_from(pause->to_ms, office->zone_ms);
    return span;
}

/* Whether days remain to be counted then: it lies before 00:00 of the unrolled last day. */
static bool begins_before_end(const struct counting *counting, int64_t from_ms)
{
    int64_t zone_ms = counting->office->zone_ms;

    if (count_is_over(counting)) {
        return false;
    }
    /*
     * The end is no earlier than the part at hand counted as natural days: mostly that will do.
     */
    return from_ms < date_midnight(counting->at + counting->left, zone_ms) ||
           from_ms < date_midnight(count_end(counting), zone_ms);
}

bool count_through(struct counting *counting, uint32_t *acting)
{
    const struct derivation *derivation = counting->derivation;
    int32_t ran = counting->at; /* the last date on which it ran */
    uint32_t i;

    for (i = 0; i < derivation->pause_count; i++) {
        const struct interval *pause = &derivation->pauses[i];

        if (i > 0) {
            MUST(pause->from_ms >= derivation->pauses[i - 1].from_ms);
        }
        if (pause->to_ms <= pause->from_ms) {
            continue;
        }
        if (!begins_before_end(counting, pause->from_ms)) {
            break; /* too late to act, and so are all that follow */
        }

        struct date_span out = count_paused(derivation, counting->office, pause);

        if (counting->at < out.first - 1) {
            count_to(counting, out.first - 1);
            ran = counting->at;
        }
        if (pause->to_ms == INSTANT_NEVER) {
            counting->at = ran;
            *acting = i + 1;
            return true;
        }
        if (counting->at < out.after - 1) {
            counting->at = out.after - 1;
        }
    }
    *acting = i;
    count_to(counting, INT32_MAX);
    return false;
}
