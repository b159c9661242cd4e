#ifndef DUBAN_SMS_REQUEST_H
#define DUBAN_SMS_REQUEST_H

/*
 * An HTTP request as data, and its answer. A driver writes the one and reads the other; only
 * http.c speaks to the network. It is always a POST.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REQUEST_HEADERS_MAX 16
#define REQUEST_URL_SIZE    8192
#define REQUEST_HEAD_SIZE   8192
#define REQUEST_BODY_SIZE   16384

/* Text written piece by piece; what does not fit makes it full, which is asked once, at the
 * end. */
struct strip {
    char *start;
    char *at;
    char *end;
    bool full;
};

void strip_begin(struct strip *strip, char *room, size_t size);
void strip_put(struct strip *strip, const char *text);
/* As in a URL (RFC 3986): all but letters, digits and -._~ becomes %XX. */
void strip_put_escaped(struct strip *strip, const char *text);
void strip_put_base64(struct strip *strip, const char *bytes, size_t size);

struct request {
    char url[REQUEST_URL_SIZE];
    const char *headers[REQUEST_HEADERS_MAX]; /* `Name: value`, within head */
    uint32_t header_count;
    char head[REQUEST_HEAD_SIZE];
    char body[REQUEST_BODY_SIZE];
    struct strip head_strip;
    bool full; /* something did not fit */
};

/* Empty it. */
void request_begin(struct request *request);
void request_url(struct request *request, const char *url);
/* A header; each value is joined of two pieces, for most are a word and a digest. */
void request_header(struct request *request, const char *name, const char *value,
                    const char *more);
void request_body(struct request *request, const char *body);

/* The host and port of a URL, as its Host header has them; false: it has none, or a user in
 * it. */
bool request_host(const char *url, char *host, size_t size);

struct answer {
    long status;      /* 200 … */
    const char *body; /* ends with NUL */
    size_t size;
};

#endif
