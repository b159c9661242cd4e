#include "core/guard_parse.h"
#include "core/prove_parts.h"
#include "core/prove_words.h"

/*
 * Errands: that the other procedure, its event, role and facts are there and alike, that some
 * rule of it takes just what is brought, and that none comes round to where it began. Runtime
 * has its own answers to all of these (a refusal, and a defect on the case that sent it); this
 * is so that they are never needed.
 */

enum { RULES_OF_EVENT_MAX = 256 };

/* The rules of a procedure for an event. */
struct takers {
    const struct rule *rules[RULES_OF_EVENT_MAX];
    uint32_t count;
};

static void add_takers(const struct procedure *procedure, const struct offer *offers,
                       uint32_t count, struct text event, struct takers *takers)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!text_equal(procedure->events[offers[i].event].name, event)) {
            continue;
        }
        for (uint32_t j = 0; j < offers[i].rule_count; j++) {
            if (takers->count < RULES_OF_EVENT_MAX) {
                takers->rules[takers->count++] = &offers[i].rules[j];
            }
        }
    }
}

static void find_takers(const struct procedure *procedure, struct text event, bool opens,
                        struct takers *takers)
{
    takers->count = 0;
    if (opens) {
        add_takers(procedure, procedure->opens, procedure->open_count, event, takers);
        return;
    }
    for (uint32_t i = 0; i < procedure->stage_count; i++) {
        const struct stage *stage = &procedure->stages[i];

        add_takers(procedure, stage->offers, stage->offer_count, event, takers);
    }
    add_takers(procedure, procedure->anytime, procedure->anytime_count, event, takers);
}

/* The newest version of that name. */
static const struct procedure *find_other(const struct prover *prover, struct text name)
{
    const struct prove_options *options = prover->options;
    const struct procedure *newest = NULL;

    for (uint32_t i = 0; i < options->other_count; i++) {
        const struct procedure *other = options->others[i];

        if (other != NULL && !other->layer && text_equal(other->name, name) &&
            (newest == NULL || other->version > newest->version)) {
            newest = other;
        }
    }
    return newest;
}

/* Every event there is without a rule, but those of the daemon's own. */
static bool is_standing(struct text event)
{
    enum event_family family = event_family_of(event);

    return family != EVENT_ORDINARY && family != EVENT_CLOCK_END && family != EVENT_UNTOLD;
}

static bool all_choices(const struct choices *from, const struct choices *to)
{
    uint32_t found;

    for (uint32_t i = 0; i < from->count; i++) {
        if (!choices_find(to, from->names[i], &found)) {
            return false;
        }
    }
    return true;
}

/* Whether every value of an expression can be read as that fact. */
static bool is_alike(const struct handed *handed, const struct fact *fact)
{
    const struct guard *guard = handed->value;
    bool chosen = fact->type == VALUE_CHOICE || fact->type == VALUE_SET;
    uint32_t found;

    if (handed->word) {
        const struct guard_node *node = &guard->nodes[guard->node_count - 1];

        return chosen && choices_find(&fact->choices, node->literal.text, &found);
    }
    if (guard->type == VALUE_CHOICE && fact->type == VALUE_TEXT) {
        return true;
    }
    return guard->type == fact->type &&
           (!chosen || (guard->choices != NULL && all_choices(guard->choices, &fact->choices)));
}

static bool is_private(const struct procedure *procedure, const struct guard *guard)
{
    const struct guard_node *root = &guard->nodes[guard->node_count - 1];
    bool fact = root->operation == GUARD_NAME &&
                (root->symbol.kind == SYMBOL_FACT || root->symbol.kind == SYMBOL_EVENT_FACT);

    return fact && procedure->facts[root->symbol.index].private;
}

/* An errand of one rule under one event, and the procedure it goes to. */
struct journey {
    struct prover *prover;
    const struct rule *rule;
    const struct errand *errand;
    const struct procedure *other;
    bool own; /* the rule is one of the daemon's own events: nobody acts */
};

static void tell_of(const struct journey *journey, const struct message *message,
                    struct mark mark, struct text one, struct text two)
{
    TELL(journey->prover, PROBLEM_ERROR, message, mark, journey->errand->name, one, two);
}

static bool prove_facts(const struct journey *journey)
{
    bool good = true;

    for (uint32_t i = 0; i < journey->errand->fact_count; i++) {
        const struct handed *handed = &journey->errand->facts[i];
        uint16_t index = procedure_fact(journey->other, handed->name);

        if (index == NO_INDEX) {
            tell_of(journey, &proof_errand_no_fact, handed->mark, journey->other->name,
                    handed->name);
            good = false;
            continue;
        }

        const struct fact *fact = &journey->other->facts[index];

        if (!is_alike(handed, fact)) {
            tell_of(journey, &proof_errand_type, handed->mark, handed->name,
                    value_type_word(fact->type));
            good = false;
        } else if (is_private(journey->prover->procedure, handed->value) && !fact->private) {
            tell_of(journey, &proof_errand_private, handed->mark, journey->other->name,
                    handed->name);
            good = false;
        }
    }
    return good;
}

static bool hands_over(const struct errand *errand, struct text fact)
{
    for (uint32_t i = 0; i < errand->fact_count; i++) {
        if (text_equal(errand->facts[i].name, fact)) {
            return true;
        }
    }
    return false;
}

static bool brings_document(const struct journey *journey, struct text kind)
{
    for (uint32_t i = 0; !journey->own && i < journey->rule->document_count; i++) {
        if (text_equal(journey->rule->documents[i], kind)) {
            return true;
        }
    }
    return false;
}

