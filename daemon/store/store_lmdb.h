#ifndef DUBAN_STORE_STORE_LMDB_H
#define DUBAN_STORE_STORE_LMDB_H

/*
 * The store on a disk: LMDB, with one write transaction that stays open between commits and
 * sees its own writes. The file is state.mdb in the store's folder.
 */
#include "store/folder.h"
#include "store/snapshot.h"

/* What the state may grow to unless somebody says otherwise. */
#define STORE_LMDB_MAP_BYTES ((size_t)16 << 30)

/* Open, creating what is missing. Failures are logged. The map bounds what the state may
 * grow to; it is address space, not memory. */
NODISCARD enum status store_lmdb_open(struct store **store, const struct folder *folder,
                                      const char *path, size_t map_bytes);

/* Open for reading, as it was last committed, and change nothing; also of a backup. A damaged
 * file may crash whoever reads it: LMDB's pages bear no checksums. */
NODISCARD enum status store_lmdb_open_read(struct store **store, const char *path);
/* A new one that nobody will ask for after this process: it is not flushed. */
NODISCARD enum status store_lmdb_open_scratch(struct store **store, const char *path,
                                              size_t map_bytes);
/* Write what was last committed to a file, on any thread beside the writer's; not flushed. */
NODISCARD enum status store_lmdb_copy(const struct store *store, int fd);

#endif
