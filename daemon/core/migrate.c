#include "core/guard_parse.h"
#include "core/turn.h"

#include <string.h>

/*
 * A case taken over to another version of its procedure. Everything has numbers there of its
 * own, so each is looked up by its name, or by what the new version says it is called now.
 */
struct moving {
    struct turn turn;
    const struct case_state *from;
    const struct procedure *old;
    const struct procedure *new;
    uint16_t fact_of[FACTS_MAX]; /* the old one that became it, and 1; 0: none yet */
    uint16_t clock_of[CLOCKS_MAX];
};

/* Whether an old thing may become this one: nothing else has. */
static bool takes_place(uint16_t *of, uint32_t old)
{
    if (*of != 0 && *of != old + 1) {
        return false;
    }
    *of = (uint16_t)(old + 1);
    return true;
}

static struct text called_now(const struct procedure *new, enum renamed_kind kind,
                              struct text name)
{
    const struct migrates *migrates = &new->migrates;

    for (uint32_t i = 0; i < migrates->renamed_count[kind]; i++) {
        if (text_equal(migrates->renamed[kind][i].old, name)) {
            return migrates->renamed[kind][i].name;
        }
    }
    return name;
}

static struct text renamed(const struct moving *moving, enum renamed_kind kind,
                           struct text name)
{
    return called_now(moving->new, kind, name);
}

uint16_t migrated_role(const struct procedure *old, const struct procedure *new, uint16_t role)
{
    return role < old->role_count
               ? procedure_role(new, called_now(new, RENAMED_ROLE, old->roles[role].name))
               : NO_INDEX;
}

uint16_t migrated_clock(const struct procedure *old, const struct procedure *new,
                        uint16_t clock)
{
    return clock < old->clock_count
               ? procedure_clock(new, called_now(new, RENAMED_CLOCK, old->clocks[clock].name))
               : NO_INDEX;
}

static bool may_go(const struct moving *moving, struct text name)
{
    const struct migrates *migrates = &moving->new->migrates;

    for (uint32_t i = 0; i < migrates->gone_count; i++) {
        if (text_equal(migrates->gone[i], name)) {
            return true;
        }
    }
    return false;
}

static void refuse(struct moving *moving, const struct message *message,
                   const struct label *label, struct text name)
{
    turn_refuse(&moving->turn, message, label, name);
}

static void move_stage(struct moving *moving)
{
    const struct stage *stage = &moving->old->stages[moving->from->stage];
    uint16_t index = procedure_stage(moving->new, renamed(moving, RENAMED_STAGE, stage->name));

    if (index == NO_INDEX) {
        refuse(moving, &turn_no_stage, &stage->label, stage->name);
    } else if (moving->new->stages[index].final != stage->final) {
        refuse(moving, &turn_final, &stage->label, stage->name);
    } else {
        moving->turn.state->stage = index;
    }
}

/* One choice by its name; false where the new version has none so. */
static bool move_choice(const struct choices *old, const struct choices *new, uint32_t *choice)
{
    return choices_find(new, old->names[*choice], choice);
}

static bool move_set(const struct choices *old, const struct choices *new, uint64_t *set)
{
    uint64_t moved = 0;

    for (uint32_t i = 0; i < old->count; i++) {
        uint32_t choice = i;

        if ((*set >> i & 1) == 0) {
            continue;
        }
        if (!move_choice(old, new, &choice)) {
            return false;
        }
        moved |= (uint64_t)1 << choice;
    }
    *set = moved;
    return true;
}

/* A value as the new version has it; false where it can be none of its values. What is sealed
 * is bound to its name. */
static bool move_value(const struct fact *old, const struct fact *new, struct value *value)
{
    if (old->type != new->type || old->private != new->private ||
        (old->private && !text_equal(old->name, new->name))) {
        return false;
    }
    if (!value->known || value->sealed) {
        return true;
    }
    if (old->type == VALUE_CHOICE) {
        return move_choice(&old->choices, &new->choices, &value->choice);
    }
    return old->type != VALUE_SET || move_set(&old->choices, &new->choices, &value->set);
}

static void move_fact(struct moving *moving, uint32_t at)
{
    const struct fact *fact = &moving->old->facts[at];
    struct fact_state held = moving->from->facts[at];
    uint16_t index = procedure_fact(moving->new, renamed(moving, RENAMED_FACT, fact->name));

    if (!held.value.known && held.revision == 0) {
        return;
    }
    if (index == NO_INDEX) {
        if (held.value.known && !may_go(moving, fact->name)) {
            refuse(moving, &turn_gone, &fact->label, fact->name);
        }
    } else if (takes_place(&moving->fact_of[index], at) &&
               move_value(fact, &moving->new->facts[index], &held.value)) {
        moving->turn.state->facts[index] = held;
    } else {
        refuse(moving, &turn_changed, &fact->label, fact->name);
    }
}

