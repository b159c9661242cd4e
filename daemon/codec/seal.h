#ifndef DUBAN_CODEC_SEAL_H
#define DUBAN_CODEC_SEAL_H

/*
 * Words sealed under a key: nobody reads them without it, nobody changes them unseen. Pure: the
 * same words of the same name under the same key are sealed to the same bytes, so two sealed
 * forms are compared without opening either, and nothing here asks for chance.
 *
 *   scheme 1 · nonce 24 · XChaCha20-Poly1305 of the words, padded to 16, with its tag
 *
 * The nonce is a keyed hash of name and words, so one nonce never serves two of them. What this
 * gives away is that one name had the same words twice under one key, and their length to the
 * padding. The name is bound in: sealed words cannot pass for another fact's.
 *
 * To change the scheme: raise the byte, and keep reading the old one.
 */
#include "base/arena.h"
#include "base/text.h"

#define SEAL_KEY_BYTES 32

struct seal_key {
    uint8_t bytes[SEAL_KEY_BYTES];
};

/* Make the library ready; once, before anything is sealed. False: it cannot be. */
bool seal_ready(void);

/* Seal into the arena; empty when that is spent. */
struct text seal_words(const struct seal_key *key, struct text name, struct text words,
                       struct arena *arena);
/* Read into the arena. False: sealed under another key or name, changed, or no room. */
bool seal_read(const struct seal_key *key, struct text name, struct text sealed,
               struct arena *arena, struct text *words);

/* A key made from another and from what tells it apart. */
struct seal_key seal_derive(const struct seal_key *master, const void *about, size_t size);

#endif
