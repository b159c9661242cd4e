#include "core/prove_parts.h"
#include "core/prove_words.h"

/* What can be seen without asking which cases there are. */

static void prove_chain(struct prover *prover)
{
    const struct procedure *procedure = prover->procedure;

    for (uint32_t i = 0; i < procedure->chain_count; i++) {
        const struct role *role = &procedure->roles[procedure->chain[i]];

        if (role->outside) {
            TELL(prover, PROBLEM_ERROR, &proof_chain_outside, role->label.mark, role->name);
        }
    }
}

static void prove_opens(struct prover *prover)
{
    const struct procedure *procedure = prover->procedure;

    for (uint32_t i = 0; i < procedure->open_count; i++) {
        const struct offer *offer = &procedure->opens[i];

        for (uint32_t j = 0; j < offer->rule_count; j++) {
            const struct rule *rule = &offer->rules[j];

            if (rule->to_count == 0) {
                TELL(prover, PROBLEM_ERROR, &proof_opens_nowhere, rule->label.mark,
                     procedure->events[offer->event].name);
            }
        }
    }
}

static void prove_outliving(struct prover *prover, const struct stage *stage,
                            const struct clock_act *starts, uint32_t count)
{
    const struct procedure *procedure = prover->procedure;

    for (uint32_t i = 0; i < count; i++) {
        if ((stage->outlives & clock_bit(starts[i].clock)) == 0) {
            TELL(prover, PROBLEM_ERROR, &proof_not_outliving, starts[i].mark,
                 procedure->clocks[starts[i].clock].name, stage->name);
        }
    }
}

/* A rule that is taken while a case is ending. */
static void prove_ending_rule(struct prover *prover, const struct stage *stage,
                              const struct rule *rule)
{
    const struct procedure *procedure = prover->procedure;

    for (uint32_t i = 0; i < rule->to_count; i++) {
        const struct stage *to = &procedure->stages[rule->to[i].stage];

        if (!to->final) {
            TELL(prover, PROBLEM_ERROR, &proof_final_leads_back, rule->to[i].label.mark,
                 stage->name, to->name);
        }
    }
    if (rule->to_count == 0) {
        prove_outliving(prover, stage, rule->starts, rule->start_count);
    }
}

/* What is taken of a closed case, too. */
static bool is_taken_when_closed(enum event_family family)
{
    return family == EVENT_NOTED || family == EVENT_CORRECTED || family == EVENT_DELIVERED ||
           family == EVENT_UNTOLD || family == EVENT_BOUNCED;
}

static void prove_final(struct prover *prover, uint16_t index)
{
    const struct procedure *procedure = prover->procedure;
    const struct stage *stage = &procedure->stages[index];

    prove_outliving(prover, stage, stage->starts, stage->start_count);
    for (uint32_t i = 0; i < stage->offer_count; i++) {
        const struct offer *offer = &stage->offers[i];
        const struct event_name *event = &procedure->events[offer->event];

        for (uint32_t j = 0; j < offer->rule_count; j++) {
            prove_ending_rule(prover, stage, &offer->rules[j]);
        }
        if (stage->outlives == 0 && !is_taken_when_closed(event->family)) {
            TELL(prover, PROBLEM_WARNING, &proof_closed_at_once, offer->mark, stage->name,
                 event->name);
        }
    }
    for (uint32_t i = 0; i < procedure->anytime_count; i++) {
        const struct offer *offer = &procedure->anytime[i];

        for (uint32_t j = 0; j < offer->rule_count; j++) {
            if (rule_is_in(procedure, &offer->rules[j], index)) {
                prove_ending_rule(prover, stage, &offer->rules[j]);
            }
        }
    }
}

void prove_shape(struct prover *prover)
{
    prove_chain(prover);
    prove_opens(prover);
    for (uint16_t i = 0; i < prover->procedure->stage_count; i++) {
        if (prover->procedure->stages[i].final) {
            prove_final(prover, i);
        }
    }
}
