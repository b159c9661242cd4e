#include "codec/layers.h"

#include "codec/language.h"
#include "codec/wrong.h"

#include <stdio.h>

/* One file of the pile. */
struct layer {
    struct text name; /* name@version */
    struct node *root;
    const struct node *next; /* the layer of its own that is looked at next */
};

struct piling {
    const struct library *library;
    struct arena *arena;
    struct problem_list *problems;
    struct layer open[LAYERS_MAX]; /* the file, a layer of it, a layer of that … */
    uint32_t open_count;
    struct layer done[LAYERS_MAX]; /* the lowest first */
    uint32_t done_count;
    bool failed;
};

static void refuse(struct piling *piling, enum wrong wrong, struct mark mark, struct text about)
{
    wrong_tell(piling->problems, wrong, mark, about, (struct text){0});
    piling->failed = true;
}

static struct text name_of(struct piling *piling, const struct node *root)
{
    struct text name = node_get_text(root, TEXT("procedure"));
    struct text version = node_get_text(root, TEXT("version"));
    char room[512];
    int size = snprintf(room, sizeof(room), "%.*s@%.*s", TEXT_ARGS(name), TEXT_ARGS(version));
    const char *copy = size < 0 || (size_t)size >= sizeof(room)
                           ? NULL
                           : arena_copy(piling->arena, room, (size_t)size);

    return (struct text){copy, copy == NULL ? 0 : (size_t)size};
}

static void open_layer(struct piling *piling, const struct source *source)
{
    struct node *root = tree_read(source, piling->arena, piling->problems);

    if (root == NULL) {
        piling->failed = true;
        return;
    }
    schema_check(root, language_procedure.root, SCHEMA_FILE, piling->problems);
    if (root->kind != NODE_MAP) {
        piling->failed = true;
        return;
    }

    struct node *layers = node_get(root, TEXT("layers"));

    piling->open[piling->open_count++] = (struct layer){
        .name = name_of(piling, root),
        .root = root,
        .next = layers == NULL || layers->bad ? NULL : layers->first,
    };
}

/* The file of that name and version among those of the library. */
static const struct source *find_source(const struct piling *piling, struct text name)
{
    struct text digits;
    struct text wanted = text_cut(name, '@', &digits);
    int64_t version = 0;

    (void)text_to_integer(digits, &version);
    for (uint32_t i = 0; i < piling->library->procedure_count; i++) {
        const struct source *source = piling->library->procedures[i];
        struct arena scratch;
        struct text found;
        uint32_t number;

        arena_init_growing(&scratch, PROCEDURE_BYTES_MAX);

        bool fits = procedure_head(source, &scratch, &found, &number) &&
                    text_equal(found, wanted) && number == version;

        arena_fini(&scratch);
        if (fits) {
            return source;
        }
    }
    return NULL;
}

static void visit(struct piling *piling, const struct node *wish)
{
    if (wish->bad) {
        piling->failed = true;
        return;
    }
    for (uint32_t i = 0; i < piling->done_count; i++) {
        if (text_equal(piling->done[i].name, wish->text)) {
            return; /* met before, and merged there */
        }
    }
    for (uint32_t i = 0; i < piling->open_count; i++) {
        if (text_equal(piling->open[i].name, wish->text)) {
            refuse(piling, WRONG_LAYER_LOOP, wish->mark, wish->text);
            return;
        }
    }
    if (piling->open_count + piling->done_count == LAYERS_MAX) {
        refuse(piling, WRONG_LAYERS_MANY, wish->mark, TEXT("16"));
        return;
    }

    const struct source *source = find_source(piling, wish->text);

    if (source == NULL) {
        refuse(piling, WRONG_NO_LAYER, wish->mark, wish->text);
    } else {
        open_layer(piling, source);
    }
}

_Static_assert(LAYERS_MAX == 16, "WRONG_LAYERS_MANY is told with it");

/* Of several keys that begin the path the longest: keys may have dots themselves. */
static struct node *follow(const struct node *map, struct text *path)
{
    struct node *found = NULL;

