#ifndef DUBAN_CLI_UNREACHED_H
#define DUBAN_CLI_UNREACHED_H

/* Reminders and rungs that come to nobody, as an answer has them: to stderr. */
#include <jansson.h>

void unreached_note(const json_t *answer);

#endif
