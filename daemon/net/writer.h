#ifndef DUBAN_NET_WRITER_H
#define DUBAN_NET_WRITER_H

/*
 * The writer's thread: it alone drives the engine. Batches come in, are judged and flushed, and
 * go back; in between what falls due is fired, in slices, so that neither starves the other.
 * While it flushes one batch the loop fills the next.
 */
#include "engine/batch.h"
#include "net/copying.h"
#include "net/work.h"

#include <pthread.h>

#define WRITER_BATCHES       3
#define WRITER_FIRE_MAX      256 /* moments between two batches */
#define WRITER_CHECKPOINT_MS 200
#define WRITER_UNSAVED_MAX   8192 /* rows that wait for a checkpoint: 32 MiB of pages at most */

/* A queue of batches between two threads; it is never full, for there are only so many. */
struct tray {
    struct batch *batches[WRITER_BATCHES];
    uint32_t count;
};

/* What the writer last said of itself, after a flush; for whoever reads beside it. */
struct bulletin {
    uint64_t turn;        /* how often it has looked at the clock, the doors and what is due */
    uint64_t flushed_seq; /* records up to here may be shown */
    uint64_t saved_seq;   /* the state is saved up to here: what a snapshot has seen */
    int64_t now_ms;       /* the time it goes by */
    int64_t next_ms;      /* when something falls due next; INSTANT_NEVER: nothing does */
    bool guarded;         /* time is: nothing fires */
    uint64_t fired_count; /* moments, since it began */
    struct store_use use; /* how full the store is */
};

struct writer {
    struct engine *engine; /* borrowed; the writer thread's own while it runs */
    struct copier copier;  /* who makes backups */
    struct work *workers;  /* borrowed; what it says to them */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t work;
    struct tray todo;            /* guarded by the mutex */
    struct tray done;            /* guarded by the mutex */
    bool stop;                   /* guarded by the mutex */
    uint64_t wanted_seq;         /* somebody waits until this is saved; guarded by the mutex */
    uint64_t wanted_turn;        /* … or until this turn; guarded by the mutex */
    struct bulletin bulletin;    /* guarded by the mutex */
    struct held_law *law;        /* the same as the engine's; guarded by the mutex */
    enum status status;          /* why it ended; guarded by the mutex */
    void (*wake)(void *context); /* called by the writer's thread when something is done */
    void *context;
};

/* Start the thread. `wake` must be safe from another thread; it is called when a batch is done,
 * when records were flushed and when the state was saved. */
NODISCARD enum status writer_start(struct writer *writer, struct engine *engine,
                                   const struct copier *copier, struct work *work,
                                   void (*wake)(void *context), void *context);
/* Finish what was handed over, make a checkpoint, and join. How it ended. */
NODISCARD enum status writer_stop(struct writer *writer);
/* After it has stopped, and nobody asks it any more. A zeroed one is fine. */
void writer_close(struct writer *writer);

/* Hand a batch over. */
void writer_give(struct writer *writer, struct batch *batch);
/* Whether the writer has nothing waiting: then a batch is handed over, however small. */
bool writer_is_hungry(struct writer *writer);
/* A batch that is done and durable, or NULL. *failed: the writer has ended. */
struct batch *writer_take(struct writer *writer, bool *failed);

/* On any thread, from writer_start to writer_close: */
struct bulletin writer_bulletin(struct writer *writer);
/* The law, to be released. It knows whatever was saved or shown before it was asked for. */
struct held_law *writer_hold_law(struct writer *writer);
/* Bring the next checkpoint forward, until a record is saved. */
void writer_want_saved(struct writer *writer, uint64_t seq);
/* Have it look again now; the answer is the turn in which it will have. */
uint64_t writer_want_turn(struct writer *writer);

#endif
