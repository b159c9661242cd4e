#include "engine/delivery.h"

/* A list in the making. */
struct list {
    const struct happening *happening;
    const struct installed *installed;
    struct delivery *items;
    uint32_t count;
};

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

static void add(struct list *list, const struct effect *effect, const struct receiver *receiver)
{
    const struct happening *happening = list->happening;
    bool outside = happening->procedure->roles[receiver->role].outside;
    int64_t now_ms = happening->record->now_ms;
    const struct person *person =
        outside ? NULL : installed_person(list->installed, receiver->person);

    if (list->count == DELIVERIES_MAX || is_told_already(list, effect, receiver->person)) {
        return;
    }
    list->items[list->count++] = (struct delivery){
        .effect = effect,
        .person = receiver->person,
        .role = receiver->role,
        .stead = receiver->stead,
        .in_stead_of = receiver->in_stead_of,
        .outside = outside,
        .waits = effect->held,
        .leave_ms = effect->urgent ? now_ms
                                   : hours_permit(list->installed, happening->agency, person,
                                                  NULL, now_ms),
    };
}

static void add_receivers(struct list *list, const struct effect *effect, uint16_t role)
{
    const struct happening *happening = list->happening;
    const struct concerned concerned = {
        .installed = list->installed,
        .procedure = happening->procedure,
        .state = happening->after,
        .agency = happening->agency,
        .date = date_of_instant(happening->record->now_ms, happening->agency->office.zone_ms),
    };
    struct receiver receivers[RECEIVED_MAX];
    uint32_t count = receivers_of(&concerned, role, receivers);

    for (uint32_t i = 0; i < count; i++) {
        add(list, effect, &receivers[i]);
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
            add_receivers(&list, effect, procedure_officer(procedure));
        } else if (procedure->roles[effect->role].outside) {
            add(&list, effect,
                &(struct receiver){.person = procedure->roles[effect->role].name,
                                   .role = effect->role});
        } else {
            add_receivers(&list, effect, effect->role);
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

bool delivery_has_moved(const struct happening *happening, uint16_t clock, uint16_t number)
{
    if (happening->before == NULL || happening->record->kind == RECORD_MIGRATED) {
        return false; /* before it went over to another version, clocks had other numbers */
    }

    const struct instance *before = state_instance_numbered(happening->before, clock, number);
    const struct instance *after = state_instance_numbered(happening->after, clock, number);

    return before != NULL && after != NULL && after->due.last_day != before->due.last_day;
}
