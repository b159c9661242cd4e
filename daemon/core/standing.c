#include "core/turn.h"

static const struct extend *next_extend(const struct turn *turn, uint16_t clock)
{
    const struct instance *instance = named_instance(turn);
    uint32_t used = instance == NULL ? 0 : verb_extensions_used(turn, instance);

    return used < turn->procedure->clocks[clock].extend_count
               ? &turn->procedure->clocks[clock].extends[used]
               : NULL;
}

uint64_t standing_by(const struct turn *turn)
{
    uint16_t clock = named_clock(turn);

    if (clock == NO_INDEX) {
        return 0;
    }
    if (turn->family == EVENT_CLOCK_PAUSED || turn->family == EVENT_CLOCK_RESUMED) {
        return turn->procedure->clocks[clock].pause_by;
    }
    if (turn->family == EVENT_CLOCK_EXTENDED) {
        const struct extend *extend = next_extend(turn, clock);

        return extend == NULL ? 0 : extend->by;
    }
    return 0;
}

static void want_document(struct turn *turn)
{
    if (turn->event->document_count == 0) {
        turn_refuse(turn, &turn_documents, NULL, TEXT("approval"));
    }
}

static void judge_clock(struct turn *turn)
{
    if (text_empty(turn_carried(turn, TEXT("clock")))) {
        turn_refuse(turn, &turn_takes, NULL, TEXT("clock"));
    } else if (named_instance(turn) == NULL) {
        turn_refuse(turn, &turn_no_clock, NULL, turn_carried(turn, TEXT("clock")));
    }
}

static void judge_ground(struct turn *turn)
{
    uint16_t clock = named_clock(turn);
    struct text name = turn_carried(turn, TEXT("ground"));
    uint16_t ground = procedure_ground(turn->procedure, name);

    turn_want(turn, TEXT("ground"));
    if (clock == NO_INDEX || text_empty(name)) {
        return;
    }
    if (ground == NO_INDEX ||
        (turn->procedure->clocks[clock].pause_grounds >> ground & 1) == 0) {
        turn_refuse(turn, &turn_no_ground, &turn->procedure->clocks[clock].label,
                    turn->procedure->clocks[clock].name);
    }
}

/* One list of persons per role; two lists of one event must keep apart too. */
static void judge_lists(struct turn *turn)
{
    const struct event *event = turn->event;
    bool named = false;

    for (uint32_t i = 0; i < event->fact_count; i++) {
        uint16_t role = procedure_role(turn->procedure, event->facts[i].name);

        if (role != NO_INDEX && turn->procedure->roles[role].assigned) {
            named = true;
            judge_assigned(turn, role, event->facts[i].value);
        }
    }
    if (!named) {
        turn_refuse(turn, &turn_takes, NULL, TEXT("role"));
    }
}

static void judge_acknowledged(struct turn *turn)
{
    const struct instance *instance = named_instance(turn);

    judge_clock(turn);
    if (instance != NULL && instance->state != INSTANCE_OVERDUE) {
        turn_refuse(turn, &turn_not_overdue, NULL,
                    turn->procedure->clocks[instance->clock].name);
    }
}

void standing_judge(struct turn *turn)
{
    switch (turn->family) {
    case EVENT_ASSIGNED:
        judge_lists(turn);
        break;
    case EVENT_CLOCK_PAUSED:
    case EVENT_CLOCK_RESUMED:
        judge_clock(turn);
        judge_ground(turn);
        want_document(turn);
        break;
    case EVENT_CLOCK_EXTENDED:
        judge_clock(turn);
        turn_want(turn, TEXT("length"));
        want_document(turn);
        break;
    case EVENT_CLOCK_ACKNOWLEDGED:
        judge_acknowledged(turn);
        break;
    case EVENT_ON_HOLD:
    case EVENT_OFF_HOLD:
        if (turn->state->on_hold == (turn->family == EVENT_ON_HOLD)) {
            turn_refuse(turn, turn->state->on_hold ? &turn_on_hold : &turn_not_on_hold, NULL,
                        turn->event->type);
        }
        break;
    case EVENT_DELIVERED:
    case EVENT_BOUNCED:
        turn_want(turn, TEXT("notice"));
        break;
    case EVENT_CORRECTED:
        correct_judge(turn);
        break;
    case EVENT_UNTOLD:
        turn_want(turn, TEXT("errand"));
        break;
    case EVENT_ORDINARY:
    case EVENT_NOTED:
    case EVENT_CLOCK_END:
        break;
    }
}

