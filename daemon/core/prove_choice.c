#include "core/prove_parts.h"
#include "core/prove_words.h"

/*
 * Of the rules of an event, and of a rule's branches, each is taken by some case, and
 * branches leave none without one. A rule of `anytime` stands in many stages: it is fine if
 * it is taken in one of them, and wrong if something is wrong in one of them.
 */

/* A rule, and where it stands. */
struct subject {
    const struct rule *rule;
    uint16_t event;
    uint16_t own; /* the clock whose end its event is, or NO_INDEX */
    bool opens;
    uint64_t stages; /* reached ones */
};

/* What became of looking for a case that takes something. */
enum fate { FATE_IMPOSSIBLE, FATE_SHADOWED, FATE_NEVER, FATE_TOO_MANY, FATE_TAKEN };

/* Where one looks: a rule's index among those of its calling. */
struct look {
    struct prover *prover;
    struct calling calling;
    uint32_t index;
    struct sure_list before;
    struct sure_list after;
};

static uint32_t passed_over(const struct look *look)
{
    /* The daemon's own event is never refused: what is unknown is passed over too. */
    return look->calling.own == NO_INDEX ? WANT_FALSE : WANT_FALSE | WANT_UNKNOWN;
}

static const struct rule *rule_of(const struct look *look)
{
    return look->calling.rules[look->index];
}

/* A scene in which only what is certain by logic holds, or what is certain of cases too. */
static void set_scene(const struct look *look, bool cases, bool acted)
{
    struct scene scene = {
        .stage = look->calling.stage,
        .own = look->calling.own,
        .quiet = look->calling.own != NO_INDEX,
        .rule = acted ? rule_of(look) : NULL,
    };

    if (cases) {
        scene.facts = sure_facts(&look->before);
        scene.before = look->before.items;
        scene.before_count = look->before.count;
    }
    if (cases && acted) {
        scene.after = look->after.items;
        scene.after_count = look->after.count;
    }
    solve_begin(look->prover, &scene);
}

static void want_reached(const struct look *look)
{
    for (uint32_t i = 0; i < look->index; i++) {
        solve_want(look->prover, look->calling.rules[i]->when, BEFORE, passed_over(look));
    }
}

/* The rule is taken and nothing refuses it. */
static void want_taken(const struct look *look)
{
    const struct rule *rule = rule_of(look);

    want_reached(look);
    solve_want(look->prover, rule->when, BEFORE, WANT_TRUE);
    for (uint32_t i = 0; look->calling.own == NO_INDEX && i < rule->need_count; i++) {
        solve_want(look->prover, rule->needs[i].that, BEFORE, WANT_TRUE);
    }
}

static void want_branches_over(const struct look *look, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        solve_want(look->prover, rule_of(look)->to[i].when, AFTER, passed_over(look));
    }
}

static struct text event_of(const struct look *look, struct words *words)
{
    return prover_event_name(look->prover, look->calling.event, look->calling.own, words);
}

/* Look at a subject in one stage; false: no case is there for it. */
static bool look_at(struct look *look, struct prover *prover, const struct subject *subject,
                    uint16_t stage)
{
    look->prover = prover;
    if (subject->opens) {
        for (uint32_t at = 0; calling_open(prover, &at, &look->calling);) {
            if (look->calling.event == subject->event) {
                break;
            }
        }
    } else {
        calling_of(prover, stage, subject->event, subject->own, &look->calling);
    }
    look->index = 0;
    while (look->index < look->calling.rule_count &&
           look->calling.rules[look->index] != subject->rule) {
        look->index++;
    }
    if (look->index == look->calling.rule_count) {
        return false;
    }
    flow_before(prover, &look->calling, &look->before);
    return true;
}

static enum fate fate_of_rule(const struct look *look)
{
    struct prover *prover = look->prover;
    enum found found;

