/* Why a case stands where it stands: what it waits for, until when, and what comes next. */
#include "core/why.h"
#include "lib/step_world.h"

#define PLAIN                                                                                    \
    "procedure: plain\n" WORLD_ROLES "facts: {minor: flag, harm: flag, give: length}\n"          \
    "clocks:\n"                                                                                  \
    "  correct: {zh: 改正, en: correction, law: 第二十八条, owner: officer, length: 10d," \
    " remind: {near: {at: -3wd, to: officer, notice: clock_near}},"                              \
    " pause: {grounds: [test], by: [head]}}\n"                                                   \
    "opens: {case.filed: {by: [officer], may_take: [minor], start: [correct], to: open}}\n"      \
    "stages:\n"                                                                                  \
    "  open:\n"                                                                                  \
    "    zh: 办\n"                                                                              \
    "    en: open\n"                                                                             \
    "    events:\n"                                                                              \
    "      checked:\n"                                                                           \
    "        good: {when: minor, by: [officer], takes: [harm], meet: [correct], to: done,"       \
    " needs: {harmless: {that: '!event.harm', zh: 无, en: no harm},"                            \
    " small: {that: minor, zh: 轻, en: minor}}}\n"                                              \
    "        bad: {when: '!minor', by: [leader], meet: [correct], to: done}\n"                   \
    "  done: {zh: 完, en: done, final: done}\n"                                                 \
    "anytime: {case.noted: {by: [officer]}}\n"

static void begin(struct world *world, struct why *why)
{
    world_begin(world, PLAIN);
    CHECK(world_act(world, "case.filed", "officer:wang", "minor=true", "2026-03-02T09:00"));

    struct step step = world_step(world);

    step.before = &world->state;
    CHECK(case_why(&step, world_arena(world), why));
}

static void it_names_the_events_that_it_waits_for_and_not_those_it_does_not(void)
{
    struct world world;
    struct why why;

    begin(&world, &why);
    CHECK(why.rule_count == 2);
    CHECK(text_is(world.procedure->events[why.rules[0].event].name, "checked"));
    CHECK(text_is(why.rules[0].rule->name, "good"));
    CHECK(!why.rules[0].anytime);
    CHECK(text_is(world.procedure->events[why.rules[1].event].name, "case.noted"));
    CHECK(why.rules[1].anytime);
    world_end(&world);
}

static void each_need_says_whether_it_holds_or_what_it_depends_on(void)
{
    struct world world;
    struct why why;

    begin(&world, &why);
    CHECK(why.rules[0].need_count == 2);
    CHECK(why.rules[0].needs[0].truth == TRUTH_UNKNOWN); /* the event has yet to say it */
    CHECK(why.rules[0].needs[1].truth == TRUTH_TRUE);
    CHECK(why.rules[0].needs[1].leaf_count == 1);
    world_end(&world);
}

static void it_names_the_limits_and_what_comes_next_if_nobody_acts(void)
{
    struct world world;
    struct why why;

    begin(&world, &why);
    CHECK(why.clock_count == 1);
    CHECK(why.clocks[0].instance->due.last_day == world_date("2026-03-12"));
    CHECK(why.next_ms == world_instant("2026-03-09T09:00"));
    CHECK(why.moment_count == 1);
    CHECK(!why.moments[0].end);
    CHECK(why.moments[0].entry == 0);
    world_end(&world);
}

static void a_closed_case_waits_for_nothing(void)
{
    struct world world;
    struct why why;

    begin(&world, &why);
    CHECK(world_act(&world, "checked", "officer:wang", "harm=false", "2026-03-03T09:00"));

    struct step step = world_step(&world);

    step.before = &world.state;
    CHECK(case_why(&step, world_arena(&world), &why));
    CHECK(why.rule_count == 0);
    CHECK(why.clock_count == 0);
    CHECK(why.next_ms == INSTANT_NEVER);
    world_end(&world);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(it_names_the_events_that_it_waits_for_and_not_those_it_does_not),
        TEST(each_need_says_whether_it_holds_or_what_it_depends_on),
        TEST(it_names_the_limits_and_what_comes_next_if_nobody_acts),
        TEST(a_closed_case_waits_for_nothing),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
