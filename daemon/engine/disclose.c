#include "engine/parts.h"

#include "base/must.h"

/* Looking at what told a private fact: an act of its own, so that it is known who did. */

/* The sealed words that went with a lease about that case; they lie in the engine's memory. */
static bool find_words(struct engine *engine, uint64_t number, uint64_t lease,
                       struct job_said *said)
{
    struct record record;
    struct arena arena;
    struct job job;

    if (lease == 0 || lease > engine_seq(engine) ||
        engine_record(engine, lease, &engine->read, &record) != STATUS_OK ||
        record.kind != RECORD_JOB || record.job.step != JOB_STEP_LEASE ||
        !record.job.said.sealed) {
        return false;
    }
    *said = record.job.said;
    arena_init_over(&arena, engine->job_bytes, JOB_ARENA_BYTES);
    for (uint32_t i = 0; i < record.job_count; i++) {
        if (record.jobs[i].number == record.job.job && record.jobs[i].value.size > 0 &&
            job_decode(record.job.job, record.jobs[i].value, &arena, &job) == STATUS_OK) {
            return job.notice_count > 0 && job.notices[0].number == number;
        }
    }
    return false;
}

/* Who looked stands in the file of the case. */
static void file(struct engine *engine, uint64_t number, uint64_t seq)
{
    struct case_file file;

    MUST(casefile_load(engine->store, number, engine->before_room, &file));
    casefile_add(engine->store, &file, NULL, seq);
    casefile_save(engine->store, &file, file.state.size);
}

bool engine_disclose(struct engine *engine, struct text agency, struct text case_id,
                     uint64_t lease, const struct act *act, int64_t wall_ms,
                     struct arena *arena, struct job_said *said, const struct message **why)
{
    struct record record = {.kind = RECORD_ACT,
                            .act = *act,
                            .act_kind = ACT_DISCLOSE,
                            .now_ms = engine_now(engine, wall_ms),
                            .of_agency = agency,
                            .of_case = case_id,
                            .of_lease = lease,
                            .verdict = RECORD_APPLIED,
                            .stage = NO_INDEX,
                            .next_due_ms = INSTANT_NEVER};
    struct happening happening = {.record = &record};
    const struct submission named = {.agency = agency, .case_id = case_id};
    uint64_t number = 0;

    *why = &engine_no_words;
    if (!engine_stopped(engine) && !text_empty(agency) && agency.size <= AGENCY_BYTES_MAX &&
        !text_empty(case_id) && case_id.size <= CASE_ID_BYTES_MAX) {
        number = event_case(engine, &named);
    }
    if (number == 0 || !find_words(engine, number, lease, said)) {
        return false;
    }
    if (engine->replayed == 0 && !sealing_read_words(engine, number, said, arena)) {
        *why = &engine_facts_gone;
        return false;
    }

    uint64_t seq = engine_append(engine, &happening);

    if (!engine_stopped(engine)) {
        file(engine, number, seq);
    }
    return true;
}
