#include "contract/store_contract.h"

#include "lib/check.h"
#include "lib/rng.h"

#include <string.h>

static struct key key_of(const char *text)
{
    struct key key = {.size = strlen(text)};

    memcpy(key.bytes, text, key.size);
    return key;
}

static struct bytes value_of(const char *text)
{
    return (struct bytes){.at = (const uint8_t *)text, .size = strlen(text)};
}

static void put(struct store *store, enum table table, const char *key, const char *value)
{
    struct key k = key_of(key);

    store_put(store, table, &k, value_of(value));
}

static void drop(struct store *store, enum table table, const char *key)
{
    struct key k = key_of(key);

    store_delete(store, table, &k);
}

static bool holds(struct store *store, enum table table, const char *key, const char *value)
{
    struct key k = key_of(key);
    struct bytes found;

    return store_get(store, table, &k, &found) && bytes_equal(found, value_of(value));
}

static bool lacks(struct store *store, enum table table, const char *key)
{
    struct key k = key_of(key);
    struct bytes found;

    return !store_get(store, table, &k, &found);
}

/* The first row from a key on is this one. */
static bool leads_to(struct store *store, const char *from, const char *to)
{
    struct key key = key_of(from);
    struct key wanted = key_of(to);
    struct bytes value;

    return store_next(store, TABLE_CASES, &key, &value) && key.size == wanted.size &&
           memcmp(key.bytes, wanted.bytes, key.size) == 0;
}

void contract_rows_come_in_the_order_of_their_keys(const struct makers *makers)
{
    struct store *store = makers->open_store();
    struct key past = key_of("c");
    struct bytes value;

    put(store, TABLE_CASES, "b", "2");
    put(store, TABLE_CASES, "a", "1");
    put(store, TABLE_CASES, "ab", "3");
    CHECK(leads_to(store, "A", "a"));
    CHECK(leads_to(store, "a", "a"));
    CHECK(leads_to(store, "aa", "ab"));
    CHECK(leads_to(store, "ac", "b"));
    CHECK(!store_next(store, TABLE_CASES, &past, &value));
    CHECK(store_commit(store) == STATUS_OK);
    store_close(store);
}

void contract_a_write_is_seen_at_once(const struct makers *makers)
{
    struct store *store = makers->open_store();

    CHECK(lacks(store, TABLE_META, "x"));
    put(store, TABLE_META, "x", "one");
    CHECK(holds(store, TABLE_META, "x", "one"));
    put(store, TABLE_META, "x", "");
    CHECK(holds(store, TABLE_META, "x", ""));
    put(store, TABLE_META, "x", "a longer one");
    CHECK(holds(store, TABLE_META, "x", "a longer one"));
    drop(store, TABLE_META, "x");
    CHECK(lacks(store, TABLE_META, "x"));
    CHECK(store_status(store) == STATUS_OK);
    store_close(store);
}

void contract_tables_do_not_mix(const struct makers *makers)
{
    struct store *store = makers->open_store();

    for (int table = 0; table < TABLE_COUNT; table++) {
        put(store, (enum table)table, "k", table_word((enum table)table).bytes);
    }
    for (int table = 0; table < TABLE_COUNT; table++) {
        CHECK(holds(store, (enum table)table, "k", table_word((enum table)table).bytes));
    }
    drop(store, TABLE_CASES, "k");
    CHECK(lacks(store, TABLE_CASES, "k"));
    CHECK(holds(store, TABLE_NAMES, "k", "names"));
    store_close(store);
}

void contract_a_crash_takes_back_what_was_not_committed(const struct makers *makers)
{
    struct store *store = makers->open_store();

    put(store, TABLE_CASES, "kept", "1");
    put(store, TABLE_CASES, "dropped", "1");
    CHECK(store_unsaved(store) == 2);
    CHECK(store_commit(store) == STATUS_OK);
    CHECK(store_unsaved(store) == 0);
    put(store, TABLE_CASES, "kept", "2");
    put(store, TABLE_CASES, "kept", "3");
    put(store, TABLE_CASES, "new", "1");
    drop(store, TABLE_CASES, "new");
    put(store, TABLE_CASES, "newer", "1");
    drop(store, TABLE_CASES, "dropped");
    CHECK(store_unsaved(store) == 6);

    store = makers->crash_store(store);
    CHECK(holds(store, TABLE_CASES, "kept", "1"));
    CHECK(holds(store, TABLE_CASES, "dropped", "1"));
    CHECK(lacks(store, TABLE_CASES, "new"));
    CHECK(lacks(store, TABLE_CASES, "newer"));
    CHECK(store_unsaved(store) == 0);
    put(store, TABLE_CASES, "after", "1");
    CHECK(store_commit(store) == STATUS_OK);
    store_close(store);
}

