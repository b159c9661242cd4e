/*
 * io.c for a program that knows nothing of it, by LD_PRELOAD: DUBAN_IO_FOLDER is watched,
 * DUBAN_IO_AT is the act that fails, DUBAN_IO_FAULT how (see enum io_fault), DUBAN_IO_STICKS
 * whether all after it do. How many acts there were is written to DUBAN_IO_COUNT at the end.
 */
#include "crash/disk/io.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t number_of(const char *name)
{
    const char *text = getenv(name);

    return text == NULL ? 0 : strtoull(text, NULL, 10);
}

__attribute__((constructor)) static void begin(void)
{
    const char *folder = getenv("DUBAN_IO_FOLDER");

    if (folder != NULL) {
        io_watch(folder);
        io_fail(number_of("DUBAN_IO_AT"), (enum io_fault)number_of("DUBAN_IO_FAULT"),
                number_of("DUBAN_IO_STICKS") != 0);
    }
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("DUBAN_IO_COUNT");
    FILE *file = path == NULL ? NULL : fopen(path, "w");

    if (file != NULL) {
        (void)fprintf(file, "%" PRIu64 "\n", io_count());
        (void)fclose(file);
    }
}
