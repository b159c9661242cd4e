#ifndef DUBAN_STORE_STORE_MEMORY_H
#define DUBAN_STORE_STORE_MEMORY_H

/*
 * Store and journal without a disk, for the simulator and for tests. They can do what a machine
 * does when the power fails: forget everything that was not committed or flushed.
 */
#include "store/journal.h"
#include "store/keyring.h"
#include "store/snapshot.h"

/* `bytes_max` bounds what the rows may take together; past it the store is STATUS_FULL. NULL:
 * out of memory. */
struct store *store_memory_open(size_t bytes_max);
struct journal *journal_memory_open(size_t bytes_max);
/* Its keys are made from their numbers: the same in every run, and nobody's secret. */
struct keyring *keyring_memory_open(void);

/* From now on at most so much room is left, whatever is in use. */
void store_memory_leave_space(struct store *store, enum space space);

/* Back to the last commit, or flush; a failure that stuck is gone too. */
void store_memory_crash(struct store *store);
void journal_memory_crash(struct journal *journal);

/* From here on records are made by another law's code; it is 1 at first. */
void journal_memory_set_law(struct journal *journal, uint32_t law);
/* What a torn write leaves: nothing behind this record. */
void journal_memory_keep(struct journal *journal, uint64_t seq);

/* From the `count`-th write (append, flush, commit) on every one fails with `status`. */
void store_memory_fail_after(struct store *store, uint64_t count, enum status status);
void journal_memory_fail_after(struct journal *journal, uint64_t count, enum status status);

/* From now on it fails so; STATUS_OK ends that. */
void keyring_memory_fail(struct keyring *keyring, enum status status);

size_t store_memory_bytes(const struct store *store);

#endif
