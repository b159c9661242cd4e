/* Frames to send. */
#include "parts.h"

#include <stdlib.h>

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

static ProtobufCBinaryData binary(const void *ours, size_t size)
{
    union {
        const void *ours;
        uint8_t *theirs;
    } view = {.ours = ours};

    return (ProtobufCBinaryData){.data = view.theirs, .len = size};
}

/* An event and its lists: items, and the pointers to them. */
struct packed_event {
    Duban__V1__Event event;
    Duban__V1__Actor actor;
    Duban__V1__Fact *facts;
    Duban__V1__Fact **fact_places;
    Duban__V1__Document *documents;
    Duban__V1__Document **document_places;
    char **with;
};

static void fill_facts(const struct duban_event *event, struct packed_event *out)
{
    for (size_t i = 0; i < event->fact_count; i++) {
        duban__v1__fact__init(&out->facts[i]);
        out->facts[i].name = text(event->facts[i].name);
        out->facts[i].value = text(event->facts[i].value);
        out->fact_places[i] = &out->facts[i];
    }
    out->event.n_facts = event->fact_count;
    out->event.facts = out->fact_places;
}

static void fill_documents(const struct duban_event *event, struct packed_event *out)
{
    for (size_t i = 0; i < event->document_count; i++) {
        const struct duban_document *document = &event->documents[i];

        duban__v1__document__init(&out->documents[i]);
        out->documents[i].kind = text(document->kind);
        out->documents[i].title = text(document->title);
        out->documents[i].uri = text(document->uri);
        if (document->sha256 != NULL) {
            out->documents[i].sha256 = binary(document->sha256, 32);
        }
        out->document_places[i] = &out->documents[i];
    }
    out->event.n_documents = event->document_count;
    out->event.documents = out->document_places;
}

static void fill_with(const struct duban_event *event, struct packed_event *out)
{
    for (size_t i = 0; i < event->with_count; i++) {
        out->with[i] = text(event->with[i]);
    }
    out->event.n_with = event->with_count;
    out->event.with = out->with;
}

static bool fill_event(const struct duban_event *event, struct packed_event *out)
{
    out->facts = calloc(event->fact_count + 1, sizeof(*out->facts));
    out->fact_places = calloc(event->fact_count + 1, sizeof(*out->fact_places));
    out->documents = calloc(event->document_count + 1, sizeof(*out->documents));
    out->document_places = calloc(event->document_count + 1, sizeof(*out->document_places));
    out->with = calloc(event->with_count + 1, sizeof(*out->with));
    if (out->facts == NULL || out->fact_places == NULL || out->documents == NULL ||
        out->document_places == NULL || out->with == NULL) {
        return false;
    }
    duban__v1__event__init(&out->event);
    duban__v1__actor__init(&out->actor);
    out->actor.person = text(event->person);
    out->actor.role = text(event->role);
    out->actor.agency = text(event->person_agency);
    out->event.actor = &out->actor;
    out->event.id = text(event->id);
    out->event.source = text(event->source);
    out->event.agency = text(event->agency);
    out->event.case_id = text(event->case_id);
    out->event.type = text(event->type);
    out->event.occurred_at_ms = event->occurred_at_ms;
    out->event.note = text(event->note);
    out->event.procedure = text(event->procedure);
    out->event.unit = text(event->unit);
    out->event.wait_for_ms = event->wait_for_ms;
    out->event.traceparent = text(event->traceparent);
    fill_facts(event, out);
    fill_documents(event, out);
    fill_with(event, out);
    return true;
}

static void free_events(struct packed_event *events, size_t count)
{
    for (size_t i = 0; events != NULL && i < count; i++) {
        free(events[i].facts);
        free(events[i].fact_places);
        free(events[i].documents);
        free(events[i].document_places);
        free(events[i].with);
    }
    free(events);
}

static struct frame pack(const Duban__V1__Request *request)
{
    struct frame frame = {.size = duban__v1__request__get_packed_size(request)};

    frame.bytes = malloc(frame.size + 1);
    if (frame.bytes != NULL) {
        duban__v1__request__pack(request, frame.bytes);
    }
    return frame;
}

