#include "model/oracle_standing.h"

#include "base/must.h"
#include "model/say.h"

#include <string.h>

static const struct {
    const char *name;
    enum event_family family;
    const char *carries[4];
} standing[] = {
    {"case.assigned", EVENT_ASSIGNED, {NULL}},
    {"case.noted", EVENT_NOTED, {NULL}},
    {"clock.paused", EVENT_CLOCK_PAUSED, {"clock", "instance", "ground"}},
    {"clock.resumed", EVENT_CLOCK_RESUMED, {"clock", "instance", "ground"}},
    {"clock.extended", EVENT_CLOCK_EXTENDED, {"clock", "instance", "length"}},
    {"clock.acknowledged", EVENT_CLOCK_ACKNOWLEDGED, {"clock", "instance"}},
    {"case.on_hold", EVENT_ON_HOLD, {NULL}},
    {"case.off_hold", EVENT_OFF_HOLD, {NULL}},
    {"notice.delivered", EVENT_DELIVERED, {"notice", "result"}},
    {"notice.bounced", EVENT_BOUNCED, {"notice", "result"}},
    {"case.corrected", EVENT_CORRECTED, {NULL}},
};

enum { STANDING_COUNT = sizeof(standing) / sizeof(standing[0]) };

enum event_family standing_family(struct text name)
{
    static const char *const ends[] = {".overdue", ".elapsed", ".capped"};

    for (int i = 0; i < STANDING_COUNT; i++) {
        if (text_is(name, standing[i].name)) {
            return standing[i].family;
        }
    }
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t size = strlen(ends[i]);

        if (text_starts(name, TEXT("clock.")) && name.size > size + 6 &&
            memcmp(name.bytes + name.size - size, ends[i], size) == 0) {
            return EVENT_CLOCK_END;
        }
    }
    return EVENT_ORDINARY;
}

static uint16_t role_of(const struct procedure *procedure, struct text name)
{
    for (uint32_t i = 0; i < procedure->role_count; i++) {
        if (text_equal(procedure->roles[i].name, name)) {
            return (uint16_t)i;
        }
    }
    return NO_INDEX;
}

bool standing_carries(const struct oracle *oracle, struct text name)
{
    const struct procedure *procedure = oracle->world.procedure;

    if (oracle->event->family == EVENT_ASSIGNED) {
        uint16_t role = role_of(procedure, name);

        return role != NO_INDEX && procedure->roles[role].assigned;
    }
    for (int i = 0; i < STANDING_COUNT; i++) {
        for (int c = 0; standing[i].family == oracle->event->family && c < 4; c++) {
            if (standing[i].carries[c] != NULL && text_is(name, standing[i].carries[c])) {
                return true;
            }
        }
    }
    return false;
}

bool standing_asks_who(const struct oracle *oracle)
{
    return oracle->event->family != EVENT_DELIVERED && oracle->event->family != EVENT_BOUNCED;
}

/* The clock and instance that the event speaks of; -1: there is none. */
static int place_of(struct oracle *oracle)
{
    const struct procedure *procedure = oracle->world.procedure;
    const struct text *clock = oracle_carried(oracle->event, "clock");
    const struct text *number = oracle_carried(oracle->event, "instance");
    int found = -1;

    for (uint32_t i = 0; clock != NULL && i < oracle->now.instance_count; i++) {
        const struct oracle_instance *instance = &oracle->now.instances[i];
        int64_t meant = 0;

        if (instance->forgotten ||
            !text_equal(procedure->clocks[instance->clock].name, *clock)) {
            continue;
        }
        if (number != NULL &&
            (!text_to_integer(*number, &meant) || meant != instance->number)) {
            continue;
        }
        if (found >= 0 && instance->number < oracle->now.instances[found].number) {
            continue;
        }
        found = (int)i;
    }
    return found;
}

int standing_extends(struct oracle *oracle)
{
    return oracle->event->family == EVENT_CLOCK_EXTENDED ? place_of(oracle) : -1;
}

