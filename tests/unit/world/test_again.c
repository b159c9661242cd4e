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

/* A channel that asks for patience is a channel that takes too long. */
static void no_patience_outlasts_the_time_of_a_channel(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    CHECK(lease(&world, "sms", &offer));

    uint64_t number = offer.job.number;
    struct job_report report = {.step = JOB_STEP_FAIL,
                                .token = offer.job.token,
                                .failure = JOB_THROTTLED,
                                .at_ms = world.now_ms + 20 * HOUR_MS};

    CHECK(engine_report(world.engine, &report, world.now_ms));
    CHECK(world_pass(&world, REMINDER_MS + 2 * HOUR_MS - 1, true));
    CHECK(!lease(&world, "mail", &offer));
    CHECK(world_pass(&world, REMINDER_MS + 2 * HOUR_MS, true));
    if (CHECK(lease(&world, "mail", &offer))) {
        CHECK(offer.job.number == number);
    }
    close_world(&world);
}

/* … also if it asks again and again, or its workers fall silent one after the other. */
static void what_is_never_ready_for_long_goes_over_too(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    for (int i = 0; lease(&world, "sms", &offer) && CHECK(i < 200); i++) {
        if (i % 2 == 0) {
            CHECK(report(&world, JOB_STEP_FAIL, 0, offer.job.token, JOB_THROTTLED));
            CHECK(world_pass(&world, world.now_ms + HOUR_MS, true));
        } else {
            CHECK(world_pass(&world, world.now_ms + HOUR_MS, true));
            engine_lose(world.engine, offer.job.token, world.now_ms);
        }
    }
    CHECK_INTEGER(world.now_ms, REMINDER_MS + 2 * HOUR_MS);
    CHECK(lease(&world, "mail", &offer));
    close_world(&world);
}

static void hold_what(struct world *world, struct hold hold)
{
    static const struct act by_root = {.reason = TEXT_INIT("to look"),
                                       .person = TEXT_INIT("root")};
    const struct message *why;

    CHECK(engine_hold(world->engine, &hold, &by_root, world->now_ms, &why));
}

static void hold(struct world *world, bool off)
{
    hold_what(world,
              (struct hold){.agency = TEXT("gulou"), .case_id = TEXT("K-1"), .off = off});
}

/* A worker has many in hand before it begins one: what was held meanwhile does not leave. */
static void what_was_leased_and_then_held_may_not_begin(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    for (int i = 0; i < 2; i++) {
        struct hold what = i == 0
                               ? (struct hold){.channel = TEXT("sms")}
                               : (struct hold){.agency = TEXT("gulou"), .case_id = TEXT("K-1")};

        if (!CHECK(lease(&world, "sms", &offer))) {
            break;
        }

        uint64_t token = offer.job.token;

        hold_what(&world, what);
        CHECK(!engine_begin(world.engine, token, world.now_ms));
        engine_lose(world.engine, token, world.now_ms);
        CHECK(!lease(&world, "sms", &offer));
        what.off = true;
        hold_what(&world, what);
    }
    CHECK(lease(&world, "sms", &offer));
    CHECK(engine_begin(world.engine, offer.job.token, world.now_ms));
    close_world(&world);
}

/* A worker had it when its case was held; then it failed, or was lost. */
static void what_comes_back_about_a_held_case_is_held(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    for (int i = 0; i < 2; i++) {
        if (!CHECK(lease(&world, "sms", &offer))) {
            break;
        }
        hold(&world, false);
        if (i == 0) {
            engine_lose(world.engine, offer.job.token, world.now_ms);
        } else {
            CHECK(report(&world, JOB_STEP_FAIL, 0, offer.job.token, JOB_FAILED_FOR_NOW));
        }
        CHECK(world_pass(&world, world.now_ms + 10 * 60000, true));
        CHECK(!lease(&world, "sms", &offer));
        hold(&world, true);
    }
    close_world(&world);
}

