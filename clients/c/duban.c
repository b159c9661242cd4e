#include "duban.h"

#include "parts.h"

#include <stdlib.h>
#include <time.h>

enum { WINDOW = 1024, RESEND_MS = 5000 };

static enum duban_result too_large(void)
{
    return fail(DUBAN_REFUSED,
                "what is sent at once is larger than 256 KiB, or an act than 1 MiB",
                "一次发送的内容超过 256 KiB，或者操作超过 1 MiB");
}

static enum duban_result no_memory(void)
{
    return fail(DUBAN_NO_MEMORY, "out of memory", "内存不足");
}

static bool init(struct duban *duban, const struct duban_options *options)
{
    pthread_condattr_t steady;

    (void)pthread_mutex_init(&duban->mutex, NULL);
    (void)pthread_condattr_init(&steady);
    (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&duban->turned, &steady);
    (void)pthread_condattr_destroy(&steady);
    duban->poll_fd = duban->nudge_fd = duban->timer_fd = -1;
    duban->window_size = options != NULL && options->window > 0 ? options->window : WINDOW;
    duban->resend_ms =
        options != NULL && options->resend_ms > 0 ? options->resend_ms : RESEND_MS;
    duban->oldest = duban->unsent = duban->next = 1;
    duban->ready_end = &duban->ready;
    duban->window = calloc(duban->window_size, sizeof(*duban->window));
    return duban->window != NULL;
}

enum duban_result duban_open(struct duban **out, const char *endpoint,
                             const struct duban_options *options)
{
    struct duban *duban = calloc(1, sizeof(*duban));

    *out = NULL;
    if (duban == NULL) {
        return no_memory();
    }
    if (!init(duban, options)) {
        duban_close(duban);
        return no_memory();
    }
    if (!link_open(duban, endpoint)) {
        duban_close(duban);
        return fail(DUBAN_NETWORK, "the endpoint cannot be used", "该地址无法使用");
    }
    *out = duban;
    return DUBAN_OK;
}

void duban_close(struct duban *duban)
{
    if (duban == NULL) {
        return;
    }
    link_close(duban);
    follow_end(duban);
    while (duban->ready != NULL) {
        struct answer *answer = duban->ready;

        duban->ready = answer->next;
        free(answer);
    }
    for (uint32_t i = 0; duban->window != NULL && i < duban->window_size; i++) {
        forget(duban, &duban->window[i]);
    }
    free(duban->window);
    (void)pthread_cond_destroy(&duban->turned);
    (void)pthread_mutex_destroy(&duban->mutex);
    free(duban);
}

/* A free place for the next number; NULL: there is none. */
static struct unanswered *next_place(struct duban *duban)
{
    struct unanswered *place = &duban->window[duban->next % duban->window_size];

    return place->number == 0 ? place : NULL;
}

/* Under way from here on; the frame is taken. */
static void begin(struct duban *duban, struct unanswered *place, struct frame frame)
{
    *place = (struct unanswered){.number = duban->next++, .frame = frame};
    duban->count++;
}

static enum duban_result publish(struct duban *duban, const struct duban_event *events,
                                 size_t count, bool batch, struct unanswered **out)
{
    struct unanswered *place = next_place(duban);

    if (place == NULL) {
        return fail(DUBAN_FULL, "too many events are unanswered", "未答复的事件过多");
    }

    struct frame frame = pack_events(duban->next, events, count, batch);

    if (frame.bytes == NULL) {
        return no_memory();
    }
    if (frame.size > FRAME_BYTES_MAX) {
        free(frame.bytes);
        return too_large();
    }
    begin(duban, place, frame);
    *out = place;
    return DUBAN_OK;
}

static enum duban_result publish_and_go(struct duban *duban, const struct duban_event *events,
                                        size_t count, bool batch, uint64_t *ticket)
{
    struct unanswered *place = NULL;

    (void)pthread_mutex_lock(&duban->mutex);

    enum duban_result result = publish(duban, events, count, batch, &place);

    if (place != NULL) {
        *ticket = place->number;
    }
    link_turn(duban);
    link_show(duban);
    (void)pthread_cond_broadcast(&duban->turned);
    (void)pthread_mutex_unlock(&duban->mutex);
    return result;
}

