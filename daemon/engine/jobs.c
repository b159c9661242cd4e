#include "engine/job_parts.h"

#include "base/must.h"
#include "core/track.h"

#include <stdio.h>

/*
 * Making jobs from what a record tells people, calling back what has not left, and keeping the
 * rows: a job's own, and those by which it is found. The rows are a function of the job, so a
 * change takes the old ones away by the old job and puts the new ones by the new.
 */

bool engine_job(struct engine *engine, uint64_t number, struct arena *arena, struct job *job)
{
    struct key key = key_job(number);
    struct bytes value;

    if (!store_get(engine->store, TABLE_JOBS, &key, &value)) {
        return false;
    }
    value.at = arena_copy(arena, value.at, value.size);
    MUST(value.at != NULL);
    MUST(job_decode(number, value, arena, job) == STATUS_OK);
    return true;
}

struct text job_agency(struct engine *engine, uint64_t number)
{
    struct arena arena;
    struct job job;

    arena_init_over(&arena, engine->job_before_bytes, JOB_ARENA_BYTES);
    MUST(engine_job(engine, number, &arena, &job));
    return job.agency;
}

/* What a job's rows hold beside their keys: nothing. */
static void set_row(struct engine *engine, const struct key *key, bool there)
{
    if (there) {
        store_put(engine->store, TABLE_JOBS, key, (struct bytes){0});
    } else {
        store_delete(engine->store, TABLE_JOBS, key);
    }
}

static bool is_first_of_case(const struct job *job, uint32_t notice)
{
    for (uint32_t i = 0; i < notice; i++) {
        if (job->notices[i].number == job->notices[notice].number) {
            return false;
        }
    }
    return true;
}

/* The token of a job's live lease; 0: there is none. */
static uint64_t live_token(const struct job *job)
{
    return job->state == JOB_LEASED || job->state == JOB_BEGUN ? job->token : 0;
}

static bool same_cases(const struct job *a, const struct job *b)
{
    bool same = a->notice_count == b->notice_count;

    for (uint32_t i = 0; same && i < a->notice_count; i++) {
        same = a->notices[i].number == b->notices[i].number;
    }
    return same;
}

static bool same_queue(const struct job *a, const struct job *b)
{
    return a->state == b->state && a->useful_ms == b->useful_ms &&
           text_equal(a->channel, b->channel) && text_equal(a->receiver, b->receiver);
}

/* Whether another job of its receiver may take it along. */
static bool may_be_joined(const struct job *job)
{
    return job->state == JOB_READY || job->state == JOB_WAITING;
}

/* The rows by which a job is found, put there or taken away, but for those that `other`, the
 * job before or after (or NULL), has just so. */
static void set_rows(struct engine *engine, const struct job *job, const struct job *other,
                     bool there)
{
    for (uint32_t i = 0; i < job->notice_count && (other == NULL || !same_cases(job, other));
         i++) {
        if (is_first_of_case(job, i)) {
            struct key key = key_job_of_case(job->notices[i].number, job->number);

            set_row(engine, &key, there);
        }
    }
    if (job->state == JOB_READY && (other == NULL || !same_queue(job, other))) {
        struct key queue = key_job_queue(job->channel, job->useful_ms, job->number);

        set_row(engine, &queue, there);
        if (there) {
            queue_joined(engine, job->channel, &queue);
            engine->readied++;
        }
    }
    if (may_be_joined(job) && (other == NULL || !same_queue(job, other))) {
        struct key receiver = key_job_receiver(job->channel, job->receiver, job->number);

        set_row(engine, &receiver, there);
    }
    if (live_token(job) != 0 && (other == NULL || live_token(job) != live_token(other))) {
        struct key key = key_job_lease(job->token, job->number);

        set_row(engine, &key, there);
    }
    if (job->until_ms == INSTANT_NEVER || (other != NULL && job->until_ms == other->until_ms)) {
        return;
    }
    if (there) {
        moment_put(engine, job->agency, job->until_ms, MOMENT_JOB, job->number);
    } else {
        moment_drop(engine, job->agency, job->until_ms, MOMENT_JOB, job->number);
    }
}

/* Whoever keeps the time of leases is told that one is over. */
static void tell_over(struct engine *engine, const struct job *before, const struct job *after)
{
    uint64_t token = before == NULL ? 0 : live_token(before);

    if (token != 0 && (after == NULL || live_token(after) != token) &&
        engine->on_lease_over != NULL) {
        engine->on_lease_over(engine->leases_context, token);
    }
}

