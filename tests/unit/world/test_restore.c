#include "engine/keys.h"
#include "lib/check.h"
#include "lib/tale.h"

#include <stdio.h>
#include <string.h>

static const struct act operator_act = {.reason = TEXT_INIT("the disk failed"),
                                        .person = TEXT_INIT("root")};

static struct receipt send_to(struct world *world, const char *agency, const char *case_id,
                              const char *id, const char *type)
{
    struct submission submission = event_of(world, id, type);
    struct receipt receipt;

    submission.agency = text_of(agency);
    submission.case_id = text_of(case_id);
    world_send(world, &submission, &receipt);
    return receipt;
}

static void open_case(struct world *world, const char *case_id)
{
    CHECK(send_to(world, "gulou", case_id, case_id, "opened").verdict == RECEIPT_APPLIED);
}

/* Three cases are due after five days; a backup is of the first day; the restore comes ten days
 * later. One more event waits for a case that never comes. */
static struct world restored(void)
{
    struct world world = opened();
    struct submission waiting;
    struct receipt receipt;

    open_case(&world, "K-1");
    open_case(&world, "K-2");
    open_case(&world, "K-3");
    waiting = event_of(&world, "early", "added");
    waiting.case_id = TEXT("K-9");
    waiting.wait_ms = 2 * DAY_MS;
    world_send(&world, &waiting, &receipt);
    CHECK(receipt.verdict == RECEIPT_WAITING);
    CHECK_INTEGER(engine_generation(world.engine), 1);
    world_sleep(&world, START_MS + 10 * DAY_MS);
    CHECK(engine_restore(world.engine, 2, &operator_act, world.now_ms));
    return world;
}

static uint64_t fired(struct world *world)
{
    return engine_fire(world->engine, world->now_ms, 1000);
}

static bool release(struct world *world, const char *agency, const char *case_id)
{
    const struct message *why;

    return engine_release(world->engine, text_of(agency), text_of(case_id), &operator_act,
                          world->now_ms, &why);
}

static void a_held_row_says_what_it_is(void)
{
    for (enum moment_kind kind = MOMENT_CASE; kind <= MOMENT_JOB; kind++) {
        struct key key = key_held(TEXT("gulou"), kind, 7);
        enum moment_kind read;
        uint64_t number;

        key_read_held(&key, &read, &number);
        CHECK(read == kind);
        CHECK_INTEGER(number, 7);
    }
}

static void what_was_due_meanwhile_is_on_hold(void)
{
    struct world world = restored();

    CHECK_INTEGER(engine_generation(world.engine), 2);
    CHECK_INTEGER(engine_held(world.engine), 4);
    CHECK_INTEGER(fired(&world), 0);
    CHECK(world_pass(&world, START_MS + 60 * DAY_MS, true));
    CHECK_INTEGER(engine_held(world.engine), 4);
    CHECK(world_replays(&world));
    world_close(&world);
}

static void a_restart_keeps_it_on_hold(void)
{
    struct world world = restored();

    CHECK(world_crash(&world, true) == STATUS_OK);
    CHECK_INTEGER(engine_generation(world.engine), 2);
    CHECK_INTEGER(engine_held(world.engine), 4);
    CHECK_INTEGER(fired(&world), 0);
    CHECK(release(&world, "", ""));
    CHECK(engine_checkpoint(world.engine) == STATUS_OK);
    CHECK(world_crash(&world, true) == STATUS_OK);
    CHECK(fired(&world) > 4);
    CHECK_INTEGER(engine_held(world.engine), 0);
    CHECK(world_replays(&world));
    world_close(&world);
}

/* A ladder that was climbed meanwhile goes on from its foot: all of it belongs to the case. */
static void one_case_is_released_with_all_that_follows(void)
{
    struct world world = restored();

    CHECK(release(&world, "gulou", "K-2"));
    CHECK(!release(&world, "gulou", "K-2"));
    CHECK(!release(&world, "gulou", "K-7"));
    CHECK(!release(&world, "nowhere", ""));
    CHECK(release(&world, "tower", "")); /* what comes of it later goes on */
    CHECK(!release(&world, "tower", ""));
    CHECK_INTEGER(engine_held(world.engine), 3);

    uint64_t count = fired(&world);

    CHECK(count >= 2); /* the end of its limit, and the ladder's first rung */
    CHECK(world_pass(&world, START_MS + 30 * DAY_MS, true));
    CHECK_INTEGER(engine_held(world.engine), 3);
    CHECK(world_replays(&world));
    world_close(&world);
}

/* The journal's records of moments, by case. */
static uint32_t moments_of(struct world *world, uint64_t number)
{
    uint32_t count = 0;

    for (uint64_t seq = 1; seq <= engine_seq(world->engine); seq++) {
        struct arena arena;
        struct record record;

        arena_init_growing(&arena, (size_t)16 << 20);
        CHECK(engine_record(world->engine, seq, &arena, &record) == STATUS_OK);
        count += record.kind == RECORD_MOMENT && record.number == number;
        arena_fini(&arena);
    }
    return count;
}

