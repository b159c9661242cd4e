#include "codec/wire_push.h"

#include <duban/v1/duban.pb-c.h>

/* The generated types want pointers they may write through, and never do when they pack. */
static uint8_t *writable(const void *bytes)
{
    return (uint8_t *)(uintptr_t)bytes;
}

/* `json` ends in a NUL, as the wire's texts must. */
static void fill(const struct wire_record *from, Duban__V1__Record *record)
{
    duban__v1__record__init(record);
    record->seq = from->seq;
    record->hash = (ProtobufCBinaryData){.len = WIRE_HASH_BYTES, .data = writable(from->hash)};
    record->digest =
        (ProtobufCBinaryData){.len = WIRE_HASH_BYTES, .data = writable(from->digest)};
    if (from->json.size > 0) {
        record->json = (char *)writable(from->json.bytes);
    }
}

size_t wire_record_bytes(uint64_t number, const struct wire_record *from)
{
    Duban__V1__Push push = DUBAN__V1__PUSH__INIT;
    Duban__V1__Record record;

    fill(from, &record);
    push.number = number;
    push.what_case = DUBAN__V1__PUSH__WHAT_RECORD;
    push.record = &record;
    return duban__v1__push__get_packed_size(&push);
}

void wire_encode_record(uint64_t number, const struct wire_record *from, uint8_t *room)
{
    Duban__V1__Push push = DUBAN__V1__PUSH__INIT;
    Duban__V1__Record record;

    fill(from, &record);
    push.number = number;
    push.what_case = DUBAN__V1__PUSH__WHAT_RECORD;
    push.record = &record;
    (void)duban__v1__push__pack(&push, room);
}

static void fill_gap(uint64_t number, uint64_t resume_seq, Duban__V1__Push *push,
                     Duban__V1__Gap *gap)
{
    duban__v1__push__init(push);
    duban__v1__gap__init(gap);
    gap->resume_seq = resume_seq;
    push->number = number;
    push->what_case = DUBAN__V1__PUSH__WHAT_GAP;
    push->gap = gap;
}

size_t wire_gap_bytes(uint64_t number, uint64_t resume_seq)
{
    Duban__V1__Push push;
    Duban__V1__Gap gap;

    fill_gap(number, resume_seq, &push, &gap);
    return duban__v1__push__get_packed_size(&push);
}

void wire_encode_gap(uint64_t number, uint64_t resume_seq, uint8_t *room)
{
    Duban__V1__Push push;
    Duban__V1__Gap gap;

    fill_gap(number, resume_seq, &push, &gap);
    (void)duban__v1__push__pack(&push, room);
}

struct bytes wire_encode_hint(uint64_t flushed_seq, uint8_t frame[WIRE_HINT_BYTES_MAX])
{
    Duban__V1__Hint hint = DUBAN__V1__HINT__INIT;

    hint.flushed_seq = flushed_seq;
    return (struct bytes){.at = frame, .size = duban__v1__hint__pack(&hint, frame)};
}
