#include "lib/random_draft.h"

#include "base/must.h"

#include <stdio.h>

/* Rules. Where a rule leads; a stage is its number, final ones behind the others. */
static void stage_name(const struct draft *draft, uint32_t stage, char name[NAME_SIZE])
{
    bool final = stage >= draft->working_count;

    (void)snprintf(name, NAME_SIZE, "%c%u", final ? 'f' : 's',
                   final ? stage - draft->working_count : stage);
}

static bool is_final(const struct draft *draft, uint32_t stage)
{
    return stage >= draft->working_count;
}

/* Somewhere a rule may lead that starts nothing by itself. */
static uint32_t easy_target(struct draft *draft)
{
    uint32_t count = draft->working_count + draft->final_count;

    for (uint32_t tries = 0; tries < 20; tries++) {
        uint32_t stage = draft_below(draft, count);

        if (is_final(draft, stage) || draft->stages[stage].enters ||
            draft->stages[stage].keeper == KEEPER_NONE) {
            return stage;
        }
    }
    return draft->working_count;
}

static uint32_t any_target(struct draft *draft, uint32_t from)
{
    if (from + 1 < draft->working_count && draft_chance(draft, 70)) {
        return from + 1;
    }

    uint32_t stage = draft_below(draft, draft->working_count + draft->final_count);

    /* A rule that meets what it has just started would stay where it fell asleep. */
    return stage == from && !draft->wish.wild ? draft->working_count : stage;
}

/* The names a rule starts so that the stage it leads to is awake; empty where it need not. */
static void starts_for(struct draft *draft, uint32_t stage, char *out, size_t size)
{
    out[0] = '\0';
    if (is_final(draft, stage) || draft_oddly(draft)) {
        return;
    }

    const struct stage_plan *plan = &draft->stages[stage];

    if (plan->keeper == KEEPER_NONE || plan->enters) {
        return;
    }
    if (plan->keeper == KEEPER_PAIR) {
        (void)snprintf(out, size, "keep%u, twin%u", stage, stage);
    } else {
        (void)snprintf(out, size, "keep%u", stage);
    }
}

/* What the rule's verbs about the stage it leaves say. */
static void put_farewell(struct draft *draft, uint32_t stage, const char *also_cancel,
                         uint32_t indent)
{
    const struct stage_plan *plan = &draft->stages[stage];
    const char *comma = also_cancel[0] == '\0' ? "" : ", ";
    bool cancels = plan->keeper != KEEPER_NONE && draft_chance(draft, 25);

    if (cancels || also_cancel[0] != '\0') {
        char own[NAME_SIZE] = "";

        if (cancels) {
            (void)snprintf(own, sizeof(own), "keep%u", stage);
        }
        draft_put(draft, "%*scancel: [%s%s%s]\n", (int)indent, "", own, cancels ? comma : "",
                  also_cancel);
    }
    if (plan->keeper == KEEPER_NONE || cancels || draft_oddly(draft)) {
        return;
    }
    switch (draft_below(draft, 3)) {
    case 0:
        draft_put(draft, "%*smeet: [keep%u]\n", (int)indent, "", stage);
        break;
    case 1:
        draft_put(draft, "%*smeet: {keep%u: event.occurred}\n", (int)indent, "", stage);
        break;
    default:
        draft_put(draft, "%*smeet: {keep%u: event.done_on}\n", (int)indent, "", stage);
        break;
    }
}

static void put_by(struct draft *draft, uint32_t indent)
{
    static const char *const outside[] = {"party, officer", "party", "officer, supervisor"};

    if (draft_chance(draft, 85)) {
        draft_put(draft, "%*sby: [%s]\n", (int)indent, "",
                  draft_chance(draft, 25) ? ANY(draft, outside) : draft_role(draft));
    }
}

static void put_extras(struct draft *draft, uint32_t indent)
{
    if (draft->with_host && draft_chance(draft, 15)) {
        draft_put(draft, "%*sassigns: [host]\n", (int)indent, "");
    }
    if (draft_chance(draft, 10)) {
        draft_put(draft, "%*sbackdate: %s\n", (int)indent, "",
                  draft_chance(draft, 50) ? "60d" : "2wd");
    }
}

