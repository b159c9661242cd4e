#include "core/prove_parts.h"
#include "core/prove_words.h"

/* What the daemon does by itself nobody can put right at that moment: its questions must have
 * answers, and what it starts must have its facts. */

static void tell_not_total(struct prover *prover, struct mark mark, struct text at)
{
    struct words words;

    TELL(prover, PROBLEM_ERROR, &proof_not_total, mark, at, solve_words(prover, &words));
}

static void tell_too_many(struct prover *prover, struct mark mark, struct text what)
{
    TELL(prover, PROBLEM_NOTE, &proof_too_many, mark, what, TEXT("has()"));
}

static void tell_unset(struct prover *prover, struct mark mark, uint16_t clock, struct text at,
                       const struct fact_mask *unset)
{
    const struct procedure *procedure = prover->procedure;

    for (uint16_t i = 0; i < procedure->fact_count; i++) {
        if (fact_mask_has(unset, i)) {
            TELL(prover, PROBLEM_ERROR, &proof_start_unset, mark, procedure->clocks[clock].name,
                 at, procedure->facts[i].name);
            return;
        }
    }
}

/* A condition that must not be unknown where the scene and what was wanted so far hold. */
static void prove_total(struct prover *prover, const struct guard *guard, enum phase phase,
                        struct text at)
{
    solve_want(prover, guard, phase, WANT_UNKNOWN);
    switch (solve(prover)) {
    case FOUND_NONE:
        break;
    case FOUND_ONE:
        tell_not_total(prover, guard->mark, at);
        break;
    case FOUND_TOO_LARGE:
        tell_too_many(prover, guard->mark, at);
        break;
    }
}

/* The clocks that entering a stage starts. */
static void prove_enter(struct prover *prover, uint16_t index)
{
    const struct procedure *procedure = prover->procedure;
    const struct stage *stage = &procedure->stages[index];
    const struct place *place = &prover->places[index];

    for (uint32_t i = 0; i < stage->start_count; i++) {
        uint16_t clock = stage->starts[i].clock;
        struct fact_mask needs = clock_needs(&procedure->clocks[clock]);
        struct fact_mask unset = mask_without(needs, place->entered_with);
        struct scene scene = {
            .stage = index, .own = NO_INDEX, .quiet = true, .facts = place->entered_with};

        tell_unset(prover, stage->starts[i].mark, clock, stage->name, &unset);
        if (procedure->clocks[clock].when != NULL) {
            solve_begin(prover, &scene);
            prove_total(prover, procedure->clocks[clock].when, BEFORE, stage->name);
        }
    }
}

/* The value that tells instances apart is brought by the ended clock, if it has one like it. */
static struct fact_mask brought(const struct prover *prover, uint16_t own, uint16_t clock)
{
    const struct procedure *procedure = prover->procedure;
    uint16_t from = procedure->clocks[own].per;
    uint16_t to = procedure->clocks[clock].per;
    struct fact_mask facts = {{0}};

    if (from != NO_INDEX && to != NO_INDEX &&
        procedure->facts[from].type == procedure->facts[to].type) {
        fact_mask_add(&facts, to);
    }
    return facts;
}

static void prove_own_start(struct prover *prover, const struct calling *calling,
                            uint32_t index, const struct sure_list *after,
                            const struct clock_act *start)
{
    const struct procedure *procedure = prover->procedure;
    const struct rule *rule = calling->rules[index];
    const struct clock *clock = &procedure->clocks[start->clock];
    struct sure_list before;
    struct words words;
    struct text at = prover_event_name(prover, calling->event, calling->own, &words);
    struct fact_mask unset = mask_without(clock_needs(clock), sure_facts(after));

    unset = mask_without(unset, brought(prover, calling->own, start->clock));
    tell_unset(prover, start->mark, start->clock, at, &unset);
    if (clock->when == NULL) {
        return;
    }
    flow_before(prover, calling, &before);

    struct scene scene = {
        .stage = calling->stage,
        .own = calling->own,
        .quiet = true,
        .rule = rule,
        .facts = sure_facts(&before),
        .before = before.items,
        .before_count = before.count,
    };

    solve_begin(prover, &scene);
    for (uint32_t i = 0; i < index; i++) {
        solve_want(prover, calling->rules[i]->when, BEFORE, WANT_FALSE | WANT_UNKNOWN);
    }
    solve_want(prover, rule->when, BEFORE, WANT_TRUE);
    prove_total(prover, clock->when, STARTING, at);
}

/* The clocks that the daemon's own events start in a stage. */
static void prove_own(struct prover *prover, uint16_t stage)
{
    struct calling calling;
    struct sure_list after;

    for (uint16_t clock = 0; clock < prover->procedure->clock_count; clock++) {
        calling_of(prover, stage, prover->ends[clock], clock, &calling);
        for (uint32_t i = 0; i < calling.rule_count; i++) {
            const struct rule *rule = calling.rules[i];

            if (rule->start_count == 0) {
                continue;
            }
            flow_after(prover, &calling, i, &after);
            for (uint32_t j = 0; j < rule->start_count && after.count > 0; j++) {
                prove_own_start(prover, &calling, i, &after, &rule->starts[j]);
            }
        }
    }
}

void prove_starts(struct prover *prover)
{
    for (uint16_t i = 0; i < prover->procedure->stage_count; i++) {
        if (prover->places[i].entered) {
            prove_enter(prover, i);
        }
        if (prover->places[i].count > 0) {
            prove_own(prover, i);
        }
    }
}

/* Where a reminder or rung of a clock speaks: it is live, and nobody acts. */
static bool speaks_in(struct prover *prover, uint16_t clock, uint16_t stage,
                      struct sure_list *before)
{
    const struct place *place = &prover->places[stage];

    before->count = 0;
    for (uint32_t i = 0; i < place->count; i++) {
        struct sure sure = place->arrivals[i].sure;

        if ((sure.dead & clock_bit(clock)) == 0) {
            sure.live |= clock_bit(clock);
            sure.facts = mask_both(sure.facts, prover->known_with[clock]);
            before->items[before->count++] = sure;
        }
    }
    return before->count > 0;
}

static void prove_entry(struct prover *prover, uint16_t clock, const struct entry *entry)
{
    struct sure_list before;

    for (uint16_t stage = 0; stage < prover->procedure->stage_count; stage++) {
        if (!speaks_in(prover, clock, stage, &before)) {
            continue;
        }

        struct scene scene = {
            .stage = stage,
            .own = NO_INDEX,
            .quiet = true,
            .facts = sure_facts(&before),
            .before = before.items,
            .before_count = before.count,
        };
        uint32_t told = prover->problems->count;

        solve_begin(prover, &scene);
        prove_total(prover, entry->when, BEFORE, entry->name);
        if (prover->problems->count > told) {
            return;
        }
    }
}

void prove_entries(struct prover *prover)
{
    for (uint16_t i = 0; i < prover->procedure->clock_count; i++) {
        const struct clock *clock = &prover->procedure->clocks[i];

        for (uint32_t j = 0; j < clock->entry_count; j++) {
            if (clock->entries[j].when != NULL) {
                prove_entry(prover, i, &clock->entries[j]);
            }
        }
    }
}
