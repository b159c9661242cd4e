#ifndef DUBAN_ENGINE_BATCH_ACT_H
#define DUBAN_ENGINE_BATCH_ACT_H

/* What the control door asks of the writer: acts, and questions that only it can answer. */
#include "engine/batch.h"

void batch_act(struct batch *batch, struct batch_request *request, struct engine *engine,
               const struct hour *hour);

/* batch_migrate.c: one slice of a migration. */
void batch_migrate(struct batch *batch, struct batch_request *request, struct engine *engine,
                   const struct hour *hour);

#endif
