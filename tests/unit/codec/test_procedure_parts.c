#include "codec/procedure_yaml.h"
#include "lib/check.h"

#include <stdio.h>
#include <stdlib.h>

/* A procedure with everything the language has, and layers at their edges. */
struct play {
    struct arena arena;
    struct source sources[20];
    const struct source *layers[20];
    struct library library;
    struct problem_list problems;
    const struct procedure *procedure;
    char told[2000];
};

static void begin(struct play *play)
{
    *play = (struct play){.procedure = NULL};
    arena_init_growing(&play->arena, PROCEDURE_BYTES_MAX);
    problem_list_init(&play->problems, &play->arena);
}

static void add_layer(struct play *play, const char *yaml)
{
    struct source *source = &play->sources[1 + play->library.procedure_count];

    *source = (struct source){.name = TEXT("layer.yaml"), .bytes = text_of(yaml)};
    play->layers[play->library.procedure_count++] = source;
    play->library.procedures = play->layers;
}

static void load(struct play *play, const char *yaml)
{
    size_t at = 0;

    play->sources[0] = (struct source){.name = TEXT("top.yaml"), .bytes = text_of(yaml)};
    play->procedure =
        procedure_load(&play->sources[0], &play->library, &play->arena, &play->problems);
    for (const struct problem *one = play->problems.first; one != NULL; one = one->next) {
        at += (size_t)snprintf(play->told + at, sizeof(play->told) - at, "%s%u:%u %s",
                               at > 0 ? "\n" : "", one->mark.line, one->mark.column,
                               one->message->code);
    }
}

static const struct procedure *loaded(const struct play *play)
{
    if (play->procedure == NULL) {
        CHECK_TEXT((const char *)play->told, "");
        exit(1);
    }
    return play->procedure;
}

