#include "lib/rng.h"

#include "base/must.h"

struct rng rng_seeded(uint64_t seed)
{
    return (struct rng){.state = seed};
}

/* SplitMix64, by Steele, Lea and Flood: a counter and a hash of it. */
uint64_t rng_next(struct rng *rng)
{
    uint64_t z = rng->state += 0x9e3779b97f4a7c15U;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

int64_t rng_between(struct rng *rng, int64_t low, int64_t high)
{
    uint64_t span = (uint64_t)high - (uint64_t)low + 1; /* 0 means all 2^64 */
    uint64_t unfair = span == 0 ? 0 : (0 - span) % span;
    uint64_t draw;

    MUST(low <= high);
    do { /* the first `unfair` numbers would make small answers likelier */
        draw = rng_next(rng);
    } while (draw < unfair);
    return (int64_t)((uint64_t)low + (span == 0 ? draw : draw % span));
}