/* … also if an operator lets it go, or it fails for good: nobody above hears of it either. */
static void nothing_about_a_held_case_goes_up(void)
{
    struct world world = told_world(channels_plain);
    struct job_report retry = {.step = JOB_STEP_RETRY, .worker = TEXT("root")};
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    CHECK(lease(&world, "sms", &offer));
    retry.job = offer.job.number;
    CHECK(report(&world, JOB_STEP_FAIL, 0, offer.job.token, JOB_FAILED_FOR_GOOD));
    CHECK(lease(&world, "mail", &offer));
    hold(&world, false);
    CHECK(report(&world, JOB_STEP_FAIL, 0, offer.job.token, JOB_FAILED_FOR_GOOD));
    CHECK(!lease(&world, "mail", &offer));
    CHECK(engine_decide(world.engine, &retry, world.now_ms));
    CHECK(!lease(&world, "sms", &offer));
    hold(&world, true);
    CHECK(lease(&world, "sms", &offer));
    CHECK(lease(&world, "mail", &offer));
    close_world(&world);
}

/* What a restore holds back stands at the head of the queue, and is passed over. What comes in
 * front of it meanwhile leaves, and so does what is released. */
static void the_queue_is_looked_at_anew(void)
{
    static const struct act by_root = {.reason = TEXT_INIT("lost"),
                                       .person = TEXT_INIT("root")};
    struct world world = told_world(channels_plain);
    const struct message *why;
    struct job_offer offer;

    act(&world, "K-0", "opened", NULL, 0);
    CHECK(world_pass(&world, START_MS + DAY_MS, true));
    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    CHECK(!text_empty(sent(&world, "sms")));
    CHECK(world_pass(&world, REMINDER_MS + DAY_MS, true));
    CHECK(lease(&world, "sms", &offer));
    CHECK(world_pass(&world, REMINDER_MS + 3 * DAY_MS, true));
    CHECK(report(&world, JOB_STEP_FAIL, 0, offer.job.token, JOB_FAILED_FOR_GOOD));
    CHECK(lease(&world, "mail", &offer));
    CHECK(report(&world, JOB_STEP_FAIL, 0, offer.job.token, JOB_FAILED_FOR_GOOD));
    CHECK(
        engine_restore(world.engine, 2, &by_root, world.now_ms)); /* the head's stands there */
    CHECK(!lease(&world, "mail", &offer));
    CHECK(world_pass(&world, START_MS + 11 * DAY_MS, true)); /* his rung has less slack */
    if (CHECK(lease(&world, "mail", &offer))) {
        CHECK_TEXT(offer.brief, "K-0 is over");
    }
    CHECK(!lease(&world, "mail", &offer));
    CHECK(
        engine_release(world.engine, TEXT("gulou"), TEXT("K-1"), &by_root, world.now_ms, &why));
    if (CHECK(lease(&world, "mail", &offer))) {
        CHECK_TEXT(offer.brief, "[could not reach 王] K-1 decision 2026-03-13, 0 days");
    }
    close_world(&world);
}

/* Nobody was there to carry it for two days: what is left is counted from when it leaves. */
static void what_is_left_is_left_when_it_leaves(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS + 2 * DAY_MS, true));
    if (CHECK(lease(&world, "mail", &offer))) {
        CHECK_TEXT(offer.brief, "K-1：办理期限2026-03-12届满，还剩1天");
    }
    close_world(&world);
}

/* The limit was made longer while its reminder waited to be carried: it would tell a day that is
 * not the last any more. */
static void a_reminder_of_a_day_that_moved_is_called_back(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    act(&world, "K-1", "longer", NULL, 0);
    CHECK(!lease(&world, "sms", &offer));
    CHECK(world_pass(&world, REMINDER_MS + 7 * DAY_MS, true));
    CHECK(!lease(&world, "sms", &offer));
    CHECK(world_pass(&world, REMINDER_MS + 8 * DAY_MS, true));
    if (CHECK(lease(&world, "sms", &offer))) {
        CHECK_TEXT(offer.brief, "K-1：办理期限2026-03-22届满，还剩5天");
    }
    close_world(&world);
}

