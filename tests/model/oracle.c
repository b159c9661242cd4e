#include "model/oracle.h"

#include "base/must.h"
#include "model/say.h"

#include <string.h>

const struct agency *oracle_agency(const struct oracle *oracle)
{
    return &oracle->world.installed->agencies[oracle->world.agency];
}

int32_t oracle_date(const struct oracle *oracle, int64_t at_ms)
{
    return walk_date_of(&oracle->world.walker, at_ms);
}

bool oracle_live(const struct oracle_instance *instance)
{
    return instance->state == INSTANCE_RUNNING || instance->state == INSTANCE_PAUSED ||
           instance->state == INSTANCE_OVERDUE;
}

bool oracle_same(const struct value *a, const struct value *b)
{
    if (!a->known || !b->known) {
        return a->known == b->known;
    }
    switch (a->type) {
    case VALUE_FLAG:
        return a->flag == b->flag;
    case VALUE_INTEGER:
    case VALUE_MONEY:
    case VALUE_INSTANT:
        return a->number == b->number;
    case VALUE_TEXT:
        return text_equal(a->text, b->text);
    case VALUE_DATE:
        return a->date == b->date;
    case VALUE_LENGTH:
        return a->length.count == b->length.count && a->length.unit == b->length.unit;
    case VALUE_CHOICE:
        return a->choice == b->choice;
    case VALUE_SET:
        return a->set == b->set;
    }
    return false;
}

/* The live one of the value, else the newest of the value; without a value the newest of all. */
int oracle_instance(const struct oracle_case *state, uint16_t clock, const struct value *per)
{
    int found = -1;

    for (uint32_t i = 0; i < state->instance_count; i++) {
        const struct oracle_instance *instance = &state->instances[i];

        if (instance->clock != clock || instance->forgotten ||
            (per->known && !oracle_same(&instance->per, per))) {
            continue;
        }
        if (per->known && oracle_live(instance)) {
            return (int)i;
        }
        if (found < 0 || instance->number > state->instances[found].number) {
            found = (int)i;
        }
    }
    return found;
}

struct value oracle_per(const struct oracle *oracle, uint16_t clock)
{
    uint16_t fact = oracle->world.procedure->clocks[clock].per;

    return fact == NO_INDEX ? (struct value){.known = false} : oracle->event->carried[fact];
}

/* As much of it as is used. */
void oracle_copy(struct oracle_case *to, const struct oracle_case *from)
{
    memcpy(to, from, offsetof(struct oracle_case, instances));
    memcpy(to->instances, from->instances, from->instance_count * sizeof(from->instances[0]));
    memcpy(to->stops, from->stops, from->stop_count * sizeof(from->stops[0]));
    memcpy(to->people, from->people, from->person_count * sizeof(from->people[0]));
    memcpy(to->defects, from->defects, from->defect_count * sizeof(from->defects[0]));
}

void oracle_refuse(struct oracle *oracle, struct text code)
{
    for (uint32_t i = 0; i < oracle->code_count; i++) {
        if (text_equal(oracle->codes[i], code)) {
            return;
        }
    }
    MUST(oracle->code_count < ORACLE_CODES);
    oracle->codes[oracle->code_count++] = code;
}

struct oracle_effect *oracle_effect(struct oracle *oracle, enum effect_kind kind)
{
    struct oracle_effect *effect = &oracle->effects[oracle->effect_count++];

    MUST(oracle->effect_count <= ORACLE_EFFECTS);
    *effect = (struct oracle_effect){
        .kind = kind,
        .clock = NO_INDEX,
        .entry = NO_INDEX,
        .role = NO_INDEX,
        .notice = NO_INDEX,
        .stage = NO_INDEX,
        .held = oracle->next.on_hold,
        .at_ms = oracle->event != NULL ? oracle->event->armed_ms : 0,
        .last_day = DATE_NONE,
        .old_day = DATE_NONE,
    };
    return effect;
}

/* All that decides about an instance, gathered from what happened to it. */
void oracle_limit(struct oracle *oracle, const struct oracle_case *state, uint32_t place,
                  struct walk_limit *limit, struct walk_pause *pauses, struct length *lengths)
{
    const struct oracle_instance *instance = &state->instances[place];
    const struct clock *clock = &oracle->world.procedure->clocks[instance->clock];
    static const enum walk_kind kinds[] = {
        [DUE_LENGTH] = WALK_LENGTH,
        [DUE_UNTIL] = WALK_UNTIL,
        [DUE_BEFORE] = WALK_BEFORE,
        [DUE_ACCRUAL] = WALK_ACCRUAL,
    };

    *limit = (struct walk_limit){
        .kind = kinds[clock->due],
        .started_ms = instance->started_ms,
        .day0 = instance->day0,
        .date = instance->date,
        .length = instance->length,
        .roll = clock->roll_forward,
        .floor = instance->floor,
        .pauses = pauses,
        .extensions = lengths,
    };
    for (uint32_t i = 0; i < state->stop_count; i++) {
        const struct oracle_stop *stop = &state->stops[i];

        if (stop->instance != place) {
            continue;
        }
        if (!stop->pause) {
            lengths[limit->extension_count++] = stop->length;
        } else if (!stop->no_effect) {
            pauses[limit->pause_count++] = stop->interval;
        }
    }
}

