#ifndef DUBAN_STORE_JOURNAL_FILES_H
#define DUBAN_STORE_JOURNAL_FILES_H

/*
 * The journal on a disk: segments in the store's folder (segment.h), appended to by one thread.
 * An append only fills memory; journal_flush writes the batch and flushes once. The first
 * failure sticks, and after it nothing more is written: what then is on the disk is unknown
 * until the next start has read it.
 */
#include "store/folder.h"
#include "store/journal.h"
#include "store/segment_file.h"

/*
 * Open, creating what is missing; `law` is the number of the law's code, and a segment of
 * another number is closed. Finds the last whole record, cuts what follows it, and makes all
 * durable before it answers. `reached` is the last record that the state has seen: where the
 * journal ends before it nothing is cut, for then it was damaged. Failures are logged with the
 * place of the damage.
 */
NODISCARD enum status journal_files_open(struct journal **journal, const struct folder *folder,
                                         uint32_t law, uint64_t reached);
/*
 * Open for reading, as it stands up to a record (or to its end), and change nothing, now or
 * later: what is appended stays in memory. `folder` need not be locked.
 */
NODISCARD enum status journal_files_open_read(struct journal **journal,
                                              const struct folder *folder, uint32_t law,
                                              uint64_t until);

/* The hash of the last record appended: the head of the chain. */
void journal_files_head(const struct journal *journal, uint8_t hash[SEGMENT_HASH_BYTES]);
/* Open for reading, on any thread, the segment that holds a flushed record. Nothing is done
 * where `file` is that segment already. STATUS_NOT_FOUND: it was archived away. */
NODISCARD enum status journal_files_segment(struct journal *journal, uint64_t seq,
                                            struct segment_file *file);
/* How many bytes the tail held after its last whole record at the start: a crash's torn
 * write. */
uint64_t journal_files_cut(const struct journal *journal);

#endif
