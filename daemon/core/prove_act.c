#include "core/prove_flow.h"

/* What rules and stages do to what is sure of a case. */

/* One that recurs goes on after its end, where its own condition lets it. */
static bool goes_on(const struct clock *clock)
{
    return clock->recurs && clock->when == NULL;
}

static void end_clock(struct sure *sure, const struct clock *clock, uint16_t index, bool surely)
{
    sure->live &= ~clock_bit(index);
    if (surely && clock->per == NO_INDEX) {
        sure->dead |= clock_bit(index);
    }
}

bool flow_time_out(const struct prover *prover, uint16_t own, struct sure *sure)
{
    const struct clock *clock = &prover->procedure->clocks[own];

    if ((sure->dead & clock_bit(own)) != 0) {
        return false;
    }
    if (prover->known_with_any[own]) {
        sure->facts = mask_both(sure->facts, prover->known_with[own]);
    }
    if (clock->kind == CLOCK_DUTY || goes_on(clock)) {
        sure->live |= clock_bit(own);
    } else {
        end_clock(sure, clock, own, !clock->recurs);
    }
    return true;
}

/* A condition or value that is known when these facts are. */
static bool is_sure(const struct guard *guard, const struct fact_mask *facts)
{
    for (uint32_t i = 0; i < guard->node_count; i++) {
        const struct guard_node *node = &guard->nodes[i];

        if (node->operation != GUARD_NAME || node->zero) {
            continue;
        }
        switch ((enum symbol_kind)node->symbol.kind) {
        case SYMBOL_FACT:
            if (!fact_mask_has(facts, node->symbol.index)) {
                return false;
            }
            break;
        case SYMBOL_CLOCK:
            if (node->type != VALUE_FLAG && node->type != VALUE_MONEY) {
                return false;
            }
            break;
        case SYMBOL_EVENT_FACT:
        case SYMBOL_PERSON:
        case SYMBOL_SENDER:
        case SYMBOL_OPENER:
        case SYMBOL_REGISTER:
            return false;
        case SYMBOL_DEFINE:
        case SYMBOL_OCCURRED:
        case SYMBOL_RECEIVED:
        case SYMBOL_STAGE:
        case SYMBOL_AGENCY:
        case SYMBOL_UNIT:
        case SYMBOL_OPENED:
        case SYMBOL_CASE:
        case SYMBOL_ACTORS:
        case SYMBOL_CERTIFIED:
        case SYMBOL_OF_UNIT:
            break;
        }
    }
    return true;
}

static void set_facts(const struct passage *passage, struct sure *sure)
{
    const struct rule *rule = passage->rule;
    bool own = passage->calling->own != NO_INDEX;
    struct fact_mask before = sure->facts;

    if (rule->keep && !own) {
        sure->facts = mask_both(sure->facts, rule->takes);
    }
    for (uint32_t i = 0; i < rule->set_count; i++) {
        /* Of people's events one that cannot set a fact is refused. */
        if (!own || is_sure(rule->sets[i].value, &before)) {
            fact_mask_add(&sure->facts, rule->sets[i].fact);
        }
    }
    sure->facts = mask_without(sure->facts, rule->unsets);
}

/* Whether a clock's own condition surely holds where this branch of the rule is taken. */
static bool surely_wanted(const struct passage *passage, const struct clock *clock,
                          uint32_t branch)
{
    const struct calling *calling = passage->calling;
    const struct rule *rule = passage->rule;
    bool own = calling->own != NO_INDEX;
    struct scene scene = {
        .stage = calling->stage, .own = calling->own, .quiet = own, .rule = rule};

    solve_begin(passage->prover, &scene);
    for (uint32_t i = 0; i < passage->index; i++) {
        solve_want(passage->prover, calling->rules[i]->when, BEFORE,
                   own ? WANT_FALSE | WANT_UNKNOWN : WANT_FALSE);
    }
    solve_want(passage->prover, rule->when, BEFORE, WANT_TRUE);
    for (uint32_t i = 0; i < rule->need_count; i++) {
        solve_want(passage->prover, rule->needs[i].that, BEFORE, WANT_TRUE);
    }
    for (uint32_t i = 0; branch != NO_BRANCH && i < branch && i < rule->to_count; i++) {
        solve_want(passage->prover, rule->to[i].when, AFTER,
                   own ? WANT_FALSE | WANT_UNKNOWN : WANT_FALSE);
    }
    if (branch < rule->to_count) {
        solve_want(passage->prover, rule->to[branch].when, AFTER, WANT_TRUE);
    }
    solve_want(passage->prover, clock->when, STARTING,
               own ? WANT_FALSE | WANT_UNKNOWN : WANT_FALSE);
    return solve(passage->prover) == FOUND_NONE;
}

