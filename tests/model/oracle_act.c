#include "base/must.h"
#include "model/oracle.h"
#include "model/say.h"

#include <string.h>

/* What an event does, in the order of the page. What must be refused is noted and the rest tried
 * all the same, so that every reason is told; nothing of it stays. */

static const struct clock *clock_of(const struct oracle *oracle, uint32_t place)
{
    return &oracle->world.procedure->clocks[oracle->next.instances[place].clock];
}

static struct oracle_effect *clock_effect(struct oracle *oracle, enum effect_kind kind,
                                          uint32_t place)
{
    struct oracle_effect *effect = oracle_effect(oracle, kind);
    const struct oracle_instance *instance = &oracle->next.instances[place];

    effect->clock = instance->clock;
    effect->number = instance->number;
    effect->state = instance->state;
    return effect;
}

/* An end, by the daemon's own event or an act. An overdue clock is live still. */
void oracle_end(struct oracle *oracle, uint32_t place, enum instance_state state, int64_t at_ms)
{
    struct oracle_instance *instance = &oracle->next.instances[place];
    struct walk_due due = oracle_due(oracle, &oracle->next, place);

    instance->state = state;
    if (state != INSTANCE_OVERDUE) {
        instance->frozen = due;
        instance->ended_ms = at_ms;
    }
    (void)clock_effect(oracle, state == INSTANCE_CANCELLED ? EFFECT_CANCELLED : EFFECT_ENDED,
                       place);
}

/* Those told of the breach are told that there was none; should it come again, again of it. */
void oracle_withdraw(struct oracle *oracle, uint32_t place)
{
    const struct clock *clock = clock_of(oracle, place);

    for (uint32_t e = 0; e < clock->entry_count; e++) {
        const struct entry *entry = &clock->entries[e];

        for (uint32_t r = 0; (entry->rung || entry->at_due) && r < entry->to_count; r++) {
            struct oracle_case *state = &oracle->next;
            struct oracle_effect *effect;

            if (oracle_sent(oracle, place, e, r, state->instances[place].told_from,
                            state->told_count)) {
                effect = clock_effect(oracle, EFFECT_WITHDRAWN, place);
                effect->entry = (uint16_t)e;
                effect->role = entry->to[r];
            }
            MUST(state->told_count < ORACLE_TOLD);
            oracle->told[state->told_count++] = (struct oracle_told){
                .instance = (uint16_t)place,
                .entry = (uint16_t)e,
                .receiver = (uint16_t)r,
                .withdrawn = true,
            };
        }
    }
}

static bool breaks_promise(struct oracle *oracle, uint32_t place)
{
    const struct oracle_instance *instance = &oracle->next.instances[place];
    int32_t last_day = oracle_due(oracle, &oracle->next, place).last_day;

    return oracle->world.procedure->roles[clock_of(oracle, place)->owner].outside &&
           last_day != DATE_NONE && last_day < instance->promised;
}

void oracle_hold(struct oracle *oracle, uint32_t place)
{
    if (breaks_promise(oracle, place)) {
        oracle->next.instances[place].floor = oracle->next.instances[place].promised;
    }
}

void oracle_tell_held(struct oracle *oracle, uint32_t place)
{
    struct oracle_instance *instance = &oracle->next.instances[place];
    int32_t last_day = oracle_due(oracle, &oracle->next, place).last_day;
    int32_t floor = instance->floor;
    int32_t asked_day;

    instance->floor = DATE_NONE;
    asked_day = oracle_due(oracle, &oracle->next, place).last_day;
    instance->floor = floor;
    if (asked_day < last_day) {
        struct oracle_effect *effect = clock_effect(oracle, EFFECT_MOVED, place);

        effect->role = procedure_officer(oracle->world.procedure);
        effect->last_day = last_day;
        effect->old_day = asked_day;
    }
}

