/*
 * The two things that no receipt can be had without: one flush of this disk, and one round trip
 * to another process. What a lone event takes is measured against their sum.
 *
 *   load_parts FOLDER TIMES
 */
#include "measure.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

enum { EVENT_BYTES = 300, RECEIPT_BYTES = 60, FILE_BYTES = 1 << 20, PATH_BYTES = 512 };

static void must(bool good, const char *what)
{
    if (!good) {
        perror(what);
        _exit(1);
    }
}

/* An event's bytes behind those before, in blocks that are there already. */
static double flush_ms(const char *folder, size_t times)
{
    char path[PATH_BYTES];
    uint8_t *zeros = calloc(1, FILE_BYTES);
    double *times_s = calloc(times, sizeof(double));

    (void)snprintf(path, sizeof(path), "%s/flush", folder);

    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

    must(fd >= 0 && zeros != NULL && times_s != NULL, "flush");
    must(pwrite(fd, zeros, FILE_BYTES, 0) == FILE_BYTES && fsync(fd) == 0, "write ahead");
    for (size_t i = 0; i < times; i++) {
        off_t at = (off_t)(i * EVENT_BYTES % (FILE_BYTES - EVENT_BYTES));
        double began_s = now_s();

        must(pwrite(fd, zeros, EVENT_BYTES, at) == EVENT_BYTES && fdatasync(fd) == 0, "flush");
        times_s[i] = now_s() - began_s;
    }
    sort_times(times_s, times);

    double median_ms = percentile_ms(times_s, times, 50);

    (void)close(fd);
    free(zeros);
    free(times_s);
    return median_ms;
}

static void echo(const char *endpoint, size_t times)
{
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_ROUTER);
    uint8_t receipt[RECEIPT_BYTES] = {0};

    must(zmq_bind(socket, endpoint) == 0, "bind");
    for (size_t i = 0; i < times; i++) {
        zmq_msg_t route;
        uint8_t event[EVENT_BYTES];

        (void)zmq_msg_init(&route);
        must(zmq_msg_recv(&route, socket, 0) >= 0 &&
                 zmq_recv(socket, event, sizeof(event), 0) >= 0,
             "take");
        must(zmq_msg_send(&route, socket, ZMQ_SNDMORE) >= 0 &&
                 zmq_send(socket, receipt, sizeof(receipt), 0) >= 0,
             "answer");
    }
    (void)zmq_close(socket);
    (void)zmq_ctx_term(context);
    _exit(0);
}

static double round_trip_ms(const char *folder, size_t times)
{
    char endpoint[PATH_BYTES];
    double *times_s = calloc(times, sizeof(double));
    uint8_t event[EVENT_BYTES] = {0};

    (void)snprintf(endpoint, sizeof(endpoint), "ipc://%s/parts.sock", folder);

    pid_t child = fork();

    if (child == 0) {
        echo(endpoint, times);
    }

    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_DEALER);

    must(times_s != NULL && zmq_connect(socket, endpoint) == 0, "connect");
    for (size_t i = 0; i < times; i++) {
        double began_s = now_s();

        must(zmq_send(socket, event, sizeof(event), 0) >= 0 &&
                 zmq_recv(socket, event, sizeof(event), 0) >= 0,
             "round trip");
        times_s[i] = now_s() - began_s;
    }
    must(waitpid(child, NULL, 0) == child, "wait");
    sort_times(times_s, times);

    double median_ms = percentile_ms(times_s, times, 50);

    (void)zmq_close(socket);
    (void)zmq_ctx_term(context);
    free(times_s);
    return median_ms;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        (void)fputs("load_parts FOLDER TIMES\n", stderr);
        return 2;
    }

    size_t times = strtoull(argv[2], NULL, 10);
    double flush = flush_ms(argv[1], times);
    double round_trip = round_trip_ms(argv[1], times);

    (void)printf("{\"bench\":\"parts\",\"flush_p50_ms\":%.3f,\"round_trip_p50_ms\":%.3f,"
                 "\"sum_ms\":%.3f}\n",
                 flush, round_trip, flush + round_trip);
    return 0;
}
