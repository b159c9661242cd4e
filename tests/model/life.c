#include "model/life.h"

#include "base/must.h"

#include <stdio.h>
#include <string.h>

static bool chance(struct rng *rng, int64_t percent)
{
    return rng_between(rng, 1, 100) <= percent;
}

static uint32_t below(struct rng *rng, uint32_t count)
{
    return (uint32_t)rng_between(rng, 0, (int64_t)count - 1);
}

#define ANY_OF(rng, words) ((words)[below((rng), sizeof(words) / sizeof((words)[0]))])

/* Values. */
static void draw_length(struct rng *rng, char *out)
{
    static const char *const lengths[] = {"1d",  "5d",   "10d", "15d", "16d", "2wd",
                                          "7wd", "12wd", "1mo", "3mo", "1y",  "36h"};

    (void)snprintf(out, LIFE_TEXT, "%s", ANY_OF(rng, lengths));
}

static void draw_date(struct rng *rng, int64_t now_ms, char *out)
{
    int32_t date = date_of_instant(now_ms, (int64_t)8 * 3600000) +
                   (int32_t)rng_between(rng, -12, chance(rng, 30) ? 60 : 4);
    char text[DATE_TEXT_SIZE];

    (void)date_print(date, text);
    (void)snprintf(out, LIFE_TEXT, "%s", text);
}

static void draw_value(struct rng *rng, const struct fact *fact, int64_t now_ms, char *out)
{
    static const char *const words[] = {"第一号", "第二号", "A1", "A2", "A3", "B9"};
    static const char *const sums[] = {"0.00", "10.01", "1000.00", "1000.01", "33333.33"};
    size_t at = 0;

    out[0] = '\0';
    switch (fact->type) {
    case VALUE_FLAG:
        (void)snprintf(out, LIFE_TEXT, "%s", chance(rng, 50) ? "true" : "false");
        break;
    case VALUE_INTEGER:
        (void)snprintf(out, LIFE_TEXT, "%d", (int)rng_between(rng, 0, 4));
        break;
    case VALUE_MONEY:
        (void)snprintf(out, LIFE_TEXT, "%s", ANY_OF(rng, sums));
        break;
    case VALUE_TEXT:
        (void)snprintf(out, LIFE_TEXT, "%s", ANY_OF(rng, words));
        break;
    case VALUE_DATE:
        draw_date(rng, now_ms, out);
        break;
    case VALUE_INSTANT:
        draw_date(rng, now_ms, out);
        (void)snprintf(out + 10, LIFE_TEXT - 10, "T%02d:30", (int)rng_between(rng, 0, 23));
        break;
    case VALUE_LENGTH:
        draw_length(rng, out);
        break;
    case VALUE_CHOICE: {
        struct text name = fact->choices.names[below(rng, fact->choices.count)];

        (void)snprintf(out, LIFE_TEXT, "%.*s", TEXT_ARGS(name));
        break;
    }
    case VALUE_SET:
        for (uint32_t i = 0; i < fact->choices.count; i++) {
            if (chance(rng, 50)) {
                at += (size_t)snprintf(out + at, LIFE_TEXT - at, "%s%.*s", at > 0 ? "," : "",
                                       TEXT_ARGS(fact->choices.names[i]));
            }
        }
        break;
    }
}

static char *add_fact(struct life_step *step, struct text name)
{
    uint32_t i = step->event.fact_count;

    if (i == LIFE_FACTS) {
        return NULL;
    }
    step->event.fact_count++;
    step->facts[i].name = name;
    step->texts[i][0] = '\0';
    return step->texts[i];
}

static void carry(struct rng *rng, struct life_step *step, const struct fact *fact)
{
    char *out = add_fact(step, fact->name);

    if (out == NULL) {
        return;
    }
    draw_value(rng, fact, step->event.occurred_ms, out);
    if (chance(rng, 1) && fact->type != VALUE_TEXT) {
        (void)snprintf(out, LIFE_TEXT, "?");
    }
}

/* People. */
static struct text any_person(struct rng *rng)
{
    return text_of(world_people[below(rng, world_person_count)]);
}

/* Somebody who may well hold the role. */
static struct text holder(struct rng *rng, const struct procedure *procedure,
                          const struct case_state *state, uint16_t role)
{
    static const struct {
        const char *role;
        const char *people[4];
    } usual[] = {
        {"officer", {"wang", "zhao", "qian", "wu"}},
        {"unit_head", {"sun", "sun", "zhou", "qian"}},
        {"leader", {"li", "li", "li", "zhao"}},
        {"supervisor", {"zheng", "zheng", "wang", "zheng"}},
        {"host", {"li", "zhou", "sun", "li"}},
    };

    if (chance(rng, 6)) {
        return any_person(rng);
    }
    for (uint32_t i = 0; i < state->participant_count; i++) {
        if (state->participants[i].role == role && state->participants[i].assigned &&
            chance(rng, 60)) {
            return state->participants[i].person;
        }
    }
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
        if (text_is(procedure->roles[role].name, usual[i].role)) {
            return text_of(ANY_OF(rng, usual[i].people));
        }
    }
    return any_person(rng);
}

