#ifndef DUBAN_CLI_CALENDARS_H
#define DUBAN_CLI_CALENDARS_H

/*
 * The calendar that a command reckons with: the one the user names, or the one inside the
 * program. A calendar that extends another finds it as NAME.csv beside its own file, or inside.
 */
#include "core/calendar.h"
#include "core/problem.h"

#define CALENDAR_SHIPPED "cn"

/*
 * Load a calendar into the arena; NULL names the shipped one. Problems are added to the list,
 * of files that cannot be read is complained. NULL when there is none then.
 */
const struct calendar *calendar_load(const char *path, struct arena *arena,
                                     struct problem_list *problems);

/* The same, and problems are printed to stderr. */
const struct calendar *calendar_load_or_complain(const char *path, struct arena *arena);

#endif
