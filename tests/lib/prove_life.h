#ifndef DUBAN_LIB_PROVE_LIFE_H
#define DUBAN_LIB_PROVE_LIFE_H

/*
 * Random lives of a procedure through the very step of the daemon: events of people as its rules
 * would have them, more or less, and time that passes. A case that nothing wakes breaks a MUST of
 * the step; a rule without a way out, and a clock that silently does not start, are seen in what
 * the step tells. For the tests of the prover, which include it whole.
 */
#include "core/prove.h"
#include "core/step.h"
#include "lib/check.h"
#include "lib/rng.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_ROOM = 4 * 1024 * 1024 };

/* A procedure, and what is installed around it: one agency, and one person for each role inside,
 * of the role's name. */
struct world {
    struct arena arena; /* for as long as the procedure */
    const struct procedure *procedure;
    struct problem_list problems;
    struct installed installed;
    struct agency agency;
};

struct life {
    struct world *world;
    struct rng rng;
    struct arena texts; /* what events carried */
    uint8_t *rooms[2];
    struct arena room;
    struct case_state state;
    int64_t now_ms;
    uint32_t applied;
    uint32_t fired;
    uint32_t broken; /* outcomes that should not be */
};

static void world_set_up(struct world *world, const struct role *roles, uint32_t role_count)
{
    struct person *people = arena_take_zeroed(&world->arena, role_count, sizeof(*people));
    struct holding *holdings = arena_take_zeroed(&world->arena, role_count, sizeof(*holdings));

    for (uint32_t i = 0; i < role_count; i++) {
        people[i] = (struct person){.id = roles[i].name,
                                    .name = roles[i].name,
                                    .certified = true,
                                    .certified_from = DATE_NONE,
                                    .certified_to = DATE_NONE};
        holdings[i] = (struct holding){
            .person = (uint16_t)i, .role = roles[i].name, .from = DATE_NONE, .to = DATE_NONE};
    }
    world->agency = (struct agency){
        .id = TEXT("gulou"),
        .parent = NO_AGENCY,
        .office = {.calendar =
                       calendar_build(&world->arena, TEXT("cn"), TEXT("1"), NULL, NULL, 0),
                   .zone_ms = (int64_t)8 * 3600000,
                   .moment_ms = OFFICE_MOMENT_MS},
    };
    world->installed = (struct installed){
        .agencies = &world->agency,
        .agency_count = 1,
        .people = people,
        .person_count = role_count,
        .holdings = holdings,
        .holding_count = role_count,
    };
}

static bool life_chance(struct life *life, int64_t percent)
{
    return rng_between(&life->rng, 1, 100) <= percent;
}

static uint32_t life_below(struct life *life, uint32_t count)
{
    return (uint32_t)rng_between(&life->rng, 0, (int64_t)count - 1);
}

static struct text life_keep(struct life *life, const char *text)
{
    return (struct text){.bytes = arena_copy(&life->texts, text, strlen(text)),
                         .size = strlen(text)};
}

static struct text life_any_of(struct life *life, const char *const *words, uint32_t count)
{
    return text_of(words[life_below(life, count)]);
}

#define LIFE_ANY(life, words) life_any_of(life, words, sizeof(words) / sizeof((words)[0]))

static struct text life_any_date(struct life *life, bool with_time)
{
    char text[INSTANT_TEXT_SIZE];
    int64_t at_ms = life->now_ms + rng_between(&life->rng, -20, 20) * DAY_MS;

    if (with_time) {
        (void)instant_print(at_ms, life->world->agency.office.zone_ms, text);
    } else {
        (void)date_print(date_of_instant(at_ms, 0), text);
    }
    return life_keep(life, text);
}

static struct text life_any_value(struct life *life, const struct fact *fact)
{
    static const char *const flags[] = {"true", "false"};
    static const char *const integers[] = {"0", "1", "2", "3", "5"};
    static const char *const money[] = {"0.00", "100.00", "1000.00", "1000.01", "6000.00"};
    static const char *const texts[] = {"第一号", "b", "c"};
    static const char *const lengths[] = {"3d", "10d", "5wd", "1mo"};

    switch (fact->type) {
    case VALUE_FLAG:
        return LIFE_ANY(life, flags);
    case VALUE_INTEGER:
        return LIFE_ANY(life, integers);
    case VALUE_MONEY:
        return LIFE_ANY(life, money);
    case VALUE_TEXT:
        return LIFE_ANY(life, texts);
    case VALUE_LENGTH:
        return LIFE_ANY(life, lengths);
    case VALUE_DATE:
    case VALUE_INSTANT:
        return life_any_date(life, fact->type == VALUE_INSTANT);
    case VALUE_CHOICE:
    case VALUE_SET:
        break;
    }
    return fact->choices.names[life_below(life, fact->choices.count)];
}

static struct step life_step_of(struct life *life)
{
    /* What was refused leaves the case where it was, so its room is not always the last. */
    const uint8_t *held = (const uint8_t *)life->state.facts;
    bool first = held >= life->rooms[0] && held < life->rooms[0] + STEP_ARENA_BYTES;

    arena_init_over(&life->room, life->rooms[first ? 1 : 0], STEP_ARENA_BYTES);
    return (struct step){
        .procedure = life->world->procedure,
        .installed = &life->world->installed,
        .agency = &life->world->agency,
        .before = &life->state,
        .now_ms = life->now_ms,
    };
}

