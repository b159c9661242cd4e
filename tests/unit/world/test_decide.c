#include "engine/depute.h"
#include "lib/told.h"

/* What operators do about messages on their way: decide, hold, name a deputy. */

static const struct act by_root = {.reason = TEXT_INIT("asked the gateway"),
                                   .person = TEXT_INIT("root")};

static struct world reminded(void)
{
    struct world world = told_world(channels_plain);

    act(&world, "K-1", "opened", NULL, 0);
    act(&world, "K-2", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    return world;
}

static bool decide(struct world *world, enum job_step step, uint64_t job)
{
    struct job_report report = {
        .step = step, .job = job, .worker = TEXT("root"), .words = TEXT("why")};

    return engine_decide(world->engine, &report, world->now_ms);
}

/* The fullest digest there is, with the longest worker's name and the longest last word. */
static void a_digest_has_room_for_what_is_said_of_it(void)
{
    static const char name[] =
        "worker-of-sixty-four-letters-worker-of-sixty-four-letters-worker";
    struct world world = told_world(channels_plain);
    struct job_offer offer;
    char words[300];

    for (int i = 0; i < 300; i++) {
        char id[16];

        (void)snprintf(id, sizeof(id), "K-%d", i);
        act(&world, id, "opened", NULL, 0);
    }
    CHECK(world_pass(&world, REMINDER_MS, true));
    memset(words, 'w', sizeof(words));
    for (int i = 0; i < 2; i++) {
        if (!CHECK(engine_lease(world.engine, TEXT("sms"), text_of(name), world.now_ms,
                                &offer) == STATUS_OK)) {
            break;
        }
        CHECK(i > 0 || offer.job.notice_count > 150);

        struct job_report report = {.step = JOB_STEP_FAIL,
                                    .token = offer.job.token,
                                    .failure = JOB_FAILED_FOR_GOOD,
                                    .words = {words, sizeof(words)}};

        CHECK(engine_report(world.engine, &report, world.now_ms));
    }
    CHECK(lease(&world, "mail", &offer));
    CHECK_INTEGER(offer.job.last.size, JOB_LAST_MAX);
    close_world(&world);
}

static enum job_state state_of(struct world *world, uint64_t number, uint32_t *resends)
{
    struct arena arena;
    struct job job = {0};

    arena_init_growing(&arena, (size_t)1 << 20);
    CHECK(engine_job(world->engine, number, &arena, &job));
    *resends = job.resends;

    enum job_state state = job.state;