static const char everything[] =
    "procedure: whole\n"
    "version: 7\n"
    "from: 2026-01-01\n"
    "backdate: 30d\n"
    "roles:\n"
    "  officer: {zh: 执法人员, assigned: true}\n"
    "  host: {zh: 主持人, assigned: true}\n"
    "  leader: {zh: 领导, above: true}\n"
    "  party: {zh: 当事人, outside: true}\n"
    "chain: [officer, leader]\n"
    "apart: {hearing: {roles: [officer, host], zh: 回避, law: 第六十四条}}\n"
    "facts:\n"
    "  fine: {type: money, zh: 罚款}\n"
    "  add: length\n"
    "  seizure_no: text\n"
    "  hearing_on: date\n"
    "  ends_on: date\n"
    "  traits: {type: set, choice: [first, minor]}\n"
    "  on: instant\n"
    "words: {appraisal: {zh: 鉴定}, hearing: {zh: 听证}, case.heard: {en: heard}}\n"
    "define:\n"
    "  heard: {that: has(hearing_on), zh: 已听证}\n"
    "  light: heard && fine < 200.00\n"
    "needs: {in_time: {that: has(event.fine), zh: 及时}}\n"
    "plans:\n"
    "  staff:\n"
    "    remind: {near: {at: -3wd, to: owner, notice: clock_near}, day: {at: 0d, to: owner, "
    "notice: clock_near}}\n"
    "    ladder: {up: {at: +1wd, to: leader, notice: clock_overdue}}\n"
    "clocks:\n"
    "  decide:\n"
    "    owner: officer\n"
    "    when: \"!light\"\n"
    "    length: 90d\n"
    "    roll: none\n"
    "    grace: 1wd\n"
    "    per: facts.seizure_no\n"
    "    pause: {grounds: [appraisal, hearing], by: leader, review: 10d}\n"
    "    extend: {first: {by: leader, upto: 30d}, second: {upto: facts.add, needs: {big: "
    "{that: fine > 10.00}}}}\n"
    "    plan: staff\n"
    "    remind: {near: {at: -5wd}, early: {at: -10d, to: [owner, officer], notice: "
    "clock_near, when: heard, any_day: true}}\n"
    "    ladder: {top: {at: +3wd, to: leader, notice: clock_overdue, every: 2wd, urgent: "
    "true}}\n"
    "  speak: {kind: window, owner: party, length: 5wd, plan: staff, remind: {over: {at: due, "
    "to: owner, notice: clock_near}}}\n"
    "  lead: {owner: host, before: facts.hearing_on, length: 7wd}\n"
    "  until: {owner: officer, until: facts.ends_on, roll: forward}\n"
    "  late_fee: {owner: party, accrues: {of: facts.fine, percent: 3, cap: 100}, pause: "
    "{grounds: appraisal}}\n"
    "  hours: {owner: officer, length: 24h}\n"
    "notices: {clock_near: [last_day, left], told: {values: [what], zh: 告知}}\n"
    "opens: {case.filed: {by: officer, may_take: [fine, seizure_no], start: decide, to: "
    "{small: {when: light, stage: over}, rest: {stage: filed}}}}\n"
    "stages:\n"
    "  filed:\n"
    "    enter: {start: [hours], cancel: lead, notify: [{to: leader, notice: told}, {to: "
    "[party], notice: told}]}\n"
    "    events:\n"
    "      case.heard:\n"
    "        first:\n"
    "          when: clock.decide.running\n"
    "          by: [host]\n"
    "          takes: fine\n"
    "          may_take: [add, on]\n"
    "          keep: false\n"
    "          assigns: [host]\n"
    "          documents: [听证笔录, 送达回证]\n"
    "          needs: {in_time: {defect: true}}\n"
    "          warns: {late: {that: event.fine < 5.00, defect: false, notify: {to: leader, "
    "notice: told}}}\n"
    "          set: {traits: \"['first']\", fine: event.fine + 1.00}\n"
    "          cancel: [until]\n"
    "          start: [lead, speak]\n"
    "          resume: {decide: hearing}\n"
    "          pause: {decide: appraisal, late_fee: appraisal}\n"
    "          extend: {decide: event.add}\n"
    "          meet: {hours: event.on, lead: date(event.occurred)}\n"
    "          notify: {to: party, notice: told}\n"
    "          backdate: 3d\n"
    "        rest: {to: over}\n"
    "      clock.speak.elapsed: {warns: {x: {that: heard}}, to: over}\n"
    "  over: {final: done, outlives: [speak, late_fee], events: {clock.late_fee.capped: {}}}\n"
    "anytime:\n"
    "  case.noted: {by: [officer, leader], in: [filed, over]}\n";

static void every_part_of_a_rule_is_read(void)
{
    struct play play;

    begin(&play);
    load(&play, everything);

    const struct procedure *whole = loaded(&play);
    const struct stage *filed = &whole->stages[0];
    const struct rule *rule = &filed->offers[0].rules[0];
    uint16_t host = procedure_role(whole, TEXT("host"));

    CHECK_INTEGER(whole->backdate.count, 30);
    CHECK_INTEGER(filed->offers[0].rule_count, 2);
    CHECK_TEXT(rule->name, "first");
    CHECK_INTEGER(rule->by, 1U << host);
    CHECK_INTEGER(rule->assigns, 1U << host);
    CHECK(!rule->keep);
    CHECK(rule->backdate_given);
    CHECK_INTEGER(rule->backdate.count, 3);
    CHECK_INTEGER(rule->document_count, 2);
    CHECK(fact_mask_has(&rule->may_take, procedure_fact(whole, TEXT("on"))));
    CHECK(rule->needs[0].defect);
    CHECK_TEXT(rule->needs[0].label.zh, "及时");
    CHECK(!rule->warns[0].defect);
    CHECK_INTEGER(rule->set_count, 2);
    CHECK_INTEGER(rule->cancels[0].clock, procedure_clock(whole, TEXT("until")));
    CHECK_INTEGER(rule->start_count, 2);
    CHECK_INTEGER(rule->resumes[0].ground, procedure_ground(whole, TEXT("hearing")));
    CHECK_INTEGER(rule->pause_count, 2);
    CHECK_INTEGER(rule->extends[0].value->type, VALUE_LENGTH);
    CHECK_INTEGER(rule->meets[0].value->type, VALUE_INSTANT);
    CHECK_INTEGER(rule->notify_count, 1);
    CHECK_INTEGER(filed->start_count, 1);
    CHECK_INTEGER(filed->cancel_count, 1);
    CHECK_INTEGER(filed->notify_count, 2);
    CHECK_INTEGER(whole->opens[0].rules[0].to_count, 2);
    CHECK_INTEGER(whole->anytime[0].rules[0].in, 3);
    CHECK_INTEGER(whole->stages[1].outlives, 2 | 16);
    arena_fini(&play.arena);
}

