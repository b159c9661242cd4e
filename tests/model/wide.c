#include "model/wide.h"

#include "base/must.h"
#include "lib/rng.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { CLOCKS = 5, STAGES = 3, FINALS = 2 };

enum make { MAKE_LENGTH, MAKE_EXACT, MAKE_FACT, MAKE_UNTIL, MAKE_BEFORE, MAKE_ACCRUAL, MAKES };

struct wide {
    struct rng rng;
    char *out;
    size_t size;
    size_t at;
    uint32_t clock_count;
    enum make makes[CLOCKS];
    bool windows[CLOCKS];
    bool per[CLOCKS];
    uint32_t grounds[CLOCKS]; /* how many */
    uint32_t extends[CLOCKS];
};

__attribute__((format(printf, 2, 3))) static void put(struct wide *wide, const char *format,
                                                      ...)
{
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(wide->out + wide->at, wide->size - wide->at, format, arguments);
    va_end(arguments);
    MUST(size >= 0);
    MUST((size_t)size < wide->size - wide->at);
    wide->at += (size_t)size;
}

static bool chance(struct wide *wide, int64_t percent)
{
    return rng_between(&wide->rng, 1, 100) <= percent;
}

static uint32_t below(struct wide *wide, uint32_t count)
{
    return (uint32_t)rng_between(&wide->rng, 0, (int64_t)count - 1);
}

#define ONE_OF(wide, words) ((words)[below((wide), sizeof(words) / sizeof((words)[0]))])

static const char *const roles[] = {"officer", "unit_head", "leader", "supervisor"};
static const char *const receivers[] = {
    "officer", "unit_head",          "leader",         "party",         "lab",
    "owner",   "officer, unit_head", "party, officer", "owner, leader", "party, lab"};
static const char *const grounds[] = {"test", "hearing", "force_majeure"};
/* Each is known whatever the case is. */
static const char *const sure[] = {
    "has(harm) && harm",
    "!has(minor) || !minor",
    "has(rounds) && rounds >= 2",
    "has(fine) && has(paid) && paid >= fine",
    "has(kind) && kind == 'person'",
    "has(marks) && 'light' in marks",
    "has(done_on) && done_on < date('2026-03-01')",
    "has(item_no) || has(seen_at)",
    "has(give) && give == 10d",
    "clock.c0.live",
    "clock.c0.running || clock.c0.paused",
    "has(clock.c0.last_day) && clock.c0.last_day > date('2026-05-01')",
    "has(clock.c0.ended) && workday(date(clock.c0.ended))",
    "has(clock.c0.started) && date(clock.c0.started) >= date('2026-02-01')",
    "has(planned_on) && before(planned_on, 7wd) > date('2026-04-01')",
    "case.agency == 'gulou'",
};
static const char *const unsure[] = {
    "harm",
    "!minor",
    "rounds + 1 < 4",
    "fine + paid <= 5000.00",
    "kind in ['person', 'other']",
    "size(marks) > 1 || harm",
    "'light' in marks",
    "done_on <= planned_on",
    "!(rounds >= 2) && minor",
    "date(event.occurred) <= after(done_on, 5wd)",
    "date(event.occurred) <= clock.c0.last_day",
    "clock.c0.last_day >= date(event.occurred) || harm",
    "case.stage in ['s0', 'f0']",
    "case.unit == 'one'",
    "date(case.opened) < date('2026-04-01')",
    "actors.certified",
    "actors.of_unit",
    "'wang' in actors",
    "size(actors) - 1 >= rounds",
    "date(seen_at) > done_on",
    "-rounds < -1",
};
static const char *const demands[] = {
    "actors.certified",
    "case.unit != '' && !actors.of_unit",
    "size(actors) >= 2",
    "event.done_on <= date(event.occurred)",
    "date(event.received) >= date(event.occurred)",
    "has(event.done_on) && event.done_on > date('2020-01-01')",
    "!clock.c0.overdue",
    "after(event.done_on, 3wd) >= date(event.occurred)",
};

