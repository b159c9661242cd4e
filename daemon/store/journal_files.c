#include "store/journal_files.h"

#include "base/log.h"
#include "base/must.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct journal {
    int folder_fd;            /* borrowed */
    pthread_mutex_t mutex;    /* held to change the list of segments, and by readers to look */
    uint64_t *firsts;         /* owned: the first record of each segment, ascending */
    size_t segment_count;     /* at least 1 once open */
    _Atomic uint64_t flushed; /* the last record that readers may see */
    struct segment_file last; /* the one that is written */
    struct segment_file reader; /* an older one, kept open for the next read of it */
    uint8_t store_id[16];
    uint32_t law;
    bool reading;                     /* nothing is ever written */
    uint64_t until;                   /* the last record that is asked for */
    uint64_t reached;                 /* the last record that the state has seen */
    uint64_t next;                    /* the number the next record will have */
    uint8_t hash[SEGMENT_HASH_BYTES]; /* of the last record appended */

    uint8_t *batch; /* owned: records appended and not yet flushed */
    size_t batch_bytes;
    size_t batch_room;
    uint64_t batch_first; /* number of the first of them */
    uint64_t cut_bytes;
    enum status status;
};

static bool add_segment(struct journal *journal, uint64_t first)
{
    (void)pthread_mutex_lock(&journal->mutex);

    uint64_t *firsts = realloc(journal->firsts, (journal->segment_count + 1) * sizeof(*firsts));

    if (firsts != NULL) {
        journal->firsts = firsts;
        journal->firsts[journal->segment_count++] = first;
    }
    (void)pthread_mutex_unlock(&journal->mutex);
    return firsts != NULL;
}

static int by_number(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a;
    uint64_t other = *(const uint64_t *)b;

    return (one > other) - (one < other);
}

static enum status list_segments(struct journal *journal)
{
    int fd = dup(journal->folder_fd);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    enum status status = STATUS_OK;

    if (folder == NULL) {
        log_error("journal.failed doing=list reason=\"%s\"", strerror(errno));
        if (fd >= 0) {
            (void)close(fd);
        }
        return STATUS_DISK;
    }
    rewinddir(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL && status == STATUS_OK;
         entry = readdir(folder)) {
        uint64_t first;

        if (segment_name_parse(entry->d_name, &first) && !add_segment(journal, first)) {
            status = STATUS_NO_MEMORY;
        }
    }
    (void)closedir(folder);
    if (journal->segment_count > 0) {
        qsort(journal->firsts, journal->segment_count, sizeof(uint64_t), by_number);
    }
    return status;
}

/* Begin a segment at the next record, and make its name durable. */
static enum status begin_segment(struct journal *journal)
{
    struct segment_head head = {.law = journal->law, .first = journal->next};
    enum status status;

    memcpy(head.store_id, journal->store_id, sizeof(head.store_id));
    memcpy(head.hash, journal->hash, sizeof(head.hash));
    segment_file_close(&journal->last);
    status = segment_file_create(&journal->last, journal->folder_fd, &head);
    if (status == STATUS_OK) {
        status = folder_sync(journal->folder_fd);
    }
    if (status == STATUS_OK && !add_segment(journal, journal->next)) {
        status = STATUS_NO_MEMORY;
    }
    return status;
}

/* Forget the last segment, which holds no record. */
static enum status drop_last(struct journal *journal, const char *why)
{
    char name[SEGMENT_NAME_BYTES];

    segment_name(journal->firsts[--journal->segment_count], name);
    segment_file_close(&journal->last);
    if (journal->reading) {
        return STATUS_OK;
    }
    log_info("journal.dropped file=%s reason=\"%s: it held no record\"", name, why);
    if (unlinkat(journal->folder_fd, name, 0) != 0) {
        log_error("journal.failed doing=unlink file=%s reason=\"%s\"", name, strerror(errno));
        return STATUS_DISK;
    }
    return folder_sync(journal->folder_fd);
}

