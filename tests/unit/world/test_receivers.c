#include "lib/told.h"

/* Who is told in whose stead, and at which hours. */

#define OFFICER                                                                           \
    "wang: {name: 王, certified: true, phone: \"13800000001\", roles: [{role: officer, " \
    "agency: gulou}]"
#define OTHERS                                                 \
    "  zhao: {name: 赵, phone: \"13800000002\", roles: []}\n" \
    "  li: {name: 李, phone: \"13800000003\", roles: [{role: head, agency: gulou}]}\n"

static const char channels_sms[] = "channels:\n  sms: {address: phone, late: 24h}\n";

/* Opened, and reminded on the 9th; what is leased then. */
static struct world reminded(const char *channels, const char *people)
{
    struct world world = told_world_of(channels, people);

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    return world;
}

static void check_told(const char *people, const char *person, const char *brief)
{
    struct world world = reminded(channels_sms, people);
    struct job_offer offer;

    if (CHECK(lease(&world, "sms", &offer))) {
        CHECK_TEXT(offer.job.receiver, person);
        CHECK_TEXT(offer.brief, brief);
    }
    close_world(&world);
}

static void the_deputy_is_told_while_his_time_lasts(void)
{
    check_told("people:\n  " OFFICER ", deputies: [{to: zhao, role: officer, from: 2026-03-09, "
                                     "until: 2026-03-09}]}\n" OTHERS,
               "zhao", "〔代王〕K-1：办理期限2026-03-12届满，还剩3天");
}

static void a_deputy_for_another_time_or_role_is_not_told(void)
{
    check_told("people:\n  " OFFICER
               ", deputies: [{to: zhao, from: 2026-03-10, until: 2026-03-12}, "
               "{to: zhao, role: head, from: 2026-03-01, until: 2026-03-31}]}\n" OTHERS,
               "wang", "K-1：办理期限2026-03-12届满，还剩3天");
}

static void whoever_acts_for_a_deputy_is_told(void)
{
    check_told(
        "people:\n  " OFFICER ", deputies: [{to: zhao, from: 2026-03-01, until: 2026-03-31}]}\n"
        "  zhao: {name: 赵, deputies: [{to: li, from: 2026-03-01, until: 2026-03-31}]}\n"
        "  li: {name: 李, phone: \"13800000003\", roles: [{role: head, agency: gulou}]}\n",
        "li", "〔代王〕K-1：办理期限2026-03-12届满，还剩3天");
}

static void two_who_act_for_each_other_are_told_themselves(void)
{
    check_told(
        "people:\n  " OFFICER ", deputies: [{to: zhao, from: 2026-03-01, until: 2026-03-31}]}\n"
        "  zhao: {name: 赵, deputies: [{to: wang, from: 2026-03-01, until: 2026-03-31}]}\n",
        "wang", "K-1：办理期限2026-03-12届满，还剩3天");
}

static void on_leave_without_a_deputy_another_holder_is_told(void)
{
    check_told(
        "people:\n  " OFFICER ", leave: [{from: 2026-03-09, to: 2026-03-13}]}\n"
        "  zhao: {name: 赵, phone: \"13800000002\", roles: [{role: officer, agency: gulou}]}\n",
        "zhao", "K-1：办理期限2026-03-12届满，还剩3天");
}

static void on_leave_and_alone_he_is_told_all_the_same(void)
{
    check_told("people:\n  " OFFICER ", leave: [{from: 2026-03-09, to: 2026-03-13}]}\n" OTHERS,
               "wang", "K-1：办理期限2026-03-12届满，还剩3天");
}

static void where_nobody_holds_a_role_the_next_above_is_told(void)
{
    check_told("people:\n  wang: {certified: true, phone: \"13800000009\", roles: [{role: "
               "officer, agency: "
               "gulou, to: 2026-03-05}]}\n" OTHERS,
               "li", "〔承办人无人担任〕K-1：办理期限2026-03-12届满，还剩3天");
}