static const char *any_length(struct wide *wide)
{
    static const char *const lengths[] = {"1d",   "5d",  "15d", "30d", "2wd", "7wd",
                                          "15wd", "1mo", "2mo", "90d", "1y"};

    return ONE_OF(wide, lengths);
}

static const char *any_exact(struct wide *wide)
{
    static const char *const lengths[] = {"24h", "36h", "48h", "100h"};

    return ONE_OF(wide, lengths);
}

static void put_top(struct wide *wide, uint64_t seed)
{
    static const char *const backdates[] = {"7d", "30d", "3wd", "1mo", "48h"};

    put(wide,
        "# Wide, of seed %llu.\nprocedure: wide\nversion: 1\nzh: 宽\nen: wide\n"
        "from: 2021-07-15\n",
        (unsigned long long)seed);
    if (chance(wide, 50)) {
        put(wide, "backdate: %s\n", ONE_OF(wide, backdates));
    }
    put(wide, "roles:\n  officer: {zh: 执法人员, en: officer, assigned: true}\n"
              "  unit_head: {zh: 承办机构负责人, en: head of unit}\n"
              "  leader: {zh: 主要负责人, en: leader}\n");
    put(wide, "  supervisor: {zh: 执法监督, en: supervision%s}\n",
        chance(wide, 50) ? ", above: true" : "");
    put(wide,
        "  host: {zh: 主持人, en: host, assigned: true}\n"
        "  party: {zh: 当事人, en: party, outside: true, "
        "reach: {sms: facts.party_mobile}%s}\n"
        "  lab: {zh: 检测机构, en: laboratory, outside: true}\n"
        "chain: [officer, unit_head, leader]\n",
        chance(wide, 50) ? ", consent: facts.sms_consent" : "");
    if (chance(wide, 40)) {
        put(wide, "apart:\n  review: [officer, supervisor]\n  hearing: [host, unit_head]\n");
    }
    put(wide, "facts:\n  harm: flag\n  minor: flag\n  rounds: integer\n  fine: money\n"
              "  paid: money\n  done_on: date\n  planned_on: date\n  seen_at: instant\n"
              "  give: length\n  kind: {choice: [person, organisation, other]}\n"
              "  marks: {type: set, choice: [light, heavy, again]}\n  item_no: text\n"
              "  party_mobile: {type: text, private: true}\n  sms_consent: flag\n"
              "define:\n  grave: has(harm) && harm\n");
    put(wide, "needs:\n  in_order: {that: \"%s\", zh: 依次, en: in order, defect: true}\n",
        ONE_OF(wide, demands));
}

static void put_entry(struct wide *wide, const char *name, bool rung, bool exact)
{
    static const char *const before[] = {"-1d", "-3wd", "-5d", "0d", "due", "-1mo", "0wd"};
    static const char *const after[] = {"+1wd", "+3wd", "+2d", "+10d", "+1mo"};
    static const char *const every[] = {"2wd", "5d", "10d", "1mo", "1d"};

    put(wide, "      %s: {at: %s, to: [%s], notice: told", name,
        exact  ? (rung ? (chance(wide, 50) ? "+2h" : "+30h")
                       : (chance(wide, 30)   ? "due"
                          : chance(wide, 50) ? "-4h"
                                             : "-90min"))
        : rung ? ONE_OF(wide, after)
               : ONE_OF(wide, before),
        ONE_OF(wide, receivers));
    if (chance(wide, 25)) {
        put(wide, ", when: \"%s\"", ONE_OF(wide, sure));
    }
    if (chance(wide, 30)) {
        put(wide, ", every: %s", exact ? "30h" : ONE_OF(wide, every));
    }
    if (chance(wide, 25) && !exact) {
        put(wide, ", any_day: true");
    }
    put(wide, "%s}\n", chance(wide, 20) ? ", urgent: true" : "");
}

