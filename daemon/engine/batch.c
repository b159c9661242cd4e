#include "engine/batch_act.h"
#include "engine/roster.h"

#include <stdlib.h>
#include <string.h>

enum {
    IN_BYTES = 4 * 1024 * 1024, /* address space too */
    OUT_BYTES = 4 * 1024 * 1024 /* address space: pages are touched as replies need them */
};

_Static_assert(IN_BYTES >= 4 * ACT_BYTES_MAX, "the largest frame can always be unpacked");

static const struct message batch_wrong_door = {
    "wrong_door",
    "this door has no such verb: events go to the events door, what workers say to work, the "
    "rest to control",
    "此门不受理该请求：事件走 events，工作进程走 work，其余走 control"};

bool batch_init(struct batch *batch)
{
    *batch = (struct batch){.in_bytes = malloc(IN_BYTES), .out_bytes = malloc(OUT_BYTES)};
    if (batch->in_bytes == NULL || batch->out_bytes == NULL) {
        batch_fini(batch);
        return false;
    }
    arena_init_over(&batch->in, batch->in_bytes, IN_BYTES);
    arena_init_over(&batch->out, batch->out_bytes, OUT_BYTES);
    batch->in_start = arena_mark(&batch->in);
    batch->out_start = arena_mark(&batch->out);
    return true;
}

void batch_fini(struct batch *batch)
{
    free(batch->in_bytes);
    free(batch->out_bytes);
    *batch = (struct batch){0};
}

void batch_empty(struct batch *batch)
{
    arena_rewind(&batch->in, batch->in_start);
    arena_rewind(&batch->out, batch->out_start);
    batch->request_count = 0;
    batch->event_count = 0;
    batch->wants_backup = (struct text){0};
    batch->accepts_time = false;
    batch->wants_save = false;
}

/* Whether the writer takes it from this door; what readers answer beside it does not come
 * here. */
static bool belongs(enum batch_door door, enum wire_verb verb)
{
    switch (verb) {
    case WIRE_EVENT:
    case WIRE_BATCH:
        return door == DOOR_EVENTS;
    case WIRE_INSTALL:
    case WIRE_CHECKPOINT:
    case WIRE_BACKUP:
    case WIRE_RELEASE:
    case WIRE_MIGRATE:
    case WIRE_ERASE:
    case WIRE_DECIDE:
    case WIRE_HOLD:
    case WIRE_DEPUTE:
    case WIRE_DISCLOSE:
    case WIRE_ACCEPT_TIME:
    case WIRE_IMPORT:
        return door == DOOR_CONTROL;
    case WIRE_HELLO:
    case WIRE_BEGIN:
    case WIRE_TOUCH:
    case WIRE_RESULT:
    case WIRE_BYE:
    case WIRE_CREDIT: /* a follower's does not come here */
        return door == DOOR_WORK;
    case WIRE_QUERY:
    case WIRE_FOLLOW:
    case WIRE_OTHER:
        break;
    }
    return false;
}

enum status batch_add(struct batch *batch, enum batch_door door, struct bytes frame)
{
    struct batch_request *request = &batch->requests[batch->request_count];
    uint8_t *mark = arena_mark(&batch->in);
    const struct message *why = NULL;

    if (batch->request_count == BATCH_REQUESTS_MAX ||
        batch->event_count + BATCH_MAX > BATCH_EVENTS_MAX) {
        return STATUS_FULL;
    }

    enum status status = wire_decode(frame, &batch->in, &request->wire, &why);

    request->door = door;
    request->caller = NULL;
    request->reply = (struct bytes){0};
    if (status == STATUS_NO_MEMORY && batch->request_count > 0) {
        arena_rewind(&batch->in, mark);
        return STATUS_FULL;
    }
    if (status == STATUS_OK && !belongs(door, request->wire.verb)) {
        status = STATUS_REFUSED;
        why = &batch_wrong_door;
    }
    if (status != STATUS_OK) {
        request->wire.submission_count = 0;
        request->reply = wire_encode_error(request->wire.number, status, why, &batch->out);
    }
    batch->request_count++;
    batch->event_count += request->wire.submission_count;
    return STATUS_OK;
}

