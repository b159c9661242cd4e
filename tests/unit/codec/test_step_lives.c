/* What the model test's lives found; each once more, by itself. */
#include "lib/step_world.h"

#define LIVES                                                                             \
    "procedure: lives\n" WORLD_ROLES "facts: {day: date, no: text, harm: flag}\n"         \
    "clocks:\n"                                                                           \
    "  until: {zh: 至, en: until, owner: officer, until: facts.day, roll: forward,"      \
    " ladder: {one: {at: +1wd, to: officer, notice: told}}}\n"                            \
    "  often: {zh: 常, en: often, owner: officer, length: 30d, roll: none,"              \
    " remind: {near: {at: -20d, to: officer, notice: told, every: 5d}}}\n"                \
    "  hours: {zh: 时, en: hours, owner: officer, length: 24h,"                          \
    " pause: {grounds: [test], by: [head]},"                                              \
    " ladder: {one: {at: +2h, to: officer, notice: told, every: 30h}}}\n"                 \
    "  quiet: {zh: 静, en: quiet, owner: officer, length: 5d, ladder: {"                 \
    "one: {at: +1wd, to: head, notice: told, when: has(harm)},"                           \
    " two: {at: +2wd, to: officer, notice: told}}}\n"                                     \
    "  pausing: {zh: 停, en: pausing, owner: officer, length: 90d,"                      \
    " pause: {grounds: [test], by: [head], review: 10d}}\n"                               \
    "  each: {zh: 各, en: each, owner: officer, length: 5d, per: facts.no}\n"            \
    "  moved: {zh: 移, en: moved, owner: officer, length: 30d, roll: none,"              \
    " remind: {near: {at: -10wd, to: officer, notice: told},"                             \
    " other: {at: -22d, to: head, notice: told}}}\n"                                      \
    "opens: {case.filed: {by: [officer], to: open}}\n"                                    \
    "stages:\n"                                                                           \
    "  open:\n"                                                                           \
    "    zh: 办\n"                                                                       \
    "    en: open\n"                                                                      \
    "    no_limit: {zh: 无, en: none}\n"                                                 \
    "    events:\n"                                                                       \
    "      until.up: {by: [officer], takes: [day], start: [until], backdate: 90d}\n"      \
    "      until.done: {by: [officer], may_take: [day], meet: [until]}\n"                 \
    "      until.moved: {by: [officer], takes: [day]}\n"                                  \
    "      often.up: {by: [officer], start: [often]}\n"                                   \
    "      hours.up: {by: [officer], start: [hours], backdate: 90d}\n"                    \
    "      hours.done: {by: [officer], meet: [hours]}\n"                                  \
    "      hours.on: {by: [officer], resume: {hours: test}}\n"                            \
    "      quiet.up: {by: [officer], start: [quiet]}\n"                                   \
    "      quiet.done: {by: [officer], meet: [quiet], backdate: 90d}\n"                   \
    "      pausing.up: {by: [officer], start: [pausing], backdate: 90d}\n"                \
    "      pausing.off: {by: [officer], pause: {pausing: test}, backdate: 90d}\n"         \
    "      each.up: {by: [officer], takes: [no], start: [each]}\n"                        \
    "      each.asked: {by: [officer], needs: {late: {that: clock.each.overdue, zh: 逾," \
    " en: late}}}\n"                                                                      \
    "      number.known: {by: [officer], takes: [no]}\n"                                  \
    "      moved.up: {by: [officer], start: [moved]}\n"                                   \
    "      harm.known: {by: [officer], takes: [harm], needs: {seen: {that: has(day), zh:" \
    " 见, en: seen, defect: true}}}\n"

static void begin(struct world *world)
{
    world_begin(world, LIVES);
    CHECK(world_act(world, "case.filed", "officer:wang", "", "2026-03-02T09:00"));
}

