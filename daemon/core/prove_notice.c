#include "core/prove_parts.h"
#include "core/prove_words.h"

/* Every notice has somebody to go to and words to say, in both languages. */

/* A notice told of already, so that its templates are missed once. */
struct notices {
    struct prover *prover;
    bool *told; /* by notice */
};

static const struct prove_notice *template_of(const struct prover *prover, struct text name)
{
    for (uint32_t i = 0; i < prover->options->template_count; i++) {
        if (text_equal(prover->options->templates[i].name, name)) {
            return &prover->options->templates[i];
        }
    }
    return NULL;
}

static void prove_template(struct notices *notices, uint16_t notice, struct mark mark)
{
    struct prover *prover = notices->prover;
    const struct notice *what = &prover->procedure->notices[notice];
    const struct prove_notice *template = template_of(prover, what->name);

    if (prover->options->templates == NULL || notices->told[notice]) {
        return;
    }
    notices->told[notice] = true;
    if (template == NULL || !template->zh) {
        TELL(prover, PROBLEM_ERROR, &proof_no_template, mark, what->name, TEXT("zh"));
    }
    if (template == NULL || !template->en) {
        TELL(prover, PROBLEM_ERROR, &proof_no_template, mark, what->name, TEXT("en"));
    }
}

static void prove_receivers(struct notices *notices, const uint8_t *to, uint32_t count,
                            struct text name, struct mark mark)
{
    const struct procedure *procedure = notices->prover->procedure;

    if (count == 0) {
        TELL(notices->prover, PROBLEM_ERROR, &proof_no_receiver, mark, name);
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct role *role = &procedure->roles[to[i]];

        if (role->outside && procedure_officer(procedure) == NO_INDEX) {
            TELL(notices->prover, PROBLEM_ERROR, &proof_no_hand, mark, name, role->name);
        }
    }
}

static void prove_notify(struct notices *notices, const struct notify *notify)
{
    struct text name = notices->prover->procedure->notices[notify->notice].name;

    prove_receivers(notices, notify->to, notify->to_count, name, notify->mark);
    prove_template(notices, notify->notice, notify->mark);
}

static void prove_rule(struct notices *notices, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->notify_count; i++) {
        prove_notify(notices, &rule->notifies[i]);
    }
    for (uint32_t i = 0; i < rule->warn_count; i++) {
        if (rule->warns[i].notify != NULL) {
            prove_notify(notices, rule->warns[i].notify);
        }
    }
    for (uint32_t i = 0; i < rule->need_count; i++) {
        if (rule->needs[i].notify != NULL) {
            prove_notify(notices, rule->needs[i].notify);
        }
    }
}

static void prove_offers(struct notices *notices, const struct offer *offers, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < offers[i].rule_count; j++) {
            prove_rule(notices, &offers[i].rules[j]);
        }
    }
}

void prove_notices(struct prover *prover)
{
    const struct procedure *procedure = prover->procedure;
    struct notices notices = {
        .prover = prover,
        .told = arena_take_zeroed(prover->arena, procedure->notice_count + 1, sizeof(bool)),
    };

    if (notices.told == NULL) {
        return; /* told where the rest finds no room either */
    }
    for (uint32_t i = 0; i < procedure->clock_count; i++) {
        const struct clock *clock = &procedure->clocks[i];

        for (uint32_t j = 0; j < clock->entry_count; j++) {
            const struct entry *entry = &clock->entries[j];

            prove_receivers(&notices, entry->to, entry->to_count, entry->name,
                            entry->label.mark);
            prove_template(&notices, entry->notice, entry->label.mark);
        }
    }
    prove_offers(&notices, procedure->opens, procedure->open_count);
    for (uint32_t i = 0; i < procedure->stage_count; i++) {
        const struct stage *stage = &procedure->stages[i];

        for (uint32_t j = 0; j < stage->notify_count; j++) {
            prove_notify(&notices, &stage->notifies[j]);
        }
        prove_offers(&notices, stage->offers, stage->offer_count);
    }
    prove_offers(&notices, procedure->anytime, procedure->anytime_count);
}
