/* A file of settings, read by libfyaml: maps within maps, whose scalars are settings, named by
 * the keys that lead to them. Every scalar is a text until its setting's kind is asked. */
#include "settings.h"

#include "base/must.h"

#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 256, DEPTH_MAX = 6, NAMES_BYTES = 1024 };

/* Where something stands. */
struct place {
    unsigned line;
    unsigned column;
};

static struct place place_of(struct fy_node *node)
{
    struct fy_token *token = fy_node_is_scalar(node) ? fy_node_get_scalar_token(node) : NULL;
    const struct fy_mark *mark = token == NULL ? NULL : fy_token_start_mark(token);

    if (mark == NULL) {
        return (struct place){1, 1};
    }
    return (struct place){(unsigned)mark->line + 1, (unsigned)mark->column + 1};
}

/* The text of a scalar, to be freed; NULL: it is none, or holds a NUL. */
static char *text_of_node(struct fy_node *node)
{
    size_t size = 0;
    const char *bytes =
        node != NULL && fy_node_is_scalar(node) ? fy_node_get_scalar(node, &size) : NULL;
    char *text;

    if (bytes == NULL || memchr(bytes, '\0', size) != NULL) {
        return NULL;
    }
    text = strndup(bytes, size);
    MUST(text != NULL);
    return text;
}

static bool is_above_setting(const struct worker_setting *table, const char *name)
{
    size_t size = strlen(name);

    for (; table != NULL && table->name != NULL; table++) {
        if (strncmp(table->name, name, size) == 0 && table->name[size] == '.') {
            return true;
        }
    }
    return false;
}

static size_t add_names(const struct worker_setting *table, char *names, size_t at)
{
    for (; table != NULL && table->name != NULL; table++) {
        int more =
            snprintf(names + at, NAMES_BYTES - at, "%s%s", at == 0 ? "" : ", ", table->name);

        at = more < 0 || at + (size_t)more >= NAMES_BYTES ? at : at + (size_t)more;
    }
    return at;
}

static void complain_unknown(struct worker_settings *settings, struct place place,
                             const char *name)
{
    char names[NAMES_BYTES] = "";

    (void)add_names(settings->common, names, add_names(settings->own, names, 0));
    settings_complain(settings, place.line, place.column,
                      "there is no setting `%s`; there are %s", name, names);
}

static void add_one(struct worker_settings *settings, const struct worker_setting *setting,
                    const char *key, struct fy_node *node, struct place place)
{
    char *text = text_of_node(node);

    if (text == NULL) {
        settings_complain(settings, place.line, place.column, "`%s` wants %s", setting->name,
                          setting->kind == WORKER_LIST  ? "a list of texts"
                          : setting->kind == WORKER_MAP ? "texts by name"
                                                        : "one value");
        return;
    }
    settings_add(settings, setting, key, text, place.line, place.column);
    explicit_bzero(text, strlen(text));
    free(text);
}

static void add_list(struct worker_settings *settings, const struct worker_setting *setting,
                     struct fy_node *node, struct place place)
{
    void *at = NULL;
    struct fy_node *item;

    if (!fy_node_is_sequence(node)) {
        add_one(settings, setting, "", NULL, place);
        return;
    }
    while ((item = fy_node_sequence_iterate(node, &at)) != NULL) {
        add_one(settings, setting, "", item, fy_node_is_scalar(item) ? place_of(item) : place);
    }
}

static void add_map(struct worker_settings *settings, const struct worker_setting *setting,
                    struct fy_node *node, struct place place)
{
    void *at = NULL;
    struct fy_node_pair *pair;

    if (!fy_node_is_mapping(node)) {
        add_one(settings, setting, "", NULL, place);
        return;
    }
    while ((pair = fy_node_mapping_iterate(node, &at)) != NULL) {
        char *key = text_of_node(fy_node_pair_key(pair));

        add_one(settings, setting, key == NULL ? "" : key, fy_node_pair_value(pair),
                place_of(fy_node_pair_key(pair)));
        free(key);
    }
}

static void add_setting(struct worker_settings *settings, const struct worker_setting *setting,
                        struct fy_node *node, struct place place)
{
    if (setting->kind == WORKER_LIST) {
        add_list(settings, setting, node, place);
    } else if (setting->kind == WORKER_MAP) {
        add_map(settings, setting, node, place);
    } else {
        add_one(settings, setting, "", node, place);
    }
}

/* A map that is open: what leads to it, and how far it is read. */
struct level {
    struct fy_node *map;
    void *at;
    size_t prefix_size;
};

static void take_pair(struct worker_settings *settings, struct fy_node_pair *pair, char *name,
                      struct level *levels, int *depth)
{
    struct fy_node *value = fy_node_pair_value(pair);
    struct place place = place_of(fy_node_pair_key(pair));
    char *key = text_of_node(fy_node_pair_key(pair));
    size_t prefix = levels[*depth].prefix_size;
    const struct worker_setting *setting;

    if (key == NULL ||
        snprintf(name + prefix, NAME_BYTES - prefix, "%s", key) >= (int)(NAME_BYTES - prefix)) {
        settings_complain(settings, place.line, place.column, "a setting's name is wanted");
        free(key);
        return;
    }
    free(key);
    setting = settings_find(settings, name);
    if (setting != NULL) {
        add_setting(settings, setting, value, place);
    } else if (value != NULL && fy_node_is_mapping(value) && *depth + 1 < DEPTH_MAX &&
               is_above_setting(settings->own, name)) {
        size_t size = strlen(name);

        if (size + 1 < NAME_BYTES) {
            name[size] = '.';
            levels[++*depth] = (struct level){.map = value, .prefix_size = size + 1};
        }
    } else {
        complain_unknown(settings, place, name);
    }
}

static void take_document(struct worker_settings *settings, struct fy_node *root)
{
    char name[NAME_BYTES] = "";
    struct level levels[DEPTH_MAX] = {{.map = root}};
    int depth = 0;

    if (root == NULL || (fy_node_is_scalar(root) && fy_node_get_scalar_length(root) == 0)) {
        return; /* an empty file says nothing */
    }
    if (!fy_node_is_mapping(root)) {
        settings_complain(settings, 1, 1, "settings are wanted, each as NAME: VALUE");
        return;
    }
    while (depth >= 0) {
        struct level *level = &levels[depth];
        struct fy_node_pair *pair = fy_node_mapping_iterate(level->map, &level->at);

        if (pair == NULL) {
            depth--;
        } else {
            take_pair(settings, pair, name, levels, &depth);
        }
    }
}

void settings_file(struct worker_settings *settings, const char *file)
{
    struct fy_parse_cfg cfg = {.flags = FYPCF_DEFAULT_DOC};
    struct fy_document *document;
    FILE *opened = fopen(file, "re");

    settings->file = file;
    if (opened == NULL) {
        settings_complain(settings, 0, 0, "it cannot be read");
        return;
    }
    document = fy_document_build_from_fp(&cfg, opened); /* it tells what is wrong itself */
    if (document == NULL) {
        settings_complain(settings, 0, 0, "it is no YAML");
    } else {
        take_document(settings, fy_document_root(document));
        fy_document_destroy(document);
    }
    (void)fclose(opened);
}
