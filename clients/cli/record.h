#ifndef DUBAN_CLI_RECORD_H
#define DUBAN_CLI_RECORD_H

/* One record of the journal in words: a line, and below it reasons, documents and what came of
 * it. */
#include <jansson.h>
#include <stdbool.h>

/* `record` is as docs/reference/answers.md says. Named: with agency and case in front. */
void record_print(const json_t *record, bool named);

#endif