    set_scene(look, true, false);
    want_reached(look);
    solve_want(prover, rule_of(look)->when, BEFORE, WANT_TRUE);
    found = look->before.count == 0 ? FOUND_NONE : solve(prover);
    if (found != FOUND_NONE) {
        return found == FOUND_ONE ? FATE_TAKEN : FATE_TOO_MANY;
    }
    set_scene(look, false, false);
    solve_want(prover, rule_of(look)->when, BEFORE, WANT_TRUE);
    found = solve(prover);
    if (found != FOUND_ONE) {
        return found == FOUND_NONE ? FATE_IMPOSSIBLE : FATE_TOO_MANY;
    }
    set_scene(look, false, false);
    want_reached(look);
    solve_want(prover, rule_of(look)->when, BEFORE, WANT_TRUE);
    found = solve(prover);
    if (found != FOUND_ONE) {
        return found == FOUND_NONE ? FATE_SHADOWED : FATE_TOO_MANY;
    }
    return FATE_NEVER;
}

static enum fate fate_of_branch(const struct look *look, uint32_t branch)
{
    struct prover *prover = look->prover;
    const struct branch *to = &rule_of(look)->to[branch];
    enum found found;

    set_scene(look, true, true);
    want_taken(look);
    want_branches_over(look, branch);
    solve_want(prover, to->when, AFTER, WANT_TRUE);
    found = solve(prover);
    if (found != FOUND_NONE) {
        return found == FOUND_ONE ? FATE_TAKEN : FATE_TOO_MANY;
    }
    set_scene(look, false, true);
    want_taken(look);
    solve_want(prover, to->when, AFTER, WANT_TRUE);
    found = solve(prover);
    if (found != FOUND_ONE) {
        return found == FOUND_NONE ? FATE_IMPOSSIBLE : FATE_TOO_MANY;
    }
    set_scene(look, false, true);
    want_taken(look);
    want_branches_over(look, branch);
    solve_want(prover, to->when, AFTER, WANT_TRUE);
    found = solve(prover);
    if (found != FOUND_ONE) {
        return found == FOUND_NONE ? FATE_SHADOWED : FATE_TOO_MANY;
    }
    return FATE_NEVER;
}

/* The best fate over all stages, and the first stage looked at. */
static enum fate best_fate(struct look *look, struct prover *prover,
                           const struct subject *subject, uint32_t branch)
{
    enum fate best = FATE_IMPOSSIBLE;
    uint16_t stage_count = subject->opens ? 1 : (uint16_t)prover->procedure->stage_count;

    for (uint16_t i = 0; i < stage_count && best != FATE_TAKEN; i++) {
        enum fate fate;

        if ((!subject->opens && (subject->stages >> i & 1) == 0) ||
            !look_at(look, prover, subject, i)) {
            continue;
        }
        if (branch == NO_INDEX) {
            fate = fate_of_rule(look);
        } else {
            flow_after(prover, &look->calling, look->index, &look->after);
            fate = look->after.count == 0 ? FATE_NEVER : fate_of_branch(look, branch);
        }
        best = fate > best ? fate : best;
    }
    return best;
}

/* Where a subject stands, in a word: its stage, or `anytime`. */
static struct text place_of(const struct prover *prover, const struct subject *subject)
{
    for (uint16_t i = 0; i < prover->procedure->stage_count; i++) {
        if (subject->stages == (uint64_t)1 << i) {
            return prover->procedure->stages[i].name;
        }
    }
    return subject->opens ? TEXT("opens") : TEXT("anytime");
}

static enum fate prove_fate(struct prover *prover, const struct subject *subject)
{
    struct look look;
    struct words words;
    struct mark mark = subject->rule->label.mark;
    struct text name = prover_event_name(prover, subject->event, subject->own, &words);
    enum fate fate = best_fate(&look, prover, subject, NO_INDEX);

    switch (fate) {
    case FATE_IMPOSSIBLE:
        TELL(prover, PROBLEM_ERROR, &proof_rule_impossible, mark, name);
        break;
    case FATE_SHADOWED:
        TELL(prover, PROBLEM_ERROR, &proof_rule_shadowed, mark, name);
        break;
    case FATE_NEVER:
        TELL(prover, PROBLEM_WARNING, &proof_rule_never, mark, name, place_of(prover, subject));
        break;
    case FATE_TOO_MANY:
        TELL(prover, PROBLEM_NOTE, &proof_too_many, mark, name, TEXT("`when`"));
        break;
    case FATE_TAKEN:
        break;
    }
    return fate;
}

