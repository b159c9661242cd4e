#include "lib/check.h"
#include "lib/tale.h"

#include <stdio.h>
#include <string.h>

/* A journal of its own with the first records of another. */
static struct journal *beginning_of(struct journal *journal, uint64_t count)
{
    struct journal *copy = journal_memory_open(WORLD_BYTES_MAX);

    CHECK(copy != NULL);
    for (uint64_t seq = 1; seq <= count; seq++) {
        struct bytes record;

        CHECK(journal_read(journal, seq, &record) == STATUS_OK);
        CHECK_INTEGER(journal_append(copy, record), seq);
    }
    CHECK(journal_flush(copy) == STATUS_OK);
    return copy;
}

static struct receipt send_waiting(struct world *world, const char *id, const char *type)
{
    struct submission submission = event_of(world, id, type);
    struct receipt receipt;

    submission.wait_ms = 20 * DAY_MS;
    world_send(world, &submission, &receipt);
    return receipt;
}

/* Events that wait, come to rest by an event, by a moment's time and by their own end; refusals;
 * firings. */
static struct world lived(void)
{
    struct world world = opened();

    CHECK(send_waiting(&world, "w1", "ended").verdict == RECEIPT_WAITING);
    CHECK(send_waiting(&world, "w2", "added").verdict == RECEIPT_WAITING);
    CHECK(send_waiting(&world, "w3", "never").verdict == RECEIPT_WAITING);
    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);
    CHECK(send(&world, "2", "moved").verdict == RECEIPT_APPLIED);
    CHECK(send(&world, "3", "added").verdict == RECEIPT_REJECTED);
    CHECK(world_pass(&world, START_MS + 30 * DAY_MS, true));
    return world;
}

static void every_beginning_of_a_journal_is_a_journal(void)
{
    struct world world = lived();
    uint64_t count = engine_seq(world.engine);

    CHECK(count > 8);
    for (uint64_t kept = 0; kept <= count; kept++) {
        struct world torn = {.journal = beginning_of(world.journal, kept),
                             .store = store_memory_open(WORLD_BYTES_MAX),
                             .now_ms = world.now_ms};

        CHECK(engine_open(&torn.engine, torn.store, torn.journal, NULL, NULL) == STATUS_OK);
        CHECK(engine_flush(torn.engine) == STATUS_OK);
        CHECK(engine_seq(torn.engine) >= kept);
        CHECK(world_replays(&torn));
        world_close(&torn);
    }
    world_close(&world);
}

/* What a torn write took with it is done at the next start: the event that waited comes to rest
 * as it would have. */
static void what_followed_from_a_record_is_made_up_for(void)
{
    struct world world = opened();
    uint64_t seq;

    CHECK(send_waiting(&world, "w2", "added").verdict == RECEIPT_WAITING);
    seq = send(&world, "1", "opened").seq;
    CHECK_INTEGER(engine_seq(world.engine), seq + 1);
    for (uint32_t law = LAW_NUMBER; law <= LAW_NUMBER + 1; law++) {
        struct journal *journal = beginning_of(world.journal, seq);
        struct store *store = store_memory_open(WORLD_BYTES_MAX);
        struct engine *engine;

        journal_memory_set_law(journal, law);
        CHECK(engine_open(&engine, store, journal, NULL, NULL) == STATUS_OK);
        CHECK_INTEGER(engine_seq(engine), seq + 1);
        CHECK_INTEGER(engine_waiting(engine, TEXT("gulou"), TEXT("K-1")), 0);
        engine_close(engine);
        store_close(store);
        journal_close(journal);
    }
    world_close(&world);
}

static void a_state_that_follows_from_another_journal_is_refused(void)
{
    struct world world = lived();
    struct world other = opened();
    struct journal *shorter = beginning_of(world.journal, engine_seq(world.engine) - 1);
    struct engine *engine;

    CHECK(send(&other, "another", "opened").verdict == RECEIPT_APPLIED);
    CHECK(world_pass(&other, START_MS + 60 * DAY_MS, true));
    CHECK(engine_checkpoint(world.engine) == STATUS_OK);
    engine_close(world.engine);
    world.engine = NULL;
    CHECK(engine_open(&engine, world.store, shorter, NULL, NULL) == STATUS_MALFORMED);
    CHECK(engine_open(&engine, world.store, other.journal, NULL, NULL) == STATUS_MALFORMED);
    CHECK(engine_open(&engine, world.store, world.journal, NULL, NULL) == STATUS_OK);
    engine_close(engine);
    journal_close(shorter);
    world_close(&world);
    world_close(&other);
}

