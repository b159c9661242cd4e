#ifndef DUBAN_CLI_WORDS_H
#define DUBAN_CLI_WORDS_H

/*
 * What the command says, in the language of whoever reads: --lang, then DUBAN_LANG, then
 * LC_ALL, LC_MESSAGES, LANG; English if none of them begins with zh. The words stand in the
 * program, so that nobody needs a locale to be generated; every text is a `struct message`
 * beside its user.
 */
#include "core/problem.h"

#include <stdbool.h>
#include <stdio.h>

enum words_language { LANGUAGE_EN, LANGUAGE_ZH };

/* Ask the environment, and make the terminal's characters UTF-8 also where the locale is C. */
void words_begin(void);
/* "zh", "en", or a locale that begins so; false for any other. */
bool words_choose(const char *language);
enum words_language words_language(void);
/* The words in the language chosen. */
const char *words_in(const struct message *message);
const char *words_pick(const char *en, const char *zh);

/*
 * The message with its arguments ({0}…, C strings, as many as it names; control characters
 * become `?`, so that no input can forge a line) and a line's end.
 */
void words_print(FILE *stream, const struct message *message, const char *const *arguments);
/* The same to stderr, after the program's name. */
void complain(const struct message *message, const char *const *arguments);
/* What must not be overlooked although all went well: to stderr. */
void words_note(const struct message *message, const char *const *arguments);
/* A complaint with one argument. */
void complain_of(const struct message *message, const char *argument);

/* Whether this stream takes colour: a terminal, and NO_COLOR is not set. */
bool words_in_colour(FILE *stream);

/* Problems of a file, each with its place and the line that is meant, to a stream. */
void words_print_problems(FILE *stream, const struct problem_list *problems);

#endif
