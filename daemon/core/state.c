#include "core/state.h"

#include "base/must.h"

#include <string.h>

static const struct text state_words[] = {
#define INSTANCE_WORD(name, word) [name] = TEXT_INIT(word),
    INSTANCE_STATES(INSTANCE_WORD)
#undef INSTANCE_WORD
};

/* An array with room for `room` things, of which `count` are copied. */
static void *copy_array(struct arena *arena, const void *from, uint32_t count, uint32_t room,
                        size_t size)
{
    void *to = arena_take(arena, room * size);

    if (to != NULL && count > 0) {
        memcpy(to, from, count * size);
    }
    return to;
}

static struct fact_state *blank_facts(const struct procedure *procedure, struct arena *arena)
{
    struct fact_state *facts = arena_take_zeroed(arena, procedure->fact_count, sizeof(*facts));

    for (uint32_t i = 0; facts != NULL && i < procedure->fact_count; i++) {
        facts[i].value.type = procedure->facts[i].type;
    }
    return facts;
}

bool state_copy(const struct case_state *from, const struct procedure *procedure,
                struct arena *arena, struct case_state *to)
{
    *to = *from;
    to->facts = from->phase == CASE_NEW ? blank_facts(procedure, arena)
                                        : copy_array(arena, from->facts, procedure->fact_count,
                                                     procedure->fact_count, sizeof(*to->facts));
    to->instances = copy_array(arena, from->instances, from->instance_count, INSTANCES_MAX,
                               sizeof(*to->instances));
    to->stops = copy_array(arena, from->stops, from->stop_count, STOPS_MAX, sizeof(*to->stops));
    to->participants = copy_array(arena, from->participants, from->participant_count,
                                  PARTICIPANTS_MAX, sizeof(*to->participants));
    to->defects =
        copy_array(arena, from->defects, from->defect_count, DEFECTS_MAX, sizeof(*to->defects));
    return !arena->spent;
}

struct text instance_state_word(enum instance_state state)
{
    return state_words[state];
}

bool instance_is_live(const struct instance *instance)
{
    return instance->state == INSTANCE_RUNNING || instance->state == INSTANCE_PAUSED ||
           instance->state == INSTANCE_OVERDUE;
}

static bool same_value(const struct value *a, const struct value *b)
{
    return a->type == b->type && value_equal(a, b);
}

struct instance *state_instance(const struct case_state *state, uint16_t clock,
                                const struct value *per)
{
    bool any = per == NULL || !per->known;
    struct instance *newest = NULL;

    for (uint32_t i = 0; i < state->instance_count; i++) {
        struct instance *instance = &state->instances[i];

        if (instance->clock != clock || (!any && !same_value(&instance->per, per))) {
            continue;
        }
        if (!any && instance_is_live(instance)) {
            return instance;
        }
        newest = instance; /* they stand in the order of their numbers */
    }
    return newest;
}

struct instance *state_instance_numbered(const struct case_state *state, uint16_t clock,
                                         uint16_t number)
{
    struct instance *found = NULL;

    for (uint32_t i = 0; i < state->instance_count; i++) {
        struct instance *instance = &state->instances[i];

        if (instance->clock == clock && (number == 0 || instance->number == number)) {
            found = instance;
        }
    }
    return found;
}

static void instance_must_be_sound(const struct procedure *procedure,
                                   const struct instance *instance)
{
    bool ended = !instance_is_live(instance);

    MUST(instance->clock < procedure->clock_count);
    MUST(instance->number >= 1);
    MUST(ended == (instance->ended_ms != INSTANT_NONE));
    if (ended) {
        MUST(instance->next_ms == INSTANT_NEVER);
    }
    if (instance->state == INSTANCE_PAUSED) {
        MUST(instance->review_ms != INSTANT_NEVER);
    }
}

void state_must_be_sound(const struct procedure *procedure, const struct case_state *state)
{
    int64_t next_ms = INSTANT_NEVER;
    uint32_t live = 0;

    MUST(state->stage < procedure->stage_count);
    for (uint32_t i = 0; i < state->instance_count; i++) {
        const struct instance *instance = &state->instances[i];
        const struct instance *last = i == 0 ? NULL : &state->instances[i - 1];

        instance_must_be_sound(procedure, instance);
        MUST(last == NULL || last->clock < instance->clock ||
             (last->clock == instance->clock && last->number < instance->number));
        live += instance_is_live(instance);
        next_ms = instance->next_ms < next_ms ? instance->next_ms : next_ms;
    }

    const struct stage *stage = &procedure->stages[state->stage];

    MUST(live <= LIVE_MAX);
    MUST(state->stop_count <= STOPS_MAX);
    MUST(state->stranded || state->next_ms == next_ms);
    MUST(stage->final == (state->phase == CASE_ENDING || state->phase == CASE_CLOSED));
    MUST((state->phase == CASE_CLOSED) == (stage->final && live == 0));
    if (state->phase == CASE_OPEN) {
        MUST(state->next_ms != INSTANT_NEVER || stage->no_limit);
    }
    if (state->stranded) {
        MUST(state->phase == CASE_OPEN && next_ms == INSTANT_NEVER && !stage->no_limit);
    }
}
