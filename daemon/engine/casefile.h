#ifndef DUBAN_ENGINE_CASEFILE_H
#define DUBAN_ENGINE_CASEFILE_H

/*
 * One case in the store: its state, and its file (案卷): the places of its records in the
 * journal, with the digests of events that are remembered. Chunks keep values within a page; a
 * step touches the state and the file's newest chunk.
 */
#include "core/state.h"
#include "store/store.h"

/* A firing may push a state past its bound, for it cannot be refused; this is where it ends. */
#define STATE_ROOM_BYTES ((size_t)2 * STATE_BYTES_MAX)

struct case_file {
    uint64_t number;
    uint32_t procedure;  /* its number, as installed */
    uint32_t generation; /* of the calendars its clocks were last derived under */
    uint32_t entries;    /* records in its file */
    struct bytes state;  /* encoded */
};

/* Load into `room` (STATE_ROOM_BYTES); false: there is no such case. */
bool casefile_load(struct store *store, uint64_t number, uint8_t *room, struct case_file *file);
/* Write the state anew; `old_bytes` is what it took before, 0 for a new case. */
void casefile_save(struct store *store, const struct case_file *file, size_t old_bytes);

/* Add a record to the file; the digest is that of its event, or NULL where none is remembered.
 * To be saved after. */
void casefile_add(struct store *store, struct case_file *file, const struct digest *digest,
                  uint64_t seq);
/* The next entry before *entry (begin with file->entries) with this digest; its record. */
bool casefile_find(struct store *store, const struct case_file *file,
                   const struct digest *digest, uint32_t *entry, uint64_t *seq);
/* The entry after this one that is of another record: an import has one for each of its
 * events. */
uint32_t casefile_after(struct store *store, const struct case_file *file, uint32_t entry);
/* The record of an entry. */
uint64_t casefile_record(struct store *store, const struct case_file *file, uint32_t entry);

#endif
