#ifndef DUBAN_EXEC_JOB_JSON_H
#define DUBAN_EXEC_JOB_JSON_H

#include "worker.h"

/* A job as one line of JSON, to be freed; NULL: out of memory. docs/reference/duban-exec.md has
 * what is in it. */
char *job_json(const struct worker_job *job);

#endif
