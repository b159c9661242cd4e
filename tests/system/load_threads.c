/*
 * Many threads on one handle of libduban: some send and wait, some publish and leave the receipts
 * to others who take them. Each case of the workload CASE-10 lives its ten events in order, while
 * whoever started this may kill the daemon. At the end every event was answered once, and all were
 * applied: one that came out of order would have been refused.
 *
 * A handle of its own follows the journal meanwhile: every record once and in order.
 *
 *   load_threads ipc://RUN-FOLDER AGENCY CASES-PER-THREAD
 */
#include "duban.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STEPS = 10, SENDERS = 4, PUBLISHERS = 3, TAKERS = 2, ID_BYTES = 48, WAIT_MS = 60000 };

static const struct {
    const char *type;
    const char *role;
    struct duban_fact fact;
} steps[STEPS] = {
    {"case.opened", "officer", {"remark", "一份材料"}},
    {"case.filed", "officer", {NULL, NULL}},
    {"evidence.taken", "officer", {"minor", "true"}},
    {"notice.given", "officer", {NULL, NULL}},
    {"statement.heard", "officer", {"remark", "当事人陈述"}},
    {"review.asked", "officer", {NULL, NULL}},
    {"review.passed", "leader", {NULL, NULL}},
    {"hearing.offered", "officer", {NULL, NULL}},
    {"decision.made", "leader", {"fine", "2000.00"}},
    {"service.done", "officer", {NULL, NULL}},
};

static struct duban *duban;
static const char *agency;
static long cases;
static int64_t began_ms;
static atomic_long applied;
static atomic_long wrong;
static atomic_long published;
static atomic_long taken;
static atomic_long followed;
static atomic_bool all_published;

static void judge(const struct duban_receipt *receipt)
{
    if (receipt->first == DUBAN_APPLIED) {
        atomic_fetch_add(&applied, 1);
        return;
    }
    (void)fprintf(stderr, "load_threads: %s: %s\n", receipt->id,
                  receipt->reason_count > 0 ? receipt->reasons[0].en : "not applied");
    atomic_fetch_add(&wrong, 1);
}

static struct duban_event event_of(const char *kind, long thread, long number, int step,
                                   char texts[2][ID_BYTES])
{
    (void)snprintf(texts[0], ID_BYTES, "%s-%ld-%ld", kind, thread, number);
    (void)snprintf(texts[1], ID_BYTES, "%s-%ld-%ld-%d", kind, thread, number, step);
    return (struct duban_event){
        .id = texts[1],
        .source = "threads",
        .agency = agency,
        .case_id = texts[0],
        .type = steps[step].type,
        .occurred_at_ms = began_ms + step,
        .person = steps[step].role,
        .role = steps[step].role,
        .procedure = step == 0 ? "case10" : NULL,
        .facts = &steps[step].fact,
        .fact_count = steps[step].fact.name == NULL ? 0 : 1,
    };
}

static void *send_all(void *number)
{
    char texts[2][ID_BYTES];

    for (long i = 0; i < cases; i++) {
        for (int step = 0; step < STEPS; step++) {
            struct duban_event event = event_of("s", *(const long *)number, i, step, texts);
            struct duban_receipt *receipt;

            if (duban_send(duban, &event, WAIT_MS, &receipt) != DUBAN_OK ||
                strcmp(receipt->id, event.id) != 0) {
                (void)fprintf(stderr, "load_threads: %s: %s\n", event.id, duban_error(0));
                atomic_fetch_add(&wrong, 1);
                return NULL;
            }
            judge(receipt);
            duban_receipt_free(receipt);
        }
    }
    return NULL;
}

