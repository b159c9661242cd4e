/* case.corrected: everything is derived anew, and nothing is told twice. */
#include "lib/step_world.h"

#define CORRECTED                                                            \
    "procedure: many\n" WORLD_ROLES "facts: {no: text}\n"                    \
    "clocks:\n"                                                              \
    "  a: {zh: 甲, en: a, owner: officer, length: 5d, per: facts.no,"       \
    " pause: {grounds: [test], by: [head]}}\n"                               \
    "  b: {zh: 乙, en: b, owner: officer, length: 5d}\n"                    \
    "opens: {case.filed: {by: [officer], to: open}}\n"                       \
    "stages:\n"                                                              \
    "  open: {zh: 办, en: open, no_limit: {zh: 无, en: none}, events: {\n" \
    "    a.up: {by: [officer], takes: [no], start: [a]},"                    \
    " b.up: {by: [officer], start: [b]}, b.down: {by: [officer], meet: [b]}}}\n"

static void a_correction_revives_no_clock_too_many(void)
{
    struct world world;
    char carries[64];

    world_begin(&world, CORRECTED);
    CHECK(world_act(&world, "case.filed", "officer:wang", "", "2026-03-02T10:00"));
    CHECK(world_act(&world, "b.up", "officer:wang", "", "2026-03-02T10:00"));
    CHECK(world_act(&world, "b.down", "officer:wang", "", "2026-03-02T10:00"));
    for (int i = 0; i < LIVE_MAX; i++) {
        (void)snprintf(carries, sizeof(carries), "no=s%d", i);
        CHECK(world_act(&world, "a.up", "officer:wang", carries, "2026-03-02T10:00"));
    }
    CHECK(!world_act(&world, "case.corrected", "head:sun",
                     "ground=x; approver=li; clock=b; ended=none", "2026-03-02T11:00"));
    CHECK(world_refused(&world, "limit"));
    world_end(&world);
}

static void a_correction_revives_no_second_clock(void)
{
    struct world world;

    world_begin(&world, CORRECTED);
    CHECK(world_act(&world, "case.filed", "officer:wang", "", "2026-03-02T10:00"));
    CHECK(world_act(&world, "b.up", "officer:wang", "", "2026-03-02T10:00"));
    CHECK(world_act(&world, "b.down", "officer:wang", "", "2026-03-02T10:00"));
    CHECK(world_act(&world, "b.up", "officer:wang", "", "2026-03-02T10:00"));
    CHECK(!world_act(&world, "case.corrected", "head:sun",
                     "ground=x; approver=li; clock=b; instance=1; ended=none",
                     "2026-03-02T11:00"));
    CHECK(world_refused(&world, "clock_live"));
    world_end(&world);
}

#define DERIVED                                                                        \
    "procedure: derived\n" WORLD_ROLES "facts: {give: length, fine: money}\n"          \
    "clocks:\n"                                                                        \
    "  duty: {zh: 办, en: duty, owner: officer, length: 10d,"                         \
    " pause: {grounds: [test]}}\n"                                                     \
    "  right: {zh: 权, en: right, owner: party, kind: window, length: 10d}\n"         \
    "  given: {zh: 给, en: given, owner: officer, length: facts.give}\n"              \
    "  next: {zh: 次, en: next, owner: officer, length: 90d}\n"                       \
    "opens: {case.filed: {by: [officer], takes: [give], start: [duty, right, given],"  \
    " to: open}}\n"                                                                    \
    "stages:\n"                                                                        \
    "  open: {zh: 办, en: open, no_limit: {zh: 无, en: none}, events: {\n"           \
    "    done: {by: [officer], meet: [duty]}, used: {by: [officer], meet: [right]},\n" \
    "    clock.duty.overdue: {cancel: [next], start: [next]}}}\n"

static void begin(struct world *world)
{
    world_begin(world, DERIVED);
    CHECK(world_act(world, "case.filed", "officer:wang", "give=10d", "2026-03-02T10:00"));
}

static bool correct(struct world *world, const char *carries, const char *at)
{
    return world_act(world, "case.corrected", "head:sun", carries, at);
}

/* A clock's start put right: what was met late may have been met in time. */
static void what_was_met_is_judged_again(void)
{
    struct world world;

    begin(&world);
    (void)world_pass(&world, "2026-03-13T10:00");
    CHECK(world_act(&world, "done", "officer:wang", "", "2026-03-13T11:00"));
    CHECK(world_is(&world, "duty", "met_late"));
    CHECK(correct(&world, "ground=x; approver=li; clock=duty; started=2026-03-04",
                  "2026-03-16T10:00"));
    CHECK(world_is(&world, "duty", "met"));
    CHECK(world_ends_on(&world, "duty", "2026-03-14"));
    CHECK(correct(&world, "ground=x; approver=li; clock=duty; started=2026-02-25",
                  "2026-03-16T10:00"));
    CHECK(world_is(&world, "duty", "met_late"));
    world_end(&world);
}

