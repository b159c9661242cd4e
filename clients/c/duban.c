#include "duban.h"

#include <duban/v1/duban.pb-c.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

enum { WINDOW = 1024, RESEND_MS = 5000, ERROR_BYTES = 256, LOOK_MS = 100 };

/* An event that is under way. */
struct unanswered {
    uint64_t number; /* 0: the place is free */
    uint8_t *frame;  /* owned */
    size_t size;
    int64_t sent_ms;
};

struct duban {
    void *context;
    void *socket;
    pthread_mutex_t mutex;
    struct unanswered *window; /* owned; an event's place is its number modulo the size */
    uint32_t window_size;
    uint32_t count;
    uint32_t resend_ms;
    int64_t looked_ms; /* when the window was last searched for what to send again */
    uint64_t next;
    Duban__V1__Reply *reply;      /* owned: what the last receipt points into */
    struct duban_reason *reasons; /* owned: likewise */
    char error[ERROR_BYTES];
};

static int64_t steady_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum duban_result fail(struct duban *duban, enum duban_result result, const char *words)
{
    (void)snprintf(duban->error, sizeof(duban->error), "%s", words);
    return result;
}

static bool set(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof(value)) == 0;
}

static bool open_socket(struct duban *duban, const char *endpoint)
{
    duban->context = zmq_ctx_new();
    duban->socket = duban->context == NULL ? NULL : zmq_socket(duban->context, ZMQ_DEALER);
    return duban->socket != NULL && set(duban->socket, ZMQ_LINGER, 0) &&
           set(duban->socket, ZMQ_SNDHWM, 0) && set(duban->socket, ZMQ_RECONNECT_IVL, 250) &&
           set(duban->socket, ZMQ_RECONNECT_IVL_MAX, 30000) &&
           zmq_connect(duban->socket, endpoint) == 0;
}

enum duban_result duban_open(struct duban **out, const char *endpoint,
                             const struct duban_options *options)
{
    struct duban *duban = calloc(1, sizeof(*duban));

    *out = NULL;
    if (duban == NULL) {
        return DUBAN_NO_MEMORY;
    }
    (void)pthread_mutex_init(&duban->mutex, NULL);
    duban->window_size = options != NULL && options->window > 0 ? options->window : WINDOW;
    duban->resend_ms =
        options != NULL && options->resend_ms > 0 ? options->resend_ms : RESEND_MS;
    duban->next = 1;
    duban->window = calloc(duban->window_size, sizeof(*duban->window));
    if (duban->window == NULL) {
        duban_close(duban);
        return DUBAN_NO_MEMORY;
    }
    if (!open_socket(duban, endpoint)) {
        duban_close(duban);
        return DUBAN_NETWORK;
    }
    *out = duban;
    return DUBAN_OK;
}

static void forget_reply(struct duban *duban)
{
    if (duban->reply != NULL) {
        duban__v1__reply__free_unpacked(duban->reply, NULL);
        duban->reply = NULL;
    }
    free(duban->reasons);
    duban->reasons = NULL;
}

void duban_close(struct duban *duban)
{
    if (duban == NULL) {
        return;
    }
    forget_reply(duban);
    if (duban->socket != NULL) {
        (void)zmq_close(duban->socket);
    }
    if (duban->context != NULL) {
        (void)zmq_ctx_term(duban->context);
    }
    for (uint32_t i = 0; duban->window != NULL && i < duban->window_size; i++) {
        free(duban->window[i].frame);
    }
    free(duban->window);
    (void)pthread_mutex_destroy(&duban->mutex);
    free(duban);
}

/* protobuf-c takes mutable texts that it only reads; the const is shed here alone. */
static char *text(const char *ours)
{
    static const char nothing[] = "";
    union {
        const char *ours;
        char *theirs;
    } view = {.ours = ours == NULL ? nothing : ours};

    return view.theirs;
}

/* The lists of a message: one block for the items, one for the pointers to them. */
struct lists {
    Duban__V1__Fact *facts;
    Duban__V1__Fact **fact_places;
    Duban__V1__Document *documents;
    Duban__V1__Document **document_places;
    char **with;
};

