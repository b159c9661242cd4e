#include "lib/told.h"

/* What goes again: it keeps its key, its notices and its case's hold, and not for ever. */

static const char channels_mail_alone[] =
    "channels: {mail: {address: mail, idempotent: true, attempts: 3, late: 24h}}\n";

/* The reminder of K-1 is in doubt when that of K-2 comes, a day later. */
static struct world in_doubt(uint64_t *token)
{
    struct world world = told_world(channels_mail_alone);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, START_MS + DAY_MS, true));
    act(&world, "K-2", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    *token = 0;
    if (CHECK(lease(&world, "mail", &offer))) {
        *token = offer.job.token;
        CHECK_INTEGER(offer.job.notice_count, 1);
        CHECK(engine_begin(world.engine, *token, world.now_ms));
        engine_lose(world.engine, *token, world.now_ms);
    }
    CHECK(world_pass(&world, REMINDER_MS + DAY_MS, true));
    return world;
}

/* Its provider and its worker's ledger may know the key already: what went along under it would
 * be taken for sent, and never be. */
static void what_may_have_been_sent_takes_nothing_along(void)
{
    uint64_t token;
    struct world world = in_doubt(&token);
    struct job_offer offer;

    if (CHECK(lease(&world, "mail", &offer))) {
        CHECK_INTEGER(offer.job.attempt, 2);
        CHECK_INTEGER(offer.job.notice_count, 1);
    }
    CHECK(
        report(&world, JOB_STEP_DONE, offer.job.number, token, JOB_FAILED_FOR_NOW)); /* late */
    if (CHECK(lease(&world, "mail", &offer))) {
        CHECK_INTEGER(offer.job.attempt, 1);
        CHECK_TEXT(offer.brief, "K-2：办理期限2026-03-13届满，还剩3天");
    }
    close_world(&world);
}

/* … nor does it go along with another, under a key that its provider does not know. */
static void what_may_have_been_sent_goes_along_with_nothing(void)
{
    uint64_t token;
    struct world world = in_doubt(&token);
    struct job_report retry = {.step = JOB_STEP_RETRY, .worker = TEXT("root")};
    struct job_offer offer;

    if (CHECK(lease(&world, "mail", &offer))) {
        retry.job = offer.job.number;
        engine_lose(world.engine, offer.job.token, world.now_ms);
        CHECK(engine_decide(world.engine, &retry, world.now_ms)); /* now K-2 has less slack */
    }
    for (int i = 0; i < 2; i++) {
        if (CHECK(lease(&world, "mail", &offer))) {
            CHECK((offer.job.number == retry.job) == (i == 1));
            CHECK_INTEGER(offer.job.notice_count, 1);
        }
    }
    close_world(&world);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(what_may_have_been_sent_takes_nothing_along),
        TEST(what_may_have_been_sent_goes_along_with_nothing),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
