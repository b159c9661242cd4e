#include "base/must.h"
#include "codec/procedure_yaml.h"
#include "codec/state.h"
#include "core/step.h"
#include "lib/random_procedure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Any bytes are a life: the first choose a procedure, the others its events, their facts and their
 * times. What a case may never do is judged after every step.
 */
enum {
    PROCEDURES = 48,
    CALENDARS = 3,
    STEPS = 48,
    FIRINGS = 4000, /* at one instant; more is no progress */
    FACTS = 12,
    TEXT_SIZE = 32
};

#define ZONE_MS ((int64_t)8 * 3600000)

/* The world. */
static const struct text people_names[] = {TEXT_INIT("wang"), TEXT_INIT("zhao"),
                                           TEXT_INIT("li"), TEXT_INIT("nobody")};
static const char *const role_names[] = {"officer", "unit_head", "leader", "supervisor",
                                         "host"};
static struct person people[3];
static struct holding holdings[15];
static struct agency agencies[CALENDARS];
static struct installed world[CALENDARS];
static const struct procedure *procedures[PROCEDURES];

static const struct procedure *load(uint32_t seed)
{
    static char yaml[RANDOM_PROCEDURE_SIZE];
    static struct arena arena;
    struct library library = {.installed = NULL};
    struct problem_list problems;
    struct source *source;
    const struct procedure *procedure;
    size_t size;

    if (arena.budget_bytes == 0) {
        arena_init_growing(&arena, PROCEDURES * PROCEDURE_BYTES_MAX);
    }
    source = arena_take_zeroed(&arena, 1, sizeof(*source));
    MUST(source != NULL);
    size = random_procedure((struct random_procedure_wish){.seed = seed}, yaml, sizeof(yaml));
    source->name = TEXT("drawn.yaml");
    source->bytes = (struct text){arena_copy(&arena, yaml, size), size};
    problem_list_init(&problems, &arena);
    procedure = procedure_load(source, &library, &arena, &problems);
    MUST(procedure != NULL);
    return procedure;
}

static void fill_world(void)
{
    static struct calendar_row rows[] = {
        {.year = 2026, .month = 1, .day = 1, .kind = DAY_HOLIDAY},
        {.year = 2026, .month = 5, .day = 4, .kind = DAY_HOLIDAY},
        {.year = 2026, .month = 5, .day = 9, .kind = DAY_WORKDAY},
        {.year = 2026, .month = 5, .day = 14, .kind = DAY_HOLIDAY},
        {.year = 2027, .month = 1, .day = 1, .kind = DAY_HOLIDAY},
    };
    static const uint32_t counts[CALENDARS] = {0, 3, 5};
    static struct arena arena;

    arena_init_growing(&arena, (size_t)64 * 1024 * 1024);
    for (uint16_t i = 0; i < 3; i++) {
        people[i] = (struct person){.id = people_names[i],
                                    .name = people_names[i],
                                    .certified = i != 2,
                                    .certified_from = DATE_NONE,
                                    .certified_to = DATE_NONE};
        for (uint16_t role = 0; role < 5; role++) {
            holdings[i * 5 + role] = (struct holding){.person = i,
                                                      .role = text_of(role_names[role]),
                                                      .from = DATE_NONE,
                                                      .to = DATE_NONE};
        }
    }
    for (uint32_t i = 0; i < CALENDARS; i++) {
        agencies[i].id = TEXT("gulou");
        agencies[i].parent = NO_AGENCY;
        agencies[i].office = (struct office){
            calendar_build(&arena, TEXT("drawn"), TEXT("1"), NULL, rows, counts[i]), ZONE_MS,
            OFFICE_MOMENT_MS};
        MUST(agencies[i].office.calendar != NULL);
        world[i] = (struct installed){.agencies = &agencies[i],
                                      .agency_count = 1,
                                      .people = people,
                                      .person_count = 3,
                                      .holdings = holdings,
                                      .holding_count = 15};
    }
}

