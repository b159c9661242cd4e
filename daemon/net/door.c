#include "net/door.h"

#include "base/log.h"
#include "base/must.h"
#include "codec/wire.h"
#include "net/endpoint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool set(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof(value)) == 0;
}

/* Every limit of the socket, set before it is bound, for later changes are not safe in
 * 4.3.4. */
static bool set_limits(void *socket, int type, int64_t frame_max)
{
    bool routed = type != ZMQ_ROUTER ||
                  (set(socket, ZMQ_ROUTER_MANDATORY, 1) && set(socket, ZMQ_ROUTER_HANDOVER, 0));
    bool told = type != ZMQ_XPUB || set(socket, ZMQ_XPUB_VERBOSE, 1);

    return routed && told &&
           zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &frame_max, sizeof(frame_max)) == 0 &&
           set(socket, ZMQ_SNDHWM, type == ZMQ_ROUTER ? 1024 : 16) &&
           set(socket, ZMQ_RCVHWM, 128) && set(socket, ZMQ_BACKLOG, 256) &&
           set(socket, ZMQ_HANDSHAKE_IVL, 3000) && set(socket, ZMQ_HEARTBEAT_IVL, 10000) &&
           set(socket, ZMQ_HEARTBEAT_TIMEOUT, 30000) && set(socket, ZMQ_HEARTBEAT_TTL, 30000) &&
           set(socket, ZMQ_LINGER, 1000);
}

enum status door_open(struct door *door, void *context, int type, size_t frame_max,
                      const char *endpoint, mode_t mode)
{
    enum status status = endpoint_clear(endpoint);

    *door = (struct door){.endpoint = endpoint};
    if (status != STATUS_OK) {
        return status;
    }
    door->socket = zmq_socket(context, type);
    if (door->socket == NULL || !set_limits(door->socket, type, (int64_t)frame_max) ||
        zmq_bind(door->socket, endpoint) != 0) {
        log_error("door.failed endpoint=\"%s\" reason=\"%s\"", endpoint, zmq_strerror(errno));
        door_close(door);
        return STATUS_NETWORK;
    }
    door->bound = true;
    return endpoint_set_mode(endpoint, mode);
}

void door_close(struct door *door)
{
    if (door->socket != NULL) {
        if (door->bound) {
            endpoint_remove(door->endpoint); /* before another may stand there */
        }
        (void)zmq_close(door->socket);
        door->socket = NULL;
    }
}

int door_fd(const struct door *door)
{
    int fd = -1;
    size_t size = sizeof(fd);
    int rc = zmq_getsockopt(door->socket, ZMQ_FD, &fd, &size);

    MUST(rc == 0);
    return fd;
}

bool door_has_letter(const struct door *door)
{
    int events = 0;
    size_t size = sizeof(events);
    int rc;

    if (door->quiet) {
        return false;
    }
    do {
        rc = zmq_getsockopt(door->socket, ZMQ_EVENTS, &events, &size);
    } while (rc != 0 && errno == EINTR);
    return rc == 0 && (events & ZMQ_POLLIN) != 0;
}

void door_wake(struct door *door)
{
    door->quiet = false;
}

static int receive(void *socket, zmq_msg_t *message)
{
    int rc;

    do {
        rc = zmq_msg_recv(message, socket, ZMQ_DONTWAIT);
    } while (rc < 0 && errno == EINTR);
    return rc;
}

/* Read the frames that should not be there. */
static void read_away(void *socket, zmq_msg_t *last)
{
    while (zmq_msg_more(last) != 0 && receive(socket, last) >= 0) {
    }
}

enum status door_take(struct door *door, struct letter *letter)
{
    enum status status = STATUS_OK;

    (void)zmq_msg_init(&letter->route);
    (void)zmq_msg_init(&letter->body);
    letter->delimited = false;
    if (door->quiet || receive(door->socket, &letter->route) < 0) {
        door->quiet = true;
        status = STATUS_NOT_FOUND;
    } else if (zmq_msg_more(&letter->route) == 0 || receive(door->socket, &letter->body) < 0) {
        status = STATUS_MALFORMED;
    } else if (zmq_msg_size(&letter->body) == 0 && zmq_msg_more(&letter->body) != 0) {
        letter->delimited = true;
        status = receive(door->socket, &letter->body) < 0 ? STATUS_MALFORMED : STATUS_OK;
    }
    if (status == STATUS_OK && zmq_msg_more(&letter->body) != 0) {
        read_away(door->socket, &letter->body);
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_MALFORMED) {
        door->refused++;
    }
    if (status != STATUS_OK) {
        letter_drop(letter);
    }
    return status;
}

/* ZeroMQ's getters take what they do not change without saying so. */
static zmq_msg_t *ours(const zmq_msg_t *message)
{
    return (zmq_msg_t *)(uintptr_t)message;
}

static bool send_frame(struct door *door, zmq_msg_t *frame, int more)
{
    int rc;

    door->quiet = false;

    do {
        rc = zmq_msg_send(frame, door->socket, ZMQ_DONTWAIT | more);
    } while (rc < 0 && errno == EINTR);
    return rc >= 0;
}

