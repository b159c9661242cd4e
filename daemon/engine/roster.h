#ifndef DUBAN_ENGINE_ROSTER_H
#define DUBAN_ENGINE_ROSTER_H

/*
 * Who carries notices: workers by name, the connection that each came by, how many jobs it
 * would hold, and the time of its leases. What a lease is stands in the engine and is a record;
 * that somebody is still alive is no matter of record, and stands here. Of sockets and threads
 * nothing is known: what is to be said goes into an outbox, to be shown after the flush.
 *
 *     roster_look, then roster_hear for each request, engine_fire, roster_tend, engine_flush
 *
 * Its time is its own: the steady clock's, but that it stands still while the daemon does. Who
 * was not heard because nobody listened has not been silent.
 */
#include "codec/wire_work.h"
#include "engine/jobs.h"
#include "engine/leases.h"

#define ROSTER_WORKERS_MAX 64
#define ROSTER_CREDIT_MAX  1024
#define ROSTER_GRANTS_MAX  128 /* in one turn */
#define ROSTER_LOST_MAX    256
#define ROSTER_TERM_MS_MIN 1000 /* however fast a demonstration's clock goes */
#define ROSTER_GAP_MS_MAX  2000 /* between two looks; what is more was the daemon's own sleep */
#define ROSTER_DRY_MS      1000 /* a channel that had nothing is asked again by then */

#define CALLER_BYTES_MAX 255

/* A connection, by the name that its door knows it by. */
struct caller {
    uint8_t size; /* 0: none */
    bool delimited;
    uint8_t bytes[CALLER_BYTES_MAX];
};

struct outgoing {
    struct caller to;
    uint64_t token; /* of a job: its lease, which is lost if this cannot be sent; else 0 */
    struct bytes frame;
};

#define OUTBOX_MAX 512

/* What is to be said to workers without their asking, after the flush. */
struct outbox {
    struct arena arena;
    uint8_t *memory; /* owned */
    uint8_t *start;
    struct outgoing list[OUTBOX_MAX];
    uint32_t count;
};

NODISCARD bool outbox_open(struct outbox *outbox);
void outbox_close(struct outbox *outbox);
void outbox_empty(struct outbox *outbox);

struct worker {
    struct text name;     /* empty: this place is free */
    struct caller caller; /* its connection */
    struct text channels[WIRE_CHANNELS_MAX];
    uint32_t channel_count;
    uint32_t next_channel; /* that it is given a job of, if there is one */
    uint32_t credit;
    uint32_t held;       /* its live leases … */
    uint32_t begun;      /* … and of them those that have begun */
    uint64_t done_count; /* since it came */
    uint64_t fail_count;
    int64_t heard_ms; /* the roster's time, when it last said anything */
    int64_t term_ms;  /* it may be silent for so long */
    int64_t came_ms;  /* the daemon's time */
    int64_t seen_ms;
    struct text version; /* of its program */
    char name_bytes[WIRE_NAME_MAX];
    char version_bytes[WIRE_NAME_MAX];
    char channel_bytes[WIRE_CHANNELS_MAX][WIRE_CHANNEL_BYTES_MAX];
};

struct roster {
    struct engine *engine;  /* borrowed */
    int64_t rate;           /* how fast a demonstration's clock goes */
    int64_t steady_ms;      /* when it looked last */
    int64_t own_ms;         /* its own time */
    int64_t now_ms;         /* the daemon's, as of this turn */
    struct worker *workers; /* owned: ROSTER_WORKERS_MAX */
    uint32_t worker_count;
    uint32_t turn; /* whose turn it is to be given a job */
    struct {       /* channels that had nothing to give, by their place among the installed */
        uint64_t readied;
        int64_t until_ms;
    } dry[CHANNELS_MAX];
    struct leases leases;
    struct outbox *outbox; /* borrowed, of this turn; NULL: nothing can be said now */
    bool cut;              /* there was more to do than one turn does */
    bool starved;          /* … or to say than there was room for */
    int64_t
        log_free_ms; /* its own time: what was logged of who comes and goes is paid by then */
};

/* False: out of memory. `rate` is 1 but in demonstrations. */
NODISCARD bool roster_open(struct roster *roster, int64_t rate);
/* A zeroed one is fine. */
void roster_close(struct roster *roster);
/* Find the leases that are live, and give each a full term: its worker may still be at it. */
void roster_begin(struct roster *roster, struct engine *engine, int64_t steady_ms);

/* A turn begins. */
void roster_look(struct roster *roster, struct outbox *outbox, int64_t now_ms,
                 int64_t steady_ms);
/* A worker says something; the answer, in the arena, is empty where there is none. */
struct bytes roster_hear(struct roster *roster, const struct wire_request *request,
                         const struct caller *caller, struct arena *arena);
/* A job could not be sent: its lease is lost, if nothing began, and its worker known no
 * more. */
void roster_lost(struct roster *roster, const struct caller *caller, uint64_t token);
/* Take back what ran out; with `grants` hand out what may leave, if nothing is due any more:
 * what fires may call it back. */
void roster_tend(struct roster *roster, bool grants);
/* In how many ms of the steady clock there is something to do; at most `most_ms`. */
int64_t roster_wait_ms(const struct roster *roster, int64_t most_ms);
/* Tell all who are here that the daemon ends. */
void roster_stop(struct roster *roster, struct outbox *outbox);

#endif
