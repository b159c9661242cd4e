#include "codec/job.h"
#include "core/date.h"
#include "lib/check.h"
#include "lib/rng.h"

#include <stdio.h>

static uint8_t memory[1 << 16];
static uint8_t room[1 << 16];

static struct job random_job(struct rng *rng, struct job_notice notices[JOB_NOTICES_MAX])
{
    struct job job = {
        .number = rng_next(rng),
        .generation = (uint32_t)rng_next(rng),
        .state = (enum job_state)rng_between(rng, 0, JOB_INCIDENT),
        .channel = TEXT("sms"),
        .tried = (uint32_t)rng_between(rng, 0, 7),
        .agency = TEXT("gulou"),
        .receiver = TEXT("王"),
        .role = (uint16_t)rng_between(rng, 0, 63),
        .outside = rng_between(rng, 0, 1) == 1,
        .urgent = rng_between(rng, 0, 1) == 1,
        .made_ms = rng_between(rng, 0, 4102444800000),
        .since_ms = rng_between(rng, 0, 4102444800000),
        .useful_ms = rng_between(rng, 0, 4102444800000),
        .until_ms =
            rng_between(rng, 0, 1) == 1 ? INSTANT_NEVER : rng_between(rng, 0, 4102444800000),
        .attempt = (uint32_t)rng_next(rng),
        .failures = (uint32_t)rng_next(rng),
        .resends = (uint32_t)rng_next(rng),
        .token = rng_next(rng),
        .worker = TEXT("mail-1"),
        .notices = notices,
        .notice_count = (uint32_t)rng_between(rng, 1, JOB_NOTICES_MAX),
    };

    for (uint32_t i = 0; i < job.notice_count; i++) {
        notices[i] = (struct job_notice){
            .seq = (uint64_t)rng_between(rng, 1, 1000000000),
            .effect = (uint32_t)rng_between(rng, 0, 4095),
            .number = (uint64_t)rng_between(rng, 1, 10000000),
            .clock = (uint16_t)(rng_between(rng, 0, 64) - 1),
            .instance = (uint16_t)rng_between(rng, 0, 9),
            .rung = rng_between(rng, 0, 1) == 1,
            .reminder = rng_between(rng, 0, 1) == 1,
            .stead = (enum stead)rng_between(rng, 0, STEAD_UNREACHED),
        };
        notices[i].in_stead_of = notices[i].stead == STEAD_NONE ? (struct text){0}
                                 : rng_between(rng, 0, 2) > 0   ? TEXT("zhao")
                                                                : TEXT("qian");
    }
    return job;
}

static void check_same(const struct job *a, const struct job *b)
{
    CHECK(a->number == b->number && a->state == b->state && a->tried == b->tried);
    CHECK(a->role == b->role && a->outside == b->outside && a->urgent == b->urgent);
    CHECK_TEXT(a->channel, b->channel);
    CHECK_TEXT(a->agency, b->agency);
    CHECK_TEXT(a->receiver, b->receiver);
    CHECK_TEXT(a->worker, b->worker);
    CHECK(a->generation == b->generation);
    CHECK(a->made_ms == b->made_ms && a->since_ms == b->since_ms);
    CHECK(a->useful_ms == b->useful_ms && a->until_ms == b->until_ms);
    CHECK(a->attempt == b->attempt && a->failures == b->failures);
    CHECK(a->resends == b->resends && a->token == b->token);
    CHECK(a->notice_count == b->notice_count);
    for (uint32_t i = 0; i < a->notice_count; i++) {
        const struct job_notice *one = &a->notices[i];
        const struct job_notice *two = &b->notices[i];

        CHECK(one->seq == two->seq && one->effect == two->effect);
        CHECK(one->number == two->number && one->clock == two->clock);
        CHECK(one->instance == two->instance && one->rung == two->rung);
        CHECK(one->reminder == two->reminder);
        CHECK(one->stead == two->stead);
        CHECK_TEXT(one->in_stead_of, two->in_stead_of);
    }
}

static void what_was_written_is_read_again(void)
{
    struct rng rng = rng_seeded(31);

    for (int i = 0; i < 200; i++) {
        struct job_notice notices[JOB_NOTICES_MAX];
        struct job job = random_job(&rng, notices);
        struct arena arena;
        struct bytes bytes;
        struct job back;

        arena_init_over(&arena, memory, sizeof(memory));
        CHECK(job_encode(&job, room, sizeof(room), &bytes) == STATUS_OK);
        CHECK(job_decode(job.number, bytes, &arena, &back) == STATUS_OK);
        check_same(&job, &back);
        CHECK(job_encode(&job, room, bytes.size - 1, &bytes) == STATUS_LIMIT);
    }
}

