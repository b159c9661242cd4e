#include "core/value.h"

#include "base/must.h"

#include <string.h>

static const struct text type_words[] = {
#define VALUE_WORD(name, word) [name] = TEXT_INIT(word),
    VALUE_TYPES(VALUE_WORD)
#undef VALUE_WORD
};

enum { TYPE_COUNT = sizeof(type_words) / sizeof(type_words[0]) };

struct value value_unknown(enum value_type type)
{
    return (struct value){.type = type};
}

struct value value_flag(bool flag)
{
    return (struct value){.type = VALUE_FLAG, .known = true, .flag = flag};
}

struct value value_number(enum value_type type, int64_t number)
{
    MUST(type == VALUE_INTEGER || type == VALUE_MONEY || type == VALUE_INSTANT);
    return (struct value){.type = type, .known = true, .number = number};
}

struct value value_text(struct text text)
{
    return (struct value){.type = VALUE_TEXT, .known = true, .text = text};
}

struct value value_sealed(enum value_type type, struct text sealed)
{
    return (struct value){.type = type, .known = true, .sealed = true, .text = sealed};
}

struct value value_date(int32_t date)
{
    return (struct value){.type = VALUE_DATE, .known = true, .date = date};
}

struct text value_type_word(enum value_type type)
{
    return type_words[type];
}

bool value_type_parse(struct text word, enum value_type *type)
{
    for (uint32_t i = 0; i < TYPE_COUNT; i++) {
        if (text_equal(word, type_words[i])) {
            *type = (enum value_type)i;
            return true;
        }
    }
    return false;
}

bool value_equal(const struct value *a, const struct value *b)
{
    MUST(a->type == b->type);
    if (!a->known || !b->known) {
        return a->known == b->known;
    }
    if (a->sealed || b->sealed) {
        return a->sealed == b->sealed && text_equal(a->text, b->text);
    }
    switch (a->type) {
    case VALUE_FLAG:
        return a->flag == b->flag;
    case VALUE_INTEGER:
    case VALUE_MONEY:
    case VALUE_INSTANT:
        return a->number == b->number;
    case VALUE_TEXT:
        return text_equal(a->text, b->text);
    case VALUE_DATE:
        return a->date == b->date;
    case VALUE_LENGTH:
        return length_equal(a->length, b->length);
    case VALUE_CHOICE:
        return a->choice == b->choice;
    case VALUE_SET:
        return a->set == b->set;
    }
    return false;
}

static bool parse_flag(struct text text, bool *flag)
{
    *flag = text_is(text, "true");
    return *flag || text_is(text, "false");
}

/* Yuan with two decimals or none, kept in fen: 1000.00 is 100000. */
static bool parse_money(struct text text, int64_t *fen)
{
    struct text decimals;
    bool pointed = text.size > 0 && memchr(text.bytes, '.', text.size) != NULL;
    struct text yuan = text_cut(text, '.', &decimals);
    bool negative = text_starts(yuan, TEXT("-"));
    int64_t whole;
    int64_t part = 0;

    if (!text_to_integer(yuan, &whole) || whole > INT64_MAX / 100 - 1 ||
        whole < -(INT64_MAX / 100 - 1)) {
        return false;
    }
    if (pointed &&
        (decimals.size != 2 || decimals.bytes[0] == '-' || !text_to_integer(decimals, &part))) {
        return false;
    }
    *fen = whole * 100 + (negative ? -part : part);
    return true;
}

static bool parse_choice(struct text text, const struct choices *choices, uint32_t *choice)
{
    for (uint32_t i = 0; i < choices->count; i++) {
        if (text_equal(text, choices->names[i])) {
            *choice = i;
            return true;
        }
    }
    return false;
}

static bool parse_set(struct text text, const struct choices *choices, uint64_t *set)
{
    *set = 0;
    while (!text_empty(text)) {
        struct text rest;
        struct text name = text_trim(text_cut(text, ',', &rest));
        uint32_t choice;

        if (!parse_choice(name, choices, &choice)) {
            return false;
        }
        *set |= (uint64_t)1 << choice;
        text = rest;
    }
    return true;
}