/* Bytes as choices; behind their end all are 0. */
struct chooser {
    const uint8_t *at;
    const uint8_t *end;
};

static uint32_t choose(struct chooser *chooser, uint32_t count)
{
    return chooser->at == chooser->end ? 0 : *chooser->at++ % count;
}

/* One life. States live in the halves of `memory` by turns, as bytes: a state that cannot be
 * written and read again is no state. */
struct life {
    struct chooser chooser;
    const struct procedure *procedure;
    uint32_t calendar;
    int64_t now_ms;
    struct case_state state;
    struct arena arena; /* where the state was read into */
    uint8_t *state_memory[2];
    uint8_t *rooms[2];
    uint32_t turn;
};

struct drawn {
    struct event event;
    struct carried facts[FACTS];
    struct text with[1];
    struct text documents[2];
};

#define MEMORY_BYTES ((size_t)4 * 1024 * 1024)
static uint8_t *step_memory[2];
static uint8_t *room_memory[2];

static struct bytes encoded(const struct procedure *procedure, const struct case_state *state,
                            uint8_t *room)
{
    struct bytes bytes;

    MUST(state_encode(procedure, state, room, STATE_BYTES_MAX, &bytes) == STATUS_OK);
    return bytes;
}

/* Go on from `after`, through its bytes. */
static void keep(struct life *life, const struct case_state *after)
{
    static uint8_t again_room[STATE_BYTES_MAX];
    uint8_t *room = life->rooms[life->turn ^= 1];
    struct bytes bytes = encoded(life->procedure, after, room);
    struct bytes again;

    arena_init_over(&life->arena, life->state_memory[life->turn], MEMORY_BYTES);
    MUST(state_decode(bytes, life->procedure, &life->arena, &life->state) == STATUS_OK);
    again = encoded(life->procedure, &life->state, again_room);
    MUST(bytes_equal(bytes, again));
    MUST(life->state.next_ms == after->next_ms);
}

static struct step step_of(const struct life *life)
{
    return (struct step){.procedure = life->procedure,
                         .installed = &world[life->calendar],
                         .agency = &agencies[life->calendar],
                         .before = &life->state,
                         .now_ms = life->now_ms};
}

static void must_be_the_same(const struct life *life, const struct outcome *a,
                             const struct outcome *b)
{
    struct bytes x = encoded(life->procedure, &a->after, room_memory[0]);
    struct bytes y = encoded(life->procedure, &b->after, room_memory[1]);

    MUST(a->verdict == b->verdict);
    MUST(a->reason_count == b->reason_count);
    MUST(a->effect_count == b->effect_count);
    MUST(bytes_equal(x, y));
    for (uint32_t i = 0; i < a->effect_count; i++) {
        MUST(a->effects[i].kind == b->effects[i].kind);
        MUST(a->effects[i].at_ms == b->effects[i].at_ms);
        MUST(a->effects[i].clock == b->effects[i].clock);
        MUST(a->effects[i].role == b->effects[i].role);
    }
}

/* A refused event changes nothing, but for the defects that a need leaves. */
static void must_be_unchanged(const struct life *life, const struct outcome *outcome)
{
    struct case_state after = outcome->after;

    MUST(after.defect_count >= life->state.defect_count);
    after.defect_count = life->state.defect_count;

    struct bytes x = encoded(life->procedure, &life->state, room_memory[0]);
    struct bytes y = encoded(life->procedure, &after, room_memory[1]);

    MUST(bytes_equal(x, y));
    for (uint32_t i = 0; i < outcome->effect_count; i++) {
        MUST(outcome->effects[i].kind == EFFECT_DEFECT);
    }
}

