#include "sim/workers.h"

#include <stdio.h>
#include <stdlib.h>

/* The daemon of these tales: the engine and its roster, without sockets and threads. */

static const char procedure_of_calls[] =
    "procedure: call\n"
    "version: 1\n"
    "zh: 通知\n"
    "en: call\n"
    "from: 2020-01-01\n"
    "roles:\n"
    "  officer: {zh: 承办人, en: officer}\n"
    "  head: {zh: 负责人, en: head}\n"
    "  party: {zh: 当事人, en: party, outside: true, reach: {sms: facts.mobile}, consent: "
    "facts.consent}\n"
    "chain: [officer, head]\n"
    "facts: {mobile: {type: text, private: true}, consent: flag}\n"
    "clocks: {decide: {zh: 期限, en: limit, law: 第五条, owner: officer, length: 90d, ladder: "
    "{up: {at: +1wd, to: head, notice: told}}}}\n"
    "opens: {opened: {by: [officer], may_take: [mobile, consent], start: [decide], notify: "
    "{to: "
    "party, notice: told}, to: work}}\n"
    "stages:\n"
    "  work: {zh: 办理, en: work, events: {ended: {by: [officer], meet: [decide], to: done}}}\n"
    "  done: {zh: 办结, en: done, final: done}\n";
static const char people_of_calls[] =
    "people:\n"
    "  wang: {name: 王, certified: true, roles: [{role: officer, agency: gulou}]}\n"
    "  li: {name: 李, certified: true, roles: [{role: head, agency: gulou}]}\n";

enum { RETRIES = 100 };

static void begin_world(struct play *play)
{
    char channels[160];
    struct arena arena;
    struct problem_list problems = no_problems(&arena);
    struct install_file files[] = {
        {.path = TEXT("calendars/cn.csv")},
        {.path = TEXT("agencies.yaml"), .bytes = text_of(agencies_text)},
        {.path = TEXT("channels.yaml")},
        {.path = TEXT("people.yaml"), .bytes = text_of(people_of_calls)},
        {.path = TEXT("procedures/call.yaml"), .bytes = text_of(procedure_of_calls)},
        {.path = TEXT("notices/told.zh.txt"),
         .bytes = TEXT("{{case}}：{{last_day}}\n---\n通知\n\n{{case}}\n")},
        {.path = TEXT("notices/told.en.txt"),
         .bytes = TEXT("{{case}}: {{last_day}}\n---\nTold\n\n{{case}}\n")},
    };

    (void)snprintf(channels, sizeof(channels),
                   "channels: {sms: {address: phone, %sattempts: %d, retry: 1min, "
                   "retry_max: 2min, lease: 1min, "
                   "late: 24h}}\n",
                   play->idempotent ? "idempotent: true, " : "", RETRIES);
    files[2].bytes = text_of(channels);
    CHECK(embedded_find(files[0].path, &files[0].bytes));
    CHECK(world_open(&play->world, START_MS, NULL) == STATUS_OK);
    CHECK(world_install(&play->world, files, sizeof(files) / sizeof(files[0]), &problems));
    if (problems.first != NULL) {
        CHECK_TEXT(problems.first->message->en, "");
    }
}

void daemon_begin(struct play *play, uint64_t seed, uint32_t calls, bool idempotent)
{
    *play = (struct play){.rng = rng_seeded(seed),
                          .calls = calloc(calls, sizeof(struct call)),
                          .calls_max = calls,
                          .idempotent = idempotent,
                          .faults = true,
                          .memory = malloc((size_t)1 << 20)};
    arena_init_over(&play->arena, play->memory, (size_t)1 << 20);
    play->start = arena_mark(&play->arena);
    begin_world(play);
    CHECK(outbox_open(&play->outbox) && roster_open(&play->roster, 1));
    roster_begin(&play->roster, play->world.engine, 0);
    for (uint32_t i = 0; i < CARRIERS; i++) {
        (void)snprintf(play->carriers[i].name, sizeof(play->carriers[i].name), "w%u", i);
    }
}

void daemon_end(struct play *play)
{
    CHECK(world_replays(&play->world));
    world_close(&play->world);
    roster_close(&play->roster);
    outbox_close(&play->outbox);
    free(play->calls);
    free(play->memory);
}

