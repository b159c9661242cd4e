#include "codec/procedure_yaml.h"
#include "core/prove.h"
#include "lib/check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * tests/broken/prove/ holds a procedure for each proof that can fail. It loads; its first line
 * names the one thing that is then wrong, and where: `# expect: LINE:COLUMN code`.
 */

enum { FILES_MAX = 64, BYTES_MAX = 16 * 1024 };

struct file {
    char name[300];
    char bytes[BYTES_MAX];
    struct source source;
};

static struct file files[FILES_MAX];
static uint32_t file_count;

static bool read_file(const char *folder, const char *name, struct file *file)
{
    char path[700];
    FILE *stream;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    stream = fopen(path, "rb");
    if (!CHECK(stream != NULL)) {
        return false;
    }

    size_t size = fread(file->bytes, 1, sizeof(file->bytes), stream);

    (void)fclose(stream);
    (void)snprintf(file->name, sizeof(file->name), "%s", name);
    file->source = (struct source){.name = text_of(file->name), .bytes = {file->bytes, size}};
    return true;
}

static void read_corpus(void)
{
    const char *root = getenv("SOURCE");
    char folder[400];
    DIR *directory;
    const struct dirent *entry;

    (void)snprintf(folder, sizeof(folder), "%s/tests/broken/prove", root == NULL ? "." : root);
    directory = opendir(folder);
    if (!CHECK(directory != NULL)) {
        return;
    }
    while ((entry = readdir(directory)) != NULL && file_count < FILES_MAX) {
        size_t size = strlen(entry->d_name);

        if (size > 5 && strcmp(entry->d_name + size - 5, ".yaml") == 0 &&
            read_file(folder, entry->d_name, &files[file_count])) {
            file_count++;
        }
    }
    (void)closedir(directory);
}

/* What it says and where, as the first line of a file has it. */
static void expectation(const struct problem *problem, char *out, size_t size)
{
    (void)snprintf(out, size, "# expect: %u:%u %s", problem->mark.line, problem->mark.column,
                   problem->message->code);
}

static bool proves(const struct file *file, const struct prove_options *options,
                   struct arena *arena, struct problem_list *problems)
{
    struct library library = {0};

    arena_init_growing(arena, PROCEDURE_BYTES_MAX);
    problem_list_init(problems, arena);

    const struct procedure *procedure =
        procedure_load(&file->source, &library, arena, problems);

    if (procedure != NULL) {
        struct prove_options alone = *options;

        alone.others = &procedure; /* errands go to cases like it */
        alone.other_count = 1;
        procedure_prove(procedure, &alone, arena, problems);
    }
    return procedure != NULL;
}

static void check_file(const struct file *file)
{
    struct arena arena;
    struct problem_list problems;
    struct prove_options options = {0};
    struct text rest;
    struct text expected = text_cut(file->source.bytes, '\n', &rest);
    bool kept = CHECK(proves(file, &options, &arena, &problems));
    char actual[200] = "";

    for (const struct problem *p = problems.first; p != NULL; p = p->next) {
        if (p->severity != PROBLEM_NOTE) {
            expectation(p, actual, sizeof(actual));
            kept = CHECK_TEXT(text_of(actual), expected) && kept;
        }
    }
    kept = CHECK(actual[0] != '\0') && kept;
    if (!kept) {
        printf("    in tests/broken/prove/%s\n", file->name);
    }
    arena_fini(&arena);
}

static void every_broken_procedure_has_its_one_problem(void)
{
    read_corpus();
    CHECK(file_count > 0);
    for (uint32_t i = 0; i < file_count; i++) {
        check_file(&files[i]);
    }
}

static bool is_expected(const char *code)
{
    for (uint32_t i = 0; i < file_count; i++) {
        struct text rest;
        struct text line = text_cut(files[i].source.bytes, '\n', &rest);
        size_t size = strlen(code);

        if (line.size > size && line.bytes[line.size - size - 1] == ' ' &&
            memcmp(line.bytes + line.size - size, code, size) == 0) {
            return true;
        }
    }
    return false;
}

/* The others cannot come from a file that loads, or are told of what is too large; they have unit
 * tests. */
static void every_proof_has_a_file(void)
{
    static const char *const others[] = {
        "opens_nowhere", "no_receiver", "no_hand",    "no_value",     "private_brief",
        "not_for",       "left_out",    "strict_law", "strict_words", "taken_together",
        "too_many",      "too_large",   "no_room",    "rule_gap",     "final_leads_back"};
    uint32_t count;
    const struct message *const *messages = prove_messages(&count);

    read_corpus();
    for (uint32_t i = 0; i < count; i++) {
        bool other = false;

        for (size_t j = 0; j < sizeof(others) / sizeof(others[0]); j++) {
            other = other || strcmp(messages[i]->code, others[j]) == 0;
        }
        if (!CHECK(other != is_expected(messages[i]->code))) {
            printf("    %s\n", messages[i]->code);
        }
    }
}