/* The person's text may lie in the case: it must outlive it. */
static struct text lasting(struct text person)
{
    for (uint32_t i = 0; i < world_person_count; i++) {
        if (text_is(person, world_people[i])) {
            return text_of(world_people[i]);
        }
    }
    return TEXT("nobody");
}

static void draw_actor(struct rng *rng, const struct procedure *procedure,
                       const struct case_state *state, uint64_t by, struct life_step *step)
{
    uint16_t role = (uint16_t)below(rng, procedure->role_count);
    struct event *event = &step->event;

    for (uint32_t tries = 0; tries < 40 && !chance(rng, 3); tries++) {
        if (by == 0 ? !procedure->roles[role].outside : (by >> role & 1) != 0) {
            break;
        }
        role = (uint16_t)below(rng, procedure->role_count);
    }
    event->role = procedure->roles[role].name;
    event->person = lasting(holder(rng, procedure, state, role));
    if (procedure->roles[role].outside && chance(rng, 70)) {
        event->person = (struct text){0};
    } else if (chance(rng, 1)) {
        event->person = (struct text){0};
    }
    if (chance(rng, 1)) {
        event->role = TEXT("stranger");
    }
    event->with = step->with;
    while (event->with_count < 2 && chance(rng, 35)) {
        step->with[event->with_count++] = lasting(holder(rng, procedure, state, role));
    }
}

static void draw_persons(struct rng *rng, const struct procedure *procedure,
                         const struct case_state *state, uint16_t role, struct life_step *step)
{
    char *out = add_fact(step, procedure->roles[role].name);
    struct text a = lasting(holder(rng, procedure, state, role));
    struct text b = lasting(holder(rng, procedure, state, role));

    if (out == NULL) {
        return;
    }
    if (text_equal(a, b) || chance(rng, 60)) {
        (void)snprintf(out, LIFE_TEXT, "%.*s", TEXT_ARGS(a));
    } else {
        (void)snprintf(out, LIFE_TEXT, "%.*s,%.*s", TEXT_ARGS(a), TEXT_ARGS(b));
    }
}

static void draw_documents(struct rng *rng, const struct rule *rule, struct life_step *step)
{
    step->event.documents = step->documents;
    for (uint32_t i = 0; rule != NULL && i < rule->document_count && i < 3; i++) {
        if (!chance(rng, 4)) {
            step->documents[step->event.document_count++] = rule->documents[i];
        }
    }
    if (step->event.document_count < 3 && chance(rng, rule == NULL ? 80 : 10)) {
        step->documents[step->event.document_count++] = TEXT("审批表");
    }
}

/* What a rule asks for, most of it right. */
static void draw_for_rule(struct rng *rng, const struct procedure *procedure,
                          const struct case_state *state, const struct rule *rule,
                          struct life_step *step)
{
    draw_actor(rng, procedure, state, rule->by, step);
    for (uint32_t i = 0; i < procedure->fact_count; i++) {
        if (fact_mask_has(&rule->takes, (uint16_t)i) ? !chance(rng, 2)
            : fact_mask_has(&rule->may_take, (uint16_t)i)
                ? chance(rng, 50)
                : state->phase != CASE_NEW && chance(rng, 0)) {
            carry(rng, step, &procedure->facts[i]);
        }
    }
    if (chance(rng, 3)) {
        const struct fact *fact = &procedure->facts[below(rng, procedure->fact_count)];
        bool there = false;

        for (uint32_t i = 0; i < step->event.fact_count; i++) {
            there |= text_equal(step->facts[i].name, fact->name);
        }
        if (!there) {
            carry(rng, step, fact);
        }
    }
    for (uint32_t i = 0; i < procedure->role_count; i++) {
        if ((rule->assigns >> i & 1) != 0 && !chance(rng, 4)) {
            draw_persons(rng, procedure, state, (uint16_t)i, step);
        }
    }
    draw_documents(rng, rule, step);
}

