#ifndef DUBAN_CORE_COUNT_H
#define DUBAN_CORE_COUNT_H

/*
 * The count of a day-based clock: where it stands, and how it moves. It is reckoned in
 * stretches, from pause to pause and from part to part, never day by day. Parts are the length
 * (part 0) and the extensions; months and years become natural days where the count stands when
 * their part begins. Used by due.c and explain.c; others want due.h.
 */
#include "core/due.h"

struct counting {
    const struct derivation *derivation; /* borrowed */
    const struct office *office;         /* borrowed */
    int32_t at;                          /* everything up to this date has been dealt with */
    uint32_t part;                       /* the part being counted */
    int32_t part_days;                   /* its days, of the kind it counts */
    int32_t left;                        /* of them not yet counted */
    bool working;                        /* the part counts working days only */
    bool asked_uncovered;                /* the count asked about an unpublished year */
};

/* [first, after): the dates that a pause takes out of the count; none when after <= first. */
struct date_span {
    int32_t first;
    int32_t after; /* INT32_MAX while the pause is open */
};

struct counting count_begin(const struct derivation *derivation, const struct office *office);
bool count_is_over(const struct counting *counting);
/* Count the dates up to and including this one, or to the end if that is earlier. */
void count_to(struct counting *counting, int32_t date);
/* Where the count would end if nothing paused it any more. */
int32_t count_end(const struct counting *counting);
/*
 * Count through all pauses that act. *acting is how many of the derivation's pauses, from the
 * first, were looked at: none after them has an effect. The answer is whether the last of those
 * is open; then the count stands on the last date on which it ran. Else it is over, and stands
 * on the unrolled last day.
 */
bool count_through(struct counting *counting, uint32_t *acting);
struct date_span count_paused(const struct derivation *derivation, const struct office *office,
                              const struct interval *pause);

#endif
