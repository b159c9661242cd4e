#include "contract/store_contract.h"

#include "lib/check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
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

/* What stands there; "-" where nothing does. */
static struct text at(struct store *store, enum table table, const char *key)
{
    struct key k = key_of(key);
    struct bytes found;

    return store_get(store, table, &k, &found)
               ? (struct text){.bytes = (const char *)found.at, .size = found.size}
               : TEXT("-");
}

void contract_a_snapshot_stays_as_it_was_taken(const struct makers *makers)
{
    struct store *store = makers->open_store();
    struct snapshots *snapshots;
    struct store *before;
    struct store *after;
    struct key key = {.size = 1};
    struct bytes value;

    CHECK(snapshots_open(&snapshots, store, 2) == STATUS_OK);
    put(store, TABLE_META, "a", "1");
    put(store, TABLE_META, "b", "1");
    CHECK(store_commit(store) == STATUS_OK);
    put(store, TABLE_META, "a", "2");
    put(store, TABLE_META, "c", "2");
    key = key_of("b");
    store_delete(store, TABLE_META, &key);

    CHECK(snapshot_take(snapshots, &before) == STATUS_OK);
    CHECK_TEXT(at(before, TABLE_META, "a"), "1"); /* nothing that is not committed */
    CHECK(store_commit(store) == STATUS_OK);
    CHECK(snapshot_take(snapshots, &after) == STATUS_OK);
    CHECK_TEXT(at(before, TABLE_META, "a"), "1");
    CHECK_TEXT(at(before, TABLE_META, "b"), "1");
    CHECK_TEXT(at(before, TABLE_META, "c"), "-");
    CHECK_TEXT(at(after, TABLE_META, "a"), "2");
    CHECK_TEXT(at(after, TABLE_META, "b"), "-");
    key = key_of("aa");
    CHECK(store_next(after, TABLE_META, &key, &value) && key.bytes[0] == 'c');
    key = key_of("aa");
    CHECK(store_next(before, TABLE_META, &key, &value) && key.bytes[0] == 'b');
    CHECK(store_status(before) == STATUS_OK && store_status(after) == STATUS_OK);
    snapshot_give(snapshots, before);
    snapshot_give(snapshots, after);

    /* One that was given back is as new. */
    put(store, TABLE_META, "a", "3");
    CHECK(store_commit(store) == STATUS_OK);
    CHECK(snapshot_take(snapshots, &after) == STATUS_OK);
    CHECK_TEXT(at(after, TABLE_META, "a"), "3");
    snapshot_give(snapshots, after);
    snapshots_close(snapshots);
    store_close(store);
}

void contract_snapshots_are_counted(const struct makers *makers)
{
    struct store *store = makers->open_store();
    struct snapshots *snapshots;
    struct store *taken[3];

    CHECK(snapshots_open(&snapshots, store, 2) == STATUS_OK);
    CHECK(snapshot_take(snapshots, &taken[0]) == STATUS_OK);
    CHECK(snapshot_take(snapshots, &taken[1]) == STATUS_OK);
    CHECK(snapshot_take(snapshots, &taken[2]) == STATUS_FULL);
    snapshot_give(snapshots, taken[0]);
    CHECK(snapshot_take(snapshots, &taken[2]) == STATUS_OK);
    snapshot_give(snapshots, taken[1]);
    snapshot_give(snapshots, taken[2]);
    snapshots_close(snapshots);
    store_close(store);
}

static bool reads(struct journal_reader *reader, uint64_t seq, const char *text)
{
    struct journal_entry entry;

    return journal_reader_read(reader, seq, &entry) == STATUS_OK && entry.seq == seq &&
           bytes_equal(entry.record, value_of(text));
}

static bool reads_nothing(struct journal_reader *reader, uint64_t seq)
{
    struct journal_entry entry;

    return journal_reader_read(reader, seq, &entry) == STATUS_NOT_FOUND;
}

void contract_a_reader_sees_what_was_flushed_alone(const struct makers *makers)
{
    struct journal *journal = makers->open_journal();
    struct journal_reader *reader;

    CHECK(journal_reader_open(&reader, journal) == STATUS_OK);
    CHECK_INTEGER(journal_flushed(journal), 0);
    CHECK(reads_nothing(reader, 0) && reads_nothing(reader, 1));
    (void)journal_append(journal, value_of("one"));
    CHECK(reads_nothing(reader, 1));
    CHECK(journal_flush(journal) == STATUS_OK);
    CHECK_INTEGER(journal_flushed(journal), 1);
    CHECK(reads(reader, 1, "one"));
    (void)journal_append(journal, value_of("two"));
    (void)journal_append(journal, value_of("three"));
    CHECK(reads_nothing(reader, 2));
    CHECK(journal_flush(journal) == STATUS_OK);
    CHECK(reads(reader, 3, "three")); /* in any order */
    CHECK(reads(reader, 1, "one"));
    CHECK(reads(reader, 2, "two"));
    CHECK(reads_nothing(reader, 4));
    journal_reader_close(reader);

    /* What a crash has not taken back is there for the next one. */
    journal = makers->crash_journal(journal);
    CHECK_INTEGER(journal_flushed(journal), 3);
    CHECK(journal_reader_open(&reader, journal) == STATUS_OK);
    CHECK(reads(reader, 2, "two"));
    journal_reader_close(reader);
    journal_close(journal);
}

