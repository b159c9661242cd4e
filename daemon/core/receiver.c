#include "core/receiver.h"

/* Somebody is told, or whoever acts for him; nobody twice. */
static uint32_t add(const struct concerned *concerned, struct text person, uint16_t role,
                    struct receiver *receivers, uint32_t count)
{
    struct text name = concerned->procedure->roles[role].name;
    struct text deputy = person_deputy(concerned->installed, person, name, concerned->date);
    struct receiver receiver = {.person = person, .role = role};

    if (!text_empty(deputy)) {
        receiver.person = deputy;
        receiver.stead = STEAD_DEPUTY;
        receiver.in_stead_of = person;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(receivers[i].person, receiver.person)) {
            return count;
        }
    }
    receivers[count] = receiver;
    return count + 1;
}

/* The holder of a post who is there, or has somebody to act for him; else the first. */
static const struct person *find_holder(const struct concerned *concerned, uint16_t role)
{
    const struct installed *installed = concerned->installed;
    const struct role *wanted = &concerned->procedure->roles[role];
    const struct post post = {
        .role = wanted->name,
        .unit = concerned->state->unit,
        .agency = (uint16_t)(concerned->agency - installed->agencies),
        .above = wanted->above,
    };
    const struct person *holder;

    for (uint32_t place = 0;
         (holder = post_holder(installed, &post, concerned->date, place)) != NULL; place++) {
        if (!person_away(installed, holder->id, concerned->date) ||
            !text_empty(person_deputy(installed, holder->id, wanted->name, concerned->date))) {
            return holder;
        }
    }
    return post_holder(installed, &post, concerned->date, 0);
}

uint32_t receivers_in(const struct concerned *concerned, uint16_t role,
                      struct receiver receivers[RECEIVED_MAX])
{
    const struct case_state *state = concerned->state;
    uint32_t count = 0;

    for (uint32_t i = 0; i < state->participant_count; i++) {
        if (state->participants[i].role == role && state->participants[i].assigned) {
            count = add(concerned, state->participants[i].person, role, receivers, count);
        }
    }
    if (count == 0) {
        const struct person *holder = find_holder(concerned, role);

        count = holder == NULL ? 0 : add(concerned, holder->id, role, receivers, 0);
    }
    return count;
}

uint32_t chain_above(const struct procedure *procedure, uint16_t role)
{
    for (uint32_t i = 0; i < procedure->chain_count; i++) {
        if (procedure->chain[i] == role) {
            return i + 1;
        }
    }
    return 0;
}

uint32_t receivers_of(const struct concerned *concerned, uint16_t role,
                      struct receiver receivers[RECEIVED_MAX])
{
    const struct procedure *procedure = concerned->procedure;
    uint32_t count = receivers_in(concerned, role, receivers);

    for (uint32_t i = chain_above(procedure, role); count == 0 && i < procedure->chain_count;
         i++) {
        count = receivers_in(concerned, procedure->chain[i], receivers);
        for (uint32_t j = 0; j < count; j++) {
            receivers[j].stead = STEAD_VACANT;
            receivers[j].in_stead_of = procedure->roles[role].name;
        }
    }
    return count;
}

/* ---- hours */

/* What several leave in common. */
static void narrow(struct hours *common, const struct hours *hours)
{
    common->workdays = common->workdays || hours->workdays;
    if (hours->from_ms >= hours->to_ms) {
        return;
    }
    common->from_ms = hours->from_ms > common->from_ms ? hours->from_ms : common->from_ms;
    common->to_ms = hours->to_ms < common->to_ms ? hours->to_ms : common->to_ms;
}

static struct hours in_common(const struct installed *installed, const struct agency *agency,
                              const struct person *person, const struct channel *channel)
{
    struct hours common = {.from_ms = 0, .to_ms = DAY_MS};

    narrow(&common, &agency->hours);
    if (channel != NULL) {
        narrow(&common, &channel->hours);
    }
    if (person != NULL) {
        narrow(&common, &person->hours);
    }
    if (person != NULL && channel != NULL) {
        narrow(&common, &person->hours_over[channel - installed->channels]);
    }
    return common;
}

bool hours_meet(const struct installed *installed, const struct agency *agency,
                const struct person *person, const struct channel *channel)
{
    struct hours common = in_common(installed, agency, person, channel);

    return common.from_ms < common.to_ms;
}

int64_t hours_permit(const struct installed *installed, const struct agency *agency,
                     const struct person *person, const struct channel *channel, int64_t at_ms)
{
    int64_t zone_ms = agency->office.zone_ms;
    struct hours common = in_common(installed, agency, person, channel);
    int32_t date = date_of_instant(at_ms, zone_ms);

    if (common.from_ms >= common.to_ms) {
        common = in_common(installed, agency, NULL, NULL);
    }
    if (at_ms >= date_midnight(date, zone_ms) + common.to_ms) {
        date++;
    }
    if (common.workdays) {
        date = calendar_forward(agency->office.calendar, date);
    }

    int64_t from_ms = date_midnight(date, zone_ms) + common.from_ms;

    return from_ms > at_ms ? from_ms : at_ms;
}