static void judge(const struct life *life, const struct outcome *outcome)
{
    const struct case_state *after = &outcome->after;

    MUST(outcome->effect_count <= EFFECTS_MAX);
    MUST(outcome->reason_count <= REASONS_MAX);
    for (uint32_t i = 0; i < outcome->effect_count; i++) {
        const struct effect *effect = &outcome->effects[i];

        MUST(effect->at_ms <= life->now_ms + FUTURE_MS); /* never early */
        MUST(effect->late_ms >= 0);
    }
    if (after->phase == CASE_CLOSED) {
        MUST(after->next_ms == INSTANT_NEVER);
        for (uint32_t i = 0; i < after->instance_count; i++) {
            MUST(!instance_is_live(&after->instances[i]));
        }
    }
    if (after->phase == CASE_OPEN && after->next_ms == INSTANT_NEVER) {
        MUST(life->procedure->stages[after->stage].no_limit);
    }
}

/* Events. */
static int64_t some_ms(struct life *life)
{
    static const int64_t spans[] = {0,         1,           60000,       3600000,
                                    DAY_MS,    3 * DAY_MS,  7 * DAY_MS,  10 * DAY_MS,
                                    8 * DAY_MS + 1, 35 * DAY_MS, 100 * DAY_MS, 400 * DAY_MS};

    return spans[choose(&life->chooser, 12)] +
           choose(&life->chooser, 3) * (int64_t)choose(&life->chooser, 255) * 60000;
}

static struct text some_value(struct life *life, const struct fact *fact)
{
    static const struct text words[][4] = {
        [VALUE_FLAG] = {TEXT_INIT("true"), TEXT_INIT("false"), TEXT_INIT("true"),
                        TEXT_INIT("yes")},
        [VALUE_INTEGER] = {TEXT_INIT("0"), TEXT_INIT("3"), TEXT_INIT("-1"),
                           TEXT_INIT("9223372036854775807")},
        [VALUE_MONEY] = {TEXT_INIT("1000.00"), TEXT_INIT("0"), TEXT_INIT("33333.33"),
                         TEXT_INIT("92233720368547758.07")},
        [VALUE_TEXT] = {TEXT_INIT("第一号"), TEXT_INIT("第二号"), TEXT_INIT("x"), TEXT_INIT("")},
        [VALUE_DATE] = {TEXT_INIT("2026-05-12"), TEXT_INIT("2026-06-30"),
                        TEXT_INIT("2025-01-01"), TEXT_INIT("2199-12-31")},
        [VALUE_INSTANT] = {TEXT_INIT("2026-05-12T09:30"), TEXT_INIT("2026-05-12"),
                           TEXT_INIT("1970-01-01T00:00"), TEXT_INIT("2199-12-31T23:59")},
        [VALUE_LENGTH] = {TEXT_INIT("10d"), TEXT_INIT("3wd"), TEXT_INIT("36h"),
                          TEXT_INIT("100000y")},
        [VALUE_SET] = {TEXT_INIT("light"), TEXT_INIT("light,heavy"), TEXT_INIT(""),
                       TEXT_INIT("none")},
    };

    if (fact->type == VALUE_CHOICE) {
        return fact->choices.names[choose(&life->chooser, fact->choices.count)];
    }
    return words[fact->type][choose(&life->chooser, 4)];
}

static void carry(struct drawn *drawn, struct text name, struct text value)
{
    if (drawn->event.fact_count < FACTS) {
        drawn->facts[drawn->event.fact_count++] = (struct carried){name, value};
    }
}

