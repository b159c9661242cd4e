#include "net/hub.h"

#include "base/log.h"
#include "base/must.h"
#include "net/endpoint.h"
#include "net/supervisor.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { TURN_MAX = 256 };

static bool wants_letter(const struct hub *hub)
{
    return !hub->stopping && !hub->holds;
}

static void next_parcel(struct hub *hub)
{
    hub->filling = hub->idle_count > 0 ? hub->idle[--hub->idle_count] : NULL;
}

static void hand_over(struct hub *hub)
{
    if (hub->filling != NULL && hub->filling->batch.request_count > 0 &&
        writer_is_hungry(&hub->writer)) {
        writer_give(&hub->writer, &hub->filling->batch);
        next_parcel(hub);
    }
}

/* Put a letter into the batch that is being filled; false: it has no place there. */
static bool file_letter(struct hub *hub, enum batch_door door, struct letter *letter)
{
    struct parcel *parcel = hub->filling;

    if (parcel == NULL) {
        return false;
    }

    uint32_t place = parcel->batch.request_count;

    if (batch_add(&parcel->batch, door, letter_body(letter)) == STATUS_FULL) {
        return false;
    }
    parcel->letters[place] = *letter; /* moved: the copy owns the frames now */
    if (door == DOOR_WORK) {
        batch_sign(&parcel->batch, letter_route(&parcel->letters[place]), letter->delimited);
    }
    return true;
}

/* Those who wait come before those who are still outside. */
static void seat_those_who_wait(struct hub *hub)
{
    for (struct seat *seat = intake_first(&hub->intake);
         seat != NULL && file_letter(hub, seat->door, &seat->letter);
         seat = intake_first(&hub->intake)) {
        intake_next(&hub->intake);
    }
}

/* Nearly every letter goes straight into the batch. One that cannot even be refused is held,
 * and nothing is read behind it: it comes in when others have left the room. */
static void take_in(struct hub *hub, enum batch_door door, struct letter *letter)
{
    struct bytes reply;

    hub->holds = false;
    if (intake_passes(&hub->intake, door, letter) && file_letter(hub, door, letter)) {
        return;
    }
    switch (intake_admit(&hub->intake, door, letter, (int64_t)uv_now(&hub->loop), &reply)) {
    case INTAKE_TAKEN:
        break;
    case INTAKE_BUSY:
        door_answer(&hub->doors[door], letter, reply);
        break;
    case INTAKE_HELD:
        hub->holds = true;
        hub->held = *letter;
        hub->held_door = door;
        break;
    }
}

/* Questions and followers, who read beside the writer. */
static bool is_about_reading(struct hub *hub, struct letter *letter)
{
    bool crowded = !intake_has_room_for_questions(&hub->intake);

    return reading_takes(&hub->reading, letter, crowded) ||
           following_takes(&hub->following, letter);
}

/* Take what waits at one door. */
static void gather_at(struct hub *hub, enum batch_door door)
{
    for (uint32_t i = 0; i < TURN_MAX && wants_letter(hub); i++) {
        struct letter letter;
        enum status status = door_take(&hub->doors[door], &letter);

        if (status == STATUS_NOT_FOUND) {
            return;
        }
        if (status == STATUS_OK && !(door == DOOR_CONTROL && is_about_reading(hub, &letter))) {
            take_in(hub, door, &letter);
        }
    }
}

static void gather(struct hub *hub)
{
    seat_those_who_wait(hub);
    if (hub->holds) {
        struct letter held = hub->held;

        take_in(hub, hub->held_door, &held);
    }
    for (enum batch_door door = 0; door < DOOR_COUNT; door++) {
        gather_at(hub, door);
    }
    seat_those_who_wait(hub);
    hand_over(hub);
}

static void answer(struct hub *hub, struct parcel *parcel)
{
    for (uint32_t i = 0; i < parcel->batch.request_count; i++) {
        struct bytes reply = parcel->batch.requests[i].reply;

        if (reply.size > 0) {
            door_answer(&hub->doors[parcel->batch.requests[i].door], &parcel->letters[i],
                        reply);
        } else {
            letter_drop(&parcel->letters[i]);
        }
    }
    batch_empty(&parcel->batch);
    hub->idle[hub->idle_count++] = parcel;
    if (hub->filling == NULL) {
        next_parcel(hub);
    }
}

static void stop(struct hub *hub, enum status status)
{
    if (!hub->stopping) {
        hub->stopping = true;
        hub->status = status;
        uv_stop(&hub->loop);
    }
}

