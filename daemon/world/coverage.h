#ifndef DUBAN_WORLD_COVERAGE_H
#define DUBAN_WORLD_COVERAGE_H

/*
 * Which parts of a procedure its scenarios have exercised: rules that were taken, needs that
 * refused, warnings that were left, clocks that started, entries that spoke, grounds that
 * paused and extensions that were granted. Told record by record, over any number of worlds.
 */
#include "engine/engine.h"

#define COVERED_KINDS(X)        \
    X(COVERED_RULE, "rule")     \
    X(COVERED_NEED, "need")     \
    X(COVERED_WARN, "warn")     \
    X(COVERED_CLOCK, "clock")   \
    X(COVERED_ENTRY, "entry")   \
    X(COVERED_GROUND, "ground") \
    X(COVERED_EXTEND, "extend")

#define COVERED_ENUM(name, word) name,
enum covered_kind { COVERED_KINDS(COVERED_ENUM) COVERED_COUNT };
#undef COVERED_ENUM

/* One part: `filed.order.served`, `filed.order.served.two_officers`, `correct.near`. */
struct covered {
    enum covered_kind kind;
    struct text procedure; /* "minor@1" */
    struct text path;
    bool done;
    struct covered *next;
};

struct coverage {
    struct arena *arena;   /* borrowed, growing */
    struct covered *first; /* by procedure, in the order of the procedure */
    struct covered *last;
};

struct text covered_word(enum covered_kind kind);

void coverage_begin(struct coverage *coverage, struct arena *arena);
/* Know a procedure's parts; one known already is passed by. */
void coverage_know(struct coverage *coverage, const struct procedure *procedure);
/* Mark what this record exercised. */
void coverage_note(struct coverage *coverage, const struct happening *happening);

#endif