struct walk_due oracle_due(struct oracle *oracle, const struct oracle_case *state,
                           uint32_t instance)
{
    static struct walk_pause pauses[ORACLE_STOPS];
    static struct length lengths[ORACLE_STOPS];
    struct walk_limit limit;
    struct walk_due due;

    if (!oracle_live(&state->instances[instance])) {
        return state->instances[instance].frozen;
    }
    oracle_limit(oracle, state, instance, &limit, pauses, lengths);
    walk_due(&oracle->world.walker, &limit, &due);
    return due;
}

int64_t oracle_amount(struct oracle *oracle, const struct oracle_case *state, uint32_t place,
                      int64_t at_ms)
{
    static struct walk_pause pauses[ORACLE_STOPS];
    static struct length lengths[ORACLE_STOPS];
    const struct oracle_instance *instance = &state->instances[place];
    const struct clock *clock = &oracle->world.procedure->clocks[instance->clock];
    struct walk_limit limit;
    int64_t amount;
    int64_t cap = instance->principal * clock->cap / 100;

    if (clock->kind != CLOCK_ACCRUAL) {
        return 0;
    }
    if (instance->ended_ms != INSTANT_NONE && at_ms > instance->ended_ms) {
        at_ms = instance->ended_ms;
    }
    oracle_limit(oracle, state, place, &limit, pauses, lengths);
    amount = instance->principal * clock->percent *
             walk_accrued(&oracle->world.walker, &limit, oracle_date(oracle, at_ms)) / 100;
    return amount < cap ? amount : cap;
}

/* The grace's last day: whole days on from the last day, or from the date of an exact due. */
static int32_t grace_day(struct oracle *oracle, const struct clock *clock,
                         const struct walk_due *due)
{
    int32_t day = due->last_day == DATE_NONE ? oracle_date(oracle, due->due_ms) : due->last_day;

    return walk_days(&oracle->world.walker, day, clock->grace, false);
}

int64_t oracle_end_ms(struct oracle *oracle, const struct oracle_case *state, uint32_t place)
{
    const struct oracle_instance *instance = &state->instances[place];
    const struct clock *clock = &oracle->world.procedure->clocks[instance->clock];
    struct walk_due due = oracle_due(oracle, state, place);

    if (due.paused || clock->grace.count == 0) {
        return due.due_ms;
    }
    return walk_midnight(&oracle->world.walker, grace_day(oracle, clock, &due) + 1);
}

/* One thing that is going to happen. */
struct pending {
    int64_t at_ms;  /* when it fires, if time comes to it */
    int64_t own_ms; /* its own instant */
    int rank;       /* ends before the rest */
    uint32_t place;
    uint16_t entry; /* NO_INDEX: a review */
    uint16_t receiver;
    bool catching_up;
    bool provisional;
};

static bool sooner(const struct oracle_case *state, const struct pending *a,
                   const struct pending *b)
{
    const struct oracle_instance *x = &state->instances[a->place];
    const struct oracle_instance *y = &state->instances[b->place];

    if (a->at_ms != b->at_ms) {
        return a->at_ms < b->at_ms;
    }
    if (a->rank != b->rank) {
        return a->rank < b->rank;
    }
    if (x->clock != y->clock) {
        return x->clock < y->clock;
    }
    if (x->number != y->number) {
        return x->number < y->number;
    }
    if (a->entry != b->entry) {
        return a->entry < b->entry;
    }
    return a->receiver < b->receiver;
}

static bool inside(const struct oracle *oracle, uint16_t role)
{
    return !oracle->world.procedure->roles[role].outside;
}

/* The first repeat after an instant, of what first fell on that moment: round after round. */
static struct walk_moment repeat_after(struct oracle *oracle, const struct entry *entry,
                                       bool is_inside, struct walk_moment first,
                                       int64_t after_ms)
{
    struct walker *walker = &oracle->world.walker;
    struct length away = entry->every;
    bool months = away.unit == LENGTH_MONTHS || away.unit == LENGTH_YEARS;
    int32_t from = first.date == DATE_NONE ? oracle_date(oracle, first.at_ms) : first.date;
    int32_t counted = from;
    bool asked = false;

    if (away.unit == LENGTH_HOURS || away.unit == LENGTH_MINUTES) {
        do {
            first.at_ms +=
                away.count * (away.unit == LENGTH_HOURS ? (int64_t)3600000 : (int64_t)60000);
        } while (first.at_ms <= after_ms);
        return first;
    }
    do {
        walker->asked_uncovered = false;
        counted = walk_days(walker, months ? from : counted, away, false);
        away.count += months ? entry->every.count : 0; /* months are counted from the first */
        asked |= walker->asked_uncovered;
        walker->asked_uncovered = false;
        first = walk_settle(walker, counted, is_inside && !entry->any_day, !entry->rung);
    } while (first.at_ms <= after_ms);
    first.provisional |= asked;
    return first;
}

