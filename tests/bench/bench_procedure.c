/*
 * What loading a procedure costs, and that nothing is lost over a hundred thousand of them: the
 * process may not grow. One JSON line a figure.
 */
#include "codec/procedure_yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TIMES = 100000, WARM = 1000, BYTES_MAX = 1 << 20 };

static long resident_kib(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    char line[128] = "";
    char *rest = line;

    if (file != NULL) {
        if (fgets(line, sizeof(line), file) == NULL) {
            line[0] = '\0';
        }
        (void)fclose(file);
    }
    (void)strtol(line, &rest, 10); /* the whole; then what is resident, in pages */
    return strtol(rest, NULL, 10) * 4;
}

static bool load(const struct source *source)
{
    struct library library = {.procedures = NULL};
    struct arena arena;
    struct problem_list problems;
    bool good;

    arena_init_growing(&arena, PROCEDURE_BYTES_MAX);
    problem_list_init(&problems, &arena);
    good = procedure_load(source, &library, &arena, &problems) != NULL;
    arena_fini(&arena);
    return good;
}

int main(void)
{
    static char bytes[BYTES_MAX];
    FILE *file = fopen("config/procedures/minor.yaml", "rb");
    struct source source = {.name = TEXT("minor.yaml"), .bytes = {bytes, 0}};
    struct timespec before;
    struct timespec after;
    long kib = 0;

    if (file == NULL) {
        fprintf(stderr, "run me in the project's folder\n");
        return 1;
    }
    source.bytes.size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    (void)clock_gettime(CLOCK_MONOTONIC, &before);
    for (uint32_t i = 0; i < TIMES; i++) {
        if (!load(&source)) {
            fprintf(stderr, "minor.yaml does not load\n");
            return 1;
        }
        if (i == WARM) {
            kib = resident_kib();
        }
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &after);

    double us = ((double)(after.tv_sec - before.tv_sec) * 1e9 +
                 (double)(after.tv_nsec - before.tv_nsec)) /
                1e3 / TIMES;

    printf("{\"name\": \"procedure_load\", \"us\": %.1f, \"loads\": %d, \"grown_kib\": %ld}\n",
           us, TIMES, resident_kib() - kib);
    return 0;
}
