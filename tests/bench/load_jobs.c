/*
 * One worker at the real daemon's work door, and a publisher that gives it work. Prints one JSON
 * line.
 *
 *   load_jobs PID RUN-FOLDER AHEAD-MS through JOBS CREDIT
 *   load_jobs PID RUN-FOLDER AHEAD-MS due JOBS EVERY-MS
 *
 * through: so many notices wait already, each for somebody else; then a worker comes and carries
 * them, so many at once: leased, begun, done, each durable before it is answered.
 * due: they fall due one after another, and come to a worker that is at rest: how long after
 * its instant each is in its hands.
 *
 * PID is the daemon's, whose clock is ahead of this machine's by AHEAD-MS.
 */
#include "duban.h"
#include "measure.h"

#include <duban/v1/duban.pb-c.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum { PATH_BYTES = 512, NAME_BYTES = 48, WAIT_MS = 30000, LENGTH_MS = 30 * 60000 };
enum { IN_HAND_MAX = 4096, FRAME_BYTES = 512 };

/* A job on its way; a request's number is its place here. */
struct in_hand {
    uint64_t token;
    char key[97];
};

struct load {
    const char *pid;
    const char *run;
    int64_t ahead_ms;
    uint64_t jobs;
    uint64_t done;
    uint64_t first_ms; /* of due */
    int64_t every_ms;
    double *late_s; /* owned: of due, each */
    void *context;
    void *socket;
    struct in_hand hands[IN_HAND_MAX];
    uint32_t free[IN_HAND_MAX];
    uint32_t free_count;
    uint32_t owed; /* credit that is to be given again */
};

_Noreturn static void fail(const char *what)
{
    (void)fprintf(stderr, "load_jobs: %s\n", what);
    exit(1);
}

static void must(bool good, const char *what)
{
    if (!good) {
        fail(what);
    }
}

static void endpoint(const struct load *load, const char *door, char out[PATH_BYTES])
{
    (void)snprintf(out, PATH_BYTES, "ipc://%s/%s.sock", load->run, door);
}

/* ---- the publisher */

static void publish(struct duban *duban, const char *prefix, uint64_t n, const char *type,
                    int64_t at_ms)
{
    struct duban_fact facts[] = {{"mobile", "13900000001"}, {"consent", "true"}};
    bool opens = strcmp(type, "opened") == 0;
    char case_id[NAME_BYTES];
    char id[2 * NAME_BYTES];
    struct duban_event event = {
        .id = id,
        .source = "bench",
        .agency = "gulou",
        .case_id = case_id,
        .type = type,
        .occurred_at_ms = at_ms,
        .person = "wang",
        .role = "officer",
        .procedure = opens ? "ring" : NULL,
        .facts = facts,
        .fact_count = opens ? 2 : 0,
    };
    uint64_t ticket;

    (void)snprintf(case_id, sizeof(case_id), "%s-%" PRIu64, prefix, n);
    (void)snprintf(id, sizeof(id), "%s-%s", case_id, type);
    must(duban_publish(duban, &event, &ticket) == DUBAN_OK, "publish");
}

static void take_receipt(struct duban *duban)
{
    struct duban_receipt *receipt;

    must(duban_next(duban, WAIT_MS, &receipt) == DUBAN_OK, "no receipt");
    if (receipt->verdict != DUBAN_APPLIED) {
        (void)fprintf(stderr, "load_jobs: %s: %s\n", receipt->id,
                      receipt->reason_count > 0 ? receipt->reasons[0].en : "not applied");
        exit(1);
    }
    duban_receipt_free(receipt);
}

/* Open cases, and let each of them tell its party something: at once, or at an instant of its
 * own. */
static void prepare(struct load *load, const char *prefix)
{
    enum { WINDOW = 256 };
    int64_t now_ms = wall_ms() + load->ahead_ms;
    uint64_t events = 2 * load->jobs;
    uint64_t answered = 0;
    char path[PATH_BYTES];
    struct duban *duban;

    endpoint(load, "events", path);
    must(duban_open(&duban, path, NULL) == DUBAN_OK, "open");
    for (uint64_t n = 0; n < events; n++) {
        uint64_t number = n % load->jobs;
        int64_t at_ms = now_ms - (int64_t)60 * LENGTH_MS;

        if (n < load->jobs) {
            publish(duban, prefix, number, "opened", at_ms);
        } else if (load->every_ms == 0) {
            publish(duban, prefix, number, "party.rung", at_ms);
        } else {
            publish(duban, prefix, number, "party.timed",
                    (int64_t)load->first_ms + (int64_t)number * load->every_ms - LENGTH_MS);
        }
        while (n + 1 - answered >= WINDOW) {
            take_receipt(duban);
            answered++;
        }
    }
    for (; answered < events; answered++) {
        take_receipt(duban);
    }
    duban_close(duban);
}

