#include "store/segment_file.h"

#include "base/log.h"
#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WINDOW_BYTES = 64 * 1024 };

static enum status failed(const char *doing)
{
    log_error("journal.failed doing=%s reason=\"%s\"", doing, strerror(errno));
    return errno == ENOSPC ? STATUS_FULL : STATUS_DISK;
}

static enum status write_all(int fd, const uint8_t *bytes, size_t size, uint64_t at)
{
    while (size > 0) {
        ssize_t written = pwrite(fd, bytes, size, (off_t)at);

        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return failed("write");
        }
        bytes += written;
        size -= (size_t)written;
        at += (uint64_t)written;
    }
    return STATUS_OK;
}

/* As much as there is, up to `size`. */
static enum status read_some(int fd, uint8_t *bytes, size_t size, uint64_t at, size_t *got)
{
    *got = 0;
    while (*got < size) {
        ssize_t read = pread(fd, bytes + *got, size - *got, (off_t)(at + *got));

        if (read < 0 && errno == EINTR) {
            continue;
        }
        if (read < 0) {
            return failed("read");
        }
        if (read == 0) {
            break;
        }
        *got += (size_t)read;
    }
    return STATUS_OK;
}

static enum status flush(int fd)
{
    return fdatasync(fd) == 0 ? STATUS_OK : failed("flush");
}

static void begin(struct segment_file *file, int fd, const struct segment_head *head)
{
    *file = (struct segment_file){
        .fd = fd,
        .head = *head,
        .end = SEGMENT_HEAD_BYTES,
        .written = SEGMENT_HEAD_BYTES,
        .known = head->first,
        .known_at = SEGMENT_HEAD_BYTES,
    };
}

enum status segment_file_create(struct segment_file *file, int folder_fd,
                                const struct segment_head *head)
{
    char name[SEGMENT_NAME_BYTES];
    uint8_t page[SEGMENT_HEAD_BYTES];

    segment_name(head->first, name);
    segment_head_encode(head, page);

    int fd = openat(folder_fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0) {
        return failed("create");
    }
    begin(file, fd, head);

    enum status status = write_all(fd, page, sizeof(page), 0);

    return status == STATUS_OK ? flush(fd) : status;
}

enum status segment_file_open(struct segment_file *file, int folder_fd, uint64_t first,
                              bool writable)
{
    char name[SEGMENT_NAME_BYTES];
    uint8_t page[SEGMENT_HEAD_BYTES];
    struct segment_head head;
    struct stat about;
    size_t got;

    segment_name(first, name);

    int fd = openat(folder_fd, name, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);

    if (fd < 0) {
        return failed("open");
    }

    enum status status = read_some(fd, page, sizeof(page), 0, &got);

    if (status == STATUS_OK && fstat(fd, &about) != 0) {
        status = failed("stat");
    }
    if (status == STATUS_OK &&
        (got < sizeof(page) || !segment_head_decode(page, &head) || head.first != first)) {
        log_error("journal.damaged file=%s at=0 reason=\"no head of a segment\"", name);
        status = STATUS_MALFORMED;
    }
    if (status != STATUS_OK) {
        (void)close(fd);
        return status;
    }
    begin(file, fd, &head);
    file->end = (uint64_t)about.st_size;
    file->written = (uint64_t)about.st_size;
    return STATUS_OK;
}

void segment_file_close(struct segment_file *file)
{
    if (file->fd >= 0) {
        (void)close(file->fd);
    }
    free(file->marks);
    free(file->window);
    *file = (struct segment_file){.fd = -1};
}

bool segment_file_is_blank(int folder_fd, uint64_t first)
{
    char name[SEGMENT_NAME_BYTES];
    uint8_t page[SEGMENT_HEAD_BYTES + SEGMENT_FRAME_BYTES];
    size_t got = 0;

    segment_name(first, name);

    int fd = openat(folder_fd, name, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return false;
    }

    enum status status = read_some(fd, page, sizeof(page), 0, &got);

    (void)close(fd);
    return status == STATUS_OK && got <= SEGMENT_HEAD_BYTES;
}

static bool make_room(struct segment_file *file, size_t bytes)
{
    if (bytes <= file->window_room) {
        return true;
    }

    uint8_t *window = realloc(file->window, bytes);

    if (window == NULL) {
        return false;
    }
    file->window = window;
    file->window_room = bytes;
    return true;
}

