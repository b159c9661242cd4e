#include "lib/told.h"

#include <stdio.h>

static void a_reminder_is_leased_begun_and_done(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(!lease(&world, "sms", &offer));
    CHECK(world_pass(&world, REMINDER_MS, true));
    CHECK(!lease(&world, "mail", &offer));
    if (!CHECK(lease(&world, "sms", &offer))) {
        return;
    }
    CHECK_TEXT(offer.brief, "K-1：办理期限2026-03-12届满，还剩3天");
    CHECK_TEXT(offer.subject, "将届满");
    CHECK_TEXT(offer.body, "K-1\n阶段：办理");
    CHECK_TEXT(offer.address, "13800000001");
    CHECK_TEXT(offer.name, "王");
    CHECK_INTEGER(offer.job.attempt, 1);

    uint64_t token = offer.job.token;
    uint64_t number = offer.job.number;

    CHECK(engine_begin(world.engine, token, world.now_ms));
    CHECK(!engine_begin(world.engine, token, world.now_ms));
    CHECK(report(&world, JOB_STEP_DONE, number, token, JOB_FAILED_FOR_NOW));
    CHECK(!report(&world, JOB_STEP_DONE, number, token, JOB_FAILED_FOR_NOW));
    CHECK(!lease(&world, "sms", &offer) || offer.job.outside);
    close_world(&world);
}

static void what_was_met_is_not_told_any_more(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    act(&world, "K-1", "ended", NULL, 0);
    CHECK(!lease(&world, "sms", &offer));
    close_world(&world);
}

static void a_lease_of_what_was_met_may_not_begin(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    CHECK(lease(&world, "sms", &offer));

    uint64_t token = offer.job.token;

    act(&world, "K-1", "ended", NULL, 0);
    CHECK(!engine_begin(world.engine, token, world.now_ms));
    close_world(&world);
}

static void who_is_not_reached_by_one_channel_is_by_the_next_and_then_the_chief(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    CHECK(lease(&world, "sms", &offer));

    uint64_t number = offer.job.number;

    CHECK(engine_begin(world.engine, offer.job.token, world.now_ms));
    CHECK(report(&world, JOB_STEP_FAIL, number, offer.job.token, JOB_FAILED_FOR_GOOD));
    CHECK(lease(&world, "mail", &offer));
    CHECK(offer.job.number == number);
    CHECK_TEXT(offer.address, "wang@example.cn");
    CHECK(engine_begin(world.engine, offer.job.token, world.now_ms));
    CHECK(report(&world, JOB_STEP_FAIL, number, offer.job.token, JOB_FAILED_FOR_GOOD));

    struct arena arena;
    struct job job;

    arena_init_growing(&arena, (size_t)1 << 20);
    CHECK(engine_job(world.engine, number, &arena, &job));
    CHECK(job.state == JOB_INCIDENT);
    arena_fini(&arena);
    CHECK(lease(&world, "mail", &offer));
    CHECK_TEXT(offer.address, "li@example.cn");
    CHECK_TEXT(offer.brief, "[could not reach 王] K-1 decision 2026-03-12, 3 days");
    close_world(&world);
}

static void failures_are_tried_again_later_and_no_more_than_so_often(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    for (int i = 0; i < 3; i++) {
        if (!CHECK(lease(&world, "sms", &offer))) {
            return;
        }
        CHECK_INTEGER(offer.job.attempt, i + 1);
        CHECK(report(&world, JOB_STEP_FAIL, 0, offer.job.token, JOB_FAILED_FOR_NOW));
        CHECK(!lease(&world, "sms", &offer));
        CHECK(world_pass(&world, world.now_ms + 10 * 60000, true));
    }
    CHECK(lease(&world, "mail", &offer)); /* three attempts are all that this channel gets */
    close_world(&world);
}

