#include "engine/roster_parts.h"

#include "base/log.h"
#include "base/must.h"

#include <stdlib.h>
#include <string.h>

enum {
    OUTBOX_BYTES = 4 * 1024 * 1024
}; /* address space: pages are touched as they are needed */

/* Twenty bits for the generation: a store is not restored a million times. */
enum { SEQ_BITS = 44 };

bool outbox_open(struct outbox *outbox)
{
    outbox->memory = malloc(OUTBOX_BYTES);
    outbox->count = 0;
    if (outbox->memory == NULL) {
        return false;
    }
    arena_init_over(&outbox->arena, outbox->memory, OUTBOX_BYTES);
    outbox->start = arena_mark(&outbox->arena);
    return true;
}

void outbox_close(struct outbox *outbox)
{
    free(outbox->memory);
    outbox->memory = NULL;
}

void outbox_empty(struct outbox *outbox)
{
    arena_rewind(&outbox->arena, outbox->start);
    outbox->count = 0;
}

bool roster_open(struct roster *roster, int64_t rate)
{
    *roster = (struct roster){.rate = rate,
                              .workers = calloc(ROSTER_WORKERS_MAX, sizeof(struct worker))};
    if (roster->workers == NULL || !leases_open(&roster->leases)) {
        roster_close(roster);
        return false;
    }
    return true;
}

void roster_close(struct roster *roster)
{
    free(roster->workers);
    leases_close(&roster->leases);
    *roster = (struct roster){0};
}

static uint64_t generation_bits(const struct roster *roster)
{
    return (uint64_t)engine_generation(roster->engine) << SEQ_BITS;
}

uint64_t roster_wire_token(const struct roster *roster, uint64_t token)
{
    return generation_bits(roster) | token;
}

uint64_t roster_own_token(const struct roster *roster, uint64_t wire_token)
{
    uint64_t token = wire_token & (((uint64_t)1 << SEQ_BITS) - 1);

    return wire_token == roster_wire_token(roster, token) ? token : 0;
}

struct worker *roster_named(const struct roster *roster, struct text name)
{
    for (uint32_t i = 0; i < ROSTER_WORKERS_MAX && roster->worker_count > 0; i++) {
        if (text_equal(roster->workers[i].name, name)) {
            return &roster->workers[i];
        }
    }
    return NULL;
}

