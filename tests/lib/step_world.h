#ifndef DUBAN_LIB_STEP_WORLD_H
#define DUBAN_LIB_STEP_WORLD_H

/*
 * A small world for steps: one agency, its people, one calendar, one procedure from YAML, one
 * case. In a header alone, for it stands on the codec, which the harness does not.
 */
#include "base/must.h"
#include "codec/procedure_yaml.h"
#include "core/step.h"
#include "lib/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORLD_ZONE_MS ((int64_t)8 * 3600000)

/* Roles that the procedures of these tests share. */
#define WORLD_ROLES                                                \
    "version: 1\nzh: 例\nen: example\nfrom: 2021-07-15\n"         \
    "roles:\n"                                                     \
    "  officer: {zh: 执法人员, en: officer, assigned: true}\n" \
    "  head: {zh: 承办机构负责人, en: head}\n"              \
    "  leader: {zh: 主要负责人, en: leader}\n"                \
    "  party: {zh: 当事人, en: party, outside: true}\n"         \
    "chain: [officer, head, leader]\n"

static const struct person world_people[] = {
    {.id = TEXT_INIT("wang"),
     .certified = true,
     .certified_from = DATE_NONE,
     .certified_to = DATE_NONE},
    {.id = TEXT_INIT("zhao"),
     .certified = true,
     .certified_from = DATE_NONE,
     .certified_to = DATE_NONE},
    {.id = TEXT_INIT("sun"), .certified_from = DATE_NONE, .certified_to = DATE_NONE},
    {.id = TEXT_INIT("li"), .certified_from = DATE_NONE, .certified_to = DATE_NONE},
};

#define WORLD_HOLDING(who, what)                                                     \
    {                                                                                \
        .person = (who), .role = TEXT_INIT(what), .from = DATE_NONE, .to = DATE_NONE \
    }

/* li is an officer too, so that only `apart` keeps him from being both. */
static const struct holding world_holdings[] = {
    WORLD_HOLDING(0, "officer"), WORLD_HOLDING(1, "officer"), WORLD_HOLDING(3, "officer"),
    WORLD_HOLDING(2, "head"),    WORLD_HOLDING(3, "leader"),
};

struct world {
    struct arena loaded; /* procedure and calendar */
    struct arena arenas[2];
    void *rooms[2]; /* the states of now and of the step before, in turn */
    uint32_t turn;
    struct agency agency;
    struct installed installed;
    const struct procedure *procedure;
    struct case_state state;
    struct outcome outcome;
    int64_t now_ms;
    char separator; /* of what an event carries: ';' */
    struct carried facts[16];
    struct text with[4];
};

static inline int64_t world_instant(const char *words)
{
    int64_t at_ms = 0;

    MUST(instant_parse(text_of(words), WORLD_ZONE_MS, &at_ms));
    return at_ms;
}

static inline int32_t world_date(const char *words)
{
    int32_t date = 0;

    MUST(date_parse(text_of(words), &date));
    return date;
}

/* A calendar of weekends, all years published. */
static inline const struct calendar *world_calendar(struct arena *arena)
{
    static struct calendar_row rows[YEAR_LAST - YEAR_FIRST + 1];

    for (int32_t year = YEAR_FIRST; year <= YEAR_LAST; year++) {
        rows[year - YEAR_FIRST] =
            (struct calendar_row){.year = year, .month = 1, .day = 1, .kind = DAY_HOLIDAY};
    }
    return calendar_build(arena, TEXT("cn"), TEXT("1"), NULL, rows,
                          sizeof(rows) / sizeof(rows[0]));
}

static inline void world_begin(struct world *world, const char *yaml)
{
    struct source source = {.name = TEXT("example.yaml"), .bytes = text_of(yaml)};
    struct library library = {0};
    struct problem_list problems;

    *world = (struct world){.separator = ';'};
    arena_init_growing(&world->loaded, PROCEDURE_BYTES_MAX);
    problem_list_init(&problems, &world->loaded);
    for (int i = 0; i < 2; i++) {
        world->rooms[i] = malloc(STEP_ARENA_BYTES);
        MUST(world->rooms[i] != NULL);
    }
    world->agency = (struct agency){.id = TEXT("gulou"), .parent = NO_AGENCY};
    world->agency.office = (struct office){.calendar = world_calendar(&world->loaded),
                                           .zone_ms = WORLD_ZONE_MS,
                                           .moment_ms = OFFICE_MOMENT_MS};
    world->installed = (struct installed){
        .agencies = &world->agency,
        .agency_count = 1,
        .people = world_people,
        .person_count = sizeof(world_people) / sizeof(world_people[0]),
        .holdings = world_holdings,
        .holding_count = sizeof(world_holdings) / sizeof(world_holdings[0]),
    };
    world->procedure = procedure_load(&source, &library, &world->loaded, &problems);
    for (const struct problem *at = problems.first; at != NULL; at = at->next) {
        if (at->severity == PROBLEM_ERROR) {
            printf("%u:%u: %s\n", at->mark.line, at->mark.column, at->message->en);
            printf("  %.*s | %.*s\n", TEXT_ARGS(at->arguments[0]), TEXT_ARGS(at->arguments[1]));
        }
    }
    MUST(world->procedure != NULL);
    world->state = (struct case_state){.agency = world->agency.id, .next_ms = INSTANT_NEVER};
}

