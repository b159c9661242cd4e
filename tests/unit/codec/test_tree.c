#include "codec/tree.h"
#include "lib/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Sanitizers cost time, and keep what was freed for a while. */
#ifdef __SANITIZE_ADDRESS__
#define SECONDS_MAX 3.0
#define KIB_MAX     524288
#else
#define SECONDS_MAX 1.0
#define KIB_MAX     65536
#endif

/* One reading and what came of it. */
struct play {
    struct arena arena;
    struct source source;
    struct problem_list problems;
    struct node *root;
};

static struct play read_bytes(const char *bytes, size_t size)
{
    struct play play = {.source = {.name = TEXT("test.yaml"), .bytes = {bytes, size}}};

    arena_init_growing(&play.arena, (size_t)32 * 1024 * 1024);
    problem_list_init(&play.problems, NULL);
    return play;
}

static void finish_reading(struct play *play)
{
    play->problems.arena = &play->arena;
    play->root = tree_read(&play->source, &play->arena, &play->problems);
}

/* The same for what must be read; without it there is no more to this test. */
static const struct node *read_root(struct play *play)
{
    finish_reading(play);
    if (play->root == NULL) {
        CHECK(false);
        exit(1);
    }
    return play->root;
}

static void check_problem(const char *yaml, size_t size, const char *code, uint32_t line,
                          uint32_t column)
{
    struct play play = read_bytes(yaml, size);

    finish_reading(&play);
    CHECK(play.root == NULL);
    const struct problem *problem = play.problems.first;

    CHECK(problem != NULL);
    if (problem != NULL) {
        CHECK_TEXT(problem->message->code, code);
        CHECK_INTEGER(problem->mark.line, line);
        CHECK_INTEGER(problem->mark.column, column);
        CHECK(problem->mark.source == &play.source);
    }
    arena_fini(&play.arena);
}

#define CHECK_PROBLEM(yaml, code, line, column) \
    check_problem(yaml, sizeof(yaml) - 1, code, line, column)

static void maps_lists_and_scalars_keep_their_order_and_place(void)
{
    static const char yaml[] = "# 注释\n"
                               "中文: {甲: \"b\\nc\", d: 'x''y', e: , f: ~}\n"
                               "list:\n"
                               "  - a b\n"
                               "  - |\n"
                               "    text\n";
    struct play play = read_bytes(yaml, sizeof(yaml) - 1);

    const struct node *root = read_root(&play);
    const struct node *map = node_get(root, TEXT("中文"));
    const struct node *list = node_get(root, TEXT("list"));

    CHECK_INTEGER(root->size, 2);
    CHECK_INTEGER(map->mark.line, 2);
    CHECK_INTEGER(map->mark.column, 5);
    CHECK_TEXT(node_get_text(map, TEXT("甲")), "b\nc");
    CHECK_INTEGER(map->first->mark.column, 10);
    CHECK_INTEGER(map->first->key_mark.column, 6);
    CHECK_TEXT(node_get_text(map, TEXT("d")), "x'y");
    CHECK(node_empty(node_get(map, TEXT("e"))));
    CHECK(node_empty(node_get(map, TEXT("f"))));
    CHECK(node_get(map, TEXT("g")) == NULL);
    CHECK_INTEGER(list->kind, NODE_LIST);
    CHECK_TEXT(list->last->text, "text\n");
    CHECK_INTEGER(list->last->mark.line, 6);
    CHECK_INTEGER(list->last->mark.column, 5);
    arena_fini(&play.arena);
}

static void a_walk_meets_every_node_once(void)
{
    static const char yaml[] = "a: {b: [1, 2], c: 3}\nd: [[4], []]\n";
    struct play play = read_bytes(yaml, sizeof(yaml) - 1);
    uint32_t count = 0;

    const struct node *root = read_root(&play);

    for (const struct node *at = root; at != NULL; at = node_after(at, root)) {
        count++;
    }
    CHECK_INTEGER(count, 10);
    count = 0;
    for (const struct node *at = root->first; at != NULL; at = node_beyond(at, root)) {
        count++;
    }
    CHECK_INTEGER(count, 2);
    arena_fini(&play.arena);
}

static void what_yaml_guesses_is_text_here(void)
{
    static const char yaml[] = "a: no\nb: 010\nc: 1e3\nd: null\ne: 2021-07-15\n";
    struct play play = read_bytes(yaml, sizeof(yaml) - 1);

    finish_reading(&play);
    CHECK_TEXT(node_get_text(play.root, TEXT("a")), "no");
    CHECK_TEXT(node_get_text(play.root, TEXT("b")), "010");
    CHECK_TEXT(node_get_text(play.root, TEXT("c")), "1e3");
    CHECK_TEXT(node_get_text(play.root, TEXT("d")), "null");
    CHECK_TEXT(node_get_text(play.root, TEXT("e")), "2021-07-15");
    arena_fini(&play.arena);
}

