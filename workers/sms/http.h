#ifndef DUBAN_SMS_HTTP_H
#define DUBAN_SMS_HTTP_H

/*
 * Requests over the network, by libcurl: certificates checked, connections used again, time and
 * size bounded. What decides about an SMS is whether the request may have reached the provider,
 * so a request leaves at most once: where libcurl would send it a second time by itself (a
 * connection that was used again died), it is stopped, and the message is in doubt.
 */
#include "request.h"

#include <stdbool.h>

#define HTTP_ANSWER_SIZE 65536
#define HTTP_WORDS_SIZE  200

struct http;

struct http_options {
    const char *ca;    /* a file of certificates to trust; "": the system's */
    const char *proxy; /* "": none, whatever the environment says */
    long connect_ms;
    long timeout_ms; /* for all of it */
};

/* One exchange at a time: a request to fill, and what came back. */
struct lane {
    struct request request;
    struct answer answer;
    char code[16];               /* NET.7 */
    char words[HTTP_WORDS_SIZE]; /* why there was no answer */
};

enum http_outcome {
    HTTP_ANSWERED,
    HTTP_NOT_SENT, /* for certain */
    HTTP_IN_DOUBT
};

/* NULL without memory. */
struct http *http_open(const struct http_options *options);
/* No lane may be out. NULL is fine. */
void http_close(struct http *http);

/* A lane of one's own, until it is given back; any thread. NULL without memory. */
struct lane *http_take(struct http *http);
void http_give(struct http *http, struct lane *lane);

enum http_outcome http_post(struct lane *lane);

/* Whether a URL stays on this machine. */
bool http_is_local(const char *url);

#endif
