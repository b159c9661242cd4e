#include "engine/roster_parts.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>

/* What workers say, one request at a time. */

/* A request in hand. */
struct heard {
    struct roster *roster;
    struct worker *worker; /* who says it */
    const struct wire_request *request;
    struct arena *arena; /* of the answer */
};

static const struct message too_many = {
    "workers_full", "64 workers are known already: end one, or give it more channels",
    "已登记 64 个工作进程：请停止其中之一，或让其承担更多渠道"};
static const struct message no_channel = {
    "no_channel", "no channel is called {0}; channels.yaml has them: duban install",
    "没有渠道“{0}”；渠道见 channels.yaml：duban install"};

static struct bytes refuse_channel(struct heard *heard, struct text channel)
{
    char en[160];
    char zh[160];
    const struct message why = {.code = no_channel.code, .en = en, .zh = zh};

    (void)message_print(no_channel.en, &channel, en, sizeof(en));
    (void)message_print(no_channel.zh, &channel, zh, sizeof(zh));
    return wire_encode_error(heard->request->number, STATUS_NOT_FOUND, &why, heard->arena);
}

static void take_channels(struct roster *roster, struct worker *worker,
                          const struct wire_work *work)
{
    worker->term_ms = INT64_MAX;
    worker->channel_count = work->channel_count;
    worker->next_channel = 0;
    for (uint32_t i = 0; i < work->channel_count; i++) {
        int64_t term_ms = roster_term_ms(roster, work->channels[i]);

        memcpy(worker->channel_bytes[i], work->channels[i].bytes, work->channels[i].size);
        worker->channels[i] =
            (struct text){.bytes = worker->channel_bytes[i], .size = work->channels[i].size};
        worker->term_ms = term_ms < worker->term_ms ? term_ms : worker->term_ms;
    }
}

static void take_version(struct worker *worker, struct text version)
{
    if (version.size > 0) {
        memcpy(worker->version_bytes, version.bytes, version.size);
    }
    worker->version = (struct text){.bytes = worker->version_bytes, .size = version.size};
}

/* Tokens of another store are none of ours, whatever their numbers. */
static bool is_ours(const struct roster *roster, const struct wire_work *work)
{
    char name[STORE_NAME_SIZE];
    size_t size = engine_store_name(roster->engine, name);

    return text_empty(work->store) ||
           text_equal(work->store, (struct text){.bytes = name, .size = size});
}

static bool is_named(const struct roster *roster, const struct wire_work *work, uint64_t token)
{
    for (uint32_t i = 0; i < work->token_count; i++) {
        if (roster_own_token(roster, work->tokens[i]) == token) {
            return true;
        }
    }
    return false;
}

/* What it names is its own for another term; what it does not name it has forgotten. */
static void sort_out(struct roster *roster, const struct worker *worker,
                     const struct wire_work *said)
{
    struct wire_work ours = *said;
    const struct wire_work *work = &ours;

    ours.token_count = is_ours(roster, said) ? said->token_count : 0;
    for (uint32_t i = 0; i < LEASES_MAX && worker->held > 0; i++) {
        struct lease *lease = &roster->leases.all[i];

        if (lease->token == 0 || lease->worker != roster_place(roster, worker)) {
            continue;
        }
        if (is_named(roster, work, lease->token)) {
            leases_renew(&roster->leases, lease, roster->own_ms);
        } else {
            roster_lose(roster, lease);
        }
    }
}

static struct bytes welcome(struct heard *heard)
{
    const struct wire_work *work = &heard->request->work;
    uint64_t *over = arena_take(heard->arena, work->token_count * sizeof(*over));
    char name[STORE_NAME_SIZE];
    struct wire_welcome welcome = {
        .lease_ms = (uint64_t)heard->worker->term_ms,
        .store = {.bytes = name, .size = engine_store_name(heard->roster->engine, name)},
        .generation = engine_generation(heard->roster->engine),
        .over = over,
        .now_ms = heard->roster->now_ms,
        .rate = (uint32_t)heard->roster->rate,
    };

    for (uint32_t i = 0; over != NULL && i < work->token_count; i++) {
        uint64_t token = roster_own_token(heard->roster, work->tokens[i]);

        if (roster_lease(heard->roster, heard->worker, token) == NULL) {
            over[welcome.over_count++] = work->tokens[i];
        }
    }
    return wire_encode_welcome(heard->request->number, &welcome, heard->arena);
}

/* The place of a name: who called under it before is told that it is another's now. */
static struct worker *take_name(struct roster *roster, struct text name,
                                const struct caller *caller)
{
    struct worker *before = roster_calling(roster, caller);
    struct worker *worker = roster_named(roster, name);

    if (before != NULL && before != worker) {
        roster_disconnect(roster, before); /* the same connection under another name */
    }
    if (worker != NULL && before != worker && worker->caller.size > 0) {
        if (roster_may_log(roster)) {
            log_warn(
                "worker.replaced name=\"%.*s\" do=\"two under one name? give each its own\"",
                TEXT_ARGS(name));
        }
        if (roster->outbox != NULL) {
            roster_say(roster, &worker->caller, 0,
                       wire_encode_stop(true, &roster->outbox->arena));
        }
    }
    return worker != NULL ? worker : roster_add(roster, name);
}

static struct bytes hear_hello(struct heard *heard, const struct caller *caller)
{
    const struct wire_work *work = &heard->request->work;
    struct roster *roster = heard->roster;

