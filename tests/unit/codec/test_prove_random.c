#include "codec/procedure_yaml.h"
#include "lib/prove_life.h"
#include "lib/random_procedure.h"

/*
 * Procedures as people write them, drawn at random: tame ones the prover takes, of wild ones it
 * takes some; those it takes are lived.
 */

enum { PROCEDURES = 100, LIVES = 4, TURNS = 60 };

/* Load and prove; false: the prover would not have it. */
static bool draw(struct world *world, struct random_procedure_wish wish)
{
    static char text[RANDOM_PROCEDURE_SIZE];
    static struct source source;
    struct library library = {.installed = &world->installed};
    struct prove_options options = {0};

    arena_init_growing(&world->arena, PROCEDURE_BYTES_MAX);
    problem_list_init(&world->problems, &world->arena);
    source = (struct source){
        .name = TEXT("random.yaml"),
        .bytes = {.bytes = text, .size = random_procedure(wish, text, sizeof(text))}};
    world->procedure = procedure_load(&source, &library, &world->arena, &world->problems);
    CHECK(world->procedure != NULL);
    if (world->procedure != NULL) {
        procedure_prove(world->procedure, &options, &world->arena, &world->problems);
    }
    for (const struct problem *p = world->problems.first; p != NULL; p = p->next) {
        char words[512];

        if (world->procedure == NULL || (!wish.wild && p->severity == PROBLEM_ERROR)) {
            (void)message_print(p->message->en, p->arguments, words, sizeof(words));
            printf("seed %llu: %u:%u %s: %s\n", (unsigned long long)wish.seed, p->mark.line,
                   p->mark.column, p->message->code, words);
        }
    }
    return world->procedure != NULL && world->problems.error_count == 0;
}

struct count {
    uint32_t proved;
    uint32_t applied;
    uint32_t fired;
};

static void live_a_procedure(struct random_procedure_wish wish, struct count *count)
{
    struct world world;
    struct life life = {.world = &world, .rng = rng_seeded(wish.seed + 1000000)};

    if (draw(&world, wish)) {
        world_set_up(&world, world.procedure->roles, world.procedure->role_count);
        count->proved++;
        for (uint32_t i = 0; i < 2; i++) {
            life.rooms[i] = malloc(STEP_ARENA_BYTES);
        }
        for (uint32_t i = 0; i < LIVES; i++) {
            arena_init_growing(&life.texts, VALUES_ROOM);
            life_live(&life, TURNS);
            arena_fini(&life.texts);
        }
        count->applied += life.applied;
        count->fired += life.fired;
        free(life.rooms[0]);
        free(life.rooms[1]);
    }
    arena_fini(&world.arena);
}

static uint64_t seed_from(const char *name, uint64_t usual)
{
    const char *text = getenv(name);

    return text == NULL ? usual : strtoull(text, NULL, 10);
}

static struct count live_them(bool wild)
{
    struct count count = {0};
    uint64_t first = seed_from("SEED", 1);
    uint64_t procedures = seed_from("PROCEDURES", PROCEDURES);

    for (uint64_t seed = first; seed < first + procedures; seed++) {
        live_a_procedure(
            (struct random_procedure_wish){.seed = seed, .wild = wild, .newer = seed % 2 == 0},
            &count);
    }
    printf("%s: %u of %u proved, %u events applied, %u moments fired\n", wild ? "wild" : "tame",
           count.proved, (unsigned)procedures, count.applied, count.fired);
    return count;
}

static void tame_procedures_are_proved_and_live(void)
{
    struct count count = live_them(false);

    CHECK_INTEGER(count.proved, seed_from("PROCEDURES", PROCEDURES));
    CHECK(count.applied > 0);
    CHECK(count.fired > 0);
}

static void of_wild_ones_those_that_are_proved_live(void)
{
    struct count count = live_them(true);

    CHECK(count.proved > 0);
    CHECK(count.proved < seed_from("PROCEDURES", PROCEDURES));
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(tame_procedures_are_proved_and_live),
        TEST(of_wild_ones_those_that_are_proved_live),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
