#include "engine/job_parts.h"

#include "base/must.h"

/* Whom a job can reach: the channels of its receiver, and who stands above one not reached. */

static bool has_fact(const struct case_state *state, uint16_t fact)
{
    return fact != NO_INDEX && state->facts[fact].value.known;
}

/* Whether somebody outside has an address for a channel. */
static bool reaches_outside(const struct channel *channel, const struct role *role,
                            const struct case_state *state)
{
    switch (channel->address) {
    case ADDRESS_PHONE:
        return has_fact(state, role->reach_sms);
    case ADDRESS_MAIL:
        return has_fact(state, role->reach_mail);
    case ADDRESS_PERSON:
        break;
    }
    return false;
}

/* The channels of a receiver, in order; how many. */
static uint32_t list_channels(const struct installed *installed, const struct job *job,
                              const struct procedure *procedure, const struct case_state *state,
                              uint8_t list[CHANNELS_MAX])
{
    const struct person *person =
        job->outside ? NULL : installed_person(installed, job->receiver);
    uint32_t count = 0;

    for (uint32_t i = 0; person != NULL && i < person->channel_count; i++) {
        if (!text_empty(person_address(person, &installed->channels[person->channels[i]]))) {
            list[count++] = person->channels[i];
        }
    }
    for (uint32_t i = 0; job->outside && i < installed->channel_count; i++) {
        if (job->role != NO_INDEX &&
            reaches_outside(&installed->channels[i], &procedure->roles[job->role], state)) {
            list[count++] = (uint8_t)i;
        }
    }
    return count;
}

struct text job_channel_of(const struct installed *installed, const struct job *job,
                           const struct procedure *procedure, const struct case_state *state)
{
    uint8_t list[CHANNELS_MAX];
    uint32_t count = list_channels(installed, job, procedure, state, list);

    return job->tried < count ? installed->channels[list[job->tried]].name : (struct text){0};
}

struct text job_next_channel(struct engine *engine, const struct job *job)
{
    struct hand hand;

    MUST(job->notice_count > 0);
    MUST(hand_take(engine, job->notices[0].number, &hand));
    return job_channel_of(engine->law->installed, job, hand.procedure, &hand.state);
}

/* The job again, for somebody else: who hears that another was not reached. */
static void turn_over(struct job *job, const struct receiver *receiver, struct text unreached)
{
    job->receiver = receiver->person;
    job->role = receiver->role;
    job->outside = false;
    job->urgent = true;
    job->tried = 0;
    job->attempt = 0;
    job->failures = 0;
    job->worker = (struct text){0};
    for (uint32_t i = 0; i < job->notice_count; i++) {
        job->notices[i].stead = STEAD_UNREACHED;
        job->notices[i].in_stead_of = unreached;
    }
}

bool job_above(struct engine *engine, const struct job *job, uint64_t seq, int64_t now_ms,
               struct job *above)
{
    const struct installed *installed = engine->law->installed;
    struct hand hand;

    MUST(hand_take(engine, job->notices[0].number, &hand));

    const struct concerned concerned = {
        .installed = installed,
        .procedure = hand.procedure,
        .state = &hand.state,
        .agency = hand.agency,
        .date = date_of_instant(now_ms, hand.agency->office.zone_ms),
    };

    for (uint32_t i = chain_above(hand.procedure, job->role); i < hand.procedure->chain_count;
         i++) {
        struct receiver receivers[RECEIVED_MAX];

        if (receivers_in(&concerned, hand.procedure->chain[i], receivers) == 0 ||
            text_equal(receivers[0].person, job->receiver)) {
            continue;
        }
        *above = *job;
        above->notices =
            arena_copy(&engine->offer, job->notices, job->notice_count * sizeof(*job->notices));
        MUST(above->notices != NULL);
        above->number = job_number(seq, 0);
        above->generation = engine->store_generation;
        turn_over(above, &receivers[0], job->receiver);
        above->made_ms = now_ms;
        above->since_ms = now_ms;
        above->useful_ms = now_ms + JOB_USEFUL_MS;
        above->channel = job_channel_of(installed, above, hand.procedure, &hand.state);
        if (!text_empty(above->channel)) {
            desk_ready(installed, above, now_ms);
            return true;
        }
    }
    return false;
}

struct text job_address(struct engine *engine, const struct job *job,
                        const struct channel *channel, const struct hand *hand,
                        struct arena *arena)
{
    const struct person *person =
        job->outside ? NULL : installed_person(engine->law->installed, job->receiver);
    struct hand taken;

    if (!job->outside) {
        return person == NULL ? (struct text){0} : person_address(person, channel);
    }
    if (hand == NULL) {
        MUST(hand_take(engine, job->notices[0].number, &taken));
        hand = &taken;
    }
    if (job->role == NO_INDEX) {
        return (struct text){0}; /* the version that the case went over to has no such role */
    }

    const struct role *role = &hand->procedure->roles[job->role];
    uint16_t fact = channel->address == ADDRESS_PHONE ? role->reach_sms : role->reach_mail;

    return fact == NO_INDEX ? (struct text){0} : sealing_read_fact(engine, hand, fact, arena);
}
