#include "engine/parts.h"

#include "base/must.h"

static const struct act by_nobody;

static void tell(const struct migration *migration, const struct hand *hand,
                 const struct told *reasons, uint32_t count)
{
    if (migration->on_case != NULL) {
        migration->on_case(migration->context, &hand->state, reasons, count);
    }
}

/* Why it cannot go, in the words of the version that it would go to. */
static void tell_refused(struct engine *engine, const struct migration *migration,
                         const struct hand *hand, const struct outcome *outcome)
{
    const struct told *reasons =
        reasons_told(outcome->reasons, outcome->reason_count,
                     law_procedure(engine->law, migration->to), &engine->answer);

    tell(migration, hand, reasons, reasons == NULL ? 0 : outcome->reason_count);
}

static void tell_limit(struct engine *engine, const struct migration *migration,
                       const struct hand *hand)
{
    struct reason reason = {.code = text_of(engine_limit.code),
                            .message = &engine_limit,
                            .arguments = {TEXT("state")}};
    struct outcome outcome = {.reasons = &reason, .reason_count = 1};

    tell_refused(engine, migration, hand, &outcome);
}

static bool step_over(struct engine *engine, const struct migration *migration,
                      struct hand *hand, int64_t now_ms, struct outcome *outcome)
{
    const struct procedure *old = hand->procedure;
    struct step step = hand_step(engine, hand, now_ms);

    step.procedure = law_procedure(engine->law, migration->to);
    MUST(step.procedure != NULL);
    MUST(case_migrate(&step, old, &engine->step, outcome));
    return outcome->verdict == VERDICT_APPLIED;
}

/* One case in hand, of that version and not closed. */
static void migrate(struct engine *engine, const struct migration *migration, struct hand *hand,
                    int64_t wall_ms)
{
    struct record record = {.kind = RECORD_MIGRATED,
                            .act = migration->act == NULL ? by_nobody : *migration->act,
                            .of_procedure = migration->from,
                            .verdict = RECORD_APPLIED,
                            .now_ms = engine_now(engine, wall_ms)};
    struct outcome outcome;
    uint64_t seq;

    if (!step_over(engine, migration, hand, record.now_ms, &outcome)) {
        tell_refused(engine, migration, hand, &outcome);
        return;
    }
    if (!migration->dry) {
        MUST(hand_turn(engine, hand, migration->to));
        if (!hand_settle(engine, hand, &record, &outcome, NULL, &seq)) {
            tell_limit(engine, migration, hand);
            return;
        }
    }
    tell(migration, hand, NULL, 0);
}

static bool take(struct engine *engine, uint64_t number, uint32_t from, struct hand *hand)
{
    return hand_take(engine, number, hand) && hand->file.procedure == from &&
           hand->state.phase != CASE_CLOSED;
}

uint64_t engine_migrate(struct engine *engine, const struct migration *migration,
                        uint64_t after, uint32_t max, int64_t wall_ms)
{
    struct hand hand;

    for (uint32_t i = 0; i < max && after < engine->case_count && !engine_stopped(engine);
         i++) {
        arena_init_over(&engine->answer, engine->answer_bytes, ANSWER_BYTES);
        after++;
        if (!take(engine, after, migration->from, &hand)) {
            continue;
        }
        if (hand_is_stale(engine, &hand) && !migration->dry) {
            hand_derive(engine, after, wall_ms);
            MUST(take(engine, after, migration->from, &hand));
        }
        migrate(engine, migration, &hand, wall_ms);
    }
    return after;
}

void migrate_again(struct engine *engine, const struct record *record)
{
    struct migration migration = {
        .from = record->of_procedure, .to = record->procedure, .act = &record->act};
    struct hand hand;

    arena_init_over(&engine->answer, engine->answer_bytes, ANSWER_BYTES);
    if (law_procedure(engine->law, migration.to) != NULL &&
        take(engine, record->number, migration.from, &hand)) {
        migrate(engine, &migration, &hand, record->now_ms);
    }
}
