#include "store/journal_files.h"

#include <stdlib.h>
#include <string.h>

/* What a reader has read ahead holds every record up to `seen`; behind it there may be zeros,
 * or half a write, that are records by now. */
struct journal_reader {
    struct journal *journal; /* borrowed: only what any thread may ask */
    struct segment_file file;
    uint64_t seen;
};

enum status journal_reader_open(struct journal_reader **out, struct journal *journal)
{
    struct journal_reader *reader = calloc(1, sizeof(*reader));

    *out = reader;
    if (reader == NULL) {
        return STATUS_NO_MEMORY;
    }
    reader->journal = journal;
    reader->file.fd = -1;
    return STATUS_OK;
}

void journal_reader_close(struct journal_reader *reader)
{
    if (reader != NULL) {
        segment_file_close(&reader->file);
        free(reader);
    }
}

enum status journal_reader_read(struct journal_reader *reader, uint64_t seq,
                                struct journal_entry *entry)
{
    uint64_t flushed = journal_flushed(reader->journal);
    struct bytes payload;

    if (seq == 0 || seq > flushed) {
        return STATUS_NOT_FOUND;
    }
    if (seq > reader->seen) {
        segment_file_forget(&reader->file);
        reader->seen = flushed;
    }

    enum status status = journal_files_segment(reader->journal, seq, &reader->file);

    if (status == STATUS_OK) {
        status = segment_file_read(&reader->file, seq, &payload);
    }
    if (status == STATUS_OK) {
        *entry = (struct journal_entry){.seq = seq, .record = payload};
        segment_record_hash((struct bytes){payload.at - SEGMENT_FRAME_BYTES,
                                           segment_record_bytes(payload.size)},
                            entry->digest, entry->hash);
    }
    return status;
}