static inline void world_end(struct world *world)
{
    arena_fini(&world->loaded);
    free(world->rooms[0]);
    free(world->rooms[1]);
}

static inline struct step world_step(struct world *world)
{
    struct arena *arena = &world->arenas[world->turn++ % 2];

    arena_init_over(arena, world->rooms[(world->turn - 1) % 2], STEP_ARENA_BYTES);
    return (struct step){.procedure = world->procedure,
                         .installed = &world->installed,
                         .agency = &world->agency,
                         .before = &world->state,
                         .now_ms = world->now_ms};
}

static inline struct arena *world_arena(struct world *world)
{
    return &world->arenas[(world->turn - 1) % 2];
}

static inline struct text world_cut(struct text *rest, char separator)
{
    return text_trim(text_cut(*rest, separator, rest));
}

/*
 * `who` is "role:person+with+with", `carries` is "fine=20.00; give=10d". With one document, so
 * that what needs an approval has one. True: it was applied.
 */
static inline bool world_take(struct world *world, const char *type, const char *who,
                              const char *carries, const char *occurred)
{
    static const struct text documents[] = {TEXT_INIT("审批表")};
    struct text persons;
    struct text rest = {arena_copy(&world->loaded, carries, strlen(carries)), strlen(carries)};
    struct event event = {
        .type = text_of(type),
        .occurred_ms = world_instant(occurred),
        .facts = world->facts,
        .with = world->with,
        .documents = documents,
        .document_count = 1,
    };

    event.role = text_cut(text_of(who), ':', &persons);
    event.person = world_cut(&persons, '+');
    while (!text_empty(persons)) {
        world->with[event.with_count++] = world_cut(&persons, '+');
    }
    while (!text_empty(rest)) {
        struct text value;
        struct text name = text_cut(world_cut(&rest, world->separator), '=', &value);

        world->facts[event.fact_count++] = (struct carried){.name = name, .value = value};
    }

    struct step step = world_step(world);

    MUST(case_step(&step, &event, world_arena(world), &world->outcome));
    if (world->outcome.verdict == VERDICT_APPLIED) {
        world->state = world->outcome.after;
    }
    return world->outcome.verdict == VERDICT_APPLIED;
}

/* The same, at the instant at which it occurred. */
static inline bool world_act(struct world *world, const char *type, const char *who,
                             const char *carries, const char *at)
{
    world->now_ms = world_instant(at);
    return world_take(world, type, who, carries, at);
}

/* The effects of one kind in the last outcome. */
static inline uint32_t world_effects(const struct world *world, enum effect_kind kind)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < world->outcome.effect_count; i++) {
        count += world->outcome.effects[i].kind == kind;
    }
    return count;
}

/* Whether the last event was refused with this code. */
static inline bool world_refused(const struct world *world, const char *code)
{
    for (uint32_t i = 0; i < world->outcome.reason_count; i++) {
        if (text_is(world->outcome.reasons[i].code, code)) {
            return true;
        }
    }
    return false;
}

/* Fire the next moment at an instant; false: there is none by then. */
static inline bool world_fire_one(struct world *world, const char *now)
{
    world->now_ms = world_instant(now);
    if (world->state.next_ms > world->now_ms) {
        return false;
    }

    struct step step = world_step(world);

    MUST(case_fire(&step, world_arena(world), &world->outcome));
    world->state = world->outcome.after;
    return true;
}

/* Fire all that is due by an instant, each at its own; how many notices went out. */
static inline uint32_t world_pass(struct world *world, const char *until)
{
    uint32_t notices = 0;

    while (world->state.next_ms <= world_instant(until)) {
        struct step step;

        if (world->state.next_ms > world->now_ms) {
            world->now_ms = world->state.next_ms;
        }
        step = world_step(world);
        MUST(case_fire(&step, world_arena(world), &world->outcome));
        world->state = world->outcome.after;
        notices += world_effects(world, EFFECT_NOTICE);
    }
    world->now_ms = world_instant(until);
    return notices;
}

/* The newest instance of a clock, which must have started. */
static inline const struct instance *world_clock(const struct world *world, const char *name)
{
    uint16_t clock = procedure_clock(world->procedure, text_of(name));

    MUST(clock != NO_INDEX);

    const struct instance *instance = state_instance(&world->state, clock, NULL);

    MUST(instance != NULL);
    return instance;
}

static inline bool world_is(const struct world *world, const char *clock, const char *state)
{
    return text_is(instance_state_word(world_clock(world, clock)->state), state);
}

static inline bool world_ends_on(const struct world *world, const char *clock,
                                 const char *last_day)
{
    return world_clock(world, clock)->due.last_day == world_date(last_day);
}

#endif
