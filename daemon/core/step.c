#include "core/turn.h"

#include "base/must.h"

bool turn_begin(struct turn *turn, const struct step *step, struct arena *arena,
                struct outcome *outcome)
{
    *outcome = (struct outcome){.verdict = VERDICT_APPLIED};
    *turn = (struct turn){
        .step = step,
        .procedure = step->procedure,
        .arena = arena,
        .outcome = outcome,
        .state = &outcome->after,
        .seen = &outcome->after,
        .track = {.procedure = step->procedure,
                  .office = &step->agency->office,
                  .state = &outcome->after},
        .event_index = NO_INDEX,
        .received_ms = step->now_ms,
        .at_ms = step->now_ms,
    };
    outcome->reasons = arena_take(arena, REASONS_MAX * sizeof(struct reason));
    outcome->effects = arena_take(arena, EFFECTS_MAX * sizeof(struct effect));
    outcome->dispatches = arena_take(arena, DISPATCHES_MAX * sizeof(struct dispatch));
    turn->carried = arena_take(arena, step->procedure->fact_count * sizeof(struct value));
    return !arena->spent && state_copy(step->before, step->procedure, arena, &outcome->after);
}

static void take_event(struct turn *turn, const struct event *event)
{
    turn->event = event;
    turn->event_index = procedure_event(turn->procedure, event->type);
    turn->family = turn->event_index == NO_INDEX
                       ? event_family_of(event->type)
                       : turn->procedure->events[turn->event_index].family;
    turn->occurred_ms = event->occurred_ms;
    if (event->received_ms != 0) {
        turn->received_ms = event->received_ms;
    }
    turn->start_ms = event->occurred_ms;
    turn->day0 = date_of_instant(event->occurred_ms, turn->track.office->zone_ms);
    if (turn->state->phase == CASE_NEW) {
        /* Already the opening event is judged by its unit's people. */
        turn->state->agency = turn->step->agency->id;
        turn->state->unit = event->unit;
        turn->state->opener = event->sender;
    }
}

/* A standing event that no rule names is taken as if by this one. */
static const struct rule bare_rule = {.keep = true};

/* The events that open a case, as one argument. */
static struct text openings(const struct turn *turn)
{
    const struct procedure *procedure = turn->procedure;
    struct text *names = arena_take(turn->arena, procedure->open_count * sizeof(*names));

    for (uint32_t i = 0; names != NULL && i < procedure->open_count; i++) {
        names[i] = procedure->events[procedure->opens[i].event].name;
    }
    return names == NULL ? (struct text){0} : turn_list(turn, names, procedure->open_count);
}

static void refuse_no_rule(struct turn *turn)
{
    const struct case_state *state = turn->state;

    if (state->phase == CASE_NEW) {
        turn_refuse(turn, &turn_not_opening, NULL, turn->event->type);
        turn_argument(turn, 1, openings(turn));
    } else {
        turn_refuse(turn, &turn_no_rule, NULL, turn->procedure->stages[state->stage].name);
        turn_argument(turn, 1, turn->event->type);
    }
    turn->outcome->verdict = VERDICT_NO_RULE;
}

static bool taken_when_closed(enum event_family family)
{
    return family == EVENT_NOTED || family == EVENT_CORRECTED || family == EVENT_DELIVERED ||
           family == EVENT_BOUNCED || family == EVENT_UNTOLD;
}

/* The rules that may take the event, in the order judged. */
static void find_rule(struct turn *turn)
{
    const struct procedure *procedure = turn->procedure;
    const struct stage *stage = &procedure->stages[turn->state->stage];
    uint16_t event = turn->event_index;

    if (turn->state->phase == CASE_NEW) {
        judge_choose(turn, offer_find(procedure->opens, procedure->open_count, event), NULL);
        return;
    }
    judge_choose(turn, offer_find(stage->offers, stage->offer_count, event),
                 offer_find(procedure->anytime, procedure->anytime_count, event));
}

/* Both the standing event's own roles and the rule's must allow it: naming one never loosens
 * it, and where no role is in both nobody may. */
static void judge_who(struct turn *turn, const struct rule *rule, uint64_t standing)
{
    bool both = standing != 0 && rule->by != 0;

    if (!named_needs_actor(turn)) {
        return;
    }
    if (both && (standing & rule->by) == 0) {
        turn_refuse(turn, &turn_by, &rule->label, turn->event->role);
        return;
    }
    judge_actors(turn, both ? standing & rule->by : standing | rule->by, &rule->label);
}

