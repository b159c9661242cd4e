#include "core/turn.h"

/* What was told of the breach counts as not told: should it come again, it is told again. */
void verb_withdraw(struct turn *turn, struct instance *instance)
{
    struct slot slot = {.clock = &turn->procedure->clocks[instance->clock]};

    for (uint32_t at = 0; slot_next(&slot, &at);) {
        bool of_breach = slot.entry->rung || slot.entry->at_due;

        if (!of_breach) {
            continue;
        }
        instance->fired &= ~slot.bit;
        instance->acked &= ~slot.bit;
        if ((instance->sent & slot.bit) != 0) {
            struct effect *effect = turn_clock_effect(turn, EFFECT_WITHDRAWN, instance);

            instance->sent &= ~slot.bit;
            effect->entry = (uint16_t)slot.entry_index;
            effect->role = slot.role;
            effect->notice = slot.entry->notice;
        }
    }
}

void verb_end(struct turn *turn, struct instance *instance, enum instance_state state,
              int64_t at_ms)
{
    instance->state = state;
    if (state == INSTANCE_OVERDUE) {
        instance->ended_ms = INSTANT_NONE;
        instance->end_ms = INSTANT_NEVER;
    } else {
        instance->ended_ms = at_ms;
        instance->end_ms = INSTANT_NEVER;
        instance->review_ms = INSTANT_NEVER;
        turn->ended |= (uint64_t)1 << instance->clock;
    }
    track_next(&turn->track, instance);
    turn_clock_effect(turn, state == INSTANCE_CANCELLED ? EFFECT_CANCELLED : EFFECT_ENDED,
                      instance);
}

void verb_cancel(struct turn *turn, uint16_t clock)
{
    struct value per = turn_per(turn, clock);
    struct instance *instance = state_instance(turn->state, clock, &per);

    if (instance == NULL || !instance_is_live(instance)) {
        turn_nothing(turn, &turn_not_live, clock);
        return;
    }
    verb_end(turn, instance, INSTANCE_CANCELLED, turn->start_ms);
}

static struct stop *add_stop(struct turn *turn, const struct instance *instance)
{
    struct case_state *state = turn->state;

    if (state->stop_count == STOPS_MAX) {
        turn_refuse(turn, &turn_limit, NULL, TEXT("pauses"));
        return NULL;
    }

    struct stop *stop = &state->stops[state->stop_count++];

    *stop = (struct stop){
        .clock = instance->clock,
        .number = instance->number,
        .ground = NO_INDEX,
        .extend = NO_INDEX,
        .revision = state->revision,
    };
    return stop;
}

static bool is_pause_of(const struct stop *stop, const struct instance *instance)
{
    return stop->kind == STOP_PAUSE && stop->clock == instance->clock &&
           stop->number == instance->number;
}

/* When the clock last began to run: its start, or its last resume. */
static int64_t running_since(const struct turn *turn, const struct instance *instance)
{
    int64_t since_ms = instance->started_ms;

    for (uint32_t i = 0; i < turn->state->stop_count; i++) {
        const struct stop *stop = &turn->state->stops[i];
        int64_t to_ms = stop->interval.to_ms;

        if (is_pause_of(stop, instance) && !stop->no_effect && to_ms != INSTANT_NEVER &&
            to_ms > since_ms) {
            since_ms = to_ms;
        }
    }
    return since_ms;
}

/* The open pause on a ground; those without effect do not count as such. */
static struct stop *open_pause(const struct turn *turn, const struct instance *instance,
                               uint16_t ground, bool no_effect)
{
    for (uint32_t i = 0; i < turn->state->stop_count; i++) {
        struct stop *stop = &turn->state->stops[i];

        if (is_pause_of(stop, instance) && stop->interval.to_ms == INSTANT_NEVER &&
            stop->ground == ground && stop->no_effect == no_effect) {
            return stop;
        }
    }
    return NULL;
}

