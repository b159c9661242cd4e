#ifndef DUBAN_SETTINGS_H
#define DUBAN_SETTINGS_H

/*
 * What a daemon is told at its start: places and sizes only. What decides about a case is
 * installed by recorded acts, never set here. A setting has one name, in the file that --config
 * names and as a flag; a flag wins.
 */
#include "base/clock.h"
#include "net/hub.h"

struct settings {
    const char *config;     /* the file they stand in; NULL: none */
    const char *data;       /* the store's folder */
    const char *master;     /* the file of the master key; NULL: master.key in the store */
    const char *run;        /* where the doors' sockets are */
    size_t map_bytes;       /* what the state may grow to */
    struct clock_pace pace; /* rate 0: the machine's own time */
    struct hub_doors doors;
    bool debug; /* log the story too */
    bool empty; /* a new store starts with nothing installed */
    bool check; /* look at everything, touch nothing, say what is wrong, and end */

    struct arena arena; /* owned: texts that are not the command line's */
};

/* From the command line and the file it names. STATUS_NOT_FOUND: help was asked for and given.
 * STATUS_REFUSED: something is wrong, which was told on stderr. End with settings_fini. */
NODISCARD enum status settings_read(struct settings *settings, int argc, char **argv);
void settings_fini(struct settings *settings);

/* Look at the places they name. STATUS_REFUSED: some cannot be used, which was told. */
NODISCARD enum status settings_check(const struct settings *settings);
/* Take over what can change while the daemon runs, and log what cannot. */
void settings_take(struct settings *settings, const struct settings *fresh);

#endif