static void quoted_texts_say_what_stands_there(void)
{
    static const char yaml[] = "a: 'x''''y'\n"
                               "b: ''''''\n"
                               "c: 'one \n  two\n\n  three'\n"
                               "d: \"\\\"\\\"\\u4e2d\\x41\\\\\"\n"
                               "e: one\n  two\n"
                               "f: >-\n  one\n  two\n\n  three\n"
                               "g: ''\n";
    struct play play = read_bytes(yaml, sizeof(yaml) - 1);

    finish_reading(&play);
    CHECK_TEXT(node_get_text(play.root, TEXT("a")), "x''y");
    CHECK_TEXT(node_get_text(play.root, TEXT("b")), "''");
    CHECK_TEXT(node_get_text(play.root, TEXT("c")), "one two\nthree");
    CHECK_TEXT(node_get_text(play.root, TEXT("d")), "\"\"中A\\");
    CHECK_TEXT(node_get_text(play.root, TEXT("e")), "one two");
    CHECK_TEXT(node_get_text(play.root, TEXT("f")), "one two\nthree");
    CHECK_TEXT(node_get_text(play.root, TEXT("g")), "");
    CHECK(!node_empty(node_get(play.root, TEXT("g"))));
    arena_fini(&play.arena);
}

static void windows_files_read_the_same(void)
{
    static const char yaml[] = "\xef\xbb\xbf"
                               "a: 1\r\nb: 2\r\n";
    struct play play = read_bytes(yaml, sizeof(yaml) - 1);

    const struct node *root = read_root(&play);
    CHECK_TEXT(node_get_text(play.root, TEXT("a")), "1");
    CHECK_TEXT(node_get_text(play.root, TEXT("b")), "2");
    CHECK_INTEGER(root->first->mark.column, 4);
    arena_fini(&play.arena);
}

static void cleverness_is_refused_where_it_stands(void)
{
    CHECK_PROBLEM("a: 1\nb: *x\n", "yaml_alias", 2, 4);
    CHECK_PROBLEM("a: &x 1\n", "yaml_anchor", 1, 4);
    CHECK_PROBLEM("a: {b: 1}\nc:\n  <<: {d: 1}\n", "yaml_merge", 3, 3);
    CHECK_PROBLEM("a: !!str 1\n", "yaml_tag", 1, 4);
    CHECK_PROBLEM("%YAML 1.1\n---\na: 1\n", "yaml_directive", 1, 1);
    CHECK_PROBLEM("a: 1\n---\nb: 1\n", "yaml_documents", 2, 1);
    CHECK_PROBLEM("? [a, b]\n: 1\n", "yaml_key", 1, 3);
    CHECK_PROBLEM("? {a: b}\n: 1\n", "yaml_key", 1, 3);
    CHECK_PROBLEM("\"\": 1\n", "yaml_key", 1, 2);
    CHECK_PROBLEM("a: 1\nb: 2\na: 3\n", "yaml_twice", 3, 1);
}

static void broken_text_is_told_with_its_place(void)
{
    CHECK_PROBLEM("a: [1, 2\n\n", "yaml_syntax", 3, 1);
    CHECK_PROBLEM("a:\n  b: 1\n c: 2\n", "yaml_syntax", 3, 2);
    CHECK_PROBLEM("a: \"b\n", "yaml_syntax", 1, 5);
    CHECK_PROBLEM("a:\n\tb: 1\n", "yaml_syntax", 2, 1);
    CHECK_PROBLEM("", "yaml_empty", 1, 1);
    CHECK_PROBLEM("\xef\xbb\xbf", "yaml_empty", 1, 1);
    CHECK_PROBLEM("# nothing\n", "yaml_empty", 1, 1);
    CHECK_PROBLEM("a: 中\xff\n", "file_utf8", 1, 5);
    CHECK_PROBLEM("a: \xe4\xb8\n", "file_utf8", 1, 4);
    CHECK_PROBLEM("a: x\0y\n", "file_control", 1, 5);
    CHECK_PROBLEM("a: \"\x1b[31m\"\n", "file_control", 1, 5);
}