/* Something that decides has changed: the state follows, and it is armed anew. */
void oracle_settle(struct oracle *oracle, uint32_t place, int64_t old_due_ms)
{
    struct oracle_instance *instance = &oracle->next.instances[place];
    struct walk_due due;

    oracle_hold(oracle, place);
    due = oracle_due(oracle, &oracle->next, place);
    if (due.paused) {
        if (instance->state != INSTANCE_PAUSED) {
            int64_t review_ms = oracle_review(oracle, place, oracle->event->start_ms);
            int64_t armed_ms = oracle->event->armed_ms;

            /* Told late, it is reviewed at once, and once. */
            instance->review_ms = review_ms < armed_ms ? armed_ms : review_ms;
        }
        instance->state = INSTANCE_PAUSED;
    } else if (instance->state == INSTANCE_PAUSED || due.due_ms != old_due_ms) {
        instance->state = INSTANCE_RUNNING;
    }
    if (due.paused) {
        return;
    }
    instance->armed_ms = oracle->event->armed_ms;
    if (due.due_ms != instance->told_due_ms) {
        instance->told_due_ms = due.due_ms;
        instance->told_from = oracle->next.told_count;
    }
    oracle_tell_held(oracle, place);
}

int oracle_live_after(const struct oracle_case *state, uint16_t clock, uint16_t number)
{
    int found = -1;

    for (uint32_t i = 0; i < state->instance_count; i++) {
        const struct oracle_instance *instance = &state->instances[i];

        if (instance->clock == clock && oracle_live(instance) && instance->number > number &&
            (found < 0 || instance->number < state->instances[found].number)) {
            found = (int)i;
        }
    }
    return found;
}

/* Facts that a live until or lead clock, or nothing, hangs on. */
static void set_fact(struct oracle *oracle, uint16_t fact, struct value value)
{
    struct oracle_case *state = &oracle->next;

    if (oracle_same(&state->facts[fact], &value)) {
        return;
    }
    state->facts[fact] = value;
    for (uint16_t clock = 0; value.known && clock < oracle->world.procedure->clock_count;
         clock++) {
        const struct clock *of = &oracle->world.procedure->clocks[clock];
        bool dated = of->due == DUE_UNTIL || of->due == DUE_BEFORE;
        uint16_t after = 0;
        int place;

        while (dated && of->date_fact == fact &&
               (place = oracle_live_after(state, clock, after)) >= 0) {
            int64_t old_due_ms = oracle_due(oracle, state, (uint32_t)place).due_ms;

            after = state->instances[place].number;
            state->instances[place].date = value.date;
            oracle_settle(oracle, (uint32_t)place, old_due_ms);
        }
    }
}

static void act_facts(struct oracle *oracle, const struct rule *rule)
{
    const struct procedure *procedure = oracle->world.procedure;

    for (uint32_t i = 0; rule->keep && i < procedure->fact_count; i++) {
        if (oracle->event->carried[i].known && !oracle->event->own) {
            set_fact(oracle, (uint16_t)i, oracle->event->carried[i]);
        }
    }
    for (uint32_t i = 0; i < rule->set_count; i++) {
        uint16_t fact = rule->sets[i].fact;
        const struct fact *meant = &procedure->facts[fact];
        bool chosen = meant->type == VALUE_CHOICE || meant->type == VALUE_SET;
        struct said said = say_for(oracle, &oracle->next, rule->sets[i].value->text,
                                   chosen ? &meant->choices : NULL);
        struct value value = {.type = meant->type, .known = said.kind != SAID_UNKNOWN};

        switch (meant->type) {
        case VALUE_FLAG:
            value.flag = said.number != 0;
            break;
        case VALUE_INTEGER:
        case VALUE_MONEY:
        case VALUE_INSTANT:
            value.number = said.number;
            break;
        case VALUE_TEXT:
            value.text = said.text;
            break;
        case VALUE_DATE:
            value.date = (int32_t)said.number;
            break;
        case VALUE_LENGTH:
            value.length = said.length;
            break;
        case VALUE_CHOICE:
            if (value.known) {
                value = say_value(said.text, VALUE_CHOICE, &meant->choices, 0);
            }
            break;
        case VALUE_SET:
            for (uint32_t j = 0; j < said.count; j++) {
                struct value one = say_value(said.items[j], VALUE_SET, &meant->choices, 0);

                value.set |= one.set;
            }
            break;
        }
        if (!value.known) {
            oracle_refuse(oracle, TEXT("unknown"));
            continue;
        }
        set_fact(oracle, fact, value);
    }
}

