#ifndef DUBAN_CORE_PROVE_FLOW_H
#define DUBAN_CORE_PROVE_FLOW_H

/* The inside of the flow, shared by prove_flow.c (where events lead) and prove_act.c (what
 * rules do). Nobody else includes this. */
#include "core/prove_parts.h"

/* One rule of a calling on its way over the kinds of cases. */
struct passage {
    struct prover *prover;
    const struct calling *calling;
    const struct rule *rule; /* NULL: no rule takes it */
    uint32_t index;          /* of the rule */
    const struct way *way;   /* of the kind it happens to */
    uint64_t wanted; /* clocks with a condition that surely holds in the branch in hand */
    struct sure_list *after; /* what is sure before it leads anywhere is wanted, nothing else */
};

#define NO_BRANCH UINT32_MAX

/* The end of a clock by time; false: it cannot be live. */
bool flow_time_out(const struct prover *prover, uint16_t own, struct sure *sure);
/* Find out which conditional clocks the rule surely starts in this branch. */
void flow_want(struct passage *passage, uint32_t branch);
/* What a rule does to clocks and facts, up to where it leads (a branch, or NO_BRANCH where it
 * is not known); false: the event is refused. */
bool flow_act(const struct passage *passage, struct sure *sure);
/* What entering a stage does to clocks. */
void flow_enter(struct prover *prover, uint16_t index, struct sure *sure);

#endif