static void a_right_that_had_not_lapsed_runs_again(void)
{
    struct world world;

    begin(&world);
    (void)world_pass(&world, "2026-03-16T10:00");
    CHECK(world_is(&world, "right", "elapsed"));
    CHECK(correct(&world, "ground=x; approver=li; clock=right; started=2026-03-10",
                  "2026-03-16T10:00"));
    CHECK(world_is(&world, "right", "running"));
    CHECK(world_ends_on(&world, "right", "2026-03-20"));
    world_end(&world);
}

/* Overdue before and after: its end, and what that started, is not told twice. */
static void an_end_that_stays_past_is_not_told_again(void)
{
    struct world world;

    begin(&world);
    (void)world_pass(&world, "2026-03-18T10:00");
    CHECK_INTEGER(world_clock(&world, "next")->number, 1);
    CHECK(correct(&world, "ground=x; approver=li; clock=duty; started=2026-03-03",
                  "2026-03-18T10:00"));
    CHECK(world_is(&world, "duty", "overdue"));
    (void)world_pass(&world, "2026-03-18T12:00");
    CHECK_INTEGER(world_clock(&world, "next")->number, 1);
    CHECK(correct(&world, "ground=x; approver=li; clock=duty; started=2026-03-16",
                  "2026-03-18T13:00"));
    CHECK(world_is(&world, "duty", "running"));
    CHECK(world_effects(&world, EFFECT_WITHDRAWN) > 0);
    (void)world_pass(&world, "2026-03-27T12:00");
    CHECK_INTEGER(world_clock(&world, "next")->number, 2);
    world_end(&world);
}

static void a_fact_put_right_moves_the_clock_that_ran_by_it(void)
{
    struct world world;

    begin(&world);
    CHECK(correct(&world, "ground=x; approver=li; facts.give=15d", "2026-03-03T10:00"));
    CHECK(world_ends_on(&world, "given", "2026-03-17"));
    CHECK(!correct(&world, "ground=x; approver=li; facts.give=8h", "2026-03-03T10:00"));
    CHECK(world_refused(&world, "unfit"));
    world_end(&world);
}

static void what_cannot_be_is_refused(void)
{
    static const char *const wrong[][2] = {
        {"ended=none", "takes"},
        {"clock=duty; started=none", "bad_value"},
        {"clock=duty; started=2026-06-01", "future"},
        {"clock=duty; ended=2026-06-01", "future"},
        {"clock=duty; ended=2026-03-01", "order"},
        {"clock=duty; pauses=2026-03-05..2026-03-04", "bad_value"},
        {"clock=duty; pauses=2026-03-01..2026-03-04", "order"},
    };
    struct world world;
    char carries[128];

    begin(&world);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        (void)snprintf(carries, sizeof(carries), "ground=x; approver=li; %s", wrong[i][0]);
        CHECK(!correct(&world, carries, "2026-03-06T10:00"));
        CHECK(world_refused(&world, wrong[i][1]));
    }
    CHECK(correct(&world, "ground=x; approver=li; clock=duty; pauses=2026-03-03..2026-03-05",
                  "2026-03-06T10:00"));
    CHECK(world_ends_on(&world, "duty", "2026-03-14"));
    world_end(&world);
}

/* 128 pauses of one case, and not one more. */
static void pauses_beyond_the_limit_are_refused(void)
{
    static const char pause[] = "2026-03-03T10:00..2026-03-03T11:00;";
    struct world world;
    char carries[129 * sizeof(pause) + 64] = "ground=x|approver=li|clock=duty|pauses=";

    for (int i = 0; i < 129; i++) {
        (void)strcat(carries, pause);
    }
    begin(&world);
    world.separator = '|';
    CHECK(!correct(&world, carries, "2026-03-06T10:00"));
    CHECK(world_refused(&world, "limit"));
    carries[strlen(carries) - (sizeof(pause) - 1)] = '\0';
    CHECK(correct(&world, carries, "2026-03-06T10:00"));
    world_end(&world);
}

static const struct test tests[] = {
    TEST(a_correction_revives_no_clock_too_many),
    TEST(a_correction_revives_no_second_clock),
    TEST(what_was_met_is_judged_again),
    TEST(a_right_that_had_not_lapsed_runs_again),
    TEST(an_end_that_stays_past_is_not_told_again),
    TEST(a_fact_put_right_moves_the_clock_that_ran_by_it),
    TEST(what_cannot_be_is_refused),
    TEST(pauses_beyond_the_limit_are_refused),
};

int main(int argc, char **argv)
{
    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
