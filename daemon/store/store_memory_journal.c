#include "store/store_memory.h"

#include "base/must.h"
#include "store/segment.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct journal {
    pthread_mutex_t mutex; /* held to change the records, and by readers to copy one */
    struct bytes *records; /* owned, each too; the first is number 1 */
    uint32_t *laws;        /* owned: by which law each was made */
    uint32_t law;
    struct journal_reader *chain; /* owned: reckons hashes for the writer */
    size_t count;
    size_t room;
    _Atomic uint64_t flushed; /* so many records are durable */
    size_t bytes;
    size_t bytes_max;
    enum status status;
    uint64_t fails_in; /* appends and flushes until one fails; 0: never */
    enum status fails_with;
};

uint64_t journal_flushed(const struct journal *journal)
{
    return atomic_load_explicit(&journal->flushed, memory_order_acquire);
}

struct journal *journal_memory_open(size_t bytes_max)
{
    struct journal *journal = calloc(1, sizeof(*journal));

    if (journal != NULL) {
        (void)pthread_mutex_init(&journal->mutex, NULL);
        journal->bytes_max = bytes_max;
        journal->law = 1;
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
    (void)pthread_mutex_destroy(&journal->mutex);
    journal_reader_close(journal->chain);
    free(journal->records);
    free(journal->laws);
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

    uint32_t *laws = realloc(journal->laws, room * sizeof(*laws));

    if (laws == NULL) {
        return false;
    }
    journal->laws = laws;
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

static uint64_t append(struct journal *journal, struct bytes record)
{
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
    journal->laws[journal->count] = journal->law;
    journal->records[journal->count++] = (struct bytes){.at = copy, .size = record.size};
    journal->bytes += record.size;
    if (journal->bytes > journal->bytes_max) {
        journal->status = STATUS_FULL;
    }
    return journal->count;
}

uint64_t journal_append(struct journal *journal, struct bytes record)
{
    MUST(record.size > 0);
    MUST(record.size <= RECORD_BYTES_MAX);
    (void)pthread_mutex_lock(&journal->mutex);

    uint64_t seq = append(journal, record);

    (void)pthread_mutex_unlock(&journal->mutex);
    return seq;
}

enum status journal_flush(struct journal *journal)
{
    if (!stopped(journal)) {
        atomic_store_explicit(&journal->flushed, journal->count, memory_order_release);
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

/* It is the only one of its world. */
void journal_id(const struct journal *journal, uint8_t id[JOURNAL_ID_BYTES])
{
    (void)journal;
    memset(id, 0, JOURNAL_ID_BYTES);
}

enum status journal_law(struct journal *journal, uint64_t seq, uint32_t *law)
{
    if (seq == 0) {
        return STATUS_NOT_FOUND;
    }
    *law = seq > journal->count ? journal->law : journal->laws[seq - 1];
    return STATUS_OK;
}

void journal_memory_set_law(struct journal *journal, uint32_t law)
{
    journal->law = law;
}

/* What was cut is reckoned anew when other records stand there. */
static void cut_chain(struct journal *journal)
{
    journal_reader_close(journal->chain);
    journal->chain = NULL;
}

void journal_memory_keep(struct journal *journal, uint64_t seq)
{
    MUST(seq <= journal->count);
    atomic_store_explicit(&journal->flushed, seq, memory_order_release);
    journal_memory_crash(journal);
}

void journal_memory_crash(struct journal *journal)
{
    cut_chain(journal);
    cut_to(journal, journal_flushed(journal));
    journal->status = STATUS_OK;
    journal->fails_in = 0;
}

void journal_memory_fail_after(struct journal *journal, uint64_t count, enum status status)
{
    MUST(count > 0);
    journal->fails_in = count;
    journal->fails_with = status;
}

/* The chain is reckoned by the reader, from the first record on: it is asked in order. */
struct journal_reader {
    struct journal *journal;          /* borrowed */
    uint64_t seq;                     /* the record that was hashed last */
    uint8_t hash[JOURNAL_HASH_BYTES]; /* its hash */
    uint8_t *room;                    /* owned: a whole record of the largest size */
};

enum status journal_reader_open(struct journal_reader **out, struct journal *journal)
{
    struct journal_reader *reader = calloc(1, sizeof(*reader));

    *out = NULL;
    if (reader == NULL) {
        return STATUS_NO_MEMORY;
    }
    reader->journal = journal;
    reader->room = malloc(segment_record_bytes(RECORD_BYTES_MAX));
    if (reader->room == NULL) {
        journal_reader_close(reader);
        return STATUS_NO_MEMORY;
    }
    *out = reader;
    return STATUS_OK;
}

void journal_reader_close(struct journal_reader *reader)
{
    if (reader != NULL) {
        free(reader->room);
        free(reader);
    }
}

/* Lay the next record out as it would stand on a disk. */
static size_t lay_out_next(struct journal_reader *reader)
{
    struct journal *journal = reader->journal;
    struct segment_frame frame = {.seq = ++reader->seq};

    memcpy(frame.before, reader->hash, sizeof(frame.before));
    (void)pthread_mutex_lock(&journal->mutex);

    struct bytes record = journal->records[reader->seq - 1];

    frame.size = (uint32_t)record.size;
    segment_record_encode(&frame, record.at, reader->room, reader->hash);
    (void)pthread_mutex_unlock(&journal->mutex);
    return record.size;
}

/* Reckon the chain up to a record that is there; how long it is. */
static size_t reckon(struct journal_reader *reader, uint64_t seq)
{
    size_t size = 0;

    if (seq <= reader->seq) {
        reader->seq = 0;
        memset(reader->hash, 0, sizeof(reader->hash));
    }
    while (reader->seq < seq) {
        size = lay_out_next(reader);
    }
    return size;
}

enum status journal_hash(struct journal *journal, uint64_t seq,
                         uint8_t hash[JOURNAL_HASH_BYTES])
{
    if (seq > journal->count) {
        return STATUS_NOT_FOUND;
    }
    if (journal->chain == NULL && journal_reader_open(&journal->chain, journal) != STATUS_OK) {
        return STATUS_NO_MEMORY;
    }
    if (seq == 0 || seq != journal->chain->seq) {
        (void)reckon(journal->chain, seq);
    }
    memcpy(hash, journal->chain->hash, JOURNAL_HASH_BYTES);
    return STATUS_OK;
}

enum status journal_reader_read(struct journal_reader *reader, uint64_t seq,
                                struct journal_entry *entry)
{
    if (seq == 0 || seq > journal_flushed(reader->journal)) {
        return STATUS_NOT_FOUND;
    }

    size_t size = reckon(reader, seq);

    *entry = (struct journal_entry){
        .seq = seq, .record = {.at = reader->room + SEGMENT_FRAME_BYTES, .size = size}};
    segment_record_hash((struct bytes){.at = reader->room, .size = segment_record_bytes(size)},
                        entry->digest, entry->hash);
    return STATUS_OK;
}
