#include "engine/index.h"
#include "lib/check.h"
#include "lib/tale.h"
#include "world/world.h"

#include <stdio.h>
#include <string.h>

/* Every row of the index in one line: agency, stage, due, number. */
static const char *rows(struct world *world)
{
    static char line[400];
    struct key key = {.size = 1};
    struct bytes value;
    size_t at = 0;

    line[0] = '\0';
    while (store_next(world->store, TABLE_STAGES, &key, &value)) {
        struct index_place place;
        char due[DATE_TEXT_SIZE] = "-";

        index_read(&key, &place);
        if (place.due != INDEX_NOT_DUE) {
            (void)date_print(place.due, due);
        }
        at +=
            (size_t)snprintf(line + at, sizeof(line) - at, "%.*s %u %s #%u; ",
                             TEXT_ARGS(place.agency), place.stage, due, (unsigned)place.number);
        key.bytes[key.size++] = 0;
    }
    return line;
}

static void the_index_says_where_every_case_stands(void)
{
    struct world world = opened();

    CHECK_TEXT(rows(&world), "");
    CHECK(send(&world, "1", "opened").verdict == RECEIPT_APPLIED);
    CHECK_TEXT(rows(&world), "gulou 0 2026-03-07 #1; ");
    CHECK(send(&world, "2", "added").verdict == RECEIPT_APPLIED);
    CHECK_TEXT(rows(&world), "gulou 0 2026-03-07 #1; ");
    CHECK(send(&world, "3", "moved").verdict == RECEIPT_APPLIED);
    CHECK_TEXT(rows(&world), "gulou 1 2026-03-07 #1; ");

    /* Overdue it is still due when it was due. */
    CHECK(world_pass(&world, START_MS + 20 * DAY_MS, true));
    CHECK_TEXT(rows(&world), "gulou 1 2026-03-07 #1; ");
    CHECK(send(&world, "4", "ended").verdict == RECEIPT_APPLIED);
    CHECK_TEXT(rows(&world), "gulou 2 - #1; ");
    CHECK(world_replays(&world));

    struct reached reached;

    CHECK(engine_reached(world.store, &reached) == STATUS_OK);
    CHECK_INTEGER(reached.case_count, 1);
    CHECK_INTEGER(reached.closed_count, 1);
    world_close(&world);
}

/* A row follows the stage and the date, whichever moves, and stays where neither does. */
static void a_row_moves_when_stage_or_date_does(void)
{
    struct store *store = store_memory_open((size_t)1 << 20);
    struct world world = {.store = store};
    struct instance instance = {.state = INSTANCE_RUNNING,
                                .due = {.last_day = 20000, .due_ms = 20001 * DAY_MS}};
    static const struct clock duty = {.kind = CLOCK_DUTY};
    static const struct procedure plain = {.clocks = &duty, .clock_count = 1};
    struct law_procedure procedure = {.number = 1, .procedure = &plain};
    struct case_state before = {
        .number = 7, .agency = TEXT("a"), .instances = &instance, .instance_count = 1};
    struct instance later = instance;
    struct case_state after = before;

    after.instances = &later;
    index_move(store, NULL, NULL, &before, &procedure);
    CHECK_TEXT(rows(&world), "a 0 2024-10-04 #7; ");
    later.due.due_ms++; /* an hour of it, on the same day */
    index_move(store, &before, &procedure, &after, &procedure);
    CHECK_TEXT(rows(&world), "a 0 2024-10-04 #7; ");
    later.due = (struct due){.last_day = 20003, .due_ms = 20004 * DAY_MS};
    index_move(store, &before, &procedure, &after, &procedure);
    CHECK_TEXT(rows(&world), "a 0 2024-10-07 #7; ");
    before = after;
    before.instances = &instance;
    instance = later;
    later.state = INSTANCE_PAUSED;
    index_move(store, &before, &procedure, &after, &procedure);
    CHECK_TEXT(rows(&world), "a 0 - #7; ");
    CHECK(store_commit(store) == STATUS_OK);
    store_close(store);
}

static void keys_sort_as_their_parts_do(void)
{
    static const struct index_place rising[] = {
        {{"a", 1}, 1, 0, -5, 9},         {{"a", 1}, 1, 0, 0, 1},
        {{"a", 1}, 1, 0, 0, 2},          {{"a", 1}, 1, 0, INDEX_NOT_DUE, 1},
        {{"a", 1}, 1, 1, -9, 1},         {{"a", 1}, 1, 0x102, -9, 1},
        {{"a", 1}, 2, 0, -9, 1},         {{"ab", 2}, 1, 0, -9, 1},
        {{"b", 1}, 0x01000000, 0, 1, 1},
    };
    struct key last = {0};

    for (size_t i = 0; i < sizeof(rising) / sizeof(rising[0]); i++) {
        struct key key = index_key(&rising[i]);
        struct index_place read;

        CHECK(bytes_compare((struct bytes){last.bytes, last.size},
                            (struct bytes){key.bytes, key.size}) < 0);
        index_read(&key, &read);
        CHECK(text_equal(read.agency, rising[i].agency));
        CHECK_INTEGER(read.procedure, rising[i].procedure);
        CHECK_INTEGER(read.stage, rising[i].stage);
        CHECK_INTEGER(read.due, rising[i].due);
        CHECK_INTEGER(read.number, rising[i].number);
        last = key;
    }
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(the_index_says_where_every_case_stands),
        TEST(a_row_moves_when_stage_or_date_does),
        TEST(keys_sort_as_their_parts_do),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
