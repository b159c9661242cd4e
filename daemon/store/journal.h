#ifndef DUBAN_STORE_JOURNAL_H
#define DUBAN_STORE_JOURNAL_H

/*
 * The truth of the daemon: records in the order they were appended, numbered from 1, never
 * changed. What was appended can be read at once by its writer; it is durable, and may be shown
 * to others, after the flush. The first failure sticks, as the store's does.
 */
#include "base/bytes.h"
#include "base/status.h"

#define RECORD_BYTES_MAX   ((size_t)1 << 20)
#define JOURNAL_HASH_BYTES 32
#define JOURNAL_ID_BYTES   16

struct journal;

/* Close and free. NULL is fine. What was not flushed is lost. */
void journal_close(struct journal *journal);

/* The first failure since the last flush that went well, or STATUS_OK. */
enum status journal_status(const struct journal *journal);

/* The number the next record will have. */
uint64_t journal_next(const struct journal *journal);
/* Append a copy; the answer is its number. */
uint64_t journal_append(struct journal *journal, struct bytes record);
/* Make everything appended durable, or say why not. */
NODISCARD enum status journal_flush(struct journal *journal);
/* STATUS_NOT_FOUND where there is no such record. Borrowed until the next append. */
NODISCARD enum status journal_read(struct journal *journal, uint64_t seq, struct bytes *record);
/* The hash of a record, which covers all before it; zeros for record 0. */
NODISCARD enum status journal_hash(struct journal *journal, uint64_t seq,
                                   uint8_t hash[JOURNAL_HASH_BYTES]);
/* The name it was born with, which no other journal has. */
void journal_id(const struct journal *journal, uint8_t id[JOURNAL_ID_BYTES]);
/* The number of the law's code that made a record; for the next record's, the present one. */
NODISCARD enum status journal_law(struct journal *journal, uint64_t seq, uint32_t *law);

/*
 * Readers, on any thread, each of its own: they see what was flushed and nothing else, find new
 * segments as they come, and never meet the writer's place in a file. A reader belongs to one
 * thread at a time; the journal must outlive it.
 */
struct journal_reader;

/* A record as it stands in the chain. */
struct journal_entry {
    uint64_t seq;
    struct bytes record;                /* borrowed until the reader's next call */
    uint8_t digest[JOURNAL_HASH_BYTES]; /* of the record alone */
    uint8_t hash[JOURNAL_HASH_BYTES];   /* of its number, the hash before it and the digest */
};

/* The number of the last record that was flushed. On any thread. */
uint64_t journal_flushed(const struct journal *journal);

NODISCARD enum status journal_reader_open(struct journal_reader **reader,
                                          struct journal *journal);
/* NULL is fine. */
void journal_reader_close(struct journal_reader *reader);
/* STATUS_NOT_FOUND: it is not flushed yet, or was archived away. */
NODISCARD enum status journal_reader_read(struct journal_reader *reader, uint64_t seq,
                                          struct journal_entry *entry);

#endif
