#include "engine/answer.h"

#include "engine/job_parts.h"
#include "engine/job_tell.h"

/* What is on its way to people: one by one, and counted by channel. */

/* Rows a slice looks at before it lets others in. */
enum { ROWS_LOOKED = 2000, JOB_BYTES = 256 * 1024 };

static const struct message bad_state = {
    "job_state",
    "{0} is no state of a job: waiting, held, ready, leased, begun, unknown or incident",
    "“{0}”不是通知任务的状态：应为 waiting、held、ready、leased、begun、unknown 或 incident"};
static const struct message bad_channel = {"no_channel",
                                           "no channel is called {0}; duban queues lists them",
                                           "没有渠道“{0}”；duban queues 列出全部渠道"};

/* The next job from a number on, in an arena of its own; false: there is none. */
static bool next_job(struct store *store, uint64_t *number, struct arena *arena,
                     struct job *job)
{
    struct key key = key_job(*number);
    struct bytes value;

    if (!store_next(store, TABLE_JOBS, &key, &value) || !key_is_job(&key, number)) {
        return false;
    }
    value.at = arena_copy(arena, value.at, value.size);
    return value.at != NULL && job_decode(*number, value, arena, job) == STATUS_OK;
}

static enum status check(struct slice *slice, uint64_t *case_number)
{
    const struct job_filter *filter = &slice->query->jobs;
    struct found_case found = {0};

    *case_number = 0;
    if (!job_states_known(filter->states)) {
        return answer_fail(slice, STATUS_REFUSED, &bad_state, &filter->states, 1);
    }
    if (!text_empty(filter->channel) &&
        installed_channel(slice->sources->law->installed, filter->channel) == NULL) {
        return answer_fail(slice, STATUS_NOT_FOUND, &bad_channel, &filter->channel, 1);
    }
    if (text_empty(filter->case_id)) {
        return STATUS_OK;
    }

    enum status status = answer_find_case(slice, &found);

    *case_number = found.file.number;
    return status;
}

static uint32_t limit_of(const struct slice *slice)
{
    uint32_t limit = slice->query->limit;

    return limit == 0 ? ANSWER_LIMIT : limit > ANSWER_LIMIT_MAX ? ANSWER_LIMIT_MAX : limit;
}

/* How a walk over the jobs ended. */
enum walk { WALK_OVER, WALK_BEYOND, WALK_PAUSED };

/* Jobs from the place on, as many as a part takes. */
static enum walk walk(struct slice *slice, uint64_t case_number)
{
    struct answer_place *place = slice->place;
    struct store *store = slice->sources->snapshot;

    for (uint32_t looked = 0; looked < ROWS_LOOKED; looked++) {
        struct arena arena;
        struct job_telling telling = {
            .store = store, .law = slice->sources->law, .arena = &arena};
        struct json mark = *slice->json;
        enum walk end = WALK_OVER;
        struct job job;

        arena_init_growing(&arena, (size_t)4 << 20);

        bool there = next_job(store, &place->number, &arena, &job);

        if (there &&
            job_is_meant(&job, &slice->query->jobs, case_number, slice->sources->now_ms)) {
            end = place->told == limit_of(slice) ? WALK_BEYOND : WALK_OVER;
            if (end == WALK_OVER) {
                job_tell(&telling, &job, slice->json);
                place->told++;
            }
        }
        arena_fini(&arena);
        if (!there || end == WALK_BEYOND) {
            return there ? WALK_BEYOND : WALK_OVER;
        }
        if (slice->json->full) {
            json_back(slice->json, &mark);
            place->told--;
            return WALK_PAUSED;
        }
        place->number++;
        if (json_size(slice->json) > ANSWER_PART_BYTES) {
            return WALK_PAUSED;
        }
    }
    return WALK_PAUSED;
}

enum status answer_jobs(struct slice *slice)
{
    uint64_t case_number;
    enum status status = check(slice, &case_number);

