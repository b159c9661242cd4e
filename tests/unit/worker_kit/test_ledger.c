#include "ledger.h"

#include "lib/check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DAY_MS = 24 * 3600 * 1000 };

/* Each test runs in a process of its own, so this is its own folder. */
static char parent[] = "/tmp/duban-ledger-XXXXXX";
static char folder[64];

static void remove_folder(void)
{
    static const char *const names[] = {"ledger.mdb", "ledger.mdb-lock", "ledger.lock"};
    char path[128];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
    (void)snprintf(path, sizeof(path), "%s/deep", parent);
    (void)rmdir(path);
    (void)rmdir(parent);
}

static struct ledger *open_ledger(void)
{
    struct ledger *ledger = NULL;

    if (folder[0] == '\0') {
        CHECK(mkdtemp(parent) != NULL);
        (void)snprintf(folder, sizeof(folder), "%s/deep/ledger", parent);
        (void)atexit(remove_folder);
    }
    CHECK(ledger_open(&ledger, folder) == STATUS_OK);
    return ledger;
}

static struct ledger *reopen(struct ledger *ledger)
{
    CHECK(ledger_flush(ledger) == STATUS_OK);
    ledger_close(ledger);
    return open_ledger();
}

static void keep(struct ledger *ledger, const char *key, const char *provider, int64_t now_ms)
{
    struct ledger_sent sent = {.sent_at_ms = 1772413200000};

    memset(sent.sha256, 0xa5, sizeof(sent.sha256));
    (void)snprintf(sent.provider_id, sizeof(sent.provider_id), "%s", provider);
    ledger_keep_sent(ledger, key, &sent, now_ms);
}

static void keep_result(struct ledger *ledger, uint64_t token, const char *words)
{
    ledger_keep_result(ledger, token, (struct bytes){(const uint8_t *)words, strlen(words)});
}

static void what_was_sent_is_known_in_the_next_life(void)
{
    struct ledger *ledger = open_ledger();
    struct ledger_sent sent;

    CHECK(ledger_was_sent(ledger, "s-1-sms-0", &sent) == STATUS_NOT_FOUND);
    keep(ledger, "s-1-sms-0", "P-1", 1);
    CHECK(ledger_was_sent(ledger, "s-1-sms-0", &sent) == STATUS_OK);
    CHECK(ledger_is_dirty(ledger));
    ledger = reopen(ledger);
    CHECK(!ledger_is_dirty(ledger));
    CHECK(ledger_was_sent(ledger, "s-1-sms-0", &sent) == STATUS_OK);
    CHECK_TEXT(sent.provider_id, "P-1");
    CHECK_INTEGER(sent.sent_at_ms, 1772413200000);
    CHECK_INTEGER(sent.sha256[31], 0xa5);
    CHECK(ledger_was_sent(ledger, "s-1-sms-1", &sent) == STATUS_NOT_FOUND);
    ledger_close(ledger);
}

static void what_was_not_flushed_was_not(void)
{
    struct ledger *ledger = open_ledger();
    struct ledger_sent sent;

    keep(ledger, "k", "", 1);
    ledger_close(ledger);
    ledger = open_ledger();
    CHECK(ledger_was_sent(ledger, "k", &sent) == STATUS_NOT_FOUND);
    ledger_close(ledger);
}

static void results_wait_until_they_are_settled(void)
{
    struct ledger *ledger = open_ledger();
    struct ledger_owner owner = {.store = "store", .generation = 3};
    struct bytes frame;
    uint64_t token = 0;

    CHECK_TEXT(ledger_owner(ledger).store, "");
    ledger_set_owner(ledger, &owner);
    keep_result(ledger, 300, "the third");
    keep_result(ledger, 7, "the first");
    ledger = reopen(ledger);
    CHECK_TEXT(ledger_owner(ledger).store, "store");
    CHECK_INTEGER(ledger_owner(ledger).generation, 3);
    CHECK(ledger_next_result(ledger, &token, &frame));
    CHECK_INTEGER(token, 7);
    CHECK_TEXT(((struct text){(const char *)frame.at, frame.size}), "the first");
    token++;
    CHECK(ledger_next_result(ledger, &token, &frame));
    CHECK_INTEGER(token, 300);
    ledger_drop_result(ledger, 7);
    ledger_drop_result(ledger, 8); /* which is not there */
    ledger = reopen(ledger);
    token = 0;
    CHECK(ledger_next_result(ledger, &token, &frame));
    CHECK_INTEGER(token, 300);
    ledger_close(ledger);
}

static void another_generation_has_other_tokens(void)
{
    struct ledger *ledger = open_ledger();
    struct ledger_owner owner = {.store = "store", .generation = 1};
    struct ledger_sent sent;
    struct bytes frame;
    uint64_t token = 0;

    ledger_set_owner(ledger, &owner);
    keep(ledger, "k", "", 1);
    keep_result(ledger, 7, "of the first");
    ledger = reopen(ledger);
    owner.generation = 2;
    ledger_set_owner(ledger, &owner);
    CHECK(!ledger_next_result(ledger, &token, &frame));
    CHECK(ledger_was_sent(ledger, "k", &sent) == STATUS_OK);
    ledger = reopen(ledger);
    CHECK(!ledger_next_result(ledger, &token, &frame));
    CHECK_INTEGER(ledger_owner(ledger).generation, 2);
    ledger_close(ledger);
}

