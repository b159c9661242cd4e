/* Sentences of time.md and procedures.md that are easily kept only nearly. */
#include "lib/step_world.h"

#define PLAIN                                                                               \
    "procedure: plain\n" WORLD_ROLES "apart: {review: [officer, leader]}\n"                 \
    "facts: {on: date, give: length, no: text, other: text, result: {choice: [good, bad]}," \
    " told: money, most: length}\n"                                                         \
    "clocks:\n"                                                                             \
    "  duty: {zh: 办, en: duty, owner: officer, length: 10d,"                              \
    " pause: {grounds: [test, appraisal], by: [head]},"                                     \
    " extend: {first: {by: [head], upto: 5d}, second: {by: [leader]}},"                     \
    " ladder: {one: {at: +1wd, to: owner, notice: clock_overdue},"                          \
    " two: {at: +3wd, to: head, notice: clock_overdue}}}\n"                                 \
    "  until: {zh: 至, en: until, owner: officer, until: facts.on,"                        \
    " pause: {grounds: [test]}, extend: {first: {}}}\n"                                     \
    "  bound: {zh: 限, en: bound, owner: officer, length: facts.give,"                     \
    " extend: {first: {upto: facts.most}}}\n"                                               \
    "  grace: {zh: 宽, en: grace, owner: officer, length: 10d, grace: 1wd,"                \
    " pause: {grounds: [test]}, extend: {first: {}}}\n"                                     \
    "  right: {zh: 权, en: right, owner: party, kind: window, length: 5d,"                 \
    " remind: {over: {at: due, to: officer, notice: clock_last_day}}}\n"                    \
    "opens: {case.filed: {by: [officer], to: open},"                                        \
    " case.given: {by: [leader], assigns: [officer], to: open}}\n"                          \
    "stages:\n"                                                                             \
    "  open:\n"                                                                             \
    "    zh: 办\n"                                                                         \
    "    en: open\n"                                                                        \
    "    no_limit: {zh: 无, en: none}\n"                                                   \
    "    events:\n"                                                                         \
    "      duty.up: {by: [officer], start: [duty]}\n"                                       \
    "      duty.done: {by: [officer], meet: [duty]}\n"                                      \
    "      grace.up: {by: [officer], start: [grace]}\n"                                     \
    "      right.up: {by: [officer], start: [right]}\n"                                     \
    "      right.used: {by: [officer], may_take: [on], meet: {right: event.on}}\n"          \
    "      until.up: {by: [officer], takes: [on], start: [until]}\n"                        \
    "      bound.up: {by: [officer], takes: [give], start: [bound]}\n"                      \
    "      clock.paused: {by: [officer, leader]}\n"                                         \
    "      clock.resumed: {by: [head]}\n"

static void begin(struct world *world)
{
    world_begin(world, PLAIN);
    CHECK(world_act(world, "case.filed", "officer:wang", "", "2026-03-02T09:00"));
}

/* Naming a standing event adds to what it already checks and never loosens it. */
static void a_rule_never_loosens_a_standing_event(void)
{
    struct world world;

    begin(&world);
    CHECK(world_act(&world, "duty.up", "officer:wang", "", "2026-03-02T10:00"));
    CHECK(!world_act(&world, "clock.paused", "officer:wang", "clock=duty; ground=test",
                     "2026-03-03T10:00"));
    CHECK(world_refused(&world, "by"));
    CHECK(!world_act(&world, "clock.paused", "head:sun", "clock=duty; ground=test",
                     "2026-03-03T10:00"));
    CHECK(world_refused(&world, "by"));
    world_end(&world);
}

/* What a standing event carries under its own names is no fact, even where one is called so. */
static void a_standing_events_names_are_no_facts(void)
{
    struct world world;

    begin(&world);
    CHECK(world_act(&world, "notice.delivered", "officer:wang", "notice=n1; result=delivered",
                    "2026-03-03T10:00"));
    CHECK(world_act(&world, "notice.bounced", "leader:wang", "notice=n1; result=bad",
                    "2026-03-03T10:00"));
    CHECK(!world.state.facts[procedure_fact(world.procedure, TEXT("result"))].value.known);
    CHECK_INTEGER(world.state.participant_count, 1); /* who reports has not acted */
    world_end(&world);
}

/* apart compares all persons who were assigned or acted: in one event too. */
static void one_event_makes_nobody_two(void)
{
    struct world world;

    world_begin(&world, PLAIN);
    CHECK(!world_act(&world, "case.given", "leader:li", "officer=wang,li", "2026-03-02T09:00"));
    CHECK(world_refused(&world, "apart"));
    CHECK(world_act(&world, "case.given", "leader:li", "officer=wang", "2026-03-02T09:00"));
    CHECK(!world_act(&world, "case.assigned", "leader:li", "officer=li", "2026-03-02T09:00"));
    world_end(&world);
}