/* The first instant of an entry for a receiver. */
static struct walk_moment instant(struct oracle *oracle, const struct oracle_case *state,
                                  uint32_t place, uint16_t at_entry, uint16_t receiver)
{
    const struct clock *clock = &oracle->world.procedure->clocks[state->instances[place].clock];
    const struct entry *entry = &clock->entries[at_entry];
    struct walk_due due = oracle_due(oracle, state, place);

    if (entry->at_due) {
        return (struct walk_moment){.at_ms = oracle_end_ms(oracle, state, place),
                                    .date = due.last_day,
                                    .provisional = due.provisional};
    }
    if (entry->rung && clock->grace.count > 0) {
        due.last_day = grace_day(oracle, clock, &due);
        due.due_ms = oracle_end_ms(oracle, state, place);
    }
    return walk_moment(&oracle->world.walker, &due, entry->offset,
                       inside(oracle, entry->to[receiver]), entry->any_day);
}

/* When an entry last went to a receiver, or was passed over, for this due. */
static bool told(const struct oracle *oracle, const struct oracle_case *state, uint32_t place,
                 uint16_t entry, uint16_t receiver, int64_t *last_ms, bool *acked)
{
    bool found = false;

    *acked = false;

    for (uint32_t i = state->instances[place].told_from; i < state->told_count; i++) {
        const struct oracle_told *row = &oracle->told[i];

        if (row->instance == place && row->entry == entry && row->receiver == receiver) {
            *last_ms = row->at_ms;
            *acked = !row->withdrawn && (*acked || i < state->instances[place].acked_told);
            found = !row->withdrawn;
        }
    }
    return found;
}

bool oracle_sent(const struct oracle *oracle, uint32_t place, uint32_t entry, uint32_t receiver,
                 uint32_t from, uint32_t to)
{
    bool sent = false;

    for (uint32_t i = from; i < to; i++) {
        const struct oracle_told *row = &oracle->told[i];

        if (row->instance == place && row->entry == entry && row->receiver == receiver) {
            sent = !row->withdrawn && (sent || row->sent);
        }
    }
    return sent;
}

/* Before its end a clock has reminders, overdue it has rungs; `due` speaks with the end. */
static bool speaks(const struct oracle_instance *instance, const struct entry *entry)
{
    return !entry->at_due &&
           instance->state == (entry->rung ? INSTANCE_OVERDUE : INSTANCE_RUNNING);
}

/* Whether an entry lay in the past when its clock was armed, and has not gone out. */
static bool to_catch_up(struct oracle *oracle, const struct oracle_case *state, uint32_t place,
                        uint16_t entry, uint16_t receiver, struct walk_moment *moment)
{
    const struct oracle_instance *instance = &state->instances[place];
    const struct entry *its = &oracle->world.procedure->clocks[instance->clock].entries[entry];
    int64_t last_ms;
    bool acked;

    if (!speaks(instance, its) ||
        told(oracle, state, place, entry, receiver, &last_ms, &acked)) {
        return false;
    }
    *moment = instant(oracle, state, place, entry, receiver);
    return moment->at_ms <= instance->armed_ms;
}

/* Of those in the past for one receiver the latest goes out: of reminders, and of rungs. */
static bool chosen(struct oracle *oracle, const struct oracle_case *state, uint32_t place,
                   uint16_t entry, uint16_t receiver, const struct walk_moment *moment)
{
    const struct clock *clock = &oracle->world.procedure->clocks[state->instances[place].clock];
    const struct entry *mine = &clock->entries[entry];

    for (uint32_t i = 0; i < clock->entry_count; i++) {
        const struct entry *other = &clock->entries[i];

        for (uint32_t r = 0; r < other->to_count; r++) {
            struct walk_moment its;

            if (i == entry || other->rung != mine->rung || other->to[r] != mine->to[receiver] ||
                !to_catch_up(oracle, state, place, (uint16_t)i, (uint16_t)r, &its)) {
                continue;
            }
            if (its.at_ms > moment->at_ms || (its.at_ms == moment->at_ms && i > entry)) {
                return false;
            }
        }
    }
    return true;
}

/* An acknowledged rung is silent; the last one until its review, from where it repeats. */
static bool put_off(struct oracle *oracle, const struct oracle_case *state, uint32_t place,
                    const struct entry *entry, uint16_t receiver, int64_t last_ms,
                    struct pending *pending)
{
    const struct oracle_instance *instance = &state->instances[place];
    const struct clock *clock = &oracle->world.procedure->clocks[instance->clock];
    struct walker *walker = &oracle->world.walker;
    struct walk_moment moment;
    int32_t day;