void contract_what_is_abandoned_is_forgotten(const struct makers *makers)
{
    struct store *store = makers->open_store();

    put(store, TABLE_CASES, "kept", "1");
    CHECK(store_commit(store) == STATUS_OK);
    put(store, TABLE_CASES, "kept", "2");
    put(store, TABLE_CASES, "new", "1");
    store_abandon(store);
    CHECK(store_unsaved(store) == 0);
    CHECK(holds(store, TABLE_CASES, "kept", "1"));
    CHECK(lacks(store, TABLE_CASES, "new"));
    put(store, TABLE_CASES, "after", "1");
    CHECK(store_commit(store) == STATUS_OK);

    store = makers->crash_store(store);
    CHECK(holds(store, TABLE_CASES, "kept", "1"));
    CHECK(holds(store, TABLE_CASES, "after", "1"));
    CHECK(lacks(store, TABLE_CASES, "new"));
    store_close(store);
}

/* The writer's hashes, flushed or not, are those that readers see. */
void contract_hashes_are_the_readers_own(const struct makers *makers)
{
    enum { RECORDS = 5 };
    static const uint8_t none[JOURNAL_HASH_BYTES];
    struct journal *journal = makers->open_journal();
    uint8_t before[RECORDS + 1][JOURNAL_HASH_BYTES];
    uint8_t after[JOURNAL_HASH_BYTES];
    struct journal_reader *reader;
    struct journal_entry entry;

    for (int i = 0; i < RECORDS; i++) {
        (void)journal_append(journal, value_of(i % 2 == 0 ? "even" : "odd"));
    }
    for (uint64_t seq = RECORDS; seq > 0; seq--) {
        CHECK(journal_hash(journal, seq, before[seq]) == STATUS_OK);
    }
    CHECK(journal_hash(journal, 0, after) == STATUS_OK);
    CHECK(memcmp(after, none, sizeof(after)) == 0);
    CHECK(journal_hash(journal, RECORDS + 1, after) != STATUS_OK);
    CHECK(journal_flush(journal) == STATUS_OK);
    journal = makers->crash_journal(journal);
    CHECK(journal_reader_open(&reader, journal) == STATUS_OK);
    for (uint64_t seq = 1; seq <= RECORDS; seq++) {
        CHECK(journal_hash(journal, seq, after) == STATUS_OK);
        CHECK(memcmp(after, before[seq], sizeof(after)) == 0);
        CHECK(journal_reader_read(reader, seq, &entry) == STATUS_OK);
        CHECK(memcmp(entry.hash, after, sizeof(after)) == 0);
    }
    journal_reader_close(reader);
    journal_close(journal);
}

/* Enough for pages to be split and joined again, some of them under the place of the last call. */
enum { PLAIN_MAX = 3000, RUN_MAX = 40 };

/* What the store should hold, in the plainest way: for each number a byte, repeated. */
struct plain {
    bool there[PLAIN_MAX];
    uint8_t value[PLAIN_MAX];
};

static struct bytes value_of_byte(uint8_t byte, uint8_t room[VALUE_BYTES_MAX])
{
    size_t size = 1 + (size_t)(byte % 32) * 50;

    memset(room, byte, size);
    return (struct bytes){.at = room, .size = size};
}

static struct key key_of_number(int64_t number)
{
    return (struct key){.bytes = {(uint8_t)(number >> 8), (uint8_t)number}, .size = 2};
}

static void check_row(struct store *store, const struct plain *plain, int64_t i)
{
    uint8_t room[VALUE_BYTES_MAX];
    struct key key = key_of_number(i);
    struct bytes value;
    bool there = store_get(store, TABLE_MOMENTS, &key, &value);

    CHECK(there == plain->there[i]);
    CHECK(!there || bytes_equal(value, value_of_byte(plain->value[i], room)));
}

/* A run of rows side by side is written, or deleted. */
static void write_somewhere(struct store *store, struct plain *plain, struct rng *rng)
{
    int64_t from = rng_between(rng, 0, PLAIN_MAX - RUN_MAX);
    int64_t to = from + rng_between(rng, 1, RUN_MAX);
    bool drop = rng_between(rng, 0, 2) == 0;
    uint8_t room[VALUE_BYTES_MAX];

    for (int64_t i = from; i < to; i++) {
        struct key key = key_of_number(i);

        if (drop && plain->there[i]) {
            store_delete(store, TABLE_MOMENTS, &key);
        } else if (!drop) {
            plain->value[i] = (uint8_t)rng_next(rng);
            store_put(store, TABLE_MOMENTS, &key, value_of_byte(plain->value[i], room));
        }
        plain->there[i] = !drop;
        check_row(store, plain, rng_between(rng, from, to - 1));
    }
}

