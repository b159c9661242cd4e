#include "cli/simulate.h"

#include "cli/out.h"

#include <stdio.h>
#include <string.h>

/* What `--coverage` prints: file by file, and all in one figure. */

enum { LINE_BYTES = 1024 };

static const struct message file_line = {"simulate_coverage", "{0}: {1} of {2} exercised",
                                         "{0}：已演练 {1} / {2}"};
static const struct message missing_line = {"simulate_missing", "{0}: not exercised: {1} {2}",
                                            "{0}：未演练：{1} {2}"};
static const struct message all_line = {"simulate_coverage_all", "in all: {0} of {1} exercised",
                                        "合计：已演练 {0} / {1}"};

/* Without "x/../" and "./": what a scenario names is said from where it stands. */
static struct text clean_path(struct text path, struct arena *arena)
{
    char *clean = arena_take(arena, path.size + 1);
    size_t size = 0;

    for (struct text rest = path; clean != NULL && rest.size > 0;) {
        struct text part = text_cut(rest, '/', &rest);
        bool folder = part.bytes + part.size < path.bytes + path.size;
        size_t last = size; /* where the folder before it begins */

        while (last > 0 && (last == size || clean[last - 1] != '/')) {
            last--;
        }
        if (text_is(part, "..") && size > 0 &&
            !text_is((struct text){.bytes = clean + last, .size = size - last}, "../")) {
            size = last;
        } else if (!text_is(part, ".")) {
            memcpy(clean + size, part.bytes, part.size);
            size += part.size;
            if (folder) {
                clean[size++] = '/';
            }
        }
    }
    return (struct text){.bytes = clean, .size = size};
}

struct text simulate_shown_file(const void *context, struct text installed, struct arena *arena)
{
    const struct play_script *script = context;

    for (uint32_t i = 0; i < script->file_count; i++) {
        if (text_equal(script->files[i].path, installed)) {
            return clean_path(script->shown[i], arena);
        }
    }
    return installed;
}

static const char *count_in(char room[24], uint32_t number)
{
    (void)snprintf(room, 24, "%u", number);
    return room;
}

/* One file: how much of it, and what is missing, in its order. */
static void print_file(const struct coverage *coverage, struct text file)
{
    char name[LINE_BYTES];
    char counts[2][24];
    uint32_t done = 0;
    uint32_t all = 0;

    for (const struct covered *at = coverage->first; at != NULL; at = at->next) {
        if (text_equal(at->file, file)) {
            done += at->done;
            all++;
        }
    }
    (void)snprintf(name, sizeof(name), "%.*s", TEXT_ARGS(file));
    words_print(stdout, &file_line,
                (const char *[]){name, count_in(counts[0], done), count_in(counts[1], all)});
    for (const struct covered *at = coverage->first; at != NULL; at = at->next) {
        char path[LINE_BYTES];
        char kind[24];

        if (at->done || !text_equal(at->file, file)) {
            continue;
        }
        (void)snprintf(name, sizeof(name), "%.*s:%u", TEXT_ARGS(file), at->line);
        (void)snprintf(kind, sizeof(kind), "%.*s", TEXT_ARGS(covered_word(at->kind)));
        (void)snprintf(path, sizeof(path), "%.*s", TEXT_ARGS(at->path));
        words_print(stdout, &missing_line, (const char *[]){name, kind, path});
    }
}

static bool told_before(const struct coverage *coverage, const struct covered *part)
{
    const struct covered *at = coverage->first;

    while (at != part && !text_equal(at->file, part->file)) {
        at = at->next;
    }
    return at != part;
}

static void print_json(const struct covered *part)
{
    json_t *object = json_object();

    json_object_set_new(object, "file", json_stringn(part->file.bytes, part->file.size));
    json_object_set_new(object, "line", json_integer(part->line));
    json_object_set_new(
        object, "kind",
        json_stringn(covered_word(part->kind).bytes, covered_word(part->kind).size));
    json_object_set_new(object, "path", json_stringn(part->path.bytes, part->path.size));
    json_object_set_new(object, "exercised", json_boolean(part->done));
    out_json(object);
}

void simulate_print_coverage(const struct coverage *coverage)
{
    char counts[2][24];
    uint32_t done = 0;
    uint32_t all = 0;

    for (const struct covered *at = coverage->first; at != NULL; at = at->next) {
        done += at->done;
        all++;
        if (out_format() == OUT_JSON) {
            print_json(at);
        } else if (!told_before(coverage, at)) {
            print_file(coverage, at->file);
        }
    }
    if (out_format() != OUT_JSON) {
        words_print(stdout, &all_line,
                    (const char *[]){count_in(counts[0], done), count_in(counts[1], all)});
    }
}
