#include "cli/simulate.h"

#include "cli/config.h"
#include "cli/files.h"
#include "codec/embedded.h"
#include "codec/tree.h"

#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 4096, LAYERS_DEEP_MAX = 16 };

static const struct message no_such_procedure = {
    "simulate_no_procedure", "the configuration has no procedure {0}", "配置中没有程序“{0}”"};
static const struct message unknown_file = {
    "simulate_unknown_file",
    "{0}: cannot tell what this is; put it into calendars/, registers/, procedures/ or "
    "notices/",
    "{0}：无法判断文件种类；请放入 calendars/、registers/、procedures/ 或 notices/"};

/* Files on their way into a script. */
struct gathering {
    struct text folder; /* where the scenario stands */
    struct arena *arena;
    struct problem_list *problems;
    struct install_file *files;
    struct text *shown; /* their paths as the user knows them */
    uint32_t count;
    struct head *heads; /* of the configuration's procedures */
};

/* What a procedure's file says of itself, read once. */
struct head {
    bool known;
    struct text name;
    uint32_t version;
    bool wanted; /* by the scenario's procedure, or a layer of it */
};

static struct text copy_text(struct arena *arena, const char *text)
{
    size_t size = strlen(text);
    char *copy = arena_copy(arena, text, size + 1);

    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : size};
}

/* The path without its last part. */
static struct text folder_of(struct text path)
{
    size_t size = path.size;

    while (size > 0 && path.bytes[size - 1] != '/') {
        size--;
    }
    return size == 0 ? TEXT("./") : text_part(path, 0, size);
}

static struct text name_of(struct text path)
{
    return text_part(path, text_equal(folder_of(path), TEXT("./")) ? 0 : folder_of(path).size,
                     path.size);
}

/* A path as a scenario writes it, from where the scenario stands. */
static const char *locate(const struct gathering *gathering, struct text written)
{
    char path[PATH_BYTES];
    bool whole = written.size > 0 && written.bytes[0] == '/';

    (void)snprintf(path, sizeof(path), "%.*s%.*s", whole ? 0 : (int)gathering->folder.size,
                   gathering->folder.bytes, TEXT_ARGS(written));
    return copy_text(gathering->arena, path).bytes;
}

static bool text_ends(struct text text, const char *end)
{
    struct text tail = text_of(end);

    return text.size >= tail.size &&
           text_equal(text_part(text, text.size - tail.size, tail.size), tail);
}

static bool is_head(struct text bytes, const char *head)
{
    while (bytes.size > 0) {
        struct text line = text_cut(bytes, '\n', &bytes);

        if (line.size > 0 && line.bytes[0] != '#') {
            return text_starts(line, text_of(head));
        }
    }
    return false;
}

/* Where in a configuration a file belongs: by its folder, else by what it is. */
static struct text place_of(const struct gathering *gathering, const struct source *source)
{
    static const char *const folders[] = {"calendars/", "registers/", "procedures/",
                                          "notices/"};
    struct text folder = folder_of(source->name);
    struct text name = name_of(source->name);
    const char *put = NULL;
    struct text procedure;
    uint32_t version;
    char path[PATH_BYTES];

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && put == NULL; i++) {
        put = text_ends(folder, folders[i]) ? folders[i] : NULL;
    }
    if (put == NULL && text_ends(name, ".csv")) {
        put = is_head(source->bytes, "date,kind") ? "calendars/" : "registers/";
    }
    if (put == NULL && procedure_head(source, gathering->arena, &procedure, &version)) {
        put = "procedures/";
    }
    if (put == NULL && text_ends(name, ".yaml")) {
        name = text_starts(name, TEXT("agencies"))   ? TEXT("agencies.yaml")
               : text_starts(name, TEXT("channels")) ? TEXT("channels.yaml")
                                                     : TEXT("people.yaml");
        put = "";
    }
    if (put == NULL) {
        return (struct text){0};
    }
    (void)snprintf(path, sizeof(path), "%s%.*s", put, TEXT_ARGS(name));
    return copy_text(gathering->arena, path);
}

