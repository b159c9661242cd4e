#ifndef DUBAN_CLI_PROCEDURE_REACH_H
#define DUBAN_CLI_PROCEDURE_REACH_H

/* Whether everybody whom a folder's procedures remind can be reached today: core/reach.h. */
#include "cli/config.h"
#include "core/reach.h"

/* False: the folder would not be installed, for the problems. */
bool procedure_reach(const struct config *config, struct arena *arena, void *context,
                     void (*on_gap)(void *context, const struct gap *gap),
                     struct problem_list *problems);

#endif
