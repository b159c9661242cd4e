#include "core/turn.h"

/* What case.corrected carries, besides `facts.x`. */
static const struct text corrected_names[] = {
    TEXT_INIT("ground"),   TEXT_INIT("approver"), TEXT_INIT("stage"), TEXT_INIT("clock"),
    TEXT_INIT("instance"), TEXT_INIT("started"),  TEXT_INIT("ended"), TEXT_INIT("pauses"),
};

static uint16_t corrected_fact(const struct procedure *procedure, struct text name)
{
    struct text rest;

    if (!text_is(text_cut(name, '.', &rest), "facts")) {
        return NO_INDEX;
    }
    return procedure_fact(procedure, rest);
}

/* The fact that `facts.x` names, or NO_INDEX. */
uint16_t named_fact(const struct turn *turn, struct text name)
{
    return corrected_fact(turn->procedure, name);
}

static bool correction_takes(struct text name)
{
    for (size_t i = 0; i < sizeof(corrected_names) / sizeof(corrected_names[0]); i++) {
        if (text_equal(corrected_names[i], name)) {
            return true;
        }
    }
    return false;
}

/* The fixed names that each standing event carries; roles and `facts.x` are told apart
 * below. */
static const struct {
    enum event_family family;
    struct text names[5];
} carried_names[] = {
    {EVENT_CLOCK_PAUSED, {TEXT_INIT("clock"), TEXT_INIT("instance"), TEXT_INIT("ground")}},
    {EVENT_CLOCK_RESUMED, {TEXT_INIT("clock"), TEXT_INIT("instance"), TEXT_INIT("ground")}},
    {EVENT_CLOCK_EXTENDED, {TEXT_INIT("clock"), TEXT_INIT("instance"), TEXT_INIT("length")}},
    {EVENT_CLOCK_ACKNOWLEDGED, {TEXT_INIT("clock"), TEXT_INIT("instance")}},
    {EVENT_DELIVERED, {TEXT_INIT("notice"), TEXT_INIT("result")}},
    {EVENT_BOUNCED, {TEXT_INIT("notice"), TEXT_INIT("result")}},
    {EVENT_UNTOLD, {TEXT_INIT("errand"), TEXT_INIT("case"), TEXT_INIT("code")}},
};

static bool is_assignable(const struct procedure *procedure, struct text name)
{
    uint16_t role = procedure_role(procedure, name);

    return role != NO_INDEX && procedure->roles[role].assigned;
}

/* Names of the event's own, which are no facts. */
static bool family_takes(const struct procedure *procedure, enum event_family family,
                         struct text name)
{
    if (family == EVENT_ASSIGNED) {
        return is_assignable(procedure, name);
    }
    if (family == EVENT_CORRECTED) {
        return correction_takes(name);
    }
    for (size_t i = 0; i < sizeof(carried_names) / sizeof(carried_names[0]); i++) {
        for (size_t j = 0; j < 5 && carried_names[i].family == family; j++) {
            if (!text_empty(carried_names[i].names[j]) &&
                text_equal(carried_names[i].names[j], name)) {
                return true;
            }
        }
    }
    return false;
}

bool named_takes(const struct turn *turn, struct text name)
{
    return family_takes(turn->procedure, turn->family, name) ||
           (turn->family == EVENT_CORRECTED && named_fact(turn, name) != NO_INDEX);
}

bool event_seals(const struct procedure *procedure, const struct event *event,
                 const struct carried *carried, int64_t zone_ms, bool *fit)
{
    uint16_t index = procedure_fact(procedure, carried->name);
    struct value value;

    *fit = true;
    if (index != NO_INDEX && !procedure->facts[index].private) {
        return false; /* most are */
    }

    enum event_family family = event_family_of(event->type);
    bool corrected = family == EVENT_CORRECTED;

    index = corrected ? corrected_fact(procedure, carried->name) : index;

    const struct fact *fact = index == NO_INDEX ? NULL : &procedure->facts[index];

    if (family_takes(procedure, family, carried->name) ||
        procedure_role(procedure, carried->name) != NO_INDEX) {
        return false;
    }
    if (fact == NULL) {
        return true;
    }
    if (!fact->private || (corrected && text_empty(carried->value))) {
        return false; /* the empty one says that it was never known */
    }
    *fit = value_parse(carried->value, fact->type, &fact->choices, zone_ms, &value);
    return true;
}

bool named_needs_actor(const struct turn *turn)
{
    return turn->family != EVENT_DELIVERED && turn->family != EVENT_BOUNCED &&
           turn->family != EVENT_UNTOLD;
}

/* The clock that a standing event speaks of, or NO_INDEX. */
uint16_t named_clock(const struct turn *turn)
{
    return procedure_clock(turn->procedure, turn_carried(turn, TEXT("clock")));
}

/* Its instance: by number, by the value that tells instances apart, or the newest. */
struct instance *named_instance(const struct turn *turn)
{
    uint16_t clock = named_clock(turn);
    struct text which = turn_carried(turn, TEXT("instance"));
    int64_t number;

    if (clock == NO_INDEX) {
        return NULL;
    }
    if (text_empty(which)) {
        return state_instance(turn->state, clock, NULL);
    }

    uint16_t per = turn->procedure->clocks[clock].per;
    struct value value;

    if (per != NO_INDEX && value_parse(which, turn->procedure->facts[per].type,
                                       &turn->procedure->facts[per].choices,
                                       turn->track.office->zone_ms, &value)) {
        struct instance *found = state_instance(turn->state, clock, &value);

        if (found != NULL) {
            return found;
        }
    }
    if (!text_to_integer(which, &number) || number < 1 || number >= NO_INDEX) {
        return NULL;
    }
    return state_instance_numbered(turn->state, clock, (uint16_t)number);
}
