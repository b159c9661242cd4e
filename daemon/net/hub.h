#ifndef DUBAN_NET_HUB_H
#define DUBAN_NET_HUB_H

/*
 * The loop's thread: libuv and every socket. Letters are gathered into a batch while the writer
 * is busy with the one before, and handed over as soon as it is free; replies are sent when a
 * batch comes back, which is after its flush. What finds no place in a batch goes through the
 * intake: it waits, or is told that it comes too soon.
 *
 * ZMQ_FD is edge-triggered: it only ends the loop's sleep. Whether there is something to read
 * is asked before the loop sleeps (prepare) and after it wakes (check); an idle handle keeps it
 * from sleeping while something waits that there is room for.
 */
#include "net/following.h"
#include "net/hints.h"
#include "net/intake.h"
#include "net/watchdog.h"

#include <uv.h>

/* Where the doors are (endpoint.h), and who may knock. */
struct hub_doors {
    const char *events;
    const char *work;
    const char *control;
    const char *hints;
    mode_t mode;
};

/* Reads the settings again. */
struct hub_again {
    void *context;
    mode_t (*read)(void *context);
};

/* A batch and where its requests came from. */
struct parcel {
    struct batch batch; /* first, so that the writer's pointer leads back */
    struct letter letters[BATCH_REQUESTS_MAX];
};

struct hub {
    uv_loop_t loop;
    void *zmq; /* owned context */
    struct door doors[DOOR_COUNT];
    struct hints hints;
    struct writer writer;
    struct watchdog watchdog;
    struct hub_again again;
    struct parcel *parcels; /* owned: WRITER_BATCHES */
    struct parcel *idle[WRITER_BATCHES];
    uint32_t idle_count;
    struct parcel *filling; /* NULL: every one is with the writer */
    struct intake intake;
    struct work work;            /* what workers are told */
    struct following following;  /* followers of the journal */
    struct reading_room reading; /* questions: answered beside the writer */
    struct letter held;          /* one that the intake cannot answer yet, and its door */
    enum batch_door held_door;
    bool holds;
    bool stopping;
    enum status status;

    uv_poll_t wake[DOOR_COUNT + 1]; /* the last: hints */
    uv_prepare_t before_sleep;
    uv_check_t after_sleep;
    uv_idle_t no_sleep;
    uv_async_t done;
    uv_signal_t terminate;
    uv_signal_t interrupt;
    uv_signal_t reload;
};

/*
 * Open the doors and serve until SIGTERM or SIGINT, or until the writer fails. How it ended.
 * At SIGHUP `again` is asked for what may have changed: the mode of the doors. `doors` is
 * borrowed.
 */
NODISCARD enum status hub_run(struct engine *engine, const struct reading_source *cases,
                              const struct hub_doors *doors, struct hub_again again);

#endif