/* In time, and told when it was not any more; the daemon itself tells nothing late. */
static bool tells_late(const struct turn *turn, const struct instance *instance)
{
    return !turn->own && turn->received_ms >= instance->due.due_ms;
}

void verb_tell_moved(struct turn *turn, const struct instance *instance, uint16_t role,
                     int32_t old_day)
{
    struct effect *effect = turn_clock_effect(turn, EFFECT_MOVED, instance);

    effect->role = role;
    effect->old_day = old_day;
    effect->to_officer = !turn_reaches(turn, role);
    effect->held = turn->state->on_hold;
}

/* Where a promised date is held the officer is told both dates. */
static void tell_promise(struct turn *turn, const struct instance *instance)
{
    uint16_t officer = procedure_officer(turn->procedure);
    int32_t asked_day;

    if (instance->due.paused || instance->floor == DATE_NONE || officer == NO_INDEX) {
        return;
    }
    asked_day = track_asked_day(&turn->track, instance);
    if (asked_day < instance->due.last_day) {
        verb_tell_moved(turn, instance, officer, asked_day);
    }
}

void verb_settle(struct turn *turn, struct instance *instance)
{
    track_derive(&turn->track, instance);
    if (!instance->due.paused && instance->state == INSTANCE_PAUSED) {
        instance->state = INSTANCE_RUNNING;
    }
    if (instance->due.paused && instance->state != INSTANCE_PAUSED) {
        instance->state = INSTANCE_PAUSED;
        instance->review_ms =
            track_review(&turn->track, instance, turn->procedure->clocks[instance->clock].owner,
                         turn->start_ms);
        if (instance->review_ms < turn->at_ms) {
            instance->review_ms = turn->at_ms; /* told late: at once, and once */
        }
    }
    track_arm(&turn->track, instance, turn->at_ms);
    tell_promise(turn, instance);
}

static struct effect *pause_effect(struct turn *turn, enum effect_kind kind,
                                   const struct instance *instance, uint16_t ground)
{
    struct effect *effect = turn_clock_effect(turn, kind, instance);

    effect->ground = ground;
    return effect;
}

/* What stands against a pause is told. */
static bool may_pause(struct turn *turn, const struct instance *instance, uint16_t clock,
                      uint16_t ground, bool asked)
{
    if (instance == NULL || !instance_is_live(instance)) {
        turn_nothing(turn, &turn_not_live, clock);
        return false;
    }
    if (open_pause(turn, instance, ground, false) != NULL) {
        turn_nothing(turn, &turn_clock_paused, clock);
        return false;
    }
    if (turn->start_ms < running_since(turn, instance)) {
        turn_refuse_clock(turn, &turn_order, clock);
        return false;
    }
    if (instance->state != INSTANCE_PAUSED && turn->start_ms >= instance->due.due_ms) {
        /* A rule's pause is only a part of an event that happened all the same. */
        if (asked) {
            turn_refuse_clock(turn, &turn_after_due, clock);
        } else {
            turn_nothing(turn, &turn_after_due, clock);
        }
        return false;
    }
    return true;
}

void verb_pause(struct turn *turn, struct instance *instance, uint16_t clock, uint16_t ground,
                bool asked)
{
    if (!may_pause(turn, instance, clock, ground, asked)) {
        return;
    }

    struct instance old = *instance;
    struct stop *stop = add_stop(turn, instance);

    if (stop == NULL) {
        return;
    }
    stop->kind = STOP_PAUSE;
    stop->ground = ground;
    stop->interval = (struct interval){.from_ms = turn->start_ms, .to_ms = INSTANT_NEVER};
    track_derive(&turn->track, instance);
    if (!instance->due.paused) { /* no day was left to be counted */
        stop->no_effect = true;
        *instance = old;
        turn_nothing(turn, &turn_no_effect, clock);
        return;
    }
    instance->reported_late = old.reported_late || tells_late(turn, &old);
    verb_settle(turn, instance);
    pause_effect(turn, EFFECT_PAUSED, instance, ground);
    if (old.state == INSTANCE_OVERDUE) {
        verb_withdraw(turn, instance);
    }
}

