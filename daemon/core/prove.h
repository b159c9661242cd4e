#ifndef DUBAN_CORE_PROVE_H
#define DUBAN_CORE_PROVE_H

/*
 * What can be proved of a loaded procedure before it touches a case: that no case of it falls
 * asleep, gets stuck, or meets a question its guards cannot answer. Each failure is a problem
 * at the mark of the culprit. Nothing here looks at a case; a procedure is data, and so is a
 * proof.
 */
#include "core/procedure.h"

/* What is known of a notice's words, by the name that procedures use. */
struct notice_words {
    struct text name;
    bool zh; /* there are some in this language */
    bool en;
    const struct text *values; /* names that they are filled with, in either language */
    uint32_t value_count;
    const struct text *brief_values; /* those in the brief form */
    uint32_t brief_value_count;
};

/* Values of every notice, whatever it is about. The first ones tell nothing of the matter
 * itself: no others go to a receiver outside. */
#define NOTICE_VALUES_OUTSIDE 7
extern const struct text notice_values[];
extern const uint32_t notice_value_count;

/*
 * One unit is one look at a condition, a path or a rule: some nanoseconds. What would take
 * longer than this is not proved, and a problem says so; so no procedure, however hostile,
 * takes much longer than a second.
 */
#define PROVE_WORK_MAX ((uint64_t)40000000)

#define PROVE_ERRANDS_DEEP 8 /* how many errands may follow from one another at once */

struct prove_options {
    bool strict;                      /* `law` on each clock and need, `words` for all */
    const struct notice_words *words; /* NULL: not known, none is missed */
    uint32_t word_count;
    const struct procedure *const *others; /* all there are, itself among them: what errands go
                                              to; NULL: not known, none is looked at */
    uint32_t other_count;
    uint64_t work_max; /* 0: PROVE_WORK_MAX */
    uint64_t *work;    /* what it took, for tests; or NULL */
};

/*
 * Prove all that can be proved. Takes about four megabytes of the arena while it works; where
 * the arena is spent, a problem says that nothing was proved.
 */
void procedure_prove(const struct procedure *procedure, const struct prove_options *options,
                     struct arena *arena, struct problem_list *problems);

/* Every message it may tell, for documentation and tests. */
const struct message *const *prove_messages(uint32_t *count);

#endif