/* What a rule asks for, besides what it takes. */
static void put_demands(struct draft *draft, uint32_t indent)
{
    if (draft_chance(draft, 25)) {
        draft_put(draft, "%*sdocuments: [%s]\n", (int)indent, "",
                  draft_chance(draft, 50) ? "送达回证" : "审批表, 送达回证");
    }
    if (draft->with_needs && draft_chance(draft, 25)) {
        draft_put(draft, "%*sneeds: {%s: {}}\n", (int)indent, "",
                  draft_chance(draft, 70) ? "in_order" : "two_officers");
    } else if (draft->wish.registers && draft_chance(draft, 30)) {
        draft_put(draft,
                  "%*sneeds: {listed: {that: has(event.violation) && "
                  "registers.violations[event.violation].max_fine >= 100.00, zh: 未列入, "
                  "en: not listed}}\n",
                  (int)indent, "");
    } else if (draft_chance(draft, 15)) {
        draft_put(draft,
                  "%*sneeds: {certified: {that: actors.certified, zh: 须持证, en: certified, "
                  "law: 行政处罚法 第四十二条}}\n",
                  (int)indent, "");
    }
    if (draft_chance(draft, 15)) {
        draft_put(draft,
                  "%*swarns: {odd: {that: \"%s\", zh: 情况异常, en: unusual, "
                  "notify: {to: leader, notice: defect}}}\n",
                  (int)indent, "", draft_demand(draft));
    }
    put_extras(draft, indent);
}

static void put_sets(struct draft *draft, uint32_t indent)
{
    static const char *const sets[] = {
        "{rounds: facts.rounds + 1}",  "{rounds: 0, minor: false}",
        "{seen_at: event.occurred}",   "{paid: facts.paid + 100.00}",
        "{minor: has(harm) && !harm}", "{kind: person}",
    };

    if (draft_chance(draft, 25)) {
        draft_put(draft, "%*sset: %s\n", (int)indent, "", ANY(draft, sets));
    }
}

/* Takes and may_take; what an ordinary rule needs for the clocks it starts is always there. */
static void put_takes(struct draft *draft, uint32_t indent, bool needs_facts, const char *also)
{
    static const char *const optional[] = {
        "paid", "rounds", "marks", "sms_consent, party_mobile", "party_name", "seen_at"};

    draft_put(draft, "%*stakes: [done_on%s%s]\n", (int)indent, "",
              needs_facts ? ", give, planned_on, item_no, fine" : "", also);
    if (draft->wish.registers) {
        draft_put(draft, "%*smay_take: [violation]\n", (int)indent, "");
    } else if (draft_chance(draft, 40)) {
        draft_put(draft, "%*smay_take: [%s]\n", (int)indent, "", ANY(draft, optional));
    }
}

/* A side clock that an ordinary rule may start; "" for none. Its facts are taken by the rule. */
static void side_start(struct draft *draft, char *out, size_t size)
{
    out[0] = '\0';
    if (draft->side_count > 0 && draft_chance(draft, 45)) {
        (void)snprintf(out, size, "side%u", draft_below(draft, draft->side_count));
    }
}

/* The plain rule that leaves a stage, by an event of people. */
static void put_leaving(struct draft *draft, uint32_t from, uint32_t to, uint32_t indent)
{
    char starts[NAME_SIZE * 3];
    char side[NAME_SIZE];
    char name[NAME_SIZE];

    starts_for(draft, to, starts, sizeof(starts));
    side_start(draft, side, sizeof(side));
    stage_name(draft, to, name);
    put_by(draft, indent);
    put_takes(draft, indent, true, "");
    put_demands(draft, indent);
    put_sets(draft, indent);
    put_farewell(draft, from, starts, indent);
    if (starts[0] != '\0' || side[0] != '\0') {
        draft_put(draft, "%*sstart: [%s%s%s]\n", (int)indent, "", starts,
                  starts[0] != '\0' && side[0] != '\0' ? ", " : "", side);
    }
    draft_put(draft, "%*sto: %s\n", (int)indent, "", name);
    if (draft_chance(draft, 20)) {
        draft_put(draft, "%*snotify: {to: [%s], notice: moved_on}\n", (int)indent, "",
                  draft_role(draft));
    }
}

