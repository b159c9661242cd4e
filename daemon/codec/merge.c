#include "codec/layers.h"

#include "base/must.h"

/* Only names and texts are joined; a list of maps has no way to tell which is which. */
static bool holds_scalars(const struct node *node)
{
    if (node->kind == NODE_MAP) {
        return false;
    }
    for (const struct node *at = node->first; at != NULL; at = at->next) {
        if (at->kind != NODE_SCALAR) {
            return false;
        }
    }
    return true;
}

static bool are_joined(const struct node *lower, const struct node *upper)
{
    return upper->kind == NODE_LIST && holds_scalars(upper) && holds_scalars(lower) &&
           !text_is(upper->key, "chain");
}

static bool has_item(const struct node *list, struct text text)
{
    for (const struct node *at = list->first; at != NULL; at = at->next) {
        if (text_equal(at->text, text)) {
            return true;
        }
    }
    return false;
}

static void join_lists(struct node *lower, struct node *upper)
{
    if (lower->kind == NODE_SCALAR) { /* a single name is a list of one */
        node_replace(lower, upper);
        if (!has_item(upper, lower->text)) {
            lower->key = (struct text){0};
            node_prepend(upper, lower);
        }
        return;
    }
    while (upper->first != NULL) {
        struct node *item = upper->first;

        node_remove(item);
        if (!has_item(lower, item->text)) {
            node_append(lower, item);
        }
    }
}

void layers_merge(struct node *lower, struct node *upper)
{
    struct pair {
        struct node *lower;
        struct node *upper; /* what is in it is moved out, one by one */
    } open[TREE_DEPTH_MAX + 2] = {{lower, upper}};
    uint32_t depth = 1;

    while (depth > 0) {
        struct pair pair = open[depth - 1];
        struct node *child = pair.upper->first;

        if (child == NULL) {
            depth--;
            continue;
        }
        node_remove(child);

        struct node *below = node_get(pair.lower, child->key);

        if (below == NULL) {
            node_append(pair.lower, child);
        } else if (below->kind == NODE_MAP && child->kind == NODE_MAP) {
            MUST(depth < sizeof(open) / sizeof(open[0]));
            open[depth++] = (struct pair){below, child};
        } else if (are_joined(below, child)) {
            join_lists(below, child);
        } else {
            node_replace(below, child);
        }
    }
}

static struct node *copy_one(const struct node *node, struct arena *arena)
{
    struct node *copy = arena_copy(arena, node, sizeof(*node));

    if (copy != NULL) {
        copy->parent = NULL;
        copy->first = NULL;
        copy->last = NULL;
        copy->next = NULL;
        copy->size = 0;
    }
    return copy;
}

struct node *layers_copy(const struct node *node, struct arena *arena)
{
    struct node *whole = copy_one(node, arena);
    struct node *parent = whole; /* the copy of at's parent */
    const struct node *at = node->first;

    if (whole == NULL) {
        return NULL;
    }
    while (at != NULL) {
        struct node *copy = copy_one(at, arena);

        if (copy == NULL) {
            return NULL;
        }
        node_append(parent, copy);
        if (at->first != NULL) {
            parent = copy;
            at = at->first;
            continue;
        }
        /* Up again on both sides, to where there is a next one. */
        while (parent != whole && at->next == NULL) {
            at = at->parent;
            parent = parent->parent;
        }
        at = at->next;
    }
    return whole;
}

#define FNV_BASIS UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

static uint64_t add_text(uint64_t hash, struct text text)
{
    for (size_t i = 0; i < text.size; i++) {
        hash = (hash ^ (uint8_t)text.bytes[i]) * FNV_PRIME;
    }
    return (hash ^ 0xff) * FNV_PRIME; /* an end, which no UTF-8 text holds */
}

static uint64_t add_number(uint64_t hash, uint64_t number)
{
    for (uint32_t i = 0; i < 8; i++) {
        hash = (hash ^ (number >> 8 * i & 0xff)) * FNV_PRIME;
    }
    return hash;
}

/* FNV alone leaves its last bytes' mark in a few bits; sums need all of them. */
static uint64_t stirred(uint64_t hash)
{
    hash = (hash ^ hash >> 32) * UINT64_C(0xd6e8feb86659fd93);
    hash = (hash ^ hash >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return hash ^ hash >> 32;
}

/* A walk over a tree that knows the path to where it is. */
struct walk {
    const struct node *root;
    const struct node *at;               /* NULL: it is over */
    uint64_t paths[TREE_DEPTH_MAX + 2];  /* of `at` and all above it */
    uint32_t places[TREE_DEPTH_MAX + 2]; /* among their siblings */
    uint32_t depth;
};

static void walk_on(struct walk *walk)
{
    const struct node *at = walk->at;

    if (at->first != NULL) {
        walk->at = at->first;
        walk->places[++walk->depth] = 0;
        return;
    }
    while (at != walk->root && at->next == NULL) {
        at = at->parent;
        walk->depth--;
    }
    walk->at = at == walk->root ? NULL : at->next;
    walk->places[walk->depth]++;
}

/*
 * Each node is hashed with the path that leads to it, and all are summed: so the order does not
 * count. Where it does (names, lists), the place is a part of the path.
 */
uint64_t layers_digest(const struct node *root)
{
    struct walk walk = {.root = root, .at = root, .paths = {FNV_BASIS}};
    uint64_t sum = 0;

    while (walk.at != NULL) {
        const struct node *at = walk.at;

        if (at != root) {
            uint64_t path = add_text(walk.paths[walk.depth - 1], at->key);

            walk.paths[walk.depth] =
                at->parent->keyed ? path : add_number(path, walk.places[walk.depth]);
        }
        sum += stirred(add_text(add_number(walk.paths[walk.depth], at->kind), at->text));
        walk_on(&walk);
    }
    return sum;
}
