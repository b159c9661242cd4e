#include "core/why.h"

#include "core/turn.h"

/* An explanation in the making. */
struct telling {
    struct turn turn;
    struct arena *arena;
    struct why_rule *rules;
    uint32_t rule_count;
    struct why_moment *moments;
    uint32_t moment_count;
};

static bool explain_need(struct telling *telling, const struct need *need, struct why_need *out)
{
    struct reading reading = turn_reading(&telling->turn);
    struct guard_leaf leaves[GUARD_NODES_MAX];
    struct value *values =
        arena_take(telling->arena, need->that->node_count * sizeof(struct value));

    if (values == NULL) {
        return false;
    }

    struct value result = guard_evaluate(need->that, &reading, values);

    *out = (struct why_need){.need = need, .values = values};
    out->truth = !result.known ? TRUTH_UNKNOWN : result.flag ? TRUTH_TRUE : TRUTH_FALSE;
    out->leaf_count = guard_leaves(need->that, values, leaves, GUARD_NODES_MAX);
    out->leaves = arena_copy(telling->arena, leaves, out->leaf_count * sizeof(leaves[0]));
    return out->leaves != NULL;
}

static void add_rule(struct telling *telling, uint16_t event, const struct rule *rule,
                     bool anytime)
{
    enum truth when = rule->when == NULL ? TRUTH_TRUE : turn_judge(&telling->turn, rule->when);
    struct why_need *needs =
        arena_take(telling->arena, rule->need_count * sizeof(struct why_need));

    if (when == TRUTH_FALSE || needs == NULL || telling->rule_count == WHY_RULES_MAX) {
        return;
    }
    for (uint32_t i = 0; i < rule->need_count; i++) {
        if (!explain_need(telling, &rule->needs[i], &needs[i])) {
            return;
        }
    }
    telling->rules[telling->rule_count++] = (struct why_rule){
        .event = event,
        .rule = rule,
        .anytime = anytime,
        .when = when,
        .needs = needs,
        .need_count = rule->need_count,
    };
}

static void add_offers(struct telling *telling, const struct offer *offers, uint32_t count,
                       bool anytime)
{
    const struct turn *turn = &telling->turn;

    for (uint32_t i = 0; i < count; i++) {
        if (turn->procedure->events[offers[i].event].family == EVENT_CLOCK_END) {
            continue;
        }
        for (uint32_t j = 0; j < offers[i].rule_count; j++) {
            const struct rule *rule = &offers[i].rules[j];

            if (!anytime || rule_is_in(turn->procedure, rule, turn->state->stage)) {
                add_rule(telling, offers[i].event, rule, anytime);
            }
        }
    }
}

static void add_rules(struct telling *telling)
{
    const struct procedure *procedure = telling->turn.procedure;
    const struct case_state *state = telling->turn.state;
    const struct stage *stage = &procedure->stages[state->stage];

    if (state->phase == CASE_NEW) {
        add_offers(telling, procedure->opens, procedure->open_count, false);
        return;
    }
    if (state->phase == CASE_CLOSED) {
        return;
    }
    add_offers(telling, stage->offers, stage->offer_count, false);
    add_offers(telling, procedure->anytime, procedure->anytime_count, true);
}

static void add_moment(struct telling *telling, const struct instance *instance, bool end,
                       uint16_t entry, uint16_t role)
{
    if (telling->moment_count < WHY_MOMENTS_MAX) {
        telling->moments[telling->moment_count++] = (struct why_moment){
            .clock = instance->clock,
            .number = instance->number,
            .end = end,
            .entry = entry,
            .role = role,
        };
    }
}

/* What an instance does at the case's next moment. */
static void add_moments(struct telling *telling, const struct instance *instance)
{
    const struct track *track = &telling->turn.track;
    const struct clock *clock = &track->procedure->clocks[instance->clock];
    int64_t next_ms = telling->turn.state->next_ms;
    struct slot slot = {.clock = clock};
    struct offset_moment base;

    if (instance->state == INSTANCE_PAUSED) {
        add_moment(telling, instance, false, NO_INDEX, clock->owner);
        return;
    }
    if (instance->state == INSTANCE_RUNNING && instance->end_ms <= next_ms) {
        add_moment(telling, instance, true, NO_INDEX, NO_INDEX);
    }
    for (uint32_t at = 0; slot_next(&slot, &at);) {
        bool due = instance->cursor_ms == INSTANT_NONE
                       ? track_caught_up_with(track, instance, &slot, &base)
                       : track_slot_moment(track, instance, &slot).at_ms <= next_ms;

        if (due) {
            add_moment(telling, instance, false, (uint16_t)slot.entry_index, slot.role);
        }
    }
}

static struct why_clock *list_clocks(struct telling *telling, uint32_t *count)
{
    const struct case_state *state = telling->turn.state;
    struct why_clock *clocks =
        arena_take(telling->arena, state->instance_count * sizeof(struct why_clock));

    *count = 0;
    for (uint32_t i = 0; clocks != NULL && i < state->instance_count; i++) {
        const struct instance *instance = &state->instances[i];
        bool accrual = telling->turn.procedure->clocks[instance->clock].kind == CLOCK_ACCRUAL;

        if (!instance_is_live(instance)) {
            continue;
        }
        clocks[(*count)++] = (struct why_clock){
            .instance = instance,
            .amount = accrual ? track_amount(&telling->turn.track, instance,
                                             telling->turn.step->now_ms)
                              : 0,
        };
        if (instance->next_ms == state->next_ms) {
            add_moments(telling, instance);
        }
    }
    return clocks;
}

bool case_why(const struct step *step, struct arena *arena, struct why *why)
{
    struct outcome outcome;
    struct telling telling = {.arena = arena};

    if (!turn_begin(&telling.turn, step, arena, &outcome)) {
        return false;
    }
    telling.turn.occurred_ms = step->now_ms;
    telling.rules = arena_take(arena, WHY_RULES_MAX * sizeof(struct why_rule));
    telling.moments = arena_take(arena, WHY_MOMENTS_MAX * sizeof(struct why_moment));
    if (arena->spent) {
        return false;
    }
    if (step->before->phase != CASE_NEW) {
        why->clocks = list_clocks(&telling, &why->clock_count);
    } else {
        why->clocks = NULL;
        why->clock_count = 0;
    }
    add_rules(&telling);
    why->rules = telling.rules;
    why->rule_count = telling.rule_count;
    why->moments = telling.moments;
    why->moment_count = telling.moment_count;
    why->next_ms = outcome.after.next_ms;
    return !arena->spent;
}
