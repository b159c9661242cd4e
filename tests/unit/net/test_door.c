/* A door in front of real sockets: what a peer that does not read may cost. */
#include "lib/check.h"
#include "net/door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REPLIES = 400, REPLY_BYTES = 64 * 1024 };

static uint8_t reply_bytes[REPLY_BYTES];

static size_t unread_bytes(struct door *door)
{
    size_t bytes = 0;

    for (int i = 0; i < DOOR_UNREAD_BUCKETS; i++) {
        bytes += atomic_load(&door->unread[i]);
    }
    return bytes;
}

/* Wait for a letter, and answer it largely. */
static void answer_one(struct door *door)
{
    zmq_pollitem_t item = {.socket = door->socket, .events = ZMQ_POLLIN};
    struct letter letter;

    CHECK(zmq_poll(&item, 1, 30000) == 1);
    door_wake(door);
    if (CHECK(door_take(door, &letter) == STATUS_OK)) {
        door_answer(door, &letter, (struct bytes){reply_bytes, sizeof(reply_bytes)});
    }
}

static void who_does_not_read_costs_a_bounded_number_of_bytes(void)
{
    char folder[] = "/tmp/duban-door-XXXXXX";
    char endpoint[64];
    struct door door;
    void *context = zmq_ctx_new();
    void *peer = zmq_socket(context, ZMQ_DEALER);
    int one = 1;
    int none = 0;
    uint32_t read = 0;

    CHECK(mkdtemp(folder) != NULL);
    (void)snprintf(endpoint, sizeof(endpoint), "ipc://%s/events.sock", folder);
    CHECK(door_open(&door, context, ZMQ_ROUTER, 256 * 1024, endpoint, 0600) == STATUS_OK);
    CHECK(zmq_setsockopt(peer, ZMQ_RCVHWM, &one, sizeof(one)) == 0);
    CHECK(zmq_setsockopt(peer, ZMQ_LINGER, &none, sizeof(none)) == 0);
    CHECK(zmq_connect(peer, endpoint) == 0);
    for (int i = 0; i < REPLIES; i++) {
        CHECK(zmq_send(peer, "ask", 3, 0) == 3);
        answer_one(&door);
        CHECK(unread_bytes(&door) <= DOOR_UNREAD_BYTES_MAX);
    }
    CHECK(door.lost > 0);

    /* It reads after all: what was under way comes, and then there is room again. */
    uint64_t lost = door.lost;

    for (zmq_pollitem_t item = {.socket = peer, .events = ZMQ_POLLIN};
         read + lost < REPLIES && zmq_poll(&item, 1, 30000) == 1; read++) {
        zmq_msg_t message;

        (void)zmq_msg_init(&message);
        CHECK_INTEGER(zmq_msg_recv(&message, peer, 0), REPLY_BYTES);
        (void)zmq_msg_close(&message);
    }
    CHECK_INTEGER(read + lost, REPLIES);
    CHECK(zmq_send(peer, "ask", 3, 0) == 3);
    answer_one(&door);
    CHECK_INTEGER(door.lost, lost);
    (void)zmq_close(peer);
    door_close(&door);
    (void)zmq_ctx_term(context);
    CHECK_INTEGER(unread_bytes(&door), 0);
    (void)rmdir(folder);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(who_does_not_read_costs_a_bounded_number_of_bytes),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
