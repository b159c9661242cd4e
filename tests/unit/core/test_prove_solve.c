#include "core/prove_parts.h"
#include "core/scope.h"
#include "lib/check.h"
#include "lib/rng.h"

#include <stdio.h>
#include <string.h>

/*
 * The solver against something stupid and certain: random conditions, and all values of all
 * facts one after the other. What the solver says cannot be is not; what it finds is there.
 */

enum { ROOM = 8 * 1024 * 1024, GUARDS = 600 };
enum { HARM, MINOR, COUNT, LIMIT, KIND, MARKS, DAY, FACTS };

static uint8_t memory[ROOM];
static const struct text kinds[] = {TEXT_INIT("a"), TEXT_INIT("b"), TEXT_INIT("c")};
static const struct fact facts[FACTS] = {
    {.name = TEXT_INIT("harm"), .type = VALUE_FLAG},
    {.name = TEXT_INIT("minor"), .type = VALUE_FLAG},
    {.name = TEXT_INIT("count"), .type = VALUE_INTEGER},
    {.name = TEXT_INIT("limit"), .type = VALUE_INTEGER},
    {.name = TEXT_INIT("kind"), .type = VALUE_CHOICE, .choices = {.names = kinds, .count = 3}},
    {.name = TEXT_INIT("marks"), .type = VALUE_SET, .choices = {.names = kinds, .count = 2}},
    {.name = TEXT_INIT("day"), .type = VALUE_DATE},
};
static const struct procedure procedure = {
    .name = TEXT_INIT("p"), .facts = facts, .fact_count = FACTS};

/* Leaves; the first ones ask about one fact each, so that nothing is lost in regions. */
static const char *const leaves[] = {
    "harm",
    "!minor",
    "has(harm)",
    "has(count)",
    "count > 2",
    "count + 1 <= 2",
    "1 == count",
    "count in [0, 3]",
    "kind == 'a'",
    "kind != 'c'",
    "kind in ['a', 'b']",
    "has(kind)",
    "'a' in marks",
    "day < date('2026-03-02')",
    "day >= date('2026-03-03')",
    "harm == minor",
    "limit - 1 > 1",
    "count < limit",
    "count == limit",
    "size(marks) > 1",
};
enum { CERTAIN_LEAVES = 17, LEAVES = sizeof(leaves) / sizeof(leaves[0]) };

static struct value values[FACTS];

static struct value read(const void *context, const struct symbol *symbol,
                         const struct value *key)
{
    (void)context;
    (void)key;
    return values[symbol->index];
}

/* Value number i of a fact; 0 is unset. False: there are no more. */
static bool nth_value(uint32_t fact, uint32_t i, struct value *value)
{
    *value = value_unknown(facts[fact].type);
    if (i == 0) {
        return true;
    }
    value->known = true;
    switch (facts[fact].type) {
    case VALUE_FLAG:
        value->flag = i == 2;
        return i <= 2;
    case VALUE_INTEGER:
        value->number = (int64_t)i - 3;
        return i <= 8;
    case VALUE_CHOICE:
        value->choice = i - 1;
        return i <= 3;
    case VALUE_SET:
        value->set = i - 1;
        return i <= 4;
    case VALUE_DATE:
        value->date = date_of(2026, 3, (int32_t)i);
        return i <= 4;
    case VALUE_MONEY:
    case VALUE_TEXT:
    case VALUE_INSTANT:
    case VALUE_LENGTH:
        break;
    }
    return false;
}

static uint64_t facts_of(const struct guard *guard)
{
    uint64_t used = 0;

    for (uint32_t i = 0; i < guard->node_count; i++) {
        if (guard->nodes[i].operation == GUARD_NAME) {
            used |= (uint64_t)1 << guard->nodes[i].symbol.index;
        }
    }
    return used;
}

/* All truths the guard takes, over all values of the facts it names. */
static uint32_t all_truths(const struct guard *guard)
{
    struct reading reading = {.read = read};
    uint64_t used = facts_of(guard);
    uint32_t at[FACTS] = {0};
    uint32_t truths = 0;
    uint32_t fact = 0;

    for (uint32_t i = 0; i < FACTS; i++) {
        (void)nth_value(i, 0, &values[i]);
    }
    while (fact < FACTS) {
        truths |= 1U << guard_judge(guard, &reading);
        for (fact = 0; fact < FACTS; fact++) {
            if ((used >> fact & 1) == 0) {
                continue;
            }
            if (nth_value(fact, ++at[fact], &values[fact])) {
                break;
            }
            at[fact] = 0;
            (void)nth_value(fact, 0, &values[fact]);
        }
    }
    return truths;
}

