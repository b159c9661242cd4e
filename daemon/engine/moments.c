#include "engine/moments.h"

#include "base/must.h"
#include "codec/pack.h"
#include "engine/jobs.h"
#include "engine/parts.h"

#include <string.h>

/* The key right after this one. */
static void pass(struct key *key)
{
    MUST(key->size < KEY_BYTES_MAX);
    key->bytes[key->size++] = 0;
}

static bool is_marked(struct engine *engine, struct key mark)
{
    struct bytes value;

    return store_get(engine->store, TABLE_HELD, &mark, &value);
}

static void put_mark(struct engine *engine, struct key mark)
{
    store_put(engine->store, TABLE_HELD, &mark, (struct bytes){0});
    queues_rewind(engine); /* what was held back may leave */
}

/* Marks go; what is held stays. */
static void drop_marks(struct engine *engine)
{
    struct key key = key_first();
    struct bytes value;

    while (store_next(engine->store, TABLE_HELD, &key, &value) && !key_is_held(&key)) {
        store_delete(engine->store, TABLE_HELD, &key);
        key = key_first();
    }
}

static bool is_released(struct engine *engine, struct text agency, enum moment_kind kind,
                        uint64_t number)
{
    return is_marked(engine, key_released((struct text){0})) ||
           is_marked(engine, key_released(agency)) ||
           (kind == MOMENT_CASE && is_marked(engine, key_released_case(number))) ||
           (kind == MOMENT_JOB && is_marked(engine, key_released_job(number)));
}

static void put_held(struct engine *engine, struct text agency, int64_t due_ms,
                     enum moment_kind kind, uint64_t number)
{
    struct key key = key_held(agency, kind, number);
    uint8_t room[8];
    struct packer packer;

    pack_init(&packer, room, sizeof(room));
    pack_u64(&packer, (uint64_t)due_ms);
    store_put(engine->store, TABLE_HELD, &key, packed(&packer));
    engine->held_count++;
}

/* With the last of all that were released the hold is over. */
static void end_hold(struct engine *engine)
{
    if (engine->held_count == 0 && is_marked(engine, key_released((struct text){0}))) {
        drop_marks(engine);
        engine->hold_ms = 0;
    }
}

static void drop_held(struct engine *engine, const struct key *key)
{
    store_delete(engine->store, TABLE_HELD, key);
    engine->held_count--;
    end_hold(engine);
}

void moment_put(struct engine *engine, struct text agency, int64_t due_ms,
                enum moment_kind kind, uint64_t number)
{
    struct key key = key_moment(due_ms, kind, number);

    if (due_ms <= engine->hold_ms && !is_released(engine, agency, kind, number)) {
        put_held(engine, agency, due_ms, kind, number);
    } else {
        store_put(engine->store, TABLE_MOMENTS, &key, (struct bytes){0});
    }
}

void moment_drop(struct engine *engine, struct text agency, int64_t due_ms,
                 enum moment_kind kind, uint64_t number)
{
    struct key key = key_held(agency, kind, number);
    struct bytes value;

    if (due_ms <= engine->hold_ms && store_get(engine->store, TABLE_HELD, &key, &value)) {
        drop_held(engine, &key);
    } else {
        key = key_moment(due_ms, kind, number);
        store_delete(engine->store, TABLE_MOMENTS, &key);
    }
}

static bool first_row(struct engine *engine, struct moment *moment)
{
    struct bytes value;

    moment->key = key_first_moment();
    moment->held = false;
    if (!store_next(engine->store, TABLE_MOMENTS, &moment->key, &value)) {
        return false;
    }
    key_read_moment(&moment->key, &moment->due_ms, &moment->kind, &moment->number);
    return true;
}

static bool read_held(struct engine *engine, struct key from, struct moment *moment)
{
    struct key prefix = from;
    struct unpacker unpacker;
    struct bytes value;

    moment->key = from;
    if (!store_next(engine->store, TABLE_HELD, &moment->key, &value) ||
        moment->key.size < prefix.size ||
        memcmp(moment->key.bytes, prefix.bytes, prefix.size) != 0) {
        return false;
    }
    unpack_init(&unpacker, value);
    moment->held = true;
    moment->due_ms = (int64_t)unpack_u64(&unpacker);
    key_read_held(&moment->key, &moment->kind, &moment->number);
    return true;
}

