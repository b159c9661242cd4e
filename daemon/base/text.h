#ifndef DUBAN_BASE_TEXT_H
#define DUBAN_BASE_TEXT_H

/*
 * A text is bytes and a length, borrowed from whoever holds them. It is UTF-8 once it has come
 * through a border (codec checks there), and it need not end in a NUL. The empty text is
 * {NULL, 0}.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    const char *bytes; /* borrowed */
    size_t size;
};

/* A text from a literal. */
#define TEXT(literal) ((struct text){.bytes = (literal), .size = sizeof(literal) - 1})
/* The same as an initialiser of static data. */
#define TEXT_INIT(literal)                              \
    {                                                   \
        .bytes = (literal), .size = sizeof(literal) - 1 \
    }
/* For printf's "%.*s". */
#define TEXT_ARGS(text) (int)(text).size, (text).bytes

struct text text_of(const char *string); /* NULL gives the empty text */
bool text_equal(struct text a, struct text b);
bool text_is(struct text text, const char *string);
int text_compare(struct text a, struct text b); /* bytewise: <0, 0, >0 */
bool text_empty(struct text text);
bool text_starts(struct text text, struct text prefix);
/* The part of text from `from` on, at most `size` bytes of it. */
struct text text_part(struct text text, size_t from, size_t size);
/* Its first `size` bytes at most, without half a character at the end. */
struct text text_shortened(struct text text, size_t size);
/* Cut at the first `separator`: the part before it is answered, *rest is what follows.
 * Without one the whole text is answered and *rest is empty. */
struct text text_cut(struct text text, char separator, struct text *rest);
/* Without spaces and tabs at both ends. */
struct text text_trim(struct text text);
/* Well-formed UTF-8 without NUL. */
bool text_is_utf8(struct text text);
/* A whole number in decimal, with an optional minus; false if anything else stands there. */
bool text_to_integer(struct text text, int64_t *out);

#endif