/* The persons of a role from now on, as a list parted by commas. */
void oracle_bind(struct oracle *oracle, uint16_t role, struct text persons)
{
    struct oracle_case *state = &oracle->next;

    for (uint32_t i = 0; i < state->person_count; i++) {
        if (state->people[i].role == role) {
            state->people[i].assigned = false;
        }
    }
    while (persons.size > 0) {
        struct text rest;
        struct text who = text_trim(text_cut(persons, ',', &rest));
        uint32_t i = 0;

        while (i < state->person_count &&
               !(state->people[i].role == role && text_equal(state->people[i].person, who))) {
            i++;
        }
        if (i == state->person_count) {
            MUST(state->person_count < ORACLE_PEOPLE);
            state->people[state->person_count++] =
                (struct oracle_person){.role = role, .person = who};
        }
        state->people[i].assigned = true;
        state->people[i].was_assigned = true;
        persons = rest;
    }
}

/* Start. `soft`: under the daemon's own events and in `enter` what cannot start does nothing. */
static void cannot(struct oracle *oracle, bool soft, const char *code)
{
    if (!soft) {
        oracle_refuse(oracle, text_of(code));
    }
}

static bool exact(struct length length)
{
    return length.unit == LENGTH_HOURS || length.unit == LENGTH_MINUTES;
}

/* Where moments count days an exact length cannot be; what counts backwards counts days. */
static bool suits(const struct clock *clock, struct length length)
{
    bool good = true;

    if (clock->length.fact == NO_INDEX || clock->due == DUE_UNTIL ||
        clock->due == DUE_ACCRUAL) {
        return true;
    }
    if (clock->due == DUE_BEFORE) {
        return length.unit == LENGTH_DAYS || length.unit == LENGTH_WORKDAYS;
    }
    for (uint32_t i = 0; exact(length) && i < clock->entry_count; i++) {
        good &= clock->entries[i].at_due || exact(clock->entries[i].offset);
    }
    return good;
}

/* Of ended instances the state keeps each clock's newest. */
static void forget_older(struct oracle_case *state, uint16_t clock)
{
    for (uint32_t i = 0; i < state->instance_count; i++) {
        for (uint32_t j = 0; j < state->instance_count; j++) {
            const struct oracle_instance *newer = &state->instances[j];
            struct oracle_instance *older = &state->instances[i];

            older->forgotten |= older->clock == clock && newer->clock == clock &&
                                !oracle_live(older) && !oracle_live(newer) &&
                                newer->number > older->number;
        }
    }
}

/* A place for a new one: where a forgotten one was, else behind all. */
static uint32_t place_for_new(struct oracle_case *state)
{
    uint32_t place = 0;
    uint32_t kept = 0;

    while (place < state->instance_count && !state->instances[place].forgotten) {
        place++;
    }
    if (place == state->instance_count) {
        MUST(state->instance_count < ORACLE_INSTANCES);
        state->instance_count++;
    }
    for (uint32_t i = 0; i < state->stop_count; i++) {
        if (state->stops[i].instance != place) { /* in the order granted */
            state->stops[kept++] = state->stops[i];
        }
    }
    state->stop_count = kept;
    return place;
}