static bool of_clock(enum event_family family)
{
    return family == EVENT_CLOCK_PAUSED || family == EVENT_CLOCK_RESUMED ||
           family == EVENT_CLOCK_EXTENDED || family == EVENT_CLOCK_ACKNOWLEDGED;
}

uint64_t standing_by_roles(struct oracle *oracle, const struct rule *rule)
{
    const struct procedure *procedure = oracle->world.procedure;
    enum event_family family = oracle->event->family;
    uint64_t named = rule == NULL ? 0 : rule->by;
    uint64_t own = 0;
    const struct text *name = oracle_carried(oracle->event, "clock");

    for (uint32_t c = 0; of_clock(family) && name != NULL && c < procedure->clock_count; c++) {
        const struct clock *clock = &procedure->clocks[c];
        int place = place_of(oracle);
        uint32_t used = 0;

        if (!text_equal(clock->name, *name)) {
            continue;
        }
        if (family == EVENT_CLOCK_PAUSED || family == EVENT_CLOCK_RESUMED) {
            own = clock->pause_by;
        } else if (family == EVENT_CLOCK_EXTENDED) {
            for (uint32_t i = 0; i < oracle->now.stop_count; i++) {
                used += oracle->now.stops[i].instance == place && !oracle->now.stops[i].pause;
            }
            own = used < clock->extend_count ? clock->extends[used].by : 0;
        }
    }
    if (named == 0 || own == 0) {
        return named | own;
    }
    return (named & own) != 0 ? named & own : (uint64_t)1 << 63; /* nobody may */
}

static uint16_t ground_of(struct oracle *oracle)
{
    const struct procedure *procedure = oracle->world.procedure;
    const struct text *ground = oracle_carried(oracle->event, "ground");

    for (uint32_t i = 0; ground != NULL && i < procedure->ground_count; i++) {
        if (text_equal(procedure->grounds[i].name, *ground)) {
            return (uint16_t)i;
        }
    }
    return NO_INDEX;
}

static bool open_on(const struct oracle *oracle, int place, uint16_t ground, bool also_idle)
{
    for (uint32_t i = 0; i < oracle->now.stop_count; i++) {
        const struct oracle_stop *stop = &oracle->now.stops[i];

        if (stop->instance == place && stop->pause && stop->ground == ground &&
            stop->interval.to_ms == INSTANT_NEVER && (also_idle || !stop->no_effect)) {
            return true;
        }
    }
    return false;
}

static void want(struct oracle *oracle, const char *name)
{
    const struct text *value = oracle_carried(oracle->event, name);

    if (value == NULL || text_empty(*value)) {
        oracle_refuse(oracle, TEXT("takes"));
    }
}

static void judge_clock(struct oracle *oracle)
{
    enum event_family family = oracle->event->family;
    int place = place_of(oracle);
    uint16_t ground = ground_of(oracle);

    want(oracle, "clock");
    if (family == EVENT_CLOCK_PAUSED || family == EVENT_CLOCK_RESUMED) {
        want(oracle, "ground");
    }
    if (family == EVENT_CLOCK_EXTENDED) {
        want(oracle, "length");
    }
    if (family != EVENT_CLOCK_ACKNOWLEDGED && oracle->event->event->document_count == 0) {
        oracle_refuse(oracle, TEXT("documents")); /* the approving one */
    }
    if (oracle_carried(oracle->event, "clock") != NULL && place < 0) {
        oracle_refuse(oracle, TEXT("no_clock"));
    }
    for (uint32_t c = 0; c < oracle->world.procedure->clock_count; c++) {
        const struct clock *clock = &oracle->world.procedure->clocks[c];
        const struct text *name = oracle_carried(oracle->event, "clock");

        if ((family == EVENT_CLOCK_PAUSED || family == EVENT_CLOCK_RESUMED) && name != NULL &&
            text_equal(clock->name, *name) && oracle_carried(oracle->event, "ground") != NULL &&
            (ground == NO_INDEX || (clock->pause_grounds >> ground & 1) == 0)) {
            oracle_refuse(oracle, TEXT("no_ground"));
        }
    }
    if (place < 0) {
        return;
    }
    if (family == EVENT_CLOCK_ACKNOWLEDGED &&
        oracle->now.instances[place].state != INSTANCE_OVERDUE) {
        oracle_refuse(oracle, TEXT("not_overdue"));
    }
}

