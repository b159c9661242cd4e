#include "encode.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define WORD_BEGIN "=?UTF-8?B?"
#define WORD_END   "?="

enum {
    WORD_MAX = 75, /* columns of an encoded word */
    WORD_FRAME = sizeof(WORD_BEGIN) - 1 + sizeof(WORD_END) - 1,
    LINE_BYTES = ENCODE_LINE_MAX / 4 * 3 /* that one line of base64 carries */
};

static bool is_visible(unsigned char c)
{
    return c > ' ' && c < 0x7f;
}

static void put_base64(FILE *out, const unsigned char *bytes, size_t size)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t three = (uint32_t)bytes[i] << 16 |
                         (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                         (left > 2 ? (uint32_t)bytes[i + 2] : 0);

        (void)fputc(digits[three >> 18], out);
        (void)fputc(digits[three >> 12 & 63], out);
        (void)fputc(left > 1 ? digits[three >> 6 & 63] : '=', out);
        (void)fputc(left > 2 ? digits[three & 63] : '=', out);
    }
}

/* Whether a header may hold the text as it is: nothing in it that means something there, be it
 * words or a name. */
static bool stands_as_it_is(const char *text, size_t column)
{
    static const char meaningful[] = "()<>[]:;@\\,.\"";
    size_t size = strlen(text);

    if (size == 0 || text[0] == ' ' || text[size - 1] == ' ' ||
        column + size > ENCODE_LINE_MAX || strstr(text, "=?") != NULL) {
        return false;
    }
    for (const char *c = text; *c != '\0'; c++) {
        if ((!is_visible((unsigned char)*c) && *c != ' ') || strchr(meaningful, *c) != NULL) {
            return false;
        }
    }
    return true;
}

/* How many bytes of a text fit into so many, without one character being cut. */
static size_t whole_characters(const char *text, size_t size, size_t room)
{
    size_t end = size < room ? size : room;

    while (end < size && end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80) {
        end--;
    }
    return end > 0 ? end : room; /* no text of ours: some byte must go on its way */
}

void encode_header(FILE *out, const char *text, size_t column)
{
    size_t size = strlen(text);

    if (stands_as_it_is(text, column)) {
        (void)fputs(text, out);
        return;
    }
    while (size > 0) {
        size_t columns =
            ENCODE_LINE_MAX - column < WORD_MAX ? ENCODE_LINE_MAX - column : WORD_MAX;
        size_t part = whole_characters(text, size, (columns - WORD_FRAME) / 4 * 3);

        (void)fputs(WORD_BEGIN, out);
        put_base64(out, (const unsigned char *)text, part);
        (void)fputs(WORD_END, out);
        text += part;
        size -= part;
        column = 1;
        if (size > 0) {
            (void)fputs("\r\n ", out);
        }
    }
}

/* The bytes of a text as they are encoded: a line's end is two. */
struct canonical {
    const char *next;
    bool returned; /* the CR of a line's end was given */
};

/* The next byte, or -1 at the end. */
static int canonical_next(struct canonical *text)
{
    text->next += strspn(text->next, "\r");
    if (*text->next == '\0') {
        return -1;
    }
    if (*text->next == '\n' && !text->returned) {
        text->returned = true;
        return '\r';
    }
    text->returned = false;
    return (unsigned char)*text->next++;
}

static void put_in_base64(FILE *out, const char *body)
{
    struct canonical text = {.next = body};
    unsigned char line[LINE_BYTES];
    size_t size = 0;

    for (int c = canonical_next(&text); c >= 0; c = canonical_next(&text)) {
        line[size++] = (unsigned char)c;
        if (size == sizeof(line)) {
            put_base64(out, line, size);
            (void)fputs("\r\n", out);
            size = 0;
        }
    }
    if (size > 0) {
        put_base64(out, line, size);
        (void)fputs("\r\n", out);
    }
}

/* Whether quoted-printable leaves a byte as it is. A dot or a "From " at the head of a line are
 * what careless mail systems change on the way, a blank at its end what they drop. */
static bool is_literal(const char *at, size_t column)
{
    unsigned char c = (unsigned char)*at;

    if (c == ' ') {
        return at[1] != '\n' && at[1] != '\0';
    }
    return is_visible(c) && c != '=' && (column > 0 || (c != '.' && c != 'F'));
}

static void put_in_quoted_printable(FILE *out, const char *body)
{
    size_t column = 0;

    for (const char *at = body; *at != '\0'; at++) {
        bool literal = is_literal(at, column);
        size_t width = literal ? 1 : 3;

        if (*at == '\r') {
            continue;
        }
        if (*at == '\n') {
            (void)fputs("\r\n", out);
            column = 0;
            continue;
        }
        if (column + width > ENCODE_LINE_MAX - 1) { /* one column is for the soft line end */
            (void)fputs("=\r\n", out);
            column = 0;
            literal = is_literal(at, column);
            width = literal ? 1 : 3;
        }
        (void)fprintf(out, literal ? "%c" : "=%02X", (unsigned char)*at);
        column += width;
    }
    (void)fputs("\r\n", out); /* the boundary's: it is no part of the text */
}

void encode_body(FILE *out, const char *text)
{
    size_t size = strlen(text);
    size_t wide = 0; /* bytes that quoted-printable makes three of */

    for (const char *at = text; *at != '\0'; at++) {
        wide += (unsigned char)*at >= 0x7f || *at == '=' ? 1 : 0;
    }
    if (2 * wide > size / 3) {
        (void)fputs("Content-Transfer-Encoding: base64\r\n\r\n", out);
        put_in_base64(out, text);
    } else {
        (void)fputs("Content-Transfer-Encoding: quoted-printable\r\n\r\n", out);
        put_in_quoted_printable(out, text);
    }
}

void encode_html(FILE *out, const char *text, size_t size)
{
    for (const char *at = text; at < text + size; at++) {
        switch (*at) {
        case '&':
            (void)fputs("&amp;", out);
            break;
        case '<':
            (void)fputs("&lt;", out);
            break;
        case '>':
            (void)fputs("&gt;", out);
            break;
        case '"':
            (void)fputs("&quot;", out);
            break;
        case '\n':
            (void)fputs("<br>\n", out);
            break;
        default:
            (void)fputc(*at, out);
        }
    }
}
