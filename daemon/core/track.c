#include "core/track.h"

#include "base/must.h"

bool slot_next(struct slot *slot, uint32_t *at)
{
    const struct clock *clock = slot->clock;
    uint32_t entry = slot->entry == NULL ? 0 : slot->entry_index;
    uint32_t receiver = slot->entry == NULL ? 0 : slot->receiver + 1;

    while (entry < clock->entry_count && receiver >= clock->entries[entry].to_count) {
        entry++;
        receiver = 0;
    }
    if (entry >= clock->entry_count) {
        return false;
    }
    slot->entry = &clock->entries[entry];
    slot->entry_index = entry;
    slot->receiver = receiver;
    slot->role = slot->entry->to[receiver];
    slot->bit = (uint64_t)1 << (slot->entry->first_slot + receiver);
    (*at)++;
    return true;
}

/* Keep the pauses in the order of their beginning: backdated ones are recorded later. */
static void insert_pause(struct interval *pauses, uint32_t count, struct interval pause)
{
    uint32_t i = count;

    while (i > 0 && pauses[i - 1].from_ms > pause.from_ms) {
        pauses[i] = pauses[i - 1];
        i--;
    }
    pauses[i] = pause;
}

void track_derivation(const struct track *track, const struct instance *instance,
                      struct track_derivation *out)
{
    const struct clock *clock = &track->procedure->clocks[instance->clock];
    uint32_t pause_count = 0;
    uint32_t extension_count = 0;

    for (uint32_t i = 0; i < track->state->stop_count; i++) {
        const struct stop *stop = &track->state->stops[i];

        if (stop->clock != instance->clock || stop->number != instance->number) {
            continue;
        }
        if (stop->kind == STOP_PAUSE && !stop->no_effect) {
            insert_pause(out->pauses, pause_count++, stop->interval);
        } else if (stop->kind == STOP_EXTENSION) {
            MUST(extension_count < EXTENSIONS_MAX);
            out->extensions[extension_count++] = stop->length;
        }
    }
    out->derivation = (struct derivation){
        .kind = clock->due,
        .started_ms = instance->started_ms,
        .day0 = instance->day0,
        .date = instance->date,
        .length = instance->length,
        .roll_forward = clock->roll_forward,
        .floor = instance->floor,
        .pauses = out->pauses,
        .pause_count = pause_count,
        .extensions = out->extensions,
        .extension_count = extension_count,
    };
}

/* The grace's last day: whole days on from the last day; without a grace the last day
 * itself. */
static int32_t grace_day(const struct track *track, const struct instance *instance)
{
    const struct clock *clock = &track->procedure->clocks[instance->clock];
    const struct office *office = track->office;
    int32_t day = instance->due.last_day;

    if (clock->grace.count == 0 || instance->due.due_ms == INSTANT_NEVER) {
        return day;
    }
    if (day == DATE_NONE) {
        day = date_of_instant(instance->due.due_ms, office->zone_ms);
    }
    return date_after(day, clock->grace, office->calendar);
}

int64_t track_end(const struct track *track, const struct instance *instance)
{
    const struct clock *clock = &track->procedure->clocks[instance->clock];

    if (clock->grace.count == 0 || instance->due.due_ms == INSTANT_NEVER) {
        return instance->due.due_ms;
    }
    return date_midnight(instance->grace_day + 1, track->office->zone_ms);
}

/* A date that an outside owner was told of is one it may rely on. */
static bool breaks_promise(const struct track *track, const struct instance *instance)
{
    const struct clock *clock = &track->procedure->clocks[instance->clock];

    return track->procedure->roles[clock->owner].outside &&
           instance->due.last_day != DATE_NONE && instance->due.last_day < instance->promised;
}

void track_derive(const struct track *track, struct instance *instance)
{
    struct track_derivation all;

    track_derivation(track, instance, &all);
    due_derive(&all.derivation, track->office, &instance->due);
    if (breaks_promise(track, instance)) {
        instance->floor = instance->promised;
        all.derivation.floor = instance->promised;
        due_derive(&all.derivation, track->office, &instance->due);
    }
    instance->grace_day = grace_day(track, instance);
    instance->end_ms =
        instance->state == INSTANCE_RUNNING ? track_end(track, instance) : INSTANT_NEVER;
}

