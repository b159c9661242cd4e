#ifndef DUBAN_STORE_SNAPSHOT_H
#define DUBAN_STORE_SNAPSHOT_H

/*
 * The state as of its last commit, for readers on other threads than the writer's. A snapshot
 * is a store that nobody writes: it is read by store_get and store_next, whose failures it
 * keeps (store_status), and stays as it was taken whatever the writer does meanwhile.
 *
 * It pins what the writer would use again, so it is held for a slice of work, never while
 * somebody waits for a peer. One thread at a time reads one; which one may change.
 */
#include "store/store.h"

struct snapshots;

#define SNAPSHOTS_MAX 16

/* A pool of `count` snapshots (SNAPSHOTS_MAX at most) of a store, which must outlive it. */
NODISCARD enum status snapshots_open(struct snapshots **snapshots, struct store *store,
                                     uint32_t count);
/* NULL is fine. All must have been given back. */
void snapshots_close(struct snapshots *snapshots);

/* Take one, on any thread. STATUS_FULL: all are out. */
NODISCARD enum status snapshot_take(struct snapshots *snapshots, struct store **snapshot);
/* Give it back, on any thread. What was read from it is gone. */
void snapshot_give(struct snapshots *snapshots, struct store *snapshot);

#endif