static void assign_lists(struct turn *turn)
{
    for (uint32_t i = 0; i < turn->event->fact_count; i++) {
        const struct carried *list = &turn->event->facts[i];
        uint16_t role = procedure_role(turn->procedure, list->name);

        if (role != NO_INDEX && turn->procedure->roles[role].assigned) {
            act_assign(turn, role, list->value);
        }
    }
}

static void extend_clock(struct turn *turn)
{
    struct text text = turn_carried(turn, TEXT("length"));
    struct value length = value_unknown(VALUE_LENGTH);

    if (!value_parse(text, VALUE_LENGTH, NULL, 0, &length)) {
        turn_refuse(turn, &turn_bad_value, NULL, text);
        turn_argument(turn, 1, TEXT("length"));
        return;
    }
    verb_extend(turn, named_instance(turn), named_clock(turn), &length);
}

/* From when the review is counted: from the acknowledgement, unless that review is over already
 * when it is told. */
static int64_t acknowledged_at(const struct turn *turn, const struct instance *instance)
{
    const struct office *office = turn->track.office;
    struct length review = turn->procedure->clocks[instance->clock].review;
    int32_t from = date_of_instant(turn->occurred_ms, office->zone_ms);
    int32_t today = date_of_instant(turn->at_ms, office->zone_ms);

    return date_after(from, review, office->calendar) > today ? turn->occurred_ms : turn->at_ms;
}

/* What went up the ladder so far is silent from now on; the rungs above still fire. */
static void acknowledge(struct turn *turn)
{
    struct instance *instance = named_instance(turn);
    struct slot slot = {.clock = &turn->procedure->clocks[instance->clock]};

    for (uint32_t at = 0; slot_next(&slot, &at);) {
        if (slot.entry->rung) {
            instance->acked |= instance->fired & slot.bit;
        }
    }
    instance->acked_ms = acknowledged_at(turn, instance);
    track_next(&turn->track, instance);
    turn_clock_effect(turn, EFFECT_ACKNOWLEDGED, instance);
}

void standing_act(struct turn *turn)
{
    if (turn->family == EVENT_ORDINARY) {
        return;
    }

    uint16_t clock = named_clock(turn);
    uint16_t ground = procedure_ground(turn->procedure, turn_carried(turn, TEXT("ground")));

    switch (turn->family) {
    case EVENT_ASSIGNED:
        assign_lists(turn);
        break;
    case EVENT_CLOCK_PAUSED:
        verb_pause(turn, named_instance(turn), clock, ground, true);
        break;
    case EVENT_CLOCK_RESUMED:
        verb_resume(turn, named_instance(turn), clock, ground);
        break;
    case EVENT_CLOCK_EXTENDED:
        extend_clock(turn);
        break;
    case EVENT_CLOCK_ACKNOWLEDGED:
        acknowledge(turn);
        break;
    case EVENT_ON_HOLD:
    case EVENT_OFF_HOLD:
        turn->state->on_hold = turn->family == EVENT_ON_HOLD;
        turn_effect(turn, turn->state->on_hold ? EFFECT_HELD : EFFECT_UNHELD);
        break;
    case EVENT_CORRECTED:
        correct_act(turn);
        break;
    case EVENT_UNTOLD:
        act_untold(turn);
        break;
    case EVENT_ORDINARY:
    case EVENT_NOTED:
    case EVENT_DELIVERED:
    case EVENT_BOUNCED:
    case EVENT_CLOCK_END:
        break;
    }
}