    if (!entry->last_rung) {
        return false;
    }
    day = walk_days(walker, oracle_date(oracle, instance->acked_ms), clock->review, false);
    while (inside(oracle, entry->to[receiver]) && !walk_works(walker, day)) {
        day++;
    }
    walker->asked_uncovered = false;
    moment = walk_settle(walker, day, false, false);
    if (moment.at_ms <= last_ms) {
        moment =
            repeat_after(oracle, entry, inside(oracle, entry->to[receiver]), moment, last_ms);
    }
    pending->provisional = moment.provisional || oracle_due(oracle, state, place).provisional;
    pending->own_ms = moment.at_ms;
    pending->at_ms = moment.at_ms;
    return true;
}

static bool pending_entry(struct oracle *oracle, const struct oracle_case *state,
                          uint32_t place, uint16_t at_entry, uint16_t receiver,
                          struct pending *pending)
{
    const struct oracle_instance *instance = &state->instances[place];
    const struct clock *clock = &oracle->world.procedure->clocks[instance->clock];
    const struct entry *entry = &clock->entries[at_entry];
    struct walk_moment moment;
    int64_t last_ms = INSTANT_NONE;
    bool again = false;
    bool acked;

    *pending =
        (struct pending){.rank = 1, .place = place, .entry = at_entry, .receiver = receiver};
    if (!speaks(instance, entry)) {
        return false;
    }
    if (to_catch_up(oracle, state, place, at_entry, receiver, &moment)) {
        pending->own_ms = instance->armed_ms;
        pending->at_ms = instance->armed_ms;
        pending->catching_up = true;
        pending->provisional = moment.provisional;
        return chosen(oracle, state, place, at_entry, receiver, &moment);
    }
    if (told(oracle, state, place, at_entry, receiver, &last_ms, &acked)) {
        if (!entry->repeats) {
            return false;
        }
        again = true;
        if (last_ms < instance->armed_ms) {
            last_ms = instance->armed_ms;
        }
        if (last_ms < instance->passed_ms) {
            last_ms = instance->passed_ms;
        }
        if (acked) {
            return put_off(oracle, state, place, entry, receiver, last_ms, pending);
        }
    }
    moment = instant(oracle, state, place, at_entry, receiver);
    if (again || moment.at_ms <= last_ms) {
        moment =
            repeat_after(oracle, entry, inside(oracle, entry->to[receiver]), moment, last_ms);
    }
    pending->own_ms = moment.at_ms;
    pending->at_ms = moment.at_ms;
    pending->provisional = moment.provisional || oracle_due(oracle, state, place).provisional;
    return true;
}

/* While it is paused its owner is told from time to time, on a working day. */
int64_t oracle_review(struct oracle *oracle, uint32_t place, int64_t from_ms)
{
    const struct clock *clock =
        &oracle->world.procedure->clocks[oracle->next.instances[place].clock];
    struct walker *walker = &oracle->world.walker;
    int32_t date = walk_days(walker, oracle_date(oracle, from_ms), clock->review, false);

    return walk_settle(walker, date, inside(oracle, clock->owner), false).at_ms;
}

static void consider(const struct oracle_case *state, const struct pending *pending,
                     struct pending *best, bool *any)
{
    if (!*any || sooner(state, pending, best)) {
        *best = *pending;
        *any = true;
    }
}

/* What comes next of one clock: its review, its end, its entries. */
static void earliest_of(struct oracle *oracle, const struct oracle_case *state, uint32_t place,
                        struct pending *best, bool *any)
{
    const struct oracle_instance *instance = &state->instances[place];
    const struct clock *clock = &oracle->world.procedure->clocks[instance->clock];
    struct pending pending = {.rank = 1, .place = place, .entry = NO_INDEX};

    if (instance->state == INSTANCE_PAUSED) {
        pending.at_ms = instance->review_ms;
        pending.own_ms = instance->review_ms;
        consider(state, &pending, best, any);
    }
    if (oracle_due(oracle, state, place).paused) {
        return;
    }
    if (instance->state == INSTANCE_RUNNING) {
        pending = (struct pending){.place = place};
        pending.at_ms = oracle_end_ms(oracle, state, place);
        if (pending.at_ms < instance->armed_ms) {
            pending.at_ms = instance->armed_ms;
        }
        pending.own_ms = pending.at_ms;
        consider(state, &pending, best, any);
    }
    for (uint32_t e = 0; e < clock->entry_count; e++) {
        for (uint32_t r = 0; r < clock->entries[e].to_count; r++) {
            if (pending_entry(oracle, state, place, (uint16_t)e, (uint16_t)r, &pending)) {
                consider(state, &pending, best, any);
            }
        }
    }
}

/* Of the clocks born at that revision or before. */
static bool earliest(struct oracle *oracle, const struct oracle_case *state, uint32_t revision,
                     struct pending *best)
{
    bool any = false;

    for (uint32_t i = 0; i < state->instance_count; i++) {
        const struct oracle_instance *instance = &state->instances[i];

        if (oracle_live(instance) && instance->born <= revision) {
            earliest_of(oracle, state, i, best, &any);
        }
    }
    return any;
}

