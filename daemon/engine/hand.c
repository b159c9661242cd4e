#include "engine/parts.h"

#include "base/must.h"
#include "codec/state.h"

#include <string.h>

static void empty_step(struct engine *engine)
{
    arena_init_over(&engine->step, engine->step_bytes, STEP_BYTES);
}

bool hand_take(struct engine *engine, uint64_t number, struct hand *hand)
{
    empty_step(engine);
    if (!casefile_load(engine->store, number, engine->before_room, &hand->file)) {
        return false;
    }
    hand->old_bytes = hand->file.state.size;
    hand->cause = NULL;
    hand->was = hand->file.procedure;
    hand->others = NULL;
    hand->other_count = 0;
    hand->procedure = law_procedure(engine->law, hand->file.procedure);
    MUST(hand->procedure != NULL);
    MUST(state_decode(hand->file.state, hand->procedure, &engine->step, &hand->state) ==
         STATUS_OK);
    hand->agency = installed_agency(engine->law->installed, hand->state.agency);
    MUST(hand->agency != NULL);
    return true;
}

void hand_begin(struct engine *engine, const struct law_procedure *procedure,
                const struct agency *agency, struct text case_id, struct hand *hand)
{
    empty_step(engine);
    *hand = (struct hand){
        .file = {.number = engine->case_count + 1, .procedure = procedure->number},
        .procedure = procedure->procedure,
        .agency = agency,
        .state = {.number = engine->case_count + 1,
                  .id = case_id,
                  .agency = agency->id,
                  .phase = CASE_NEW,
                  .next_ms = INSTANT_NEVER},
    };
}

struct step hand_step(const struct engine *engine, const struct hand *hand, int64_t now_ms)
{
    return (struct step){
        .procedure = hand->procedure,
        .installed = engine->law->installed,
        .agency = hand->agency,
        .before = &hand->state,
        .now_ms = now_ms,
    };
}

bool hand_is_stale(const struct engine *engine, const struct hand *hand)
{
    return hand->file.generation != engine->generation;
}

/* The case's row among the moments follows its next one. */
static void move_moment(struct engine *engine, const struct hand *hand,
                        const struct case_state *after)
{
    int64_t old_ms = hand->old_bytes == 0 ? INSTANT_NEVER : hand->state.next_ms;

    if (old_ms == after->next_ms) {
        return;
    }
    if (old_ms != INSTANT_NEVER) {
        moment_drop(engine, after->agency, old_ms, MOMENT_CASE, after->number);
    }
    if (after->next_ms != INSTANT_NEVER) {
        moment_put(engine, after->agency, after->next_ms, MOMENT_CASE, after->number);
    }
}

int64_t hand_next_due(const struct case_state *state)
{
    int64_t due_ms = INSTANT_NEVER;

    for (uint32_t i = 0; i < state->instance_count; i++) {
        const struct instance *instance = &state->instances[i];

        if (instance->state == INSTANCE_RUNNING && instance->due.due_ms < due_ms) {
            due_ms = instance->due.due_ms;
        }
    }
    return due_ms;
}

/* What the record says of the case, and how its state changed. */
static bool describe(struct engine *engine, const struct hand *hand, struct record *record,
                     const struct outcome *outcome, struct bytes *after)
{
    /* An event that would pass the bound is refused; a firing cannot be. */
    bool refusable = record->kind == RECORD_EVENT || record->kind == RECORD_REST ||
                     record->kind == RECORD_IMPORT;
    size_t room = refusable ? STATE_BYTES_MAX : STATE_ROOM_BYTES;
    struct bytes before = {.at = hand->file.state.at, .size = hand->old_bytes};

    if (state_encode(hand->procedure, &outcome->after, engine->after_room, room, after) !=
        STATUS_OK) {
        return false;
    }
    if (!bytes_equal(before, *after)) {
        MUST(state_delta(before, *after, engine->delta_room, 2 * STATE_ROOM_BYTES,
                         &record->delta) == STATUS_OK);
    }
    record->number = hand->file.number;
    record->procedure = hand->file.procedure;
    record->revision = outcome->after.revision;
    record->stage = outcome->after.stage;
    record->next_due_ms = hand_next_due(&outcome->after);
    record->effects = outcome->effects;
    record->effect_count = outcome->effect_count;
    return true;
}

/* And its row among the stages its stage and what it owes. */
static void move_place(struct engine *engine, const struct hand *hand,
                       const struct case_state *after)
{
    struct law_procedure now = {.number = hand->file.procedure, .procedure = hand->procedure};
    struct law_procedure was = now;

    if (hand->was != now.number) {
        was = (struct law_procedure){.number = hand->was,
                                     .procedure = law_procedure(engine->law, hand->was)};
    }
    index_move(engine->store, hand->old_bytes == 0 ? NULL : &hand->state, &was, after, &now);
}

