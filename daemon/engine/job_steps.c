#include "engine/job_parts.h"

#include "base/must.h"
#include "codec/pack.h"

#include <stdio.h>
#include <string.h>

/* What becomes of a job on its way to a worker: each step is a record of its own. */

struct channel_pace job_channel_pace(struct store *store, struct text channel)
{
    struct key key = key_job_pace(channel);
    struct unpacker unpacker;
    struct bytes value;
    struct channel_pace pace = {0};

    if (store_get(store, TABLE_JOBS, &key, &value)) {
        unpack_init(&unpacker, value);
        pace.minute = unpack_signed(&unpacker);
        pace.in_minute = unpack_below(&unpacker, UINT32_MAX);
        pace.failures = unpack_below(&unpacker, UINT32_MAX);
        pace.probe_ms = unpack_signed(&unpacker);
    }
    return pace;
}

static void write_pace(struct engine *engine, struct text channel,
                       const struct channel_pace *pace)
{
    struct key key = key_job_pace(channel);
    uint8_t room[64];
    struct packer packer;

    pack_init(&packer, room, sizeof(room));
    pack_signed(&packer, pace->minute);
    pack_number(&packer, pace->in_minute);
    pack_number(&packer, pace->failures);
    pack_signed(&packer, pace->probe_ms);
    store_put(engine->store, TABLE_JOBS, &key, packed(&packer));
}

static bool same_pace(const struct channel_pace *a, const struct channel_pace *b)
{
    return a->minute == b->minute && a->in_minute == b->in_minute &&
           a->failures == b->failures && a->probe_ms == b->probe_ms;
}

static bool is_out(const struct channel_pace *pace)
{
    return pace->failures >= JOB_OUTAGE_FAILURES;
}

bool job_channel_is_out(struct engine *engine, struct text channel)
{
    struct channel_pace pace = job_channel_pace(engine->store, channel);

    return is_out(&pace);
}

static uint32_t read_day(struct engine *engine, const struct key *key)
{
    struct unpacker unpacker;
    struct bytes value;

    if (!store_get(engine->store, TABLE_JOBS, key, &value)) {
        return 0;
    }
    unpack_init(&unpacker, value);
    return unpack_below(&unpacker, UINT32_MAX);
}

/* Days that are over count nothing any more; a few rows go with each lease. */
static void forget_days(struct engine *engine, int32_t today)
{
    enum { ROWS_AT_ONCE = 4 };
    struct bytes value;

    for (int i = 0; i < ROWS_AT_ONCE; i++) {
        struct key key = key_job_day(0, (struct text){0}, (struct text){0});
        int32_t day;

        if (!store_next(engine->store, TABLE_JOBS, &key, &value) ||
            !key_is_job_day(&key, &day) || day >= today) {
            return;
        }
        store_delete(engine->store, TABLE_JOBS, &key);
    }
}

static int32_t day_of(const struct engine *engine, const struct job *job, int64_t at_ms)
{
    const struct agency *agency = installed_agency(engine->law->installed, job->agency);

    return date_of_instant(at_ms, agency == NULL ? 0 : agency->office.zone_ms);
}

static void count_lease(struct engine *engine, const struct job *job, int64_t now_ms,
                        struct channel_pace *pace)
{
    int32_t today = day_of(engine, job, now_ms);
    struct key key = key_job_day(today, job->channel, job->receiver);
    uint8_t room[8];
    struct packer packer;

    if (pace->minute != now_ms / 60000) {
        pace->minute = now_ms / 60000;
        pace->in_minute = 0;
    }
    pace->in_minute++;
    pace->probe_ms = now_ms + JOB_PROBE_MS;
    pack_init(&packer, room, sizeof(room));
    pack_number(&packer, read_day(engine, &key) + 1);
    store_put(engine->store, TABLE_JOBS, &key, packed(&packer));
    forget_days(engine, today);
}

/* The counts follow the records. `job` is the one before the step. */
static void count(struct engine *engine, const struct job_report *report, const struct job *job,
                  int64_t now_ms)
{
    if (report->step != JOB_STEP_LEASE && report->step != JOB_STEP_DONE &&
        report->step != JOB_STEP_FAIL) {
        return;
    }

    struct channel_pace pace = job_channel_pace(engine->store, job->channel);
    struct channel_pace was = pace;

    if (report->step == JOB_STEP_LEASE) {
        count_lease(engine, job, now_ms, &pace);
    } else if (report->step == JOB_STEP_DONE || report->failure == JOB_FAILED_FOR_GOOD) {
        pace.failures = 0; /* somebody answered */
    } else if (pace.failures < UINT32_MAX) {
        pace.failures++;
    }
    if (!same_pace(&pace, &was)) {
        write_pace(engine, job->channel, &pace);
    }
}

