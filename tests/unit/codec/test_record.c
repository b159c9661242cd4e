#include "codec/record.h"

#include "lib/check.h"
#include "lib/rng.h"

#include <string.h>

enum { ROUNDS = 300 };

static uint8_t memory[8 << 20];
static uint8_t room[1 << 20];

static struct text random_text(struct rng *rng)
{
    static const struct text texts[] = {TEXT_INIT("wang"), TEXT_INIT("责令改正通知书"),
                                        TEXT_INIT("K-1"), TEXT_INIT(""),
                                        TEXT_INIT("order.served")};

    return texts[rng_between(rng, 0, 4)];
}

static bool flip(struct rng *rng)
{
    return rng_between(rng, 0, 1) == 1;
}

static uint16_t random_index(struct rng *rng)
{
    return flip(rng) ? NO_INDEX : (uint16_t)rng_between(rng, 0, 200);
}

static struct effect random_effect(struct rng *rng)
{
    uint32_t count;
    const struct message *const *messages = step_messages(&count);

    return (struct effect){
        .kind = (enum effect_kind)rng_between(rng, 0, EFFECT_LAST),
        .fact = random_index(rng),
        .stage = random_index(rng),
        .clock = random_index(rng),
        .number = (uint16_t)rng_between(rng, 0, 9),
        .ground = random_index(rng),
        .entry = random_index(rng),
        .role = random_index(rng),
        .to_officer = flip(rng),
        .notice = random_index(rng),
        .urgent = flip(rng),
        .held = flip(rng),
        .provisional = flip(rng),
        .at_ms = flip(rng) ? INSTANT_NEVER : rng_between(rng, 0, 4102444800000),
        .late_ms = rng_between(rng, 0, 100000),
        .last_day = flip(rng) ? DATE_NONE : (int32_t)rng_between(rng, 0, 40000),
        .old_day = flip(rng) ? DATE_NONE : (int32_t)rng_between(rng, 0, 40000),
        .state = (enum instance_state)rng_between(rng, 0, INSTANCE_CANCELLED),
        .length = {.count = (int32_t)rng_between(rng, 0, 90), .unit = LENGTH_WORKDAYS},
        .text = random_text(rng),
        .message = flip(rng) ? NULL : messages[rng_between(rng, 0, count - 1)],
    };
}

/* Every list has up to three things. */
struct parts {
    struct text with[3];
    struct carried facts[3];
    struct document documents[3];
    struct text kinds[3];
    struct told reasons[3];
    struct effect effects[3];
    struct install_file files[3];
    struct submission submissions[3];
    uint8_t delta[3];
    struct job_change jobs[3];
};

static struct submission random_submission(struct rng *rng, struct parts *parts)
{
    struct submission submission = {
        .id = random_text(rng),
        .source = random_text(rng),
        .agency = random_text(rng),
        .case_id = random_text(rng),
        .procedure = random_text(rng),
        .actor_agency = random_text(rng),
        .traceparent = random_text(rng),
        .wait_ms = rng_between(rng, 0, 30 * DAY_MS),
        .event = {.type = random_text(rng),
                  .occurred_ms = rng_between(rng, 0, 4102444800000),
                  .person = random_text(rng),
                  .role = random_text(rng),
                  .with = parts->with,
                  .with_count = (uint32_t)rng_between(rng, 0, 3),
                  .facts = parts->facts,
                  .fact_count = (uint32_t)rng_between(rng, 0, 3),
                  .documents = parts->kinds,
                  .document_count = (uint32_t)rng_between(rng, 0, 3),
                  .note = random_text(rng),
                  .unit = random_text(rng)},
        .documents = parts->documents,
    };

    submission.document_count = submission.event.document_count;
    return submission;
}

