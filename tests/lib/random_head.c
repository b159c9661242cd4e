#include "lib/random_draft.h"

#include <string.h>

/* The head of the file, down to the clocks. */
static void put_top(struct draft *draft)
{
    draft_put(draft,
              "# Drawn from seed %llu.\n"
              "procedure: drawn\n"
              "version: %u\n"
              "zh: 随机程序\n"
              "en: drawn procedure\n"
              "law: 行政处罚法 第五十四条\n"
              "from: 2021-07-15\n",
              (unsigned long long)draft->wish.seed, 1 + draft_below(draft, 9));
    if (draft_chance(draft, 30)) {
        draft_put(draft, "backdate: 30d\n");
    }
}

static void put_roles(struct draft *draft)
{
    draft_put(draft, "roles:\n"
                     "  officer: {zh: 执法人员, en: officer, assigned: true}\n"
                     "  unit_head: {zh: 承办机构负责人, en: head of unit}\n"
                     "  leader: {zh: 主要负责人, en: leader}\n");
    draft_put(draft, "  supervisor: {zh: 执法监督, en: supervision%s}\n",
              draft_chance(draft, 50) ? ", above: true" : "");
    if (draft->with_host) {
        draft_put(draft, "  host: {zh: 听证主持人, en: hearing host, assigned: true}\n");
    }
    draft_put(draft, "  party: {zh: 当事人, en: party, outside: true%s%s}\n",
              draft_chance(draft, 70)
                  ? ", reach: {sms: facts.party_mobile, mail: facts.party_mail}"
                  : "",
              draft_chance(draft, 50) ? ", consent: facts.sms_consent" : "");
    if (draft->with_lab) {
        draft_put(draft, "  lab: {zh: 检测机构, en: laboratory, outside: true}\n");
    }
    draft_put(draft, "chain: [officer, unit_head, leader]\n");
    if (draft->with_apart) {
        draft_put(draft, "apart: {review: [officer, supervisor]}\n");
    }
}

static void put_facts(struct draft *draft)
{
    draft_put(draft, "facts:\n"
                     "  harm: flag\n"
                     "  minor: flag\n"
                     "  rounds: integer\n"
                     "  fine: money\n"
                     "  paid: money\n"
                     "  done_on: date\n"
                     "  planned_on: date\n"
                     "  seen_at: instant\n"
                     "  give: length\n"
                     "  kind: {choice: [person, organisation, other]}\n"
                     "  marks: {type: set, choice: [light, heavy, again]}\n"
                     "  item_no: text\n"
                     "  party_name: {type: text, private: true}\n"
                     "  party_mobile: {type: text, private: true}\n"
                     "  party_mail: {type: text, private: true}\n"
                     "  sms_consent: flag\n");
    if (draft->wish.registers) {
        draft_put(draft, "  violation: {type: text, register: violations}\n");
    }
    if (draft->with_words) {
        draft_put(draft, "words:\n"
                         "  harm: {zh: 危害后果, en: harm}\n"
                         "  done_on: {zh: 完成日期, en: date of completion}\n"
                         "  person: {zh: 个人, en: person}\n"
                         "  closed: {zh: 办结, en: closed}\n");
    }
}

static void put_names(struct draft *draft)
{
    char guard[GUARD_SIZE];

    if (draft->with_defines) {
        draft_condition(draft, guard, true);
        draft_put(draft, "define:\n  light_case: \"%s\"\n", guard);
        draft_put(draft, "  known_case: has(harm) && has(kind)\n");
        draft->defined = true;
    }
    if (draft->with_needs) {
        draft_put(draft, "needs:\n"
                         "  two_officers: {that: size(actors) >= 2 && actors.certified, "
                         "zh: 执法人员不得少于两人, en: two certified officers, "
                         "law: 行政处罚法 第四十二条}\n");
        draft_put(draft,
                  "  in_order: {that: \"%s\", zh: 须依次办理, en: in order, defect: true}\n",
                  draft_chance(draft, 50) ? "!has(minor) || !minor" : "case.agency == 'gulou'");
    }
    if (draft->with_plans) {
        draft_put(draft,
                  "plans:\n"
                  "  staff:\n"
                  "    remind:\n"
                  "      near: {at: -3wd, to: owner, notice: clock_near}\n"
                  "      last_day: {at: 0d, to: [owner, unit_head], notice: clock_last_day}\n"
                  "    ladder:\n"
                  "      unit: {at: +1wd, to: unit_head, notice: clock_overdue}\n"
                  "      head: {at: +3wd, to: leader, notice: clock_overdue, urgent: true}\n");
    }
}

/* Clocks. */
static const char *owner_of(struct draft *draft)
{
    return draft_chance(draft, 30) ? "party" : draft_role(draft);
}

static void put_ladder(struct draft *draft)
{
    draft_put(draft,
              "    ladder:\n      unit: {at: +1wd, to: [unit_head, officer], "
              "notice: clock_overdue%s}\n",
              draft_chance(draft, 30) ? ", every: 2wd" : "");
    if (draft_chance(draft, 50)) {
        draft_put(draft, "      head: {at: +5d, to: leader, notice: clock_overdue, every: 10d, "
                         "urgent: true}\n");
    }
}

