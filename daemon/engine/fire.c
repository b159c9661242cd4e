#include "engine/parts.h"

#include "base/must.h"

int64_t engine_next_ms(struct engine *engine)
{
    struct moment moment;

    if (engine_stopped(engine) || !moment_first(engine, engine->now_ms, &moment)) {
        return INSTANT_NEVER;
    }
    return moment.due_ms;
}

/* A case's next moment. One whose calendar has changed is derived first: it may not be due. */
static void fire_case(struct engine *engine, uint64_t number, int64_t wall_ms)
{
    struct record record = {.kind = RECORD_MOMENT, .now_ms = engine_now(engine, wall_ms)};
    struct outcome outcome;
    struct hand hand;
    uint64_t seq;

    MUST(hand_take(engine, number, &hand));
    if (hand_is_stale(engine, &hand)) {
        hand_derive(engine, number, wall_ms);
        MUST(hand_take(engine, number, &hand));
        if (engine_stopped(engine) || hand.state.next_ms > record.now_ms) {
            return;
        }
    }
    record.due_ms = hand.state.next_ms;

    struct step step = hand_step(engine, &hand, record.now_ms);

    MUST(case_fire(&step, &engine->step, &outcome));
    MUST(hand_settle(engine, &hand, &record, &outcome, NULL, &seq));
    waiting_try(engine, number, hand.state.agency, hand.state.id, wall_ms);
}

static void fire(struct engine *engine, const struct moment *moment, int64_t wall_ms)
{
    switch (moment->kind) {
    case MOMENT_CASE:
        fire_case(engine, moment->number, wall_ms);
        break;
    case MOMENT_WAITING:
        moment_take(engine, moment);
        waiting_end(engine, moment->number, wall_ms);
        break;
    case MOMENT_JOB:
        job_fire(engine, moment->number, wall_ms);
        break;
    }
}

uint32_t engine_fire(struct engine *engine, int64_t wall_ms, uint32_t max)
{
    int64_t now_ms = engine_now(engine, wall_ms);
    uint32_t fired = 0;
    struct moment moment;

    while (fired < max && !engine_stopped(engine) && moment_first(engine, now_ms, &moment) &&
           moment.due_ms <= now_ms) {
        fire(engine, &moment, wall_ms);
        errand_run(engine, wall_ms);
        fired++;
    }
    return fired;
}

uint32_t engine_sweep(struct engine *engine, int64_t wall_ms, uint32_t max)
{
    uint32_t done = 0;

    while (done < max && engine->swept < engine->case_count && !engine_stopped(engine)) {
        hand_derive(engine, engine->swept + 1, wall_ms);
        engine->swept++;
        done++;
    }
    return done;
}
