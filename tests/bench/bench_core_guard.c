/*
 * What a guard costs: nanoseconds of one guard_judge, over guards as procedures have them, and of
 * one guard_compile. One JSON line a figure: the best and the middle of several rounds.
 */
#include "core/calendar.h"
#include "lib/guard_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 21, TIMES = 100000, COMPILES = 2000 };

static const struct shape {
    const char *name;
    const char *guard;
} shapes[] = {
    {"flag", "minor"},
    {"two_officers", "size(actors) >= 2 && actors.certified"},
    {"exempt", "minor && has(served_on) && !harm"},
    {"stage_and_fine",
     "case.stage in ['filed', 'investigate'] && ((kind == 'organisation' && "
     "event.fine >= 100000.00) || (kind == 'person' && event.fine >= 10000.00))"},
    {"in_time", "date(event.occurred) <= after(clock.correct.last_day, 2wd)"},
    {"paid", "fine + clock.late_fee.amount <= event.fine + registers.fines[name].max"},
};

static _Alignas(max_align_t) uint8_t memory[8 << 20];

static double now_ns(void)
{
    struct timespec at;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;

    return (*x > *y) - (*x < *y);
}

static void print(const char *bench, const char *name, uint32_t nodes, double *ns)
{
    qsort(ns, ROUNDS, sizeof(ns[0]), by_size);
    (void)printf("{\"bench\":\"%s\",\"shape\":\"%s\",\"nodes\":%u,\"best_ns\":%.1f,"
                 "\"median_ns\":%.1f}\n",
                 bench, name, nodes, ns[0], ns[ROUNDS / 2]);
}

static void set_world(struct world *world)
{
    world_init(world);
    world->actors[0] = TEXT("wang");
    world->actors[1] = TEXT("zhao");
    world->actor_count = 2;
    world_set(world, "minor", "true");
    world_set(world, "harm", "false");
    world_set(world, "actors.certified", "true");
    world_set(world, "served_on", "2026-03-02");
    world_set(world, "case.stage", "investigate");
    world_set(world, "kind", "person");
    world_set(world, "name", "a");
    world_set(world, "fine", "2000.00");
    world_set(world, "event.fine", "12000.00");
    world_set(world, "clock.late_fee.amount", "12.00");
    world_set(world, "registers.fines.max", "50000.00");
    world_set(world, "clock.correct.last_day", "2026-03-12");
    world_set(world, "event.occurred", "2026-03-14T10:00");
}

static void time_judging(const struct shape *shape, const struct guard *guard,
                         const struct reading *reading)
{
    double ns[ROUNDS];

    for (int round = 0; round < ROUNDS; round++) {
        double from = now_ns();
        uint32_t held = 0;

        for (int i = 0; i < TIMES; i++) {
            held += guard_judge(guard, reading) == TRUTH_TRUE;
        }
        MUST(held == TIMES); /* all of them hold, and the compiler may not leave them out */
        ns[round] = (now_ns() - from) / TIMES;
    }
    print("guard.judge", shape->name, guard->node_count, ns);
}

static void time_compiling(const struct shape *shape, const struct scope *scope,
                           struct arena *arena)
{
    struct guard_wish wish = {.type = VALUE_FLAG};
    struct problem_list problems;
    double ns[ROUNDS];
    uint32_t nodes = 0;

    problem_list_init(&problems, arena);
    for (int round = 0; round < ROUNDS; round++) {
        double from = now_ns();

        for (int i = 0; i < COMPILES; i++) {
            uint8_t *here = arena_mark(arena);
            const struct guard *guard = guard_compile(text_of(shape->guard), (struct mark){0},
                                                      wish, scope, arena, &problems);

            MUST(guard != NULL);
            nodes = guard->node_count;
            arena_rewind(arena, here);
        }
        ns[round] = (now_ns() - from) / COMPILES;
    }
    print("guard.compile", shape->name, nodes, ns);
}

int main(void)
{
    struct guard_wish wish = {.type = VALUE_FLAG};
    struct problem_list problems;
    struct arena arena;
    struct world world;

    arena_init_over(&arena, memory, sizeof(memory));
    problem_list_init(&problems, &arena);
    set_world(&world);

    const struct calendar *calendar =
        calendar_build(&arena, TEXT("weekends"), TEXT("1"), NULL, NULL, 0);
    struct scope scope = world_scope(&world);
    struct reading reading = world_reading(&world, calendar);

    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        const struct guard *guard = guard_compile(text_of(shapes[i].guard), (struct mark){0},
                                                  wish, &scope, &arena, &problems);

        MUST(guard != NULL);
        time_judging(&shapes[i], guard, &reading);
        time_compiling(&shapes[i], &scope, &arena);
    }
    return 0;
}