void verb_resume(struct turn *turn, struct instance *instance, uint16_t clock, uint16_t ground)
{
    struct stop *acting = NULL;
    struct stop *idle = NULL;

    if (instance != NULL && instance_is_live(instance)) {
        acting = open_pause(turn, instance, ground, false);
        idle = open_pause(turn, instance, ground, true);
    }

    struct stop *stop = acting != NULL ? acting : idle;

    if (stop == NULL) {
        turn_nothing(turn,
                     instance == NULL || instance_is_live(instance) ? &turn_not_paused
                                                                    : &turn_not_live,
                     clock);
        return;
    }
    if (turn->start_ms < stop->interval.from_ms) {
        turn_refuse_clock(turn, &turn_order, clock);
        return;
    }
    stop->interval.to_ms = turn->start_ms;
    if (acting == NULL) {
        turn_nothing(turn, &turn_not_paused, clock);
        return;
    }
    verb_settle(turn, instance);
    pause_effect(turn, EFFECT_RESUMED, instance, ground);
}

uint32_t verb_extensions_used(const struct turn *turn, const struct instance *instance)
{
    uint32_t used = 0;

    for (uint32_t i = 0; i < turn->state->stop_count; i++) {
        const struct stop *stop = &turn->state->stops[i];

        used += stop->kind == STOP_EXTENSION && stop->clock == instance->clock &&
                stop->number == instance->number;
    }
    return used;
}

/* Days of a length, to compare one with another from where the count stands. */
static int64_t reach_of(const struct turn *turn, const struct instance *instance,
                        struct length length)
{
    int32_t from = instance->due.unrolled != DATE_NONE ? instance->due.unrolled : turn->day0;

    return length_is_exact(length)
               ? length_ms(length)
               : date_after(from, length, turn->track.office->calendar) - from;
}

/* Exact with exact, days with days; and no longer than the law lets this one be. */
static bool length_may_be(struct turn *turn, const struct instance *instance,
                          const struct extend *extend, struct length length)
{
    const struct clock *clock = &turn->procedure->clocks[instance->clock];
    bool exact = clock->due == DUE_LENGTH && length_is_exact(instance->length);
    struct length upto = extend->upto.length;

    if (length_is_exact(length) != exact) {
        turn_refuse_clock(turn, &turn_unfit, instance->clock);
        turn_argument(turn, 1, TEXT("length"));
        return false;
    }
    if (!extend->upto.given) {
        return true;
    }
    if (extend->upto.fact != NO_INDEX) {
        const struct value *value = &turn->state->facts[extend->upto.fact].value;

        if (!value->known) {
            turn_refuse(turn, &turn_unknown, &clock->label,
                        turn->procedure->facts[extend->upto.fact].name);
            return false;
        }
        upto = value->length;
    }
    if (length_is_exact(upto) != exact ||
        reach_of(turn, instance, length) > reach_of(turn, instance, upto)) {
        turn_refuse_clock(turn, &turn_too_long, instance->clock);
        turn_argument(turn, 1, turn_length(turn, upto));
        return false;
    }
    return true;
}

/* Everything the next extension asks; every failure is told. */
static bool may_extend(struct turn *turn, const struct instance *instance, uint16_t index,
                       const struct value *length)
{
    const struct clock *clock = &turn->procedure->clocks[index];
    uint32_t used = verb_extensions_used(turn, instance);
    bool may = true;

    if (used >= clock->extend_count) { /* another version may have had more */
        turn_refuse_clock(turn, &turn_no_extension, index);
        return false;
    }

    const struct extend *extend = &clock->extends[used];

    if (instance->state != INSTANCE_PAUSED && turn->start_ms >= instance->due.due_ms) {
        turn_refuse_clock(turn, &turn_after_due, index);
        may = false;
    }
    if (!length->known) {
        turn_refuse(turn, &turn_unknown, &clock->label, TEXT("length"));
        may = false;
    } else if (!length_may_be(turn, instance, extend, length->length)) {
        may = false;
    }
    return judge_extension(turn, extend) && may;
}

