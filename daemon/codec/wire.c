#include "codec/wire.h"

#include "codec/wire_check.h"
#include "codec/wire_parts.h"

#include <string.h>

static const struct message wire_size = {
    "frame_size", "the frame is larger than 256 KiB, or an install than 1 MiB",
    "该帧超过 256 KiB，或者安装内容超过 1 MiB"};
static const struct message wire_batch = {"frame_batch", "a batch holds at most 256 events",
                                          "一批最多 256 个事件"};
static const struct message wire_event = {
    "frame_event", "an event has at most 128 facts, 31 `with` and 64 documents",
    "一个事件最多 128 项事实、31 名共同办理人、64 份文书"};
static const struct message wire_query = {
    "frame_query", "a text of a query has at most 1024 bytes", "查询中的文本最多 1024 字节"};
static const struct message wire_import = {"frame_import",
                                           "an import holds 1 to 256 events of one case",
                                           "一次导入应有一个案件的 1 至 256 个事件"};
static const struct message wire_nothing = {"frame_nothing", "the request asks for nothing",
                                            "请求没有内容"};

static const struct message wire_names = {"frame_names",
                                          "an agency or case to follow has at most 64 bytes",
                                          "要跟随的机构或案件名称最多 64 字节"};

static const struct message *const messages[] = {
    &wire_broken, &wire_deep,  &wire_many,   &wire_text,    &wire_size,
    &wire_batch,  &wire_event, &wire_query,  &wire_nothing, &wire_names,
    &wire_import, &wire_hello, &wire_tokens, &wire_result,
};

const struct message *const *wire_messages(uint32_t *count)
{
    *count = sizeof(messages) / sizeof(messages[0]);
    return messages;
}

static void *take(void *arena, size_t size)
{
    return arena_take(arena, size);
}

static void give_back(void *arena, void *piece)
{
    (void)arena;
    (void)piece; /* the arena is emptied as a whole */
}

static bool take_facts(const Duban__V1__Event *wire, struct arena *arena, struct event *event)
{
    struct carried *facts = arena_take(arena, wire->n_facts * sizeof(*facts));

    for (size_t i = 0; facts != NULL && i < wire->n_facts; i++) {
        facts[i] = (struct carried){
            .name = text_of(wire->facts[i]->name),
            .value = text_of(wire->facts[i]->value),
        };
    }
    event->facts = facts;
    event->fact_count = (uint32_t)wire->n_facts;
    return facts != NULL;
}

static bool take_with(const Duban__V1__Event *wire, struct arena *arena, struct event *event)
{
    struct text *with = arena_take(arena, wire->n_with * sizeof(*with));

    for (size_t i = 0; with != NULL && i < wire->n_with; i++) {
        with[i] = text_of(wire->with[i]);
    }
    event->with = with;
    event->with_count = (uint32_t)wire->n_with;
    return with != NULL;
}

const char *wire_hex(const ProtobufCBinaryData *data, struct arena *arena)
{
    static const char digits[] = "0123456789abcdef";
    char *hex = arena_take(arena, data->len * 2 + 1);

    for (size_t i = 0; hex != NULL && i < data->len; i++) {
        hex[2 * i] = digits[data->data[i] >> 4];
        hex[2 * i + 1] = digits[data->data[i] & 15];
    }
    return hex;
}

static bool take_documents(const Duban__V1__Event *wire, struct arena *arena,
                           struct submission *submission)
{
    struct document *documents = arena_take(arena, wire->n_documents * sizeof(*documents));
    struct text *kinds = arena_take(arena, wire->n_documents * sizeof(*kinds));

    for (size_t i = 0; documents != NULL && kinds != NULL && i < wire->n_documents; i++) {
        const Duban__V1__Document *document = wire->documents[i];

        kinds[i] = text_of(document->kind);
        documents[i] = (struct document){
            .kind = kinds[i],
            .title = text_of(document->title),
            .sha256 = {.bytes = wire_hex(&document->sha256, arena),
                       .size = document->sha256.len * 2},
            .uri = text_of(document->uri),
        };
    }
    submission->documents = documents;
    submission->document_count = (uint32_t)wire->n_documents;
    submission->event.documents = kinds;
    submission->event.document_count = (uint32_t)wire->n_documents;
    return documents != NULL && kinds != NULL;
}

