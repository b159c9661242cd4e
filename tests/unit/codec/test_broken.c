#include "codec/procedure_yaml.h"
#include "codec/wrong.h"
#include "core/guard_fault.h"
#include "core/prove.h"
#include "lib/check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * tests/broken/ holds a procedure for each kind of mistake. Its first line names the one
 * problem it has (`# expect: LINE:COLUMN code`); it must yield exactly that. Files in layers/
 * are there to be stood upon.
 */
enum { FILES_MAX = 400, BYTES_MAX = 1 << 20 };

struct file {
    struct source source;
    char *bytes; /* owned */
    char name[300];
};

static struct file files[FILES_MAX];
static uint32_t file_count;
static struct file layers[FILES_MAX];
static const struct source *layer_sources[FILES_MAX];
static uint32_t layer_count;

static bool read_file(const char *folder, const char *name, struct file *file)
{
    char path[700];
    FILE *stream;
    char *bytes = malloc(BYTES_MAX);
    size_t size;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    stream = fopen(path, "rb");
    if (stream == NULL || bytes == NULL) {
        CHECK(false);
        exit(1);
    }
    size = fread(bytes, 1, BYTES_MAX, stream);
    fclose(stream);
    snprintf(file->name, sizeof(file->name), "%s", name);
    file->bytes = bytes;
    file->source = (struct source){.name = text_of(file->name), .bytes = {bytes, size}};
    return true;
}

static uint32_t read_folder(const char *below, struct file *into)
{
    const char *root = getenv("SOURCE");
    char folder[350];
    DIR *directory;
    const struct dirent *entry;
    uint32_t count = 0;

    snprintf(folder, sizeof(folder), "%s/%s", root == NULL ? "." : root, below);
    directory = opendir(folder);
    if (directory == NULL) {
        CHECK(false);
        return 0;
    }
    while ((entry = readdir(directory)) != NULL && count < FILES_MAX) {
        size_t size = strlen(entry->d_name);

        if (size > 5 && strcmp(entry->d_name + size - 5, ".yaml") == 0 &&
            read_file(folder, entry->d_name, &into[count])) {
            count++;
        }
    }
    closedir(directory);
    return count;
}

static void read_corpus(void)
{
    file_count = read_folder("tests/broken", files);
    layer_count = read_folder("tests/broken/layers", layers);
    for (uint32_t i = 0; i < layer_count; i++) {
        layer_sources[i] = &layers[i].source;
    }
}

static void forget_corpus(void)
{
    for (uint32_t i = 0; i < file_count; i++) {
        free(files[i].bytes);
    }
    for (uint32_t i = 0; i < layer_count; i++) {
        free(layers[i].bytes);
    }
}

static const struct notice_words words[] = {
    {.name = TEXT_INIT("clock_near"), .zh = true, .en = true},
    {.name = TEXT_INIT("clock_last_day"), .zh = true, .en = true},
    {.name = TEXT_INIT("clock_overdue"), .zh = true, .en = true},
    {.name = TEXT_INIT("defect"), .zh = true, .en = true},
};
static const struct column violation_columns[] = {
    {TEXT_INIT("code"), VALUE_TEXT, {0}},
    {TEXT_INIT("max_fine"), VALUE_MONEY, {0}},
};
static const struct registry registries[] = {
    {.name = TEXT_INIT("violations"), .columns = violation_columns, .column_count = 2},
};
static const struct installed installed = {.registries = registries, .registry_count = 1};

static const struct library library = {
    .procedures = layer_sources,
    .installed = &installed,
    .words = words,
    .word_count = sizeof(words) / sizeof(words[0]),
};

/* All that is told of a file but notes, "line:column code" each on a line. */
static const char *told(const struct file *file)
{
    static char out[20000];
    struct library known = library;
    struct arena arena;
    struct problem_list problems;
    const struct procedure *procedure;
    size_t at = 0;

    known.procedure_count = layer_count;
    arena_init_growing(&arena, PROCEDURE_BYTES_MAX);
    problem_list_init(&problems, &arena);
    procedure = procedure_load(&file->source, &known, &arena, &problems);
    if (procedure != NULL) {
        procedure_prove(procedure, &(struct prove_options){.strict = false}, &arena, &problems);
    }
    out[0] = '\0';
    for (const struct problem *one = problems.first; one != NULL && at + 100 < sizeof(out);
         one = one->next) {
        if (one->severity != PROBLEM_NOTE) {
            at += (size_t)snprintf(out + at, sizeof(out) - at, "%s%u:%u %s", at > 0 ? "\n" : "",
                                   one->mark.line, one->mark.column, one->message->code);
        }
    }
    arena_fini(&arena);
    return out;
}

static struct text expected(const struct file *file)
{
    struct text rest;
    struct text line = text_cut(file->source.bytes, '\n', &rest);
    struct text word = TEXT("# expect: ");

    return text_starts(line, word) ? text_part(line, word.size, line.size) : (struct text){0};
}

static void every_broken_procedure_has_its_one_problem(void)
{
    read_corpus();
    CHECK(file_count >= 60);
    for (uint32_t i = 0; i < file_count; i++) {
        if (!CHECK_TEXT(told(&files[i]), expected(&files[i]))) {
            printf("    in tests/broken/%s\n", files[i].name);
        }
    }
    forget_corpus();
}

static bool has_file(const char *code)
{
    for (uint32_t i = 0; i < file_count; i++) {
        struct text rest;

        (void)text_cut(expected(&files[i]), ' ', &rest);
        if (text_is(rest, code)) {
            return true;
        }
    }
    return false;
}

/* What a short file cannot show, and what is no mistake of procedures. */
static bool is_shown_elsewhere(enum wrong wrong)
{
    return wrong == WRONG_SIZE || wrong == WRONG_UTF8 || wrong == WRONG_NODES ||
           wrong == WRONG_WIDTH || wrong == WRONG_EMPTY_FILE || wrong == WRONG_LAYERS_MANY ||
           wrong == NOTE_DROPPED || wrong >= WRONG_NO_AGENCY;
}

static void every_kind_of_mistake_has_its_file(void)
{
    read_corpus();
    for (uint32_t i = 0; i < WRONG_COUNT; i++) {
        const char *code = wrong_message((enum wrong)i)->code;

        if (!is_shown_elsewhere((enum wrong)i) && !CHECK(has_file(code))) {
            printf("    no file in tests/broken/ expects %s\n", code);
        }
    }
    forget_corpus();
}

/* The same holes in both languages, or a message would lose its point in one. */
static void messages_say_the_same_in_both_languages(void)
{
    for (uint32_t i = 0; i < WRONG_COUNT; i++) {
        const struct message *message = wrong_message((enum wrong)i);

        for (uint32_t hole = 0; hole < PROBLEM_ARGUMENTS; hole++) {
            char mark[] = {'{', (char)('0' + hole), '}', '\0'};
            bool en = strstr(message->en, mark) != NULL;
            bool zh = strstr(message->zh, mark) != NULL;

            if (!CHECK(en == zh)) {
                printf("    %s\n", message->en);
            }
        }
    }
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(every_broken_procedure_has_its_one_problem),
        TEST(every_kind_of_mistake_has_its_file),
        TEST(messages_say_the_same_in_both_languages),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
