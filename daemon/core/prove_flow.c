#include "core/prove_flow.h"

#include "base/must.h"

/*
 * Which cases can be: for each stage the kinds of cases that can stand in it, told apart by
 * the clocks that are surely live and surely not, and by the facts that are surely set. Found
 * by letting every event happen to every kind until nothing new comes. A kind of which less
 * is sure stands for those of which more is: whatever can happen to them can happen to it.
 */

static bool fits(const struct sure *sure, const struct sure *also)
{
    return (sure->live & also->dead) == 0 && (sure->dead & also->live) == 0;
}

static struct sure with(const struct prover *prover, const struct sure *sure,
                        const struct sure *also)
{
    struct sure both = {
        .live = sure->live | also->live,
        .dead = sure->dead | also->dead,
        .facts = mask_both(sure->facts, also->facts),
    };

    for (uint16_t i = 0; i < prover->procedure->clock_count; i++) {
        if ((also->live >> i & 1) != 0 && prover->known_with_any[i]) {
            both.facts = mask_both(both.facts, prover->known_with[i]);
        }
    }
    return both;
}

/* It was asleep before: that is told where it fell asleep. */
static bool slept_before(const struct way *way)
{
    for (way = way->before; way != NULL; way = way->before) {
        if (way->asleep) {
            return true;
        }
    }
    return false;
}

static void arrive(struct passage *passage, uint16_t stage, const struct sure *sure)
{
    struct prover *prover = passage->prover;
    const struct stage *there = &prover->procedure->stages[stage];
    struct place *place = &prover->places[stage];
    struct arrival added = {.sure = *sure, .fresh = true};
    struct way way = {
        .before = passage->way,
        .stage = stage,
        .event = passage->calling->event,
        .ended = passage->calling->own,
        .taken = passage->rule != NULL,
        .asleep = sure->live == 0 && !there->final && !there->no_limit,
    };

    if (place->asleep == NULL && way.asleep && !slept_before(&way)) {
        place->asleep = arena_copy(prover->arena, &way, sizeof(way));
    }
    if (place_knows(place, sure)) {
        return;
    }
    added.way = arena_copy(prover->arena, &way, sizeof(way));
    place_take(place, &added);
    if (place->asleep == NULL && place->level == PLACE_MERGED && added.sure.live == 0 &&
        !there->final && !there->no_limit) {
        place->asleep = added.way; /* as far as can be told: too many kinds were taken as one */
    }
}

/* Where the rule leads, for one kind of case it acts on. */
static void lead(struct passage *passage, const struct branch *branch, struct sure sure)
{
    struct prover *prover = passage->prover;
    uint16_t from = passage->calling->stage;

    if (branch == NULL) {
        MUST(from != NO_INDEX);
        arrive(passage, from, &sure);
        return;
    }
    if (from != NO_INDEX) {
        prover->places[from].to |= (uint64_t)1 << branch->stage;
    }
    flow_enter(prover, branch->stage, &sure);
    arrive(passage, branch->stage, &sure);
}

/* Kinds of cases to which an event happens. */
struct kinds {
    uint32_t count;
    struct arrival arrivals[ARRIVALS_MAX];
};

/* A kind of case for which the rule is taken acts and goes where its branch leads. */
static void act_and_lead(struct passage *passage, struct sure sure, const struct meaning *to,
                         uint32_t branch)
{
    struct prover *prover = passage->prover;
    const struct rule *rule = passage->rule;
    const struct branch *way_on =
        rule != NULL && branch < rule->to_count ? &rule->to[branch] : NULL;

    if (rule != NULL && !flow_act(passage, &sure)) {
        return;
    }
    if (passage->after != NULL) {
        sure_list_add(passage->after, &sure);
        return;
    }
    for (uint32_t i = 0; i < to->options.count; i++) {
        struct sure led = meaning_sure(to, &to->options.items[i]);

        if (fits(&sure, &led)) {
            lead(passage, way_on, with(prover, &sure, &led));
        }
    }
}