bool door_answer_part(struct door *door, struct letter *letter, struct bytes reply)
{
    zmq_msg_t route;
    uint64_t lost = door->lost;

    (void)zmq_msg_init(&route);
    if (zmq_msg_copy(&route, &letter->route) != 0) {
        (void)zmq_msg_close(&route);
        return false;
    }

    struct letter again = {.route = route, .delimited = letter->delimited};

    (void)zmq_msg_init(&again.body);
    door_answer(door, &again, reply);
    return door->lost == lost;
}

/* A large reply on its way: ZeroMQ gives it back when the connection took it, or died. */
struct large_reply {
    _Atomic size_t *unread;
    size_t size;
    uint8_t bytes[];
};

static void give_back(void *bytes, void *hint)
{
    struct large_reply *large = hint;

    (void)bytes;
    atomic_fetch_sub(large->unread, large->size);
    free(large);
}

/* False: the peer has too much under way already, or there is no memory. */
static bool make_large(struct door *door, const zmq_msg_t *route, struct bytes reply,
                       zmq_msg_t *body)
{
    struct bytes name = {zmq_msg_data(ours(route)), zmq_msg_size(ours(route))};
    _Atomic size_t *unread = &door->unread[crc32c(name) % DOOR_UNREAD_BUCKETS];
    struct large_reply *large = NULL;

    if (atomic_load(unread) + reply.size <= DOOR_UNREAD_BYTES_MAX) {
        large = malloc(sizeof(*large) + reply.size);
    }
    if (large == NULL) {
        return false;
    }
    large->unread = unread;
    large->size = reply.size;
    memcpy(large->bytes, reply.at, reply.size);
    atomic_fetch_add(unread, reply.size);
    if (zmq_msg_init_data(body, large->bytes, reply.size, give_back, large) != 0) {
        give_back(large->bytes, large);
        return false;
    }
    return true;
}

static bool make_body(struct door *door, const zmq_msg_t *route, struct bytes reply,
                      zmq_msg_t *body)
{
    if (reply.size > DOOR_LARGE_BYTES) {
        return make_large(door, route, reply, body);
    }
    if (zmq_msg_init_size(body, reply.size) != 0) {
        return false;
    }
    memcpy(zmq_msg_data(body), reply.at, reply.size);
    return true;
}

void door_answer(struct door *door, struct letter *letter, struct bytes reply)
{
    zmq_msg_t body;
    zmq_msg_t empty;
    bool sent = false;

    if (!make_body(door, &letter->route, reply, &body)) {
        letter_drop(letter);
        door->lost++;
        return;
    }
    (void)zmq_msg_init(&empty);
    /* Once the first frame is taken the others are too: they go to the same pipe. */
    if (send_frame(door, &letter->route, ZMQ_SNDMORE)) {
        sent = (!letter->delimited || send_frame(door, &empty, ZMQ_SNDMORE)) &&
               send_frame(door, &body, 0);
    }
    door->lost += !sent;
    (void)zmq_msg_close(&empty);
    (void)zmq_msg_close(&body);
    letter_drop(letter);
}

enum status door_push(struct door *door, const zmq_msg_t *route, bool delimited,
                      zmq_msg_t *body)
{
    zmq_msg_t copy;
    zmq_msg_t empty;
    enum status status = STATUS_OK;

    (void)zmq_msg_init(&copy);
    (void)zmq_msg_init(&empty);
    (void)zmq_msg_copy(&copy, ours(route));
    if (!send_frame(door, &copy, ZMQ_SNDMORE)) {
        status = errno == EHOSTUNREACH ? STATUS_NOT_FOUND : STATUS_FULL;
    } else if ((delimited && !send_frame(door, &empty, ZMQ_SNDMORE)) ||
               !send_frame(door, body, 0)) {
        status = STATUS_FULL;
    }
    door->lost += status != STATUS_OK;
    (void)zmq_msg_close(&copy);
    (void)zmq_msg_close(&empty);
    (void)zmq_msg_close(body);
    return status;
}

enum status door_tell(struct door *door, const zmq_msg_t *route, bool delimited,
                      struct bytes frame)
{
    zmq_msg_t body;

    if (!make_body(door, route, frame, &body)) {
        door->lost++;
        return STATUS_FULL;
    }
    return door_push(door, route, delimited, &body);
}

bool door_has_lost(struct door *door, const zmq_msg_t *route)
{
    zmq_msg_t empty;

    (void)zmq_msg_init(&empty);
    return door_push(door, route, false, &empty) == STATUS_NOT_FOUND;
}

bool door_same_peer(const zmq_msg_t *a, const zmq_msg_t *b)
{
    return bytes_equal((struct bytes){zmq_msg_data(ours(a)), zmq_msg_size(ours(a))},
                       (struct bytes){zmq_msg_data(ours(b)), zmq_msg_size(ours(b))});
}

void letter_drop(struct letter *letter)
{
    (void)zmq_msg_close(&letter->route);
    (void)zmq_msg_close(&letter->body);
}

struct bytes letter_body(struct letter *letter)
{
    return (struct bytes){.at = zmq_msg_data(&letter->body),
                          .size = zmq_msg_size(&letter->body)};
}

struct bytes letter_route(struct letter *letter)
{
    return (struct bytes){.at = zmq_msg_data(&letter->route),
                          .size = zmq_msg_size(&letter->route)};
}
