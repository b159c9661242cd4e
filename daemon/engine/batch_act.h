#ifndef DUBAN_ENGINE_BATCH_ACT_H
#define DUBAN_ENGINE_BATCH_ACT_H

/* What the control door asks of the writer: acts, and questions that only it can answer. */
#include "codec/json.h"
#include "engine/batch.h"

void batch_act(struct batch *batch, struct batch_request *request, struct engine *engine,
               const struct hour *hour);

/* batch_migrate.c: one slice of a migration. */
void batch_migrate(struct batch *batch, struct batch_request *request, struct engine *engine,
                   const struct hour *hour);

/* batch_notices.c: what operators decide about messages, holds, deputies. */
void batch_notices(struct batch *batch, struct batch_request *request, struct engine *engine,
                   const struct hour *hour);
/* What an install changed stands in its record: {"seq", "changed": [paths], …} into the object
 * that is open; and whom a reminder or rung does not reach from now on. */
void batch_tell_install(struct engine *engine, uint64_t before_seq, int64_t now_ms,
                        struct json *json);
/* The first thing that was wrong, in words; they live in the arena. */
struct message batch_first_problem(const struct problem_list *problems, struct arena *arena);

#endif
