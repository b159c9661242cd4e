#ifndef DUBAN_CODEC_STATE_H
#define DUBAN_CODEC_STATE_H

/*
 * A case's state as bytes and back. It is a row of items (a head, then facts, instances, stops,
 * people, defects), each with its size, behind a version and a checksum. Names are the numbers
 * of the case's procedure, whose version never changes.
 *
 * To change an item: raise STATE_VERSION, keep the old reader beside the new one, add what the
 * last release wrote to tests/unit/codec/test_state.c. Never change the meaning of bytes
 * already written.
 */
#include "base/bytes.h"
#include "core/state.h"

#define STATE_VERSION 2

/* Before the items stand a version and a checksum of them; state_seal writes both. */
#define STATE_FRONT_BYTES 5
void state_seal(uint8_t *room, size_t item_bytes);

/* Write into `room`; STATUS_LIMIT where it would take more than `room_bytes`. */
NODISCARD enum status state_encode(const struct procedure *procedure,
                                   const struct case_state *state, uint8_t *room,
                                   size_t room_bytes, struct bytes *out);

/*
 * Read into the arena; texts are borrowed from the bytes. Any bytes may be given: what is not a
 * state of that procedure is STATUS_MALFORMED, a spent arena STATUS_LIMIT.
 */
NODISCARD enum status state_decode(struct bytes bytes, const struct procedure *procedure,
                                   struct arena *arena, struct case_state *state);

/*
 * What leads from one encoded state to another, by items: a record carries it, so that its
 * outcome can be applied without judging again. `before` is empty for a new case.
 */
NODISCARD enum status state_delta(struct bytes before, struct bytes after, uint8_t *room,
                                  size_t room_bytes, struct bytes *out);
NODISCARD enum status state_patch(struct bytes before, struct bytes delta, uint8_t *room,
                                  size_t room_bytes, struct bytes *after);

/* The items that a delta adds, one behind the other; in the arena. */
NODISCARD enum status state_delta_added(struct bytes delta, struct arena *arena,
                                        struct bytes *items);
/*
 * What a delta alone tells of the state after it, without the one before: the facts that were
 * set. All else is blank.
 */
NODISCARD enum status state_glimpse(struct bytes delta, const struct procedure *procedure,
                                    struct arena *arena, struct case_state *state);

#endif