/* From 14 to 16 o'clock alone: at nine it waits, and what is still there at four waits anew. */
static void a_person_is_written_to_in_his_hours(void)
{
    struct world world =
        reminded(channels_sms, "people:\n  " OFFICER ", hours: \"14:00-16:00\"}\n" OTHERS);
    struct job_offer offer;

    CHECK(!lease(&world, "sms", &offer));
    CHECK(world_pass(&world, REMINDER_MS + 8 * HOUR_MS, true));
    CHECK(!lease(&world, "sms", &offer));
    CHECK(world_pass(&world, REMINDER_MS + DAY_MS + 5 * HOUR_MS, true));
    CHECK(lease(&world, "sms", &offer));
    CHECK_INTEGER(offer.job.notice_count, 1);
    close_world(&world);
}

/* 2026-03-14 is a Saturday: what is written of then comes on Monday, but for what is urgent. */
static void a_channel_rests_when_the_agency_does(void)
{
    static const struct carried facts[] = {
        {.name = TEXT_INIT("mobile"), .value = TEXT_INIT("13911112222")},
        {.name = TEXT_INIT("consent"), .value = TEXT_INIT("true")},
    };
    struct world world =
        told_world_of("channels:\n  sms: {address: phone, workdays: true, hours: "
                      "\"09:00-18:00\", late: 24h}\n",
                      people_reached);
    struct job_offer offer;
    bool party = false;

    CHECK(world_pass(&world, START_MS + 5 * DAY_MS, true)); /* its limit ends on the 17th */
    act(&world, "K-1", "opened", facts, 2);
    CHECK(world_pass(&world, START_MS + 12 * DAY_MS + 11 * HOUR_MS, true)); /* 20:00, 14th */
    CHECK(!lease(&world, "sms", &offer));
    CHECK(world_pass(&world, START_MS + 14 * DAY_MS, true));
    while (lease(&world, "sms", &offer)) {
        party = party || offer.job.outside;
    }
    CHECK(party);
    close_world(&world);
}

/* Two notices in one window of half an hour are one message, though the second came later. */
static void one_window_is_one_message(void)
{
    struct world world =
        told_world_of("channels:\n  sms: {address: phone, digest: 30min}\n", people_reached);
    struct job_offer offer;

    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    CHECK(!lease(&world, "sms", &offer));
    CHECK(world_pass(&world, REMINDER_MS + 20 * 60000, true));

    struct submission late = event_of(&world, "late", "opened");
    struct receipt receipt;

    late.case_id = TEXT("K-2");
    late.procedure = TEXT("told");
    late.event.occurred_ms = START_MS; /* told of what was missed, at once */
    world_send(&world, &late, &receipt);
    CHECK(receipt.verdict == RECEIPT_APPLIED);
    CHECK(world_pass(&world, REMINDER_MS + 30 * 60000, true));
    if (CHECK(lease(&world, "sms", &offer))) {
        CHECK_INTEGER(offer.job.notice_count, 2);
    }
    CHECK(!lease(&world, "sms", &offer));
    CHECK(world_pass(&world, REMINDER_MS + 60 * 60000, true));
    CHECK(!lease(&world, "sms", &offer));
    close_world(&world);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(the_deputy_is_told_while_his_time_lasts),
        TEST(a_deputy_for_another_time_or_role_is_not_told),
        TEST(whoever_acts_for_a_deputy_is_told),
        TEST(two_who_act_for_each_other_are_told_themselves),
        TEST(on_leave_without_a_deputy_another_holder_is_told),
        TEST(on_leave_and_alone_he_is_told_all_the_same),
        TEST(where_nobody_holds_a_role_the_next_above_is_told),
        TEST(a_person_is_written_to_in_his_hours),
        TEST(a_channel_rests_when_the_agency_does),
        TEST(one_window_is_one_message),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