/* A condition of a few leaves. */
static void write_guard(struct rng *rng, uint32_t leaf_count, char *out, size_t size)
{
    uint32_t count = (uint32_t)rng_between(rng, 1, 5);
    size_t at = 0;

    for (uint32_t i = 1; i < count; i++) {
        at += (size_t)snprintf(out + at, size - at, "(");
    }
    for (uint32_t i = 0; i < count; i++) {
        at += (size_t)snprintf(out + at, size - at, "%s(%s)%s",
                               rng_between(rng, 0, 3) == 0 ? "!" : "",
                               leaves[rng_between(rng, 0, leaf_count - 1)], i == 0 ? "" : ")");
        if (i + 1 < count) {
            at += (size_t)snprintf(out + at, size - at, "%s",
                                   rng_between(rng, 0, 1) == 0 ? " && " : " || ");
        }
    }
}

static const struct guard *compile(const char *text, struct arena *arena)
{
    struct problem_list problems;
    struct guard_place place = {.procedure = &procedure};
    struct guard_wish wish = {.type = VALUE_FLAG};
    struct scope scope = procedure_scope(&place);

    problem_list_init(&problems, arena);
    return guard_compile(text_of(text), (struct mark){0}, wish, &scope, arena, &problems);
}

static uint32_t found_truths(struct prover *prover, const struct guard *guard)
{
    struct scene scene = {.stage = 0, .own = NO_INDEX};
    uint32_t truths = 0;

    for (uint32_t truth = 0; truth < 3; truth++) {
        solve_begin(prover, &scene);
        solve_want(prover, guard, BEFORE, 1U << truth);
        if (solve(prover) != FOUND_NONE) {
            truths |= 1U << truth;
        }
    }
    return truths;
}

/* Try random guards over some of the leaves; how often the solver found more than there is. */
static uint32_t compare(uint32_t leaf_count)
{
    struct rng rng = rng_seeded(20261120);
    struct arena arena;
    struct prover prover = {.procedure = &procedure, .work_max = UINT64_MAX};
    uint32_t more = 0;

    arena_init_over(&arena, memory, sizeof(memory));
    prover.solver = solver_room(&arena);

    uint8_t *mark = arena_mark(&arena);

    for (uint32_t i = 0; i < GUARDS; i++) {
        char text[512];

        write_guard(&rng, leaf_count, text, sizeof(text));

        const struct guard *guard = compile(text, &arena);

        CHECK(guard != NULL);

        uint32_t there = all_truths(guard);
        uint32_t found = found_truths(&prover, guard);

        if (!CHECK((there & ~found) == 0)) {
            printf("not found: %s\n", text);
        }
        more += (found & ~there) != 0;
        arena_rewind(&arena, mark);
    }
    return more;
}

static void what_cannot_be_found_is_not(void)
{
    (void)compare(LEAVES);
}

static void what_is_found_about_single_facts_is_there(void)
{
    CHECK_INTEGER(compare(CERTAIN_LEAVES), 0);
}

static void what_is_found_is_told_as_a_condition(void)
{
    struct arena arena;
    struct prover prover = {.procedure = &procedure, .work_max = UINT64_MAX};
    struct scene scene = {.stage = 0, .own = NO_INDEX};
    struct words words;

    arena_init_over(&arena, memory, sizeof(memory));
    prover.solver = solver_room(&arena);
    solve_begin(&prover, &scene);
    solve_want(&prover, compile("count > 2 && kind == 'b' && !harm && has(day)", &arena),
               BEFORE, WANT_TRUE);
    CHECK(solve(&prover) == FOUND_ONE);
    CHECK_TEXT(solve_words(&prover, &words), "count > 2 && kind == 'b' && !harm && has(day)");
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(what_cannot_be_found_is_not),
        TEST(what_is_found_about_single_facts_is_there),
        TEST(what_is_found_is_told_as_a_condition),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
