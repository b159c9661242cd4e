#include "net/hints.h"

#include "codec/wire_push.h"

enum { LOOK_MAX = 64 };

static void hints_on_pause(uv_timer_t *pause);

static void tell(struct hints *hints)
{
    uint8_t frame[WIRE_HINT_BYTES_MAX];
    struct bytes hint = wire_encode_hint(hints->flushed_seq, frame);

    if (uv_is_active((const uv_handle_t *)&hints->pause) ||
        (hints->told_seq == hints->flushed_seq && !hints->somebody_came)) {
        return;
    }
    (void)zmq_send(hints->door.socket, hint.at, hint.size, ZMQ_DONTWAIT);
    hints->door.quiet = false; /* sending can eat the edge */
    hints->told_seq = hints->flushed_seq;
    hints->somebody_came = false;
    (void)uv_timer_start(&hints->pause, hints_on_pause, HINTS_MS, 0);
}

static void hints_on_pause(uv_timer_t *pause)
{
    tell(pause->data);
}

void hints_start(struct hints *hints, uv_loop_t *loop, uint64_t flushed_seq)
{
    hints->flushed_seq = flushed_seq;
    hints->told_seq = flushed_seq;
    (void)uv_timer_init(loop, &hints->pause);
    hints->pause.data = hints;
}

void hints_tell(struct hints *hints, uint64_t flushed_seq)
{
    hints->flushed_seq = flushed_seq;
    tell(hints);
}

/* What comes here are subscriptions; which topic is all the same, there is only one. */
void hints_look(struct hints *hints)
{
    for (int i = 0; i < LOOK_MAX && !hints->door.quiet; i++) {
        zmq_msg_t message;
        bool came = false;

        (void)zmq_msg_init(&message);

        int rc = zmq_msg_recv(&message, hints->door.socket, ZMQ_DONTWAIT);

        if (rc > 0) {
            came = *(const uint8_t *)zmq_msg_data(&message) == 1;
        }
        (void)zmq_msg_close(&message);
        hints->somebody_came = hints->somebody_came || came;
        hints->door.quiet = rc < 0;
    }
    tell(hints);
}
