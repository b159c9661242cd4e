#ifndef DUBAN_NET_WATCHDOG_H
#define DUBAN_NET_WATCHDOG_H

/*
 * The supervisor hears that the daemon lives only when it does: the loop turns (it is its timer
 * that asks), the writer has turned since the last time, and what is due gets fired. A daemon
 * that comes back to a heap of overdue moments lives as long as the heap becomes smaller.
 */
#include "net/writer.h"

#include <uv.h>

#define WATCHDOG_LAG_MS 60000 /* a moment may be late by this much */

struct watchdog {
    uv_timer_t timer;
    struct writer *writer; /* borrowed */
    uint64_t turn_count;   /* of the writer, when it was fed last */
    uint64_t fired_count;
};

/* Nothing is done where the supervisor wants nothing. */
void watchdog_start(struct watchdog *watchdog, uv_loop_t *loop, struct writer *writer);

#endif