static void fill_parts(struct rng *rng, struct parts *parts)
{
    for (int i = 0; i < 3; i++) {
        parts->with[i] = random_text(rng);
        parts->facts[i] = (struct carried){
            .name = random_text(rng), .value = random_text(rng), .sealed = flip(rng)};
        parts->facts[i].unfit = parts->facts[i].sealed && flip(rng);
        parts->documents[i] = (struct document){random_text(rng), random_text(rng),
                                                random_text(rng), random_text(rng)};
        parts->kinds[i] = parts->documents[i].kind;
        parts->reasons[i] = (struct told){random_text(rng), random_text(rng), random_text(rng),
                                          random_text(rng)};
        parts->effects[i] = random_effect(rng);
        parts->files[i] = (struct install_file){random_text(rng), random_text(rng)};
        parts->delta[i] = (uint8_t)rng_next(rng);
        parts->jobs[i] = (struct job_change){
            .number = rng_next(rng),
            .value = {.at = parts->delta, .size = (size_t)rng_between(rng, 0, 3)}};
    }
}

static struct record random_record(struct rng *rng, struct parts *parts)
{
    struct record record = {
        .kind = (enum record_kind)rng_between(rng, 0, RECORD_IMPORT),
        .now_ms = rng_between(rng, 0, 4102444800000),
        .number = rng_next(rng),
        .verdict = (enum record_verdict)rng_between(rng, 0, RECORD_REJECTED),
        .procedure = (uint32_t)rng_next(rng),
        .revision = (uint32_t)rng_next(rng),
        .stage = random_index(rng),
        .next_due_ms = flip(rng) ? INSTANT_NEVER : rng_between(rng, 0, 4102444800000),
        .reasons = parts->reasons,
        .reason_count = (uint32_t)rng_between(rng, 0, 3),
        .effects = parts->effects,
        .effect_count = (uint32_t)rng_between(rng, 0, 3),
        .delta = {.at = parts->delta, .size = (size_t)rng_between(rng, 0, 3)},
        .jobs = parts->jobs,
        .job_count = (uint32_t)rng_between(rng, 0, 3),
    };

    fill_parts(rng, parts);
    if (record.kind == RECORD_EVENT) {
        record.submission = random_submission(rng, parts);
    } else if (record.kind == RECORD_REST) {
        record.of_seq = rng_next(rng);
        record.wait_over = flip(rng);
        record.submission.event.facts = parts->facts;
        record.submission.event.fact_count = (uint32_t)rng_between(rng, 0, 3);
    } else if (record.kind == RECORD_MOMENT) {
        record.due_ms = rng_between(rng, 0, 4102444800000);
    } else if (record.kind == RECORD_INSTALL) {
        record.files = parts->files;
        record.file_count = (uint32_t)rng_between(rng, 0, 3);
        record.act = (struct act){random_text(rng), random_text(rng), random_text(rng)};
    } else if (record.kind == RECORD_MIGRATED) {
        record.act = (struct act){random_text(rng), random_text(rng), random_text(rng)};
        record.of_procedure = (uint32_t)rng_next(rng);
    } else if (record.kind == RECORD_JOB) {
        record.job = (struct job_report){
            .step = (enum job_step)rng_between(rng, 0, JOB_STEP_BOUNCED),
            .job = rng_next(rng),
            .token = rng_next(rng),
            .channel = random_text(rng),
            .receiver = random_text(rng),
            .worker = random_text(rng),
            .failure = (enum job_failure)rng_between(rng, 0, JOB_THROTTLED),
            .at_ms = rng_between(rng, 0, 4102444800000),
            .provider = random_text(rng),
            .sha256 = random_text(rng),
            .words = random_text(rng),
            .key = random_text(rng),
        };
        if (record.job.step == JOB_STEP_LEASE) {
            record.job.said = (struct job_said){
                .template = random_text(rng),
                .version = random_text(rng),
                .brief = random_text(rng),
                .subject = random_text(rng),
                .body = random_text(rng),
                .sealed = rng_between(rng, 0, 1) == 1,
            };
        }
    } else if (record.kind == RECORD_IMPORT) {
        record.act = (struct act){random_text(rng), random_text(rng), random_text(rng)};
        record.submission_count = (uint32_t)rng_between(rng, 1, 3);
        for (uint32_t i = 0; i < record.submission_count; i++) {
            parts->submissions[i] = random_submission(rng, parts);
        }
        record.submissions = parts->submissions;
    } else if (record.kind == RECORD_ACT) {
        record.act = (struct act){random_text(rng), random_text(rng), random_text(rng)};
        record.act_kind = (enum act_kind)rng_between(rng, 0, ACT_DISCLOSE);
        record.wall_ms = rng_between(rng, 0, 4102444800000);
        if (record.act_kind == ACT_RESTORE) {
            record.generation = (uint32_t)rng_between(rng, 1, 100);
        } else if (record.act_kind == ACT_RELEASE || record.act_kind == ACT_ERASE) {
            record.of_agency = random_text(rng);
            record.of_case = random_text(rng);
        } else if (record.act_kind == ACT_BACKUP) {
            record.folder = random_text(rng);
        } else if (record.act_kind == ACT_HOLD || record.act_kind == ACT_UNHOLD) {
            record.of_agency = random_text(rng);
            record.of_case = random_text(rng);
            record.of_channel = random_text(rng);
        } else if (record.act_kind == ACT_DISCLOSE) {
            record.of_agency = random_text(rng);
            record.of_case = random_text(rng);
            record.of_lease = rng_next(rng);
        }
    }
    return record;
}