static enum status take_event(const Duban__V1__Event *wire, struct arena *arena,
                              struct submission *out, const struct message **why)
{
    if (wire->n_facts > CARRIED_MAX || wire->n_with >= ACTORS_MAX ||
        wire->n_documents > DOCUMENTS_MAX) {
        *why = &wire_event;
        return STATUS_LIMIT;
    }
    *out = (struct submission){
        .id = text_of(wire->id),
        .source = text_of(wire->source),
        .agency = text_of(wire->agency),
        .case_id = text_of(wire->case_id),
        .procedure = text_of(wire->procedure),
        .traceparent = text_of(wire->traceparent),
        .wait_ms = wire->wait_for_ms,
        .event = {.type = text_of(wire->type),
                  .occurred_ms = wire->occurred_at_ms,
                  .note = text_of(wire->note),
                  .unit = text_of(wire->unit)},
    };
    if (wire->actor != NULL) {
        out->event.person = text_of(wire->actor->person);
        out->event.role = text_of(wire->actor->role);
        out->actor_agency = text_of(wire->actor->agency);
    }

    bool taken = take_facts(wire, arena, &out->event) && take_with(wire, arena, &out->event) &&
                 take_documents(wire, arena, out);

    return taken && !arena->spent ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status take_events(Duban__V1__Event *const *events, size_t count,
                               struct arena *arena, struct wire_request *request,
                               const struct message **why)
{
    struct submission *submissions = arena_take(arena, count * sizeof(*submissions));
    enum status status = submissions == NULL ? STATUS_NO_MEMORY : STATUS_OK;

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = take_event(events[i], arena, &submissions[i], why);
    }
    request->submissions = submissions;
    request->submission_count = (uint32_t)count;
    return status;
}

static enum status take_files(const Duban__V1__Install *install, struct arena *arena,
                              struct wire_request *request)
{
    struct install_file *files = arena_take(arena, install->n_files * sizeof(*files));

