#include "codec/embedded.h"
#include "lib/check.h"
#include "world/world.h"

#include <string.h>

/* A case that opens two others, tells each of them something, and hears from one. */
static const char procedure_text[] =
    "procedure: kin\n"
    "version: 1\n"
    "zh: 亲属案件\n"
    "en: kin\n"
    "from: 2020-01-01\n"
    "roles:\n"
    "  officer: {zh: 承办人, en: officer}\n"
    "  kin: {zh: 其他案件, en: another case, outside: true}\n"
    "facts: {first: text, second: text, matter: text, heard: integer,\n"
    "  secret: {type: text, private: true}}\n"
    "opens:\n"
    "  opened: {by: [officer], to: work}\n"
    "  born: {by: [kin], takes: [matter], may_take: [secret], to: work}\n"
    "stages:\n"
    "  work:\n"
    "    zh: 办理\n"
    "    en: work\n"
    "    no_limit: {zh: 等待, en: waits}\n"
    "    events:\n"
    "      spread:\n"
    "        by: [officer]\n"
    "        takes: [matter, secret]\n"
    "        documents: [移送函]\n"
    "        open:\n"
    "          first: {procedure: kin, event: born, as: kin, case: facts.first, set: {matter: "
    "facts.matter, secret: facts.secret}}\n"
    "          second: {procedure: kin, event: born, as: kin, case: facts.second, set: "
    "{matter: event.matter}}\n"
    "        tell:\n"
    "          one: {case: facts.first, procedure: kin, event: asked, as: kin}\n"
    "          two: {case: facts.second, procedure: kin, event: said, as: kin}\n"
    "      asked:\n"
    "        by: [kin]\n"
    "        set: {heard: facts.heard + 1}\n"
    "        tell: {back: {case: event.sender, procedure: kin, event: said, as: kin}}\n"
    "      said: {by: [kin], set: {heard: facts.heard + 1}}\n"
    "      fan: {by: [officer], tell: {"
    "a: {case: case.id, procedure: kin, event: fan2, as: kin}, "
    "b: {case: case.id, procedure: kin, event: fan2, as: kin}, "
    "c: {case: case.id, procedure: kin, event: fan2, as: kin}, "
    "d: {case: case.id, procedure: kin, event: fan2, as: kin}, "
    "e: {case: case.id, procedure: kin, event: fan2, as: kin}, "
    "f: {case: case.id, procedure: kin, event: fan2, as: kin}, "
    "g: {case: case.id, procedure: kin, event: fan2, as: kin}, "
    "h: {case: case.id, procedure: kin, event: fan2, as: kin}"
    "}}\n"
    "      fan2: {by: [kin], tell: {"
    "a: {case: case.id, procedure: kin, event: fan3, as: kin}, "
    "b: {case: case.id, procedure: kin, event: fan3, as: kin}, "
    "c: {case: case.id, procedure: kin, event: fan3, as: kin}, "
    "d: {case: case.id, procedure: kin, event: fan3, as: kin}, "
    "e: {case: case.id, procedure: kin, event: fan3, as: kin}, "
    "f: {case: case.id, procedure: kin, event: fan3, as: kin}, "
    "g: {case: case.id, procedure: kin, event: fan3, as: kin}, "
    "h: {case: case.id, procedure: kin, event: fan3, as: kin}"
    "}}\n"
    "      fan3: {by: [kin], tell: {"
    "a: {case: case.id, procedure: kin, event: fan4, as: kin}, "
    "b: {case: case.id, procedure: kin, event: fan4, as: kin}, "
    "c: {case: case.id, procedure: kin, event: fan4, as: kin}, "
    "d: {case: case.id, procedure: kin, event: fan4, as: kin}, "
    "e: {case: case.id, procedure: kin, event: fan4, as: kin}, "
    "f: {case: case.id, procedure: kin, event: fan4, as: kin}, "
    "g: {case: case.id, procedure: kin, event: fan4, as: kin}, "
    "h: {case: case.id, procedure: kin, event: fan4, as: kin}"
    "}}\n"
    "      fan4: {by: [kin], set: {heard: facts.heard + 1}}\n"
    "      ended: {by: [officer], to: done}\n"
    "  done: {zh: 办结, en: done, final: done}\n";
static const char agencies_text[] = "agencies:\n  gulou: {zh: 鼓楼, en: Gulou, calendar: cn}\n";
static const char people_text[] =
    "people:\n  wang: {certified: true, roles: [{role: officer, agency: gulou}]}\n";

/* 2026-03-02T09:00+08:00 */
#define START_MS ((int64_t)1772413200000)

static uint8_t problem_memory[1 << 20];

