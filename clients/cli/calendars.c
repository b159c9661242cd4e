#include "cli/calendars.h"

#include "cli/files.h"
#include "cli/words.h"
#include "codec/calendar_csv.h"
#include "codec/embedded.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { DEPTH_MAX = 4, PATH_BYTES_MAX = 4096 };

/* A calendar's file, and what it extends stands above it. */
struct loading {
    struct source source;
    struct calendar_file file;
};

static const struct message too_deep = {
    "calendar_deep", "`# extends: {0}` goes round in a circle, or more than 4 calendars deep",
    "“# extends: {0}”循环引用，或层数超过 4 层"};
static const struct message not_found = {
    "calendar_extends",
    "there is no calendar `{0}` to extend: neither {1} nor one inside the program; put the "
    "file "
    "there",
    "找不到要继承的日历“{0}”：既没有 {1}，程序内也没有；请把文件放到该处"};

static bool find_shipped(struct text name, struct arena *arena, struct source *source)
{
    char path[128];

    (void)snprintf(path, sizeof(path), "calendars/%.*s.csv",
                   (int)(name.size < 64 ? name.size : 64), name.bytes);
    if (!embedded_find(text_of(path), &source->bytes)) {
        return false;
    }

    const char *copy = arena_copy(arena, path, strlen(path) + 1);

    source->name = text_of(copy);
    return copy != NULL;
}

/* NAME.csv in the folder of the file that extends it. */
static void path_beside(struct text file, struct text name, char path[PATH_BYTES_MAX])
{
    size_t folder = file.size;

    while (folder > 0 && file.bytes[folder - 1] != '/') {
        folder--;
    }
    (void)snprintf(path, PATH_BYTES_MAX, "%.*s%.*s.csv", (int)folder,
                   folder > 0 ? file.bytes : "", TEXT_ARGS(name));
}

static bool find_extended(const struct loading *by, struct arena *arena,
                          struct problem_list *problems, struct source *source)
{
    struct text name = by->file.extends;
    char path[PATH_BYTES_MAX];

    path_beside(by->source.name, name, path);
    if (access(path, F_OK) == 0) {
        const char *copy = arena_copy(arena, path, strlen(path) + 1);

        return copy != NULL && file_read(copy, arena, source);
    }
    if (find_shipped(name, arena, source)) {
        return true;
    }
    problem_add(problems, PROBLEM_ERROR, &not_found, by->file.extends_mark,
                (struct text[]){name, text_of(path)}, 2);
    return false;
}

/* Read the file, what it extends, and so on: from the most particular to the most general. */
static uint32_t read_chain(struct loading *chain[DEPTH_MAX], struct arena *arena,
                           struct problem_list *problems)
{
    uint32_t depth = 0;

    for (;;) {
        struct loading *at = chain[depth];

        if (!calendar_csv_read(&at->source, arena, problems, &at->file)) {
            return 0;
        }
        depth++;
        if (text_empty(at->file.extends)) {
            return depth;
        }
        if (depth == DEPTH_MAX) {
            problem_error(problems, &too_deep, at->file.extends_mark, at->file.extends);
            return 0;
        }
        if (!find_extended(at, arena, problems, &chain[depth]->source)) {
            return 0;
        }
    }
}

const struct calendar *calendar_load(const char *path, struct arena *arena,
                                     struct problem_list *problems)
{
    struct loading *chain[DEPTH_MAX];

    /* Sources are kept in the arena: problems point at them. */
    for (uint32_t i = 0; i < DEPTH_MAX; i++) {
        chain[i] = arena_take_zeroed(arena, 1, sizeof(*chain[i]));
        if (chain[i] == NULL) {
            return NULL;
        }
    }
    if (path == NULL ? !find_shipped(TEXT(CALENDAR_SHIPPED), arena, &chain[0]->source)
                     : !file_read(path, arena, &chain[0]->source)) {
        return NULL;
    }

    const struct calendar *calendar = NULL;

    for (uint32_t depth = read_chain(chain, arena, problems); depth > 0; depth--) {
        const struct loading *at = chain[depth - 1];

        calendar =
            calendar_csv_build(&at->source, &at->file, calendar_csv_name(at->source.name),
                               calendar, arena, problems);
        if (calendar == NULL) {
            return NULL;
        }
    }
    return calendar;
}

const struct calendar *calendar_load_or_complain(const char *path, struct arena *arena)
{
    struct problem_list problems;

    problem_list_init(&problems, arena);

    const struct calendar *calendar = calendar_load(path, arena, &problems);

    words_print_problems(stderr, &problems);
    return calendar;
}
