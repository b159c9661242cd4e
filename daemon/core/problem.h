#ifndef DUBAN_CORE_PROBLEM_H
#define DUBAN_CORE_PROBLEM_H

/*
 * What is wrong with a text somebody wrote, told as data: which message, where, about what. The
 * words in both languages stand beside the module that finds the problem; whoever shows it
 * picks the language and puts the arguments in.
 */
#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* Words of the program in both languages; {0} to {4} stand for the arguments. */
struct message {
    const char *code; /* stable, lower_case */
    const char *en;
    const char *zh;
};

/* A file that was read, kept whole so that its lines can be shown. */
struct source {
    struct text name; /* as the user gave it */
    struct text bytes;
};

struct mark {
    const struct source *source; /* NULL: no file, the program's own default */
    uint32_t line;               /* from 1 */
    uint32_t column;             /* from 1, counted in characters */
};

enum severity {
    PROBLEM_ERROR,
    PROBLEM_WARNING, /* told, and an error only with --strict where the message says so */
    PROBLEM_NOTE /* what a reader should know: a dropped need, a gap that was not looked at */
};

#define PROBLEM_ARGUMENTS 5

struct problem {
    const struct message *message;
    enum severity severity;
    struct mark mark;
    struct text arguments[PROBLEM_ARGUMENTS];
    struct problem *next;
};

/* Problems in the order found, in an arena. Past PROBLEMS_MAX they are only counted. */
struct problem_list {
    struct arena *arena; /* borrowed; arguments that are not static are copied here */
    struct problem *first;
    struct problem *last;
    uint32_t count; /* kept and not kept */
    uint32_t error_count;
};

#define PROBLEMS_MAX 200

void problem_list_init(struct problem_list *list, struct arena *arena);
void problem_add(struct problem_list *list, enum severity severity,
                 const struct message *message, struct mark mark, const struct text *arguments,
                 uint32_t argument_count);
/* An error about one thing. */
void problem_error(struct problem_list *list, const struct message *message, struct mark mark,
                   struct text argument);

/* Fill `words` ({0}…) into out; the answer is the size, cut at `size`. Written with a NUL. */
/* Between names of which one argument lists several. */
#define MESSAGE_LIST '\n'
size_t message_print(const char *words, const struct text *arguments, char *out, size_t size);

/* The candidate nearest to a misspelt word (a small number of edits), or the empty text. */
struct text nearest_word(struct text word, const struct text *candidates, uint32_t count);

#endif
