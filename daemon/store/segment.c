#include "store/segment.h"

#include "base/must.h"
#include "store/journal.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char magic[8] = {'D', 'U', 'B', 'A', 'N', 'J', '0', '1'};

/* Places in the head. */
enum { AT_LAW = 8, AT_CRC = 12, AT_FIRST = 16, AT_STORE = 24, AT_HASH = 40 };

#define HEAD_USED SEGMENT_HEAD_USED

static void put_u32(uint8_t *at, uint32_t number)
{
    for (int i = 0; i < 4; i++) {
        at[i] = (uint8_t)(number >> 8 * i);
    }
}

static void put_u64(uint8_t *at, uint64_t number)
{
    put_u32(at, (uint32_t)number);
    put_u32(at + 4, (uint32_t)(number >> 32));
}

static uint32_t get_u32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint64_t get_u64(const uint8_t *at)
{
    return get_u32(at) | (uint64_t)get_u32(at + 4) << 32;
}

void segment_name(uint64_t first, char name[SEGMENT_NAME_BYTES])
{
    (void)snprintf(name, SEGMENT_NAME_BYTES, "%020llu.journal", (unsigned long long)first);
}

bool segment_name_parse(const char *name, uint64_t *first)
{
    char again[SEGMENT_NAME_BYTES];
    uint64_t number = 0;

    for (int i = 0; i < 20; i++) {
        if (name[i] < '0' || name[i] > '9') {
            return false;
        }
        number = number * 10 + (uint64_t)(name[i] - '0');
    }
    segment_name(number, again);
    *first = number;
    return strcmp(again, name) == 0;
}

void segment_head_encode(const struct segment_head *head, uint8_t page[SEGMENT_HEAD_BYTES])
{
    memset(page, 0, SEGMENT_HEAD_BYTES);
    memcpy(page, magic, sizeof(magic));
    put_u32(page + AT_LAW, head->law);
    put_u64(page + AT_FIRST, head->first);
    memcpy(page + AT_STORE, head->store_id, sizeof(head->store_id));
    memcpy(page + AT_HASH, head->hash, SEGMENT_HASH_BYTES);
    put_u32(page + AT_CRC, crc32c((struct bytes){page, HEAD_USED}));
}

bool segment_head_decode(const uint8_t page[SEGMENT_HEAD_BYTES], struct segment_head *head)
{
    uint8_t copy[HEAD_USED];

    memcpy(copy, page, sizeof(copy));
    put_u32(copy + AT_CRC, 0);
    if (memcmp(page, magic, sizeof(magic)) != 0 ||
        crc32c((struct bytes){copy, sizeof(copy)}) != get_u32(page + AT_CRC)) {
        return false;
    }
    head->law = get_u32(page + AT_LAW);
    head->first = get_u64(page + AT_FIRST);
    memcpy(head->store_id, page + AT_STORE, sizeof(head->store_id));
    memcpy(head->hash, page + AT_HASH, SEGMENT_HASH_BYTES);
    return true;
}

size_t segment_record_bytes(size_t payload)
{
    return SEGMENT_FRAME_BYTES + (payload + 7) / 8 * 8;
}

enum status segment_frame_decode(struct bytes bytes, struct segment_frame *frame)
{
    if (bytes.size < SEGMENT_FRAME_BYTES) {
        return STATUS_LIMIT;
    }
    frame->size = get_u32(bytes.at);
    frame->seq = get_u64(bytes.at + 8);
    memcpy(frame->before, bytes.at + 16, SEGMENT_HASH_BYTES);
    if (frame->size == 0) {
        return STATUS_NOT_FOUND;
    }
    return frame->size <= RECORD_BYTES_MAX ? STATUS_OK : STATUS_MALFORMED;
}

static void hash_of(struct bytes bytes, uint8_t hash[SEGMENT_HASH_BYTES])
{
    int rc = crypto_generichash(hash, SEGMENT_HASH_BYTES, bytes.at, bytes.size, NULL, 0);

    MUST(rc == 0);
}

void segment_chain_hash(const struct segment_frame *frame,
                        const uint8_t digest[SEGMENT_HASH_BYTES],
                        uint8_t hash[SEGMENT_HASH_BYTES])
{
    uint8_t link[8 + 2 * SEGMENT_HASH_BYTES];

    put_u64(link, frame->seq);
    memcpy(link + 8, frame->before, SEGMENT_HASH_BYTES);
    memcpy(link + 8 + SEGMENT_HASH_BYTES, digest, SEGMENT_HASH_BYTES);
    hash_of((struct bytes){link, sizeof(link)}, hash);
}

void segment_record_hash(struct bytes record, uint8_t digest[SEGMENT_HASH_BYTES],
                         uint8_t hash[SEGMENT_HASH_BYTES])
{
    struct segment_frame frame;
    enum status status = segment_frame_decode(record, &frame);

    MUST(status == STATUS_OK);
    hash_of((struct bytes){record.at + SEGMENT_FRAME_BYTES, frame.size}, digest);
    segment_chain_hash(&frame, digest, hash);
}

void segment_record_encode(const struct segment_frame *frame, const uint8_t *payload,
                           uint8_t *out, uint8_t hash[SEGMENT_HASH_BYTES])
{
    size_t bytes = segment_record_bytes(frame->size);
    uint8_t digest[SEGMENT_HASH_BYTES];

    MUST(frame->size > 0);
    put_u32(out, frame->size);
    put_u64(out + 8, frame->seq);
    memcpy(out + 16, frame->before, SEGMENT_HASH_BYTES);
    memcpy(out + SEGMENT_FRAME_BYTES, payload, frame->size);
    memset(out + SEGMENT_FRAME_BYTES + frame->size, 0,
           bytes - SEGMENT_FRAME_BYTES - frame->size);
    put_u32(out + 4, crc32c((struct bytes){out + 8, bytes - 8}));
    segment_record_hash((struct bytes){out, bytes}, digest, hash);
}

enum status segment_record_decode(struct bytes bytes, struct segment_frame *frame,
                                  struct bytes *payload)
{
    enum status status = segment_frame_decode(bytes, frame);

    if (status != STATUS_OK) {
        return status;
    }

    size_t whole = segment_record_bytes(frame->size);

    if (bytes.size < whole) {
        return STATUS_LIMIT;
    }
    if (crc32c((struct bytes){bytes.at + 8, whole - 8}) != get_u32(bytes.at + 4)) {
        return STATUS_MALFORMED;
    }
    *payload = (struct bytes){.at = bytes.at + SEGMENT_FRAME_BYTES, .size = frame->size};
    return STATUS_OK;
}
