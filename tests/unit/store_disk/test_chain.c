#include "lib/check.h"
#include "store/chain.h"
#include "store/journal_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEGMENTS = 3, RECORDS_EACH = 3, RECORDS = SEGMENTS * RECORDS_EACH, FILE_MAX = 8192 };

/* Each test runs in a process of its own, so this is its own folder. */
static char path[] = "/tmp/duban-chain-XXXXXX";
static struct folder folder = {.fd = -1, .lock_fd = -1};

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

/* Three segments of three records each. Of what was written ahead only a little is kept, so that
 * every byte can be tried. */
static void write_journal(const char *salt)
{
    char text[32];
    char name[SEGMENT_NAME_BYTES];

    for (uint32_t law = 1; law <= SEGMENTS; law++) {
        struct journal *journal = NULL;

        CHECK(journal_files_open(&journal, &folder, law, 0) == STATUS_OK);
        for (int i = 0; i < RECORDS_EACH; i++) {
            int size = snprintf(text, sizeof(text), "%s %d of law %u", salt, i, law);

            (void)journal_append(journal, (struct bytes){(uint8_t *)text, (size_t)size});
        }
        CHECK(journal_flush(journal) == STATUS_OK);
        journal_close(journal);
        segment_name((law - 1) * RECORDS_EACH + 1, name);

        int fd = openat(folder.fd, name, O_RDWR);

        CHECK(ftruncate(fd, FILE_MAX) == 0);
        (void)close(fd);
    }
}

static void open_folder(void)
{
    CHECK(mkdtemp(path) != NULL);
    (void)atexit(remove_folder);
    CHECK(folder_open(&folder, path) == STATUS_OK);
    write_journal("record");
}

static uint64_t first_of(int segment)
{
    return (uint64_t)segment * RECORDS_EACH + 1;
}

static int open_segment(int segment)
{
    char name[SEGMENT_NAME_BYTES];

    segment_name(first_of(segment), name);
    return openat(folder.fd, name, O_RDWR);
}

static struct chain_report walk_to(uint64_t reached)
{
    struct chain_report report;

    CHECK(chain_walk(folder.fd, reached, NULL, &report) == STATUS_OK);
    return report;
}

static bool fault_is(const struct chain_report *report, const char *code)
{
    if (report->fault == NULL || strcmp(report->fault->code, code) != 0) {
        (void)printf("  the fault is %s, wanted %s\n",
                     report->fault == NULL ? "none" : report->fault->code, code);
        return false;
    }
    return true;
}

static void a_whole_journal_is_whole(void)
{
    open_folder();

    struct chain_report report = walk_to(RECORDS);

    CHECK(report.fault == NULL);
    CHECK_INTEGER(report.last, RECORDS);
    CHECK_INTEGER(report.segment_count, SEGMENTS);
    CHECK_INTEGER(report.torn_bytes, 0);
}

/* Where the last record of a segment ends. */
static uint64_t end_of_records(int fd)
{
    static uint8_t bytes[FILE_MAX];
    ssize_t size = pread(fd, bytes, sizeof(bytes), 0);
    uint64_t at = SEGMENT_HEAD_BYTES;

    for (int i = 0; i < RECORDS_EACH; i++) {
        struct segment_frame frame;
        struct bytes payload;

        CHECK(segment_record_decode((struct bytes){bytes + at, (size_t)size - at}, &frame,
                                    &payload) == STATUS_OK);
        at += segment_record_bytes(frame.size);
    }
    return at;
}

/* Every byte of every file, and a few behind the records: each change is told. */
static void every_byte_that_is_flipped_shows(void)
{
    enum { BEHIND = 64 };
    uint32_t missed = 0;

    open_folder();
    for (int segment = 0; segment < SEGMENTS; segment++) {
        int fd = open_segment(segment);
        uint64_t end = end_of_records(fd);

        for (uint64_t at = 0; at < end + BEHIND; at++) {
            uint8_t byte;

            CHECK(pread(fd, &byte, 1, (off_t)at) == 1);
            byte ^= (uint8_t)(1U << at % 8);
            CHECK(pwrite(fd, &byte, 1, (off_t)at) == 1);

            struct chain_report report = walk_to(RECORDS);
            bool behind = segment == SEGMENTS - 1 && at >= end;
            bool told =
                behind ? report.torn_bytes > 0 && report.fault == NULL : report.fault != NULL;

            if (!told) {
                (void)printf("  segment %d, byte %llu\n", segment, (unsigned long long)at);
                missed++;
            }
            byte ^= (uint8_t)(1U << at % 8);
            CHECK(pwrite(fd, &byte, 1, (off_t)at) == 1);
        }
        (void)close(fd);
    }
    CHECK_INTEGER(missed, 0);
    CHECK(walk_to(RECORDS).fault == NULL);
}

static void the_place_of_the_break_is_named(void)
{
    open_folder();

    int fd = open_segment(1);
    off_t at = SEGMENT_HEAD_BYTES + (off_t)segment_record_bytes(17) + SEGMENT_FRAME_BYTES;

    CHECK(pwrite(fd, "R", 1, at) == 1);

    struct chain_report report = walk_to(RECORDS);

    CHECK(fault_is(&report, "chain_sum"));
    CHECK_INTEGER(report.place.segment, first_of(1));
    CHECK_INTEGER(report.place.seq, first_of(1) + 1);
    CHECK_INTEGER(report.place.at, at - SEGMENT_FRAME_BYTES);
    CHECK_INTEGER(report.last, first_of(1));
    (void)close(fd);
}

