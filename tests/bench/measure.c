#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

enum { FILE_BYTES = 8192, PATH_BYTES = 64, SECTOR_BYTES = 512 };

double now_s(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int64_t wall_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a;
    double other = *(const double *)b;

    return (one > other) - (one < other);
}

void sort_times(double *times_s, size_t count)
{
    qsort(times_s, count, sizeof(double), by_size);
}

double percentile_ms(const double *sorted_s, size_t count, size_t percent)
{
    return count == 0 ? 0 : sorted_s[count * percent / 100] * 1e3;
}

static void read_file(const char *path, char text[FILE_BYTES])
{
    FILE *file = fopen(path, "r");

    text[0] = '\0';
    if (file != NULL) {
        text[fread(text, 1, FILE_BYTES - 1, file)] = '\0';
        (void)fclose(file);
    }
}

static void read_about(const char *pid, const char *name, char text[FILE_BYTES])
{
    char path[PATH_BYTES];

    (void)snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
    read_file(path, text);
}

/* The number behind a word; 0 without the word. */
static uint64_t number_behind(const char *text, const char *word)
{
    const char *at = strstr(text, word);

    return at == NULL ? 0 : strtoull(at + strlen(word), NULL, 10);
}

/* The 14th and 15th field of stat; the second is a name that may hold anything but this. */
static double cpu_of(const char *stat)
{
    const char *at = strrchr(stat, ')');
    char *rest;

    for (int field = 2; at != NULL && field < 14; field++) {
        at = strchr(at + 1, ' ');
    }
    if (at == NULL) {
        return 0;
    }

    double ticks = strtod(at, &rest);

    return (ticks + strtod(rest, NULL)) / (double)sysconf(_SC_CLK_TCK);
}

struct usage usage_of(const char *pid)
{
    struct usage usage;
    char text[FILE_BYTES];

    read_about(pid, "stat", text);
    usage.cpu_s = cpu_of(text);
    read_about(pid, "status", text);
    usage.anonymous_bytes = number_behind(text, "\nRssAnon:") * 1024;
    return usage;
}

/* The seventh number of the device's statistics are sectors written. */
uint64_t disk_written_bytes(const char *folder)
{
    char path[PATH_BYTES];
    char text[FILE_BYTES];
    char *at = text;
    uint64_t number = 0;
    struct stat about;

    if (stat(folder, &about) != 0) {
        return 0;
    }
    (void)snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/stat", major(about.st_dev),
                   minor(about.st_dev));
    read_file(path, text);
    for (int field = 1; field <= 7; field++) {
        number = strtoull(at, &at, 10);
    }
    return number * SECTOR_BYTES;
}