/* The first that was released by its agency's mark, or by the mark of all. */
static bool first_released(struct engine *engine, struct moment *moment)
{
    struct key mark = key_first();
    struct bytes value;
    struct text agency;

    while (engine->releasing && store_next(engine->store, TABLE_HELD, &mark, &value) &&
           key_read_released(&mark, &agency)) {
        if (read_held(engine, key_held_of(agency), moment)) {
            return true;
        }
        pass(&mark);
    }
    engine->releasing = false; /* until the next release */
    return false;
}

bool moment_first(struct engine *engine, int64_t now_ms, struct moment *moment)
{
    struct moment released;
    bool any = first_row(engine, moment);

    if ((!any || moment->due_ms > now_ms) && first_released(engine, &released)) {
        *moment = released;
        return true;
    }
    return any;
}

void moment_take(struct engine *engine, const struct moment *moment)
{
    if (moment->held) {
        drop_held(engine, &moment->key);
    } else {
        store_delete(engine->store, TABLE_MOMENTS, &moment->key);
    }
}

/* Whose a row is. */
static struct text agency_of(struct engine *engine, const struct moment *moment)
{
    struct hand hand;
    struct record record;

    if (moment->kind == MOMENT_CASE) {
        MUST(hand_take(engine, moment->number, &hand));
        return hand.agency->id;
    }
    if (moment->kind == MOMENT_JOB) {
        return job_agency(engine, moment->number);
    }
    MUST(engine_record(engine, moment->number, &engine->read, &record) == STATUS_OK);
    return record.submission.agency;
}

void moments_hold(struct engine *engine, int64_t now_ms)
{
    struct moment moment;

    drop_marks(engine);
    while (!engine_stopped(engine) && first_row(engine, &moment) && moment.due_ms <= now_ms) {
        store_delete(engine->store, TABLE_MOMENTS, &moment.key);
        put_held(engine, agency_of(engine, &moment), moment.due_ms, moment.kind, moment.number);
    }
    engine->hold_ms = now_ms;
}

/* The next job of a case from *job on; false: there is none. */
static bool next_job(struct engine *engine, uint64_t case_number, uint64_t *job)
{
    struct key key = key_job_of_case(case_number, *job);
    struct bytes value;

    return store_next(engine->store, TABLE_JOBS, &key, &value) &&
           key_is_job_of_case(&key, case_number, job);
}

/* Whether a job waits because the store was restored. */
static bool holds_job(struct engine *engine, struct text agency, uint64_t number)
{
    struct arena arena;
    struct job job;

    arena_init_over(&arena, engine->job_before_bytes, JOB_ARENA_BYTES);
    MUST(engine_job(engine, number, &arena, &job));
    return moments_hold_back(engine, agency, job.made_ms, number);
}

bool moments_has_held(struct engine *engine, struct text agency, uint64_t number)
{
    struct moment moment;
    uint64_t job = 0;

    if (engine->hold_ms == 0) {
        return false;
    }
    /* Jobs are held back without a row, so that an agency has none does not mean much. */
    if (number == 0) {
        return !is_released(engine, agency, MOMENT_JOB, 0);
    }
    if (read_held(engine, key_held(agency, MOMENT_CASE, number), &moment)) {
        return true;
    }
    for (; next_job(engine, number, &job); job++) {
        if (holds_job(engine, agency, job)) {
            return true;
        }
    }
    return false;
}

bool moments_hold_back(struct engine *engine, struct text agency, int64_t made_ms, uint64_t job)
{
    return engine->hold_ms != 0 && made_ms <= engine->hold_ms &&
           !is_released(engine, agency, MOMENT_JOB, job);
}

/* A row goes back among the moments, where it stands among the held. */
static void release_row(struct engine *engine, struct text agency, enum moment_kind kind,
                        uint64_t number, struct key mark)
{
    struct moment moment;
    bool held = read_held(engine, key_held(agency, kind, number), &moment);

    put_mark(engine, mark);
    if (held) {
        drop_held(engine, &moment.key);
        moment_put(engine, agency, moment.due_ms, kind, number);
    }
}

/* A case's own row, and its jobs, which may leave again. */
static void release_case(struct engine *engine, struct text agency, uint64_t number)
{
    release_row(engine, agency, MOMENT_CASE, number, key_released_case(number));
    for (uint64_t job = 0; next_job(engine, number, &job); job++) {
        release_row(engine, agency, MOMENT_JOB, job, key_released_job(job));
    }
}

void moments_release(struct engine *engine, struct text agency, uint64_t number)
{
    if (number != 0) {
        release_case(engine, agency, number);
        return;
    }
    put_mark(engine, key_released(agency));
    engine->releasing = true;
    end_hold(engine);
}
