#include "cli/control.h"

#include "cli/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

enum { ANSWER_MS = 10000, ENDPOINT_BYTES = 256 };

static const struct message no_daemon = {
    "control_no_daemon",
    "no daemon answers at {0}. Is it running? Look at its log, or say where it is: --run DIR",
    "{0} 处没有守护进程应答。是否已启动？请查看其日志，或用 --run 目录 指明位置"};
static const struct message refused = {"control_refused", "the daemon refuses: {0}",
                                       "守护进程拒绝：{0}"};
static const struct message broken = {"control_broken",
                                      "the daemon at {0} answers in words of another version",
                                      "{0} 处守护进程的应答出自另一版本"};

void control_endpoint(const struct arguments *arguments, const char *door, char *out,
                      size_t out_bytes)
{
    const char *run = argument_value(arguments, "run");

    run = run != NULL ? run : getenv("DUBAN_RUN");
    (void)snprintf(out, out_bytes, "ipc://%s/%s.sock", run != NULL ? run : "/run/duban", door);
}

static Duban__V1__Reply *exchange(void *socket, const Duban__V1__Request *request)
{
    size_t size = duban__v1__request__get_packed_size(request);
    uint8_t *frame = malloc(size);
    Duban__V1__Reply *reply = NULL;
    zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};
    zmq_msg_t message;

    if (frame == NULL) {
        return NULL;
    }
    duban__v1__request__pack(request, frame);
    (void)zmq_msg_init(&message);
    if (zmq_send(socket, frame, size, 0) >= 0 && zmq_poll(&item, 1, ANSWER_MS) > 0 &&
        zmq_msg_recv(&message, socket, ZMQ_DONTWAIT) >= 0) {
        reply = duban__v1__reply__unpack(NULL, zmq_msg_size(&message), zmq_msg_data(&message));
    }
    (void)zmq_msg_close(&message);
    free(frame);
    return reply;
}

static enum exit_code read_reply(const Duban__V1__Reply *reply, const char *endpoint,
                                 json_t **answer)
{
    if (reply == NULL) {
        complain(&no_daemon, (const char *[]){endpoint});
        return EXIT_NO_DAEMON;
    }
    if (reply->what_case == DUBAN__V1__REPLY__WHAT_ERROR) {
        complain(&refused, (const char *[]){words_pick(reply->error->en, reply->error->zh)});
        return EXIT_REFUSED;
    }
    if (reply->what_case == DUBAN__V1__REPLY__WHAT_ANSWER) {
        *answer = json_loads(reply->answer->json, 0, NULL);
    }
    if (*answer == NULL) {
        complain(&broken, (const char *[]){endpoint});
        return EXIT_REFUSED;
    }
    return EXIT_DONE;
}

enum exit_code control_ask(const struct arguments *arguments, Duban__V1__Request *request,
                           json_t **answer)
{
    char endpoint[ENDPOINT_BYTES];
    void *context = zmq_ctx_new();
    void *socket = context == NULL ? NULL : zmq_socket(context, ZMQ_DEALER);
    int now = 0;
    Duban__V1__Reply *reply = NULL;

    *answer = NULL;
    control_endpoint(arguments, "control", endpoint, sizeof(endpoint));
    if (socket != NULL && zmq_setsockopt(socket, ZMQ_LINGER, &now, sizeof(now)) == 0 &&
        zmq_connect(socket, endpoint) == 0) {
        reply = exchange(socket, request);
    }

    enum exit_code code = read_reply(reply, endpoint, answer);

    if (reply != NULL) {
        duban__v1__reply__free_unpacked(reply, NULL);
    }
    if (socket != NULL) {
        (void)zmq_close(socket);
    }
    if (context != NULL) {
        (void)zmq_ctx_term(context);
    }
    return code;
}
