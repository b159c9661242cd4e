#ifndef DUBAN_NET_DOOR_H
#define DUBAN_NET_DOOR_H

/*
 * One ZeroMQ socket that is bound: a ROUTER, but for the door of hints. A message is [route]
 * [body], or [route] [empty] [body] from a REQ socket, and is answered in the same shape.
 * Everything here runs on the loop's thread, the only one that may touch a socket.
 */
#include "base/bytes.h"
#include "base/status.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>
#include <zmq.h>

/* Small replies to a peer that does not read are bounded by their number; of larger ones no
 * more bytes than this are under way to it. */
#define DOOR_LARGE_BYTES      4096
#define DOOR_UNREAD_BYTES_MAX ((size_t)8 << 20)
#define DOOR_UNREAD_BUCKETS   64

struct door {
    void *socket;         /* owned */
    const char *endpoint; /* borrowed */
    bool bound;           /* its path is ours, and goes with it */
    bool quiet;           /* it was read empty, and neither woke nor was sent to since */
    uint64_t refused;     /* messages that were none of ours: too many frames */
    uint64_t lost;        /* replies to peers that are gone, or do not read */
    /* Bytes of large replies under way; peers share a count by their route. ZeroMQ's threads
     * count down, until the context has ended. */
    _Atomic size_t unread[DOOR_UNREAD_BUCKETS];
};

/* A message in hand: where it came from, and what it says. */
struct letter {
    zmq_msg_t route;
    zmq_msg_t body;
    bool delimited; /* it came with an empty frame between */
};

/* Open and bind, for whom `mode` lets in. `type` is ZeroMQ's; whoever sends more than
 * `frame_max` at once is cut off. Failures are logged. */
NODISCARD enum status door_open(struct door *door, void *context, int type, size_t frame_max,
                                const char *endpoint, mode_t mode);
void door_close(struct door *door);

/*
 * Whether a message can be taken right now: asked before the loop sleeps, for what is sent can
 * eat the edge by which the descriptor would wake it. Asking costs system calls, so a door
 * that is quiet is not asked: there nothing can come but with a new edge.
 */
bool door_has_letter(const struct door *door);
/* Its descriptor woke the loop. */
void door_wake(struct door *door);
/* Take one. STATUS_NOT_FOUND: there is none. STATUS_MALFORMED: read away and counted. */
NODISCARD enum status door_take(struct door *door, struct letter *letter);
/* Answer, and forget the letter. A peer that is gone or does not read loses its answer: the
 * store is the truth, and it asks again. */
void door_answer(struct door *door, struct letter *letter, struct bytes reply);
/* The same, and keep the letter: more is to follow. False: the peer is gone, or does not
 * read. */
bool door_answer_part(struct door *door, struct letter *letter, struct bytes reply);
/*
 * Send a frame of the caller's own making to a peer; `body` is given up whatever comes of it.
 * STATUS_FULL: the peer does not read. STATUS_NOT_FOUND: its connection is gone.
 */
NODISCARD enum status door_push(struct door *door, const zmq_msg_t *route, bool delimited,
                                zmq_msg_t *body);
/* The same of bytes, which are copied; large ones count as what its peer has not read. */
NODISCARD enum status door_tell(struct door *door, const zmq_msg_t *route, bool delimited,
                                struct bytes frame);
/* Whether a peer's connection is gone. One that is not gets an empty frame, which answers
 * nothing. */
bool door_has_lost(struct door *door, const zmq_msg_t *route);
bool door_same_peer(const zmq_msg_t *a, const zmq_msg_t *b);
void letter_drop(struct letter *letter);
struct bytes letter_body(struct letter *letter);
struct bytes letter_route(struct letter *letter);

/* The descriptor that wakes the loop; it is edge-triggered and speaks of the socket's
 * mailbox. */
int door_fd(const struct door *door);

#endif
