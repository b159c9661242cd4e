#ifndef DUBAN_LIB_CHECK_H
#define DUBAN_LIB_CHECK_H

/*
 * The tests' harness. A test is a function without arguments whose name is a sentence; each runs
 * in a process of its own, so that one crash does not hide the others. A failing check says what
 * and where, and the test goes on; only its verdict is lost.
 */
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct test {
    const char *name;
    void (*run)(void);
};

#define TEST(function)                       \
    {                                        \
        .name = #function, .run = (function) \
    }

/* The condition holds. */
#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)
/* Both are the same text; each a `struct text` or a C string. */
#define CHECK_TEXT(actual, expected) \
    check_text(CHECK_AS_TEXT(actual), CHECK_AS_TEXT(expected), #actual, __FILE__, __LINE__)
/* Both are the same whole number. */
#define CHECK_INTEGER(actual, expected) \
    check_integer((int64_t)(actual), (int64_t)(expected), #actual, __FILE__, __LINE__)

#define CHECK_AS_TEXT(x) \
    _Generic((x), struct text : check_same_text, char * : text_of, const char * : text_of)(x)

/* All of them are answered with whether they held. */
bool check_that(bool holds, const char *condition, const char *file, int line);
bool check_text(struct text actual, struct text expected, const char *what, const char *file,
                int line);
bool check_integer(int64_t actual, int64_t expected, const char *what, const char *file,
                   int line);
struct text check_same_text(struct text text);

/*
 * Runs the tests and returns main's exit code. Arguments are parts of names, to run those tests
 * only; `--list` prints the names; `--here` runs without further processes, for a debugger.
 */
int run_tests(const struct test *tests, size_t count, int argc, char **argv);

#endif