    request->verb = WIRE_INSTALL;
    for (size_t i = 0; files != NULL && i < install->n_files; i++) {
        const ProtobufCBinaryData *content = &install->files[i]->content;

        files[i] = (struct install_file){
            .path = text_of(install->files[i]->path),
            .bytes = {.bytes = (const char *)content->data, .size = content->len},
        };
    }
    request->files = files;
    request->file_count = (uint32_t)install->n_files;
    return files == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status take_import(const Duban__V1__Import *import, struct arena *arena,
                               struct wire_request *request, const struct message **why)
{
    request->verb = WIRE_IMPORT;
    request->dry = import->dry_run != 0;
    if (import->n_events == 0 || import->n_events > IMPORT_EVENTS_MAX) {
        *why = &wire_import;
        return STATUS_LIMIT;
    }
    return take_events(import->events, import->n_events, arena, request, why);
}

static enum status take_act(const Duban__V1__Act *act, struct arena *arena,
                            struct wire_request *request, const struct message **why)
{
    request->verb = WIRE_OTHER;
    request->act.reason = text_of(act->reason);
    if (act->actor != NULL) {
        request->act.person = text_of(act->actor->person);
        request->act.role = text_of(act->actor->role);
    }
    if (act->what_case == DUBAN__V1__ACT__WHAT_INSTALL) {
        return take_files(act->install, arena, request);
    }
    if (act->what_case == DUBAN__V1__ACT__WHAT_IMPORT) {
        return take_import(act->import, arena, request, why);
    }
    if (act->what_case == DUBAN__V1__ACT__WHAT_CHECKPOINT) {
        request->verb = WIRE_CHECKPOINT;
    } else if (act->what_case == DUBAN__V1__ACT__WHAT_BACKUP) {
        request->verb = WIRE_BACKUP;
        request->folder = text_of(act->backup->folder);
    } else if (act->what_case == DUBAN__V1__ACT__WHAT_RELEASE) {
        request->verb = WIRE_RELEASE;
        request->agency = text_of(act->release->agency);
        request->case_id = text_of(act->release->case_id);
    } else if (act->what_case == DUBAN__V1__ACT__WHAT_MIGRATE) {
        request->verb = WIRE_MIGRATE;
        request->migrate = (struct wire_migrate){.from = text_of(act->migrate->from),
                                                 .to = text_of(act->migrate->to),
                                                 .dry_run = act->migrate->dry_run,
                                                 .after = act->migrate->after};
    } else if (act->what_case == DUBAN__V1__ACT__WHAT_ERASE) {
        request->verb = WIRE_ERASE;
        request->agency = text_of(act->erase->agency);
        request->case_id = text_of(act->erase->case_id);
    } else if (act->what_case == DUBAN__V1__ACT__WHAT_ACCEPT_TIME) {
        request->verb = WIRE_ACCEPT_TIME;
    } else {
        (void)wire_take_notices_act(act, request);
    }
    return STATUS_OK;
}

static void take_case(const Duban__V1__CaseQuery *asked, struct wire_query *query)
{
    query->agency = text_of(asked->agency);
    query->case_id = text_of(asked->case_id);
    query->at_ms = asked->at_ms;
}

static void take_query(const Duban__V1__Query *asked, struct wire_request *request)
{
    struct wire_query *query = &request->query;

    request->verb = WIRE_QUERY;
    *query =
        (struct wire_query){.question = WIRE_ASKS_OTHER, .at_least_seq = asked->at_least_seq};
    if (asked->what_case == DUBAN__V1__QUERY__WHAT_STATUS) {
        query->question = WIRE_ASKS_STATUS;
    } else if (asked->what_case == DUBAN__V1__QUERY__WHAT_TIME) {
        query->question = WIRE_ASKS_TIME;
    } else if (asked->what_case == DUBAN__V1__QUERY__WHAT_LOG) {
        query->question = WIRE_ASKS_LOG;
        take_case(asked->log, query);
    } else if (asked->what_case == DUBAN__V1__QUERY__WHAT_WHY) {
        query->question = WIRE_ASKS_WHY;
        take_case(asked->why, query);
    } else if (asked->what_case == DUBAN__V1__QUERY__WHAT_FIND) {
        query->question = WIRE_ASKS_FIND;
        query->filter = text_of(asked->find->filter);
        query->after = text_of(asked->find->after);
        query->limit = asked->find->limit;
    } else if (asked->what_case == DUBAN__V1__QUERY__WHAT_WORKERS) {
        query->question = WIRE_ASKS_WORKERS;
    } else {
        (void)wire_take_notices_query(asked, query);
    }
}

/* A question is small, so that any number of them can be kept waiting. */
static bool query_is_long(const struct wire_query *query)
{
    const struct text others[] = {query->jobs.states, query->jobs.channel, query->jobs.receiver,
                                  query->person};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (others[i].size > QUERY_TEXT_MAX) {
            return true;
        }
    }
    return query->filter.size > QUERY_TEXT_MAX || query->after.size > QUERY_TEXT_MAX ||
           query->agency.size > QUERY_TEXT_MAX || query->case_id.size > QUERY_TEXT_MAX;
}

static enum status take_follow(const Duban__V1__Follow *wire, struct wire_request *request,
                               const struct message **why)
{
    request->verb = WIRE_FOLLOW;
    request->follow = (struct wire_follow){
        .from_seq = wire->from_seq,
        .agency = text_of(wire->agency),
        .case_id = text_of(wire->case_id),
        .credit = wire->credit,
    };
    *why = &wire_names;
    return request->follow.agency.size > WIRE_NAME_MAX ||
                   request->follow.case_id.size > WIRE_NAME_MAX
               ? STATUS_LIMIT
               : STATUS_OK;
}

static enum status take_request(const Duban__V1__Request *wire, struct arena *arena,
                                struct wire_request *request, const struct message **why)
{
    request->number = wire->number;
    if (wire->what_case == DUBAN__V1__REQUEST__WHAT_PUBLISH) {
        request->verb = WIRE_EVENT;
        return take_events(&wire->publish, 1, arena, request, why);
    }
    if (wire->what_case == DUBAN__V1__REQUEST__WHAT_BATCH) {
        request->verb = WIRE_BATCH;
        if (wire->batch->n_events > BATCH_MAX) {
            *why = &wire_batch;
            return STATUS_LIMIT;
        }
        return take_events(wire->batch->events, wire->batch->n_events, arena, request, why);
    }
    if (wire->what_case == DUBAN__V1__REQUEST__WHAT__NOT_SET) {
        *why = &wire_nothing;
        return STATUS_MALFORMED;
    }
    if (wire->what_case == DUBAN__V1__REQUEST__WHAT_FOLLOW) {
        return take_follow(wire->follow, request, why);
    }
    if (wire->what_case == DUBAN__V1__REQUEST__WHAT_CREDIT) {
        request->verb = WIRE_CREDIT;
        request->follow.credit = wire->credit->records;
        return STATUS_OK;
    }