int32_t track_asked_day(const struct track *track, const struct instance *instance)
{
    struct track_derivation all;
    struct due due;

    track_derivation(track, instance, &all);
    all.derivation.floor = DATE_NONE;
    due_derive(&all.derivation, track->office, &due);
    return due.last_day;
}

static struct offset_rule rule_of(const struct track *track, const struct slot *slot)
{
    return (struct offset_rule){
        .offset = slot->entry->offset,
        .inside = !track->procedure->roles[slot->role].outside,
        .any_day = slot->entry->any_day,
    };
}

/* Reminders speak while the clock runs, rungs once it is overdue. `at: due` speaks with the
 * end; after it only a rung has something to say, again and again. */
static bool speaks(const struct instance *instance, const struct entry *entry)
{
    return instance->state == (entry->rung ? INSTANCE_OVERDUE : INSTANCE_RUNNING);
}

/* The first moment of a slot; rungs count from the grace's last day, and `due` is its end. */
static struct offset_moment base_moment(const struct track *track,
                                        const struct instance *instance,
                                        const struct slot *slot)
{
    struct offset_rule rule = rule_of(track, slot);
    struct due due = instance->due;

    if (slot->entry->at_due) {
        return (struct offset_moment){.at_ms = track_end(track, instance),
                                      .date = instance->grace_day,
                                      .provisional = due.provisional};
    }
    if (slot->entry->rung) {
        due.last_day = instance->grace_day;
        due.due_ms = track_end(track, instance);
    }
    return due_moment(&due, &rule, track->office);
}

/* The n-th repeat after a date, moved to a working day for an inside receiver. */
static struct offset_moment repeat(const struct track *track, const struct slot *slot,
                                   int32_t from, int32_t n)
{
    const struct office *office = track->office;
    struct length every = slot->entry->every;
    struct offset_rule rule = rule_of(track, slot);

    rule.offset = (struct length){.count = every.count * n, .unit = every.unit};
    if (rule.offset.unit == LENGTH_MONTHS || rule.offset.unit == LENGTH_YEARS) {
        int32_t months = rule.offset.count * (every.unit == LENGTH_YEARS ? 12 : 1);

        rule.offset =
            (struct length){.count = date_add_months(from, months) - from, .unit = LENGTH_DAYS};
    }
    if (slot->entry->rung) {
        return due_moment_from(from, &rule, office);
    }

    /* Counted forwards, and yet a reminder: off a rest day it moves back. */
    rule.any_day = true;

    struct offset_moment counted = due_moment_from(from, &rule, office);

    rule.any_day = slot->entry->any_day;
    rule.offset = (struct length){.count = 0, .unit = LENGTH_DAYS};

    struct offset_moment moment = due_moment_from(counted.date, &rule, office);

    moment.provisional = moment.provisional || counted.provisional;
    return moment;
}

/* About how often an entry came round between two dates: never more than it did. */
static int32_t rounds(const struct track *track, struct length every, int32_t from, int32_t to)
{
    int32_t days = to - from;

    if (days <= 0) {
        return 0;
    }
    switch (every.unit) {
    case LENGTH_WORKDAYS:
        return calendar_count(track->office->calendar, from + 1, to) / every.count;
    case LENGTH_MONTHS:
        return days / (every.count * 31);
    case LENGTH_YEARS:
        return days / (every.count * 366);
    case LENGTH_DAYS:
    case LENGTH_HOURS:
    case LENGTH_MINUTES:
        break;
    }
    return days / every.count;
}

static struct offset_moment exact_repeat_after(const struct slot *slot, int64_t base_ms,
                                               int64_t after_ms)
{
    int64_t every_ms = length_ms(slot->entry->every);
    int64_t n = after_ms < base_ms ? 1 : (after_ms - base_ms) / every_ms + 1;

    return (struct offset_moment){.at_ms = base_ms + n * every_ms, .date = DATE_NONE};
}

