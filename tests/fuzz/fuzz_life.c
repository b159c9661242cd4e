#include "base/must.h"
#include "codec/embedded.h"
#include "world/world.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Every verb on a clock, a window, an accrual, instances, and an end that something outlives. */
static const char procedure_text[] =
    "procedure: life\n"
    "version: 1\n"
    "zh: 一生\n"
    "en: a life\n"
    "from: 2020-01-01\n"
    "roles:\n"
    "  officer: {zh: 承办人, en: officer, assigned: true}\n"
    "  head: {zh: 负责人, en: head}\n"
    "  party: {zh: 当事人, en: party, outside: true, reach: {sms: facts.mobile}}\n"
    "chain: [officer, head]\n"
    "apart: {both: [officer, head]}\n"
    "facts: {days: length, day: date, fine: money, item: text, mobile: text, on: date}\n"
    "clocks:\n"
    "  duty:\n"
    "    owner: officer\n"
    "    length: facts.days\n"
    "    roll: forward\n"
    "    grace: 1wd\n"
    "    pause: {grounds: [test, force], by: [head], review: 10d}\n"
    "    extend: {first: {by: [head], upto: 30d}, second: {by: [head]}}\n"
    "    remind: {near: {at: -3wd, to: [officer, party], notice: told}}\n"
    "    ladder: {one: {at: +1wd, to: head, notice: told}, two: {at: +3d, to: officer, notice: "
    "told, every: 2d}}\n"
    "  right: {kind: window, owner: party, length: 5wd}\n"
    "  until: {owner: officer, until: facts.day, roll: forward}\n"
    "  lead: {owner: officer, before: facts.day, length: 3wd}\n"
    "  fee: {owner: party, accrues: {of: facts.fine, percent: 3, cap: 100}, pause: {grounds: "
    "[test], by: [head]}}\n"
    "  many: {owner: officer, length: 4d, per: facts.item}\n"
    "  hours: {owner: officer, length: 6h}\n"
    "opens: {open: {by: [officer], may_take: [days, day, fine, item], to: work}}\n"
    "stages:\n"
    "  work:\n"
    "    no_limit: {zh: 等, en: wait}\n"
    "    events:\n"
    "      a: {by: [officer, party], may_take: [days, on], start: [duty, right]}\n"
    "      b: {by: [officer], may_take: [on], meet: {duty: event.on, right: event.occurred}}\n"
    "      c: {by: [officer], takes: [day], start: [until, lead]}\n"
    "      d: {by: [officer], may_take: [day], meet: [until, lead]}\n"
    "      e: {by: [officer], may_take: [fine], start: [fee]}\n"
    "      f: {by: [officer], meet: [fee], cancel: [duty]}\n"
    "      g: {by: [officer], takes: [item], start: [many]}\n"
    "      h: {by: [officer], takes: [item], meet: [many]}\n"
    "      i: {by: [officer], cancel: [duty], start: [duty, hours]}\n"
    "      j: {by: [officer], meet: [hours], to: end}\n"
    "      clock.right.elapsed: {start: [hours]}\n"
    "      clock.fee.capped: {start: [right]}\n"
    "      clock.duty.overdue: {start: [right]}\n"
    "      clock.many.overdue: {cancel: [right]}\n"
    "      clock.hours.overdue: {}\n"
    "      clock.until.overdue: {}\n"
    "      clock.lead.overdue: {}\n"
    "  end:\n"
    "    final: ended\n"
    "    outlives: [right, fee]\n"
    "    events: {b: {by: [officer], meet: [right]}, f: {by: [officer], meet: [fee]}}\n";
static const char agencies_text[] = "agencies:\n  gulou: {zh: 鼓楼, en: Gulou, calendar: cn}\n";
static const char people_text[] =
    "people:\n"
    "  wang: {certified: true, roles: [{role: officer, agency: gulou}]}\n"
    "  zhao: {roles: [{role: officer, agency: gulou}, {role: head, agency: gulou}]}\n"
    "  li: {roles: [{role: head, agency: gulou}]}\n";

#define START_MS  ((int64_t)1790000000000)
#define TURNS_MAX 400

/* The bytes of a life, one choice at a time. */
struct choices_left {
    const uint8_t *at;
    const uint8_t *end;
};

static uint8_t choose(struct choices_left *left, uint8_t count)
{
    return left->at == left->end ? 0 : (uint8_t)(*left->at++ % count);
}

static struct text any(struct choices_left *left, const char *const *words, uint8_t count)
{
    return text_of(words[choose(left, count)]);
}

