#ifndef DUBAN_MODEL_ORACLE_STANDING_H
#define DUBAN_MODEL_ORACLE_STANDING_H

/* The standing events, as procedures.md tells of them. */
#include "model/oracle.h"

enum event_family standing_family(struct text name);
/* Whether a name is one of the fixed ones that this event carries. */
bool standing_carries(const struct oracle *oracle, struct text name);
/* Whether somebody must hold a role for it. */
bool standing_asks_who(const struct oracle *oracle);
/* The roles that may do it: what it checks by itself, narrowed by a rule that names it. */
uint64_t standing_by_roles(struct oracle *oracle, const struct rule *rule);
/* The place of the clock that it asks to extend; -1: it asks for no extension. */
int standing_extends(struct oracle *oracle);
void standing_judge_it(struct oracle *oracle);
void standing_act_it(struct oracle *oracle);

#endif
