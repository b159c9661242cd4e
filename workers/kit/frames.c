/* What is said, as frames. */
#include "parts.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

/* protobuf-c takes mutable texts that it only reads; the const is shed here alone. */
static char *text(const char *ours)
{
    union {
        const char *ours;
        char *theirs;
    } view = {.ours = ours};

    return view.theirs;
}

static ProtobufCBinaryData binary(const uint8_t *ours, size_t size)
{
    union {
        const uint8_t *ours;
        uint8_t *theirs;
    } view = {.ours = ours};

    return (ProtobufCBinaryData){.data = view.theirs, .len = size};
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

struct frame frame_copy(struct bytes bytes)
{
    struct frame copy = {.size = bytes.size};

    if (bytes.at != NULL) {
        copy.bytes = malloc(bytes.size + 1);
    }
    if (copy.bytes != NULL) {
        memcpy(copy.bytes, bytes.at, bytes.size);
    }
    return copy;
}

void frame_free(struct frame *frame)
{
    free(frame->bytes);
    *frame = (struct frame){0};
}

struct frame frame_hello(const struct kit *kit)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Hello hello = DUBAN__V1__HELLO__INIT;
    struct ledger_owner owner = ledger_owner(kit->ledger);
    char *channels[WORKER_CHANNELS_MAX];
    uint64_t tokens[CREDIT_MAX];

    hello.worker = text(kit->worker->name);
    hello.channels = channels;
    while (hello.n_channels < WORKER_CHANNELS_MAX &&
           kit->worker->channels[hello.n_channels] != NULL) {
        channels[hello.n_channels] = text(kit->worker->channels[hello.n_channels]);
        hello.n_channels++;
    }
    hello.tokens = tokens;
    for (const struct hand *hand = kit->hands; hand != NULL; hand = hand->next) {
        if (!hand->foreign && hello.n_tokens < CREDIT_MAX) {
            tokens[hello.n_tokens++] = hand->token;
        }
    }
    hello.store = owner.store;
    hello.generation = owner.generation;
    hello.version = text(kit->version);
    request.number = kit->hello_number;
    request.what_case = DUBAN__V1__REQUEST__WHAT_HELLO;
    request.hello = &hello;
    return pack(&request);
}

struct frame frame_credit(uint32_t count)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Credit credit = DUBAN__V1__CREDIT__INIT;

    credit.records = count;
    request.number = NUMBER_OTHER;
    request.what_case = DUBAN__V1__REQUEST__WHAT_CREDIT;
    request.credit = &credit;
    return pack(&request);
}

struct frame frame_begin(uint64_t token)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Begin begin = DUBAN__V1__BEGIN__INIT;

    begin.token = token;
    request.number = token;
    request.what_case = DUBAN__V1__REQUEST__WHAT_BEGIN;
    request.begin = &begin;
    return pack(&request);
}

struct frame frame_touch(uint64_t *tokens, size_t count)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Touch touch = DUBAN__V1__TOUCH__INIT;

    touch.n_tokens = count;
    touch.tokens = tokens;
    request.number = NUMBER_OTHER;
    request.what_case = DUBAN__V1__REQUEST__WHAT_TOUCH;
    request.touch = &touch;
    return pack(&request);
}

struct frame frame_bye(void)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Bye bye = DUBAN__V1__BYE__INIT;

    request.number = NUMBER_OTHER;
    request.what_case = DUBAN__V1__REQUEST__WHAT_BYE;
    request.bye = &bye;
    return pack(&request);
}

static void fill_done(const struct hand *hand, Duban__V1__Done *done)
{
    done->token = hand->token;
    done->key = hand->job->key;
    done->provider_id = text(hand->result.provider_id);
    done->sent_at_ms = hand->sent_at_ms;
    done->sent_sha256 = binary(hand->result.sha256, sizeof(hand->result.sha256));
}

/* A worker reads this machine's clock, the daemon its own. */
static int64_t not_before(const struct kit *kit, const struct worker_result *result)
{
    return result->not_before_ms <= 0
               ? 0
               : daemon_ms(&kit->clock,
                           steady_ms() + (result->not_before_ms - clock_wall_ms()));
}

static void fill_fail(const struct kit *kit, const struct hand *hand, Duban__V1__Fail *fail)
{
    static const Duban__V1__Fail__Kind kinds[] = {
        [WORKER_NEVER] = DUBAN__V1__FAIL__KIND__PERMANENT,
        [WORKER_LATER] = DUBAN__V1__FAIL__KIND__TEMPORARY,
        [WORKER_THROTTLED] = DUBAN__V1__FAIL__KIND__THROTTLED,
    };

    fail->token = hand->token;
    fail->kind = kinds[hand->result.outcome];
    fail->not_before_ms = not_before(kit, &hand->result);
    fail->code = text(hand->result.code);
    fail->words = text(hand->result.words);
}

struct frame frame_result(const struct kit *kit, const struct hand *hand)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Done done = DUBAN__V1__DONE__INIT;
    Duban__V1__Fail fail = DUBAN__V1__FAIL__INIT;
    Duban__V1__Unknown unknown = DUBAN__V1__UNKNOWN__INIT;

    request.number = hand->token;
    switch (hand->result.outcome) {
    case WORKER_DONE:
        fill_done(hand, &done);
        request.what_case = DUBAN__V1__REQUEST__WHAT_DONE;
        request.done = &done;
        break;
    case WORKER_NEVER:
    case WORKER_LATER:
    case WORKER_THROTTLED:
        fill_fail(kit, hand, &fail);
        request.what_case = DUBAN__V1__REQUEST__WHAT_FAIL;
        request.fail = &fail;
        break;
    case WORKER_UNKNOWN:
        unknown.token = hand->token;
        unknown.words = text(hand->result.words);
        request.what_case = DUBAN__V1__REQUEST__WHAT_UNKNOWN;
        request.unknown = &unknown;
        break;
    }
    return pack(&request);
}