static void start(struct oracle *oracle, uint16_t at_clock, bool soft)
{
    const struct procedure *procedure = oracle->world.procedure;
    const struct clock *clock = &procedure->clocks[at_clock];
    const struct oracle_event *event = oracle->event;
    struct oracle_case *state = &oracle->next;
    struct oracle_instance instance = {
        .clock = at_clock,
        .number = 1,
        .state = INSTANCE_RUNNING,
        .started_ms = event->own ? event->start_ms : event->occurred_ms,
        .day0 = event->own ? event->own_day : oracle_date(oracle, event->occurred_ms),
        .date = DATE_NONE,
        .length = clock->length.length,
        .floor = DATE_NONE,
        .promised = DATE_NONE,
        .ended_ms = INSTANT_NONE,
        .acked_ms = INSTANT_NONE,
        .armed_ms = event->armed_ms,
        .passed_ms = INSTANT_NONE,
        .born = state->revision,
        .told_from = state->told_count,
    };
    uint32_t live = 0;
    uint32_t place;

    if (clock->when != NULL) {
        struct said said = say(oracle, state, clock->when->text);

        if (said_false(&said)) {
            return;
        }
        if (!said_true(&said)) {
            cannot(oracle, soft, "unknown");
            return;
        }
    }
    if (clock->per != NO_INDEX) {
        instance.per = event->carried[clock->per].known ? event->carried[clock->per]
                                                        : state->facts[clock->per];
        if (!instance.per.known) {
            cannot(oracle, soft, "unknown");
            return;
        }
    }
    for (uint32_t i = 0; i < state->instance_count; i++) {
        const struct oracle_instance *other = &state->instances[i];

        live += oracle_live(other);
        if (other->clock != at_clock) {
            continue;
        }
        if (other->number >= instance.number) {
            instance.number = (uint16_t)(other->number + 1);
        }
        if (oracle_live(other) &&
            (clock->per == NO_INDEX || oracle_same(&other->per, &instance.per))) {
            cannot(oracle, soft, "clock_live");
            return;
        }
    }
    if (clock->due == DUE_LENGTH || clock->due == DUE_BEFORE) {
        if (clock->length.fact != NO_INDEX) {
            if (!state->facts[clock->length.fact].known) {
                cannot(oracle, soft, "unknown");
                return;
            }
            instance.length = state->facts[clock->length.fact].length;
        }
    }
    if (!suits(clock, instance.length)) {
        cannot(oracle, soft, "unfit");
        return;
    }
    if (clock->due == DUE_UNTIL || clock->due == DUE_BEFORE) {
        if (!state->facts[clock->date_fact].known) {
            cannot(oracle, soft, "unknown");
            return;
        }
        instance.date = state->facts[clock->date_fact].date;
    }
    if (clock->due == DUE_ACCRUAL) {
        if (!state->facts[clock->accrues_of[0]].known) {
            cannot(oracle, soft, "unknown");
            return;
        }
        instance.principal = state->facts[clock->accrues_of[0]].number;
        if (instance.principal < 0) {
            cannot(oracle, soft, "unfit");
            return;
        }
        instance.length = (struct length){.unit = LENGTH_DAYS};
        while (instance.length.count * clock->percent < clock->cap) {
            instance.length.count++;
        }
    }
    if (live >= LIVE_MAX) {
        oracle_refuse(oracle, TEXT("limit"));
        return;
    }
    forget_older(state, at_clock);
    place = place_for_new(state);
    state->instances[place] = instance;
    state->instances[place].told_due_ms = oracle_due(oracle, state, place).due_ms;
    (void)clock_effect(oracle, EFFECT_STARTED, place);
}

/* Verbs act on the instance of the event's value, which by now is the fact's. */
int oracle_meant(struct oracle *oracle, uint16_t clock)
{
    uint16_t fact = oracle->world.procedure->clocks[clock].per;
    struct value per = oracle_per(oracle, clock);

    if (fact != NO_INDEX && !per.known) {
        per = oracle->next.facts[fact];
    }

    return oracle_instance(&oracle->next, clock, &per);
}

static void cancel(struct oracle *oracle, uint32_t place)
{
    if (oracle_live(&oracle->next.instances[place])) {
        oracle_end(oracle, place, INSTANCE_CANCELLED, oracle->event->start_ms);
    }
}

