#ifndef DUBAN_SETTINGS_H
#define DUBAN_SETTINGS_H

/* What a daemon is told at its start: places and sizes only. What decides about a case is
 * installed by recorded acts, never set here. */
#include "base/clock.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct settings {
    const char *data;       /* the store's folder */
    const char *master;     /* the file of the master key; NULL: master.key in the store */
    const char *run;        /* where the doors' sockets are */
    size_t map_bytes;       /* what the state may grow to */
    struct clock_pace pace; /* rate 0: the machine's own time */
    bool debug;             /* log the story too */
    bool empty;             /* a new store starts with nothing installed */
    bool check;             /* read everything, say what is wrong, and end */
};

/* From the command line. STATUS_NOT_FOUND: help was asked for and given. STATUS_REFUSED:
 * something is wrong, which was told on stderr. */
NODISCARD enum status settings_read(struct settings *settings, int argc, char **argv);

#endif
