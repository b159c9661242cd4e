#include "codec/procedure_yaml.h"
#include "lib/check.h"

#include <stdio.h>
#include <stdlib.h>

struct play {
    struct arena arena;
    struct source sources[4];
    const struct source *layers[3];
    struct library library;
    struct problem_list problems;
    const struct procedure *procedure;
};

/* Load the first text; the others are what it may stand on. */
static void load(struct play *play, const char *const texts[4])
{
    *play = (struct play){.procedure = NULL};
    arena_init_growing(&play->arena, PROCEDURE_BYTES_MAX);
    problem_list_init(&play->problems, &play->arena);
    for (uint32_t i = 0; i < 4 && texts[i] != NULL; i++) {
        static const char *const names[] = {"a.yaml", "b.yaml", "c.yaml", "d.yaml"};

        play->sources[i] =
            (struct source){.name = text_of(names[i]), .bytes = text_of(texts[i])};
        if (i > 0) {
            play->layers[play->library.procedure_count++] = &play->sources[i];
        }
    }
    play->library.procedures = play->layers;
    play->procedure =
        procedure_load(&play->sources[0], &play->library, &play->arena, &play->problems);
    for (const struct problem *one = play->problems.first; one != NULL; one = one->next) {
        if (one->severity == PROBLEM_ERROR) {
            char words[400];

            message_print(one->message->en, one->arguments, words, sizeof(words));
            printf("    %u:%u %s\n", one->mark.line, one->mark.column, words);
        }
    }
}

#define LOAD(play, ...) load(play, (const char *const[4]){__VA_ARGS__})

/* The procedure, or the end of this test. */
static const struct procedure *loaded(const struct play *play)
{
    if (play->procedure == NULL) {
        CHECK(false);
        exit(1);
    }
    return play->procedure;
}

static const char *read_minor(void)
{
    static char bytes[20000];
    const char *root = getenv("SOURCE");
    char path[500];
    FILE *file;
    size_t size;

    snprintf(path, sizeof(path), "%s/config/procedures/minor.yaml", root == NULL ? "." : root);
    file = fopen(path, "rb");
    if (file == NULL) {
        CHECK(false);
        exit(1);
    }
    size = fread(bytes, 1, sizeof(bytes) - 1, file);
    bytes[size] = '\0';
    fclose(file);
    return bytes;
}

static const struct rule *only_rule(const struct procedure *procedure, const char *stage,
                                    const char *event)
{
    const struct stage *at = &procedure->stages[procedure_stage(procedure, text_of(stage))];
    const struct offer *offer =
        offer_find(at->offers, at->offer_count, procedure_event(procedure, text_of(event)));

    CHECK_INTEGER(offer->rule_count, 1);
    return &offer->rules[0];
}

static void the_example_of_the_page_loads(void)
{
    struct play play;

    LOAD(&play, read_minor());

    const struct procedure *minor = loaded(&play);

    CHECK_TEXT(minor->name, "minor");
    CHECK_INTEGER(minor->version, 1);
    CHECK_INTEGER(minor->from, date_of(2021, 7, 15));
    CHECK_INTEGER(minor->backdate.count, 7);
    CHECK_INTEGER(minor->role_count, 4);
    CHECK_INTEGER(minor->fact_count, 12);
    CHECK_INTEGER(minor->clock_count, 2);
    CHECK_INTEGER(minor->stage_count, 4);
    CHECK_INTEGER(minor->ground_count, 2);
    CHECK_INTEGER(minor->chain_count, 3);
    CHECK_INTEGER(minor->chain[2], procedure_role(minor, TEXT("leader")));
    CHECK_INTEGER(minor->aparts[0].roles, 5);
    CHECK(minor->roles[3].outside);
    CHECK_INTEGER(minor->roles[3].reach_sms, procedure_fact(minor, TEXT("party_mobile")));
    CHECK_INTEGER(minor->roles[3].consent, procedure_fact(minor, TEXT("sms_consent")));
    CHECK_TEXT(minor->facts[procedure_fact(minor, TEXT("corrected_on"))].label.zh, "改正日期");
    CHECK_TEXT(minor->events[procedure_event(minor, TEXT("order.served"))].label.en,
               "order served");
    CHECK_INTEGER(minor->stage_names.count, 4);
    CHECK_TEXT(minor->stages[2].outcome, "transferred");
    CHECK(minor->stages[0].no_limit);
    CHECK(!minor->stages[1].no_limit);
    arena_fini(&play.arena);
}

