#include "base/text.h"

#include <string.h>

struct text text_of(const char *string)
{
    return (struct text){.bytes = string, .size = string == NULL ? 0 : strlen(string)};
}

bool text_equal(struct text a, struct text b)
{
    /* Most names differ at once. */
    return a.size == b.size &&
           (a.size == 0 || (a.bytes[0] == b.bytes[0] && memcmp(a.bytes, b.bytes, a.size) == 0));
}

bool text_is(struct text text, const char *string)
{
    return text_equal(text, text_of(string));
}

int text_compare(struct text a, struct text b)
{
    size_t shorter = a.size < b.size ? a.size : b.size;
    int order = shorter == 0 ? 0 : memcmp(a.bytes, b.bytes, shorter);

    if (order != 0) {
        return order;
    }
    return (a.size > b.size) - (a.size < b.size);
}

bool text_empty(struct text text)
{
    return text.size == 0;
}

bool text_starts(struct text text, struct text prefix)
{
    return text.size >= prefix.size && text_equal(text_part(text, 0, prefix.size), prefix);
}

struct text text_part(struct text text, size_t from, size_t size)
{
    if (from >= text.size) {
        return (struct text){0};
    }
    if (size > text.size - from) {
        size = text.size - from;
    }
    return (struct text){.bytes = text.bytes + from, .size = size};
}

struct text text_cut(struct text text, char separator, struct text *rest)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] == separator) {
            *rest = text_part(text, i + 1, text.size);
            return text_part(text, 0, i);
        }
    }
    *rest = (struct text){0};
    return text;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

struct text text_trim(struct text text)
{
    while (text.size > 0 && blank(text.bytes[0])) {
        text = text_part(text, 1, text.size);
    }
    while (text.size > 0 && blank(text.bytes[text.size - 1])) {
        text.size--;
    }
    return text;
}

/* The length of the sequence that `lead` begins, and the least code point that may need it. */
static size_t sequence_size(uint8_t lead, uint32_t *least)
{
    if (lead >= 0xf0 && lead <= 0xf4) {
        *least = 0x10000;
        return 4;
    }
    if (lead >= 0xe0 && lead < 0xf0) {
        *least = 0x800;
        return 3;
    }
    if (lead >= 0xc2 && lead < 0xe0) {
        *least = 0x80;
        return 2;
    }
    *least = 1;
    return lead < 0x80 ? 1 : 0;
}

bool text_is_utf8(struct text text)
{
    size_t at = 0;

    while (at < text.size) {
        uint32_t least;
        uint8_t lead = (uint8_t)text.bytes[at];

        if (lead > 0 && lead < 0x80) { /* most are */
            at++;
            continue;
        }

        size_t size = sequence_size(lead, &least);
        uint32_t point = size == 1 ? lead : lead & (0x7fU >> size);

        if (size == 0 || size > text.size - at) {
            return false;
        }
        for (size_t i = 1; i < size; i++) {
            uint8_t byte = (uint8_t)text.bytes[at + i];

            if ((byte & 0xc0) != 0x80) {
                return false;
            }
            point = point << 6 | (byte & 0x3fU);
        }
        if (point < least || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
            return false;
        }
        at += size;
    }
    return true;
}

bool text_to_integer(struct text text, int64_t *out)
{
    bool negative = text.size > 0 && text.bytes[0] == '-';
    int64_t value = 0;
    size_t i = negative ? 1 : 0;

    if (i == text.size) {
        return false;
    }
    for (; i < text.size; i++) {
        int digit = text.bytes[i] - '0';

        if (digit < 0 || digit > 9 || value > (INT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = negative ? -value : value;
    return true;
}

struct text text_shortened(struct text text, size_t size)
{
    if (text.size <= size) {
        return text;
    }
    while (size > 0 && ((unsigned char)text.bytes[size] & 0xc0) == 0x80) {
        size--;
    }
    return (struct text){.bytes = text.bytes, .size = size};
}