static void put_entries(struct wide *wide, uint32_t clock)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    bool exact = wide->makes[clock] == MAKE_EXACT;
    bool duty = !wide->windows[clock] && wide->makes[clock] != MAKE_ACCRUAL;

    if (chance(wide, 75)) {
        put(wide, "    remind:\n");
        for (uint32_t i = 0, count = 1 + below(wide, 3); i < count; i++) {
            put_entry(wide, names[i], false, exact);
        }
    }
    if (duty && chance(wide, 65)) {
        put(wide, "    ladder:\n");
        for (uint32_t i = 0, count = 1 + below(wide, 3); i < count; i++) {
            char name[4] = {'r', (char)('0' + i), '\0'};

            put_entry(wide, name, true, exact);
        }
    }
}

static void put_stops(struct wide *wide, uint32_t clock)
{
    static const char *const reviews[] = {"", ", review: 10d", ", review: 5wd"};
    static const char *const names[] = {"first", "second", "third"};
    bool exact = wide->makes[clock] == MAKE_EXACT;

    if (wide->makes[clock] == MAKE_BEFORE) {
        return;
    }
    if (wide->grounds[clock] > 0) {
        put(wide, "    pause: {grounds: [");
        for (uint32_t i = 0; i < wide->grounds[clock]; i++) {
            put(wide, "%s%s", i > 0 ? ", " : "", grounds[i]);
        }
        put(wide, "], by: [%s]%s}\n", ONE_OF(wide, roles), ONE_OF(wide, reviews));
    }
    if (wide->extends[clock] > 0) {
        put(wide, "    extend:\n");
        for (uint32_t i = 0; i < wide->extends[clock]; i++) {
            put(wide, "      %s: {by: [%s]", names[i], ONE_OF(wide, roles));
            if (chance(wide, 60)) {
                put(wide, ", upto: %s",
                    exact              ? "24h"
                    : chance(wide, 25) ? "facts.give"
                                       : any_length(wide));
            }
            if (chance(wide, 25)) {
                put(wide, ", needs: {agreed: {that: has(harm), zh: 同意, en: agreed}}");
            }
            put(wide, "}\n");
        }
    }
}

static void put_clock(struct wide *wide, uint32_t i)
{
    static const char *const owners[] = {"officer", "unit_head", "party", "lab", "leader"};
    static const char *const graces[] = {"1wd", "3d", "2wd"};

    put(wide, "  c%u:\n    zh: 期限%u\n    en: limit %u\n    owner: %s\n", i, i, i,
        ONE_OF(wide, owners));
    if (wide->windows[i]) {
        put(wide, "    kind: window\n");
    }
    switch (wide->makes[i]) {
    case MAKE_LENGTH:
    case MAKES:
        put(wide, "    length: %s\n", any_length(wide));
        break;
    case MAKE_EXACT:
        put(wide, "    length: %s\n", any_exact(wide));
        break;
    case MAKE_FACT:
        put(wide, "    length: facts.give\n");
        break;
    case MAKE_UNTIL:
        put(wide, "    until: facts.planned_on\n");
        break;
    case MAKE_BEFORE:
        put(wide, "    before: facts.planned_on\n    length: %s\n",
            chance(wide, 50) ? "7wd" : "3d");
        break;
    case MAKE_ACCRUAL:
        put(wide, "    accrues: {of: facts.fine, percent: %s, cap: %s}\n",
            chance(wide, 50) ? "3" : "7", chance(wide, 50) ? "100" : "20");
        break;
    }
    if (wide->makes[i] == MAKE_LENGTH || wide->makes[i] == MAKE_FACT ||
        wide->makes[i] == MAKE_UNTIL) {
        put(wide, "    roll: %s\n", chance(wide, 60) ? "forward" : "none");
    }
    if (wide->makes[i] != MAKE_EXACT && wide->makes[i] != MAKE_ACCRUAL &&
        wide->makes[i] != MAKE_BEFORE && chance(wide, 25)) {
        put(wide, "    grace: %s\n", ONE_OF(wide, graces));
    }
    if (wide->per[i]) {
        put(wide, "    per: facts.item_no\n");
    }
    if (chance(wide, 20)) {
        put(wide, "    when: \"%s\"\n", ONE_OF(wide, sure));
    }
    put_stops(wide, i);
    put_entries(wide, i);
}

