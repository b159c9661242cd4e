#include "request.h"

#include <string.h>

void strip_begin(struct strip *strip, char *room, size_t size)
{
    *strip = (struct strip){.start = room, .at = room, .end = room + size};
    room[0] = '\0';
}

/* All of it or nothing, and always a NUL behind. */
static void put(struct strip *strip, const char *bytes, size_t size)
{
    if (strip->full || size >= (size_t)(strip->end - strip->at)) {
        strip->full = true;
        return;
    }
    memcpy(strip->at, bytes, size);
    strip->at += size;
    *strip->at = '\0';
}

void strip_put(struct strip *strip, const char *text)
{
    put(strip, text, strlen(text));
}

static bool stands_as_it_is(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_' ||
           byte == '~';
}

void strip_put_escaped(struct strip *strip, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";

    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        char escaped[3] = {'%', digits[byte >> 4], digits[byte & 15]};

        if (stands_as_it_is(*text)) {
            put(strip, text, 1);
        } else {
            put(strip, escaped, sizeof(escaped));
        }
    }
}

void strip_put_base64(struct strip *strip, const char *bytes, size_t size)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t three = (uint32_t)(unsigned char)bytes[i] << 16;

        three |= left > 1 ? (uint32_t)(unsigned char)bytes[i + 1] << 8 : 0;
        three |= left > 2 ? (uint32_t)(unsigned char)bytes[i + 2] : 0;

        char four[4] = {digits[three >> 18], digits[three >> 12 & 63],
                        left > 1 ? digits[three >> 6 & 63] : '=',
                        left > 2 ? digits[three & 63] : '='};

        put(strip, four, sizeof(four));
    }
}

void request_begin(struct request *request)
{
    request->url[0] = '\0';
    request->body[0] = '\0';
    request->header_count = 0;
    request->full = false;
    strip_begin(&request->head_strip, request->head, sizeof(request->head));
}

static void copy(struct request *request, char *room, size_t size, const char *text)
{
    struct strip strip;

    strip_begin(&strip, room, size);
    strip_put(&strip, text);
    request->full = request->full || strip.full;
}

void request_url(struct request *request, const char *url)
{
    copy(request, request->url, sizeof(request->url), url);
}

void request_body(struct request *request, const char *body)
{
    copy(request, request->body, sizeof(request->body), body);
}

void request_header(struct request *request, const char *name, const char *value,
                    const char *more)
{
    struct strip *strip = &request->head_strip;
    const char *header = strip->at;

    strip_put(strip, name);
    strip_put(strip, ": ");
    strip_put(strip, value);
    strip_put(strip, more);
    put(strip, "", 1); /* a NUL of its own before the next */
    /* A line end in a value would be another header. */
    if (strip->full || request->header_count == REQUEST_HEADERS_MAX ||
        strpbrk(header, "\r\n") != NULL) {
        request->full = true;
        return;
    }
    request->headers[request->header_count++] = header;
}

bool request_host(const char *url, char *host, size_t size)
{
    const char *from = strstr(url, "://");
    size_t bytes = from == NULL ? 0 : strcspn(from + 3, "/?#");

    /* A user before an @ is no host, and nobody needs one: what is sent is signed, or in
     * headers. */
    if (bytes == 0 || bytes >= size || memchr(from + 3, '@', bytes) != NULL) {
        return false;
    }
    memcpy(host, from + 3, bytes);
    host[bytes] = '\0';
    return true;
}
