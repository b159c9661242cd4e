#include "codec/state.h"

#include "lib/check.h"
#include "lib/rng.h"

#include <string.h>

enum { FACTS = VALUE_SET + 1, CLOCKS = 3, STAGES = 4, ROUNDS = 500 };

static uint8_t memory[1 << 20];
static uint8_t room[STATE_BYTES_MAX];
static uint8_t more_room[STATE_BYTES_MAX];
static uint8_t delta_room[STATE_BYTES_MAX];

static const struct text choice_names[] = {TEXT_INIT("a"), TEXT_INIT("b"), TEXT_INIT("c")};
static struct fact facts[FACTS];
static struct clock clocks[CLOCKS];
static const struct stage stages[STAGES];
static const struct role roles[2];
static const struct ground grounds[2];
static const struct event_name events[5];

/* One fact of each type; of three clocks the last has an instance for each text. */
static struct procedure some_procedure(void)
{
    for (int i = 0; i < FACTS; i++) {
        facts[i] = (struct fact){.type = (enum value_type)i};
        if (i == VALUE_CHOICE || i == VALUE_SET) {
            facts[i].choices = (struct choices){.names = choice_names, .count = 3};
        }
    }
    for (int i = 0; i < CLOCKS; i++) {
        clocks[i] = (struct clock){.per = i == CLOCKS - 1 ? VALUE_TEXT : NO_INDEX};
    }
    return (struct procedure){.facts = facts,
                              .fact_count = FACTS,
                              .clocks = clocks,
                              .clock_count = CLOCKS,
                              .stages = stages,
                              .stage_count = STAGES,
                              .roles = roles,
                              .role_count = 2,
                              .grounds = grounds,
                              .ground_count = 2,
                              .events = events,
                              .event_count = 5};
}

static struct text random_text(struct rng *rng)
{
    static const struct text texts[] = {TEXT_INIT("gulou"), TEXT_INIT("鼓楼区"),
                                        TEXT_INIT("K-1"), TEXT_INIT(""),
                                        TEXT_INIT("a name that is longer than the others are")};

    return texts[rng_between(rng, 0, 4)];
}

static int64_t random_instant(struct rng *rng)
{
    int64_t kind = rng_between(rng, 0, 5);

    if (kind == 0) {
        return INSTANT_NONE;
    }
    return kind == 1 ? INSTANT_NEVER : rng_between(rng, 0, 4102444800000);
}

static int32_t random_date(struct rng *rng)
{
    return rng_between(rng, 0, 5) == 0 ? DATE_NONE : (int32_t)rng_between(rng, -100, 84000);
}

static struct length random_length(struct rng *rng)
{
    return (struct length){.count = (int32_t)rng_between(rng, -9, LENGTH_COUNT_MAX),
                           .unit = (enum length_unit)rng_between(rng, 0, LENGTH_YEARS)};
}

static bool flip(struct rng *rng)
{
    return rng_between(rng, 0, 1) == 1;
}

static struct value random_value(struct rng *rng, enum value_type type)
{
    struct value value = value_unknown(type);

    value.known = true;
    switch (type) {
    case VALUE_FLAG:
        value.flag = flip(rng);
        break;
    case VALUE_INTEGER:
    case VALUE_MONEY:
    case VALUE_INSTANT:
        value.number = (int64_t)rng_next(rng);
        break;
    case VALUE_TEXT:
        value.text = random_text(rng);
        break;
    case VALUE_DATE:
        value.date = random_date(rng);
        break;
    case VALUE_LENGTH:
        value.length = random_length(rng);
        break;
    case VALUE_CHOICE:
        value.choice = (uint32_t)rng_between(rng, 0, 2);
        break;
    case VALUE_SET:
        value.set = (uint64_t)rng_between(rng, 0, 7);
        break;
    }
    return value;
}

static struct instance random_instance(struct rng *rng)
{
    uint16_t clock = (uint16_t)rng_between(rng, 0, CLOCKS - 1);

