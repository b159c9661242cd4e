#ifndef DUBAN_CORE_PROVE_H
#define DUBAN_CORE_PROVE_H

/*
 * What can be proved of a loaded procedure before it touches a case: that no case of it falls
 * asleep, gets stuck, or meets a question its guards cannot answer. Each failure is a problem
 * at the mark of the culprit. Nothing here looks at a case; a procedure is data, and so is a
 * proof.
 */
#include "core/procedure.h"

/* A notice's templates, by the name that procedures use. */
struct prove_notice {
    struct text name;
    bool zh; /* there is one in this language */
    bool en;
};

/*
 * One unit is one look at a condition, a path or a rule: some nanoseconds. What would take
 * longer than this is not proved, and a problem says so; so no procedure, however hostile,
 * takes much longer than a second.
 */
#define PROVE_WORK_MAX ((uint64_t)40000000)

struct prove_options {
    bool strict;                          /* `law` on each clock and need, `words` for all */
    const struct prove_notice *templates; /* NULL: not known, none is missed */
    uint32_t template_count;
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
