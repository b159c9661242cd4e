#include "world/world.h"

#include "base/must.h"

#include <string.h>

/* A case fires some hundred times at one instant at most; so many mean that it stands still. */
enum { FIRINGS_AT_ONCE_MAX = 1000000, SLICE = 64 };

enum status world_open(struct world *world, int64_t now_ms, const struct watch *watch)
{
    *world = (struct world){
        .store = store_memory_open(WORLD_BYTES_MAX),
        .journal = journal_memory_open(WORLD_BYTES_MAX),
        .keyring = keyring_memory_open(),
        .now_ms = now_ms,
    };
    if (watch != NULL) {
        world->watch = *watch;
    }
    if (world->store == NULL || world->journal == NULL || world->keyring == NULL) {
        return STATUS_NO_MEMORY;
    }
    return engine_open(&world->engine, world->store, world->journal, world->keyring,
                       &world->watch);
}

void world_close(struct world *world)
{
    engine_close(world->engine);
    store_close(world->store);
    journal_close(world->journal);
    keyring_close(world->keyring);
    *world = (struct world){0};
}

static void sweep(struct engine *engine, int64_t now_ms)
{
    while (engine_sweep(engine, now_ms, SLICE) > 0) {
    }
}

bool world_install(struct world *world, const struct install_file *files, uint32_t count,
                   struct problem_list *problems)
{
    if (!engine_install(world->engine, files, count, NULL, world->now_ms, problems)) {
        return false;
    }
    sweep(world->engine, world->now_ms);
    return engine_checkpoint(world->engine) == STATUS_OK;
}

bool world_pass(struct world *world, int64_t until_ms, bool including)
{
    int64_t at_ms = INSTANT_NONE;
    uint32_t at_once = 0;

    for (;;) {
        int64_t due_ms = engine_next_ms(world->engine);
        bool due = including ? due_ms <= until_ms : due_ms < until_ms;

        if (due_ms == INSTANT_NEVER || !due) {
            break;
        }
        at_once = due_ms == at_ms ? at_once + 1 : 0;
        at_ms = due_ms;
        if (at_once == FIRINGS_AT_ONCE_MAX) {
            return false;
        }
        if (due_ms > world->now_ms) {
            world->now_ms = due_ms;
        }
        (void)engine_fire(world->engine, world->now_ms, 1);
    }
    if (until_ms > world->now_ms) {
        world->now_ms = until_ms;
    }
    return engine_checkpoint(world->engine) == STATUS_OK;
}

void world_sleep(struct world *world, int64_t until_ms)
{
    if (until_ms > world->now_ms) {
        world->now_ms = until_ms;
    }
}

void world_send(struct world *world, const struct submission *submission,
                struct receipt *receipt)
{
    engine_event(world->engine, submission, world->now_ms, receipt);
}

enum status world_crash(struct world *world, bool keep)
{
    if (keep && journal_flush(world->journal) != STATUS_OK) {
        return STATUS_DISK;
    }
    engine_close(world->engine);
    world->engine = NULL;
    store_memory_crash(world->store);
    journal_memory_crash(world->journal);
    return engine_open(&world->engine, world->store, world->journal, world->keyring,
                       &world->watch);
}

/* Whether two stores hold the same rows. */
static bool same_tables(struct store *one, struct store *other)
{
    for (int i = 0; i < TABLE_COUNT; i++) {
        enum table table = (enum table)i;
        struct key a = {.size = 1};
        struct key b = {.size = 1};
        struct bytes value_a;
        struct bytes value_b;

        for (;;) {
            bool more_a = store_next(one, table, &a, &value_a);
            bool more_b = store_next(other, table, &b, &value_b);

            if (more_a != more_b) {
                return false;
            }
            if (!more_a) {
                break;
            }
            if (a.size != b.size || memcmp(a.bytes, b.bytes, a.size) != 0 ||
                !bytes_equal(value_a, value_b)) {
                return false;
            }
            if (a.size == KEY_BYTES_MAX) {
                return false; /* no key of ours is that long */
            }
            a.bytes[a.size++] = 0;
            b = a;
        }
    }
    return true;
}

/* Whether a fresh store comes to the same tables. */
static bool comes_out_the_same(struct world *world)
{
    struct store *fresh = store_memory_open(WORLD_BYTES_MAX);
    struct engine *engine = NULL;
    bool same =
        fresh != NULL && engine_open(&engine, fresh, world->journal, NULL, NULL) == STATUS_OK;

    if (same) {
        sweep(engine, world->now_ms);
        same = engine_checkpoint(engine) == STATUS_OK && same_tables(world->store, fresh);
    }
    engine_close(engine);
    store_close(fresh);
    return same;
}

bool world_replays(struct world *world)
{
    enum { OTHER_LAW = 2 };
    bool same;

    sweep(world->engine, world->now_ms);
    same = engine_checkpoint(world->engine) == STATUS_OK && comes_out_the_same(world);
    journal_memory_set_law(world->journal, OTHER_LAW);
    same = same && comes_out_the_same(world);
    journal_memory_set_law(world->journal, LAW_NUMBER);
    return same;
}