void standing_judge_it(struct oracle *oracle)
{
    const struct event *event = oracle->event->event;
    enum event_family family = oracle->event->family;

    if (of_clock(family)) {
        judge_clock(oracle);
    } else if (family == EVENT_DELIVERED || family == EVENT_BOUNCED) {
        want(oracle, "notice");
    } else if (family == EVENT_ASSIGNED) {
        bool named = false;

        for (uint32_t i = 0; i < event->fact_count; i++) {
            uint16_t role = role_of(oracle->world.procedure, event->facts[i].name);

            if (role != NO_INDEX && oracle->world.procedure->roles[role].assigned) {
                named = true;
                oracle_judge_bound(oracle, role, event->facts[i].value);
            }
        }
        if (!named) {
            oracle_refuse(oracle, TEXT("takes"));
        }
    } else if (family == EVENT_ON_HOLD && oracle->now.on_hold) {
        oracle_refuse(oracle, TEXT("on_hold"));
    } else if (family == EVENT_OFF_HOLD && !oracle->now.on_hold) {
        oracle_refuse(oracle, TEXT("not_on_hold"));
    }
}

/* Whatever went up the ladder so far is silent from now on. */
static void acknowledge(struct oracle *oracle, int place)
{
    struct oracle_instance *instance = &oracle->next.instances[place];
    struct length review = oracle->world.procedure->clocks[instance->clock].review;
    int32_t day = oracle_date(oracle, oracle->event->occurred_ms);
    bool over = walk_days(&oracle->world.walker, day, review, false) <=
                oracle_date(oracle, oracle->event->now_ms);

    /* Told when its review is over, it is reviewed from when it was told. */
    instance->acked_ms = over ? oracle->event->now_ms : oracle->event->occurred_ms;
    instance->acked_told = oracle->next.told_count;
}

static void extend(struct oracle *oracle, uint32_t place)
{
    struct value length =
        say_value(*oracle_carried(oracle->event, "length"), VALUE_LENGTH, NULL, 0);

    if (!length.known) {
        oracle_refuse(oracle, TEXT("bad_value"));
    } else if (oracle_live(&oracle->next.instances[place])) {
        oracle_extend(oracle, place, length.length);
    }
}

/* Of a clock in no state for it these do nothing. */
void standing_act_it(struct oracle *oracle)
{
    const struct event *event = oracle->event->event;
    int place = of_clock(oracle->event->family) ? place_of(oracle) : -1;
    bool live = place >= 0 && oracle_live(&oracle->next.instances[place]);

    switch (oracle->event->family) {
    case EVENT_ASSIGNED:
        for (uint32_t i = 0; i < event->fact_count; i++) {
            oracle_bind(oracle, role_of(oracle->world.procedure, event->facts[i].name),
                        event->facts[i].value);
        }
        return;
    case EVENT_CLOCK_PAUSED:
        if (live && !open_on(oracle, place, ground_of(oracle), false)) {
            oracle_pause(oracle, (uint32_t)place, ground_of(oracle), true);
        }
        return;
    case EVENT_CLOCK_RESUMED:
        if (live && open_on(oracle, place, ground_of(oracle), true)) {
            oracle_resume(oracle, (uint32_t)place, ground_of(oracle));
        }
        return;
    case EVENT_CLOCK_EXTENDED:
        extend(oracle, (uint32_t)place);
        return;
    case EVENT_CLOCK_ACKNOWLEDGED:
        acknowledge(oracle, place);
        return;
    case EVENT_ON_HOLD:
    case EVENT_OFF_HOLD:
        oracle->next.on_hold = oracle->event->family == EVENT_ON_HOLD;
        return;
    case EVENT_ORDINARY:
    case EVENT_NOTED:
    case EVENT_DELIVERED:
    case EVENT_BOUNCED:
    case EVENT_CORRECTED:
    case EVENT_UNTOLD:
    case EVENT_CLOCK_END:
        return;
    }
}