void contract_a_readers_hashes_tell_changed_histories(const struct makers *makers)
{
    static const char *const histories[][2] = {{"one", "two"}, {"one", "twO"}, {"two", "two"}};
    struct journal_entry second[3];
    struct journal_entry first;

    for (int i = 0; i < 3; i++) {
        struct journal *journal = makers->open_journal();
        struct journal_reader *reader;
        uint64_t from = journal_next(journal); /* a disk's journal goes on */

        (void)journal_append(journal, value_of(histories[i][0]));
        (void)journal_append(journal, value_of(histories[i][1]));
        CHECK(journal_flush(journal) == STATUS_OK);
        CHECK(journal_reader_open(&reader, journal) == STATUS_OK);
        CHECK(journal_reader_read(reader, from, &first) == STATUS_OK);
        CHECK(journal_reader_read(reader, from + 1, &second[i]) == STATUS_OK);
        CHECK(memcmp(first.hash, second[i].hash, JOURNAL_HASH_BYTES) != 0);
        CHECK(i == 0 || memcmp(second[0].hash, second[i].hash, JOURNAL_HASH_BYTES) != 0);

        /* Asked again, or by another, it is the same. */
        CHECK(journal_reader_read(reader, from, &first) == STATUS_OK);
        CHECK(journal_reader_read(reader, from + 1, &first) == STATUS_OK);
        CHECK(memcmp(first.hash, second[i].hash, JOURNAL_HASH_BYTES) == 0);
        journal_reader_close(reader);
        journal_close(journal);
    }
}

enum { ROUNDS = 200, RECORDS_PER_ROUND = 7, READERS = 3, RECORD_WORDS = 400 };

struct crowd {
    struct journal *journal;
    struct snapshots *snapshots;
    _Atomic bool over;
    _Atomic uint64_t wrong;
    _Atomic uint64_t seen; /* the newest round any reader met */
};

/* Records of many sizes, so that reads end within one. */
static struct bytes record_of(uint64_t seq, uint64_t room[RECORD_WORDS])
{
    for (int i = 0; i < RECORD_WORDS; i++) {
        room[i] = seq;
    }
    return (struct bytes){.at = (const uint8_t *)room,
                          .size = (1 + seq * 37 % (RECORD_WORDS - 1)) * sizeof(room[0])};
}

/* Both tables tell of the same round, whichever it is. */
static void look_at_state(struct crowd *crowd)
{
    struct key key = key_of("round");
    struct bytes one;
    struct bytes other;
    struct store *snapshot;
    uint64_t round;

    if (snapshot_take(crowd->snapshots, &snapshot) != STATUS_OK) {
        crowd->wrong++;
        return;
    }
    if (!store_get(snapshot, TABLE_META, &key, &one) ||
        !store_get(snapshot, TABLE_CASES, &key, &other) || !bytes_equal(one, other)) {
        crowd->wrong++;
    } else {
        memcpy(&round, one.at, sizeof(round));
        crowd->seen = round > crowd->seen ? round : crowd->seen;
    }
    snapshot_give(crowd->snapshots, snapshot);
}

static void *read_along(void *context)
{
    struct crowd *crowd = context;
    struct journal_reader *reader;
    struct journal_entry entry;
    uint64_t room[RECORD_WORDS];
    uint64_t seq = 1;

    crowd->wrong += journal_reader_open(&reader, crowd->journal) == STATUS_OK ? 0 : 1;
    while (!crowd->over || seq <= journal_flushed(crowd->journal)) {
        if (seq > journal_flushed(crowd->journal)) {
            look_at_state(crowd);
            continue;
        }
        if (journal_reader_read(reader, seq, &entry) != STATUS_OK ||
            !bytes_equal(entry.record, record_of(seq, room))) {
            crowd->wrong++;
        }
        seq++;
    }
    look_at_state(crowd);
    journal_reader_close(reader);
    return NULL;
}

static void write_round(struct crowd *crowd, struct store *store, uint64_t round)
{
    uint64_t room[RECORD_WORDS];
    struct key key = key_of("round");
    struct bytes value = {.at = (const uint8_t *)&round, .size = sizeof(round)};

    for (int i = 0; i < RECORDS_PER_ROUND; i++) {
        (void)journal_append(crowd->journal, record_of(journal_next(crowd->journal), room));
    }
    store_put(store, TABLE_META, &key, value);
    CHECK(journal_flush(crowd->journal) == STATUS_OK);
    store_put(store, TABLE_CASES, &key, value);
    CHECK(store_commit(store) == STATUS_OK);
}

void contract_readers_beside_a_writer_see_whole_commits(const struct makers *makers)
{
    struct store *store = makers->open_store();
    struct crowd crowd = {.journal = makers->open_journal()};
    pthread_t readers[READERS];

    CHECK(snapshots_open(&crowd.snapshots, store, READERS) == STATUS_OK);
    write_round(&crowd, store, 0);
    for (int i = 0; i < READERS; i++) {
        CHECK(pthread_create(&readers[i], NULL, read_along, &crowd) == 0);
    }
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        write_round(&crowd, store, round);
    }
    crowd.over = true;
    for (int i = 0; i < READERS; i++) {
        CHECK(pthread_join(readers[i], NULL) == 0);
    }
    CHECK_INTEGER(crowd.wrong, 0);
    CHECK_INTEGER(crowd.seen, ROUNDS);
    snapshots_close(crowd.snapshots);
    store_close(store);
    journal_close(crowd.journal);
}
