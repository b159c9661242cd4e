#ifndef DUBAN_CODEC_EMBEDDED_H
#define DUBAN_CODEC_EMBEDDED_H

/*
 * Files of config/ that every program carries, so that it works with nothing set up. Which ones
 * says daemon/CMakeLists.txt; cmake/Embed.cmake makes the table from them.
 */
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct embedded_file {
    struct text name;  /* its path below config/: "calendars/cn.csv" */
    struct text bytes; /* ended by a NUL that is not counted */
};

extern const struct embedded_file embedded_files[]; /* ordered by name */
extern const uint32_t embedded_file_count;

/* The bytes of the file of this name; false when there is none. */
bool embedded_find(struct text name, struct text *bytes);

#endif
