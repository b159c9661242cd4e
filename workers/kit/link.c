/* The socket. Only the loop's thread comes here. */
#include "parts.h"

#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

enum { MONITOR_BYTES = 64 };

static bool set(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof(value)) == 0;
}

/* How long to wait before the first try to connect again: not all workers of a daemon that was
 * away come back in the same instant. */
static int first_pause_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return 100 + (int)((unsigned long)(now.tv_nsec / 1000 + getpid()) % 150);
}

/*
 * IMMEDIATE: nothing is queued for a daemon that is away; what could not be said is said when
 * it is back, if it is still true. No routing id is set: one that comes twice would be ignored.
 */
static bool open_socket(struct kit *kit)
{
    int64_t frame_max = FRAME_BYTES_MAX;

    kit->context = zmq_ctx_new();
    kit->socket = kit->context == NULL ? NULL : zmq_socket(kit->context, ZMQ_DEALER);
    kit->monitor = kit->socket == NULL ? NULL : zmq_socket(kit->context, ZMQ_PAIR);
    return kit->monitor != NULL && set(kit->monitor, ZMQ_LINGER, 0) &&
           set(kit->socket, ZMQ_LINGER, 0) && set(kit->socket, ZMQ_IMMEDIATE, 1) &&
           set(kit->socket, ZMQ_SNDHWM, 0) && set(kit->socket, ZMQ_RCVHWM, 0) &&
           set(kit->socket, ZMQ_HEARTBEAT_IVL, 10000) &&
           set(kit->socket, ZMQ_HEARTBEAT_TIMEOUT, 30000) &&
           set(kit->socket, ZMQ_HEARTBEAT_TTL, 30000) &&
           set(kit->socket, ZMQ_RECONNECT_IVL, first_pause_ms()) &&
           set(kit->socket, ZMQ_RECONNECT_IVL_MAX, 5000) &&
           zmq_setsockopt(kit->socket, ZMQ_MAXMSGSIZE, &frame_max, sizeof(frame_max)) == 0;
}

bool link_open(struct kit *kit, const char *door)
{
    char monitor[MONITOR_BYTES];

    (void)snprintf(monitor, sizeof(monitor), "inproc://worker-monitor-%p", (void *)kit);
    if (!open_socket(kit) ||
        zmq_socket_monitor(kit->socket, monitor,
                           ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED) != 0 ||
        zmq_connect(kit->monitor, monitor) != 0 || zmq_connect(kit->socket, door) != 0) {
        log_error("worker.door.failed door=\"%s\" reason=\"%s\"", door, zmq_strerror(errno));
        return false;
    }
    return true;
}

void link_close(struct kit *kit)
{
    if (kit->monitor != NULL) {
        (void)zmq_close(kit->monitor);
    }
    if (kit->socket != NULL) {
        (void)zmq_socket_monitor(kit->socket, NULL, 0);
        (void)zmq_close(kit->socket);
    }
    if (kit->context != NULL) {
        (void)zmq_ctx_term(kit->context);
    }
}

static int receive(void *socket, zmq_msg_t *message)
{
    int rc;

    do {
        rc = zmq_msg_recv(message, socket, ZMQ_DONTWAIT);
    } while (rc < 0 && errno == EINTR);
    return rc;
}

/* Of an event the first frame begins with its number, in the machine's own order; the second is
 * the endpoint. */
bool link_watch(struct kit *kit)
{
    bool lost = false;
    zmq_msg_t message;

    (void)zmq_msg_init(&message);
    while (receive(kit->monitor, &message) >= 0) {
        const uint16_t *event = zmq_msg_data(&message);

        if (zmq_msg_more(&message) == 0 || zmq_msg_size(&message) < sizeof(*event)) {
            continue;
        }
        kit->connected = *event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
        lost = lost || !kit->connected;
    }
    (void)zmq_msg_close(&message);
    return lost;
}

bool link_say(struct kit *kit, struct frame frame)
{
    int rc = -1;

    if (frame.bytes == NULL) {
        log_error("worker.failed reason=\"out of memory\"");
    } else {
        do {
            rc = zmq_send(kit->socket, frame.bytes, frame.size, ZMQ_DONTWAIT);
        } while (rc < 0 && errno == EINTR);
    }
    frame_free(&frame);
    return rc >= 0;
}

bool link_hear(struct kit *kit, void *message)
{
    return receive(kit->socket, message) >= 0;
}
