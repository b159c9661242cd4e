#include "net/work.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

static void put(struct work_tray *tray, struct outbox *bag)
{
    tray->bags[tray->count++] = bag;
}

static struct outbox *take(struct work_tray *tray)
{
    if (tray->count == 0) {
        return NULL;
    }

    struct outbox *first = tray->bags[0];

    for (uint32_t i = 1; i < tray->count; i++) {
        tray->bags[i - 1] = tray->bags[i];
    }
    tray->count--;
    return first;
}

enum status work_open(struct work *work)
{
    *work = (struct work){.bags = calloc(WORK_BAGS, sizeof(struct outbox))};
    (void)pthread_mutex_init(&work->mutex, NULL);
    if (work->bags == NULL || !roster_open(&work->roster, clock_rate())) {
        return STATUS_NO_MEMORY;
    }
    for (uint32_t i = 0; i < WORK_BAGS; i++) {
        if (!outbox_open(&work->bags[i])) {
            return STATUS_NO_MEMORY;
        }
        put(&work->idle, &work->bags[i]);
    }
    return STATUS_OK;
}

void work_close(struct work *work)
{
    if (work->bags == NULL) {
        return;
    }
    for (uint32_t i = 0; i < WORK_BAGS; i++) {
        outbox_close(&work->bags[i]);
    }
    free(work->bags);
    roster_close(&work->roster);
    (void)pthread_mutex_destroy(&work->mutex);
    *work = (struct work){0};
}

/* ---- on the writer's thread */

void work_begin(struct work *work, struct engine *engine)
{
    roster_begin(&work->roster, engine, clock_steady_ms());
}

void work_look(struct work *work, int64_t now_ms)
{
    struct work_lost lost[WORK_LOST_MAX];
    uint32_t count;

    (void)pthread_mutex_lock(&work->mutex);
    count = work->lost_count;
    memcpy(lost, work->lost, count * sizeof(*lost));
    work->lost_count = 0;
    if (work->filling == NULL) {
        work->filling = take(&work->idle);
    }
    work->starved = false;
    (void)pthread_mutex_unlock(&work->mutex);
    roster_look(&work->roster, work->filling, now_ms, clock_steady_ms());
    for (uint32_t i = 0; i < count; i++) {
        roster_lost(&work->roster, &lost[i].caller, lost[i].token);
    }
}

void work_tend(struct work *work, bool grants)
{
    roster_tend(&work->roster, grants);
}

static void copy(char *out, struct text text)
{
    if (text.size > 0) {
        memcpy(out, text.bytes, text.size);
    }
    out[text.size] = '\0';
}

static void write_line(const struct worker *worker, struct work_line *line)
{
    line->channel_count = worker->channel_count;
    line->connected = worker->caller.size > 0;
    line->credit = worker->credit;
    line->held = worker->held;
    line->begun = worker->begun;
    line->done_count = worker->done_count;
    line->fail_count = worker->fail_count;
    line->came_ms = worker->came_ms;
    line->seen_ms = worker->seen_ms;
    copy(line->name, worker->name);
    copy(line->version, worker->version);
    for (uint32_t i = 0; i < worker->channel_count; i++) {
        copy(line->channels[i], worker->channels[i]);
    }
}

/* The mutex is held. */
static void write_lines(struct work *work)
{
    const struct roster *roster = &work->roster;

    work->line_count = 0;
    for (uint32_t i = 0; i < ROSTER_WORKERS_MAX && work->line_count < roster->worker_count;
         i++) {
        if (!text_empty(roster->workers[i].name)) {
            write_line(&roster->workers[i], &work->lines[work->line_count++]);
        }
    }
}

void work_show(struct work *work)
{
    bool says = work->filling != NULL && work->filling->count > 0;

    if (!says && !work->roster.starved && work->roster.worker_count == 0 &&
        work->line_count == 0) {
        return; /* nobody is there; line_count is written by this thread alone */
    }
    (void)pthread_mutex_lock(&work->mutex);
    write_lines(work);
    work->starved = work->roster.starved;
    work->roster.cut = work->roster.cut || (work->starved && work->idle.count > 0);
    if (says) {
        put(&work->full, work->filling);
        work->filling = NULL;
    }
    (void)pthread_mutex_unlock(&work->mutex);
}

int64_t work_until_ms(const struct work *work, int64_t until_ms)
{
    int64_t now_ms = clock_steady_ms();

    return until_ms <= now_ms ? until_ms
                              : now_ms + roster_wait_ms(&work->roster, until_ms - now_ms);
}

/* ---- on the loop's thread */

static void send_one(struct work *work, struct door *door, const struct outgoing *out)
{
    zmq_msg_t route;

    if (zmq_msg_init_size(&route, out->to.size) != 0) {
        return;
    }
    memcpy(zmq_msg_data(&route), out->to.bytes, out->to.size);

    enum status status = door_tell(door, &route, out->to.delimited, out->frame);

    (void)zmq_msg_close(&route);
    if (status != STATUS_OK && out->token != 0) {
        (void)pthread_mutex_lock(&work->mutex);
        if (work->lost_count < WORK_LOST_MAX) { /* others wait for their leases' ends */
            work->lost[work->lost_count++] =
                (struct work_lost){.caller = out->to, .token = out->token};
        }
        (void)pthread_mutex_unlock(&work->mutex);
    }
}

static struct outbox *take_full(struct work *work)
{
    (void)pthread_mutex_lock(&work->mutex);

    struct outbox *bag = take(&work->full);

    (void)pthread_mutex_unlock(&work->mutex);
    return bag;
}

static void send_bag(struct work *work, struct door *door, struct outbox *bag)
{
    for (uint32_t i = 0; i < bag->count; i++) {
        send_one(work, door, &bag->list[i]);
    }
    outbox_empty(bag);
}

bool work_send(struct work *work, struct door *door)
{
    for (struct outbox *bag = take_full(work); bag != NULL; bag = take_full(work)) {
        send_bag(work, door, bag);
        (void)pthread_mutex_lock(&work->mutex);
        put(&work->idle, bag);
        (void)pthread_mutex_unlock(&work->mutex);
    }
    (void)pthread_mutex_lock(&work->mutex);

    bool again = work->lost_count > 0 || (work->starved && work->idle.count > 0);

    (void)pthread_mutex_unlock(&work->mutex);
    return again;
}

void work_stop(struct work *work, struct door *door)
{
    (void)work_send(work, door);

    struct outbox *bag = work->filling != NULL ? work->filling : take(&work->idle);

    outbox_empty(bag);
    roster_stop(&work->roster, bag);
    send_bag(work, door, bag);
}

uint32_t work_list(struct work *work, struct work_line lines[ROSTER_WORKERS_MAX])
{
    (void)pthread_mutex_lock(&work->mutex);

    uint32_t count = work->line_count;

    memcpy(lines, work->lines, count * sizeof(*lines));
    (void)pthread_mutex_unlock(&work->mutex);
    return count;
}
