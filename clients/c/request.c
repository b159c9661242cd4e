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
    out->fact_places = calloc(event->fact_count + 1, sizeof(void *));
    out->documents = calloc(event->document_count + 1, sizeof(*out->documents));
    out->document_places = calloc(event->document_count + 1, sizeof(void *));
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

/* Many events packed: the list, and what it points at. */
struct packed_list {
    struct packed_event *packed;
    Duban__V1__Event *places[BATCH_MAX];
};

static bool fill_list(const struct duban_event *events, size_t count, struct packed_list *list)
{
    bool filled;

    list->packed = calloc(count + 1, sizeof(*list->packed));
    list->places[0] = NULL;
    filled = list->packed != NULL && count <= BATCH_MAX;
    for (size_t i = 0; i < count && filled; i++) {
        filled = fill_event(&events[i], &list->packed[i]);
        list->places[i] = &list->packed[i].event;
    }
    return filled;
}

struct frame pack_events(uint64_t number, const struct duban_event *events, size_t count,
                         bool batch)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Batch many = DUBAN__V1__BATCH__INIT;
    struct packed_list list;
    struct frame frame = {0};
    bool filled = fill_list(events, count, &list);

    request.number = number;
    if (batch) {
        many.n_events = count;
        many.events = list.places;
        request.what_case = DUBAN__V1__REQUEST__WHAT_BATCH;
        request.batch = &many;
    } else {
        request.what_case = DUBAN__V1__REQUEST__WHAT_PUBLISH;
        request.publish = filled ? list.places[0] : NULL;
    }
    if (filled) {
        frame = pack(&request);
    }
    free_events(list.packed, count);
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

    install->files = calloc(act->file_count + 1, sizeof(void *));
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

/* What an act is about. */
struct packed_act {
    Duban__V1__Act act;
    Duban__V1__Install install;
    Duban__V1__Accept accept;
    Duban__V1__Checkpoint checkpoint;
    Duban__V1__Import import;
    struct packed_list list;
};

static void choose(const struct duban_act *act, struct packed_act *out)
{
    switch (act->what) {
    case DUBAN_DO_INSTALL:
        out->act.what_case = DUBAN__V1__ACT__WHAT_INSTALL;
        out->act.install = &out->install;
        break;
    case DUBAN_DO_ACCEPT_TIME:
        out->act.what_case = DUBAN__V1__ACT__WHAT_ACCEPT_TIME;
        out->act.accept_time = &out->accept;
        break;
    case DUBAN_DO_CHECKPOINT:
        out->act.what_case = DUBAN__V1__ACT__WHAT_CHECKPOINT;
        out->act.checkpoint = &out->checkpoint;
        break;
    case DUBAN_DO_IMPORT:
        out->act.what_case = DUBAN__V1__ACT__WHAT_IMPORT;
        out->act.import = &out->import;
        break;
    }
}

struct frame pack_act(uint64_t number, const struct duban_act *act)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Actor actor = DUBAN__V1__ACTOR__INIT;
    struct packed_act packed;
    struct frame frame = {0};

    duban__v1__act__init(&packed.act);
    duban__v1__install__init(&packed.install);
    duban__v1__accept__init(&packed.accept);
    duban__v1__checkpoint__init(&packed.checkpoint);
    duban__v1__import__init(&packed.import);
    actor.person = text(act->person);
    actor.role = text(act->role);
    packed.act.reason = text(act->reason);
    packed.act.actor = &actor;
    choose(act, &packed);
    request.number = number;
    request.what_case = DUBAN__V1__REQUEST__WHAT_ACT;
    request.act = &packed.act;

    bool files = fill_files(act, &packed.install);

    if (fill_list(act->events, act->event_count, &packed.list) && files) {
        packed.import.n_events = act->event_count;
        packed.import.events = packed.list.places;
        packed.import.dry_run = act->dry_run != 0;
        frame = pack(&request);
    }
    free_events(packed.list.packed, act->event_count);
    if (files) {
        free(packed.install.files[0]);
    }
    free(packed.install.files);
    return frame;
}