/* What came to rest stands in the file of each case it was about. */
static void file_rest(struct engine *engine, const struct job *job, uint64_t seq)
{
    for (uint32_t i = 0; i < job->notice_count; i++) {
        uint64_t number = job->notices[i].number;
        struct case_file file;
        bool filed = false;

        for (uint32_t j = 0; j < i && !filed; j++) {
            filed = job->notices[j].number == number;
        }
        if (!filed && casefile_load(engine->store, number, engine->before_room, &file)) {
            casefile_add(engine->store, &file, NULL, seq);
            casefile_save(engine->store, &file, file.state.size);
        }
    }
}

/* Whether the step ends the job's way, one way or the other: a matter for the case's file. */
static bool rests(const struct job_report *report, const struct record *record)
{
    if (report->step == JOB_STEP_DELIVERED || report->step == JOB_STEP_BOUNCED) {
        return true;
    }
    for (uint32_t i = 0; i < record->job_count; i++) {
        if (record->jobs[i].number == report->job) {
            struct bytes value = record->jobs[i].value;

            return value.size == 0 || job_state_of(value) == JOB_UNKNOWN ||
                   job_state_of(value) == JOB_INCIDENT;
        }
    }
    return false;
}

/* After the record: counts, rows, files. `before` is the job that the step is about. */
void jobs_settle(struct engine *engine, const struct record *record, uint64_t seq)
{
    struct arena arena;
    struct job before;
    bool there;

    arena_init_over(&arena, engine->job_known_bytes, JOB_ARENA_BYTES);
    there = engine_job(engine, record->job.job, &arena, &before);
    if (there) {
        count(engine, &record->job, &before, record->now_ms);
        if (rests(&record->job, record)) {
            file_rest(engine, &before, seq);
        }
    } else if (job_as_leased(engine, record->job.token, record->job.job, &arena, &before)) {
        file_rest(engine, &before, seq); /* it was done, and more is heard of it */
    }
    jobs_apply(engine, record, there ? &before : NULL);
}

void job_move_begin(struct job_move *step, struct engine *engine,
                    const struct job_report *report, int64_t wall_ms)
{
    arena_init_over(&engine->offer, engine->offer_bytes, ANSWER_BYTES);
    *step = (struct job_move){.engine = engine, .report = *report};
    desk_open(&step->desk, engine, &engine->offer, engine_now(engine, wall_ms));
}

void job_move_about(struct job_move *step)
{
    step->report.job = step->job.number;
    step->report.channel = step->job.channel;
    step->report.receiver = step->job.receiver;
}

void job_move_end(struct job_move *step)
{
    struct record record = {
        .kind = RECORD_JOB,
        .now_ms = step->desk.now_ms,
        .job = step->report,
        .stage = NO_INDEX,
        .next_due_ms = INSTANT_NEVER,
    };
    struct happening happening = {.record = &record};

    desk_close(&step->desk, &record);

    uint64_t seq = engine_append(step->engine, &happening);

    if (!engine_stopped(step->engine)) {
        jobs_settle(step->engine, &record, seq);
    }
}

static void keep(struct arena *arena, struct text *text)
{
    text->bytes = arena_copy(arena, text->bytes, text->size);
    MUST(text->bytes != NULL);
}

/* Whether another job of the receiver may go in the same message: it is ready, or waits for
 * nothing but company, and was never leased. */
static bool may_go_along(const struct job *other, const struct job *job, int64_t now_ms)
{
    return other->number != job->number && other->resends == job->resends &&
           other->attempt == 0 && other->notice_count <= JOB_NOTICES_MAX - job->notice_count &&
           (other->state == JOB_READY ||
            (other->state == JOB_WAITING && other->since_ms <= now_ms));
}

/*
 * A job takes along, when it is leased for the first time, all that may leave for its receiver:
 * what waits in the same window is one message. From then on its key means these notices: its
 * provider, or a worker's ledger, may know it, and what came under it later would be taken for
 * sent.
 */