    if (status != STATUS_OK) {
        return status;
    }
    if (!slice->place->begun) {
        slice->place->begun = true;
        slice->place->number = slice->query->after_job;
    }
    json_open(slice->json, NULL);
    json_open_list(slice->json, "jobs");

    enum walk end = walk(slice, case_number);

    json_close(slice->json);
    slice->more = end == WALK_PAUSED;
    if (!slice->more) {
        json_put_flag(slice->json, "complete", end == WALK_OVER);
        if (end == WALK_BEYOND) {
            json_put_number(slice->json, "after", (int64_t)slice->place->number);
        }
    }
    json_close(slice->json);
    return STATUS_OK;
}

/* ---- queues */

/* The place of a channel among the counts; the last is that of jobs without one. */
static uint32_t place_of(const struct installed *installed, struct text channel)
{
    const struct channel *found = installed_channel(installed, channel);

    return found == NULL ? CHANNELS_MAX : (uint32_t)(found - installed->channels);
}

static void count(struct slice *slice, const struct job *job)
{
    uint32_t at = place_of(slice->sources->law->installed, job->channel);
    struct queue_count *queue = &slice->place->queues[at];

    queue->states[job->state]++;
    if (job->state == JOB_READY &&
        (queue->oldest_ms == 0 || job->since_ms < queue->oldest_ms)) {
        queue->oldest_ms = job->since_ms;
    }
}

static void tell_count(struct json *json, const struct queue_count *queue, int64_t now_ms)
{
    for (unsigned state = JOB_WAITING; state <= JOB_INCIDENT; state++) {
        struct text word = job_state_word((enum job_state)state);

        json_put_number(json, word.bytes, queue->states[state]);
    }
    if (queue->oldest_ms != 0) {
        json_put_number(json, "oldest_ready_s", (now_ms - queue->oldest_ms) / 1000);
    }
}

static void tell_queue(struct slice *slice, const struct channel *channel, uint32_t at)
{
    struct store *store = slice->sources->snapshot;
    struct json *json = slice->json;
    struct channel_pace pace = job_channel_pace(store, channel->name);

    json_open(json, NULL);
    json_put(json, "channel", channel->name);
    json_put(json, "channel_zh", channel->zh);
    json_put(json, "channel_en", channel->en);
    tell_count(json, &slice->place->queues[at], slice->sources->now_ms);
    json_put_flag(json, "on_hold", channel_is_held(store, channel->name));
    json_put_flag(json, "out", pace.failures >= JOB_OUTAGE_FAILURES);
    json_put_number(json, "failures_in_a_row", pace.failures);
    if (channel->per_minute != 0) {
        json_put_number(json, "per_minute", channel->per_minute);
    }
    json_close(json);
}

static void tell_queues(struct slice *slice)
{
    const struct installed *installed = slice->sources->law->installed;
    const struct queue_count *none = &slice->place->queues[CHANNELS_MAX];

    json_open_list(slice->json, "queues");
    for (uint32_t i = 0; i < installed->channel_count; i++) {
        tell_queue(slice, &installed->channels[i], i);
    }
    json_close(slice->json);
    json_open(slice->json, "nowhere"); /* nobody's channel reaches them, or it is gone */
    tell_count(slice->json, none, slice->sources->now_ms);
    json_close(slice->json);
}

enum status answer_queues(struct slice *slice)
{
    struct answer_place *place = slice->place;
    bool there = true;

    for (uint32_t looked = 0; looked < ROWS_LOOKED && there; looked++) {
        struct arena arena;
        struct job job;

        arena_init_growing(&arena, JOB_BYTES);
        there = next_job(slice->sources->snapshot, &place->number, &arena, &job);
        if (there) {
            count(slice, &job);
            place->number++;
        }
        arena_fini(&arena);
    }
    slice->more = there;
    json_open(slice->json, NULL);
    if (!there) {
        tell_queues(slice);
    }
    json_close(slice->json);
    return STATUS_OK;
}
