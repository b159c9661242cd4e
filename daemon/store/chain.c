#include "store/chain.h"

#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHAIN_FAULT(word, en_words, zh_words) \
    static const struct message word = {.code = #word, .en = (en_words), .zh = (zh_words)};
CHAIN_FAULTS(CHAIN_FAULT)
#undef CHAIN_FAULT

/* A walk under way. */
struct walk {
    int folder_fd; /* borrowed */
    const struct chain_watch *watch;
    struct chain_report *report;
    uint64_t reached;
    uint64_t next;    /* the number the next record must have */
    uint64_t segment; /* the one in hand */
    bool last;        /* nothing follows it */
    struct segment_head head;
    uint8_t *bytes; /* owned: the file, whole */
    size_t size;
};

static enum status failed(const char *doing)
{
    log_error("journal.failed doing=%s reason=\"%s\"", doing, strerror(errno));
    return STATUS_DISK;
}

static int by_number(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a;
    uint64_t other = *(const uint64_t *)b;

    return (one > other) - (one < other);
}

/* Numbers in the making. */
struct numbers {
    uint64_t *at; /* owned */
    size_t count;
    size_t room;
};

static enum status add(struct numbers *numbers, uint64_t number)
{
    if (numbers->count == numbers->room) {
        size_t room = numbers->room == 0 ? 64 : numbers->room * 2;
        uint64_t *more = realloc(numbers->at, room * sizeof(*more));

        if (more == NULL) {
            return STATUS_NO_MEMORY;
        }
        numbers->at = more;
        numbers->room = room;
    }
    numbers->at[numbers->count++] = number;
    return STATUS_OK;
}

enum status chain_segments(int folder_fd, uint64_t **firsts, size_t *count)
{
    int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    struct numbers numbers = {0};
    enum status status = STATUS_OK;

    *firsts = NULL;
    *count = 0;
    if (folder == NULL) {
        return failed("list");
    }
    for (struct dirent *entry = readdir(folder); entry != NULL && status == STATUS_OK;
         entry = readdir(folder)) {
        uint64_t first;

        if (segment_name_parse(entry->d_name, &first)) {
            status = add(&numbers, first);
        }
    }
    (void)closedir(folder);
    if (numbers.count > 0) {
        qsort(numbers.at, numbers.count, sizeof(*numbers.at), by_number);
    }
    *firsts = numbers.at;
    *count = numbers.count;
    return status;
}

/* Take the segment's file into memory: sixteen mebibytes and a batch. */
static enum status read_segment(struct walk *walk)
{
    char name[SEGMENT_NAME_BYTES];
    struct stat about;

    segment_name(walk->segment, name);

    int fd = openat(walk->folder_fd, name, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &about) != 0) {
        enum status status = failed("open");

        if (fd >= 0) {
            (void)close(fd);
        }
        return status;
    }
    free(walk->bytes);
    walk->bytes = malloc((size_t)about.st_size + 1);
    walk->size = 0;

    enum status status = walk->bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;

    while (status == STATUS_OK && walk->size < (size_t)about.st_size) {
        ssize_t got = read(fd, walk->bytes + walk->size, (size_t)about.st_size - walk->size);

        if (got < 0 && errno != EINTR) {
            status = failed("read");
        } else if (got == 0) {
            break;
        } else if (got > 0) {
            walk->size += (size_t)got;
        }
    }
    (void)close(fd);
    return status;
}

static void fault(struct walk *walk, const struct message *message, uint64_t seq, uint64_t at)
{
    walk->report->fault = message;
    walk->report->place = (struct chain_place){.segment = walk->segment, .seq = seq, .at = at};
}

static bool all_zero(struct bytes bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        if (bytes.at[i] != 0) {
            return false;
        }
    }
    return true;
}

/* What a crash leaves where a segment was being born: nothing behind half a head at most. */
static bool is_stillborn(const struct walk *walk)
{
    return walk->last && walk->next > walk->reached && walk->size <= SEGMENT_HEAD_BYTES &&
           walk->next == walk->segment;
}

static void note_torn(struct walk *walk, uint64_t at)
{
    walk->report->torn_bytes = walk->size - at;
    walk->report->torn =
        (struct chain_place){.segment = walk->segment, .seq = walk->next, .at = at};
}

