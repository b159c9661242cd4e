#ifndef DUBAN_ENGINE_TIMEGUARD_H
#define DUBAN_ENGINE_TIMEGUARD_H

/*
 * The wall clock, watched against the steady one. When it jumps by more than the bound, time is
 * guarded: events go on being taken, by the time the steady clock says; nothing fires; until
 * the wall clock returns within the bound, or an operator accepts it. The clocks are arguments.
 */
#include <stdbool.h>
#include <stdint.h>

#define TIMEGUARD_BOUND_MS ((int64_t)5 * 60000)
#define TIMEGUARD_GAP_MS   ((int64_t)31 * 86400000) /* downtime believed without proof */

struct timeguard {
    int64_t wall_ms;   /* what the wall clock said when … */
    int64_t steady_ms; /* … the steady one said this */
    int64_t bound_ms;  /* what they may differ by; set before the start, TIMEGUARD_BOUND_MS */
    bool guarded;
};

/*
 * Begin at a start. Time is guarded from the first moment when the wall clock is before the
 * store's latest record, or more than 31 days after it while the kernel calls itself
 * unsynchronised.
 */
void timeguard_begin(struct timeguard *guard, int64_t wall_ms, int64_t steady_ms,
                     int64_t latest_ms, bool synchronised);

/* Look at both clocks; the answer is the time to go by. guard->guarded says whether to fire. */
int64_t timeguard_look(struct timeguard *guard, int64_t wall_ms, int64_t steady_ms);

/* The operator says that the wall clock is right. */
void timeguard_accept(struct timeguard *guard, int64_t wall_ms, int64_t steady_ms);

#endif