static void add(struct gathering *gathering, struct text path, const struct source *source)
{
    if (gathering->count < INSTALL_FILES_MAX) {
        gathering->shown[gathering->count] = source->name;
        gathering->files[gathering->count++] =
            (struct install_file){.path = path, .bytes = source->bytes};
    }
}

/* Whether a procedure's file names this layer, `name@version`. */
static bool has_layer(const struct node *layers, struct text name, uint32_t version)
{
    char wanted[300];

    (void)snprintf(wanted, sizeof(wanted), "%.*s@%u", TEXT_ARGS(name), version);
    if (layers == NULL) {
        return false;
    }
    if (layers->kind == NODE_SCALAR) {
        return text_is(layers->text, wanted);
    }
    for (const struct node *layer = layers->first; layer != NULL; layer = layer->next) {
        if (layer->kind == NODE_SCALAR && text_is(layer->text, wanted)) {
            return true;
        }
    }
    return false;
}

/* Mark every version of a procedure; true: some are new. */
static bool want_named(struct gathering *gathering, const struct config *config,
                       struct text name)
{
    bool more = false;

    for (uint32_t i = 0; i < config->procedure_count; i++) {
        struct head *head = &gathering->heads[i];

        if (!head->wanted && head->known && text_equal(head->name, name)) {
            head->wanted = true;
            more = true;
        }
    }
    return more;
}

/* The same of all that rules open or tell cases of. */
static bool want_others(struct gathering *gathering, const struct config *config,
                        const struct node *root)
{
    bool more = false;

    for (const struct node *at = root; at != NULL; at = node_after(at, root)) {
        if (!text_is(at->key, "procedure") || at->parent == root) {
            continue;
        }
        more = (at->kind == NODE_SCALAR && want_named(gathering, config, at->text)) || more;
        for (const struct node *one = at->first; one != NULL; one = one->next) {
            more = want_named(gathering, config, one->text) || more;
        }
    }
    return more;
}

/* Mark the layers of one file and what it speaks of; true: some are new. */
static bool want_layers(struct gathering *gathering, const struct config *config,
                        const struct source *of)
{
    struct problem_list silent;
    bool more = false;

    problem_list_init(&silent, gathering->arena);

    const struct node *root = tree_read(of, gathering->arena, &silent);
    const struct node *layers = root == NULL ? NULL : node_get(root, TEXT("layers"));

    for (uint32_t i = 0; layers != NULL && i < config->procedure_count; i++) {
        struct head *head = &gathering->heads[i];

        if (!head->wanted && head->known && has_layer(layers, head->name, head->version)) {
            head->wanted = true;
            more = true;
        }
    }
    return (root != NULL && want_others(gathering, config, root)) || more;
}

/* The procedure's versions, with their layers, and those of their layers. */
static bool want_procedure(struct gathering *gathering, const struct config *config,
                           const struct scenario *scenario, struct text wanted,
                           const struct source *own)
{
    bool found = own != NULL;

    gathering->heads =
        arena_take_zeroed(gathering->arena, config->procedure_count + 1, sizeof(struct head));
    for (uint32_t i = 0; gathering->heads != NULL && i < config->procedure_count; i++) {
        struct head *head = &gathering->heads[i];

        head->known = procedure_head(config->procedures[i], gathering->arena, &head->name,
                                     &head->version);
        head->wanted = own == NULL && head->known && text_equal(head->name, wanted);
        found = found || head->wanted;
    }

    bool more = own != NULL && want_layers(gathering, config, own);

    for (uint32_t i = 0; i < scenario->case_count; i++) {
        more = want_named(gathering, config, scenario->cases[i].procedure) || more;
    }

    for (int deep = 0; (more || deep == 0) && deep < LAYERS_DEEP_MAX; deep++) {
        more = false;
        for (uint32_t i = 0; i < config->procedure_count; i++) {
            more = (gathering->heads[i].wanted &&
                    want_layers(gathering, config, config->procedures[i])) ||
                   more;
        }
    }
    return found;
}

