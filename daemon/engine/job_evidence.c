#include "engine/job_parts.h"

#include "base/must.h"
#include "engine/receipt.h"

/*
 * What is heard of a message after it left: it arrived, or it came back. Whoever says so knows
 * it by its key alone. What was sent has no row any more, but the journal has all of it: the
 * key names the record that made the job, that names its case, and the case's file has the
 * rest.
 */

enum { FACT_BYTES_MAX = 256 };

/* A message that left, found again by its key. */
struct sent {
    struct job_name name;
    uint64_t number;     /* of the case that its first notice is about */
    uint64_t token;      /* of the lease under which it was done; 0: nobody said that it was */
    uint64_t report_seq; /* the same was reported before, by this record; 0: it was not */
};

static bool take_apart(uint64_t number, const struct record *record, struct arena *arena,
                       struct job *job)
{
    for (uint32_t i = 0; i < record->job_count; i++) {
        struct bytes value = record->jobs[i].value;

        if (record->jobs[i].number == number && value.size > 0) {
            value.at = arena_copy(arena, value.at, value.size);
            return value.at != NULL && job_decode(number, value, arena, job) == STATUS_OK;
        }
    }
    return false;
}

/* A job as a record has it. */
static bool job_of_record(struct engine *engine, uint64_t seq, uint64_t number,
                          struct arena *arena, struct job *job)
{
    struct record record;

    return seq != 0 && seq <= engine_seq(engine) &&
           engine_record(engine, seq, &engine->read, &record) == STATUS_OK &&
           take_apart(number, &record, arena, job);
}

bool job_as_leased(struct engine *engine, uint64_t token, uint64_t number, struct arena *arena,
                   struct job *job)
{
    return job_of_record(engine, token, number, arena, job) && job->token == token;
}

/* What a record of the case says of the message. */
static void look_at(struct engine *engine, const struct record *record, uint64_t seq,
                    const struct job_report *report, struct sent *sent)
{
    const struct job_report *said = &record->job;
    uint8_t *mark = arena_mark(&engine->offer);
    struct job job;

    if (record->kind != RECORD_JOB || said->job != sent->name.number) {
        return;
    }
    if (said->step == report->step && text_equal(said->key, report->key)) {
        sent->report_seq = seq;
    } else if (said->step == JOB_STEP_DONE && sent->token == 0 &&
               text_equal(said->channel, sent->name.channel)) {
        uint64_t token = said->token;

        if (job_as_leased(engine, token, sent->name.number, &engine->offer, &job) &&
            job.resends == sent->name.resends) {
            sent->token = token;
        }
    }
    arena_rewind(&engine->offer, mark);
}

/* Follow a key: false: no job of this store ever had it. */
static bool find(struct engine *engine, const struct job_report *report, struct sent *sent)
{
    uint8_t *mark = arena_mark(&engine->offer);
    char room[STORE_NAME_SIZE];
    struct text store = {.bytes = room, .size = engine_store_name(engine, room)};
    struct case_file file;
    struct job made;

    *sent = (struct sent){0};
    if (!job_key_read(report->key, &sent->name) || !text_equal(sent->name.store, store)) {
        return false;
    }

    uint64_t first_seq = job_record(sent->name.number);
    bool there =
        job_of_record(engine, first_seq, sent->name.number, &engine->offer, &made) &&
        made.generation == sent->name.generation && made.notice_count > 0 &&
        casefile_load(engine->store, made.notices[0].number, engine->before_room, &file);

    arena_rewind(&engine->offer, mark);
    if (!there) {
        return false;
    }
    sent->number = file.number;
    for (uint32_t i = file.entries; i > 0 && sent->report_seq == 0; i--) {
        uint64_t seq = casefile_record(engine->store, &file, i - 1);
        struct record record;

        if (seq <= first_seq) {
            break;
        }
        MUST(engine_record(engine, seq, &engine->read, &record) == STATUS_OK);
        look_at(engine, &record, seq, report, sent);
    }
    return true;
}

/* A notice as its case calls things today: it may have gone over to another version since
 * it was leased. `role` is the job's, where the notice is its first. */
static void bring_up(struct engine *engine, uint64_t since_seq, struct job_notice *notice,
                     uint16_t *role)
{
    struct case_file file;

    MUST(casefile_load(engine->store, notice->number, engine->before_room, &file));
    for (uint32_t i = 0; i < file.entries; i++) {
        uint64_t seq = casefile_record(engine->store, &file, i);
        struct record record;

        if (seq <= since_seq) {
            continue;
        }
        MUST(engine_record(engine, seq, &engine->read, &record) == STATUS_OK);
        if (record.kind == RECORD_MIGRATED) {
            const struct procedure *old = law_procedure(engine->law, record.of_procedure);
            const struct procedure *new = law_procedure(engine->law, record.procedure);

            notice->clock = migrated_clock(old, new, notice->clock);
            if (role != NULL) {
                *role = migrated_role(old, new, *role);
            }
        }
    }
}

