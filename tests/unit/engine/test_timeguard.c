#include "engine/timeguard.h"
#include "lib/check.h"

#define HOUR_MS ((int64_t)3600000)

/* Noon of some day on the wall, anything on the steady clock. */
enum { STEADY_MS = 5000 };
static const int64_t noon_ms = 20000 * 24 * HOUR_MS;

static struct timeguard begun(void)
{
    struct timeguard guard = {.bound_ms = TIMEGUARD_BOUND_MS};

    timeguard_begin(&guard, noon_ms, STEADY_MS, noon_ms - HOUR_MS, true);
    CHECK(!guard.guarded);
    return guard;
}

static void a_steady_wall_clock_is_followed(void)
{
    struct timeguard guard = begun();

    CHECK(timeguard_look(&guard, noon_ms + 1000, STEADY_MS + 1000) == noon_ms + 1000);
    CHECK(timeguard_look(&guard, noon_ms + 2500, STEADY_MS + 2000) == noon_ms + 2500);
    CHECK(!guard.guarded);
}

static void a_jump_forward_is_guarded_and_time_goes_on_steadily(void)
{
    struct timeguard guard = begun();

    CHECK(timeguard_look(&guard, noon_ms + 10 * HOUR_MS, STEADY_MS + 1000) == noon_ms + 1000);
    CHECK(guard.guarded);
    CHECK(timeguard_look(&guard, noon_ms + 10 * HOUR_MS + 1000, STEADY_MS + 2000) ==
          noon_ms + 2000);
    CHECK(guard.guarded);
}

static void a_jump_back_is_guarded_too(void)
{
    struct timeguard guard = begun();

    CHECK(timeguard_look(&guard, noon_ms - HOUR_MS, STEADY_MS + 1000) == noon_ms + 1000);
    CHECK(guard.guarded);
}

static void a_return_within_the_bound_ends_it(void)
{
    struct timeguard guard = begun();

    (void)timeguard_look(&guard, noon_ms + 10 * HOUR_MS, STEADY_MS + 1000);
    CHECK(timeguard_look(&guard, noon_ms + 3000, STEADY_MS + 2000) == noon_ms + 3000);
    CHECK(!guard.guarded);
}

static void an_operator_may_accept_the_jump(void)
{
    struct timeguard guard = begun();

    (void)timeguard_look(&guard, noon_ms + 10 * HOUR_MS, STEADY_MS + 1000);
    timeguard_accept(&guard, noon_ms + 10 * HOUR_MS, STEADY_MS + 1000);
    CHECK(!guard.guarded);
    CHECK(timeguard_look(&guard, noon_ms + 10 * HOUR_MS + 5, STEADY_MS + 1005) ==
          noon_ms + 10 * HOUR_MS + 5);
}

static void a_start_before_the_last_record_is_guarded(void)
{
    struct timeguard guard = {.bound_ms = TIMEGUARD_BOUND_MS};

    timeguard_begin(&guard, noon_ms, STEADY_MS, noon_ms + HOUR_MS, true);
    CHECK(guard.guarded);
    CHECK(timeguard_look(&guard, noon_ms, STEADY_MS) == noon_ms + HOUR_MS);
}

static void a_long_gap_is_downtime_only_if_the_clock_is_known_to_be_right(void)
{
    struct timeguard guard = {.bound_ms = TIMEGUARD_BOUND_MS};
    int64_t long_ago_ms = noon_ms - 40 * 24 * HOUR_MS;

    timeguard_begin(&guard, noon_ms, STEADY_MS, long_ago_ms, true);
    CHECK(!guard.guarded);
    timeguard_begin(&guard, noon_ms, STEADY_MS, long_ago_ms, false);
    CHECK(guard.guarded);
    timeguard_begin(&guard, noon_ms, STEADY_MS, noon_ms - 24 * HOUR_MS, false);
    CHECK(!guard.guarded);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_steady_wall_clock_is_followed),
        TEST(a_jump_forward_is_guarded_and_time_goes_on_steadily),
        TEST(a_jump_back_is_guarded_too),
        TEST(a_return_within_the_bound_ends_it),
        TEST(an_operator_may_accept_the_jump),
        TEST(a_start_before_the_last_record_is_guarded),
        TEST(a_long_gap_is_downtime_only_if_the_clock_is_known_to_be_right),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
