#ifndef DUBAN_CORE_WHY_H
#define DUBAN_CORE_WHY_H

/*
 * Why a case stands where it stands, as data: which events it waits for, who may report each
 * and which of their needs hold; which limits run, until when and by which article; and what
 * happens next if nobody acts.
 */
#include "core/step.h"

struct why_need {
    const struct need *need;
    enum truth
        truth; /* unknown: it depends on what the event will carry, or on an unset fact */
    const struct guard_leaf *leaves; /* the conditions of it, each with its truth */
    uint32_t leaf_count;
    const struct value *values; /* what each node of its guard had */
};

/* An event the case would take now, by one of its rules. */
struct why_rule {
    uint16_t event;
    const struct rule *rule;
    bool anytime;
    enum truth when; /* false ones are left out */
    const struct why_need *needs;
    uint32_t need_count;
};

/* A limit that is live. */
struct why_clock {
    const struct instance *instance;
    int64_t amount; /* of an accrual, fen, as of now */
};

/* What fires at the case's next moment. */
struct why_moment {
    uint16_t clock;
    uint16_t number;
    bool end; /* the clock's end; else an entry of it, or (entry NO_INDEX) a review */
    uint16_t entry;
    uint16_t role;
};

struct why {
    const struct why_rule *rules;
    uint32_t rule_count;
    const struct why_clock *clocks;
    uint32_t clock_count;
    const struct why_moment *moments;
    uint32_t moment_count;
    int64_t next_ms; /* when they fire; INSTANT_NEVER: nothing does */
};

#define WHY_RULES_MAX   256
#define WHY_MOMENTS_MAX 256

/* Explain `step->before` as of step->now_ms. False: the arena is spent. */
NODISCARD bool case_why(const struct step *step, struct arena *arena, struct why *why);

#endif