/* A rule that chooses where it leads: with an else, by a flag, or by a choice. */
static void put_choosing(struct draft *draft, uint32_t from, uint32_t indent)
{
    char guard[GUARD_SIZE];
    char names[3][NAME_SIZE];
    uint32_t kind = draft_below(draft, 3);
    int deeper = (int)indent + 2;

    for (uint32_t i = 0; i < 3; i++) {
        stage_name(draft, easy_target(draft), names[i]);
    }
    put_by(draft, indent);
    put_takes(draft, indent, false, kind == 1 ? ", harm" : kind == 2 ? ", kind" : "");
    if (kind != 0 || draft->wish.wild) { /* a need may say what the condition asks */
        put_demands(draft, indent);
    }
    put_farewell(draft, from, "", indent);
    draft_put(draft, "%*sto:\n", (int)indent, "");
    if (kind == 0) {
        draft_condition(draft, guard, false);
        draft_put(draft, "%*sgood: {when: \"%s\", stage: %s}\n", deeper, "", guard, names[0]);
        draft_put(draft, "%*srest: {stage: %s, zh: 其他, en: otherwise}\n", deeper, "",
                  names[1]);
    } else if (kind == 1) {
        draft_put(draft, "%*syes: {when: harm, stage: %s}\n", deeper, "", names[0]);
        draft_put(draft, "%*sno: {when: \"%s\", stage: %s}\n", deeper, "",
                  draft_oddly(draft) ? "!harm && rounds > 3" : "!harm", names[1]);
    } else {
        draft_put(draft, "%*sone: {when: kind == 'person', stage: %s}\n", deeper, "", names[0]);
        draft_put(draft, "%*stwo: {when: \"kind in ['organisation']\", stage: %s}\n", deeper,
                  "", names[1]);
        if (!draft_oddly(draft)) {
            draft_put(draft, "%*selse: {when: kind == 'other', stage: %s}\n", deeper, "",
                      names[2]);
        }
    }
}

/* An event with two named rules, the second for all the rest. */
static void put_named(struct draft *draft, uint32_t from, uint32_t indent)
{
    char guard[GUARD_SIZE];
    int here = (int)indent;

    draft_condition(draft, guard, false);
    draft_put(draft, "%*sfirst:\n%*swhen: \"%s\"\n", here, "", here + 2, "", guard);
    put_leaving(draft, from, any_target(draft, from), indent + 2);
    draft_put(draft, "%*srest:\n", here, "");
    put_leaving(draft, from, any_target(draft, from), indent + 2);
}

static void put_staying(struct draft *draft, uint32_t indent)
{
    char side[NAME_SIZE];

    side_start(draft, side, sizeof(side));
    put_by(draft, indent);
    put_takes(draft, indent, true, "");
    put_demands(draft, indent);
    put_sets(draft, indent);
    if (draft->wish.newer && draft_chance(draft, 40)) {
        draft_put(draft, "%*sunset: [harm]\n", (int)indent, "");
    }
    if (side[0] != '\0') {
        draft_put(draft, "%*scancel: [%s]\n%*sstart: [%s]\n", (int)indent, "", side,
                  (int)indent, "", side);
    } else if (draft_chance(draft, 20)) {
        draft_put(draft, "%*skeep: false\n", (int)indent, "");
    }
}

/* The daemon's own events of a stage's keeper. */
static void put_ends(struct draft *draft, uint32_t stage)
{
    const struct stage_plan *plan = &draft->stages[stage];
    char guard[GUARD_SIZE];
    char target[NAME_SIZE];
    char own[NAME_SIZE];

    stage_name(draft, easy_target(draft), target);
    stage_name(draft, stage, own);
    if (plan->keeper == KEEPER_DUTY && plan->leaves) {
        draft_put(draft, "      clock.keep%u.overdue: {to: %s}\n", stage, target);
    } else if (plan->keeper == KEEPER_DUTY && draft_chance(draft, 40)) {
        draft_condition(draft, guard, !draft_oddly(draft));
        draft_put(draft,
                  "      clock.keep%u.overdue:\n"
                  "        some: {when: \"%s\", start: [spare]}\n"
                  "        rest: {notify: {to: leader, notice: clock_overdue}}\n",
                  stage, guard);
    }
    if (draft_oddly(draft)) {
        return;
    }
    if (plan->keeper == KEEPER_WINDOW) {
        draft_put(draft, "      clock.keep%u.elapsed: {to: %s}\n", stage, target);
    }
    if (plan->keeper == KEEPER_PAIR) {
        draft_put(
            draft,
            "      clock.keep%u.elapsed: {to: {wait: {when: clock.twin%u.running, stage: %s}, "
            "rest: {stage: %s}}}\n",
            stage, stage, own, target);
        draft_put(
            draft,
            "      clock.twin%u.elapsed: {to: {wait: {when: clock.keep%u.running, stage: %s}, "
            "rest: {stage: %s}}}\n",
            stage, stage, own, target);
    }
}

