/*
 * The model test: random lives of random procedures, led by the core and by an oracle that was
 * written from the page alone. Where they disagree one of them is wrong; the life is made as short
 * as it stays wrong and printed with both answers, so that a person can judge by the page.
 *
 *   model               DUBAN_MODEL_LIVES lives (10,000), seeds 1.. and as many more from the clock
 *   model SEED          that one life, told in full
 */
#include "base/must.h"
#include "codec/procedure_yaml.h"
#include "lib/random_procedure.h"
#include "model/play.h"
#include "model/wide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORKERS = 2, STEPS_MAX = 44, LIVES_PER_PROCEDURE = 4, WORDS_SIZE = 65536 };

static char words[WORDS_SIZE];
static char yaml[RANDOM_PROCEDURE_SIZE];

/* The procedure of a seed, which the arena holds; NULL where the loader refuses it. */
static const struct procedure *procedure_of(uint64_t seed, struct arena *arena, bool loud)
{
    struct random_procedure_wish wish = {.seed = seed, .registers = seed % 3 == 0};
    struct source *source = arena_take_zeroed(arena, 1, sizeof(*source));
    struct library library = {.installed = &world_get()->installed[0]};
    struct problem_list problems;
    const struct procedure *procedure;
    size_t size = seed % 2 == 0 ? random_procedure(wish, yaml, sizeof(yaml))
                                : wide_procedure(seed, yaml, WIDE_SIZE);

    MUST(source != NULL);
    source->name = TEXT("drawn.yaml");
    source->bytes = (struct text){arena_copy(arena, yaml, size + 1), size};
    problem_list_init(&problems, arena);
    procedure = procedure_load(source, &library, arena, &problems);
    for (const struct problem *problem = problems.first; loud && problem != NULL;
         problem = problem->next) {
        char out[512];

        (void)message_print(problem->message->en, problem->arguments, out, sizeof(out));
        printf("%u:%u: %s\n", problem->mark.line, problem->mark.column, out);
    }
    return procedure;
}

static void print_life(const struct life *life, uint64_t left_out)
{
    printf("%s\nlife of seed %llu, calendar %u:\n", yaml, (unsigned long long)life->seed,
           life->calendar);
    for (uint32_t i = 0; i < life->count; i++) {
        if ((left_out >> i & 1) == 0) {
            play_print_step(&life->steps[i]);
        }
    }
    printf("then:\n%s\n", words);
}

/* Leave out steps as long as it still fails. */
static uint64_t shrink(struct life *life, const struct procedure *procedure)
{
    uint64_t left_out = 0;
    bool better = true;

    while (better) {
        better = false;
        for (uint32_t i = life->count; i-- > 0;) {
            uint64_t without = left_out | (uint64_t)1 << i;

            if (without != left_out &&
                !play(life, procedure, without, NULL, 0, NULL, words, sizeof(words))) {
                left_out = without;
                better = true;
            }
        }
    }
    (void)play(life, procedure, left_out, NULL, 0, NULL, words, sizeof(words));
    return left_out;
}

/* One life. */
static bool lead(uint64_t seed, const struct procedure *procedure, struct coverage *coverage)
{
    static struct life life;
    struct rng rng = rng_seeded(seed * 2654435761U + 17);

    life.seed = seed;
    life.calendar = (uint32_t)(seed % WORLD_CALENDARS);
    life.count = 0;
    coverage->lives++;
    if (play(&life, procedure, 0, &rng, STEPS_MAX, coverage, words, sizeof(words))) {
        return true;
    }
    print_life(&life, shrink(&life, procedure));
    (void)fflush(stdout);
    return false;
}

static bool lead_seed(uint64_t seed, struct coverage *coverage, bool loud)
{
    struct arena arena;
    const struct procedure *procedure;
    bool good = true;

    arena_init_growing(&arena, PROCEDURE_BYTES_MAX);
    procedure = procedure_of(seed / LIVES_PER_PROCEDURE, &arena, loud);
    if (procedure == NULL) {
        coverage->unloaded++;
    } else {
        coverage->procedures++;
        good = lead(seed, procedure, coverage);
    }
    arena_fini(&arena);
    return good;
}

static void add(uint64_t *sum, const uint64_t *more, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sum[i] += more[i];
    }
}

