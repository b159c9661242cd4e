#include "core/turn.h"

/*
 * case.corrected: a mistake on the file is put right by an act of its own, with ground and
 * approver. Old and new stand side by side: the record carries the event, the effects tell
 * both.
 *
 *   ground, approver        always
 *   facts.x                 a fact's right value; empty: it was never known
 *   stage                   where the case stands; nothing is started by it
 *   clock [, instance]      with one or more of
 *     started               the instant it began
 *     ended                 the instant the act was done; `none`: it was not
 *     pauses                all of its pauses: 2026-03-05T10:00..2026-03-19T10:00;…
 */

static bool parse_fact(const struct turn *turn, uint16_t index, struct text text,
                       struct value *value)
{
    const struct fact *fact = &turn->procedure->facts[index];

    if (text_empty(text)) {
        *value = value_unknown(fact->type);
        return true;
    }
    return value_parse(text, fact->type, &fact->choices, turn->track.office->zone_ms, value);
}

static bool parse_pause(const struct turn *turn, struct text text, struct interval *interval)
{
    int64_t zone_ms = turn->track.office->zone_ms;

    for (size_t i = 0; i + 1 < text.size; i++) {
        if (text.bytes[i] == '.' && text.bytes[i + 1] == '.') {
            struct text to = text_trim(text_part(text, i + 2, text.size));

            interval->to_ms = INSTANT_NEVER;
            return instant_parse(text_trim(text_part(text, 0, i)), zone_ms,
                                 &interval->from_ms) &&
                   (text_empty(to) || instant_parse(to, zone_ms, &interval->to_ms));
        }
    }
    return false;
}

/* Walk `A..B;C..D`; false where one cannot be read. */
static bool next_pause(const struct turn *turn, struct text *rest, struct interval *interval)
{
    return parse_pause(turn, text_trim(text_cut(*rest, ';', rest)), interval);
}

static void refuse_bad(struct turn *turn, struct text value, struct text what)
{
    turn_refuse(turn, &turn_bad_value, NULL, value);
    turn_argument(turn, 1, what);
}

static void judge_instant(struct turn *turn, struct text name)
{
    struct text text = turn_carried(turn, name);
    int64_t at_ms;

    if (!text_empty(text) && !text_is(text, "none") &&
        !instant_parse(text, turn->track.office->zone_ms, &at_ms)) {
        refuse_bad(turn, text, name);
    }
}

static void judge_clock(struct turn *turn)
{
    struct text clock = turn_carried(turn, TEXT("clock"));
    struct text pauses = turn_carried(turn, TEXT("pauses"));
    struct interval interval;

    if (!text_empty(clock) && named_instance(turn) == NULL) {
        turn_refuse(turn, &turn_no_clock, NULL, clock);
    }
    judge_instant(turn, TEXT("started"));
    judge_instant(turn, TEXT("ended"));
    while (!text_empty(pauses)) {
        if (!next_pause(turn, &pauses, &interval)) {
            refuse_bad(turn, turn_carried(turn, TEXT("pauses")), TEXT("pauses"));
            return;
        }
    }
}

void correct_judge(struct turn *turn)
{
    const struct event *event = turn->event;
    struct text stage = turn_carried(turn, TEXT("stage"));
    struct value value;

    turn_want(turn, TEXT("ground"));
    turn_want(turn, TEXT("approver"));
    for (uint32_t i = 0; i < event->fact_count; i++) {
        uint16_t fact = named_fact(turn, event->facts[i].name);

        if (fact != NO_INDEX && !parse_fact(turn, fact, event->facts[i].value, &value)) {
            refuse_bad(turn, event->facts[i].value,
                       value_type_word(turn->procedure->facts[fact].type));
        }
    }
    if (!text_empty(stage) && procedure_stage(turn->procedure, stage) == NO_INDEX) {
        turn_refuse(turn, &turn_no_stage, NULL, stage);
    }
    judge_clock(turn);
}