/* One that is open, or that the clock knows, or any. */
static uint16_t any_ground(struct rng *rng, const struct procedure *procedure,
                           const struct case_state *state, const struct clock *clock,
                           uint16_t number)
{
    uint16_t ground = (uint16_t)below(rng, procedure->ground_count);

    for (uint32_t i = 0; i < state->stop_count && chance(rng, 70); i++) {
        const struct stop *stop = &state->stops[i];

        if (&procedure->clocks[stop->clock] == clock && stop->number == number &&
            stop->kind == STOP_PAUSE && stop->interval.to_ms == INSTANT_NEVER &&
            stop->ground != NO_INDEX) {
            return stop->ground;
        }
    }
    for (uint32_t tries = 0; tries < 8 && (clock->pause_grounds >> ground & 1) == 0; tries++) {
        ground = (uint16_t)below(rng, procedure->ground_count);
    }
    return ground;
}

static void draw_clock_act(struct rng *rng, const struct procedure *procedure,
                           const struct case_state *state, struct life_step *step)
{
    static const char *const types[] = {"clock.paused", "clock.resumed", "clock.extended",
                                        "clock.acknowledged"};
    const char *type = ANY_OF(rng, types);
    const struct clock *clock = &procedure->clocks[below(rng, procedure->clock_count)];
    uint16_t number = 0;
    uint64_t by;
    char *out;

    for (uint32_t tries = 0; tries < 8 && state->instance_count > 0; tries++) {
        const struct instance *instance = &state->instances[below(rng, state->instance_count)];

        clock = &procedure->clocks[instance->clock];
        number = instance->number;
        if (instance_is_live(instance) && (clock->pause_grounds != 0 || chance(rng, 20))) {
            break;
        }
    }
    step->event.type = text_of(type);
    by =
        strcmp(type, "clock.extended") == 0
            ? (clock->extend_count > 0 ? clock->extends[below(rng, clock->extend_count)].by : 0)
        : strcmp(type, "clock.acknowledged") == 0 ? 0
                                                  : clock->pause_by;
    draw_actor(rng, procedure, state, by, step);
    if (!chance(rng, 2) && (out = add_fact(step, TEXT("clock"))) != NULL) {
        (void)snprintf(out, LIFE_TEXT, "%.*s", TEXT_ARGS(clock->name));
    }
    if (number > 0 && chance(rng, 60) && (out = add_fact(step, TEXT("instance"))) != NULL) {
        (void)snprintf(out, LIFE_TEXT, "%u", (unsigned)number);
    }
    if ((strcmp(type, "clock.paused") == 0 || strcmp(type, "clock.resumed") == 0) &&
        procedure->ground_count > 0 && (out = add_fact(step, TEXT("ground"))) != NULL) {
        uint16_t ground = any_ground(rng, procedure, state, clock, number);

        (void)snprintf(out, LIFE_TEXT, "%.*s", TEXT_ARGS(procedure->grounds[ground].name));
    }
    if (strcmp(type, "clock.extended") == 0 && (out = add_fact(step, TEXT("length"))) != NULL) {
        draw_length(rng, out);
    }
    draw_documents(rng, NULL, step);
}

static void draw_standing(struct rng *rng, const struct procedure *procedure,
                          const struct case_state *state, struct life_step *step)
{
    static const char *const plain[] = {"case.noted", "case.on_hold", "case.off_hold",
                                        "notice.delivered", "notice.bounced"};

    if (chance(rng, 60)) {
        draw_clock_act(rng, procedure, state, step);
        return;
    }
    if (chance(rng, 40)) {
        step->event.type = TEXT("case.assigned");
        draw_actor(rng, procedure, state, 0, step);
        for (uint32_t i = 0; i < procedure->role_count; i++) {
            if (chance(rng, procedure->roles[i].assigned ? 70 : 0)) {
                draw_persons(rng, procedure, state, (uint16_t)i, step);
            }
        }
        return;
    }
    step->event.type = text_of(ANY_OF(rng, plain));
    draw_actor(rng, procedure, state, 0, step);
    if (chance(rng, 5)) {
        carry(rng, step, &procedure->facts[below(rng, procedure->fact_count)]);
    }
}

/* An offer that may be open: of the stage, or of anytime. */
static const struct offer *any_offer(struct rng *rng, const struct procedure *procedure,
                                     const struct case_state *state)
{
    if (state->phase == CASE_NEW) {
        return &procedure->opens[below(rng, procedure->open_count)];
    }

    uint32_t stage = chance(rng, 4) ? below(rng, procedure->stage_count) : state->stage;
    uint32_t here = procedure->stages[stage].offer_count;
    uint32_t pick;

    if (here + procedure->anytime_count == 0) {
        return NULL;
    }
    if (here > 0 && chance(rng, 45)) {
        return &procedure->stages[stage].offers[below(rng, here)];
    }
    pick = below(rng, here + procedure->anytime_count);
    return pick < here ? &procedure->stages[stage].offers[pick]
                       : &procedure->anytime[pick - here];
}

