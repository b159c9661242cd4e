#include "engine/parts.h"

#include "base/log.h"
#include "base/must.h"

/* So often the state is saved on the way: LMDB bounds what one transaction may change. */
enum { SAVE_EVERY = 4096 };

/* What waits for a case, tried again. */
static void try_waiting(struct engine *engine, const struct record *record)
{
    struct hand hand;

    if (record->number != 0 && hand_take(engine, record->number, &hand)) {
        waiting_try(engine, record->number, hand.state.agency, hand.state.id, record->now_ms);
    }
}

bool replay_act(struct engine *engine, const struct record *record)
{
    const struct message *why;
    struct job_said said;

    switch (record->act_kind) {
    case ACT_ACCEPT_TIME:
    case ACT_CHECKPOINT:
        engine_act(engine, record->act_kind, &record->act, record->wall_ms, record->now_ms);
        break;
    case ACT_BACKUP:
        engine_backup(engine, record->folder, &record->act, record->now_ms);
        break;
    case ACT_RESTORE:
        return engine_restore(engine, record->generation, &record->act, record->now_ms);
    case ACT_ERASE:
        return engine_erase(engine, record->of_agency, record->of_case, &record->act,
                            record->now_ms, &why);
    case ACT_HOLD:
    case ACT_UNHOLD:
        return engine_hold(engine,
                           &(struct hold){.agency = record->of_agency,
                                          .case_id = record->of_case,
                                          .channel = record->of_channel,
                                          .off = record->act_kind == ACT_UNHOLD},
                           &record->act, record->now_ms, &why);
    case ACT_DISCLOSE:
        return engine_disclose(engine, record->of_agency, record->of_case, record->of_lease,
                               &record->act, record->now_ms, NULL, &said, &why);
    case ACT_RELEASE:
        return engine_release(engine, record->of_agency, record->of_case, &record->act,
                              record->now_ms, &why);
    }
    return true;
}

static void import_again(struct engine *engine, const struct record *record)
{
    struct import import = {.submissions = record->submissions,
                            .count = record->submission_count,
                            .act = &record->act};
    struct receipt receipt;
    uint32_t refused;

    engine_import(engine, &import, record->now_ms, &receipt, &refused);
}

/* Do again what the next record says was done. What it caused of itself follows on its own. */
static void do_again(struct engine *engine, const struct record *record)
{
    struct receipt receipt;
    struct problem_list problems;

    switch (record->kind) {
    case RECORD_EVENT:
        if (submission_is_made(&record->submission)) { /* its cause was applied as recorded */
            event_take_made(engine, &record->submission, record->now_ms);
            errand_run(engine, record->now_ms);
            break;
        }
        engine_event(engine, &record->submission, record->now_ms, &receipt);
        break;
    case RECORD_REST:
        if (!record->wait_over) { /* what caused it was applied as recorded */
            try_waiting(engine, record);
            break;
        }
        (void)engine_fire(engine, record->now_ms, 1);
        break;
    case RECORD_MOMENT:
        (void)engine_fire(engine, record->now_ms, 1);
        break;
    case RECORD_DERIVED:
        hand_derive(engine, record->number, record->now_ms);
        break;
    case RECORD_INSTALL:
        problem_list_init(&problems, &engine->step);
        if (!engine_install(engine, record->files, record->file_count, &record->act,
                            record->now_ms, &problems)) {
            engine->strayed = true;
        }
        break;
    case RECORD_MIGRATED:
        migrate_again(engine, record);
        break;
    case RECORD_JOB:
        jobs_again(engine, record);
        break;
    case RECORD_IMPORT:
        import_again(engine, record);
        break;
    case RECORD_ACT:
        engine->strayed = !replay_act(engine, record) || engine->strayed;
        break;
    }
    if (engine->replayed == engine->replaying) { /* it came to nothing this time */
        engine->strayed = true;
        replay_tell_otherwise(engine, engine->replaying, NULL);
    }
}

void replay_tell_otherwise(struct engine *engine, uint64_t seq, const struct record *today)
{
    struct arena arena;
    struct record recorded;

    if (engine->watch.on_otherwise == NULL) {
        log_error("replay.strayed record=%llu reason=\"stepped again it comes out otherwise\" "
                  "do=\"duban audit verify; keep the store, and report this\"",
                  (unsigned long long)seq);
        return;
    }
    arena_init_growing(&arena, 2 * READ_BYTES);
    if (engine_record(engine, seq, &arena, &recorded) == STATUS_OK) {
        engine->watch.on_otherwise(engine->watch.context, seq, &recorded, today);
    }
    arena_fini(&arena);
}

/* Take back what a record did that came out otherwise: to the last save, and its law. */
static enum status take_back(struct engine *engine, struct held_law *law)
{
    struct reached reached;

    store_abandon(engine->store);
    law_release(engine->held);
    engine->held = law_hold(law);
    engine->law = law->law;
    engine->strayed = false;
    return meta_read(engine, &reached);
}

/* Step it again by today's law; what comes out otherwise is told, and applied as recorded. */
static enum status step_today(struct engine *engine, uint64_t seq, const struct record *record)
{
    struct held_law *law = law_hold(engine->held);
    enum status status = engine_save(engine);

    if (status == STATUS_OK) {
        do_again(engine, record);
        if (engine->strayed) {
            status = take_back(engine, law);
            status = status == STATUS_OK ? recorded_apply(engine, seq, record) : status;
        }
    }
    law_release(law);
    return status;
}

/* Records of the present law are stepped again and must agree; others are applied as they
 * stand. */
static enum status replay_record(struct engine *engine, uint64_t seq, uint32_t law,
                                 const struct record *record)
{
    uint32_t own = 0;
    enum status status = journal_law(engine->journal, journal_next(engine->journal), &own);

    engine->replaying = seq;
    if (status != STATUS_OK) {
        return status;
    }
    if (engine->watch.on_otherwise != NULL) {
        return step_today(engine, seq, record);
    }
    if (law != own) {
        return recorded_apply(engine, seq, record);
    }
    do_again(engine, record);
    return engine->strayed ? STATUS_MALFORMED : STATUS_OK;
}

static enum status replay_at(struct engine *engine, uint64_t seq)
{
    struct arena arena;
    struct record record;
    uint32_t law = 0;

    /* Of its own: the engine reads other records while it does this one again. */
    arena_init_growing(&arena, 2 * READ_BYTES);

    enum status status = engine_record(engine, seq, &arena, &record);

    if (status == STATUS_OK) {
        status = journal_law(engine->journal, seq, &law);
    }
    if (status == STATUS_OK) {
        status = replay_record(engine, seq, law, &record);
    }
    if (status == STATUS_OK && engine->replayed == journal_next(engine->journal)) {
        try_waiting(engine, &record); /* a torn write may have taken what followed from it */
    }
    arena_fini(&arena);
    return status;
}

enum status engine_replay(struct engine *engine)
{
    uint64_t saved = engine->replayed;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && engine->replayed < journal_next(engine->journal) &&
           !engine_stopped(engine)) {
        status = replay_at(engine, engine->replayed);
        if (status == STATUS_OK && engine->replayed - saved >= SAVE_EVERY) {
            saved = engine->replayed;
            status = engine_save(engine);
        }
    }
    if (status != STATUS_OK) {
        return status;
    }
    return engine->strayed ? STATUS_MALFORMED : store_status(engine->store);
}