/* The next instant of one clock. */
static int64_t next_of(struct oracle *oracle, const struct oracle_case *state, uint32_t place)
{
    struct pending pending;
    bool any = false;

    earliest_of(oracle, state, place, &pending, &any);
    return any ? pending.at_ms : INSTANT_NEVER;
}

int64_t oracle_next_of(struct oracle *oracle, const struct oracle_case *state)
{
    struct pending pending;

    if (earliest(oracle, state, UINT32_MAX, &pending)) {
        return pending.at_ms;
    }
    return state->stranded ? state->strand_ms : INSTANT_NEVER;
}

bool oracle_asleep(struct oracle *oracle)
{
    const struct oracle_case *state = &oracle->next;
    const struct stage *stage = &oracle->world.procedure->stages[state->stage];
    struct pending pending;

    return state->phase == CASE_OPEN && !stage->no_limit &&
           !earliest(oracle, state, UINT32_MAX, &pending);
}

int64_t oracle_next(struct oracle *oracle)
{
    return oracle_next_of(oracle, &oracle->now);
}

bool oracle_next_entry(struct oracle *oracle, uint32_t *place, uint16_t *entry)
{
    struct pending pending = {.entry = NO_INDEX};
    bool any = earliest(oracle, &oracle->now, UINT32_MAX, &pending);

    *place = pending.place;
    *entry = pending.entry;
    return any && pending.rank != 0 && pending.entry != NO_INDEX;
}

static void log_told(struct oracle *oracle, const struct pending *pending, bool sent,
                     int64_t at_ms)
{
    struct oracle_case *state = &oracle->next;

    MUST(state->told_count < ORACLE_TOLD);
    oracle->told[state->told_count++] = (struct oracle_told){
        .instance = (uint16_t)pending->place,
        .entry = pending->entry,
        .receiver = pending->receiver,
        .sent = sent,
        .at_ms = at_ms,
    };
}

/* Without address or consent the officer hands it over. */
static bool by_officer(const struct oracle *oracle, uint16_t at_role)
{
    const struct role *role = &oracle->world.procedure->roles[at_role];
    const struct value *facts = oracle->next.facts;
    bool address = (role->reach_sms != NO_INDEX && facts[role->reach_sms].known) ||
                   (role->reach_mail != NO_INDEX && facts[role->reach_mail].known);
    bool consent =
        role->consent == NO_INDEX || (facts[role->consent].known && facts[role->consent].flag);

    return role->outside && !(address && consent);
}

/* The others that lay in the past for the same receiver are passed over. */
static void pass_over(struct oracle *oracle, const struct pending *taken)
{
    struct oracle_case *state = &oracle->next;
    const struct oracle_instance *instance = &state->instances[taken->place];
    const struct clock *clock = &oracle->world.procedure->clocks[instance->clock];
    const struct entry *mine = &clock->entries[taken->entry];

    for (uint32_t i = 0; i < clock->entry_count; i++) {
        for (uint32_t r = 0; r < clock->entries[i].to_count; r++) {
            struct walk_moment its;
            struct pending other = {
                .place = taken->place, .entry = (uint16_t)i, .receiver = (uint16_t)r};
            struct oracle_effect *effect;

            if (i == taken->entry || clock->entries[i].rung != mine->rung ||
                clock->entries[i].to[r] != mine->to[taken->receiver] ||
                !to_catch_up(oracle, state, taken->place, (uint16_t)i, (uint16_t)r, &its)) {
                continue;
            }
            log_told(oracle, &other, false, its.at_ms);
            effect = oracle_effect(oracle, EFFECT_SKIPPED);
            effect->clock = instance->clock;
            effect->number = instance->number;
            effect->entry = (uint16_t)i;
            effect->role = clock->entries[i].to[r];
            effect->at_ms = its.at_ms;
        }
    }
}

/* What its `when` denies has nothing to say. */
static bool silent(struct oracle *oracle, const struct entry *entry)
{
    struct said said = {.kind = SAID_FLAG, .number = 1};

    if (entry->when != NULL) {
        said = say(oracle, &oracle->next, entry->when->text);
    }
    return said_false(&said);
}

/* What lay in the past and has nothing to say stands in no other's way. True: there was some,
 * and what comes next has to be found again. */
static bool drop_silent(struct oracle *oracle, uint32_t place)
{
    struct oracle_case *state = &oracle->next;
    const struct clock *clock = &oracle->world.procedure->clocks[state->instances[place].clock];
    bool any = false;

    for (uint32_t i = 0; i < clock->entry_count; i++) {
        for (uint32_t r = 0; r < clock->entries[i].to_count; r++) {
            struct pending pending = {
                .place = place, .entry = (uint16_t)i, .receiver = (uint16_t)r};
            struct walk_moment its;

            if (to_catch_up(oracle, state, place, (uint16_t)i, (uint16_t)r, &its) &&
                silent(oracle, &clock->entries[i])) {
                log_told(oracle, &pending, false, its.at_ms);
                any = true;
            }
        }
    }
    return any;
}