struct frame pack_events(uint64_t number, const struct duban_event *events, size_t count,
                         bool batch)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Batch many = DUBAN__V1__BATCH__INIT;
    Duban__V1__Event *places[BATCH_MAX];
    struct packed_event *packed = calloc(count, sizeof(*packed));
    struct frame frame = {0};
    bool filled = packed != NULL;

    for (size_t i = 0; i < count && filled; i++) {
        filled = fill_event(&events[i], &packed[i]);
        places[i] = &packed[i].event;
    }
    request.number = number;
    if (batch) {
        many.n_events = count;
        many.events = places;
        request.what_case = DUBAN__V1__REQUEST__WHAT_BATCH;
        request.batch = &many;
    } else {
        request.what_case = DUBAN__V1__REQUEST__WHAT_PUBLISH;
        request.publish = filled ? places[0] : NULL;
    }
    if (filled) {
        frame = pack(&request);
    }
    free_events(packed, count);
    return frame;
}

struct frame pack_question(uint64_t number, const struct duban_question *question)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    Duban__V1__StatusQuery status = DUBAN__V1__STATUS_QUERY__INIT;
    Duban__V1__CaseQuery one = DUBAN__V1__CASE_QUERY__INIT;
    Duban__V1__FindQuery find = DUBAN__V1__FIND_QUERY__INIT;
    Duban__V1__TimeQuery time = DUBAN__V1__TIME_QUERY__INIT;

    one.agency = text(question->agency);
    one.case_id = text(question->case_id);
    find.filter = text(question->filter);
    find.after = text(question->after);
    find.limit = question->limit;
    switch (question->what) {
    case DUBAN_ASK_STATUS:
        query.what_case = DUBAN__V1__QUERY__WHAT_STATUS;
        query.status = &status;
        break;
    case DUBAN_ASK_LOG:
        query.what_case = DUBAN__V1__QUERY__WHAT_LOG;
        query.log = &one;
        break;
    case DUBAN_ASK_WHY:
        query.what_case = DUBAN__V1__QUERY__WHAT_WHY;
        query.why = &one;
        break;
    case DUBAN_ASK_FIND:
        query.what_case = DUBAN__V1__QUERY__WHAT_FIND;
        query.find = &find;
        break;
    case DUBAN_ASK_TIME:
        query.what_case = DUBAN__V1__QUERY__WHAT_TIME;
        query.time = &time;
        break;
    }
    query.at_least_seq = question->at_least_seq;
    request.number = number;
    request.what_case = DUBAN__V1__REQUEST__WHAT_QUERY;
    request.query = &query;
    return pack(&request);
}

/* The files of an install; false: out of memory. */
static bool fill_files(const struct duban_act *act, Duban__V1__Install *install)
{
    Duban__V1__File *files = calloc(act->file_count + 1, sizeof(*files));

    install->files = calloc(act->file_count + 1, sizeof(*install->files));
    if (files == NULL || install->files == NULL) {
        free(files);
        return false;
    }
    install->files[0] = files; /* also where there is none, to be freed by */
    for (size_t i = 0; i < act->file_count; i++) {
        duban__v1__file__init(&files[i]);
        files[i].path = text(act->files[i].path);
        files[i].content = binary(act->files[i].bytes, act->files[i].size);
        install->files[i] = &files[i];
    }
    install->n_files = act->file_count;
    return true;
}

struct frame pack_act(uint64_t number, const struct duban_act *act)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Act out = DUBAN__V1__ACT__INIT;
    Duban__V1__Actor actor = DUBAN__V1__ACTOR__INIT;
    Duban__V1__Install install = DUBAN__V1__INSTALL__INIT;
    Duban__V1__Accept accept = DUBAN__V1__ACCEPT__INIT;
    Duban__V1__Checkpoint checkpoint = DUBAN__V1__CHECKPOINT__INIT;
    struct frame frame = {0};

    actor.person = text(act->person);
    actor.role = text(act->role);
    out.reason = text(act->reason);
    out.actor = &actor;
    switch (act->what) {
    case DUBAN_DO_INSTALL:
        out.what_case = DUBAN__V1__ACT__WHAT_INSTALL;
        out.install = &install;
        break;
    case DUBAN_DO_ACCEPT_TIME:
        out.what_case = DUBAN__V1__ACT__WHAT_ACCEPT_TIME;
        out.accept_time = &accept;
        break;
    case DUBAN_DO_CHECKPOINT:
        out.what_case = DUBAN__V1__ACT__WHAT_CHECKPOINT;
        out.checkpoint = &checkpoint;
        break;
    }
    request.number = number;
    request.what_case = DUBAN__V1__REQUEST__WHAT_ACT;
    request.act = &out;
    if (fill_files(act, &install)) {
        frame = pack(&request);
        free(install.files[0]);
    }
    free(install.files);
    return frame;
}
