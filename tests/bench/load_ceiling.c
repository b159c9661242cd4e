/*
 * What this machine allows: a client with a window of unanswered messages, and a server that takes
 * what waits, writes what one step writes into LMDB (one transaction that stays open, committed
 * every 200 ms), appends the batch to a journal written ahead, flushes once and answers. No law, no
 * checks. The daemon is measured against it.
 *
 *   load_ceiling FOLDER WINDOW EVENTS
 */
#include "measure.h"

#include <fcntl.h>
#include <inttypes.h>
#include <lmdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

enum {
    EVENT_BYTES = 300,
    CASE_BYTES = 400,
    BATCH_MAX = 1024,
    STEPS = 10,
    CHECKPOINT_MS = 200,
    JOURNAL_BYTES = 64 << 20
};

static void must(bool good, const char *what)
{
    if (!good) {
        perror(what);
        _exit(1);
    }
}

struct server {
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi cases;
    MDB_dbi moments;
    double committed_s;
    int journal;
    uint8_t *batch;
    size_t end;
    uint64_t number;
};

static void open_server(struct server *server, const char *folder)
{
    char path[512];
    uint8_t *zeros = calloc(1, 1 << 20);
    MDB_txn *txn;

    (void)snprintf(path, sizeof(path), "%s/ceiling.mdb", folder);
    must(mdb_env_create(&server->env) == 0, "env");
    (void)mdb_env_set_maxdbs(server->env, 2);
    (void)mdb_env_set_mapsize(server->env, (size_t)8 << 30);
    must(mdb_env_open(server->env, path, MDB_NOSUBDIR | MDB_NORDAHEAD, 0600) == 0, "open");
    must(mdb_txn_begin(server->env, NULL, 0, &txn) == 0, "begin");
    must(mdb_dbi_open(txn, "cases", MDB_CREATE, &server->cases) == 0, "cases");
    must(mdb_dbi_open(txn, "moments", MDB_CREATE, &server->moments) == 0, "moments");
    must(mdb_txn_commit(txn) == 0, "commit");

    (void)snprintf(path, sizeof(path), "%s/ceiling.journal", folder);
    server->journal = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    must(server->journal >= 0 && zeros != NULL, "journal");
    for (int i = 0; i < JOURNAL_BYTES >> 20; i++) {
        must(write(server->journal, zeros, 1 << 20) == 1 << 20, "write ahead");
    }
    must(fsync(server->journal) == 0, "flush");
    free(zeros);
    server->batch = malloc((size_t)BATCH_MAX * (EVENT_BYTES + 48));
}

static void put_number(uint8_t *at, uint64_t number)
{
    for (int i = 0; i < 8; i++) {
        at[i] = (uint8_t)(number >> (56 - 8 * i));
    }
}

/* What a step writes: the case's state, and for six events of ten its moved moment. */
static void step(struct server *server)
{
    static uint8_t state[CASE_BYTES];
    uint64_t n = server->number++;
    uint64_t number = n / ((uint64_t)64 * STEPS) * 64 + n % 64;
    uint64_t at = n % ((uint64_t)64 * STEPS) / 64;
    uint8_t case_key[8];
    uint8_t moment_key[16];
    MDB_val k = {8, case_key};
    MDB_val v;

    put_number(case_key, number);
    (void)mdb_get(server->txn, server->cases, &k, &v);
    v = (MDB_val){CASE_BYTES, state};
    must(mdb_put(server->txn, server->cases, &k, &v, 0) == 0, "put");
    if (at < 6) {
        k = (MDB_val){16, moment_key};
        v = (MDB_val){0, state};
        put_number(moment_key + 8, number);
        if (at > 0) {
            put_number(moment_key, n - 64);
            (void)mdb_del(server->txn, server->moments, &k, NULL);
        }
        put_number(moment_key, n);
        must(mdb_put(server->txn, server->moments, &k, &v, 0) == 0, "put");
    }
}

static void keep(struct server *server, zmq_msg_t *bodies, int count)
{
    size_t size = 0;

    if (server->txn == NULL) {
        must(mdb_txn_begin(server->env, NULL, 0, &server->txn) == 0, "begin");
        server->committed_s = now_s();
    }
    for (int i = 0; i < count; i++) {
        zmq_msg_t *body = &bodies[i];

        step(server);
        memcpy(server->batch + size + 48, zmq_msg_data(body), zmq_msg_size(body));
        size += 48 + zmq_msg_size(body);
    }
    if (server->end + size > JOURNAL_BYTES) {
        server->end = 0;
    }
    must(pwrite(server->journal, server->batch, size, (off_t)server->end) == (ssize_t)size &&
             fdatasync(server->journal) == 0,
         "flush");
    server->end += size;
}

