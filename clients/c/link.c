/* The socket: what is sent in which order, again, and when; what comes back. */
#include "parts.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

enum { SLEEP_MS_MAX = 60000, MONITOR_BYTES = 64 };

int64_t steady_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool set(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof(value)) == 0;
}

/*
 * IMMEDIATE: nothing is queued for a daemon that is away. What cannot be sent stays in the
 * window, and goes in the order of the window.
 */
static bool open_socket(struct duban *duban)
{
    duban->context = zmq_ctx_new();
    duban->socket = duban->context == NULL ? NULL : zmq_socket(duban->context, ZMQ_DEALER);
    duban->monitor = duban->socket == NULL ? NULL : zmq_socket(duban->context, ZMQ_PAIR);
    return duban->monitor != NULL && set(duban->monitor, ZMQ_LINGER, 0) &&
           set(duban->socket, ZMQ_LINGER, 0) && set(duban->socket, ZMQ_SNDHWM, 0) &&
           set(duban->socket, ZMQ_RCVHWM, 0) && set(duban->socket, ZMQ_IMMEDIATE, 1) &&
           set(duban->socket, ZMQ_RECONNECT_IVL, 50) &&
           set(duban->socket, ZMQ_RECONNECT_IVL_MAX, 5000);
}

static bool connect_socket(struct duban *duban, const char *endpoint)
{
    char monitor[MONITOR_BYTES];

    (void)snprintf(monitor, sizeof(monitor), "inproc://duban-monitor-%p", (void *)duban);
    return zmq_socket_monitor(duban->socket, monitor, ZMQ_EVENT_DISCONNECTED) == 0 &&
           zmq_connect(duban->monitor, monitor) == 0 &&
           zmq_connect(duban->socket, endpoint) == 0;
}

static bool watch_fd(struct duban *duban, int fd)
{
    struct epoll_event readable = {.events = EPOLLIN};

    return fd >= 0 && epoll_ctl(duban->poll_fd, EPOLL_CTL_ADD, fd, &readable) == 0;
}

bool link_open(struct duban *duban, const char *endpoint)
{
    int fd = -1;
    size_t size = sizeof(fd);

    duban->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    duban->nudge_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    duban->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    return open_socket(duban) && connect_socket(duban, endpoint) &&
           zmq_getsockopt(duban->socket, ZMQ_FD, &fd, &size) == 0 && watch_fd(duban, fd) &&
           watch_fd(duban, duban->nudge_fd) && watch_fd(duban, duban->timer_fd);
}

static void close_fd(int fd)
{
    if (fd >= 0) {
        (void)close(fd);
    }
}

void link_close(struct duban *duban)
{
    close_fd(duban->poll_fd);
    close_fd(duban->nudge_fd);
    close_fd(duban->timer_fd);
    if (duban->monitor != NULL) {
        (void)zmq_close(duban->monitor);
    }
    if (duban->socket != NULL) {
        (void)zmq_socket_monitor(duban->socket, NULL, 0);
        (void)zmq_close(duban->socket);
    }
    if (duban->context != NULL) {
        (void)zmq_ctx_term(duban->context);
    }
}

static struct unanswered *place_of(const struct duban *duban, uint64_t number)
{
    struct unanswered *place = &duban->window[number % duban->window_size];

    return place->number == number ? place : NULL;
}

/* Whether a connection was lost since the last look: what was under way may be lost with it. */
static bool was_lost(struct duban *duban)
{
    bool lost = false;
    zmq_msg_t message;
    int rc;

    do {
        (void)zmq_msg_init(&message);
        rc = zmq_msg_recv(&message, duban->monitor, ZMQ_DONTWAIT);
        lost = lost || rc >= 0;
        (void)zmq_msg_close(&message);
    } while (rc >= 0 || errno == EINTR);
    return lost;
}

static bool send_frame(struct duban *duban, struct unanswered *place)
{
    int rc;

    do {
        rc = zmq_send(duban->socket, place->frame.bytes, place->frame.size, ZMQ_DONTWAIT);
    } while (rc < 0 && errno == EINTR);
    return rc >= 0;
}

static void find_oldest(struct duban *duban)
{
    while (duban->oldest < duban->next && place_of(duban, duban->oldest) == NULL) {
        duban->oldest++;
    }
}

/*
 * From the first that is to be sent on, in order, for order matters to a case. When one has
 * been unanswered for too long, all that were sent after it are sent again too.
 */
static void send_due(struct duban *duban)
{
    int64_t now_ms = steady_ms();
    bool lost = was_lost(duban);

    find_oldest(duban);
    follow_send(duban, lost);

    const struct unanswered *oldest = place_of(duban, duban->oldest);

    if (oldest != NULL && duban->oldest < duban->unsent &&
        (lost || (!oldest->once && now_ms - oldest->sent_ms >= duban->resend_ms))) {
        duban->unsent = duban->oldest;
    }
    for (; duban->unsent < duban->next && now_ms >= duban->resume_ms; duban->unsent++) {
        struct unanswered *place = place_of(duban, duban->unsent);

        if (place == NULL || place->done || (place->once && place->sent_ms != 0)) {
            continue;
        }
        if (!send_frame(duban, place)) {
            return; /* nobody is there: the socket wakes us when somebody is */
        }
        place->sent_ms = now_ms;
    }
}