static void a_plan_is_written_out_for_its_clock(void)
{
    struct play play;

    LOAD(&play, read_minor());

    const struct procedure *minor = loaded(&play);
    const struct clock *recheck = &minor->clocks[1];
    uint16_t officer = procedure_role(minor, TEXT("officer"));
    uint16_t unit_head = procedure_role(minor, TEXT("unit_head"));

    CHECK_INTEGER(recheck->entry_count, 4);
    CHECK_TEXT(recheck->entries[0].name, "near");
    CHECK_INTEGER(recheck->entries[0].to[0], officer); /* `owner` */
    CHECK_TEXT(recheck->entries[1].name, "last_day");
    CHECK_INTEGER(recheck->entries[1].to_count, 2);
    CHECK_INTEGER(recheck->entries[1].to[1], unit_head);
    CHECK_INTEGER(recheck->entries[1].first_slot, 1);
    CHECK(!recheck->entries[1].rung);
    CHECK(recheck->entries[2].rung);
    CHECK(!recheck->entries[2].repeats);
    CHECK(recheck->entries[3].last_rung);
    CHECK(recheck->entries[3].repeats);
    CHECK(recheck->entries[3].urgent);
    CHECK(length_equal(recheck->entries[3].every, (struct length){5, LENGTH_WORKDAYS}));
    CHECK_INTEGER(recheck->slot_count, 5);
    CHECK_INTEGER(recheck->entries[3].label.mark.line, 73);
    arena_fini(&play.arena);
}

static void a_duty_without_a_ladder_has_one_rung(void)
{
    struct play play;

    LOAD(&play, read_minor());

    const struct procedure *minor = loaded(&play);
    const struct clock *correct = &minor->clocks[0];
    const struct entry *rung = &correct->entries[correct->entry_count - 1];

    CHECK(rung->last_rung);
    CHECK(length_equal(rung->offset, (struct length){1, LENGTH_WORKDAYS}));
    CHECK_INTEGER(rung->to_count, 1);
    CHECK_INTEGER(rung->to[0],
                  procedure_role(minor, TEXT("officer"))); /* the owner is outside */
    CHECK_TEXT(minor->notices[rung->notice].name, "clock_overdue");
    CHECK(length_equal(correct->review, (struct length){30, LENGTH_DAYS}));
    CHECK_INTEGER(correct->extends[0].upto.length.count, 15);
    CHECK_INTEGER(correct->length.fact, procedure_fact(minor, TEXT("give")));
    CHECK_INTEGER(correct->pause_grounds, 3);
    arena_fini(&play.arena);
}

static void a_rule_is_read_in_all_its_parts(void)
{
    struct play play;

    LOAD(&play, read_minor());

    const struct procedure *minor = loaded(&play);
    const struct rule *served = only_rule(minor, "filed", "order.served");
    const struct rule *done = only_rule(minor, "correcting", "recheck.done");
    const struct rule *overdue = only_rule(minor, "correcting", "clock.correct.overdue");

    CHECK(fact_mask_has(&served->takes, procedure_fact(minor, TEXT("give"))));
    CHECK_TEXT(served->documents[0], "责令改正通知书");
    CHECK_TEXT(served->needs[0].label.law, "行政处罚法 第四十二条");
    CHECK(served->needs[0].that != NULL);
    CHECK_INTEGER(served->sets[0].fact, procedure_fact(minor, TEXT("rounds")));
    CHECK_INTEGER(served->starts[0].clock, 0);
    CHECK_INTEGER(served->to[0].stage, 1);
    CHECK(served->keep);
    CHECK_INTEGER(overdue->starts[0].clock, 1);
    CHECK_INTEGER(done->meet_count, 2);
    CHECK_INTEGER(done->meets[0].value->type, VALUE_DATE);
    CHECK_INTEGER(done->meets[1].value->type, VALUE_INSTANT);
    CHECK_INTEGER(done->to_count, 2);
    CHECK_TEXT(done->to[0].name, "good");
    CHECK(done->to[0].when != NULL);
    CHECK(done->to[1].when == NULL);
    CHECK(done->warns[0].defect);
    CHECK_TEXT(minor->notices[done->warns[0].notify->notice].name, "defect");
    arena_fini(&play.arena);
}

#define LAW                                         \
    "procedure: law\n"                              \
    "version: 1\n"                                  \
    "from: 2021-07-15\n"                            \
    "layer: true\n"                                 \
    "roles: {officer: {en: officer}, leader: {}}\n" \
    "chain: [officer, leader]\n"                    \
    "facts: {fine: money}\n"                        \
    "needs: {two: {that: size(actors) >= 2}}\n"     \
    "clocks:\n"                                     \
    "  check: {owner: officer, length: 15d}\n"      \
    "stages:\n"                                     \
    "  filed:\n"                                    \
    "    no_limit: {en: waiting}\n"                 \
    "    events:\n"                                 \
    "      done.so:\n"                              \
    "        by: officer\n"                         \
    "        needs: {two: {}}\n"                    \
    "        start: check\n"                        \
    "        to: closed\n"                          \
    "  closed: {final: done}\n"

