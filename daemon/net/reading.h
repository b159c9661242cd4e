#ifndef DUBAN_NET_READING_H
#define DUBAN_NET_READING_H

/*
 * Questions at the control door, answered on libuv's pool threads from snapshots, beside the
 * writer. They are bounded in number and refused (`BUSY`) past that; each answer comes in
 * slices, so that a long one lets others between its parts and never holds a snapshot while its
 * peer reads. On the loop's thread, but for the slice itself.
 */
#include "engine/answer.h"
#include "net/copying.h"
#include "net/door.h"
#include "net/writer.h"
#include "store/snapshot.h"

#include <uv.h>

#define READING_MAX         16 /* questions taken at once */
#define READING_RUNNING_MAX 2  /* slices that run at once */

/* What questions are answered from. */
struct reading_source {
    struct store *store;     /* borrowed */
    struct journal *journal; /* borrowed */
    void *context;
    /* What the journal takes on its disk; called on a pool thread. */
    uint64_t (*journal_bytes)(void *context);
    struct copier copier; /* who makes backups */
};

struct inquiry {
    uv_work_t work;
    struct reading_room *reading;
    enum { INQUIRY_IDLE, INQUIRY_WAITS, INQUIRY_RUNS } state;
    uint64_t order;       /* the lowest of those that wait comes next */
    uint64_t wanted_turn; /* of the writer: what it says of itself is to be news */
    struct letter letter;
    struct wire_request request;
    struct answer_place place;
    struct journal_reader *reader; /* owned; NULL until it is needed */
    uint8_t *memory;               /* owned: the request's texts */

    /* of the slice that runs */
    struct bulletin bulletin;
    struct store *snapshot;
    struct held_law *law;
    struct arena arena;
    struct bytes frame; /* the reply, in the arena; empty: there was no memory for one */
    bool more;
};

struct reading_room {
    uv_loop_t *loop;             /* borrowed */
    struct door *door;           /* borrowed: where answers go */
    struct writer *writer;       /* borrowed */
    struct reading_source from;  /* borrowed */
    struct snapshots *snapshots; /* owned */
    struct inquiry inquiries[READING_MAX];
    uint8_t *peek; /* owned: to see what a letter asks when all are taken */
    uint64_t order;
    uint32_t running;
    uint64_t refused;  /* questions that were answered BUSY */
    int64_t opened_ms; /* steady */
    bool stopped;
};

NODISCARD enum status reading_open(struct reading_room *reading, uv_loop_t *loop,
                                   struct door *door, struct writer *writer,
                                   const struct reading_source *from);
/* All slices have ended: the loop was run until nothing was left. A zeroed one is fine. */
void reading_close(struct reading_room *reading);

/* Take a letter if it asks a question; false: it is somebody else's, and untouched. While the
 * daemon is crowded only its own state is told. */
bool reading_takes(struct reading_room *reading, struct letter *letter, bool crowded);
/* The writer has said something new: go on with those who waited for it. */
void reading_go_on(struct reading_room *reading);
/* The writer is about to end: nothing more is begun. */
void reading_stop(struct reading_room *reading);

#endif
