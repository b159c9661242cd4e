#include "lib/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A broken table of ten thousand rows says enough with its first ones. */
enum { FAILURES_SHOWN_MAX = 20 };

static int failures;

static bool judge(bool holds)
{
    if (!holds && ++failures == FAILURES_SHOWN_MAX) {
        (void)fprintf(stderr, "  … and leaves it at these %d\n", failures);
        exit(EXIT_FAILURE);
    }
    return holds;
}

bool check_that(bool holds, const char *condition, const char *file, int line)
{
    if (!holds) {
        (void)fprintf(stderr, "  %s:%d: not so: %s\n", file, line, condition);
    }
    return judge(holds);
}

bool check_text(struct text actual, struct text expected, const char *what, const char *file,
                int line)
{
    bool same = text_equal(actual, expected);

    if (!same) {
        (void)fprintf(stderr, "  %s:%d: %s\n    is     \"%.*s\"\n    wanted \"%.*s\"\n", file,
                      line, what, TEXT_ARGS(actual), TEXT_ARGS(expected));
    }
    return judge(same);
}

bool check_integer(int64_t actual, int64_t expected, const char *what, const char *file,
                   int line)
{
    if (actual != expected) {
        (void)fprintf(stderr, "  %s:%d: %s is %" PRId64 ", wanted %" PRId64 "\n", file, line,
                      what, actual, expected);
    }
    return judge(actual == expected);
}

struct text check_same_text(struct text text)
{
    return text;
}

/* Runs the test in a child and waits for it; leak checkers judge at the child's exit. */
static bool passes(const struct test *test)
{
    int state;
    pid_t child;

    (void)fflush(NULL);
    child = fork();
    if (child == 0) {
        test->run();
        exit(failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    if (child < 0 || waitpid(child, &state, 0) != child) {
        perror("  no process for the test");
        return false;
    }
    if (WIFSIGNALED(state)) {
        (void)fprintf(stderr, "  ended by %s\n", strsignal(WTERMSIG(state)));
    }
    return WIFEXITED(state) && WEXITSTATUS(state) == EXIT_SUCCESS;
}

static bool passes_here(const struct test *test)
{
    int before = failures;

    test->run();
    return failures == before;
}

static bool asked_for(const char *name, int argc, char **argv)
{
    bool all = true;

    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-') {
            if (strstr(name, argv[i]) != NULL) {
                return true;
            }
            all = false;
        }
    }
    return all;
}

static bool flagged(const char *flag, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], flag) == 0) {
            return true;
        }
    }
    return false;
}

int run_tests(const struct test *tests, size_t count, int argc, char **argv)
{
    bool list = flagged("--list", argc, argv);
    bool here = flagged("--here", argc, argv);
    size_t ran = 0;
    size_t failed = 0;

    for (size_t i = 0; i < count; i++) {
        if (!asked_for(tests[i].name, argc, argv)) {
            continue;
        }
        ran++;
        if (list) {
            (void)puts(tests[i].name);
        } else if (!(here ? passes_here(&tests[i]) : passes(&tests[i]))) {
            failed++;
            (void)fprintf(stderr, "FAILED %s\n", tests[i].name);
        }
    }
    if (!list) {
        (void)printf("%zu tests, %zu failed\n", ran, failed);
    }
    return failed == 0 && ran > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
