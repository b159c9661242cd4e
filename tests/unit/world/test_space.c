#include "lib/check.h"
#include "lib/tale.h"

static bool reason_is(const struct receipt *receipt, const char *code)
{
    return receipt->verdict == RECEIPT_REJECTED && receipt->reason_count == 1 &&
           text_is(receipt->reasons[0].code, code);
}

static struct receipt open_another(struct world *world, const char *case_id)
{
    struct submission submission = event_of(world, case_id, "opened");
    struct receipt receipt;

    submission.case_id = text_of(case_id);
    world_send(world, &submission, &receipt);
    return receipt;
}

static void new_cases_are_refused_first(void)
{
    struct world world = opened();
    struct receipt receipt;

    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);

    uint64_t seq = engine_seq(world.engine);

    store_memory_leave_space(world.store, SPACE_SHORT);
    receipt = open_another(&world, "K-2");
    CHECK(reason_is(&receipt, "full_new"));
    CHECK_INTEGER(receipt.seq, 0);
    CHECK_INTEGER(engine_seq(world.engine), seq); /* it takes no room to say so */
    CHECK(send(&world, "1", "opened").verdict == RECEIPT_DUPLICATE);
    CHECK(send(&world, "2", "added").verdict == RECEIPT_APPLIED);

    struct submission early = event_of(&world, "9", "added");

    early.case_id = TEXT("K-9");
    early.wait_ms = DAY_MS;
    world_send(&world, &early, &receipt);
    CHECK(reason_is(&receipt, "full_new"));
    store_memory_leave_space(world.store, SPACE_ENOUGH);
    CHECK(open_another(&world, "K-2").verdict == RECEIPT_APPLIED);
    CHECK(world_replays(&world));
    world_close(&world);
}

static void the_last_room_is_for_what_falls_due(void)
{
    struct world world = opened();
    struct receipt receipt;

    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);
    store_memory_leave_space(world.store, SPACE_LAST);
    receipt = send(&world, "2", "added");
    CHECK(reason_is(&receipt, "full"));
    CHECK(send(&world, "1", "opened").verdict == RECEIPT_DUPLICATE);

    uint64_t seq = engine_seq(world.engine);

    CHECK(world_pass(&world, START_MS + 20 * DAY_MS, true));
    CHECK(engine_seq(world.engine) > seq); /* overdue, and the ladder is climbed */
    receipt = send(&world, "2", "added");
    CHECK(reason_is(&receipt, "full"));
    store_memory_leave_space(world.store, SPACE_ENOUGH);
    CHECK(send(&world, "2", "added").verdict == RECEIPT_APPLIED);
    CHECK(world_replays(&world));
    world_close(&world);
}

/* The journal leads to the same state wherever it is stepped again, however little room is. */
static void a_replay_asks_for_no_room(void)
{
    struct world world = opened();

    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);
    CHECK(send(&world, "2", "added").verdict == RECEIPT_APPLIED);
    store_memory_leave_space(world.store, SPACE_LAST);
    CHECK(world_crash(&world, true) == STATUS_OK);
    CHECK(send(&world, "2", "added").verdict == RECEIPT_DUPLICATE);
    world_close(&world);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(new_cases_are_refused_first),
        TEST(the_last_room_is_for_what_falls_due),
        TEST(a_replay_asks_for_no_room),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