static uint16_t role_of(const struct moving *moving, uint16_t role)
{
    return migrated_role(moving->old, moving->new, role);
}

static void move_people(struct moving *moving)
{
    struct case_state *to = moving->turn.state;

    for (uint32_t i = 0; i < moving->from->participant_count; i++) {
        struct participant held = moving->from->participants[i];
        const struct role *role = &moving->old->roles[held.role];

        held.role = role_of(moving, held.role);
        if (held.role != NO_INDEX) {
            to->participants[to->participant_count++] = held;
        } else if (!may_go(moving, role->name)) {
            refuse(moving, &turn_gone, &role->label, role->name);
        }
    }
}

/* The same receiver of the same entry in the old clock; its bit, or 0. */
static uint64_t old_bit(const struct moving *moving, const struct clock *old,
                        const struct slot *slot)
{
    struct slot was = {.clock = old};

    for (uint32_t at = 0; slot_next(&was, &at);) {
        bool same = text_equal(was.entry->name, slot->entry->name) &&
                    was.entry->rung == slot->entry->rung &&
                    was.entry->at_due == slot->entry->at_due &&
                    length_equal(was.entry->offset, slot->entry->offset);

        if (same && role_of(moving, was.role) == slot->role) {
            return was.bit;
        }
    }
    return 0;
}

/* What was said stays said. */
static void move_slots(const struct moving *moving, const struct clock *old,
                       struct instance *instance)
{
    struct instance was = *instance;
    struct slot slot = {.clock = &moving->new->clocks[instance->clock]};

    instance->fired = 0;
    instance->sent = 0;
    instance->acked = 0;
    for (uint32_t at = 0; slot_next(&slot, &at);) {
        uint64_t bit = old_bit(moving, old, &slot);

        instance->fired |= (was.fired & bit) != 0 ? slot.bit : 0;
        instance->sent |= (was.sent & bit) != 0 ? slot.bit : 0;
        instance->acked |= (was.acked & bit) != 0 ? slot.bit : 0;
    }
}

/* Whether a run of the one clock can go on as one of the other. */
static bool is_alike(const struct moving *moving, const struct clock *old,
                     const struct clock *new, struct instance *instance)
{
    if (old->kind != new->kind || old->due != new->due ||
        (old->per == NO_INDEX) != (new->per == NO_INDEX)) {
        return false;
    }
    if (new->length.given &&new->length.fact == NO_INDEX &&
        length_is_exact(new->length.length) != length_is_exact(instance->length)) {
        return false;
    }
    return old->per == NO_INDEX || move_value(&moving->old->facts[old->per],
                                              &moving->new->facts[new->per], &instance->per);
}

/* A length that stands in the procedure is the new version's; one that a fact gave stays. */
static void move_length(const struct clock *clock, struct instance *instance)
{
    if (clock->due == DUE_ACCRUAL) {
        instance->length = accrual_length(clock->percent, clock->cap);
    } else if (clock->length.given && clock->length.fact == NO_INDEX) {
        instance->length = clock->length.length;
    }
}

/* Room for it in the order of clocks and numbers. */
static void add_instance(struct case_state *to, const struct instance *instance)
{
    uint32_t at = to->instance_count++;

    while (at > 0 && to->instances[at - 1].clock > instance->clock) {
        to->instances[at] = to->instances[at - 1];
        at--;
    }
    to->instances[at] = *instance;
}

static void move_stop(struct moving *moving, const struct stop *was, uint16_t index)
{
    struct case_state *to = moving->turn.state;
    const struct clock *old = &moving->old->clocks[was->clock];
    const struct clock *new = &moving->new->clocks[index];
    struct stop stop = *was;

    stop.clock = index;
    stop.extend = NO_INDEX;
    if (was->kind == STOP_PAUSE) {
        const struct ground *ground = &moving->old->grounds[was->ground];

        stop.ground = procedure_ground(moving->new, ground->name);
        if (stop.ground == NO_INDEX || (new->pause_grounds >> stop.ground & 1) == 0) {
            refuse(moving, &turn_no_ground, &new->label, new->name);
            return;
        }
    }
    for (uint16_t i = 0; was->kind == STOP_EXTENSION && i < new->extend_count; i++) {
        if (was->extend != NO_INDEX &&
            text_equal(new->extends[i].name, old->extends[was->extend].name)) {
            stop.extend = i;
        }
    }
    to->stops[to->stop_count++] = stop;
}

static void move_stops(struct moving *moving, const struct instance *was, uint16_t index)
{
    for (uint32_t i = 0; i < moving->from->stop_count; i++) {
        const struct stop *stop = &moving->from->stops[i];

        if (stop->clock == was->clock && stop->number == was->number) {
            move_stop(moving, stop, index);
        }
    }
}