enum duban_result duban_publish(struct duban *duban, const struct duban_event *event,
                                uint64_t *ticket)
{
    return publish_and_go(duban, event, 1, false, ticket);
}

enum duban_result duban_publish_batch(struct duban *duban, const struct duban_event *events,
                                      size_t count, uint64_t *ticket)
{
    if (count == 0 || count > BATCH_MAX) {
        return fail(DUBAN_REFUSED, "a batch holds 1 to 256 events", "一批应有 1 至 256 个事件");
    }
    return publish_and_go(duban, events, count, true, ticket);
}

static void wait_for_turn(struct duban *duban, int64_t until_ms)
{
    int64_t latest_ms = steady_ms() + 1000; /* a forgotten wake-up costs no more than that */
    struct timespec until;

    until_ms = until_ms < latest_ms ? until_ms : latest_ms;
    until.tv_sec = (time_t)(until_ms / 1000);
    until.tv_nsec = (long)(until_ms % 1000 * 1000000);
    (void)pthread_cond_timedwait(&duban->turned, &duban->mutex, &until);
}

static bool has_answer(struct duban *duban, const struct unanswered *place)
{
    (void)duban;
    return place->done;
}

static bool has_any(struct duban *duban, const struct unanswered *place)
{
    (void)place;
    return duban->ready != NULL;
}

static bool has_room(struct duban *duban, const struct unanswered *place)
{
    (void)place;
    return next_place(duban) != NULL;
}

/* When a time given by a caller is over. */
static int64_t end_of(int timeout_ms)
{
    return timeout_ms < 0 ? INT64_MAX : steady_ms() + timeout_ms;
}

/* One thread sleeps on the socket for all; the others wait for its turn to end. */
static bool wait_until(struct duban *duban,
                       bool (*has)(struct duban *duban, const struct unanswered *place),
                       const struct unanswered *place, int64_t until_ms)
{
    bool here;

    for (;;) {
        link_turn(duban);
        (void)pthread_cond_broadcast(&duban->turned);
        here = has(duban, place);
        if (here || steady_ms() >= until_ms) {
            break;
        }
        if (duban->polling) {
            link_show(duban); /* what this turn took may be the sleeper's */
            wait_for_turn(duban, until_ms);
        } else {
            link_sleep(duban, until_ms - steady_ms());
        }
    }
    return here;
}

enum duban_result duban_next(struct duban *duban, int timeout_ms,
                             struct duban_receipt **receipt)
{
    enum duban_result result = DUBAN_TIMEOUT;

    *receipt = NULL;
    (void)pthread_mutex_lock(&duban->mutex);
    if (wait_until(duban, has_any, NULL, end_of(timeout_ms))) {
        struct answer *answer = duban->ready;

        duban->ready = answer->next;
        if (duban->ready == NULL) {
            duban->ready_end = &duban->ready;
        }
        answer->next = NULL;
        *receipt = &answer->receipt;
        result = DUBAN_OK;
    } else {
        (void)fail(result, "no receipt came in time", "规定时间内没有回执");
    }
    link_show(duban);
    (void)pthread_mutex_unlock(&duban->mutex);
    return result;
}

enum duban_result duban_send(struct duban *duban, const struct duban_event *event,
                             int timeout_ms, struct duban_receipt **receipt)
{
    int64_t until_ms = end_of(timeout_ms);
    struct unanswered *place = NULL;

    *receipt = NULL;
    (void)pthread_mutex_lock(&duban->mutex);
    (void)wait_until(duban, has_room, NULL, until_ms);

    enum duban_result result = publish(duban, event, 1, false, &place);

    if (place != NULL) {
        place->awaited = true;
        if (wait_until(duban, has_answer, place, until_ms)) {
            result = place->result == DUBAN_OK ? DUBAN_OK : no_memory();
            *receipt = place->answer == NULL ? NULL : &place->answer->receipt;
            place->answer = NULL;
            forget(duban, place);
        } else {
            place->awaited = false;
            result = fail(DUBAN_TIMEOUT, "no receipt came in time", "规定时间内没有回执");
        }
    }
    link_show(duban);
    (void)pthread_mutex_unlock(&duban->mutex);
    return result;
}