static bool pause_open(const struct oracle *oracle, uint32_t place, uint16_t ground,
                       bool also_idle)
{
    for (uint32_t i = 0; i < oracle->next.stop_count; i++) {
        const struct oracle_stop *stop = &oracle->next.stops[i];

        if (stop->instance == place && stop->pause && stop->ground == ground &&
            stop->interval.to_ms == INSTANT_NEVER && (also_idle || !stop->no_effect)) {
            return true;
        }
    }
    return false;
}

/* An act in time that was told when it was not any more; the daemon itself tells nothing late. */
static void mark_late_report(struct oracle *oracle, uint32_t place, int64_t due_ms)
{
    if (!oracle->event->own && oracle->event->now_ms >= due_ms) {
        oracle->next.instances[place].reported_late = true;
    }
}

/* Of one case 128 pauses and extensions, those of forgotten clocks not counted. */
static bool has_room(const struct oracle_case *state)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < state->stop_count; i++) {
        count += !state->instances[state->stops[i].instance].forgotten;
    }
    MUST(state->stop_count < ORACLE_STOPS);
    return count < STOPS_MAX;
}

void oracle_pause(struct oracle *oracle, uint32_t place, uint16_t ground, bool asked)
{
    struct oracle_case *state = &oracle->next;
    struct oracle_instance *instance = &state->instances[place];
    struct walk_due due = oracle_due(oracle, state, place);
    bool was_overdue = instance->state == INSTANCE_OVERDUE;
    int64_t at_ms = oracle->event->start_ms;
    int64_t resumed_ms = instance->started_ms;

    for (uint32_t i = 0; i < state->stop_count; i++) {
        const struct oracle_stop *stop = &state->stops[i];

        if (stop->instance == place && stop->pause && !stop->no_effect &&
            stop->interval.to_ms != INSTANT_NEVER && stop->interval.to_ms > resumed_ms) {
            resumed_ms = stop->interval.to_ms;
        }
    }
    if (at_ms < resumed_ms) {
        oracle_refuse(oracle, TEXT("order"));
        return;
    }
    if (!due.paused && at_ms >= due.due_ms) {
        if (asked) { /* as part of a rule it does nothing */
            oracle_refuse(oracle, TEXT("after_due"));
        }
        return;
    }
    if (!has_room(state)) {
        oracle_refuse(oracle, TEXT("limit"));
        return;
    }
    state->stops[state->stop_count++] = (struct oracle_stop){
        .instance = (uint16_t)place,
        .pause = true,
        .ground = ground,
        .interval = {at_ms, INSTANT_NEVER},
    };
    if (!oracle_due(oracle, state, place).paused) {
        state->stops[state->stop_count - 1].no_effect = true; /* no day remained */
        return;
    }
    mark_late_report(oracle, place, due.due_ms);
    oracle_settle(oracle, place, due.due_ms);
    (void)clock_effect(oracle, EFFECT_PAUSED, place);
    if (was_overdue) {
        oracle_withdraw(oracle, place);
    }
}

/* The acting pause on the ground ends; else one without effect does, which changes nothing. */
void oracle_resume(struct oracle *oracle, uint32_t place, uint16_t ground)
{
    struct oracle_case *state = &oracle->next;
    int64_t old_due_ms = oracle_due(oracle, state, place).due_ms;
    struct oracle_stop *found = NULL;

    for (uint32_t i = 0; i < state->stop_count; i++) {
        struct oracle_stop *stop = &state->stops[i];

        if (stop->instance == place && stop->pause && stop->ground == ground &&
            stop->interval.to_ms == INSTANT_NEVER && (found == NULL || !stop->no_effect)) {
            found = stop;
        }
    }
    if (oracle->event->start_ms < found->interval.from_ms) {
        oracle_refuse(oracle, TEXT("order"));
        return;
    }
    found->interval.to_ms = oracle->event->start_ms;
    if (!found->no_effect) {
        oracle_settle(oracle, place, old_due_ms);
        (void)clock_effect(oracle, EFFECT_RESUMED, place);
    }
}