/* An operator let it go again, and it is in a worker's hand, when it is heard that it arrived. */
static void what_arrived_is_not_sent_again(void)
{
    struct world world = told_world(channels_plain);
    struct job_report retry = {.step = JOB_STEP_RETRY, .worker = TEXT("root")};
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    CHECK(lease(&world, "sms", &offer));
    retry.job = offer.job.number;
    CHECK(engine_begin(world.engine, offer.job.token, world.now_ms));
    engine_lose(world.engine, offer.job.token, world.now_ms);
    CHECK(engine_decide(world.engine, &retry, world.now_ms));
    CHECK(lease(&world, "sms", &offer));

    uint64_t token = offer.job.token;

    CHECK(tell_of(&world, "notice.delivered", key_of(&world, &offer)).verdict ==
          RECEIPT_APPLIED);
    CHECK(!engine_begin(world.engine, token, world.now_ms));
    CHECK(!lease(&world, "sms", &offer));
    close_world(&world);
}

static int64_t recorded_at(struct world *world)
{
    struct arena arena;
    struct record record;

    arena_init_growing(&arena, (size_t)1 << 20);
    CHECK(engine_record(world->engine, engine_seq(world->engine), &arena, &record) ==
          STATUS_OK);
    arena_fini(&arena);
    return record.job.at_ms;
}

/* Whoever carries a message, or reports of it, may say any number: it is shown as a date. */
static void an_instant_that_no_calendar_has_is_none(void)
{
    static const int64_t far[] = {INT64_MAX - 1, INT64_MIN + 1, -1, INT64_MAX / 100};
    struct world world = told_world(channels_plain);
    struct job_report done = {.step = JOB_STEP_DONE};
    struct job_report fail = {.step = JOB_STEP_FAIL, .failure = JOB_THROTTLED};
    struct job_offer offer;
    struct text key = {0};

    for (uint32_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
        char id[] = {'K', '-', (char)('0' + i), '\0'};

        act(&world, id, "opened", NULL, 0);
        CHECK(world_pass(&world, world.now_ms + 9 * DAY_MS, true));
        CHECK(lease(&world, "mail", &offer));
        fail.token = offer.job.token;
        fail.at_ms = far[i];
        CHECK(engine_report(world.engine, &fail, world.now_ms));
        CHECK_INTEGER(recorded_at(&world), far[i] < 0 ? 0 : offer.job.useful_ms);
        CHECK(world_pass(&world, world.now_ms + HOUR_MS, true));
        act(&world, id, "ended", NULL, 0);
    }
    act(&world, "K-9", "opened", NULL, 0);
    CHECK(world_pass(&world, world.now_ms + 9 * DAY_MS, true));
    if (CHECK(lease(&world, "mail", &offer))) {
        key = key_of(&world, &offer);
        done.token = offer.job.token;
        done.at_ms = INT64_MAX - 1;
        CHECK(engine_begin(world.engine, done.token, world.now_ms));
        CHECK(engine_report(world.engine, &done, world.now_ms));
        CHECK_INTEGER(recorded_at(&world), 0);
        CHECK(tell_at(&world, "notice.delivered", key, INT64_MIN + 1).verdict ==
              RECEIPT_APPLIED);
        CHECK_INTEGER(recorded_at(&world), world.now_ms);
    }
    close_world(&world);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(what_may_have_been_sent_takes_nothing_along),
        TEST(what_may_have_been_sent_goes_along_with_nothing),
        TEST(no_patience_outlasts_the_time_of_a_channel),
        TEST(what_is_never_ready_for_long_goes_over_too),
        TEST(what_was_leased_and_then_held_may_not_begin),
        TEST(what_comes_back_about_a_held_case_is_held),
        TEST(nothing_about_a_held_case_goes_up),
        TEST(the_queue_is_looked_at_anew),
        TEST(what_is_left_is_left_when_it_leaves),
        TEST(what_arrived_is_not_sent_again),
        TEST(an_instant_that_no_calendar_has_is_none),
        TEST(a_reminder_of_a_day_that_moved_is_called_back),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
