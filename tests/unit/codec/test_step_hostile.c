/* Events that are well typed and mean no good: none may end the program. */
#include "lib/step_world.h"

/* A money fact that no law knows: the amount of an accrual would count down from it. */
static void a_negative_principal_is_refused(void)
{
    struct world world;

    world_begin(&world, "procedure: fines\n" WORLD_ROLES "facts: {fine: money}\n"
                        "clocks:\n"
                        "  late: {zh: 加, en: late, owner: party,"
                        " accrues: {of: facts.fine, percent: 3, cap: 100}}\n"
                        "opens: {case.filed: {by: [officer], takes: [fine], start: [late],"
                        " to: open}}\n"
                        "stages: {open: {zh: 办, en: open}}\n");
    CHECK(!world_act(&world, "case.filed", "officer:wang", "fine=-1.00", "2026-03-02T10:00"));
    CHECK(world_refused(&world, "unfit"));
    CHECK(world_act(&world, "case.filed", "officer:wang", "fine=100.00", "2026-03-02T10:00"));
    CHECK(world_is(&world, "late", "running"));
    world_end(&world);
}

/* The largest sum, at a cap above the whole: it stays a sum. */
static void a_huge_principal_does_not_overflow(void)
{
    struct world world;

    world_begin(&world, "procedure: fines\n" WORLD_ROLES "facts: {fine: money, due: money}\n"
                        "clocks:\n"
                        "  late: {zh: 加, en: late, owner: party,"
                        " accrues: {of: facts.fine, percent: 100, cap: 1000}}\n"
                        "opens: {case.filed: {by: [officer], takes: [fine], start: [late],"
                        " to: open}}\n"
                        "stages: {open: {zh: 办, en: open, events:"
                        " {told: {by: [officer], set: {due: clock.late.amount}}}}}\n");
    CHECK(world_act(&world, "case.filed", "officer:wang", "fine=92233720368547756.00",
                    "2026-03-02T10:00"));
    CHECK(world_act(&world, "told", "officer:wang", "", "2026-03-07T10:00"));
    CHECK(world.state.facts[1].value.number > 0);
    world_end(&world);
}

#define LENGTHS                                                                               \
    "procedure: lengths\n" WORLD_ROLES "facts: {give: length, more: length, on: date}\n"      \
    "clocks:\n"                                                                               \
    "  give: {zh: 给, en: give, owner: officer, length: facts.give,"                         \
    " extend: {once: {by: [head]}},"                                                          \
    " remind: {near: {at: -3wd, to: owner, notice: clock_near}}}\n"                           \
    "  before: {zh: 前, en: before, owner: officer, before: facts.on, length: facts.give}\n" \
    "  until: {zh: 至, en: until, owner: officer, until: facts.on,"                          \
    " extend: {once: {by: [head]}}}\n"                                                        \
    "  hours: {zh: 时, en: hours, owner: officer, length: 8h,"                               \
    " extend: {once: {by: [head]}}}\n"                                                        \
    "opens:\n"                                                                                \
    "  given: {by: [officer], takes: [give], start: [give], to: open}\n"                      \
    "  ahead: {by: [officer], takes: [give, on], start: [before], to: open}\n"                \
    "  till: {by: [officer], takes: [on], start: [until], to: open}\n"                        \
    "  quick: {by: [officer], start: [hours], to: open}\n"                                    \
    "stages:\n"                                                                               \
    "  open: {zh: 办, en: open, events:"                                                     \
    " {longer: {by: [head], takes: [more], keep: false, extend: {give: event.more}}}}\n"

/* Its reminders count days: a clock of hours would have none to count from. */
static void hours_for_a_clock_of_days_are_refused(void)
{
    struct world world;

    world_begin(&world, LENGTHS);
    CHECK(!world_act(&world, "given", "officer:wang", "give=8h", "2026-03-02T10:00"));
    CHECK(world_refused(&world, "unfit"));
    CHECK(!world_act(&world, "ahead", "officer:wang", "give=8h; on=2026-04-01",
                     "2026-03-02T10:00"));
    CHECK(world_refused(&world, "unfit"));
    CHECK(world_act(&world, "ahead", "officer:wang", "give=7wd; on=2026-04-01",
                    "2026-03-02T10:00"));
    world_end(&world);
}

