#include "core/turn.h"

#include "base/must.h"

void act_warnings(struct turn *turn, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->warn_count; i++) {
        if (turn_judge(turn, rule->warns[i].that) != TRUTH_TRUE) {
            turn_defect(turn, &rule->warns[i]);
        }
    }
}

static void set_fact(struct turn *turn, uint16_t fact, struct value value)
{
    struct fact_state *held = &turn->state->facts[fact];

    held->value = value;
    held->revision = turn->state->revision;
    turn_effect(turn, EFFECT_FACT)->fact = fact;
}

/* Only what the rule takes: what a standing event carries by its own names is no fact. */
static void keep_carried(struct turn *turn, const struct rule *rule)
{
    for (uint16_t fact = 0; fact < turn->procedure->fact_count; fact++) {
        if (fact_mask_has(&turn->carried_mask, fact) &&
            (fact_mask_has(&rule->takes, fact) || fact_mask_has(&rule->may_take, fact))) {
            set_fact(turn, fact, turn->carried[fact]);
        }
    }
}

static void unset_facts(struct turn *turn, const struct rule *rule)
{
    bool none = (rule->unsets.bits[0] | rule->unsets.bits[1]) == 0; /* nearly always */

    for (uint16_t fact = 0; !none && fact < turn->procedure->fact_count; fact++) {
        if (fact_mask_has(&rule->unsets, fact) && turn->state->facts[fact].value.known) {
            set_fact(turn, fact, value_unknown(turn->procedure->facts[fact].type));
        }
    }
}

_Static_assert(FACTS_MAX == 128, "unset_facts looks at two words");

/* All of them see the facts as they were before any, so that their order cannot matter. */
static void set_facts(struct turn *turn, const struct rule *rule)
{
    struct value *values = arena_take(turn->arena, rule->set_count * sizeof(*values));

    if (values == NULL) {
        return;
    }
    for (uint32_t i = 0; i < rule->set_count; i++) {
        values[i] = turn_evaluate(turn, rule->sets[i].value);
        if (!values[i].known) {
            turn_refuse_unknown(turn, rule->sets[i].value);
        }
    }
    unset_facts(turn, rule);
    for (uint32_t i = 0; i < rule->set_count; i++) {
        if (values[i].known) {
            set_fact(turn, rule->sets[i].fact, values[i]);
        }
    }
}

static struct participant *participant(struct turn *turn, uint16_t role, struct text person)
{
    struct case_state *state = turn->state;

    for (uint32_t i = 0; i < state->participant_count; i++) {
        if (state->participants[i].role == role &&
            text_equal(state->participants[i].person, person)) {
            return &state->participants[i];
        }
    }
    if (state->participant_count == PARTICIPANTS_MAX) {
        turn_refuse(turn, &turn_limit, NULL, TEXT("people"));
        return NULL;
    }

    struct participant *added = &state->participants[state->participant_count++];

    *added = (struct participant){.role = role, .person = person};
    return added;
}

void act_participants(struct turn *turn)
{
    const struct event *event = turn->event;
    uint16_t role = procedure_role(turn->procedure, event->role);

    if (role == NO_INDEX || turn->procedure->roles[role].outside ||
        !named_needs_actor(turn)) { /* who reports a delivery has not acted in the case */
        return;
    }
    for (uint32_t i = 0; i <= event->with_count; i++) {
        struct text person = i == 0 ? event->person : event->with[i - 1];
        struct participant *actor = participant(turn, role, person);

        if (actor != NULL) {
            actor->acted = true;
        }
    }
}

void act_assign(struct turn *turn, uint16_t role, struct text persons)
{
    struct case_state *state = turn->state;

    for (uint32_t i = 0; i < state->participant_count; i++) {
        struct participant *bound = &state->participants[i];

        if (bound->role == role && bound->assigned && !turn_names(persons, bound->person)) {
            struct effect *effect = turn_effect(turn, EFFECT_RELEASED);

            bound->assigned = false;
            effect->role = role;
            effect->text = bound->person;
        }
    }
    while (!text_empty(persons)) {
        struct text person = turn_next_person(&persons);
        struct participant *bound = participant(turn, role, person);

        if (bound != NULL && !bound->assigned) {
            struct effect *effect = turn_effect(turn, EFFECT_ASSIGNED);

            bound->assigned = true;
            bound->was_assigned = true;
            effect->role = role;
            effect->text = person;
        }
    }
}

