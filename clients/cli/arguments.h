#ifndef DUBAN_CLI_ARGUMENTS_H
#define DUBAN_CLI_ARGUMENTS_H

/* Taking a command line apart; for command.c alone. */
#include "cli/command.h"

/* The options that every command knows: --help, --lang, --output. */
extern const struct option options_common[];
extern const uint32_t options_common_count;

/*
 * Read argv[0..argc) of a command into *arguments. What does not fit is complained of, with the
 * option that was probably meant, and the answer is false.
 */
bool arguments_read(struct arguments *arguments, const struct command *command, int argc,
                    char **argv);

/* The name nearest to a misspelt one, or NULL. Names are ended by NULL. */
const char *arguments_nearest(const char *word, const char *const *names);

#endif