static void check_event(const struct event *a, const struct event *b)
{
    CHECK_TEXT(a->type, b->type);
    CHECK(a->occurred_ms == b->occurred_ms);
    CHECK_TEXT(a->person, b->person);
    CHECK_TEXT(a->role, b->role);
    CHECK_TEXT(a->note, b->note);
    CHECK_TEXT(a->unit, b->unit);
    CHECK(a->with_count == b->with_count);
    CHECK(a->fact_count == b->fact_count);
    CHECK(a->document_count == b->document_count);
    for (uint32_t i = 0; i < a->with_count; i++) {
        CHECK_TEXT(a->with[i], b->with[i]);
    }
    for (uint32_t i = 0; i < a->fact_count; i++) {
        CHECK_TEXT(a->facts[i].name, b->facts[i].name);
        CHECK_TEXT(a->facts[i].value, b->facts[i].value);
        CHECK(a->facts[i].sealed == b->facts[i].sealed);
        CHECK(a->facts[i].unfit == b->facts[i].unfit);
    }
    for (uint32_t i = 0; i < a->document_count; i++) {
        CHECK_TEXT(a->documents[i], b->documents[i]);
    }
}

static void check_submission(const struct submission *a, const struct submission *b)
{
    CHECK_TEXT(a->id, b->id);
    CHECK_TEXT(a->source, b->source);
    CHECK_TEXT(a->agency, b->agency);
    CHECK_TEXT(a->case_id, b->case_id);
    CHECK_TEXT(a->procedure, b->procedure);
    CHECK_TEXT(a->actor_agency, b->actor_agency);
    CHECK_TEXT(a->traceparent, b->traceparent);
    CHECK(a->wait_ms == b->wait_ms);
    CHECK(a->document_count == b->document_count);
    for (uint32_t i = 0; i < a->document_count; i++) {
        CHECK_TEXT(a->documents[i].kind, b->documents[i].kind);
        CHECK_TEXT(a->documents[i].title, b->documents[i].title);
        CHECK_TEXT(a->documents[i].sha256, b->documents[i].sha256);
        CHECK_TEXT(a->documents[i].uri, b->documents[i].uri);
    }
    check_event(&a->event, &b->event);
}

static void check_effect(const struct effect *a, const struct effect *b)
{
    CHECK(a->kind == b->kind);
    CHECK(a->fact == b->fact);
    CHECK(a->stage == b->stage);
    CHECK(a->clock == b->clock);
    CHECK(a->number == b->number);
    CHECK(a->ground == b->ground);
    CHECK(a->entry == b->entry);
    CHECK(a->role == b->role);
    CHECK(a->to_officer == b->to_officer);
    CHECK(a->notice == b->notice);
    CHECK(a->urgent == b->urgent);
    CHECK(a->held == b->held);
    CHECK(a->provisional == b->provisional);
    CHECK(a->at_ms == b->at_ms);
    CHECK(a->late_ms == b->late_ms);
    CHECK(a->last_day == b->last_day);
    CHECK(a->old_day == b->old_day);
    CHECK(a->state == b->state);
    CHECK(length_equal(a->length, b->length));
    CHECK_TEXT(a->text, b->text);
    CHECK(a->message == b->message);
}

