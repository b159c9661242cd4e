#include "core/length.h"

#include "base/must.h"

#define LENGTH_WORD(name, word) [name] = TEXT_INIT(word),
static const struct text words[] = {LENGTH_UNITS(LENGTH_WORD)};
#undef LENGTH_WORD

enum { UNIT_COUNT = sizeof(words) / sizeof(words[0]) };

/* Digits and a unit, nothing else. */
static bool parse_unsigned(struct text text, struct length *length)
{
    size_t digits = 0;
    int64_t count;

    while (digits < text.size && text.bytes[digits] >= '0' && text.bytes[digits] <= '9') {
        digits++;
    }
    if (!text_to_integer(text_part(text, 0, digits), &count) || count > LENGTH_COUNT_MAX) {
        return false;
    }

    struct text word = text_part(text, digits, text.size);

    for (int unit = 0; unit < UNIT_COUNT; unit++) {
        if (text_equal(word, words[unit])) {
            *length = (struct length){.count = (int32_t)count, .unit = (enum length_unit)unit};
            return true;
        }
    }
    return false;
}

bool length_parse(struct text text, struct length *length)
{
    return parse_unsigned(text, length);
}

bool offset_parse(struct text text, struct length *offset)
{
    bool minus = text_starts(text, TEXT("-"));
    bool plus = text_starts(text, TEXT("+"));
    struct length value;

    if (!parse_unsigned(text_part(text, minus || plus ? 1 : 0, text.size), &value)) {
        return false;
    }
    if ((value.count == 0) == (minus || plus)) {
        return false; /* a sign says which way; zero has none */
    }
    *offset = value;
    offset->count = minus ? -value.count : value.count;
    return true;
}

size_t length_print(struct length length, char out[LENGTH_TEXT_SIZE])
{
    char digits[10];
    size_t count = 0;
    size_t size = 0;
    int64_t rest = length.count < 0 ? -(int64_t)length.count : length.count;

    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);

    if (length.count < 0) {
        out[size++] = '-';
    }
    while (count > 0) {
        out[size++] = digits[--count];
    }

    struct text word = words[length.unit];

    for (size_t i = 0; i < word.size; i++) {
        out[size++] = word.bytes[i];
    }
    MUST(size < LENGTH_TEXT_SIZE);
    out[size] = '\0';
    return size;
}

bool length_equal(struct length a, struct length b)
{
    return a.count == b.count && a.unit == b.unit;
}

bool length_is_exact(struct length length)
{
    return length.unit == LENGTH_MINUTES || length.unit == LENGTH_HOURS;
}

int64_t length_ms(struct length length)
{
    MUST(length_is_exact(length));
    return length.count * (int64_t)(length.unit == LENGTH_HOURS ? 3600000 : 60000);
}