    return (struct instance){
        .clock = clock,
        .number = (uint16_t)rng_between(rng, 1, 300),
        .state = (enum instance_state)rng_between(rng, 0, INSTANCE_CANCELLED),
        .per = clock == CLOCKS - 1 ? random_value(rng, VALUE_TEXT) : value_unknown(VALUE_FLAG),
        .started_ms = random_instant(rng),
        .day0 = random_date(rng),
        .date = random_date(rng),
        .length = random_length(rng),
        .principal = rng_between(rng, 0, 1000000),
        .floor = random_date(rng),
        .revision = (uint32_t)rng_next(rng),
        .ended_ms = random_instant(rng),
        .reported_late = flip(rng),
        .due = {.unrolled = random_date(rng),
                .last_day = random_date(rng),
                .safe_day = random_date(rng),
                .due_ms = random_instant(rng),
                .paused = flip(rng),
                .provisional = flip(rng),
                .left = random_length(rng)},
        .grace_day = random_date(rng),
        .end_ms = random_instant(rng),
        .next_ms = random_instant(rng),
        .armed_ms = random_instant(rng),
        .cursor_ms = random_instant(rng),
        .told_ms = random_instant(rng),
        .fired = rng_next(rng),
        .acked = rng_next(rng),
        .acked_ms = random_instant(rng),
        .review_ms = random_instant(rng),
        .promised = random_date(rng),
    };
}

static struct stop random_stop(struct rng *rng)
{
    bool pause = flip(rng);

    return (struct stop){
        .clock = (uint16_t)rng_between(rng, 0, CLOCKS - 1),
        .number = (uint16_t)rng_between(rng, 1, 9),
        .kind = pause ? STOP_PAUSE : STOP_EXTENSION,
        .ground = pause ? (uint16_t)rng_between(rng, 0, 1) : NO_INDEX,
        .no_effect = flip(rng),
        .interval = {.from_ms = random_instant(rng), .to_ms = random_instant(rng)},
        .length = random_length(rng),
        .extend = pause ? NO_INDEX : (uint16_t)rng_between(rng, 0, EXTENDS_MAX - 1),
        .revision = (uint32_t)rng_next(rng),
    };
}

static struct participant random_participant(struct rng *rng)
{
    return (struct participant){.role = (uint16_t)rng_between(rng, 0, 1),
                                .assigned = flip(rng),
                                .was_assigned = flip(rng),
                                .acted = flip(rng),
                                .person = random_text(rng)};
}

static struct defect random_defect(struct rng *rng)
{
    return (struct defect){.code = random_text(rng),
                           .law = random_text(rng),
                           .stage = (uint16_t)rng_between(rng, 0, STAGES - 1),
                           .event = flip(rng) ? NO_INDEX : (uint16_t)rng_between(rng, 0, 4),
                           .revision = (uint32_t)rng_next(rng),
                           .at_ms = random_instant(rng)};
}

/* A state that no case could be in, but every field of it lives. */
static struct case_state random_state(struct rng *rng, struct arena *arena, uint32_t count_max)
{
    struct case_state state = {
        .number = rng_next(rng),
        .id = random_text(rng),
        .agency = random_text(rng),
        .unit = random_text(rng),
        .phase = (enum case_phase)rng_between(rng, CASE_OPEN, CASE_CLOSED),
        .stage = (uint16_t)rng_between(rng, 0, STAGES - 1),
        .on_hold = flip(rng),
        .revision = (uint32_t)rng_next(rng),
        .opened_ms = rng_between(rng, 0, 4102444800000),
        .next_ms = random_instant(rng),
        .facts = arena_take_zeroed(arena, FACTS, sizeof(*state.facts)),
        .instance_count = (uint32_t)rng_between(rng, 0, count_max),
        .stop_count = (uint32_t)rng_between(rng, 0, count_max),
        .participant_count = (uint32_t)rng_between(rng, 0, count_max),
        .defect_count = (uint32_t)rng_between(rng, 0, count_max),
    };

    state.instances = arena_take(arena, count_max * sizeof(*state.instances));
    state.stops = arena_take(arena, count_max * sizeof(*state.stops));
    state.participants = arena_take(arena, count_max * sizeof(*state.participants));
    state.defects = arena_take(arena, count_max * sizeof(*state.defects));
    for (int i = 0; i < FACTS; i++) {
        state.facts[i].value = value_unknown((enum value_type)i);
        if (flip(rng)) {
            state.facts[i].value = random_value(rng, (enum value_type)i);
            state.facts[i].revision = (uint32_t)rng_between(rng, 1, 99);
        }
    }
    for (uint32_t i = 0; i < count_max; i++) {
        state.instances[i] = random_instance(rng);
        state.stops[i] = random_stop(rng);
        state.participants[i] = random_participant(rng);
        state.defects[i] = random_defect(rng);
    }
    return state;
}