/* What today's code would have decided otherwise. */
struct otherwise {
    uint32_t count;
    uint64_t seq;
    enum record_verdict recorded;
    enum record_verdict today;
};

static void note_otherwise(void *context, uint64_t seq, const struct record *recorded,
                           const struct record *today)
{
    struct otherwise *otherwise = context;

    CHECK(today != NULL);
    otherwise->count++;
    otherwise->seq = seq;
    otherwise->recorded = recorded->verdict;
    otherwise->today = today == NULL ? RECORD_WAITING : today->verdict;
}

/* The same history, but that a law of old applied what today's refuses: the record says so. */
static struct journal *with_another_verdict(struct journal *journal, uint64_t last)
{
    static uint8_t room[RECORD_BYTES_MAX];
    struct journal *copy = beginning_of(journal, last - 1);
    struct record record;
    struct arena arena;
    struct bytes bytes;

    arena_init_growing(&arena, (size_t)16 << 20);
    CHECK(journal_read(journal, last, &bytes) == STATUS_OK);
    CHECK(record_decode(bytes, &arena, &record) == STATUS_OK);
    CHECK(record.verdict == RECORD_REJECTED);
    record.verdict = RECORD_APPLIED;
    record.reason_count = 0;
    CHECK(record_encode(&record, room, sizeof(room), &bytes) == STATUS_OK);
    CHECK_INTEGER(journal_append(copy, bytes), last);
    CHECK(journal_flush(copy) == STATUS_OK);
    arena_fini(&arena);
    return copy;
}

static void another_law_is_applied_as_recorded_and_listed_on_demand(void)
{
    struct world world = opened();
    struct otherwise otherwise = {0};
    struct watch watch = {.context = &otherwise, .on_otherwise = note_otherwise};
    struct store *store = store_memory_open(WORLD_BYTES_MAX);
    struct engine *engine;
    uint64_t last;

    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);
    last = send(&world, "2", "ended").seq;

    struct journal *old = with_another_verdict(world.journal, last);

    CHECK(engine_open(&engine, store, old, NULL, NULL) ==
          STATUS_MALFORMED); /* of today's law */
    store_close(store);
    journal_memory_set_law(old, LAW_NUMBER + 1);
    store = store_memory_open(WORLD_BYTES_MAX);
    CHECK(engine_open(&engine, store, old, NULL, NULL) == STATUS_OK);
    CHECK(engine_checkpoint(engine) == STATUS_OK);

    /* Its publisher is told what was acknowledged then. */
    struct submission submission = event_of(&world, "2", "ended");
    struct receipt receipt;

    engine_event(engine, &submission, world.now_ms, &receipt);
    CHECK(receipt.verdict == RECEIPT_DUPLICATE);
    CHECK(receipt.first == RECEIPT_APPLIED);
    engine_close(engine);
    store_close(store);

    store = store_memory_open(WORLD_BYTES_MAX);
    CHECK(engine_open(&engine, store, old, NULL, &watch) == STATUS_OK);
    CHECK_INTEGER(otherwise.count, 1);
    CHECK_INTEGER(otherwise.seq, last);
    CHECK(otherwise.recorded == RECORD_APPLIED);
    CHECK(otherwise.today == RECORD_REJECTED);
    engine_close(engine);
    store_close(store);
    journal_close(old);
    world_close(&world);
}

static void stepping_again_changes_nothing_where_the_law_is_the_same(void)
{
    struct world world = lived();
    struct otherwise otherwise = {0};
    struct watch watch = {.context = &otherwise, .on_otherwise = note_otherwise};
    struct store *store = store_memory_open(WORLD_BYTES_MAX);
    struct world again = {.journal = world.journal, .store = store, .now_ms = world.now_ms};

    CHECK(engine_open(&again.engine, store, world.journal, NULL, &watch) == STATUS_OK);
    CHECK_INTEGER(otherwise.count, 0);
    CHECK(world_replays(&again));
    engine_close(again.engine);
    store_close(store);
    world_close(&world);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(every_beginning_of_a_journal_is_a_journal),
        TEST(what_followed_from_a_record_is_made_up_for),
        TEST(a_state_that_follows_from_another_journal_is_refused),
        TEST(another_law_is_applied_as_recorded_and_listed_on_demand),
        TEST(stepping_again_changes_nothing_where_the_law_is_the_same),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