static void all_of_an_agency_is_released_in_slices(void)
{
    struct world world = restored();
    uint32_t slices = 0;

    CHECK(release(&world, "gulou", ""));
    CHECK(engine_next_ms(world.engine) <= world.now_ms);
    while (engine_fire(world.engine, world.now_ms, 1) == 1) {
        slices++;
    }
    CHECK(slices > 4);
    CHECK_INTEGER(engine_held(world.engine), 0);
    CHECK(moments_of(&world, 1) == moments_of(&world, 2));
    CHECK(moments_of(&world, 1) == moments_of(&world, 3));
    CHECK(engine_next_ms(world.engine) > world.now_ms);
    CHECK(world_replays(&world));

    /* What that agency is told later of the time meanwhile is released too. */
    world_sleep(&world, START_MS + 11 * DAY_MS);
    CHECK(world_replays(&world));
    world_close(&world);
}

static void events_go_on_beside_a_hold(void)
{
    struct world world = restored();

    /* Its end is on hold; it is met instead, as of a day before. */
    CHECK(send_to(&world, "gulou", "K-1", "m1", "moved").verdict == RECEIPT_APPLIED);

    struct submission ended = event_of(&world, "e1", "ended");
    struct receipt receipt;

    ended.event.occurred_ms = START_MS + 4 * DAY_MS;
    world_send(&world, &ended, &receipt);
    CHECK(receipt.verdict == RECEIPT_APPLIED);
    CHECK_INTEGER(engine_held(world.engine), 3);
    CHECK_INTEGER(fired(&world), 0);

    /* The one that waited is taken by its case. */
    CHECK(send_to(&world, "gulou", "K-9", "n1", "opened").verdict == RECEIPT_APPLIED);
    CHECK_INTEGER(engine_held(world.engine), 2);
    CHECK(world_replays(&world));
    world_close(&world);
}

/* A publisher sends again what the backup did not have: what that arms for the time meanwhile is
 * on hold with the rest. */
static void what_is_sent_again_is_held_too(void)
{
    struct world world = restored();
    struct submission again = event_of(&world, "again", "opened");
    struct receipt receipt;
    uint64_t held = engine_held(world.engine);

    again.case_id = TEXT("K-5");
    again.event.occurred_ms = START_MS + 4 * DAY_MS;
    world_send(&world, &again, &receipt);
    CHECK(receipt.verdict == RECEIPT_APPLIED);
    CHECK_INTEGER(engine_held(world.engine), held + 1);
    CHECK_INTEGER(fired(&world), 0);

    /* Once all is let go, so is what comes later, and it fires as what is late does. */
    CHECK(release(&world, "", ""));
    CHECK(fired(&world) > 0);
    CHECK_INTEGER(engine_held(world.engine), 0);
    again = event_of(&world, "more", "opened");
    again.case_id = TEXT("K-6");
    again.event.occurred_ms = START_MS + 4 * DAY_MS;
    world_send(&world, &again, &receipt);
    CHECK(receipt.verdict == RECEIPT_APPLIED);
    CHECK_INTEGER(engine_held(world.engine), 0);
    CHECK(fired(&world) > 0);
    CHECK(!release(&world, "", ""));
    CHECK(world_replays(&world));
    world_close(&world);
}

static void what_falls_due_after_the_restore_fires(void)
{
    struct world world = restored();

    CHECK(send_to(&world, "tower", "T-1", "t1", "opened").verdict == RECEIPT_REJECTED);
    open_case(&world, "K-8"); /* today: due five days from now */
    CHECK(world_pass(&world, START_MS + 16 * DAY_MS, true));
    CHECK_INTEGER(engine_held(world.engine), 4);
    CHECK(moments_of(&world, 4) > 0);
    CHECK_INTEGER(moments_of(&world, 1), 0);
    CHECK(world_replays(&world));
    world_close(&world);
}

/* The backup was taken while an earlier hold stood. */
static void a_second_restore_holds_what_was_released_too(void)
{
    struct world world = restored();

    CHECK(!engine_restore(world.engine, 2, &operator_act, world.now_ms));
    CHECK(release(&world, "gulou", "K-1"));
    CHECK(engine_restore(world.engine, 3, &operator_act, world.now_ms + DAY_MS));
    world.now_ms += DAY_MS;
    CHECK_INTEGER(engine_generation(world.engine), 3);
    CHECK_INTEGER(engine_held(world.engine), 4);
    CHECK_INTEGER(fired(&world), 0);
    CHECK(release(&world, "gulou", ""));
    CHECK(fired(&world) > 4);
    CHECK(world_replays(&world));
    world_close(&world);
}

static void a_store_with_nothing_due_holds_nothing_but_what_comes(void)
{
    struct world world = opened();

    CHECK(engine_restore(world.engine, 7, &operator_act, world.now_ms));
    CHECK_INTEGER(engine_held(world.engine), 0);
    CHECK(release(&world, "", ""));
    CHECK(!release(&world, "", ""));
    open_case(&world, "K-1");
    CHECK(world_pass(&world, START_MS + 9 * DAY_MS, true));
    CHECK(moments_of(&world, 1) > 0);
    CHECK(world_replays(&world));
    world_close(&world);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_held_row_says_what_it_is),
        TEST(what_was_due_meanwhile_is_on_hold),
        TEST(a_restart_keeps_it_on_hold),
        TEST(one_case_is_released_with_all_that_follows),
        TEST(all_of_an_agency_is_released_in_slices),
        TEST(events_go_on_beside_a_hold),
        TEST(what_is_sent_again_is_held_too),
        TEST(what_falls_due_after_the_restore_fires),
        TEST(a_second_restore_holds_what_was_released_too),
        TEST(a_store_with_nothing_due_holds_nothing_but_what_comes),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
