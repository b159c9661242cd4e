/*
 * What checking a procedure costs, loading and proving it, and that nothing is lost over a hundred
 * thousand checks: the process may not grow. One JSON line a figure.
 */
#include "codec/procedure_yaml.h"
#include "core/prove.h"

#include <malloc.h>
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

static bool check(const struct source *source)
{
    struct library library = {.procedures = NULL};
    struct arena arena;
    struct prove_options options = {.strict = false};
    struct problem_list problems;
    const struct procedure *procedure;

    arena_init_growing(&arena, PROCEDURE_BYTES_MAX);
    problem_list_init(&problems, &arena);
    procedure = procedure_load(source, &library, &arena, &problems);
    if (procedure != NULL) {
        procedure_prove(procedure, &options, &arena, &problems);
    }
    arena_fini(&arena);
    return procedure != NULL && problems.error_count == 0;
}

int main(void)
{
    static char bytes[BYTES_MAX];
    FILE *file = fopen("config/procedures/minor.yaml", "rb");
    struct source source = {.name = TEXT("minor.yaml"), .bytes = {bytes, 0}};
    struct timespec before;
    struct timespec after;
    size_t heap = 0;
    long kib = 0;

    if (file == NULL) {
        fprintf(stderr, "run me in the project's folder\n");
        return 1;
    }
    source.bytes.size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    for (uint32_t i = 0; i < TIMES; i++) {
        if (!check(&source)) {
            fprintf(stderr, "minor.yaml does not pass\n");
            return 1;
        }
        if (i == WARM) {
            kib = resident_kib();
            heap = mallinfo2().uordblks;
        }
    }
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);

    double us = ((double)(after.tv_sec - before.tv_sec) * 1e9 +
                 (double)(after.tv_nsec - before.tv_nsec)) /
                1e3 / TIMES;

    printf("{\"bench\":\"procedure_check\",\"us\":%.1f,\"checks\":%d,\"leaked_bytes\":%zu,"
           "\"limit_bytes\":0,\"grown_kib\":%ld}\n",
           us, TIMES, mallinfo2().uordblks - heap, resident_kib() - kib);
    return 0;
}