/* upto is a fact, and nobody knows it: nothing is allowed, not everything. */
static void an_unset_bound_allows_nothing(void)
{
    struct world world;

    begin(&world);
    CHECK(world_act(&world, "bound.up", "officer:wang", "give=5d", "2026-03-02T10:00"));
    CHECK(!world_act(&world, "clock.extended", "head:sun", "clock=bound; length=90d",
                     "2026-03-03T10:00"));
    CHECK(world_refused(&world, "unknown"));
    world_end(&world);
}

/* A pause acts only while days remain to be counted: an until clock has none before its date. */
static void an_until_clock_runs_on_through_a_pause(void)
{
    struct world world;

    begin(&world);
    CHECK(world_act(&world, "until.up", "officer:wang", "on=2026-03-20", "2026-03-02T10:00"));
    CHECK(world_act(&world, "clock.paused", "leader:li", "clock=until; ground=test",
                    "2026-03-03T10:00"));
    CHECK(world_is(&world, "until", "running"));
    CHECK(world.state.stops[0].no_effect);
    CHECK(world_ends_on(&world, "until", "2026-03-20"));
    /* Once it has days to count, the same ground may stop it. */
    CHECK(world_act(&world, "clock.extended", "head:sun", "clock=until; length=10d",
                    "2026-03-04T10:00"));
    CHECK(world_act(&world, "clock.paused", "leader:li", "clock=until; ground=test",
                    "2026-03-21T10:00"));
    CHECK(world_is(&world, "until", "paused"));
    world_end(&world);
}

#define PAUSED                                                                        \
    "procedure: paused\n" WORLD_ROLES "clocks:\n"                                     \
    "  duty: {zh: 办, en: duty, owner: officer, length: 10d,"                        \
    " pause: {grounds: [test, appraisal]}, extend: {first: {}},"                      \
    " ladder: {one: {at: +1wd, to: owner, notice: clock_overdue},"                    \
    " two: {at: +3wd, to: head, notice: clock_overdue}}}\n"                           \
    "opens: {case.filed: {by: [officer], start: [duty], to: open}}\n"                 \
    "stages: {open: {zh: 办, en: open, events: {done: {by: [officer], meet: [duty]," \
    " to: end}}}, end: {zh: 终, en: end, final: done}}\n"

/* The clock resumes when the last ground ends; what it has left follows each of them. */
static void grounds_overlap(void)
{
    struct world world;

    world_begin(&world, PAUSED);
    CHECK(world_act(&world, "case.filed", "officer:wang", "", "2026-03-02T09:00"));
    CHECK(world_act(&world, "clock.paused", "officer:wang", "clock=duty; ground=test",
                    "2026-03-04T10:00"));
    CHECK(world_act(&world, "clock.paused", "officer:wang", "clock=duty; ground=appraisal",
                    "2026-03-09T10:00"));
    CHECK_INTEGER(world_clock(&world, "duty")->due.left.count, 8);
    world.now_ms = world_instant("2026-03-10T10:00");
    CHECK(world_take(&world, "clock.resumed", "officer:wang", "clock=duty; ground=test",
                     "2026-03-06T10:00"));
    CHECK(world_is(&world, "duty", "paused"));
    CHECK_INTEGER(world_clock(&world, "duty")->due.left.count, 5); /* 7, 8, 9 March counted */
    CHECK(world_act(&world, "clock.resumed", "officer:wang", "clock=duty; ground=appraisal",
                    "2026-03-11T10:00"));
    CHECK(world_ends_on(&world, "duty", "2026-03-16"));
    world_end(&world);
}

/* A pause that is found to have begun after the last day counts for nothing. */
static void a_ground_too_late_stops_nothing(void)
{
    struct world world;

    world_begin(&world, PAUSED);
    CHECK(world_act(&world, "case.filed", "officer:wang", "", "2026-03-02T09:00"));
    CHECK(world_act(&world, "clock.paused", "officer:wang", "clock=duty; ground=test",
                    "2026-03-11T10:00"));
    CHECK(world_act(&world, "clock.paused", "officer:wang", "clock=duty; ground=appraisal",
                    "2026-03-16T10:00"));
    world.now_ms = world_instant("2026-03-17T10:00");
    CHECK(world_take(&world, "clock.resumed", "officer:wang", "clock=duty; ground=test",
                     "2026-03-11T12:00"));
    CHECK(world_is(&world, "duty", "running"));
    CHECK(world_fire_one(&world, "2026-03-17T10:00"));
    CHECK(world_is(&world, "duty", "overdue"));
    CHECK(world_ends_on(&world, "duty", "2026-03-12"));
    world_end(&world);
}

