#include "engine/keys.h"
#include "lib/check.h"
#include "lib/rng.h"
#include "lib/tale.h"
#include "world/world.h"

#include <stdio.h>
#include <string.h>

static bool install_text(struct world *world, const char *path, const char *text,
                         const struct message **why)
{
    struct install_file file = {.path = text_of(path), .bytes = text_of(text)};
    struct arena arena;
    struct problem_list problems = no_problems(&arena);
    bool good = world_install(world, &file, 1, &problems);

    if (why != NULL) {
        *why = problems.first == NULL ? NULL : problems.first->message;
    }
    return good;
}

static bool why_is(const struct message *why, const char *code)
{
    return why != NULL && strcmp(why->code, code) == 0;
}

static bool reason_is(const struct receipt *receipt, const char *code)
{
    return receipt->reason_count == 1 && text_is(receipt->reasons[0].code, code);
}

static int64_t fact(struct world *world, const char *name)
{
    struct arena arena;
    struct case_state state;
    const struct procedure *procedure;
    int64_t value = -1;

    arena_init_growing(&arena, (size_t)1 << 20);
    if (engine_case(world->engine, TEXT("gulou"), TEXT("K-1"), &arena, &state, &procedure)) {
        const struct value *known =
            &state.facts[procedure_fact(procedure, text_of(name))].value;

        value = known->known ? known->number : 0;
    }
    arena_fini(&arena);
    return value;
}

static void what_was_not_flushed_is_gone_and_comes_again(void)
{
    struct world world = opened();

    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);
    CHECK(send(&world, "2", "added").verdict == RECEIPT_APPLIED);
    CHECK(world_crash(&world, false) == STATUS_OK);
    CHECK_INTEGER(fact(&world, "again"), -1);
    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);
    CHECK(send(&world, "2", "added").verdict == RECEIPT_APPLIED);
    CHECK_INTEGER(fact(&world, "again"), 1);
    CHECK(world_replays(&world));
    world_close(&world);
}

static void what_was_flushed_is_there_and_known(void)
{
    struct world world = opened();

    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);
    CHECK(send(&world, "2", "added").verdict == RECEIPT_APPLIED);
    CHECK(world_crash(&world, true) == STATUS_OK);
    CHECK_INTEGER(fact(&world, "again"), 1);

    struct receipt receipt = send(&world, "2", "added");

    CHECK(receipt.verdict == RECEIPT_DUPLICATE);
    CHECK(receipt.first == RECEIPT_APPLIED);
    CHECK_INTEGER(receipt.revision, 2);
    CHECK_INTEGER(fact(&world, "again"), 1);
    CHECK(world_pass(&world, START_MS + 20 * DAY_MS, true));
    CHECK(world_crash(&world, false) == STATUS_OK);
    CHECK(world_replays(&world));
    world_close(&world);
}

static void so_many_events_wait_and_no_more(void)
{
    struct world world = opened();

    for (int i = 0; i <= WAITING_MAX; i++) {
        char id[16];

        (void)snprintf(id, sizeof(id), "w%d", i);

        struct submission submission = event_of(&world, id, "added");
        struct receipt receipt;

        submission.wait_ms = HOUR_MS;
        world_send(&world, &submission, &receipt);
        CHECK(receipt.verdict == (i < WAITING_MAX ? RECEIPT_WAITING : RECEIPT_REJECTED));
        CHECK(i < WAITING_MAX || reason_is(&receipt, "limit"));
    }
    CHECK_INTEGER(engine_waiting(world.engine, TEXT("gulou"), TEXT("K-1")), WAITING_MAX);
    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);
    CHECK_INTEGER(engine_waiting(world.engine, TEXT("gulou"), TEXT("K-1")), 0);
    CHECK_INTEGER(fact(&world, "again"), WAITING_MAX);
    CHECK(world_replays(&world));
    world_close(&world);
}