static void assign_roles(struct turn *turn, uint64_t roles)
{
    for (uint16_t role = 0; role < turn->procedure->role_count; role++) {
        if ((roles >> role & 1) != 0) {
            act_assign(turn, role, turn_carried(turn, turn->procedure->roles[role].name));
        }
    }
}

static void act_clocks(struct turn *turn, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->cancel_count; i++) {
        verb_cancel(turn, rule->cancels[i].clock);
    }
    for (uint32_t i = 0; i < rule->start_count; i++) {
        verb_start(turn, rule->starts[i].clock);
    }
    for (uint32_t i = 0; i < rule->resume_count; i++) {
        const struct clock_act *act = &rule->resumes[i];

        verb_resume(turn, turn_instance(turn, act->clock), act->clock, act->ground);
    }
    for (uint32_t i = 0; i < rule->pause_count; i++) {
        const struct clock_act *act = &rule->pauses[i];

        verb_pause(turn, turn_instance(turn, act->clock), act->clock, act->ground, false);
    }
    for (uint32_t i = 0; i < rule->extend_count; i++) {
        const struct clock_act *act = &rule->extends[i];
        struct value length = turn_evaluate(turn, act->value);

        verb_extend(turn, turn_instance(turn, act->clock), act->clock, &length);
    }
    for (uint32_t i = 0; i < rule->meet_count; i++) {
        const struct clock_act *act = &rule->meets[i];

        if (act->value == NULL) {
            verb_meet(turn, act->clock, NULL);
        } else {
            struct value at = turn_evaluate(turn, act->value);

            verb_meet(turn, act->clock, &at);
        }
    }
}

void act_leave_behind(struct turn *turn, uint64_t outlives)
{
    for (uint32_t i = 0; i < turn->state->instance_count; i++) {
        struct instance *instance = &turn->state->instances[i];

        if (instance_is_live(instance) && (outlives >> instance->clock & 1) == 0) {
            verb_end(turn, instance, INSTANCE_CANCELLED, turn->start_ms);
        }
    }
}

void act_enter(struct turn *turn, uint16_t index)
{
    const struct stage *stage = &turn->procedure->stages[index];

    turn->state->stage = index;
    turn->state->phase = CASE_OPEN; /* from here on it stands somewhere */
    turn_effect(turn, EFFECT_STAGE)->stage = index;
    turn->entering = true;
    if (stage->final) {
        act_leave_behind(turn, stage->outlives);
    }
    for (uint32_t i = 0; i < stage->cancel_count; i++) {
        verb_cancel(turn, stage->cancels[i].clock);
    }
    for (uint32_t i = 0; i < stage->start_count; i++) {
        verb_start(turn, stage->starts[i].clock);
    }
    turn->entering = false;
    for (uint32_t i = 0; i < stage->notify_count; i++) {
        turn_notify(turn, &stage->notifies[i]);
    }
}

/* The first branch that holds. None: the checker proves that there is no gap where it can. */
static void act_to(struct turn *turn, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->to_count; i++) {
        const struct branch *branch = &rule->to[i];
        enum truth truth = branch->when == NULL ? TRUTH_TRUE : turn_judge(turn, branch->when);

        if (truth == TRUTH_TRUE) {
            act_enter(turn, branch->stage);
            return;
        }
        if (truth == TRUTH_UNKNOWN && !turn->own) {
            turn_refuse_unknown(turn, branch->when);
            return;
        }
    }
    if (rule->to_count > 0 && !turn->own) {
        turn_refuse(turn, &turn_no_branch, &rule->label, rule->name);
    }
}

