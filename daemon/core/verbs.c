#include "core/turn.h"

#include "base/must.h"

#include <string.h>

static struct text clock_name(const struct turn *turn, uint16_t clock)
{
    return turn->procedure->clocks[clock].name;
}

static void refuse_clock(struct turn *turn, const struct message *message, uint16_t clock)
{
    turn_refuse(turn, message, &turn->procedure->clocks[clock].label, clock_name(turn, clock));
}

/* Those who were told of a breach are told that there was none. */
static void withdraw(struct turn *turn, const struct instance *instance)
{
    struct slot slot = {.clock = &turn->procedure->clocks[instance->clock]};

    for (uint32_t at = 0; slot_next(&slot, &at);) {
        if (slot.entry->rung && (instance->fired & slot.bit) != 0) {
            struct effect *effect = turn_clock_effect(turn, EFFECT_WITHDRAWN, instance);

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

/* An instance and what stopped it leave the state; the file has them. */
static void forget(struct case_state *state, uint32_t index)
{
    struct instance gone = state->instances[index];
    uint32_t kept = 0;

    for (uint32_t i = 0; i < state->stop_count; i++) {
        const struct stop *stop = &state->stops[i];

        if (stop->clock != gone.clock || stop->number != gone.number) {
            state->stops[kept++] = *stop;
        }
    }
    state->stop_count = kept;
    state->instance_count--;
    memmove(&state->instances[index], &state->instances[index + 1],
            (state->instance_count - index) * sizeof(gone));
}

/* Of ended instances the state keeps each clock's newest. */
static void forget_older(struct case_state *state, uint16_t clock)
{
    bool newest = true;

    for (uint32_t i = state->instance_count; i > 0; i--) {
        const struct instance *instance = &state->instances[i - 1];

        if (instance->clock != clock || instance_is_live(instance)) {
            continue;
        }
        if (!newest) {
            forget(state, i - 1);
        }
        newest = false;
    }
}

/* Room for a new instance behind the clock's others; NULL: the case is at its limit. */
static struct instance *add_instance(struct turn *turn, uint16_t clock)
{
    struct case_state *state = turn->state;
    uint32_t live = 0;
    uint32_t at = 0;
    uint16_t number = 1;

    forget_older(state, clock);
    for (uint32_t i = 0; i < state->instance_count; i++) {
        live += instance_is_live(&state->instances[i]);
        if (state->instances[i].clock <= clock) {
            at = i + 1;
        }
        if (state->instances[i].clock == clock) {
            number = (uint16_t)(state->instances[i].number + 1);
        }
    }
    if (live == LIVE_MAX || number == 0) {
        turn_refuse(turn, &turn_limit, NULL, TEXT("clocks"));
        return NULL;
    }
    MUST(state->instance_count < INSTANCES_MAX);
    memmove(&state->instances[at + 1], &state->instances[at],
            (state->instance_count - at) * sizeof(state->instances[0]));
    state->instance_count++;
    state->instances[at] = (struct instance){.clock = clock, .number = number};
    return &state->instances[at];
}

/* What a new instance takes from facts; the name of the one that is unset, else empty. */
static struct text take_facts(const struct turn *turn, const struct clock *clock,
                              struct instance *instance)
{
    const struct fact_state *facts = turn->state->facts;
    const struct fact *names = turn->procedure->facts;
    const struct length_source *length = &clock->length;

    instance->length = length->length;
    if (length->given && length->fact != NO_INDEX) {
        if (!facts[length->fact].value.known) {
            return names[length->fact].name;
        }
        instance->length = facts[length->fact].value.length;
    }
    if (clock->due == DUE_UNTIL || clock->due == DUE_BEFORE) {
        if (!facts[clock->date_fact].value.known) {
            return names[clock->date_fact].name;
        }
        instance->date = facts[clock->date_fact].value.date;
    }
    if (clock->due == DUE_ACCRUAL) {
        if (!facts[clock->accrues_of].value.known) {
            return names[clock->accrues_of].name;
        }
        instance->principal = facts[clock->accrues_of].value.number;
        instance->length = (struct length){
            .count = (clock->cap + clock->percent - 1) / clock->percent, .unit = LENGTH_DAYS};
    }
    return (struct text){0};
}

/* Whether the clock is wanted; what stands against starting it is told. */
static bool may_start(struct turn *turn, uint16_t index, const struct value *per)
{
    const struct clock *clock = &turn->procedure->clocks[index];
    bool quiet = turn->own || turn->entering;
    enum truth wanted = clock->when == NULL ? TRUTH_TRUE : turn_judge(turn, clock->when);

    if (wanted == TRUTH_UNKNOWN && !quiet) {
        turn_refuse_unknown(turn, clock->when);
        return false;
    }
    if (wanted != TRUTH_TRUE) {
        turn_nothing(turn, &turn_not_needed, index);
        return false;
    }
    if (clock->per != NO_INDEX && !per->known) {
        if (quiet) {
            turn_nothing(turn, &turn_not_set, index);
        } else {
            turn_refuse(turn, &turn_unknown, &clock->label,
                        turn->procedure->facts[clock->per].name);
        }
        return false;
    }

    const struct instance *last = state_instance(turn->state, index, per);

    if (last != NULL && instance_is_live(last)) {
        if (quiet) {
            turn_nothing(turn, &turn_clock_live, index);
        } else {
            refuse_clock(turn, &turn_clock_live, index);
        }
        return false;
    }
    return true;
}

void verb_start(struct turn *turn, uint16_t index)
{
    const struct clock *clock = &turn->procedure->clocks[index];
    struct value per = turn_per(turn, index);
    struct instance begun = {
        .clock = index,
        .state = INSTANCE_RUNNING,
        .per = per,
        .started_ms = turn->start_ms,
        .day0 = turn->day0,
        .floor = DATE_NONE,
        .ended_ms = INSTANT_NONE,
        .told_ms = INSTANT_NONE,
        .review_ms = INSTANT_NEVER,
        .revision = turn->state->revision,
    };

    if (!may_start(turn, index, &per)) {
        return;
    }

    struct text unset = take_facts(turn, clock, &begun);

    if (!text_empty(unset)) {
        if (turn->own || turn->entering) {
            turn_nothing(turn, &turn_not_set, index);
        } else {
            turn_refuse(turn, &turn_unknown, &clock->label, unset);
        }
        return;
    }

    struct instance *instance = add_instance(turn, index);

    if (instance == NULL) {
        return;
    }
    begun.number = instance->number;
    *instance = begun;
    track_arm(&turn->track, instance, turn->step->now_ms);
    turn_clock_effect(turn, EFFECT_STARTED, instance);
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

        if (is_pause_of(stop, instance) && to_ms != INSTANT_NEVER && to_ms > since_ms) {
            since_ms = to_ms;
        }
    }
    return since_ms;
}

static struct stop *open_pause(const struct turn *turn, const struct instance *instance,
                               uint16_t ground)
{
    for (uint32_t i = 0; i < turn->state->stop_count; i++) {
        struct stop *stop = &turn->state->stops[i];

        if (is_pause_of(stop, instance) && stop->interval.to_ms == INSTANT_NEVER &&
            (ground == NO_INDEX ? !stop->no_effect : stop->ground == ground)) {
            return stop;
        }
    }
    return NULL;
}

static struct effect *pause_effect(struct turn *turn, enum effect_kind kind,
                                   const struct instance *instance, uint16_t ground)
{
    struct effect *effect = turn_clock_effect(turn, kind, instance);

    effect->ground = ground;
    return effect;
}

void verb_pause(struct turn *turn, struct instance *instance, uint16_t clock, uint16_t ground)
{
    int64_t from_ms = turn->start_ms;

    if (instance == NULL || !instance_is_live(instance) ||
        open_pause(turn, instance, ground) != NULL) {
        turn_nothing(turn,
                     instance != NULL && instance_is_live(instance) ? &turn_clock_paused
                                                                    : &turn_not_live,
                     clock);
        return;
    }
    if (from_ms < running_since(turn, instance)) {
        refuse_clock(turn, &turn_order, clock);
        return;
    }
    if (instance->state != INSTANCE_PAUSED && from_ms >= instance->due.due_ms) {
        refuse_clock(turn, &turn_after_due, clock);
        return;
    }

    bool acts = instance->state == INSTANCE_PAUSED ||
                due_pause_acts(&instance->due, turn->track.office, from_ms);
    bool was_overdue = instance->state == INSTANCE_OVERDUE;
    struct stop *stop = add_stop(turn, instance);

    if (stop == NULL) {
        return;
    }
    stop->kind = STOP_PAUSE;
    stop->ground = ground;
    stop->interval = (struct interval){.from_ms = from_ms, .to_ms = INSTANT_NEVER};
    stop->no_effect = !acts;
    if (!acts) {
        turn_nothing(turn, &turn_no_effect, clock);
        return;
    }
    if (instance->state != INSTANCE_PAUSED) {
        instance->state = INSTANCE_PAUSED;
        instance->reported_late = instance->reported_late || was_overdue;
        instance->review_ms =
            track_review(&turn->track, instance, turn->procedure->clocks[clock].owner, from_ms);
    }
    track_arm(&turn->track, instance, turn->step->now_ms);
    pause_effect(turn, EFFECT_PAUSED, instance, ground);
    if (was_overdue) {
        withdraw(turn, instance);
    }
}

void verb_resume(struct turn *turn, struct instance *instance, uint16_t clock, uint16_t ground)
{
    struct stop *stop = instance == NULL ? NULL : open_pause(turn, instance, ground);

    if (stop == NULL) {
        turn_nothing(turn, &turn_not_paused, clock);
        return;
    }
    if (turn->start_ms < stop->interval.from_ms) {
        refuse_clock(turn, &turn_order, clock);
        return;
    }
    stop->interval.to_ms = turn->start_ms;
    if (!instance_is_live(instance)) {
        turn_nothing(turn, &turn_not_live, clock);
        return;
    }
    if (instance->state == INSTANCE_PAUSED && open_pause(turn, instance, NO_INDEX) == NULL) {
        instance->state = INSTANCE_RUNNING;
        track_arm(&turn->track, instance, turn->step->now_ms);
    }
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

/* Everything the next extension asks; every failure is told. */
static bool may_extend(struct turn *turn, const struct instance *instance, uint16_t index,
                       const struct value *length)
{
    const struct clock *clock = &turn->procedure->clocks[index];
    uint32_t used = verb_extensions_used(turn, instance);
    uint32_t before = turn->outcome->reason_count;

    if (used == clock->extend_count) {
        refuse_clock(turn, &turn_no_extension, index);
        return false;
    }

    const struct extend *extend = &clock->extends[used];
    struct length upto = extend->upto.length;
    bool bounded = extend->upto.given;

    if (instance->state != INSTANCE_PAUSED && turn->start_ms >= instance->due.due_ms) {
        refuse_clock(turn, &turn_after_due, index);
    }
    if (!length->known) {
        turn_refuse(turn, &turn_unknown, &clock->label, TEXT("length"));
    }
    if (bounded && extend->upto.fact != NO_INDEX) {
        const struct value *value = turn_value(turn, extend->upto.fact);

        bounded = value->known;
        upto = value->length;
    }
    if (bounded && length->known &&
        (length_is_exact(upto) != length_is_exact(length->length) ||
         reach_of(turn, instance, length->length) > reach_of(turn, instance, upto))) {
        refuse_clock(turn, &turn_too_long, index);
        turn_argument(turn, 1, turn_length(turn, upto));
    }
    judge_needs(turn, extend->needs, extend->need_count);
    return turn->outcome->reason_count == before;
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

    bool was_overdue = instance->state == INSTANCE_OVERDUE;
    uint32_t used = verb_extensions_used(turn, instance);
    struct stop *stop = add_stop(turn, instance);

    if (stop == NULL) {
        return;
    }
    stop->kind = STOP_EXTENSION;
    stop->length = length->length;
    stop->extend = (uint16_t)used;
    if (was_overdue) {
        instance->state = INSTANCE_RUNNING;
        instance->reported_late = true;
        withdraw(turn, instance);
    }
    track_arm(&turn->track, instance, turn->step->now_ms);
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

static enum instance_state met_state(const struct clock *clock, bool in_time)
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

    bool in_time = at_ms < instance->due.due_ms;
    bool was_overdue = instance->state == INSTANCE_OVERDUE;

    if (clock->kind == CLOCK_WINDOW && !in_time) {
        turn_nothing(turn, &turn_lapsed, index);
        return;
    }
    instance->reported_late =
        clock->kind != CLOCK_ACCRUAL && in_time && turn->step->now_ms >= instance->due.due_ms;
    verb_end(turn, instance, met_state(clock, in_time), at_ms);
    if (was_overdue && in_time) {
        withdraw(turn, instance);
    }
}