/* Facts come before verbs: whoever moves a date and meets it in one event meets the new one. */
static void an_act_is_judged_by_the_date_it_brings(void)
{
    struct world world;

    begin(&world);
    CHECK(world_act(&world, "until.up", "officer:wang", "day=2026-03-05", "2026-03-02T10:00"));
    (void)world_pass(&world, "2026-03-09T10:00");
    CHECK(world_is(&world, "until", "overdue"));
    CHECK(
        world_act(&world, "until.done", "officer:wang", "day=2026-03-31", "2026-03-10T10:00"));
    CHECK(world_is(&world, "until", "met"));
    world_end(&world);
}

/* Saturday and Sunday both roll to Monday: the breach stays one. */
static void a_date_that_moves_no_last_day_breaks_nothing_anew(void)
{
    struct world world;

    begin(&world);
    CHECK(world_act(&world, "until.up", "officer:wang", "day=2026-03-07", "2026-03-02T10:00"));
    (void)world_pass(&world, "2026-03-11T10:00");
    CHECK(world_is(&world, "until", "overdue"));
    CHECK(
        world_act(&world, "until.moved", "officer:wang", "day=2026-03-08", "2026-03-11T11:00"));
    CHECK(world_is(&world, "until", "overdue"));
    world_end(&world);
}

/* A repeated reminder is one too: off a rest day it moves back. */
static void a_repeated_reminder_moves_back(void)
{
    struct world world;

    begin(&world);
    CHECK(world_act(&world, "often.up", "officer:wang", "", "2026-03-02T10:00"));
    (void)world_pass(&world, "2026-03-12T09:00"); /* -20d; then 17, and 22, a Sunday */
    (void)world_pass(&world, "2026-03-17T09:00");
    CHECK(world.state.next_ms == world_instant("2026-03-20T09:00"));
    world_end(&world);
}

/* A rung that repeats by hours repeats by hours after its review too. */
static void an_acknowledged_rung_of_hours_speaks_again(void)
{
    struct world world;

    begin(&world);
    CHECK(world_act(&world, "hours.up", "officer:wang", "", "2026-03-02T10:00"));
    (void)world_pass(&world, "2026-03-03T13:00");
    CHECK(world_act(&world, "clock.acknowledged", "officer:wang", "clock=hours",
                    "2026-03-03T14:00"));
    CHECK(world.state.next_ms == world_instant("2026-04-02T09:00"));
    (void)world_pass(&world, "2026-04-02T09:00");
    CHECK(world.state.next_ms == world_instant("2026-04-03T15:00"));
    world_end(&world);
}

/* Those told get a withdrawal; who was never told has nothing to be told of. */
static void only_who_was_told_hears_of_a_withdrawal(void)
{
    struct world world;

    begin(&world);
    CHECK(world_act(&world, "quiet.up", "officer:wang", "", "2026-03-02T10:00"));
    (void)world_pass(&world, "2026-03-12T10:00");
    world.now_ms = world_instant("2026-03-12T11:00");
    CHECK(world_take(&world, "quiet.done", "officer:wang", "", "2026-03-05T10:00"));
    CHECK_INTEGER(world_effects(&world, EFFECT_WITHDRAWN), 1);
    world_end(&world);
}

/* Four reviews are past when the pause is told: one is held, now. */
static void a_pause_told_late_is_reviewed_once(void)
{
    struct world world;

    begin(&world);
    CHECK(world_act(&world, "pausing.up", "officer:wang", "", "2026-03-02T10:00"));
    world.now_ms = world_instant("2026-04-15T10:00");
    CHECK(world_take(&world, "pausing.off", "officer:wang", "", "2026-03-05T10:00"));
    CHECK(world.state.next_ms == world_instant("2026-04-15T10:00"));
    CHECK(world_fire_one(&world, "2026-04-15T10:00"));
    CHECK_INTEGER(world_effects(&world, EFFECT_REVIEW), 1);
    CHECK(world.state.next_ms == world_instant("2026-04-27T09:00"));
    world_end(&world);
}

