#include "core/prove_parts.h"

/* The clocks that some condition or value of a procedure asks about. */

static uint64_t asked_by(const struct guard *guard)
{
    uint64_t clocks = 0;

    for (uint32_t i = 0; guard != NULL && i < guard->node_count; i++) {
        const struct guard_node *node = &guard->nodes[i];

        if (node->operation == GUARD_NAME && node->symbol.kind == SYMBOL_CLOCK) {
            clocks |= clock_bit(node->symbol.index);
        }
    }
    return clocks;
}

static uint64_t asked_by_needs(const struct need *needs, uint32_t count)
{
    uint64_t clocks = 0;

    for (uint32_t i = 0; i < count; i++) {
        clocks |= asked_by(needs[i].that);
    }
    return clocks;
}

static uint64_t asked_by_acts(const struct clock_act *acts, uint32_t count)
{
    uint64_t clocks = 0;

    for (uint32_t i = 0; i < count; i++) {
        clocks |= asked_by(acts[i].value);
    }
    return clocks;
}

static uint64_t asked_by_rule(const struct rule *rule)
{
    uint64_t clocks = asked_by(rule->when) | asked_by_needs(rule->needs, rule->need_count) |
                      asked_by_needs(rule->warns, rule->warn_count) |
                      asked_by_acts(rule->extends, rule->extend_count) |
                      asked_by_acts(rule->meets, rule->meet_count);

    for (uint32_t i = 0; i < rule->set_count; i++) {
        clocks |= asked_by(rule->sets[i].value);
    }
    for (uint32_t i = 0; i < rule->to_count; i++) {
        clocks |= asked_by(rule->to[i].when);
    }
    return clocks;
}

static uint64_t asked_by_offers(const struct offer *offers, uint32_t count)
{
    uint64_t clocks = 0;

    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < offers[i].rule_count; j++) {
            clocks |= asked_by_rule(&offers[i].rules[j]);
        }
    }
    return clocks;
}

static uint64_t asked_by_clock(const struct clock *clock)
{
    uint64_t clocks = asked_by(clock->when);

    for (uint32_t i = 0; i < clock->entry_count; i++) {
        clocks |= asked_by(clock->entries[i].when);
    }
    for (uint32_t i = 0; i < clock->extend_count; i++) {
        clocks |= asked_by_needs(clock->extends[i].needs, clock->extends[i].need_count);
    }
    return clocks;
}

uint64_t clocks_asked_in(const struct stage *stage)
{
    return asked_by_offers(stage->offers, stage->offer_count);
}

uint64_t clocks_asked(const struct procedure *procedure)
{
    uint64_t clocks = asked_by_offers(procedure->opens, procedure->open_count) |
                      asked_by_offers(procedure->anytime, procedure->anytime_count);

    for (uint32_t i = 0; i < procedure->clock_count; i++) {
        clocks |= asked_by_clock(&procedure->clocks[i]);
    }
    for (uint32_t i = 0; i < procedure->stage_count; i++) {
        clocks |=
            asked_by_offers(procedure->stages[i].offers, procedure->stages[i].offer_count);
    }
    return clocks;
}
