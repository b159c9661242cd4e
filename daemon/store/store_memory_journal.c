#include "store/store_memory.h"

#include "base/must.h"

#include <stdlib.h>
#include <string.h>

struct journal {
    struct bytes *records; /* owned, each too; the first is number 1 */
    size_t count;
    size_t room;
    size_t flushed; /* so many records are durable */
    size_t bytes;
    size_t bytes_max;
    enum status status;
    uint64_t fails_in; /* appends and flushes until one fails; 0: never */
    enum status fails_with;
};

struct journal *journal_memory_open(size_t bytes_max)
{
    struct journal *journal = calloc(1, sizeof(*journal));

    if (journal != NULL) {
        journal->bytes_max = bytes_max;
    }
    return journal;
}

/* The bytes were allocated here; the const is shed for free() alone. */
static void drop_record(struct bytes record)
{
    union {
        const uint8_t *ours;
        void *theirs;
    } view = {.ours = record.at};

    free(view.theirs);
}

static void cut_to(struct journal *journal, size_t count)
{
    while (journal->count > count) {
        struct bytes record = journal->records[--journal->count];

        journal->bytes -= record.size;
        drop_record(record);
    }
}

void journal_close(struct journal *journal)
{
    if (journal == NULL) {
        return;
    }
    cut_to(journal, 0);
    free(journal->records);
    free(journal);
}

static bool stopped(struct journal *journal)
{
    if (journal->status == STATUS_OK && journal->fails_in > 0 && --journal->fails_in == 0) {
        journal->fails_in = 1;
        journal->status = journal->fails_with;
    }
    return journal->status != STATUS_OK;
}

static bool make_room(struct journal *journal)
{
    if (journal->count < journal->room) {
        return true;
    }

    size_t room = journal->room == 0 ? 64 : journal->room * 2;
    struct bytes *records = realloc(journal->records, room * sizeof(*records));

    if (records == NULL) {
        return false;
    }
    journal->records = records;
    journal->room = room;
    return true;
}

enum status journal_status(const struct journal *journal)
{
    return journal->status;
}

uint64_t journal_next(const struct journal *journal)
{
    return journal->count + 1;
}

uint64_t journal_append(struct journal *journal, struct bytes record)
{
    MUST(record.size > 0);
    MUST(record.size <= RECORD_BYTES_MAX);
    if (stopped(journal)) {
        return journal_next(journal);
    }

    uint8_t *copy = malloc(record.size);

    if (copy == NULL || !make_room(journal)) {
        free(copy);
        journal->status = STATUS_NO_MEMORY;
        return journal_next(journal);
    }
    memcpy(copy, record.at, record.size);
    journal->records[journal->count++] = (struct bytes){.at = copy, .size = record.size};
    journal->bytes += record.size;
    if (journal->bytes > journal->bytes_max) {
        journal->status = STATUS_FULL;
    }
    return journal->count;
}

enum status journal_flush(struct journal *journal)
{
    if (!stopped(journal)) {
        journal->flushed = journal->count;
    }
    return journal->status;
}

enum status journal_read(struct journal *journal, uint64_t seq, struct bytes *record)
{
    if (seq < 1 || seq > journal->count) {
        return STATUS_NOT_FOUND;
    }
    *record = journal->records[seq - 1];
    return STATUS_OK;
}

void journal_memory_crash(struct journal *journal)
{
    cut_to(journal, journal->flushed);
    journal->status = STATUS_OK;
    journal->fails_in = 0;
}

void journal_memory_fail_after(struct journal *journal, uint64_t count, enum status status)
{
    MUST(count > 0);
    journal->fails_in = count;
    journal->fails_with = status;
}
