#ifndef DUBAN_EXEC_EXEC_H
#define DUBAN_EXEC_EXEC_H

/* The worker: which program, with what around it, and what its end means. */
#include "program.h"

extern const struct worker_setting exec_settings[];

bool exec_open(const struct worker_settings *settings, void **mine);
void exec_send(void *mine, const struct worker_job *job, struct worker_result *result);
void exec_close(void *mine);

#endif
