#include "lib/check.h"
#include "lib/guard_play.h"

#include <stddef.h>

static const struct guard_wish condition = {.type = VALUE_FLAG};

static void the_leaves_of_a_false_and_are_those_that_are_false(void)
{
    struct play play;

    play_init(&play);
    world_set(&play.world, "minor", "true");
    world_set(&play.world, "rounds", "1");
    CHECK_TEXT(play_leaves(&play, "minor && rounds > 2 && harm && (rounds == 3)"),
               "T minor; *F rounds > 2; ? harm; *F rounds == 3");
    play_fini(&play);
}

static void the_leaves_of_a_true_and_are_all(void)
{
    struct play play;

    play_init(&play);
    world_set(&play.world, "minor", "true");
    world_set(&play.world, "harm", "false");
    CHECK_TEXT(play_leaves(&play, "minor && !harm"), "*T minor; *F harm");
    CHECK_TEXT(play_leaves(&play, "minor || harm || closed"), "*T minor; F harm; ? closed");
    play_fini(&play);
}

static void what_did_not_matter_has_no_reasons_below(void)
{
    struct play play;

    play_init(&play);
    world_set(&play.world, "minor", "true");
    world_set(&play.world, "harm", "false");
    CHECK_TEXT(play_leaves(&play, "minor || (harm && closed)"), "*T minor; F harm; ? closed");
    CHECK_TEXT(play_leaves(&play, "!(minor && (harm || closed))"),
               "T minor; F harm; *? closed");
    play_fini(&play);
}

static void a_named_condition_is_a_level_of_its_own(void)
{
    struct play play;

    play_init(&play);
    world_set(&play.world, "minor", "true");
    world_set(&play.world, "fine", "10.00");
    CHECK_TEXT(play_leaves(&play, "closed && facts.rounds > 1 || heavy"),
               "*? closed; *? facts.rounds > 1; F heavy; >F fine > 1000.00; >F exempt; "
               ">>T minor; >>F has(served_on); >>? harm");
    world_set(&play.world, "closed", "false");
    CHECK_TEXT(play_leaves(&play, "closed || !heavy"),
               "F closed; *F heavy; >*F fine > 1000.00; >*F exempt; "
               ">>T minor; >>*F has(served_on); >>? harm");
    play_fini(&play);
}

static void comparisons_of_conditions_are_one_leaf(void)
{
    struct play play;

    play_init(&play);
    world_set(&play.world, "minor", "true");
    world_set(&play.world, "harm", "true");
    CHECK_TEXT(play_leaves(&play, "(minor && harm) == (harm || minor)"),
               "*T (minor && harm) == (harm || minor)");
    CHECK_TEXT(play_leaves(&play, "true"), "*T true");
    play_fini(&play);
}

static void only_conditions_have_leaves(void)
{
    struct play play;
    struct value values[GUARD_NODES_MAX];
    struct guard_leaf leaves[1];

    play_init(&play);

    const struct guard *sum =
        play_compile(&play, "rounds + 1", (struct guard_wish){.type = VALUE_INTEGER});
    const struct guard *both = play_compile(&play, "minor && harm", condition);

    (void)play_value(&play, sum, values);
    CHECK_INTEGER(guard_leaves(sum, values, leaves, 1), 0);
    (void)play_value(&play, both, values);
    CHECK_INTEGER(guard_leaves(both, values, leaves, 1), 2); /* counted, not written beyond */
    CHECK_TEXT(leaves[0].text, "minor");
    play_fini(&play);
}

static void the_names_that_are_missing_are_told(void)
{
    struct play play;

    play_init(&play);
    world_set(&play.world, "minor", "true");
    CHECK_TEXT(play_missing(&play, "minor && harm && fine > 2.00"), "harm, fine");
    CHECK_TEXT(play_missing(&play, "minor || harm"), "");
    CHECK_TEXT(play_missing(&play, "has(fine) || (closed && !has(name))"), "closed");
    CHECK_TEXT(play_missing(&play, "rounds + attempts"), "rounds, attempts");
    CHECK_TEXT(play_missing(&play, "registers.fines[name].max > fine"), "name, fine");
    CHECK_TEXT(play_missing(&play, "registers.fines['none'].max > 1.00"),
               "registers.fines['none'].max");
    CHECK_TEXT(play_missing(&play, "minor && exempt == closed"), "closed");
    world_set(&play.world, "served_on", "2026-03-02");
    CHECK_TEXT(play_missing(&play, "exempt"), "harm");
    world_set(&play.world, "rounds", "9223372036854775807");
    CHECK_TEXT(play_missing(&play, "rounds + 1 > 0"), "");
    play_fini(&play);
}

/* `a && a && …`, `count` of them. */
static const char *chain(char *room, size_t size, uint32_t count, const char *part,
                         const char *between)
{
    size_t at = 0;

    for (uint32_t i = 0; i < count; i++) {
        at += (size_t)snprintf(room + at, size - at, "%s%s", i == 0 ? "" : between, part);
    }
    return room;
}

