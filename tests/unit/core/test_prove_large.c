#include "core/prove.h"
#include "core/scope.h"
#include "lib/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Hostile procedures at all limits: what they cost is counted, and what could not be proved is
 * said.
 */

enum { ROOM = 64 * 1024 * 1024, FLAGS = 100, EVENTS = 60 };

struct large {
    void *memory;
    struct arena arena;
    struct problem_list problems;
    struct procedure procedure;
    struct clock clocks[CLOCKS_MAX];
    struct stage stages[STAGES_MAX];
    struct event_name events[EVENTS_MAX];
    struct fact facts[FACTS_MAX];
    char names[1024][8];
    uint32_t name_count;
};

static struct large *large;

static struct text name_of(char letter, uint32_t number)
{
    char *name = large->names[large->name_count++ % 1024];

    (void)snprintf(name, 8, "%c%u", letter, number);
    return text_of(name);
}

static void begin(uint32_t clock_count, uint32_t stage_count, uint32_t event_count)
{
    static const struct role officer = {.name = TEXT_INIT("officer")};
    struct procedure *procedure;

    large = calloc(1, sizeof(*large));
    CHECK(large != NULL);
    large->memory = malloc(ROOM);
    arena_init_over(&large->arena, large->memory, ROOM);
    problem_list_init(&large->problems, &large->arena);
    procedure = &large->procedure;
    *procedure = (struct procedure){
        .name = TEXT("large"),
        .roles = &officer,
        .role_count = 1,
        .facts = large->facts,
        .fact_count = FLAGS,
        .clocks = large->clocks,
        .clock_count = clock_count,
        .stages = large->stages,
        .stage_count = stage_count,
        .events = large->events,
        .event_count = event_count + clock_count,
    };
    for (uint32_t i = 0; i < FLAGS; i++) {
        large->facts[i] = (struct fact){.name = name_of('f', i), .type = VALUE_FLAG};
    }
    for (uint32_t i = 0; i < clock_count; i++) {
        large->clocks[i] = (struct clock){
            .name = name_of('c', i),
            .kind = i % 2 == 0 ? CLOCK_WINDOW : CLOCK_DUTY,
            .length = {.given = true, .fact = NO_INDEX, .length = {5, LENGTH_DAYS}},
            .per = NO_INDEX,
        };
    }
    for (uint32_t i = 0; i < procedure->event_count; i++) {
        bool end = i >= event_count;

        large->events[i] = (struct event_name){
            .name = name_of('e', i),
            .family = end ? EVENT_CLOCK_END : EVENT_ORDINARY,
            .clock = (uint16_t)(end ? i - event_count : 0),
        };
    }
    for (uint32_t i = 0; i < stage_count; i++) {
        large->stages[i] =
            (struct stage){.name = name_of('s', i), .final = i + 1 == stage_count};
    }
}

static void end(void)
{
    free(large->memory);
    free(large);
}

static const struct guard *guard(const char *text)
{
    struct guard_place place = {.procedure = &large->procedure, .in_event = true};
    struct guard_wish wish = {.type = VALUE_FLAG};
    struct scope scope = procedure_scope(&place);
    const struct guard *made = guard_compile(text_of(text), (struct mark){.line = 1}, wish,
                                             &scope, &large->arena, &large->problems);

    CHECK(made != NULL);
    return made;
}

/* Whether an odd number of flags is true: nothing is known until all are. */
static const struct guard *parity(uint32_t first, uint32_t count)
{
    char text[2048];
    size_t size = (size_t)snprintf(text, sizeof(text), "f%u", first);

    for (uint32_t i = 1; i < count; i++) {
        char longer[2048];

        size = (size_t)snprintf(longer, sizeof(longer), "(%s) != f%u", text, first + i);
        memcpy(text, longer, size + 1);
    }
    return guard(text);
}

static void *many(size_t count, size_t size)
{
    return arena_take_zeroed(&large->arena, count, size);
}