static bool fill_lists(const struct duban_event *event, struct lists *lists)
{
    lists->facts = calloc(event->fact_count + 1, sizeof(*lists->facts));
    lists->fact_places = calloc(event->fact_count + 1, sizeof(*lists->fact_places));
    lists->documents = calloc(event->document_count + 1, sizeof(*lists->documents));
    lists->document_places = calloc(event->document_count + 1, sizeof(*lists->document_places));
    lists->with = calloc(event->with_count + 1, sizeof(*lists->with));
    if (lists->facts == NULL || lists->fact_places == NULL || lists->documents == NULL ||
        lists->document_places == NULL || lists->with == NULL) {
        return false;
    }
    for (size_t i = 0; i < event->fact_count; i++) {
        duban__v1__fact__init(&lists->facts[i]);
        lists->facts[i].name = text(event->facts[i].name);
        lists->facts[i].value = text(event->facts[i].value);
        lists->fact_places[i] = &lists->facts[i];
    }
    for (size_t i = 0; i < event->document_count; i++) {
        const struct duban_document *document = &event->documents[i];
        Duban__V1__Document *out = &lists->documents[i];

        duban__v1__document__init(out);
        out->kind = text(document->kind);
        out->title = text(document->title);
        out->uri = text(document->uri);
        if (document->sha256 != NULL) {
            out->sha256.len = 32;
            out->sha256.data = (uint8_t *)text((const char *)document->sha256);
        }
        lists->document_places[i] = out;
    }
    for (size_t i = 0; i < event->with_count; i++) {
        lists->with[i] = text(event->with[i]);
    }
    return true;
}

static void free_lists(struct lists *lists)
{
    free(lists->facts);
    free(lists->fact_places);
    free(lists->documents);
    free(lists->document_places);
    free(lists->with);
}

static uint8_t *pack(uint64_t number, const struct duban_event *event,
                     const struct lists *lists, size_t *size)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Event wire = DUBAN__V1__EVENT__INIT;
    Duban__V1__Actor actor = DUBAN__V1__ACTOR__INIT;

    actor.person = text(event->person);
    actor.role = text(event->role);
    wire.id = text(event->id);
    wire.source = text(event->source);
    wire.agency = text(event->agency);
    wire.case_id = text(event->case_id);
    wire.type = text(event->type);
    wire.occurred_at_ms = event->occurred_at_ms;
    wire.actor = &actor;
    wire.n_with = event->with_count;
    wire.with = lists->with;
    wire.n_facts = event->fact_count;
    wire.facts = lists->fact_places;
    wire.n_documents = event->document_count;
    wire.documents = lists->document_places;
    wire.note = text(event->note);
    wire.procedure = text(event->procedure);
    wire.unit = text(event->unit);
    wire.wait_for_ms = event->wait_for_ms;
    request.number = number;
    request.what_case = DUBAN__V1__REQUEST__WHAT_PUBLISH;
    request.publish = &wire;
    *size = duban__v1__request__get_packed_size(&request);

    uint8_t *frame = malloc(*size);

    if (frame != NULL) {
        duban__v1__request__pack(&request, frame);
    }
    return frame;
}

static void send_frame(struct duban *duban, struct unanswered *place)
{
    int rc;

    do {
        rc = zmq_send(duban->socket, place->frame, place->size, ZMQ_DONTWAIT);
    } while (rc < 0 && errno == EINTR);
    /* What could not be sent now is sent again like what stays unanswered. */
    place->sent_ms = steady_ms();
}

static enum duban_result publish(struct duban *duban, const struct duban_event *event,
                                 uint64_t *ticket)
{
    struct unanswered *place = &duban->window[duban->next % duban->window_size];
    struct lists lists = {0};

    if (place->number != 0) {
        return fail(duban, DUBAN_FULL, "too many events are unanswered");
    }
    if (fill_lists(event, &lists)) {
        place->frame = pack(duban->next, event, &lists, &place->size);
    }
    free_lists(&lists);
    if (place->frame == NULL) {
        return fail(duban, DUBAN_NO_MEMORY, "out of memory");
    }
    place->number = duban->next++;
    duban->count++;
    *ticket = place->number;
    send_frame(duban, place);
    return DUBAN_OK;
}

enum duban_result duban_publish(struct duban *duban, const struct duban_event *event,
                                uint64_t *ticket)
{
    (void)pthread_mutex_lock(&duban->mutex);

    enum duban_result result = publish(duban, event, ticket);

    (void)pthread_mutex_unlock(&duban->mutex);
    return result;
}

/* In the order first sent, for order matters to a case. */
static void send_again(struct duban *duban)
{
    int64_t now_ms = steady_ms();

    if (now_ms - duban->looked_ms < LOOK_MS) {
        return;
    }
    duban->looked_ms = now_ms;
    for (uint32_t i = 0; i < duban->window_size && duban->count > 0; i++) {
        struct unanswered *place = &duban->window[(duban->next + i) % duban->window_size];

        if (place->number != 0 && now_ms - place->sent_ms >= duban->resend_ms) {
            send_frame(duban, place);
        }
    }
}

static void give_reasons(Duban__V1__Reason *const *from, size_t count, struct duban_reason *to)
{
    for (size_t i = 0; i < count; i++) {
        to[i] = (struct duban_reason){
            .code = from[i]->code,
            .zh = from[i]->zh,
            .en = from[i]->en,
            .law = from[i]->law,
        };
    }
}

static enum duban_result give_receipt(struct duban *duban, uint64_t ticket,
                                      struct duban_receipt *out)
{
    const Duban__V1__Receipt *receipt = duban->reply->receipt;
    size_t all = receipt->n_reasons + receipt->n_nothing;

