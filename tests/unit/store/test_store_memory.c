#include "contract/store_contract.h"
#include "lib/check.h"
#include "store/store_memory.h"

#define ROOM ((size_t)64 << 20)

static struct store *open_store(void)
{
    return store_memory_open(ROOM);
}

static struct journal *open_journal(void)
{
    return journal_memory_open(ROOM);
}

static struct store *crash_store(struct store *store)
{
    store_memory_crash(store);
    return store;
}

static struct journal *crash_journal(struct journal *journal)
{
    journal_memory_crash(journal);
    return journal;
}

static const struct makers makers = {
    .open_store = open_store,
    .open_journal = open_journal,
    .crash_store = crash_store,
    .crash_journal = crash_journal,
};

#define CONTRACT(name)            \
    static void name(void)        \
    {                             \
        contract_##name(&makers); \
    }

CONTRACT(rows_come_in_the_order_of_their_keys)
CONTRACT(a_write_is_seen_at_once)
CONTRACT(tables_do_not_mix)
CONTRACT(a_crash_takes_back_what_was_not_committed)
CONTRACT(what_is_abandoned_is_forgotten)
CONTRACT(hashes_are_the_readers_own)
CONTRACT(random_writes_agree_with_a_plain_list)
CONTRACT(records_are_numbered_from_one)
CONTRACT(a_crash_takes_back_what_was_not_flushed)
CONTRACT(the_largest_key_value_and_record_fit)
CONTRACT(a_snapshot_stays_as_it_was_taken)
CONTRACT(snapshots_are_counted)
CONTRACT(a_reader_sees_what_was_flushed_alone)
CONTRACT(a_readers_hashes_tell_changed_histories)
CONTRACT(readers_beside_a_writer_see_whole_commits)

static void the_first_failure_sticks_until_a_crash(void)
{
    struct store *store = open_store();
    struct key key = {.bytes = "k", .size = 1};
    struct bytes value;

    store_memory_fail_after(store, 2, STATUS_DISK);
    store_put(store, TABLE_META, &key, (struct bytes){0});
    CHECK(store_status(store) == STATUS_OK);
    store_put(store, TABLE_META, &key, (struct bytes){0});
    CHECK(store_status(store) == STATUS_DISK);
    CHECK(store_commit(store) == STATUS_DISK);
    store_memory_crash(store);
    CHECK(store_status(store) == STATUS_OK);
    CHECK(!store_get(store, TABLE_META, &key, &value));
    store_close(store);
}

static void what_does_not_fit_makes_it_full(void)
{
    struct store *store = store_memory_open(200);
    struct journal *journal = journal_memory_open(4);
    static const uint8_t five[5];

    for (uint8_t i = 0; i < 20; i++) {
        struct key key = {.bytes = {i}, .size = 1};

        store_put(store, TABLE_META, &key, (struct bytes){0});
    }
    CHECK(store_commit(store) == STATUS_FULL);
    (void)journal_append(journal, (struct bytes){.at = five, .size = sizeof(five)});
    CHECK(journal_status(journal) == STATUS_FULL);
    CHECK(journal_flush(journal) == STATUS_FULL);
    store_close(store);
    journal_close(journal);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(rows_come_in_the_order_of_their_keys),
        TEST(a_write_is_seen_at_once),
        TEST(tables_do_not_mix),
        TEST(a_crash_takes_back_what_was_not_committed),
        TEST(what_is_abandoned_is_forgotten),
        TEST(hashes_are_the_readers_own),
        TEST(random_writes_agree_with_a_plain_list),
        TEST(records_are_numbered_from_one),
        TEST(a_crash_takes_back_what_was_not_flushed),
        TEST(the_largest_key_value_and_record_fit),
        TEST(a_snapshot_stays_as_it_was_taken),
        TEST(snapshots_are_counted),
        TEST(a_reader_sees_what_was_flushed_alone),
        TEST(a_readers_hashes_tell_changed_histories),
        TEST(readers_beside_a_writer_see_whole_commits),
        TEST(the_first_failure_sticks_until_a_crash),
        TEST(what_does_not_fit_makes_it_full),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
