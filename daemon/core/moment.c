#include "core/due.h"

#include "base/must.h"

static bool asks_uncovered(const struct office *office, int32_t first, int32_t last)
{
    return calendar_first_uncovered(office->calendar, first, last) != DATE_NONE;
}

/* Count away from the anchor, without it. */
static int32_t count_offset(int32_t anchor, struct length offset, const struct office *office,
                            bool *asked)
{
    int32_t date = anchor;

    switch (offset.unit) {
    case LENGTH_DAYS:
        return anchor + offset.count;
    case LENGTH_MONTHS:
        return date_add_months(anchor, offset.count);
    case LENGTH_YEARS:
        return date_add_months(anchor, offset.count * 12);
    case LENGTH_WORKDAYS:
        date = calendar_advance(office->calendar, anchor, offset.count);
        *asked = offset.count < 0 ? asks_uncovered(office, date, anchor - 1)
                                  : asks_uncovered(office, anchor + 1, date);
        break;
    case LENGTH_MINUTES:
    case LENGTH_HOURS:
        MUST(!length_is_exact(offset));
        break;
    }
    return date;
}

struct offset_moment due_moment_from(int32_t anchor, const struct offset_rule *rule,
                                     const struct office *office)
{
    bool asked = false;
    int32_t date = count_offset(anchor, rule->offset, office, &asked);

    if (rule->inside && !rule->any_day) {
        /* A reminder never comes later than it should, a rung never earlier. */
        int32_t working = rule->offset.count > 0 ? calendar_forward(office->calendar, date)
                                                 : calendar_backward(office->calendar, date);

        asked = asked || asks_uncovered(office, working < date ? working : date,
                                        working < date ? date : working);
        date = working;
    }
    return (struct offset_moment){
        .at_ms = date_midnight(date, office->zone_ms) + office->moment_ms,
        .date = date,
        .provisional = asked,
    };
}

struct offset_moment due_moment(const struct due *due, const struct offset_rule *rule,
                                const struct office *office)
{
    bool from_safe = rule->inside && rule->offset.count <= 0;

    MUST(!due->paused);
    if (length_is_exact(rule->offset)) {
        return (struct offset_moment){.at_ms = due->due_ms + length_ms(rule->offset),
                                      .date = DATE_NONE};
    }
    MUST(due->last_day != DATE_NONE);

    struct offset_moment moment =
        due_moment_from(from_safe ? due->safe_day : due->last_day, rule, office);

    if (from_safe && asks_uncovered(office, due->safe_day, due->unrolled)) {
        moment.provisional = true; /* where the safe day lies was asked for this moment */
    }
    return moment;
}
