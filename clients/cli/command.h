#ifndef DUBAN_CLI_COMMAND_H
#define DUBAN_CLI_COMMAND_H

/*
 * The frame of the command `duban`: a command is a row of data (what it is called, what it
 * takes, what it says in --help) and a function. Help, the refusal of what is misspelt, and the
 * exit codes come from the frame, so that all commands feel alike.
 *
 * To add a command: write cmd_NAME.c with its `const struct command command_NAME`, declare it
 * in commands.h, and add it to the table in main.c.
 */
#include "cli/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum exit_code {
    EXIT_DONE,       /* done */
    EXIT_REFUSED,    /* refused, or a check failed */
    EXIT_USAGE,      /* the command line itself is wrong */
    EXIT_PARTLY,     /* some of it is done */
    EXIT_NO_DAEMON,  /* no daemon or no store */
    EXIT_NOT_ALLOWED /* the key may not do this */
};

/* `--name VALUE` (or `--name=VALUE`), and `-l VALUE` where there is a letter. */
struct option {
    const char *name;  /* without the dashes */
    char letter;       /* 0 for none */
    bool repeats;      /* may stand more than once */
    const char *value; /* what help calls the value: "FILE"; NULL for a flag */
    const char *en;
    const char *zh;
};

/* One option as it was given. */
struct given {
    const struct option *option;
    const char *value; /* NULL for a flag */
};

#define GIVEN_MAX 256
#define WORDS_MAX 64

struct arguments {
    const struct command *command;
    struct given given[GIVEN_MAX]; /* in the order given */
    uint32_t given_count;
    const char
        *words[WORDS_MAX]; /* what is no option; the first is the verb if there are verbs */
    uint32_t word_count;
};

struct command {
    const char *name;
    const char *en; /* the summary: one line, no full stop */
    const char *zh;
    const char *const *verbs;       /* `show`, `check`, ended by NULL; NULL when it has none */
    const char *const *usages;      /* lines without the program's name, ended by NULL */
    const struct message *examples; /* whole lines, shown before everything else */
    const struct message *notes;    /* shown after the options; may be NULL */
    const struct option *options;   /* one called `output` or `lang` replaces the common one */
    uint32_t option_count;
    uint32_t word_max;   /* beyond the verb */
    const char *program; /* the one beside this that does it, and has the rest; or NULL and */
    enum exit_code (*run)(const struct arguments *arguments);
};

/* Choose the command by argv and run it; the answer is the program's exit code. */
int command_main(const struct command *const *commands, uint32_t count, int argc, char **argv);

/* The last value given for an option, or NULL. */
const char *argument_value(const struct arguments *arguments, const char *name);
bool argument_given(const struct arguments *arguments, const char *name);
/* Each value in turn: begin with *at = 0; NULL after the last. */
const char *argument_next(const struct arguments *arguments, const char *name, uint32_t *at);

/* Refuse for a reason of the command line, and say where the right usage is told. */
enum exit_code command_misused(const struct arguments *arguments, const struct message *message,
                               const char *const *texts);

#endif
