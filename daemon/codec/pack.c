#include "codec/pack.h"

#include "base/must.h"

#include <string.h>

void pack_init(struct packer *packer, void *memory, size_t size)
{
    *packer = (struct packer){.start = memory, .at = memory, .end = (uint8_t *)memory + size};
}

struct bytes packed(const struct packer *packer)
{
    return (struct bytes){.at = packer->start, .size = (size_t)(packer->at - packer->start)};
}

/* Take so many bytes; NULL where they do not fit, and then nothing fits any more. */
static uint8_t *take(struct packer *packer, size_t size)
{
    uint8_t *at = packer->at;

    if (size > (size_t)(packer->end - at)) {
        packer->full = true;
        packer->end = at;
        return NULL;
    }
    packer->at += size;
    return at;
}

void pack_raw(struct packer *packer, struct bytes bytes)
{
    uint8_t *at = take(packer, bytes.size);

    if (at != NULL && bytes.size > 0) {
        memcpy(at, bytes.at, bytes.size);
    }
}

void pack_byte(struct packer *packer, uint8_t byte)
{
    uint8_t *at = take(packer, 1);

    if (at != NULL) {
        *at = byte;
    }
}

void pack_flag(struct packer *packer, bool flag)
{
    pack_byte(packer, flag ? 1 : 0);
}

static void pack_long(struct packer *packer, uint64_t number)
{
    size_t size = 1;

    for (uint64_t rest = number >> 7; rest > 0; rest >>= 7) {
        size++;
    }

    uint8_t *at = take(packer, size);

    if (at == NULL) {
        return;
    }
    for (; size > 1; size--) {
        *at++ = (uint8_t)(number | 0x80);
        number >>= 7;
    }
    *at = (uint8_t)number;
}

void pack_number(struct packer *packer, uint64_t number)
{
    if (number < 0x80) { /* most are */
        pack_byte(packer, (uint8_t)number);
    } else {
        pack_long(packer, number);
    }
}

static uint64_t zigzag(int64_t number)
{
    uint64_t doubled = (uint64_t)number << 1;

    return number < 0 ? ~doubled : doubled;
}

static int64_t unzigzag(uint64_t number)
{
    uint64_t half = number >> 1;

    return (int64_t)((number & 1) == 1 ? ~half : half);
}

void pack_signed(struct packer *packer, int64_t number)
{
    pack_number(packer, zigzag(number));
}

void pack_bytes(struct packer *packer, struct bytes bytes)
{
    pack_number(packer, bytes.size);
    pack_raw(packer, bytes);
}

void pack_text(struct packer *packer, struct text text)
{
    pack_bytes(packer, (struct bytes){.at = (const uint8_t *)text.bytes, .size = text.size});
}

/* 0: none, 1: never, else the way from the near one, and two more. */
void pack_instant(struct packer *packer, int64_t at_ms, int64_t near_ms)
{
    if (at_ms == INSTANT_NONE) {
        pack_number(packer, 0);
    } else if (at_ms == INSTANT_NEVER) {
        pack_number(packer, 1);
    } else {
        uint64_t way = zigzag((int64_t)((uint64_t)at_ms - (uint64_t)near_ms));

        MUST(way < UINT64_MAX - 2);
        pack_number(packer, way + 2);
    }
}

void pack_date(struct packer *packer, int32_t date)
{
    pack_number(packer, date == DATE_NONE ? 0 : zigzag(date) + 1);
}

void pack_length(struct packer *packer, struct length length)
{
    pack_signed(packer, length.count);
    pack_byte(packer, (uint8_t)length.unit);
}

static void pack_payload(struct packer *packer, const struct value *value)
{
    switch (value->type) {
    case VALUE_FLAG:
        pack_flag(packer, value->flag);
        break;
    case VALUE_INTEGER:
    case VALUE_MONEY:
    case VALUE_INSTANT:
        pack_signed(packer, value->number);
        break;
    case VALUE_TEXT:
        pack_text(packer, value->text);
        break;
    case VALUE_DATE:
        pack_date(packer, value->date);
        break;
    case VALUE_LENGTH:
        pack_length(packer, value->length);
        break;
    case VALUE_CHOICE:
        pack_number(packer, value->choice);
        break;
    case VALUE_SET:
        pack_number(packer, value->set);
        break;
    }
}

void pack_value(struct packer *packer, const struct value *value)
{
    pack_byte(packer, (uint8_t)((unsigned)value->type << 2 | (value->sealed ? 2 : 0) |
                                (value->known ? 1 : 0)));
    if (value->sealed) {
        pack_text(packer, value->text);
    } else if (value->known) {
        pack_payload(packer, value);
    }
}

