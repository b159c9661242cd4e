#ifndef DUBAN_MODEL_LIFE_H
#define DUBAN_MODEL_LIFE_H

/*
 * A life of a case as a list of what comes to it: events, time, calendars. Drawn step by step from a
 * seed while it is led; kept, so that it can be led again with steps left out.
 */
#include "core/step.h"
#include "lib/rng.h"
#include "model/world.h"

enum { LIFE_STEPS = 64, LIFE_FACTS = 24, LIFE_TEXT = 64 };

enum life_kind {
    LIFE_EVENT,
    LIFE_PASS, /* time passes, everything fires as it falls due */
    LIFE_DOWN, /* time passes, the daemon is off and fires late */
    LIFE_CALENDAR
};

struct life_step {
    enum life_kind kind;
    int64_t now_ms;
    uint32_t calendar;
    bool in_batch;      /* an event is judged before what fell due since */
    struct event event; /* points into this step */
    struct carried facts[LIFE_FACTS];
    struct text with[2];
    struct text documents[3];
    char texts[LIFE_FACTS][LIFE_TEXT];
};

struct life {
    uint64_t seed;
    uint32_t calendar; /* the first */
    struct life_step steps[LIFE_STEPS];
    uint32_t count;
};

/* Draw the next step of a life, of a case that stands so. */
void life_draw(struct rng *rng, const struct procedure *procedure,
               const struct case_state *state, int64_t now_ms, struct life_step *step);

#endif
