#ifndef DUBAN_BENCH_MEASURE_H
#define DUBAN_BENCH_MEASURE_H

/* What benches measure with. */
#include <stddef.h>
#include <stdint.h>

double now_s(void);    /* steady */
int64_t wall_ms(void); /* since 1970 */

/* Sort, and the value below which so many of a hundred lie; 0 of none. */
void sort_times(double *times_s, size_t count);
double percentile_ms(const double *sorted_s, size_t count, size_t percent);

/* What a process took so far, as Linux counts it; zeros where there is none. */
struct usage {
    double cpu_s;             /* user and system, all threads */
    uint64_t anonymous_bytes; /* memory of its own, resident */
};

/* pid: a number, or "self". */
struct usage usage_of(const char *pid);

/*
 * What the disk below a folder has taken so far, from whomever: true of one process on a machine
 * at rest only. (What Linux charges to a process, in its io, are whole folios, of which a flush
 * writes the changed blocks alone.) 0 where nobody knows.
 */
uint64_t disk_written_bytes(const char *folder);

#endif