    duban->reasons = calloc(all + 1, sizeof(*duban->reasons));
    if (duban->reasons == NULL) {
        return fail(duban, DUBAN_NO_MEMORY, "out of memory");
    }
    give_reasons(receipt->reasons, receipt->n_reasons, duban->reasons);
    give_reasons(receipt->nothing, receipt->n_nothing, duban->reasons + receipt->n_reasons);
    *out = (struct duban_receipt){
        .verdict = (enum duban_verdict)receipt->verdict,
        .first = (enum duban_verdict)(receipt->first != 0 ? receipt->first : receipt->verdict),
        .ticket = ticket,
        .id = receipt->id,
        .seq = receipt->seq,
        .revision = receipt->revision,
        .stage = receipt->stage,
        .next_at_ms = receipt->next_at_ms,
        .generation = receipt->generation,
        .reasons = duban->reasons,
        .reason_count = receipt->n_reasons,
        .nothings = duban->reasons + receipt->n_reasons,
        .nothing_count = receipt->n_nothing,
    };
    return DUBAN_OK;
}

/* A reply to something that was answered already (it had been sent twice) is passed by. */
static bool settle(struct duban *duban, uint64_t number)
{
    struct unanswered *place = &duban->window[number % duban->window_size];

    if (number == 0 || place->number != number) {
        return false;
    }
    free(place->frame);
    *place = (struct unanswered){0};
    duban->count--;
    return true;
}

/* Take one message; DUBAN_TIMEOUT when there is none, or none that matters. */
static enum duban_result take(struct duban *duban, struct duban_receipt *receipt)
{
    zmq_msg_t message;
    enum duban_result result = DUBAN_TIMEOUT;

    (void)zmq_msg_init(&message);
    if (zmq_msg_recv(&message, duban->socket, ZMQ_DONTWAIT) >= 0) {
        forget_reply(duban);
        duban->reply =
            duban__v1__reply__unpack(NULL, zmq_msg_size(&message), zmq_msg_data(&message));
    }
    (void)zmq_msg_close(&message);
    if (duban->reply == NULL || !settle(duban, duban->reply->number)) {
        return result;
    }
    if (duban->reply->what_case == DUBAN__V1__REPLY__WHAT_RECEIPT) {
        result = give_receipt(duban, duban->reply->number, receipt);
    } else if (duban->reply->what_case == DUBAN__V1__REPLY__WHAT_ERROR) {
        result = fail(duban, DUBAN_REFUSED, duban->reply->error->en);
    }
    return result;
}

static int wait_ms(int64_t until_ms, int timeout_ms)
{
    int64_t left_ms = timeout_ms < 0 ? LOOK_MS : until_ms - steady_ms();

    left_ms = left_ms < 0 ? 0 : left_ms;
    return (int)(left_ms > LOOK_MS ? LOOK_MS : left_ms);
}

static enum duban_result next(struct duban *duban, int timeout_ms,
                              struct duban_receipt *receipt)
{
    int64_t until_ms = steady_ms() + timeout_ms;
    zmq_pollitem_t item = {.socket = duban->socket, .events = ZMQ_POLLIN};

    for (;;) {
        enum duban_result result = take(duban, receipt);

        if (result != DUBAN_TIMEOUT) {
            return result;
        }
        send_again(duban);

        int left_ms = wait_ms(until_ms, timeout_ms);

        if (zmq_poll(&item, 1, left_ms) <= 0 && timeout_ms >= 0 && steady_ms() >= until_ms) {
            return DUBAN_TIMEOUT;
        }
    }
}

enum duban_result duban_next(struct duban *duban, int timeout_ms, struct duban_receipt *receipt)
{
    (void)pthread_mutex_lock(&duban->mutex);

    enum duban_result result = next(duban, timeout_ms, receipt);

    (void)pthread_mutex_unlock(&duban->mutex);
    return result;
}

enum duban_result duban_send(struct duban *duban, const struct duban_event *event,
                             int timeout_ms, struct duban_receipt *receipt)
{
    uint64_t ticket = 0;

    (void)pthread_mutex_lock(&duban->mutex);

    enum duban_result result = publish(duban, event, &ticket);

    if (result == DUBAN_OK) {
        result = next(duban, timeout_ms, receipt);
    }
    (void)pthread_mutex_unlock(&duban->mutex);
    return result;
}

size_t duban_unanswered(struct duban *duban)
{
    (void)pthread_mutex_lock(&duban->mutex);

    size_t count = duban->count;

    (void)pthread_mutex_unlock(&duban->mutex);
    return count;
}

int duban_fd(struct duban *duban)
{
    int fd = -1;
    size_t size = sizeof(fd);

    (void)zmq_getsockopt(duban->socket, ZMQ_FD, &fd, &size);
    return fd;
}

const char *duban_error(struct duban *duban)
{
    return duban->error;
}