/* The first repeat after an instant, of an entry that first spoke on `from`. */
static struct offset_moment repeat_after(const struct track *track, const struct slot *slot,
                                         int32_t from, int64_t after_ms)
{
    int32_t after = date_of_instant(after_ms, track->office->zone_ms);
    int32_t n = rounds(track, slot->entry->every, from, after);
    struct offset_moment moment;

    n = n > 1 ? n - 1
              : 1; /* a round may have moved over a rest day; the nearest ones are tried */
    do {
        moment = repeat(track, slot, from, n++);
    } while (moment.at_ms <= after_ms);
    return moment;
}

static const struct offset_moment no_moment = {.at_ms = INSTANT_NEVER, .date = DATE_NONE};

/* An acknowledged rung is silent; the last of a ladder only until its review. */
static struct offset_moment acknowledged_moment(const struct track *track,
                                                const struct instance *instance,
                                                const struct slot *slot, int64_t after_ms)
{
    if (!slot->entry->last_rung) {
        return no_moment;
    }

    int64_t review_ms = track_review(track, instance, slot->role, instance->acked_ms);
    int32_t review = date_of_instant(review_ms, track->office->zone_ms);

    if (review_ms > after_ms) {
        return (struct offset_moment){.at_ms = review_ms, .date = review};
    }
    if (length_is_exact(slot->entry->every)) {
        return exact_repeat_after(slot, review_ms, after_ms);
    }
    return repeat_after(track, slot, review, after_ms);
}

struct offset_moment track_slot_moment(const struct track *track,
                                       const struct instance *instance, const struct slot *slot)
{
    int64_t after_ms = instance->cursor_ms;

    MUST(after_ms != INSTANT_NONE);
    if (!speaks(instance, slot->entry)) {
        return no_moment;
    }
    if ((instance->acked & slot->bit) != 0) {
        return acknowledged_moment(track, instance, slot, after_ms);
    }

    struct offset_moment base = base_moment(track, instance, slot);

    if (base.at_ms > after_ms && (instance->fired & slot->bit) == 0) {
        return base; /* one that went out is not sent again, where a calendar moves it */
    }
    if (!slot->entry->repeats) {
        return no_moment;
    }
    if (length_is_exact(slot->entry->every)) {
        return exact_repeat_after(slot, base.at_ms, after_ms);
    }

    int32_t from = base.date != DATE_NONE ? base.date
                                          : date_of_instant(base.at_ms, track->office->zone_ms);

    return repeat_after(track, slot, from, after_ms);
}

int64_t track_useful(const struct procedure *procedure, const struct office *office,
                     const struct case_state *state, const struct instance *instance,
                     uint16_t role)
{
    struct case_state view = *state;
    struct track track = {.procedure = procedure, .office = office, .state = &view};
    struct slot slot = {.clock = &procedure->clocks[instance->clock]};
    int64_t useful_ms =
        instance->state == INSTANCE_RUNNING ? instance->due.due_ms : INSTANT_NEVER;

    if (instance->cursor_ms == INSTANT_NONE) {
        return useful_ms; /* catching up: nothing more is known */
    }
    for (uint32_t at = 0; slot_next(&slot, &at);) {
        int64_t next_ms = slot.role == role ? track_slot_moment(&track, instance, &slot).at_ms
                                            : INSTANT_NEVER;

        useful_ms = next_ms < useful_ms ? next_ms : useful_ms;
    }
    return useful_ms;
}

/* Before it was armed, and not yet told; an end that is past leaves nothing to remind of. */
static bool is_missed(const struct instance *instance, const struct slot *slot, int64_t base_ms)
{
    bool over = instance->state == INSTANCE_RUNNING && instance->end_ms <= instance->armed_ms;

    return !over && !slot->entry->at_due && (instance->fired & slot->bit) == 0 &&
           base_ms <= instance->armed_ms;
}