/* Whether a reaches further than b, counted on from a date. */
static bool longer(struct oracle *oracle, int32_t from, struct length a, struct length b)
{
    struct walker *walker = &oracle->world.walker;

    if (exact(a) || exact(b)) {
        return exact(a) != exact(b) || a.count * (a.unit == LENGTH_HOURS ? 60 : 1) >
                                           b.count * (b.unit == LENGTH_HOURS ? 60 : 1);
    }
    return walk_days(walker, from, a, false) > walk_days(walker, from, b, false);
}

void oracle_judge_extension(struct oracle *oracle, uint16_t clock, uint32_t used)
{
    const struct clock *of = &oracle->world.procedure->clocks[clock];

    for (uint32_t i = 0; used < of->extend_count && i < of->extends[used].need_count; i++) {
        struct said said = say(oracle, &oracle->now, of->extends[used].needs[i].that->text);

        if (!said_true(&said)) {
            oracle_refuse(oracle, of->extends[used].needs[i].name);
        }
    }
}

void oracle_extend(struct oracle *oracle, uint32_t place, struct length length)
{
    struct oracle_case *state = &oracle->next;
    const struct clock *clock = clock_of(oracle, place);
    struct walk_due due = oracle_due(oracle, state, place);
    const struct extend *extend;
    uint32_t used = 0;
    bool good = true;

    for (uint32_t i = 0; i < state->stop_count; i++) {
        used += state->stops[i].instance == place && !state->stops[i].pause;
    }
    if (used >= clock->extend_count) {
        oracle_refuse(oracle, TEXT("no_extension"));
        return;
    }
    extend = &clock->extends[used];
    if (!due.paused && oracle->event->start_ms >= due.due_ms) {
        oracle_refuse(oracle, TEXT("after_due"));
        good = false;
    }
    if (exact(length) != (clock->due == DUE_LENGTH && exact(state->instances[place].length))) {
        oracle_refuse(oracle, TEXT("unfit"));
        good = false;
    } else if (extend->upto.given) {
        int32_t from = due.unrolled != DATE_NONE
                           ? due.unrolled
                           : oracle_date(oracle, oracle->event->occurred_ms);
        struct length upto = extend->upto.length;
        bool known = true;

        if (extend->upto.fact != NO_INDEX) {
            known = state->facts[extend->upto.fact].known;
            upto = state->facts[extend->upto.fact].length;
        }
        if (!known) {
            oracle_refuse(oracle, TEXT("unknown"));
            good = false;
        } else if (longer(oracle, from, length, upto)) {
            oracle_refuse(oracle, TEXT("too_long"));
            good = false;
        }
    }
    for (uint32_t i = 0; i < extend->need_count; i++) {
        struct said said = say(oracle, &oracle->now, extend->needs[i].that->text);

        if (!said_true(&said)) {
            oracle_refuse(oracle, extend->needs[i].name);
            good = false;
        }
    }
    if (!good) {
        return;
    }
    if (!has_room(state)) {
        oracle_refuse(oracle, TEXT("limit"));
        return;
    }
    state->stops[state->stop_count++] =
        (struct oracle_stop){.instance = (uint16_t)place, .length = length};
    mark_late_report(oracle, place, due.due_ms);
    if (state->instances[place].state == INSTANCE_OVERDUE &&
        oracle_due(oracle, state, place).due_ms != due.due_ms) {
        oracle_withdraw(oracle, place);
    }
    oracle_settle(oracle, place, due.due_ms);
    (void)clock_effect(oracle, EFFECT_EXTENDED, place);
}

/* When the act took place: a date is its whole day, never later than the event's own instant. */
static bool act_instant(struct oracle *oracle, const struct clock_act *act, int64_t *at_ms)
{
    struct said said;

    *at_ms = oracle->event->start_ms;
    if (act->value == NULL) {
        return true;
    }
    said = say(oracle, &oracle->next, act->value->text);
    if (said.kind == SAID_UNKNOWN) {
        return false;
    }
    if (said.kind == SAID_DATE) {
        said.number = walk_midnight(&oracle->world.walker, (int32_t)said.number + 1) - 1;
    }
    if (said.number < *at_ms) {
        *at_ms = said.number;
    }
    return true;
}

