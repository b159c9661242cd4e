#ifndef DUBAN_TESTS_TOLD_H
#define DUBAN_TESTS_TOLD_H

/* A world in which people are told: a limit with a reminder and a ladder, and a worker's part. */
#include "engine/jobs.h"
#include "lib/tale.h"

#include <stdio.h>

/* A limit of five days with a reminder and a ladder, people who are reached by SMS, then by mail. */
static const char procedure_of_notices[] =
    "procedure: told\n"
    "version: 1\n"
    "zh: 通知\n"
    "en: told\n"
    "from: 2020-01-01\n"
    "roles:\n"
    "  officer: {zh: 承办人, en: officer, assigned: true}\n"
    "  head: {zh: 负责人, en: head}\n"
    "  party: {zh: 当事人, en: party, outside: true, reach: {sms: facts.mobile}, consent: "
    "facts.consent}\n"
    "chain: [officer, head]\n"
    "facts: {mobile: {type: text, private: true}, consent: flag}\n"
    "clocks:\n"
    "  decide:\n"
    "    zh: 办理期限\n"
    "    en: decision\n"
    "    law: 第五条\n"
    "    owner: officer\n"
    "    length: 10d\n"
    "    extend: {once: {by: [officer], upto: 10d}}\n"
    "    remind: {near: {at: -3wd, to: [officer, party], notice: near}}\n"
    "    ladder: {up: {at: +1wd, to: head, notice: over, every: 2wd}}\n"
    "opens: {opened: {by: [officer], may_take: [mobile, consent], start: [decide], to: work}}\n"
    "stages:\n"
    "  work: {zh: 办理, en: work, events: {longer: {by: [officer], extend: {decide: 10d}}, "
    "ended: {by: [officer], meet: [decide], to: done}}}\n"
    "  done: {zh: 办结, en: done, final: done}\n";
/* The next version: everything has another number, and the limit another name. */
static const char procedure_of_later[] =
    "procedure: told\n"
    "version: 2\n"
    "zh: 通知\n"
    "en: told\n"
    "from: 2099-01-01\n"
    "migrates: {clocks: {decide: handle}, roles: {party: citizen}}\n"
    "roles:\n"
    "  clerk: {zh: 书记员, en: clerk, assigned: true}\n"
    "  citizen: {zh: 当事人, en: party, outside: true, reach: {sms: facts.mobile}, consent: "
    "facts.consent}\n"
    "  head: {zh: 负责人, en: head}\n"
    "  officer: {zh: 承办人, en: officer, assigned: true}\n"
    "chain: [officer, head]\n"
    "facts: {mobile: {type: text, private: true}, consent: flag}\n"
    "clocks:\n"
    "  aside: {zh: 旁, en: aside, law: 第六条, owner: clerk, length: 10d, "
    "ladder: {up: {at: +1wd, to: head, notice: over}}}\n"
    "  handle:\n"
    "    zh: 办结期限\n"
    "    en: handling\n"
    "    law: 第五条\n"
    "    owner: officer\n"
    "    length: 10d\n"
    "    remind: {near: {at: -3wd, to: [officer, citizen], notice: near}}\n"
    "    ladder: {up: {at: +1wd, to: head, notice: over, every: 2wd}}\n"
    "opens: {opened: {by: [officer], may_take: [mobile, consent], start: [aside, handle], to: "
    "work}}\n"
    "stages:\n"
    "  work: {zh: 办理, en: work, events: {ended: {by: [officer], meet: [aside, handle], to: "
    "done}}}\n"
    "  done: {zh: 办结, en: done, final: done}\n";
static const char people_reached[] =
    "people:\n"
    "  wang: {name: 王, certified: true, phone: \"13800000001\", mail: wang@example.cn, roles: "
    "[{role: officer, agency: gulou}]}\n"
    "  li: {name: Li, certified: true, mail: li@example.cn, language: en, roles: [{role: head, "
    "agency: gulou}]}\n";
static const char channels_plain[] =
    "channels:\n"
    "  sms: {address: phone, attempts: 3, late: 2h}\n"
    "  mail: {address: mail, idempotent: true, attempts: 2, late: 24h}\n";