/* Each clock of a random few, as a list. What the daemon's own events may start must take time,
 * or a clock whose date is past would start itself for ever. */
static bool put_list(struct wide *wide, const char *key, int64_t percent, int indent,
                     bool takes_time)
{
    bool any = false;

    for (uint32_t i = 0; i < wide->clock_count; i++) {
        bool dated = wide->makes[i] == MAKE_UNTIL || wide->makes[i] == MAKE_BEFORE;

        if (chance(wide, percent) && !(takes_time && dated)) {
            if (any) {
                put(wide, ", c%u", i);
            } else {
                put(wide, "%*s%s: [c%u", indent, "", key, i);
            }
            any = true;
        }
    }
    if (any) {
        put(wide, "]\n");
    }
    return any;
}

static void put_map(struct wide *wide, const char *key, int64_t percent, int indent, bool own)
{
    static const char *const meets[] = {"event.occurred", "event.done_on", "facts.seen_at"};
    bool any = false;

    for (uint32_t i = 0; i < wide->clock_count; i++) {
        const char *value = ONE_OF(wide, meets);

        if (!chance(wide, percent)) {
            continue;
        }
        if (strcmp(key, "pause") == 0 || strcmp(key, "resume") == 0) {
            if (wide->grounds[i] == 0 || wide->makes[i] == MAKE_BEFORE) {
                continue;
            }
            value = grounds[below(wide, wide->grounds[i])];
        } else if (strcmp(key, "extend") == 0) {
            if (wide->extends[i] == 0 || wide->makes[i] == MAKE_BEFORE) {
                continue;
            }
            value = wide->makes[i] == MAKE_EXACT ? "12h"
                    : chance(wide, 50)           ? "event.give"
                                                 : "5d";
        }
        if (own && strncmp(value, "event.", 6) == 0) {
            value = strcmp(key, "extend") == 0 ? "5d" : "facts.done_on";
        }
        if (!any) {
            put(wide, "%*s%s: {", indent, "", key);
        }
        put(wide, "%sc%u: %s", any ? ", " : "", i, value);
        any = true;
    }
    if (any) {
        put(wide, "}\n");
    }
}

static const char *any_stage(struct wide *wide, bool final)
{
    static const char *const stages[] = {"s0", "s1", "s2"};

    return final ? (chance(wide, 50) ? "f0" : "f1") : ONE_OF(wide, stages);
}

static void put_to(struct wide *wide, int indent, bool own, bool final)
{
    if (!chance(wide, own ? 25 : 35)) {
        return;
    }
    if (chance(wide, 60)) {
        put(wide, "%*sto: %s\n", indent, "", any_stage(wide, final || chance(wide, 12)));
        return;
    }
    put(wide, "%*sto:\n%*sone: {when: \"%s\", stage: %s}\n", indent, "", indent + 2, "",
        own || chance(wide, 40) ? ONE_OF(wide, sure) : ONE_OF(wide, unsure),
        any_stage(wide, final));
    if (own || chance(wide, 80)) {
        put(wide, "%*stwo: {stage: %s}\n", indent + 2, "", any_stage(wide, final));
    }
}

