/*
 * A real client of the real daemon, over ipc, durable: the workload CASE-10. Prints one JSON
 * line; the scripts beside it put the machine's own limit beside that.
 *
 *   load_events [--pid DAEMON] [--data FOLDER] [--stored CASES] [--since MS]
 *               ENDPOINT WINDOW EVENTS PREFIX
 *
 * --pid, --data: also what the daemon took of processor, memory and disk meanwhile.
 * --stored: no case is opened; each event is evidence for one of the cases PREFIX-0 to
 * PREFIX-(CASES - 1), drawn at random. --since: only what was sent from that instant on counts
 * for the latencies. SIGTERM ends it before its time, with what was answered until then.
 */
#include "case10.h"
#include "duban.h"
#include "measure.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID_BYTES = 64, HOUR_MS = 3600000 };

struct run {
    struct duban *duban;
    const char *prefix;
    const char *pid;
    const char *data;
    uint32_t window;
    uint64_t events;
    uint64_t stored;  /* 0: cases are opened */
    int64_t since_ms; /* 0: all but the first tenth counts */
    int64_t began_ms;
    uint64_t random;
    double *sent_s;    /* owned: when each was sent */
    double *latency_s; /* owned */
    uint64_t first;    /* the first whose latency counts */
    uint64_t answered;
    uint64_t rejected;
};

static volatile sig_atomic_t ended;

static void end(int signal)
{
    (void)signal;
    ended = 1;
}

static uint64_t draw(struct run *run)
{
    run->random = run->random * 6364136223846793005U + 1442695040888963407U;
    return (run->random >> 33) % run->stored;
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
    int64_t now_ms = wall_ms();
    char case_id[ID_BYTES];
    char id[ID_BYTES];
    uint64_t ticket;

    if (run->stored > 0) {
        number = draw(run);
        step = CASE10_EVIDENCE;
    }

    struct duban_fact fact = {.name = case10[step].fact, .value = case10[step].value};
    struct duban_event event = {
        .id = id,
        .source = "bench",
        .agency = "bench",
        .case_id = case_id,
        .type = case10[step].type,
        .occurred_at_ms = now_ms - (case10[step].late ? HOUR_MS : 0),
        .person = case10[step].role,
        .role = case10[step].role,
        .procedure = step == 0 ? "case10" : NULL,
        .facts = &fact,
        .fact_count = fact.name == NULL ? 0 : 1,
    };

    (void)snprintf(case_id, sizeof(case_id), "%s-%" PRIu64, run->prefix, number);
    (void)snprintf(id, sizeof(id), "%s-%" PRId64 "-%" PRIu64, run->prefix, run->began_ms, n);
    if (now_ms < run->since_ms) {
        run->first = n + 1;
    }
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

static bool drive(struct run *run)
{
    uint64_t sent = 0;

    while (run->answered < (ended ? sent : run->events)) {
        struct duban_receipt *receipt;

        while (!ended && sent < run->events && sent - run->answered < run->window) {
            if (publish(run, sent) != DUBAN_OK) {
                break;
            }
            sent++;
        }
        if (duban_next(run->duban, 30000, &receipt) != DUBAN_OK) {
            (void)fprintf(stderr, "load_events: no receipt: %s\n", duban_error(0));
            return false;
        }
        note(run, receipt);
        duban_receipt_free(receipt);
        run->answered++;
    }
    return true;
}

/* What there is before and after. */
struct taken {
    double at_s;
    struct usage usage;
    uint64_t disk_bytes;
};

static struct taken look(const struct run *run)
{
    return (struct taken){.at_s = now_s(),
                          .usage = usage_of(run->pid),
                          .disk_bytes = disk_written_bytes(run->data)};
}

static void print(struct run *run, const struct taken *before)
{
    struct taken after = look(run);
    uint64_t first = run->since_ms == 0 ? run->answered / 10 : run->first;
    uint64_t count = run->answered > first ? run->answered - first : 0;
    double *latency_s = run->latency_s + first;
    double events = (double)run->answered;

    sort_times(latency_s, count);
    (void)printf(
        "{\"bench\":\"events\",\"window\":%u,\"events\":%" PRIu64
        ",\"events_per_s\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,"
        "\"cpu_s_per_1000\":%.4f,\"device_bytes_per_event\":%.0f,\"anonymous_mib\":%.1f,"
        "\"rejected\":%" PRIu64 "}\n",
        run->window, run->answered, events / (after.at_s - before->at_s),
        percentile_ms(latency_s, count, 50), percentile_ms(latency_s, count, 99),
        count == 0 ? 0 : latency_s[count - 1] * 1e3,
        (after.usage.cpu_s - before->usage.cpu_s) / events * 1000,
        (double)(after.disk_bytes - before->disk_bytes) / events,
        (double)after.usage.anonymous_bytes / (1 << 20), run->rejected);
}

static bool read_arguments(struct run *run, int argc, char **argv)
{
    static const struct option options[] = {
        {"pid", required_argument, NULL, 'p'},
        {"data", required_argument, NULL, 'd'},
        {"stored", required_argument, NULL, 's'},
        {"since", required_argument, NULL, 'f'},
        {NULL, 0, NULL, 0},
    };
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
        if (option == 'p') {
            run->pid = optarg;
        } else if (option == 'd') {
            run->data = optarg;
        } else if (option == 's') {
            run->stored = strtoull(optarg, NULL, 10);
        } else if (option == 'f') {
            run->since_ms = strtoll(optarg, NULL, 10);
        } else {
            return false;
        }
    }
    if (argc - optind != 4) {
        return false;
    }
    run->window = (uint32_t)strtoul(argv[optind + 1], NULL, 10);
    run->events = strtoull(argv[optind + 2], NULL, 10);
    run->prefix = argv[optind + 3];
    return run->window > 0 && run->events > 0;
}

int main(int argc, char **argv)
{
    struct run run = {.pid = "none", .data = "", .random = 1, .began_ms = wall_ms()};

    if (!read_arguments(&run, argc, argv)) {
        (void)fputs("load_events [--pid DAEMON] [--data FOLDER] [--stored CASES] [--since MS] "
                    "ENDPOINT WINDOW EVENTS PREFIX\n",
                    stderr);
        return 2;
    }

    struct duban_options options = {.window = run.window * 2, .resend_ms = 60000};

    run.sent_s = calloc(run.events, sizeof(double));
    run.latency_s = calloc(run.events, sizeof(double));
    if (run.sent_s == NULL || run.latency_s == NULL ||
        duban_open(&run.duban, argv[optind], &options) != DUBAN_OK) {
        (void)fputs("load_events: cannot connect\n", stderr);
        exit(1);
    }
    (void)signal(SIGTERM, end);

    struct taken before = look(&run);
    bool done = drive(&run);

    if (done) {
        print(&run, &before);
    }
    duban_close(run.duban);
    free(run.sent_s);
    free(run.latency_s);
    return done && run.rejected == 0 ? 0 : 1;
}
