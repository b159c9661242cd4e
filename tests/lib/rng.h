#ifndef DUBAN_LIB_RNG_H
#define DUBAN_LIB_RNG_H

/*
 * Chance for tests: the same seed draws the same numbers on every machine, for ever, so that a
 * failing seed can be written into a test. Any seed is as good as any other, 0 too.
 */
#include <stdint.h>

struct rng {
    uint64_t state;
};

struct rng rng_seeded(uint64_t seed);
uint64_t rng_next(struct rng *rng);
/* From low to high, both included, each equally likely. */
int64_t rng_between(struct rng *rng, int64_t low, int64_t high);

#endif