/* An instant that no calendar reaches is neither reckoned with nor looked at further. */
static bool lies_in_years(struct turn *turn, const struct event *event)
{
    int64_t zone_ms = turn->track.office->zone_ms;

    if (event->occurred_ms < date_midnight(date_of(YEAR_FIRST, 1, 2), zone_ms)) {
        turn_refuse(turn, &turn_backdate, NULL, event->type);
        return false;
    }
    if (event->occurred_ms >= date_midnight(date_of(YEAR_LAST, 12, 31), zone_ms)) {
        turn_refuse(turn, &turn_future, NULL, event->type);
        return false;
    }
    return true;
}

/* A case is opened for a unit that somebody serves in, or for the agency as a whole. */
static bool has_unit(const struct turn *turn)
{
    return turn->state->phase != CASE_NEW || text_empty(turn->event->unit) ||
           unit_exists(turn->step->installed, turn_agency(turn), turn->event->unit);
}

static void judge(struct turn *turn)
{
    bool standing = turn->family != EVENT_ORDINARY && turn->family != EVENT_CLOCK_END;

    if (turn->family == EVENT_CLOCK_END ||
        (turn->family == EVENT_UNTOLD && text_empty(turn->event->sender))) {
        turn_refuse(turn, &turn_daemons_own, NULL, turn->event->type);
        return;
    }
    if (turn->state->phase == CASE_CLOSED && !taken_when_closed(turn->family)) {
        turn_refuse(turn, &turn_closed, NULL, turn->event->type);
        return;
    }
    if (!has_unit(turn)) {
        turn_refuse(turn, &turn_no_unit, NULL, turn->event->unit);
        turn_argument(turn, 1, turn->step->agency->id);
        return;
    }
    find_rule(turn);
    if (turn_refused(turn)) {
        return;
    }
    if (turn->outcome->rule == NULL && (!standing || turn->state->phase == CASE_NEW)) {
        refuse_no_rule(turn);
        return;
    }

    const struct rule *rule = turn->outcome->rule == NULL ? &bare_rule : turn->outcome->rule;

    judge_who(turn, rule, standing ? standing_by(turn) : 0);
    judge_rule(turn, rule);
    if (standing) {
        standing_judge(turn);
    }
    if (turn_refused(turn)) {
        judge_extensions(turn, rule); /* else they are judged when they are granted */
    }
}

static void act(struct turn *turn)
{
    const struct rule *rule = turn->outcome->rule == NULL ? &bare_rule : turn->outcome->rule;

    if (turn->state->phase == CASE_NEW) {
        turn->state->opened_ms = turn->event->occurred_ms;
    }
    turn->state->revision++;
    act_warnings(turn, rule);
    act_participants(turn);
    standing_act(turn);
    act_rule(turn, rule);
    act_settle(turn);
    if (turn->overflowed) {
        turn_refuse(turn, &turn_limit, NULL, TEXT("effects"));
    }
    if (!turn_refused(turn) && act_is_asleep(turn)) {
        /* The checker proves that no rule does this; a correction could. */
        turn_refuse(turn, &turn_stranded, NULL,
                    turn->procedure->stages[turn->state->stage].name);
    }
}

/* Give up what was begun; a refusing need may leave a defect on the case all the same. */
static bool give_up(struct turn *turn)
{
    struct outcome *outcome = turn->outcome;

    outcome->effect_count = 0;
    outcome->dispatch_count = 0;
    outcome->after = *turn->step->before;
    if (turn->step->before->phase == CASE_NEW) {
        return true;
    }
    if (!state_copy(turn->step->before, turn->procedure, turn->arena, &outcome->after)) {
        return false;
    }
    for (uint32_t i = 0; i < outcome->reason_count; i++) {
        const struct need *need = outcome->reasons[i].need;

        if (need != NULL && need->defect) {
            turn_defect(turn, need);
        }
    }
    return true;
}

bool case_step(const struct step *step, const struct event *event, struct arena *arena,
               struct outcome *outcome)
{
    struct turn turn;

    if (!turn_begin(&turn, step, arena, outcome)) {
        return false;
    }
    if (lies_in_years(&turn, event)) {
        take_event(&turn, event);
        judge_carried(&turn);
        judge(&turn);
    }
    if (!turn_refused(&turn)) {
        act(&turn);
    }
    if (turn_refused(&turn)) {
        return give_up(&turn) && !arena->spent;
    }
    state_must_be_sound(step->procedure, &outcome->after);
    return !arena->spent;
}