static void check_head(const struct case_state *a, const struct case_state *b)
{
    CHECK(a->number == b->number);
    CHECK_TEXT(a->id, b->id);
    CHECK_TEXT(a->agency, b->agency);
    CHECK_TEXT(a->unit, b->unit);
    CHECK(a->phase == b->phase);
    CHECK(a->stage == b->stage);
    CHECK(a->on_hold == b->on_hold);
    CHECK(a->revision == b->revision);
    CHECK(a->opened_ms == b->opened_ms);
    CHECK(a->next_ms == b->next_ms);
    CHECK(a->instance_count == b->instance_count);
    CHECK(a->stop_count == b->stop_count);
    CHECK(a->participant_count == b->participant_count);
    CHECK(a->defect_count == b->defect_count);
}

static void check_due(const struct due *a, const struct due *b)
{
    CHECK(a->unrolled == b->unrolled);
    CHECK(a->last_day == b->last_day);
    CHECK(a->safe_day == b->safe_day);
    CHECK(a->due_ms == b->due_ms);
    CHECK(a->paused == b->paused);
    CHECK(a->provisional == b->provisional);
    CHECK(length_equal(a->left, b->left));
}

static void check_instance(const struct instance *a, const struct instance *b)
{
    CHECK(a->clock == b->clock);
    CHECK(a->number == b->number);
    CHECK(a->state == b->state);
    CHECK(a->per.type == b->per.type && value_equal(&a->per, &b->per));
    CHECK(a->started_ms == b->started_ms);
    CHECK(a->day0 == b->day0);
    CHECK(a->date == b->date);
    CHECK(length_equal(a->length, b->length));
    CHECK(a->principal == b->principal);
    CHECK(a->floor == b->floor);
    CHECK(a->revision == b->revision);
    CHECK(a->ended_ms == b->ended_ms);
    CHECK(a->reported_late == b->reported_late);
    check_due(&a->due, &b->due);
    CHECK(a->grace_day == b->grace_day);
    CHECK(a->end_ms == b->end_ms);
    CHECK(a->next_ms == b->next_ms);
    CHECK(a->armed_ms == b->armed_ms);
    CHECK(a->cursor_ms == b->cursor_ms);
    CHECK(a->told_ms == b->told_ms);
    CHECK(a->fired == b->fired);
    CHECK(a->acked == b->acked);
    CHECK(a->acked_ms == b->acked_ms);
    CHECK(a->review_ms == b->review_ms);
    CHECK(a->promised == b->promised);
}

static void check_stop(const struct stop *a, const struct stop *b)
{
    CHECK(a->clock == b->clock);
    CHECK(a->number == b->number);
    CHECK(a->kind == b->kind);
    CHECK(a->ground == b->ground);
    CHECK(a->no_effect == b->no_effect);
    CHECK(a->interval.from_ms == b->interval.from_ms);
    CHECK(a->interval.to_ms == b->interval.to_ms);
    CHECK(length_equal(a->length, b->length));
    CHECK(a->extend == b->extend);
    CHECK(a->revision == b->revision);
}

static void check_people(const struct case_state *a, const struct case_state *b)
{
    for (uint32_t i = 0; i < a->participant_count; i++) {
        CHECK(a->participants[i].role == b->participants[i].role);
        CHECK(a->participants[i].assigned == b->participants[i].assigned);
        CHECK(a->participants[i].was_assigned == b->participants[i].was_assigned);
        CHECK(a->participants[i].acted == b->participants[i].acted);
        CHECK_TEXT(a->participants[i].person, b->participants[i].person);
    }
    for (uint32_t i = 0; i < a->defect_count; i++) {
        CHECK_TEXT(a->defects[i].code, b->defects[i].code);
        CHECK_TEXT(a->defects[i].law, b->defects[i].law);
        CHECK(a->defects[i].stage == b->defects[i].stage);
        CHECK(a->defects[i].event == b->defects[i].event);
        CHECK(a->defects[i].revision == b->defects[i].revision);
        CHECK(a->defects[i].at_ms == b->defects[i].at_ms);
    }
}

static void check_same(const struct case_state *a, const struct case_state *b)
{
    check_head(a, b);
    for (int i = 0; i < FACTS; i++) {
        CHECK(a->facts[i].revision == b->facts[i].revision);
        CHECK(value_equal(&a->facts[i].value, &b->facts[i].value));
    }
    for (uint32_t i = 0; i < a->instance_count; i++) {
        check_instance(&a->instances[i], &b->instances[i]);
    }
    for (uint32_t i = 0; i < a->stop_count; i++) {
        check_stop(&a->stops[i], &b->stops[i]);
    }
    check_people(a, b);
}

