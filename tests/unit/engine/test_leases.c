#include "engine/leases.h"
#include "lib/check.h"
#include "lib/rng.h"

enum { STEPS = 20000, LIVE_MAX = 300 };

/* What a lease is in a plain list. */
struct plain {
    uint64_t token;
    int64_t end_ms;
    int64_t term_ms;
};

static struct plain plains[LIVE_MAX];
static uint32_t plain_count;

static int64_t soonest_ms(void)
{
    int64_t soonest = INT64_MAX;

    for (uint32_t i = 0; i < plain_count; i++) {
        soonest = plains[i].end_ms < soonest ? plains[i].end_ms : soonest;
    }
    return soonest;
}

static void add(struct leases *leases, struct rng *rng, uint64_t token, int64_t now_ms)
{
    int64_t term_ms = rng_between(rng, 1, 1000);
    struct lease *lease = leases_add(leases, token, (uint16_t)(token % 64), term_ms, now_ms);

    CHECK(lease != NULL);
    plains[plain_count++] = (struct plain){token, now_ms + term_ms, term_ms};
}

static void touch(struct leases *leases, struct rng *rng, int64_t now_ms)
{
    struct plain *plain = &plains[rng_between(rng, 0, plain_count - 1)];
    struct lease *lease = leases_find(leases, plain->token);

    CHECK(lease != NULL);
    if (lease == NULL) {
        return;
    }
    CHECK_INTEGER(lease->worker, plain->token % 64);
    leases_renew(leases, lease, now_ms);
    plain->end_ms = now_ms + plain->term_ms;
}

static void drop(struct leases *leases, struct rng *rng)
{
    struct plain *plain = &plains[rng_between(rng, 0, plain_count - 1)];
    struct lease *lease = leases_find(leases, plain->token);

    CHECK(lease != NULL);
    if (lease == NULL) {
        return;
    }
    leases_drop(leases, lease);
    CHECK(leases_find(leases, plain->token) == NULL);
    *plain = plains[--plain_count];
}

static void the_next_to_end_is_first_whatever_happens(void)
{
    struct rng rng = rng_seeded(5);
    struct leases leases;

    CHECK(leases_open(&leases));
    for (int64_t step = 0; step < STEPS; step++) {
        int64_t what = rng_between(&rng, 0, 9);

        if (plain_count == 0 || (what < 4 && plain_count < LIVE_MAX)) {
            add(&leases, &rng, rng_next(&rng) | 1, step);
        } else if (what < 7) {
            touch(&leases, &rng, step);
        } else {
            drop(&leases, &rng);
        }
        CHECK_INTEGER(leases.count, plain_count);
        CHECK(plain_count == 0 ? leases_first(&leases) == NULL
                               : leases_first(&leases)->end_ms == soonest_ms());
    }
    CHECK(leases_find(&leases, 0) == NULL);
    leases_close(&leases);
}

static void there_are_only_so_many(void)
{
    struct leases leases;

    CHECK(leases_open(&leases));
    for (uint64_t token = 1; token <= LEASES_MAX; token++) {
        CHECK(leases_add(&leases, token, 0, 10, 0) != NULL);
    }
    CHECK(leases_add(&leases, LEASES_MAX + 1, 0, 10, 0) == NULL);
    leases_drop(&leases, leases_find(&leases, 7));
    CHECK(leases_add(&leases, LEASES_MAX + 1, 0, 10, 0) != NULL);
    CHECK(leases_find(&leases, 7) == NULL);
    leases_close(&leases);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(the_next_to_end_is_first_whatever_happens),
        TEST(there_are_only_so_many),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