    arena_fini(&arena);
    return state;
}

/* A doubtful SMS is let go on under its key, sent again under another, or given up. */
static void what_is_in_doubt_is_for_a_person_to_decide(void)
{
    struct world world = reminded();
    struct job_offer offer;
    uint32_t resends;

    CHECK(lease(&world, "sms", &offer));

    uint64_t number = offer.job.number;

    CHECK(!decide(&world, JOB_STEP_DROP, number)); /* it is its worker's */
    CHECK(engine_begin(world.engine, offer.job.token, world.now_ms));
    engine_lose(world.engine, offer.job.token, world.now_ms);
    CHECK(state_of(&world, number, &resends) == JOB_UNKNOWN);
    CHECK(decide(&world, JOB_STEP_RETRY, number));
    CHECK(state_of(&world, number, &resends) == JOB_READY && resends == 0);
    CHECK(decide(&world, JOB_STEP_RESEND, number));
    CHECK(state_of(&world, number, &resends) == JOB_READY && resends == 1);
    CHECK(decide(&world, JOB_STEP_DROP, number));
    CHECK(!decide(&world, JOB_STEP_DROP, number));
    CHECK(!decide(&world, JOB_STEP_RESEND, number)); /* nobody ever said that it was sent */
    close_world(&world);
}

/* Somebody says that he never got it: it goes again under a key of its own, with all in it. */
static void what_was_sent_can_be_sent_again(void)
{
    struct world world = reminded();
    struct job_offer offer;
    struct text first = sent(&world, "sms");
    struct job_name name;

    CHECK(job_key_read(first, &name));
    CHECK(!decide(&world, JOB_STEP_RETRY, name.number));
    CHECK(decide(&world, JOB_STEP_RESEND, name.number));
    if (CHECK(lease(&world, "sms", &offer))) {
        CHECK_INTEGER(offer.job.notice_count, 2);
        CHECK_INTEGER(offer.job.resends, 1);
        CHECK(offer.job.number == name.number);
    }
    close_world(&world);
}

/* An incident begins anew with the first channel, for the address may have been mended. */
static void an_incident_begins_anew(void)
{
    struct world world = reminded();
    struct job_offer offer;

    CHECK(lease(&world, "sms", &offer));

    uint64_t number = offer.job.number;

    CHECK(report(&world, JOB_STEP_FAIL, 0, offer.job.token, JOB_FAILED_FOR_GOOD));
    CHECK(lease(&world, "mail", &offer));
    CHECK(report(&world, JOB_STEP_FAIL, 0, offer.job.token, JOB_FAILED_FOR_GOOD));
    CHECK(decide(&world, JOB_STEP_RETRY, number));
    if (CHECK(lease(&world, "sms", &offer))) {
        CHECK(offer.job.number == number);
    }
    close_world(&world);
}

static bool hold(struct world *world, const char *channel, const char *case_id, bool off)
{
    const struct hold hold = {.channel = text_of(channel),
                              .agency = case_id == NULL ? (struct text){0} : TEXT("gulou"),
                              .case_id = text_of(case_id),
                              .off = off};
    const struct message *why;

    return engine_hold(world->engine, &hold, &by_root, world->now_ms, &why);
}

static void a_held_channel_leases_nothing(void)
{
    struct world world = reminded();
    struct job_offer offer;

    CHECK(!hold(&world, "pager", NULL, false));
    CHECK(!hold(&world, "sms", NULL, true));
    CHECK(hold(&world, "sms", NULL, false));
    CHECK(!hold(&world, "sms", NULL, false));
    CHECK(!lease(&world, "sms", &offer));
    CHECK(world_crash(&world, true) == STATUS_OK);
    CHECK(!lease(&world, "sms", &offer));
    CHECK(hold(&world, "sms", NULL, true));
    CHECK(lease(&world, "sms", &offer));
    close_world(&world);
}

/* What stood there, and what is made meanwhile; other cases go on. */
static void nothing_leaves_about_a_held_case(void)
{
    struct world world = reminded();
    struct job_offer offer;

    CHECK(!hold(&world, NULL, "K-9", false));
    CHECK(hold(&world, NULL, "K-1", false));
    if (CHECK(lease(&world, "sms", &offer))) {
        CHECK_INTEGER(offer.job.notice_count, 1); /* of K-2 alone */
    }
    CHECK(world_pass(&world, START_MS + 12 * DAY_MS, true));

    uint32_t rungs = 0;

    while (lease(&world, "mail", &offer)) {
        rungs += offer.job.notice_count;
    }
    CHECK_INTEGER(rungs, 1);
    CHECK(hold(&world, NULL, "K-1", true));
    if (CHECK(lease(&world, "mail", &offer))) {
        CHECK_TEXT(offer.brief, "K-1 is over");
    }
    close_world(&world);
}

/* A restore holds back what it may have sent: released with its case it leaves. */
static void the_jobs_of_a_case_are_released_with_it(void)
{
    struct world world = reminded();
    struct job_offer offer;
    const struct message *why;

    CHECK(engine_restore(world.engine, 2, &by_root, world.now_ms));
    CHECK(!lease(&world, "sms", &offer));
    CHECK(
        engine_release(world.engine, TEXT("gulou"), TEXT("K-1"), &by_root, world.now_ms, &why));
    if (CHECK(lease(&world, "sms", &offer))) {
        CHECK_INTEGER(offer.job.notice_count, 1);
        CHECK_TEXT(offer.brief, "K-1：办理期限2026-03-12届满，还剩3天");
    }
    CHECK(!lease(&world, "sms", &offer));
    CHECK(!engine_release(world.engine, TEXT("gulou"), TEXT("K-1"), &by_root, world.now_ms,
                          &why));
    close_world(&world);
}

static bool depute(struct world *world, const struct deputing *deputing)
{
    struct arena arena;
    struct problem_list problems = no_problems(&arena);

    return engine_depute(world->engine, deputing, &by_root, world->now_ms, &problems);
}

static void install_people(struct world *world, const char *people)
{
    const struct install_file file = {.path = TEXT("people.yaml"), .bytes = text_of(people)};
    struct arena arena;
    struct problem_list problems = no_problems(&arena);

    CHECK(world_install(world, &file, 1, &problems));
}

/* It holds through an install of people.yaml, ends by itself, or when somebody says so; of
 * whoever is gone it is void. */
static void a_deputy_by_act_stays_until_his_time_is_over(void)
{
    struct world world = told_world(channels_plain);
    struct deputing deputing = {.person = TEXT("wang"),
                                .deputy = TEXT("li"),
                                .from = date_of(2026, 3, 1),
                                .to = date_of(2026, 3, 20)};
    struct deputing end = {.person = TEXT("wang"), .ends = true};
    uint64_t seq;
    struct job_offer offer;

    CHECK(!depute(&world, &end));
    CHECK(depute(&world, &deputing));
    seq = engine_seq(world.engine);
    CHECK(depute(&world, &deputing)); /* said again it is nothing new */
    CHECK(engine_seq(world.engine) == seq);
    install_people(&world, people_reached);
    act(&world, "K-1", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS, true));
    CHECK(world_crash(&world, true) == STATUS_OK);
    if (CHECK(lease(&world, "mail", &offer))) {
        CHECK_TEXT(offer.job.receiver, "li");
        CHECK_TEXT(offer.brief, "[for 王] K-1 decision 2026-03-12, 3 days");
    }
    install_people(&world, "people:\n  wang: {certified: true, phone: \"13800000001\", roles: "
                           "[{role: officer, agency: gulou}]}\n");
    install_people(&world, people_reached);
    CHECK(depute(&world, &end));
    CHECK(!depute(&world, &end));
    act(&world, "K-2", "opened", NULL, 0);
    CHECK(world_pass(&world, REMINDER_MS + 7 * DAY_MS, true));
    if (CHECK(lease(&world, "sms", &offer))) {
        CHECK_TEXT(offer.job.receiver, "wang");
    }
    close_world(&world);
}

