#ifndef DUBAN_CORE_VALUE_H
#define DUBAN_CORE_VALUE_H

/* The typed values of facts and guards, and their one text form (wire, YAML, terminal). */
#include "core/date.h"
#include "core/length.h"

#define CHOICES_MAX 64   /* a set is a 64-bit mask over its choices */
#define TEXT_MAX    1024 /* bytes of a text fact */

#define VALUE_TYPES(X)          \
    X(VALUE_FLAG, "flag")       \
    X(VALUE_INTEGER, "integer") \
    X(VALUE_MONEY, "money")     \
    X(VALUE_TEXT, "text")       \
    X(VALUE_DATE, "date")       \
    X(VALUE_INSTANT, "instant") \
    X(VALUE_LENGTH, "length")   \
    X(VALUE_CHOICE, "choice")   \
    X(VALUE_SET, "set")

#define VALUE_ENUM(name, word) name,
enum value_type { VALUE_TYPES(VALUE_ENUM) };
#undef VALUE_ENUM

/* The values a choice may take, or a set may hold, in the order declared. */
struct choices {
    const struct text *names;
    uint32_t count; /* at most CHOICES_MAX */
};

struct value {
    enum value_type type;
    bool known;  /* false: unset, or unknown */
    bool sealed; /* known, and no more: `text` holds bytes that nobody reads here */
    union {
        bool flag;
        int64_t number; /* VALUE_INTEGER; VALUE_MONEY in fen; VALUE_INSTANT in ms */
        struct text text;
        int32_t date;
        struct length length;
        uint32_t choice; /* index into its choices */
        uint64_t set;    /* bit i: choice i */
    };
};

struct value value_unknown(enum value_type type);
struct value value_flag(bool flag);
struct value value_number(enum value_type type, int64_t number);
struct value value_text(struct text text);
struct value value_sealed(enum value_type type, struct text sealed);
struct value value_date(int32_t date);

struct text value_type_word(enum value_type type);
bool value_type_parse(struct text word, enum value_type *type);

/* Both unset, or both set and the same; sealed ones by their bytes. Types must agree. */
bool value_equal(const struct value *a, const struct value *b);

/*
 * One form for each type: `true`, `12`, `1000.00` (money: exactly two decimals, or none), a
 * text as it stands, `2026-05-31`, an instant as instant_parse reads it, `10d`, a choice's
 * name, and a set's names joined by `,` (empty: none). `choices` is NULL for the other types. A
 * text is borrowed from what was parsed.
 */
bool value_parse(struct text text, enum value_type type, const struct choices *choices,
                 int64_t zone_ms, struct value *value);
/* Print what value_parse reads; the answer is the size, cut at `size`; no NUL. Of a
 * sealed one nothing but `***`. */
size_t value_print(const struct value *value, const struct choices *choices, int64_t zone_ms,
                   char *out, size_t size);

#endif