static void check_jobs(const struct record *a, const struct record *b)
{
    CHECK(a->job.step == b->job.step && a->job.failure == b->job.failure);
    CHECK(a->job.job == b->job.job && a->job.token == b->job.token);
    CHECK(a->job.at_ms == b->job.at_ms);
    CHECK_TEXT(a->job.channel, b->job.channel);
    CHECK_TEXT(a->job.receiver, b->job.receiver);
    CHECK_TEXT(a->job.worker, b->job.worker);
    CHECK_TEXT(a->job.provider, b->job.provider);
    CHECK_TEXT(a->job.sha256, b->job.sha256);
    CHECK_TEXT(a->job.words, b->job.words);
    CHECK_TEXT(a->job.key, b->job.key);
    CHECK(a->job.said.sealed == b->job.said.sealed);
    CHECK_TEXT(a->job.said.template, b->job.said.template);
    CHECK_TEXT(a->job.said.version, b->job.said.version);
    CHECK_TEXT(a->job.said.brief, b->job.said.brief);
    CHECK_TEXT(a->job.said.subject, b->job.said.subject);
    CHECK_TEXT(a->job.said.body, b->job.said.body);
    CHECK(a->job_count == b->job_count);
    for (uint32_t i = 0; i < a->job_count; i++) {
        CHECK(a->jobs[i].number == b->jobs[i].number);
        CHECK(bytes_equal(a->jobs[i].value, b->jobs[i].value));
    }
}

static void check_record(const struct record *a, const struct record *b)
{
    CHECK(a->kind == b->kind);
    CHECK(a->now_ms == b->now_ms);
    CHECK(a->of_seq == b->of_seq);
    CHECK(a->wait_over == b->wait_over);
    CHECK(a->number == b->number);
    CHECK(a->due_ms == b->due_ms);
    CHECK(a->verdict == b->verdict);
    CHECK(a->procedure == b->procedure);
    CHECK(a->revision == b->revision);
    CHECK(a->stage == b->stage);
    CHECK(a->next_due_ms == b->next_due_ms);
    CHECK(bytes_equal(a->delta, b->delta));
    CHECK(a->reason_count == b->reason_count);
    CHECK(a->effect_count == b->effect_count);
    CHECK(a->file_count == b->file_count);
    CHECK_TEXT(a->act.reason, b->act.reason);
    CHECK_TEXT(a->act.person, b->act.person);
    CHECK_TEXT(a->act.role, b->act.role);
    CHECK(a->submission_count == b->submission_count);
    for (uint32_t i = 0; i < a->submission_count; i++) {
        check_submission(&a->submissions[i], &b->submissions[i]);
    }
    CHECK(a->act_kind == b->act_kind && a->wall_ms == b->wall_ms);
    CHECK_TEXT(a->of_channel, b->of_channel);
    CHECK(a->of_lease == b->of_lease);
    check_jobs(a, b);
    for (uint32_t i = 0; i < a->reason_count; i++) {
        CHECK_TEXT(a->reasons[i].code, b->reasons[i].code);
        CHECK_TEXT(a->reasons[i].zh, b->reasons[i].zh);
        CHECK_TEXT(a->reasons[i].en, b->reasons[i].en);
        CHECK_TEXT(a->reasons[i].law, b->reasons[i].law);
    }
    for (uint32_t i = 0; i < a->effect_count; i++) {
        check_effect(&a->effects[i], &b->effects[i]);
    }
    for (uint32_t i = 0; i < a->file_count; i++) {
        CHECK_TEXT(a->files[i].path, b->files[i].path);
        CHECK_TEXT(a->files[i].bytes, b->files[i].bytes);
    }
}