static void has_started(struct prover *prover, uint16_t index, const struct fact_mask *facts)
{
    struct fact_mask all = mask_both(*facts, clock_needs(&prover->procedure->clocks[index]));

    all = mask_without(all, prover->unset_later);

    if (prover->known_with_any[index]) {
        all = mask_common(all, prover->known_with[index]);
    }
    if (!prover->known_with_any[index] || !mask_equal(&all, &prover->known_with[index])) {
        prover->known_moved = prover->known_moved || prover->known_with_any[index];
        prover->known_with[index] = all;
        prover->known_with_any[index] = true;
    }
}

/* `start`; quiet where nothing is refused. False: the event is refused. */
static bool start_clock(struct prover *prover, uint16_t index, bool quiet, bool wanted,
                        struct sure *sure)
{
    const struct clock *clock = &prover->procedure->clocks[index];

    if (!quiet && clock->when == NULL && clock->per == NO_INDEX &&
        (sure->live & clock_bit(index)) != 0) {
        return false;
    }
    has_started(prover, index, &sure->facts);
    sure->dead &= ~clock_bit(index);
    if (wanted) {
        sure->live |= clock_bit(index);
        if (!quiet) {
            struct fact_mask needs = clock_needs(clock);

            sure->facts = mask_both(sure->facts, needs);
        }
    }
    return true;
}

/* A date or instant that is surely given. */
static bool is_given(const struct passage *passage, const struct guard *value,
                     const struct sure *sure)
{
    const struct rule *rule = passage->rule;

    if (value == NULL || is_sure(value, &sure->facts)) {
        return true;
    }
    for (uint32_t i = 0; i < value->node_count; i++) {
        const struct guard_node *node = &value->nodes[i];

        if (node->operation == GUARD_NAME &&
            (node->symbol.kind != SYMBOL_EVENT_FACT ||
             !fact_mask_has(&rule->takes, node->symbol.index))) {
            return false;
        }
    }
    return true;
}

void flow_want(struct passage *passage, uint32_t branch)
{
    const struct rule *rule = passage->rule;

    passage->wanted = 0;
    for (uint32_t i = 0; rule != NULL && i < rule->start_count; i++) {
        uint16_t index = rule->starts[i].clock;
        const struct clock *clock = &passage->prover->procedure->clocks[index];

        if (clock->when != NULL && surely_wanted(passage, clock, branch)) {
            passage->wanted |= clock_bit(index);
        }
    }
}

bool flow_act(const struct passage *passage, struct sure *sure)
{
    struct prover *prover = passage->prover;
    const struct rule *rule = passage->rule;
    const struct clock *clocks = prover->procedure->clocks;
    bool own = passage->calling->own != NO_INDEX;

    set_facts(passage, sure);
    for (uint32_t i = 0; i < rule->cancel_count; i++) {
        end_clock(sure, &clocks[rule->cancels[i].clock], rule->cancels[i].clock, true);
    }
    for (uint32_t i = 0; i < rule->start_count; i++) {
        const struct clock *clock = &clocks[rule->starts[i].clock];
        bool wanted =
            clock->when == NULL || (passage->wanted & clock_bit(rule->starts[i].clock)) != 0;

        if (!start_clock(prover, rule->starts[i].clock, own, wanted, sure)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < rule->meet_count; i++) {
        uint16_t index = rule->meets[i].clock;
        /* A window may have lapsed meanwhile, and then it goes on to its end. */
        bool surely =
            clocks[index].kind != CLOCK_WINDOW && is_given(passage, rule->meets[i].value, sure);

        if (!goes_on(&clocks[index])) {
            end_clock(sure, &clocks[index], index, surely && !clocks[index].recurs);
        }
    }
    return true;
}

void flow_enter(struct prover *prover, uint16_t index, struct sure *sure)
{
    const struct procedure *procedure = prover->procedure;
    const struct stage *stage = &procedure->stages[index];
    struct place *place = &prover->places[index];

    place->entered_with =
        place->entered ? mask_common(place->entered_with, sure->facts) : sure->facts;
    place->entered = true;
    if (stage->final) {
        sure->live &= stage->outlives;
        sure->dead |= prover->all_clocks & ~stage->outlives;
    }
    for (uint32_t i = 0; i < stage->cancel_count; i++) {
        uint16_t clock = stage->cancels[i].clock;

        end_clock(sure, &procedure->clocks[clock], clock, true);
    }
    for (uint32_t i = 0; i < stage->start_count; i++) {
        uint16_t clock = stage->starts[i].clock;

        (void)start_clock(prover, clock, true, procedure->clocks[clock].when == NULL, sure);
    }
}