static void what_was_written_is_read_again(void)
{
    struct procedure procedure = some_procedure();
    struct rng rng = rng_seeded(7);

    for (int i = 0; i < ROUNDS; i++) {
        struct arena arena;
        struct bytes bytes;
        struct case_state back;

        arena_init_over(&arena, memory, sizeof(memory));

        struct case_state state = random_state(&rng, &arena, 12);

        CHECK(state_encode(&procedure, &state, room, sizeof(room), &bytes) == STATUS_OK);
        CHECK(state_decode(bytes, &procedure, &arena, &back) == STATUS_OK);
        check_same(&state, &back);
    }
}

static void a_delta_leads_from_one_state_to_another(void)
{
    struct procedure procedure = some_procedure();
    struct rng rng = rng_seeded(8);
    struct bytes before = {0};

    for (int i = 0; i < ROUNDS; i++) {
        struct arena arena;
        struct bytes after;
        struct bytes delta;
        struct bytes again;
        uint8_t *this_room = i % 2 == 0 ? room : more_room;
        static uint8_t patched[STATE_BYTES_MAX];

        arena_init_over(&arena, memory, sizeof(memory));

        struct case_state state = random_state(&rng, &arena, 5);

        CHECK(state_encode(&procedure, &state, this_room, STATE_BYTES_MAX, &after) ==
              STATUS_OK);
        CHECK(state_delta(before, after, delta_room, sizeof(delta_room), &delta) == STATUS_OK);
        CHECK(state_patch(before, delta, patched, sizeof(patched), &again) == STATUS_OK);
        CHECK(bytes_equal(after, again));
        before = after;
    }
}

static void a_small_change_makes_a_small_delta(void)
{
    struct procedure procedure = some_procedure();
    struct rng rng = rng_seeded(9);
    struct arena arena;
    struct bytes before;
    struct bytes after;
    struct bytes delta;

    arena_init_over(&arena, memory, sizeof(memory));

    struct case_state state = random_state(&rng, &arena, 12);

    CHECK(state_encode(&procedure, &state, room, sizeof(room), &before) == STATUS_OK);
    state.revision = 1;
    state.instances[state.instance_count / 2].fired = 1;
    CHECK(state_encode(&procedure, &state, more_room, sizeof(more_room), &after) == STATUS_OK);
    CHECK(state_delta(before, after, delta_room, sizeof(delta_room), &delta) == STATUS_OK);
    CHECK(after.size > 1000);
    CHECK(delta.size < 250);
}

static void a_state_over_its_bound_is_refused(void)
{
    struct procedure procedure = some_procedure();
    struct rng rng = rng_seeded(10);
    struct arena arena;
    struct bytes bytes;

    arena_init_over(&arena, memory, sizeof(memory));

    struct case_state state = random_state(&rng, &arena, 60);

    state.instance_count = 60;
    CHECK(state_encode(&procedure, &state, room, 2000, &bytes) == STATUS_LIMIT);
    CHECK(state_encode(&procedure, &state, room, 3, &bytes) == STATUS_LIMIT);
}

static void any_changed_byte_is_found(void)
{
    struct procedure procedure = some_procedure();
    struct rng rng = rng_seeded(11);
    struct arena arena;
    struct bytes bytes;
    struct case_state back;

    arena_init_over(&arena, memory, sizeof(memory));

    struct case_state state = random_state(&rng, &arena, 2);

    CHECK(state_encode(&procedure, &state, room, sizeof(room), &bytes) == STATUS_OK);
    for (size_t i = 0; i < bytes.size; i++) {
        room[i] ^= 0x10;
        CHECK(state_decode(bytes, &procedure, &arena, &back) == STATUS_MALFORMED);
        room[i] ^= 0x10;
        CHECK(state_decode((struct bytes){.at = bytes.at, .size = i}, &procedure, &arena,
                           &back) == STATUS_MALFORMED);
    }
    CHECK(state_decode(bytes, &procedure, &arena, &back) == STATUS_OK);
}

static void a_spent_arena_is_told(void)
{
    struct procedure procedure = some_procedure();
    struct rng rng = rng_seeded(12);
    struct arena arena;
    struct bytes bytes;
    struct case_state back;

    arena_init_over(&arena, memory, sizeof(memory));

    struct case_state state = random_state(&rng, &arena, 5);

    CHECK(state_encode(&procedure, &state, room, sizeof(room), &bytes) == STATUS_OK);
    arena_init_over(&arena, memory, 64);
    CHECK(state_decode(bytes, &procedure, &arena, &back) == STATUS_LIMIT);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(what_was_written_is_read_again),     TEST(a_delta_leads_from_one_state_to_another),
        TEST(a_small_change_makes_a_small_delta), TEST(a_state_over_its_bound_is_refused),
        TEST(any_changed_byte_is_found),          TEST(a_spent_arena_is_told),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
