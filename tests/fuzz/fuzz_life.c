#include "base/must.h"
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
static const char calendar_text[] = "date,kind,name\n"
                                    "2026-01-01,holiday,元旦\n"
                                    "2026-10-01,holiday,国庆节\n"
                                    "2026-10-02,holiday,国庆节\n"
                                    "2026-10-10,workday,国庆节\n";
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

static void begin(struct world *world)
{
    static uint8_t memory[1 << 16];
    struct install_file files[] = {
        {.path = TEXT("calendars/cn.csv"), .bytes = text_of(calendar_text)},
        {.path = TEXT("agencies.yaml"), .bytes = text_of(agencies_text)},
        {.path = TEXT("people.yaml"), .bytes = text_of(people_text)},
        {.path = TEXT("procedures/life.yaml"), .bytes = text_of(procedure_text)},
    };
    struct problem_list problems;
    struct arena arena;

    arena_init_over(&arena, memory, sizeof(memory));
    problem_list_init(&problems, &arena);
    MUST(world_open(world, START_MS, NULL) == STATUS_OK);
    MUST(world_install(world, files, 4, &problems));
}

/* What an event usually brings with it; now and then something else does. */
static const struct usual {
    const char *type;
    const char *person;
    const char *role;
    const char *facts[3][2];
} usuals[] = {
    {"open", "wang", "officer", {{"days", "5wd"}, {"fine", "1000.00"}}},
    {"a", "wang", "officer", {{"days", "10d"}}},
    {"b", "wang", "officer", {{"on", "2026-09-23"}}},
    {"c", "wang", "officer", {{"day", "2026-10-15"}}},
    {"d", "zhao", "officer", {{"day", "2026-10-20"}}},
    {"e", "wang", "officer", {{"fine", "500.00"}}},
    {"f", "wang", "officer", {{NULL}}},
    {"g", "wang", "officer", {{"item", "x"}}},
    {"h", "wang", "officer", {{"item", "x"}}},
    {"i", "wang", "officer", {{NULL}}},
    {"j", "wang", "officer", {{NULL}}},
    {"clock.paused", "li", "head", {{"clock", "duty"}, {"ground", "test"}}},
    {"clock.paused", "li", "head", {{"clock", "fee"}, {"ground", "test"}}},
    {"clock.resumed", "li", "head", {{"clock", "duty"}, {"ground", "test"}}},
    {"clock.extended", "li", "head", {{"clock", "duty"}, {"length", "10d"}}},
    {"clock.acknowledged", "li", "head", {{"clock", "duty"}}},
    {"case.corrected", "li", "head", {{"ground", "x"}, {"approver", "li"}, {"stage", "work"}}},
    {"case.corrected",
     "li",
     "head",
     {{"ground", "x"}, {"approver", "li"}, {"facts.fine", "9"}}},
    {"case.assigned", "li", "head", {{"officer", "wang,zhao"}}},
    {"case.on_hold", "li", "head", {{NULL}}},
    {"case.off_hold", "li", "head", {{NULL}}},
    {"case.noted", "wang", "officer", {{NULL}}},
    {"notice.delivered", "", "party", {{"notice", "1"}, {"result", "ok"}}},
    {"clock.duty.overdue", "wang", "officer", {{NULL}}},
};

static void bring(struct submission *submission, const struct usual *usual,
                  struct carried facts[4])
{
    submission->event.type = text_of(usual->type);
    submission->event.person = text_of(usual->person);
    submission->event.role = text_of(usual->role);
    submission->event.facts = facts;
    for (int i = 0; i < 3 && usual->facts[i][0] != NULL; i++) {
        facts[submission->event.fact_count++] = (struct carried){
            .name = text_of(usual->facts[i][0]), .value = text_of(usual->facts[i][1])};
    }
}

/* One thing about it is otherwise. */
static void twist(struct submission *submission, struct choices_left *left,
                  struct carried facts[4])
{
    static const char *const people[] = {"wang", "zhao", "li", "nobody", ""};
    static const char *const roles[] = {"officer", "head", "party", "cook"};
    static const char *const names[] = {"days",   "day",      "fine",   "item",   "clock",
                                        "ground", "length",   "on",     "stage",  "started",
                                        "ended",  "instance", "pauses", "officer"};
    static const char *const values[] = {"3d",
                                         "5wd",
                                         "1mo",
                                         "2026-10-01",
                                         "2026-09-25T10:00",
                                         "0.01",
                                         "x",
                                         "y",
                                         "right",
                                         "many",
                                         "fee",
                                         "force",
                                         "none",
                                         "zhao",
                                         "end",
                                         "2026-09-22T10:00..2026-09-24T10:00"};

    switch (choose(left, 4)) {
    case 0:
        submission->event.person = ANY(left, people);
        break;
    case 1:
        submission->event.role = ANY(left, roles);
        break;
    case 2:
        facts[submission->event.fact_count++] =
            (struct carried){.name = ANY(left, names), .value = ANY(left, values)};
        break;
    default:
        if (submission->event.fact_count > 0) {
            facts[choose(left, (uint8_t)submission->event.fact_count)].value =
                ANY(left, values);
        }
        break;
    }
}

static void send_usual(struct world *world, struct choices_left *left, uint8_t which)
{
    static const char *const ids[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"};
    static struct text document = TEXT_INIT("审批表");
    struct document documents[] = {{.kind = document}};
    struct carried facts[4];
    struct submission submission = {
        .id = ANY(left, ids),
        .source = ANY(left, ids),
        .agency = TEXT("gulou"),
        .case_id = choose(left, 4) == 3 ? TEXT("K-2") : TEXT("K-1"),
        .wait_ms = choose(left, 3) == 2 ? DAY_MS : 0,
        .documents = documents,
        .document_count = 1,
        .event = {.documents = &document, .document_count = 1},
    };
    struct receipt receipt;

    bring(&submission, &usuals[which], facts);
    if (choose(left, 4) == 3) {
        twist(&submission, left, facts);
    }
    if (which == 0) {
        submission.procedure = TEXT("life");
    }
    submission.event.occurred_ms = world->now_ms - choose(left, 9) * DAY_MS;
    world_send(world, &submission, &receipt);
}

static void turn(struct world *world, struct choices_left *left)
{
    switch (choose(left, 32)) {
    case 0:
    case 1:
    case 2:
        MUST(world_pass(world, world->now_ms + choose(left, 24) * (int64_t)3600000, true));
        break;
    case 3:
    case 4:
    case 5:
        MUST(world_pass(world, world->now_ms + choose(left, 60) * DAY_MS, true));
        break;
    case 6:
        world_sleep(world, world->now_ms + choose(left, 40) * DAY_MS);
        break;
    case 7:
        MUST(world_crash(world, choose(left, 2) == 0) == STATUS_OK);
        break;
    default:
        send_usual(world, left, choose(left, sizeof(usuals) / sizeof(usuals[0])));
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
    send_usual(&world, &left, 0);
    for (int i = 0; i < TURNS_MAX && left.at < left.end; i++) {
        turn(&world, &left);
    }
    MUST(world_pass(&world, world.now_ms + 400 * DAY_MS, true));
    MUST(world_replays(&world));
    world_close(&world);
    return 0;
}