/* A forger who makes the sums agree still breaks the chain behind it. */
static void a_record_forged_with_its_sums_does_not_join(void)
{
    uint8_t record[256];
    uint8_t digest[SEGMENT_HASH_BYTES];
    uint8_t hash[SEGMENT_HASH_BYTES];
    struct segment_frame frame;
    struct bytes payload;

    open_folder();

    int fd = open_segment(0);

    CHECK(pread(fd, record, sizeof(record), SEGMENT_HEAD_BYTES) == sizeof(record));
    CHECK(segment_record_decode((struct bytes){record, sizeof(record)}, &frame, &payload) ==
          STATUS_OK);

    uint8_t forged[256] = {0};

    segment_record_encode(&frame, (const uint8_t *)"forged and no less", forged, hash);
    frame.size = (uint32_t)payload.size;
    segment_record_hash((struct bytes){record, segment_record_bytes(frame.size)}, digest, hash);
    CHECK(pwrite(fd, forged, segment_record_bytes(frame.size), SEGMENT_HEAD_BYTES) > 0);

    struct chain_report report = walk_to(RECORDS);

    CHECK(fault_is(&report, "chain_joins"));
    CHECK_INTEGER(report.place.seq, 2);
    (void)close(fd);
}

static void rename_segment(int from, int to)
{
    char one[SEGMENT_NAME_BYTES];
    char other[SEGMENT_NAME_BYTES];

    segment_name(first_of(from), one);
    segment_name(first_of(to), other);
    CHECK(renameat(folder.fd, one, folder.fd, other) == 0);
}

static void drop_segment(int segment)
{
    char name[SEGMENT_NAME_BYTES];

    segment_name(first_of(segment), name);
    CHECK(unlinkat(folder.fd, name, 0) == 0);
}

static void a_segment_that_is_gone_shows(void)
{
    open_folder();
    drop_segment(1);

    struct chain_report report = walk_to(RECORDS);

    CHECK(fault_is(&report, "chain_gap"));
    CHECK_INTEGER(report.place.segment, first_of(1));
    drop_segment(0);
    report = walk_to(RECORDS);
    CHECK(fault_is(&report, "chain_gap"));
    CHECK_INTEGER(report.place.segment, 1);
    drop_segment(2);
    report = walk_to(RECORDS);
    CHECK(fault_is(&report, "chain_none"));
}

static void the_last_segment_that_is_gone_shows_by_the_state(void)
{
    open_folder();
    drop_segment(2);

    struct chain_report report = walk_to(RECORDS);

    CHECK(fault_is(&report, "chain_ends"));
    CHECK_INTEGER(report.place.seq, first_of(2));
    CHECK(walk_to(first_of(2) - 1).fault == NULL);
}

static void segments_that_were_swapped_show(void)
{
    open_folder();
    rename_segment(1, 5);
    rename_segment(2, 1);
    rename_segment(5, 2);

    struct chain_report report = walk_to(RECORDS);

    CHECK(fault_is(&report, "chain_named"));
    CHECK_INTEGER(report.place.segment, first_of(1));
}

static void a_segment_of_another_store_shows(void)
{
    char name[SEGMENT_NAME_BYTES];
    static uint8_t bytes[FILE_MAX];

    open_folder();

    int fd = open_segment(1);
    ssize_t size = pread(fd, bytes, sizeof(bytes), 0);

    (void)close(fd);
    for (int segment = 0; segment < SEGMENTS; segment++) {
        drop_segment(segment);
    }
    write_journal("another");
    segment_name(first_of(1), name);
    fd = openat(folder.fd, name, O_RDWR | O_TRUNC);
    CHECK(pwrite(fd, bytes, (size_t)size, 0) == size);
    (void)close(fd);

    struct chain_report report = walk_to(RECORDS);

    CHECK(fault_is(&report, "chain_store"));
}

/* Cut at every byte: below what the state has seen it shows, behind it that is a torn write. */
static void a_file_cut_anywhere_shows(void)
{
    uint32_t missed = 0;
    static uint8_t bytes[FILE_MAX];

    open_folder();

    int fd = open_segment(2);
    uint64_t end = end_of_records(fd);

    CHECK(pread(fd, bytes, sizeof(bytes), 0) == sizeof(bytes));
    for (uint64_t at = 0; at < end; at++) {
        CHECK(ftruncate(fd, (off_t)at) == 0);

        struct chain_report report = walk_to(RECORDS);
        struct chain_report crashed = walk_to(first_of(2) - 1);

        missed += report.fault == NULL;
        missed += crashed.fault != NULL;
        CHECK(pwrite(fd, bytes, sizeof(bytes), 0) == sizeof(bytes));
    }
    CHECK_INTEGER(missed, 0);
    (void)close(fd);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_whole_journal_is_whole),
        TEST(every_byte_that_is_flipped_shows),
        TEST(the_place_of_the_break_is_named),
        TEST(a_record_forged_with_its_sums_does_not_join),
        TEST(a_segment_that_is_gone_shows),
        TEST(the_last_segment_that_is_gone_shows_by_the_state),
        TEST(segments_that_were_swapped_show),
        TEST(a_segment_of_another_store_shows),
        TEST(a_file_cut_anywhere_shows),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
