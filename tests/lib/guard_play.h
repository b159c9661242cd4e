#ifndef DUBAN_LIB_GUARD_PLAY_H
#define DUBAN_LIB_GUARD_PLAY_H

/*
 * A guard over the small world: what it says, and what is wrong with it, as one line of text each,
 * so that tests are tables.
 */
#include "core/calendar.h"
#include "lib/guard_world.h"

#include <stdio.h>

struct play {
    struct world world;
    struct arena arena;
    struct problem_list problems;
    const struct calendar
        *calendar; /* weekends rest; 2026 is covered, its 1 May is a holiday */
    char line[2048];
};

static inline const struct guard *play_compile(struct play *play, const char *guard,
                                               struct guard_wish wish)
{
    struct scope scope = world_scope(&play->world);

    problem_list_init(&play->problems, &play->arena);
    return guard_compile(text_of(guard), (struct mark){.line = 1, .column = 1}, wish, &scope,
                         &play->arena, &play->problems);
}

static inline void play_init(struct play *play)
{
    static const struct calendar_row rows[] = {
        {.year = 2026, .month = 1, .day = 1, .kind = DAY_HOLIDAY},
        {.year = 2026, .month = 5, .day = 1, .kind = DAY_HOLIDAY},
    };
    struct guard_wish condition = {.type = VALUE_FLAG};

    world_init(&play->world);
    arena_init_growing(&play->arena, (size_t)64 << 20);
    play->calendar = calendar_build(&play->arena, TEXT("test"), TEXT("1"), NULL, rows, 2);
    play->world.exempt = play_compile(play, "minor && has(served_on) && !harm", condition);
    play->world.heavy = play_compile(play, "fine > 1000.00 || exempt", condition);
    MUST(play->world.exempt != NULL);
    MUST(play->world.heavy != NULL);
}

static inline void play_fini(struct play *play)
{
    arena_fini(&play->arena);
}

/* "5 guard_name, 9 guard_sign": each problem's column (with its line before it, from the second
 * on) and code; empty: none. */
static inline struct text play_told(struct play *play, const char *guard,
                                    struct guard_wish wish)
{
    const struct guard *made = play_compile(play, guard, wish);
    size_t at = 0;

    MUST((made == NULL) == (play->problems.error_count > 0));
    for (const struct problem *p = play->problems.first; p != NULL; p = p->next) {
        char line[16] = "";

        if (p->mark.line > 1) {
            (void)snprintf(line, sizeof(line), "%u:", p->mark.line);
        }
        at += (size_t)snprintf(play->line + at, sizeof(play->line) - at, "%s%s%u %s",
                               at == 0 ? "" : ", ", line, p->mark.column, p->message->code);
    }
    return (struct text){.bytes = play->line, .size = at};
}

/* What a compiled guard says: its value, or "unknown". */
static inline struct text play_value(struct play *play, const struct guard *guard,
                                     struct value *values)
{
    struct reading reading = world_reading(&play->world, play->calendar);
    struct value value = guard_evaluate(guard, &reading, values);

    if (!value.known) {
        return TEXT("unknown");
    }
    return (struct text){.bytes = play->line,
                         .size = value_print(&value, guard->choices, reading.zone_ms,
                                             play->line, sizeof(play->line))};
}

/* The same from its text; its problems, if it has some. */
static inline struct text play_said(struct play *play, const char *guard,
                                    struct guard_wish wish)
{
    struct value values[GUARD_NODES_MAX];
    const struct guard *made = play_compile(play, guard, wish);

    return made == NULL ? play_told(play, guard, wish) : play_value(play, made, values);
}

/* Each leaf: `*` if it is a reason, T F ?, its text; `>` for each level of a named condition. */
static inline struct text play_leaves(struct play *play, const char *text)
{
    static const char truths[] = {'F', 'T', '?'};
    struct value values[GUARD_NODES_MAX];
    struct guard_leaf leaves[GUARD_NODES_MAX];
    const struct guard *guard =
        play_compile(play, text, (struct guard_wish){.type = VALUE_FLAG});
    size_t at = 0;

    MUST(guard != NULL);
    (void)play_value(play, guard, values);

    uint32_t count = guard_leaves(guard, values, leaves, GUARD_NODES_MAX);

    for (uint32_t i = 0; i < count; i++) {
        at += (size_t)snprintf(play->line + at, sizeof(play->line) - at, "%s%.*s%s%c %.*s",
                               at == 0 ? "" : "; ", leaves[i].depth, ">>>>",
                               leaves[i].decided ? "*" : "", truths[leaves[i].truth],
                               TEXT_ARGS(leaves[i].text));
    }
    return (struct text){.bytes = play->line, .size = at};
}

/* The names that are missing, with commas between. */
static inline struct text play_missing(struct play *play, const char *text)
{
    struct value values[GUARD_NODES_MAX];
    uint16_t nodes[GUARD_NODES_MAX];
    const struct guard *guard = play_compile(play, text, (struct guard_wish){.any = true});
    size_t at = 0;

    MUST(guard != NULL);
    (void)play_value(play, guard, values);

    uint32_t count = guard_missing(guard, values, nodes, GUARD_NODES_MAX);

    for (uint32_t i = 0; i < count; i++) {
        at += (size_t)snprintf(play->line + at, sizeof(play->line) - at, "%s%.*s",
                               at == 0 ? "" : ", ", TEXT_ARGS(guard->nodes[nodes[i]].text));
    }
    return (struct text){.bytes = play->line, .size = at};
}

#endif
