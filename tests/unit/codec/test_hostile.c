#include "codec/procedure_yaml.h"
#include "lib/check.h"

#include <stdio.h>
#include <time.h>

/*
 * Procedures that are YAML, and right in most ways, but made to cost: what loads them must
 * answer within a second (sanitizers take their share) and within its arena.
 */
#ifdef __SANITIZE_ADDRESS__
#define SECONDS_MAX 6.0
#else
#define SECONDS_MAX 1.0
#endif

enum { ROOM = 1 << 21 };

static char text[ROOM];
static size_t size;

#define ADD(...) size += (size_t)snprintf(text + size, sizeof(text) - size, __VA_ARGS__)

static void begin(void)
{
    size = 0;
    ADD("procedure: hostile\nversion: 1\nfrom: 2026-01-01\nroles: {officer: {}}\n");
}

static void check_quick(void)
{
    struct source source = {.name = TEXT("hostile.yaml"), .bytes = {text, size}};
    const struct source *sources[] = {&source};
    struct library library = {.procedures = sources, .procedure_count = 1};
    struct arena arena;
    struct problem_list problems;
    clock_t before = clock();

    arena_init_growing(&arena, PROCEDURE_BYTES_MAX);
    problem_list_init(&problems, &arena);
    (void)procedure_load(&source, &library, &arena, &problems);

    double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;

    if (!CHECK(seconds < SECONDS_MAX)) {
        printf("    %.2f s, %u problems\n", seconds, problems.count);
    }
    arena_fini(&arena);
}

static const char long_name[] = "a_name_that_is_as_long_as_names_get_to_be_here";

static void thousands_of_names_that_nobody_knows(void)
{
    begin();
    ADD("facts:\n");
    for (uint32_t i = 0; i < 128; i++) {
        ADD("  %s%u: money\n", long_name, i);
    }
    ADD("opens: {case.filed: {to: on, takes: [");
    for (uint32_t i = 0; i < 15000; i++) {
        ADD("b%s%u, ", long_name + 1, i);
    }
    ADD("x]}}\nstages: {on: {final: done}}\n");
    check_quick();
}

static void thousands_of_keys_that_nobody_knows(void)
{
    begin();
    for (uint32_t i = 0; i < 4900; i++) {
        ADD("%.30s%u: {}\n", long_name, i);
    }
    for (uint32_t i = 0; i < 3; i++) {
        ADD("opens: {case.filed: {");
        for (uint32_t j = 0; j < 4000; j++) {
            ADD("to%u: a, ", j);
        }
        ADD("}}\n");
    }
    check_quick();
}

static void guards_of_unknown_names(void)
{
    begin();
    ADD("facts:\n");
    for (uint32_t i = 0; i < 128; i++) {
        ADD("  %s%u: flag\n", long_name, i);
    }
    ADD("define:\n");
    for (uint32_t i = 0; i < 120; i++) {
        ADD("  d%u: ", i);
        for (uint32_t j = 0; j < 60; j++) {
            ADD("b%s%u && ", long_name + 1, j);
        }
        ADD("true\n");
    }
    check_quick();
}

static void plans_that_multiply(void)
{
    begin();
    ADD("plans: {p: {remind: {");
    for (uint32_t i = 0; i < 4000; i++) {
        ADD("e%u: {at: -1d}, ", i);
    }
    ADD("}}}\nclocks: {");
    for (uint32_t i = 0; i < 64; i++) {
        ADD("c%u: {owner: officer, length: 5d, plan: p}, ", i);
    }
    ADD("}\n");
    check_quick();
}

static void needs_that_multiply(void)
{
    begin();
    ADD("facts: {f: flag}\nneeds: {n: {that: \"");
    for (uint32_t i = 0; i < 120; i++) {
        ADD("f && ");
    }
    ADD("f\"}}\nopens: {case.filed: {to: on}}\nstages: {on: {events: {");
    for (uint32_t i = 0; i < 60; i++) {
        ADD("e%u: {", i);
        for (uint32_t j = 0; j < 70; j++) {
            ADD("r%u: {needs: {n: {}}}, ", j);
        }
        ADD("}, ");
    }
    ADD("}}}\n");
    check_quick();
}

static void words_for_nothing(void)
{
    begin();
    ADD("words:\n");
    for (uint32_t i = 0; i < 4900; i++) {
        ADD("  n%06u: {en: x}\n", i);
    }
    ADD("opens: {case.filed: {to: on, needs: {");
    for (uint32_t i = 0; i < 4900; i++) {
        ADD("m%06u: {}, ", i);
    }
    ADD("}}}\n");
    check_quick();
}

static void layers_on_itself(void)
{
    begin();
    ADD("layers: [hostile@1]\n");
    check_quick();
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(thousands_of_names_that_nobody_knows),
        TEST(thousands_of_keys_that_nobody_knows),
        TEST(guards_of_unknown_names),
        TEST(plans_that_multiply),
        TEST(needs_that_multiply),
        TEST(words_for_nothing),
        TEST(layers_on_itself),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