static void apply(struct engine *engine, const struct job_change *change,
                  const struct job *known)
{
    struct key key = key_job(change->number);
    struct arena arenas[2];
    struct job jobs[2];
    const struct job *before = known != NULL && known->number == change->number ? known : NULL;
    const struct job *after = NULL;

    arena_init_over(&arenas[0], engine->job_before_bytes, JOB_ARENA_BYTES);
    arena_init_over(&arenas[1], engine->job_bytes, JOB_ARENA_BYTES);
    if (before == NULL && engine_job(engine, change->number, &arenas[0], &jobs[0])) {
        before = &jobs[0];
    }
    if (change->value.size > 0) {
        MUST(job_decode(change->number, change->value, &arenas[1], &jobs[1]) == STATUS_OK);
        after = &jobs[1];
    }
    if (before != NULL) {
        set_rows(engine, before, after, false);
    }
    if (after != NULL) {
        store_put(engine->store, TABLE_JOBS, &key, change->value);
        set_rows(engine, after, before, true);
    } else if (before != NULL) {
        store_delete(engine->store, TABLE_JOBS, &key);
    }
    tell_over(engine, before, after);
}

uint64_t engine_readied(const struct engine *engine)
{
    return engine->readied;
}

void jobs_apply(struct engine *engine, const struct record *record, const struct job *known)
{
    for (uint32_t i = 0; i < record->job_count; i++) {
        apply(engine, &record->jobs[i], known);
    }
}

void desk_open(struct job_desk *desk, struct engine *engine, struct arena *arena,
               int64_t now_ms)
{
    *desk = (struct job_desk){
        .engine = engine, .arena = arena, .now_ms = now_ms, .seq = engine_seq(engine) + 1};
}

static struct job_change *new_change(struct job_desk *desk)
{
    MUST(desk->count < JOB_CHANGES_MAX);
    if (desk->changes == NULL) {
        desk->changes = arena_take(desk->arena, JOB_CHANGES_MAX * sizeof(*desk->changes));
        MUST(desk->changes != NULL);
    }
    return &desk->changes[desk->count++];
}

bool desk_fits(const struct job *job)
{
    uint8_t room[VALUE_BYTES_MAX - JOB_GROWTH_BYTES];
    struct bytes value;

    return job_encode(job, room, sizeof(room), &value) == STATUS_OK;
}

void desk_put(struct job_desk *desk, const struct job *job)
{
    uint8_t room[VALUE_BYTES_MAX];
    struct bytes value = {0};

    MUST(job_encode(job, room, sizeof(room), &value) == STATUS_OK);
    value.at = arena_copy(desk->arena, value.at, value.size);
    MUST(value.at != NULL);
    *new_change(desk) = (struct job_change){.number = job->number, .value = value};
}

void desk_drop(struct job_desk *desk, uint64_t number)
{
    *new_change(desk) = (struct job_change){.number = number};
}

void desk_close(const struct job_desk *desk, struct record *record)
{
    record->jobs = desk->changes;
    record->job_count = desk->count;
}

void desk_wait(struct job *job, int64_t until_ms)
{
    job->state = JOB_WAITING;
    job->until_ms = until_ms;
    job->token = 0;
}

void desk_ready(const struct installed *installed, struct job *job, int64_t now_ms)
{
    const struct channel *channel = installed_channel(installed, job->channel);
    int64_t late_ms = channel == NULL ? INSTANT_NEVER : job->since_ms + channel->late_ms;

    job->state = JOB_READY;
    job->token = 0;
    job->until_ms = job->useful_ms;
    if (late_ms > now_ms && late_ms < job->until_ms) {
        job->until_ms = late_ms;
    }
}

int64_t job_permits(const struct installed *installed, const struct job *job, int64_t at_ms)
{
    const struct agency *agency = installed_agency(installed, job->agency);
    const struct person *person =
        job->outside ? NULL : installed_person(installed, job->receiver);

    return job->urgent || agency == NULL
               ? at_ms
               : hours_permit(installed, agency, person,
                              installed_channel(installed, job->channel), at_ms);
}

void desk_go(struct job_desk *desk, struct job *job, int64_t at_ms)
{
    const struct installed *installed = desk->engine->law->installed;

    job->since_ms = job_permits(installed, job, at_ms);
    if (job->since_ms > desk->now_ms) {
        desk_wait(job, job->since_ms);
    } else {
        desk_ready(installed, job, desk->now_ms);
    }
}

