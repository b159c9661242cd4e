#ifndef DUBAN_CODEC_TREE_H
#define DUBAN_CODEC_TREE_H

/*
 * A YAML document as a plain tree: maps in the order written, lists, and scalars as text (what
 * a scalar means is said by the schema of its place, never by YAML's guessing). Everything
 * clever of YAML (aliases, anchors, merge keys, tags, several documents, keys that are no
 * words) is refused, for a page of law must read the same to everyone. Hostile bytes cost
 * bounded time and memory.
 */
#include "core/problem.h"

#define TREE_BYTES_MAX ((size_t)1024 * 1024) /* of one file */
#define TREE_DEPTH_MAX 32
#define TREE_NODES_MAX 20000
#define TREE_WIDTH_MAX 5000 /* entries of one map */
#define TREE_KEY_MAX   256  /* bytes of a key */

struct shape;

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

/* Nodes live in the arena; a tree may be rearranged as long as nobody else holds it. */
struct node {
    enum node_kind kind;
    bool plain;      /* a scalar without quotes */
    bool keyed;      /* a map whose keys the schema names: their order means nothing */
    bool bad;        /* something is wrong with it, and told: whoever reads on passes it by */
    uint32_t size;   /* how many children */
    struct text key; /* its name in the map that holds it */
    struct mark key_mark;
    struct text text;          /* of a scalar */
    struct mark mark;          /* where it begins; of a quoted scalar its first character */
    const struct shape *shape; /* what the schema takes it for; NULL before it is checked */
    struct node *parent;
    struct node *first; /* children */
    struct node *last;
    struct node *next; /* the sibling after it */
};

/* Read; NULL when there was an error, which is told, or the arena is spent. Texts are
 * copied. */
struct node *tree_read(const struct source *source, struct arena *arena,
                       struct problem_list *problems);

/* The entry of a map, or NULL; also where `map` is NULL or no map. */
struct node *node_get(const struct node *map, struct text key);
/* The scalar of an entry, or the empty text. */
struct text node_get_text(const struct node *map, struct text key);
/* Nothing stands there: an empty plain scalar, or `~`. */
bool node_empty(const struct node *node);

/* The node after `at` when all of `root` is walked, parents first; NULL at the end. */
struct node *node_after(const struct node *at, const struct node *root);
/* The same, passing by what is in `at`. */
struct node *node_beyond(const struct node *at, const struct node *root);

/* Put `child` behind the children of `parent`, or in front of them. */
void node_append(struct node *parent, struct node *child);
void node_prepend(struct node *parent, struct node *child);
/* Take `child` out of its parent. */
void node_remove(struct node *child);
/* Put `instead`, which is in no parent, where `there` is. */
void node_replace(struct node *there, struct node *instead);

#endif
