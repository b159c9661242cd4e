#ifndef DUBAN_CORE_TRACK_H
#define DUBAN_CORE_TRACK_H

/*
 * One instance on its way: when it is due, and which of its moments comes next. Works on a case
 * in the making; what a moment does is fire.c's.
 */
#include "core/state.h"

/* Where reckoning takes place. */
struct track {
    const struct procedure *procedure;
    const struct office *office;
    const struct case_state *state;
};

/* One receiver of one entry. */
struct slot {
    const struct clock *clock;
    const struct entry *entry;
    uint32_t entry_index;
    uint32_t receiver;
    uint16_t role;
    uint64_t bit; /* in instance->fired and ->acked */
};

/* Walk a clock's slots in the order they fire: entry, then receiver. Begin with a zeroed slot
 * whose clock is set and *at 0; false: there are no more. */
bool slot_next(struct slot *slot, uint32_t *at);

/* All that decides about an instance, with its arrays. */
struct track_derivation {
    struct derivation derivation;
    struct interval pauses[PAUSES_MAX];
    struct length extensions[EXTENSIONS_MAX];
};

void track_derivation(const struct track *track, const struct instance *instance,
                      struct track_derivation *out);

/* When the daemon's own event fires if the instance runs: at its due, or its grace's end. */
int64_t track_end(const struct track *track, const struct instance *instance);

/* Derive `due`, `grace_day` and `end_ms` anew, and nothing else; but what an outside owner was
 * told is held: where the last day would come before a promised one, that is its `floor`. */
void track_derive(const struct track *track, struct instance *instance);

/* The last day without a floor: what was asked for where a promise is held. */
int32_t track_asked_day(const struct track *track, const struct instance *instance);

/*
 * Derive and arm: after a start, a resume, an extension or any change of what decides. What
 * lies before `now_ms` is to be caught up with once; a changed due forgets what went out for
 * the old.
 */
void track_arm(const struct track *track, struct instance *instance, int64_t now_ms);

/* Set next_ms from what is armed and done. Ended instances have none. */
void track_next(const struct track *track, struct instance *instance);

/* The case's next moment, from its instances'. */
void track_case_next(struct case_state *state);

/* While the catching up of an instance is still to come: whether this slot lies before it was
 * armed and has not gone out. *base is its own moment. */
bool track_caught_up_with(const struct track *track, const struct instance *instance,
                          const struct slot *slot, struct offset_moment *base);

/* The next moment of a slot after the cursor; at_ms INSTANT_NEVER without one. */
struct offset_moment track_slot_moment(const struct track *track,
                                       const struct instance *instance,
                                       const struct slot *slot);

/*
 * How long something said of an instance to a role is worth saying: until that role hears more
 * of it, or until it is due if it still runs. INSTANT_NEVER: always.
 */
int64_t track_useful(const struct procedure *procedure, const struct office *office,
                     const struct case_state *state, const struct instance *instance,
                     uint16_t role);

/* What an accrual has come to at an instant; what has ended stays as it was then. */
int64_t track_amount(const struct track *track, const struct instance *instance, int64_t at_ms);

/* The first review of a pause that began at `from_ms`, and the one after another, for whoever
 * is told in that role. */
int64_t track_review(const struct track *track, const struct instance *instance, uint16_t role,
                     int64_t from_ms);

#endif
