#ifndef DUBAN_STORE_CHAIN_H
#define DUBAN_STORE_CHAIN_H

/*
 * The journal in a folder, read from its first byte to its last and changed nowhere: do its
 * segments and records join? For audits, offline; a daemon that serves reads only its last
 * segment at a start.
 *
 * The last segment may end in a write that a crash tore: what was never flushed was never
 * acknowledged. Whoever knows how far the state has come says so, and behind that a torn write
 * is no break; up to there it is.
 */
#include "core/problem.h"
#include "store/segment.h"

/* A whole record, in its place. */
struct chain_record {
    uint64_t seq;
    uint32_t law;
    struct bytes payload; /* borrowed for the call */
    uint8_t hash[SEGMENT_HASH_BYTES];
};

/* Told of every record in order. NULL: go on; else what is wrong with this one. */
struct chain_watch {
    void *context;
    const struct message *(*on_record)(void *context, const struct chain_record *record);
};

/* A place in the journal. */
struct chain_place {
    uint64_t segment; /* number of its first record, which names its file */
    uint64_t seq;     /* the record that is, or should be, there; 0: the segment's head */
    uint64_t at;      /* byte in the file */
};

struct chain_report {
    const struct message *fault; /* the first break; NULL: there is none */
    struct chain_place place;    /* of the break */
    uint64_t segment_count;
    uint64_t byte_count;              /* of records with their frames */
    uint64_t last;                    /* the last whole record; 0: there is none */
    uint8_t hash[SEGMENT_HASH_BYTES]; /* its hash: the head of the chain */
    uint8_t store_id[16];
    uint64_t torn_bytes;     /* behind the last record, of a write that was never flushed */
    struct chain_place torn; /* where they begin */
};

/*
 * Walk all of it, up to the first break. `reached` is the last record that must be there.
 * Whatever is wrong with the journal is told in the report; STATUS_DISK and STATUS_NO_MEMORY:
 * it could not be read, which is logged.
 */
NODISCARD enum status chain_walk(int folder_fd, uint64_t reached,
                                 const struct chain_watch *watch, struct chain_report *report);

/* The first records of the segments in a folder, ascending; *firsts is to be freed. */
NODISCARD enum status chain_segments(int folder_fd, uint64_t **firsts, size_t *count);

/* Every break there is, for documentation. */
const struct message *const *chain_messages(uint32_t *count);

#endif
