#ifndef DUBAN_NET_HINTS_H
#define DUBAN_NET_HINTS_H

/*
 * The door of hints: whoever listens is told how far the journal is flushed, at once when
 * nothing was told for a while, else once every HINTS_MS. A nudge, never an obligation: a slow
 * listener misses some, and asks the control door. Who comes is told where things stand.
 */
#include "net/door.h"

#include <uv.h>

#define HINTS_MS 20

struct hints {
    struct door door;
    uint64_t flushed_seq; /* how far it is */
    uint64_t told_seq;    /* what was told last */
    bool somebody_came;
    uv_timer_t pause;
};

/* Start with a door that is open; the loop outlives it. */
void hints_start(struct hints *hints, uv_loop_t *loop, uint64_t flushed_seq);
/* It is this far now. */
void hints_tell(struct hints *hints, uint64_t flushed_seq);
/* See who came and went. */
void hints_look(struct hints *hints);

#endif