static void checkpoint(struct server *server)
{
    if (now_s() - server->committed_s >= CHECKPOINT_MS * 1e-3) {
        MDB_txn *txn = server->txn;

        server->txn = NULL;
        must(mdb_txn_commit(txn) == 0, "commit");
    }
}

static int gather(void *socket, zmq_msg_t *routes, zmq_msg_t *bodies)
{
    int count = 0;

    for (; count < BATCH_MAX; count++) {
        (void)zmq_msg_init(&routes[count]);
        (void)zmq_msg_init(&bodies[count]);
        if (zmq_msg_recv(&routes[count], socket, count > 0 ? ZMQ_DONTWAIT : 0) < 0) {
            break;
        }
        (void)zmq_msg_recv(&bodies[count], socket, 0);
    }
    return count;
}

static void serve(const char *folder, const char *endpoint, uint64_t events)
{
    static zmq_msg_t routes[BATCH_MAX];
    static zmq_msg_t bodies[BATCH_MAX];
    struct server server = {0};
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_ROUTER);
    struct usage before = {0};
    uint64_t written_bytes = 0;

    open_server(&server, folder);
    must(zmq_bind(socket, endpoint) == 0, "bind");
    for (uint64_t done = 0; done < events;) {
        int count = gather(socket, routes, bodies);

        if (done == 0) {
            before = usage_of("self");
            written_bytes = disk_written_bytes(folder);
        }
        keep(&server, bodies, count);
        for (int i = 0; i < count; i++) {
            (void)zmq_msg_send(&routes[i], socket, ZMQ_SNDMORE);
            (void)zmq_send(socket, zmq_msg_data(&bodies[i]), 24, 0);
            (void)zmq_msg_close(&bodies[i]);
        }
        done += (uint64_t)count;
        checkpoint(&server);
    }

    struct usage after = usage_of("self");

    written_bytes = disk_written_bytes(folder) - written_bytes;

    (void)printf("\"cpu_s_per_1000\":%.4f,\"device_bytes_per_event\":%.0f,",
                 (after.cpu_s - before.cpu_s) / (double)events * 1000,
                 (double)written_bytes / (double)events);
    (void)fflush(stdout);
    (void)zmq_close(socket);
    (void)zmq_ctx_term(context);
    _exit(0);
}

static double drive(void *socket, uint64_t window, uint64_t events, double *latency_s)
{
    double *sent_s = calloc(events, sizeof(double));
    uint8_t message[EVENT_BYTES] = {0};
    uint64_t sent = 0;
    uint64_t got = 0;
    double began_s = now_s();

    while (got < events) {
        while (sent < events && sent - got < window) {
            memcpy(message, &sent, sizeof(sent));
            sent_s[sent++] = now_s();
            (void)zmq_send(socket, message, sizeof(message), 0);
        }

        uint64_t number;

        (void)zmq_recv(socket, message, sizeof(message), 0);
        memcpy(&number, message, sizeof(number));
        latency_s[got++] = now_s() - sent_s[number];
    }
    free(sent_s);
    return now_s() - began_s;
}

int main(int argc, char **argv)
{
    char endpoint[512];

    if (argc < 4) {
        (void)fputs("load_ceiling FOLDER WINDOW EVENTS\n", stderr);
        return 2;
    }

    uint64_t window = strtoull(argv[2], NULL, 10);
    uint64_t events = strtoull(argv[3], NULL, 10);
    double *latency_s = calloc(events, sizeof(double));
    int ended;

    (void)snprintf(endpoint, sizeof(endpoint), "ipc://%s/ceiling.sock", argv[1]);
    (void)printf("{\"bench\":\"ceiling\",\"window\":%" PRIu64 ",", window);
    (void)fflush(stdout);

    pid_t child = fork();

    if (child == 0) {
        serve(argv[1], endpoint, events);
    }

    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_DEALER);

    must(latency_s != NULL && zmq_connect(socket, endpoint) == 0, "connect");

    double took_s = drive(socket, window, events, latency_s);
    uint64_t skip = events / 10;
    uint64_t count = events - skip;

    (void)waitpid(child, &ended, 0);
    sort_times(latency_s + skip, count);
    (void)printf("\"events_per_s\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n",
                 (double)events / took_s, percentile_ms(latency_s + skip, count, 50),
                 percentile_ms(latency_s + skip, count, 99));
    (void)zmq_close(socket);
    (void)zmq_ctx_term(context);
    free(latency_s);
    return 0;
}