static void print_coverage(const struct coverage *c)
{
    static const char *const phases[] = {"new", "open", "ending", "closed"};

    printf("lives %llu procedures %llu not loaded %llu events %llu firings %llu derived %llu\n",
           (unsigned long long)c->lives, (unsigned long long)c->procedures,
           (unsigned long long)c->unloaded, (unsigned long long)c->events,
           (unsigned long long)c->firings, (unsigned long long)c->derives);
    printf("verdicts: applied %llu rejected %llu no_rule %llu\nrefusals:",
           (unsigned long long)c->verdicts[0], (unsigned long long)c->verdicts[1],
           (unsigned long long)c->verdicts[2]);
    for (int i = 0; i < 64 && c->codes[i].code[0] != '\0'; i++) {
        printf(" %s %llu", c->codes[i].code, (unsigned long long)c->codes[i].count);
    }
    printf("\neffects:");
    for (int i = 0; i <= EFFECT_LAST; i++) {
        printf(" %.*s %llu", TEXT_ARGS(effect_word((enum effect_kind)i)),
               (unsigned long long)c->effects[i]);
    }
    printf("\nstates:");
    for (int i = 0; i <= INSTANCE_CANCELLED; i++) {
        printf(" %.*s %llu", TEXT_ARGS(instance_state_word((enum instance_state)i)),
               (unsigned long long)c->states[i]);
    }
    printf("\nphases:");
    for (int i = 0; i <= CASE_CLOSED; i++) {
        printf(" %s %llu", phases[i], (unsigned long long)c->phases[i]);
    }
    printf("\nprovisional %llu held %llu to officer %llu late %llu floors %llu reported late "
           "%llu\n",
           (unsigned long long)c->provisional, (unsigned long long)c->held,
           (unsigned long long)c->officer, (unsigned long long)c->late,
           (unsigned long long)c->floors, (unsigned long long)c->reported_late);
}

/* Codes of two workers under one name. */
static void join(struct coverage *sum, const struct coverage *more)
{
    struct coverage codes = *sum;

    add((uint64_t *)sum, (const uint64_t *)more,
        offsetof(struct coverage, codes) / sizeof(uint64_t));
    for (int i = 0; i < 64 && more->codes[i].code[0] != '\0'; i++) {
        for (int j = 0; j < 64; j++) {
            if (codes.codes[j].code[0] == '\0') {
                memcpy(codes.codes[j].code, more->codes[i].code, 32);
            }
            if (strcmp(codes.codes[j].code, more->codes[i].code) == 0) {
                codes.codes[j].count += more->codes[i].count;
                break;
            }
        }
    }
    memcpy(sum->codes, codes.codes, sizeof(codes.codes));
}

/* A worker's share of the lives; what it met goes down the pipe. */
static int work(int pipe_end, int worker, uint64_t lives, uint64_t fresh)
{
    static struct coverage coverage;
    uint64_t failed = 0;

    for (uint64_t i = (uint64_t)worker; i < lives && failed < 3; i += WORKERS) {
        failed += !lead_seed(i < lives / 2 ? i : fresh + i, &coverage, false);
    }
    MUST(write(pipe_end, &coverage, sizeof(coverage)) == (ssize_t)sizeof(coverage));
    return failed == 0 ? 0 : 1;
}

static bool work_together(uint64_t lives, uint64_t fresh, struct coverage *sum)
{
    int pipes[WORKERS][2];
    bool good = true;

    for (int worker = 0; worker < WORKERS; worker++) {
        MUST(pipe(pipes[worker]) == 0);
        if (fork() == 0) {
            _exit(work(pipes[worker][1], worker, lives, fresh));
        }
        (void)close(pipes[worker][1]);
    }
    for (int worker = 0; worker < WORKERS; worker++) {
        static struct coverage more;
        int status;

        good &= read(pipes[worker][0], &more, sizeof(more)) == (ssize_t)sizeof(more);
        join(sum, &more);
        (void)wait(&status);
        good &= WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    return good;
}

int main(int argc, char **argv)
{
    const char *budget = getenv("DUBAN_MODEL_LIVES");
    uint64_t lives = budget != NULL ? strtoull(budget, NULL, 10) : 10000;
    const char *seed = getenv("DUBAN_MODEL_SEED"); /* of the second half; any number */
    uint64_t fresh = seed == NULL ? 1000000 : strtoull(seed, NULL, 10);
    static struct coverage coverage;
    bool good;

    (void)world_get();
    if (argc > 1) {
        good = lead_seed(strtoull(argv[1], NULL, 10), &coverage, true);
    } else {
        printf("fresh seeds from %llu\n", (unsigned long long)fresh);
        (void)fflush(stdout);
        good = work_together(lives, fresh, &coverage);
    }
    print_coverage(&coverage);
    return good ? 0 : 1;
}
