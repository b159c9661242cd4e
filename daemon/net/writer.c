#include "net/writer.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "engine/timeguard.h"

#include <sys/prctl.h>
#include <time.h>

static void put(struct tray *tray, struct batch *batch)
{
    MUST(tray->count < WRITER_BATCHES);
    tray->batches[tray->count++] = batch;
}

static struct batch *take_first(struct tray *tray)
{
    if (tray->count == 0) {
        return NULL;
    }

    struct batch *first = tray->batches[0];

    for (uint32_t i = 1; i < tray->count; i++) {
        tray->batches[i - 1] = tray->batches[i];
    }
    tray->count--;
    return first;
}

/* How the writer's own turn goes: what is unsaved, and since when. */
struct turns {
    uint64_t count;
    uint64_t checkpoint_seq;  /* the state is saved up to here */
    int64_t unsaved_since_ms; /* steady; only while something is unsaved */
    int64_t looked_ms;        /* steady; when the store's room was looked at */
    int64_t now_ms;           /* the time of the last turn */
    int64_t next_ms;          /* when something falls due next */
    uint64_t fired_count;
    struct timeguard time;
};

/* Whether a reader waits for a checkpoint. The mutex is held. */
static bool somebody_waits(const struct writer *writer)
{
    return writer->wanted_seq > writer->bulletin.saved_seq;
}

static bool somebody_asks(const struct writer *writer)
{
    return somebody_waits(writer) || writer->wanted_turn > writer->bulletin.turn;
}

/* Sleep until there is a batch, something falls due, or a checkpoint does. */
static struct batch *wait_for_work(struct writer *writer, int64_t until_ms, bool *stop)
{
    struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
    int rc = 0;

    (void)pthread_mutex_lock(&writer->mutex);
    while (writer->todo.count == 0 && !writer->stop && rc == 0 && !somebody_asks(writer)) {
        rc = pthread_cond_timedwait(&writer->work, &writer->mutex, &until);
    }

    struct batch *batch = take_first(&writer->todo);

    *stop = writer->stop && batch == NULL;
    (void)pthread_mutex_unlock(&writer->mutex);
    return batch;
}

/* Say how far it is, give back the batch that is done (or NULL), and wake whoever waits for
 * either. Whether a reader waits for a checkpoint. */
static bool show(struct writer *writer, const struct turns *turns, struct batch *batch)
{
    struct engine *engine = writer->engine;
    struct bulletin bulletin = {
        .turn = turns->count,
        .flushed_seq = engine_seq(engine),
        .saved_seq = turns->checkpoint_seq,
        .now_ms = turns->now_ms,
        .next_ms = turns->next_ms,
        .guarded = turns->time.guarded,
        .fired_count = turns->fired_count,
        .use = engine_use(engine),
    };

    (void)pthread_mutex_lock(&writer->mutex);

    bool news =
        batch != NULL || bulletin.flushed_seq != writer->bulletin.flushed_seq ||
        bulletin.saved_seq != writer->bulletin.saved_seq ||
        (bulletin.turn != writer->bulletin.turn && bulletin.turn == writer->wanted_turn);

    writer->bulletin = bulletin;
    if (engine_law(engine) != writer->law->law) {
        law_release(writer->law);
        writer->law = engine_hold_law(engine);
    }
    if (batch != NULL) {
        put(&writer->done, batch);
    }

    bool wanted = somebody_waits(writer);

    (void)pthread_mutex_unlock(&writer->mutex);
    if (news) {
        writer->wake(writer->context);
    }
    return wanted;
}

/* The wall clock may have jumped meanwhile, and others may have filled the disk. */
enum { LOOK_AGAIN_MS = 1000 };

/* When the thread has to look again although nobody came, on the steady clock. */
static int64_t next_turn_ms(const struct writer *writer, const struct turns *turns)
{
    int64_t now_ms = clock_steady_ms();
    int64_t until_ms = now_ms + LOOK_AGAIN_MS;

    if (turns->next_ms != INSTANT_NEVER) {
        int64_t left_ms = turns->next_ms - clock_wall_ms();

        left_ms = left_ms > 0 ? clock_steady_span_ms(left_ms) : 0;
        until_ms = left_ms < LOOK_AGAIN_MS ? now_ms + left_ms : until_ms;
    }
    if (engine_seq(writer->engine) > turns->checkpoint_seq) {
        int64_t save_ms = turns->unsaved_since_ms + WRITER_CHECKPOINT_MS;

        until_ms = save_ms < until_ms ? save_ms : until_ms;
    }
    return work_until_ms(writer->workers, until_ms);
}

static enum status save(struct writer *writer, struct turns *turns)
{
    enum status status = engine_checkpoint(writer->engine);

