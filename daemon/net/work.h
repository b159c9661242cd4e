#ifndef DUBAN_NET_WORK_H
#define DUBAN_NET_WORK_H

/*
 * The work door, between the two threads. What workers say comes in batches, as events and acts
 * do, and is judged by the writer, which keeps the roster; what they are told without asking
 * goes into a bag, which the loop is given after the flush, empties into the door, and gives
 * back. There are only so many bags: while the loop has them all no job is handed out.
 */
#include "engine/roster.h"
#include "net/door.h"

#include <pthread.h>

#define WORK_BAGS     4
#define WORK_LOST_MAX 64

/* A worker as the writer last saw it; for whoever asks. */
struct work_line {
    char name[WIRE_NAME_MAX + 1];
    char version[WIRE_NAME_MAX + 1];
    char channels[WIRE_CHANNELS_MAX][WIRE_CHANNEL_BYTES_MAX + 1];
    uint32_t channel_count;
    bool connected;
    uint32_t credit;
    uint32_t held;
    uint32_t begun;
    uint64_t done_count;
    uint64_t fail_count;
    int64_t came_ms;
    int64_t seen_ms;
};

struct work_tray {
    struct outbox *bags[WORK_BAGS];
    uint32_t count;
};

struct work_lost {
    struct caller caller;
    uint64_t token;
};

struct work {
    struct roster roster;   /* the writer's own while it runs */
    struct outbox *filling; /* the same; NULL: the loop has all */
    struct outbox *bags;    /* owned: WORK_BAGS */
    pthread_mutex_t mutex;
    struct work_tray idle;                /* guarded by the mutex */
    struct work_tray full;                /* guarded by the mutex */
    bool starved;                         /* the writer waits for a bag; guarded by the mutex */
    struct work_lost lost[WORK_LOST_MAX]; /* could not be sent; guarded by the mutex */
    uint32_t lost_count;                  /* guarded by the mutex */
    struct work_line lines[ROSTER_WORKERS_MAX]; /* guarded by the mutex */
    uint32_t line_count;                        /* guarded by the mutex */
};

NODISCARD enum status work_open(struct work *work);
/* A zeroed one is fine. */
void work_close(struct work *work);

/* On the writer's thread: once, then in each turn in this order. */
void work_begin(struct work *work, struct engine *engine);
void work_look(struct work *work, int64_t now_ms);
/* After what is due has fired. `grants`: time is not guarded. */
void work_tend(struct work *work, bool grants);
/* After the flush, and before the loop is woken. */
void work_show(struct work *work);
/* When the writer is to look again at the latest, of the steady clock. */
int64_t work_until_ms(const struct work *work, int64_t until_ms);

/* On the loop's thread: send what the writer has shown. True: the writer is to look again. */
bool work_send(struct work *work, struct door *door);
/* The writer has ended: tell the workers, so that they wait for the next daemon. */
void work_stop(struct work *work, struct door *door);

/* On any thread: the workers as they were last seen; how many. */
uint32_t work_list(struct work *work, struct work_line lines[ROSTER_WORKERS_MAX]);

#endif
