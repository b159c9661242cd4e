#include "engine/job_parts.h"

#include "base/must.h"

/* What is said of a job that was leased, by its worker, by time, or by an operator. */

/* A number that looks random and is the same when it is done again. */
static uint64_t draw(uint64_t seq, uint32_t attempt)
{
    uint64_t x = seq * 0x9e3779b97f4a7c15u + attempt;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* How long to wait before the next attempt: doubled each time, and up to half as long again, so
 * that what failed together does not come back together. */
static int64_t wait_ms(const struct channel *channel, const struct job *job, uint64_t seq)
{
    int64_t ms = channel->retry_ms;

    for (uint32_t i = 1; i < job->failures && ms < channel->retry_max_ms; i++) {
        ms *= 2;
    }
    ms = ms < channel->retry_max_ms ? ms : channel->retry_max_ms;
    return ms + (int64_t)(draw(seq, job->attempt) % ((uint64_t)ms / 2 + 1));
}

/* Over to the receiver's next channel; false: there is none. */
static bool fall_back(struct job_move *step)
{
    struct job *job = &step->job;
    struct job next = *job;

    next.tried++;
    next.channel = job_next_channel(step->engine, &next);
    if (text_empty(next.channel)) {
        return false;
    }
    *job = next;
    job->failures = 0;
    desk_go(&step->desk, job, step->desk.now_ms);
    return true;
}

/* Whether it has been on its way over this channel for as long as it may. What was never leased
 * waited for company, which is no fault of the channel. */
static bool took_too_long(const struct job_move *step, const struct channel *channel)
{
    const struct job *job = &step->job;

    return channel != NULL && job->attempt > 0 &&
           job->since_ms + channel->late_ms <= step->desk.now_ms;
}

/* From now on it may be leased again; by the next channel, if this one took too long. */
static void let_leave(struct job_move *step)
{
    const struct installed *installed = step->engine->law->installed;

    if (!took_too_long(step, installed_channel(installed, step->job.channel)) ||
        !fall_back(step)) {
        desk_ready(installed, &step->job, step->desk.now_ms);
    }
}

/* As it is from now on; about a held case nothing leaves. */
static void put_back(struct job_move *step)
{
    job_hold(step->engine, &step->job);
    desk_put(&step->desk, &step->job);
}

/* Nobody was reached: it is shown as it is, and told at once to somebody above. */
static void end_in_incident(struct job_move *step)
{
    struct job above;

    if (job_above(step->engine, &step->job, step->desk.seq, step->desk.now_ms, &above)) {
        job_hold(step->engine, &above);
        desk_put(&step->desk, &above);
    }
    step->job.state = JOB_INCIDENT;
    step->job.token = 0;
    step->job.until_ms = INSTANT_NEVER;
}

void job_fail_for_good(struct job_move *step)
{
    if (!fall_back(step)) {
        end_in_incident(step);
    }
}

/* Until when it waits for this channel at most: then it is the next one's, if there is one. */
static int64_t wait_until_ms(const struct job_move *step, const struct channel *channel,
                             int64_t again_ms)
{
    int64_t late_ms = step->job.since_ms + channel->late_ms;
    struct job next = step->job;

    next.tried++;
    if (late_ms >= again_ms || text_empty(job_next_channel(step->engine, &next))) {
        return again_ms;
    }
    return late_ms > step->desk.now_ms ? late_ms : step->desk.now_ms;
}

static void fail(struct job_move *step, const struct channel *channel)
{
    struct job *job = &step->job;
    bool out = job_channel_is_out(step->engine, job->channel);
    bool counts = step->report.failure == JOB_FAILED_FOR_NOW && !out;

    if (channel == NULL || step->report.failure == JOB_FAILED_FOR_GOOD) {
        job_fail_for_good(step);
        return;
    }
    job->failures += counts ? 1 : 0; /* an outage is the channel's, not the job's */
    if (job->failures >= channel->attempts) {
        job_fail_for_good(step);
        return;
    }

    int64_t again_ms = step->desk.now_ms + wait_ms(channel, job, step->desk.seq);
    int64_t asked_ms = step->report.at_ms;

    again_ms = asked_ms > again_ms ? asked_ms : again_ms;
    desk_wait(job, wait_until_ms(step, channel, again_ms));
}

/* It may have been sent. Over a channel that takes the same key once it is sent again; over any
 * other a person decides. */
static void doubt(struct job_move *step, const struct channel *channel)
{
    struct job *job = &step->job;

    if (channel != NULL && channel->idempotent) {
        step->report.failure = JOB_FAILED_FOR_NOW;
        fail(step, channel);
        return;
    }
    job->state = JOB_UNKNOWN;
    job->token = 0;
    job->until_ms = INSTANT_NEVER;
}

/* Nobody can tell; but a report that came before its worker fell silent settles it. */
static void leave_in_doubt(struct job_move *step, const struct channel *channel)
{
    if (job_has_arrived(step->engine, &step->job)) {
        desk_drop(&step->desk, step->job.number);
        return;
    }
    doubt(step, channel);
    put_back(step);
}

int64_t job_instant_kept(int64_t at_ms, int64_t last_ms)
{
    return at_ms < date_midnight(date_of(YEAR_FIRST, 1, 2), 0) || at_ms > last_ms ? 0 : at_ms;
}

/* The instant that a worker names. Any patience may be asked for; what that makes too late is
 * told, not slept over. */
static int64_t instant_kept(const struct job_move *step)
{
    int64_t at_ms = step->report.at_ms;

    if (step->report.step != JOB_STEP_FAIL) {
        return job_instant_kept(at_ms, step->desk.now_ms + FUTURE_MS);
    }
    return job_instant_kept(at_ms < step->job.useful_ms ? at_ms : step->job.useful_ms,
                            step->job.useful_ms);
}

struct text job_words_kept(struct text words, struct arena *arena)
{
    struct text part = text_shortened(words, JOB_WORDS_MAX);
    char *kept = arena_copy(arena, part.bytes, part.size);

    return kept == NULL ? (struct text){0}
                        : (struct text){.bytes = kept, .size = job_words_mask(kept, part.size)};
}

/* Whether a success is believed although its lease is over: the job is still to be sent, and
 * this was its own key. */
static bool is_late_success(const struct job *job)
{
    return job->state != JOB_BEGUN && job->attempt > 0;
}

bool engine_report(struct engine *engine, const struct job_report *report, int64_t wall_ms)
{
    char key[JOB_KEY_SIZE];
    struct job_move step;

    job_move_begin(&step, engine, report, wall_ms);
    if (engine_stopped(engine)) {
        return false;
    }
    step.report.words = job_words_kept(report->words, &engine->offer);

    bool live = engine_leased(engine, report->token, &engine->offer, &step.job);
    bool late = !live && report->step == JOB_STEP_DONE &&
                engine_job(engine, report->job, &engine->offer, &step.job) &&
                is_late_success(&step.job);

    if (!live && !late) {
        return false;
    }

    const struct channel *channel = installed_channel(engine->law->installed, step.job.channel);

    job_move_about(&step);
    step.report.at_ms = instant_kept(&step);
    if (report->step == JOB_STEP_DONE) { /* a provider's report may know its own name alone */
        step.report.key =
            (struct text){.bytes = key, .size = engine_job_key(engine, &step.job, key)};
        desk_drop(&step.desk, step.job.number);
        job_move_end(&step);
        return true;
    }
    step.job.last = text_shortened(step.report.words, JOB_LAST_MAX);
    if (report->step == JOB_STEP_FAIL) {
        fail(&step, channel);
        put_back(&step);
    } else {
        leave_in_doubt(&step, channel);
    }
    job_move_end(&step);
    return true;
}

void engine_lose(struct engine *engine, uint64_t token, int64_t wall_ms)
{
    struct job_report report = {.step = JOB_STEP_LOSE, .token = token};
    struct job_move step;

    job_move_begin(&step, engine, &report, wall_ms);
    if (engine_stopped(engine) || !engine_leased(engine, token, &engine->offer, &step.job)) {
        return;
    }
    job_move_about(&step);
    if (step.job.state == JOB_LEASED) { /* not begun: free of risk */
        let_leave(&step);
        put_back(&step);
    } else {
        leave_in_doubt(&step, installed_channel(engine->law->installed, step.job.channel));
    }
    job_move_end(&step);
}

/* The moment of a job has come. */
static void move_on(struct job_move *step)
{
    struct job *job = &step->job;

    if (job->state == JOB_WAITING && text_empty(job->channel)) {
        end_in_incident(step);
    } else if (job->state == JOB_WAITING) {
        let_leave(step);
    } else if (!fall_back(step)) { /* late, and there is no other way: it goes on waiting */
        job->until_ms = job->useful_ms;
    }
}

void job_fire(struct engine *engine, uint64_t number, int64_t wall_ms)
{
    struct job_report report = {.step = JOB_STEP_TIME, .job = number};
    struct job_move step;

    job_move_begin(&step, engine, &report, wall_ms);
    MUST(engine_job(engine, number, &engine->offer, &step.job));
    job_move_about(&step);
    if (step.job.useful_ms <= step.desk.now_ms) { /* it would be stale */
        desk_drop(&step.desk, number);
    } else {
        move_on(&step);
        put_back(&step);
    }
    job_move_end(&step);
}

/* Whoever decides wants it sent, from now on, over the channel it is on; an incident begins
 * anew with the receiver's first. False: there is no way to send it by. */
static bool let_go_on(struct job_move *step)
{
    struct job *job = &step->job;

    if (job->state == JOB_INCIDENT || text_empty(job->channel)) {
        job->tried = 0;
        job->channel = job_next_channel(step->engine, job);
    }
    if (text_empty(job->channel)) {
        return false;
    }
    job->failures = 0;
    job->resends += step->report.step == JOB_STEP_RESEND ? 1 : 0;
    job->useful_ms = step->desk.now_ms + JOB_USEFUL_MS;
    job->since_ms = step->desk.now_ms;
    desk_ready(step->engine->law->installed, job, step->desk.now_ms);
    return true;
}

/* The job that an operator means; one that was sent already may be sent again. */
static bool take_decided(struct job_move *step, struct engine *engine, uint64_t number)
{
    if (engine_job(engine, number, &engine->offer, &step->job)) {
        return step->job.state != JOB_LEASED && step->job.state != JOB_BEGUN;
    }
    return step->report.step == JOB_STEP_RESEND && job_take_sent(step, number);
}

bool engine_decide(struct engine *engine, const struct job_report *report, int64_t wall_ms)
{
    struct job_move step;

    job_move_begin(&step, engine, report, wall_ms);
    if (engine_stopped(engine) || !take_decided(&step, engine, report->job)) {
        return false;
    }
    job_move_about(&step);
    if (report->step == JOB_STEP_DROP) {
        desk_drop(&step.desk, report->job);
    } else if (let_go_on(&step)) {
        put_back(&step);
    } else {
        return false;
    }
    job_move_end(&step);
    return true;
}

void jobs_again(struct engine *engine, const struct record *record)
{
    const struct job_report *report = &record->job;

    switch (report->step) {
    case JOB_STEP_LEASE:
    case JOB_STEP_DEFER:
        job_lease_again(engine, record);
        break;
    case JOB_STEP_BEGIN:
        (void)!engine_begin(engine, report->token, record->now_ms);
        break;
    case JOB_STEP_LOSE:
        engine_lose(engine, report->token, record->now_ms);
        break;
    case JOB_STEP_DONE:
    case JOB_STEP_FAIL:
    case JOB_STEP_DOUBT:
        (void)!engine_report(engine, report, record->now_ms);
        break;
    case JOB_STEP_TIME:
        (void)engine_fire(engine, record->now_ms, 1);
        break;
    case JOB_STEP_RETRY:
    case JOB_STEP_RESEND:
    case JOB_STEP_DROP:
        (void)!engine_decide(engine, report, record->now_ms);
        break;
    case JOB_STEP_DELIVERED:
    case JOB_STEP_BOUNCED:
        evidence_again(engine, record);
        break;
    }
}
