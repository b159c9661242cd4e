#include "core/reach.h"
#include "lib/told.h"

/* Whom reminders and rungs do not reach, by people, units, channels and hours. */

/* The officer is reminded, his head is told when it is over; see told.h. */
#define TOWER_NOBODY "tower told@officer nobody above=0; tower told@head nobody above=0"

static char found[2048];

static void on_gap(void *context, const struct gap *gap)
{
    size_t at = strlen(found);
    char words[GAP_WORDS_BYTES];

    (void)context;
    (void)snprintf(
        found + at, sizeof(found) - at, "%s%.*s%s%.*s %.*s@%.*s %.*s", at > 0 ? "; " : "",
        TEXT_ARGS(gap->agency->id), gap->unit == NULL ? "" : "/",
        gap->unit == NULL ? 0 : (int)gap->unit->id.size,
        gap->unit == NULL ? "" : gap->unit->id.bytes, TEXT_ARGS(gap->procedure->name),
        TEXT_ARGS(gap->procedure->roles[gap->role].name), TEXT_ARGS(gap_word(gap->kind)));
    at = strlen(found);
    if (gap->kind == GAP_NOBODY) {
        (void)snprintf(found + at, sizeof(found) - at, " above=%d", gap->above);
    } else {
        (void)snprintf(found + at, sizeof(found) - at, " %.*s", TEXT_ARGS(gap->person->id));
    }
    CHECK(gap_print(gap, true, words, sizeof(words)) > 20);
    CHECK(gap_print(gap, false, words, sizeof(words)) > 20);
}

static void check_gaps(const char *agencies, const char *channels, const char *people,
                       const char *wanted)
{
    struct world world = told_world_of(channels, people);

    if (agencies != NULL) {
        struct install_file file = {.path = TEXT("agencies.yaml"), .bytes = text_of(agencies)};
        struct arena arena;
        struct problem_list problems = no_problems(&arena);

        CHECK(world_install(&world, &file, 1, &problems));
    }
    found[0] = '\0';
    CHECK(law_gaps(engine_law(world.engine), date_of(2026, 3, 10), NULL, on_gap));
    CHECK_TEXT(text_of(found), wanted);
    world_close(&world);
}

/* With units, and the other agency opens nothing that speaks. */
static const char with_units[] =
    "agencies:\n"
    "  gulou: {zh: 鼓楼, en: Gulou, calendar: cn, units: {east: {zh: 东, en: east}, west: {zh: "
    "西, "
    "en: west}}}\n"
    "  tower: {zh: 钟楼, en: Tower, calendar: cn, opens: []}\n";

static void where_all_are_reached_there_is_no_gap(void)
{
    check_gaps(NULL, channels_plain, people_reached, TOWER_NOBODY);
    check_gaps(with_units, channels_plain, people_reached, "");
}

static void a_unit_without_a_holder_is_told_alone(void)
{
    check_gaps(
        with_units, channels_plain,
        "people:\n"
        "  wang: {certified: true, mail: w@example.cn, roles: [{role: officer, agency: gulou, "
        "unit: east}]}\n"
        "  li: {mail: l@example.cn, roles: [{role: head, agency: gulou}]}\n",
        "gulou/west told@officer nobody above=1");
}

static void who_has_no_address_that_a_channel_goes_to_is_told(void)
{
    check_gaps(with_units, "channels:\n  sms: {address: phone}\n", people_reached,
               "gulou told@head nowhere li");
}

/* Of a role that is assigned any holder may be the one. */
static void every_holder_of_an_assigned_role_is_looked_at(void)
{
    check_gaps(with_units, channels_plain,
               "people:\n"
               "  wang: {certified: true, mail: w@example.cn, roles: [{role: officer, agency: "
               "gulou}]}\n"
               "  zhao: {certified: true, roles: [{role: officer, agency: gulou}]}\n"
               "  li: {mail: l@example.cn, roles: [{role: head, agency: gulou}]}\n"
               "  sun: {roles: [{role: head, agency: gulou}]}\n",
               "gulou told@officer nowhere zhao");
}

static void hours_that_never_meet_are_told(void)
{
    check_gaps(
        with_units, "channels:\n  mail: {address: mail, hours: \"08:00-12:00\"}\n",
        "people:\n"
        "  wang: {certified: true, mail: w@example.cn, hours: \"14:00-18:00\", roles: [{role: "
        "officer, agency: gulou}]}\n"
        "  li: {mail: l@example.cn, hours: \"11:00-18:00\", roles: [{role: head, agency: "
        "gulou}]}\n",
        "gulou told@officer never wang");
}

static void leave_is_a_gap_until_a_deputy_is_named(void)
{
    check_gaps(
        with_units, channels_plain,
        "people:\n"
        "  wang: {certified: true, mail: w@example.cn, leave: [{from: 2026-03-10, to: "
        "2026-03-10}], roles: [{role: officer, agency: gulou}]}\n"
        "  li: {mail: l@example.cn, leave: [{from: 2026-03-09, to: 2026-03-11}], deputies: "
        "[{to: wang, from: 2026-03-10, until: 2026-03-10}], roles: [{role: head, agency: "
        "gulou}]}\n",
        "gulou told@officer away wang");
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(where_all_are_reached_there_is_no_gap),
        TEST(a_unit_without_a_holder_is_told_alone),
        TEST(who_has_no_address_that_a_channel_goes_to_is_told),
        TEST(every_holder_of_an_assigned_role_is_looked_at),
        TEST(hours_that_never_meet_are_told),
        TEST(leave_is_a_gap_until_a_deputy_is_named),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
