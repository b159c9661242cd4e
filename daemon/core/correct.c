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
 *
 * What was met, used, lapsed or missed is judged again by what is right now. An end that has
 * been told and stays in the past is not told again.
 */

static bool read_fact(const struct turn *turn, uint16_t index, const struct carried *carried,
                      struct value *value)
{
    const struct fact *fact = &turn->procedure->facts[index];

    if (!carried->sealed && text_empty(carried->value)) {
        *value = value_unknown(fact->type);
        return true;
    }
    return turn_read(turn, fact, carried, value);
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

/* An instant, or the word `none` where that may stand; nothing began or ended in the future. */
static void judge_instant(struct turn *turn, struct text name, bool none)
{
    struct text text = turn_carried(turn, name);
    int64_t at_ms;

    if (text_empty(text) || (none && text_is(text, "none"))) {
        return;
    }
    if (!instant_parse(text, turn->track.office->zone_ms, &at_ms)) {
        refuse_bad(turn, text, name);
    } else if (at_ms > turn->received_ms + FUTURE_MS) {
        turn_refuse(turn, &turn_future, NULL, name);
    }
}

static void judge_pauses(struct turn *turn)
{
    struct text pauses = turn_carried(turn, TEXT("pauses"));
    struct interval interval;

    while (!text_empty(pauses)) {
        if (!next_pause(turn, &pauses, &interval) || interval.to_ms < interval.from_ms) {
            refuse_bad(turn, turn_carried(turn, TEXT("pauses")), TEXT("pauses"));
            return;
        }
    }
}

static void judge_clock(struct turn *turn)
{
    struct text clock = turn_carried(turn, TEXT("clock"));
    bool wanted = turn_carries(turn, TEXT("started")) || turn_carries(turn, TEXT("ended")) ||
                  turn_carries(turn, TEXT("pauses")) || turn_carries(turn, TEXT("instance"));

    if (wanted) {
        turn_want(turn, TEXT("clock"));
    }
    if (!text_empty(clock) && named_instance(turn) == NULL) {
        turn_refuse(turn, &turn_no_clock, NULL, clock);
    }
    judge_instant(turn, TEXT("started"), false);
    judge_instant(turn, TEXT("ended"), true);
    judge_pauses(turn);
}

static bool is_in_register(const struct turn *turn, const struct fact *fact,
                           const struct value *value)
{
    int32_t date = date_of_instant(turn->occurred_ms, turn->track.office->zone_ms);
    const struct registry *registry = installed_registry(turn->step->installed, fact->registry);

    return text_empty(fact->registry) || !value->known ||
           (registry != NULL && registry_find(registry, value->text, date) != NULL);
}

/* What is private is not told again in the reason. */
static void judge_fact(struct turn *turn, uint16_t index, const struct carried *carried)
{
    const struct fact *fact = &turn->procedure->facts[index];
    struct value value;

    if (!read_fact(turn, index, carried, &value)) {
        refuse_bad(turn, carried->sealed ? fact->name : carried->value,
                   value_type_word(fact->type));
    } else if (!is_in_register(turn, fact, &value)) {
        turn_refuse(turn, &turn_not_in_register, &fact->label, carried->value);
        turn_argument(turn, 1, fact->registry);
    }
}

/* Whoever approves is somebody else, who has a say in the agency of the case. */
static void judge_approver(struct turn *turn)
{
    struct text approver = turn_carried(turn, TEXT("approver"));
    int32_t date = date_of_instant(turn->occurred_ms, turn->track.office->zone_ms);

    turn_want(turn, TEXT("approver"));
    if (text_empty(approver)) {
        return;
    }
    if (text_equal(approver, turn->event->person)) {
        turn_refuse(turn, &turn_own_approval, NULL, approver);
    } else if (!office_held_by(turn->step->installed, turn_agency(turn), approver, date)) {
        turn_refuse(turn, &turn_no_approver, NULL, approver);
    }
}

void correct_judge(struct turn *turn)
{
    const struct event *event = turn->event;
    struct text stage = turn_carried(turn, TEXT("stage"));

    turn_want(turn, TEXT("ground"));
    judge_approver(turn);
    for (uint32_t i = 0; i < event->fact_count; i++) {
        uint16_t fact = named_fact(turn, event->facts[i].name);

        if (fact != NO_INDEX) {
            judge_fact(turn, fact, &event->facts[i]);
        }
    }
    if (!text_empty(stage) && procedure_stage(turn->procedure, stage) == NO_INDEX) {
        turn_refuse(turn, &turn_no_stage, NULL, stage);
    }
    judge_clock(turn);
}

/* An act in time ends it as such, a late one as that; false: none does. */
static bool end_by_act(struct turn *turn, struct instance *instance, int64_t acted_ms)
{
    const struct clock *clock = &turn->procedure->clocks[instance->clock];
    bool in_time = acted_ms < instance->due.due_ms;

    if (acted_ms == INSTANT_NONE || (clock->kind == CLOCK_WINDOW && !in_time)) {
        return false;
    }
    verb_end(turn, instance, verb_met(clock, in_time), acted_ms);
    if (in_time) {
        verb_withdraw(turn, instance);
    }
    return true;
}

/* What becomes of an instance when all that decides about it is reckoned again. */
static void derive_anew(struct turn *turn, struct instance *instance, int64_t acted_ms)
{
    struct instance old = *instance;
    bool ended = old.state == INSTANCE_ELAPSED || old.state == INSTANCE_CAPPED;

    instance->state = INSTANCE_RUNNING;
    instance->ended_ms = INSTANT_NONE;
    track_derive(&turn->track, instance);
    if (end_by_act(turn, instance, acted_ms)) {
        return;
    }
    if (instance->end_ms > turn->at_ms) {
        verb_withdraw(turn, instance);
        verb_settle(turn, instance);
    } else if (ended) {
        instance->state = old.state;
        instance->ended_ms = instance->due.due_ms;
        instance->end_ms = INSTANT_NEVER;
    } else {
        instance->state = old.state == INSTANCE_OVERDUE ? INSTANCE_OVERDUE : INSTANCE_RUNNING;
        verb_settle(turn, instance);
    }
}

/* Whether an accrual runs by an amount that this wrong value is a part of. */
static bool ran_by(struct turn *turn, const struct instance *instance, uint16_t fact,
                   const struct value *wrong)
{
    const struct clock *clock = &turn->procedure->clocks[instance->clock];
    struct value *held = &turn->state->facts[fact].value;
    struct value right = *held;
    int64_t fen = -1;
    bool found = false;

    for (uint32_t i = 0; i < clock->accrues_count; i++) {
        found = found || clock->accrues_of[i] == fact;
    }
    if (!found) {
        return false;
    }
    *held = *wrong;
    found = verb_principal(turn, clock, &fen) && fen == instance->principal;
    *held = right;
    return found;
}

/* A live clock that runs by a fact that was wrong runs by the right one. (Dates are followed
 * whoever changes them.) */
static void follow_fact(struct turn *turn, uint16_t fact, const struct value *wrong)
{
    const struct value *right = &turn->state->facts[fact].value;

    for (uint32_t i = 0; i < turn->state->instance_count; i++) {
        struct instance *instance = &turn->state->instances[i];
        const struct clock *clock = &turn->procedure->clocks[instance->clock];
        bool length = clock->length.given && clock->length.fact == fact &&
                      length_equal(instance->length, wrong->length);
        bool principal = !length && ran_by(turn, instance, fact, wrong);
        int64_t fen = instance->principal;

        if (!(length || principal) || !instance_is_live(instance)) {
            continue;
        }
        if (length ? !verb_length_fits(clock, right->length)
                   : !verb_principal(turn, clock, &fen)) {
            turn_refuse_clock(turn, &turn_unfit, instance->clock);
            turn_argument(turn, 1, turn->procedure->facts[fact].name);
            continue;
        }
        instance->length = length ? right->length : instance->length;
        instance->principal = fen;
        derive_anew(turn, instance, INSTANT_NONE);
    }
}

static void correct_facts(struct turn *turn)
{
    const struct event *event = turn->event;

    for (uint32_t i = 0; i < event->fact_count; i++) {
        uint16_t fact = named_fact(turn, event->facts[i].name);
        struct value value;

        if (fact != NO_INDEX && read_fact(turn, fact, &event->facts[i], &value) &&
            !value_equal(&turn->state->facts[fact].value, &value)) {
            struct effect *effect = turn_effect(turn, EFFECT_CORRECTED);
            struct value wrong = turn->state->facts[fact].value;

            turn->state->facts[fact] =
                (struct fact_state){.value = value, .revision = turn->state->revision};
            effect->fact = fact;
            effect->text = correct_side_by_side(turn, correct_fact_text(turn, fact, &wrong),
                                                correct_fact_text(turn, fact, &value));
            if (wrong.known && value.known) {
                follow_fact(turn, fact, &wrong);
            }
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
    while (!text_empty(list)) {
        struct stop stop = {.clock = instance->clock,
                            .number = instance->number,
                            .kind = STOP_PAUSE,
                            .ground = NO_INDEX,
                            .extend = NO_INDEX,
                            .revision = state->revision};

        if (state->stop_count == STOPS_MAX) {
            turn_refuse(turn, &turn_limit, NULL, TEXT("pauses"));
            return;
        }
        if (!next_pause(turn, &list, &stop.interval)) {
            return;
        }
        if (stop.interval.from_ms < instance->started_ms) {
            turn_refuse_clock(turn, &turn_order, instance->clock);
        }
        state->stops[state->stop_count++] = stop;
    }
}

/* A clock that lives again must have room, and no other of its kind beside it. */
static void judge_revived(struct turn *turn, const struct instance *instance)
{
    uint32_t live = 0;

    for (uint32_t i = 0; i < turn->state->instance_count; i++) {
        const struct instance *other = &turn->state->instances[i];
        bool same = other != instance && other->clock == instance->clock &&
                    (!instance->per.known || value_equal(&other->per, &instance->per));

        live += instance_is_live(other);
        if (same && instance_is_live(other)) {
            turn_refuse_clock(turn, &turn_clock_live, instance->clock);
        }
    }
    if (live > LIVE_MAX) {
        turn_refuse(turn, &turn_limit, NULL, TEXT("clocks"));
    }
}

/* When the act that ended it was done, as far as is known now; INSTANT_NONE: there was none. */
static int64_t acted_at(struct turn *turn, const struct instance *instance)
{
    struct text ended = turn_carried(turn, TEXT("ended"));
    bool acted = instance->state == INSTANCE_MET || instance->state == INSTANCE_MET_LATE ||
                 instance->state == INSTANCE_USED;
    int64_t at_ms = acted ? instance->ended_ms : INSTANT_NONE;

    if (text_is(ended, "none")) {
        return INSTANT_NONE;
    }
    if (!text_empty(ended) && instant_parse(ended, turn->track.office->zone_ms, &at_ms) &&
        at_ms < instance->started_ms) {
        turn_refuse_clock(turn, &turn_order, instance->clock);
    }
    return at_ms;
}

static void correct_clock(struct turn *turn)
{
    struct instance *instance = named_instance(turn);
    struct text started = turn_carried(turn, TEXT("started"));
    struct text pauses = turn_carried(turn, TEXT("pauses"));
    int64_t zone_ms = turn->track.office->zone_ms;

    if (instance == NULL) {
        return;
    }

    struct text old = correct_clock_text(turn, instance);
    int32_t old_day = instance->due.last_day;
    bool was_live = instance_is_live(instance);

    if (!text_empty(started) && instant_parse(started, zone_ms, &instance->started_ms)) {
        instance->day0 = date_of_instant(instance->started_ms, zone_ms);
    }
    if (turn_carries(turn, TEXT("pauses"))) {
        replace_pauses(turn, instance, pauses);
    }
    if (instance->state != INSTANCE_CANCELLED || turn_carries(turn, TEXT("ended"))) {
        derive_anew(turn, instance, acted_at(turn, instance));
    }
    if (!was_live && instance_is_live(instance)) {
        judge_revived(turn, instance);
    }

    struct text new = correct_clock_text(turn, instance);

    if (!text_equal(old, new)) {
        struct effect *effect = turn_clock_effect(turn, EFFECT_CORRECTED, instance);

        effect->old_day = old_day;
        effect->text = correct_side_by_side(turn, old, new);
    }
}

static void correct_stage(struct turn *turn, uint16_t stage)
{
    const struct stage *stages = turn->procedure->stages;
    struct effect *effect = turn_effect(turn, EFFECT_CORRECTED);

    effect->stage = stage;
    effect->text =
        correct_side_by_side(turn, stages[turn->state->stage].name, stages[stage].name);
    turn->state->stage = stage;
    if (stages[stage].final) {
        act_leave_behind(turn, stages[stage].outlives);
    }
}

void correct_act(struct turn *turn)
{
    struct text stage = turn_carried(turn, TEXT("stage"));
    uint16_t index = procedure_stage(turn->procedure, stage);
    uint32_t effects = turn->outcome->effect_count;

    correct_facts(turn);
    correct_clock(turn);
    if (!text_empty(stage) && index != turn->state->stage) {
        correct_stage(turn, index);
    }
    if (turn->outcome->effect_count == effects) {
        turn_refuse(turn, &turn_no_change, NULL, turn->event->type);
    }
}
