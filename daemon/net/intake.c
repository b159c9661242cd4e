#include "net/intake.h"

#include <stdlib.h>

enum { SCRATCH_BYTES = 2 * 1024 * 1024, IDENTITY_BYTES = 1024 };

static const struct message intake_busy = {"busy", "too much at once; ask again in a moment",
                                           "请求过多，请稍后再试"};

bool intake_open(struct intake *intake)
{
    *intake = (struct intake){.scratch_bytes = malloc(SCRATCH_BYTES)};
    if (intake->scratch_bytes == NULL || !peers_open(&intake->peers) ||
        !room_open(&intake->room)) {
        intake_close(intake);
        return false;
    }
    arena_init_over(&intake->scratch, intake->scratch_bytes, SCRATCH_BYTES);
    intake->scratch_start = arena_mark(&intake->scratch);
    return true;
}

void intake_close(struct intake *intake)
{
    if (intake->room.seats != NULL) {
        room_close(&intake->room);
    }
    peers_close(&intake->peers);
    free(intake->scratch_bytes);
    *intake = (struct intake){0};
}

bool intake_passes(const struct intake *intake, enum batch_door door,
                   const struct letter *letter)
{
    const struct peer *peer = intake->peers.refused_count == 0
                                  ? NULL
                                  : peers_find(&intake->peers, door, &letter->route);

    return intake->room.count == 0 && (peer == NULL || !peer->refused);
}

static bool is_event(const struct wire_request *request)
{
    return request->verb == WIRE_EVENT || request->verb == WIRE_BATCH;
}

static bool opens_a_case(const struct wire_request *request)
{
    for (uint32_t i = 0; i < request->submission_count; i++) {
        if (!text_empty(request->submissions[i].procedure)) {
            return true;
        }
    }
    return false;
}

/* What is malformed comes in as a question does: its answer can wait. */
static enum admission admission_of(const struct wire_request *request)
{
    switch (request->verb) {
    case WIRE_EVENT:
    case WIRE_BATCH:
        return opens_a_case(request) ? ADMIT_OPENING : ADMIT_EVENT;
    case WIRE_IMPORT:
        return ADMIT_OPENING;
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
    case WIRE_HELLO:
    case WIRE_BEGIN:
    case WIRE_TOUCH:
    case WIRE_RESULT:
    case WIRE_BYE:
    case WIRE_CREDIT: /* a follower's does not come here */
        return ADMIT_ACT;
    case WIRE_QUERY:
    case WIRE_FOLLOW:
    case WIRE_OTHER:
        break;
    }
    return ADMIT_QUERY;
}

/* By which a refused request is known when it comes again: its first event's identity. */
static struct digest identity_of(const struct wire_request *request)
{
    uint8_t room[IDENTITY_BYTES];
    struct bytes identity = {0};

    if (submission_identity(&request->submissions[0], room, sizeof(room), &identity) !=
        STATUS_OK) {
        identity = (struct bytes){0}; /* its texts are too long: it will be refused anyway */
    }
    return digest_of(identity);
}

static struct bytes encode_busy(struct intake *intake, const struct wire_request *request)
{
    uint32_t count = request->submission_count;
    struct wire_receipt *receipts =
        arena_take_zeroed(&intake->scratch, count, sizeof(*receipts));

    if (!is_event(request)) {
        return wire_encode_error(request->number, STATUS_FULL, &intake_busy, &intake->scratch);
    }
    if (receipts == NULL) {
        return (struct bytes){0};
    }
    for (uint32_t i = 0; i < count; i++) {
        receipts[i].verdict = WIRE_BUSY;
        receipts[i].next_ms = INSTANT_NEVER;
        receipts[i].id = request->submissions[i].id;
    }
    return wire_encode_receipts(request->number, request->verb == WIRE_BATCH, receipts, count,
                                0, &intake->scratch);
}

/* What a letter says; what is malformed says nothing. */
static void read_letter(struct intake *intake, struct letter *letter,
                        struct wire_request *request)
{
    const struct message *why = NULL;

    arena_rewind(&intake->scratch, intake->scratch_start);
    if (wire_decode(letter_body(letter), &intake->scratch, request, &why) != STATUS_OK) {
        request->submission_count = 0;
        request->verb = WIRE_OTHER;
    }
}

/* Without a place to remember its peer by it waits all the same: then its share is not told. */
static void seat_letter(struct intake *intake, enum batch_door door, struct letter *letter,
                        bool event)
{
    struct peer *peer = peers_take(&intake->peers, door, &letter->route);

    if (peer != NULL && event) {
        peers_welcome(&intake->peers, peer);
    }
    room_add(&intake->room, peer, door, letter);
}

/* Answer `busy`, and remember with which event it began. */
static enum intake_verdict refuse(struct intake *intake, enum batch_door door,
                                  const struct letter *letter,
                                  const struct wire_request *request, int64_t now_ms)
{
    struct peer *peer = peers_take(&intake->peers, door, &letter->route);

    if (peer == NULL) {
        peers_sweep(&intake->peers, now_ms);
        peer = peers_take(&intake->peers, door, &letter->route);
    }
    if (peer == NULL) {
        return INTAKE_HELD;
    }
    if (!peer_is_refused(peer, now_ms)) {
        struct digest identity = identity_of(request);

        peers_refuse(&intake->peers, peer, &identity, now_ms);
    }
    return INTAKE_BUSY;
}

/* Whether the order of its connection lets an event in: nothing was refused, or just this. */
static bool has_its_turn(const struct peer *peer, const struct wire_request *request,
                         int64_t now_ms)
{
    if (peer == NULL || !peer_is_refused(peer, now_ms)) {
        return true;
    }

    struct digest identity = identity_of(request);

    return digest_equal(&peer->refusal, &identity);
}

enum intake_verdict intake_admit(struct intake *intake, enum batch_door door,
                                 struct letter *letter, int64_t now_ms, struct bytes *reply)
{
    const struct peer *peer = peers_find(&intake->peers, door, &letter->route);
    enum intake_verdict verdict = INTAKE_BUSY;
    struct wire_request request;

    read_letter(intake, letter, &request);

    bool event = is_event(&request);

    if ((!event || has_its_turn(peer, &request, now_ms)) &&
        room_admits(&intake->room, peer, admission_of(&request), letter_body(letter).size)) {
        seat_letter(intake, door, letter, event);
        return INTAKE_TAKEN;
    }
    if (event) {
        verdict = refuse(intake, door, letter, &request, now_ms);
    }
    if (verdict == INTAKE_BUSY) {
        *reply = encode_busy(intake, &request);
        intake->refused++;
    }
    return verdict;
}

bool intake_has_room_for_questions(const struct intake *intake)
{
    return room_admits(&intake->room, NULL, ADMIT_QUERY, 0);
}

struct seat *intake_first(struct intake *intake)
{
    return room_first(&intake->room);
}

void intake_next(struct intake *intake)
{
    struct peer *peer = room_leave(&intake->room);

    if (peer != NULL) {
        peers_tidy(&intake->peers, peer);
    }
}
