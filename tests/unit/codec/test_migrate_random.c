#include "codec/procedure_yaml.h"
#include "codec/state.h"
#include "lib/prove_life.h"
#include "lib/random_procedure.h"

/*
 * Random lives of random procedures, taken over after every turn: to the same procedure read once
 * more, where nothing may change, and to another one altogether, which is refused or leaves a case
 * that is sound.
 */

enum { PROCEDURES = 40, LIVES = 2, TURNS = 40 };

/* What a life is taken over to. */
struct target {
    struct arena arena;
    const struct procedure *procedure;
};

static void read_target(struct target *target, uint64_t seed, const struct installed *installed)
{
    char *text = malloc(RANDOM_PROCEDURE_SIZE);
    struct library library = {.installed = installed};
    struct random_procedure_wish wish = {.seed = seed, .newer = true};
    struct problem_list problems;
    struct source *source;

    arena_init_growing(&target->arena, PROCEDURE_BYTES_MAX);
    problem_list_init(&problems, &target->arena);
    source = arena_take_zeroed(&target->arena, 1, sizeof(*source));
    source->name = TEXT("random.yaml");
    source->bytes.size = random_procedure(wish, text, RANDOM_PROCEDURE_SIZE);
    source->bytes.bytes = arena_copy(&target->arena, text, source->bytes.size);
    target->procedure = procedure_load(source, &library, &target->arena, &problems);
    CHECK(target->procedure != NULL);
    free(text);
}

static struct bytes encoded(const struct procedure *procedure, const struct case_state *state,
                            uint8_t *room)
{
    struct bytes bytes = {0};

    CHECK(state_encode(procedure, state, room, STATE_BYTES_MAX * 2, &bytes) == STATUS_OK);
    return bytes;
}

static bool migrates(struct life *life, const struct target *target, struct outcome *outcome)
{
    struct step step = life_step_of(life);

    step.procedure = target->procedure;
    CHECK(case_migrate(&step, life->world->procedure, &life->room, outcome));
    return outcome->verdict == VERDICT_APPLIED;
}

/* To the same: the act is counted, and everything else is as it was. */
static bool stays_the_same(struct life *life, const struct target *same)
{
    static uint8_t rooms[2][STATE_BYTES_MAX * 2];
    struct outcome outcome;
    bool kept = CHECK(migrates(life, same, &outcome));

    if (!kept) {
        printf("    refused: %.*s\n", TEXT_ARGS(outcome.reasons[0].code));
        return false;
    }
    kept = CHECK_INTEGER(outcome.after.revision, life->state.revision + 1);
    outcome.after.revision = life->state.revision;
    return CHECK(bytes_equal(encoded(life->world->procedure, &life->state, rooms[0]),
                             encoded(life->world->procedure, &outcome.after, rooms[1]))) &&
           kept;
}

/* To another: what it becomes is one of its cases. */
static bool goes_elsewhere(struct life *life, const struct target *other)
{
    static uint8_t room[STATE_BYTES_MAX * 2];
    struct outcome outcome;
    struct case_state read;
    struct arena arena;

    if (!migrates(life, other, &outcome)) {
        CHECK(outcome.reason_count > 0);
        return false;
    }

    struct bytes bytes = encoded(other->procedure, &outcome.after, room);

    arena_init_growing(&arena, STEP_ARENA_BYTES);
    CHECK(state_decode(bytes, other->procedure, &arena, &read) == STATUS_OK);
    arena_fini(&arena);
    return true;
}

struct count {
    uint32_t same;
    uint32_t gone;
    uint32_t refused;
};

static bool live(struct life *life, const struct target *same, const struct target *other,
                 struct count *count)
{
    life_live(life, 0);
    for (uint32_t i = 0; i < TURNS && life->state.phase != CASE_NEW; i++) {
        if (!stays_the_same(life, same)) {
            return false;
        }
        count->same++;
        if (goes_elsewhere(life, other)) {
            count->gone++;
        } else {
            count->refused++;
        }
        if (life->state.phase == CASE_CLOSED) {
            break;
        }
        life_live_a_turn(life);
    }
    return true;
}

static void live_a_procedure(uint64_t seed, struct count *count)
{
    struct world world = {.procedure = NULL};
    struct life life = {.world = &world, .rng = rng_seeded(seed + 2000000)};
    struct target targets[3];

    read_target(&targets[0], seed, &world.installed);
    read_target(&targets[1], seed, &world.installed);
    read_target(&targets[2], seed + 1, &world.installed);
    arena_init_growing(&world.arena, PROCEDURE_BYTES_MAX);
    world.procedure = targets[0].procedure;
    world_set_up(&world, world.procedure->roles, world.procedure->role_count);
    for (uint32_t i = 0; i < 2; i++) {
        life.rooms[i] = malloc(STEP_ARENA_BYTES);
    }
    for (uint32_t i = 0; i < LIVES; i++) {
        arena_init_growing(&life.texts, VALUES_ROOM);
        if (!live(&life, &targets[1], &targets[2], count)) {
            printf("    seed %llu, life %u\n", (unsigned long long)seed, i);
        }
        arena_fini(&life.texts);
    }
    free(life.rooms[0]);
    free(life.rooms[1]);
    arena_fini(&world.arena);
    for (int i = 0; i < 3; i++) {
        arena_fini(&targets[i].arena);
    }
}

static void cases_go_over_at_any_time(void)
{
    struct count count = {0};

    for (uint64_t seed = 1; seed <= PROCEDURES; seed++) {
        live_a_procedure(seed, &count);
    }
    printf("%u to the same, %u to another, %u refused there\n", count.same, count.gone,
           count.refused);
    CHECK(count.same > 1000);
    CHECK(count.gone > 0);
    CHECK(count.refused > 0);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {TEST(cases_go_over_at_any_time)};

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
