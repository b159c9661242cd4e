#include "contract/store_contract.h"
#include "lib/check.h"
#include "store/journal_files.h"
#include "store/store_lmdb.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAP_BYTES ((size_t)1 << 30)

/* Each test runs in a process of its own, so this is its own folder. */
static char path[] = "/tmp/duban-disk-XXXXXX";
static struct folder folder = {.fd = -1, .lock_fd = -1};

/* The children that run the tests leave nothing behind. */
static void remove_folder(void)
{
    DIR *files = opendir(path);

    for (struct dirent *entry = files == NULL ? NULL : readdir(files); entry != NULL;
         entry = readdir(files)) {
        (void)unlinkat(dirfd(files), entry->d_name, 0);
    }
    if (files != NULL) {
        (void)closedir(files);
    }
    (void)rmdir(path);
}

static void open_folder(void)
{
    if (folder.fd < 0) {
        if (path[sizeof(path) - 2] == 'X') {
            CHECK(mkdtemp(path) != NULL);
            (void)atexit(remove_folder);
        }
        CHECK(folder_open(&folder, path) == STATUS_OK);
    }
}

static struct store *open_store(void)
{
    struct store *store = NULL;

    open_folder();
    CHECK(store_lmdb_open(&store, &folder, path, MAP_BYTES) == STATUS_OK);
    return store;
}

static struct journal *open_journal_of(uint32_t law)
{
    struct journal *journal = NULL;

    open_folder();
    CHECK(journal_files_open(&journal, &folder, law, 0) == STATUS_OK);
    return journal;
}

static struct journal *open_journal(void)
{
    return open_journal_of(1);
}

static struct store *crash_store(struct store *store)
{
    store_close(store);
    return open_store();
}