/* Open the last segment; one that was being born when the power failed has no head yet. */
static enum status open_last(struct journal *journal)
{
    while (journal->segment_count > 1 &&
           journal->firsts[journal->segment_count - 1] > journal->until) {
        journal->segment_count--;
    }
    while (journal->segment_count > 0) {
        uint64_t first = journal->firsts[journal->segment_count - 1];
        enum status status =
            segment_file_open(&journal->last, journal->folder_fd, first, !journal->reading);

        if (status != STATUS_MALFORMED || !segment_file_is_blank(journal->folder_fd, first)) {
            return status;
        }
        status = drop_last(journal, "it was being born");
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

/* Stand behind the last whole record, and cut what follows: but not below what the state has
 * seen, for that was flushed before, and is damaged now. */
static enum status find_end(struct journal *journal)
{
    struct segment_file *last = &journal->last;
    enum status status =
        segment_file_find_end(last, journal->until, &journal->next, journal->hash);

    if (status == STATUS_OK && journal->next <= journal->reached) {
        log_error("journal.damaged first=%llu at=%llu record=%llu reason=\"the state has seen "
                  "record %llu\" do=\"duban audit verify; then restore the last backup\"",
                  (unsigned long long)last->head.first, (unsigned long long)last->end,
                  (unsigned long long)journal->next, (unsigned long long)journal->reached);
        return STATUS_MALFORMED;
    }
    if (status != STATUS_OK || journal->reading) {
        return status;
    }
    status = segment_file_cut(last, &journal->cut_bytes);
    return status == STATUS_OK ? folder_sync(journal->folder_fd) : status;
}

static enum status open_all(struct journal *journal)
{
    enum status status = list_segments(journal);

    if (status == STATUS_OK) {
        status = open_last(journal);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (journal->segment_count == 0) {
        if (journal->reading || journal->reached > 0) {
            log_error(
                "journal.missing reason=\"the state has seen record %llu\" do=\"bring its "
                "segments back, or restore the last backup\"",
                (unsigned long long)journal->reached);
            return STATUS_NOT_FOUND;
        }
        randombytes_buf(journal->store_id, sizeof(journal->store_id));
        journal->next = 1;
        return begin_segment(journal);
    }
    memcpy(journal->store_id, journal->last.head.store_id, sizeof(journal->store_id));
    status = find_end(journal);
    if (status != STATUS_OK || journal->reading || journal->last.head.law == journal->law) {
        return status;
    }
    if (journal->next == journal->last.head.first) {
        status = drop_last(journal, "another law follows");
    }
    return status == STATUS_OK ? begin_segment(journal) : status;
}

static enum status open_journal(struct journal **out, const struct folder *folder,
                                const struct journal *how)
{
    struct journal *journal = calloc(1, sizeof(*journal));

    *out = NULL;
    if (journal == NULL || sodium_init() < 0) {
        free(journal);
        return STATUS_NO_MEMORY;
    }
    (void)pthread_mutex_init(&journal->mutex, NULL);
    journal->folder_fd = folder->fd;
    journal->law = how->law;
    journal->reading = how->reading;
    journal->until = how->until;
    journal->reached = how->reached;
    journal->last.fd = -1;
    journal->reader.fd = -1;

    enum status status = open_all(journal);

    if (status != STATUS_OK) {
        journal_close(journal);
        return status;
    }
    journal->batch_first = journal->next;
    atomic_store_explicit(&journal->flushed, journal->next - 1, memory_order_release);
    *out = journal;
    return STATUS_OK;
}

enum status journal_files_open(struct journal **journal, const struct folder *folder,
                               uint32_t law, uint64_t reached)
{
    const struct journal how = {.law = law, .until = UINT64_MAX, .reached = reached};

    return open_journal(journal, folder, &how);
}

enum status journal_files_open_read(struct journal **journal, const struct folder *folder,
                                    uint32_t law, uint64_t until)
{
    const struct journal how = {.law = law, .until = until, .reading = true};

    return open_journal(journal, folder, &how);
}

void journal_close(struct journal *journal)
{
    if (journal == NULL) {
        return;
    }
    segment_file_close(&journal->last);
    segment_file_close(&journal->reader);
    (void)pthread_mutex_destroy(&journal->mutex);
    free(journal->batch);
    free(journal->firsts);
    free(journal);
}

enum status journal_status(const struct journal *journal)
{
    return journal->status;
}

uint64_t journal_next(const struct journal *journal)
{
    return journal->next;
}

static bool make_room(struct journal *journal, size_t bytes)
{
    size_t wanted = journal->batch_bytes + bytes;
    size_t room = journal->batch_room == 0 ? (size_t)1 << 16 : journal->batch_room;

    while (room < wanted) {
        room *= 2;
    }
    if (room == journal->batch_room) {
        return true;
    }

    uint8_t *batch = realloc(journal->batch, room);

    if (batch == NULL) {
        return false;
    }
    journal->batch = batch;
    journal->batch_room = room;
    return true;
}

uint64_t journal_append(struct journal *journal, struct bytes record)
{
    struct segment_frame frame = {.seq = journal->next, .size = (uint32_t)record.size};
    size_t bytes = segment_record_bytes(record.size);

    MUST(record.size > 0);
    MUST(record.size <= RECORD_BYTES_MAX);
    if (journal->status == STATUS_OK && !make_room(journal, bytes)) {
        journal->status = STATUS_NO_MEMORY;
    }
    if (journal->status == STATUS_OK) {
        memcpy(frame.before, journal->hash, SEGMENT_HASH_BYTES);
        segment_record_encode(&frame, record.at, journal->batch + journal->batch_bytes,
                              journal->hash);
        journal->batch_bytes += bytes;
    }
    return journal->next++;
}

enum status journal_flush(struct journal *journal)
{
    bool full = journal->last.end > SEGMENT_HEAD_BYTES &&
                journal->last.end + journal->batch_bytes > SEGMENT_BYTES;
    uint64_t next = journal->next;

    if (journal->status != STATUS_OK || journal->batch_bytes == 0 || journal->reading) {
        return journal->status;
    }
    if (full) {
        /* The new segment's head names the record and the hash before this batch. */
        struct segment_frame frame;
        struct bytes payload;
        uint8_t hash[SEGMENT_HASH_BYTES];

        MUST(segment_record_decode((struct bytes){journal->batch, journal->batch_bytes}, &frame,
                                   &payload) == STATUS_OK);
        memcpy(hash, journal->hash, sizeof(hash));
        memcpy(journal->hash, frame.before, sizeof(hash));
        journal->next = journal->batch_first;
        journal->status = begin_segment(journal);
        journal->next = next;
        memcpy(journal->hash, hash, sizeof(hash));
    }
    if (journal->status == STATUS_OK) {
        journal->status = segment_file_append(
            &journal->last, (struct bytes){journal->batch, journal->batch_bytes});
    }
    if (journal->status == STATUS_OK) {
        journal->batch_bytes = 0;
        journal->batch_first = next;
        atomic_store_explicit(&journal->flushed, next - 1, memory_order_release);
    }
    return journal->status;
}

/* A record of the open batch: walk it, for it is short. */
static enum status read_batch(const struct journal *journal, uint64_t seq, struct bytes *record)
{
    struct bytes rest = {journal->batch, journal->batch_bytes};
    struct segment_frame frame;

    while (segment_record_decode(rest, &frame, record) == STATUS_OK) {
        size_t bytes = segment_record_bytes(frame.size);

        if (frame.seq == seq) {
            return STATUS_OK;
        }
        rest = (struct bytes){rest.at + bytes, rest.size - bytes};
    }
    return STATUS_NOT_FOUND;
}

/* The place in the list of the segment that holds a record: the last whose first is not behind
 * it. False: it was archived away. */
static bool find_segment(const struct journal *journal, uint64_t seq, size_t *place)
{
    size_t low = 0;
    size_t high = journal->segment_count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (journal->firsts[middle] <= seq) {
            low = middle;
        } else {
            high = middle;
        }
    }
    *place = low;
    return seq >= journal->firsts[low];
}

/* Have this segment open for reading. */
static enum status open_segment(int folder_fd, uint64_t first, struct segment_file *file)
{
    if (file->fd >= 0 && file->head.first == first) {
        return STATUS_OK;
    }
    segment_file_close(file);
    return segment_file_open(file, folder_fd, first, false);
}

/* The writer's own file of the segment that holds a record. */
static enum status segment_of(struct journal *journal, uint64_t seq, struct segment_file **file)
{
    size_t place;

    if (!find_segment(journal, seq, &place)) {
        return STATUS_NOT_FOUND;
    }
    if (place == journal->segment_count - 1) {
        *file = &journal->last;
        return STATUS_OK;
    }
    *file = &journal->reader;
    return open_segment(journal->folder_fd, journal->firsts[place], &journal->reader);
}

enum status journal_files_segment(struct journal *journal, uint64_t seq,
                                  struct segment_file *file)
{
    size_t place;

    (void)pthread_mutex_lock(&journal->mutex);

    bool found = find_segment(journal, seq, &place);
    uint64_t first = found ? journal->firsts[place] : 0;

    (void)pthread_mutex_unlock(&journal->mutex);
    return found ? open_segment(journal->folder_fd, first, file) : STATUS_NOT_FOUND;
}

uint64_t journal_flushed(const struct journal *journal)
{
    return atomic_load_explicit(&journal->flushed, memory_order_acquire);
}

enum status journal_read(struct journal *journal, uint64_t seq, struct bytes *record)
{
    struct segment_file *file;

    if (seq == 0 || seq >= journal->next) {
        return STATUS_NOT_FOUND;
    }
    if (seq >= journal->batch_first) {
        return read_batch(journal, seq, record);
    }

    enum status status = segment_of(journal, seq, &file);

    return status == STATUS_OK ? segment_file_read(file, seq, record) : status;
}

void journal_id(const struct journal *journal, uint8_t id[JOURNAL_ID_BYTES])
{
    memcpy(id, journal->store_id, sizeof(journal->store_id));
}

void journal_files_head(const struct journal *journal, uint8_t hash[SEGMENT_HASH_BYTES])
{
    memcpy(hash, journal->hash, SEGMENT_HASH_BYTES);
}

enum status journal_hash(struct journal *journal, uint64_t seq,
                         uint8_t hash[JOURNAL_HASH_BYTES])
{
    struct bytes payload;
    uint8_t digest[JOURNAL_HASH_BYTES];

    if (seq == 0 || seq + 1 == journal->next) {
        memcpy(hash, journal->hash, JOURNAL_HASH_BYTES);
        if (seq == 0) {
            memset(hash, 0, JOURNAL_HASH_BYTES);
        }
        return STATUS_OK;
    }

    enum status status = journal_read(journal, seq, &payload);

    if (status == STATUS_OK) {
        segment_record_hash((struct bytes){payload.at - SEGMENT_FRAME_BYTES,
                                           segment_record_bytes(payload.size)},
                            digest, hash);
    }
    return status;
}

enum status journal_law(struct journal *journal, uint64_t seq, uint32_t *law)
{
    struct segment_file *file;

    if (seq >= journal->batch_first) {
        *law = journal->law;
        return STATUS_OK;
    }

    enum status status = seq == 0 ? STATUS_NOT_FOUND : segment_of(journal, seq, &file);

    if (status == STATUS_OK) {
        *law = file->head.law;
    }
    return status;
}

uint64_t journal_files_cut(const struct journal *journal)
{
    return journal->cut_bytes;
}
