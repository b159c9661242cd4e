#ifndef DUBAN_MODEL_PLAY_H
#define DUBAN_MODEL_PLAY_H

/* A life led twice, by the core and by the oracle, and what they say held side by side. */
#include "model/life.h"
#include "model/oracle.h"

/* What was met on the way, so that nobody believes in a test that never went there. */
struct coverage {
    uint64_t lives;
    uint64_t procedures;
    uint64_t unloaded;
    uint64_t events;
    uint64_t firings;
    uint64_t derives;
    uint64_t verdicts[3];
    uint64_t families[EVENT_CLOCK_END + 1];
    uint64_t effects[EFFECT_LAST + 1];
    uint64_t states[INSTANCE_CANCELLED + 1];
    uint64_t due_kinds[DUE_ACCRUAL + 1];
    uint64_t phases[CASE_CLOSED + 1];
    uint64_t units[LENGTH_YEARS + 1];
    uint64_t provisional;
    uint64_t held;
    uint64_t officer;
    uint64_t late;
    uint64_t several; /* instances of one clock live at once */
    uint64_t overlapping;
    uint64_t floors;
    uint64_t chains;
    uint64_t reported_late;
    struct {
        char code[32];
        uint64_t count;
    } codes[64];
};

/*
 * Lead a life: its first `life->count` steps whose bit in `left_out` is not set, and then, with a
 * generator, steps drawn until there are `step_max`. False: they disagree; what about is in
 * `words`.
 */
bool play(struct life *life, const struct procedure *procedure, uint64_t left_out,
          struct rng *rng, uint32_t step_max, struct coverage *coverage, char *words,
          size_t size);

/* Print a step for people. */
void play_print_step(const struct life_step *step);

#endif