static void waiting_ends_by_itself(void)
{
    struct world world = opened();
    struct submission submission = event_of(&world, "w", "added");
    struct receipt receipt;

    submission.wait_ms = WAIT_MS_MAX + 1;
    world_send(&world, &submission, &receipt);
    CHECK(reason_is(&receipt, "limit"));
    submission.wait_ms = WAIT_MS_MAX;
    world_send(&world, &submission, &receipt);
    CHECK(receipt.verdict == RECEIPT_WAITING);
    CHECK_INTEGER(engine_next_ms(world.engine), START_MS + WAIT_MS_MAX);
    CHECK(world_pass(&world, START_MS + WAIT_MS_MAX, true));
    CHECK_INTEGER(engine_waiting(world.engine, TEXT("gulou"), TEXT("K-1")), 0);
    CHECK(world_replays(&world));
    world_close(&world);
}

static void refusals_are_recorded_up_to_a_bound(void)
{
    struct world world = opened();
    uint64_t before = engine_seq(world.engine);

    for (int i = 0; i < REFUSED_RECORDED_MAX + 10; i++) {
        struct receipt receipt = send(&world, "x", "added");

        CHECK(reason_is(&receipt, "no_case"));
        CHECK((receipt.seq != 0) == (i < REFUSED_RECORDED_MAX));
    }
    CHECK_INTEGER(engine_seq(world.engine), before + REFUSED_RECORDED_MAX);
    CHECK(world_pass(&world, START_MS + DAY_MS, true));
    CHECK(send(&world, "x", "added").seq != 0); /* another day */
    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);
    CHECK(send(&world, "y", "ended").seq != 0); /* a case's own count */
    CHECK(world_replays(&world));
    world_close(&world);
}

static void names_that_cannot_be_keys_are_refused(void)
{
    struct world world = opened();
    char long_id[CASE_ID_BYTES_MAX + 1];
    uint64_t before = engine_seq(world.engine);
    struct submission submission = event_of(&world, "1", "opened");
    struct receipt receipt;

    memset(long_id, 'x', sizeof(long_id));
    submission.case_id = (struct text){long_id, sizeof(long_id)};
    world_send(&world, &submission, &receipt);
    CHECK(reason_is(&receipt, "bad_event"));
    submission.case_id.size = CASE_ID_BYTES_MAX;
    submission.source = (struct text){0};
    world_send(&world, &submission, &receipt);
    CHECK(reason_is(&receipt, "bad_event"));
    CHECK_INTEGER(engine_seq(world.engine), before);
    submission.source = TEXT("test");
    world_send(&world, &submission, &receipt);
    CHECK(receipt.verdict == RECEIPT_APPLIED);
    world_close(&world);
}

static void time_never_goes_back(void)
{
    struct world world = opened();
    struct receipt receipt;
    struct submission submission = event_of(&world, "1", "opened");
    struct record record;
    struct arena arena;

    engine_event(world.engine, &submission, START_MS - 5 * HOUR_MS, &receipt);
    CHECK(receipt.verdict == RECEIPT_APPLIED);
    arena_init_growing(&arena, (size_t)1 << 20);
    CHECK(engine_record(world.engine, receipt.seq, &arena, &record) == STATUS_OK);
    CHECK_INTEGER(record.now_ms, START_MS);
    arena_fini(&arena);
    world_close(&world);
}