static void put_enter(struct draft *draft, uint32_t stage)
{
    const struct stage_plan *plan = &draft->stages[stage];

    if (!plan->enters || plan->keeper == KEEPER_NONE || draft_oddly(draft)) {
        return;
    }
    draft_put(draft, "    enter:\n      start: [keep%u%s]\n", stage, "");
    if (draft_chance(draft, 20)) {
        draft_put(draft, "      cancel: [spare]\n");
    }
    if (draft_chance(draft, 30)) {
        draft_put(draft, "      notify: {to: [officer, unit_head], notice: moved_on}\n");
    }
}

static void put_working(struct draft *draft, uint32_t stage)
{
    uint32_t more = draft_below(draft, 3);

    draft_put(draft, "  s%u:\n    zh: 阶段%u\n    en: stage %u\n", stage, stage, stage);
    if (draft->stages[stage].keeper == KEEPER_NONE && !draft_oddly(draft)) {
        draft_put(draft, "    no_limit: {zh: 等待, en: waiting}\n");
    }
    put_enter(draft, stage);
    draft_put(draft, "    events:\n      step%u.done:\n", stage);

    /* One way on, so that every stage is reached, and the last leads to an end. */
    put_leaving(draft, stage, stage + 1, 8);
    for (uint32_t i = 0; i < more; i++) {
        draft_put(draft, "      event%u.came:\n", draft->event_count++);
        switch (draft_below(draft, 3)) {
        case 0:
            put_choosing(draft, stage, 8);
            break;
        case 1:
            put_named(draft, stage, 8);
            break;
        default:
            put_staying(draft, 8);
            break;
        }
    }
    put_ends(draft, stage);
    if (draft->with_host && draft_chance(draft, 20)) {
        draft_put(draft, "      case.assigned: {by: [unit_head]}\n");
    }
}

static bool put_outlives(struct draft *draft)
{
    bool any = false;

    for (uint32_t i = 0; i < draft->side_count; i++) {
        if (draft->sides[i].outlives) {
            draft_put(draft, "%sside%u", any ? ", " : "    outlives: [", i);
            any = true;
        }
    }
    if (any) {
        draft_put(draft, "]\n    events:\n");
    }
    return any;
}

static void put_final(struct draft *draft, uint32_t i)
{
    draft_put(draft, "  f%u:\n    zh: 终局%u\n    en: end %u\n    final: %s\n", i, i, i,
              i == 0 ? "closed" : "dropped");
    if (i > 0 || !put_outlives(draft)) {
        return;
    }
    for (uint32_t side = 0; side < draft->side_count; side++) {
        const struct side_plan *plan = &draft->sides[side];
        bool leads = draft->final_count > 1 && draft_chance(draft, 40);

        if (plan->outlives) {
            draft_put(draft, "      side%u.ended: {by: [officer]%s, meet: [side%u]%s}\n", side,
                      plan->per ? ", takes: [item_no]" : "", side, leads ? ", to: f1" : "");
        }
    }
}

static void put_stages(struct draft *draft)
{
    char starts[NAME_SIZE * 3];

    starts_for(draft, 0, starts, sizeof(starts));
    draft_put(draft,
              "opens:\n  case.filed:\n    by: [officer]\n    takes: [give, planned_on, fine]\n"
              "    may_take: [kind, party_mobile, party_mail, party_name]\n");
    if (starts[0] != '\0') {
        draft_put(draft, "    start: [%s]\n", starts);
    }
    draft_put(draft, "    to: s0\nstages:\n");
    for (uint32_t i = 0; i < draft->working_count; i++) {
        put_working(draft, i);
    }
    for (uint32_t i = 0; i < draft->final_count; i++) {
        put_final(draft, i);
    }
}