static void put_u32(uint8_t at[4], uint32_t number)
{
    at[0] = (uint8_t)(number >> 24);
    at[1] = (uint8_t)(number >> 16);
    at[2] = (uint8_t)(number >> 8);
    at[3] = (uint8_t)number;
}

void pack_u64(struct packer *packer, uint64_t number)
{
    uint8_t *at = take(packer, 8);

    if (at != NULL) {
        put_u32(at, (uint32_t)(number >> 32));
        put_u32(at + 4, (uint32_t)number);
    }
}

void pack_u32(struct packer *packer, uint32_t number)
{
    uint8_t *at = take(packer, 4);

    if (at != NULL) {
        put_u32(at, number);
    }
}

/* Sizes of parts take two bytes of seven bits always, or three past 16 kB: most are short, and
 * the bytes need not move twice. */
enum { PART_SIZE_BYTES = 3 };

struct part pack_part(struct packer *packer)
{
    struct part part = {.start = packer->at};

    pack_raw(packer, (struct bytes){.at = (const uint8_t *)"\x80\x80", .size = 2});
    pack_byte(packer, 0);
    return part;
}

void pack_part_end(struct packer *packer, struct part part)
{
    uint8_t size_bytes[10];
    struct packer head;

    if (packer->full) {
        return;
    }

    uint8_t *content = part.start + PART_SIZE_BYTES;
    size_t size = (size_t)(packer->at - content);

    MUST(size < (size_t)1 << (7 * PART_SIZE_BYTES));
    pack_init(&head, size_bytes, sizeof(size_bytes));
    pack_number(&head, size);

    size_t head_size = packed(&head).size;

    memcpy(part.start, size_bytes, head_size);
    memmove(part.start + head_size, content, size);
    packer->at = part.start + head_size + size;
}

void unpack_init(struct unpacker *unpacker, struct bytes bytes)
{
    static const uint8_t nothing[1];
    const uint8_t *at = bytes.at == NULL ? nothing : bytes.at;

    *unpacker = (struct unpacker){.at = at, .end = at + bytes.size};
}

enum status unpack_end(const struct unpacker *unpacker)
{
    return !unpacker->broken && unpacker->at == unpacker->end ? STATUS_OK : STATUS_MALFORMED;
}

bool unpack_more(const struct unpacker *unpacker)
{
    return !unpacker->broken && unpacker->at < unpacker->end;
}

void unpack_break(struct unpacker *unpacker)
{
    unpacker->broken = true;
    unpacker->end = unpacker->at; /* nothing is left, so every read fails by itself */
}

struct bytes unpack_raw(struct unpacker *unpacker, size_t size)
{
    if (size > (size_t)(unpacker->end - unpacker->at)) {
        unpack_break(unpacker);
        return (struct bytes){0};
    }

    struct bytes bytes = {.at = unpacker->at, .size = size};

    unpacker->at += size;
    return bytes;
}

uint8_t unpack_byte(struct unpacker *unpacker)
{
    if (unpacker->at == unpacker->end) {
        unpack_break(unpacker);
        return 0;
    }
    return *unpacker->at++;
}

bool unpack_flag(struct unpacker *unpacker)
{
    uint8_t byte = unpack_byte(unpacker);

    if (byte > 1) {
        unpack_break(unpacker);
    }
    return byte == 1;
}

/* Only the shortest form of a number is one: what was written can be told from what was not. */
static uint64_t unpack_long(struct unpacker *unpacker)
{
    const uint8_t *at = unpacker->at;
    uint64_t number = 0;

    for (unsigned shift = 0; shift < 64 && at < unpacker->end; shift += 7) {
        uint64_t byte = *at++;

        number |= (byte & 0x7f) << shift;
        if (byte < 0x80) {
            if (byte == 0 || (shift == 63 && byte > 1)) {
                break;
            }
            unpacker->at = at;
            return number;
        }
    }
    unpack_break(unpacker);
    return 0;
}

uint64_t unpack_number(struct unpacker *unpacker)
{
    if (unpacker->at < unpacker->end && *unpacker->at < 0x80) { /* most are */
        return *unpacker->at++;
    }
    return unpack_long(unpacker);
}

uint32_t unpack_below(struct unpacker *unpacker, uint32_t max)
{
    uint64_t number = unpack_number(unpacker);

    if (number > max) {
        unpack_break(unpacker);
        return 0;
    }
    return (uint32_t)number;
}

int64_t unpack_signed(struct unpacker *unpacker)
{
    return unzigzag(unpack_number(unpacker));
}

