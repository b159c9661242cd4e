#ifndef DUBAN_CLI_SIMULATE_H
#define DUBAN_CLI_SIMULATE_H

/* The parts of `duban simulate`: what a scenario needs of files, and what is printed. */
#include "cli/command.h"
#include "world/coverage.h"
#include "world/play.h"

/*
 * Read all that a scenario names into *script: its configuration (`config`, else --config, else
 * the one inside the program) with the procedure and its layers, and what its steps install.
 * False: something is missing, of which was complained or which is among the problems.
 */
bool simulate_gather(const struct source *file, const char *config_given,
                     const struct scenario *scenario, struct arena *arena,
                     struct problem_list *problems, struct play_script *script);

/* What is printed of scenarios as they are played. */
struct simulate_print {
    const struct source *file;
    const struct scenario *scenario;
    const struct scenario_step *step;
    bool trace;
    struct coverage *coverage; /* NULL: not asked for */
};

/* The watcher that prints. */
struct play_watch simulate_watch(struct simulate_print *print);
void simulate_print_result(const struct simulate_print *print,
                           const struct play_result *result);
/* The line at the end, of several files. */
void simulate_print_sum(uint32_t held, uint32_t failed);
/* How the user calls a file of the script, `context`; see coverage_world. */
struct text simulate_shown_file(const void *context, struct text installed,
                                struct arena *arena);
void simulate_print_coverage(const struct coverage *coverage);

#endif