    if (status == STATUS_OK) {
        turns->checkpoint_seq = engine_seq(writer->engine);
        (void)show(writer, turns, NULL);
    }
    return status;
}

/* The hour; an alarm when time begins or ends to be guarded. */
static struct hour look_at_clock(struct turns *turns)
{
    bool before = turns->time.guarded;
    int64_t wall_ms = clock_wall_ms();
    int64_t now_ms = timeguard_look(&turns->time, wall_ms, clock_paced_steady_ms());

    if (turns->time.guarded && !before) {
        log_error(
            "time.guarded wall_ms=%lld expected_ms=%lld do=\"nothing fires: set the clock "
            "right, or accept it: duban time accept\"",
            (long long)wall_ms, (long long)now_ms);
    } else if (before && !turns->time.guarded) {
        log_warn("time.released wall_ms=%lld", (long long)wall_ms);
    }
    return (struct hour){.now_ms = now_ms, .wall_ms = wall_ms, .guarded = turns->time.guarded};
}

/* Judge the batch; where it accepts the wall clock, the hour is another after it. */
static void judge(struct writer *writer, struct turns *turns, struct batch *batch,
                  struct hour *hour)
{
    struct copying copying;

    writer->copier.look(writer->copier.context, &copying);
    hour->backing_up = copying.state == COPYING_RUNS;
    batch_judge(batch, writer->engine, &writer->workers->roster, hour);
    if (batch->accepts_time) {
        timeguard_accept(&turns->time, hour->wall_ms, clock_paced_steady_ms());
        log_warn("time.accepted wall_ms=%lld expected_ms=%lld", (long long)hour->wall_ms,
                 (long long)hour->now_ms);
        *hour = look_at_clock(turns);
    }
}

/* A row may need a page; where few are left, what is written is looked at sooner. */
static bool has_grown_large(const struct engine *engine)
{
    enum { PAGE_BYTES = 4096 };
    struct store_use use = engine_use(engine);
    uint64_t quarter = (use.bytes_max - use.used_bytes) / PAGE_BYTES / 4;

    return engine_unsaved(engine) >=
           (quarter < WRITER_UNSAVED_MAX ? quarter : WRITER_UNSAVED_MAX);
}

/* One turn: judge, fire, flush once, show, and now and then save. */
static enum status turn(struct writer *writer, struct turns *turns, struct batch *batch)
{
    int64_t steady_ms = clock_steady_ms();
    struct hour hour = look_at_clock(turns);
    bool wants_save = false;
    bool saved = engine_seq(writer->engine) == turns->checkpoint_seq;

    if (steady_ms - turns->looked_ms >= LOOK_AGAIN_MS) {
        turns->looked_ms = steady_ms;
        engine_look(writer->engine);
    }
    work_look(writer->workers, hour.now_ms);
    if (batch != NULL) {
        judge(writer, turns, batch, &hour);
        wants_save = batch->wants_save;
    }
    if (!hour.guarded) {
        turns->fired_count += engine_fire(writer->engine, hour.now_ms, WRITER_FIRE_MAX);
    }
    (void)engine_sweep(writer->engine, hour.now_ms, WRITER_FIRE_MAX);
    work_tend(writer->workers, !hour.guarded);

    enum status status = wants_save ? save(writer, turns) : engine_flush(writer->engine);

    if (status != STATUS_OK) {
        return status; /* its outcome is unknown: show nothing */
    }
    if (batch != NULL && batch->wants_backup.size > 0) {
        writer->copier.begin(writer->copier.context, batch->wants_backup);
    }
    turns->now_ms = hour.now_ms;
    turns->next_ms = engine_next_ms(writer->engine);
    turns->count++;
    work_show(writer->workers);

    bool wanted = show(writer, turns, batch);

    if (engine_seq(writer->engine) == turns->checkpoint_seq) {
        return STATUS_OK;
    }
    if (saved) {
        turns->unsaved_since_ms = steady_ms;
    }

    bool due = steady_ms - turns->unsaved_since_ms >= WRITER_CHECKPOINT_MS ||
               has_grown_large(writer->engine);

    return wanted || due ? save(writer, turns) : STATUS_OK;
}

static enum status live(struct writer *writer)
{
    struct turns turns = {.checkpoint_seq = engine_seq(writer->engine),
                          .next_ms = engine_next_ms(writer->engine),
                          .time.bound_ms = TIMEGUARD_BOUND_MS * clock_rate()};
    enum status status = STATUS_OK;

    work_begin(writer->workers, writer->engine);
    timeguard_begin(&turns.time, clock_wall_ms(), clock_paced_steady_ms(),
                    engine_now(writer->engine, 0), clock_is_synchronised());
    if (turns.time.guarded) {
        log_error(
            "time.guarded latest_ms=%lld do=\"nothing fires: set the clock right, or accept "
            "it: duban time accept\"",
            (long long)engine_now(writer->engine, 0));
    }

