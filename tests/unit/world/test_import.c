#include "codec/embedded.h"
#include "codec/state.h"
#include "lib/check.h"
#include "lib/rng.h"
#include "world/world.h"

#include <stdio.h>
#include <string.h>

/*
 * A case that is imported with its history stands as one that was lived day by day: the same
 * state, byte for byte, and what comes after comes at the same instants. Only nobody was told of
 * the past.
 */

/* 2026-03-02T09:00+08:00, a Monday. */
#define START_MS ((int64_t)1772413200000)
#define HOUR_MS  ((int64_t)3600000)

enum { LIVES = 150, TRIES = 24, HISTORY_MAX = 32, TOLD_MAX = 4096, FILE_COUNT = 5 };

/* What was told to whom, and when. */
struct told_log {
    char words[TOLD_MAX];
    size_t size;
    uint32_t count;
    bool on;
};

static void on_record(void *context, const struct happening *happening)
{
    struct told_log *log = context;

    for (uint32_t i = 0; log->on && i < happening->record->effect_count; i++) {
        const struct effect *effect = &happening->record->effects[i];

        log->count++;
        if (log->size + 64 < TOLD_MAX) {
            log->size +=
                (size_t)snprintf(log->words + log->size, TOLD_MAX - log->size,
                                 "%lld %d %d %d %d\n", (long long)happening->record->now_ms,
                                 (int)effect->kind, effect->clock, effect->entry, effect->role);
        }
    }
}

static uint8_t problem_memory[4 << 20];

static struct world opened(struct told_log *log)
{
    static struct install_file files[FILE_COUNT] = {
        {.path = TEXT_INIT("calendars/cn.csv")},
        {.path = TEXT_INIT("agencies.yaml")},
        {.path = TEXT_INIT("people.yaml")},
        {.path = TEXT_INIT("registers/violations.csv")},
        {.path = TEXT_INIT("procedures/minor.yaml")},
    };
    struct watch watch = {.context = log, .on_record = on_record};
    struct world world;
    struct arena arena;
    struct problem_list problems;

    arena_init_over(&arena, problem_memory, sizeof(problem_memory));
    problem_list_init(&problems, &arena);
    for (uint32_t i = 0; i < FILE_COUNT; i++) {
        CHECK(embedded_find(files[i].path, &files[i].bytes));
    }
    CHECK(world_open(&world, START_MS, &watch) == STATUS_OK);
    CHECK(world_install(&world, files, FILE_COUNT, &problems));
    return world;
}

