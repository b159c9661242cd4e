#include "core/prove_parts.h"
#include "core/prove_words.h"

/* What --strict wants besides: the law of every clock and need, and words for all names. */

static void want_words(struct prover *prover, const struct label *label, struct text name)
{
    if (text_empty(label->zh)) {
        TELL(prover, PROBLEM_ERROR, &proof_strict_words, label->mark, name, TEXT("zh"));
    }
    if (text_empty(label->en)) {
        TELL(prover, PROBLEM_ERROR, &proof_strict_words, label->mark, name, TEXT("en"));
    }
}

static void want_law(struct prover *prover, const struct label *label, struct text name)
{
    if (text_empty(label->law)) {
        TELL(prover, PROBLEM_ERROR, &proof_strict_law, label->mark, name);
    }
}

/* The words of a choice, an outcome or another name that has no entry of its own. */
static void want_word(struct prover *prover, struct text name, struct mark mark)
{
    const struct procedure *procedure = prover->procedure;

    for (uint32_t i = 0; i < procedure->word_count; i++) {
        if (text_equal(procedure->words[i].name, name)) {
            want_words(prover, &procedure->words[i].label, name);
            return;
        }
    }

    struct label none = {.mark = mark};

    want_words(prover, &none, name);
}

static void want_needs(struct prover *prover, const struct need *needs, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        want_words(prover, &needs[i].label, needs[i].name);
        want_law(prover, &needs[i].label, needs[i].name);
    }
}

static void want_rules(struct prover *prover, const struct offer *offers, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < offers[i].rule_count; j++) {
            const struct rule *rule = &offers[i].rules[j];

            want_needs(prover, rule->needs, rule->need_count);
            want_needs(prover, rule->warns, rule->warn_count);
        }
    }
}

static void want_facts(struct prover *prover)
{
    const struct procedure *procedure = prover->procedure;

    for (uint32_t i = 0; i < procedure->fact_count; i++) {
        const struct fact *fact = &procedure->facts[i];

        want_words(prover, &fact->label, fact->name);
        for (uint32_t j = 0; j < fact->choices.count; j++) {
            want_word(prover, fact->choices.names[j], fact->label.mark);
        }
    }
}

static void want_names(struct prover *prover)
{
    const struct procedure *procedure = prover->procedure;

    for (uint32_t i = 0; i < procedure->role_count; i++) {
        want_words(prover, &procedure->roles[i].label, procedure->roles[i].name);
    }
    want_facts(prover);
    for (uint32_t i = 0; i < procedure->event_count; i++) {
        const struct event_name *event = &procedure->events[i];

        if (event->family == EVENT_ORDINARY) {
            want_words(prover, &event->label, event->name);
        }
    }
    for (uint32_t i = 0; i < procedure->ground_count; i++) {
        want_words(prover, &procedure->grounds[i].label, procedure->grounds[i].name);
    }
}

void prove_strict(struct prover *prover)
{
    const struct procedure *procedure = prover->procedure;

    want_names(prover);
    for (uint32_t i = 0; i < procedure->clock_count; i++) {
        const struct clock *clock = &procedure->clocks[i];

        want_words(prover, &clock->label, clock->name);
        want_law(prover, &clock->label, clock->name);
        for (uint32_t j = 0; j < clock->extend_count; j++) {
            want_needs(prover, clock->extends[j].needs, clock->extends[j].need_count);
        }
    }
    for (uint32_t i = 0; i < procedure->stage_count; i++) {
        const struct stage *stage = &procedure->stages[i];

        want_words(prover, &stage->label, stage->name);
        if (stage->final) {
            want_word(prover, stage->outcome, stage->label.mark);
        }
        want_rules(prover, stage->offers, stage->offer_count);
    }
    want_rules(prover, procedure->opens, procedure->open_count);
    want_rules(prover, procedure->anytime, procedure->anytime_count);
}