static void an_install_is_whole_or_not_at_all(void)
{
    struct world world = opened();
    const struct message *why;
    uint64_t before = engine_seq(world.engine);

    CHECK(install_text(&world, "people.yaml", people_text, &why)); /* the same words again */
    CHECK_INTEGER(engine_seq(world.engine), before);
    CHECK(!install_text(&world, "notes.txt", "x", &why));
    CHECK(why_is(why, "not_known"));
    CHECK(!install_text(&world, "procedures/tale.yaml",
                        "procedure: tale\nversion: 1\nfrom: 2020-01-01\n", &why));
    CHECK(why_is(why, "other_content"));
    CHECK(!install_text(&world, "procedures/asleep.yaml",
                        "procedure: asleep\nversion: 1\nfrom: 2020-01-01\n"
                        "roles: {officer: {}}\nchain: [officer]\n"
                        "opens: {go: {by: [officer], to: bed}}\n"
                        "stages:\n  bed: {events: {up: {by: [officer], to: out}}}\n"
                        "  out: {final: up}\n",
                        &why));
    CHECK(why_is(why, "asleep"));
    CHECK(!install_text(&world, "people.yaml", "people: [", &why));
    CHECK(why != NULL);
    CHECK_INTEGER(engine_seq(world.engine), before);
    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);
    CHECK(!install_text(&world, "agencies.yaml",
                        "agencies:\n  gulou: {zh: 鼓楼, en: Gulou, calendar: cn}\n", &why));
    CHECK(why_is(why, "agency_gone"));
    CHECK(install_text(&world, "people.yaml", "people:\n  wang: {roles: []}\n", &why));
    CHECK_INTEGER(engine_seq(world.engine), before + 2);

    struct receipt receipt = send(&world, "2", "added");

    CHECK(reason_is(&receipt, "not_holder"));
    CHECK(world_replays(&world));
    world_close(&world);
}

static void a_new_case_needs_no_second_derivation(void)
{
    struct world world = opened();

    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);
    CHECK_INTEGER(engine_sweep(world.engine, world.now_ms, 10), 0);
    world_close(&world);
}

/* The sanitizer sees whether it is gone too early, or never. */
static void a_held_law_outlives_the_next_install(void)
{
    struct world world = opened();
    struct held_law *old = engine_hold_law(world.engine);
    struct held_law *more = law_hold(old);

    CHECK(install_text(&world, "people.yaml", "people:\n  wang: {roles: []}\n", NULL));
    CHECK(engine_law(world.engine) != old->law);
    CHECK(installed_person(old->law->installed, TEXT("li")) != NULL);
    law_release(old);
    CHECK(installed_person(more->law->installed, TEXT("li")) != NULL);
    CHECK(installed_person(engine_law(world.engine)->installed, TEXT("li")) == NULL);
    world_close(&world);
    CHECK(law_procedure(more->law, 1) != NULL);
    law_release(more);
}

static void a_state_over_its_bound_is_refused(void)
{
    enum { NOTES = 40 };
    static char text[TEXT_MAX];
    static char procedure[16384];
    size_t at = (size_t)snprintf(procedure, sizeof(procedure),
                                 "procedure: long\nversion: 1\nzh: 长\nen: long\n"
                                 "from: 2020-01-01\nroles: {officer: {zh: 承办人, en: o}}\n"
                                 "chain: [officer]\nfacts:\n");
    struct carried facts[NOTES];
    static char names[NOTES][16];
    struct world world = opened();
    struct receipt receipt;

    memset(text, 'x', sizeof(text));
    for (int i = 0; i < NOTES; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "n%d", i);
        at += (size_t)snprintf(procedure + at, sizeof(procedure) - at, "  n%d: text\n", i);
        facts[i] = (struct carried){.name = text_of(names[i]), .value = {text, sizeof(text)}};
    }
    at += (size_t)snprintf(procedure + at, sizeof(procedure) - at,
                           "opens: {opened: {by: [officer], to: work}}\nstages:\n  work:\n"
                           "    no_limit: {zh: 等, en: wait}\n    events:\n      put:\n"
                           "        by: [officer]\n        may_take: [n0");
    for (int i = 1; i < NOTES; i++) {
        at += (size_t)snprintf(procedure + at, sizeof(procedure) - at, ", n%d", i);
    }
    (void)snprintf(procedure + at, sizeof(procedure) - at,
                   "]\n      end: {by: [officer], to: done}\n  done: {final: done}\n");
    CHECK(install_text(&world, "procedures/long.yaml", procedure, NULL));

    struct submission submission = event_of(&world, "1", "opened");

    submission.procedure = TEXT("long");
    world_send(&world, &submission, &receipt);
    CHECK(receipt.verdict == RECEIPT_APPLIED);
    submission = event_of(&world, "2", "put");
    submission.event.facts = facts;
    submission.event.fact_count = NOTES;
    world_send(&world, &submission, &receipt);
    CHECK(reason_is(&receipt, "limit"));
    submission.event.fact_count = NOTES / 2;
    world_send(&world, &submission, &receipt);
    CHECK(receipt.verdict == RECEIPT_APPLIED); /* twenty chunks of a state come and go */
    CHECK(send(&world, "3", "put").verdict == RECEIPT_APPLIED);
    CHECK(world_replays(&world));
    world_close(&world);
}

