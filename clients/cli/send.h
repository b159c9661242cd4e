#ifndef DUBAN_CLI_SEND_H
#define DUBAN_CLI_SEND_H

/* Sending events: one and its receipt, or a file of them. */
#include "cli/control.h"
#include "cli/said.h"

#define SEND_WAIT_MS 10000

/* Send one event and print what became of it. The exit code of the command. */
enum exit_code send_one(const struct arguments *arguments, const struct duban_event *event);
/* Send every event of a file, many under way at once: what was refused, and a summary. */
enum exit_code send_batch(const struct arguments *arguments, const char *path,
                          const json_t *defaults);

/* Connect to the events door that the command line means. */
enum exit_code send_connect(const struct arguments *arguments,
                            char endpoint[CONTROL_ENDPOINT_BYTES], struct duban **duban);

#endif
