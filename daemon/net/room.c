#include "net/room.h"

#include "base/must.h"

#include <stdlib.h>

/* How much of the room, in 16ths, stays free for those who come before. */
static const uint32_t kept[ADMISSION_COUNT] = {
    [ADMIT_ACT] = 0,
    [ADMIT_EVENT] = 1,
    [ADMIT_OPENING] = 4,
    [ADMIT_QUERY] = 8,
};

bool room_open(struct room *room)
{
    *room = (struct room){.seats = calloc(ROOM_LETTERS_MAX, sizeof(struct seat))};
    for (uint32_t i = 0; room->seats != NULL && i < ROOM_LETTERS_MAX; i++) {
        room->seats[i].next = room->free;
        room->free = &room->seats[i];
    }
    return room->seats != NULL;
}

void room_close(struct room *room)
{
    for (struct seat *seat = room_first(room); seat != NULL; seat = room_first(room)) {
        letter_drop(&seat->letter);
        (void)room_leave(room);
    }
    free(room->seats);
    *room = (struct room){0};
}

bool room_admits(const struct room *room, const struct peer *peer, enum admission admission,
                 size_t bytes)
{
    size_t free_count = ROOM_LETTERS_MAX - room->count;
    size_t free_bytes = ROOM_BYTES_MAX - room->bytes;
    size_t kept_count = ROOM_LETTERS_MAX / 16 * kept[admission];
    size_t kept_bytes = ROOM_BYTES_MAX / 16 * kept[admission];
    size_t his_count = peer == NULL ? 0 : peer->waiting_count;
    size_t his_bytes = peer == NULL ? 0 : peer->waiting_bytes;

    return his_count + kept_count < free_count && his_bytes + bytes + kept_bytes <= free_bytes;
}

/* Take a place at the end of the queue of peers. */
static void queue_up(struct room *room, struct peer *peer)
{
    peer->after = NULL;
    if (room->turn == NULL) {
        room->turn = peer;
    } else {
        room->last_turn->after = peer;
    }
    room->last_turn = peer;
}

void room_add(struct room *room, struct peer *peer, uint32_t door, struct letter *letter)
{
    struct seat *seat = room->free;

    MUST(seat != NULL);
    room->free = seat->next;
    *seat = (struct seat){.letter = *letter, .door = door, .bytes = letter_body(letter).size};
    peer = peer == NULL ? &room->others : peer;
    if (peer->waiting_count == 0) {
        peer->first = seat;
        queue_up(room, peer);
    } else {
        peer->last->next = seat;
    }
    peer->last = seat;
    peer->waiting_count++;
    peer->waiting_bytes += seat->bytes;
    room->count++;
    room->bytes += seat->bytes;
}

struct seat *room_first(struct room *room)
{
    return room->turn == NULL ? NULL : room->turn->first;
}

struct peer *room_leave(struct room *room)
{
    struct peer *peer = room->turn;

    MUST(peer != NULL);
    MUST(peer->waiting_count > 0);

    struct seat *seat = peer->first;

    peer->first = seat->next;
    peer->waiting_count--;
    peer->waiting_bytes -= seat->bytes;
    room->count--;
    room->bytes -= seat->bytes;
    seat->next = room->free;
    room->free = seat;
    room->turn = peer->after;
    if (peer->waiting_count > 0) {
        queue_up(room, peer);
    }
    return peer == &room->others ? NULL : peer;
}