static void no_patience_outlasts_the_use(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;
    struct arena arena;
    struct job job;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    CHECK(lease(&world, "sms", &offer));

    uint64_t number = offer.job.number;
    struct job_report report = {.step = JOB_STEP_FAIL,
                                .token = offer.job.token,
                                .failure = JOB_THROTTLED,
                                .at_ms = world.now_ms + 1000 * DAY_MS};

    CHECK(engine_report(world.engine, &report, world.now_ms));
    arena_init_growing(&arena, (size_t)1 << 20);
    CHECK(world_pass(&world, world.now_ms + DAY_MS, true));
    CHECK(engine_job(world.engine, number, &arena, &job));
    CHECK(world_pass(&world, START_MS + 20 * DAY_MS, true));
    CHECK(!engine_job(world.engine, number, &arena, &job));
    arena_fini(&arena);
    close_world(&world);
}

static void a_doubtful_sms_waits_for_a_person_and_a_doubtful_mail_goes_again(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;
    struct arena arena;
    struct job job;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    CHECK(lease(&world, "sms", &offer));

    uint64_t number = offer.job.number;
    uint64_t old_token = offer.job.token;

    CHECK(engine_begin(world.engine, old_token, world.now_ms));
    engine_lose(world.engine, old_token, world.now_ms);
    arena_init_growing(&arena, (size_t)1 << 20);
    CHECK(engine_job(world.engine, number, &arena, &job));
    CHECK(job.state == JOB_UNKNOWN);
    arena_fini(&arena);
    CHECK(world_pass(&world, world.now_ms + HOUR_MS, true));
    CHECK(!lease(&world, "sms", &offer));
    CHECK(report(&world, JOB_STEP_DONE, number, old_token, JOB_FAILED_FOR_NOW)); /* late */
    CHECK(!report(&world, JOB_STEP_DONE, number, old_token, JOB_FAILED_FOR_NOW));

    CHECK(
        world_pass(&world, START_MS + 11 * DAY_MS, true)); /* the head's first rung, by mail */
    CHECK(lease(&world, "mail", &offer));
    number = offer.job.number;
    CHECK(engine_begin(world.engine, offer.job.token, world.now_ms));
    engine_lose(world.engine, offer.job.token, world.now_ms);
    CHECK(world_pass(&world, world.now_ms + 10 * 60000, true));
    CHECK(lease(&world, "mail", &offer));
    CHECK(offer.job.number == number);
    close_world(&world);
}

static void what_was_lost_before_it_began_is_leased_anew(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    CHECK(lease(&world, "sms", &offer));

    uint64_t old_token = offer.job.token;

    engine_lose(world.engine, old_token, world.now_ms);
    CHECK(lease(&world, "sms", &offer));
    CHECK(offer.job.token != old_token);
    CHECK(!engine_begin(world.engine, old_token, world.now_ms));
    CHECK(!report(&world, JOB_STEP_FAIL, 0, old_token, JOB_FAILED_FOR_GOOD));
    CHECK(engine_begin(world.engine, offer.job.token, world.now_ms));
    close_world(&world);
}

static struct text value_of(const struct job_offer *offer, const char *name)
{
    for (uint32_t i = 0; i < offer->value_count; i++) {
        if (text_is(offer->values[i].name, name)) {
            return offer->values[i].value;
        }
    }
    return (struct text){0};
}

static void notices_of_one_morning_are_one_message(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    for (int i = 0; i < 200; i++) {
        char id[16];

        (void)snprintf(id, sizeof(id), "K-%d", i);
        act(&world, id, "opened", NULL, 0);
    }
    CHECK(world_pass(&world, REMINDER_MS, true));
    if (!CHECK(lease(&world, "sms", &offer))) {
        return;
    }
    CHECK_INTEGER(offer.job.notice_count, 200);
    CHECK(text_starts(offer.brief, TEXT("200项通知，最急：K-0：")));
    CHECK_TEXT(value_of(&offer, "case"), "K-0");

    uint32_t lines = 0;

    for (size_t i = 0; i < offer.body.size; i++) {
        lines += offer.body.bytes[i] == '\n';
    }
    CHECK_INTEGER(lines, 200);
    CHECK(engine_begin(world.engine, offer.job.token, world.now_ms));
    CHECK(report(&world, JOB_STEP_DONE, offer.job.number, offer.job.token, JOB_FAILED_FOR_NOW));
    CHECK(!lease(&world, "sms", &offer));
    close_world(&world);
}

