#ifndef DUBAN_CODEC_SCHEMA_H
#define DUBAN_CODEC_SCHEMA_H

/*
 * What may stand where in a file, as data: tables of map kinds with their keys, and of shapes
 * for the values. From the one table come the checking of files, the JSON Schema for editors,
 * and the list of keys in the reference. The tables themselves are language*.c.
 */
#include "codec/tree.h"

/* What a scalar must look like: name, how JSON Schema says it. schema_scalar.c knows each. */
enum scalar {
    SCALAR_NONE,   /* none may stand here */
    SCALAR_ANY,    /* any */
    SCALAR_TEXT,   /* words for people, at most 1 kB */
    SCALAR_NAME,   /* [a-z][a-z0-9_]* */
    SCALAR_ID,     /* of agencies, persons, procedures */
    SCALAR_EVENT,  /* names joined by dots */
    SCALAR_PATH,   /* the same, with any name in it: what `drops` takes away */
    SCALAR_LAYER,  /* name@version */
    SCALAR_WORD,   /* one of the shape's words */
    SCALAR_FLAG,   /* true, false */
    SCALAR_NUMBER, /* a whole number of 0 or more */
    SCALAR_DATE,
    SCALAR_INSTANT,
    SCALAR_TIME,  /* 09:00 */
    SCALAR_HOURS, /* 08:00-20:00 */
    SCALAR_LENGTH,
    SCALAR_OFFSET, /* -3wd, 0d, +2wd, due */
    SCALAR_FACT,   /* facts.x */
    SCALAR_LENGTH_OR_FACT,
    SCALAR_YEARLY, /* --12-31 */
    SCALAR_FACT_OR_YEARLY,
    SCALAR_GUARD,
    SCALAR_COUNT
};

#define SHAPE_WORDS_MAX 12

/* What a value may be: a scalar, a list, a map of known keys, a map from names; several of
 * these where that reads well (`by: officer`, `by: [officer, leader]`). */
struct shape {
    const char *name;                   /* its own, in the JSON Schema */
    enum scalar scalar;                 /* SCALAR_NONE: no scalar */
    const char *words[SHAPE_WORDS_MAX]; /* SCALAR_WORD; the first NULL ends them */
    const struct shape *items;          /* a list of these; NULL: no list */
    const struct map_kind *map;         /* a map of these keys; NULL: none */
    const struct shape *named;          /* a map from names to these; NULL: none */
    enum scalar names;                  /* what those names must look like */
    struct message wanted;              /* told where something else stands; {0} is its key */
};

/* Whether a key must stand. */
enum presence {
    KEY_MAY,
    KEY_WHOLE, /* in the merged whole: a layer, or an entry on top of its plan's, may lack it */
    KEY_MUST   /* in every file */
};

struct map_key {
    const char *name;
    const struct shape *shape;
    enum presence presence;
    const char *en; /* one line of description */
    const char *zh;
};

struct map_kind {
    const char *name;
    const struct map_key *keys;
    uint32_t key_count;
    bool labelled; /* zh, en and law may stand in it */
};

/* A language: what its root is. */
struct language {
    const char *name; /* procedure */
    const char *title_en;
    const char *title_zh;
    const struct shape *root;
};

/* What is being checked. */
enum schema_extent {
    SCHEMA_FILE, /* a file as it stands */
    SCHEMA_WHOLE /* what was merged from files */
};

/*
 * Check a tree; what is wrong is told and marked bad. Afterwards each node that is not bad
 * knows its shape, and whether it is a map of known keys (`keyed`).
 */
void schema_check(struct node *root, const struct shape *shape, enum schema_extent extent,
                  struct problem_list *problems);

/* Whether a scalar looks right by itself. `words` are the shape's. */
bool scalar_fits(enum scalar scalar, const char *const *words, struct text text);
/* "09:00" in milliseconds from midnight, "08:00-20:00" as two of them. */
bool time_parse(struct text text, int64_t *ms);
bool hours_parse(struct text text, int64_t *from_ms, int64_t *to_ms);

/* The key of this name, label keys included; NULL when there is none. */
const struct map_key *map_kind_key(const struct map_kind *kind, struct text name);

/* The keys of every labelled map. */
extern const struct map_key label_keys[];
extern const uint32_t label_key_count;

#define SCHEMA_SHAPES_MAX 128
#define SCHEMA_KINDS_MAX  64

/* Everything a language is made of, each once, the root first. */
struct schema_parts {
    const struct shape *shapes[SCHEMA_SHAPES_MAX];
    uint32_t shape_count;
    const struct map_kind *kinds[SCHEMA_KINDS_MAX];
    uint32_t kind_count;
};

void schema_parts(const struct language *language, struct schema_parts *parts);

/* The JSON Schema (draft 2020-12) of a language; the text is malloc'd, NULL without memory. */
char *schema_json(const struct language *language);

#endif