int32_t unpack_signed_32(struct unpacker *unpacker)
{
    int64_t number = unpack_signed(unpacker);

    if (number < INT32_MIN || number > INT32_MAX) {
        unpack_break(unpacker);
        return 0;
    }
    return (int32_t)number;
}

struct bytes unpack_bytes(struct unpacker *unpacker)
{
    return unpack_raw(unpacker, (size_t)unpack_number(unpacker));
}

struct text unpack_sealed(struct unpacker *unpacker)
{
    struct bytes bytes = unpack_bytes(unpacker);

    return bytes.size == 0 ? (struct text){0}
                           : (struct text){.bytes = (const char *)bytes.at, .size = bytes.size};
}

struct text unpack_text(struct unpacker *unpacker)
{
    struct text text = unpack_sealed(unpacker);

    if (!text_is_utf8(text)) {
        unpack_break(unpacker);
    }
    return text;
}

int64_t unpack_instant(struct unpacker *unpacker, int64_t near_ms)
{
    uint64_t number = unpack_number(unpacker);

    if (number < 2) {
        return number == 0 ? INSTANT_NONE : INSTANT_NEVER;
    }

    int64_t at_ms = (int64_t)((uint64_t)unzigzag(number - 2) + (uint64_t)near_ms);

    if (number == UINT64_MAX || at_ms == INSTANT_NONE || at_ms == INSTANT_NEVER) {
        unpack_break(unpacker);
        return INSTANT_NONE;
    }
    return at_ms;
}

int32_t unpack_date(struct unpacker *unpacker)
{
    uint64_t number = unpack_number(unpacker);
    int64_t date = number == 0 ? DATE_NONE : unzigzag(number - 1);

    if (number != 0 && (date <= DATE_NONE || date > INT32_MAX)) {
        unpack_break(unpacker);
        return DATE_NONE;
    }
    return (int32_t)date;
}

struct length unpack_length(struct unpacker *unpacker)
{
    int32_t count = unpack_signed_32(unpacker);
    uint8_t unit = unpack_byte(unpacker);

    if (unit > LENGTH_YEARS || count > LENGTH_COUNT_MAX || count < -LENGTH_COUNT_MAX) {
        unpack_break(unpacker);
        return (struct length){0};
    }
    return (struct length){.count = count, .unit = (enum length_unit)unit};
}

static void unpack_payload(struct unpacker *unpacker, struct value *value)
{
    switch (value->type) {
    case VALUE_FLAG:
        value->flag = unpack_flag(unpacker);
        break;
    case VALUE_INTEGER:
    case VALUE_MONEY:
    case VALUE_INSTANT:
        value->number = unpack_signed(unpacker);
        break;
    case VALUE_TEXT:
        value->text = unpack_text(unpacker);
        break;
    case VALUE_DATE:
        value->date = unpack_date(unpacker);
        break;
    case VALUE_LENGTH:
        value->length = unpack_length(unpacker);
        break;
    case VALUE_CHOICE:
        value->choice = unpack_below(unpacker, CHOICES_MAX - 1);
        break;
    case VALUE_SET:
        value->set = unpack_number(unpacker);
        break;
    }
}

struct value unpack_value(struct unpacker *unpacker)
{
    uint8_t byte = unpack_byte(unpacker);

    if (byte >> 2 > VALUE_SET || (byte & 3) == 2) {
        unpack_break(unpacker);
        return value_unknown(VALUE_FLAG);
    }

    struct value value = value_unknown((enum value_type)(byte >> 2));

    value.known = (byte & 1) == 1;
    value.sealed = (byte & 2) == 2;
    if (value.sealed) {
        value.text = unpack_sealed(unpacker);
    } else if (value.known) {
        unpack_payload(unpacker, &value);
    }
    return value;
}

static uint64_t unpack_fixed(struct unpacker *unpacker, size_t size)
{
    struct bytes bytes = unpack_raw(unpacker, size);
    uint64_t number = 0;

    for (size_t i = 0; i < bytes.size; i++) {
        number = number << 8 | bytes.at[i];
    }
    return number;
}

uint64_t unpack_u64(struct unpacker *unpacker)
{
    return unpack_fixed(unpacker, 8);
}

uint32_t unpack_u32(struct unpacker *unpacker)
{
    return (uint32_t)unpack_fixed(unpacker, 4);
}

void *unpack_array(struct unpacker *unpacker, struct arena *arena, size_t count, size_t size)
{
    void *array = unpacker->broken ? NULL : arena_take_zeroed(arena, count, size);

    if (array == NULL) {
        unpack_break(unpacker);
    }
    return array;
}