/* What is said to those above is more: whom each notice did not reach. */
static void a_morning_that_reaches_nobody_goes_up_whole(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;
    uint32_t told = 0;

    for (int i = 0; i < 200; i++) {
        char id[16];

        (void)snprintf(id, sizeof(id), "K-%d", i);
        act(&world, id, "opened", NULL, 0);
    }
    CHECK(world_pass(&world, REMINDER_MS, true));
    for (int i = 0; i < 2; i++) {
        CHECK(lease(&world, i == 0 ? "sms" : "mail", &offer));
        CHECK_INTEGER(offer.job.notice_count, 200);
        CHECK(engine_begin(world.engine, offer.job.token, world.now_ms));
        CHECK(report(&world, JOB_STEP_FAIL, 0, offer.job.token, JOB_FAILED_FOR_GOOD));
    }
    while (lease(&world, "mail", &offer)) {
        CHECK_TEXT(offer.address, "li@example.cn");
        told += offer.job.notice_count;
    }
    CHECK_INTEGER(told, 200);
    close_world(&world);
}

static void after_three_days_without_workers_only_the_present_rung_goes_out(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;
    uint32_t leased = 0;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, START_MS + 15 * DAY_MS, true));
    while (lease(&world, "sms", &offer)) {
        leased++;
    }
    CHECK_INTEGER(leased, 0); /* the reminder was dropped when the limit had passed */
    while (lease(&world, "mail", &offer)) {
        CHECK_TEXT(offer.brief, "K-1 is over");
        leased++;
    }
    CHECK_INTEGER(leased, 1);
    close_world(&world);
}

static void a_receiver_has_enough_for_a_day(void)
{
    struct world world = told_world("channels:\n  sms: {address: phone, per_day: 1}\n"
                                    "  mail: {address: mail}\n");
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS - DAY_MS, true));
    act(&world, "K-2", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    CHECK(lease(&world, "sms", &offer));
    CHECK(report(&world, JOB_STEP_FAIL, 0, offer.job.token, JOB_THROTTLED));
    CHECK(world_pass(&world, REMINDER_MS + HOUR_MS, true));
    CHECK(!lease(&world, "sms", &offer));
    CHECK(world_pass(&world, REMINDER_MS + DAY_MS, true));
    CHECK(lease(&world, "sms", &offer));
    close_world(&world);
}

static void a_channel_that_is_out_is_tried_once_in_a_while(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    for (int i = 0; i < 3; i++) {
        char id[16];

        (void)snprintf(id, sizeof(id), "K-%d", i);
        act(&world, id, "opened", NULL, 0);
        CHECK(world_pass(&world, world.now_ms + DAY_MS, true));
    }
    CHECK(world_pass(&world, REMINDER_MS, true));

    uint32_t leases = 0;

    for (int minute = 0; minute < 90; minute++) {
        while (lease(&world, "sms", &offer)) {
            CHECK(report(&world, JOB_STEP_FAIL, 0, offer.job.token, JOB_FAILED_FOR_NOW));
            leases++;
        }
        CHECK(world_pass(&world, world.now_ms + 60000, true));
    }
    CHECK(leases >= JOB_OUTAGE_FAILURES - 2);
    CHECK(leases < 90);
    close_world(&world);
}

static void somebody_outside_is_told_at_the_address_that_the_case_has(void)
{
    static const struct carried facts[] = {
        {.name = TEXT_INIT("mobile"), .value = TEXT_INIT("13911112222")},
        {.name = TEXT_INIT("consent"), .value = TEXT_INIT("true")},
    };
    struct world world = told_world(channels_plain);
    struct job_offer offer;
    bool outside = false;

    act(&world, "K-1", "opened", facts, 2);
    CHECK(world_pass(&world, REMINDER_MS + 4 * HOUR_MS, true));
    CHECK(world_crash(&world, true) == STATUS_OK);
    while (lease(&world, "sms", &offer)) {
        if (offer.job.outside) {
            CHECK_TEXT(offer.address, "13911112222");
            CHECK_TEXT(offer.body, "K-1"); /* of the stage nothing is said */
            outside = true;
        }
    }
    CHECK(outside);
    close_world(&world);
}

