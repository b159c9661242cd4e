#ifndef DUBAN_CLI_SAID_LINES_H
#define DUBAN_CLI_SAID_LINES_H

/* A file of events, one JSON object a line; empty lines and those that begin with # are passed.
 * */
#include "cli/said.h"

/* Room for one event of it. */
#define SAID_LINE_BYTES ((size_t)1 << 20)

struct said_lines {
    const char *name; /* of the file, for messages */
    struct text rest;
    const json_t *defaults; /* borrowed; or NULL */
    uint32_t line;          /* of the event in hand, from 1 */
    json_t *object;         /* owned: what the event in hand points into */
    struct arena arena;
    uint8_t *bytes;       /* owned */
    json_t *kept;         /* borrowed: objects that are to live on; NULL: none are */
    struct arena *shared; /* borrowed: … and what is made from them; or NULL */
    uint32_t wrong;       /* lines that could not be read */
};

/* `bytes` must outlive it. False: out of memory. */
bool said_lines_begin(struct said_lines *lines, const char *name, struct text bytes,
                      const json_t *defaults);
/* The next event, good until the next call; a wrong line is complained of and passed. */
bool said_lines_next(struct said_lines *lines, struct duban_event *event);
void said_lines_end(struct said_lines *lines);

#endif