#define ANY(left, words) any(left, words, (uint8_t)(sizeof(words) / sizeof((words)[0])))

static void install(struct world *world, const char *path, struct text bytes)
{
    static uint8_t memory[1 << 16];
    struct install_file file = {.path = text_of(path), .bytes = bytes};
    struct problem_list problems;
    struct arena arena;

    arena_init_over(&arena, memory, sizeof(memory));
    problem_list_init(&problems, &arena);
    MUST(world_install(world, &file, 1, &problems));
}

static void begin(struct world *world)
{
    struct text calendar;

    MUST(world_open(world, START_MS, NULL) == STATUS_OK);
    MUST(embedded_find(TEXT("calendars/cn.csv"), &calendar));
    install(world, "calendars/cn.csv", calendar);
    install(world, "agencies.yaml", text_of(agencies_text));
    install(world, "people.yaml", text_of(people_text));
    install(world, "procedures/life.yaml", text_of(procedure_text));
}

static void send_something(struct world *world, struct choices_left *left)
{
    static const char *const types[] = {"open",
                                        "a",
                                        "b",
                                        "c",
                                        "d",
                                        "e",
                                        "f",
                                        "g",
                                        "h",
                                        "i",
                                        "j",
                                        "clock.paused",
                                        "clock.resumed",
                                        "clock.extended",
                                        "clock.acknowledged",
                                        "case.corrected",
                                        "case.assigned",
                                        "case.on_hold",
                                        "case.off_hold",
                                        "case.noted",
                                        "notice.delivered",
                                        "clock.duty.overdue"};
    static const char *const people[] = {"wang", "zhao", "li", "nobody", ""};
    static const char *const roles[] = {"officer", "head", "party", "cook"};
    static const char *const names[] = {
        "days",    "day",     "fine",  "item",   "on",    "clock",    "ground",     "length",
        "officer", "started", "ended", "pauses", "stage", "approver", "facts.fine", "instance"};
    static const char *const values[] = {
        "3d",      "5wd",       "1mo",  "2026-10-01", "2026-09-25T10:00",
        "1000.00", "x",         "duty", "test",       "force",
        "none",    "wang,zhao", "work", "end",        "2026-09-20T10:00..2026-09-24T10:00",
        "y"};
    static const char *const ids[] = {"1", "2", "3", "4"};
    struct carried facts[3];
    struct text document = TEXT("审批表");
    struct document documents[] = {{.kind = document}};
    struct submission submission = {
        .id = ANY(left, ids),
        .source = ANY(left, ids),
        .agency = TEXT("gulou"),
        .case_id = choose(left, 4) == 0 ? TEXT("K-2") : TEXT("K-1"),
        .wait_ms = choose(left, 3) == 0 ? DAY_MS : 0,
        .event = {.type = ANY(left, types),
                  .person = ANY(left, people),
                  .role = ANY(left, roles),
                  .facts = facts},
        .documents = documents,
    };
    struct receipt receipt;

    submission.procedure =
        text_is(submission.event.type, "open") ? TEXT("life") : (struct text){0};
    submission.event.occurred_ms = world->now_ms - choose(left, 9) * DAY_MS;
    submission.event.fact_count = choose(left, 4);
    for (uint32_t i = 0; i < submission.event.fact_count; i++) {
        facts[i] = (struct carried){ANY(left, names), ANY(left, values)};
    }
    submission.document_count = choose(left, 2);
    submission.event.documents = &document;
    submission.event.document_count = submission.document_count;
    world_send(world, &submission, &receipt);
}

static void turn(struct world *world, struct choices_left *left)
{
    switch (choose(left, 8)) {
    case 0:
        MUST(world_pass(world, world->now_ms + choose(left, 24) * (int64_t)3600000, true));
        break;
    case 1:
        MUST(world_pass(world, world->now_ms + choose(left, 60) * DAY_MS, true));
        break;
    case 2:
        world_sleep(world, world->now_ms + choose(left, 40) * DAY_MS);
        break;
    case 3:
        MUST(world_crash(world, choose(left, 2) == 0) == STATUS_OK);
        break;
    default:
        send_something(world, left);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Any bytes are a life: events, time, sleep and power cuts. The judges are the step's own, and
 * the journal must lead to the same state again. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct choices_left left = {.at = bytes, .end = bytes + size};
    struct world world;

    begin(&world);
    for (int i = 0; i < TURNS_MAX && left.at < left.end; i++) {
        turn(&world, &left);
    }
    MUST(world_pass(&world, world.now_ms + 400 * DAY_MS, true));
    MUST(world_replays(&world));
    world_close(&world);
    return 0;
}