/* Let a branch be taken by every kind that may take it. */
static void take_branch(struct passage *passage, const struct kinds *kinds,
                        const struct meaning *when, const struct meaning *to, uint32_t branch)
{
    struct prover *prover = passage->prover;
    uint16_t own = passage->calling->own;

    flow_want(passage, branch);
    for (uint32_t i = 0; i < kinds->count; i++) {
        struct sure start = kinds->arrivals[i].sure;

        if (own != NO_INDEX && !flow_time_out(prover, own, &start)) {
            continue;
        }
        passage->way = kinds->arrivals[i].way;
        for (uint32_t j = 0; j < when->options.count && prover_works(prover, 8); j++) {
            struct sure said = meaning_sure(when, &when->options.items[j]);

            if (fits(&start, &said)) {
                act_and_lead(passage, with(prover, &start, &said), to, branch);
            }
        }
    }
}

static void watch_branches(struct meaning *to, const struct rule *rule)
{
    for (uint32_t i = 0; rule != NULL && i < rule->to_count; i++) {
        meaning_watch(to, rule->to[i].when);
    }
}

/* Let a rule be taken; `when` holds the ways through the rules that lead to it. */
static void take_rule(struct passage *passage, const struct kinds *kinds,
                      const struct meaning *when)
{
    const struct rule *rule = passage->rule;
    uint32_t count = rule == NULL ? 0 : rule->to_count;
    struct meaning to;

    meaning_begin(&to, passage->prover, passage->calling->stage);
    watch_branches(&to, rule);
    for (uint32_t i = 0; i < count && to.options.count > 0; i++) {
        struct meaning here = to;

        meaning_take(&here, rule->to[i].when, true);
        take_branch(passage, kinds, when, &here, i);
        meaning_take(&to, rule->to[i].when, false);
    }

    bool own = passage->calling->own != NO_INDEX;

    if (count == 0 && passage->calling->stage == NO_INDEX) {
        return; /* an opening rule that leads nowhere; told elsewhere */
    }
    /* Without a branch that holds, people's event is refused; the daemon's stays. */
    if (count == 0 || (own && to.options.count > 0)) {
        take_branch(passage, kinds, when, &to, count);
    }
}

/* The ways through the rules of a calling, up to (not into) one of them. */
static void begin_rules(struct meaning *when, struct prover *prover,
                        const struct calling *calling)
{
    meaning_begin(when, prover, calling->stage);
    for (uint32_t i = 0; i < calling->rule_count; i++) {
        const struct rule *rule = calling->rules[i];

        meaning_watch(when, rule->when);
        for (uint32_t j = 0; j < rule->need_count; j++) {
            meaning_watch(when, rule->needs[j].that);
        }
    }
    if (calling->own != NO_INDEX) {
        enum clock_kind kind = prover->procedure->clocks[calling->own].kind;

        meaning_stands(when, calling->own, clock_end_stands(kind));
    }
}

static void choose_rule(struct meaning *when, const struct rule *rule, bool own)
{
    meaning_take(when, rule->when, true);
    for (uint32_t i = 0; !own && i < rule->need_count; i++) {
        meaning_take(when, rule->needs[i].that, true);
    }
}

static void happen(struct prover *prover, const struct calling *calling,
                   const struct kinds *kinds)
{
    struct passage passage = {.prover = prover, .calling = calling};
    bool own = calling->own != NO_INDEX;
    struct meaning when;

    begin_rules(&when, prover, calling);
    for (uint32_t i = 0; i < calling->rule_count && when.options.count > 0; i++) {
        struct meaning here = when;

        passage.rule = calling->rules[i];
        passage.index = i;
        choose_rule(&here, passage.rule, own);
        take_rule(&passage, kinds, &here);
        meaning_take(&when, passage.rule->when, false);
    }
    if (own && when.options.count > 0) {
        passage.rule = NULL;
        take_rule(&passage, kinds, &when);
    }
}