static void gather(struct job_move *step)
{
    struct engine *engine = step->engine;
    struct job *job = &step->job;
    struct job_notice *notices = arena_take(&engine->offer, JOB_NOTICES_MAX * sizeof(*notices));
    struct key key = key_job_receiver(job->channel, job->receiver, 0);
    struct bytes value;
    uint64_t number;

    MUST(notices != NULL);
    memcpy(notices, job->notices, job->notice_count * sizeof(*notices));
    job->notices = notices;
    while (store_next(engine->store, TABLE_JOBS, &key, &value) &&
           key_is_job_receiver(&key, job->channel, job->receiver, &number)) {
        struct arena arena;
        struct job other;
        uint32_t had = job->notice_count;

        key = key_job_receiver(job->channel, job->receiver, number + 1);
        arena_init_over(&arena, engine->job_before_bytes, JOB_ARENA_BYTES);
        if (!engine_job(engine, number, &arena, &other) ||
            !may_go_along(&other, job, step->desk.now_ms) ||
            moments_hold_back(engine, other.agency, other.made_ms, number)) {
            continue;
        }
        for (uint32_t i = 0; i < other.notice_count; i++) {
            notices[job->notice_count++] = other.notices[i];
            keep(&engine->offer, &notices[had + i].in_stead_of);
        }
        if (!desk_fits(job)) {
            job->notice_count = had;
            return;
        }
        if (other.useful_ms > job->useful_ms) {
            job->useful_ms = other.useful_ms; /* the digest is worth sending for any of them */
        }
        desk_drop(&step->desk, number);
    }
}

/* Whether the channel may be used now: its rate, and after failures one probe in a while. */
static bool may_leave(struct engine *engine, const struct channel *channel, int64_t now_ms)
{
    struct channel_pace pace = job_channel_pace(engine->store, channel->name);

    if ((is_out(&pace) && now_ms < pace.probe_ms) ||
        channel_is_held(engine->store, channel->name)) {
        return false;
    }
    return channel->per_minute == 0 || pace.minute != now_ms / 60000 ||
           pace.in_minute < channel->per_minute;
}

/* Its receiver has had enough of this channel for the day. */
static bool is_too_much(struct job_move *step, const struct channel *channel)
{
    struct engine *engine = step->engine;
    struct job *job = &step->job;
    int32_t today = day_of(engine, job, step->desk.now_ms);
    struct key key = key_job_day(today, channel->name, job->receiver);

    return channel->per_day != 0 && !job->urgent && read_day(engine, &key) >= channel->per_day;
}

/* When it may leave: at once, or it is put off to the receiver's next hours, or next day. */
static int64_t may_leave_from(struct job_move *step, const struct channel *channel)
{
    const struct job *job = &step->job;
    int64_t now_ms = step->desk.now_ms;
    const struct agency *agency = installed_agency(step->engine->law->installed, job->agency);

    if (agency != NULL && is_too_much(step, channel)) {
        now_ms = date_midnight(date_of_instant(now_ms, agency->office.zone_ms) + 1,
                               agency->office.zone_ms);
    }
    return job_permits(step->engine->law->installed, job, now_ms);
}

static void put_off(struct job_move *step, int64_t until_ms)
{
    step->report.step = JOB_STEP_DEFER;
    step->job.since_ms = until_ms;
    desk_wait(&step->job, until_ms);
    desk_put(&step->desk, &step->job);
    job_move_end(step);
}

/* Find the first that may go, with what goes along; false: none. Those whose receivers may not
 * be written to now, or have had enough, are put off on the way. */
static bool lease_next(struct job_move *step, const struct job_report *report,
                       const struct channel *channel, int64_t wall_ms)
{
    enum { PUT_OFF_MAX = 16 }; /* a call is never long: the rest comes with the next */
    struct engine *engine = step->engine;

    for (uint32_t i = 0; i < PUT_OFF_MAX; i++) {
        job_move_begin(step, engine, report, wall_ms);
        if (engine_stopped(engine) ||
            !queue_first(engine, channel->name, &engine->offer, &step->job)) {
            return false;
        }
        job_move_about(step);

        int64_t from_ms = may_leave_from(step, channel);

        if (from_ms <= step->desk.now_ms) {
            if (step->job.attempt == 0) {
                gather(step);
            }
            return true;
        }
        put_off(step, from_ms);
        if (engine->replayed != 0) {
            return false; /* that was the record done again */
        }
    }
    return false;
}

/* Lease it, with what is said in it; done again it says what it said. */
static bool hand_out(struct job_move *step, const struct channel *channel,
                     struct job_offer *offer)
{
    struct engine *engine = step->engine;
    bool said = true;

    step->job.state = JOB_LEASED;
    step->job.attempt++;
    step->job.token = step->desk.seq;
    step->job.worker = step->report.worker;
    step->job.until_ms = INSTANT_NEVER;
    *offer = (struct job_offer){.job = step->job, .channel = channel};
    if (engine->replayed == 0) {
        said = job_say(engine, offer, step->desk.now_ms, &engine->offer);
        if (said) {
            job_keep_words(engine, offer, &step->report.said);
        }
    }
    desk_put(&step->desk, &step->job);
    job_move_end(step);
    return said;
}

