#ifndef DUBAN_CODEC_INSTALLED_YAML_H
#define DUBAN_CODEC_INSTALLED_YAML_H

/*
 * What is installed besides procedures, from bytes: agencies.yaml, channels.yaml, people.yaml,
 * and registers from CSV typed by their head (`code,level,max_fine:money,from:date,to:date`).
 */
#include "core/installed.h"
#include "core/problem.h"

struct installed_files {
    const struct source *agencies;         /* NULL: none */
    const struct source *people;           /* NULL: none */
    const struct source *channels;         /* NULL: none */
    const struct source *deputies;         /* that operators named; NULL: none */
    const struct source *const *registers; /* each is called as its file: violations.csv */
    uint32_t register_count;
    const struct calendar *const *calendars; /* those that agencies may name */
    uint32_t calendar_count;
};

/*
 * Load into a growing arena. NULL when there was an error, which is told, or the arena is
 * spent. Sources and calendars are borrowed for its life.
 */
const struct installed *installed_load(const struct installed_files *files, struct arena *arena,
                                       struct problem_list *problems);

/* One register. Its name is the file's: "config/registers/violations.csv" is "violations". */
bool registry_load(const struct source *source, struct arena *arena,
                   struct problem_list *problems, struct registry *registry);

#endif
