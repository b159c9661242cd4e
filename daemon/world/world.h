#ifndef DUBAN_WORLD_WORLD_H
#define DUBAN_WORLD_WORLD_H

/*
 * The very engine of the daemon in a world without disks and with a clock of its own: what the
 * simulator plays its stories in, and tests their lives. Time passes only when told to; what
 * falls due meanwhile fires at its own instant.
 */
#include "engine/engine.h"
#include "store/store_memory.h"

struct world {
    struct store *store;     /* owned */
    struct journal *journal; /* owned */
    struct keyring *keyring; /* owned */
    struct engine *engine;   /* owned */
    struct watch watch;
    int64_t now_ms;
};

/* What rows and records may take together. */
#define WORLD_BYTES_MAX ((size_t)1 << 30)

/* An empty world at that instant. End with world_close, also after a failure. */
NODISCARD enum status world_open(struct world *world, int64_t now_ms,
                                 const struct watch *watch);
void world_close(struct world *world);

/* Install, and derive again whatever that touches. False: see the problems. */
NODISCARD bool world_install(struct world *world, const struct install_file *files,
                             uint32_t count, struct problem_list *problems);

/* Let time pass until an instant; what is due before it fires, with `including` also what is
 * due at it. Going back does nothing. False: something fires for ever, which is our bug. */
NODISCARD bool world_pass(struct world *world, int64_t until_ms, bool including);
/* The daemon is off until then: time passes, nothing fires. */
void world_sleep(struct world *world, int64_t until_ms);

/* An event at the present instant. */
void world_send(struct world *world, const struct submission *submission,
                struct receipt *receipt);

/* The power fails and the daemon starts again; only what was kept is there. With `keep` all of
 * the journal was flushed, without it nothing since the last flush. */
NODISCARD enum status world_crash(struct world *world, bool keep);
/* Whether the journal alone leads to the same tables, byte for byte: stepped again, and applied
 * as it was recorded, as the code of another law does. */
bool world_replays(struct world *world);

#endif