static void prove_branch(struct prover *prover, const struct subject *subject, uint32_t index)
{
    const struct branch *branch = &subject->rule->to[index];
    struct mark mark = branch->label.mark;
    struct look look;

    switch (best_fate(&look, prover, subject, index)) {
    case FATE_IMPOSSIBLE:
        TELL(prover, PROBLEM_ERROR, &proof_branch_impossible, mark, branch->name);
        break;
    case FATE_SHADOWED:
        TELL(prover, PROBLEM_ERROR, &proof_branch_shadowed, mark, branch->name);
        break;
    case FATE_NEVER:
        TELL(prover, PROBLEM_WARNING, &proof_branch_never, mark, branch->name,
             place_of(prover, subject));
        break;
    case FATE_TOO_MANY:
        TELL(prover, PROBLEM_NOTE, &proof_too_many, mark, branch->name, TEXT("`to`"));
        break;
    case FATE_TAKEN:
        break;
    }
}

/* A case for which no branch holds. */
static void prove_branch_gap(const struct look *look)
{
    struct prover *prover = look->prover;
    const struct rule *rule = rule_of(look);
    struct words words;
    struct words name;

    set_scene(look, true, true);
    want_taken(look);
    want_branches_over(look, rule->to_count);
    switch (solve(prover)) {
    case FOUND_NONE:
        break;
    case FOUND_ONE:
        TELL(prover, PROBLEM_ERROR, &proof_branch_gap, rule->to[0].label.mark,
             event_of(look, &name), prover_stage_name(prover, look->calling.stage),
             solve_words(prover, &words));
        break;
    case FOUND_TOO_LARGE:
        TELL(prover, PROBLEM_NOTE, &proof_too_many, rule->to[0].label.mark,
             event_of(look, &name), TEXT("`to`"));
        break;
    }
}

/* Under the daemon's own events no condition may be unknown. */
static void prove_total(const struct look *look, const struct guard *guard, enum phase phase)
{
    struct prover *prover = look->prover;
    struct words words;
    struct words name;

    if (guard == NULL) {
        return;
    }
    solve_want(prover, guard, phase, WANT_UNKNOWN);
    switch (solve(prover)) {
    case FOUND_NONE:
        break;
    case FOUND_ONE:
        TELL(prover, PROBLEM_ERROR, &proof_not_total, guard->mark, event_of(look, &name),
             solve_words(prover, &words));
        break;
    case FOUND_TOO_LARGE:
        TELL(prover, PROBLEM_NOTE, &proof_too_many, guard->mark, event_of(look, &name),
             TEXT("has()"));
        break;
    }
}

static void prove_own(const struct look *look)
{
    const struct rule *rule = rule_of(look);

    set_scene(look, true, false);
    want_reached(look);
    prove_total(look, rule->when, BEFORE);
    for (uint32_t i = 0; i < rule->to_count && look->after.count > 0; i++) {
        set_scene(look, true, true);
        want_taken(look);
        want_branches_over(look, i);
        prove_total(look, rule->to[i].when, AFTER);
    }
}

/* What may be wrong in one stage while all is well in others; told once. */
static void prove_everywhere(struct prover *prover, const struct subject *subject)
{
    const struct rule *rule = subject->rule;
    bool own = subject->own != NO_INDEX;
    bool may_gap = rule->to_count > 0 && rule->to[rule->to_count - 1].when != NULL;
    uint32_t told = prover->problems->count;
    struct look look;

    uint16_t stage_count = subject->opens ? 1 : (uint16_t)prover->procedure->stage_count;

    for (uint16_t i = 0; i < stage_count; i++) {
        if ((!subject->opens && (subject->stages >> i & 1) == 0) || !(own || may_gap) ||
            !look_at(&look, prover, subject, i) || look.before.count == 0) {
            continue;
        }
        flow_after(prover, &look.calling, look.index, &look.after);
        if (own) {
            prove_own(&look);
        }
        if (may_gap && look.after.count > 0) {
            prove_branch_gap(&look);
        }
        if (prover->problems->count > told) {
            return;
        }
    }
}