    while (status == STATUS_OK) {
        bool stop;
        struct batch *batch = wait_for_work(writer, next_turn_ms(writer, &turns), &stop);

        if (stop) {
            return save(writer, &turns);
        }
        status = turn(writer, &turns, batch);
    }
    return status;
}

static void *run(void *context)
{
    struct writer *writer = context;

    (void)prctl(PR_SET_NAME, "duban-writer");

    enum status status = live(writer);

    if (status != STATUS_OK) {
        log_error("writer.stopped reason=\"%s\"", status_text(status));
    }
    (void)pthread_mutex_lock(&writer->mutex);
    writer->status = status;
    writer->stop = true;
    (void)pthread_mutex_unlock(&writer->mutex);
    writer->wake(writer->context);
    return NULL;
}

enum status writer_start(struct writer *writer, struct engine *engine,
                         const struct copier *copier, struct work *work,
                         void (*wake)(void *context), void *context)
{
    pthread_condattr_t steady;

    /* The store is not asked here: its transaction belongs to the thread that began it. */
    *writer = (struct writer){
        .engine = engine,
        .copier = *copier,
        .workers = work,
        .wake = wake,
        .context = context,
        .bulletin = {.flushed_seq = engine_seq(engine),
                     .saved_seq = engine_seq(engine),
                     .now_ms = engine_now(engine, clock_wall_ms()),
                     .next_ms = INSTANT_NEVER,
                     .use = engine_use(engine)},
        .law = engine_hold_law(engine),
    };
    (void)pthread_mutex_init(&writer->mutex, NULL);
    (void)pthread_condattr_init(&steady);
    (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&writer->work, &steady);
    (void)pthread_condattr_destroy(&steady);
    return pthread_create(&writer->thread, NULL, run, writer) == 0 ? STATUS_OK
                                                                   : STATUS_NO_MEMORY;
}

enum status writer_stop(struct writer *writer)
{
    (void)pthread_mutex_lock(&writer->mutex);
    writer->stop = true;
    (void)pthread_cond_signal(&writer->work);
    (void)pthread_mutex_unlock(&writer->mutex);
    (void)pthread_join(writer->thread, NULL);
    return writer->status;
}

void writer_close(struct writer *writer)
{
    if (writer->engine == NULL) {
        return;
    }
    (void)pthread_cond_destroy(&writer->work);
    (void)pthread_mutex_destroy(&writer->mutex);
    law_release(writer->law);
}

void writer_give(struct writer *writer, struct batch *batch)
{
    (void)pthread_mutex_lock(&writer->mutex);
    put(&writer->todo, batch);
    (void)pthread_mutex_unlock(&writer->mutex);
    (void)pthread_cond_signal(&writer->work); /* after, or it wakes to wait for the mutex */
}

bool writer_is_hungry(struct writer *writer)
{
    (void)pthread_mutex_lock(&writer->mutex);

    bool hungry = writer->todo.count == 0;

    (void)pthread_mutex_unlock(&writer->mutex);
    return hungry;
}

struct batch *writer_take(struct writer *writer, bool *failed)
{
    (void)pthread_mutex_lock(&writer->mutex);

    struct batch *batch = take_first(&writer->done);

    *failed = writer->status != STATUS_OK;
    (void)pthread_mutex_unlock(&writer->mutex);
    return batch;
}

struct bulletin writer_bulletin(struct writer *writer)
{
    (void)pthread_mutex_lock(&writer->mutex);

    struct bulletin bulletin = writer->bulletin;

    (void)pthread_mutex_unlock(&writer->mutex);
    return bulletin;
}

struct held_law *writer_hold_law(struct writer *writer)
{
    (void)pthread_mutex_lock(&writer->mutex);

    struct held_law *law = law_hold(writer->law);

    (void)pthread_mutex_unlock(&writer->mutex);
    return law;
}

void writer_want_saved(struct writer *writer, uint64_t seq)
{
    (void)pthread_mutex_lock(&writer->mutex);
    if (seq > writer->wanted_seq && seq <= writer->bulletin.flushed_seq) {
        writer->wanted_seq = seq;
        (void)pthread_cond_signal(&writer->work);
    }
    (void)pthread_mutex_unlock(&writer->mutex);
}

uint64_t writer_want_turn(struct writer *writer)
{
    (void)pthread_mutex_lock(&writer->mutex);

    /* The one that runs may have looked already. */
    uint64_t turn = writer->bulletin.turn + 2;

    writer->wanted_turn = turn;
    (void)pthread_cond_signal(&writer->work);
    (void)pthread_mutex_unlock(&writer->mutex);
    return turn;
}