static void hub_on_done(uv_async_t *done)
{
    struct hub *hub = done->data;
    bool failed = false;

    for (;;) {
        struct batch *batch = writer_take(&hub->writer, &failed);

        if (batch == NULL) {
            break;
        }
        answer(hub, (struct parcel *)batch);
    }
    if (failed) {
        stop(hub, STATUS_DISK);
    }
    if (work_send(&hub->work, &hub->doors[DOOR_WORK])) {
        (void)writer_want_turn(&hub->writer);
    }
    hints_tell(&hub->hints, writer_bulletin(&hub->writer).flushed_seq);
    reading_go_on(&hub->reading);
    following_go_on(&hub->following);
    hand_over(hub);
}

static void hub_on_wake(uv_poll_t *wake, int error, int events)
{
    (void)error;
    (void)events;
    door_wake(wake->data); /* the check callback does the work */
}

static void hub_on_idle(uv_idle_t *no_sleep)
{
    (void)no_sleep; /* its being active is the point */
}

/* Last call before the loop may sleep: a send made in this turn can have eaten the edge. */
static void hub_on_prepare(uv_prepare_t *before_sleep)
{
    struct hub *hub = before_sleep->data;

    bool waits = false;

    for (enum batch_door door = 0; door < DOOR_COUNT; door++) {
        waits = waits || (wants_letter(hub) && door_has_letter(&hub->doors[door]));
    }
    if (waits) {
        uv_idle_start(&hub->no_sleep, hub_on_idle);
    } else {
        uv_idle_stop(&hub->no_sleep);
    }
}

static void hub_on_check(uv_check_t *after_sleep)
{
    struct hub *hub = after_sleep->data;

    gather(hub);
    hints_look(&hub->hints);
}

static void hub_on_signal(uv_signal_t *signal, int number)
{
    log_info("hub.stopping signal=%d", number);
    stop(signal->data, STATUS_OK);
}

static void hub_on_reload(uv_signal_t *signal, int number)
{
    struct hub *hub = signal->data;

    supervisor_reloads();

    mode_t mode = hub->again.read(hub->again.context);
    bool set = endpoint_set_mode(hub->hints.door.endpoint, mode) == STATUS_OK;

    for (enum batch_door door = 0; door < DOOR_COUNT; door++) {
        set = endpoint_set_mode(hub->doors[door].endpoint, mode) == STATUS_OK && set;
    }
    supervisor_tell("READY=1");
    log_info("hub.reloaded signal=%d doors=%s", number, set ? "set" : "failed");
}

static void wake_loop(void *context)
{
    struct hub *hub = context;

    (void)uv_async_send(&hub->done);
}

static enum status open_parcels(struct hub *hub)
{
    hub->parcels = calloc(WRITER_BATCHES, sizeof(struct parcel));
    if (hub->parcels == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (uint32_t i = 0; i < WRITER_BATCHES; i++) {
        if (!batch_init(&hub->parcels[i].batch)) {
            return STATUS_NO_MEMORY;
        }
        hub->idle[hub->idle_count++] = &hub->parcels[i];
    }
    next_parcel(hub);
    return STATUS_OK;
}

static void watch_door(struct hub *hub, uint32_t place, struct door *door)
{
    uv_poll_init(&hub->loop, &hub->wake[place], door_fd(door));
    hub->wake[place].data = door;
    uv_poll_start(&hub->wake[place], UV_READABLE, hub_on_wake);
}

static void watch_signal(struct hub *hub, uv_signal_t *signal, uv_signal_cb heard, int number)
{
    uv_signal_init(&hub->loop, signal);
    signal->data = hub;
    uv_signal_start(signal, heard, number);
}

static void open_handles(struct hub *hub, uint64_t seq)
{
    uv_loop_t *loop = &hub->loop;

    for (enum batch_door door = 0; door < DOOR_COUNT; door++) {
        watch_door(hub, door, &hub->doors[door]);
    }
    watch_door(hub, DOOR_COUNT, &hub->hints.door);
    hints_start(&hub->hints, loop, seq);
    uv_prepare_init(loop, &hub->before_sleep);
    uv_check_init(loop, &hub->after_sleep);
    uv_idle_init(loop, &hub->no_sleep);
    uv_async_init(loop, &hub->done, hub_on_done);
    hub->before_sleep.data = hub;
    hub->after_sleep.data = hub;
    hub->done.data = hub;
    uv_prepare_start(&hub->before_sleep, hub_on_prepare);
    uv_check_start(&hub->after_sleep, hub_on_check);
    watch_signal(hub, &hub->terminate, hub_on_signal, SIGTERM);
    watch_signal(hub, &hub->interrupt, hub_on_signal, SIGINT);
    watch_signal(hub, &hub->reload, hub_on_reload, SIGHUP);
}

static void close_handle(uv_handle_t *handle, void *context)
{
    (void)context;
    if (!uv_is_closing(handle)) {
        uv_close(handle, NULL);
    }
}

/* What the writer still finished is answered before the doors close. */
static void answer_the_last(struct hub *hub)
{
    bool failed;

    for (;;) {
        struct batch *batch = writer_take(&hub->writer, &failed);

        if (batch == NULL) {
            return;
        }
        answer(hub, (struct parcel *)batch);
    }
}

static enum status serve(struct hub *hub, struct engine *engine)
{
    enum status status = writer_start(&hub->writer, engine, &hub->reading.from.copier,
                                      &hub->work, wake_loop, hub);