static void move_instance(struct moving *moving, const struct instance *was)
{
    const struct clock *old = &moving->old->clocks[was->clock];
    uint16_t index = migrated_clock(moving->old, moving->new, was->clock);
    struct instance moved = *was;
    bool alike = index != NO_INDEX && takes_place(&moving->clock_of[index], was->clock) &&
                 is_alike(moving, old, &moving->new->clocks[index], &moved);

    if (!alike) {
        /* Of what has ended the file tells. */
        if (instance_is_live(was) && !may_go(moving, old->name)) {
            refuse(moving, index == NO_INDEX ? &turn_gone : &turn_changed, &old->label,
                   old->name);
        }
        return;
    }
    moved.clock = index;
    move_slots(moving, old, &moved);
    if (instance_is_live(was)) {
        move_length(&moving->new->clocks[index], &moved);
    }
    add_instance(moving->turn.state, &moved);
    move_stops(moving, was, index);
}

static uint16_t event_of(const struct moving *moving, uint16_t event)
{
    return event == NO_INDEX ? NO_INDEX
                             : procedure_event(moving->new, moving->old->events[event].name);
}

/* Where a defect arose: where no stage is called so any more, where the case stands. */
static void move_defects(struct moving *moving)
{
    struct case_state *to = moving->turn.state;

    for (uint32_t i = 0; i < moving->from->defect_count; i++) {
        struct defect defect = moving->from->defects[i];
        struct text stage = moving->old->stages[defect.stage].name;
        uint16_t index = procedure_stage(moving->new, renamed(moving, RENAMED_STAGE, stage));

        defect.stage = index == NO_INDEX ? to->stage : index;
        defect.event = event_of(moving, defect.event);
        to->defects[to->defect_count++] = defect;
    }
}

static void move_all(struct moving *moving)
{
    move_stage(moving);
    for (uint32_t i = 0; i < moving->old->fact_count; i++) {
        move_fact(moving, i);
    }
    move_people(moving);
    for (uint32_t i = 0; i < moving->from->instance_count; i++) {
        move_instance(moving, &moving->from->instances[i]);
    }
    move_defects(moving);
}

/* `minor@2`, in the step's arena. */
static struct text version_words(struct moving *moving)
{
    const struct procedure *new = moving->new;
    char *room = arena_take(moving->turn.arena, new->name.size + 12);
    char digits[10];
    uint32_t version = new->version;
    size_t at = sizeof(digits);

    if (room == NULL) {
        return (struct text){0};
    }
    do {
        digits[--at] = (char)('0' + version % 10);
        version /= 10;
    } while (version > 0);
    memcpy(room, new->name.bytes, new->name.size);
    room[new->name.size] = '@';
    memcpy(room + new->name.size + 1, digits + at, sizeof(digits) - at);
    return (struct text){.bytes = room, .size = new->name.size + 1 + sizeof(digits) - at};
}

/* Derive what lives, and see that something wakes the case where it then stands. */
static void settle(struct moving *moving)
{
    struct turn *turn = &moving->turn;
    struct case_state *state = turn->state;
    const struct stage *stage = &moving->new->stages[state->stage];

    state->revision++;
    turn_effect(turn, EFFECT_MIGRATED)->text = version_words(moving);
    turn->own = true; /* what cannot be done is not done, and told */
    for (uint32_t i = 0; i < state->instance_count; i++) {
        if (instance_is_live(&state->instances[i])) {
            (void)turn_derive(turn, &state->instances[i]);
        }
    }
    act_settle(turn);
    turn->own = false;
    if (state->stranded && !turn->step->before->stranded) {
        refuse(moving, &turn_stranded, &stage->label, stage->name);
    }
}

bool case_migrate(const struct step *step, const struct procedure *old, struct arena *arena,
                  struct outcome *outcome)
{
    const struct case_state *from = step->before;
    struct case_state blank = {.phase = CASE_NEW};
    struct step fresh = *step;
    struct moving moving = {.from = from, .old = old, .new = step->procedure};

    fresh.before = &blank;
    if (!turn_begin(&moving.turn, &fresh, arena, outcome)) {
        return false;
    }

    struct case_state *to = moving.turn.state;

    to->number = from->number;
    to->id = from->id;
    to->agency = from->agency;
    to->unit = from->unit;
    to->opener = from->opener;
    to->phase = from->phase;
    to->on_hold = from->on_hold;
    to->revision = from->revision;
    to->opened_ms = from->opened_ms;
    moving.turn.occurred_ms = step->now_ms;
    moving.turn.start_ms = step->now_ms;
    moving.turn.day0 = date_of_instant(step->now_ms, moving.turn.track.office->zone_ms);
    move_all(&moving);
    if (!turn_refused(&moving.turn)) {
        settle(&moving);
    }
    if (!turn_refused(&moving.turn)) {
        state_must_be_sound(step->procedure, &outcome->after);
    }
    return !arena->spent;
}