void batch_sign(struct batch *batch, struct bytes route, bool delimited)
{
    struct caller *caller = arena_take(&batch->in, sizeof(*caller));

    if (caller != NULL && route.size <= sizeof(caller->bytes)) {
        caller->size = (uint8_t)route.size;
        caller->delimited = delimited;
        memcpy(caller->bytes, route.at, route.size);
        batch->requests[batch->request_count - 1].caller = caller;
    }
}

static enum wire_verdict verdict_of(enum receipt_verdict verdict)
{
    switch (verdict) {
    case RECEIPT_APPLIED:
        return WIRE_APPLIED;
    case RECEIPT_DUPLICATE:
        return WIRE_DUPLICATE;
    case RECEIPT_WAITING:
        return WIRE_WAITING;
    case RECEIPT_REJECTED:
        break;
    }
    return WIRE_REJECTED;
}

static bool copy_text(struct arena *arena, struct text *text)
{
    const char *copy = arena_copy(arena, text->bytes, text->size);

    text->bytes = copy;
    return copy != NULL;
}

/* Told reasons live in the engine until its next call; the batch outlives that. */
static const struct told *copy_told(struct arena *arena, const struct told *told,
                                    uint32_t count)
{
    struct told *copy = arena_copy(arena, told, count * sizeof(*told));

    for (uint32_t i = 0; copy != NULL && i < count; i++) {
        if (!copy_text(arena, &copy[i].code) || !copy_text(arena, &copy[i].zh) ||
            !copy_text(arena, &copy[i].en) || !copy_text(arena, &copy[i].law)) {
            return NULL;
        }
    }
    return copy;
}

static struct wire_receipt receipt_of(const struct receipt *receipt,
                                      const struct submission *submission, struct arena *arena)
{
    struct wire_receipt out = {
        .verdict = verdict_of(receipt->verdict),
        .first = verdict_of(receipt->first),
        .seq = receipt->seq,
        .revision = receipt->revision,
        .stage = receipt->stage,
        .reason_count = receipt->reason_count,
        .nothing_count = receipt->nothing_count,
        .next_ms = receipt->next_due_ms,
        .id = submission->id,
    };

    (void)copy_text(arena, &out.stage);
    out.reasons = copy_told(arena, receipt->reasons, receipt->reason_count);
    out.nothings = copy_told(arena, receipt->nothings, receipt->nothing_count);
    return out;
}

static void judge_request(struct batch *batch, struct batch_request *request,
                          struct engine *engine, int64_t now_ms)
{
    uint32_t count = request->wire.submission_count;
    struct wire_receipt *receipts = arena_take(&batch->out, count * sizeof(*receipts));

    for (uint32_t i = 0; receipts != NULL && i < count; i++) {
        struct receipt receipt;

        engine_event(engine, &request->wire.submissions[i], now_ms, &receipt);
        receipts[i] = receipt_of(&receipt, &request->wire.submissions[i], &batch->out);
    }
    if (receipts != NULL && !batch->out.spent) {
        request->reply =
            wire_encode_receipts(request->wire.number, request->wire.verb == WIRE_BATCH,
                                 receipts, count, engine_generation(engine), &batch->out);
    }
}

void batch_judge(struct batch *batch, struct engine *engine, struct roster *roster,
                 const struct hour *hour)
{
    for (uint32_t i = 0; i < batch->request_count; i++) {
        struct batch_request *request = &batch->requests[i];

        if (request->reply.size > 0) {
            continue; /* answered when it came */
        }
        if (request->door == DOOR_EVENTS) {
            judge_request(batch, request, engine, hour->now_ms);
        } else if (request->door == DOOR_CONTROL) {
            batch_act(batch, request, engine, hour);
        } else if (request->caller != NULL) {
            request->reply = roster_hear(roster, &request->wire, request->caller, &batch->out);
        }
    }
}