/* The configuration's files that this scenario needs; its people are made for the story. */
static void add_config(struct gathering *gathering, const struct config *config)
{
    bool calendars = false;

    for (uint32_t i = 0; i < config->file_count; i++) {
        struct text path = config->files[i].path;

        if (!text_is(path, "people.yaml") && !text_starts(path, TEXT("procedures/"))) {
            add(gathering, path, config->files[i].source);
            calendars = calendars || text_starts(path, TEXT("calendars/"));
        }
    }
    for (uint32_t i = 0; i < config->procedure_count; i++) {
        if (gathering->heads[i].wanted) {
            add(gathering, place_of(gathering, config->procedures[i]), config->procedures[i]);
        }
    }
    for (uint32_t i = 0; !calendars && i < embedded_file_count; i++) {
        if (text_starts(embedded_files[i].name, TEXT("calendars/"))) {
            const struct source calendar = {.name = embedded_files[i].name,
                                            .bytes = embedded_files[i].bytes};

            add(gathering, embedded_files[i].name, &calendar);
        }
    }
}

/* The procedure by its path; NULL where it is named otherwise, or cannot be read. */
static const struct source *read_own(struct gathering *gathering,
                                     const struct scenario *scenario, bool *good)
{
    struct text written = scenario->procedure;
    struct source *source = arena_take_zeroed(gathering->arena, 1, sizeof(*source));
    bool by_path = text_ends(written, ".yaml") || text_ends(written, ".yml");

    *good = true;
    if (!by_path || source == NULL) {
        return NULL;
    }
    *good = file_read(locate(gathering, written), gathering->arena, source);
    return *good ? source : NULL;
}

static bool read_installs(struct gathering *gathering, const struct scenario *scenario,
                          struct play_script *script)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < scenario->step_count; i++) {
        count += scenario->steps[i].install_count;
    }

    struct play_install *installs =
        arena_take_zeroed(gathering->arena, count, sizeof(*installs));

    script->installs = installs;
    for (uint32_t i = 0; installs != NULL && i < scenario->step_count; i++) {
        for (uint32_t j = 0; j < scenario->steps[i].install_count; j++) {
            struct play_install *install = &installs[script->install_count++];
            struct source source;

            install->written = scenario->steps[i].installs[j];
            if (!file_read(locate(gathering, install->written), gathering->arena, &source)) {
                return false;
            }
            install->file.path = place_of(gathering, &source);
            install->file.bytes = source.bytes;
            install->shown = source.name;
            if (text_empty(install->file.path)) {
                problem_error(gathering->problems, &unknown_file,
                              scenario->steps[i].install_mark, install->written);
                return false;
            }
        }
    }
    return installs != NULL;
}

/* Which folder the configuration is. */
static const char *choose_config(const struct gathering *gathering, const char *given,
                                 const struct scenario *scenario)
{
    return text_empty(scenario->config) ? given : locate(gathering, scenario->config);
}

bool simulate_gather(const struct source *file, const char *config_given,
                     const struct scenario *scenario, struct arena *arena,
                     struct problem_list *problems, struct play_script *script)
{
    struct gathering gathering = {
        .folder = folder_of(file->name), .arena = arena, .problems = problems};
    struct config config;
    uint32_t version;
    bool good;

    *script = (struct play_script){.scenario = scenario, .procedure = scenario->procedure};
    gathering.files = arena_take(arena, INSTALL_FILES_MAX * sizeof(*gathering.files));
    gathering.shown = arena_take(arena, INSTALL_FILES_MAX * sizeof(*gathering.shown));

    const struct source *own = read_own(&gathering, scenario, &good);

    if (gathering.files == NULL || gathering.shown == NULL || !good ||
        !config_read(choose_config(&gathering, config_given, scenario), arena, &config)) {
        return false;
    }
    if (own != NULL && !config_add_beside(&config, own->name.bytes, arena)) {
        return false;
    }
    if (own != NULL) {
        (void)procedure_head(own, arena, &script->procedure, &version);
    }
    if (!want_procedure(&gathering, &config, scenario, script->procedure, own)) {
        problem_error(problems, &no_such_procedure, scenario->procedure_mark,
                      scenario->procedure);
        return false;
    }
    add_config(&gathering, &config);
    if (own != NULL) {
        add(&gathering, place_of(&gathering, own), own);
    }
    script->files = gathering.files;
    script->shown = gathering.shown;
    script->file_count = gathering.count;
    return read_installs(&gathering, scenario, script);
}