/* What stands against it in one rule there; empty: nothing does. */
static struct text hindrance(const struct journey *journey, const struct rule *there,
                             uint16_t role)
{
    const struct procedure *other = journey->other;
    bool outside = other->roles[role].outside;

    if (there->by == 0 ? outside : (there->by >> role & 1) == 0) {
        return journey->errand->role;
    }
    for (uint16_t i = 0; i < other->fact_count; i++) {
        bool handed = hands_over(journey->errand, other->facts[i].name);
        bool must = fact_mask_has(&there->takes, i);

        if (must ? !handed : handed && !fact_mask_has(&there->may_take, i)) {
            return other->facts[i].name;
        }
    }
    for (uint32_t i = 0; i < there->document_count; i++) {
        if (!brings_document(journey, there->documents[i])) {
            return there->documents[i];
        }
    }
    for (uint16_t i = 0; i < other->role_count; i++) {
        if ((there->assigns >> i & 1) != 0) {
            return other->roles[i].name;
        }
    }
    return (struct text){0};
}

static void prove_taken(const struct journey *journey)
{
    const struct errand *errand = journey->errand;
    uint16_t role = procedure_role(journey->other, errand->role);
    struct takers takers;
    struct text first = {0};

    if (role == NO_INDEX) {
        tell_of(journey, &proof_errand_no_role, errand->label.mark, journey->other->name,
                errand->role);
        return;
    }
    if (journey->own && !journey->other->roles[role].outside) {
        tell_of(journey, &proof_errand_nobody, errand->label.mark, journey->other->name,
                errand->role);
        return;
    }
    find_takers(journey->other, errand->event, errand->opens, &takers);
    if (takers.count == 0) {
        if (errand->opens || !is_standing(errand->event)) {
            tell_of(journey, &proof_errand_no_event, errand->label.mark, journey->other->name,
                    errand->event);
        }
        return;
    }
    for (uint32_t i = 0; i < takers.count; i++) {
        struct text hindered = hindrance(journey, takers.rules[i], role);

        if (text_empty(hindered)) {
            return;
        }
        first = i == 0 ? hindered : first;
    }
    tell_of(journey, &proof_errand_no_rule, errand->label.mark, errand->event, first);
}

/* Where an errand has come by. */
struct step_on {
    const struct step_on *before;
    struct text procedure;
    struct text event;
    uint32_t depth;
};

static bool goes_round(struct prover *prover, const struct errand *errand,
                       const struct step_on *before);

static bool rule_goes_round(struct prover *prover, const struct rule *rule,
                            const struct step_on *at)
{
    for (uint32_t i = 0; i < rule->errand_count; i++) {
        if (goes_round(prover, &rule->errands[i], at)) {
            return true;
        }
    }
    return false;
}

/* Whether what an errand causes at once may cause it again, or too much. */
static bool goes_round(struct prover *prover, const struct errand *errand,
                       const struct step_on *before)
{
    for (uint32_t i = 0; i < errand->procedure_count; i++) {
        const struct procedure *other = find_other(prover, errand->procedures[i]);
        struct step_on at = {
            .before = before,
            .procedure = errand->procedures[i],
            .event = errand->event,
            .depth = before->depth + 1,
        };
        struct takers takers;

        if (other == NULL) {
            continue; /* told by its own proof */
        }
        for (const struct step_on *was = before; was != NULL; was = was->before) {
            if (text_equal(was->procedure, at.procedure) && text_equal(was->event, at.event)) {
                return true;
            }
        }
        if (at.depth > PROVE_ERRANDS_DEEP || !prover_works(prover, 64)) {
            return true;
        }
        find_takers(other, errand->event, errand->opens, &takers);
        for (uint32_t j = 0; j < takers.count; j++) {
            if (rule_goes_round(prover, takers.rules[j], &at)) {
                return true;
            }
        }
    }
    return false;
}

static void prove_errand(struct prover *prover, const struct rule *rule,
                         const struct errand *errand, const struct event_name *event)
{
    struct journey journey = {.prover = prover,
                              .rule = rule,
                              .errand = errand,
                              .own = event->family == EVENT_CLOCK_END};
    struct step_on start = {.procedure = prover->procedure->name, .event = event->name};
    bool good = true;

    for (uint32_t i = 0; i < errand->procedure_count; i++) {
        journey.other = find_other(prover, errand->procedures[i]);
        if (journey.other == NULL) {
            tell_of(&journey, &proof_errand_no_procedure, errand->label.mark,
                    errand->procedures[i], (struct text){0});
            good = false;
        } else if (prove_facts(&journey)) {
            prove_taken(&journey);
        }
    }
    if (good && goes_round(prover, errand, &start)) {
        tell_of(&journey, &proof_errand_round, errand->label.mark, event->name,
                (struct text){0});
    }
}

static void prove_offers(struct prover *prover, const struct offer *offers, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < offers[i].rule_count; j++) {
            const struct rule *rule = &offers[i].rules[j];

            for (uint32_t k = 0; k < rule->errand_count; k++) {
                prove_errand(prover, rule, &rule->errands[k],
                             &prover->procedure->events[offers[i].event]);
            }
        }
    }
}

void prove_errands(struct prover *prover)
{
    const struct procedure *procedure = prover->procedure;

    if (prover->options->others == NULL) {
        return; /* nobody knows which there are */
    }
    prove_offers(prover, procedure->opens, procedure->open_count);
    for (uint32_t i = 0; i < procedure->stage_count; i++) {
        prove_offers(prover, procedure->stages[i].offers, procedure->stages[i].offer_count);
    }
    prove_offers(prover, procedure->anytime, procedure->anytime_count);
}