/* Every event in every stage chooses between stages by a condition. */
static void fill(const struct guard *when, uint32_t event_count, uint32_t branch_count)
{
    const struct procedure *procedure = &large->procedure;

    for (uint32_t i = 0; i < procedure->stage_count; i++) {
        struct offer *offers = many(event_count, sizeof(*offers));

        for (uint32_t j = 0; j < event_count; j++) {
            struct rule *rule = many(1, sizeof(*rule));
            struct branch *to = many(branch_count, sizeof(*to));
            struct clock_act *acts = many(procedure->clock_count, sizeof(*acts));

            for (uint32_t k = 0; k < branch_count; k++) {
                to[k] = (struct branch){
                    .when = k + 1 < branch_count ? when : NULL,
                    .stage = (uint16_t)((i * 7 + j + k * 3) % procedure->stage_count)};
            }
            for (uint32_t k = 0; k < procedure->clock_count; k++) {
                acts[k].clock = (uint16_t)k;
            }
            rule->keep = true;
            rule->to = to;
            rule->to_count = branch_count;
            rule->starts = &acts[j % procedure->clock_count];
            rule->start_count = 1;
            rule->meets = &acts[(j * 5 + i) % procedure->clock_count];
            rule->meet_count = 1;
            offers[j] = (struct offer){.event = (uint16_t)j, .rules = rule, .rule_count = 1};
        }
        large->stages[i].offers = offers;
        large->stages[i].offer_count = event_count;
        large->stages[i].outlives = large->stages[i].final ? ~(uint64_t)0 : 0;
    }
    large->procedure.opens = large->stages[0].offers;
    large->procedure.open_count = 1;
}

static uint64_t prove(uint64_t work_max)
{
    uint64_t work = 0;
    struct prove_options options = {.work_max = work_max, .work = &work};

    procedure_prove(&large->procedure, &options, &large->arena, &large->problems);
    return work;
}

static bool told(const char *code)
{
    for (const struct problem *p = large->problems.first; p != NULL; p = p->next) {
        if (strcmp(p->message->code, code) == 0) {
            return true;
        }
    }
    return false;
}

static void conditions_beyond_counting_are_noted(void)
{
    begin(2, 3, 4);
    fill(parity(0, 30), 4, 3);
    CHECK(prove(0) < PROVE_WORK_MAX * 2);
    CHECK(told("too_many"));
    end();
}

static void a_procedure_at_all_limits_costs_a_bounded_amount(void)
{
    begin(CLOCKS_MAX, STAGES_MAX, EVENTS);
    fill(parity(10, 28), EVENTS, 3);
    CHECK(prove(0) < PROVE_WORK_MAX * 2);
    CHECK(!large->arena.spent);
    end();
}

static void clocks_in_every_mixture_are_taken_together(void)
{
    begin(CLOCKS_MAX, 8, EVENTS);
    fill(guard("clock.c0.live && !clock.c2.live || clock.c4.running"), EVENTS, 3);
    CHECK(prove(0) < PROVE_WORK_MAX);
    CHECK(!told("too_large"));
    end();
}

static void what_was_not_proved_is_an_error(void)
{
    begin(CLOCKS_MAX, 8, EVENTS);
    fill(guard("clock.c0.live"), EVENTS, 3);
    CHECK(prove(1000) < 100000);
    CHECK(told("too_large"));
    end();
}

static void without_memory_nothing_is_proved(void)
{
    begin(2, 3, 4);
    fill(NULL, 4, 1);
    (void)arena_take(&large->arena, (size_t)(large->arena.end - large->arena.at) - 60000);

    uint32_t count = large->problems.count;

    (void)prove(0);
    CHECK(large->problems.count > count);
    end();
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(conditions_beyond_counting_are_noted),
        TEST(a_procedure_at_all_limits_costs_a_bounded_amount),
        TEST(clocks_in_every_mixture_are_taken_together),
        TEST(what_was_not_proved_is_an_error),
        TEST(without_memory_nothing_is_proved),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