static void what_is_older_than_any_job_is_forgotten(void)
{
    struct ledger *ledger = open_ledger();
    struct ledger_sent sent;
    char key[16];
    int64_t now_ms = LEDGER_KEEP_MS + 10 * (int64_t)DAY_MS;

    for (int i = 0; i < 600; i++) {
        (void)snprintf(key, sizeof(key), "old-%d", i);
        keep(ledger, key, "", DAY_MS + i);
    }
    keep(ledger, "new", "", now_ms - DAY_MS);
    CHECK(!ledger_sweep(ledger, DAY_MS)); /* nothing is that old yet */
    CHECK(ledger_was_sent(ledger, "old-0", &sent) == STATUS_OK);
    while (ledger_sweep(ledger, now_ms)) {
    }
    ledger = reopen(ledger);
    for (int i = 0; i < 600; i++) {
        (void)snprintf(key, sizeof(key), "old-%d", i);
        CHECK(ledger_was_sent(ledger, key, &sent) == STATUS_NOT_FOUND);
    }
    CHECK(ledger_was_sent(ledger, "new", &sent) == STATUS_OK);
    ledger_close(ledger);
}

/* Change a byte of what a value says, wherever it lies in the file. */
static void damage(const char *there)
{
    char path[128];
    char *bytes = malloc(1 << 20);

    (void)snprintf(path, sizeof(path), "%s/ledger.mdb", folder);

    int fd = open(path, O_RDWR | O_CLOEXEC);
    ssize_t size = read(fd, bytes, 1 << 20);
    int count = 0;

    CHECK(size > 0);
    for (ssize_t i = 0; i + (ssize_t)strlen(there) <= size; i++) {
        if (memcmp(bytes + i, there, strlen(there)) == 0) {
            CHECK(pwrite(fd, "X", 1, i) == 1);
            count++;
        }
    }
    CHECK(count > 0);
    (void)close(fd);
    free(bytes);
}

static void who_cannot_tell_says_so(void)
{
    struct ledger *ledger = open_ledger();
    struct ledger_sent sent;

    keep(ledger, "k", "PROVIDER-7", 1);
    CHECK(ledger_flush(ledger) == STATUS_OK);
    ledger_close(ledger);
    damage("PROVIDER-7");
    ledger = open_ledger();
    CHECK(ledger_was_sent(ledger, "k", &sent) == STATUS_DISK);
    CHECK(ledger_was_sent(ledger, "other", &sent) == STATUS_DISK); /* until a flush tells it */
    CHECK(ledger_flush(ledger) == STATUS_DISK);
    ledger_close(ledger);
}

static void one_process_has_it(void)
{
    struct ledger *ledger = open_ledger();
    pid_t child = fork();
    int status;

    if (child == 0) {
        struct ledger *other;

        _exit(ledger_open(&other, folder) == STATUS_REFUSED ? 0 : 1);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_INTEGER(status, 0);
    ledger_close(ledger);
}

static void it_survives_a_kill(void)
{
    struct ledger *ledger = open_ledger();
    struct ledger_sent sent;
    int pipe_ends[2];
    char key[16];
    pid_t child;
    int status;
    int last = -1;
    int flushed;

    ledger_close(ledger);
    CHECK(pipe(pipe_ends) == 0);
    child = fork();
    if (child == 0) {
        ledger = open_ledger();
        for (int i = 0;; i++) {
            (void)snprintf(key, sizeof(key), "k-%d", i);
            keep(ledger, key, "", 1);
            if (ledger_flush(ledger) != STATUS_OK ||
                write(pipe_ends[1], &i, sizeof(i)) != (ssize_t)sizeof(i)) {
                _exit(1);
            }
        }
    }
    while (last < 200 && read(pipe_ends[0], &flushed, sizeof(flushed)) > 0) {
        last = flushed;
    }
    CHECK(kill(child, SIGKILL) == 0);
    CHECK(waitpid(child, &status, 0) == child);
    ledger = open_ledger();
    for (int i = 0; i <= last; i++) {
        (void)snprintf(key, sizeof(key), "k-%d", i);
        CHECK(ledger_was_sent(ledger, key, &sent) == STATUS_OK);
    }
    ledger_close(ledger);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(what_was_sent_is_known_in_the_next_life),
        TEST(what_was_not_flushed_was_not),
        TEST(results_wait_until_they_are_settled),
        TEST(another_generation_has_other_tokens),
        TEST(what_is_older_than_any_job_is_forgotten),
        TEST(who_cannot_tell_says_so),
        TEST(one_process_has_it),
        TEST(it_survives_a_kill),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