static void put_side_events(struct draft *draft, uint32_t i)
{
    const struct side_plan *side = &draft->sides[i];
    const char *takes = side->per ? ", takes: [item_no]" : "";

    draft_put(draft,
              "  side%u.done: {by: [officer, party]%s, meet: {side%u: event.occurred}}\n", i,
              takes, i);
    draft_put(draft, "  side%u.dropped: {by: [leader]%s, cancel: [side%u]}\n", i, takes, i);
    if (side->pauses) {
        draft_put(draft, "  side%u.stopped: {by: [officer]%s, pause: {side%u: test}}\n", i,
                  takes, i);
        draft_put(draft, "  side%u.goes_on: {by: [officer]%s, resume: {side%u: test}}\n", i,
                  takes, i);
    }
    if (side->extends) {
        draft_put(draft,
                  "  side%u.more: {by: [unit_head], takes: [give%s], extend: {side%u: %s}}\n",
                  i, side->per ? ", item_no" : "", i, "event.give");
    }
    if (side->kind == SIDE_WINDOW && !draft_oddly(draft)) {
        draft_put(draft, "  clock.side%u.elapsed: {notify: {to: officer, notice: side_over}}\n",
                  i);
    }
    if (side->kind == SIDE_DUTY && draft_chance(draft, 30)) {
        draft_put(draft, "  clock.side%u.overdue: {start: [spare]}\n", i);
    }
    if (side->kind == SIDE_FEE && draft_chance(draft, 50)) {
        draft_put(draft, "  clock.side%u.capped: {set: {minor: false}}\n", i);
    }
}

static void put_anytime(struct draft *draft)
{
    char guard[GUARD_SIZE];

    draft_put(draft, "anytime:\n  case.noted: {by: [officer, unit_head]}\n"
                     "  spare.done: {by: [officer], meet: [spare]}\n"
                     "  spare.needed: {by: [officer], start: [spare]}\n");
    for (uint32_t i = 0; i < draft->side_count; i++) {
        put_side_events(draft, i);
    }
    if (draft->with_anytime) {
        draft_put(draft,
                  "  facts.learnt:\n    by: [officer]\n"
                  "    may_take: [harm, minor, kind, marks, rounds, paid]\n    in: [s0%s]\n",
                  draft->working_count > 1 ? ", s1" : "");
        draft->defined = false; /* a named condition may never hold */
        draft_leaf(draft, guard, sizeof(guard), false);
        draft_put(draft, "  case.dropped:\n    when: \"%s\"\n    by: [leader]\n    to: f%u\n",
                  guard, draft->final_count - 1);
    }
    if (draft->with_notices) {
        draft_put(draft, "notices:\n  clock_near: [case, clock, last_day]\n"
                         "  moved_on: [case, stage]\n");
    }
}

/* What kind of world this is. */
static void plan_stages(struct draft *draft)
{
    draft->working_count = 1 + draft_below(draft, WORKING_MAX - 1);
    draft->final_count = 1 + draft_below(draft, 2);
    for (uint32_t i = 0; i < draft->working_count; i++) {
        struct stage_plan *plan = &draft->stages[i];

        plan->keeper = (enum keeper)draft_below(draft, KEEPER_COUNT);
        plan->enters = plan->keeper != KEEPER_PAIR && draft_chance(draft, 50);
        plan->asks_fact =
            !plan->enters && plan->keeper == KEEPER_DUTY && draft_chance(draft, 40);
        plan->leaves = plan->keeper == KEEPER_DUTY && draft_chance(draft, 20);
    }
}

static void plan_sides(struct draft *draft)
{
    draft->side_count = draft_below(draft, SIDES_MAX + 1);
    for (uint32_t i = 0; i < draft->side_count; i++) {
        struct side_plan *side = &draft->sides[i];

        side->kind = (enum side_kind)draft_below(draft, SIDE_KIND_COUNT);
        side->per = side->kind == SIDE_DUTY && draft_chance(draft, 30);
        side->pauses = draft_chance(draft, 40);
        side->extends = side->kind != SIDE_FEE && draft_chance(draft, 40);
        side->conditional = draft_chance(draft, 20);
        side->outlives = draft_chance(draft, 40);
    }
}

static void plan(struct draft *draft)
{
    plan_stages(draft);
    plan_sides(draft);
    draft->with_plans = draft_chance(draft, 50);
    draft->with_defines = draft_chance(draft, 50);
    draft->with_needs = draft_chance(draft, 50);
    draft->with_words = draft_chance(draft, 50);
    draft->with_host = draft_chance(draft, 30);
    draft->with_apart = draft_chance(draft, 30);
    draft->with_lab = draft_chance(draft, 30);
    draft->with_notices = draft_chance(draft, 30);
    draft->with_anytime = draft->final_count > 1 || draft_chance(draft, 60);
}

size_t random_procedure(struct random_procedure_wish wish, char *out, size_t size)
{
    struct draft draft = {.rng = rng_seeded(wish.seed), .wish = wish, .size = size};

    MUST(size == RANDOM_PROCEDURE_SIZE);
    plan(&draft);
    draft.out = out;
    draft_head(&draft);
    put_stages(&draft);
    put_anytime(&draft);
    return draft.at;
}