static void fire_entry(struct oracle *oracle, const struct pending *pending, int64_t now_ms)
{
    struct oracle_case *state = &oracle->next;
    struct oracle_instance *instance = &state->instances[pending->place];
    const struct entry *entry =
        &oracle->world.procedure->clocks[instance->clock].entries[pending->entry];
    struct oracle_effect *effect;
    bool speaks_not = silent(oracle, entry);

    if (pending->catching_up && drop_silent(oracle, pending->place)) {
        return;
    }
    if (pending->catching_up) {
        pass_over(oracle, pending);
    }
    log_told(oracle, pending, !speaks_not, pending->own_ms);
    if (speaks_not) {
        return;
    }
    effect = oracle_effect(oracle, EFFECT_NOTICE);
    effect->clock = instance->clock;
    effect->number = instance->number;
    effect->entry = pending->entry;
    effect->role = entry->to[pending->receiver];
    effect->notice = entry->notice;
    effect->urgent = entry->urgent;
    effect->provisional = pending->provisional;
    effect->at_ms = pending->own_ms;
    effect->late_ms = now_ms - pending->own_ms;
    effect->last_day = oracle_due(oracle, state, pending->place).last_day;
    effect->to_officer = by_officer(oracle, effect->role);
    if (!inside(oracle, effect->role) && instance->promised < effect->last_day) {
        instance->promised = effect->last_day;
    }
}

static void fire_review(struct oracle *oracle, const struct pending *pending, int64_t now_ms)
{
    struct oracle_instance *instance = &oracle->next.instances[pending->place];
    struct oracle_effect *effect = oracle_effect(oracle, EFFECT_REVIEW);

    effect->clock = instance->clock;
    effect->number = instance->number;
    effect->role = oracle->world.procedure->clocks[instance->clock].owner;
    effect->to_officer = by_officer(oracle, effect->role);
    effect->at_ms = pending->own_ms;
    effect->late_ms = now_ms - pending->own_ms;
    effect->last_day = oracle_due(oracle, &oracle->next, pending->place).last_day;
    instance->review_ms = oracle_review(oracle, pending->place, pending->own_ms);
}

/* The first rule of the own event that is true, as the case was before it. */
static const struct rule *own_rule(struct oracle *oracle)
{
    const struct procedure *procedure = oracle->world.procedure;
    const struct stage *stage = &procedure->stages[oracle->now.stage];
    const struct offer *lists[] = {stage->offers, procedure->anytime};
    uint32_t counts[] = {stage->offer_count, procedure->anytime_count};

    for (int list = 0; list < 2; list++) {
        for (uint32_t i = 0; i < counts[list]; i++) {
            const struct offer *offer = &lists[list][i];

            for (uint32_t r = 0; offer->event == oracle->event->type && r < offer->rule_count;
                 r++) {
                const struct rule *rule = &offer->rules[r];
                struct said said = {.kind = SAID_FLAG, .number = 1};

                if (list == 1 && !(rule->in == 0 ? !stage->final
                                                 : (rule->in >> oracle->now.stage & 1) != 0)) {
                    continue;
                }
                if (rule->when != NULL) {
                    said = say(oracle, &oracle->now, rule->when->text);
                }
                if (said_true(&said)) {
                    return rule;
                }
            }
        }
    }
    return NULL;
}

/* Entries `at: due`. */
static void tell_of_due(struct oracle *oracle, const struct pending *end, int64_t now_ms)
{
    const struct clock *clock =
        &oracle->world.procedure->clocks[oracle->next.instances[end->place].clock];

    for (uint32_t e = 0; e < clock->entry_count; e++) {
        for (uint32_t r = 0; clock->entries[e].at_due && r < clock->entries[e].to_count; r++) {
            struct pending pending = *end;

            pending.entry = (uint16_t)e;
            pending.receiver = (uint16_t)r;
            pending.provisional = oracle_due(oracle, &oracle->next, end->place).provisional;
            fire_entry(oracle, &pending, now_ms);
        }
    }
}