/* Let a job go on its way: at once, at its hour, or when its case is off hold. */
void desk_send_off(struct job_desk *desk, struct job *job)
{
    const struct installed *installed = desk->engine->law->installed;
    const struct channel *channel = installed_channel(installed, job->channel);

    if (channel == NULL) {
        job->since_ms = desk->now_ms;
        desk_wait(job, desk->now_ms); /* its moment tells somebody above */
        return;
    }
    desk_go(desk, job, desk->now_ms);
    if (channel->digest_ms > 0 && !job->urgent) { /* others may join it */
        desk_wait(job, job->since_ms + channel->digest_ms);
    }
}

static bool is_rung(const struct happening *happening, const struct effect *effect)
{
    return effect->clock != NO_INDEX && effect->entry != NO_INDEX &&
           happening->procedure->clocks[effect->clock].entries[effect->entry].rung;
}

static bool is_reminder(const struct happening *happening, const struct effect *effect)
{
    return effect->kind == EFFECT_NOTICE && effect->clock != NO_INDEX &&
           effect->entry != NO_INDEX && !is_rung(happening, effect);
}

static int64_t useful_until(const struct happening *happening, const struct delivery *delivery)
{
    const struct effect *effect = delivery->effect;
    const struct instance *instance =
        effect->clock == NO_INDEX || effect->kind == EFFECT_WITHDRAWN
            ? NULL
            : state_instance_numbered(happening->after, effect->clock, effect->number);
    int64_t useful_ms = instance == NULL
                            ? INSTANT_NEVER
                            : track_useful(happening->procedure, &happening->agency->office,
                                           happening->after, instance, effect->role);
    int64_t last_ms = happening->record->now_ms + JOB_USEFUL_MS;

    return useful_ms == INSTANT_NEVER || useful_ms <= happening->record->now_ms ? last_ms
                                                                                : useful_ms;
}

/* Somebody outside has no name of his own: the case and the role stand for him. */
static struct text outside_receiver(struct arena *arena, uint64_t number, struct text role)
{
    char room[32 + ROLE_BYTES_MAX];
    int size =
        snprintf(room, sizeof(room), "#%llu.%.*s", (unsigned long long)number,
                 (int)(role.size < ROLE_BYTES_MAX ? role.size : ROLE_BYTES_MAX), role.bytes);
    const char *copy = arena_copy(arena, room, (size_t)size);

    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : (size_t)size};
}

static void make(struct job_desk *desk, const struct happening *happening,
                 const struct delivery *delivery, uint32_t index)
{
    const struct effect *effect = delivery->effect;
    uint64_t number = happening->after->number;
    struct job_notice notice = {
        .seq = desk->seq,
        .effect = (uint32_t)(effect - happening->record->effects),
        .number = number,
        .clock = effect->clock,
        .instance = effect->number,
        .rung = is_rung(happening, effect),
        .reminder = is_reminder(happening, effect),
        .stead = delivery->stead,
        .in_stead_of = delivery->in_stead_of,
    };
    struct job job = {
        .number = job_number(desk->seq, index),
        .generation = desk->engine->store_generation,
        .agency = happening->agency->id,
        .receiver = delivery->outside ? outside_receiver(desk->arena, number, delivery->person)
                                      : delivery->person,
        .role = delivery->role,
        .outside = delivery->outside,
        .urgent = effect->urgent,
        .made_ms = desk->now_ms,
        .useful_ms = useful_until(happening, delivery),
        .notices = &notice,
        .notice_count = 1,
    };

    job.channel = job_channel_of(desk->engine->law->installed, &job, happening->procedure,
                                 happening->after);
    if (delivery->waits || case_is_held(desk->engine->store, number)) {
        job.state = JOB_HELD;
        job.since_ms = desk->now_ms;
        job.until_ms = job.useful_ms;
    } else {
        desk_send_off(desk, &job);
    }
    desk_put(desk, &job);
}

/* Take back what an effect calls back; the answer is how many notices are left. */
static uint32_t call_back(struct job *job, const struct happening *happening,
                          const struct effect *effect, struct arena *arena)
{
    uint64_t number = happening->after->number;
    struct job_notice *left = arena_take(arena, job->notice_count * sizeof(*left));
    uint32_t count = 0;

    MUST(left != NULL);
    for (uint32_t i = 0; i < job->notice_count; i++) {
        const struct job_notice *notice = &job->notices[i];

        if (notice->number != number ||
            !(delivery_is_recalled(notice->clock, notice->instance, notice->rung, effect) ||
              (notice->reminder &&
               delivery_has_moved(happening, notice->clock, notice->instance)))) {
            left[count++] = *notice;
        }
    }
    job->notices = left;
    job->notice_count = count;
    return count;
}

