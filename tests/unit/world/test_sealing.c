#include "codec/embedded.h"
#include "codec/state.h"
#include "lib/check.h"
#include "world/world.h"

#include <string.h>

/*
 * What is private stands nowhere in the clear: not in a record, not in the state, not in a
 * receipt; and yet a duplicate is known, a replay agrees without a key, and a destroyed key
 * takes the words with it and nothing else.
 */
static const char procedure_text[] =
    "procedure: secret\n"
    "version: 1\n"
    "zh: 隐私\n"
    "en: secrets\n"
    "from: 2020-01-01\n"
    "roles: {officer: {zh: 承办人, en: officer}, head: {zh: 负责人, en: head}}\n"
    "chain: [officer, head]\n"
    "facts:\n"
    "  name: {type: text, private: true}\n"
    "  born: {type: date, private: true}\n"
    "  count: integer\n"
    "opens: {opened: {by: [officer], may_take: [name, born, count], to: work}}\n"
    "stages:\n"
    "  work:\n"
    "    zh: 办理\n"
    "    en: work\n"
    "    no_limit: {zh: 等, en: wait}\n"
    "    events:\n"
    "      told: {by: [officer], when: (has(count) && count > 1) || !has(event.count),\n"
    "             may_take: [name, born, count]}\n"
    "      ended: {by: [officer], needs: {named: {that: has(name)}}, to: done}\n"
    "  done: {zh: 办结, en: done, final: done}\n";
static const char agencies_text[] = "agencies:\n"
                                    "  gulou: {zh: 鼓楼, en: Gulou, calendar: cn}\n";
static const char people_text[] =
    "people:\n"
    "  wang: {certified: true, roles: [{role: officer, agency: gulou}]}\n"
    "  li: {certified: true, roles: [{role: head, agency: gulou}]}\n";

/* 2026-03-02T09:00+08:00, a Monday. */
#define START_MS ((int64_t)1772413200000)

/* What must stand nowhere; none of it is in any name or message. */
static const char canary[] = "张三丰-CANARY-13800138000";

static uint8_t memory[1 << 20];

static struct world opened(void)
{
    struct world world;
    struct arena arena;
    struct problem_list problems;
    struct install_file files[] = {
        {.path = TEXT("calendars/cn.csv")},
        {.path = TEXT("agencies.yaml"), .bytes = text_of(agencies_text)},
        {.path = TEXT("people.yaml"), .bytes = text_of(people_text)},
        {.path = TEXT("procedures/secret.yaml"), .bytes = text_of(procedure_text)},
    };

    arena_init_over(&arena, memory, sizeof(memory));
    problem_list_init(&problems, &arena);
    CHECK(embedded_find(files[0].path, &files[0].bytes));
    CHECK(world_open(&world, START_MS, NULL) == STATUS_OK);
    CHECK(world_install(&world, files, 4, &problems));
    return world;
}

/* An event with one fact. */
struct tale {
    struct carried facts[2];
    struct submission submission;
};

static void tell(struct tale *tale, const struct world *world, const char *id, const char *type)
{
    *tale = (struct tale){
        .submission = {.id = text_of(id),
                       .source = TEXT("test"),
                       .agency = TEXT("gulou"),
                       .case_id = TEXT("K-1"),
                       .procedure =
                           strcmp(type, "opened") == 0 ? TEXT("secret") : (struct text){0},
                       .event = {.type = text_of(type),
                                 .occurred_ms = world->now_ms,
                                 .person = TEXT("wang"),
                                 .role = TEXT("officer"),
                                 .facts = tale->facts}},
    };
}

static void carry(struct tale *tale, const char *name, const char *value)
{
    tale->facts[tale->submission.event.fact_count++] =
        (struct carried){.name = text_of(name), .value = text_of(value)};
}

static struct receipt send(struct world *world, const struct tale *tale)
{
    struct receipt receipt;

    world_send(world, &tale->submission, &receipt);
    return receipt;
}