static struct world opened(void)
{
    struct world world;
    struct arena arena;
    struct problem_list problems;
    struct install_file files[] = {
        {.path = TEXT("calendars/cn.csv")},
        {.path = TEXT("agencies.yaml"), .bytes = text_of(agencies_text)},
        {.path = TEXT("people.yaml"), .bytes = text_of(people_text)},
        {.path = TEXT("procedures/kin.yaml"), .bytes = text_of(procedure_text)},
    };

    arena_init_over(&arena, problem_memory, sizeof(problem_memory));
    problem_list_init(&problems, &arena);
    CHECK(embedded_find(files[0].path, &files[0].bytes));
    CHECK(world_open(&world, START_MS, NULL) == STATUS_OK);
    CHECK(world_install(&world, files, 4, &problems));
    return world;
}

static struct receipt send(struct world *world, const char *id, const char *type)
{
    static const struct document documents[] = {{.kind = TEXT_INIT("移送函"),
                                                 .title = TEXT_INIT("移送函第1号"),
                                                 .uri = TEXT_INIT("x")}};
    static const struct text kinds[] = {TEXT_INIT("移送函")};
    static const struct carried facts[] = {
        {.name = TEXT_INIT("matter"), .value = TEXT_INIT("检查")},
        {.name = TEXT_INIT("secret"), .value = TEXT_INIT("举报人王某")}};
    bool spreads = strcmp(type, "spread") == 0;
    struct submission submission = {
        .id = text_of(id),
        .source = TEXT("test"),
        .agency = TEXT("gulou"),
        .case_id = TEXT("K-1"),
        .procedure = strcmp(type, "opened") == 0 ? TEXT("kin") : (struct text){0},
        .documents = documents,
        .document_count = spreads ? 1 : 0,
        .event = {.type = text_of(type),
                  .occurred_ms = world->now_ms,
                  .person = TEXT("wang"),
                  .role = TEXT("officer"),
                  .facts = facts,
                  .fact_count = spreads ? 2 : 0,
                  .documents = kinds,
                  .document_count = spreads ? 1 : 0},
    };
    struct receipt receipt;

    world_send(world, &submission, &receipt);
    return receipt;
}

static int64_t heard(struct engine *engine, const char *case_id)
{
    struct arena arena;
    struct case_state state;
    const struct procedure *procedure;
    int64_t value = -1;

    arena_init_growing(&arena, (size_t)1 << 20);
    if (engine_case(engine, TEXT("gulou"), text_of(case_id), &arena, &state, &procedure)) {
        const struct value *known =
            &state.facts[procedure_fact(procedure, TEXT("heard"))].value;

        value = known->known ? known->number : 0;
    }
    arena_fini(&arena);
    return value;
}

/* What is private lies under the key of the case that was opened, and can be read by it. */
static void secret_is_handed_on(struct engine *engine)
{
    struct arena arena;
    struct case_state state;
    const struct procedure *procedure;
    struct text words = {0};

    arena_init_growing(&arena, (size_t)1 << 20);
    CHECK(engine_case(engine, TEXT("gulou"), TEXT("K-1/first-2"), &arena, &state, &procedure));

    const struct value *secret = &state.facts[procedure_fact(procedure, TEXT("secret"))].value;

    CHECK(secret->sealed);
    CHECK(
        engine_read_sealed(engine, state.number, TEXT("secret"), secret->text, &arena, &words));
    CHECK_TEXT(words, "举报人王某");
    arena_fini(&arena);
}

static void everybody_has_heard(struct engine *engine)
{
    CHECK_INTEGER(heard(engine, "K-1"), 1);
    CHECK_INTEGER(heard(engine, "K-1/first-2"), 1);
    CHECK_INTEGER(heard(engine, "K-1/second-2"), 1);
}

/* Two cases opened, both told, one answers: five records after their cause, in order. */
static void what_a_rule_causes_follows_it(void)
{
    struct world world = opened();
    struct record record;
    struct arena arena;

    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);

    struct receipt receipt = send(&world, "2", "spread");

    CHECK(receipt.verdict == RECEIPT_APPLIED);
    CHECK_TEXT(receipt.stage, "work");
    CHECK_INTEGER((int64_t)(engine_seq(world.engine) - receipt.seq), 5);
    everybody_has_heard(world.engine);
    secret_is_handed_on(world.engine);

    arena_init_growing(&arena, (size_t)4 << 20);
    CHECK(engine_record(world.engine, receipt.seq + 1, &arena, &record) == STATUS_OK);
    CHECK_TEXT(record.submission.source, "duban");
    CHECK_TEXT(record.submission.event.sender, "gulou:K-1");
    CHECK_TEXT(record.submission.case_id, "K-1/first-2");
    CHECK_TEXT(record.submission.event.person, "wang");
    CHECK_INTEGER(record.submission.document_count, 1);
    CHECK_TEXT(record.submission.documents[0].title, "移送函第1号");
    CHECK(engine_record(world.engine, receipt.seq + 5, &arena, &record) == STATUS_OK);
    CHECK_TEXT(record.submission.event.type, "said");
    CHECK_TEXT(record.submission.event.sender, "gulou:K-1/first-2");
    arena_fini(&arena);

    CHECK(send(&world, "2", "spread").verdict == RECEIPT_DUPLICATE);
    CHECK_INTEGER((int64_t)(engine_seq(world.engine) - receipt.seq), 5);
    CHECK(world_replays(&world));
    world_close(&world);
}