static struct journal *crash_journal(struct journal *journal)
{
    journal_close(journal);
    return open_journal();
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

static void append_text(struct journal *journal, const char *text)
{
    (void)journal_append(journal,
                         (struct bytes){.at = (const uint8_t *)text, .size = strlen(text)});
}

static bool reads(struct journal *journal, uint64_t seq, const char *text)
{
    struct bytes record;

    return journal_read(journal, seq, &record) == STATUS_OK &&
           bytes_equal(record, (struct bytes){(const uint8_t *)text, strlen(text)});
}

/* Three records, flushed; the answer is where the file ends. */
static off_t three_records(int *fd)
{
    struct journal *journal = open_journal();
    char name[SEGMENT_NAME_BYTES];

    append_text(journal, "one");
    append_text(journal, "two");
    append_text(journal, "three");
    CHECK(journal_flush(journal) == STATUS_OK);
    journal_close(journal);
    segment_name(1, name);
    *fd = openat(folder.fd, name, O_RDWR);
    CHECK(*fd >= 0);
    return SEGMENT_HEAD_BYTES + 3 * (off_t)segment_record_bytes(5);
}

static void a_torn_write_is_cut_and_what_was_flushed_stays(void)
{
    int fd;
    off_t end = three_records(&fd);

    CHECK(pwrite(fd, "torn", 4, end + 20) == 4);
    (void)close(fd);

    struct journal *journal = open_journal();

    CHECK(journal_files_cut(journal) > 0);
    CHECK(journal_next(journal) == 4);
    CHECK(reads(journal, 3, "three"));
    append_text(journal, "four");
    CHECK(journal_flush(journal) == STATUS_OK);
    journal = crash_journal(journal);
    CHECK(journal_next(journal) == 5);
    CHECK(reads(journal, 4, "four"));
    journal_close(journal);
}

/* What the state has seen was flushed: where it does not read any more nothing is cut. */
static void damage_below_the_state_is_not_cut(void)
{
    int fd;
    off_t end = three_records(&fd);
    struct journal *journal = NULL;
    struct stat about;

    CHECK(pwrite(fd, "T", 1, end - (off_t)segment_record_bytes(5) + 48) == 1);
    CHECK(fstat(fd, &about) == 0);

    off_t size = about.st_size;

    CHECK(journal_files_open(&journal, &folder, 1, 3) == STATUS_MALFORMED);
    CHECK(fstat(fd, &about) == 0 && about.st_size == size);
    CHECK(journal_files_open(&journal, &folder, 1, 2) == STATUS_OK);
    CHECK(journal_next(journal) == 3);
    journal_close(journal);
    (void)close(fd);
}

static void a_journal_that_is_gone_is_not_begun_anew(void)
{
    struct journal *journal = NULL;

    open_folder();
    CHECK(journal_files_open(&journal, &folder, 1, 7) == STATUS_NOT_FOUND);
    CHECK(journal_files_open(&journal, &folder, 1, 0) == STATUS_OK);
    journal_close(journal);
}

static void reading_changes_nothing(void)
{
    int fd;
    off_t end = three_records(&fd);
    struct journal *journal = NULL;
    struct stat before;
    struct stat after;
    uint8_t one[JOURNAL_HASH_BYTES];
    uint8_t other[JOURNAL_HASH_BYTES];

    CHECK(pwrite(fd, "torn", 4, end + 20) == 4);
    CHECK(fstat(fd, &before) == 0);
    CHECK(journal_files_open_read(&journal, &folder, 2, 2) == STATUS_OK);
    CHECK(journal_next(journal) == 3);
    CHECK(reads(journal, 2, "two"));
    CHECK(journal_hash(journal, 2, one) == STATUS_OK);
    append_text(journal, "three");
    CHECK(journal_flush(journal) == STATUS_OK);
    CHECK(reads(journal, 3, "three"));
    CHECK(journal_hash(journal, 2, other) == STATUS_OK);
    CHECK(memcmp(one, other, sizeof(one)) == 0);
    CHECK(journal_hash(journal, 3, one) == STATUS_OK);
    journal_close(journal);
    CHECK(journal_files_open_read(&journal, &folder, 2, UINT64_MAX) == STATUS_OK);
    CHECK(journal_next(journal) == 4);
    CHECK(journal_hash(journal, 3, other) == STATUS_OK);
    CHECK(memcmp(one, other, sizeof(one)) == 0);
    journal_close(journal);
    CHECK(fstat(fd, &after) == 0);
    CHECK(before.st_size == after.st_size);
    (void)close(fd);
}

static void a_damaged_record_ends_the_journal_before_it(void)
{
    int fd;

    (void)three_records(&fd);
    CHECK(pwrite(fd, "T", 1, SEGMENT_HEAD_BYTES + (off_t)segment_record_bytes(3) + 48) == 1);
    (void)close(fd);

    struct journal *journal = open_journal();

    CHECK(journal_next(journal) == 2);
    journal_close(journal);
}

static void another_law_begins_another_segment(void)
{
    struct journal *journal = open_journal_of(1);
    uint32_t law = 0;

    append_text(journal, "old");
    CHECK(journal_flush(journal) == STATUS_OK);
    journal_close(journal);
    journal = open_journal_of(2);
    append_text(journal, "new");
    CHECK(journal_flush(journal) == STATUS_OK);
    CHECK(journal_law(journal, 1, &law) == STATUS_OK && law == 1);
    CHECK(journal_law(journal, 2, &law) == STATUS_OK && law == 2);
    CHECK(reads(journal, 1, "old"));
    CHECK(reads(journal, 2, "new"));
    journal_close(journal);
    journal_close(open_journal_of(3)); /* two updates without a record between them */
    journal = open_journal_of(4);
    CHECK(journal_next(journal) == 3);
    CHECK(journal_law(journal, 3, &law) == STATUS_OK && law == 4);
    journal_close(journal);
}

/* Enough for several segments; all of them are read again, in any order, and after a crash. */
static void records_are_found_across_segments(void)
{
    enum { COUNT = 700, SIZE = 100000 };
    struct journal *journal = open_journal();
    uint8_t *bytes = malloc(SIZE);
    struct bytes record;

    for (int i = 1; i <= COUNT; i++) {
        memset(bytes, i & 0xff, SIZE);
        (void)journal_append(journal, (struct bytes){bytes, SIZE - (size_t)i});
        if (i % 10 == 0) {
            CHECK(journal_flush(journal) == STATUS_OK);
        }
    }
    for (int round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < COUNT; i++) {
            uint64_t seq = 1 + i * 389 % COUNT;

            CHECK(journal_read(journal, seq, &record) == STATUS_OK);
            CHECK(record.size == SIZE - seq);
            CHECK(record.at[0] == (uint8_t)seq);
        }
        journal = crash_journal(journal);
        CHECK(journal_next(journal) == COUNT + 1);
    }
    journal_close(journal);
    free(bytes);
}