static enum status lease(struct engine *engine, const struct job_report *report,
                         int64_t wall_ms, struct job_offer *offer)
{
    const struct channel *channel = installed_channel(engine->law->installed, report->channel);
    struct job_move step = {.engine = engine};

    if (channel == NULL || !may_leave(engine, channel, engine_now(engine, wall_ms)) ||
        !lease_next(&step, report, channel, wall_ms)) {
        return STATUS_NOT_FOUND;
    }
    return hand_out(&step, channel, offer) ? STATUS_OK : STATUS_LIMIT;
}

enum status engine_lease(struct engine *engine, struct text channel, struct text worker,
                         int64_t wall_ms, struct job_offer *offer)
{
    struct job_report report = {.step = JOB_STEP_LEASE, .channel = channel, .worker = worker};

    return lease(engine, &report, wall_ms, offer);
}

void job_lease_again(struct engine *engine, const struct record *record)
{
    struct job_report report = record->job;
    struct job_offer offer;

    report.step = JOB_STEP_LEASE; /* or it was put off: that is found out again */
    (void)!lease(engine, &report, record->now_ms, &offer);
}

bool engine_leased(struct engine *engine, uint64_t token, struct arena *arena, struct job *job)
{
    struct key key = key_job_lease(token, 0);
    struct bytes value;
    uint64_t found;
    uint64_t number;

    return store_next(engine->store, TABLE_JOBS, &key, &value) &&
           key_is_job_lease(&key, &found, &number) && found == token &&
           engine_job(engine, number, arena, job);
}

void engine_watch_leases(struct engine *engine, void *context,
                         void (*on_over)(void *context, uint64_t token))
{
    engine->leases_context = context;
    engine->on_lease_over = on_over;
}

size_t engine_store_name(const struct engine *engine, char out[STORE_NAME_SIZE])
{
    return journal_store_name(engine->journal, out);
}

size_t journal_store_name(const struct journal *journal, char out[STORE_NAME_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t id[JOURNAL_ID_BYTES];

    journal_id(journal, id);
    for (size_t i = 0; i < sizeof(id); i++) {
        out[2 * i] = digits[id[i] >> 4];
        out[2 * i + 1] = digits[id[i] & 15];
    }
    out[2 * sizeof(id)] = '\0';
    return 2 * sizeof(id);
}

size_t engine_job_key(const struct engine *engine, const struct job *job,
                      char out[JOB_KEY_SIZE])
{
    char name[STORE_NAME_SIZE];
    struct text store = {.bytes = name, .size = engine_store_name(engine, name)};

    return job_key(job, store, out);
}

/* The key is asked first: a record is read for whoever knows one alone. */
bool engine_granted(struct engine *engine, uint64_t token, struct text worker, struct text key,
                    uint64_t *number)
{
    struct arena arena;
    struct record record;
    struct job_name name;
    struct job job;
    char own[JOB_KEY_SIZE];

    arena_init_over(&arena, engine->job_before_bytes, JOB_ARENA_BYTES);
    if (!job_key_read(key, &name) || !engine_job(engine, name.number, &arena, &job) ||
        !text_equal(key,
                    (struct text){.bytes = own, .size = engine_job_key(engine, &job, own)})) {
        return false;
    }
    *number = name.number;
    return engine_record(engine, token, &engine->read, &record) == STATUS_OK &&
           record.kind == RECORD_JOB && record.job.step == JOB_STEP_LEASE &&
           record.job.job == name.number && text_equal(record.job.worker, worker);
}

bool engine_next_lease(struct engine *engine, uint64_t *token, struct arena *arena,
                       struct job *job)
{
    struct key key = key_job_lease(*token + 1, 0);
    struct bytes value;
    uint64_t number;

    return store_next(engine->store, TABLE_JOBS, &key, &value) &&
           key_is_job_lease(&key, token, &number) && engine_job(engine, number, arena, job);
}

/* Take the job of a token in hand, whatever state it is in. */
static bool take_by_token(struct job_move *step, const struct job_report *report,
                          int64_t wall_ms)
{
    struct engine *engine = step->engine;

    job_move_begin(step, engine, report, wall_ms);
    return !engine_stopped(engine) &&
           engine_leased(engine, report->token, &engine->offer, &step->job);
}

bool engine_begin(struct engine *engine, uint64_t token, int64_t wall_ms)
{
    struct job_report report = {.step = JOB_STEP_BEGIN, .token = token};
    struct job_move step = {.engine = engine};

    if (!take_by_token(&step, &report, wall_ms) || step.job.state != JOB_LEASED ||
        step.job.useful_ms <= step.desk.now_ms || job_is_held(engine, &step.job)) {
        return false;
    }
    job_move_about(&step);
    step.job.state = JOB_BEGUN;
    desk_put(&step.desk, &step.job);
    job_move_end(&step);
    return true;
}
