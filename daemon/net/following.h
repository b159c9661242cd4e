#ifndef DUBAN_NET_FOLLOWING_H
#define DUBAN_NET_FOLLOWING_H

/*
 * Followers of the journal: each is sent records in order, up to now and then live, as many as
 * it gave credit for. Records are read and told a slice at a time on a pool thread, beside the
 * writer, which never waits for a follower; what one has not yet taken is bounded in records
 * and bytes. One that gives no credit or does not read while the daemon goes on gets a Gap with
 * the place to resume, and is followed no more: the journal keeps its place. Everything but the
 * slices runs on the loop's thread.
 */
#include "codec/wire.h"
#include "net/reading.h"

#include <stdatomic.h>

#define FOLLOWERS_MAX           32
#define FOLLOWERS_RUNNING_MAX   2
#define FOLLOW_CREDIT           256   /* where a follower says nothing else */
#define FOLLOW_CREDIT_MAX       65536 /* what may be saved up */
#define FOLLOW_SLICE            64    /* records */
#define FOLLOW_SLICE_BYTES      ((size_t)128 << 10)
#define FOLLOW_UNREAD_MAX       512 /* records that are under way to a peer */
#define FOLLOW_UNREAD_BYTES_MAX ((size_t)1 << 20)
#define FOLLOW_BEHIND_MAX       10000 /* records flushed while a follower stood still */
#define FOLLOW_STILL_MS         60000 /* … or so long, with something to send */
#define FOLLOW_LOOK_MS          20

struct push_block;

struct follower {
    uv_work_t work;
    struct following *following;
    enum { FOLLOWER_NONE, FOLLOWER_WAITS, FOLLOWER_RUNS } state;
    bool leaves; /* it began anew, or is gone, while a slice runs */
    uint64_t turn;
    zmq_msg_t route; /* owned while it follows */
    bool delimited;
    uint64_t number;   /* of its request */
    uint64_t next_seq; /* what it is sent next */
    uint64_t want_seq; /* … once the state is saved up to here, for it names the case */
    uint32_t credit;
    char agency[WIRE_NAME_MAX]; /* what it sees in full; empty: all */
    char case_id[WIRE_NAME_MAX];
    size_t agency_size;
    size_t case_size;
    bool still;                    /* there is something to send, and it cannot be sent */
    uint64_t still_seq;            /* how far the journal was when it began to stand still */
    int64_t still_ms;              /* steady */
    _Atomic uint32_t unread_count; /* of a peer that has gone they are given back too */
    _Atomic size_t unread_bytes;
    struct journal_reader *reader; /* owned; NULL until it is needed */

    /* of the slice that runs */
    struct bulletin bulletin;
    struct store *snapshot;
    struct held_law *law;
    struct push_block *blocks[FOLLOW_SLICE]; /* owned until they are sent */
    uint32_t block_count;
    uint32_t slice_max;
    enum status status;
};

struct following {
    uv_loop_t *loop;             /* borrowed */
    struct door *door;           /* borrowed */
    struct writer *writer;       /* borrowed */
    struct journal *journal;     /* borrowed */
    struct snapshots *snapshots; /* owned */
    uv_timer_t look;             /* runs while somebody stands still */
    struct follower followers[FOLLOWERS_MAX];
    uint64_t turns;
    uint32_t running;
    bool stopped;
};

/* `following` stays where it is until the door's context has ended: what is under way to peers
 * points back to it. */
NODISCARD enum status following_open(struct following *following, uv_loop_t *loop,
                                     struct door *door, struct writer *writer,
                                     const struct reading_source *from);
/* All slices have ended. A zeroed one is fine. */
void following_close(struct following *following);

/* Take a letter if it asks to follow, or gives credit; false: it is somebody else's. */
bool following_takes(struct following *following, struct letter *letter);
/* The writer has said something new. */
void following_go_on(struct following *following);
/* The writer is about to end: nothing more is begun. */
void following_stop(struct following *following);

#endif
