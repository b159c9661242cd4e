#ifndef DUBAN_BASE_SHA256_H
#define DUBAN_BASE_SHA256_H

/*
 * SHA-256 (FIPS 180-4) without a library, for the core is pure: what anybody is to reckon again
 * with `sha256sum`. The journal's chain and the seals have libsodium.
 */
#include "base/text.h"

#include <stdint.h>

#define SHA256_BYTES      32
#define SHA256_TEXT_BYTES 64 /* in hexadecimal */

struct sha256 {
    uint32_t state[8];
    uint8_t block[64];
    uint64_t size;
};

void sha256_init(struct sha256 *sha);
void sha256_add(struct sha256 *sha, struct text text);
void sha256_end(struct sha256 *sha, uint8_t out[SHA256_BYTES]);

/* Small hexadecimal digits, no NUL. */
void sha256_print(const uint8_t digest[SHA256_BYTES], char out[SHA256_TEXT_BYTES]);

#endif