    enum status status;

    if (wire_take_work(wire, arena, request, &status, why)) {
        return status;
    }
    request->verb = WIRE_OTHER;
    if (wire->what_case == DUBAN__V1__REQUEST__WHAT_ACT) {
        return take_act(wire->act, arena, request, why);
    }
    if (wire->what_case == DUBAN__V1__REQUEST__WHAT_QUERY) {
        take_query(wire->query, request);
        if (query_is_long(&request->query)) {
            *why = &wire_query;
            return STATUS_LIMIT;
        }
    }
    return STATUS_OK;
}

/* The one act that may be larger than a frame of events: it carries a whole configuration. */
static bool installs(const Duban__V1__Request *wire)
{
    return wire->what_case == DUBAN__V1__REQUEST__WHAT_ACT && wire->act != NULL &&
           wire->act->what_case == DUBAN__V1__ACT__WHAT_INSTALL;
}

enum status wire_decode(struct bytes frame, struct arena *arena, struct wire_request *request,
                        const struct message **why)
{
    ProtobufCAllocator allocator = {.alloc = take, .free = give_back, .allocator_data = arena};

    *request = (struct wire_request){0};
    if (frame.size > ACT_BYTES_MAX) {
        *why = &wire_size;
        return STATUS_LIMIT;
    }
    *why = wire_check(frame, &duban__v1__request__descriptor);
    if (*why != NULL) {
        return STATUS_MALFORMED;
    }

    const Duban__V1__Request *wire =
        duban__v1__request__unpack(&allocator, frame.size, frame.at);

    if (wire == NULL) {
        *why = &wire_broken;
        return arena->spent ? STATUS_NO_MEMORY : STATUS_MALFORMED;
    }
    if (frame.size > FRAME_BYTES_MAX && !installs(wire)) {
        *why = &wire_size;
        return STATUS_LIMIT;
    }
    return take_request(wire, arena, request, why);
}

char *wire_terminated(struct text text, struct arena *arena)
{
    char *copy = arena_take(arena, text.size + 1);

    if (copy != NULL) {
        if (text.size > 0) {
            memcpy(copy, text.bytes, text.size);
        }
        copy[text.size] = '\0';
    }
    return copy;
}

static Duban__V1__Reason **give_told(const struct told *told, uint32_t count,
                                     struct arena *arena)
{
    Duban__V1__Reason **list = arena_take(arena, count * sizeof(*list));
    Duban__V1__Reason *reasons = arena_take(arena, count * sizeof(*reasons));

    if (list == NULL || reasons == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        duban__v1__reason__init(&reasons[i]);
        reasons[i].code = wire_terminated(told[i].code, arena);
        reasons[i].zh = wire_terminated(told[i].zh, arena);
        reasons[i].en = wire_terminated(told[i].en, arena);
        reasons[i].law = wire_terminated(told[i].law, arena);
        list[i] = &reasons[i];
    }
    return list;
}

static Duban__V1__Receipt__Verdict give_verdict(enum wire_verdict verdict)
{
    static const Duban__V1__Receipt__Verdict verdicts[] = {
        [WIRE_APPLIED] = DUBAN__V1__RECEIPT__VERDICT__APPLIED,
        [WIRE_DUPLICATE] = DUBAN__V1__RECEIPT__VERDICT__DUPLICATE,
        [WIRE_WAITING] = DUBAN__V1__RECEIPT__VERDICT__WAITING,
        [WIRE_REJECTED] = DUBAN__V1__RECEIPT__VERDICT__REJECTED,
        [WIRE_BUSY] = DUBAN__V1__RECEIPT__VERDICT__BUSY,
    };

    return verdicts[verdict];
}

static void give_receipt(const struct wire_receipt *receipt, uint32_t generation,
                         struct arena *arena, Duban__V1__Receipt *out)
{
    duban__v1__receipt__init(out);
    out->verdict = give_verdict(receipt->verdict);
    if (receipt->verdict == WIRE_DUPLICATE) {
        out->first = give_verdict(receipt->first);
    }
    out->seq = receipt->seq;
    out->revision = receipt->revision;
    out->stage = wire_terminated(receipt->stage, arena);
    out->n_reasons = receipt->reason_count;
    out->reasons = give_told(receipt->reasons, receipt->reason_count, arena);
    out->n_nothing = receipt->nothing_count;
    out->nothing = give_told(receipt->nothings, receipt->nothing_count, arena);
    out->next_at_ms = receipt->next_ms == INSTANT_NEVER ? 0 : receipt->next_ms;
    out->generation = generation;
    out->id = wire_terminated(receipt->id, arena);
}