static void fulfil(struct life *life, const struct rule *rule, struct drawn *drawn)
{
    const struct procedure *procedure = life->procedure;
    uint32_t how = choose(&life->chooser, 8);

    for (uint16_t i = 0; i < procedure->fact_count; i++) {
        if (fact_mask_has(&rule->takes, i) ||
            (how > 3 && fact_mask_has(&rule->may_take, i))) {
            carry(drawn, procedure->facts[i].name, some_value(life, &procedure->facts[i]));
        }
    }
    for (uint16_t i = 0; i < procedure->role_count; i++) {
        if ((rule->assigns >> i & 1) != 0) {
            carry(drawn, procedure->roles[i].name, people_names[choose(&life->chooser, 4)]);
        }
        if ((rule->by >> i & 1) != 0 && how != 7) {
            drawn->event.role = procedure->roles[i].name;
        }
    }
    for (uint32_t i = 0; i < rule->document_count && i < 2; i++) {
        drawn->documents[drawn->event.document_count++] = rule->documents[i];
    }
    if (how == 3) {
        const struct fact *fact =
            &procedure->facts[choose(&life->chooser, procedure->fact_count)];

        carry(drawn, fact->name, some_value(life, fact));
    }
}

static void draw_standing(struct life *life, struct drawn *drawn)
{
    static const struct text types[] = {
        TEXT_INIT("case.assigned"),      TEXT_INIT("case.noted"),
        TEXT_INIT("clock.paused"),       TEXT_INIT("clock.resumed"),
        TEXT_INIT("clock.extended"),     TEXT_INIT("clock.acknowledged"),
        TEXT_INIT("case.on_hold"),       TEXT_INIT("case.off_hold"),
        TEXT_INIT("notice.delivered"),   TEXT_INIT("notice.bounced"),
        TEXT_INIT("case.corrected"),     TEXT_INIT("case.corrected"),
    };
    static const struct text lengths[] = {TEXT_INIT("5d"), TEXT_INIT("2wd"), TEXT_INIT("1mo"),
                                          TEXT_INIT("8h")};
    static const struct text moments[] = {TEXT_INIT("2026-05-12T09:30"), TEXT_INIT("none"),
                                          TEXT_INIT("2026-05-01"), TEXT_INIT("2026-06-20T10:00")};
    static const struct text numbers[] = {TEXT_INIT("1"), TEXT_INIT("2"), TEXT_INIT("0"),
                                          TEXT_INIT("x")};
    static const struct text pauses[] = {
        TEXT_INIT("test 2026-05-12T09:30 2026-05-20T09:30"), TEXT_INIT("none"),
        TEXT_INIT("test:2026-05-12T09:30/2026-05-20T09:30"), TEXT_INIT("hearing")};
    const struct procedure *procedure = life->procedure;
    const struct clock *clock = &procedure->clocks[choose(&life->chooser, procedure->clock_count)];
    uint32_t which = choose(&life->chooser, 12);
    uint32_t bits = choose(&life->chooser, 256);

    drawn->event.type = types[which];
    drawn->documents[drawn->event.document_count++] = TEXT("审批表");
    if (which == 0) {
        carry(drawn, TEXT("officer"), people_names[bits % 4]);
        return;
    }
    if (which >= 2 && which <= 5) {
        carry(drawn, TEXT("clock"), clock->name);
    }
    if ((bits & 1) != 0 && which >= 2 && which <= 5) {
        carry(drawn, TEXT("instance"), numbers[bits >> 1 & 3]);
    }
    if (which == 4) {
        carry(drawn, TEXT("length"), lengths[bits >> 3 & 3]);
    } else if (procedure->ground_count > 0 && which <= 3) {
        carry(drawn, TEXT("ground"), procedure->grounds[(bits >> 3) % procedure->ground_count].name);
    }
    if (which < 10) {
        return;
    }
    carry(drawn, TEXT("ground"), TEXT("写错"));
    carry(drawn, TEXT("approver"), people_names[bits & 3]);
    if ((bits & 4) != 0) {
        const struct fact *fact = &procedure->facts[choose(&life->chooser, procedure->fact_count)];

        carry(drawn, fact->name, some_value(life, fact));
    }
    if ((bits & 8) != 0) {
        carry(drawn, TEXT("clock"), clock->name);
        carry(drawn, TEXT("instance"), numbers[bits >> 6]);
        carry(drawn, (bits & 16) != 0 ? TEXT("started") : TEXT("ended"),
              moments[choose(&life->chooser, 4)]);
        if ((bits & 64) != 0) {
            carry(drawn, TEXT("pauses"), pauses[choose(&life->chooser, 4)]);
        }
    }
    if ((bits & 32) != 0) {
        carry(drawn, TEXT("stage"),
              procedure->stages[choose(&life->chooser, procedure->stage_count)].name);
    }
}

