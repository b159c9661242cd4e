/*
 * How long a small question takes from the shell's call to the last word: milliseconds of the wall
 * and of the processor, of `duban` as it lies beside this program. One JSON line a question.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TIMES = 41, ARGUMENTS_MAX = 8, PATH_BYTES = 4096 };

static const struct question {
    const char *name;
    const char *arguments[ARGUMENTS_MAX];
} questions[] = {
    {"date", {"duban", "date", "--from", "2026-02-13T10:00", "--length", "5wd"}},
    {"procedure_check", {"duban", "procedure", "check", "config/procedures/minor.yaml"}},
    {"simulate", {"duban", "simulate", "tests/scenarios/minor_corrected.yaml"}},
};

static void stop(const char *why)
{
    (void)fprintf(stderr, "bench_core_start: %s\n", why);
    exit(1);
}

static double now_ms(void)
{
    struct timespec at;

    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

/* Of all children so far. */
static double processor_ms(void)
{
    struct rusage used;

    (void)getrusage(RUSAGE_CHILDREN, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

static void find_duban(const char *self, char *path)
{
    const char *slash = strrchr(self, '/');
    int folder = slash == NULL ? 0 : (int)(slash - self) + 1;

    (void)snprintf(path, PATH_BYTES, "%.*sduban", folder, self);
}

/* Its words go nowhere. */
static void ask(const char *path, const struct question *question)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        char *arguments[ARGUMENTS_MAX + 1] = {NULL};

        for (int i = 0; i < ARGUMENTS_MAX && question->arguments[i] != NULL; i++) {
            arguments[i] = strdup(question->arguments[i]);
        }
        if (freopen("/dev/null", "w", stdout) == NULL) {
            _exit(1);
        }
        (void)execv(path, arguments);
        _exit(1);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0) {
        stop("a question was not answered; run it in the project's folder");
    }
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a;
    double other = *(const double *)b;

    return (one > other) - (one < other);
}

int main(int argc, char **argv)
{
    char path[PATH_BYTES];

    find_duban(argc > 0 ? argv[0] : "", path);
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
        double wall[TIMES];
        double processor[TIMES];

        for (int round = 0; round < TIMES; round++) {
            double used = processor_ms();
            double began = now_ms();

            ask(path, &questions[i]);
            wall[round] = now_ms() - began;
            processor[round] = processor_ms() - used;
        }
        qsort(wall, TIMES, sizeof(double), by_size);
        qsort(processor, TIMES, sizeof(double), by_size);
        printf("{\"bench\":\"start\",\"name\":\"%s\",\"median_ms\":%.1f,\"best_ms\":%.1f,"
               "\"cpu_ms\":%.1f,\"limit_ms\":20}\n",
               questions[i].name, wall[TIMES / 2], wall[0], processor[TIMES / 2]);
        (void)fflush(stdout); /* or each child would say it again */
    }
    return 0;
}