/* The first records of a journal, as a cut leaves them. */
static struct journal *first_of(struct journal *journal, uint64_t count)
{
    struct journal *cut = journal_memory_open(WORLD_BYTES_MAX);
    struct bytes record;

    for (uint64_t seq = 1; seq <= count; seq++) {
        CHECK(journal_read(journal, seq, &record) == STATUS_OK);
        (void)journal_append(cut, record);
    }
    CHECK(journal_flush(cut) == STATUS_OK);
    return cut;
}

static bool same_records(struct journal *one, struct journal *other)
{
    bool same = journal_next(one) == journal_next(other);

    for (uint64_t seq = 1; same && seq < journal_next(one); seq++) {
        struct bytes a;
        struct bytes b;

        same = journal_read(one, seq, &a) == STATUS_OK &&
               journal_read(other, seq, &b) == STATUS_OK && bytes_equal(a, b);
    }
    return same;
}

/* A cause is durable and what it caused was cut away: it is caused again, the same. */
static void what_a_cut_took_is_made_again(void)
{
    struct world world = opened();

    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);

    uint64_t cause = send(&world, "2", "spread").seq;

    for (uint64_t kept = cause; kept <= cause + 5; kept++) {
        struct journal *cut = first_of(world.journal, kept);
        struct store *store = store_memory_open(WORLD_BYTES_MAX);
        struct engine *engine = NULL;

        CHECK(engine_open(&engine, store, cut, world.keyring, NULL) == STATUS_OK);
        everybody_has_heard(engine);
        secret_is_handed_on(engine);
        CHECK(same_records(world.journal, cut));
        engine_close(engine);
        store_close(store);
        journal_close(cut);
    }
    world_close(&world);
}

/* Before the flush neither is there, after it both. */
static void cause_and_effect_are_durable_together(void)
{
    struct world world = opened();

    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);
    CHECK(engine_flush(world.engine) == STATUS_OK);
    CHECK(send(&world, "2", "spread").verdict == RECEIPT_APPLIED);
    CHECK(world_crash(&world, false) == STATUS_OK);
    CHECK_INTEGER(heard(world.engine, "K-1"), 0);
    CHECK_INTEGER(heard(world.engine, "K-1/first-2"), -1);
    CHECK(send(&world, "2", "spread").verdict == RECEIPT_APPLIED);
    CHECK(world_crash(&world, true) == STATUS_OK);
    everybody_has_heard(world.engine);
    world_close(&world);
}

/* One event would cause 584 more: 256 are made, and of each whose own could not all be sent the
 * case has a defect; nothing is lost unseen, and nothing grows. */
static void what_is_caused_has_a_bound(void)
{
    struct world world = opened();
    struct arena arena;
    struct case_state state;
    const struct procedure *procedure;

    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);

    uint64_t cause = send(&world, "2", "fan").seq;
    uint64_t made = 256; /* 8 of fan2, 64 of fan3, the rest of fan4 */
    uint64_t unsent = 64 - (made - 8 - 64) / 8;

    CHECK_INTEGER((int64_t)(engine_seq(world.engine) - cause), (int64_t)(made + unsent));
    CHECK_INTEGER(heard(world.engine, "K-1"), (int64_t)(made - 8 - 64));
    arena_init_growing(&arena, (size_t)1 << 20);
    CHECK(engine_case(world.engine, TEXT("gulou"), TEXT("K-1"), &arena, &state, &procedure));
    CHECK_INTEGER(state.defect_count, (int64_t)unsent);
    CHECK_TEXT(state.defects[0].code, "untold");
    arena_fini(&arena);
    CHECK(world_replays(&world));
    world_close(&world);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(what_a_rule_causes_follows_it),
        TEST(what_a_cut_took_is_made_again),
        TEST(cause_and_effect_are_durable_together),
        TEST(what_is_caused_has_a_bound),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
