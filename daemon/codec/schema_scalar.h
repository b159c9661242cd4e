#ifndef DUBAN_CODEC_SCHEMA_SCALAR_H
#define DUBAN_CODEC_SCHEMA_SCALAR_H

/* What each kind of scalar looks like, to the checker and to an editor. Only schema*.c include
 * this. */
#include "codec/schema.h"

struct scalar_look {
    const char *json;       /* its types, as JSON Schema says them */
    const char *pattern;    /* a regular expression for the text; NULL: none */
    struct message refusal; /* {0} is what was written, {1} the words there are */
};

const struct scalar_look *scalar_look(enum scalar scalar);

#endif
