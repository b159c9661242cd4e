#ifndef DUBAN_CODEC_PACK_H
#define DUBAN_CODEC_PACK_H

/*
 * Bytes written and read piece by piece. A failure sticks: a packer without room packs nothing
 * more, a broken unpacker answers zeros, and the end says how it went; so nothing between needs
 * a check.
 *
 * Numbers are written seven bits a byte, the low ones first; signed ones zigzag, so that small
 * negative ones stay small.
 */
#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"
#include "base/text.h"
#include "core/value.h"

struct packer {
    uint8_t *start;
    uint8_t *at;
    uint8_t *end;
    bool full; /* something did not fit */
};

void pack_init(struct packer *packer, void *memory, size_t size);
/* What was packed so far. */
struct bytes packed(const struct packer *packer);

void pack_byte(struct packer *packer, uint8_t byte);
void pack_flag(struct packer *packer, bool flag);
void pack_number(struct packer *packer, uint64_t number);
void pack_signed(struct packer *packer, int64_t number);
void pack_raw(struct packer *packer, struct bytes bytes);
/* With its size before it. */
void pack_bytes(struct packer *packer, struct bytes bytes);
void pack_text(struct packer *packer, struct text text);
/* An instant, near to another; INSTANT_NONE and INSTANT_NEVER take one byte. Both lie within
 * the years we know, or are one of these. */
void pack_instant(struct packer *packer, int64_t at_ms, int64_t near_ms);
void pack_date(struct packer *packer, int32_t date);
void pack_length(struct packer *packer, struct length length);
void pack_value(struct packer *packer, const struct value *value);

/* Big-endian, for keys. */
void pack_u64(struct packer *packer, uint64_t number);
void pack_u32(struct packer *packer, uint32_t number);

/* A part whose size stands before it: what is packed between goes into the part. */
struct part {
    uint8_t *start;
};

struct part pack_part(struct packer *packer);
void pack_part_end(struct packer *packer, struct part part);

struct unpacker {
    const uint8_t *at;
    const uint8_t *end;
    bool broken; /* something was missing, or could not be */
};

void unpack_init(struct unpacker *unpacker, struct bytes bytes);
/* Whether everything was read, and all of it made sense. */
NODISCARD enum status unpack_end(const struct unpacker *unpacker);
bool unpack_more(const struct unpacker *unpacker);
void unpack_break(struct unpacker *unpacker);

uint8_t unpack_byte(struct unpacker *unpacker);
bool unpack_flag(struct unpacker *unpacker);
uint64_t unpack_number(struct unpacker *unpacker);
/* A number that must not be over `max`. */
uint32_t unpack_below(struct unpacker *unpacker, uint32_t max);
int64_t unpack_signed(struct unpacker *unpacker);
int32_t unpack_signed_32(struct unpacker *unpacker);
struct bytes unpack_raw(struct unpacker *unpacker, size_t size);
/* Borrowed from what is unpacked. */
struct bytes unpack_bytes(struct unpacker *unpacker);
struct text unpack_text(struct unpacker *unpacker);
/* The same of bytes that need not be a text. */
struct text unpack_sealed(struct unpacker *unpacker);
int64_t unpack_instant(struct unpacker *unpacker, int64_t near_ms);
int32_t unpack_date(struct unpacker *unpacker);
struct length unpack_length(struct unpacker *unpacker);
struct value unpack_value(struct unpacker *unpacker);
uint64_t unpack_u64(struct unpacker *unpacker);
uint32_t unpack_u32(struct unpacker *unpacker);
/* An array of `count` things of `size`, zeroed; NULL (and broken) when the arena is spent. */
void *unpack_array(struct unpacker *unpacker, struct arena *arena, size_t count, size_t size);

#endif