static void every_part_of_a_clock_is_read(void)
{
    struct play play;

    begin(&play);
    load(&play, everything);

    const struct procedure *whole = loaded(&play);
    const struct clock *decide = &whole->clocks[0];
    const struct clock *speak = &whole->clocks[1];
    const struct clock *hours = &whole->clocks[5];

    CHECK(decide->when != NULL);
    CHECK(decide->roll_given && !decide->roll_forward);
    CHECK_INTEGER(decide->grace.count, 1);
    CHECK_INTEGER(decide->per, procedure_fact(whole, TEXT("seizure_no")));
    CHECK_INTEGER(decide->review.count, 10);
    CHECK_INTEGER(decide->extend_count, 2);
    CHECK_INTEGER(decide->extends[1].upto.fact, procedure_fact(whole, TEXT("add")));
    CHECK_INTEGER(decide->extends[1].need_count, 1);
    CHECK_INTEGER(decide->entry_count, 5);
    CHECK_INTEGER(decide->entries[0].offset.count, -5); /* the plan's, overridden in one key */
    CHECK_INTEGER(decide->entries[0].to_count, 1);
    CHECK_TEXT(decide->entries[2].name, "early");
    CHECK_INTEGER(decide->entries[2].to_count, 1); /* the owner is the officer: told once */
    CHECK(decide->entries[2].when != NULL && decide->entries[2].any_day);
    CHECK(!decide->entries[3].last_rung);
    CHECK(decide->entries[4].last_rung);
    CHECK_INTEGER(decide->entries[4].every.count, 2);
    CHECK_INTEGER(speak->kind, CLOCK_WINDOW);
    CHECK_INTEGER(speak->entry_count, 3); /* the plan's reminders, no rungs */
    CHECK(speak->entries[2].at_due);
    CHECK_INTEGER(whole->clocks[2].due, DUE_BEFORE);
    CHECK_INTEGER(whole->clocks[2].date_fact, procedure_fact(whole, TEXT("hearing_on")));
    CHECK_INTEGER(whole->clocks[3].due, DUE_UNTIL);
    CHECK_INTEGER(whole->clocks[4].kind, CLOCK_ACCRUAL);
    CHECK_INTEGER(whole->clocks[4].percent, 3);
    CHECK_INTEGER(whole->clocks[4].entry_count, 0);
    CHECK(length_equal(hours->entries[0].offset, (struct length){1, LENGTH_HOURS}));
    arena_fini(&play.arena);
}

