#include "engine/delivery.h"

/* A list in the making. */
struct list {
    const struct happening *happening;
    const struct installed *installed;
    struct delivery *items;
    uint32_t count;
};

int64_t agency_permits(const struct agency *agency, int64_t at_ms)
{
    int64_t zone_ms = agency->office.zone_ms;
    int32_t date = date_of_instant(at_ms, zone_ms);
    int64_t of_day = at_ms - date_midnight(date, zone_ms);

    if (agency->hours_from_ms >= agency->hours_to_ms) {
        return at_ms; /* no hours are set */
    }
    if (of_day < agency->hours_from_ms) {
        return date_midnight(date, zone_ms) + agency->hours_from_ms;
    }
    if (of_day >= agency->hours_to_ms) {
        return date_midnight(date + 1, zone_ms) + agency->hours_from_ms;
    }
    return at_ms;
}

bool effect_speaks(enum effect_kind kind)
{
    return kind == EFFECT_NOTICE || kind == EFFECT_REVIEW || kind == EFFECT_MOVED ||
           kind == EFFECT_WITHDRAWN || kind == EFFECT_STRANDED;
}

static bool is_told_already(const struct list *list, const struct effect *effect,
                            struct text person)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const struct effect *other = list->items[i].effect;

        if (text_equal(list->items[i].person, person) && other->kind == effect->kind &&
            other->clock == effect->clock && other->number == effect->number &&
            other->entry == effect->entry && other->notice == effect->notice &&
            other->old_day == effect->old_day) {
            return true;
        }
    }
    return false;
}

static void add(struct list *list, const struct effect *effect, uint16_t role,
                struct text person)
{
    const struct happening *happening = list->happening;
    int64_t now_ms = happening->record->now_ms;

    if (list->count == DELIVERIES_MAX || is_told_already(list, effect, person)) {
        return;
    }
    list->items[list->count++] = (struct delivery){
        .effect = effect,
        .person = person,
        .role = role,
        .outside = happening->procedure->roles[role].outside,
        .waits = effect->held,
        .leave_ms = effect->urgent ? now_ms : agency_permits(happening->agency, now_ms),
    };
}

/* Everybody assigned in that role, else who holds its post. */
static void add_holders(struct list *list, const struct effect *effect, uint16_t role)
{
    const struct happening *happening = list->happening;
    const struct case_state *state = happening->after;
    const struct role *wanted = &happening->procedure->roles[role];
    bool anybody = false;

    for (uint32_t i = 0; i < state->participant_count; i++) {
        if (state->participants[i].role == role && state->participants[i].assigned) {
            add(list, effect, role, state->participants[i].person);
            anybody = true;
        }
    }
    if (anybody) {
        return;
    }

    struct post post = {
        .role = wanted->name,
        .unit = state->unit,
        .agency = (uint16_t)(happening->agency - list->installed->agencies),
        .above = wanted->above,
    };
    int32_t today =
        date_of_instant(happening->record->now_ms, happening->agency->office.zone_ms);
    const struct person *holder = post_holder(list->installed, &post, today);

    if (holder != NULL) {
        add(list, effect, role, holder->id);
    }
}

const struct delivery *deliveries_of(const struct happening *happening,
                                     const struct installed *installed, struct arena *arena,
                                     uint32_t *count)
{
    const struct record *record = happening->record;
    const struct procedure *procedure = happening->procedure;
    struct list list = {.happening = happening, .installed = installed};

    *count = 0;
    list.items = arena_take(arena, DELIVERIES_MAX * sizeof(*list.items));
    if (list.items == NULL || procedure == NULL) {
        return list.items;
    }
    for (uint32_t i = 0; i < record->effect_count; i++) {
        const struct effect *effect = &record->effects[i];

        if (!effect_speaks(effect->kind) || effect->role == NO_INDEX) {
            continue;
        }
        if (effect->to_officer && procedure_officer(procedure) != NO_INDEX) {
            add_holders(&list, effect, procedure_officer(procedure));
        } else if (procedure->roles[effect->role].outside) {
            add(&list, effect, effect->role, procedure->roles[effect->role].name);
        } else {
            add_holders(&list, effect, effect->role);
        }
    }
    *count = list.count;
    return list.items;
}

bool delivery_is_recalled(uint16_t clock, uint16_t number, bool rung, const struct effect *by)
{
    if (clock == NO_INDEX || by->clock != clock || by->number != number) {
        return false;
    }
    if (by->kind == EFFECT_ENDED) { /* what falls due recalls its reminders, not its rungs */
        return by->state != INSTANCE_OVERDUE || !rung;
    }
    return by->kind == EFFECT_CANCELLED || by->kind == EFFECT_PAUSED ||
           by->kind == EFFECT_WITHDRAWN || (by->kind == EFFECT_ACKNOWLEDGED && rung);
}