/* An overdue clock runs on if the extension moves its end; days that the roll had given already
 * move nothing, and the breach stands. */
static void revive(struct turn *turn, struct instance *instance)
{
    struct instance old = *instance;

    track_derive(&turn->track, instance);
    if (old.state == INSTANCE_OVERDUE && instance->due.due_ms != old.due.due_ms) {
        instance->state = INSTANCE_RUNNING;
        verb_withdraw(turn, instance);
    }
}

void verb_extend(struct turn *turn, struct instance *instance, uint16_t clock,
                 const struct value *length)
{
    if (instance == NULL || !instance_is_live(instance)) {
        turn_nothing(turn, &turn_not_live, clock);
        return;
    }
    if (!may_extend(turn, instance, clock, length)) {
        return;
    }

    uint32_t used = verb_extensions_used(turn, instance);
    struct stop *stop = add_stop(turn, instance);

    if (stop == NULL) {
        return;
    }
    stop->kind = STOP_EXTENSION;
    stop->length = length->length;
    stop->extend = (uint16_t)used;
    instance->reported_late = instance->reported_late || tells_late(turn, instance);
    revive(turn, instance);
    verb_settle(turn, instance);
    turn_clock_effect(turn, EFFECT_EXTENDED, instance)->length = length->length;
}

/* The instant of an act: not later than the event, not before the start. A date is its whole
 * day. INSTANT_NONE: none is given. */
static int64_t act_instant(const struct turn *turn, const struct instance *instance,
                           const struct value *at)
{
    int64_t at_ms = turn->start_ms;

    if (at != NULL) {
        if (!at->known) {
            return INSTANT_NONE;
        }
        at_ms = at->type == VALUE_DATE
                    ? date_midnight(at->date + 1, turn->track.office->zone_ms) - 1
                    : at->number;
    }
    at_ms = at_ms > turn->start_ms ? turn->start_ms : at_ms;
    return at_ms < instance->started_ms ? instance->started_ms : at_ms;
}

enum instance_state verb_met(const struct clock *clock, bool in_time)
{
    if (clock->kind == CLOCK_WINDOW) {
        return INSTANCE_USED;
    }
    return in_time || clock->kind == CLOCK_ACCRUAL ? INSTANCE_MET : INSTANCE_MET_LATE;
}

void verb_meet(struct turn *turn, uint16_t index, const struct value *at)
{
    const struct clock *clock = &turn->procedure->clocks[index];
    struct instance *instance = turn_instance(turn, index);
    bool open =
        instance != NULL && (instance_is_live(instance) || instance->state == INSTANCE_ELAPSED);

    if (!open) {
        turn_nothing(turn, &turn_not_live, index);
        return;
    }

    int64_t at_ms = act_instant(turn, instance, at);

    if (at_ms == INSTANT_NONE) {
        turn_nothing(turn, &turn_unset_instant, index);
        return;
    }
    if (clock->recurs && turn->start_ms < instance->started_ms) {
        turn_nothing(turn, &turn_not_begun, index); /* what was done belongs to the last one */
        return;
    }

    bool in_time = at_ms < instance->due.due_ms;
    bool was_told = !instance_is_live(instance) || instance->state == INSTANCE_OVERDUE;

    if (clock->kind == CLOCK_WINDOW && !in_time) {
        turn_nothing(turn, &turn_lapsed, index);
        return;
    }
    if (clock->kind != CLOCK_ACCRUAL && in_time && tells_late(turn, instance)) {
        instance->reported_late = true;
    }
    verb_end(turn, instance, verb_met(clock, in_time), at_ms);
    if (was_told && in_time) {
        verb_withdraw(turn, instance);
    }
}
