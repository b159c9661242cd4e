#include "core/turn.h"

#include "base/must.h"

/* A firing stops here and leaves the rest of its instant to the next one. */
enum { EFFECTS_ENOUGH = EFFECTS_MAX / 2 };

/* A firing in the making: the moment's instant, and the revision before it, so that what the
 * firing itself starts waits for the next one. */
struct firing {
    struct turn turn;
    int64_t at_ms;
    uint32_t revision;
};

static bool has_room(const struct firing *firing)
{
    return firing->turn.outcome->effect_count < EFFECTS_ENOUGH;
}

static struct effect *moment_effect(struct firing *firing, enum effect_kind kind,
                                    const struct instance *instance)
{
    struct effect *effect = turn_clock_effect(&firing->turn, kind, instance);

    effect->late_ms = firing->turn.step->now_ms - firing->at_ms;
    return effect;
}

static bool is_silent(const struct turn *turn, const struct entry *entry)
{
    return entry->when != NULL && turn_judge(turn, entry->when) == TRUTH_FALSE;
}

static void tell(struct firing *firing, struct instance *instance, const struct slot *slot,
                 bool provisional)
{
    struct turn *turn = &firing->turn;
    const struct entry *entry = slot->entry;

    instance->fired |= slot->bit;
    if (is_silent(turn, entry)) {
        return;
    }

    struct effect *effect = moment_effect(firing, EFFECT_NOTICE, instance);

    instance->sent |= slot->bit;
    effect->entry = (uint16_t)slot->entry_index;
    effect->role = slot->role;
    effect->notice = entry->notice;
    effect->urgent = entry->urgent;
    effect->held = turn->state->on_hold;
    effect->provisional = effect->provisional || provisional;
    effect->to_officer = !turn_reaches(turn, slot->role);
    if (turn->procedure->roles[slot->role].outside &&
        instance->promised < instance->due.last_day) {
        instance->promised = instance->due.last_day;
    }
}

/* `at: due` speaks with the end itself. */
static void tell_of_due(struct firing *firing, struct instance *instance)
{
    struct slot slot = {.clock = &firing->turn.procedure->clocks[instance->clock]};

    for (uint32_t at = 0; slot_next(&slot, &at);) {
        if (slot.entry->at_due) {
            tell(firing, instance, &slot, false);
        }
    }
}

static uint16_t end_event(const struct procedure *procedure, uint16_t clock)
{
    for (uint32_t i = 0; i < procedure->event_count; i++) {
        if (procedure->events[i].family == EVENT_CLOCK_END &&
            procedure->events[i].clock == clock) {
            return (uint16_t)i;
        }
    }
    return NO_INDEX;
}

/* What speaks of an instance carries the value that tells it from others. */
static void carry_per(struct turn *turn, const struct instance *instance)
{
    uint16_t per = turn->procedure->clocks[instance->clock].per;

    turn->carried_mask = (struct fact_mask){0};
    if (per != NO_INDEX) {
        turn->carried[per] = instance->per;
        fact_mask_add(&turn->carried_mask, per);
    }
}

/* What an end is to guards and clocks: its date is the clock's last day, and that is the day
 * 0 of whatever it starts. */
static void take_end(struct turn *turn, const struct instance *instance, struct event *event)
{
    int64_t zone_ms = turn->track.office->zone_ms;
    int64_t due_ms = instance->due.due_ms;
    int32_t last_day = instance->due.last_day;

    turn->family = EVENT_CLOCK_END;
    turn->own = true;
    turn->event = event;
    turn->event_index = end_event(turn->procedure, instance->clock);
    carry_per(turn, instance);
    turn->start_ms = due_ms;
    turn->occurred_ms = due_ms;
    turn->day0 = last_day != DATE_NONE ? last_day : date_of_instant(due_ms, zone_ms);
    if (last_day != DATE_NONE && date_of_instant(due_ms, zone_ms) != last_day) {
        turn->occurred_ms = due_ms - 1;
    }
    *event = (struct event){.occurred_ms = turn->occurred_ms};
    if (turn->event_index != NO_INDEX) {
        event->type = turn->procedure->events[turn->event_index].name;
    }
}

static enum instance_state end_state(enum clock_kind kind)
{
    switch (kind) {
    case CLOCK_DUTY:
        return INSTANCE_OVERDUE;
    case CLOCK_WINDOW:
        return INSTANCE_ELAPSED;
    case CLOCK_ACCRUAL:
        return INSTANCE_CAPPED;
    }
    MUST(false);
    return INSTANCE_CANCELLED;
}

static void end(struct firing *firing, struct instance *instance)
{
    struct turn *turn = &firing->turn;
    const struct procedure *procedure = turn->procedure;
    const struct stage *stage = &procedure->stages[turn->state->stage];
    struct event event;

    turn->state->revision++;
    take_end(turn, instance, &event);
    judge_choose(turn, offer_find(stage->offers, stage->offer_count, turn->event_index),
                 offer_find(procedure->anytime, procedure->anytime_count, turn->event_index));
    if (turn->outcome->rule != NULL) {
        act_warnings(turn, turn->outcome->rule);
    }
    verb_end(turn, instance, end_state(procedure->clocks[instance->clock].kind),
             instance->due.due_ms);
    turn->outcome->effects[turn->outcome->effect_count - 1].late_ms =
        turn->step->now_ms - firing->at_ms;
    if (instance->state == INSTANCE_OVERDUE) {
        track_arm(&turn->track, instance, firing->at_ms);
    }
    tell_of_due(firing, instance);
    if (turn->outcome->rule != NULL) {
        act_rule(turn, turn->outcome->rule);
    }
    turn->event = NULL; /* it lived on this function's stack */
}

