#ifndef DUBAN_BASE_BYTES_H
#define DUBAN_BASE_BYTES_H

/* Bytes and a length, borrowed from whoever holds them. Nothing is said of what they mean. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    const uint8_t *at; /* borrowed */
    size_t size;
};

bool bytes_equal(struct bytes a, struct bytes b);
int bytes_compare(struct bytes a, struct bytes b); /* <0, 0, >0; a prefix comes first */

/* CRC-32C (Castagnoli): finds damage, proves nothing against malice. */
uint32_t crc32c(struct bytes bytes);

/* A name for some content, the same on every machine; not proof against a forger: who finds one
 * compares the content too. */
struct digest {
    uint8_t bytes[16];
};

struct digest digest_of(struct bytes bytes);
bool digest_equal(const struct digest *a, const struct digest *b);

#endif
