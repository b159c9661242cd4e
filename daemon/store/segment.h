#ifndef DUBAN_STORE_SEGMENT_H
#define DUBAN_STORE_SEGMENT_H

/*
 * One file of the journal: a head of one page, then records end to end, then zeros that were
 * written ahead so that a flush has no new blocks to note. Named by its first record's number.
 *
 *   head    "DUBANJ01" · law u32 · crc u32 · first u64 · store id 16 · hash before it 32
 *   record  size u32 · crc u32 · seq u64 · hash of the one before 32 · payload, padded to 8
 *
 * Numbers are little-endian. A record's crc covers all behind it. Its hash is BLAKE2b of its
 * number, the hash before it and the digest (BLAKE2b) of its payload. So hashes join across
 * files, any change to any past record shows, and who may not see a record can still check its
 * place by the digest alone. To change the format: raise the digits of the magic, and keep the
 * old reader.
 */
#include "store/journal.h"

#define SEGMENT_HEAD_BYTES  4096
#define SEGMENT_HEAD_USED   72 /* the rest of the page is zeros */
#define SEGMENT_FRAME_BYTES 48
#define SEGMENT_HASH_BYTES  JOURNAL_HASH_BYTES
#define SEGMENT_NAME_BYTES  32
#define SEGMENT_BYTES       ((uint64_t)16 << 20) /* past this size a new one begins */
#define SEGMENT_AHEAD_BYTES ((uint64_t)1 << 20)  /* zeros written ahead */
#define SEGMENT_MARK_EVERY  64 /* every so many records the place is remembered */
#define SEGMENT_MARKS_MAX   (SEGMENT_BYTES / SEGMENT_FRAME_BYTES / SEGMENT_MARK_EVERY + 1)

struct segment_head {
    uint32_t law;   /* number of the law's code that made the outcomes in it */
    uint64_t first; /* number of its first record */
    uint8_t store_id[16];
    uint8_t
        hash[SEGMENT_HASH_BYTES]; /* of the record before its first; zeros before record 1 */
};

struct segment_frame {
    uint64_t seq;
    uint32_t size;                      /* of the payload */
    uint8_t before[SEGMENT_HASH_BYTES]; /* hash of the record before */
};

void segment_name(uint64_t first, char name[SEGMENT_NAME_BYTES]);
/* False for any other file. */
bool segment_name_parse(const char *name, uint64_t *first);

void segment_head_encode(const struct segment_head *head, uint8_t page[SEGMENT_HEAD_BYTES]);
bool segment_head_decode(const uint8_t page[SEGMENT_HEAD_BYTES], struct segment_head *head);

/* The room of a record with its frame and padding. */
size_t segment_record_bytes(size_t payload);
/* Write frame, payload and padding to `out`; its hash goes to `hash`. */
void segment_record_encode(const struct segment_frame *frame, const uint8_t *payload,
                           uint8_t *out, uint8_t hash[SEGMENT_HASH_BYTES]);
/*
 * Read the record at the front of `bytes`. STATUS_NOT_FOUND: zeros, the end. STATUS_LIMIT: more
 * bytes are needed (frame->size says how many the payload has, once a frame is there).
 * STATUS_MALFORMED: no whole record. The payload is borrowed from `bytes`.
 */
NODISCARD enum status segment_record_decode(struct bytes bytes, struct segment_frame *frame,
                                            struct bytes *payload);
/* Read the frame alone, to pass over a record unread; answers as segment_record_decode does. */
NODISCARD enum status segment_frame_decode(struct bytes bytes, struct segment_frame *frame);
/* The payload's digest and the hash of a whole record that was decoded. */
void segment_record_hash(struct bytes record, uint8_t digest[SEGMENT_HASH_BYTES],
                         uint8_t hash[SEGMENT_HASH_BYTES]);
/* The hash by what it covers; frame->size is not asked. */
void segment_chain_hash(const struct segment_frame *frame,
                        const uint8_t digest[SEGMENT_HASH_BYTES],
                        uint8_t hash[SEGMENT_HASH_BYTES]);

#endif