/* Exact with exact, days with days. */
static void extensions_of_another_kind_are_refused(void)
{
    struct world world;

    world_begin(&world, LENGTHS);
    CHECK(world_act(&world, "given", "officer:wang", "give=10d", "2026-03-02T10:00"));
    CHECK(!world_act(&world, "clock.extended", "head:sun", "clock=give; length=8h",
                     "2026-03-03T10:00"));
    CHECK(world_refused(&world, "unfit"));
    CHECK(!world_act(&world, "longer", "head:sun", "more=30min", "2026-03-03T10:00"));
    CHECK(world_refused(&world, "unfit"));
    CHECK(world_act(&world, "longer", "head:sun", "more=5d", "2026-03-03T10:00"));
    CHECK(world_ends_on(&world, "give", "2026-03-17"));
    world_end(&world);

    world_begin(&world, LENGTHS);
    CHECK(world_act(&world, "till", "officer:wang", "on=2026-04-01", "2026-03-02T10:00"));
    CHECK(!world_act(&world, "clock.extended", "head:sun", "clock=until; length=8h",
                     "2026-03-03T10:00"));
    world_end(&world);

    world_begin(&world, LENGTHS);
    CHECK(world_act(&world, "quick", "officer:wang", "", "2026-03-02T10:00"));
    CHECK(!world_act(&world, "clock.extended", "head:sun", "clock=hours; length=5d",
                     "2026-03-02T11:00"));
    CHECK(world_act(&world, "clock.extended", "head:sun", "clock=hours; length=2h",
                    "2026-03-02T11:00"));
    world_end(&world);
}

static void lengths_beyond_all_years_do_no_harm(void)
{
    struct world world;

    world_begin(&world, LENGTHS);
    CHECK(world_act(&world, "given", "officer:wang", "give=100000y", "2026-03-02T10:00"));
    CHECK(world_act(&world, "longer", "head:sun", "more=100000y", "2026-03-02T10:00"));
    world_end(&world);
}

/* What an own event cannot set it does not set, and says so; there is no refusal to write on. */
static void an_own_event_that_cannot_set_is_told(void)
{
    struct world world;

    world_begin(&world, "procedure: own\n" WORLD_ROLES "facts: {served: date, until: date}\n"
                        "clocks:\n"
                        "  wait: {zh: 等, en: wait, owner: party, kind: window, length: 5d}\n"
                        "opens: {case.filed: {by: [officer], start: [wait], to: open}}\n"
                        "stages:\n"
                        "  open: {zh: 办, en: open, no_limit: {zh: 无, en: none}, events:"
                        " {clock.wait.elapsed: {set: {until: \"after(served, 3d)\"}}}}\n");
    CHECK(world_act(&world, "case.filed", "officer:wang", "", "2026-03-02T10:00"));
    world_pass(&world, "2026-03-09T10:00");
    CHECK(world_is(&world, "wait", "elapsed"));
    CHECK(!world.state.facts[1].value.known);
    CHECK_INTEGER(world_effects(&world, EFFECT_NOTHING), 1);
    world_end(&world);
}

/* Nor does a need of an extension refuse it. */
static void an_own_event_that_may_not_extend_does_nothing(void)
{
    struct world world;

    world_begin(&world,
                "procedure: own\n" WORLD_ROLES "facts: {good: flag}\n"
                "clocks:\n"
                "  wait: {zh: 等, en: wait, owner: party, kind: window, length: 5d}\n"
                "  duty: {zh: 办, en: duty, owner: officer, length: 30d, extend:"
                " {once: {by: [head], needs: {fine: {that: good, zh: 好, en: good}}}}}\n"
                "opens: {case.filed: {by: [officer], start: [wait, duty], to: open}}\n"
                "stages:\n"
                "  open: {zh: 办, en: open, events:"
                " {clock.wait.elapsed: {extend: {duty: 10d}}}}\n");
    CHECK(world_act(&world, "case.filed", "officer:wang", "", "2026-03-02T10:00"));
    world_pass(&world, "2026-03-09T10:00");
    CHECK_INTEGER(world.outcome.verdict, VERDICT_APPLIED);
    CHECK_INTEGER(world.outcome.reason_count, 0);
    CHECK_INTEGER(world.state.stop_count, 0);
    CHECK(world_ends_on(&world, "duty", "2026-04-01"));
    world_end(&world);
}

