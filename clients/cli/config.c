#include "cli/config.h"

#include "cli/files.h"
#include "cli/words.h"
#include "codec/embedded.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CONFIG_PATH_BYTES = 4096, CONFIG_FILES_MAX = 4096 };

static const struct message not_folder = {"config_not_read",
                                          "cannot read the configuration folder `{0}`: {1}",
                                          "无法读取配置目录“{0}”：{1}"};
static const struct message too_many_files = {
    "config_too_many", "the configuration folder `{0}` has more than 4096 files",
    "配置目录“{0}”中的文件超过 4096 个"};
static const struct message no_memory = {"config_no_memory",
                                         "no memory left to read the configuration folder",
                                         "内存不足，无法读取配置目录"};
static const struct message no_part = {
    "config_empty",
    "`{0}` is no configuration folder: it has neither procedures/ nor calendars/, registers/, "
    "notices/, agencies.yaml, channels.yaml, people.yaml",
    "“{0}”不是配置目录：其中没有 procedures/、calendars/、registers/、notices/、agencies.yaml、"
    "channels.yaml、people.yaml"};

/* The folders of a configuration and how their files end; "" is the folder itself. */
static const struct {
    const char *folder;
    const char *end;
} parts[] = {
    {"agencies.yaml", NULL}, {"calendars", ".csv"}, {"channels.yaml", NULL},
    {"notices", ".txt"},     {"people.yaml", NULL}, {"procedures", ".yaml"},
    {"registers", ".csv"},
};

struct collecting {
    struct arena *arena;
    struct config *config;
    struct config_file *files;
    uint32_t max;
};

static bool text_ends(struct text text, struct text end)
{
    return text.size >= end.size &&
           text_equal(text_part(text, text.size - end.size, end.size), end);
}

static bool add_file(struct collecting *collecting, struct text path,
                     const struct source *source)
{
    struct config *config = collecting->config;
    const char *copy = arena_copy(collecting->arena, path.bytes, path.size);

    if (copy == NULL || config->file_count == collecting->max) {
        complain_of(copy == NULL ? &no_memory : &too_many_files,
                    config->folder == NULL ? "" : config->folder);
        return false;
    }
    collecting->files[config->file_count++] =
        (struct config_file){.path = {.bytes = copy, .size = path.size}, .source = source};
    return true;
}

static bool read_one(struct collecting *collecting, const char *path)
{
    char whole[CONFIG_PATH_BYTES];
    struct source *source = arena_take_zeroed(collecting->arena, 1, sizeof(*source));

    (void)snprintf(whole, sizeof(whole), "%s/%s", collecting->config->folder, path);

    const char *name = arena_copy(collecting->arena, whole, strlen(whole) + 1);

    if (source == NULL || name == NULL) {
        complain(&no_memory, NULL);
        return false;
    }
    return file_read(name, collecting->arena, source) &&
           add_file(collecting, text_of(path), source);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* Every file of a folder that ends so, in the order of names; hidden ones are passed by. */
static bool read_part(struct collecting *collecting, const char *folder, const char *end)
{
    char whole[CONFIG_PATH_BYTES];
    char path[CONFIG_PATH_BYTES];
    struct dirent **names = NULL;
    bool good = true;

    (void)snprintf(whole, sizeof(whole), "%s/%s", collecting->config->folder, folder);

    int count = scandir(whole, &names, NULL, by_name);

    if (count < 0 && errno != ENOENT) {
        complain(&not_folder, (const char *[]){whole, strerror(errno)});
        return false;
    }
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;

        if (good && name[0] != '.' && text_ends(text_of(name), text_of(end))) {
            (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
            good = read_one(collecting, path);
        }
        free(names[i]);
    }
    free(names);
    return good;
}

static bool read_folder(struct collecting *collecting)
{
    const char *folder = collecting->config->folder;
    struct stat stat_of;

    int error = stat(folder, &stat_of) != 0 ? errno : S_ISDIR(stat_of.st_mode) ? 0 : ENOTDIR;

    if (error != 0) {
        complain(&not_folder, (const char *[]){folder, strerror(error)});
        return false;
    }
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        char whole[CONFIG_PATH_BYTES];
        bool good = true;

        (void)snprintf(whole, sizeof(whole), "%s/%s", folder, parts[i].folder);
        if (parts[i].end != NULL) {
            good = read_part(collecting, parts[i].folder, parts[i].end);
        } else if (stat(whole, &stat_of) == 0) {
            good = read_one(collecting, parts[i].folder);
        }
        if (!good) {
            return false;
        }
    }
    if (collecting->config->file_count == 0) {
        complain_of(&no_part, folder);
        return false;
    }
    return true;
}

