#include "lib/check.h"
#include "lib/rng.h"

#include <stdio.h>
#include <stdlib.h>

/* The harness judges everything else, so it is judged first: by tests that must fail. */
static void fails(void)
{
    CHECK(1 + 1 == 3);
}

static void crashes(void)
{
    abort();
}

static void leaves(void)
{
    exit(EXIT_FAILURE);
}

static void holds(void)
{
    CHECK(CHECK_TEXT("same", TEXT("same")));
    CHECK(CHECK_INTEGER(7, 7));
}

/* What the harness makes of one test; its words are not for the reader of this run. */
static int verdict_on(struct test test, char *part_of_name)
{
    char program[] = "test";
    char *arguments[] = {program, part_of_name, NULL};

    CHECK(freopen("/dev/null", "w", stderr) != NULL);
    CHECK(freopen("/dev/null", "w", stdout) != NULL);
    return run_tests(&test, 1, part_of_name == NULL ? 1 : 2, arguments);
}

static void a_failing_check_fails_the_run(void)
{
    CHECK(verdict_on((struct test)TEST(fails), NULL) != 0);
}

static void a_crash_fails_the_run_and_not_the_harness(void)
{
    CHECK(verdict_on((struct test)TEST(crashes), NULL) != 0);
    CHECK(verdict_on((struct test)TEST(leaves), NULL) != 0);
}

static void a_run_without_any_test_fails(void)
{
    char other[] = "other";
    char hold[] = "hold";

    CHECK(verdict_on((struct test)TEST(holds), other) != 0);
    CHECK(verdict_on((struct test)TEST(holds), hold) == 0);
}

static void a_seed_draws_the_same_numbers_for_ever(void)
{
    struct rng rng = rng_seeded(1);

    CHECK(rng_next(&rng) == 0x910a2dec89025cc1U);
    CHECK(rng_next(&rng) == 0xbeeb8da1658eec67U);
}

static void every_number_between_is_as_likely(void)
{
    enum { DRAWS = 60000, SIDES = 6 };
    struct rng rng = rng_seeded(0);
    int seen[SIDES] = {0};

    for (int i = 0; i < DRAWS; i++) {
        int64_t side = rng_between(&rng, -2, 3);

        CHECK(side >= -2 && side <= 3);
        seen[side + 2]++;
    }
    for (int i = 0; i < SIDES; i++) { /* seven standard deviations */
        CHECK(seen[i] > DRAWS / SIDES - 640 && seen[i] < DRAWS / SIDES + 640);
    }
    CHECK_INTEGER(rng_between(&rng, 5, 5), 5);
    (void)rng_between(&rng, INT64_MIN, INT64_MAX);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_failing_check_fails_the_run),
        TEST(a_crash_fails_the_run_and_not_the_harness),
        TEST(a_run_without_any_test_fails),
        TEST(a_seed_draws_the_same_numbers_for_ever),
        TEST(every_number_between_is_as_likely),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