/* Three clocks with as many instances as there may be, one after the other. */
static void ended_instances_make_room(void)
{
    struct world world;
    char carries[64];

    world_begin(&world, "procedure: many\n" WORLD_ROLES "facts: {no: text}\n"
                        "clocks:\n"
                        "  a: {zh: 甲, en: a, owner: officer, length: 5d, per: facts.no}\n"
                        "  b: {zh: 乙, en: b, owner: officer, length: 5d, per: facts.no}\n"
                        "  c: {zh: 丙, en: c, owner: officer, length: 5d, per: facts.no}\n"
                        "opens: {case.filed: {by: [officer], to: open}}\n"
                        "stages:\n"
                        "  open: {zh: 办, en: open, no_limit: {zh: 无, en: none}, events: {\n"
                        "    a.up: {by: [officer], takes: [no], start: [a]},"
                        " a.down: {by: [officer], takes: [no], meet: [a]},\n"
                        "    b.up: {by: [officer], takes: [no], start: [b]},"
                        " b.down: {by: [officer], takes: [no], meet: [b]},\n"
                        "    c.up: {by: [officer], takes: [no], start: [c]}}}\n");
    CHECK(world_act(&world, "case.filed", "officer:wang", "", "2026-03-02T10:00"));
    for (char clock = 'a'; clock <= 'c'; clock++) {
        char up[] = {clock, '.', 'u', 'p', '\0'};
        char down[] = {clock, '.', 'd', 'o', 'w', 'n', '\0'};

        for (int i = 0; i < LIVE_MAX; i++) {
            (void)snprintf(carries, sizeof(carries), "no=s%d", i);
            CHECK(world_act(&world, up, "officer:wang", carries, "2026-03-02T10:00"));
        }
        for (int i = 0; i < LIVE_MAX && clock != 'c'; i++) {
            (void)snprintf(carries, sizeof(carries), "no=s%d", i);
            CHECK(world_act(&world, down, "officer:wang", carries, "2026-03-02T10:00"));
        }
    }
    CHECK(!world_act(&world, "a.up", "officer:wang", "no=t", "2026-03-02T10:00"));
    CHECK(world_refused(&world, "limit"));
    world_end(&world);
}

/* An instant that no date can hold. */
static void instants_out_of_all_years_are_refused(void)
{
    static const int64_t instants[] = {INT64_MIN, INT64_MIN + 1, -((int64_t)1 << 60),
                                       (int64_t)1 << 60, INT64_MAX};
    struct world world;

    world_begin(&world, LENGTHS);
    for (size_t i = 0; i < sizeof(instants) / sizeof(instants[0]); i++) {
        struct event event = {.type = TEXT("quick"),
                              .role = TEXT("officer"),
                              .person = TEXT("wang"),
                              .occurred_ms = instants[i]};
        struct step step;

        world.now_ms = world_instant("2026-03-02T10:00");
        step = world_step(&world);
        CHECK(case_step(&step, &event, world_arena(&world), &world.outcome));
        CHECK_INTEGER(world.outcome.verdict, VERDICT_REJECTED);
        CHECK(world_refused(&world, instants[i] < 0 ? "backdate" : "future"));
    }
    world_end(&world);
}

/* A ladder of one rung, at the due instant itself: it repeats, or nobody would ever wake. */
static void a_rung_at_due_repeats(void)
{
    struct world world;

    world_begin(&world, "procedure: due\n" WORLD_ROLES "clocks:\n"
                        "  duty: {zh: 办, en: duty, owner: officer, length: 5wd,"
                        " ladder: {now: {at: due, to: owner, notice: clock_overdue}}}\n"
                        "opens: {case.filed: {by: [officer], start: [duty], to: open}}\n"
                        "stages: {open: {zh: 办, en: open}}\n");
    CHECK(world_act(&world, "case.filed", "officer:wang", "", "2026-03-02T10:00"));
    CHECK_INTEGER(world_pass(&world, "2026-03-10T00:00"), 1);
    CHECK_INTEGER(world.state.next_ms, world_instant("2026-03-16T09:00"));
    CHECK_INTEGER(world_pass(&world, "2026-03-23T09:00"), 2);
    world_end(&world);
}

/* The daemon's own events are its own: nobody may say that a clock has ended. */
static void nobody_reports_the_daemons_own_events(void)
{
    struct world world;

    world_begin(&world, "procedure: own\n" WORLD_ROLES "clocks:\n"
                        "  wait: {zh: 等, en: wait, owner: party, kind: window, length: 5d}\n"
                        "opens: {case.filed: {by: [officer], start: [wait], to: open}}\n"
                        "stages:\n"
                        "  open: {zh: 办, en: open, events: {clock.wait.elapsed: {to: end}}}\n"
                        "  end: {zh: 终, en: end, final: done}\n");
    CHECK(world_act(&world, "case.filed", "officer:wang", "", "2026-03-02T10:00"));
    CHECK(!world_act(&world, "clock.wait.elapsed", "officer:wang", "", "2026-03-03T10:00"));
    CHECK(world_refused(&world, "daemons_own"));
    CHECK_INTEGER(world.state.phase, CASE_OPEN);
    world_end(&world);
}

static const struct test tests[] = {
    TEST(a_negative_principal_is_refused),
    TEST(a_huge_principal_does_not_overflow),
    TEST(hours_for_a_clock_of_days_are_refused),
    TEST(extensions_of_another_kind_are_refused),
    TEST(lengths_beyond_all_years_do_no_harm),
    TEST(an_own_event_that_cannot_set_is_told),
    TEST(an_own_event_that_may_not_extend_does_nothing),
    TEST(ended_instances_make_room),
    TEST(instants_out_of_all_years_are_refused),
    TEST(a_rung_at_due_repeats),
    TEST(nobody_reports_the_daemons_own_events),
};

int main(int argc, char **argv)
{
    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
