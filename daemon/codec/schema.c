#include "codec/schema.h"

#include "codec/schema_scalar.h"
#include "codec/wrong.h"

#include <string.h>

enum { KEYS_MAX = 64, WORDS_BYTES_MAX = 512 };

const struct map_key *map_kind_key(const struct map_kind *kind, struct text name)
{
    for (uint32_t i = 0; i < kind->key_count; i++) {
        if (text_is(name, kind->keys[i].name)) {
            return &kind->keys[i];
        }
    }
    for (uint32_t i = 0; kind->labelled && i < label_key_count; i++) {
        if (text_is(name, label_keys[i].name)) {
            return &label_keys[i];
        }
    }
    return NULL;
}

/* What a node is called in what is told of it: its own key, or that of the list it is in. */
static struct text called(const struct node *node)
{
    while (text_empty(node->key) && node->parent != NULL) {
        node = node->parent;
    }
    return node->key;
}

static void refuse_shape(struct problem_list *problems, struct node *node)
{
    problem_error(problems, &node->shape->wanted, node->mark, called(node));
    node->bad = true;
}

/* Words in one line, "duty, window"; the answer is written into room. */
struct word_line {
    char bytes[WORDS_BYTES_MAX];
    size_t size;
};

static void add_word(struct word_line *line, const char *word)
{
    size_t size = strlen(word);

    if (line->size + size + 2 > sizeof(line->bytes)) {
        return;
    }
    if (line->size > 0) {
        memcpy(line->bytes + line->size, ", ", 2);
        line->size += 2;
    }
    memcpy(line->bytes + line->size, word, size);
    line->size += size;
}

static void check_scalar(struct problem_list *problems, struct node *node)
{
    const struct shape *shape = node->shape;

    if (shape->scalar == SCALAR_NONE || node_empty(node)) {
        refuse_shape(problems, node);
        return;
    }
    if (scalar_fits(shape->scalar, shape->words, node->text)) {
        return;
    }

    struct word_line line = {.size = 0};

    for (uint32_t i = 0; i < SHAPE_WORDS_MAX && shape->words[i] != NULL; i++) {
        add_word(&line, shape->words[i]);
    }
    struct text arguments[] = {node->text, {line.bytes, line.size}};

    problem_add(problems, PROBLEM_ERROR, &scalar_look(shape->scalar)->refusal, node->mark,
                arguments, 2);
    node->bad = true;
}

static void refuse_key(struct problem_list *problems, const struct map_kind *kind,
                       struct node *child)
{
    struct text names[KEYS_MAX];
    struct word_line line = {.size = 0};
    uint32_t count = 0;

    for (uint32_t i = 0; i < kind->key_count && count < KEYS_MAX; i++) {
        names[count++] = text_of(kind->keys[i].name);
        add_word(&line, kind->keys[i].name);
    }
    for (uint32_t i = 0; kind->labelled && i < label_key_count && count < KEYS_MAX; i++) {
        names[count++] = text_of(label_keys[i].name);
        add_word(&line, label_keys[i].name);
    }

    struct text near = problems->count < PROBLEMS_MAX
                           ? nearest_word(child->key, names, count)
                           : (struct text){0}; /* nobody will see it, and it costs */

    child->bad = true;
    if (text_empty(near)) {
        wrong_tell(problems, WRONG_NO_KEY, child->key_mark, child->key,
                   (struct text){line.bytes, line.size});
    } else {
        wrong_tell(problems, WRONG_NO_KEY_NEAR, child->key_mark, child->key, near);
    }
}

/* A misspelt key is no missing one: it was told already. */
static bool is_there(const struct node *map, const char *name)
{
    struct text wanted = text_of(name);

    if (node_get(map, wanted) != NULL) {
        return true;
    }
    for (const struct node *at = map->first; at != NULL; at = at->next) {
        if (at->bad && !text_empty(nearest_word(at->key, &wanted, 1))) {
            return true;
        }
    }
    return false;
}

static void check_presence(struct problem_list *problems, struct node *map,
                           enum schema_extent extent)
{
    const struct map_kind *kind = map->shape->map;
    enum presence wanted = extent == SCHEMA_WHOLE ? KEY_WHOLE : KEY_MUST;
    struct text name = called(map);

    for (uint32_t i = 0; i < kind->key_count; i++) {
        if (kind->keys[i].presence >= wanted && !is_there(map, kind->keys[i].name)) {
            wrong_tell(problems, WRONG_MISSING, map->key_mark,
                       text_empty(name) ? text_of(kind->name) : name,
                       text_of(kind->keys[i].name));
        }
    }
}

static void check_keyed(struct problem_list *problems, struct node *map,
                        enum schema_extent extent)
{
    const struct map_kind *kind = map->shape->map;

    map->keyed = true;
    for (struct node *child = map->first; child != NULL; child = child->next) {
        const struct map_key *key = map_kind_key(kind, child->key);

        if (key != NULL) {
            child->shape = key->shape;
        } else if (!child->bad) {
            refuse_key(problems, kind, child);
        }
    }
    check_presence(problems, map, extent);
}

static void check_named(struct problem_list *problems, struct node *map)
{
    const struct shape *shape = map->shape;

    map->keyed = false;
    for (struct node *child = map->first; child != NULL; child = child->next) {
        child->shape = shape->named;
        if (!child->bad && !scalar_fits(shape->names, NULL, child->key)) {
            problem_error(problems, &scalar_look(shape->names)->refusal, child->key_mark,
                          child->key);
        }
    }
}

/* Where a map may be either (a rule, or named rules), it is named when none of its keys is one
 * of the kind's and all of them hold maps. */
static bool is_named(const struct node *map)
{
    const struct shape *shape = map->shape;

    if (shape->map == NULL || shape->named == NULL) {
        return shape->map == NULL;
    }
    for (const struct node *child = map->first; child != NULL; child = child->next) {
        if (child->kind != NODE_MAP || map_kind_key(shape->map, child->key) != NULL) {
            return false;
        }
    }
    return map->size > 0;
}

static void check_node(struct problem_list *problems, struct node *node,
                       enum schema_extent extent)
{
    const struct shape *shape = node->shape;

    switch (node->kind) {
    case NODE_SCALAR:
        check_scalar(problems, node);
        break;
    case NODE_LIST:
        if (shape->items == NULL) {
            refuse_shape(problems, node);
            break;
        }
        for (struct node *child = node->first; child != NULL; child = child->next) {
            child->shape = shape->items;
        }
        break;
    case NODE_MAP:
        if (shape->map == NULL && shape->named == NULL) {
            refuse_shape(problems, node);
        } else if (is_named(node)) {
            check_named(problems, node);
        } else {
            check_keyed(problems, node, extent);
        }
        break;
    }
}

void schema_check(struct node *root, const struct shape *shape, enum schema_extent extent,
                  struct problem_list *problems)
{
    struct node *node = root;

    root->shape = shape;
    while (node != NULL) {
        /* In what has the wrong shape nobody knows what is wanted. */
        bool known = !node->bad && node->shape != NULL;

        if (known) {
            check_node(problems, node, extent);
        }
        node = known ? node_after(node, root) : node_beyond(node, root);
    }
}