    if (map->kind != NODE_MAP) {
        return NULL;
    }
    for (struct node *at = map->first; at != NULL; at = at->next) {
        bool whole = text_equal(*path, at->key);
        bool part = text_starts(*path, at->key) && path->size > at->key.size &&
                    path->bytes[at->key.size] == '.';

        if ((whole || part) && (found == NULL || at->key.size > found->key.size)) {
            found = at;
        }
    }
    if (found != NULL) {
        *path = text_part(*path, found->key.size + 1, path->size);
    }
    return found;
}

static struct node *find_path(const struct node *root, struct text path)
{
    struct node *at = follow(root, &path);

    while (at != NULL && !text_empty(path)) {
        at = follow(at, &path);
    }
    return at;
}

static void drop(struct piling *piling, struct node *node, const struct node *wish)
{
    char place[512];
    int size = snprintf(place, sizeof(place), "%.*s:%u", TEXT_ARGS(node->key_mark.source->name),
                        node->key_mark.line);
    struct text arguments[] = {wish->text, {place, (size_t)size}};

    node_remove(node);
    problem_add(piling->problems, PROBLEM_NOTE, wrong_message(NOTE_DROPPED), wish->mark,
                arguments, size < 0 || (size_t)size >= sizeof(place) ? 1 : 2);
}

/* A path may begin at the top, or with an event: then it means every rule of that event. */
static bool drop_path(struct piling *piling, struct node *whole, const struct node *wish)
{
    struct node *node = find_path(whole, wish->text);
    bool found = node != NULL;

    if (found) {
        drop(piling, node, wish);
        return true;
    }
    for (struct node *at = whole; at != NULL; at = node_after(at, whole)) {
        bool of_events = text_is(at->key, "events") || text_is(at->key, "opens") ||
                         text_is(at->key, "anytime");

        node = of_events ? find_path(at, wish->text) : NULL;
        if (node != NULL) {
            drop(piling, node, wish);
            found = true;
        }
    }
    return found;
}

static void apply_drops(struct piling *piling, struct node *whole, const struct node *drops)
{
    const struct node *wish = drops->kind == NODE_LIST ? drops->first : drops;

    while (wish != NULL) {
        if (!wish->bad && (whole == NULL || !drop_path(piling, whole, wish))) {
            wrong_tell(piling->problems, WRONG_NO_DROP, wish->mark, wish->text,
                       (struct text){0});
        }
        wish = drops->kind == NODE_LIST ? wish->next : NULL;
    }
}

/* What a file says of itself alone. */
static void take_out(struct node *root, const char *key)
{
    struct node *node = node_get(root, text_of(key));

    if (node != NULL) {
        node_remove(node);
    }
}

static struct node *merge(struct piling *piling)
{
    struct node *whole = NULL;

    for (uint32_t i = 0; i < piling->done_count; i++) {
        struct node *root = piling->done[i].root;
        struct node *drops = node_get(root, TEXT("drops"));

        if (drops != NULL && !drops->bad) {
            apply_drops(piling, whole, drops);
        }
        take_out(root, "drops");
        take_out(root, "layers");
        if (whole == NULL) {
            whole = root;
            continue;
        }
        take_out(whole, "layer");
        whole->mark = root->mark;
        whole->key_mark = root->key_mark;
        whole->bad = whole->bad || root->bad;
        layers_merge(whole, root);
    }
    return whole;
}

struct node *layers_read(const struct source *file, const struct library *library,
                         struct arena *arena, struct problem_list *problems)
{
    struct piling piling = {.library = library, .arena = arena, .problems = problems};

    open_layer(&piling, file);
    while (!piling.failed && piling.open_count > 0) {
        struct layer *top = &piling.open[piling.open_count - 1];
        const struct node *wish = top->next;

        if (wish == NULL) {
            piling.done[piling.done_count++] = *top;
            piling.open_count--;
        } else {
            top->next = wish->next;
            visit(&piling, wish);
        }
    }
    return piling.failed || arena->spent ? NULL : merge(&piling);
}