/* The reader was opened before any of them, and its last hash is the chain's head. */
static void a_reader_follows_into_new_segments(void)
{
    enum { COUNT = 400, SIZE = 100000 };
    struct journal *journal = open_journal();
    struct journal_reader *reader;
    struct journal_entry entry;
    uint8_t *bytes = malloc(SIZE);
    uint8_t head[SEGMENT_HASH_BYTES];

    CHECK(journal_reader_open(&reader, journal) == STATUS_OK);
    for (uint64_t seq = 1; seq <= COUNT; seq++) {
        memset(bytes, (int)(seq & 0xff), SIZE);
        (void)journal_append(journal, (struct bytes){bytes, SIZE - (size_t)seq});
        CHECK(journal_flush(journal) == STATUS_OK);
        CHECK(journal_reader_read(reader, seq, &entry) == STATUS_OK);
        CHECK(entry.record.size == SIZE - seq && entry.record.at[0] == (uint8_t)seq);
    }
    journal_files_head(journal, head);
    CHECK(memcmp(entry.hash, head, sizeof(head)) == 0);
    CHECK(journal_reader_read(reader, 1, &entry) == STATUS_OK);
    CHECK(entry.record.at[0] == 1);
    journal_reader_close(reader);
    journal_close(journal);
    free(bytes);
}

static void a_stillborn_segment_is_forgotten(void)
{
    int fd;
    char name[SEGMENT_NAME_BYTES];

    (void)three_records(&fd);
    (void)close(fd);
    segment_name(4, name);
    fd = openat(folder.fd, name, O_RDWR | O_CREAT, 0600);
    CHECK(fd >= 0);
    (void)close(fd);

    struct journal *journal = open_journal();

    CHECK(journal_next(journal) == 4);
    CHECK(reads(journal, 3, "three"));
    journal_close(journal);
}

/* LMDB's first write came about in part, or not at all. */
static void a_stillborn_state_is_made_again(void)
{
    static const uint8_t zeros[8192];
    struct store *store = open_store();
    struct key key = {.bytes = "k", .size = 1};
    struct bytes value;

    for (int i = 0; i < 3; i++) {
        static const size_t sizes[] = {0, 4096, 8192};

        store_close(store);

        int fd = openat(folder.fd, "state.mdb", O_RDWR | O_TRUNC);

        CHECK(fd >= 0 && write(fd, zeros, sizes[i]) == (ssize_t)sizes[i]);
        (void)close(fd);
        store = open_store();
        CHECK(!store_get(store, TABLE_META, &key, &value));
        store_put(store, TABLE_META, &key, (struct bytes){0});
        CHECK(store_commit(store) == STATUS_OK);
    }
    store_close(store);
    store = open_store(); /* and one that was committed stays */
    CHECK(store_get(store, TABLE_META, &key, &value));
    store_close(store);
}

static void a_second_daemon_is_kept_out(void)
{
    struct folder second;

    open_folder();
    CHECK(folder_open(&second, path) == STATUS_REFUSED);
}

static void a_folder_that_others_write_to_is_refused(void)
{
    struct folder second;

    open_folder();
    folder_close(&folder);
    CHECK(chmod(path, 0777) == 0);
    CHECK(folder_open(&second, path) == STATUS_REFUSED);
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
        TEST(a_torn_write_is_cut_and_what_was_flushed_stays),
        TEST(damage_below_the_state_is_not_cut),
        TEST(a_journal_that_is_gone_is_not_begun_anew),
        TEST(reading_changes_nothing),
        TEST(a_damaged_record_ends_the_journal_before_it),
        TEST(another_law_begins_another_segment),
        TEST(records_are_found_across_segments),
        TEST(a_reader_follows_into_new_segments),
        TEST(a_stillborn_segment_is_forgotten),
        TEST(a_stillborn_state_is_made_again),
        TEST(a_second_daemon_is_kept_out),
        TEST(a_folder_that_others_write_to_is_refused),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