static void everything_named_has_its_words(void)
{
    struct play play;

    begin(&play);
    load(&play, everything);

    const struct procedure *whole = loaded(&play);

    CHECK_TEXT(whole->grounds[0].label.zh, "鉴定");
    CHECK_TEXT(whole->aparts[0].label.law, "第六十四条");
    CHECK_TEXT(whole->facts[0].label.zh, "罚款");
    CHECK_TEXT(whole->defines[0].label.zh, "已听证");
    CHECK_TEXT(whole->events[procedure_event(whole, TEXT("case.heard"))].label.en, "heard");
    CHECK(whole->notices[0].declared);
    CHECK_INTEGER(whole->notices[0].value_count, 2);
    CHECK_TEXT(whole->notices[1].values[0], "what");
    CHECK_TEXT(whole->notices[1].label.zh, "告知");
    CHECK(!whole->notices[2].declared);
    CHECK_TEXT(whole->notices[2].name, "clock_overdue");
    CHECK_INTEGER(whole->word_count, 3);
    arena_fini(&play.arena);
}

#define BASE                                                                                 \
    "procedure: base\nversion: 1\nfrom: 2021-01-01\nlayer: true\n"                           \
    "roles: {a: {}, b: {}}\n"                                                                \
    "stages: {on: {no_limit: {}, events: {go.on: {by: [a], notify: {to: a, notice: n}, to: " \
    "off}}}, off: {final: d}}\n"

static void lists_join_and_names_replace(void)
{
    struct play play;

    begin(&play);
    add_layer(&play, BASE);
    load(&play,
         "procedure: top\nversion: 1\nfrom: 2021-01-01\nlayers: [base@1]\n"
         "opens: {case.filed: {to: on}}\n"
         "stages: {on: {events: {go.on: {by: [b, a], notify: [{to: b, notice: n}]}}}}\n");

    const struct procedure *top = loaded(&play);
    const struct rule *rule = &top->stages[0].offers[0].rules[0];

    CHECK_INTEGER(rule->by, 3);
    CHECK_INTEGER(rule->notify_count, 1); /* a list of maps replaces */
    CHECK_INTEGER(rule->notifies[0].to[0], 1);
    arena_fini(&play.arena);

    begin(&play);
    add_layer(&play, BASE);
    load(&play, "procedure: top\nversion: 1\nfrom: 2021-01-01\nlayers: [base@1]\n"
                "opens: {case.filed: {to: on}}\n"
                "stages: {on: {events: {go.on: {by: b}}}}\n");
    CHECK_INTEGER(loaded(&play)->stages[0].offers[0].rules[0].by, 2);
    arena_fini(&play.arena);
}

static void a_layer_by_itself_opens_no_case(void)
{
    struct play play;

    begin(&play);
    load(&play, BASE);
    CHECK(loaded(&play)->layer);
    arena_fini(&play.arena);
}

static void too_many_layers_are_refused(void)
{
    static char texts[20][120];
    struct play play;

    begin(&play);
    for (uint32_t i = 0; i < 18; i++) {
        snprintf(texts[i], sizeof(texts[i]),
                 "procedure: p%u\nversion: 1\nfrom: 2021-01-01\nlayer: true\nlayers: [p%u@1]\n",
                 i, i + 1);
        if (i > 0) {
            add_layer(&play, texts[i]);
        }
    }
    load(&play, texts[0]);
    CHECK_TEXT((const char *)play.told, "5:10 layer_many");
    arena_fini(&play.arena);
}

static void what_is_wrong_below_is_told_there(void)
{
    struct play play;

    begin(&play);
    add_layer(&play, "procedure: base\nversion: 1\nfrom: 2021-01-01\nrols: {}\n");
    load(&play, "procedure: top\nversion: 1\nfrom: 2021-01-01\nlayers: [base@1]\n"
                "opens: {case.filed: {to: on}}\nstages: {on: {final: d}}\n");
    CHECK_TEXT((const char *)play.told, "4:1 schema_key");
    CHECK(play.problems.first->mark.source == &play.sources[1]);
    arena_fini(&play.arena);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(every_part_of_a_rule_is_read),      TEST(every_part_of_a_clock_is_read),
        TEST(everything_named_has_its_words),    TEST(lists_join_and_names_replace),
        TEST(a_layer_by_itself_opens_no_case),   TEST(too_many_layers_are_refused),
        TEST(what_is_wrong_below_is_told_there),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
