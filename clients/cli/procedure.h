#ifndef DUBAN_CLI_PROCEDURE_H
#define DUBAN_CLI_PROCEDURE_H

/* The verbs of `duban procedure`, and what they share. */
#include "cli/command.h"
#include "cli/config.h"
#include "cli/out.h"
#include "cli/outline.h"
#include "codec/procedure_yaml.h"

/* A file that was read as a procedure, merged with its layers. */
struct loaded {
    const struct procedure *procedure; /* NULL: there were errors */
    const struct source *source;
    struct config config;
    struct library library; /* of which registers and words are NULL without a folder */
    struct problem_list problems;
};

/* What the procedures of a folder may refer to; `alone`: a file that stands in none, whose
 * registers and notices nobody knows. False: the arena is spent. */
bool procedure_library(const struct config *config, bool alone, struct arena *arena,
                       struct problem_list *problems, struct library *library);

/* Read and load; the problems are in *loaded. False: a file could not be read, of which was
 * complained. */
bool procedure_load_file(const struct arguments *arguments, const char *path,
                         struct arena *arena, struct loaded *loaded);
/* The same, and errors are printed to stderr. False also where there were some. */
bool procedure_load_or_complain(const struct arguments *arguments, const char *path,
                                struct arena *arena, struct loaded *loaded);

enum exit_code procedure_check(const struct arguments *arguments, struct arena *arena);
enum exit_code procedure_show(const struct arguments *arguments, struct arena *arena);
enum exit_code procedure_graph(const struct arguments *arguments, struct arena *arena);
enum exit_code procedure_page(const struct arguments *arguments, struct arena *arena);
enum exit_code procedure_diff(const struct arguments *arguments, struct arena *arena);
enum exit_code procedure_schema(const struct arguments *arguments, struct arena *arena);
enum exit_code procedure_migrate(const struct arguments *arguments, struct arena *arena);
enum exit_code procedure_list(const struct arguments *arguments, struct arena *arena);

/* Put beside each row the very line of the file or layer it came from, where there is one. */
void procedure_mark_origins(const struct loaded *loaded, struct arena *arena,
                            struct outline *outline);

/* A row's value as JSON has it; of a group an empty object. */
json_t *procedure_value_json(const struct outline_row *row);

extern const struct message procedure_one_file;

#endif
