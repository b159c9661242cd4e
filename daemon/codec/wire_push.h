#ifndef DUBAN_CODEC_WIRE_PUSH_H
#define DUBAN_CODEC_WIRE_PUSH_H

/* What goes out without being asked for each time: records to followers, hints. */
#include "base/bytes.h"
#include "base/text.h"

#define WIRE_HASH_BYTES     32
#define WIRE_HINT_BYTES_MAX 16

struct wire_record {
    uint64_t seq;
    const uint8_t *hash; /* WIRE_HASH_BYTES each */
    const uint8_t *digest;
    struct text json; /* empty: hidden */
};

/* The size of a push, and the push itself, written into `room` of that size. */
size_t wire_record_bytes(uint64_t number, const struct wire_record *record);
void wire_encode_record(uint64_t number, const struct wire_record *record, uint8_t *room);
size_t wire_gap_bytes(uint64_t number, uint64_t resume_seq);
void wire_encode_gap(uint64_t number, uint64_t resume_seq, uint8_t *room);

/* A hint, written into `frame`. */
struct bytes wire_encode_hint(uint64_t flushed_seq, uint8_t frame[WIRE_HINT_BYTES_MAX]);

#endif
