#ifndef DUBAN_KIT_SETTINGS_H
#define DUBAN_KIT_SETTINGS_H

/* The inside of what program.h shows: the values that were given, by a file and by flags. What
 * is wrong is told on stderr with its place, all of it, before anything is begun. */
#include "program.h"

#include <stddef.h>

struct worker_value {
    struct worker_value *next;
    const struct worker_setting *setting;
    char *key;  /* owned: of a map; else empty */
    char *text; /* owned: of a secret what its file holds, once it is read */
    unsigned line;
    unsigned column; /* 0: it was a flag */
};

struct worker_settings {
    const char *file;                    /* borrowed; NULL: none was read */
    const struct worker_setting *common; /* what every worker has … */
    const struct worker_setting *own;    /* … and this one; NULL: nothing */
    struct worker_value *first;          /* owned, in the order they were given */
    struct worker_value **end;
    bool wrong;    /* something was, and told */
    bool checking; /* --check: look, and begin nothing */
};

void settings_open(struct worker_settings *settings, const struct worker_setting *common,
                   const struct worker_setting *own);
void settings_close(struct worker_settings *settings);

/* A flag: it wins over the file, so all flags are given first. */
void settings_flag(struct worker_settings *settings, const char *name, const char *text);
/* settings_file.c: read a file of them. */
void settings_file(struct worker_settings *settings, const char *file);
/* Whether all is right: kinds and bounds, nothing missing, the secrets read. */
bool settings_check(struct worker_settings *settings);

const struct worker_setting *settings_find(const struct worker_settings *settings,
                                           const char *name);
/* Keep a value of the file; one that a flag has given already is passed over. */
void settings_add(struct worker_settings *settings, const struct worker_setting *setting,
                  const char *key, const char *text, unsigned line, unsigned column);
/* Tell what is wrong at a place of the file, or of a flag (line 0). */
void settings_complain(struct worker_settings *settings, unsigned line, unsigned column,
                       const char *format, ...) __attribute__((format(printf, 4, 5)));

/* secret.c: what the file or the credential of that name holds, to be freed; NULL, and *why. */
char *secret_read(const char *name, const char **why);

#endif