static void what_was_written_is_read_again(void)
{
    struct rng rng = rng_seeded(21);

    for (int i = 0; i < ROUNDS; i++) {
        struct parts parts;
        struct record record = random_record(&rng, &parts);
        struct record back;
        struct bytes bytes;
        struct arena arena;

        arena_init_over(&arena, memory, sizeof(memory));
        CHECK(record_encode(&record, room, sizeof(room), &bytes) == STATUS_OK);
        CHECK(record_decode(bytes, &arena, &back) == STATUS_OK);
        check_record(&record, &back);
        check_submission(&record.submission, &back.submission);
    }
}

static void a_damaged_record_is_refused(void)
{
    struct rng rng = rng_seeded(22);
    struct parts parts;
    struct record record = random_record(&rng, &parts);
    struct record back;
    struct bytes bytes;
    struct arena arena;

    arena_init_over(&arena, memory, sizeof(memory));
    CHECK(record_encode(&record, room, 8, &bytes) == STATUS_LIMIT);
    CHECK(record_encode(&record, room, sizeof(room), &bytes) == STATUS_OK);
    for (size_t i = 0; i < bytes.size; i++) {
        room[i] ^= 1;
        CHECK(record_decode(bytes, &arena, &back) == STATUS_MALFORMED);
        room[i] ^= 1;
        CHECK(record_decode((struct bytes){.at = bytes.at, .size = i}, &arena, &back) ==
              STATUS_MALFORMED);
    }
    arena_init_over(&arena, memory, 0);
    CHECK(record_decode(bytes, &arena, &back) != STATUS_OK);
}

/* The bytes of a submission's content, in `into`. */
static struct bytes content_of(const struct submission *submission, uint8_t into[1000])
{
    struct bytes bytes = {0};

    CHECK(submission_content(submission, into, 1000, &bytes) == STATUS_OK);
    return bytes;
}

static void content_does_not_depend_on_the_order_of_facts(void)
{
    static uint8_t one[1000];
    static uint8_t two[1000];
    struct carried facts[] = {{.name = TEXT("b"), .value = TEXT("1")},
                              {.name = TEXT("a"), .value = TEXT("2")}};
    struct carried turned[] = {facts[1], facts[0]};
    struct carried other[] = {facts[1], {.name = TEXT("b"), .value = TEXT("2")}};
    struct submission submission = {
        .id = TEXT("1"),
        .case_id = TEXT("K-1"),
        .event = {.type = TEXT("x"), .facts = facts, .fact_count = 2},
    };
    struct bytes content = content_of(&submission, one);

    submission.id = TEXT("2");
    submission.event.facts = turned;
    CHECK(bytes_equal(content, content_of(&submission, two)));
    submission.event.facts = other;
    CHECK(!bytes_equal(content, content_of(&submission, two)));
    submission.event.fact_count = 1;
    CHECK(!bytes_equal(content, content_of(&submission, two)));
}

static void identity_is_agency_case_source_and_id(void)
{
    uint8_t one[100];
    uint8_t two[100];
    struct bytes first = {0};
    struct bytes second = {0};
    struct submission submission = {.id = TEXT("1"), .source = TEXT("oa")};

    CHECK(submission_identity(&submission, one, sizeof(one), &first) == STATUS_OK);
    submission.event.type = TEXT("x");
    CHECK(submission_identity(&submission, two, sizeof(two), &second) == STATUS_OK);
    CHECK(bytes_equal(first, second));
    submission.id = TEXT("a1");
    submission.source = TEXT("o");
    CHECK(submission_identity(&submission, two, sizeof(two), &second) == STATUS_OK);
    CHECK(!bytes_equal(first, second));
    CHECK(submission_identity(&submission, two, 3, &second) == STATUS_LIMIT);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(what_was_written_is_read_again),
        TEST(a_damaged_record_is_refused),
        TEST(content_does_not_depend_on_the_order_of_facts),
        TEST(identity_is_agency_case_source_and_id),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