static void meet(struct oracle *oracle, const struct clock_act *act)
{
    int place = oracle_meant(oracle, act->clock);
    struct oracle_instance *instance;
    struct walk_due due;
    int64_t at_ms;
    bool in_time;
    bool was_told;

    if (place < 0 || !act_instant(oracle, act, &at_ms)) {
        return;
    }
    instance = &oracle->next.instances[place];
    due = oracle_due(oracle, &oracle->next, (uint32_t)place);
    if (at_ms < instance->started_ms) {
        at_ms = instance->started_ms;
    }
    in_time = due.paused || at_ms < due.due_ms;
    was_told = !oracle_live(instance) || instance->state == INSTANCE_OVERDUE;
    switch (oracle->world.procedure->clocks[act->clock].kind) {
    case CLOCK_DUTY:
        if (!oracle_live(instance)) {
            return;
        }
        if (in_time) {
            mark_late_report(oracle, (uint32_t)place, due.due_ms);
        }
        oracle_end(oracle, (uint32_t)place, in_time ? INSTANCE_MET : INSTANCE_MET_LATE, at_ms);
        if (in_time && was_told) {
            oracle_withdraw(oracle, (uint32_t)place);
        }
        return;
    case CLOCK_WINDOW:
        if (!in_time || !(oracle_live(instance) || instance->state == INSTANCE_ELAPSED)) {
            return;
        }
        mark_late_report(oracle, (uint32_t)place, due.due_ms);
        oracle_end(oracle, (uint32_t)place, INSTANCE_USED, at_ms);
        if (was_told) {
            oracle_withdraw(oracle, (uint32_t)place);
        }
        return;
    case CLOCK_ACCRUAL:
        if (oracle_live(instance)) {
            oracle_end(oracle, (uint32_t)place, INSTANCE_MET, at_ms);
        }
        return;
    }
}

static void act_clocks(struct oracle *oracle, const struct rule *rule)
{
    struct oracle_case *state = &oracle->next;

    for (uint32_t i = 0; i < rule->cancel_count; i++) {
        int place = oracle_meant(oracle, rule->cancels[i].clock);

        if (place >= 0) {
            cancel(oracle, (uint32_t)place);
        }
    }
    for (uint32_t i = 0; i < rule->start_count; i++) {
        start(oracle, rule->starts[i].clock, oracle->event->own);
    }
    for (uint32_t i = 0; i < rule->resume_count; i++) {
        int place = oracle_meant(oracle, rule->resumes[i].clock);

        if (place >= 0 && oracle_live(&state->instances[place]) &&
            pause_open(oracle, (uint32_t)place, rule->resumes[i].ground, true)) {
            oracle_resume(oracle, (uint32_t)place, rule->resumes[i].ground);
        }
    }
    for (uint32_t i = 0; i < rule->pause_count; i++) {
        int place = oracle_meant(oracle, rule->pauses[i].clock);

        if (place >= 0 && oracle_live(&state->instances[place]) &&
            !pause_open(oracle, (uint32_t)place, rule->pauses[i].ground, false)) {
            oracle_pause(oracle, (uint32_t)place, rule->pauses[i].ground, false);
        }
    }
    for (uint32_t i = 0; i < rule->extend_count; i++) {
        int place = oracle_meant(oracle, rule->extends[i].clock);
        struct said said = say(oracle, state, rule->extends[i].value->text);

        if (place < 0 || !oracle_live(&state->instances[place])) {
            continue;
        }
        if (said.kind == SAID_UNKNOWN) {
            oracle_refuse(oracle, TEXT("unknown"));
        } else {
            oracle_extend(oracle, (uint32_t)place, said.length);
        }
    }
    for (uint32_t i = 0; i < rule->meet_count; i++) {
        meet(oracle, &rule->meets[i]);
    }
}