bool value_parse(struct text text, enum value_type type, const struct choices *choices,
                 int64_t zone_ms, struct value *value)
{
    struct value parsed = {.type = type, .known = true};
    bool good = false;

    switch (type) {
    case VALUE_FLAG:
        good = parse_flag(text, &parsed.flag);
        break;
    case VALUE_INTEGER:
        good = text_to_integer(text, &parsed.number);
        break;
    case VALUE_MONEY:
        good = parse_money(text, &parsed.number);
        break;
    case VALUE_TEXT:
        parsed.text = text;
        good = text.size <= TEXT_MAX;
        break;
    case VALUE_DATE:
        good = date_parse(text, &parsed.date);
        break;
    case VALUE_INSTANT:
        good = instant_parse(text, zone_ms, &parsed.number);
        break;
    case VALUE_LENGTH:
        good = length_parse(text, &parsed.length);
        break;
    case VALUE_CHOICE:
        good = parse_choice(text, choices, &parsed.choice);
        break;
    case VALUE_SET:
        good = parse_set(text, choices, &parsed.set);
        break;
    }
    if (good) {
        *value = parsed;
    }
    return good;
}

/* Text written into bounded room. */
struct pen {
    char *out;
    size_t size;
    size_t at;
};

static void write_text(struct pen *pen, struct text text)
{
    size_t room = pen->size - pen->at;
    size_t taken = text.size < room ? text.size : room;

    if (taken > 0) {
        memcpy(pen->out + pen->at, text.bytes, taken);
    }
    pen->at += taken;
}

/* At least `width` digits. */
static void write_number(struct pen *pen, uint64_t number, uint32_t width)
{
    char digits[24];
    size_t at = sizeof(digits);

    while (number > 0 || width > 0) {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
        width -= width > 0;
    }
    write_text(pen, (struct text){.bytes = digits + at, .size = sizeof(digits) - at});
}

static void write_signed(struct pen *pen, int64_t number, bool money)
{
    uint64_t size = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    if (number < 0) {
        write_text(pen, TEXT("-"));
    }
    write_number(pen, money ? size / 100 : size, 1);
    if (money) {
        write_text(pen, TEXT("."));
        write_number(pen, size % 100, 2);
    }
}

static void write_set(struct pen *pen, uint64_t set, const struct choices *choices)
{
    bool first = true;

    for (uint32_t i = 0; i < choices->count; i++) {
        if ((set >> i & 1) == 0) {
            continue;
        }
        if (!first) {
            write_text(pen, TEXT(","));
        }
        write_text(pen, choices->names[i]);
        first = false;
    }
}

size_t value_print(const struct value *value, const struct choices *choices, int64_t zone_ms,
                   char *out, size_t size)
{
    struct pen pen = {.out = out, .size = size};
    char room[INSTANT_TEXT_SIZE];

    MUST(value->known);
    if (value->sealed) {
        write_text(&pen, TEXT("***"));
        return pen.at;
    }
    switch (value->type) {
    case VALUE_FLAG:
        write_text(&pen, value->flag ? TEXT("true") : TEXT("false"));
        break;
    case VALUE_INTEGER:
        write_signed(&pen, value->number, false);
        break;
    case VALUE_MONEY:
        write_signed(&pen, value->number, true);
        break;
    case VALUE_TEXT:
        write_text(&pen, value->text);
        break;
    case VALUE_DATE:
        write_text(&pen, (struct text){room, date_print(value->date, room)});
        break;
    case VALUE_INSTANT:
        write_text(&pen, (struct text){room, instant_print(value->number, zone_ms, room)});
        break;
    case VALUE_LENGTH:
        write_text(&pen, (struct text){room, length_print(value->length, room)});
        break;
    case VALUE_CHOICE:
        MUST(value->choice < choices->count);
        write_text(&pen, choices->names[value->choice]);
        break;
    case VALUE_SET:
        write_set(&pen, value->set, choices);
        break;
    }
    return pen.at;
}