static void a_deputy_that_makes_no_sense_is_refused(void)
{
    struct world world = told_world(channels_plain);
    const struct deputing wrong[] = {
        {.person = TEXT("wang"), .deputy = TEXT("wang"), .from = 20500, .to = 20600},
        {.person = TEXT("nobody"), .deputy = TEXT("li"), .from = 20500, .to = 20600},
        {.person = TEXT("wang"), .deputy = TEXT("li"), .from = 20600, .to = 20500},
        {.person = TEXT("wang"), .deputy = TEXT("li"), .from = 20500, .to = DATE_NONE},
        {.person = TEXT("wang"), .deputy = TEXT("li"), .from = 100, .to = 200},
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        CHECK(!depute(&world, &wrong[i]));
    }
    close_world(&world);
}

/* The words stand in the record of the lease, so what was said can be shown again. */
static void the_words_are_kept_with_the_lease(void)
{
    struct world world = reminded();
    struct job_offer offer;
    struct arena arena;
    struct record record;

    CHECK(lease(&world, "sms", &offer));

    uint64_t token = offer.job.token;
    char brief[200];

    (void)snprintf(brief, sizeof(brief), "%.*s", TEXT_ARGS(offer.brief));
    arena_init_growing(&arena, (size_t)4 << 20);
    CHECK(engine_record(world.engine, token, &arena, &record) == STATUS_OK);
    CHECK_TEXT(record.job.said.template, "near");
    CHECK_TEXT(record.job.said.brief, brief);
    CHECK(!text_empty(record.job.said.version) && !record.job.said.sealed);
    arena_fini(&arena);
    close_world(&world);
}

/* The party is told by mail what it is called by. */
static const char procedure_of_secrets[] =
    "procedure: secret\n"
    "version: 1\n"
    "zh: 私\n"
    "en: secret\n"
    "from: 2020-01-01\n"
    "roles:\n"
    "  officer: {zh: 承办人, en: officer}\n"
    "  party: {zh: 当事人, en: party, outside: true, reach: {mail: facts.mail}, consent: "
    "facts.consent}\n"
    "chain: [officer]\n"
    "facts: {mail: {type: text, private: true}, called: {type: text, private: true}, consent: "
    "flag}\n"
    "notices: {secret: [called]}\n"
    "clocks:\n"
    "  decide: {zh: 办理, en: decision, law: 第五条, owner: officer, length: 10d,\n"
    "           ladder: {up: {at: +1wd, to: officer, notice: near}}}\n"
    "opens: {opened: {by: [officer], may_take: [mail, called, consent], start: [decide],\n"
    "                 notify: {to: party, notice: secret}, to: work}}\n"
    "stages:\n"
    "  work: {zh: 办理, en: work, events: {ended: {by: [officer], meet: [decide], to: done}}}\n"
    "  done: {zh: 办结, en: done, final: done}\n";