/* What the window holds from a place on. */
static struct bytes in_window(const struct segment_file *file, uint64_t at)
{
    uint64_t end = file->window_at + file->window_bytes;

    if (at < file->window_at || at >= end) {
        return (struct bytes){0};
    }
    return (struct bytes){.at = file->window + (at - file->window_at),
                          .size = (size_t)(end - at)};
}

static enum status move_window(struct segment_file *file, uint64_t at, size_t bytes)
{
    if (!make_room(file, bytes)) {
        return STATUS_NO_MEMORY;
    }
    file->window_at = at;
    return read_some(file->fd, file->window, bytes, at, &file->window_bytes);
}

/* The whole record at a place, with its frame; borrowed from the window. */
static enum status read_at(struct segment_file *file, uint64_t at, struct segment_frame *frame,
                           struct bytes *payload, struct bytes *whole)
{
    size_t wanted = WINDOW_BYTES;

    for (bool moved = false;; moved = true) {
        struct bytes bytes = in_window(file, at);
        enum status status = segment_record_decode(bytes, frame, payload);

        if (status == STATUS_OK) {
            *whole = (struct bytes){bytes.at, segment_record_bytes(frame->size)};
        }
        if (status != STATUS_LIMIT) {
            return status;
        }
        if (moved && bytes.size < wanted) {
            return STATUS_NOT_FOUND; /* the file ends within it */
        }
        if (bytes.size >= SEGMENT_FRAME_BYTES && segment_record_bytes(frame->size) > wanted) {
            wanted = segment_record_bytes(frame->size);
        }
        status = move_window(file, at, wanted);
        if (status != STATUS_OK) {
            return status;
        }
    }
}

/* Remember where a record stands; they come in order. */
static bool mark(struct segment_file *file, uint64_t seq, uint64_t at)
{
    uint64_t index = seq - file->head.first;

    if (index % SEGMENT_MARK_EVERY != 0 || index / SEGMENT_MARK_EVERY < file->mark_count) {
        return true;
    }
    MUST(index / SEGMENT_MARK_EVERY == file->mark_count);
    if (file->mark_count == file->mark_room) {
        uint32_t room = file->mark_room == 0 ? 64 : file->mark_room * 2;
        uint32_t *marks = realloc(file->marks, room * sizeof(*marks));

        if (marks == NULL) {
            return false;
        }
        file->marks = marks;
        file->mark_room = room;
    }
    file->marks[file->mark_count++] = (uint32_t)at;
    return true;
}

static bool all_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

/* What follows the last whole record: nothing but zeros, or a torn write that is cut. */
enum status segment_file_cut(struct segment_file *file, uint64_t *cut)
{
    uint64_t at = file->end;

    *cut = 0;
    while (at < file->written) {
        enum status status = move_window(file, at, WINDOW_BYTES);

        if (status != STATUS_OK) {
            return status;
        }
        if (!all_zero(file->window, file->window_bytes)) {
            *cut = file->written - file->end;
            break;
        }
        at += file->window_bytes;
    }
    file->window_bytes = 0;
    if (*cut > 0) {
        log_warn("journal.cut first=%llu at=%llu bytes=%llu reason=\"a write that was never "
                 "flushed\"",
                 (unsigned long long)file->head.first, (unsigned long long)file->end,
                 (unsigned long long)*cut);
        if (ftruncate(file->fd, (off_t)file->end) != 0) {
            return failed("truncate");
        }
        file->written = file->end;
    }
    return fsync(file->fd) == 0 ? STATUS_OK : failed("flush");
}

enum status segment_file_find_end(struct segment_file *file, uint64_t until, uint64_t *next,
                                  uint8_t hash[SEGMENT_HASH_BYTES])
{
    uint64_t at = SEGMENT_HEAD_BYTES;
    uint64_t seq = file->head.first;
    struct segment_frame frame;
    struct bytes payload;
    struct bytes whole;
    uint8_t digest[SEGMENT_HASH_BYTES];
    enum status status = STATUS_OK;

    memcpy(hash, file->head.hash, SEGMENT_HASH_BYTES);
    while (seq <= until) {
        status = read_at(file, at, &frame, &payload, &whole);
        if (status != STATUS_OK || frame.seq != seq ||
            memcmp(frame.before, hash, SEGMENT_HASH_BYTES) != 0) {
            break;
        }
        if (!mark(file, seq, at)) {
            return STATUS_NO_MEMORY;
        }

        segment_record_hash(whole, digest, hash);
        at += whole.size;
        seq++;
    }
    if (status == STATUS_DISK || status == STATUS_NO_MEMORY) {
        return status;
    }
    file->end = at;
    file->known = seq;
    file->known_at = at;
    *next = seq;
    return STATUS_OK;
}

