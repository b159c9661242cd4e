#include "base/clock.h"
#include "lib/check.h"

#define DAY_MS ((int64_t)86400000)

static const int64_t from_ms = 1772409600000;

/* A clock that began a minute ago and goes a day a second. */
static void set_pace(void)
{
    struct clock_pace pace = {
        .from_ms = from_ms, .since_ms = clock_wall_ms() - 60000, .rate = 86400};

    clock_set_pace(&pace);
}

static void a_clock_without_pace_is_the_machines(void)
{
    CHECK(clock_rate() == 1);
    CHECK(clock_wall_ms() > from_ms);
    CHECK(clock_steady_span_ms(1000) == 1000);
}

static void a_paced_clock_goes_on_from_where_it_began(void)
{
    set_pace();

    int64_t now_ms = clock_wall_ms();

    CHECK(now_ms >= from_ms + 60 * DAY_MS);
    CHECK(now_ms < from_ms + 120 * DAY_MS);
}

static void time_to_come_takes_less_of_the_steady_clock_but_never_too_little(void)
{
    set_pace();
    CHECK(clock_steady_span_ms(DAY_MS) == 1000);
    CHECK(clock_steady_span_ms(1) == 1);
    CHECK(clock_steady_span_ms(0) == 0);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_clock_without_pace_is_the_machines),
        TEST(a_paced_clock_goes_on_from_where_it_began),
        TEST(time_to_come_takes_less_of_the_steady_clock_but_never_too_little),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