/* The kinds that wait in a stage to be looked at; a closed case waits for nothing. */
static void take_fresh(struct prover *prover, uint16_t stage, struct kinds *kinds)
{
    struct place *place = &prover->places[stage];
    bool final = prover->procedure->stages[stage].final;

    kinds->count = 0;
    for (uint32_t i = 0; i < place->count; i++) {
        struct arrival *arrival = &place->arrivals[i];

        if (arrival->fresh && !(final && arrival->sure.dead == prover->all_clocks)) {
            kinds->arrivals[kinds->count++] = *arrival;
        }
        arrival->fresh = false;
    }
}

static void open_cases(struct prover *prover)
{
    struct kinds blank = {.count = 1};
    struct calling calling;

    blank.arrivals[0].sure.dead = prover->all_clocks;
    for (uint32_t at = 0; calling_open(prover, &at, &calling);) {
        happen(prover, &calling, &blank);
    }
}

static void look_again(struct prover *prover)
{
    for (uint32_t i = 0; i < prover->procedure->stage_count; i++) {
        struct place *place = &prover->places[i];

        for (uint32_t j = 0; j < place->count; j++) {
            place->arrivals[j].fresh = true;
        }
    }
    prover->known_moved = false;
}

bool flow_run(struct prover *prover)
{
    struct kinds kinds;
    struct calling calling;
    bool moved = true;

    open_cases(prover);
    while (moved) {
        moved = false;
        for (uint16_t stage = 0; stage < prover->procedure->stage_count; stage++) {
            take_fresh(prover, stage, &kinds);
            moved = moved || kinds.count > 0;
            for (uint32_t at = 0;
                 kinds.count > 0 && calling_next(prover, stage, &at, &calling);) {
                happen(prover, &calling, &kinds);
            }
            if (!prover_works(prover, 1) || prover->arena->spent) {
                return false;
            }
        }
        if (prover->known_moved) {
            look_again(prover);
            moved = true;
        }
    }
    return true;
}

static void all_kinds(const struct prover *prover, const struct calling *calling,
                      struct kinds *kinds)
{
    if (calling->stage == NO_INDEX) {
        *kinds = (struct kinds){.count = 1};
        kinds->arrivals[0].sure.dead = prover->all_clocks;
        return;
    }

    const struct place *place = &prover->places[calling->stage];
    bool final = prover->procedure->stages[calling->stage].final;

    kinds->count = 0;
    for (uint32_t i = 0; i < place->count; i++) {
        if (!(final && place->arrivals[i].sure.dead == prover->all_clocks)) {
            kinds->arrivals[kinds->count++] = place->arrivals[i];
        }
    }
}

void flow_before(const struct prover *prover, const struct calling *calling,
                 struct sure_list *before)
{
    struct kinds kinds;

    all_kinds(prover, calling, &kinds);
    before->count = 0;
    for (uint32_t i = 0; i < kinds.count; i++) {
        struct sure sure = kinds.arrivals[i].sure;

        if (calling->own == NO_INDEX || flow_time_out(prover, calling->own, &sure)) {
            before->items[before->count++] = sure;
        }
    }
}

void flow_after(struct prover *prover, const struct calling *calling, uint32_t rule,
                struct sure_list *after)
{
    struct passage passage = {
        .prover = prover,
        .calling = calling,
        .rule = calling->rules[rule],
        .index = rule,
        .after = after,
    };
    bool own = calling->own != NO_INDEX;
    struct kinds kinds;
    struct meaning when;
    struct meaning to;

    after->count = 0;
    all_kinds(prover, calling, &kinds);
    begin_rules(&when, prover, calling);
    for (uint32_t i = 0; i < rule; i++) {
        meaning_take(&when, calling->rules[i]->when, false);
    }
    choose_rule(&when, passage.rule, own);
    meaning_begin(&to, prover, calling->stage);
    take_branch(&passage, &kinds, &when, &to, NO_BRANCH);
}
