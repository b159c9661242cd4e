#ifndef DUBAN_NET_COPYING_H
#define DUBAN_NET_COPYING_H

/* What the writer and whoever asks for the status know of backups; who makes them is the
 * program's business. */
#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define COPYING_FOLDER_BYTES 1025

/* How the last backup stands. */
struct copying {
    enum { COPYING_NONE, COPYING_RUNS, COPYING_DONE, COPYING_FAILED } state;
    char folder[COPYING_FOLDER_BYTES];
    uint64_t seq; /* of one that is done: the last record in it */
    uint8_t hash[32];
    uint32_t generation;
    int64_t now_ms;
    enum status failed; /* why it failed; the log says more */
};

struct copier {
    void *context;
    /* Begin one, on the writer's thread, after what it is to have was saved. */
    void (*begin)(void *context, struct text folder);
    /* On any thread. */
    void (*look)(void *context, struct copying *copying);
};

#endif