    for (uint32_t i = 0; i < work->channel_count; i++) {
        if (installed_channel(engine_law(roster->engine)->installed, work->channels[i]) ==
            NULL) {
            return refuse_channel(heard, work->channels[i]);
        }
    }
    heard->worker = take_name(roster, work->name, caller);
    if (heard->worker == NULL) {
        return wire_encode_error(heard->request->number, STATUS_FULL, &too_many, heard->arena);
    }
    heard->worker->caller = *caller; /* before a lease is dropped, for then it is tidied up */
    heard->worker->credit = 0;
    heard->worker->heard_ms = roster->own_ms;
    heard->worker->seen_ms = roster->now_ms;
    heard->worker->came_ms = roster->now_ms;
    heard->worker->done_count = 0;
    heard->worker->fail_count = 0;
    take_channels(roster, heard->worker, work);
    take_version(heard->worker, work->version);
    sort_out(roster, heard->worker, work);
    if (roster_may_log(roster)) {
        log_info("worker.came name=\"%.*s\" leases=%u", TEXT_ARGS(work->name),
                 heard->worker->held);
    }
    return welcome(heard);
}

static void hear_touch(struct heard *heard)
{
    const struct wire_work *work = &heard->request->work;
    struct roster *roster = heard->roster;

    for (uint32_t i = 0; i < work->token_count; i++) {
        uint64_t token = roster_own_token(roster, work->tokens[i]);
        struct lease *lease = roster_lease(roster, heard->worker, token);

        if (lease != NULL) {
            leases_renew(&roster->leases, lease, roster->own_ms);
        } else if (roster->outbox != NULL) {
            roster_say(roster, &heard->worker->caller, 0,
                       wire_encode_withdraw(work->tokens[i], &roster->outbox->arena));
        }
    }
}

static void hear_credit(struct heard *heard)
{
    uint32_t more = heard->request->follow.credit;
    uint32_t room = ROSTER_CREDIT_MAX - heard->worker->credit;

    heard->worker->credit += more < room ? more : room;
}

static struct bytes settled(struct heard *heard, bool stale)
{
    return wire_encode_settled(heard->request->number, heard->request->work.token, stale,
                               heard->arena);
}

/* Said twice it is answered twice: the first answer may have been lost. A lease that may not
 * begin is its worker's no more. */
static struct bytes hear_begin(struct heard *heard)
{
    struct roster *roster = heard->roster;
    uint64_t token = roster_own_token(roster, heard->request->work.token);
    struct lease *lease = roster_lease(roster, heard->worker, token);

    if (lease == NULL) {
        return settled(heard, true);
    }
    if (!lease->begun && !engine_begin(roster->engine, token, roster->now_ms)) {
        roster_lose(roster, lease);
        return settled(heard, true);
    }
    heard->worker->begun += lease->begun ? 0 : 1;
    lease->begun = true;
    leases_renew(&roster->leases, lease, roster->own_ms);
    return wire_encode_go(heard->request->number, heard->request->work.token, heard->arena);
}

static struct bytes hear_result(struct heard *heard)
{
    struct roster *roster = heard->roster;
    const struct wire_work *work = &heard->request->work;
    struct job_report report = work->report;
    struct lease *lease;

    report.token = roster_own_token(roster, work->token);
    report.worker = heard->worker->name;
    lease = roster_lease(roster, heard->worker, report.token);
    if (lease != NULL) {
        roster_drop_lease(roster, lease);
    } else if (report.step != JOB_STEP_DONE || leases_find(&roster->leases, report.token) ||
               !engine_granted(roster->engine, report.token, report.worker, work->key,
                               &report.job)) {
        return settled(heard, true);
    }

    bool believed = engine_report(roster->engine, &report, roster->now_ms);

    heard->worker->done_count += believed && report.step == JOB_STEP_DONE ? 1 : 0;
    heard->worker->fail_count += believed && report.step != JOB_STEP_DONE ? 1 : 0;
    return settled(heard, !believed);
}

/* What has begun runs on: it may come back and say what became of it. */
static void hear_bye(struct heard *heard)
{
    struct roster *roster = heard->roster;
    struct worker *worker = heard->worker;

    for (uint32_t i = 0; i < LEASES_MAX && worker->held > worker->begun; i++) {
        struct lease *lease = &roster->leases.all[i];

        if (lease->token != 0 && lease->worker == roster_place(roster, worker) &&
            !lease->begun) {
            roster_lose(roster, lease);
        }
    }
    if (roster_may_log(roster)) {
        log_info("worker.left name=\"%.*s\" leases=%u", TEXT_ARGS(worker->name), worker->held);
    }
    roster_disconnect(roster, worker);
}

struct bytes roster_hear(struct roster *roster, const struct wire_request *request,
                         const struct caller *caller, struct arena *arena)
{
    struct heard heard = {.roster = roster,
                          .worker = roster_calling(roster, caller),
                          .request = request,
                          .arena = arena};

    if (request->verb == WIRE_HELLO) {
        return hear_hello(&heard, caller);
    }
    if (heard.worker == NULL) {
        return wire_encode_stop(false, arena);
    }
    heard.worker->heard_ms = roster->own_ms;
    heard.worker->seen_ms = roster->now_ms;
    if (request->verb == WIRE_BEGIN) {
        return hear_begin(&heard);
    }
    if (request->verb == WIRE_RESULT) {
        return hear_result(&heard);
    }
    if (request->verb == WIRE_TOUCH) {
        hear_touch(&heard);
    } else if (request->verb == WIRE_CREDIT) {
        hear_credit(&heard);
    } else if (request->verb == WIRE_BYE) {
        hear_bye(&heard);
    }
    return (struct bytes){0};
}
