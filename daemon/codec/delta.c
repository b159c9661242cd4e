#include "codec/pack.h"
#include "codec/state.h"

#include <string.h>

/*
 * Both states are rows of items with their sizes, in an order that steps keep. So a walk along
 * both with a short look ahead finds what stayed: most items do, and those that changed are a
 * few dozen bytes each. A delta is a row of: copy so many items, skip so many, add these.
 */
enum move { MOVE_COPY, MOVE_SKIP, MOVE_ADD, MOVE_COUNT };

enum { LOOK_AHEAD = 16 };

#define ITEMS_MAX (1 + FACTS_MAX + INSTANCES_MAX + STOPS_MAX + PARTICIPANTS_MAX + DEFECTS_MAX)

struct items {
    struct bytes list[ITEMS_MAX]; /* each with its size before it */
    uint32_t count;
};

static struct bytes behind_front(struct bytes state)
{
    if (state.size < STATE_FRONT_BYTES) {
        return (struct bytes){0};
    }
    return (struct bytes){.at = state.at + STATE_FRONT_BYTES,
                          .size = state.size - STATE_FRONT_BYTES};
}

static enum status list_items(struct bytes state, struct items *items)
{
    struct unpacker unpacker;

    items->count = 0;
    unpack_init(&unpacker, behind_front(state));
    while (unpack_more(&unpacker)) {
        const uint8_t *at = unpacker.at;

        (void)unpack_bytes(&unpacker);
        if (items->count == ITEMS_MAX) {
            return STATUS_MALFORMED;
        }
        items->list[items->count++] =
            (struct bytes){.at = at, .size = (size_t)(unpacker.at - at)};
    }
    return unpack_end(&unpacker);
}

static bool same_at(const struct items *a, uint32_t i, const struct items *b, uint32_t j)
{
    return i < a->count && j < b->count && bytes_equal(a->list[i], b->list[j]);
}

static void pack_move(struct packer *packer, enum move move, uint32_t count)
{
    if (count > 0) {
        pack_number(packer, (uint64_t)count * MOVE_COUNT + move);
    }
}

static void pack_added(struct packer *packer, const struct items *after, uint32_t from,
                       uint32_t count)
{
    pack_move(packer, MOVE_ADD, count);
    for (uint32_t k = from; k < from + count; k++) {
        pack_raw(packer, after->list[k]);
    }
}

/* Whether both have come to their ends, or go on with the same item. */
static bool agree_at(const struct items *a, uint32_t i, const struct items *b, uint32_t j)
{
    return (i == a->count && j == b->count) || same_at(a, i, b, j);
}

/* How far to go in each until they agree; to both ends where that is far. */
static void find_agreement(const struct items *before, uint32_t i, const struct items *after,
                           uint32_t j, uint32_t *skip, uint32_t *add)
{
    for (uint32_t way = 0; way <= LOOK_AHEAD; way++) {
        for (uint32_t k = 0; k <= way; k++) {
            if (agree_at(before, i + k, after, j + way - k)) {
                *skip = k;
                *add = way - k;
                return;
            }
        }
    }
    *skip = before->count - i;
    *add = after->count - j;
}

enum status state_delta(struct bytes before, struct bytes after, uint8_t *room,
                        size_t room_bytes, struct bytes *out)
{
    struct items old;
    struct items new;
    struct packer packer;
    uint32_t i = 0;
    uint32_t j = 0;

    if (list_items(before, &old) != STATUS_OK || list_items(after, &new) != STATUS_OK) {
        return STATUS_MALFORMED;
    }
    pack_init(&packer, room, room_bytes);
    while (i < old.count || j < new.count) {
        uint32_t same = 0;
        uint32_t skip = 0;
        uint32_t add = 0;

        while (same_at(&old, i + same, &new, j + same)) {
            same++;
        }
        pack_move(&packer, MOVE_COPY, same);
        i += same;
        j += same;
        find_agreement(&old, i, &new, j, &skip, &add);
        pack_move(&packer, MOVE_SKIP, skip);
        pack_added(&packer, &new, j, add);
        i += skip;
        j += add;
    }
    *out = packed(&packer);
    return packer.full ? STATUS_LIMIT : STATUS_OK;
}

static void take_move(struct unpacker *delta, const struct items *old, uint32_t *i,
                      struct packer *packer)
{
    uint32_t number = unpack_below(delta, ITEMS_MAX * MOVE_COUNT + MOVE_COUNT - 1);
    uint32_t count = number / MOVE_COUNT;
    enum move move = (enum move)(number % MOVE_COUNT);

    if (count == 0 || (move != MOVE_ADD && count > old->count - *i)) {
        unpack_break(delta);
        return;
    }
    for (uint32_t k = 0; k < count; k++) {
        if (move == MOVE_COPY) {
            pack_raw(packer, old->list[*i]);
        } else if (move == MOVE_ADD) {
            pack_bytes(packer, unpack_bytes(delta));
        }
        *i += move == MOVE_ADD ? 0 : 1;
    }
}

enum status state_patch(struct bytes before, struct bytes delta, uint8_t *room,
                        size_t room_bytes, struct bytes *after)
{
    struct items old;
    struct unpacker unpacker;
    struct packer packer;
    uint32_t i = 0;

    if (list_items(before, &old) != STATUS_OK) {
        return STATUS_MALFORMED;
    }
    if (room_bytes < STATE_FRONT_BYTES) {
        return STATUS_LIMIT;
    }
    pack_init(&packer, room + STATE_FRONT_BYTES, room_bytes - STATE_FRONT_BYTES);
    unpack_init(&unpacker, delta);
    while (unpack_more(&unpacker)) {
        take_move(&unpacker, &old, &i, &packer);
    }
    if (unpack_end(&unpacker) != STATUS_OK || i != old.count) {
        return STATUS_MALFORMED;
    }
    state_seal(room, packed(&packer).size);
    *after = (struct bytes){.at = room, .size = STATE_FRONT_BYTES + packed(&packer).size};
    return packer.full ? STATUS_LIMIT : STATUS_OK;
}

enum status state_delta_added(struct bytes delta, struct arena *arena, struct bytes *items)
{
    uint8_t *room = arena_take(arena, delta.size);
    struct unpacker unpacker;
    struct packer packer;

    if (room == NULL) {
        return STATUS_LIMIT;
    }
    pack_init(&packer, room, delta.size);
    unpack_init(&unpacker, delta);
    while (unpack_more(&unpacker)) {
        uint32_t number = unpack_below(&unpacker, ITEMS_MAX * MOVE_COUNT + MOVE_COUNT - 1);

        for (uint32_t k = 0; k < number / MOVE_COUNT && number % MOVE_COUNT == MOVE_ADD; k++) {
            pack_bytes(&packer, unpack_bytes(&unpacker));
        }
    }
    *items = packed(&packer);
    return packer.full ? STATUS_MALFORMED : unpack_end(&unpacker);
}