static void prove_subject(struct prover *prover, const struct subject *subject)
{
    const struct rule *rule = subject->rule;

    if (!subject->opens && subject->stages == 0) {
        return; /* its stage is out of reach, which is told already */
    }
    if (prove_fate(prover, subject) == FATE_TAKEN && rule->to_count > 0 &&
        (rule->to_count > 1 || rule->to[0].when != NULL)) {
        for (uint32_t i = 0; i < rule->to_count; i++) {
            prove_branch(prover, subject, i);
        }
    }
    prove_everywhere(prover, subject);
}

static void prove_offer(struct prover *prover, const struct offer *offer,
                        struct subject *subject, uint64_t stages)
{
    const struct event_name *event = &prover->procedure->events[offer->event];

    subject->event = offer->event;
    subject->own = event->family == EVENT_CLOCK_END ? event->clock : NO_INDEX;
    for (uint32_t i = 0; i < offer->rule_count && prover_works(prover, 1); i++) {
        subject->rule = &offer->rules[i];
        subject->stages = 0;
        for (uint16_t j = 0; j < prover->procedure->stage_count; j++) {
            bool here = (stages >> j & 1) != 0 && prover->places[j].count > 0;
            bool anytime = stages == ~(uint64_t)0;

            if (here && (!anytime || rule_is_in(prover->procedure, subject->rule, j))) {
                subject->stages |= (uint64_t)1 << j;
            }
        }
        prove_subject(prover, subject);
    }
}

/* An event of people for which a stage has rules, none of which may hold. */
static void prove_rule_gap(struct prover *prover, const struct calling *calling)
{
    struct look look = {.prover = prover, .calling = *calling, .index = calling->rule_count};
    struct words words;

    flow_before(prover, calling, &look.before);
    if (look.before.count == 0) {
        return;
    }
    set_scene(&look, true, false);
    want_reached(&look);
    if (solve(prover) == FOUND_ONE) {
        TELL(prover, PROBLEM_NOTE, &proof_rule_gap, calling->rules[0]->label.mark,
             prover->procedure->events[calling->event].name,
             prover_stage_name(prover, calling->stage), solve_words(prover, &words));
    }
}

static bool all_conditional(const struct calling *calling)
{
    for (uint32_t i = 0; i < calling->rule_count; i++) {
        if (calling->rules[i]->when == NULL) {
            return false;
        }
    }
    return calling->rule_count > 0;
}

static void prove_rule_gaps(struct prover *prover)
{
    const struct procedure *procedure = prover->procedure;

    for (uint16_t stage = 0; stage < procedure->stage_count; stage++) {
        struct calling calling;

        for (uint32_t at = 0; prover->places[stage].count > 0 && prover_works(prover, 1) &&
                              calling_next(prover, stage, &at, &calling);) {
            if (calling.own == NO_INDEX && all_conditional(&calling) &&
                procedure->events[calling.event].family == EVENT_ORDINARY) {
                prove_rule_gap(prover, &calling);
            }
        }
    }
}

void prove_choices(struct prover *prover)
{
    const struct procedure *procedure = prover->procedure;
    struct subject subject = {.opens = true};

    for (uint32_t i = 0; i < procedure->open_count; i++) {
        prove_offer(prover, &procedure->opens[i], &subject, 0);
    }
    subject.opens = false;
    for (uint16_t i = 0; i < procedure->stage_count; i++) {
        const struct stage *stage = &procedure->stages[i];
        bool closes = stage->final && stage->outlives == 0; /* told with the stage */

        for (uint32_t j = 0; j < stage->offer_count && !closes; j++) {
            prove_offer(prover, &stage->offers[j], &subject, (uint64_t)1 << i);
        }
    }
    for (uint32_t i = 0; i < procedure->anytime_count; i++) {
        prove_offer(prover, &procedure->anytime[i], &subject, ~(uint64_t)0);
    }
    prove_rule_gaps(prover);
    if (!prover_works(prover, 0)) {
        TELL(prover, PROBLEM_NOTE, &proof_too_many, procedure->label.mark, procedure->name,
             TEXT("`when`, `to`"));
    }
}