/* ---- the worker */

static void say(struct load *load, Duban__V1__Request *request)
{
    uint8_t frame[FRAME_BYTES];

    must(duban__v1__request__get_packed_size(request) <= sizeof(frame), "a long request");

    size_t size = duban__v1__request__pack(request, frame);

    must(zmq_send(load->socket, frame, size, 0) >= 0, "send");
}

static void say_hello(struct load *load)
{
    static char name[] = "bench";
    static char sms[] = "sms";
    char *channels[] = {sms};
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Hello hello = DUBAN__V1__HELLO__INIT;

    hello.worker = name;
    hello.channels = channels;
    hello.n_channels = 1;
    request.what_case = DUBAN__V1__REQUEST__WHAT_HELLO;
    request.hello = &hello;
    say(load, &request);
}

static void say_bye(struct load *load)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Bye bye = DUBAN__V1__BYE__INIT;

    request.what_case = DUBAN__V1__REQUEST__WHAT_BYE;
    request.bye = &bye;
    say(load, &request);
}

static void say_credit(struct load *load, uint32_t jobs)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Credit credit = DUBAN__V1__CREDIT__INIT;

    credit.records = jobs;
    request.what_case = DUBAN__V1__REQUEST__WHAT_CREDIT;
    request.credit = &credit;
    say(load, &request);
}

static void say_begin(struct load *load, const Duban__V1__Job *job)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Begin begin = DUBAN__V1__BEGIN__INIT;

    must(load->free_count > 0, "more jobs than credit");

    uint32_t place = load->free[--load->free_count];
    struct in_hand *hand = &load->hands[place];

    hand->token = job->token;
    (void)snprintf(hand->key, sizeof(hand->key), "%s", job->key);
    begin.token = job->token;
    request.number = place;
    request.what_case = DUBAN__V1__REQUEST__WHAT_BEGIN;
    request.begin = &begin;
    say(load, &request);
}

static void say_done(struct load *load, uint64_t place)
{
    static uint8_t sha256[32] = {1};
    static char provider[] = "P-0123456789abcdef";
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Done done = DUBAN__V1__DONE__INIT;

    done.token = load->hands[place].token;
    done.key = load->hands[place].key;
    done.provider_id = provider;
    done.sent_at_ms = wall_ms();
    done.sent_sha256.len = sizeof(sha256);
    done.sent_sha256.data = sha256;
    request.number = place;
    request.what_case = DUBAN__V1__REQUEST__WHAT_DONE;
    request.done = &done;
    say(load, &request);
}

/* The instant that this one was due at: its case's number stands in its words. */
static void note_lateness(struct load *load, const char *brief)
{
    int64_t now_ms = wall_ms() + load->ahead_ms;
    const char *at = strstr(brief, "bench-");
    uint64_t number = at == NULL ? load->jobs : strtoull(at + strlen("bench-"), NULL, 10);

    must(number < load->jobs, brief);
    load->late_s[load->done] =
        (double)(now_ms - (int64_t)load->first_ms - (int64_t)number * load->every_ms) / 1000;
}

static void take_reply(struct load *load, const uint8_t *frame, size_t size)
{
    Duban__V1__Reply *reply = duban__v1__reply__unpack(NULL, size, frame);

    if (reply == NULL) {
        fail("no reply");
    }
    if (reply->what_case == DUBAN__V1__REPLY__WHAT_GO) {
        say_done(load, reply->number);
    } else if (reply->what_case == DUBAN__V1__REPLY__WHAT_SETTLED) {
        must(!reply->settled->stale, "a result was not believed");
        load->free[load->free_count++] = (uint32_t)reply->number;
        load->done++;
        load->owed++;
    } else {
        must(reply->what_case != DUBAN__V1__REPLY__WHAT_ERROR, "an error");
    }
    duban__v1__reply__free_unpacked(reply, NULL);
}