static void store_case(struct engine *engine, struct hand *hand, struct bytes after,
                       const struct case_state *state, const struct digest *digest,
                       uint64_t seq)
{
    if (hand->old_bytes == 0) {
        struct key name = key_name(state->agency, state->id);
        uint8_t number[8];

        for (int i = 0; i < 8; i++) {
            number[i] = (uint8_t)(state->number >> (56 - 8 * i));
        }
        store_put(engine->store, TABLE_NAMES, &name,
                  (struct bytes){.at = number, .size = sizeof(number)});
        /* It follows today's calendars: where all before it were derived anew, so is it. */
        engine->swept += engine->swept == engine->case_count ? 1 : 0;
        engine->case_count = state->number;
    }
    casefile_add(engine->store, &hand->file, digest, seq);
    for (uint32_t i = 0; i < hand->other_count; i++) {
        casefile_add(engine->store, &hand->file, &hand->others[i], seq);
    }
    hand->file.state = after;
    hand->file.generation = engine->generation;
    casefile_save(engine->store, &hand->file, hand->old_bytes);
    move_moment(engine, hand, state);
    move_place(engine, hand, state);
    engine->closed_count += state->phase == CASE_CLOSED ? 1 : 0;
    engine->closed_count -= hand->state.phase == CASE_CLOSED ? 1 : 0;
}

bool hand_settle(struct engine *engine, struct hand *hand, struct record *record,
                 const struct outcome *outcome, const struct digest *digest, uint64_t *seq)
{
    struct bytes after = {0};

    if (!describe(engine, hand, record, outcome, &after)) {
        return false;
    }

    struct happening happening = {
        .record = record,
        .procedure = hand->procedure,
        .agency = hand->agency,
        .before =
            hand->old_bytes == 0 || hand->was != hand->file.procedure ? NULL : &hand->state,
        .after = &outcome->after,
        .rule = outcome->rule,
        .dispatches = outcome->dispatches,
        .dispatch_count = outcome->dispatch_count,
    };

    jobs_follow(engine, &happening, record);
    *seq = engine_append(engine, &happening);
    if (!engine_stopped(engine)) {
        store_case(engine, hand, after, &outcome->after, digest, *seq);
        jobs_apply(engine, record, NULL);
        errand_post(engine, hand, outcome, *seq);
    }
    return true;
}

bool hand_turn(struct engine *engine, struct hand *hand, uint32_t procedure)
{
    hand->procedure = law_procedure(engine->law, procedure);
    hand->file.procedure = procedure;
    return hand->procedure != NULL;
}

/* The case a record speaks of, before it; one that was opened by it begins as it was named. */
static bool take_recorded(struct engine *engine, const struct record *record,
                          const struct submission *opening, struct hand *hand)
{
    const struct law_procedure procedure = {.number = record->procedure,
                                            .procedure =
                                                law_procedure(engine->law, record->procedure)};

    if (hand_take(engine, record->number, hand)) {
        return true;
    }
    if (procedure.procedure == NULL || opening == NULL ||
        record->number != engine->case_count + 1) {
        return false;
    }
    hand_begin(engine, &procedure, installed_agency(engine->law->installed, opening->agency),
               opening->case_id, hand);
    return true;
}

/* The state after the record, from the one in hand. */
static enum status store_recorded(struct engine *engine, struct hand *hand,
                                  const struct record *record, const struct digest *digest,
                                  uint64_t seq)
{
    struct bytes after = hand->file.state;
    struct case_state state;

    if (record->kind == RECORD_MIGRATED && !hand_turn(engine, hand, record->procedure)) {
        return STATUS_MALFORMED;
    }
    if (record->delta.size > 0) {
        enum status status =
            state_patch((struct bytes){.at = after.at, .size = hand->old_bytes}, record->delta,
                        engine->after_room, STATE_ROOM_BYTES, &after);

        if (status != STATUS_OK) {
            return status;
        }
    }

    enum status status = state_decode(after, hand->procedure, &engine->step, &state);

    if (status == STATUS_OK) {
        store_case(engine, hand, after, &state, digest, seq);
    }
    return status;
}

enum status hand_store_recorded(struct engine *engine, const struct record *record,
                                const struct submission *opening, const struct digest *digest,
                                uint64_t seq)
{
    struct hand hand;

    return take_recorded(engine, record, opening, &hand)
               ? store_recorded(engine, &hand, record, digest, seq)
               : STATUS_MALFORMED;
}

enum status hand_store_imported(struct engine *engine, const struct record *record,
                                uint64_t seq)
{
    struct hand hand;

    if (record->submission_count == 0 ||
        !take_recorded(engine, record, &record->submissions[0], &hand)) {
        return STATUS_MALFORMED;
    }

    const struct digest *digests =
        import_digests(engine, record->submissions, record->submission_count);

    hand.others = digests + 1;
    hand.other_count = record->submission_count - 1;
    return store_recorded(engine, &hand, record, &digests[0], seq);
}

void hand_derive(struct engine *engine, uint64_t number, int64_t wall_ms)
{
    struct hand hand;
    struct outcome outcome;
    struct record record = {.kind = RECORD_DERIVED, .now_ms = engine_now(engine, wall_ms)};
    bool changed;
    uint64_t seq;

    if (!hand_take(engine, number, &hand) || hand.state.phase == CASE_CLOSED) {
        return;
    }

    struct step step = hand_step(engine, &hand, record.now_ms);

    MUST(case_derive(&step, &engine->step, &outcome, &changed));
    if (changed) {
        MUST(hand_settle(engine, &hand, &record, &outcome, NULL, &seq));
    }
}
