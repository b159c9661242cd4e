#include "engine/parts.h"

#include "base/must.h"

/* Do again what the next record says was done. What it caused of itself follows on its own. */
static void do_again(struct engine *engine, const struct record *record)
{
    struct receipt receipt;
    struct problem_list problems;

    switch (record->kind) {
    case RECORD_EVENT:
        engine_event(engine, &record->submission, record->now_ms, &receipt);
        break;
    case RECORD_REST:
    case RECORD_MOMENT:
        (void)engine_fire(engine, record->now_ms, 1);
        break;
    case RECORD_DERIVED:
        hand_derive(engine, record->number, record->now_ms);
        break;
    case RECORD_INSTALL:
        problem_list_init(&problems, &engine->step);
        if (!engine_install(engine, record->files, record->file_count, record->now_ms,
                            &problems)) {
            engine->strayed = true;
        }
        break;
    }
}

enum status engine_replay(struct engine *engine)
{
    struct arena arena;

    while (engine->replayed < journal_next(engine->journal) && !engine_stopped(engine)) {
        struct record record;
        uint64_t seq = engine->replayed;

        /* Of its own: the engine reads other records while it does this one again. */
        arena_init_growing(&arena, 2 * READ_BYTES);
        if (engine_record(engine, seq, &arena, &record) != STATUS_OK) {
            arena_fini(&arena);
            return STATUS_MALFORMED;
        }
        do_again(engine, &record);
        arena_fini(&arena);
        if (engine->replayed == seq) { /* it came to nothing this time */
            return STATUS_MALFORMED;
        }
    }
    return engine->strayed ? STATUS_MALFORMED : store_status(engine->store);
}
