#ifndef DUBAN_CLI_CONFIG_H
#define DUBAN_CLI_CONFIG_H

/*
 * A configuration folder as the daemon installs it: procedures/, calendars/, registers/,
 * notices/, agencies.yaml, channels.yaml, people.yaml. Where none is given there is the one
 * inside the program.
 */
#include "codec/procedure_yaml.h"

#include <stdbool.h>

struct config_file {
    struct text path; /* below the folder: "calendars/cn.csv" */
    const struct source *source;
};

struct config {
    const char *folder;              /* NULL: the one inside the program */
    const struct config_file *files; /* in the order of their paths */
    uint32_t file_count;
    const struct source **procedures; /* those of procedures/ */
    uint32_t procedure_count;
    const struct source **notices; /* those of notices/ */
    uint32_t notice_count;
};

/* Read a folder, or (NULL) take the one inside the program. False: something could not be read,
 * of which was complained; or the arena is spent. */
bool config_read(const char *folder, struct arena *arena, struct config *config);

/*
 * The folder that a procedure's file stands in (config/procedures/x.yaml: config), written into
 * the arena; NULL where it stands in none.
 */
const char *config_folder_of(const char *file, struct arena *arena);

/* Of a file that stands in no such folder: what lies beside it may be its layers too. */
bool config_add_beside(struct config *config, const char *file, struct arena *arena);

/* One file of it, or NULL. */
const struct source *config_find(const struct config *config, struct text path);

#endif