static inline struct world told_world_of(const char *channels, const char *people)
{
    struct world world;
    struct arena arena;
    struct problem_list problems = no_problems(&arena);
    struct install_file files[] = {
        {.path = TEXT("calendars/cn.csv")},
        {.path = TEXT("agencies.yaml"), .bytes = text_of(agencies_text)},
        {.path = TEXT("channels.yaml"), .bytes = text_of(channels)},
        {.path = TEXT("people.yaml"), .bytes = text_of(people)},
        {.path = TEXT("procedures/told.yaml"), .bytes = text_of(procedure_of_notices)},
        {.path = TEXT("procedures/told2.yaml"), .bytes = text_of(procedure_of_later)},
        {.path = TEXT("notices/near.zh.txt"),
         .bytes = TEXT("{{case}}：{{clock}}{{last_day}}届满，还剩{{left}}\n---\n将届满\n\n"
                       "{{case}}\n阶段：{{stage}}\n")},
        {.path = TEXT("notices/near.en.txt"),
         .bytes = TEXT("{{case}} {{clock}} {{last_day}}, {{left}}\n---\nNear\n\n{{case}}\n")},
        {.path = TEXT("notices/over.zh.txt"),
         .bytes = TEXT("{{case}}逾期\n---\n逾期\n\n{{case}}\n")},
        {.path = TEXT("notices/over.en.txt"),
         .bytes = TEXT("{{case}} is over\n---\nOver\n\n{{case}} {{owner}}\n")},
    };

    CHECK(embedded_find(files[0].path, &files[0].bytes));
    CHECK(world_open(&world, START_MS, NULL) == STATUS_OK);
    CHECK(world_install(&world, files, sizeof(files) / sizeof(files[0]), &problems));
    if (problems.first != NULL) {
        CHECK_TEXT(problems.first->message->en, "");
    }
    return world;
}

static inline struct world told_world(const char *channels)
{
    return told_world_of(channels, people_reached);
}

static inline void act(struct world *world, const char *case_id, const char *type,
                       const struct carried *facts, uint32_t fact_count)
{
    struct submission submission = event_of(world, type, type);
    struct receipt receipt;

    submission.case_id = text_of(case_id);
    submission.procedure = strcmp(type, "opened") == 0 ? TEXT("told") : (struct text){0};
    submission.event.facts = facts;
    submission.event.fact_count = fact_count;
    world_send(world, &submission, &receipt);
    CHECK(receipt.verdict == RECEIPT_APPLIED);
}

static inline bool lease(struct world *world, const char *channel, struct job_offer *offer)
{
    return engine_lease(world->engine, text_of(channel), TEXT("worker"), world->now_ms,
                        offer) == STATUS_OK;
}

static inline bool report(struct world *world, enum job_step step, uint64_t job, uint64_t token,
                          enum job_failure failure)
{
    struct job_report report = {
        .step = step, .job = job, .token = token, .failure = failure, .words = TEXT("words")};

    return engine_report(world->engine, &report, world->now_ms);
}

/* The end of a tale: the journal alone leads to the same. */
static inline void close_world(struct world *world)
{
    CHECK(world_replays(world));
    world_close(world);
}

/* 2026-03-02 and ten days: the last day is the 12th, so the reminder goes out on the 9th. */
#define REMINDER_MS (START_MS + 7 * DAY_MS)

/* The key of an offer, as a worker is given it. */
static inline struct text key_of(const struct world *world, const struct job_offer *offer)
{
    static char key[JOB_KEY_SIZE];

    return (struct text){.bytes = key, .size = engine_job_key(world->engine, &offer->job, key)};
}

/* Somebody says of a message whether it arrived. */
static inline struct receipt tell_at(struct world *world, const char *type, struct text key,
                                     int64_t at_ms)
{
    struct carried facts[] = {
        {.name = TEXT_INIT("notice"), .value = key},
        {.name = TEXT_INIT("result"), .value = TEXT_INIT("550 <wang@example.cn> 13800000001")},
    };
    struct submission submission = {
        .id = TEXT("r"),
        .source = TEXT("mail-1"),
        .event = {
            .type = text_of(type), .occurred_ms = at_ms, .facts = facts, .fact_count = 2}};
    struct receipt receipt;

    world_send(world, &submission, &receipt);
    return receipt;
}

static inline struct receipt tell_of(struct world *world, const char *type, struct text key)
{
    return tell_at(world, type, key, world->now_ms);
}

/* The next of a channel is leased, begun and done; its key. */
static inline struct text sent(struct world *world, const char *channel)
{
    struct job_offer offer;

    if (!CHECK(lease(world, channel, &offer))) {
        return (struct text){0};
    }

    struct text key = key_of(world, &offer); /* the offer goes with the next call */

    CHECK(engine_begin(world->engine, offer.job.token, world->now_ms));
    CHECK(report(world, JOB_STEP_DONE, 0, offer.job.token, JOB_FAILED_FOR_NOW));
    return key;
}

#endif