static void damaged_bytes_are_refused(void)
{
    struct rng rng = rng_seeded(32);
    struct job_notice notices[JOB_NOTICES_MAX];
    struct job job = random_job(&rng, notices);
    struct arena arena;
    struct bytes bytes;
    struct job back;

    CHECK(job_encode(&job, room, sizeof(room), &bytes) == STATUS_OK);
    for (size_t size = 0; size < bytes.size; size++) {
        arena_init_over(&arena, memory, sizeof(memory));
        CHECK(job_decode(job.number, (struct bytes){.at = bytes.at, .size = size}, &arena,
                         &back) != STATUS_OK);
    }
    room[0]++;
    arena_init_over(&arena, memory, sizeof(memory));
    CHECK(job_decode(job.number, bytes, &arena, &back) == STATUS_MALFORMED);
}

static void a_key_names_store_job_channel_and_resends(void)
{
    struct job job = {.number = job_number(5, 3), .channel = TEXT("mail"), .resends = 2};
    char key[JOB_KEY_SIZE];

    CHECK_INTEGER(job_key(&job, TEXT("0123abcd"), key), 20);
    CHECK_TEXT((const char *)key, "0123abcd-5003-mail-2");
    job.generation = 1;
    CHECK_INTEGER(job_key(&job, TEXT("0123abcd"), key), 20);
    job.generation = 7; /* of a restored store: the number may have named another */
    CHECK_INTEGER(job_key(&job, TEXT("0123abcd"), key), 22);
    CHECK_TEXT((const char *)key, "0123abcd.7-5003-mail-2");
}

static void a_key_is_taken_apart_again(void)
{
    struct job job = {
        .number = job_number(5, 3), .generation = 7, .channel = TEXT("mail"), .resends = 2};
    struct job_name name;
    char key[JOB_KEY_SIZE];
    size_t size = job_key(&job, TEXT("0123-abcd"), key);

    CHECK(job_key_read((struct text){key, size}, &name));
    CHECK_TEXT(name.store, "0123-abcd");
    CHECK(job_has_name(&job, &name));
    CHECK_INTEGER(job_record(name.number), 5);
    job.generation = 1;
    size = job_key(&job, TEXT("s"), key);
    CHECK(job_key_read((struct text){key, size}, &name));
    CHECK(job_has_name(&job, &name));
    for (size_t i = 0; i < size; i++) { /* of its beginnings none but perhaps its own */
        (void)job_key_read((struct text){key, i}, &name);
    }
    CHECK(!job_key_read(TEXT("7"), &name));
    CHECK(!job_key_read(TEXT("s-5003--0"), &name));
    CHECK(!job_key_read(TEXT("s-5g-mail-0"), &name));
    CHECK(!job_key_read(TEXT("s-ffffffffffffffff0-mail-0"), &name));
    CHECK(!job_key_read(TEXT("s-5003-mail-4294967296"), &name));
}

static void an_address_in_somebodys_words_is_masked(void)
{
    static const struct {
        const char *said;
        const char *kept;
    } cases[] = {
        {"550 5.1.1 <wang@example.cn>: Recipient rejected",
         "550 5.1.1 <***>: Recipient rejected"},
        {"isv.MOBILE_NUMBER_ILLEGAL 13800000001", "isv.MOBILE_NUMBER_ILLEGAL ***"},
        {"号码+86 138-0000-0001无效", "号码***无效"},
        {"tel:13800000001;a@b", "tel:***;***"},
        {"451 4.3.0 try again in 300 s", "451 4.3.0 try again in 300 s"},
        {"", ""},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char words[128];
        size_t size = (size_t)snprintf(words, sizeof(words), "%s", cases[i].said);

        CHECK_TEXT(((struct text){words, job_words_mask(words, size)}), cases[i].kept);
    }
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(what_was_written_is_read_again),
        TEST(damaged_bytes_are_refused),
        TEST(a_key_names_store_job_channel_and_resends),
        TEST(a_key_is_taken_apart_again),
        TEST(an_address_in_somebodys_words_is_masked),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