/* What a rule does. */
static void put_verbs(struct wide *wide, int indent, bool own, bool final)
{
    static const char *const sets[] = {
        "{rounds: facts.rounds + 1}",
        "{rounds: 0, minor: false}",
        "{seen_at: event.occurred}",
        "{paid: facts.paid + 100.00}",
        "{minor: has(harm) && !harm}",
        "{kind: person}",
        "{rounds: rounds + 1, paid: paid + fine}",
        "{fine: paid - 10.00, minor: rounds > 1}",
    };

    if (chance(wide, 30)) {
        put(wide, "%*sset: %s\n", indent, "", own ? "{minor: false}" : ONE_OF(wide, sets));
    }
    (void)put_list(wide, "cancel", 15, indent, false);
    (void)put_list(wide, "start", own ? 12 : 25, indent, own);
    put_map(wide, "resume", 20, indent, own);
    put_map(wide, "pause", 20, indent, own);
    if (!own) {
        put_map(wide, "extend", 15, indent, own);
    }
    put_map(wide, "meet", 20, indent, own);
    put_to(wide, indent, own, final);
    if (own || chance(wide, 15)) {
        put(wide, "%*snotify: {to: [%s], notice: told}\n", indent, "", ONE_OF(wide, roles));
    }
}

static void put_rule(struct wide *wide, int indent, bool final)
{
    static const char *const documents[] = {"送达回证", "审批表, 送达回证"};

    if (chance(wide, 80)) {
        put(wide, "%*sby: [%s%s]\n", indent, "", ONE_OF(wide, roles),
            chance(wide, 40) ? ", party" : "");
    }
    put(wide, "%*stakes: [done_on, give%s]\n", indent, "", chance(wide, 30) ? ", item_no" : "");
    put(wide,
        "%*smay_take: [harm, minor, kind, marks, rounds, paid, fine, planned_on, seen_at, "
        "sms_consent, party_mobile]\n",
        indent, "");
    if (chance(wide, 20)) {
        put(wide, "%*sdocuments: [%s]\n", indent, "", ONE_OF(wide, documents));
    }
    if (chance(wide, 15)) {
        put(wide, "%*sneeds: {in_order: {}}\n", indent, "");
    } else if (chance(wide, 15)) {
        put(wide, "%*sneeds: {asked: {that: \"%s\", zh: 须, en: asked}}\n", indent, "",
            ONE_OF(wide, demands));
    }
    if (chance(wide, 20)) {
        put(wide, "%*swarns: {odd: {that: \"%s\", zh: 异常, en: unusual%s}}\n", indent, "",
            ONE_OF(wide, demands),
            chance(wide, 50) ? ", notify: {to: leader, notice: told}" : "");
    }
    if (chance(wide, 12)) {
        put(wide, "%*sassigns: [host]\n", indent, "");
    }
    if (chance(wide, 12)) {
        put(wide, "%*sbackdate: %s\n", indent, "", chance(wide, 50) ? "60d" : "2wd");
    }
    if (chance(wide, 8)) {
        put(wide, "%*skeep: false\n", indent, "");
    }
    put_verbs(wide, indent, false, final);
}

static void put_event(struct wide *wide, const char *name, int indent, bool final)
{
    put(wide, "%*s%s:\n", indent, "", name);
    if (chance(wide, 30)) {
        put(wide, "%*sfirst:\n%*swhen: \"%s\"\n", indent + 2, "", indent + 4, "",
            ONE_OF(wide, unsure));
        put_rule(wide, indent + 4, final);
        put(wide, "%*srest:\n", indent + 2, "");
        put_rule(wide, indent + 4, final);
    } else {
        put_rule(wide, indent + 2, final);
    }
}

static void put_own(struct wide *wide, uint32_t clock, int indent, bool final)
{
    const char *end = wide->makes[clock] == MAKE_ACCRUAL ? "capped"
                      : wide->windows[clock]             ? "elapsed"
                                                         : "overdue";

    put(wide, "%*sclock.c%u.%s:\n", indent, "", clock, end);
    if (chance(wide, 30)) {
        put(wide, "%*ssome:\n%*swhen: \"%s\"\n", indent + 2, "", indent + 4, "",
            ONE_OF(wide, sure));
        put_verbs(wide, indent + 4, true, final);
        put(wide, "%*srest: {notify: {to: leader, notice: told}}\n", indent + 2, "");
    } else {
        put_verbs(wide, indent + 2, true, final);
    }
}