/* Nothing that was proved may be told. */
static void life_look(struct life *life, const struct outcome *outcome)
{
    bool kept = true;

    /* What is refused on other grounds is given up half way. */
    if (outcome->reason_count == 1) {
        kept = CHECK(!text_is(outcome->reasons[0].code, "no_branch")) && kept;
        kept = CHECK(!text_is(outcome->reasons[0].code, "stranded")) && kept;
    }
    for (uint32_t i = 0; i < outcome->effect_count; i++) {
        const struct effect *effect = &outcome->effects[i];

        if (effect->kind == EFFECT_NOTHING) {
            kept = CHECK(strcmp(effect->message->code, "not_set") != 0) && kept;
        }
    }
    life->broken += !kept;
}

static void life_carry(struct life *life, const struct rule *rule, struct carried *carried,
                       uint32_t *count)
{
    const struct procedure *procedure = life->world->procedure;

    for (uint16_t i = 0; i < procedure->fact_count; i++) {
        bool takes = fact_mask_has(&rule->takes, i) && !life_chance(life, 4);
        bool may = fact_mask_has(&rule->may_take, i) && life_chance(life, 60);

        if (takes || may) {
            carried[(*count)++] =
                (struct carried){.name = procedure->facts[i].name,
                                 .value = life_any_value(life, &procedure->facts[i])};
        }
    }
    for (uint16_t i = 0; i < procedure->role_count; i++) {
        if ((rule->assigns >> i & 1) != 0) {
            carried[(*count)++] = (struct carried){.name = procedure->roles[i].name,
                                                   .value = procedure->roles[i].name};
        }
    }
}

static uint16_t life_any_role(struct life *life, uint64_t by)
{
    const struct procedure *procedure = life->world->procedure;

    for (;;) {
        uint16_t role = (uint16_t)life_below(life, procedure->role_count);

        if (by == 0 ? !procedure->roles[role].outside : (by >> role & 1) != 0) {
            return role;
        }
    }
}

static void life_send(struct life *life, struct text type, const struct rule *rule)
{
    struct carried carried[FACTS_MAX + ROLES_MAX];
    struct text role = life->world->procedure->roles[life_any_role(life, rule->by)].name;
    struct step step = life_step_of(life);
    struct outcome outcome;
    uint32_t count = 0;

    life_carry(life, rule, carried, &count);

    struct event event = {
        .type = type,
        .occurred_ms =
            life->now_ms - (life_chance(life, 20) ? rng_between(&life->rng, 0, 4) * DAY_MS : 0),
        .person = role,
        .role = role,
        .facts = carried,
        .fact_count = count,
        .documents = rule->documents,
        .document_count = rule->document_count,
    };
    struct text second = life->world->procedure->roles[0].name;

    event.with = &second;
    event.with_count = life_chance(life, 70);
    CHECK(case_step(&step, &event, &life->room, &outcome));
    life_look(life, &outcome);
    if (getenv("SHOW") != NULL) {
        printf("- %.*s %d stage %u", TEXT_ARGS(type), outcome.verdict, outcome.after.stage);
        for (uint32_t i = 0; i < count; i++) {
            printf(" %.*s=%.*s", TEXT_ARGS(carried[i].name), TEXT_ARGS(carried[i].value));
        }
        for (uint32_t i = 0; i < outcome.reason_count; i++) {
            printf(" %.*s(%.*s)", TEXT_ARGS(outcome.reasons[i].code),
                   TEXT_ARGS(outcome.reasons[i].arguments[0]));
        }
        for (uint32_t i = 0; i < outcome.after.instance_count; i++) {
            printf(" c%u#%u:%.*s", outcome.after.instances[i].clock,
                   outcome.after.instances[i].number,
                   TEXT_ARGS(instance_state_word(outcome.after.instances[i].state)));
        }
        printf("\n");
    }
    life->state = outcome.after;
    life->applied += outcome.verdict == VERDICT_APPLIED;
}

static void life_pass_time(struct life *life, int64_t ms)
{
    int64_t until_ms = life->now_ms + ms;

    while (life->state.next_ms <= until_ms && life->state.phase != CASE_NEW) {
        struct outcome outcome;

        life->now_ms = life->state.next_ms > life->now_ms ? life->state.next_ms : life->now_ms;

        struct step step = life_step_of(life);

        CHECK(case_fire(&step, &life->room, &outcome));
        life_look(life, &outcome);
        life->state = outcome.after;
        life->fired++;
    }
    life->now_ms = until_ms;
}

static void life_live_a_turn(struct life *life)
{
    const struct procedure *procedure = life->world->procedure;
    const struct stage *stage = &procedure->stages[life->state.stage];
    bool anytime = stage->offer_count == 0 || life_chance(life, 40);
    const struct offer *offers = anytime ? procedure->anytime : stage->offers;
    uint32_t count = anytime ? procedure->anytime_count : stage->offer_count;

    if (count == 0 || life_chance(life, 30)) {
        life_pass_time(life, rng_between(&life->rng, 0, 20 * DAY_MS));
        return;
    }

    const struct offer *offer = &offers[life_below(life, count)];

    if (procedure->events[offer->event].family == EVENT_ORDINARY) {
        life_send(life, procedure->events[offer->event].name,
                  &offer->rules[life_below(life, offer->rule_count)]);
    }
}

static void life_live(struct life *life, uint32_t turns)
{
    const struct procedure *procedure = life->world->procedure;
    const struct offer *open = &procedure->opens[life_below(life, procedure->open_count)];

    life->state = (struct case_state){.number = 1,
                                      .id = TEXT("K-1"),
                                      .agency = life->world->agency.id,
                                      .phase = CASE_NEW,
                                      .next_ms = INSTANT_NEVER};
    life->now_ms = date_midnight(date_of(2026, 3, 2), 0);
    life_send(life, procedure->events[open->event].name,
              &open->rules[life_below(life, open->rule_count)]);
    for (uint32_t i = 0;
         i < turns && life->state.phase != CASE_NEW && life->state.phase != CASE_CLOSED; i++) {
        life_live_a_turn(life);
    }
}

#endif
