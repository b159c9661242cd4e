#ifndef DUBAN_CLI_OUTLINE_H
#define DUBAN_CLI_OUTLINE_H

/*
 * A procedure as an outline: rows in the order of the file, each with its place, what stands
 * there as programs read it, and the same in people's words. `show` prints it, `diff` compares
 * two of them.
 */
#include "core/procedure.h"

#include <stdbool.h>

#define OUTLINE_DEPTH_MAX 8

enum outline_kind {
    OUTLINE_GROUP, /* an entry: what stands in it follows, one level deeper */
    OUTLINE_TEXT,
    OUTLINE_LIST, /* `value` has an item a line */
    OUTLINE_NUMBER,
    OUTLINE_FLAG /* there only where it is not as usual */
};

struct outline_row {
    enum outline_kind kind;
    uint32_t depth;
    struct text path; /* keys from the top, joined by `/` */
    struct text key;
    struct text noun;  /* the key in people's words; empty: the key is a name */
    struct text value; /* as it stands in YAML; of a group empty */
    struct text words; /* the value in people's words; of a group: where its label has none */
    const struct label *label; /* of a group; NULL: none */
    struct mark mark;
    bool inline_value; /* shown beside the group it stands in */
    bool ordered;      /* a group whose entries are judged in their order */
};

struct outline {
    const struct procedure *procedure;
    struct outline_row *rows;
    uint32_t count;
};

/* Everything of a procedure, in the language chosen. False: the arena is spent. */
bool outline_make(const struct procedure *procedure, struct arena *arena,
                  struct outline *outline);

#endif