static void correct_facts(struct turn *turn)
{
    const struct event *event = turn->event;

    for (uint32_t i = 0; i < event->fact_count; i++) {
        uint16_t fact = named_fact(turn, event->facts[i].name);
        struct value value;

        if (fact != NO_INDEX && parse_fact(turn, fact, event->facts[i].value, &value)) {
            struct effect *effect = turn_effect(turn, EFFECT_CORRECTED);

            turn->state->facts[fact] =
                (struct fact_state){.value = value, .revision = turn->state->revision};
            effect->fact = fact;
            effect->text = event->facts[i].name;
        }
    }
}

/* All pauses of the instance give way to those listed. */
static void replace_pauses(struct turn *turn, const struct instance *instance, struct text list)
{
    struct case_state *state = turn->state;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < state->stop_count; i++) {
        struct stop *stop = &state->stops[i];

        if (stop->kind != STOP_PAUSE || stop->clock != instance->clock ||
            stop->number != instance->number) {
            state->stops[kept++] = *stop;
        }
    }
    state->stop_count = kept;
    while (!text_empty(list) && state->stop_count < STOPS_MAX) {
        struct stop *stop = &state->stops[state->stop_count];

        *stop = (struct stop){.clock = instance->clock,
                              .number = instance->number,
                              .kind = STOP_PAUSE,
                              .ground = NO_INDEX,
                              .extend = NO_INDEX,
                              .revision = state->revision};
        if (!next_pause(turn, &list, &stop->interval)) {
            return;
        }
        state->stop_count++;
    }
}

/* What an end put right makes of the instance: done then, or not done after all. */
static void correct_end(struct turn *turn, struct instance *instance, struct text ended)
{
    const struct clock *clock = &turn->procedure->clocks[instance->clock];
    int64_t at_ms;

    instance->ended_ms = INSTANT_NONE;
    instance->state = INSTANCE_RUNNING;
    track_derive(&turn->track, instance);
    if (text_is(ended, "none")) {
        return;
    }
    if (instant_parse(ended, turn->track.office->zone_ms, &at_ms)) {
        bool in_time = at_ms < instance->due.due_ms;

        verb_end(turn, instance,
                 clock->kind == CLOCK_WINDOW               ? INSTANCE_USED
                 : in_time || clock->kind == CLOCK_ACCRUAL ? INSTANCE_MET
                                                           : INSTANCE_MET_LATE,
                 at_ms);
    }
}

static void correct_clock(struct turn *turn)
{
    struct instance *instance = named_instance(turn);
    struct text started = turn_carried(turn, TEXT("started"));
    struct text ended = turn_carried(turn, TEXT("ended"));
    struct text pauses = turn_carried(turn, TEXT("pauses"));
    int64_t zone_ms = turn->track.office->zone_ms;

    if (instance == NULL) {
        return;
    }

    int32_t old_day = instance->due.last_day;
    uint16_t owner = turn->procedure->clocks[instance->clock].owner;

    if (!text_empty(started) && instant_parse(started, zone_ms, &instance->started_ms)) {
        instance->day0 = date_of_instant(instance->started_ms, zone_ms);
    }
    if (!text_empty(pauses)) {
        replace_pauses(turn, instance, pauses);
    }
    if (!text_empty(ended)) {
        correct_end(turn, instance, ended);
    }
    track_derive(&turn->track, instance);
    if (instance_is_live(instance)) {
        instance->state = instance->due.paused ? INSTANCE_PAUSED : INSTANCE_RUNNING;
        instance->review_ms = instance->due.paused ? track_review(&turn->track, instance, owner,
                                                                  turn->step->now_ms)
                                                   : INSTANT_NEVER;
        track_arm(&turn->track, instance, turn->step->now_ms);
    }
    turn_clock_effect(turn, EFFECT_CORRECTED, instance)->old_day = old_day;
}

void correct_act(struct turn *turn)
{
    struct text stage = turn_carried(turn, TEXT("stage"));
    uint16_t index = procedure_stage(turn->procedure, stage);

    correct_facts(turn);
    correct_clock(turn);
    if (!text_empty(stage)) {
        struct effect *effect = turn_effect(turn, EFFECT_CORRECTED);

        turn->state->stage = index;
        effect->stage = index;
        effect->text = stage;
        if (turn->procedure->stages[index].final) {
            act_leave_behind(turn, turn->procedure->stages[index].outlives);
        }
    }
}
