#ifndef DUBAN_CLI_FILES_H
#define DUBAN_CLI_FILES_H

/* Files that a command reads whole: what the user names, checked and kept for messages. */
#include "core/problem.h"

#include <stdbool.h>

#define FILE_BYTES_MAX ((size_t)64 * 1024 * 1024)

/*
 * Read a file ("-" is stdin) into the arena. False when it cannot be; why was complained of.
 */
bool file_read(const char *path, struct arena *arena, struct source *source);

#endif
