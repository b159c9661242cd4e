#include "core/prove_parts.h"
#include "core/prove_words.h"

/*
 * Every notice has somebody to go to, and says only what its receiver may be told. That it has
 * words in both languages was seen when it was loaded.
 */

/* What was looked at already, so that each is complained of once. */
struct notices {
    struct prover *prover;
    uint64_t *seen; /* by notice: the roles it was seen to go to */
};

const struct text notice_values[] = {
    TEXT_INIT("agency"), TEXT_INIT("case"),     TEXT_INIT("clock"), TEXT_INIT("last_day"),
    TEXT_INIT("law"),    TEXT_INIT("old_day"),  TEXT_INIT("left"),  TEXT_INIT("stage"),
    TEXT_INIT("owner"),  TEXT_INIT("receiver"), TEXT_INIT("since"), TEXT_INIT("ground"),
    TEXT_INIT("what"),   TEXT_INIT("why"),
};
const uint32_t notice_value_count = sizeof(notice_values) / sizeof(notice_values[0]);

static bool is_listed(const struct text *names, uint32_t count, struct text name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(names[i], name)) {
            return true;
        }
    }
    return false;
}

static const struct notice_words *words_of(const struct prover *prover, struct text name)
{
    for (uint32_t i = 0; i < prover->options->word_count; i++) {
        if (text_equal(prover->options->words[i].name, name)) {
            return &prover->options->words[i];
        }
    }
    return NULL;
}

static bool is_private(const struct procedure *procedure, struct text name)
{
    uint16_t fact = procedure_fact(procedure, name);

    return fact != NO_INDEX && procedure->facts[fact].private;
}

/* The values it uses are of every notice, or declared for it and facts of the case. */
static void prove_values(struct prover *prover, const struct notice *what, struct mark mark)
{
    const struct notice_words *words = words_of(prover, what->name);

    for (uint32_t i = 0; words != NULL && i < words->value_count; i++) {
        struct text name = words->values[i];

        if (!is_listed(notice_values, notice_value_count, name) &&
            (!is_listed(what->values, what->value_count, name) ||
             procedure_fact(prover->procedure, name) == NO_INDEX)) {
            TELL(prover, PROBLEM_ERROR, &proof_no_value, mark, what->name, name);
        }
    }
    for (uint32_t i = 0; words != NULL && i < words->brief_value_count; i++) {
        if (is_private(prover->procedure, words->brief_values[i])) {
            TELL(prover, PROBLEM_ERROR, &proof_private_brief, mark, what->name,
                 words->brief_values[i]);
        }
    }
}

/* Private facts go to nobody inside. Who is outside hears nothing of the matter but a reference
 * and a day; a long form does without the rest, a brief one may read oddly. */
static void prove_discretion(struct prover *prover, const struct notice *what,
                             const struct role *role, struct mark mark)
{
    const struct notice_words *words = words_of(prover, what->name);

    for (uint32_t i = 0; words != NULL && !role->outside && i < words->value_count; i++) {
        if (is_private(prover->procedure, words->values[i])) {
            TELL(prover, PROBLEM_ERROR, &proof_not_for, mark, what->name, words->values[i],
                 role->name);
        }
    }
    for (uint32_t i = 0; words != NULL && role->outside && i < words->brief_value_count; i++) {
        struct text value = words->brief_values[i];

        if (is_listed(notice_values, notice_value_count, value) &&
            !is_listed(notice_values, NOTICE_VALUES_OUTSIDE, value)) {
            TELL(prover, PROBLEM_WARNING, &proof_left_out, mark, what->name, value, role->name);
        }
    }
}

/* What is sent, to whom, and by which entry of the procedure. */
struct sending {
    uint16_t notice;
    const uint8_t *to;
    uint32_t to_count;
    struct text name;
    struct mark mark;
};

static void prove_sending(struct notices *notices, const struct sending *sending)
{
    struct prover *prover = notices->prover;
    const struct procedure *procedure = prover->procedure;
    const struct notice *what = &procedure->notices[sending->notice];
    uint64_t *seen = &notices->seen[sending->notice];

    if (sending->to_count == 0) {
        TELL(prover, PROBLEM_ERROR, &proof_no_receiver, sending->mark, sending->name);
    }
    if (*seen == 0) {
        prove_values(prover, what, sending->mark);
    }
    for (uint32_t i = 0; i < sending->to_count; i++) {
        const struct role *role = &procedure->roles[sending->to[i]];

        if (role->outside && procedure_officer(procedure) == NO_INDEX) {
            TELL(prover, PROBLEM_ERROR, &proof_no_hand, sending->mark, sending->name,
                 role->name);
        }
        if ((*seen >> sending->to[i] & 1) == 0) {
            prove_discretion(prover, what, role, sending->mark);
            *seen |= (uint64_t)1 << sending->to[i];
        }
    }
}

static void prove_notify(struct notices *notices, const struct notify *notify)
{
    prove_sending(notices, &(struct sending){
                               .notice = notify->notice,
                               .to = notify->to,
                               .to_count = notify->to_count,
                               .name = notices->prover->procedure->notices[notify->notice].name,
                               .mark = notify->mark});
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
        .seen = arena_take_zeroed(prover->arena, procedure->notice_count + 1, sizeof(uint64_t)),
    };

    if (notices.seen == NULL) {
        return; /* told where the rest finds no room either */
    }
    for (uint32_t i = 0; i < procedure->clock_count; i++) {
        const struct clock *clock = &procedure->clocks[i];

        for (uint32_t j = 0; j < clock->entry_count; j++) {
            const struct entry *entry = &clock->entries[j];

            prove_sending(&notices, &(struct sending){.notice = entry->notice,
                                                      .to = entry->to,
                                                      .to_count = entry->to_count,
                                                      .name = entry->name,
                                                      .mark = entry->label.mark});
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