bool track_caught_up_with(const struct track *track, const struct instance *instance,
                          const struct slot *slot, struct offset_moment *base)
{
    if (!speaks(instance, slot->entry)) {
        return false;
    }
    *base = base_moment(track, instance, slot);
    return is_missed(instance, slot, base->at_ms);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Its end, where nobody acts before. */
static int64_t end_moment(const struct instance *instance)
{
    return instance->end_ms == INSTANT_NEVER ? INSTANT_NEVER
                                             : later(instance->end_ms, instance->armed_ms);
}

/* The next moment right after arming, and whether there is something to catch up with first:
 * each slot is reckoned once for both. */
static void arm_moments(const struct track *track, struct instance *instance)
{
    struct slot slot = {.clock = &track->procedure->clocks[instance->clock]};

    instance->cursor_ms = instance->armed_ms;
    instance->next_ms = end_moment(instance);
    for (uint32_t at = 0; slot_next(&slot, &at);) {
        if (!speaks(instance, slot.entry)) {
            continue;
        }

        int64_t moment_ms = base_moment(track, instance, &slot).at_ms;

        if (is_missed(instance, &slot, moment_ms)) {
            instance->cursor_ms = INSTANT_NONE;
            instance->next_ms = instance->armed_ms;
            return;
        }
        if (moment_ms <= instance->armed_ms || (instance->fired & slot.bit) != 0) {
            moment_ms = track_slot_moment(track, instance, &slot).at_ms;
        }
        instance->next_ms = earlier(instance->next_ms, moment_ms);
    }
}

void track_arm(const struct track *track, struct instance *instance, int64_t now_ms)
{
    track_derive(track, instance);
    if (instance->state == INSTANCE_PAUSED || !instance_is_live(instance)) {
        track_next(track, instance);
        return;
    }
    if (instance->due.due_ms != instance->told_ms) {
        instance->told_ms = instance->due.due_ms;
        instance->fired = 0;
        instance->sent = 0;
        instance->acked = 0;
    }
    instance->review_ms = INSTANT_NEVER;
    instance->armed_ms = now_ms;
    arm_moments(track, instance);
}

void track_next(const struct track *track, struct instance *instance)
{
    if (!instance_is_live(instance)) {
        instance->next_ms = INSTANT_NEVER;
        return;
    }
    if (instance->state == INSTANCE_PAUSED) {
        instance->next_ms = instance->review_ms;
        return;
    }
    if (instance->cursor_ms == INSTANT_NONE) {
        instance->next_ms = instance->armed_ms;
        return;
    }

    struct slot slot = {.clock = &track->procedure->clocks[instance->clock]};

    instance->next_ms = end_moment(instance);
    for (uint32_t at = 0; slot_next(&slot, &at);) {
        struct offset_moment moment = track_slot_moment(track, instance, &slot);

        instance->next_ms = earlier(instance->next_ms, moment.at_ms);
    }
}

void track_case_next(struct case_state *state)
{
    state->next_ms = INSTANT_NEVER;
    for (uint32_t i = 0; i < state->instance_count; i++) {
        state->next_ms = earlier(state->next_ms, state->instances[i].next_ms);
    }
}

int64_t track_review(const struct track *track, const struct instance *instance, uint16_t role,
                     int64_t from_ms)
{
    const struct clock *clock = &track->procedure->clocks[instance->clock];
    bool inside = !track->procedure->roles[role].outside;
    struct offset_rule rule = {.inside = inside};
    int32_t from = date_of_instant(from_ms, track->office->zone_ms);
    int32_t day = date_after(from, clock->review, track->office->calendar);

    rule.offset = (struct length){.count = 0, .unit = LENGTH_DAYS};
    if (inside) { /* for an outside receiver any day will do */
        day = calendar_forward(track->office->calendar, day);
    }
    return due_moment_from(day, &rule, track->office).at_ms;
}

int64_t track_amount(const struct track *track, const struct instance *instance, int64_t at_ms)
{
    const struct clock *clock = &track->procedure->clocks[instance->clock];
    struct track_derivation all;

    if (instance->ended_ms != INSTANT_NONE && instance->ended_ms < at_ms) {
        at_ms = instance->ended_ms;
    }
    track_derivation(track, instance, &all);

    int32_t days = accrual_days(&all.derivation, track->office,
                                date_of_instant(at_ms, track->office->zone_ms));

    return accrual_amount(instance->principal, clock->percent, clock->cap, days);
}
