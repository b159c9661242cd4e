#include "codec/seal.h"

#include "base/must.h"

#include <sodium.h>
#include <string.h>

enum {
    SCHEME = 1,
    PADDED_TO = 16,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    FRONT_BYTES = 1 + NONCE_BYTES
};

_Static_assert(SEAL_KEY_BYTES == crypto_kdf_KEYBYTES, "a key is what derives others");
_Static_assert(SEAL_KEY_BYTES == crypto_generichash_BYTES, "a hash is as long as a key");
_Static_assert(SEAL_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
               "and as a cipher's");

/* One key for each use, so that neither tells anything of the other. */
struct subkeys {
    uint8_t nonce[SEAL_KEY_BYTES];
    uint8_t cipher[SEAL_KEY_BYTES];
};

static struct subkeys subkeys_of(const struct seal_key *key)
{
    struct subkeys subkeys;

    (void)crypto_kdf_derive_from_key(subkeys.nonce, SEAL_KEY_BYTES, 1, "dubanval", key->bytes);
    (void)crypto_kdf_derive_from_key(subkeys.cipher, SEAL_KEY_BYTES, 2, "dubanval", key->bytes);
    return subkeys;
}

/* The name's size stands before it, so that no two pairs are hashed as the same bytes. */
static void make_nonce(const struct subkeys *subkeys, struct text name, struct text words,
                       uint8_t nonce[NONCE_BYTES])
{
    crypto_generichash_state state;
    uint8_t size[8];

    for (int i = 0; i < 8; i++) {
        size[i] = (uint8_t)(name.size >> 8 * i);
    }
    (void)crypto_generichash_init(&state, subkeys->nonce, SEAL_KEY_BYTES, NONCE_BYTES);
    (void)crypto_generichash_update(&state, size, sizeof(size));
    (void)crypto_generichash_update(&state, (const uint8_t *)name.bytes, name.size);
    (void)crypto_generichash_update(&state, (const uint8_t *)words.bytes, words.size);
    (void)crypto_generichash_final(&state, nonce, NONCE_BYTES);
}

bool seal_ready(void)
{
    return sodium_init() >= 0;
}

struct text seal_words(const struct seal_key *key, struct text name, struct text words,
                       struct arena *arena)
{
    size_t padded = (words.size / PADDED_TO + 1) * PADDED_TO;
    uint8_t *out = arena_take(arena, FRONT_BYTES + padded + TAG_BYTES);
    struct subkeys subkeys = subkeys_of(key);
    uint8_t *body;
    unsigned long long size;

    if (out == NULL) {
        return (struct text){0};
    }
    out[0] = SCHEME;
    make_nonce(&subkeys, name, words, out + 1);
    body = out + FRONT_BYTES;
    memset(body, 0, padded);
    if (words.size > 0) {
        memcpy(body, words.bytes, words.size);
    }
    body[words.size] = 0x80; /* ISO/IEC 7816-4: what follows is padding */
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(body, &size, body, padded,
                                                     (const uint8_t *)name.bytes, name.size,
                                                     NULL, out + 1, subkeys.cipher);
    MUST(size == padded + TAG_BYTES);
    sodium_memzero(&subkeys, sizeof(subkeys));
    return (struct text){.bytes = (const char *)out, .size = FRONT_BYTES + size};
}

/* The size without padding; false where it is none. */
static bool unpad(const uint8_t *bytes, size_t *size)
{
    while (*size > 0 && bytes[*size - 1] == 0) {
        (*size)--;
    }
    if (*size == 0 || bytes[*size - 1] != 0x80) {
        return false;
    }
    (*size)--;
    return true;
}

bool seal_read(const struct seal_key *key, struct text name, struct text sealed,
               struct arena *arena, struct text *words)
{
    const uint8_t *at = (const uint8_t *)sealed.bytes;

    if (sealed.size < FRONT_BYTES + TAG_BYTES || at[0] != SCHEME) {
        return false;
    }

    size_t size = sealed.size - FRONT_BYTES - TAG_BYTES;
    uint8_t *out = arena_take(arena, size);
    struct subkeys subkeys = subkeys_of(key);
    bool opened =
        out != NULL && crypto_aead_xchacha20poly1305_ietf_decrypt(
                           out, NULL, NULL, at + FRONT_BYTES, sealed.size - FRONT_BYTES,
                           (const uint8_t *)name.bytes, name.size, at + 1, subkeys.cipher) == 0;

    sodium_memzero(&subkeys, sizeof(subkeys));
    if (!opened || !unpad(out, &size)) {
        return false;
    }
    *words = (struct text){.bytes = (const char *)out, .size = size};
    return true;
}

struct seal_key seal_derive(const struct seal_key *master, const void *about, size_t size)
{
    struct seal_key key;

    (void)crypto_generichash(key.bytes, SEAL_KEY_BYTES, about, size, master->bytes,
                             SEAL_KEY_BYTES);
    return key;
}