/* One fact or none. */
static struct receipt say(struct world *world, const char *id, const char *type,
                          const char *name, const char *value)
{
    struct tale tale;

    tell(&tale, world, id, type);
    if (name != NULL) {
        carry(&tale, name, value);
    }
    return send(world, &tale);
}

static bool holds_words(struct bytes bytes, const char *words)
{
    size_t size = strlen(words);

    for (size_t i = 0; i + size <= bytes.size; i++) {
        if (memcmp(bytes.at + i, words, size) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether the words stand anywhere in the journal or the state. */
static bool stands(struct world *world, const char *words)
{
    struct bytes bytes;

    for (uint64_t seq = 1; journal_read(world->journal, seq, &bytes) == STATUS_OK; seq++) {
        if (holds_words(bytes, words)) {
            return true;
        }
    }
    for (int table = 0; table < TABLE_COUNT; table++) {
        struct key key = {.size = 1};

        while (store_next(world->store, (enum table)table, &key, &bytes)) {
            if (holds_words(bytes, words)) {
                return true;
            }
            key.bytes[key.size++] = 0;
        }
    }
    return false;
}

static bool told_in(const struct receipt *receipt, const char *words)
{
    for (uint32_t i = 0; i < receipt->reason_count; i++) {
        struct text zh = receipt->reasons[i].zh;
        struct text en = receipt->reasons[i].en;

        if (holds_words((struct bytes){(const uint8_t *)zh.bytes, zh.size}, words) ||
            holds_words((struct bytes){(const uint8_t *)en.bytes, en.size}, words)) {
            return true;
        }
    }
    return false;
}

static bool reason_is(const struct receipt *receipt, const char *code)
{
    return receipt->verdict == RECEIPT_REJECTED && receipt->reason_count == 1 &&
           text_is(receipt->reasons[0].code, code);
}

/* The fact of case K-1 as whoever may reads it; empty: it cannot be read. */
static struct text read_fact(struct world *world, const char *name)
{
    static uint8_t room[1 << 18];
    struct arena arena;
    struct case_state state;
    const struct procedure *procedure;
    struct text words = {0};

    arena_init_over(&arena, room, sizeof(room));
    if (!engine_case(world->engine, TEXT("gulou"), TEXT("K-1"), &arena, &state, &procedure)) {
        CHECK(false);
        return words;
    }

    const struct value *value = &state.facts[procedure_fact(procedure, text_of(name))].value;

    if (!value->sealed || !engine_read_sealed(world->engine, state.number, text_of(name),
                                              value->text, &arena, &words)) {
        return (struct text){0};
    }
    return words;
}

static void close_and_check(struct world *world)
{
    CHECK(!stands(world, canary));
    CHECK(world_replays(world)); /* with no keyring at all */
    world_close(world);
}

static void private_words_stand_nowhere(void)
{
    struct world world = opened();

    CHECK(say(&world, "1", "opened", "name", canary).verdict == RECEIPT_APPLIED);
    CHECK_TEXT(read_fact(&world, "name"), canary);
    CHECK(say(&world, "2", "told", "born", "1999-01-02").verdict == RECEIPT_APPLIED);
    CHECK_TEXT(read_fact(&world, "born"), "1999-01-02");
    CHECK(!stands(&world, "1999-01-02"));
    (void)say(&world, "3", "told", "count", "77001");
    CHECK(stands(&world, "77001")); /* the search does find what is not private */
    CHECK(say(&world, "4", "ended", NULL, NULL).verdict == RECEIPT_APPLIED); /* has(name) */
    close_and_check(&world);
}

static void a_case_without_them_has_no_key(void)
{
    struct world world = opened();
    struct seal_key key;

    CHECK(say(&world, "1", "opened", "count", "1").verdict == RECEIPT_APPLIED);
    CHECK(keyring_find(world.keyring, KEY_OF_CASE, 1, &key) == STATUS_NOT_FOUND);
    close_and_check(&world);
}

static void a_misspelt_name_gives_nothing_away(void)
{
    struct world world = opened();
    struct receipt receipt;

    CHECK(say(&world, "1", "opened", NULL, NULL).verdict == RECEIPT_APPLIED);
    receipt = say(&world, "2", "told", "nmae", canary);
    CHECK(reason_is(&receipt, "not_taken"));
    receipt = say(&world, "3", "told", "born", canary);
    CHECK(reason_is(&receipt, "bad_value"));
    CHECK(!told_in(&receipt, canary));
    close_and_check(&world);
}

static void what_opens_no_case_keeps_no_words(void)
{
    struct world world = opened();
    struct receipt receipt;
    struct tale tale;

    receipt = say(&world, "1", "told", "name", canary);
    CHECK(reason_is(&receipt, "no_case"));
    tell(&tale, &world, "2", "opened");
    carry(&tale, "name", canary);
    carry(&tale, "count", "many");
    receipt = send(&world, &tale);
    CHECK(reason_is(&receipt, "bad_value"));
    tale.submission.procedure = TEXT("none");
    receipt = send(&world, &tale);
    CHECK(reason_is(&receipt, "no_procedure"));
    tale.submission.agency = TEXT("nobody");
    receipt = send(&world, &tale);
    CHECK(reason_is(&receipt, "no_agency"));
    close_and_check(&world);
}

static void a_correction_is_sealed_too(void)
{
    struct world world = opened();
    struct tale tale;
    struct carried facts[4] = {{.name = TEXT("ground"), .value = TEXT("a slip")},
                               {.name = TEXT("approver"), .value = TEXT("li")},
                               {.name = TEXT("facts.name"), .value = text_of(canary)},
                               {.name = TEXT("facts.born"), .value = text_of(canary)}};

    CHECK(say(&world, "1", "opened", "name", "somebody else").verdict == RECEIPT_APPLIED);
    tell(&tale, &world, "2", "case.corrected");
    tale.submission.event.facts = facts;
    tale.submission.event.fact_count = 4;

    struct receipt receipt = send(&world, &tale);

    CHECK(reason_is(&receipt, "bad_value"));
    CHECK(!told_in(&receipt, canary));
    tale.submission.event.fact_count = 3;
    tale.submission.id = TEXT("3");
    CHECK(send(&world, &tale).verdict == RECEIPT_APPLIED);
    CHECK_TEXT(read_fact(&world, "name"), canary);
    CHECK(stands(&world, "a slip"));
    close_and_check(&world);
}

static void duplicates_are_known_across_a_restart(void)
{
    struct world world = opened();

    CHECK(say(&world, "1", "opened", "name", canary).verdict == RECEIPT_APPLIED);
    CHECK(say(&world, "2", "told", "name", "a second one").verdict == RECEIPT_APPLIED);
    for (int round = 0; round < 2; round++) {
        struct receipt again = say(&world, "1", "opened", "name", canary);
        struct receipt other = say(&world, "1", "opened", "name", "another");
        struct receipt late = say(&world, "2", "told", "name", canary);

        CHECK(again.verdict == RECEIPT_DUPLICATE && again.first == RECEIPT_APPLIED);
        CHECK(reason_is(&other, "id_reused"));
        CHECK(reason_is(&late, "id_reused"));
        CHECK(world_crash(&world, true) == STATUS_OK);
    }
    CHECK(!stands(&world, "another"));
    close_and_check(&world);
}

/* One that came before its case; what of it is private, only the case knows. */
static struct receipt send_early(struct world *world, const char *id, const char *name,
                                 const char *count)
{
    struct tale tale;

    tell(&tale, world, id, "told");
    tale.submission.wait_ms = 20 * DAY_MS;
    carry(&tale, "name", name);
    carry(&tale, "count", count);
    return send(world, &tale);
}

static void what_waits_for_its_case_is_sealed(void)
{
    struct world world = opened();

    CHECK(send_early(&world, "2", canary, "77002").verdict == RECEIPT_WAITING);
    CHECK(!stands(&world, "77002")); /* nobody knows yet that it is not private */
    CHECK(world_crash(&world, true) == STATUS_OK);
    CHECK(send_early(&world, "2", canary, "77002").verdict == RECEIPT_DUPLICATE);

    struct receipt other = send_early(&world, "2", "another", "77002");

    CHECK(reason_is(&other, "id_reused"));
    CHECK(say(&world, "1", "opened", "count", "5").verdict == RECEIPT_APPLIED);
    CHECK_TEXT(read_fact(&world, "name"), canary);
    CHECK(stands(&world, "77002"));
    for (int round = 0; round < 2; round++) {
        struct receipt again = send_early(&world, "2", canary, "77002");

        CHECK(again.verdict == RECEIPT_DUPLICATE && again.first == RECEIPT_APPLIED);
        other = send_early(&world, "2", "another", "77002");
        CHECK(reason_is(&other, "id_reused"));
        CHECK(world_crash(&world, true) == STATUS_OK);
    }
    close_and_check(&world);
}

/* Its rule asks for a count that comes later: it waits on, under the case's own key. */
static void what_waits_for_its_rule_is_sealed(void)
{
    struct world world = opened();

    CHECK(send_early(&world, "2", canary, "2").verdict == RECEIPT_WAITING);
    CHECK(say(&world, "1", "opened", "count", "0").verdict == RECEIPT_APPLIED);
    CHECK(engine_waiting(world.engine, TEXT("gulou"), TEXT("K-1")) == 1);
    CHECK(send_early(&world, "3", canary, "3").verdict == RECEIPT_WAITING);
    CHECK(engine_waiting(world.engine, TEXT("gulou"), TEXT("K-1")) == 2);
    CHECK(world_crash(&world, true) == STATUS_OK);
    CHECK(say(&world, "4", "told", "born", "1999-01-02").verdict == RECEIPT_APPLIED);
    CHECK(engine_waiting(world.engine, TEXT("gulou"), TEXT("K-1")) == 2);

    struct tale tale;
    struct carried facts[3] = {{.name = TEXT("ground"), .value = TEXT("a slip")},
                               {.name = TEXT("approver"), .value = TEXT("li")},
                               {.name = TEXT("facts.count"), .value = TEXT("9")}};

    tell(&tale, &world, "5", "case.corrected");
    tale.submission.event.facts = facts;
    tale.submission.event.fact_count = 3;
    CHECK(send(&world, &tale).verdict == RECEIPT_APPLIED);
    CHECK(engine_waiting(world.engine, TEXT("gulou"), TEXT("K-1")) == 0);
    CHECK_TEXT(read_fact(&world, "name"), canary);
    CHECK(send_early(&world, "3", canary, "3").verdict == RECEIPT_DUPLICATE);
    close_and_check(&world);
}

/* A torn write may end the journal behind any record: what the state lacks is done then, under
 * the keys that are there. */
static void every_beginning_is_led_on(void)
{
    struct world world = opened();
    struct bytes record;

    CHECK(send_early(&world, "2", canary, "2").verdict == RECEIPT_WAITING);
    CHECK(say(&world, "1", "opened", "count", "5").verdict == RECEIPT_APPLIED);
    CHECK(say(&world, "3", "ended", NULL, NULL).verdict == RECEIPT_APPLIED);
    for (uint64_t kept = 1; kept <= engine_seq(world.engine); kept++) {
        struct world torn = {.journal = journal_memory_open(WORLD_BYTES_MAX),
                             .store = store_memory_open(WORLD_BYTES_MAX),
                             .now_ms = world.now_ms};

        for (uint64_t seq = 1; seq <= kept; seq++) {
            CHECK(journal_read(world.journal, seq, &record) == STATUS_OK);
            (void)journal_append(torn.journal, record);
        }
        CHECK(journal_flush(torn.journal) == STATUS_OK);
        torn.keyring = keyring_memory_open(); /* keys come from their numbers */
        if (kept > 1) {
            struct seal_key key;

            CHECK(keyring_make(torn.keyring, KEY_OF_DAY, (uint64_t)(START_MS / DAY_MS), &key) ==
                  STATUS_OK);
        }
        CHECK(engine_open(&torn.engine, torn.store, torn.journal, torn.keyring, NULL) ==
              STATUS_OK);
        if (kept > 2) {
            CHECK_INTEGER(engine_waiting(torn.engine, TEXT("gulou"), TEXT("K-1")), 0);
        }
        close_and_check(&torn);
    }
    close_and_check(&world);
}

static void what_waits_in_vain_keeps_no_key(void)
{
    struct world world = opened();
    struct seal_key key;
    uint64_t day = (uint64_t)(START_MS / DAY_MS);

    CHECK(send_early(&world, "2", canary, "2").verdict == RECEIPT_WAITING);
    CHECK(keyring_find(world.keyring, KEY_OF_DAY, day, &key) == STATUS_OK);
    CHECK(world_pass(&world, START_MS + 25 * DAY_MS, true));
    CHECK(keyring_find(world.keyring, KEY_OF_DAY, day, &key) == STATUS_OK);
    CHECK(world_pass(&world, START_MS + 40 * DAY_MS, true));
    CHECK(send_early(&world, "3", canary, "2").verdict == RECEIPT_WAITING);
    CHECK(keyring_find(world.keyring, KEY_OF_DAY, day, &key) == STATUS_NOT_FOUND);
    CHECK(say(&world, "1", "opened", "count", "5").verdict == RECEIPT_APPLIED);
    CHECK_TEXT(read_fact(&world, "name"), canary); /* of the third */
    close_and_check(&world);
}

/* Somebody lost it: what it sealed cannot be stepped, and comes to rest. */
static void a_lost_day_ends_what_waits(void)
{
    struct world world = opened();

    CHECK(send_early(&world, "2", canary, "2").verdict == RECEIPT_WAITING);
    CHECK(keyring_destroy_days(world.keyring, UINT64_MAX) == STATUS_OK);
    CHECK(say(&world, "1", "opened", "count", "5").verdict == RECEIPT_APPLIED);
    CHECK(engine_waiting(world.engine, TEXT("gulou"), TEXT("K-1")) == 0);

    struct receipt again = send_early(&world, "2", canary, "2");

    CHECK(again.verdict == RECEIPT_DUPLICATE && again.first == RECEIPT_REJECTED);
    close_and_check(&world);
}

static void a_destroyed_key_takes_the_words_alone(void)
{
    struct world world = opened();

    CHECK(say(&world, "1", "opened", "name", canary).verdict == RECEIPT_APPLIED);
    CHECK(keyring_destroy(world.keyring, 1) == STATUS_OK);
    CHECK(read_fact(&world, "name").size == 0);
    CHECK(world_crash(&world, true) == STATUS_OK);
    CHECK(world_replays(&world));
    CHECK(say(&world, "1", "opened", "name", canary).verdict == RECEIPT_DUPLICATE);

    struct receipt other = say(&world, "1", "opened", "count", "3");

    CHECK(reason_is(&other, "id_reused"));
    /* What comes later is not kept under a key that nobody will destroy. */
    CHECK(say(&world, "2", "told", "name", canary).verdict == RECEIPT_APPLIED);
    CHECK(read_fact(&world, "name").size == 0);
    CHECK(say(&world, "2", "told", "name", "whoever").verdict == RECEIPT_DUPLICATE);
    CHECK(say(&world, "3", "ended", NULL, NULL).verdict == RECEIPT_APPLIED);
    close_and_check(&world);
}

/* A case of an older system, with its history, and one that is refused. */
static void an_import_is_sealed_too(void)
{
    static const struct act act = {.reason = TEXT_INIT("from the older system"),
                                   .person = TEXT_INIT("li")};
    struct world world = opened();
    struct tale tales[2];
    struct submission submissions[2];
    struct import import = {.submissions = submissions, .count = 2, .act = &act};
    struct receipt receipt;
    uint32_t refused;

    tell(&tales[0], &world, "1", "opened");
    carry(&tales[0], "name", canary);
    tell(&tales[1], &world, "2", "told");
    carry(&tales[1], "born", canary);
    submissions[0] = tales[0].submission;
    submissions[1] = tales[1].submission;
    engine_import(world.engine, &import, world.now_ms, &receipt, &refused);
    CHECK(receipt.verdict == RECEIPT_REJECTED);
    CHECK(!told_in(&receipt, canary));
    tales[1].facts[0].value = TEXT("1999-01-02");
    engine_import(world.engine, &import, world.now_ms, &receipt, &refused);
    CHECK(receipt.verdict == RECEIPT_APPLIED);
    CHECK_TEXT(read_fact(&world, "name"), canary);
    CHECK_TEXT(read_fact(&world, "born"), "1999-01-02");
    CHECK(!stands(&world, "1999-01-02"));
    CHECK(say(&world, "1", "opened", "name", canary).verdict == RECEIPT_DUPLICATE);
    CHECK(world_crash(&world, true) == STATUS_OK);

    struct receipt other = say(&world, "1", "opened", "name", "another");

    CHECK(reason_is(&other, "id_reused"));
    close_and_check(&world);
}

static bool erase(struct world *world, const char *case_id, const struct message **why)
{
    const struct act act = {.reason = TEXT("ten years have passed"), .person = TEXT("li")};

    return engine_erase(world->engine, TEXT("gulou"), text_of(case_id), &act, world->now_ms,
                        why);
}

static void what_is_erased_stays_so(void)
{
    struct world world = opened();
    const struct message *why;
    struct seal_key key;

    CHECK(say(&world, "1", "opened", "name", canary).verdict == RECEIPT_APPLIED);
    CHECK(!erase(&world, "K-1", &why) && strcmp(why->code, "erase_open") == 0);
    CHECK(!erase(&world, "K-9", &why) && strcmp(why->code, "erase_none") == 0);
    CHECK(say(&world, "2", "ended", NULL, NULL).verdict == RECEIPT_APPLIED);
    CHECK_TEXT(read_fact(&world, "name"), canary);
    CHECK(erase(&world, "K-1", &why));
    CHECK(read_fact(&world, "name").size == 0);
    CHECK(say(&world, "1", "opened", "name", canary).verdict == RECEIPT_DUPLICATE);
    /* It was recorded before; a keyring of before comes to the same when the record is met. */
    keyring_close(world.keyring);
    world.keyring = keyring_memory_open();
    CHECK(keyring_make(world.keyring, KEY_OF_CASE, 1, &key) == STATUS_OK);
    CHECK(world_crash(&world, false) == STATUS_OK);
    CHECK(keyring_find(world.keyring, KEY_OF_CASE, 1, &key) == STATUS_NOT_FOUND);
    CHECK(read_fact(&world, "name").size == 0);
    close_and_check(&world);
}

static void a_failed_keyring_stops_everything(void)
{
    struct world world = opened();

    CHECK(engine_checkpoint(world.engine) == STATUS_OK);
    keyring_memory_fail(world.keyring, STATUS_FULL);
    (void)say(&world, "1", "opened", "name", canary);
    CHECK(engine_checkpoint(world.engine) == STATUS_FULL);
    keyring_memory_fail(world.keyring, STATUS_OK);
    CHECK(world_crash(&world, false) == STATUS_OK);
    CHECK(say(&world, "1", "opened", "name", canary).verdict == RECEIPT_APPLIED);
    CHECK_TEXT(read_fact(&world, "name"), canary);
    close_and_check(&world);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(private_words_stand_nowhere),
        TEST(a_case_without_them_has_no_key),
        TEST(a_misspelt_name_gives_nothing_away),
        TEST(what_opens_no_case_keeps_no_words),
        TEST(a_correction_is_sealed_too),
        TEST(duplicates_are_known_across_a_restart),
        TEST(what_waits_for_its_case_is_sealed),
        TEST(what_waits_for_its_rule_is_sealed),
        TEST(every_beginning_is_led_on),
        TEST(what_waits_in_vain_keeps_no_key),
        TEST(a_lost_day_ends_what_waits),
        TEST(a_destroyed_key_takes_the_words_alone),
        TEST(an_import_is_sealed_too),
        TEST(what_is_erased_stays_so),
        TEST(a_failed_keyring_stops_everything),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
