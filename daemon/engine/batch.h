#ifndef DUBAN_ENGINE_BATCH_H
#define DUBAN_ENGINE_BATCH_H

/*
 * What goes from the sockets to the writer and back: requests that are judged together, made
 * durable by one flush, and answered together. All memory is the batch's own and sized once, so
 * overload shows as a full batch, never as growth.
 */
#include "codec/wire.h"
#include "engine/engine.h"

#define BATCH_REQUESTS_MAX 256
#define BATCH_EVENTS_MAX   1024

/* The doors differ in the verbs they take. */
enum batch_door { DOOR_EVENTS, DOOR_CONTROL, DOOR_WORK, DOOR_COUNT };

struct caller;
struct roster;

struct batch_request {
    struct wire_request wire;
    enum batch_door door;
    const struct caller *caller; /* DOOR_WORK: whose connection it came by */
    struct bytes reply; /* in the batch's memory; empty: no room, it will be asked again */
};

struct batch {
    struct arena in;    /* what was decoded */
    struct arena out;   /* the replies */
    uint8_t *in_bytes;  /* owned */
    uint8_t *out_bytes; /* owned */
    uint8_t *in_start;
    uint8_t *out_start;
    struct batch_request requests[BATCH_REQUESTS_MAX];
    uint32_t request_count;
    uint32_t event_count;
    bool accepts_time;        /* an operator says that the wall clock is right */
    bool wants_save;          /* a request is answered only when the state is saved */
    struct text wants_backup; /* … and then a backup to this folder is begun; empty: none */
};

/* The hour at which a batch is judged. */
struct hour {
    int64_t now_ms;  /* to go by */
    int64_t wall_ms; /* what the wall clock says; far from it while … */
    bool guarded;    /* … time is guarded, and nothing fires */
    bool backing_up; /* a backup goes on */
};

/* False: out of memory. */
NODISCARD bool batch_init(struct batch *batch);
void batch_fini(struct batch *batch);
void batch_empty(struct batch *batch);

/*
 * Add a frame. STATUS_FULL: it goes into another batch. What is malformed is added too, already
 * answered, so that replies keep their order.
 */
NODISCARD enum status batch_add(struct batch *batch, enum batch_door door, struct bytes frame);

/* Say by which connection the request came that was added last: workers are known by theirs. */
void batch_sign(struct batch *batch, struct bytes route, bool delimited);

/* Judge every request of it, and write the replies: to be shown after the flush. */
void batch_judge(struct batch *batch, struct engine *engine, struct roster *roster,
                 const struct hour *hour);

#endif