/* A pattern repeated to about a mebibyte; it must be answered, in bounded time and memory. */
static void check_hostile(const char *pattern, const char *tail)
{
    size_t size = strlen(pattern);
    size_t times = (TREE_BYTES_MAX - strlen(tail)) / size;
    char *bytes = malloc(times * size + strlen(tail) + 1);
    for (size_t i = 0; i < times * size; i++) {
        bytes[i] = pattern[i % size];
    }
    snprintf(bytes + times * size, strlen(tail) + 1, "%s", tail);

    struct play play = read_bytes(bytes, times * size + strlen(tail));

    clock_t before = clock();

    finish_reading(&play);

    double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;

    if (!CHECK(seconds < SECONDS_MAX)) {
        printf("%s: %.2f s\n", pattern, seconds);
    }
    CHECK(play.root != NULL || play.problems.error_count == 1);
    CHECK(!play.arena.spent);
    arena_fini(&play.arena);
    free(bytes);
}

static long resident_kib(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long kib = 0;

    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0) {
            kib = strtol(line + 6, NULL, 10);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return kib;
}

static void hostile_bytes_cost_little(void)
{
    static const char *const patterns[] = {
        "[",         "{",        "- ",
        "? ",        "a: ",      "x",
        "\"x",       "&a ",      "!t ",
        "\t",        "#",        "a: b\n",
        "- -\n",     "{a: ",     "[?",
        "---\n",     "%FOO x\n", "\\x41",
        "\n",        " ",        ":",
        ",",         "[,",       "{a,",
        "[a]: ",     "*a ",      "a\n",
        "...\n",     "中",       "'",
        "|\n",       ">\n",      "[?\n",
        "[,\n",      "&a\n",     "[{",
        "}",         "]",        "\xef\xbb\xbf",
        "- a: b\n ", "a: |\n  ", "\r",
        "\r\n",      "%",        "@",
        "`",         "!",
    };
    long before;

    check_hostile("a", "");
    before = resident_kib();
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        check_hostile(patterns[i], "");
        check_hostile(patterns[i], "\na: b");
    }
    CHECK(resident_kib() - before < KIB_MAX);
}

/* A billion laughs needs aliases; what is left of it is depth and count. */
static void depth_and_count_are_bounded(void)
{
    static char bytes[400000];
    size_t at = 0;

    for (uint32_t i = 0; i < TREE_DEPTH_MAX + 1; i++) {
        bytes[at++] = '[';
    }
    for (uint32_t i = 0; i < TREE_DEPTH_MAX + 1; i++) {
        bytes[at++] = ']';
    }
    check_problem(bytes, at, "yaml_depth", 1, TREE_DEPTH_MAX + 1);
    check_problem(bytes, 0, "yaml_empty", 1, 1);

    struct play play = read_bytes(bytes + 1, at - 2);

    finish_reading(&play);
    CHECK(play.root != NULL);
    arena_fini(&play.arena);

    at = 0;
    for (uint32_t i = 0; i < TREE_NODES_MAX; i++) {
        at += (size_t)snprintf(bytes + at, sizeof(bytes) - at, "- a\n");
    }
    check_problem(bytes, at, "yaml_nodes", TREE_NODES_MAX, 3);
    CHECK_PROBLEM("a: *a\n", "yaml_alias", 1, 4);
}

static void a_wide_map_is_told_apart_or_refused(void)
{
    static char bytes[200000];
    size_t at = 0;

    for (uint32_t i = 1; i < TREE_WIDTH_MAX; i++) {
        at += (size_t)snprintf(bytes + at, sizeof(bytes) - at, "k%u: 1\n", i);
    }
    at += (size_t)snprintf(bytes + at, sizeof(bytes) - at, "k500: 2\n");
    check_problem(bytes, at, "yaml_twice", TREE_WIDTH_MAX, 1);
    at += (size_t)snprintf(bytes + at, sizeof(bytes) - at, "k0: 1\n");
    check_problem(bytes, at, "yaml_width", 1, 1);
}

static void a_spent_arena_ends_the_reading(void)
{
    static const char yaml[] = "a: {b: c}\n";

    for (size_t budget = 0; budget < 2048; budget += 64) {
        struct play play = read_bytes(yaml, sizeof(yaml) - 1);

        play.arena.budget_bytes = budget;
        finish_reading(&play);
        CHECK((play.root == NULL) == play.arena.spent);
        arena_fini(&play.arena);
    }
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(maps_lists_and_scalars_keep_their_order_and_place),
        TEST(a_walk_meets_every_node_once),
        TEST(what_yaml_guesses_is_text_here),
        TEST(quoted_texts_say_what_stands_there),
        TEST(windows_files_read_the_same),
        TEST(cleverness_is_refused_where_it_stands),
        TEST(broken_text_is_told_with_its_place),
        TEST(hostile_bytes_cost_little),
        TEST(depth_and_count_are_bounded),
        TEST(a_wide_map_is_told_apart_or_refused),
        TEST(a_spent_arena_ends_the_reading),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