    if (status != STATUS_OK) {
        return status;
    }
    watchdog_start(&hub->watchdog, &hub->loop, &hub->writer);
    log_info("hub.serving");
    supervisor_tell("READY=1\nSTATUS=serving");
    uv_run(&hub->loop, UV_RUN_DEFAULT);
    supervisor_tell("STOPPING=1\nSTATUS=saving the state");
    reading_stop(&hub->reading);
    following_stop(&hub->following);

    enum status ended = writer_stop(&hub->writer);

    if (ended == STATUS_OK) {
        answer_the_last(hub);
        work_stop(&hub->work, &hub->doors[DOOR_WORK]);
    }
    return hub->status != STATUS_OK ? hub->status : ended;
}

static void close_all(struct hub *hub)
{
    uv_walk(&hub->loop, close_handle, NULL);
    uv_run(&hub->loop, UV_RUN_DEFAULT); /* until the last slice of an answer has ended, too */
    (void)uv_loop_close(&hub->loop);
    reading_close(&hub->reading);
    following_close(&hub->following);
    writer_close(&hub->writer);
    for (uint32_t i = 0; hub->parcels != NULL && i < WRITER_BATCHES; i++) {
        struct batch *batch = &hub->parcels[i].batch;

        for (uint32_t j = 0; j < batch->request_count; j++) {
            letter_drop(&hub->parcels[i].letters[j]);
        }
        batch_fini(batch);
    }
    free(hub->parcels);
    work_close(&hub->work);
    intake_close(&hub->intake);
    if (hub->holds) {
        letter_drop(&hub->held);
    }
    for (enum batch_door door = 0; door < DOOR_COUNT; door++) {
        door_close(&hub->doors[door]);
    }
    door_close(&hub->hints.door);
    if (hub->zmq != NULL) {
        (void)zmq_ctx_term(hub->zmq);
    }
}

static enum status open_doors(struct hub *hub, const struct hub_doors *doors)
{
    const char *const endpoints[DOOR_COUNT] = {
        [DOOR_EVENTS] = doors->events,
        [DOOR_CONTROL] = doors->control,
        [DOOR_WORK] = doors->work,
    };
    enum status status = STATUS_OK;

    for (enum batch_door door = 0; door < DOOR_COUNT && status == STATUS_OK; door++) {
        status = door_open(&hub->doors[door], hub->zmq, ZMQ_ROUTER,
                           door == DOOR_CONTROL ? ACT_BYTES_MAX : FRAME_BYTES_MAX,
                           endpoints[door], doors->mode);
    }
    return status == STATUS_OK ? door_open(&hub->hints.door, hub->zmq, ZMQ_XPUB,
                                           FRAME_BYTES_MAX, doors->hints, doors->mode)
                               : status;
}

enum status hub_run(struct engine *engine, const struct reading_source *cases,
                    const struct hub_doors *doors, struct hub_again again)
{
    struct hub hub = {.again = again};

    if (uv_loop_init(&hub.loop) != 0) {
        return STATUS_NO_MEMORY;
    }
    hub.zmq = zmq_ctx_new();

    enum status status =
        hub.zmq == NULL || !intake_open(&hub.intake) ? STATUS_NO_MEMORY : open_parcels(&hub);

    if (status == STATUS_OK) {
        status = work_open(&hub.work);
    }
    if (status == STATUS_OK) {
        status = open_doors(&hub, doors);
    }
    if (status == STATUS_OK) {
        status =
            reading_open(&hub.reading, &hub.loop, &hub.doors[DOOR_CONTROL], &hub.writer, cases);
    }
    if (status == STATUS_OK) {
        status = following_open(&hub.following, &hub.loop, &hub.doors[DOOR_CONTROL],
                                &hub.writer, cases);
    }
    if (status == STATUS_OK) {
        open_handles(&hub, engine_seq(engine));
        status = serve(&hub, engine);
    }
    close_all(&hub);
    return status;
}
