/*
 * The real daemon and a real client, over ipc, durable: the workload CASE-10. Prints JSON lines;
 * `./dev bench events` puts the machine's own limit beside them.
 *
 *   load_events ENDPOINT AGENCY WINDOW EVENTS PREFIX [DAEMON-PID]
 */
#include "case10.h"
#include "duban.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ID_BYTES = 48 };

struct run {
    struct duban *duban;
    const char *agency;
    const char *prefix;
    uint32_t window;
    uint64_t events;
    double *sent_s;    /* owned: when each was sent */
    double *latency_s; /* owned */
    uint64_t rejected;
};

static double now_s(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int64_t wall_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * The n-th event. As many cases are open at once as the window holds, each a step further in turn,
 * so that events of one case never overtake one another.
 */
static enum duban_result publish(struct run *run, uint64_t n)
{
    uint64_t round = (uint64_t)run->window * CASE10_STEPS;
    uint64_t number = n / round * run->window + n % run->window;
    size_t step = (size_t)(n % round / run->window);
    char case_id[ID_BYTES];
    char id[ID_BYTES];
    uint64_t ticket;
    struct duban_fact fact = {.name = case10[step].fact, .value = case10[step].value};
    struct duban_event event = {
        .id = id,
        .source = "bench",
        .agency = run->agency,
        .case_id = case_id,
        .type = case10[step].type,
        .occurred_at_ms = wall_ms() - (case10[step].late ? 3600000 : 0),
        .person = case10[step].role,
        .role = case10[step].role,
        .procedure = step == 0 ? "case10" : NULL,
        .facts = &fact,
        .fact_count = fact.name == NULL ? 0 : 1,
    };

    (void)snprintf(case_id, sizeof(case_id), "%s-%" PRIu64, run->prefix, number);
    (void)snprintf(id, sizeof(id), "%s-%" PRIu64 "-%zu", run->prefix, number, step);
    run->sent_s[n] = now_s();
    return duban_publish(run->duban, &event, &ticket);
}

static void note(struct run *run, const struct duban_receipt *receipt)
{
    uint64_t n = receipt->ticket - 1;

    run->latency_s[n] = now_s() - run->sent_s[n];
    if (receipt->verdict != DUBAN_APPLIED) {
        if (run->rejected == 0) {
            (void)fprintf(stderr, "load_events: %s: %s\n", receipt->id,
                          receipt->reason_count > 0 ? receipt->reasons[0].en : "not applied");
        }
        run->rejected++;
    }
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a;
    double other = *(const double *)b;

    return (one > other) - (one < other);
}

/* CPU seconds of a process so far, user and system; 0 where there is none. */
static double cpu_s(const char *pid)
{
    char path[64];
    char line[1024];
    double ticks = 0;

    (void)snprintf(path, sizeof(path), "/proc/%s/stat", pid);

    FILE *file = fopen(path, "r");

    if (file == NULL) {
        return 0;
    }
    if (fgets(line, sizeof(line), file) != NULL) {
        char *at = strrchr(line, ')');

        for (int field = 0; at != NULL && field < 12; field++) {
            at = strchr(at + 1, ' ');
        }
        if (at != NULL) {
            char *rest;

            ticks = strtod(at, &rest);
            ticks += strtod(rest, NULL);
        }
    }
    (void)fclose(file);
    return ticks / (double)sysconf(_SC_CLK_TCK);
}

static bool drive(struct run *run)
{
    uint64_t sent = 0;
    uint64_t answered = 0;

    while (answered < run->events) {
        struct duban_receipt *receipt;

        while (sent < run->events && sent - answered < run->window) {
            if (publish(run, sent) != DUBAN_OK) {
                break;
            }
            sent++;
        }
        if (duban_next(run->duban, 10000, &receipt) != DUBAN_OK) {
            (void)fprintf(stderr, "load_events: no receipt: %s\n", duban_error(0));
            return false;
        }
        note(run, receipt);
        duban_receipt_free(receipt);
        answered++;
    }
    return true;
}

static void print(struct run *run, double took_s, double cpu)
{
    uint64_t skip = run->events / 10;
    uint64_t count = run->events - skip;
    double *latency = run->latency_s + skip;

    qsort(latency, count, sizeof(double), by_size);
    (void)printf("{\"bench\":\"events\",\"window\":%u,\"events\":%" PRIu64
                 ",\"events_per_s\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,"
                 "\"cpu_s_per_1000\":%.4f,\"rejected\":%" PRIu64 "}\n",
                 run->window, run->events, (double)run->events / took_s,
                 latency[count / 2] * 1e3, latency[count * 99 / 100] * 1e3,
                 latency[count - 1] * 1e3, cpu / (double)run->events * 1000, run->rejected);
}

int main(int argc, char **argv)
{
    struct run run = {0};

    if (argc < 6) {
        (void)fputs("load_events ENDPOINT AGENCY WINDOW EVENTS PREFIX [DAEMON-PID]\n", stderr);
        return 2;
    }
    run.agency = argv[2];
    run.window = (uint32_t)strtoul(argv[3], NULL, 10);
    run.events = strtoull(argv[4], NULL, 10);
    run.prefix = argv[5];

    struct duban_options options = {.window = run.window * 2, .resend_ms = 60000};

    run.sent_s = calloc(run.events, sizeof(double));
    run.latency_s = calloc(run.events, sizeof(double));
    if (run.sent_s == NULL || run.latency_s == NULL ||
        duban_open(&run.duban, argv[1], &options) != DUBAN_OK) {
        (void)fputs("load_events: cannot connect\n", stderr);
        return 1;
    }

    const char *pid = argc > 6 ? argv[6] : "none";
    double cpu = cpu_s(pid);
    double began_s = now_s();
    bool done = drive(&run);

    if (done) {
        print(&run, now_s() - began_s, cpu_s(pid) - cpu);
    }
    duban_close(run.duban);
    free(run.sent_s);
    free(run.latency_s);
    return done && run.rejected == 0 ? 0 : 1;
}