static void bring_all_up(struct job_move *step)
{
    for (uint32_t i = 0; i < step->job.notice_count; i++) {
        bring_up(step->engine, step->report.token, &step->job.notices[i],
                 i == 0 ? &step->job.role : NULL);
    }
}

/* The lease under which a job was last done, by what the file of its first case says. */
static uint64_t last_done(struct engine *engine, const struct case_file *file, uint64_t number)
{
    for (uint32_t i = file->entries; i > 0; i--) {
        uint64_t seq = casefile_record(engine->store, file, i - 1);
        struct record record;

        if (seq <= job_record(number)) {
            break;
        }
        MUST(engine_record(engine, seq, &engine->read, &record) == STATUS_OK);
        if (record.kind == RECORD_JOB && record.job.job == number &&
            record.job.step == JOB_STEP_DONE) {
            return record.job.token;
        }
    }
    return 0;
}

bool job_take_sent(struct job_move *step, uint64_t number)
{
    struct engine *engine = step->engine;
    struct case_file file;

    if (!job_of_record(engine, job_record(number), number, &engine->offer, &step->job) ||
        step->job.notice_count == 0 ||
        !casefile_load(engine->store, step->job.notices[0].number, engine->before_room,
                       &file)) {
        return false;
    }
    step->report.token = last_done(engine, &file, number);
    if (!job_as_leased(engine, step->report.token, number, &engine->offer, &step->job)) {
        return false;
    }
    bring_all_up(step);
    step->job.token = 0;
    return true;
}

bool job_has_arrived(struct engine *engine, const struct job *job)
{
    char room[JOB_KEY_SIZE];
    struct text key = {.bytes = room, .size = engine_job_key(engine, job, room)};
    struct job_report report = {.step = JOB_STEP_DELIVERED, .key = key};
    struct sent sent;

    return find(engine, &report, &sent) && sent.report_seq != 0;
}

/* Whether a notice is still worth a message: nothing that calls it back has happened. */
static bool is_wanted(struct engine *engine, const struct job_notice *notice)
{
    struct hand hand;

    if (!hand_take(engine, notice->number, &hand) || hand.state.phase == CASE_CLOSED) {
        return false;
    }
    if (notice->clock == NO_INDEX) {
        return true;
    }

    const struct instance *instance =
        state_instance_numbered(&hand.state, notice->clock, notice->instance);

    return instance != NULL &&
           instance->state == (notice->rung ? INSTANCE_OVERDUE : INSTANCE_RUNNING);
}

/* Take what came back in hand again, with those of its notices that are still worth a message;
 * false: none is. */
static bool revive(struct job_move *step)
{
    struct engine *engine = step->engine;
    struct job *job = &step->job;
    struct job_notice *left = arena_take(&engine->offer, job->notice_count * sizeof(*left));
    uint32_t count = 0;

    MUST(left != NULL);
    bring_all_up(step);
    for (uint32_t i = 0; i < job->notice_count; i++) {
        if (is_wanted(engine, &job->notices[i])) {
            left[count++] = job->notices[i];
        }
    }
    job->notices = left;
    job->notice_count = count;
    job->token = 0;
    return count > 0 && job->useful_ms > step->desk.now_ms;
}

/* A job that nobody said was sent: a report is what settles it. Of one that is being sent, and
 * was faster than its worker, the worker has the word, who knows what exactly went out; and so
 * it has of one that came back and is in its hand anew. One that arrived is not begun again. */
static void settle_live(struct job_move *step, bool own)
{
    struct job *job = &step->job;
    bool in_hand = job->state == JOB_LEASED || job->state == JOB_BEGUN;

    step->report.token = job->token;
    if (!own) {
        return;
    }
    if (step->report.step == JOB_STEP_DELIVERED) {
        if (!in_hand || (job->state == JOB_LEASED && job->attempt > 1)) {
            desk_drop(&step->desk, job->number);
        }
    } else if (job->state != JOB_LEASED && job->state != JOB_INCIDENT) {
        job_fail_for_good(step);
        job_hold(step->engine, job);
        desk_put(&step->desk, job);
    }
}

enum evidence { EVIDENCE_NONE, EVIDENCE_OTHER, EVIDENCE_KNOWN, EVIDENCE_TAKEN };

/* Whether the case that was named, if one was, is that of the message. */
static bool is_about(struct engine *engine, const struct sent *sent,
                     const struct submission *submission)
{
    struct hand hand;

    if (submission == NULL || text_empty(submission->case_id)) {
        return true;
    }
    MUST(hand_take(engine, sent->number, &hand));
    return text_equal(hand.state.id, submission->case_id) &&
           (text_empty(submission->agency) || text_equal(hand.agency->id, submission->agency));
}