static bool take_embedded(struct collecting *collecting)
{
    for (uint32_t i = 0; i < embedded_file_count; i++) {
        struct source *source = arena_take_zeroed(collecting->arena, 1, sizeof(*source));

        if (source == NULL) {
            complain(&no_memory, NULL);
            return false;
        }
        *source =
            (struct source){.name = embedded_files[i].name, .bytes = embedded_files[i].bytes};
        if (!add_file(collecting, embedded_files[i].name, source)) {
            return false;
        }
    }
    return true;
}

/* Tell apart what was read. */
static bool sort_out(struct collecting *collecting)
{
    struct config *config = collecting->config;
    size_t room = config->file_count + 1;

    config->procedures =
        arena_take_zeroed(collecting->arena, room, sizeof(const struct source *));
    config->notices = arena_take_zeroed(collecting->arena, room, sizeof(const struct source *));
    if (config->notices == NULL || config->procedures == NULL) {
        complain(&no_memory, NULL);
        return false;
    }
    for (uint32_t i = 0; i < config->file_count; i++) {
        struct text path = config->files[i].path;

        if (text_starts(path, TEXT("procedures/"))) {
            config->procedures[config->procedure_count++] = config->files[i].source;
        } else if (text_starts(path, TEXT("notices/"))) {
            config->notices[config->notice_count++] = config->files[i].source;
        }
    }
    return true;
}

bool config_read(const char *folder, struct arena *arena, struct config *config)
{
    struct collecting collecting = {.arena = arena, .config = config, .max = CONFIG_FILES_MAX};

    *config = (struct config){.folder = folder};
    collecting.files = arena_take_zeroed(arena, collecting.max, sizeof(*collecting.files));
    config->files = collecting.files;
    if (collecting.files == NULL) {
        complain(&no_memory, NULL);
        return false;
    }
    return (folder == NULL ? take_embedded(&collecting) : read_folder(&collecting)) &&
           sort_out(&collecting);
}

/* The path without its last part; "." where there is but one. */
static struct text folder_of(struct text path)
{
    size_t size = path.size;

    while (size > 0 && path.bytes[size - 1] != '/') {
        size--;
    }
    while (size > 1 && path.bytes[size - 1] == '/') {
        size--;
    }
    return size == 0 ? TEXT(".") : text_part(path, 0, size);
}

const char *config_folder_of(const char *file, struct arena *arena)
{
    struct text folder = folder_of(text_of(file));
    size_t from = folder.size;

    while (from > 0 && folder.bytes[from - 1] != '/') {
        from--;
    }
    if (!text_is(text_part(folder, from, folder.size), "procedures")) {
        return NULL;
    }

    struct text above = folder_of(folder);
    char *copy = arena_take_zeroed(arena, above.size + 1, 1);

    if (copy != NULL) {
        memcpy(copy, above.bytes, above.size);
    }
    return copy;
}

bool config_add_beside(struct config *config, const char *file, struct arena *arena)
{
    struct text folder = folder_of(text_of(file));
    char path[CONFIG_PATH_BYTES];
    struct dirent **names = NULL;
    bool good = true;

    (void)snprintf(path, sizeof(path), "%.*s", TEXT_ARGS(folder));

    int count = scandir(path, &names, NULL, by_name);
    size_t room = (size_t)(count > 0 ? count : 0) + config->procedure_count;
    const struct source **procedures =
        arena_take_zeroed(arena, room + 1, sizeof(const struct source *));

    for (uint32_t i = 0; procedures != NULL && i < config->procedure_count; i++) {
        procedures[i] = config->procedures[i];
    }
    config->procedures = procedures;
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;

        if (good && procedures != NULL && name[0] != '.' &&
            text_ends(text_of(name), TEXT(".yaml"))) {
            struct source *source = arena_take_zeroed(arena, 1, sizeof(*source));

            (void)snprintf(path, sizeof(path), "%.*s/%s", TEXT_ARGS(folder), name);

            const char *copy = arena_copy(arena, path, strlen(path) + 1);

            good = source != NULL && copy != NULL && file_read(copy, arena, source);
            procedures[config->procedure_count++] = source;
        }
        free(names[i]);
    }
    free(names);
    return good && procedures != NULL;
}

const struct source *config_find(const struct config *config, struct text path)
{
    for (uint32_t i = 0; i < config->file_count; i++) {
        if (text_equal(config->files[i].path, path)) {
            return config->files[i].source;
        }
    }
    return NULL;
}
