#include "core/turn.h"

#include "base/must.h"

#include <string.h>

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

/* Of a clock's ended instances only the newest stays. */
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
    for (uint16_t i = 0;
         i < turn->procedure->clock_count && state->instance_count == INSTANCES_MAX; i++) {
        forget_older(state, i);
    }
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

/* Whether a length that a fact holds is one that the clock can run for: some time, for a clock
 * that ends as it starts could begin itself for ever; where moments count days it must too, and
 * what counts backwards does so in days. */
bool verb_length_fits(const struct clock *clock, struct length length)
{
    if (length.count == 0) {
        return false;
    }
    if (clock->recurs && length_is_exact(length)) {
        return false;
    }
    if (clock->due == DUE_BEFORE) {
        return length.unit == LENGTH_DAYS || length.unit == LENGTH_WORKDAYS;
    }
    for (uint32_t i = 0; length_is_exact(length) && i < clock->entry_count; i++) {
        if (!clock->entries[i].at_due && !length_is_exact(clock->entries[i].offset)) {
            return false;
        }
    }
    return true;
}

/* What a clock needs of a fact: told where it is unset. */
static const struct value *clock_fact(struct turn *turn, uint16_t index, uint16_t fact)
{
    const struct value *value = &turn->state->facts[fact].value;
    struct text name = turn->procedure->facts[fact].name;

    if (value->known) {
        return value;
    }
    if (turn->own || turn->entering) {
        turn_nothing(turn, &turn_not_set, index);
    } else {
        turn_refuse(turn, &turn_unknown, &turn->procedure->clocks[index].label, name);
    }
    return NULL;
}

/* A fact is set, and yet no clock can run by it. */
static void tell_unfit(struct turn *turn, uint16_t index, uint16_t fact)
{
    if (turn->own || turn->entering) {
        turn_nothing(turn, &turn_unfit, index);
    } else {
        turn_refuse_clock(turn, &turn_unfit, index);
        turn_argument(turn, 1, turn->procedure->facts[fact].name);
    }
}

bool verb_principal(const struct turn *turn, const struct clock *clock, int64_t *fen)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < clock->accrues_count; i++) {
        const struct value *value = &turn->state->facts[clock->accrues_of[i]].value;

        if (value->known &&
            (value->number < 0 || __builtin_add_overflow(sum, value->number, &sum))) {
            return false;
        }
    }
    *fen = sum;
    return true;
}

static int32_t yearly_date(int32_t year, struct yearly yearly)
{
    int32_t days = date_days_in_month(year, yearly.month);

    return date_of(year, yearly.month, yearly.day < days ? yearly.day : days);
}

/* The first date of the year after day 0; of a lead clock the first whose last day is. */
static int32_t next_yearly(const struct turn *turn, const struct clock *clock,
                           const struct instance *instance)
{
    int32_t next = DATE_NONE;
    int32_t year = civil_of(instance->day0).year;

    /* What a lead clock counts back from may lie a year and more ahead. */
    for (; next == DATE_NONE; year++) {
        for (uint32_t i = 0; i < clock->yearly_count; i++) {
            int32_t date = yearly_date(year, clock->yearly[i]);
            int32_t last = clock->due == DUE_BEFORE ? date_before(date, instance->length,
                                                                  turn->track.office->calendar)
                                                    : date;

            if (last > instance->day0 && (next == DATE_NONE || date < next)) {
                next = date;
            }
        }
    }
    return next;
}

/* What a new instance takes from facts; false: one cannot be taken, and that is told. */
static bool take_facts(struct turn *turn, uint16_t index, struct instance *instance)
{
    const struct clock *clock = &turn->procedure->clocks[index];
    const struct value *value;

    instance->length = clock->length.length;
    if (clock->length.given && clock->length.fact != NO_INDEX) {
        value = clock_fact(turn, index, clock->length.fact);
        if (value != NULL && !verb_length_fits(clock, value->length)) {
            tell_unfit(turn, index, clock->length.fact);
            value = NULL;
        }
        if (value == NULL) {
            return false;
        }
        instance->length = value->length;
    }
    if (clock->yearly_count > 0) {
        instance->date = next_yearly(turn, clock, instance);
    } else if (clock->due == DUE_UNTIL || clock->due == DUE_BEFORE) {
        value = clock_fact(turn, index, clock->date_fact);
        if (value == NULL) {
            return false;
        }
        instance->date = value->date;
    }
    if (clock->due == DUE_ACCRUAL) {
        if (clock_fact(turn, index, clock->accrues_of[0]) == NULL) {
            return false;
        }
        if (!verb_principal(turn, clock, &instance->principal)) {
            tell_unfit(turn, index, clock->accrues_of[0]);
            return false;
        }
        instance->length = accrual_length(clock->percent, clock->cap);
    }
    return true;
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
        return clock_fact(turn, index, clock->per) != NULL;
    }

    const struct instance *last = state_instance(turn->state, index, per);

    if (last != NULL && instance_is_live(last)) {
        if (quiet) {
            turn_nothing(turn, &turn_clock_live, index);
        } else {
            turn_refuse_clock(turn, &turn_clock_live, index);
        }
        return false;
    }
    return true;
}

static struct instance blank(const struct turn *turn, uint16_t clock)
{
    return (struct instance){
        .clock = clock,
        .state = INSTANCE_RUNNING,
        .per = turn_per(turn, clock),
        .started_ms = turn->start_ms,
        .day0 = turn->day0,
        .floor = DATE_NONE,
        .ended_ms = INSTANT_NONE,
        .told_ms = INSTANT_NONE,
        .promised = DATE_NONE,
        .review_ms = INSTANT_NEVER,
        .revision = turn->state->revision,
    };
}

static void begin(struct turn *turn, struct instance *begun)
{
    struct instance *instance = add_instance(turn, begun->clock);

    if (instance == NULL) {
        return;
    }
    begun->number = instance->number;
    *instance = *begun;
    track_arm(&turn->track, instance, turn->at_ms);
    turn_clock_effect(turn, EFFECT_STARTED, instance);
}

void verb_start(struct turn *turn, uint16_t index)
{
    struct instance begun = blank(turn, index);

    if (may_start(turn, index, &begun.per) && take_facts(turn, index, &begun)) {
        begin(turn, &begun);
    }
}

/* Counted on from where the run before ended, whenever the act was done: so periods neither
 * overlap nor drift. */
static void renew(struct turn *turn, uint16_t index)
{
    const struct clock *clock = &turn->procedure->clocks[index];
    const struct instance *last = state_instance(turn->state, index, NULL);
    struct instance begun = blank(turn, index);

    if (last == NULL || instance_is_live(last) || last->state == INSTANCE_CANCELLED) {
        return;
    }
    if (clock->when != NULL && turn_judge(turn, clock->when) != TRUTH_TRUE) {
        turn_nothing(turn, &turn_not_needed, index);
        return;
    }
    begun.day0 = clock->due == DUE_LENGTH ? last->due.unrolled : last->date;
    begun.started_ms = date_midnight(begun.day0 + 1, turn->track.office->zone_ms);
    begun.length = last->length;
    if (clock->yearly_count > 0) {
        begun.date = next_yearly(turn, clock, &begun);
    }
    begin(turn, &begun);
}

void verb_renew(struct turn *turn)
{
    for (uint16_t i = 0; turn->ended != 0 && i < turn->procedure->clock_count; i++) {
        if ((turn->ended >> i & 1) != 0 && turn->procedure->clocks[i].recurs) {
            renew(turn, i);
        }
    }
    turn->ended = 0;
}