static void check_against(struct store *store, const struct plain *plain)
{
    uint8_t room[VALUE_BYTES_MAX];
    struct key key = {.size = 1};
    struct bytes value;
    int64_t at = 0;

    while (store_next(store, TABLE_MOMENTS, &key, &value)) {
        int64_t number = key.bytes[0] << 8 | key.bytes[1];

        while (at < number) {
            CHECK(!plain->there[at++]);
        }
        CHECK(plain->there[at]);
        CHECK(bytes_equal(value, value_of_byte(plain->value[at], room)));
        key = key_of_number(++at);
    }
    while (at < PLAIN_MAX) {
        CHECK(!plain->there[at++]);
    }
}

void contract_random_writes_agree_with_a_plain_list(const struct makers *makers)
{
    static struct plain plain;
    static struct plain committed;
    struct rng rng = rng_seeded(20260302);
    struct store *store = makers->open_store();

    for (int round = 0; round < 60; round++) {
        for (int i = 0; i < 50; i++) {
            write_somewhere(store, &plain, &rng);
        }
        check_against(store, &plain);
        if (round % 7 == 6) {
            store = makers->crash_store(store);
            plain = committed;
            check_against(store, &plain);
        } else if (round % 3 == 0) {
            CHECK(store_commit(store) == STATUS_OK);
            committed = plain;
        }
    }
    store_close(store);
}

void contract_records_are_numbered_from_one(const struct makers *makers)
{
    struct journal *journal = makers->open_journal();
    struct bytes record;

    CHECK_INTEGER(journal_next(journal), 1);
    CHECK(journal_read(journal, 1, &record) == STATUS_NOT_FOUND);
    CHECK_INTEGER(journal_append(journal, value_of("first")), 1);
    CHECK_INTEGER(journal_append(journal, value_of("second")), 2);
    CHECK(journal_read(journal, 0, &record) == STATUS_NOT_FOUND);
    CHECK(journal_read(journal, 1, &record) == STATUS_OK);
    CHECK(bytes_equal(record, value_of("first")));
    CHECK(journal_flush(journal) == STATUS_OK);
    CHECK(journal_read(journal, 2, &record) == STATUS_OK);
    CHECK(bytes_equal(record, value_of("second")));
    CHECK_INTEGER(journal_next(journal), 3);
    journal_close(journal);
}

void contract_a_crash_takes_back_what_was_not_flushed(const struct makers *makers)
{
    struct journal *journal = makers->open_journal();
    struct bytes record;

    CHECK(journal_status(journal) == STATUS_OK);
    (void)journal_append(journal, value_of("kept"));
    CHECK(journal_flush(journal) == STATUS_OK);
    (void)journal_append(journal, value_of("lost"));
    journal = makers->crash_journal(journal);
    CHECK_INTEGER(journal_next(journal), 2);
    CHECK(journal_read(journal, 1, &record) == STATUS_OK);
    CHECK(bytes_equal(record, value_of("kept")));
    CHECK(journal_read(journal, 2, &record) == STATUS_NOT_FOUND);
    CHECK_INTEGER(journal_append(journal, value_of("again")), 2);
    journal_close(journal);
}

void contract_the_largest_key_value_and_record_fit(const struct makers *makers)
{
    static uint8_t large[RECORD_BYTES_MAX];
    struct store *store = makers->open_store();
    struct journal *journal = makers->open_journal();
    struct key key = {.size = KEY_BYTES_MAX};
    struct bytes found;

    memset(large, 0x5a, sizeof(large));
    memset(key.bytes, 0xff, KEY_BYTES_MAX);
    store_put(store, TABLE_NAMES, &key, (struct bytes){.at = large, .size = VALUE_BYTES_MAX});
    CHECK(store_get(store, TABLE_NAMES, &key, &found) && found.size == VALUE_BYTES_MAX);
    CHECK(store_commit(store) == STATUS_OK);
    (void)journal_append(journal, (struct bytes){.at = large, .size = sizeof(large)});
    CHECK(journal_flush(journal) == STATUS_OK);
    CHECK(journal_read(journal, 1, &found) == STATUS_OK && found.size == sizeof(large));
    store_close(store);
    journal_close(journal);
}