/* A little history with firings in it; a failed engine says nothing that it does not keep. */
static void live(struct world *world, bool *acknowledged, int count)
{
    static const char *const types[] = {"opened", "added", "added", "moved", "added", "ended"};

    for (int i = 0; i < count; i++) {
        char id[16];

        (void)snprintf(id, sizeof(id), "e%d", i);

        struct submission submission = event_of(world, id, types[i]);
        struct receipt receipt;

        submission.event.occurred_ms = START_MS + i * DAY_MS;
        if (!world_pass(world, submission.event.occurred_ms, false)) {
            return;
        }
        world_send(world, &submission, &receipt);
        if (engine_checkpoint(world->engine) == STATUS_OK) {
            acknowledged[i] = acknowledged[i] || receipt.verdict == RECEIPT_APPLIED;
        }
    }
}

/* Whatever write fails, after the restart what was acknowledged is there, and sending the rest
 * again leads to the same end. */
static void any_failing_write_loses_nothing(void)
{
    enum { EVENTS = 6, POINTS = 60 };
    struct world whole = opened();
    bool acknowledged[EVENTS] = {0};

    live(&whole, acknowledged, EVENTS);

    int64_t again = fact(&whole, "again");

    world_close(&whole);
    for (uint64_t point = 1; point <= POINTS; point++) {
        struct world world = opened();
        bool kept[EVENTS] = {0};

        if (point % 2 == 0) {
            store_memory_fail_after(world.store, point, STATUS_DISK);
        } else {
            journal_memory_fail_after(world.journal, 1 + point / 2, STATUS_DISK);
        }
        live(&world, kept, EVENTS);
        CHECK(world_crash(&world, false) == STATUS_OK);
        for (int i = 0; i < EVENTS; i++) {
            char id[16];

            (void)snprintf(id, sizeof(id), "e%d", i);
            if (kept[i]) {
                struct submission submission = event_of(&world, id, i == 0 ? "opened" : "x");
                struct receipt receipt;

                submission.event.occurred_ms = START_MS + i * DAY_MS;
                world_send(&world, &submission, &receipt);
                /* known: the same again, or (with another type) reused */
                CHECK(receipt.verdict == RECEIPT_DUPLICATE || reason_is(&receipt, "id_reused"));
            }
        }
        live(&world, kept, EVENTS);
        CHECK_INTEGER(fact(&world, "again"), again);
        CHECK(world_replays(&world));
        world_close(&world);
    }
}

static void a_changed_record_is_not_followed(void)
{
    struct world world = opened();
    struct bytes record;

    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);
    CHECK(journal_flush(world.journal) == STATUS_OK);
    CHECK(journal_read(world.journal, engine_seq(world.engine), &record) == STATUS_OK);

    union {
        const uint8_t *ours;
        uint8_t *theirs;
    } view = {.ours = record.at};

    view.theirs[record.size - 1] ^= 1;
    CHECK(world_crash(&world, true) == STATUS_MALFORMED);
    world_close(&world);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(what_was_not_flushed_is_gone_and_comes_again),
        TEST(what_was_flushed_is_there_and_known),
        TEST(so_many_events_wait_and_no_more),
        TEST(waiting_ends_by_itself),
        TEST(refusals_are_recorded_up_to_a_bound),
        TEST(names_that_cannot_be_keys_are_refused),
        TEST(time_never_goes_back),
        TEST(an_install_is_whole_or_not_at_all),
        TEST(a_new_case_needs_no_second_derivation),
        TEST(a_held_law_outlives_the_next_install),
        TEST(a_state_over_its_bound_is_refused),
        TEST(any_failing_write_loses_nothing),
        TEST(a_changed_record_is_not_followed),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