static void put_reminders(struct draft *draft, bool duty, bool exact)
{
    char guard[GUARD_SIZE];

    if (exact) {
        draft_put(draft,
                  "    remind:\n      soon: {at: -4h, to: officer, notice: clock_near}\n");
        return;
    }
    if (draft->with_plans && duty && draft_chance(draft, 40)) {
        draft_put(draft, "    plan: staff\n");
        return;
    }
    if (draft_chance(draft, 70)) {
        draft_put(draft,
                  "    remind:\n      near: {at: -3wd, to: [party, officer], "
                  "notice: clock_near%s}\n",
                  draft_chance(draft, 30) ? ", any_day: true" : "");
        if (draft_chance(draft, 30)) {
            draft_put(draft, "      end: {at: due, to: owner, notice: clock_last_day}\n");
        }
        if (draft_chance(draft, 30)) {
            draft_leaf(draft, guard, sizeof(guard), true);
            draft_put(draft,
                      "      some: {at: -5d, to: owner, notice: clock_near, when: \"%s\"}\n",
                      guard);
        }
    }
    if (duty && draft_chance(draft, 60)) {
        put_ladder(draft);
    }
}

/* How long; false: it counts back from a date, so that no grace may follow. */
static bool put_length(struct draft *draft, const struct stage_plan *plan, bool *exact)
{
    const char *length = draft_length(draft);

    *exact = false;
    if (!plan->asks_fact) {
        *exact = strcmp(length, "36h") == 0;
        draft_put(draft, "    length: %s\n", length);
        if (!*exact && draft_chance(draft, 50)) {
            draft_put(draft, "    roll: %s\n", draft_chance(draft, 70) ? "forward" : "none");
        }
        return true;
    }
    switch (draft_below(draft, 3)) {
    case 0:
        draft_put(draft, "    length: facts.give\n    roll: forward\n");
        break;
    case 1:
        draft_put(draft, "    until: facts.planned_on\n    roll: forward\n");
        break;
    default:
        draft_put(draft, "    before: facts.planned_on\n    length: 7wd\n");
        return false;
    }
    return true;
}

static void put_keeper(struct draft *draft, uint32_t stage, const char *prefix)
{
    struct stage_plan *plan = &draft->stages[stage];
    bool duty = plan->keeper == KEEPER_DUTY;
    bool exact;

    draft_put(draft,
              "  %s%u:\n    zh: 期限%u\n    en: limit %u\n    law: 行政处罚法 第六十条\n",
              prefix, stage, stage, stage);
    if (!duty) {
        draft_put(draft, "    kind: window\n");
    }
    draft_put(draft, "    owner: %s\n", owner_of(draft));

    bool may_wait = put_length(draft, plan, &exact);

    if (may_wait && (plan->leaves || draft_chance(draft, 20))) {
        draft_put(draft, "    grace: 1wd\n");
    }
    put_reminders(draft, duty, exact);
}

static void put_extensions(struct draft *draft, const struct side_plan *side)
{
    if (side->extends) {
        draft_put(draft, "    extend:\n      first: {by: [unit_head], upto: 15d}\n");
        if (draft_chance(draft, 50)) {
            draft_put(draft, "      second: {by: [leader], upto: facts.give, needs: {agreed: "
                             "{that: has(harm), zh: 须经同意, en: agreed}}}\n");
        }
    }
}

static void put_side(struct draft *draft, uint32_t i)
{
    struct side_plan *side = &draft->sides[i];

    draft_put(draft, "  side%u:\n    zh: 附带期限%u\n    en: side limit %u\n", i, i, i);
    draft_put(draft, "    owner: %s\n", owner_of(draft));
    if (side->kind == SIDE_FEE) {
        draft_put(draft, "    accrues: {of: facts.fine, percent: 3, cap: %s}\n",
                  draft_chance(draft, 50) ? "100" : "30");
    } else {
        draft_put(draft, "    kind: %s\n    length: %s\n",
                  side->kind == SIDE_DUTY ? "duty" : "window",
                  draft_chance(draft, 50) ? "10d" : "5wd");
    }
    if (side->conditional) {
        draft_put(draft, "    when: has(kind) && kind == 'organisation'\n");
    }
    if (side->per) {
        draft_put(draft, "    per: facts.item_no\n");
    }
    if (side->pauses) {
        draft_put(draft, "    pause: {grounds: [test, hearing], by: [unit_head]%s}\n",
                  draft_chance(draft, 40) ? ", review: 15d" : "");
    }
    put_extensions(draft, side);
    if (draft->wish.newer && side->kind != SIDE_FEE && !side->per && !side->pauses &&
        !side->extends && draft_chance(draft, 60)) {
        draft_put(draft, "    recurs: true\n");
    }
    if (side->kind != SIDE_FEE) {
        put_reminders(draft, side->kind == SIDE_DUTY, false);
    }
}

static void put_clocks(struct draft *draft)
{
    draft_put(draft, "clocks:\n");
    for (uint32_t i = 0; i < draft->working_count; i++) {
        if (draft->stages[i].keeper != KEEPER_NONE) {
            put_keeper(draft, i, "keep");
        }
        if (draft->stages[i].keeper == KEEPER_PAIR) {
            put_keeper(draft, i, "twin");
        }
    }
    for (uint32_t i = 0; i < draft->side_count; i++) {
        put_side(draft, i);
    }
    draft_put(
        draft,
        "  spare:\n    zh: 备用期限\n    en: spare\n    owner: officer\n    length: 3wd\n");
}

void draft_head(struct draft *draft)
{
    put_top(draft);
    put_roles(draft);
    put_facts(draft);
    put_names(draft);
    put_clocks(draft);
}