/* Zeros ahead of the end: then most flushes have data to write and no new blocks to note. */
static enum status write_ahead(struct segment_file *file, uint64_t end)
{
    static const uint8_t zeros[WINDOW_BYTES];
    uint64_t at = file->written > end ? file->written : end;
    uint64_t to = end + SEGMENT_AHEAD_BYTES;

    while (at < to) {
        size_t bytes = to - at < sizeof(zeros) ? (size_t)(to - at) : sizeof(zeros);
        enum status status = write_all(file->fd, zeros, bytes, at);

        if (status != STATUS_OK) {
            return status;
        }
        at += bytes;
    }
    file->written = at;
    return STATUS_OK;
}

enum status segment_file_append(struct segment_file *file, struct bytes records)
{
    uint64_t end = file->end + records.size;
    enum status status = write_all(file->fd, records.at, records.size, file->end);

    if (status == STATUS_OK && end > file->written) {
        status = write_ahead(file, end);
    }
    if (status == STATUS_OK) {
        status = flush(file->fd);
    }
    if (status == STATUS_OK) {
        file->end = end;
        file->window_bytes = 0; /* it may have seen the zeros that were there */
    }
    return status;
}

/* The nearest place at or before a record that is known without walking. */
static void nearest_mark(const struct segment_file *file, uint64_t seq, uint64_t *from,
                         uint64_t *at)
{
    uint64_t index = (seq - file->head.first) / SEGMENT_MARK_EVERY;

    *from = file->known;
    *at = file->known_at;
    if (seq < file->known) {
        MUST(index < file->mark_count);
        *from = file->head.first + index * SEGMENT_MARK_EVERY;
        *at = file->marks[index];
    }
}

/* The frame at a place; the record behind it stays unread. */
static enum status frame_at(struct segment_file *file, uint64_t at, struct segment_frame *frame)
{
    enum status status = segment_frame_decode(in_window(file, at), frame);

    if (status == STATUS_LIMIT) {
        status = move_window(file, at, WINDOW_BYTES);
        if (status == STATUS_OK) {
            status = segment_frame_decode(in_window(file, at), frame);
        }
    }
    return status;
}

static enum status damaged(const struct segment_file *file, uint64_t seq, uint64_t at)
{
    log_error("journal.damaged first=%llu at=%llu record=%llu",
              (unsigned long long)file->head.first, (unsigned long long)at,
              (unsigned long long)seq);
    return STATUS_MALFORMED;
}

/* Walk from the nearest known place to a record, remembering places on the way. */
static enum status find(struct segment_file *file, uint64_t seq, uint64_t *place)
{
    struct segment_frame frame;
    uint64_t from;
    uint64_t at;

    nearest_mark(file, seq, &from, &at);
    for (; from < seq; from++) {
        enum status status = frame_at(file, at, &frame);

        if (status == STATUS_OK && frame.seq != from) {
            status = damaged(file, from, at);
        }
        if (status != STATUS_OK) {
            return status;
        }
        if (from >= file->known) {
            if (!mark(file, from, at)) {
                return STATUS_NO_MEMORY;
            }
            file->known = from + 1;
            file->known_at = at + segment_record_bytes(frame.size);
        }
        at += segment_record_bytes(frame.size);
    }
    *place = at;
    return STATUS_OK;
}

enum status segment_file_read(struct segment_file *file, uint64_t seq, struct bytes *payload)
{
    struct segment_frame frame;
    struct bytes whole;
    uint64_t at = 0;
    enum status status = find(file, seq, &at);

    if (status == STATUS_OK) {
        status = read_at(file, at, &frame, payload, &whole);
    }
    if (status == STATUS_MALFORMED || (status == STATUS_OK && frame.seq != seq)) {
        return damaged(file, seq, at);
    }
    return status;
}

void segment_file_forget(struct segment_file *file)
{
    file->window_bytes = 0;
}