/* All ten at once: that they are not overtaken is the library's to see to. */
static void *publish_all(void *number)
{
    char texts[2][ID_BYTES];

    for (long i = 0; i < cases; i++) {
        for (int step = 0; step < STEPS; step++) {
            struct duban_event event = event_of("p", *(const long *)number, i, step, texts);
            uint64_t ticket;

            while (duban_publish(duban, &event, &ticket) == DUBAN_FULL) {
                (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
            }
            atomic_fetch_add(&published, 1);
        }
    }
    return NULL;
}

static void *take_all(void *number)
{
    int64_t quiet = 0;

    (void)number;
    while (quiet < WAIT_MS / 100 &&
           !(atomic_load(&all_published) && atomic_load(&taken) == atomic_load(&published))) {
        struct duban_receipt *receipt;

        if (duban_next(duban, 100, &receipt) == DUBAN_OK) {
            atomic_fetch_add(&taken, 1);
            judge(receipt);
            duban_receipt_free(receipt);
            quiet = 0;
        } else {
            quiet++;
        }
    }
    return NULL;
}

/* Every record of the journal, and how many of them are events that were applied. */
static void *follow_all(void *endpoint)
{
    static const struct duban_wish wish = {.from_seq = 1, .credit = 64};
    long wanted = cases * STEPS * (SENDERS + PUBLISHERS);
    struct duban *follower;
    uint64_t seq = 0;

    if (duban_open(&follower, endpoint, NULL) != DUBAN_OK ||
        duban_follow(follower, &wish) != DUBAN_OK) {
        return NULL;
    }
    while (atomic_load(&followed) < wanted) {
        struct duban_record *record;

        if (duban_next_record(follower, WAIT_MS, &record) != DUBAN_OK) {
            (void)fprintf(stderr, "load_threads: behind record %" PRIu64 ": %s\n", seq,
                          duban_error(0));
            break;
        }
        if (record->seq != ++seq) {
            (void)fprintf(stderr, "load_threads: record %" PRIu64 " came as %" PRIu64 "\n",
                          record->seq, seq);
            duban_record_free(record);
            break;
        }
        if (strstr(record->json, "\"kind\":\"event\"") != NULL &&
            strstr(record->json, "\"verdict\":\"applied\"") != NULL) {
            atomic_fetch_add(&followed, 1);
        }
        duban_record_free(record);
    }
    duban_close(follower);
    return NULL;
}

/* Receipts that came while another was waited for are still to be taken, and counted as such. The
 * events are refused: there is no such case. */
static bool receipts_wait_to_be_taken(void)
{
    struct duban_receipt *receipt;
    char texts[3][2][ID_BYTES];
    uint64_t ticket;
    size_t left;

    for (int i = 1; i < 3; i++) {
        struct duban_event event = event_of("none", 0, i, 1, texts[i]);

        if (duban_publish(duban, &event, &ticket) != DUBAN_OK) {
            return false;
        }
    }

    struct duban_event last = event_of("none", 0, 3, 1, texts[0]);

    if (duban_send(duban, &last, WAIT_MS, &receipt) != DUBAN_OK) {
        return false;
    }
    duban_receipt_free(receipt);
    left = duban_unanswered(duban);
    while (duban_unanswered(duban) > 0 && duban_next(duban, WAIT_MS, &receipt) == DUBAN_OK) {
        duban_receipt_free(receipt);
    }
    return left == 2 && duban_unanswered(duban) == 0;
}

int main(int argc, char **argv)
{
    pthread_t threads[SENDERS + PUBLISHERS + TAKERS];
    long numbers[SENDERS + PUBLISHERS + TAKERS];
    struct duban_options options = {.window = 256, .resend_ms = 2000};
    int count = 0;

    pthread_t follower;
    char events[256];
    char control[256];

    (void)snprintf(events, sizeof(events), "%s/events.sock", argc > 1 ? argv[1] : "");
    (void)snprintf(control, sizeof(control), "%s/control.sock", argc > 1 ? argv[1] : "");
    if (argc != 4 || duban_open(&duban, events, &options) != DUBAN_OK) {
        (void)fputs("load_threads ipc://RUN-FOLDER AGENCY CASES-PER-THREAD\n", stderr);
        return 2;
    }
    agency = argv[2];
    cases = strtol(argv[3], NULL, 10);
    began_ms = (int64_t)time(NULL) * 1000 - 1000;
    if (!receipts_wait_to_be_taken()) {
        (void)fputs("load_threads: receipts that wait are not counted\n", stderr);
        return 1;
    }
    (void)pthread_create(&follower, NULL, follow_all, control);
    for (; count < SENDERS + PUBLISHERS + TAKERS; count++) {
        numbers[count] = count;
        (void)pthread_create(&threads[count], NULL,
                             count < SENDERS                ? send_all
                             : count < SENDERS + PUBLISHERS ? publish_all
                                                            : take_all,
                             &numbers[count]);
    }
    for (int i = 0; i < SENDERS + PUBLISHERS; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    atomic_store(&all_published, true);
    for (int i = SENDERS + PUBLISHERS; i < count; i++) {
        (void)pthread_join(threads[i], NULL);
    }

    (void)pthread_join(follower, NULL);

    long wanted = cases * STEPS * (SENDERS + PUBLISHERS);

    (void)printf("%ld events, %ld applied, %ld wrong, %zu unanswered, %ld followed\n", wanted,
                 atomic_load(&applied), atomic_load(&wrong), duban_unanswered(duban),
                 atomic_load(&followed));
    duban_close(duban);
    return atomic_load(&applied) == wanted && atomic_load(&followed) == wanted &&
                   atomic_load(&wrong) == 0
               ? 0
               : 1;
}
