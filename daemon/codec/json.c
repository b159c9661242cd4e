#include "codec/json.h"

#include "base/must.h"

#include <stdio.h>
#include <string.h>

void json_begin(struct json *json, void *memory, size_t size)
{
    *json = (struct json){.start = memory, .at = memory, .end = (char *)memory + size};
}

struct text json_end(const struct json *json)
{
    MUST(json->depth == 0);
    return (struct text){.bytes = json->start, .size = (size_t)(json->at - json->start)};
}

/* Room is kept for what closes all that is open, so that whoever goes back to a mark can end
 * the document there. */
static void write(struct json *json, const char *bytes, size_t size)
{
    if (json->full || size + json->depth > (size_t)(json->end - json->at)) {
        json->full = true;
        return;
    }
    memcpy(json->at, bytes, size);
    json->at += size;
}

static void write_text(struct json *json, struct text text);

/* The comma before it, and its name. */
static void begin(struct json *json, const char *name)
{
    if (json->follows) {
        write(json, ",", 1);
    }
    if (name != NULL) {
        write_text(json, text_of(name));
        write(json, ":", 1);
    }
    json->follows = true;
}

static void open_with(struct json *json, const char *name, const char *opener, char closer)
{
    MUST(json->depth < JSON_DEPTH_MAX);
    begin(json, name);
    json->closers[json->depth++] = closer;
    write(json, opener, 1);
    json->follows = false;
}

void json_open(struct json *json, const char *name)
{
    open_with(json, name, "{", '}');
}

void json_open_list(struct json *json, const char *name)
{
    open_with(json, name, "[", ']');
}

void json_close(struct json *json)
{
    MUST(json->depth > 0);
    json->depth--;
    write(json, &json->closers[json->depth], 1);
    json->follows = true;
}

/* How many bytes the character at the front has; 0: it is none. */
static size_t character_size(struct text text)
{
    unsigned char first = (unsigned char)text.bytes[0];
    size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

    return size <= text.size && text_is_utf8(text_part(text, 0, size)) ? size : 0;
}

static void write_character(struct json *json, struct text text, size_t size)
{
    char escaped[8];
    unsigned char c = (unsigned char)text.bytes[0];

    if (size == 0 || c == 0) {
        write(json, "\xef\xbf\xbd", 3);
    } else if (c == '"' || c == '\\') {
        escaped[0] = '\\';
        escaped[1] = (char)c;
        write(json, escaped, 2);
    } else if (c < 0x20 || c == 0x7f) {
        (void)snprintf(escaped, sizeof(escaped), "\\u%04x", c);
        write(json, escaped, 6);
    } else {
        write(json, text.bytes, size);
    }
}

static bool plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void write_text(struct json *json, struct text text)
{
    write(json, "\"", 1);
    while (text.size > 0) {
        size_t size = 0;

        while (size < text.size && plain((unsigned char)text.bytes[size])) {
            size++;
        }
        if (size > 0) {
            write(json, text.bytes, size);
        } else {
            size = character_size(text);
            write_character(json, text, size);
            size = size == 0 ? 1 : size;
        }
        text = text_part(text, size, text.size - size);
    }
    write(json, "\"", 1);
}

void json_put(struct json *json, const char *name, struct text text)
{
    begin(json, name);
    write_text(json, text);
}

void json_put_some(struct json *json, const char *name, struct text text)
{
    if (!text_empty(text)) {
        json_put(json, name, text);
    }
}

void json_put_number(struct json *json, const char *name, int64_t number)
{
    char digits[24];
    int size = snprintf(digits, sizeof(digits), "%lld", (long long)number);

    begin(json, name);
    write(json, digits, (size_t)size);
}

void json_put_flag(struct json *json, const char *name, bool flag)
{
    begin(json, name);
    write(json, flag ? "true" : "false", flag ? 4 : 5);
}

void json_put_null(struct json *json, const char *name)
{
    begin(json, name);
    write(json, "null", 4);
}

void json_back(struct json *json, const struct json *mark)
{
    MUST(json->start == mark->start && mark->at <= json->at);
    *json = *mark;
}

size_t json_size(const struct json *json)
{
    return (size_t)(json->at - json->start);
}
