#include "base/arena.h"

#include "base/must.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 64 * 1024 };

struct arena_block {
    struct arena_block *next; /* owned */
    alignas(max_align_t) uint8_t bytes[];
};

void arena_init_over(struct arena *arena, void *memory, size_t size)
{
    MUST((uintptr_t)memory % alignof(max_align_t) == 0);
    *arena = (struct arena){.at = memory, .end = (uint8_t *)memory + size};
}

void arena_init_growing(struct arena *arena, size_t budget_bytes)
{
    *arena = (struct arena){.budget_bytes = budget_bytes};
}

void arena_fini(struct arena *arena)
{
    struct arena_block *block = arena->blocks;

    while (block != NULL) {
        struct arena_block *next = block->next;

        free(block);
        block = next;
    }
    *arena = (struct arena){0};
}

/* A fresh block with room for `size`; what was left of the old one stays unused. */
static bool grow(struct arena *arena, size_t size)
{
    size_t bytes = size > BLOCK_BYTES ? size : BLOCK_BYTES;

    if (bytes > arena->budget_bytes) {
        bytes = size;
    }
    if (bytes > arena->budget_bytes) {
        return false;
    }

    struct arena_block *block = malloc(sizeof(*block) + bytes);

    if (block == NULL) {
        return false;
    }
    block->next = arena->blocks;
    arena->blocks = block;
    arena->budget_bytes -= bytes;
    arena->at = block->bytes;
    arena->end = block->bytes + bytes;
    return true;
}

void *arena_take(struct arena *arena, size_t size)
{
    size_t align = alignof(max_align_t);

    if (size > SIZE_MAX - align) {
        arena->spent = true;
        return NULL;
    }

    size_t bytes = (size + align - 1) / align * align;

    /* A growing arena begins with no block at all, and nothing is somewhere too. */
    if ((arena->at == NULL || bytes > (size_t)(arena->end - arena->at)) &&
        (arena->budget_bytes == 0 || !grow(arena, bytes))) {
        arena->spent = true;
        return NULL;
    }

    void *piece = arena->at;

    arena->at += bytes;
    return piece;
}

void *arena_take_zeroed(struct arena *arena, size_t count, size_t size)
{
    MUST(size == 0 || count <= SIZE_MAX / size);

    void *piece = arena_take(arena, count * size);

    if (piece != NULL) {
        memset(piece, 0, count * size);
    }
    return piece;
}

void *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
    void *piece = arena_take(arena, size);

    if (piece != NULL && size > 0) {
        memcpy(piece, bytes, size);
    }
    return piece;
}

uint8_t *arena_mark(const struct arena *arena)
{
    MUST(arena->blocks == NULL);
    return arena->at;
}

void arena_rewind(struct arena *arena, uint8_t *mark)
{
    MUST(arena->blocks == NULL);
    MUST(mark <= arena->at);
    arena->at = mark;
    arena->spent = false;
}
