#ifndef DUBAN_CODEC_JSON_H
#define DUBAN_CODEC_JSON_H

/*
 * JSON written piece by piece into the caller's memory. What does not fit makes it full, and
 * nothing more is written; so nothing between needs a check, and who writes a row at a time
 * goes back to a mark and lets the rest come in another part.
 *
 * Names are ours and stand as they are; texts are escaped, and what is no UTF-8 becomes U+FFFD.
 * Within a list the name is NULL.
 */
#include "base/text.h"

#define JSON_DEPTH_MAX 16

struct json {
    char *start;
    char *at;
    char *end;
    uint8_t depth;                /* what is open */
    char closers[JSON_DEPTH_MAX]; /* by which each is closed */
    bool follows;                 /* something stands before it: a comma comes first */
    bool full;
};

void json_begin(struct json *json, void *memory, size_t size);
/* What was written; borrowed from the memory. Everything must be closed. */
struct text json_end(const struct json *json);

void json_open(struct json *json, const char *name);      /* { */
void json_open_list(struct json *json, const char *name); /* [ */
void json_close(struct json *json);                       /* whichever was opened last */

void json_put(struct json *json, const char *name, struct text text);
/* The same, where there is one: an empty text is left out. */
void json_put_some(struct json *json, const char *name, struct text text);
void json_put_number(struct json *json, const char *name, int64_t number);
void json_put_flag(struct json *json, const char *name, bool flag);
void json_put_null(struct json *json, const char *name);

/* The place between two rows: everything written after it is taken back. */
void json_back(struct json *json, const struct json *mark);
/* How many bytes have been written since it began. */
size_t json_size(const struct json *json);

#endif
