#include "store/keyring_file.h"

#include "contract/keyring_contract.h"
#include "lib/check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CASES_AT = 8192, SLOT_BYTES = 64, SALT_AT = 16 };

/* Each test runs in a process of its own, so this is its own folder. */
static char path[] = "/tmp/duban-keyring-XXXXXX";
static struct folder folder = {.fd = -1, .lock_fd = -1};

static void remove_folder(void)
{
    static const char *const names[] = {"private.keys", "master.key", "other.key",
                                        "duban.lock"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)unlinkat(folder.fd, names[i], 0);
    }
    (void)rmdir(path);
}

static enum status try_open(struct keyring **keyring, const char *master, bool fresh)
{
    if (folder.fd < 0) {
        CHECK(mkdtemp(path) != NULL);
        CHECK(folder_open(&folder, path) == STATUS_OK);
        (void)atexit(remove_folder);
    }
    return keyring_file_open(keyring, &folder, master, fresh);
}

static struct keyring *open_as(bool fresh)
{
    struct keyring *keyring = NULL;

    CHECK(try_open(&keyring, NULL, fresh) == STATUS_OK);
    return keyring;
}

static struct keyring *open_fresh(void)
{
    return open_as(true);
}

static struct keyring *crash(struct keyring *keyring)
{
    keyring_close(keyring);
    return open_as(false);
}

static const struct keyring_makers makers = {.open = open_fresh, .crash = crash};

#define CONTRACT(name)            \
    static void name(void)        \
    {                             \
        contract_##name(&makers); \
    }

CONTRACT(a_key_stays_what_it_was)
CONTRACT(a_destroyed_key_never_comes_back)
CONTRACT(keys_of_days_go_with_their_time)

static bool is_closed_to_others(const char *name)
{
    struct stat about;

    return fstatat(folder.fd, name, &about, 0) == 0 && (about.st_mode & 0777) == 0600;
}

static void both_files_are_closed_to_others(void)
{
    (void)umask(0);
    keyring_close(open_fresh());
    CHECK(is_closed_to_others("private.keys"));
    CHECK(is_closed_to_others("master.key"));
}

/* A keyring for the case of the given number; then what stands in the file. */
static struct seal_key make_one(uint64_t number)
{
    struct keyring *keyring = open_fresh();
    struct seal_key key = {{0}};

    CHECK(keyring_make(keyring, KEY_OF_CASE, number, &key) == STATUS_OK);
    keyring_close(keyring);
    return key;
}

static void change(const char *name, off_t at, uint8_t flipped)
{
    int fd = openat(folder.fd, name, O_RDWR);
    uint8_t byte = 0;

    CHECK(fd >= 0 && pread(fd, &byte, 1, at) == 1);
    byte ^= flipped;
    CHECK(pwrite(fd, &byte, 1, at) == 1);
    (void)close(fd);
}

static void without_its_master_key_it_is_refused(void)
{
    struct keyring *keyring = NULL;

    (void)make_one(1);
    CHECK(unlinkat(folder.fd, "master.key", 0) == 0);
    CHECK(try_open(&keyring, NULL, false) == STATUS_REFUSED);
    CHECK(faccessat(folder.fd, "master.key", F_OK, 0) != 0); /* none is made in its place */
}

static void another_master_key_is_refused(void)
{
    struct keyring *keyring = NULL;

    (void)make_one(1);
    change("master.key", 3, 0x5a);
    CHECK(try_open(&keyring, NULL, false) == STATUS_REFUSED);
}

static void a_keyring_that_is_gone_is_refused(void)
{
    struct keyring *keyring = NULL;

    (void)make_one(1);
    CHECK(unlinkat(folder.fd, "private.keys", 0) == 0);
    CHECK(try_open(&keyring, NULL, false) == STATUS_REFUSED);
}