/* What came of a question or an act. */
static enum duban_result read_answer(struct unanswered *place, char **json)
{
    const struct answer *refused = place->answer;

    if (place->result == DUBAN_NO_MEMORY) {
        return no_memory();
    }
    if (place->result != DUBAN_OK) {
        return fail(place->result, refused->receipt.reasons[0].en,
                    refused->receipt.reasons[0].zh);
    }
    *json = place->json;
    place->json = NULL;
    return DUBAN_OK;
}

static enum duban_result ask(struct duban *duban, struct unanswered *place, struct frame frame,
                             size_t frame_max, int timeout_ms, char **json)
{
    enum duban_result result;

    if (frame.bytes == NULL) {
        return no_memory();
    }
    if (frame.size > frame_max) {
        free(frame.bytes);
        return too_large();
    }
    begin(duban, place, frame);
    place->once = true;
    place->awaited = true;
    result = wait_until(duban, has_answer, place, end_of(timeout_ms))
                 ? read_answer(place, json)
                 : fail(DUBAN_TIMEOUT, "no answer came in time", "规定时间内没有应答");
    forget(duban, place); /* an answer that comes later is nobody's */
    return result;
}

enum duban_result duban_ask(struct duban *duban, const struct duban_question *question,
                            int timeout_ms, char **json)
{
    *json = NULL;
    (void)pthread_mutex_lock(&duban->mutex);

    struct unanswered *place = next_place(duban);
    enum duban_result result =
        place == NULL
            ? fail(DUBAN_FULL, "too many questions are unanswered", "未答复的查询过多")
            : ask(duban, place, pack_question(duban->next, question), FRAME_BYTES_MAX,
                  timeout_ms, json);

    link_show(duban);
    (void)pthread_mutex_unlock(&duban->mutex);
    return result;
}

enum duban_result duban_act(struct duban *duban, const struct duban_act *act, int timeout_ms,
                            char **json)
{
    *json = NULL;
    (void)pthread_mutex_lock(&duban->mutex);

    struct unanswered *place = next_place(duban);
    enum duban_result result =
        place == NULL
            ? fail(DUBAN_FULL, "too many acts are unanswered", "未答复的操作过多")
            : ask(duban, place, pack_act(duban->next, act), ACT_BYTES_MAX, timeout_ms, json);

    link_show(duban);
    (void)pthread_mutex_unlock(&duban->mutex);
    return result;
}

enum duban_result duban_follow(struct duban *duban, const struct duban_wish *wish)
{
    (void)pthread_mutex_lock(&duban->mutex);

    enum duban_result result = follow_begin(duban, wish);

    link_turn(duban);
    link_show(duban);
    (void)pthread_mutex_unlock(&duban->mutex);
    return result;
}

static bool has_record(struct duban *duban, const struct unanswered *place)
{
    (void)place;
    return follow_has(duban);
}

enum duban_result duban_next_record(struct duban *duban, int timeout_ms,
                                    struct duban_record **record)
{
    enum duban_result result;

    *record = NULL;
    (void)pthread_mutex_lock(&duban->mutex);
    result = wait_until(duban, has_record, NULL, end_of(timeout_ms))
                 ? follow_next(duban, record)
                 : fail(DUBAN_TIMEOUT, "no record came in time", "规定时间内没有记录");
    link_show(duban);
    (void)pthread_mutex_unlock(&duban->mutex);
    return result;
}

size_t duban_unanswered(struct duban *duban)
{
    (void)pthread_mutex_lock(&duban->mutex);

    size_t count = duban->count;

    for (const struct answer *answer = duban->ready; answer != NULL; answer = answer->next) {
        count++;
    }
    (void)pthread_mutex_unlock(&duban->mutex);
    return count;
}

int duban_fd(struct duban *duban)
{
    (void)pthread_mutex_lock(&duban->mutex);
    duban->watched = true;
    link_show(duban);
    (void)pthread_mutex_unlock(&duban->mutex);
    return duban->poll_fd;
}
