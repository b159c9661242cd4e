#include "process.h"

#include "lib/check.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct process_end shell(const char *script, const char *input, int64_t time_ms)
{
    char sh[] = "/bin/sh";
    char flag[] = "-c";
    char room[1024];
    char variable[] = "WORD=given";
    char *const argv[] = {sh, flag, room, NULL};
    char *const environment[] = {variable, NULL};
    struct process process = {.argv = argv,
                              .environment = environment,
                              .folder = "/",
                              .input = input,
                              .input_bytes = strlen(input),
                              .time_ms = time_ms,
                              .output_bytes = 100000};
    struct process_end end;

    (void)snprintf(room, sizeof(room), "%s", script);
    process_run(&process, &end);
    return end;
}

static void it_is_fed_and_heard(void)
{
    struct process_end end = shell("cat; echo oh >&2; exit 3", "in\nand in\n", 20000);

    CHECK_INTEGER(end.how, PROCESS_EXITED);
    CHECK_INTEGER(end.code, 3);
    CHECK_TEXT(end.output, "in\nand in\n");
    CHECK_TEXT(end.errors, "oh\n");
    process_end_free(&end);
}

static void one_that_does_not_read_is_no_failure(void)
{
    size_t size = 1 << 20;
    char *much = malloc(size + 1);

    CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR); /* as the kit has it */
    memset(much, 'x', size);
    much[size] = '\0';

    struct process_end end = shell("exec 0<&-; echo id; exit 0", much, 20000);

    CHECK_INTEGER(end.how, PROCESS_EXITED);
    CHECK_INTEGER(end.code, 0);
    CHECK_TEXT(end.output, "id\n");
    process_end_free(&end);
    end = shell("wc -c", much, 20000);
    CHECK_INTEGER(strtol(end.output, NULL, 10), (long)size);
    process_end_free(&end);
    free(much);
}

static void it_has_nothing_of_ours(void)
{
    CHECK(setenv("SECRET", "ours", 1) == 0);
    CHECK(dup2(0, 77) == 77);

    struct process_end end =
        shell("env | grep -v '^PWD=\\|^_=\\|^SHLVL='; ls /proc/self/fd | tr '\\n' ' '; pwd", "",
              20000);

    CHECK_TEXT(end.output, "WORD=given\n0 1 2 3 /\n"); /* 3 is the folder that ls reads */
    process_end_free(&end);
    end = shell("ps -o pgid= -p $$ | tr -d ' '; echo $$; trap", "", 20000);
    if (end.output != NULL) {
        char *second = strchr(end.output, '\n');

        CHECK(second != NULL &&
              strncmp(end.output, second + 1, (size_t)(second - end.output)) == 0);
    }
    process_end_free(&end);
}

static void it_may_not_take_too_long(void)
{
    struct process_end end = shell("echo begun; sleep 60", "", 300);

    CHECK_INTEGER(end.how, PROCESS_OVERTIME);
    CHECK_TEXT(end.output, "begun\n");
    process_end_free(&end);
    end = shell("trap '' TERM; while :; do sleep 1; done", "", 200);
    CHECK_INTEGER(end.how, PROCESS_OVERTIME);
    process_end_free(&end);
}

static void it_may_not_write_too_much(void)
{
    struct process_end end = shell("while :; do echo much; done", "", 20000);

    CHECK_INTEGER(end.how, PROCESS_OVERFLOW);
    CHECK_INTEGER(strlen(end.output), 100000);
    process_end_free(&end);
}

static void what_it_leaves_behind_ends_with_it(void)
{
    char *end_of_pid;
    struct process_end end = shell("sleep 60 & echo $!", "", 20000);
    pid_t left = (pid_t)strtol(end.output, &end_of_pid, 10);

    CHECK_INTEGER(end.how, PROCESS_EXITED);
    CHECK(left > 0);
    for (int i = 0; i < 500 && kill(left, 0) == 0; i++) {
        char path[64];
        char state[256] = "";

        (void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)left);

        FILE *file = fopen(path, "re"); /* a zombie is dead, whoever has to bury it */

        if (file != NULL) {
            CHECK(fread(state, 1, sizeof(state) - 1, file) > 0);
            (void)fclose(file);
        }
        if (strstr(state, ") Z ") != NULL) {
            break;
        }
        CHECK(i < 499);
        (void)nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    process_end_free(&end);
}

static void it_may_die_of_its_own(void)
{
    struct process_end end = shell("kill -SEGV $$", "", 20000);

    CHECK_INTEGER(end.how, PROCESS_KILLED);
    CHECK_INTEGER(end.code, SIGSEGV);
    process_end_free(&end);
}

static void it_may_not_be_there(void)
{
    char path[] = "/nowhere/at/all";
    char *const argv[] = {path, NULL};
    char *const environment[] = {NULL};
    struct process process = {.argv = argv,
                              .environment = environment,
                              .folder = "/",
                              .input = "",
                              .time_ms = 1000,
                              .output_bytes = 1000};
    struct process_end end;

    process_run(&process, &end);
    CHECK_INTEGER(end.how, PROCESS_NOT_STARTED);
    CHECK_INTEGER(end.code, ENOENT);
    process_end_free(&end);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(it_is_fed_and_heard),       TEST(one_that_does_not_read_is_no_failure),
        TEST(it_has_nothing_of_ours),    TEST(it_may_not_take_too_long),
        TEST(it_may_not_write_too_much), TEST(what_it_leaves_behind_ends_with_it),
        TEST(it_may_die_of_its_own),     TEST(it_may_not_be_there),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
