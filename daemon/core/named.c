#include "core/turn.h"

/* What case.corrected carries, besides `facts.x`. */
static const struct text corrected_names[] = {
    TEXT_INIT("ground"),   TEXT_INIT("approver"), TEXT_INIT("stage"), TEXT_INIT("clock"),
    TEXT_INIT("instance"), TEXT_INIT("started"),  TEXT_INIT("ended"), TEXT_INIT("pauses"),
};

/* The fact that `facts.x` names, or NO_INDEX. */
uint16_t named_fact(const struct turn *turn, struct text name)
{
    struct text rest;

    if (!text_is(text_cut(name, '.', &rest), "facts")) {
        return NO_INDEX;
    }
    return procedure_fact(turn->procedure, rest);
}

static bool correction_takes(const struct turn *turn, struct text name)
{
    for (size_t i = 0; i < sizeof(corrected_names) / sizeof(corrected_names[0]); i++) {
        if (text_equal(corrected_names[i], name)) {
            return true;
        }
    }
    return named_fact(turn, name) != NO_INDEX;
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
};

static bool is_assignable(const struct turn *turn, struct text name)
{
    uint16_t role = procedure_role(turn->procedure, name);

    return role != NO_INDEX && turn->procedure->roles[role].assigned;
}

bool named_takes(const struct turn *turn, struct text name)
{
    if (turn->family == EVENT_ASSIGNED) {
        return is_assignable(turn, name);
    }
    if (turn->family == EVENT_CORRECTED) {
        return correction_takes(turn, name);
    }
    for (size_t i = 0; i < sizeof(carried_names) / sizeof(carried_names[0]); i++) {
        for (size_t j = 0; j < 5 && carried_names[i].family == turn->family; j++) {
            if (!text_empty(carried_names[i].names[j]) &&
                text_equal(carried_names[i].names[j], name)) {
                return true;
            }
        }
    }
    return false;
}

bool named_needs_actor(const struct turn *turn)
{
    return turn->family != EVENT_DELIVERED && turn->family != EVENT_BOUNCED;
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