/* An evening comes and nobody carried anything: all of it is put off, a part with each call. */
static void a_call_puts_off_only_so_many(void)
{
    static const struct carried facts[] = {
        {.name = TEXT_INIT("mobile"), .value = TEXT_INIT("13911112222")},
        {.name = TEXT_INIT("consent"), .value = TEXT_INIT("true")},
    };
    enum { CASES = 60, AT_ONCE_MAX = 16 };
    struct world world = told_world(channels_plain);
    struct job_offer offer;
    uint64_t grown = 1;
    uint64_t put_off = 0;

    for (int i = 0; i < CASES; i++) {
        char id[16];

        (void)snprintf(id, sizeof(id), "K-%d", i);
        act(&world, id, "opened", facts, 2);
    }
    CHECK(world_pass(&world, REMINDER_MS + 13 * HOUR_MS, true));

    uint64_t readied = engine_readied(world.engine);

    for (int i = 0; i < CASES && grown > 0; i++) {
        uint64_t seq = engine_seq(world.engine);

        CHECK(!lease(&world, "sms", &offer));
        grown = engine_seq(world.engine) - seq;
        CHECK(grown <= AT_ONCE_MAX);
        put_off += grown;
    }
    CHECK_INTEGER(grown, 0);
    CHECK(put_off >= CASES);
    CHECK(engine_readied(world.engine) == readied); /* nothing is ready by that */
    CHECK(world_pass(&world, REMINDER_MS + 25 * HOUR_MS, true));
    CHECK(engine_readied(world.engine) >= readied + CASES);
    CHECK(lease(&world, "sms", &offer));
    close_world(&world);
}

static void a_report_of_delivery_stands_in_the_file_once(void)
{
    struct world world = told_world(channels_plain);
    struct arena arena;
    struct record record;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));

    struct text key = sent(&world, "sms");
    CHECK(tell_at(&world, "notice.delivered", key, world.now_ms + DAY_MS).verdict ==
          RECEIPT_REJECTED);

    struct receipt receipt = tell_at(&world, "notice.delivered", key, 0); /* as it comes */

    CHECK(receipt.verdict == RECEIPT_APPLIED);
    arena_init_growing(&arena, (size_t)4 << 20);
    CHECK(engine_record(world.engine, receipt.seq, &arena, &record) == STATUS_OK);
    CHECK(record.kind == RECORD_JOB && record.job.step == JOB_STEP_DELIVERED);
    CHECK_TEXT(record.job.key, key.bytes);
    CHECK_INTEGER(record.job.at_ms, world.now_ms);
    CHECK_TEXT(record.job.words, "550 <***> ***"); /* nobody's address in the clear */
    arena_fini(&arena);

    struct receipt again = tell_of(&world, "notice.delivered", key);

    CHECK(again.verdict == RECEIPT_DUPLICATE && again.seq == receipt.seq);
    CHECK(tell_of(&world, "notice.delivered", TEXT("store-1001-sms-0")).verdict ==
          RECEIPT_REJECTED);

    char other[JOB_KEY_SIZE]; /* another store's, but for that the same */

    memcpy(other, key.bytes, key.size);
    other[0] = other[0] == 'a' ? 'b' : 'a';
    CHECK(tell_of(&world, "notice.bounced", (struct text){other, key.size}).verdict ==
          RECEIPT_REJECTED);
    close_world(&world);
}

