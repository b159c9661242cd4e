#ifndef DUBAN_ENGINE_DEPUTE_H
#define DUBAN_ENGINE_DEPUTE_H

/* An operator names a deputy for somebody, or ends that. */
#include "engine/engine.h"

struct deputing {
    struct text person; /* whose place */
    struct text deputy; /* of an end may be empty: any */
    struct text role;   /* empty: every role; of an end: any */
    int32_t from;
    int32_t to;
    bool ends; /* from today on */
    struct text reason;
};

/*
 * It becomes an install of `deputies.yaml`, which holds all that operators named, with those
 * that ended lately. False, with the reason among the problems. Saying the same again changes
 * nothing and makes no record.
 */
NODISCARD bool engine_depute(struct engine *engine, const struct deputing *deputing,
                             const struct act *act, int64_t wall_ms,
                             struct problem_list *problems);

#endif
