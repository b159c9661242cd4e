#ifndef DUBAN_NET_PEERS_H
#define DUBAN_NET_PEERS_H

/*
 * The connections that something is remembered of: letters of theirs wait, or they were told
 * `busy` and have not come back yet. Most connections are never here. A routing id is no
 * identity; it only tells one connection from another. On the loop's thread.
 */
#include "net/door.h"

#define PEERS_MAX        4096
#define PEERS_BUCKET_MAX 1024
#define PEERS_REFUSAL_MS 15000 /* a publisher sends again sooner */
#define NO_PEER          UINT16_MAX

struct peer {
    zmq_msg_t route; /* owned */
    uint32_t door;   /* at which it knocked: routing ids are each door's own */
    uint32_t waiting_count;
    size_t waiting_bytes;
    struct seat *first; /* its letters in the waiting room, in order; room.h */
    struct seat *last;
    struct peer *after;    /* whose turn comes after its own there */
    bool refused;          /* it was told busy, and everything it sends is busy until … */
    struct digest refusal; /* … the event of this identity comes again */
    int64_t refused_ms;    /* steady */
    uint16_t next;         /* in its bucket, or among the free */
};

struct peers {
    struct peer *peers; /* owned: PEERS_MAX */
    uint16_t buckets[PEERS_BUCKET_MAX];
    uint16_t free;
    uint32_t count;
    uint32_t refused_count;
};

/* False: out of memory. */
NODISCARD bool peers_open(struct peers *peers);
/* A zeroed one is fine. */
void peers_close(struct peers *peers);

/* NULL: nothing is remembered of it. */
struct peer *peers_find(const struct peers *peers, uint32_t door, const zmq_msg_t *route);
/* The same, added where it is not there; NULL: there is no room for another. */
struct peer *peers_take(struct peers *peers, uint32_t door, const zmq_msg_t *route);
void peers_refuse(struct peers *peers, struct peer *peer, const struct digest *refusal,
                  int64_t now_ms);
void peers_welcome(struct peers *peers, struct peer *peer);
/* Forget a peer if there is nothing to remember. */
void peers_tidy(struct peers *peers, struct peer *peer);
/* Whether a peer has to bring what was refused first. Not for ever: a connection may be gone,
 * or have had its answer by another sending of the same event. */
bool peer_is_refused(const struct peer *peer, int64_t now_ms);
/* Forget the refusals that nobody came back for. */
void peers_sweep(struct peers *peers, int64_t now_ms);

#endif