struct bytes wire_pack_reply(const Duban__V1__Reply *reply, struct arena *arena)
{
    if (arena->spent) {
        return (struct bytes){0};
    }

    size_t size = duban__v1__reply__get_packed_size(reply);
    uint8_t *frame = arena_take(arena, size);

    if (frame == NULL) {
        return (struct bytes){0};
    }
    duban__v1__reply__pack(reply, frame);
    return (struct bytes){.at = frame, .size = size};
}

struct bytes wire_encode_receipts(uint64_t number, bool batch,
                                  const struct wire_receipt *receipts, uint32_t count,
                                  uint32_t generation, struct arena *arena)
{
    Duban__V1__Reply reply = DUBAN__V1__REPLY__INIT;
    Duban__V1__Receipts many = DUBAN__V1__RECEIPTS__INIT;
    Duban__V1__Receipt *list = arena_take(arena, count * sizeof(*list));
    Duban__V1__Receipt **places = arena_take(arena, count * sizeof(*places));

    if (list == NULL || places == NULL) {
        return (struct bytes){0};
    }
    for (uint32_t i = 0; i < count; i++) {
        give_receipt(&receipts[i], generation, arena, &list[i]);
        places[i] = &list[i];
    }
    reply.number = number;
    if (batch) {
        many.n_receipts = count;
        many.receipts = places;
        reply.what_case = DUBAN__V1__REPLY__WHAT_RECEIPTS;
        reply.receipts = &many;
    } else {
        reply.what_case = DUBAN__V1__REPLY__WHAT_RECEIPT;
        reply.receipt = list;
    }
    return wire_pack_reply(&reply, arena);
}

static Duban__V1__Error__Code error_code(enum status status)
{
    switch (status) {
    case STATUS_NOT_FOUND:
        return DUBAN__V1__ERROR__CODE__NOT_FOUND;
    case STATUS_REFUSED:
        return DUBAN__V1__ERROR__CODE__REFUSED;
    case STATUS_FULL:
    case STATUS_NO_MEMORY:
        return DUBAN__V1__ERROR__CODE__BUSY;
    case STATUS_OK:
    case STATUS_MALFORMED:
    case STATUS_LIMIT:
    case STATUS_DISK:
    case STATUS_NETWORK:
        break;
    }
    return DUBAN__V1__ERROR__CODE__MALFORMED;
}

static struct bytes encode_answer(uint64_t number, struct text json, uint64_t seq, bool more,
                                  struct arena *arena)
{
    Duban__V1__Reply reply = DUBAN__V1__REPLY__INIT;
    Duban__V1__Answer answer = DUBAN__V1__ANSWER__INIT;

    answer.json = wire_terminated(json, arena);
    answer.seq = seq;
    answer.more = more;
    reply.number = number;
    reply.what_case = DUBAN__V1__REPLY__WHAT_ANSWER;
    reply.answer = &answer;
    return wire_pack_reply(&reply, arena);
}

struct bytes wire_encode_answer(uint64_t number, struct text json, uint64_t seq,
                                struct arena *arena)
{
    return encode_answer(number, json, seq, false, arena);
}

struct bytes wire_encode_part(uint64_t number, struct text json, uint64_t seq,
                              struct arena *arena)
{
    return encode_answer(number, json, seq, true, arena);
}

struct bytes wire_encode_error(uint64_t number, enum status status, const struct message *why,
                               struct arena *arena)
{
    Duban__V1__Reply reply = DUBAN__V1__REPLY__INIT;
    Duban__V1__Error error = DUBAN__V1__ERROR__INIT;

    error.code = error_code(status);
    error.en = wire_terminated(text_of(why->en), arena);
    error.zh = wire_terminated(text_of(why->zh), arena);
    reply.number = number;
    reply.what_case = DUBAN__V1__REPLY__WHAT_ERROR;
    reply.error = &error;
    return wire_pack_reply(&reply, arena);
}