/* A live until or lead clock follows its fact. */
static void follow_dates(struct turn *turn)
{
    for (uint32_t i = 0; i < turn->state->instance_count; i++) {
        struct instance *instance = &turn->state->instances[i];
        const struct clock *clock = &turn->procedure->clocks[instance->clock];
        bool dated = clock->due == DUE_UNTIL || clock->due == DUE_BEFORE;

        if (!dated || clock->yearly_count > 0 || !instance_is_live(instance)) {
            continue;
        }

        const struct value *date = &turn->state->facts[clock->date_fact].value;

        if (date->known && date->date != instance->date) {
            struct due old = instance->due;

            instance->date = date->date;
            track_derive(&turn->track, instance);
            if (instance->state == INSTANCE_OVERDUE && instance->due.due_ms != old.due_ms) {
                instance->state = INSTANCE_RUNNING;
            }
            verb_settle(turn, instance);
            turn_clock_effect(turn, EFFECT_DERIVED, instance)->old_day = old.last_day;
        }
    }
}

void act_rule(struct turn *turn, const struct rule *rule)
{
    if (rule->keep) {
        keep_carried(turn, rule);
    }
    set_facts(turn, rule);
    follow_dates(turn); /* before the verbs: an act is judged by the date it brings */
    assign_roles(turn, rule->assigns);
    act_clocks(turn, rule);
    act_to(turn, rule);
    act_errands(turn, rule);
    for (uint32_t i = 0; i < rule->notify_count; i++) {
        turn_notify(turn, &rule->notifies[i]);
    }
}

static bool anything_lives(const struct case_state *state)
{
    for (uint32_t i = 0; i < state->instance_count; i++) {
        if (instance_is_live(&state->instances[i])) {
            return true;
        }
    }
    return false;
}

static const struct need stranded = {
    .name = TEXT_INIT("stranded"),
    .label = {.zh = TEXT_INIT("案件无所等待"), .en = TEXT_INIT("the case waits for nothing")},
};

/* A stranded case tells so at once, and again each week that nobody has put it right. */
static const struct length stranded_every = {.count = 5, .unit = LENGTH_WORKDAYS};

static void tell_stranded(struct turn *turn)
{
    const struct office *office = turn->track.office;
    struct offset_rule rule = {.offset = stranded_every, .inside = true};
    uint16_t officer = procedure_officer(turn->procedure);

    if (officer != NO_INDEX) {
        struct effect *effect = turn_effect(turn, EFFECT_STRANDED);

        effect->stage = turn->state->stage;
        effect->role = officer;
        effect->held = turn->state->on_hold;
        effect->late_ms = turn->step->now_ms - turn->at_ms;
    }
    turn->state->next_ms =
        due_moment_from(date_of_instant(turn->at_ms, office->zone_ms), &rule, office).at_ms;
}

bool act_is_asleep(const struct turn *turn)
{
    const struct case_state *state = turn->state;

    return state->phase == CASE_OPEN && state->next_ms == INSTANT_NEVER &&
           !turn->procedure->stages[state->stage].no_limit;
}

/* An event of people that would leave it asleep is refused. The daemon's own cannot be, and the
 * checker's proof does not reach what a correction takes away or a migration brings. */
static void stay_awake(struct turn *turn, int64_t told_next_ms)
{
    struct case_state *state = turn->state;
    bool was_stranded = state->stranded;

    if (!act_is_asleep(turn)) {
        state->stranded = false;
    } else if (turn->own && (!was_stranded || told_next_ms <= turn->at_ms)) {
        state->stranded = true;
        tell_stranded(turn);
    } else if (was_stranded) {
        state->next_ms = told_next_ms;
    }
    if (state->stranded && !was_stranded) {
        turn_defect(turn, &stranded);
    }
}

void act_settle(struct turn *turn)
{
    struct case_state *state = turn->state;
    const struct stage *stage = &turn->procedure->stages[state->stage];
    enum case_phase before = state->phase;
    int64_t told_next_ms = state->next_ms; /* of a stranded case: when it tells so again */

    follow_dates(turn);
    if (!stage->final) {
        verb_renew(turn);
    }
    track_case_next(state);
    if (!stage->final) {
        state->phase = CASE_OPEN;
        stay_awake(turn, told_next_ms);
        return;
    }
    state->stranded = false;
    state->phase = anything_lives(state) ? CASE_ENDING : CASE_CLOSED;
    if (state->phase == CASE_CLOSED && before != CASE_CLOSED) {
        turn_effect(turn, EFFECT_CLOSED)->text = stage->outcome;
    }
}