void daemon_open_call(struct play *play)
{
    static const struct carried facts[] = {
        {.name = TEXT_INIT("mobile"), .value = TEXT_INIT("13900000001")},
        {.name = TEXT_INIT("consent"), .value = TEXT_INIT("true")}};
    struct submission submission = event_of(&play->world, "opened", "opened");
    struct receipt receipt;
    char case_id[16];

    (void)snprintf(case_id, sizeof(case_id), "K-%u", play->call_count);
    submission.case_id = text_of(case_id);
    submission.procedure = TEXT("call");
    submission.event.facts = facts;
    submission.event.fact_count = 2;
    world_send(&play->world, &submission, &receipt);
    CHECK(receipt.verdict == RECEIPT_APPLIED);
    play->calls[play->call_count].job = job_number(receipt.seq, 0);
    CHECK(engine_flush(play->world.engine) == STATUS_OK);
    play->call_count++;
}

/* What a worker that never held it says of another's job, or under a made-up token, is nothing;
 * no old token begins or fails anything. */
static void judge(struct play *play)
{
    for (uint32_t i = 0; i < play->ask_count; i++) {
        uint64_t seq = engine_seq(play->world.engine);

        play->asks[i].reply = roster_hear(&play->roster, &play->asks[i].request,
                                          &play->asks[i].caller, &play->arena);
        if (play->asks[i].lies) {
            CHECK(engine_seq(play->world.engine) == seq);
            play->lies++;
        }
    }
}

static void crash(struct play *play)
{
    CHECK(world_crash(&play->world, chance(play, 500)) == STATUS_OK);
    roster_close(&play->roster);
    CHECK(roster_open(&play->roster, 1));
    roster_begin(&play->roster, play->world.engine, play->steady_ms);
    play->crashes++;
}

static void show(struct play *play)
{
    for (uint32_t i = 0; i < play->ask_count; i++) {
        struct carrier *carrier = &play->carriers[play->asks[i].carrier];

        if (play->asks[i].reply.size > 0 &&
            memcmp(&carrier->caller, &play->asks[i].caller, sizeof(carrier->caller)) == 0) {
            worker_hear(play, carrier, play->asks[i].reply);
        }
    }
    for (uint32_t i = 0; i < play->outbox.count; i++) {
        const struct outgoing *out = &play->outbox.list[i];
        bool there = false;

        for (uint32_t j = 0; j < CARRIERS; j++) {
            struct carrier *carrier = &play->carriers[j];

            if (memcmp(&carrier->caller, &out->to, sizeof(out->to)) == 0 && carrier->known) {
                worker_hear_push(play, carrier, out->frame);
                there = true;
            }
        }
        if (!there && out->token != 0) {
            roster_lost(&play->roster, &out->to, out->token);
        }
    }
}

/* One live lease per job, and the roster keeps the time of exactly these. */
static void check_leases(struct play *play)
{
    static uint8_t room[JOB_NOTICES_MAX * 256];
    static uint64_t jobs[CARRIERS * HANDS * 2];
    struct arena arena;
    struct job job;
    uint64_t token = 0;
    uint32_t count = 0;

    arena_init_over(&arena, room, sizeof(room));
    while (engine_next_lease(play->world.engine, &token, &arena, &job)) {
        for (uint32_t i = 0; i < count; i++) {
            CHECK(jobs[i] != job.number);
        }
        CHECK(leases_find(&play->roster.leases, token) != NULL);
        if (!CHECK(count < sizeof(jobs) / sizeof(jobs[0]))) {
            return;
        }
        jobs[count++] = job.number;
        arena_init_over(&arena, room, sizeof(room));
    }
    CHECK_INTEGER(play->roster.leases.count, count);
}

void daemon_turn(struct play *play)
{
    struct engine *engine = play->world.engine;
    int64_t now_ms = play->world.now_ms;

    arena_rewind(&play->arena, play->start);
    play->ask_count = 0;
    outbox_empty(&play->outbox);
    for (uint32_t i = 0; i < CARRIERS; i++) {
        worker_act(play, &play->carriers[i]);
    }
    roster_look(&play->roster, &play->outbox, now_ms, play->steady_ms);
    judge(play);
    while (engine_fire(engine, now_ms, 64) == 64) {
    }
    roster_tend(&play->roster, true);
    if (fault(play, 10)) {
        crash(play);
        return;
    }
    CHECK(engine_flush(engine) == STATUS_OK);
    show(play);
    if (chance(play, 50)) {
        CHECK(engine_checkpoint(play->world.engine) == STATUS_OK);
        check_leases(play);
    }
    if (fault(play, 5)) {
        crash(play);
    }
}