/* Record what is said of a message, once, and draw the consequence. *seq: the record of it. */
static enum evidence take(struct engine *engine, const struct job_report *report,
                          const struct submission *submission, int64_t wall_ms, uint64_t *seq)
{
    struct job_move step;
    struct sent sent;

    job_move_begin(&step, engine, report, wall_ms);
    if (engine_stopped(engine) || !find(engine, report, &sent)) {
        return EVIDENCE_NONE;
    }
    if (!is_about(engine, &sent, submission)) {
        return EVIDENCE_OTHER;
    }
    *seq = sent.report_seq;
    if (sent.report_seq != 0) {
        return EVIDENCE_KNOWN;
    }

    bool live =
        engine_job(engine, sent.name.number, &engine->offer, &step.job) && step.job.attempt > 0;

    if (!live &&
        !job_as_leased(engine, sent.token, sent.name.number, &engine->offer, &step.job)) {
        return EVIDENCE_NONE;
    }
    step.report.token = sent.token;
    step.report.job = step.job.number;
    step.report.channel = sent.name.channel;
    step.report.receiver = step.job.receiver;
    if (live) {
        settle_live(&step, job_has_name(&step.job, &sent.name));
    } else if (report->step == JOB_STEP_BOUNCED && revive(&step)) {
        step.job.last = text_shortened(report->words, JOB_LAST_MAX);
        job_fail_for_good(&step);
        job_hold(engine, &step.job);
        desk_put(&step.desk, &step.job);
    }
    job_move_end(&step);
    *seq = engine_seq(engine);
    return EVIDENCE_TAKEN;
}

void evidence_again(struct engine *engine, const struct record *record)
{
    uint64_t seq;

    (void)take(engine, &record->job, NULL, record->now_ms, &seq);
}

static struct text carried(const struct submission *submission, struct text name)
{
    for (uint32_t i = 0; i < submission->event.fact_count; i++) {
        if (text_equal(submission->event.facts[i].name, name)) {
            return text_part(submission->event.facts[i].value, 0, FACT_BYTES_MAX);
        }
    }
    return (struct text){0};
}

static bool is_delivered(const struct submission *submission)
{
    return text_is(submission->event.type, "notice.delivered");
}

/* One without such a key is an event like any other: a person's word about a paper. */
bool evidence_is(const struct submission *submission)
{
    struct job_name name;

    return (is_delivered(submission) || text_is(submission->event.type, "notice.bounced")) &&
           job_key_read(carried(submission, TEXT("notice")), &name);
}

static void refuse(struct engine *engine, const struct message *message, struct text one,
                   struct text two, struct receipt *receipt)
{
    struct reason reason = {
        .code = text_of(message->code), .message = message, .arguments = {one, two}};
    struct record record = {.kind = RECORD_EVENT,
                            .verdict = RECORD_REJECTED,
                            .stage = NO_INDEX,
                            .next_due_ms = INSTANT_NEVER,
                            .reasons = reasons_told(&reason, 1, NULL, &engine->answer),
                            .reason_count = 1};

    receipt_from(&record, 0, NULL, &engine->answer, receipt);
}

void evidence_take(struct engine *engine, const struct submission *submission, int64_t wall_ms,
                   struct receipt *receipt)
{
    struct text key = carried(submission, TEXT("notice"));
    int64_t now_ms = engine_now(engine, wall_ms);
    int64_t said_ms = submission->event.occurred_ms;
    int64_t at_ms = job_instant_kept(said_ms, now_ms + FUTURE_MS);
    struct job_report report = {
        .step = is_delivered(submission) ? JOB_STEP_DELIVERED : JOB_STEP_BOUNCED,
        .key = key,
        .worker = submission->source,
        .at_ms =
            at_ms == 0 ? now_ms : at_ms, /* a gateway tells when it hears, not when it was */
        .words = job_words_kept(carried(submission, TEXT("result")), &engine->answer),
    };
    uint64_t seq = 0;

    if (said_ms > now_ms + FUTURE_MS) {
        refuse(engine, &engine_notice_future, key, (struct text){0}, receipt);
        return;
    }

    enum evidence evidence = take(engine, &report, submission, wall_ms, &seq);

    switch (evidence) {
    case EVIDENCE_NONE:
        refuse(engine, &engine_no_notice, key, (struct text){0}, receipt);
        return;
    case EVIDENCE_OTHER:
        refuse(engine, &engine_notice_other, key, submission->case_id, receipt);
        return;
    case EVIDENCE_KNOWN:
    case EVIDENCE_TAKEN:
        break;
    }
    *receipt = (struct receipt){.verdict = evidence == EVIDENCE_KNOWN ? RECEIPT_DUPLICATE
                                                                      : RECEIPT_APPLIED,
                                .first = RECEIPT_APPLIED,
                                .seq = seq,
                                .next_due_ms = INSTANT_NEVER};
}