static void a_bounce_goes_over_the_next_channel_and_then_to_the_chief(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));

    struct text key = sent(&world, "sms");

    CHECK(tell_of(&world, "notice.bounced", key).verdict == RECEIPT_APPLIED);
    CHECK(tell_of(&world, "notice.bounced", key).verdict == RECEIPT_DUPLICATE);
    CHECK(lease(&world, "mail", &offer));
    CHECK_TEXT(offer.address, "wang@example.cn");
    key = key_of(&world, &offer);
    CHECK(engine_begin(world.engine, offer.job.token, world.now_ms));
    CHECK(report(&world, JOB_STEP_DONE, 0, offer.job.token, JOB_FAILED_FOR_NOW));
    CHECK(tell_of(&world, "notice.bounced", key).verdict == RECEIPT_APPLIED);
    CHECK(lease(&world, "mail", &offer));
    CHECK_TEXT(offer.address, "li@example.cn");
    CHECK_TEXT(offer.job.notices[0].in_stead_of, "wang");
    close_world(&world);
}

static void a_bounce_of_what_was_met_meanwhile_is_no_reason_to_write_again(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));

    struct text key = sent(&world, "sms");

    act(&world, "K-1", "ended", NULL, 0);
    CHECK(tell_of(&world, "notice.bounced", key).verdict == RECEIPT_APPLIED);
    CHECK(!lease(&world, "mail", &offer));
    close_world(&world);
}

static void a_report_settles_what_was_in_doubt(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;
    struct arena arena;
    struct job job;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    CHECK(lease(&world, "sms", &offer));

    struct text key = key_of(&world, &offer);
    uint64_t number = offer.job.number;

    CHECK(engine_begin(world.engine, offer.job.token, world.now_ms));
    engine_lose(world.engine, offer.job.token, world.now_ms);
    CHECK(tell_of(&world, "notice.delivered", key).verdict == RECEIPT_APPLIED);
    arena_init_growing(&arena, (size_t)1 << 20);
    CHECK(!engine_job(world.engine, number, &arena, &job));
    arena_fini(&arena);
    close_world(&world);
}

/* A report may be faster than the worker's own word. */
static void report_before_its_worker(bool silent)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;
    struct arena arena;
    struct job job;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    CHECK(lease(&world, "sms", &offer));

    struct text key = key_of(&world, &offer);
    uint64_t number = offer.job.number;
    uint64_t token = offer.job.token;

    arena_init_growing(&arena, (size_t)1 << 20);
    CHECK(engine_begin(world.engine, token, world.now_ms));
    CHECK(tell_of(&world, "notice.delivered", key).verdict == RECEIPT_APPLIED);
    CHECK(engine_leased(world.engine, token, &arena, &job));
    if (silent) { /* it is no doubt then */
        engine_lose(world.engine, token, world.now_ms);
    } else {
        CHECK(report(&world, JOB_STEP_DONE, 0, token, JOB_FAILED_FOR_NOW));
    }
    CHECK(!engine_job(world.engine, number, &arena, &job));
    CHECK(tell_of(&world, "notice.delivered", key).verdict == RECEIPT_DUPLICATE);
    arena_fini(&arena);
    close_world(&world);
}

static void a_report_before_its_worker_leaves_it_the_word(void)
{
    report_before_its_worker(false);
    report_before_its_worker(true);
}

static void release_all(struct world *world)
{
    static const struct act act = {.reason = TEXT_INIT("checked"), .person = TEXT_INIT("root")};
    const struct message *why;

    CHECK(engine_release(world->engine, (struct text){0}, (struct text){0}, &act, world->now_ms,
                         &why));
}

static void restore(struct world *world)
{
    static const struct act act = {.reason = TEXT_INIT("lost"), .person = TEXT_INIT("root")};

    CHECK(engine_restore(world->engine, 2, &act, world->now_ms));
}

/* It may have left before the store was lost. */
static void a_job_of_a_restored_store_waits_until_it_is_released(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    restore(&world);
    CHECK(!lease(&world, "sms", &offer));
    CHECK(world_pass(&world, REMINDER_MS + HOUR_MS, true));
    CHECK(!lease(&world, "sms", &offer));
    release_all(&world);
    CHECK(world_pass(&world, REMINDER_MS + HOUR_MS, true));
    CHECK(lease(&world, "sms", &offer));
    CHECK_INTEGER(offer.job.generation, 1); /* its provider may know it by that name */
    CHECK(world_pass(&world, REMINDER_MS + 7 * DAY_MS, true));
    CHECK(lease(&world, "mail", &offer));
    CHECK_INTEGER(offer.job.generation, 2);
    close_world(&world);
}