static void a_guard_has_at_most_256_parts(void)
{
    static char room[32768];
    struct play play;

    play_init(&play);
    world_set(&play.world, "minor", "true");
    /* 128 names and 127 operators. */
    CHECK_TEXT(play_told(&play, chain(room, sizeof(room), 128, "minor", " && "), condition),
               "");
    CHECK_TEXT(play_said(&play, room, condition), "true");
    CHECK_TEXT(play_told(&play, chain(room, sizeof(room), 129, "minor", " && "), condition),
               "1 guard_long");
    /* A named condition of 7 counts 8 each time: 28 * 8 + 27. */
    CHECK_TEXT(play_told(&play, chain(room, sizeof(room), 28, "exempt", "||"), condition), "");
    CHECK_TEXT(play_told(&play, chain(room, sizeof(room), 29, "exempt", "||"), condition),
               "225 guard_long");
    CHECK_TEXT(play_told(&play, chain(room, sizeof(room), 2000, "minor", " && "), condition),
               "1 guard_long");
    play_fini(&play);
}

static void a_guard_is_at_most_32_deep(void)
{
    static char room[1024];
    struct play play;

    play_init(&play);
    for (int depth = 31; depth <= 34; depth++) {
        bool good = depth <= GUARD_DEPTH_MAX;

        (void)snprintf(room, sizeof(room), "%.*sminor%.*s", depth,
                       "((((((((((((((((((((((((((((((((((((((((", depth,
                       "))))))))))))))))))))))))))))))))))))))))");
        CHECK_TEXT(play_told(&play, room, condition), good ? "" : "33 guard_deep");
        (void)snprintf(room, sizeof(room), "%.*sminor", depth,
                       "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!");
        CHECK_TEXT(play_told(&play, room, condition), good ? "" : "33 guard_deep");
    }
    play_fini(&play);
}

/* As many operators as may wait, in each bracket that may be open. */
static void all_that_may_wait_has_room(void)
{
    static char room[4096];
    static char guard[5000];
    struct play play;

    play_init(&play);
    (void)chain(room, sizeof(room), 17, "1 ? 2 || 3 && 4 == 5 + 6 * -(", "");
    (void)snprintf(guard, sizeof(guard), "%.*s7%.*s", 16 * 29, room, 16, "))))))))))))))))");
    CHECK(text_starts(play_told(&play, guard, condition), TEXT("3 guard_subset, ")));
    (void)chain(room, sizeof(room), 33, "1 ? 2 || 3 && 4 == 5 + 6 * (", "");
    CHECK(text_starts(play_told(&play, room, condition), TEXT("3 guard_subset, ")));
    play_fini(&play);
}

static void a_list_has_at_most_64_values(void)
{
    static char room[2048];
    static char guard[2100];
    struct play play;

    play_init(&play);
    (void)snprintf(guard, sizeof(guard), "rounds in [%s]",
                   chain(room, sizeof(room), 64, "1", ","));
    CHECK_TEXT(play_told(&play, guard, condition), "");
    (void)snprintf(guard, sizeof(guard), "rounds in [%s]",
                   chain(room, sizeof(room), 65, "1", ","));
    CHECK_TEXT(play_told(&play, guard, condition), "140 guard_list_long");
    play_fini(&play);
}

static void where_the_arena_is_spent_there_is_no_guard(void)
{
    static _Alignas(max_align_t) uint8_t memory[4096];
    struct play play;
    struct arena small;

    play_init(&play);

    struct scope scope = world_scope(&play.world);
    struct mark mark = {.line = 1, .column = 1};

    for (size_t size = 0; size < sizeof(memory); size += 16) {
        arena_init_over(&small, memory, size);
        problem_list_init(&play.problems, &small);

        const struct guard *guard = guard_compile(TEXT("rounds in [1, 2, 3] && minor"), mark,
                                                  condition, &scope, &small, &play.problems);

        CHECK((guard == NULL) == small.spent);
        CHECK_INTEGER(play.problems.count, 0);
    }
    play_fini(&play);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(the_leaves_of_a_false_and_are_those_that_are_false),
        TEST(the_leaves_of_a_true_and_are_all),
        TEST(what_did_not_matter_has_no_reasons_below),
        TEST(a_named_condition_is_a_level_of_its_own),
        TEST(comparisons_of_conditions_are_one_leaf),
        TEST(only_conditions_have_leaves),
        TEST(the_names_that_are_missing_are_told),
        TEST(a_guard_has_at_most_256_parts),
        TEST(a_guard_is_at_most_32_deep),
        TEST(all_that_may_wait_has_room),
        TEST(a_list_has_at_most_64_values),
        TEST(where_the_arena_is_spent_there_is_no_guard),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
