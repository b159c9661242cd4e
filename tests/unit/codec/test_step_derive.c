/* A calendar is installed: dates move, and those who were told the old ones hear of it. */
#include "lib/step_world.h"

#define TERMS                                                                         \
    "procedure: terms\nversion: 1\nzh: 例\nen: example\nfrom: 2021-07-15\n"          \
    "roles:\n"                                                                        \
    "  officer: {zh: 执法人员, en: officer, assigned: true}\n"                    \
    "  party: {zh: 当事人, en: party, outside: true, reach: {mail: facts.mail}}\n" \
    "chain: [officer]\n"                                                              \
    "facts: {mail: {type: text, private: true}}\n"                                    \
    "clocks:\n"                                                                       \
    "  duty: {zh: 办, en: duty, owner: officer, length: 10wd,"                       \
    " remind: {near: {at: -5wd, to: officer, notice: clock_near}}}\n"                 \
    "  right: {zh: 权, en: right, owner: party, kind: window, length: 10wd,"         \
    " remind: {near: {at: -5wd, to: party, notice: clock_near}}}\n"                   \
    "opens:\n"                                                                        \
    "  one: {by: [officer], start: [duty], to: open}\n"                               \
    "  two: {by: [officer], takes: [mail], start: [right], to: open}\n"               \
    "stages: {open: {zh: 办, en: open, no_limit: {zh: 无, en: none}}}\n"

/* One date rests, or works, after all. True: something of the case changed. */
static bool install(struct world *world, const char *date, enum day_kind kind)
{
    struct civil civil = civil_of(world_date(date));
    struct calendar_row row = {
        .year = civil.year, .month = civil.month, .day = civil.day, .kind = kind};
    struct step step;
    bool changed;

    world->agency.office.calendar = calendar_build(&world->loaded, TEXT("cn"), TEXT("2"),
                                                   world->agency.office.calendar, &row, 1);
    step = world_step(world);
    MUST(case_derive(&step, world_arena(world), &world->outcome, &changed));
    world->state = world->outcome.after;
    return changed;
}

static const struct effect *moved(const struct world *world)
{
    for (uint32_t i = 0; i < world->outcome.effect_count; i++) {
        if (world->outcome.effects[i].kind == EFFECT_MOVED) {
            return &world->outcome.effects[i];
        }
    }
    return NULL;
}

static void those_who_were_told_hear_both_dates(void)
{
    struct world world;

    world_begin(&world, TERMS);
    CHECK(world_act(&world, "one", "officer:wang", "", "2026-03-02T10:00"));
    CHECK_INTEGER(world_pass(&world, "2026-03-09T10:00"), 1);
    CHECK(install(&world, "2026-03-12", DAY_HOLIDAY));
    CHECK(world_ends_on(&world, "duty", "2026-03-17"));

    const struct effect *effect = moved(&world);

    CHECK(effect != NULL && effect->old_day == world_date("2026-03-16"));
    CHECK(effect != NULL && effect->last_day == world_date("2026-03-17"));
    world_end(&world);
}

/* Never earlier once a notice with its date has gone; the officers are told both. */
static void a_promise_is_kept(void)
{
    struct world world;

    world_begin(&world, TERMS);
    CHECK(world_act(&world, "two", "officer:wang", "mail=a@b.cn", "2026-03-02T10:00"));
    CHECK_INTEGER(world_pass(&world, "2026-03-09T10:00"), 1);
    CHECK(install(&world, "2026-03-14", DAY_WORKDAY));
    CHECK(world_ends_on(&world, "right", "2026-03-16"));

    const struct effect *effect = moved(&world);

    CHECK(effect != NULL && effect->old_day == world_date("2026-03-14"));
    CHECK(effect != NULL && effect->last_day == world_date("2026-03-16"));
    CHECK_INTEGER(world_effects(&world, EFFECT_MOVED), 1); /* the officer, not the party */
    world_end(&world);
}

static const struct test tests[] = {
    TEST(those_who_were_told_hear_both_dates),
    TEST(a_promise_is_kept),
};

int main(int argc, char **argv)
{
    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