/* Its own moment was due meanwhile too: that waits among the held, and ends it once it goes on. */
static void a_job_that_was_late_by_a_restore_ends_when_it_is_released(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    world_sleep(&world, REMINDER_MS + 40 * DAY_MS);
    restore(&world);
    CHECK(engine_held(world.engine) >= 2);
    CHECK(world_pass(&world, world.now_ms, true));
    CHECK(!lease(&world, "sms", &offer));
    release_all(&world);
    CHECK(world_pass(&world, world.now_ms, true));
    CHECK_INTEGER(engine_held(world.engine), 0);
    close_world(&world);
}

static void count_refused(void *context, const struct case_state *state,
                          const struct told *reasons, uint32_t count)
{
    (void)state;
    for (uint32_t i = 0; i < count; i++) {
        CHECK_TEXT(reasons[i].code, "");
    }
    *(uint32_t *)context += count > 0 ? 1 : 0;
}

/* All cases of the first version go over to the second. */
static void go_over(struct world *world)
{
    uint32_t refused = 0;
    const struct law *law = engine_law(world->engine);
    struct migration migration = {.from = law_number(law, TEXT("told@1")),
                                  .to = law_number(law, TEXT("told@2")),
                                  .context = &refused,
                                  .on_case = count_refused};

    CHECK(engine_migrate(world->engine, &migration, 0, 100, world->now_ms) > 0);
    CHECK_INTEGER(refused, 0);
}

/* Its notice speaks of the limit as it was called when it was told. */
static void a_job_goes_over_to_another_version_with_its_case(void)
{
    struct world world = told_world(channels_plain);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    act(&world, "K-2", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    go_over(&world);
    act(&world, "K-2", "ended", NULL, 0); /* which calls back what was said of it */
    if (!CHECK(lease(&world, "sms", &offer))) {
        return;
    }
    CHECK_TEXT(offer.brief, "K-1：办理期限2026-03-12届满，还剩3天");
    CHECK_INTEGER(offer.job.role, 3);
    CHECK_INTEGER(offer.job.notices[0].clock, 1);
    CHECK(!lease(&world, "sms", &offer));
    close_world(&world);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_reminder_is_leased_begun_and_done),
        TEST(what_was_met_is_not_told_any_more),
        TEST(a_lease_of_what_was_met_may_not_begin),
        TEST(who_is_not_reached_by_one_channel_is_by_the_next_and_then_the_chief),
        TEST(failures_are_tried_again_later_and_no_more_than_so_often),
        TEST(no_patience_outlasts_the_use),
        TEST(a_doubtful_sms_waits_for_a_person_and_a_doubtful_mail_goes_again),
        TEST(what_was_lost_before_it_began_is_leased_anew),
        TEST(notices_of_one_morning_are_one_message),
        TEST(a_morning_that_reaches_nobody_goes_up_whole),
        TEST(after_three_days_without_workers_only_the_present_rung_goes_out),
        TEST(a_receiver_has_enough_for_a_day),
        TEST(a_channel_that_is_out_is_tried_once_in_a_while),
        TEST(a_job_of_a_restored_store_waits_until_it_is_released),
        TEST(a_job_that_was_late_by_a_restore_ends_when_it_is_released),
        TEST(a_job_goes_over_to_another_version_with_its_case),
        TEST(a_report_of_delivery_stands_in_the_file_once),
        TEST(a_bounce_goes_over_the_next_channel_and_then_to_the_chief),
        TEST(a_bounce_of_what_was_met_meanwhile_is_no_reason_to_write_again),
        TEST(a_report_settles_what_was_in_doubt),
        TEST(a_report_before_its_worker_leaves_it_the_word),
        TEST(somebody_outside_is_told_at_the_address_that_the_case_has),
        TEST(a_call_puts_off_only_so_many),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