/* Whether the segment's head is whole and joins; false also for one that is stillborn. */
static bool check_head(struct walk *walk)
{
    struct chain_report *report = walk->report;
    bool first = report->segment_count == 0;

    if (walk->segment != walk->next) {
        fault(walk, walk->segment > walk->next ? &chain_gap : &chain_twice, walk->next, 0);
        walk->report->place.segment = walk->segment > walk->next ? walk->next : walk->segment;
    } else if (walk->size < SEGMENT_HEAD_BYTES ||
               !segment_head_decode(walk->bytes, &walk->head) ||
               !all_zero((struct bytes){walk->bytes + SEGMENT_HEAD_USED,
                                        SEGMENT_HEAD_BYTES - SEGMENT_HEAD_USED})) {
        if (is_stillborn(walk)) {
            note_torn(walk, 0);
            return false;
        }
        fault(walk, &chain_head, 0, 0);
    } else if (walk->head.first != walk->segment) {
        fault(walk, &chain_named, 0, 0);
    } else if (!first && memcmp(walk->head.store_id, report->store_id, 16) != 0) {
        fault(walk, &chain_store, 0, 0);
    } else if (memcmp(walk->head.hash, report->hash, SEGMENT_HASH_BYTES) != 0) {
        fault(walk, &chain_head_joins, 0, 0);
    } else {
        memcpy(report->store_id, walk->head.store_id, 16);
        report->segment_count++;
        return true;
    }
    return false;
}

/* What keeps the bytes at a place from being the next record; NULL: they are. */
static const struct message *judge(const struct walk *walk, struct bytes bytes,
                                   struct segment_frame *frame, struct bytes *payload)
{
    enum status framed = segment_frame_decode(bytes, frame);
    enum status status = segment_record_decode(bytes, frame, payload);

    if (framed == STATUS_MALFORMED) {
        return &chain_length;
    }
    if (status == STATUS_NOT_FOUND) {
        return &chain_stray;
    }
    if (status != STATUS_OK) {
        return status == STATUS_LIMIT ? &chain_short : &chain_sum;
    }
    if (frame->seq != walk->next) {
        return &chain_number;
    }
    if (memcmp(frame->before, walk->report->hash, SEGMENT_HASH_BYTES) != 0) {
        return &chain_joins;
    }

    const uint8_t *end = payload->at + payload->size; /* the padding is of no account */

    return all_zero((struct bytes){end, segment_record_bytes(frame->size) -
                                            SEGMENT_FRAME_BYTES - frame->size})
               ? NULL
               : &chain_sum;
}

static const struct message *take_record(struct walk *walk, const struct segment_frame *frame,
                                         struct bytes payload, struct bytes whole)
{
    struct chain_record record = {.seq = frame->seq, .law = walk->head.law, .payload = payload};
    const struct message *wrong = NULL;
    uint8_t digest[SEGMENT_HASH_BYTES];

    segment_record_hash(whole, digest, record.hash);
    if (walk->watch != NULL) {
        wrong = walk->watch->on_record(walk->watch->context, &record);
    }
    if (wrong == NULL) {
        memcpy(walk->report->hash, record.hash, SEGMENT_HASH_BYTES);
        walk->report->last = frame->seq;
        walk->report->byte_count += whole.size;
        walk->next++;
    }
    return wrong;
}

/* The records of a segment, and that nothing but zeros is behind them. */
static void walk_records(struct walk *walk)
{
    size_t at = SEGMENT_HEAD_BYTES;

    for (;;) {
        struct bytes rest = {walk->bytes + at, walk->size - at};
        struct segment_frame frame;
        struct bytes payload;

        if (all_zero(rest)) {
            return;
        }

        const struct message *wrong = judge(walk, rest, &frame, &payload);

        if (wrong != NULL) {
            if (walk->last && walk->next > walk->reached) {
                note_torn(walk, at);
            } else {
                fault(walk, wrong, walk->next, at);
            }
            return;
        }

        size_t size = segment_record_bytes(frame.size);

        wrong = take_record(walk, &frame, payload, (struct bytes){rest.at, size});
        if (wrong != NULL) {
            fault(walk, wrong, frame.seq, at);
            return;
        }
        at += size;
    }
}

static enum status walk_segments(struct walk *walk, const uint64_t *firsts, size_t count)
{
    for (size_t i = 0; i < count && walk->report->fault == NULL; i++) {
        walk->segment = firsts[i];
        walk->last = i == count - 1;

        enum status status = read_segment(walk);

        if (status != STATUS_OK) {
            return status;
        }
        if (check_head(walk)) {
            walk_records(walk);
        }
    }
    if (walk->report->fault == NULL && walk->report->last < walk->reached) {
        fault(walk, &chain_ends, walk->next, walk->size);
    }
    return STATUS_OK;
}

enum status chain_walk(int folder_fd, uint64_t reached, const struct chain_watch *watch,
                       struct chain_report *report)
{
    struct walk walk = {.folder_fd = folder_fd,
                        .watch = watch,
                        .report = report,
                        .reached = reached,
                        .next = 1};
    uint64_t *firsts;
    size_t count;
    enum status status = sodium_init() < 0 ? STATUS_NO_MEMORY : STATUS_OK;

    *report = (struct chain_report){0};
    if (status == STATUS_OK) {
        status = chain_segments(folder_fd, &firsts, &count);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (count == 0) {
        report->fault = &chain_none;
    }
    status = walk_segments(&walk, firsts, count);
    free(firsts);
    free(walk.bytes);
    return status;
}