/* What a step of its case means for a job that has not left: the answer says whether it
 * changed. A digest that is leased is fixed; a job that has begun is the provider's. */
static bool touch(struct job_desk *desk, const struct happening *happening, struct job *job)
{
    uint32_t before = job->notice_count;
    bool changed = false;

    if (job->state == JOB_BEGUN || (job->state == JOB_LEASED && before > 1)) {
        return false;
    }
    for (uint32_t i = 0; i < happening->record->effect_count && job->notice_count > 0; i++) {
        const struct effect *effect = &happening->record->effects[i];

        (void)call_back(job, happening, effect, desk->arena);
        if (effect->kind == EFFECT_UNHELD && job->state == JOB_HELD &&
            !case_is_held(desk->engine->store, happening->after->number)) {
            desk_send_off(desk, job);
            changed = true;
        }
    }
    return changed || job->notice_count != before;
}

/* A case that went over to another version: its jobs name roles and clocks as that one does. A
 * job's role is that of its first notice. */
static void renumber(struct job_desk *desk, const struct happening *happening, struct job *job)
{
    const struct procedure *new = happening->procedure;
    const struct procedure *old =
        law_procedure(desk->engine->law, happening->record->of_procedure);
    uint64_t number = happening->after->number;
    struct job_notice *notices;

    MUST(old != NULL);
    notices = arena_copy(desk->arena, job->notices, job->notice_count * sizeof(*notices));
    MUST(notices != NULL);
    for (uint32_t i = 0; i < job->notice_count; i++) {
        if (notices[i].number == number) {
            notices[i].clock = migrated_clock(old, new, notices[i].clock);
        }
    }
    if (notices[0].number == number) {
        job->role = migrated_role(old, new, job->role);
    }
    job->notices = notices;
}

static void touch_all(struct job_desk *desk, const struct happening *happening)
{
    uint64_t number = happening->after->number;
    struct key key = key_job_of_case(number, 0);
    struct bytes value;
    uint64_t job_number;

    while (store_next(desk->engine->store, TABLE_JOBS, &key, &value) &&
           key_is_job_of_case(&key, number, &job_number)) {
        struct job job;

        MUST(engine_job(desk->engine, job_number, desk->arena, &job));

        bool changed = happening->record->kind == RECORD_MIGRATED;

        if (changed) {
            renumber(desk, happening, &job);
        }
        if (touch(desk, happening, &job) || changed) {
            if (job.notice_count == 0) {
                desk_drop(desk, job_number);
            } else {
                desk_put(desk, &job);
            }
        }
        key = key_job_of_case(number, job_number + 1);
    }
}

static bool moves_jobs(const struct effect *effect)
{
    return effect->kind == EFFECT_ENDED || effect->kind == EFFECT_CANCELLED ||
           effect->kind == EFFECT_PAUSED || effect->kind == EFFECT_WITHDRAWN ||
           effect->kind == EFFECT_ACKNOWLEDGED || effect->kind == EFFECT_UNHELD ||
           effect->kind == EFFECT_EXTENDED || effect->kind == EFFECT_DERIVED;
}

void jobs_follow(struct engine *engine, const struct happening *happening,
                 struct record *record)
{
    struct job_desk desk;
    bool moves = record->kind == RECORD_MIGRATED;
    bool speaks = false;

    for (uint32_t i = 0; i < record->effect_count; i++) {
        moves = moves || moves_jobs(&record->effects[i]);
        speaks = speaks || effect_speaks(record->effects[i].kind);
    }
    if ((!moves && !speaks) || engine->law->installed->channel_count == 0) {
        return; /* nobody is told, or there is no way to tell anybody */
    }
    desk_open(&desk, engine, &engine->step, record->now_ms);
    if (moves) {
        touch_all(&desk, happening);
    }
    if (speaks) {
        uint32_t count;
        const struct delivery *deliveries =
            deliveries_of(happening, engine->law->installed, &engine->step, &count);

        MUST(deliveries != NULL);
        for (uint32_t i = 0; i < count; i++) {
            make(&desk, happening, &deliveries[i], i);
        }
    }
    desk_close(&desk, record);
}