static void install_secrets(struct world *world)
{
    const struct install_file files[] = {
        {.path = TEXT("procedures/secret.yaml"), .bytes = text_of(procedure_of_secrets)},
        {.path = TEXT("notices/secret.zh.txt"),
         .bytes = TEXT("{{agency}}：一份文书\n---\n文书\n\n{{called}}：请查收\n")},
        {.path = TEXT("notices/secret.en.txt"),
         .bytes = TEXT("{{agency}}: a paper\n---\nPaper\n\n{{called}}: please\n")},
    };
    struct arena arena;
    struct problem_list problems = no_problems(&arena);

    CHECK(world_install(world, files, 3, &problems));
    if (problems.first != NULL) {
        CHECK_TEXT(problems.first->message->en, "");
    }
}

static void open_secret(struct world *world)
{
    static const struct carried facts[] = {
        {.name = TEXT_INIT("mail"), .value = TEXT_INIT("zhang@example.cn")},
        {.name = TEXT_INIT("called"), .value = TEXT_INIT("张三")},
        {.name = TEXT_INIT("consent"), .value = TEXT_INIT("true")},
    };
    struct submission submission = event_of(world, "s", "opened");
    struct receipt receipt;

    submission.procedure = TEXT("secret");
    submission.event.facts = facts;
    submission.event.fact_count = 3;
    world_send(world, &submission, &receipt);
    CHECK(receipt.verdict == RECEIPT_APPLIED);
}

static bool disclose(struct world *world, const char *case_id, uint64_t lease_seq, char out[64])
{
    const struct message *why;
    struct job_said said = {0};
    struct arena arena;

    arena_init_growing(&arena, (size_t)1 << 20);

    bool told = engine_disclose(world->engine, TEXT("gulou"), text_of(case_id), lease_seq,
                                &by_root, world->now_ms, &arena, &said, &why);

    (void)snprintf(out, 64, "%.*s", TEXT_ARGS(said.body));
    arena_fini(&arena);
    return told;
}

/* Sealed in the record; read again by an act that says who did, as long as the case has a key. */
static void words_with_a_private_fact_are_sealed_and_read_by_an_act(void)
{
    struct world world = told_world(channels_plain);
    const struct message *why;
    struct job_offer offer;
    struct arena arena;
    struct record record;
    char body[64];

    install_secrets(&world);
    open_secret(&world);
    if (!CHECK(lease(&world, "mail", &offer))) {
        return;
    }
    CHECK_TEXT(offer.body, "张三：请查收");

    uint64_t token = offer.job.token;

    arena_init_growing(&arena, (size_t)4 << 20);
    CHECK(engine_record(world.engine, token, &arena, &record) == STATUS_OK);
    CHECK(record.job.said.sealed);
    for (size_t i = 0; i + 3 <= record.job.said.body.size; i++) {
        CHECK(memcmp(record.job.said.body.bytes + i, "张", 3) != 0);
    }
    arena_fini(&arena);
    CHECK(!disclose(&world, "K-9", token, body));
    CHECK(!disclose(&world, "K-1", token - 1, body));
    CHECK(disclose(&world, "K-1", token, body));
    CHECK_TEXT(text_of(body), "张三：请查收");
    act(&world, "K-1", "ended", NULL, 0);
    CHECK(engine_erase(world.engine, TEXT("gulou"), TEXT("K-1"), &by_root, world.now_ms, &why));
    CHECK(!disclose(&world, "K-1", token, body));
    close_world(&world);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_digest_has_room_for_what_is_said_of_it),
        TEST(what_is_in_doubt_is_for_a_person_to_decide),
        TEST(what_was_sent_can_be_sent_again),
        TEST(an_incident_begins_anew),
        TEST(a_held_channel_leases_nothing),
        TEST(nothing_leaves_about_a_held_case),
        TEST(the_jobs_of_a_case_are_released_with_it),
        TEST(a_deputy_by_act_stays_until_his_time_is_over),
        TEST(a_deputy_that_makes_no_sense_is_refused),
        TEST(the_words_are_kept_with_the_lease),
        TEST(words_with_a_private_fact_are_sealed_and_read_by_an_act),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
