#ifndef DUBAN_STORE_JOURNAL_H
#define DUBAN_STORE_JOURNAL_H

/*
 * The truth of the daemon: records in the order they were appended, numbered from 1, never
 * changed. What was appended can be read at once by its writer; it is durable, and may be shown
 * to others, after the flush. The first failure sticks, as the store's does.
 */
#include "base/bytes.h"
#include "base/status.h"

#define RECORD_BYTES_MAX ((size_t)1 << 20)

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

#endif
