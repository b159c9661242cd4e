/* DUBAN_JOBS and DUBAN_SEED: how many, and which. */
#include "sim/workers.h"

#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>

bool chance(struct play *play, int64_t in_a_thousand)
{
    return rng_between(&play->rng, 1, 1000) <= in_a_thousand;
}

bool fault(struct play *play, int64_t in_a_thousand)
{
    return play->faults && chance(play, in_a_thousand);
}

static bool has_come_to_rest(struct play *play, const struct call *call, bool *shown)
{
    static uint8_t room[1 << 16];
    struct arena arena;
    struct job job;

    arena_init_over(&arena, room, sizeof(room));
    *shown = engine_job(play->world.engine, call->job, &arena, &job);
    return !*shown || job.state == JOB_UNKNOWN || job.state == JOB_INCIDENT;
}

static bool all_rest(struct play *play)
{
    bool shown;

    for (uint32_t i = 0; i < play->call_count; i++) {
        if (!has_come_to_rest(play, &play->calls[i], &shown)) {
            return false;
        }
    }
    return true;
}

static void pass(struct play *play, int64_t ms)
{
    play->steady_ms += ms;
    play->world.now_ms += ms;
    play->turns++;
}

/* Calls come in while everything goes wrong; then nothing does, until all has come to rest. */
static void run(struct play *play)
{
    enum { REST_TURNS_MAX = 200000 };

    while (play->call_count < play->calls_max) {
        for (int i = 0; i < 3 && play->call_count < play->calls_max; i++) {
            daemon_open_call(play);
        }
        daemon_turn(play);
        pass(play, TURN_MS);
    }
    for (int i = 0; i < 500; i++) {
        daemon_turn(play);
        pass(play, TURN_MS);
    }
    play->faults = false;
    for (int i = 0; i < REST_TURNS_MAX && (i % 50 != 0 || !all_rest(play)); i++) {
        daemon_turn(play);
        pass(play, ROSTER_GAP_MS_MAX - 100);
    }
    CHECK(all_rest(play));
}

enum { SEEDS = 4 };

static uint32_t calls_wanted(uint32_t otherwise)
{
    const char *wanted = getenv("DUBAN_JOBS");

    return wanted == NULL ? otherwise : (uint32_t)strtoul(wanted, NULL, 10);
}

static uint64_t seed_wanted(uint64_t otherwise)
{
    const char *wanted = getenv("DUBAN_SEED");

    return wanted == NULL ? otherwise : strtoull(wanted, NULL, 10);
}

/* Each call reached somebody, or is shown to be in doubt; twice only where nobody could know. */
static void check_calls(struct play *play, uint64_t seed)
{
    uint32_t doubles = 0;
    uint32_t ambiguous = 0;
    uint32_t doubts = 0;

    for (uint32_t i = 0; i < play->call_count; i++) {
        const struct call *call = &play->calls[i];
        bool shown;

        CHECK(has_come_to_rest(play, call, &shown));
        CHECK(call->sent >= 1 || (shown && !play->idempotent));
        CHECK(call->sent <= call->denied + 1); /* what is in doubt is not sent again */
        CHECK(!play->idempotent || call->sent == 1);
        doubles += call->sent > 1 ? call->sent - 1 : 0;
        ambiguous += call->ambiguous;
        doubts += shown ? 1 : 0;
    }
    (void)printf(
        "seed %llu: %u jobs, %u deaths of workers, %u crashes of the daemon, %u lies that "
        "changed nothing, %u stale answers, %u ambiguous attempts, %u sent twice, %u in "
        "doubt, %u turns\n",
        (unsigned long long)seed, play->call_count, play->deaths, play->crashes, play->lies,
        play->stale, ambiguous, doubles, doubts, play->turns);
}

static void play_once(uint64_t seed, uint32_t calls, bool idempotent)
{
    static struct play place;
    struct play *play = &place;

    daemon_begin(play, seed, calls, idempotent);
    run(play);
    check_calls(play, seed);
    daemon_end(play);
}

static void nobody_is_told_twice_but_where_nobody_could_know(void)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        play_once(seed_wanted(seed), calls_wanted(1000), false);
    }
}

static void where_a_key_counts_once_everybody_is_told_once(void)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        play_once(seed_wanted(seed), calls_wanted(1000), true);
    }
}

static void three_days_of_dead_workers_lose_nothing(void)
{
    static struct play place;
    struct play *play = &place;

    daemon_begin(play, seed_wanted(3), calls_wanted(300), false);
    for (uint32_t i = 0; i < CARRIERS; i++) {
        play->carriers[i].asleep_ms = 3 * DAY_MS;
    }
    while (play->call_count < play->calls_max) {
        daemon_open_call(play);
    }
    play->faults = false;
    while (play->steady_ms < 3 * DAY_MS) {
        daemon_turn(play);
        pass(play, HOUR_MS);
    }
    run(play);
    check_calls(play, seed_wanted(3));
    for (uint32_t i = 0; i < play->call_count; i++) {
        CHECK_INTEGER(play->calls[i].sent, 1);
    }
    daemon_end(play);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(nobody_is_told_twice_but_where_nobody_could_know),
        TEST(where_a_key_counts_once_everybody_is_told_once),
        TEST(three_days_of_dead_workers_lose_nothing),
    };

    log_set(LOG_LEVEL_ERROR, false);
    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
