#ifndef DUBAN_LIB_RANDOM_DRAFT_H
#define DUBAN_LIB_RANDOM_DRAFT_H

/*
 * A random procedure in the making, shared by the files that make it: random_draft.c (chance,
 * guards), random_head.c (the file down to its clocks), random_procedure.c (rules and stages).
 */
#include "lib/random_procedure.h"
#include "lib/rng.h"

enum { WORKING_MAX = 7, SIDES_MAX = 4, GUARD_SIZE = 400, NAME_SIZE = 32 };

/* What keeps a stage awake. */
enum keeper { KEEPER_NONE, KEEPER_DUTY, KEEPER_WINDOW, KEEPER_PAIR, KEEPER_COUNT };

struct stage_plan {
    enum keeper keeper;
    bool enters; /* its keeper starts in `enter`, else in the rules that lead here */
    bool
        asks_fact; /* its keeper's length or date is a fact, so only ordinary rules lead here */
    bool leaves;   /* its duty's `overdue` leads elsewhere */
};

enum side_kind { SIDE_DUTY, SIDE_WINDOW, SIDE_FEE, SIDE_KIND_COUNT };

/* A clock that runs beside the stages. */
struct side_plan {
    enum side_kind kind;
    bool per;
    bool pauses;
    bool extends;
    bool conditional;
    bool outlives; /* the first final stage */
};

struct draft {
    struct rng rng;
    struct random_procedure_wish wish;
    char *out;
    size_t size;
    size_t at;
    uint32_t working_count; /* stages that are not final: s0, s1, … */
    uint32_t final_count;   /* f0, f1, … */
    struct stage_plan stages[WORKING_MAX];
    struct side_plan sides[SIDES_MAX];
    uint32_t side_count;
    uint32_t event_count; /* of events with made-up names */
    bool with_plans;
    bool with_defines;
    bool defined; /* the named conditions stand there already */
    bool with_needs;
    bool with_words;
    bool with_host;
    bool with_apart;
    bool with_lab;
    bool with_notices;
    bool with_anytime;
};

/* Chance. */
bool draft_chance(struct draft *draft, int64_t percent);
uint32_t draft_below(struct draft *draft, uint32_t count);
/* Something odd, in a wild procedure, now and then. */
bool draft_oddly(struct draft *draft);
const char *draft_word(struct draft *draft, const char *const *words, uint32_t count);
#define ANY(draft, words) draft_word(draft, words, sizeof(words) / sizeof((words)[0]))
const char *draft_role(struct draft *draft);
const char *draft_length(struct draft *draft);

/* Write on. */
__attribute__((format(printf, 2, 3))) void draft_put(struct draft *draft, const char *format,
                                                     ...);

/* A condition on one fact or clock; a total one is known whatever the case is. */
void draft_leaf(struct draft *draft, char *out, size_t size, bool total);
/* One or two of them; `out` has GUARD_SIZE. */
void draft_condition(struct draft *draft, char *out, bool total);
/* A condition of a need or warning: no fact that any rule here takes, for it sees the case before. */
const char *draft_demand(struct draft *draft);

/* The file's head: names, roles, facts, named conditions and needs, plans, clocks. */
void draft_head(struct draft *draft);

#endif