static void words_have_both_languages(void)
{
    uint32_t count;
    const struct message *const *messages = prove_messages(&count);

    for (uint32_t i = 0; i < count; i++) {
        CHECK(strlen(messages[i]->en) > 10);
        CHECK(strlen(messages[i]->zh) > 10);
        CHECK(text_is_utf8(text_of(messages[i]->zh)));
        for (uint32_t j = 0; j < PROBLEM_ARGUMENTS; j++) {
            char hole[4] = {'{', (char)('0' + j), '}', '\0'};

            CHECK((strstr(messages[i]->en, hole) != NULL) ==
                  (strstr(messages[i]->zh, hole) != NULL));
        }
    }
}

/* The smallest of them, mended, under --strict. */
static void strict_wants_words_and_law(void)
{
    struct arena arena;
    struct problem_list problems;
    struct prove_options options = {.strict = true};
    bool law = false;
    bool words = false;

    read_corpus();
    CHECK(proves(&files[0], &options, &arena, &problems));
    for (const struct problem *p = problems.first; p != NULL; p = p->next) {
        law = law || strcmp(p->message->code, "strict_law") == 0;
        words = words || strcmp(p->message->code, "strict_words") == 0;
    }
    CHECK(law);
    CHECK(words);
    arena_fini(&arena);
}

static const char *discreet =
    "procedure: discreet\nversion: 1\nfrom: 2026-01-01\n"
    "roles:\n"
    "  officer: {zh: 执法人员, en: officer, assigned: true}\n"
    "  party: {zh: 当事人, en: party, outside: true}\n"
    "chain: [officer]\n"
    "facts: {street: text, name: {type: text, private: true}}\n"
    "notices: {visit: [street, name]}\n"
    "opens: {case.filed: {by: officer, may_take: [street, name], notify: {to: ROLE, "
    "notice: visit}, to: filed}}\n"
    "stages:\n"
    "  filed: {zh: 立案, en: filed, no_limit: {zh: 等, en: waits}, events: {case.ended: {by: "
    "officer, to: done}}}\n"
    "  done: {zh: 办结, en: done, final: done}\n";

/* What is told of a notice to `role` whose words use a value, in the brief form or not. */
static void check_words(const char *role, const char *value, bool brief, const char *code)
{
    struct text used = text_of(value);
    struct notice_words words = {.name = TEXT_INIT("visit"),
                                 .zh = true,
                                 .en = true,
                                 .values = &used,
                                 .value_count = 1,
                                 .brief_values = &used,
                                 .brief_value_count = brief};
    struct prove_options options = {.words = &words, .word_count = 1};
    char bytes[2000];
    struct file file = {.name = "discreet.yaml"};
    struct arena arena;
    struct problem_list problems;
    const char *told = "";

    const char *place = strstr(discreet, "ROLE");

    (void)snprintf(bytes, sizeof(bytes), "%.*s%s%s", (int)(place - discreet), discreet, role,
                   place + strlen("ROLE"));
    file.source = (struct source){.name = TEXT("discreet.yaml"), .bytes = text_of(bytes)};
    CHECK(proves(&file, &options, &arena, &problems));
    for (const struct problem *p = problems.first; p != NULL; p = p->next) {
        bool ours = p->severity == PROBLEM_ERROR || strcmp(p->message->code, "left_out") == 0;

        told = ours ? p->message->code : told;
    }
    CHECK_TEXT(told, code);
    arena_fini(&arena);
}

static void notices_say_only_what_their_receiver_may_be_told(void)
{
    check_words("officer", "stage", true, "");
    check_words("party", "last_day", true, "");
    check_words("party", "stage", true, "left_out");
    check_words("party", "what", false, "");
    check_words("officer", "street", true, "");
    check_words("party", "street", false, "");
    check_words("party", "name", false, "");
    check_words("party", "name", true, "private_brief");
    check_words("officer", "name", false, "not_for");
    check_words("officer", "house", false, "no_value");
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(every_broken_procedure_has_its_one_problem),
        TEST(every_proof_has_a_file),
        TEST(words_have_both_languages),
        TEST(strict_wants_words_and_law),
        TEST(notices_say_only_what_their_receiver_may_be_told),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
