#ifndef DUBAN_BASE_ARENA_H
#define DUBAN_BASE_ARENA_H

/*
 * Memory that is taken piece by piece and given back as a whole. Two kinds: over memory of the
 * caller (it never grows; the core is given these), and growing by blocks up to a budget
 * (loading a procedure). Taking never fails half: there is room, or the answer is NULL and
 * `spent` is set.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena_block;

struct arena {
    uint8_t *at;                /* next free byte */
    uint8_t *end;               /* end of the block in use */
    struct arena_block *blocks; /* owned; NULL where the caller gave the memory */
    size_t budget_bytes;        /* what may still be asked of the heap */
    bool spent;                 /* something did not fit; stays set until the reset */
};

/* Take from the caller's memory, which must outlive the arena. */
void arena_init_over(struct arena *arena, void *memory, size_t size);
/* Take from the heap, block by block, `budget_bytes` at most. End with arena_fini. */
void arena_init_growing(struct arena *arena, size_t budget_bytes);
/* Give back the heap's blocks. A zeroed arena is fine. */
void arena_fini(struct arena *arena);

/* `size` bytes, aligned for anything, not zeroed; NULL when spent. */
void *arena_take(struct arena *arena, size_t size);
/* The same, zeroed. `count * size` must not overflow. */
void *arena_take_zeroed(struct arena *arena, size_t count, size_t size);
/* A copy of bytes; NULL when spent. */
void *arena_copy(struct arena *arena, const void *bytes, size_t size);

/* Where a caller's arena stands, to go back to: everything taken since is forgotten. Not for
 * growing arenas. */
uint8_t *arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, uint8_t *mark);

#endif
