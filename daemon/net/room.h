#ifndef DUBAN_NET_ROOM_H
#define DUBAN_NET_ROOM_H

/*
 * The waiting room: letters that came while no batch had a place for them. It is bounded in
 * letters and in bytes, and shared: nobody may have more waiting than there is room left, so
 * one that floods gets half of it, two a third each, and a newcomer finds a place. Each peer's
 * letters leave in the order they came; peers take turns, so who has one waiting does not wait
 * behind somebody's thousand. On the loop's thread.
 */
#include "net/peers.h"

#define ROOM_LETTERS_MAX 4096
#define ROOM_BYTES_MAX   ((size_t)16 << 20)

/* What a letter asks for, the last refused first: each leaves a part of the room to those
 * before it. */
enum admission {
    ADMIT_ACT,     /* an operator's act, a worker's result */
    ADMIT_EVENT,   /* of a case that is open already */
    ADMIT_OPENING, /* a new case */
    ADMIT_QUERY,   /* a question, and what is no request at all */
    ADMISSION_COUNT
};

struct seat {
    struct letter letter; /* owned */
    uint32_t door;
    size_t bytes;      /* of its body */
    struct seat *next; /* the same peer's, or free */
};

struct room {
    struct seat *seats; /* owned: ROOM_LETTERS_MAX */
    struct seat *free;
    struct peer *turn; /* whose turn it is; the last of the queue leads to none */
    struct peer *last_turn;
    struct peer others; /* stands for all that cannot be remembered */
    uint32_t count;
    size_t bytes;
};

/* False: out of memory. */
NODISCARD bool room_open(struct room *room);
/* A zeroed one is fine. */
void room_close(struct room *room);

/* Whether a letter of so many bytes may wait. `peer` may be NULL: nothing of it waits. */
bool room_admits(const struct room *room, const struct peer *peer, enum admission admission,
                 size_t bytes);
/* Take it; moved: the room owns its frames now. `peer` may be NULL: it cannot be remembered. */
void room_add(struct room *room, struct peer *peer, uint32_t door, struct letter *letter);
/* Who comes next; NULL: nobody. */
struct seat *room_first(struct room *room);
/* The letter of room_first was moved away, or dropped. Its peer, or NULL. */
struct peer *room_leave(struct room *room);

#endif