static void draw_event(struct rng *rng, const struct procedure *procedure,
                       const struct case_state *state, struct life_step *step)
{
    const struct offer *offer = any_offer(rng, procedure, state);

    step->event.facts = step->facts;
    if (offer == NULL || (state->phase != CASE_NEW && chance(rng, 33))) {
        draw_standing(rng, procedure, state, step);
    } else {
        const struct event_name *name = &procedure->events[offer->event];

        step->event.type = name->name;
        if (name->family == EVENT_CLOCK_END && chance(rng, 80)) {
            step->event.type = TEXT("case.noted"); /* the daemon's own is refused */
        }
        draw_for_rule(rng, procedure, state, &offer->rules[below(rng, offer->rule_count)],
                      step);
    }
    if (state->phase == CASE_NEW) {
        step->event.unit = chance(rng, 80) ? TEXT("one") : TEXT("two");
    }
    for (uint32_t i = 0; i < step->event.fact_count; i++) {
        step->facts[i].value = text_of(step->texts[i]);
    }
}

static int64_t draw_wait(struct rng *rng, const struct case_state *state, int64_t now_ms)
{
    int64_t wait = 0;

    switch (below(rng, 6)) {
    case 0:
        wait = rng_between(rng, 0, 3600000);
        break;
    case 1:
        wait = rng_between(rng, 0, DAY_MS);
        break;
    case 2:
        wait = rng_between(rng, 1, 20) * DAY_MS;
        break;
    case 3:
        wait = rng_between(rng, 0, 8 * DAY_MS);
        break;
    default: /* the next moment itself, or close to it */
        if (state->phase != CASE_NEW && state->next_ms != INSTANT_NEVER &&
            state->next_ms - now_ms < 500 * DAY_MS) {
            wait = state->next_ms - now_ms + rng_between(rng, -1, 1);
        }
        break;
    }
    if (chance(rng, 2)) {
        wait = rng_between(rng, 30, 400) * DAY_MS;
    }
    return wait < 0 ? 0 : wait;
}

/* Mostly now; else some time ago, now and then at midnight, or a little ahead. */
static int64_t draw_occurred(struct rng *rng, const struct case_state *state, int64_t now_ms)
{
    int64_t at_ms = now_ms;

    switch (below(rng, 14)) {
    case 0:
        at_ms -= rng_between(rng, 0, DAY_MS);
        break;
    case 1:
        at_ms -= rng_between(rng, 0, 9 * DAY_MS);
        break;
    case 2: {
        int32_t date =
            date_of_instant(now_ms, (int64_t)8 * 3600000) - (int32_t)rng_between(rng, 0, 6);

        at_ms = date_midnight(date, (int64_t)8 * 3600000);
        break;
    }
    case 3:
        at_ms += rng_between(rng, 0, 150000);
        break;
    case 4:
        if (state->phase != CASE_NEW && state->instance_count > 0) {
            const struct instance *instance =
                &state->instances[below(rng, state->instance_count)];

            if (instance->due.due_ms < now_ms + 100000) { /* close to a due instant */
                at_ms = instance->due.due_ms + rng_between(rng, -1, 1);
            }
        }
        break;
    case 5:
        if (chance(rng, 20)) {
            at_ms -= rng_between(rng, 0, 70 * DAY_MS);
        }
        break;
    default:
        break;
    }
    return at_ms;
}

void life_draw(struct rng *rng, const struct procedure *procedure,
               const struct case_state *state, int64_t now_ms, struct life_step *step)
{
    uint32_t kind = state->phase == CASE_NEW ? 0 : below(rng, 100);

    memset(step, 0, sizeof(*step));
    if (state->phase == CASE_NEW) {
        step->now_ms = now_ms + rng_between(rng, 0, DAY_MS);
    } else {
        step->now_ms = now_ms + (kind < 55 && chance(rng, 60) ? rng_between(rng, 0, 7200000)
                                                              : draw_wait(rng, state, now_ms));
    }
    if (kind >= 95) {
        step->kind = LIFE_CALENDAR;
        step->calendar = below(rng, WORLD_CALENDARS);
    } else if (kind >= 90) {
        step->kind = LIFE_DOWN;
    } else if (kind >= 55) {
        step->kind = LIFE_PASS;
    } else {
        step->kind = LIFE_EVENT;
        step->in_batch = chance(rng, 20);
        step->event.occurred_ms = draw_occurred(rng, state, step->now_ms);
        draw_event(rng, procedure, state, step);
    }
}