/* What has ended is in no state to be resumed, whenever the resume was. */
static void what_has_ended_is_not_resumed(void)
{
    struct world world;

    begin(&world);
    CHECK(world_act(&world, "hours.up", "officer:wang", "", "2026-03-02T10:00"));
    CHECK(world_act(&world, "clock.paused", "head:sun", "clock=hours; ground=test",
                    "2026-03-02T12:00"));
    CHECK(world_act(&world, "hours.done", "officer:wang", "", "2026-03-02T13:00"));
    world.now_ms = world_instant("2026-03-02T14:00");
    CHECK(world_take(&world, "hours.on", "officer:wang", "", "2026-03-02T11:00"));
    CHECK(world.state.stops[0].interval.to_ms == INSTANT_NEVER);
    world_end(&world);
}

/* A clock's word means the instance of the event's value, else the newest: not what a fact
 * happens to say. */
static void guards_ask_the_newest_instance(void)
{
    struct world world;

    begin(&world);
    CHECK(world_act(&world, "each.up", "officer:wang", "no=A", "2026-03-02T10:00"));
    CHECK(world_act(&world, "number.known", "officer:wang", "no=B", "2026-03-02T11:00"));
    (void)world_pass(&world, "2026-03-10T10:00");
    CHECK(world_act(&world, "each.asked", "officer:wang", "", "2026-03-10T11:00"));
    world_end(&world);
}

/* An unreadable event is judged no further: no need refused it, so none leaves a defect. */
static void only_a_need_that_refused_leaves_a_defect(void)
{
    struct world world;

    begin(&world);
    CHECK(!world_act(&world, "harm.known", "officer:wang", "harm=perhaps", "2026-03-02T10:00"));
    CHECK(world_refused(&world, "bad_value"));
    CHECK_INTEGER(world.outcome.after.defect_count, 0);
    CHECK(!world_act(&world, "harm.known", "officer:wang", "harm=true", "2026-03-02T10:00"));
    CHECK_INTEGER(world.outcome.after.defect_count, 1);
    world_end(&world);
}

/* A calendar moves a reminder from tomorrow to yesterday, and another had gone out in between:
 * it is caught up with, not lost. */
static void a_reminder_moved_into_the_past_goes_out(void)
{
    struct calendar_row rows[14]; /* a fortnight of rest, from the 12th */
    struct world world;
    struct step step;
    bool changed;

    begin(&world);
    CHECK(world_act(&world, "moved.up", "officer:wang", "", "2026-03-02T10:00"));
    (void)world_pass(&world, "2026-03-10T10:00"); /* `other` went out at 9 */
    CHECK(world.state.next_ms == world_instant("2026-03-18T09:00"));
    for (int32_t i = 0; i < 14; i++) {
        rows[i] =
            (struct calendar_row){.year = 2026, .month = 3, .day = 12 + i, .kind = DAY_HOLIDAY};
    }
    world.agency.office.calendar = calendar_build(&world.loaded, TEXT("cn"), TEXT("2"),
                                                  world.agency.office.calendar, rows, 14);
    step = world_step(&world);
    MUST(case_derive(&step, world_arena(&world), &world.outcome, &changed));
    world.state = world.outcome.after;
    CHECK(changed);
    CHECK(world.state.next_ms == world_instant("2026-03-10T10:00"));
    CHECK(world_fire_one(&world, "2026-03-10T10:00"));
    CHECK_INTEGER(world_effects(&world, EFFECT_NOTICE), 1);
    world_end(&world);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(an_act_is_judged_by_the_date_it_brings),
        TEST(a_date_that_moves_no_last_day_breaks_nothing_anew),
        TEST(a_repeated_reminder_moves_back),
        TEST(an_acknowledged_rung_of_hours_speaks_again),
        TEST(only_who_was_told_hears_of_a_withdrawal),
        TEST(a_pause_told_late_is_reviewed_once),
        TEST(what_has_ended_is_not_resumed),
        TEST(guards_ask_the_newest_instance),
        TEST(only_a_need_that_refused_leaves_a_defect),
        TEST(a_reminder_moved_into_the_past_goes_out),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
