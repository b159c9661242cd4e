#include "core/turn.h"

/* What a derivation can change for those who look at the clock. */
static bool same_due(const struct instance *a, const struct instance *b)
{
    return a->due.last_day == b->due.last_day && a->due.safe_day == b->due.safe_day &&
           a->due.due_ms == b->due.due_ms && a->due.unrolled == b->due.unrolled &&
           a->due.provisional == b->due.provisional && a->due.paused == b->due.paused &&
           a->due.left.count == b->due.left.count && a->grace_day == b->grace_day &&
           a->floor == b->floor && a->next_ms == b->next_ms;
}

/* Everybody who was told the old date hears of the new one, and the officer. */
static void tell_moved(struct turn *turn, const struct instance *instance,
                       const struct instance *old)
{
    struct slot slot = {.clock = &turn->procedure->clocks[instance->clock]};
    uint16_t officer = procedure_officer(turn->procedure);
    uint64_t roles = officer == NO_INDEX ? 0 : (uint64_t)1 << officer;

    for (uint32_t at = 0; slot_next(&slot, &at);) {
        if ((old->sent & slot.bit) != 0) {
            roles |= (uint64_t)1 << slot.role;
        }
    }
    for (uint16_t role = 0; role < turn->procedure->role_count; role++) {
        if ((roles >> role & 1) != 0) {
            verb_tell_moved(turn, instance, role, old->due.last_day);
        }
    }
}

/* The date is another one, or none, or one again: the clock is armed for it. */
static void move(struct turn *turn, struct instance *instance, const struct instance *old)
{
    if (instance->state == INSTANCE_OVERDUE &&
        track_end(&turn->track, instance) > turn->step->now_ms) {
        instance->state = INSTANCE_RUNNING;
    }
    verb_settle(turn, instance);
    if (instance->due.last_day != old->due.last_day) {
        tell_moved(turn, instance, old);
    }
}

bool turn_derive(struct turn *turn, struct instance *instance)
{
    struct instance old = *instance;
    int64_t now_ms = turn->step->now_ms;

    track_derive(&turn->track, instance);
    if (instance->due.due_ms != old.due.due_ms || instance->due.last_day != old.due.last_day ||
        instance->floor != old.floor) {
        move(turn, instance, &old);
    } else if (old.next_ms > now_ms) {
        /* Nothing was due: what lies in the past now has only been moved there. */
        track_arm(&turn->track, instance, now_ms);
    }
    track_next(&turn->track, instance);
    if (same_due(&old, instance)) {
        *instance = old;
        return false;
    }
    turn_clock_effect(turn, EFFECT_DERIVED, instance)->old_day = old.due.last_day;
    return true;
}

bool case_derive(const struct step *step, struct arena *arena, struct outcome *outcome,
                 bool *changed)
{
    struct turn turn;

    if (!turn_begin(&turn, step, arena, outcome)) {
        return false;
    }
    turn.own = true;
    turn.occurred_ms = step->now_ms;
    turn.start_ms = step->now_ms;
    *changed = false;
    for (uint32_t i = 0; i < turn.state->instance_count; i++) {
        if (instance_is_live(&turn.state->instances[i]) &&
            turn_derive(&turn, &turn.state->instances[i])) {
            *changed = true;
        }
    }
    act_settle(&turn);
    state_must_be_sound(step->procedure, &outcome->after);
    return !arena->spent;
}