/* The kinds of events of the life of a minor breach, and who says them. */
static const struct {
    const char *type;
    const char *person;
    const char *role;
    bool with;
    bool document;
    uint32_t fact_count;
    struct carried facts[3];
} kinds[] = {
    {"order.served",
     "wang",
     "officer",
     true,
     true,
     2,
     {{TEXT_INIT("minor"), TEXT_INIT("true"), false, false},
      {TEXT_INIT("give"), TEXT_INIT("10d"), false, false}}},
    {"clock.paused",
     "sun",
     "unit_head",
     false,
     true,
     2,
     {{TEXT_INIT("clock"), TEXT_INIT("correct"), false, false},
      {TEXT_INIT("ground"), TEXT_INIT("appraisal"), false, false}}},
    {"clock.resumed",
     "sun",
     "unit_head",
     false,
     true,
     2,
     {{TEXT_INIT("clock"), TEXT_INIT("correct"), false, false},
      {TEXT_INIT("ground"), TEXT_INIT("appraisal"), false, false}}},
    {"clock.extended",
     "sun",
     "unit_head",
     false,
     true,
     2,
     {{TEXT_INIT("clock"), TEXT_INIT("correct"), false, false},
      {TEXT_INIT("length"), TEXT_INIT("7d"), false, false}}},
    {"case.noted",
     "wang",
     "officer",
     false,
     false,
     0,
     {{TEXT_INIT(""), TEXT_INIT(""), false, false}}},
    {"case.assigned",
     "sun",
     "unit_head",
     false,
     false,
     1,
     {{TEXT_INIT("officer"), TEXT_INIT("wang,zhao"), false, false}}},
    {"recheck.done",
     "wang",
     "officer",
     true,
     false,
     1,
     {{TEXT_INIT("harm"), TEXT_INIT("true"), false, false}}},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static const struct document documents[] = {{.kind = TEXT_INIT("责令改正通知书")}};
static const struct text document_kinds[] = {TEXT_INIT("责令改正通知书")};
static const struct text with[] = {TEXT_INIT("zhao")};

static struct submission filed(int64_t at_ms)
{
    return (struct submission){.id = TEXT("m-0"),
                               .source = TEXT("old"),
                               .agency = TEXT("gulou"),
                               .case_id = TEXT("K-1"),
                               .procedure = TEXT("minor"),
                               .event = {.type = TEXT("case.filed"),
                                         .occurred_ms = at_ms,
                                         .person = TEXT("wang"),
                                         .role = TEXT("officer"),
                                         .unit = TEXT("squad1")}};
}

static struct submission said(uint32_t kind, const char *id, int64_t at_ms)
{
    struct submission submission = filed(at_ms);

    submission.id = text_of(id);
    submission.procedure = (struct text){0};
    submission.event.unit = (struct text){0};
    submission.event.type = text_of(kinds[kind].type);
    submission.event.person = text_of(kinds[kind].person);
    submission.event.role = text_of(kinds[kind].role);
    submission.event.facts = kinds[kind].facts;
    submission.event.fact_count = kinds[kind].fact_count;
    if (kinds[kind].with) {
        submission.event.with = with;
        submission.event.with_count = 1;
    }
    if (kinds[kind].document) {
        submission.documents = documents;
        submission.document_count = 1;
        submission.event.documents = document_kinds;
        submission.event.document_count = 1;
    }
    return submission;
}

/* A history: what was applied of a random life. */
struct history {
    char ids[HISTORY_MAX][16];
    struct submission events[HISTORY_MAX];
    uint32_t count;
    int64_t now_ms; /* when it is looked at */
};

static void live(struct world *world, struct rng *rng, struct history *history)
{
    struct receipt receipt;

    history->events[0] = filed(world->now_ms);
    history->count = 1;
    world_send(world, &history->events[0], &receipt);
    CHECK(receipt.verdict == RECEIPT_APPLIED);
    for (int i = 0; i < TRIES && history->count < HISTORY_MAX; i++) {
        int64_t gap_ms = rng_between(rng, 1, 12) == 12 ? rng_between(rng, 1, 30) * DAY_MS
                                                       : rng_between(rng, 1, 60) * HOUR_MS;
        char *id = history->ids[history->count];
        /* The last ends the case: not often. */
        uint32_t kind =
            (uint32_t)rng_between(rng, 0, KINDS - (rng_between(rng, 1, 20) > 1 ? 2 : 1));

        CHECK(world_pass(world, world->now_ms + gap_ms + 1, false));
        (void)snprintf(id, sizeof(history->ids[0]), "m-%d", i + 1);
        history->events[history->count] = said(kind, id, world->now_ms);
        world_send(world, &history->events[history->count], &receipt);
        history->count += receipt.verdict == RECEIPT_APPLIED;
    }
    CHECK(world_pass(world, world->now_ms + rng_between(rng, 0, 20) * DAY_MS, true));
    history->now_ms = world->now_ms;
}

static struct receipt imported(struct world *world, const struct history *history, bool dry,
                               uint32_t *refused)
{
    static const struct act act = {.reason = TEXT_INIT("从旧系统迁移"),
                                   .person = TEXT_INIT("li")};
    struct import import = {
        .submissions = history->events, .count = history->count, .act = &act, .dry = dry};
    struct receipt receipt;

    engine_import(world->engine, &import, world->now_ms, &receipt, refused);
    return receipt;
}

static uint8_t case_memory[2][4 << 20];
static uint8_t state_rooms[2][STATE_BYTES_MAX];

static struct bytes state_of(struct world *world, int place)
{
    struct arena arena;
    struct case_state state;
    const struct procedure *procedure;
    struct bytes bytes = {0};

    arena_init_over(&arena, case_memory[place], sizeof(case_memory[place]));
    CHECK(engine_case(world->engine, TEXT("gulou"), TEXT("K-1"), &arena, &state, &procedure));
    CHECK(state_encode(procedure, &state, state_rooms[place], STATE_BYTES_MAX, &bytes) ==
          STATUS_OK);
    return bytes;
}

static void an_imported_case_stands_as_one_lived(void)
{
    static struct history history;
    static struct told_log logs[2];
    struct rng rng = rng_seeded(7);
    uint32_t told = 0;

    for (int i = 0; i < LIVES; i++) {
        uint32_t refused;

        memset(logs, 0, sizeof(logs));

        struct world lived = opened(&logs[0]);
        struct world taken = opened(&logs[1]);

        live(&lived, &rng, &history);
        world_sleep(&taken, history.now_ms);
        logs[1].on = true;
        CHECK(imported(&taken, &history, true, &refused).verdict == RECEIPT_APPLIED);
        CHECK(engine_next_ms(taken.engine) == INSTANT_NEVER); /* it was only a try */
        CHECK(imported(&taken, &history, false, &refused).verdict == RECEIPT_APPLIED);
        CHECK_INTEGER(logs[1].count, 0);
        CHECK(bytes_equal(state_of(&lived, 0), state_of(&taken, 1)));
        CHECK_INTEGER(engine_next_ms(taken.engine), engine_next_ms(lived.engine));

        logs[0].on = true;
        CHECK(world_pass(&lived, history.now_ms + 60 * DAY_MS, true));
        CHECK(world_pass(&taken, history.now_ms + 60 * DAY_MS, true));
        CHECK(strcmp(logs[0].words, logs[1].words) == 0);
        CHECK(bytes_equal(state_of(&lived, 0), state_of(&taken, 1)));
        told += logs[1].count;
        CHECK(world_replays(&taken));
        world_close(&lived);
        world_close(&taken);
    }
    CHECK(told > LIVES); /* the lives were not over when they were taken */
}

static void an_import_is_taken_once(void)
{
    static struct history history;
    static struct told_log log;
    struct world lived = opened(&log);
    struct world world = opened(&log);
    struct rng rng = rng_seeded(8);
    uint32_t refused;

    live(&lived, &rng, &history);
    world_sleep(&world, history.now_ms);

    struct receipt first = imported(&world, &history, false, &refused);
    uint64_t seq = engine_seq(world.engine);
    struct receipt again = imported(&world, &history, false, &refused);

    CHECK(again.verdict == RECEIPT_DUPLICATE && again.first == RECEIPT_APPLIED);
    CHECK(again.seq == first.seq && engine_seq(world.engine) == seq);

    /* Each of its events, sent by itself, was taken too. */
    for (uint32_t i = 0; i < history.count; i++) {
        struct receipt receipt;

        world_send(&world, &history.events[i], &receipt);
        CHECK(receipt.verdict == RECEIPT_DUPLICATE && receipt.seq == first.seq);
    }
    /* With other content it is refused, and so is what would be added. */
    history.events[1].event.note = TEXT("other words");
    again = imported(&world, &history, false, &refused);
    CHECK(again.verdict == RECEIPT_REJECTED && refused == 1);
    CHECK_TEXT(again.reasons[0].code, TEXT("id_reused"));
    history.events[1].id = TEXT("m-new");
    again = imported(&world, &history, false, &refused);
    CHECK_TEXT(again.reasons[0].code, TEXT("exists"));

    /* After a crash the same. */
    CHECK(world_crash(&world, true) == STATUS_OK);
    history.count = 1;
    CHECK(imported(&world, &history, false, &refused).verdict == RECEIPT_DUPLICATE);
    CHECK(world_replays(&world));
    world_close(&lived);
    world_close(&world);
}

static void what_is_refused_leaves_nothing(void)
{
    static struct history history;
    static struct told_log log;
    struct world world = opened(&log);
    uint64_t seq = engine_seq(world.engine);
    uint32_t refused;

    world_sleep(&world, START_MS + 400 * DAY_MS);
    history.count = 3;
    history.events[0] = filed(START_MS);
    history.events[1] = said(0, "m-1", START_MS + DAY_MS);
    history.events[2] = said(0, "m-2", START_MS + 2 * DAY_MS); /* served already */
    CHECK(imported(&world, &history, false, &refused).verdict == RECEIPT_REJECTED);
    CHECK_INTEGER(refused, 2);

    history.events[2] = said(4, "m-1", START_MS + 2 * DAY_MS); /* the same id twice */
    CHECK_TEXT(imported(&world, &history, false, &refused).reasons[0].code, TEXT("id_reused"));
    CHECK_INTEGER(refused, 2);

    history.events[2] = said(4, "m-2", START_MS + 401 * DAY_MS);
    CHECK_TEXT(imported(&world, &history, false, &refused).reasons[0].code,
               TEXT("import_future"));

    history.events[2] = said(4, "m-2", START_MS + 2 * DAY_MS);
    history.events[2].case_id = TEXT("K-2");
    CHECK_TEXT(imported(&world, &history, false, &refused).reasons[0].code,
               TEXT("import_mixed"));

    history.events[0].procedure = (struct text){0};
    history.count = 1;
    CHECK_TEXT(imported(&world, &history, false, &refused).reasons[0].code,
               TEXT("import_opens"));

    CHECK_INTEGER(engine_seq(world.engine), seq);
    CHECK(engine_next_ms(world.engine) == INSTANT_NEVER);
    world_close(&world);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(an_imported_case_stands_as_one_lived),
        TEST(an_import_is_taken_once),
        TEST(what_is_refused_leaves_nothing),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