static void put_stage(struct wide *wide, uint32_t i)
{
    char name[16];

    put(wide, "  s%u:\n    zh: 阶段\n    en: stage\n", i);
    if (chance(wide, 75)) { /* else a case may be left asleep there */
        put(wide, "    no_limit: {zh: 等待, en: waiting}\n");
    }
    if (chance(wide, 50)) {
        size_t before = wide->at;
        bool any;

        put(wide, "    enter:\n");
        any = put_list(wide, "start", 25, 6, true);
        any |= put_list(wide, "cancel", 15, 6, false);
        if (chance(wide, 30)) {
            put(wide, "      notify: {to: [officer, party], notice: told}\n");
            any = true;
        }
        if (!any) {
            wide->at = before;
            wide->out[before] = '\0';
        }
    }
    put(wide, "    events:\n");
    (void)snprintf(name, sizeof(name), "go%u.done", i);
    put_event(wide, name, 6, false);
    put(wide, "      on%u.done: {by: [officer, unit_head, leader], to: s%u}\n", i,
        (i + 1) % STAGES);
    for (uint32_t clock = 0; clock < wide->clock_count; clock++) {
        if (chance(wide, 40)) {
            put_own(wide, clock, 6, false);
        }
    }
    if (chance(wide, 15)) {
        put(wide,
            "      clock.paused: {by: [officer], warns: {hm: {that: actors.certified, zh: "
            "异, en: hm}}}\n");
    }
    if (chance(wide, 15)) {
        put(wide, "      case.assigned: {by: [unit_head], documents: [审批表]}\n");
    }
}

static void put_final(struct wide *wide, uint32_t i)
{
    char name[16];

    put(wide, "  f%u:\n    zh: 终局\n    en: end\n    final: %s\n", i,
        i == 0 ? "closed" : "dropped");
    (void)put_list(wide, "outlives", 50, 4, false);
    if (chance(wide, 30)) {
        put(wide, "    enter: {notify: {to: [party], notice: told}}\n");
    }
    put(wide, "    events:\n");
    (void)snprintf(name, sizeof(name), "end%u.done", i);
    put_event(wide, name, 6, true);
    if (chance(wide, 40)) {
        put_own(wide, 0, 6, true);
    }
}

size_t wide_procedure(uint64_t seed, char *out, size_t size)
{
    struct wide wide = {.rng = rng_seeded(seed), .out = out, .size = size};

    MUST(size == WIDE_SIZE);
    wide.clock_count = 1 + below(&wide, CLOCKS);
    for (uint32_t i = 0; i < wide.clock_count; i++) {
        wide.makes[i] = (enum make)below(&wide, MAKES);
        wide.windows[i] = wide.makes[i] != MAKE_ACCRUAL && chance(&wide, 35);
        wide.per[i] = chance(&wide, 25);
        wide.grounds[i] = below(&wide, 4);
        wide.extends[i] = wide.makes[i] == MAKE_ACCRUAL ? 0 : below(&wide, 4);
    }
    put_top(&wide, seed);
    put(&wide, "clocks:\n");
    for (uint32_t i = 0; i < wide.clock_count; i++) {
        put_clock(&wide, i);
    }
    put(&wide, "opens:\n  case.filed:\n    by: [officer]\n"
               "    takes: [give, planned_on, fine, item_no]\n"
               "    may_take: [kind, party_mobile, sms_consent, harm]\n");
    (void)put_list(&wide, "start", 50, 4, false);
    put(&wide, "    to: s0\nstages:\n");
    for (uint32_t i = 0; i < STAGES; i++) {
        put_stage(&wide, i);
    }
    for (uint32_t i = 0; i < FINALS; i++) {
        put_final(&wide, i);
    }
    put(&wide, "anytime:\n  case.noted: {by: [officer, unit_head, leader]}\n");
    put_event(&wide, "side.done", 2, false);
    put_event(&wide, "more.done", 2, false);
    put(&wide, "  told.so:\n    by: [officer, leader]\n    may_take: [harm, planned_on]\n"
               "    in: [s0, f0]\n");
    return wide.at;
}