void oracle_notify(struct oracle *oracle, const struct notify *notify)
{
    for (uint32_t i = 0; i < notify->to_count; i++) {
        struct oracle_effect *effect = oracle_effect(oracle, EFFECT_NOTICE);
        const struct role *role = &oracle->world.procedure->roles[notify->to[i]];
        const struct value *facts = oracle->next.facts;

        effect->role = notify->to[i];
        effect->notice = notify->notice;
        effect->to_officer =
            role->outside &&
            (!((role->reach_sms != NO_INDEX && facts[role->reach_sms].known) ||
               (role->reach_mail != NO_INDEX && facts[role->reach_mail].known)) ||
             !(role->consent == NO_INDEX ||
               (facts[role->consent].known && facts[role->consent].flag)));
    }
}

static void enter(struct oracle *oracle, uint16_t at_stage)
{
    struct oracle_case *state = &oracle->next;
    const struct stage *stage = &oracle->world.procedure->stages[at_stage];
    struct oracle_effect *effect = oracle_effect(oracle, EFFECT_STAGE);

    effect->stage = at_stage;
    state->stage = at_stage;
    if (stage->final) {
        for (uint32_t i = 0; i < state->instance_count; i++) {
            if ((stage->outlives >> state->instances[i].clock & 1) == 0) {
                cancel(oracle, i);
            }
        }
    }
    for (uint32_t i = 0; i < stage->cancel_count; i++) {
        int place = oracle_meant(oracle, stage->cancels[i].clock);

        if (place >= 0) {
            cancel(oracle, (uint32_t)place);
        }
    }
    for (uint32_t i = 0; i < stage->start_count; i++) {
        start(oracle, stage->starts[i].clock, true);
    }
    for (uint32_t i = 0; i < stage->notify_count; i++) {
        oracle_notify(oracle, &stage->notifies[i]);
    }
}

static void lead(struct oracle *oracle, const struct rule *rule)
{
    for (uint32_t i = 0; i < rule->to_count; i++) {
        struct said said = {.kind = SAID_FLAG, .number = 1};

        if (rule->to[i].when != NULL) {
            said = say(oracle, &oracle->next, rule->to[i].when->text);
        }
        if (said_true(&said)) {
            enter(oracle, rule->to[i].stage);
            return;
        }
        if (!said_false(&said) && !oracle->event->own) {
            oracle_refuse(oracle, TEXT("unknown"));
            return;
        }
    }
    if (rule->to_count > 0 && !oracle->event->own) {
        oracle_refuse(oracle, TEXT("no_branch"));
    }
}

static void bind_assigned(struct oracle *oracle, const struct rule *rule)
{
    const struct procedure *procedure = oracle->world.procedure;

    for (uint32_t i = 0; i < procedure->role_count; i++) {
        char name[64];
        struct text role = procedure->roles[i].name;

        MUST(role.size < sizeof(name));
        memcpy(name, role.bytes, role.size);
        name[role.size] = '\0';
        if ((rule->assigns >> i & 1) != 0 && oracle_carried(oracle->event, name) != NULL) {
            oracle_bind(oracle, (uint16_t)i, *oracle_carried(oracle->event, name));
        }
    }
}

void oracle_act(struct oracle *oracle, const struct rule *rule)
{
    act_facts(oracle, rule);
    bind_assigned(oracle, rule);
    act_clocks(oracle, rule);
    lead(oracle, rule);
    for (uint32_t i = 0; i < rule->notify_count; i++) {
        oracle_notify(oracle, &rule->notifies[i]);
    }
}

/* A final stage is closed once nothing outlives it. */
void oracle_close_if_done(struct oracle *oracle)
{
    struct oracle_case *state = &oracle->next;
    bool live = false;

    if (!oracle->world.procedure->stages[state->stage].final || state->phase == CASE_CLOSED) {
        return;
    }
    for (uint32_t i = 0; i < state->instance_count; i++) {
        live |= oracle_live(&state->instances[i]);
    }
    state->phase = live ? CASE_ENDING : CASE_CLOSED;
    if (!live) {
        oracle_effect(oracle, EFFECT_CLOSED)->text =
            oracle->world.procedure->stages[state->stage].outcome;
    }
}