static void draw_event(struct life *life, struct drawn *drawn)
{
    const struct procedure *procedure = life->procedure;
    const struct stage *stage = &procedure->stages[life->state.stage];
    bool opening = life->state.phase == CASE_NEW;
    uint32_t here = opening ? procedure->open_count : stage->offer_count;
    uint32_t anytime = opening ? 0 : procedure->anytime_count;
    uint32_t back = choose(&life->chooser, 4);

    *drawn = (struct drawn){0};
    drawn->event.facts = drawn->facts;
    drawn->event.with = drawn->with;
    drawn->event.documents = drawn->documents;
    drawn->event.occurred_ms = life->now_ms;
    drawn->event.role = TEXT("officer");
    drawn->event.person = people_names[choose(&life->chooser, 4)];
    if (back == 3) {
        drawn->event.occurred_ms -= some_ms(life);
    }
    if (here + anytime == 0 || (!opening && choose(&life->chooser, 4) == 3)) {
        draw_standing(life, drawn);
        drawn->event.role = text_of(role_names[choose(&life->chooser, 4)]);
        return;
    }

    uint32_t pick = choose(&life->chooser, here + anytime);
    const struct offer *offers = opening ? procedure->opens : stage->offers;
    const struct offer *offer = pick < here ? &offers[pick] : &procedure->anytime[pick - here];

    drawn->event.type = procedure->events[offer->event].name;
    fulfil(life, &offer->rules[choose(&life->chooser, offer->rule_count)], drawn);
    if (choose(&life->chooser, 2) == 1) {
        drawn->with[drawn->event.with_count++] = people_names[choose(&life->chooser, 4)];
    }
}

/* Moves. */
static void take(struct life *life)
{
    struct drawn drawn;
    struct step step = step_of(life);
    struct outcome once;
    struct outcome twice;
    struct arena arenas[2];
    bool closed = life->state.phase == CASE_CLOSED;

    draw_event(life, &drawn);
    arena_init_over(&arenas[0], step_memory[0], STEP_ARENA_BYTES);
    arena_init_over(&arenas[1], step_memory[1], STEP_ARENA_BYTES);
    MUST(case_step(&step, &drawn.event, &arenas[0], &once));
    MUST(case_step(&step, &drawn.event, &arenas[1], &twice));
    must_be_the_same(life, &once, &twice);
    judge(life, &once);
    if (once.verdict != VERDICT_APPLIED) {
        MUST(once.reason_count > 0);
        must_be_unchanged(life, &once);
    } else {
        MUST(once.reason_count == 0);
        MUST(once.after.revision > life->state.revision);
        if (closed) {
            enum event_family family = event_family_of(drawn.event.type);

            MUST(family == EVENT_NOTED || family == EVENT_CORRECTED ||
                 family == EVENT_DELIVERED || family == EVENT_BOUNCED);
        }
    }
    keep(life, &once.after);
}

/* Whatever is due fires, one moment after the other, and comes to an end. */
static void fire(struct life *life)
{
    uint32_t firings = 0;

    while (life->state.phase != CASE_NEW && life->state.next_ms <= life->now_ms) {
        struct step step = step_of(life);
        struct outcome once;
        struct outcome twice;
        struct arena arenas[2];

        MUST(++firings < FIRINGS);
        arena_init_over(&arenas[0], step_memory[0], STEP_ARENA_BYTES);
        arena_init_over(&arenas[1], step_memory[1], STEP_ARENA_BYTES);
        MUST(case_fire(&step, &arenas[0], &once));
        MUST(case_fire(&step, &arenas[1], &twice));
        MUST(once.verdict == VERDICT_APPLIED);
        must_be_the_same(life, &once, &twice);
        judge(life, &once);
        for (uint32_t i = 0; i < once.effect_count; i++) {
            MUST(once.effects[i].at_ms <= life->now_ms);
        }
        keep(life, &once.after);
    }
}

