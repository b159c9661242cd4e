#ifndef DUBAN_STORE_SEGMENT_FILE_H
#define DUBAN_STORE_SEGMENT_FILE_H

/* One segment as a file: created, read by record number, appended to and flushed. */
#include "store/segment.h"

#include <stdbool.h>

struct segment_file {
    int fd; /* owned; -1: closed */
    struct segment_head head;
    uint64_t end;     /* behind the last whole record; of an older segment, its size */
    uint64_t written; /* up to here there are blocks: records, then zeros written ahead */
    uint32_t
        *marks; /* owned: the place of every SEGMENT_MARK_EVERYth record, as far as known */
    uint32_t mark_count;
    uint32_t mark_room;
    uint64_t known;    /* records before this number have their marks */
    uint64_t known_at; /* … and this is its place */
    uint8_t *window;   /* owned: what was read last */
    size_t window_room;
    size_t window_bytes;
    uint64_t window_at;
};

/* Create with its head, durable but for its name: the caller flushes the folder. */
NODISCARD enum status segment_file_create(struct segment_file *file, int folder_fd,
                                          const struct segment_head *head);
/* Open. STATUS_MALFORMED, logged: its head is not one. */
NODISCARD enum status segment_file_open(struct segment_file *file, int folder_fd,
                                        uint64_t first, bool writable);
void segment_file_close(struct segment_file *file);
/* Whether there is nothing in it: its head was never written. */
bool segment_file_is_blank(int folder_fd, uint64_t first);

/*
 * Walk to the last whole record whose number and hash join, at most to `until`: what is to be
 * written goes behind it. *next is the number behind it, `hash` its hash.
 */
NODISCARD enum status segment_file_find_end(struct segment_file *file, uint64_t until,
                                            uint64_t *next, uint8_t hash[SEGMENT_HASH_BYTES]);
/* Cut what follows the end, and flush. *cut: how much of a torn write was there. */
NODISCARD enum status segment_file_cut(struct segment_file *file, uint64_t *cut);
/* Write whole records behind the end, and flush. */
NODISCARD enum status segment_file_append(struct segment_file *file, struct bytes records);
/* Read one record; borrowed until the next call on this file. */
NODISCARD enum status segment_file_read(struct segment_file *file, uint64_t seq,
                                        struct bytes *payload);
/* Forget what was read ahead: somebody else has written behind it since. */
void segment_file_forget(struct segment_file *file);

#endif
