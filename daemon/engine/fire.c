#include "engine/parts.h"

#include "base/must.h"

/* The first row of `moments`; false: there is none. */
static bool first_moment(struct engine *engine, struct key *key, int64_t *due_ms,
                         enum moment_kind *kind, uint64_t *number)
{
    struct bytes value;

    *key = key_first_moment();
    if (!store_next(engine->store, TABLE_MOMENTS, key, &value)) {
        return false;
    }
    key_read_moment(key, due_ms, kind, number);
    return true;
}

int64_t engine_next_ms(struct engine *engine)
{
    struct key key;
    int64_t due_ms;
    enum moment_kind kind;
    uint64_t number;

    if (engine_stopped(engine) || !first_moment(engine, &key, &due_ms, &kind, &number)) {
        return INSTANT_NEVER;
    }
    return due_ms;
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

uint32_t engine_fire(struct engine *engine, int64_t wall_ms, uint32_t max)
{
    int64_t now_ms = engine_now(engine, wall_ms);
    uint32_t fired = 0;
    struct key key;
    int64_t due_ms;
    enum moment_kind kind;
    uint64_t number;

    while (fired < max && !engine_stopped(engine) &&
           first_moment(engine, &key, &due_ms, &kind, &number) && due_ms <= now_ms) {
        if (kind == MOMENT_CASE) {
            fire_case(engine, number, wall_ms);
        } else {
            store_delete(engine->store, TABLE_MOMENTS, &key);
            waiting_end(engine, number, wall_ms);
        }
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
