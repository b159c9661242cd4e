#ifndef DUBAN_WORLD_COVERAGE_H
#define DUBAN_WORLD_COVERAGE_H

/*
 * Which parts of the procedures scenarios have exercised, told record by record over any number
 * of worlds. A part belongs to the file that it stands in: what a layer says is one part,
 * however many procedures stand on it, and exercised once any of them has exercised it.
 */
#include "engine/engine.h"

#define COVERED_KINDS(X)                                                            \
    X(COVERED_RULE, "rule")     /* it was taken */                                  \
    X(COVERED_NEED, "need")     /* it refused; of a rule, or of an extension */     \
    X(COVERED_WARN, "warn")     /* it left its defect */                            \
    X(COVERED_ERRAND, "errand") /* it opened or told another case */                \
    X(COVERED_APART, "apart")   /* it refused a person */                           \
    X(COVERED_CLOCK, "clock")   /* it started */                                    \
    X(COVERED_MET, "met")       /* its act came; of a clock that some rule meets */ \
    X(COVERED_MISSED, "missed") /* its end came: overdue, elapsed or capped */      \
    X(COVERED_ENTRY, "entry")   /* it spoke: a reminder, or a rung of its ladder */ \
    X(COVERED_GROUND, "ground") /* it paused */                                     \
    X(COVERED_EXTEND, "extend") /* it was granted */

#define COVERED_ENUM(name, word) name,
enum covered_kind { COVERED_KINDS(COVERED_ENUM) COVERED_COUNT };
#undef COVERED_ENUM

/* One part: `filed.order.served`, `filed.order.served.two_officers`, `correct.near`. */
struct covered {
    enum covered_kind kind;
    struct text file; /* as the user knows it */
    uint32_t line;
    struct text path;
    bool done;
    struct covered *next;
};

struct coverage {
    struct arena *arena;   /* borrowed, growing */
    struct covered *first; /* in the order met: of a file all by its procedure's order */
    struct covered *last;
    /* How the user calls a file that was installed so; it may live in the arena. */
    struct text (*name)(const void *context, struct text installed, struct arena *arena);
    const void *context;
    struct text installed; /* the file named last, */
    struct text file;      /* and how the user calls it */
    uint64_t known;        /* the digest of the procedure known last; 0: none */
};

struct text covered_word(enum covered_kind kind);

void coverage_begin(struct coverage *coverage, struct arena *arena);
/* From here on another world is told of, whose files are called so. */
void coverage_world(struct coverage *coverage,
                    struct text (*name)(const void *context, struct text installed,
                                        struct arena *arena),
                    const void *context);
/* Know the parts of this record's procedure, and mark what the record exercised. */
void coverage_note(struct coverage *coverage, const struct happening *happening);

#endif