static void derive(struct life *life)
{
    struct step step;
    struct outcome once;
    struct outcome twice;
    struct arena arenas[2];
    bool changed;
    bool again;

    life->calendar = choose(&life->chooser, CALENDARS);
    if (life->state.phase == CASE_NEW) {
        return;
    }
    step = step_of(life);
    arena_init_over(&arenas[0], step_memory[0], STEP_ARENA_BYTES);
    arena_init_over(&arenas[1], step_memory[1], STEP_ARENA_BYTES);
    MUST(case_derive(&step, &arenas[0], &once, &changed));
    MUST(case_derive(&step, &arenas[1], &twice, &again));
    MUST(changed == again);
    must_be_the_same(life, &once, &twice);
    judge(life, &once);
    if (!changed) {
        must_be_unchanged(life, &once);
    }
    keep(life, &once.after);
    step = step_of(life);
    arena_init_over(&arenas[0], step_memory[0], STEP_ARENA_BYTES);
    MUST(case_derive(&step, &arenas[0], &once, &changed));
    MUST(!changed); /* the same calendar twice moves nothing */
}

static void begin(struct life *life)
{
    static uint8_t *state_memory[2];
    static uint8_t rooms[2][STATE_BYTES_MAX];
    struct case_state blank = {.id = TEXT("K-1"),
                               .agency = TEXT("gulou"),
                               .phase = CASE_NEW,
                               .number = 1,
                               .next_ms = INSTANT_NEVER};

    if (step_memory[0] == NULL) {
        fill_world();
        for (int i = 0; i < 2; i++) {
            step_memory[i] = malloc(STEP_ARENA_BYTES);
            room_memory[i] = malloc(STATE_BYTES_MAX);
            state_memory[i] = malloc(MEMORY_BYTES);
            MUST(step_memory[i] != NULL);
            MUST(room_memory[i] != NULL);
            MUST(state_memory[i] != NULL);
        }
    }
    for (int i = 0; i < 2; i++) {
        life->rooms[i] = rooms[i];
        life->state_memory[i] = state_memory[i];
    }
    arena_init_over(&life->arena, state_memory[0], MEMORY_BYTES);
    MUST(state_copy(&blank, life->procedure, &life->arena, &life->state));
    life->now_ms = date_midnight(date_of(2026, 4, 1), ZONE_MS);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct life life = {.chooser = {bytes, bytes + size}};
    uint32_t seed = choose(&life.chooser, PROCEDURES);

    if (procedures[seed] == NULL) {
        procedures[seed] = load(seed);
    }
    life.procedure = procedures[seed];
    begin(&life);
    for (uint32_t i = 0; i < STEPS && life.chooser.at < life.chooser.end; i++) {
        switch (choose(&life.chooser, 8)) {
        case 0:
            derive(&life);
            break;
        case 1:
        case 2: /* time passes, and all fires late */
            life.now_ms += some_ms(&life);
            fire(&life);
            break;
        case 3: /* the next moment, on time */
            if (life.state.phase != CASE_NEW && life.state.next_ms != INSTANT_NEVER &&
                life.state.next_ms > life.now_ms &&
                life.state.next_ms < date_midnight(date_of(2150, 1, 1), ZONE_MS)) {
                life.now_ms = life.state.next_ms;
            }
            fire(&life);
            break;
        case 4:
            life.now_ms += some_ms(&life) / 50;
            take(&life);
            break;
        default:
            take(&life);
            fire(&life);
            break;
        }
    }
    return 0;
}