/* Told of a breach, told that there was none; and told anew when it comes after all. */
static void withdrawn_rungs_speak_again(void)
{
    struct world world;

    world_begin(&world, PAUSED);
    CHECK(world_act(&world, "case.filed", "officer:wang", "", "2026-03-02T09:00"));
    CHECK_INTEGER(world_pass(&world, "2026-03-13T10:00"), 1); /* +1wd to the owner */
    CHECK(world_is(&world, "duty", "overdue"));
    CHECK(world_take(&world, "clock.paused", "officer:wang", "clock=duty; ground=test",
                     "2026-03-11T10:00"));
    CHECK(world_is(&world, "duty", "paused"));
    CHECK(world_clock(&world, "duty")->reported_late);
    CHECK_INTEGER(world_effects(&world, EFFECT_WITHDRAWN), 1);
    CHECK(world_take(&world, "clock.resumed", "officer:wang", "clock=duty; ground=test",
                     "2026-03-11T12:00"));
    CHECK_INTEGER(world_pass(&world, "2026-03-13T10:00"), 1); /* overdue, and said so, again */
    CHECK(world_is(&world, "duty", "overdue"));
    world.now_ms = world_instant("2026-03-13T11:00");
    CHECK(world_take(&world, "done", "officer:wang", "", "2026-03-12T10:00"));
    CHECK(world_is(&world, "duty", "met"));
    CHECK_INTEGER(world_effects(&world, EFFECT_WITHDRAWN), 1);
    world_end(&world);
}

/* An act that occurred before the due instant, reported within the grace: reported late. */
static void a_report_within_the_grace_is_late(void)
{
    struct world world;

    begin(&world);
    CHECK(world_act(&world, "grace.up", "officer:wang", "", "2026-03-02T10:00"));
    world.now_ms = world_instant("2026-03-13T10:00"); /* last day 12, grace 13 */
    CHECK(world_take(&world, "clock.extended", "head:sun", "clock=grace; length=5d",
                     "2026-03-12T10:00"));
    CHECK(world_clock(&world, "grace")->reported_late);
    CHECK(world_ends_on(&world, "grace", "2026-03-17"));
    CHECK(!world_act(&world, "clock.paused", "leader:li", "clock=grace; ground=test",
                     "2026-03-18T10:00"));
    CHECK(world_refused(&world, "after_due"));
    world_end(&world);
}

/* elapsed → used: those told that it had lapsed are told that it had not. */
static void a_right_used_in_time_is_told(void)
{
    struct world world;

    begin(&world);
    CHECK(world_act(&world, "right.up", "officer:wang", "", "2026-03-02T10:00"));
    CHECK_INTEGER(world_pass(&world, "2026-03-09T10:00"), 1);
    CHECK(world_is(&world, "right", "elapsed"));
    CHECK(world_act(&world, "right.used", "officer:wang", "on=2026-03-07", "2026-03-09T10:00"));
    CHECK(world_is(&world, "right", "used"));
    CHECK(world_clock(&world, "right")->reported_late);
    CHECK_INTEGER(world_effects(&world, EFFECT_WITHDRAWN), 1);
    world_end(&world);
}

/* What runs for no time at all could begin itself for ever. */
static void a_length_of_nothing_starts_nothing(void)
{
    struct world world;

    begin(&world);
    CHECK(!world_act(&world, "bound.up", "officer:wang", "give=0d", "2026-03-02T10:00"));
    CHECK(world_refused(&world, "unfit"));
    CHECK(world_act(&world, "bound.up", "officer:wang", "give=1d", "2026-03-02T10:00"));
    world_end(&world);
}

static const struct test tests[] = {
    TEST(a_length_of_nothing_starts_nothing),
    TEST(a_rule_never_loosens_a_standing_event),
    TEST(a_standing_events_names_are_no_facts),
    TEST(one_event_makes_nobody_two),
    TEST(an_unset_bound_allows_nothing),
    TEST(an_until_clock_runs_on_through_a_pause),
    TEST(grounds_overlap),
    TEST(a_ground_too_late_stops_nothing),
    TEST(withdrawn_rungs_speak_again),
    TEST(a_report_within_the_grace_is_late),
    TEST(a_right_used_in_time_is_told),
};

int main(int argc, char **argv)
{
    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