static void layers_merge_by_key_and_lists_unite(void)
{
    struct play play;

    LOAD(&play,
         "procedure: place\nversion: 2\nfrom: 2022-01-01\nlayers: [law@1]\n"
         "roles: {desk: {}}\n"
         "chain: [leader]\n"
         "clocks: {check: {length: 10wd}, publish: {owner: desk, length: 7wd}}\n"
         "opens: {case.filed: {to: filed}}\n"
         "stages: {filed: {events: {done.so: {by: [leader, officer], start: [publish]}}}}\n",
         LAW);

    const struct procedure *made = loaded(&play);
    const struct rule *rule = only_rule(made, "filed", "done.so");

    CHECK_TEXT(made->name, "place");
    CHECK_INTEGER(made->version, 2);
    CHECK(!made->layer);
    CHECK_INTEGER(made->from, date_of(2022, 1, 1));
    CHECK_INTEGER(made->role_count, 3);
    CHECK_INTEGER(made->chain_count, 1);
    CHECK(length_equal(made->clocks[0].length.length, (struct length){10, LENGTH_WORKDAYS}));
    CHECK_INTEGER(made->clocks[0].owner, 0);
    CHECK_INTEGER(rule->start_count, 2);
    CHECK_INTEGER(rule->starts[0].clock, 0);
    CHECK_INTEGER(rule->starts[1].clock, 1);
    CHECK_INTEGER(rule->by, 3);
    CHECK_INTEGER(rule->need_count, 1);
    CHECK(made->clocks[0].label.mark.source == &play.sources[1]);
    CHECK(made->clocks[1].label.mark.source == &play.sources[0]);
    arena_fini(&play.arena);
}

static void what_is_dropped_is_gone_and_told(void)
{
    static const char top[] = "procedure: place\nversion: 1\nfrom: 2022-01-01\n"
                              "layers: [law@1]\n"
                              "drops: [done.so.needs.two, facts.fine]\n"
                              "opens: {case.filed: {to: filed}}\n";
    struct play play;

    LOAD(&play, top, LAW);
    CHECK_INTEGER(only_rule(loaded(&play), "filed", "done.so")->need_count, 0);
    CHECK_INTEGER(loaded(&play)->fact_count, 0);
    CHECK_INTEGER(play.problems.count, 2);
    CHECK_INTEGER(play.problems.error_count, 0);
    CHECK_TEXT(play.problems.first->message->code, "dropped");
    CHECK_TEXT(play.problems.first->arguments[1], "b.yaml:17");
    arena_fini(&play.arena);
}

static void layers_stand_on_layers(void)
{
    struct play play;

    LOAD(&play,
         "procedure: town\nversion: 1\nfrom: 2022-01-01\nlayers: [law@1, place@1]\n"
         "opens: {case.filed: {to: filed}}\n",
         "procedure: place\nversion: 1\nfrom: 2022-01-01\nlayer: true\nlayers: [law@1]\n"
         "clocks: {check: {length: 3d}}\n",
         LAW);
    CHECK_INTEGER(loaded(&play)->clocks[0].length.length.count, 3);
    arena_fini(&play.arena);
}

static uint64_t digest_of_text(const char *yaml)
{
    struct play play;
    uint64_t digest;

    LOAD(&play, yaml);
    digest = play.procedure == NULL ? 0 : loaded(&play)->digest;
    CHECK(digest != 0);
    arena_fini(&play.arena);
    return digest;
}

#define HEAD "procedure: a\nversion: 1\nfrom: 2021-01-01\n"
#define REST                                                                                   \
    "opens: {case.filed: {to: on}}\n"                                                          \
    "stages: {on: {no_limit: {en: on}, events: {go.on: {by: [x, y], to: off}}}, off: {final: " \
    "d}}\n"

static void the_digest_is_of_what_is_said(void)
{
    uint64_t plain = digest_of_text(HEAD "roles: {x: {en: one, zh: two}, y: {}}\n" REST);

    CHECK(plain ==
          digest_of_text("# comment\n" HEAD
                         "roles:\n  x:\n    zh: 'two'\n    en: \"one\"\n  y: {}\n" REST));
    CHECK(plain == digest_of_text("version: 1\nfrom: 2021-01-01\nprocedure: a\n" REST
                                  "roles: {x: {en: one, zh: two}, y: {}}\n"));
    CHECK(plain != digest_of_text(HEAD "roles: {y: {}, x: {en: one, zh: two}}\n" REST));
    CHECK(plain != digest_of_text(HEAD "roles: {x: {en: two, zh: one}, y: {}}\n" REST));
    CHECK(plain != digest_of_text(HEAD "roles: {x: {en: one, zh: two}, y: {en: x}}\n" REST));
}