static bool is_ready_to(struct duban *duban, int event)
{
    int events = 0;
    size_t size = sizeof(events);
    int rc;

    do {
        rc = zmq_getsockopt(duban->socket, ZMQ_EVENTS, &events, &size);
    } while (rc != 0 && errno == EINTR);
    return rc == 0 && (events & event) != 0;
}

/* The number that a frame begins with; 0: none. */
static uint64_t number_of(const uint8_t *frame, size_t size)
{
    uint64_t number = 0;

    for (size_t at = 1; size > 0 && frame[0] == 0x08 && at < size && at < 11; at++) {
        number |= (uint64_t)(frame[at] & 0x7f) << (7 * (at - 1));
        if (frame[at] < 0x80) {
            return number;
        }
    }
    return 0;
}

static void take_message(struct duban *duban)
{
    zmq_msg_t message;

    (void)zmq_msg_init(&message);
    if (zmq_msg_recv(&message, duban->socket, ZMQ_DONTWAIT) >= 0) {
        const uint8_t *frame = zmq_msg_data(&message);
        size_t size = zmq_msg_size(&message);
        Duban__V1__Reply *reply = NULL;

        if (!follow_take(duban, number_of(frame, size), frame, size)) {
            reply = duban__v1__reply__unpack(NULL, size, frame);
        }

        if (reply != NULL) {
            take_reply(duban, reply);
            duban__v1__reply__free_unpacked(reply, NULL);
        }
    }
    (void)zmq_msg_close(&message);
}

/* The socket wakes nobody twice: what it was asked, it takes for known. So it is asked until it
 * has nothing to give and takes nothing more. */
void link_turn(struct duban *duban)
{
    do {
        send_due(duban);
        while (is_ready_to(duban, ZMQ_POLLIN)) {
            take_message(duban);
        }
    } while (((duban->unsent < duban->next && steady_ms() >= duban->resume_ms) ||
              follow_waits(duban)) &&
             is_ready_to(duban, ZMQ_POLLOUT));
}

/* When something is to be sent whatever comes, on the steady clock; INT64_MAX: never. */
static int64_t next_send_ms(const struct duban *duban)
{
    const struct unanswered *oldest = place_of(duban, duban->oldest);

    if (duban->unsent < duban->next && duban->resume_ms > steady_ms()) {
        return duban->resume_ms;
    }
    return oldest == NULL || oldest->once || oldest->sent_ms == 0
               ? INT64_MAX
               : oldest->sent_ms + duban->resend_ms;
}

void link_sleep(struct duban *duban, int64_t wait_ms)
{
    int64_t send_ms = next_send_ms(duban);
    struct pollfd item = {.fd = duban->poll_fd, .events = POLLIN};

    if (send_ms != INT64_MAX && send_ms - steady_ms() < wait_ms) {
        wait_ms = send_ms - steady_ms();
    }
    wait_ms = wait_ms < 0 ? 0 : wait_ms;
    duban->polling = true;
    (void)pthread_mutex_unlock(&duban->mutex);
    (void)poll(&item, 1, (int)(wait_ms > SLEEP_MS_MAX ? SLEEP_MS_MAX : wait_ms));
    (void)pthread_mutex_lock(&duban->mutex);
    duban->polling = false;
}

/* Readable or not; what was written is one number that one read takes. */
static void nudge(struct duban *duban, bool readable)
{
    uint64_t one = 1;

    if (readable != duban->nudged) {
        ssize_t rc = readable ? write(duban->nudge_fd, &one, sizeof(one))
                              : read(duban->nudge_fd, &one, sizeof(one));

        duban->nudged = rc == sizeof(one) ? readable : duban->nudged;
    }
}

/* One that lies in the past fires at once; 0 would disarm it. */
static void arm(struct duban *duban)
{
    int64_t at_ms = next_send_ms(duban);
    struct itimerspec when = {{0}, {0}};

    if (at_ms != INT64_MAX) {
        at_ms = at_ms > 0 ? at_ms : 1;
        when.it_value.tv_sec = (time_t)(at_ms / 1000);
        when.it_value.tv_nsec = (long)(at_ms % 1000 * 1000000);
    }
    (void)timerfd_settime(duban->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

void link_show(struct duban *duban)
{
    /* Nobody sees the descriptor while no thread sleeps on it and no program polls it. */
    if (duban->watched || duban->polling || duban->nudged) {
        nudge(duban, duban->ready != NULL || duban->parked > 0 || follow_has(duban));
    }
    if (duban->watched) {
        arm(duban);
    }
}