static void fire_end(struct oracle *oracle, const struct pending *pending, int64_t now_ms)
{
    const struct procedure *procedure = oracle->world.procedure;
    const struct oracle_instance *instance = &oracle->now.instances[pending->place];
    const struct clock *clock = &procedure->clocks[instance->clock];
    struct walk_due due = oracle_due(oracle, &oracle->now, pending->place);
    static struct oracle_event event;
    const struct rule *rule;

    event = (struct oracle_event){
        .family = EVENT_CLOCK_END,
        .type = NO_INDEX,
        .role = NO_INDEX,
        .own = true,
        .occurred_ms = due.due_ms,
        .start_ms = due.due_ms,
        .own_day = due.last_day == DATE_NONE ? oracle_date(oracle, due.due_ms) : due.last_day,
        .now_ms = now_ms,
        .armed_ms = pending->at_ms,
    };
    for (uint32_t i = 0; i < procedure->event_count; i++) {
        if (procedure->events[i].family == EVENT_CLOCK_END &&
            procedure->events[i].clock == instance->clock) {
            event.type = (uint16_t)i;
        }
    }
    if (clock->per != NO_INDEX) {
        event.carried[clock->per] = instance->per;
    }
    if (oracle_date(oracle, event.occurred_ms) != event.own_day) {
        event.occurred_ms--; /* 00:00 of the date after: the last day's last instant */
    }
    oracle->event = &event;
    rule = own_rule(oracle);
    oracle->next.revision++;
    oracle_end(oracle, pending->place,
               clock->kind == CLOCK_DUTY     ? INSTANCE_OVERDUE
               : clock->kind == CLOCK_WINDOW ? INSTANCE_ELAPSED
                                             : INSTANCE_CAPPED,
               due.due_ms);
    oracle->next.instances[pending->place].armed_ms = pending->at_ms;
    tell_of_due(oracle, pending, now_ms);
    if (rule != NULL) {
        oracle_act(oracle, rule);
    }
    oracle_close_if_done(oracle);
}

static void fire_one(struct oracle *oracle, const struct pending *pending, int64_t now_ms)
{
    static struct oracle_event event;
    const struct clock *clock =
        &oracle->world.procedure->clocks[oracle->now.instances[pending->place].clock];

    event = (struct oracle_event){.own = true,
                                  .role = NO_INDEX,
                                  .type = NO_INDEX,
                                  .occurred_ms = pending->at_ms,
                                  .now_ms = now_ms,
                                  .armed_ms = pending->at_ms};
    event.own_day = oracle_due(oracle, &oracle->now, pending->place).last_day;
    if (clock->per != NO_INDEX) {
        event.carried[clock->per] = oracle->now.instances[pending->place].per;
    }
    oracle->event = &event;
    if (pending->rank == 0) {
        fire_end(oracle, pending, now_ms);
    } else if (pending->entry == NO_INDEX) {
        fire_review(oracle, pending, now_ms);
    } else {
        fire_entry(oracle, pending, now_ms);
    }
    oracle_copy(&oracle->now, &oracle->next);
}

/* What the daemon's own events leave asleep is told to the officer, and again. */
static void wake_somebody(struct oracle *oracle, int64_t at_ms, int64_t now_ms)
{
    struct oracle_case *state = &oracle->next;
    struct walker *walker = &oracle->world.walker;
    const struct length week = {.count = 5, .unit = LENGTH_WORKDAYS};
    bool was_stranded = state->stranded;
    struct oracle_effect *effect;

    if (!oracle_asleep(oracle)) {
        state->stranded = false;
    } else if (!was_stranded || state->strand_ms <= at_ms) {
        state->stranded = true;
        effect = oracle_effect(oracle, EFFECT_STRANDED);
        effect->role = procedure_officer(oracle->world.procedure);
        effect->stage = state->stage;
        effect->at_ms = at_ms;
        effect->late_ms = now_ms - at_ms;
        state->strand_ms =
            walk_settle(walker, walk_days(walker, oracle_date(oracle, at_ms), week, false),
                        false, false)
                .at_ms;
        if (!was_stranded) {
            state->defects_beyond += state->defect_count == ORACLE_DEFECTS;
            if (state->defect_count < ORACLE_DEFECTS) {
                state->defects[state->defect_count++] = TEXT("stranded");
            }
            oracle_effect(oracle, EFFECT_DEFECT)->text = TEXT("stranded");
        }
    }
    oracle_copy(&oracle->now, &oracle->next);
}

/* Instant after instant; what an instant's firing starts waits for the next round. */
void oracle_fire(struct oracle *oracle, int64_t now_ms)
{
    int64_t first_ms;

    oracle->effect_count = 0;
    oracle->code_count = 0;
    oracle->event = NULL;
    oracle_copy(&oracle->next, &oracle->now);
    for (first_ms = oracle_next(oracle); first_ms <= now_ms; first_ms = oracle_next(oracle)) {
        uint32_t revision = oracle->now.revision;
        struct pending pending;

        while (earliest(oracle, &oracle->now, revision, &pending) &&
               pending.at_ms <= first_ms) {
            fire_one(oracle, &pending, now_ms);
        }
        wake_somebody(oracle, first_ms, now_ms);
    }
    oracle->event = NULL;
}

