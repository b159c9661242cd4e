#ifndef DUBAN_CORE_SAMPLE_H
#define DUBAN_CORE_SAMPLE_H

/*
 * Drawing lots that anybody can draw again: which N of a list are looked at follows from the
 * list and a seed alone, not from the order of the list. An item's rank is the SHA-256 of the
 * seed, a line feed and the item; the N with the smallest rank are drawn.
 */
#include "base/sha256.h"

struct lot {
    struct text item;
    uint8_t rank[SHA256_BYTES];
};

/* Give each lot its rank, and put them in its order: the first N are drawn. */
void sample_draw(struct text seed, struct lot *lots, uint32_t count);

/* What the list was: the SHA-256 of its items in the order of their bytes, a line feed behind
 * each. Puts them in that order. */
void sample_digest(struct lot *lots, uint32_t count, uint8_t digest[SHA256_BYTES]);

#endif