static bool same_caller(const struct caller *a, const struct caller *b)
{
    return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

struct worker *roster_calling(const struct roster *roster, const struct caller *caller)
{
    for (uint32_t i = 0; i < ROSTER_WORKERS_MAX && roster->worker_count > 0; i++) {
        if (roster->workers[i].caller.size > 0 &&
            same_caller(&roster->workers[i].caller, caller)) {
            return &roster->workers[i];
        }
    }
    return NULL;
}

static struct worker *find_place(const struct roster *roster)
{
    for (uint32_t i = 0; i < ROSTER_WORKERS_MAX; i++) {
        if (text_empty(roster->workers[i].name)) {
            return &roster->workers[i];
        }
    }
    return NULL;
}

struct worker *roster_add(struct roster *roster, struct text name)
{
    struct worker *worker = find_place(roster);

    if (worker == NULL || name.size > WIRE_NAME_MAX) {
        return NULL;
    }
    *worker = (struct worker){0};
    memcpy(worker->name_bytes, name.bytes, name.size);
    worker->name = (struct text){.bytes = worker->name_bytes, .size = name.size};
    roster->worker_count++;
    return worker;
}

uint16_t roster_place(const struct roster *roster, const struct worker *worker)
{
    return (uint16_t)(worker - roster->workers);
}

void roster_disconnect(struct roster *roster, struct worker *worker)
{
    worker->caller.size = 0;
    worker->credit = 0;
    roster_tidy(roster, worker);
}

void roster_tidy(struct roster *roster, struct worker *worker)
{
    if (worker->caller.size == 0 && worker->held == 0 && !text_empty(worker->name)) {
        worker->name = (struct text){0};
        roster->worker_count--;
    }
}

struct lease *roster_lease(const struct roster *roster, const struct worker *worker,
                           uint64_t token)
{
    struct lease *lease = leases_find(&roster->leases, token);

    return lease != NULL && lease->worker == roster_place(roster, worker) ? lease : NULL;
}

void roster_drop_lease(struct roster *roster, struct lease *lease)
{
    struct worker *worker = &roster->workers[lease->worker];

    worker->held--;
    worker->begun -= lease->begun ? 1 : 0;
    leases_drop(&roster->leases, lease);
    roster_tidy(roster, worker);
}

void roster_lose(struct roster *roster, struct lease *lease)
{
    uint64_t token = lease->token;

    roster_drop_lease(roster, lease);
    engine_lose(roster->engine, token, roster->now_ms);
}

int64_t roster_term_ms(const struct roster *roster, struct text channel)
{
    const struct channel *installed =
        installed_channel(engine_law(roster->engine)->installed, channel);
    int64_t term_ms = installed == NULL ? 0 : installed->lease_ms / roster->rate;

    return term_ms > ROSTER_TERM_MS_MIN ? term_ms : ROSTER_TERM_MS_MIN;
}

void roster_say(struct roster *roster, const struct caller *caller, uint64_t token,
                struct bytes frame)
{
    struct outbox *outbox = roster->outbox;

    if (outbox != NULL && outbox->count < OUTBOX_MAX && caller->size > 0 && frame.size > 0) {
        outbox->list[outbox->count++] =
            (struct outgoing){.to = *caller, .token = token, .frame = frame};
    }
}

void roster_withdraw(struct roster *roster, const struct worker *worker, uint64_t token)
{
    if (roster->outbox != NULL && worker->caller.size > 0) {
        roster_say(
            roster, &worker->caller, 0,
            wire_encode_withdraw(roster_wire_token(roster, token), &roster->outbox->arena));
    }
}

bool roster_may_log(struct roster *roster)
{
    enum { LINE_MS = 100, AHEAD_MS = 5000 }; /* ten lines a second, fifty at once */

    if (roster->log_free_ms < roster->own_ms) {
        roster->log_free_ms = roster->own_ms;
    }
    if (roster->log_free_ms > roster->own_ms + AHEAD_MS) {
        return false;
    }
    roster->log_free_ms += LINE_MS;
    return true;
}

/* The engine ended a lease that nobody here did: its job is wanted no more, or a late success
 * was believed. */
static void roster_on_over(void *context, uint64_t token)
{
    struct roster *roster = context;
    struct lease *lease = leases_find(&roster->leases, token);

    if (lease != NULL) {
        roster_withdraw(roster, &roster->workers[lease->worker], token);
        roster_drop_lease(roster, lease);
    }
}

/* A lease of before this start. Who held it is known by name until he comes, or it runs out. */
static bool take_over(struct roster *roster, const struct job *job)
{
    struct worker *worker = roster_named(roster, job->worker);

    if (worker == NULL) {
        worker = roster_add(roster, job->worker);
    }
    if (worker == NULL) {
        return false;
    }

    struct lease *lease = leases_add(&roster->leases, job->token, roster_place(roster, worker),
                                     roster_term_ms(roster, job->channel), roster->own_ms);

    if (lease == NULL) {
        roster_tidy(roster, worker);
        return false;
    }
    lease->begun = job->state == JOB_BEGUN;
    worker->held++;
    worker->begun += lease->begun ? 1 : 0;
    return true;
}

void roster_begin(struct roster *roster, struct engine *engine, int64_t steady_ms)
{
    enum { JOB_BYTES = 64 * 1024 };
    uint8_t *room = malloc(JOB_BYTES);
    struct arena arena;
    struct job job;
    uint64_t token = 0;

    MUST(room != NULL);
    roster->engine = engine;
    roster->steady_ms = steady_ms;
    roster->now_ms = engine_now(engine, 0);
    arena_init_over(&arena, room, JOB_BYTES);
    while (engine_next_lease(engine, &token, &arena, &job)) {
        if (!take_over(roster, &job)) {
            engine_lose(engine, token, roster->now_ms); /* more than are ever granted at once */
        }
        arena_init_over(&arena, room, JOB_BYTES);
    }
    free(room);
    engine_watch_leases(engine, roster, roster_on_over);
    if (roster->leases.count > 0) {
        log_info("workers.expected leases=%u", roster->leases.count);
    }
}

void roster_look(struct roster *roster, struct outbox *outbox, int64_t now_ms,
                 int64_t steady_ms)
{
    int64_t passed_ms = steady_ms - roster->steady_ms;

    roster->own_ms += passed_ms < ROSTER_GAP_MS_MAX ? passed_ms : ROSTER_GAP_MS_MAX;
    roster->steady_ms = steady_ms;
    roster->now_ms = now_ms;
    roster->outbox = outbox;
    roster->cut = false;
    roster->starved = false;
}

void roster_lost(struct roster *roster, const struct caller *caller, uint64_t token)
{
    struct worker *worker = roster_calling(roster, caller);
    struct lease *lease = leases_find(&roster->leases, token);

    if (lease != NULL && !lease->begun) {
        roster_lose(roster, lease);
    }
    if (worker != NULL && !text_empty(worker->name)) {
        if (roster_may_log(roster)) {
            log_info("worker.gone name=\"%.*s\" leases=%u", TEXT_ARGS(worker->name),
                     worker->held);
        }
        roster_disconnect(roster, worker);
    }
}

/* What nobody touched for a term is lost. */
static void take_back(struct roster *roster)
{
    struct lease *lease = leases_first(&roster->leases);

    for (uint32_t i = 0; lease != NULL && lease->end_ms <= roster->own_ms; i++) {
        if (i == ROSTER_LOST_MAX) {
            roster->cut = true;
            return;
        }

        struct worker *worker = &roster->workers[lease->worker];
        uint64_t token = lease->token;

        log_info("lease.lost worker=\"%.*s\" token=%llu begun=%s", TEXT_ARGS(worker->name),
                 (unsigned long long)token, lease->begun ? "true" : "false");
        if (!lease->begun) {
            roster_withdraw(roster, worker, token);
        }
        roster_lose(roster, lease);
        lease = leases_first(&roster->leases);
    }
}

static void forget_the_silent(struct roster *roster)
{
    for (uint32_t i = 0; i < ROSTER_WORKERS_MAX && roster->worker_count > 0; i++) {
        struct worker *worker = &roster->workers[i];

        if (worker->caller.size > 0 && roster->own_ms - worker->heard_ms > worker->term_ms) {
            log_info("worker.silent name=\"%.*s\" leases=%u", TEXT_ARGS(worker->name),
                     worker->held);
            roster_disconnect(roster, worker);
        }
    }
}

void roster_tend(struct roster *roster, bool grants)
{
    take_back(roster);
    if (roster->worker_count > 0) {
        forget_the_silent(roster);
    }
    if (grants && roster->worker_count > 0 && engine_next_ms(roster->engine) > roster->now_ms) {
        roster_grant(roster);
    }
}

int64_t roster_wait_ms(const struct roster *roster, int64_t most_ms)
{
    const struct lease *first = leases_first(&roster->leases);

    if (roster->cut) {
        return 0;
    }
    if (first == NULL || first->end_ms - roster->own_ms >= most_ms) {
        return most_ms;
    }
    return first->end_ms > roster->own_ms ? first->end_ms - roster->own_ms : 0;
}

void roster_stop(struct roster *roster, struct outbox *outbox)
{
    roster->outbox = outbox;
    for (uint32_t i = 0; i < ROSTER_WORKERS_MAX; i++) {
        roster_say(roster, &roster->workers[i].caller, 0,
                   wire_encode_stop(false, &outbox->arena));
    }
}