/* Everybody who was told the old date hears of the new one, and the officer. */
static void tell_moved(struct oracle *oracle, uint32_t place, uint32_t told_from,
                       int32_t old_day)
{
    const struct oracle_instance *instance = &oracle->next.instances[place];
    const struct procedure *procedure = oracle->world.procedure;
    const struct clock *clock = &procedure->clocks[instance->clock];
    uint64_t roles = (uint64_t)1 << procedure_officer(procedure);

    for (uint32_t e = 0; e < clock->entry_count; e++) {
        for (uint32_t r = 0; r < clock->entries[e].to_count; r++) {
            if (oracle_sent(oracle, place, e, r, told_from, oracle->now.told_count)) {
                roles |= (uint64_t)1 << clock->entries[e].to[r];
            }
        }
    }
    for (uint16_t role = 0; role < procedure->role_count; role++) {
        if ((roles >> role & 1) != 0) {
            struct oracle_effect *effect = oracle_effect(oracle, EFFECT_MOVED);

            effect->clock = instance->clock;
            effect->number = instance->number;
            effect->role = role;
            effect->last_day = oracle_due(oracle, &oracle->next, place).last_day;
            effect->old_day = old_day;
        }
    }
}

/* All that a calendar could have answered otherwise. */
struct answers {
    struct walk_due due;
    int64_t end_ms;
    int64_t next_ms;
};

static struct answers answers(struct oracle *oracle, const struct oracle_case *state,
                              uint32_t place)
{
    return (struct answers){.due = oracle_due(oracle, state, place),
                            .end_ms = oracle_end_ms(oracle, state, place),
                            .next_ms = next_of(oracle, state, place)};
}

static bool same_answers(const struct answers *a, const struct answers *b)
{
    return a->due.unrolled == b->due.unrolled && a->due.last_day == b->due.last_day &&
           a->due.safe_day == b->due.safe_day && a->due.due_ms == b->due.due_ms &&
           a->due.provisional == b->due.provisional && a->due.left.count == b->due.left.count &&
           a->end_ms == b->end_ms && a->next_ms == b->next_ms;
}

/* Of which nothing is answered otherwise, nothing is done. */
static void derive_again(struct oracle *oracle, uint32_t place, const struct answers *old)
{
    struct oracle_instance *instance = &oracle->next.instances[place];
    struct oracle_instance before = *instance;
    struct walk_due due;
    struct answers now;

    oracle_hold(oracle, place);
    due = oracle_due(oracle, &oracle->next, place);
    if ((due.due_ms != old->due.due_ms || due.last_day != old->due.last_day) &&
        instance->state == INSTANCE_OVERDUE &&
        oracle_end_ms(oracle, &oracle->next, place) > oracle->event->now_ms) {
        instance->state = INSTANCE_RUNNING;
    }
    if (due.paused && instance->state != INSTANCE_PAUSED) {
        instance->review_ms = oracle_review(oracle, place, oracle->event->now_ms);
        instance->state = INSTANCE_PAUSED;
    } else if (!due.paused && instance->state == INSTANCE_PAUSED) {
        instance->state = INSTANCE_RUNNING;
    }
    if (instance->state != INSTANCE_PAUSED) {
        instance->armed_ms = oracle->event->now_ms;
        instance->passed_ms = oracle->event->now_ms;
        if (due.due_ms != instance->told_due_ms) {
            instance->told_due_ms = due.due_ms;
            instance->told_from = oracle->next.told_count;
        }
    }
    now = answers(oracle, &oracle->next, place);
    if (same_answers(&now, old) && instance->floor == before.floor) {
        *instance = before;
    }
    instance->passed_ms = oracle->event->now_ms;
    if (instance->floor != before.floor || due.due_ms != old->due.due_ms ||
        due.last_day != old->due.last_day) {
        oracle_tell_held(oracle, place);
    }
    if (due.last_day != old->due.last_day) {
        tell_moved(oracle, place, before.told_from, old->due.last_day);
    }
}

void oracle_derive(struct oracle *oracle, const struct installed *installed,
                   const struct walk_calendar *calendar, int64_t now_ms)
{
    static struct oracle_event event;
    static struct answers old[ORACLE_INSTANCES];

    event = (struct oracle_event){
        .own = true, .occurred_ms = now_ms, .now_ms = now_ms, .armed_ms = now_ms};
    oracle->effect_count = 0;
    oracle->event = &event;
    oracle_copy(&oracle->next, &oracle->now);
    for (uint32_t i = 0; i < oracle->now.instance_count; i++) {
        if (oracle_live(&oracle->now.instances[i])) {
            old[i] = answers(oracle, &oracle->now, i);
        }
    }
    oracle->world.installed = installed;
    oracle->world.walker.calendar = calendar;
    for (uint16_t clock = 0; clock < oracle->world.procedure->clock_count; clock++) {
        int place = oracle_live_after(&oracle->now, clock, 0);

        while (place >= 0) {
            derive_again(oracle, (uint32_t)place, &old[place]);
            place = oracle_live_after(&oracle->now, clock, oracle->now.instances[place].number);
        }
    }
    oracle_copy(&oracle->now, &oracle->next);
    oracle->event = NULL;
}

void oracle_begin(struct oracle *oracle, const struct oracle_world *world)
{
    memset(oracle, 0, sizeof(*oracle));
    oracle->world = *world;
    for (uint32_t i = 0; i < world->procedure->fact_count; i++) {
        oracle->now.facts[i].type = world->procedure->facts[i].type;
    }
    oracle_copy(&oracle->next, &oracle->now);
}
