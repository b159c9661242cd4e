#include "engine/parts.h"

#include "codec/pack.h"

static struct record record_of(const struct engine *engine, enum act_kind kind,
                               const struct act *act, int64_t wall_ms)
{
    return (struct record){.kind = RECORD_ACT,
                           .act = *act,
                           .act_kind = kind,
                           .now_ms = engine_now(engine, wall_ms),
                           .verdict = RECORD_APPLIED,
                           .stage = NO_INDEX,
                           .next_due_ms = INSTANT_NEVER};
}

/* Record it; false: nothing more is to be done. */
static bool append(struct engine *engine, const struct record *record)
{
    struct happening happening = {.record = record};

    (void)engine_append(engine, &happening);
    return !engine_stopped(engine);
}

void engine_act(struct engine *engine, enum act_kind kind, const struct act *act,
                int64_t accepted_ms, int64_t wall_ms)
{
    struct record record = record_of(engine, kind, act, wall_ms);

    record.wall_ms = accepted_ms;
    if (!engine_stopped(engine)) {
        (void)append(engine, &record);
    }
}

void engine_backup(struct engine *engine, struct text folder, const struct act *act,
                   int64_t wall_ms)
{
    struct record record = record_of(engine, ACT_BACKUP, act, wall_ms);

    record.folder = folder;
    if (!engine_stopped(engine)) {
        (void)append(engine, &record);
    }
}

bool engine_restore(struct engine *engine, uint32_t generation, const struct act *act,
                    int64_t wall_ms)
{
    struct record record = record_of(engine, ACT_RESTORE, act, wall_ms);

    if (engine_stopped(engine) || generation <= engine->store_generation) {
        return false;
    }
    record.generation = generation;
    if (append(engine, &record)) {
        engine->store_generation = generation;
        moments_hold(engine, record.now_ms);
    }
    return true;
}

static uint64_t find_number(struct engine *engine, struct text agency, struct text case_id)
{
    struct key key = key_name(agency, case_id);
    struct unpacker unpacker;
    struct bytes value;

    if (!store_get(engine->store, TABLE_NAMES, &key, &value)) {
        return 0;
    }
    unpack_init(&unpacker, value);
    return unpack_u64(&unpacker);
}

bool engine_release(struct engine *engine, struct text agency, struct text case_id,
                    const struct act *act, int64_t wall_ms, const struct message **why)
{
    struct record record = record_of(engine, ACT_RELEASE, act, wall_ms);
    bool fits = agency.size <= AGENCY_BYTES_MAX && case_id.size <= CASE_ID_BYTES_MAX &&
                (!text_empty(agency) || text_empty(case_id));
    uint64_t number = 0;

    *why = &engine_nothing_held;
    if (engine_stopped(engine) || !fits) {
        return false;
    }
    if (!text_empty(case_id)) {
        number = find_number(engine, agency, case_id);
    }
    if (!moments_has_held(engine, agency, number) || (!text_empty(case_id) && number == 0) ||
        (!text_empty(agency) && installed_agency(engine->law->installed, agency) == NULL)) {
        return false;
    }
    record.of_agency = agency;
    record.of_case = case_id;
    if (append(engine, &record)) {
        moments_release(engine, agency, number);
    }
    return true;
}

bool engine_erase(struct engine *engine, struct text agency, struct text case_id,
                  const struct act *act, int64_t wall_ms, const struct message **why)
{
    struct record record = record_of(engine, ACT_ERASE, act, wall_ms);
    bool replays = engine_replays(engine);
    uint64_t number = 0;
    struct hand hand;

    *why = &engine_erase_none;
    if (!engine_stopped(engine) && !text_empty(agency) && agency.size <= AGENCY_BYTES_MAX &&
        !text_empty(case_id) && case_id.size <= CASE_ID_BYTES_MAX) {
        number = find_number(engine, agency, case_id);
    }
    if (number == 0 || !hand_take(engine, number, &hand)) {
        return false;
    }
    if (hand.state.phase != CASE_CLOSED) {
        *why = &engine_erase_open;
        return false;
    }
    record.of_agency = agency;
    record.of_case = case_id;
    if (append(engine, &record) && (replays || engine_flush(engine) == STATUS_OK) &&
        engine->keyring != NULL) {
        (void)!keyring_destroy(engine->keyring, number); /* a failure sticks to it */
    }
    return true;
}

uint32_t engine_generation(const struct engine *engine)
{
    return engine->store_generation;
}

uint64_t engine_held(const struct engine *engine)
{
    return engine->held_count;
}