static void write_key(const char *name, size_t size, mode_t mode)
{
    static const uint8_t bytes[64] = {7};
    int fd = openat(folder.fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    CHECK(fd >= 0 && fchmod(fd, mode) == 0 && write(fd, bytes, size) == (ssize_t)size);
    (void)close(fd);
}

static void a_master_key_may_be_given(void)
{
    struct keyring *keyring = open_fresh();
    char master[64];

    keyring_close(keyring);
    CHECK(unlinkat(folder.fd, "master.key", 0) == 0);
    (void)snprintf(master, sizeof(master), "%s/other.key", path);
    CHECK(try_open(&keyring, master, true) == STATUS_REFUSED); /* not there */
    write_key("other.key", SEAL_KEY_BYTES, 0644);
    CHECK(try_open(&keyring, master, true) == STATUS_REFUSED); /* others may read it */
    write_key("other.key", SEAL_KEY_BYTES + 1, 0400);
    CHECK(try_open(&keyring, master, true) == STATUS_REFUSED);
    write_key("other.key", SEAL_KEY_BYTES, 0400);
    CHECK(try_open(&keyring, master, true) == STATUS_OK);
    keyring_close(keyring);
    CHECK(try_open(&keyring, master, false) == STATUS_OK);
    keyring_close(keyring);
    CHECK(faccessat(folder.fd, "master.key", F_OK, 0) != 0);
}

/* A slot that is not whole was lost by the disk: it never gives a wrong key. */
static void a_damaged_slot_gives_no_key(void)
{
    struct keyring *keyring;
    struct seal_key key = make_one(2);
    struct seal_key again;

    for (off_t at = 0; at < SLOT_BYTES; at++) {
        change("private.keys", CASES_AT + SLOT_BYTES + at, 0xa5);
        keyring = open_as(false);
        if (keyring_find(keyring, KEY_OF_CASE, 2, &again) == STATUS_OK) {
            CHECK(memcmp(again.bytes, key.bytes, SEAL_KEY_BYTES) == 0); /* of the zeros */
            CHECK(at >= SALT_AT + SEAL_KEY_BYTES);
        }
        keyring_close(keyring);
        key = make_one(2);
    }
}

static void a_destroyed_key_leaves_no_trace_in_the_file(void)
{
    uint8_t salt[SEAL_KEY_BYTES];
    uint8_t file[1 << 17];
    struct keyring *keyring;
    int fd;

    (void)make_one(3);
    fd = openat(folder.fd, "private.keys", O_RDONLY);
    CHECK(pread(fd, salt, sizeof(salt), CASES_AT + 2 * SLOT_BYTES + SALT_AT) == sizeof(salt));
    keyring = open_as(false);
    CHECK(keyring_destroy(keyring, 3) == STATUS_OK);
    keyring_close(keyring);

    ssize_t size = pread(fd, file, sizeof(file), 0);

    for (ssize_t i = 0; i + (ssize_t)sizeof(salt) <= size; i++) {
        CHECK(memcmp(file + i, salt, sizeof(salt)) != 0);
    }
    (void)close(fd);
}

/* An older store's keys, and above all what it destroyed, mean nothing to a new one. */
static void a_new_store_begins_without_keys(void)
{
    struct keyring *keyring = open_fresh();
    struct seal_key key;

    CHECK(keyring_destroy(keyring, 1) == STATUS_OK);
    keyring_close(keyring);
    keyring = open_fresh();
    CHECK(keyring_make(keyring, KEY_OF_CASE, 1, &key) == STATUS_OK);
    keyring_close(keyring);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_key_stays_what_it_was),
        TEST(a_destroyed_key_never_comes_back),
        TEST(keys_of_days_go_with_their_time),
        TEST(both_files_are_closed_to_others),
        TEST(without_its_master_key_it_is_refused),
        TEST(another_master_key_is_refused),
        TEST(a_keyring_that_is_gone_is_refused),
        TEST(a_master_key_may_be_given),
        TEST(a_damaged_slot_gives_no_key),
        TEST(a_destroyed_key_leaves_no_trace_in_the_file),
        TEST(a_new_store_begins_without_keys),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