static void named_rules_and_one_rule_are_told_apart(void)
{
    struct play play;

    LOAD(&play, HEAD "facts: {n: integer}\n"
                     "opens: {case.filed: {first: {when: has(n), to: on}, rest: {to: off}}}\n"
                     "stages: {on: {no_limit: {}, events: {a.b: {}}}, off: {final: d}}\n");
    CHECK_INTEGER(loaded(&play)->opens[0].rule_count, 2);
    CHECK_TEXT(loaded(&play)->opens[0].rules[1].name, "rest");
    CHECK_INTEGER(loaded(&play)->stages[0].offers[0].rule_count, 1);
    CHECK_TEXT(loaded(&play)->stages[0].offers[0].rules[0].name, "");
    arena_fini(&play.arena);
}

static void standing_events_and_ends_have_numbers_of_their_own(void)
{
    struct play play;

    LOAD(&play, read_minor());
    CHECK_INTEGER(
        loaded(&play)->events[procedure_event(loaded(&play), TEXT("case.assigned"))].family,
        EVENT_ASSIGNED);

    uint16_t end = procedure_event(loaded(&play), TEXT("clock.recheck.overdue"));

    CHECK_INTEGER(loaded(&play)->events[end].family, EVENT_CLOCK_END);
    CHECK_INTEGER(loaded(&play)->events[end].clock, 1);
    arena_fini(&play.arena);
}

/* Wrong in a plan that two clocks use: told once. */
static void what_is_shared_is_told_once(void)
{
    struct play play;

    LOAD(&play, HEAD "roles: {x: {}}\n"
                     "plans: {p: {remind: {r: {at: -1d, to: nobody, notice: n}}}}\n"
                     "clocks: {a: {owner: x, length: 5d, plan: p},\n"
                     "         b: {owner: x, length: 5d, plan: p}}\n"
                     "opens: {case.filed: {to: off}}\n"
                     "stages: {off: {final: d}}\n");
    CHECK(play.procedure == NULL);
    CHECK_INTEGER(play.problems.count, 1);
    CHECK_INTEGER(play.problems.error_count, 1);
    arena_fini(&play.arena);
}

static void a_head_is_known_without_loading(void)
{
    struct source source = {.name = TEXT("x"), .bytes = TEXT("version: 3\nprocedure: a-b\n")};
    struct arena arena;
    struct text name;
    uint32_t version;

    arena_init_growing(&arena, 1 << 20);
    CHECK(procedure_head(&source, &arena, &name, &version));
    CHECK_TEXT(name, "a-b");
    CHECK_INTEGER(version, 3);
    source.bytes = TEXT("agencies: {}\n");
    CHECK(!procedure_head(&source, &arena, &name, &version));
    source.bytes = TEXT("procedure: a\nversion: x\n");
    CHECK(!procedure_head(&source, &arena, &name, &version));
    arena_fini(&arena);
}

/* Whatever the arena holds, the answer is whole or none, and nothing is lost. */
static void a_spent_arena_ends_the_loading(void)
{
    struct source source = {.name = TEXT("minor.yaml"), .bytes = text_of(read_minor())};
    struct library library = {.procedures = NULL};

    for (size_t budget = 0; budget < (size_t)512 * 1024; budget += 4096) {
        struct arena arena;
        struct problem_list problems;

        arena_init_growing(&arena, budget);
        problem_list_init(&problems, &arena);
        CHECK((procedure_load(&source, &library, &arena, &problems) == NULL) == arena.spent);
        arena_fini(&arena);
    }
}

static void loading_never_leaks(void)
{
    struct source source = {.name = TEXT("minor.yaml"), .bytes = text_of(read_minor())};
    struct library library = {.procedures = NULL};

    for (uint32_t i = 0; i < 1000; i++) {
        struct arena arena;
        struct problem_list problems;

        arena_init_growing(&arena, PROCEDURE_BYTES_MAX);
        problem_list_init(&problems, &arena);
        CHECK(procedure_load(&source, &library, &arena, &problems) != NULL);
        arena_fini(&arena);
    }
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(the_example_of_the_page_loads),
        TEST(a_plan_is_written_out_for_its_clock),
        TEST(a_duty_without_a_ladder_has_one_rung),
        TEST(a_rule_is_read_in_all_its_parts),
        TEST(layers_merge_by_key_and_lists_unite),
        TEST(what_is_dropped_is_gone_and_told),
        TEST(layers_stand_on_layers),
        TEST(the_digest_is_of_what_is_said),
        TEST(named_rules_and_one_rule_are_told_apart),
        TEST(standing_events_and_ends_have_numbers_of_their_own),
        TEST(what_is_shared_is_told_once),
        TEST(a_head_is_known_without_loading),
        TEST(a_spent_arena_ends_the_loading),
        TEST(loading_never_leaks),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