/* The first clock in the procedure's order whose end this instant is. Each end leaves it
 * ended or overdue, so there are only so many. */
static struct instance *next_end(const struct firing *firing)
{
    const struct case_state *state = firing->turn.state;

    for (uint32_t i = 0; i < state->instance_count; i++) {
        struct instance *instance = &state->instances[i];
        int64_t end_ms =
            instance->end_ms > instance->armed_ms ? instance->end_ms : instance->armed_ms;

        if (instance->state == INSTANCE_RUNNING && instance->end_ms != INSTANT_NEVER &&
            instance->revision <= firing->revision && end_ms <= firing->at_ms) {
            return instance;
        }
    }
    return NULL;
}

/* A past entry that has nothing to say stands in no other's way. */
static void pass_over_silent(struct firing *firing, struct instance *instance)
{
    const struct track *track = &firing->turn.track;
    struct slot slot = {.clock = &track->procedure->clocks[instance->clock]};
    struct offset_moment base;

    for (uint32_t at = 0; slot_next(&slot, &at);) {
        if (track_caught_up_with(track, instance, &slot, &base) &&
            is_silent(&firing->turn, slot.entry)) {
            instance->fired |= slot.bit;
        }
    }
}

/* Of one receiver's past moments only the latest speaks. */
static bool is_latest(const struct track *track, const struct instance *instance,
                      const struct slot *slot, int64_t base_ms)
{
    struct slot other = {.clock = slot->clock};
    struct offset_moment its;

    for (uint32_t at = 0; slot_next(&other, &at);) {
        if (other.role == slot->role && other.bit != slot->bit &&
            track_caught_up_with(track, instance, &other, &its) &&
            (its.at_ms > base_ms || (its.at_ms == base_ms && other.bit > slot->bit))) {
            return false;
        }
    }
    return true;
}

static void catch_up(struct firing *firing, struct instance *instance)
{
    const struct track *track = &firing->turn.track;
    struct slot slot = {.clock = &track->procedure->clocks[instance->clock]};
    struct instance asked;
    struct offset_moment base;

    pass_over_silent(firing, instance);
    asked = *instance; /* what speaks must not change what is still asked */
    for (uint32_t at = 0; slot_next(&slot, &at);) {
        if (!track_caught_up_with(track, &asked, &slot, &base)) {
            continue;
        }
        if (is_latest(track, &asked, &slot, base.at_ms)) {
            tell(firing, instance, &slot, base.provisional);
        } else {
            struct effect *effect = moment_effect(firing, EFFECT_SKIPPED, instance);

            instance->fired |= slot.bit;
            effect->entry = (uint16_t)slot.entry_index;
            effect->role = slot.role;
        }
    }
}

static void remind(struct firing *firing, struct instance *instance)
{
    const struct track *track = &firing->turn.track;
    struct slot slot = {.clock = &track->procedure->clocks[instance->clock]};

    /* What a new calendar has moved in between is passed over. */
    instance->cursor_ms = firing->at_ms - 1;
    for (uint32_t at = 0; slot_next(&slot, &at);) {
        struct offset_moment moment = track_slot_moment(track, instance, &slot);

        if (moment.at_ms == firing->at_ms) {
            tell(firing, instance, &slot, moment.provisional);
        }
    }
}

static void review(struct firing *firing, struct instance *instance)
{
    const struct turn *turn = &firing->turn;
    struct effect *effect = moment_effect(firing, EFFECT_REVIEW, instance);

    effect->role = turn->procedure->clocks[instance->clock].owner;
    effect->held = turn->state->on_hold;
    effect->to_officer = !turn_reaches(turn, effect->role);
    instance->review_ms = track_review(
        &turn->track, instance, turn->procedure->clocks[instance->clock].owner, firing->at_ms);
}

/* All that one instance has to say at this instant. */
static void speak(struct firing *firing, struct instance *instance)
{
    carry_per(&firing->turn, instance);
    firing->turn.occurred_ms = firing->at_ms;
    if (instance->state == INSTANCE_PAUSED) {
        review(firing, instance);
    } else {
        if (instance->cursor_ms == INSTANT_NONE) {
            catch_up(firing, instance);
        } else {
            remind(firing, instance);
        }
        instance->cursor_ms = firing->at_ms;
    }
    track_next(&firing->turn.track, instance);
}

static void fire(struct firing *firing)
{
    struct case_state *state = firing->turn.state;

    for (struct instance *instance = next_end(firing); instance != NULL && has_room(firing);
         instance = next_end(firing)) {
        end(firing, instance);
    }
    for (uint32_t i = 0; i < state->instance_count && has_room(firing); i++) {
        struct instance *instance = &state->instances[i];

        if (instance_is_live(instance) && instance->revision <= firing->revision &&
            instance->next_ms <= firing->at_ms) {
            speak(firing, instance);
        }
    }
}

bool case_fire(const struct step *step, struct arena *arena, struct outcome *outcome)
{
    struct firing firing = {
        .at_ms = step->before->next_ms,
        .revision = step->before->revision,
    };

    MUST(firing.at_ms <= step->now_ms);
    if (!turn_begin(&firing.turn, step, arena, outcome)) {
        return false;
    }
    firing.turn.own = true;
    firing.turn.at_ms = firing.at_ms;
    firing.turn.occurred_ms = firing.at_ms;
    fire(&firing);
    act_settle(&firing.turn);
    state_must_be_sound(step->procedure, &outcome->after);
    return !arena->spent;
}