/* A Job is all that is pushed here. A reply's second field is no message of that kind. */
static void take_frame(struct load *load, const uint8_t *frame, size_t size)
{
    enum { PUSH_JOB = 4 << 3 | 2 };

    if (size == 0 || frame[0] != PUSH_JOB) {
        take_reply(load, frame, size);
        return;
    }

    Duban__V1__Push *push = duban__v1__push__unpack(NULL, size, frame);

    if (push == NULL || push->what_case != DUBAN__V1__PUSH__WHAT_JOB) {
        fail("no job");
    }
    if (load->every_ms != 0) {
        note_lateness(load, push->job->brief);
    }
    say_begin(load, push->job);
    duban__v1__push__free_unpacked(push, NULL);
}

/* Everything that has come; then the credit that it gives back, in one word. */
static void take_all(struct load *load)
{
    zmq_pollitem_t item = {.socket = load->socket, .events = ZMQ_POLLIN};
    zmq_msg_t message;

    must(zmq_poll(&item, 1, WAIT_MS) == 1, "nothing comes any more");
    (void)zmq_msg_init(&message);
    while (zmq_msg_recv(&message, load->socket, ZMQ_DONTWAIT) >= 0) {
        take_frame(load, zmq_msg_data(&message), zmq_msg_size(&message));
    }
    (void)zmq_msg_close(&message);
    if (load->owed > 0) {
        say_credit(load, load->owed);
        load->owed = 0;
    }
}

static void connect_worker(struct load *load)
{
    char path[PATH_BYTES];

    endpoint(load, "work", path);
    load->context = zmq_ctx_new();
    load->socket = zmq_socket(load->context, ZMQ_DEALER);
    must(zmq_connect(load->socket, path) == 0, "connect");
    for (uint32_t i = 0; i < IN_HAND_MAX; i++) {
        load->free[load->free_count++] = i;
    }
    say_hello(load);
}

static void run_through(struct load *load, uint32_t credit)
{
    char prefix[NAME_BYTES];

    (void)snprintf(prefix, sizeof(prefix), "t%" PRId64, wall_ms());
    prepare(load, prefix);
    connect_worker(load);

    double began_s = now_s();
    struct usage before = usage_of(load->pid);

    say_credit(load, credit);
    while (load->done < load->jobs) {
        take_all(load);
    }

    double took_s = now_s() - began_s;
    double cpu_s = usage_of(load->pid).cpu_s - before.cpu_s;

    (void)printf("{\"bench\":\"jobs\",\"credit\":%u,\"jobs\":%" PRIu64
                 ",\"cpu_s_per_1000\":%.4f,\"jobs_per_s\":%.0f}\n",
                 credit, load->jobs, cpu_s * 1000 / (double)load->jobs,
                 (double)load->jobs / took_s);
}

static void run_due(struct load *load)
{
    load->late_s = calloc(load->jobs, sizeof(double));
    if (load->late_s == NULL) {
        fail("memory");
    }
    load->first_ms = (uint64_t)(wall_ms() + load->ahead_ms + 2000 + (int64_t)load->jobs / 5);
    prepare(load, "bench");
    must((int64_t)load->first_ms > wall_ms() + load->ahead_ms, "too slow to prepare");
    connect_worker(load);
    say_credit(load, 64);
    while (load->done < load->jobs) {
        take_all(load);
    }
    sort_times(load->late_s, load->jobs);
    (void)printf("{\"bench\":\"due\",\"jobs\":%" PRIu64 ",\"every_ms\":%" PRId64
                 ",\"p50_ms\":%.0f,\"p99_ms\":%.0f,\"max_ms\":%.0f}\n",
                 load->jobs, load->every_ms, percentile_ms(load->late_s, load->jobs, 50),
                 percentile_ms(load->late_s, load->jobs, 99),
                 load->late_s[load->jobs - 1] * 1000);
    free(load->late_s);
}

int main(int argc, char **argv)
{
    static struct load load;

    if (argc != 7) {
        (void)fputs("load_jobs PID RUN-FOLDER AHEAD-MS through|due JOBS CREDIT|EVERY-MS\n",
                    stderr);
        return 2;
    }
    load.pid = argv[1];
    load.run = argv[2];
    load.ahead_ms = strtoll(argv[3], NULL, 10);
    load.jobs = strtoull(argv[5], NULL, 10);
    must(load.jobs > 0, "some jobs, please");
    if (strcmp(argv[4], "due") == 0) {
        load.every_ms = strtoll(argv[6], NULL, 10);
        run_due(&load);
    } else {
        run_through(&load, (uint32_t)strtoul(argv[6], NULL, 10));
    }
    say_bye(&load);
    (void)zmq_close(load.socket);
    (void)zmq_ctx_term(load.context);
    return 0;
}
