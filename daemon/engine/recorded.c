#include "engine/parts.h"

/*
 * A record of another law, applied as it stands: its outcome is data, and what it says of the
 * case leads from the state before it to the one after. Nothing is decided, and nothing else
 * follows from it, for that stands in records of its own.
 */

static enum status apply_event(struct engine *engine, uint64_t seq, const struct record *record)
{
    const struct submission *submission = &record->submission;
    struct digest digest = submission_digest(submission);

    switch (record->verdict) {
    case RECORD_APPLIED:
        return hand_store_recorded(engine, record, submission, &digest, seq);
    case RECORD_WAITING:
        waiting_add(engine, submission, seq, record->now_ms + submission->wait_ms, &digest);
        return STATUS_OK;
    case RECORD_REJECTED:
        break;
    }
    (void)event_count_refusal(engine, record);
    return record->number == 0 ? STATUS_OK
                               : hand_store_recorded(engine, record, NULL, NULL, seq);
}

/* The one that waited is remembered in the case's file, where there is a case. */
static enum status apply_rest(struct engine *engine, uint64_t seq, const struct record *record)
{
    struct arena arena;
    struct record first;

    arena_init_growing(&arena, 2 * READ_BYTES);

    enum status status = engine_record(engine, record->of_seq, &arena, &first);

    if (status == STATUS_OK && record->number != 0) {
        struct digest digest = submission_digest(&first.submission);

        status = hand_store_recorded(engine, record, NULL, &digest, seq);
    }
    if (status == STATUS_OK) {
        waiting_stop(engine, &first.submission, record->of_seq, false);
    }
    arena_fini(&arena);
    return status;
}

static enum status apply_install(struct engine *engine, const struct record *record)
{
    struct problem_list problems;

    problem_list_init(&problems, &engine->step);
    return engine_install(engine, record->files, record->file_count, &record->act,
                          record->now_ms, &problems)
               ? STATUS_OK
               : STATUS_MALFORMED;
}

enum status recorded_apply(struct engine *engine, uint64_t seq, const struct record *record)
{
    enum status status = STATUS_OK;

    engine->as_recorded = true;
    switch (record->kind) {
    case RECORD_EVENT:
        status = apply_event(engine, seq, record);
        break;
    case RECORD_REST:
        status = apply_rest(engine, seq, record);
        break;
    case RECORD_MOMENT:
    case RECORD_DERIVED:
    case RECORD_MIGRATED:
        status = hand_store_recorded(engine, record, NULL, NULL, seq);
        break;
    case RECORD_JOB:
        jobs_settle(engine, record, seq);
        break;
    case RECORD_INSTALL:
        status = apply_install(engine, record);
        break;
    case RECORD_IMPORT:
        status = hand_store_imported(engine, record, seq);
        break;
    case RECORD_ACT:
        status = replay_act(engine, record) ? STATUS_OK : STATUS_MALFORMED;
        break;
    }
    if (status == STATUS_OK && record->kind != RECORD_JOB) {
        jobs_apply(engine, record, NULL);
    }
    engine->as_recorded = false;
    engine->now_ms = record->now_ms;
    engine->replayed = seq + 1;
    return status;
}
