#include "engine/job_parts.h"

#include "base/must.h"

/*
 * An operator's hold: nothing leaves over a channel, or about a case, until it is taken back.
 * The law's clocks go on. A channel's is a mark that a lease looks at; what is late goes over
 * to the receiver's next channel as ever. A case's puts its jobs on hold beside that of its
 * procedure: they go on when neither holds them.
 */

static bool is_there(struct store *store, struct key key)
{
    struct bytes value;

    return store_get(store, TABLE_JOBS, &key, &value);
}

bool channel_is_held(struct store *store, struct text channel)
{
    return is_there(store, key_job_channel_hold(channel));
}

bool case_is_held(struct store *store, uint64_t number)
{
    return is_there(store, key_job_case_hold(number));
}

/* Whether a job speaks of that case alone. */
static bool is_of(const struct job *job, uint64_t number)
{
    for (uint32_t i = 0; i < job->notice_count; i++) {
        if (job->notices[i].number != number) {
            return false;
        }
    }
    return true;
}

static bool speaks_of_held(struct engine *engine, const struct job *job)
{
    uint64_t number = job->notices[0].number;

    return is_of(job, number) && case_is_held(engine->store, number);
}

bool job_is_held(struct engine *engine, const struct job *job)
{
    return channel_is_held(engine->store, job->channel) || speaks_of_held(engine, job);
}

void job_hold(struct engine *engine, struct job *job)
{
    if ((job->state == JOB_READY || job->state == JOB_WAITING) && speaks_of_held(engine, job)) {
        job->state = JOB_HELD;
        job->until_ms = job->useful_ms;
    }
}

static void move_jobs(struct job_desk *desk, uint64_t number, bool off)
{
    struct engine *engine = desk->engine;
    struct key key = key_job_of_case(number, 0);
    struct bytes value;
    uint64_t job_number;

    while (store_next(engine->store, TABLE_JOBS, &key, &value) &&
           key_is_job_of_case(&key, number, &job_number)) {
        struct job job;

        key = key_job_of_case(number, job_number + 1);
        MUST(engine_job(engine, job_number, desk->arena, &job));
        if (off && job.state == JOB_HELD) {
            desk_send_off(desk, &job);
            desk_put(desk, &job);
        } else if (!off && is_of(&job, number) &&
                   (job.state == JOB_READY || job.state == JOB_WAITING)) {
            job.state = JOB_HELD;
            job.until_ms = job.useful_ms;
            desk_put(desk, &job);
        }
    }
}

/* The row of the hold that is meant; false, with *why: there is no such thing. */
static bool find_row(struct engine *engine, const struct hold *hold, struct key *key,
                     struct hand *hand, const struct message **why)
{
    uint64_t number = 0;

    if (!text_empty(hold->channel)) {
        *why = &engine_no_channel;
        *key = key_job_channel_hold(hold->channel);
        return installed_channel(engine->law->installed, hold->channel) != NULL;
    }
    *why = &engine_hold_none;
    if (!text_empty(hold->agency) && hold->agency.size <= AGENCY_BYTES_MAX &&
        !text_empty(hold->case_id) && hold->case_id.size <= CASE_ID_BYTES_MAX) {
        struct submission named = {.agency = hold->agency, .case_id = hold->case_id};

        number = event_case(engine, &named);
    }
    *key = key_job_case_hold(number);
    return number != 0 && hand_take(engine, number, hand);
}

bool engine_hold(struct engine *engine, const struct hold *hold, const struct act *act,
                 int64_t wall_ms, const struct message **why)
{
    struct record record = {.kind = RECORD_ACT,
                            .act = *act,
                            .act_kind = hold->off ? ACT_UNHOLD : ACT_HOLD,
                            .now_ms = engine_now(engine, wall_ms),
                            .of_agency = hold->agency,
                            .of_case = hold->case_id,
                            .of_channel = hold->channel,
                            .verdict = RECORD_APPLIED,
                            .stage = NO_INDEX,
                            .next_due_ms = INSTANT_NEVER};
    struct happening happening = {.record = &record};
    struct job_desk desk;
    struct hand hand = {0};
    struct key key;

    *why = &engine_hold_none;
    if (engine_stopped(engine) || !find_row(engine, hold, &key, &hand, why)) {
        return false;
    }
    if (is_there(engine->store, key) != hold->off) {
        *why = hold->off ? &engine_not_held : &engine_held_already;
        return false;
    }
    arena_init_over(&engine->offer, engine->offer_bytes, ANSWER_BYTES);
    desk_open(&desk, engine, &engine->offer, record.now_ms);
    if (text_empty(hold->channel) && !(hold->off && hand.state.on_hold)) {
        move_jobs(&desk, hand.file.number, hold->off);
    }
    desk_close(&desk, &record);
    (void)engine_append(engine, &happening);
    if (!engine_stopped(engine)) {
        if (hold->off) {
            store_delete(engine->store, TABLE_JOBS, &key);
        } else {
            store_put(engine->store, TABLE_JOBS, &key, (struct bytes){0});
        }
        jobs_apply(engine, &record, NULL);
    }
    return true;
}
