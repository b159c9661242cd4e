#include "codec/wire_work.h"

#include "codec/wire_parts.h"

#include <string.h>

/* The verbs of the work door: what a worker says, and what is said to it. */

const struct message wire_hello = {
    "frame_hello",
    "a worker has a name of 1 to 64 letters, digits and . _ - @, a version of at most 64 "
    "bytes, "
    "1 to 8 channels, and names at most 1024 tokens",
    "工作进程的名称为 1 至 64 个字母、数字或 . _ - @，版本不超过 64 字节，渠道 1 至 8 个，"
    "至多列 1024 个令牌"};
const struct message wire_tokens = {"frame_tokens", "a touch names at most 256 tokens",
                                    "一次续租至多列 256 个令牌"};
const struct message wire_result = {
    "frame_result",
    "a result has a key of at most 96 bytes, a provider's name of at most 128, a sha256 of 32 "
    "or none, a code of at most 64, words of at most 256, and of a failure its kind",
    "结果的 key 至多 96 字节，服务商编号至多 128 字节，sha256 为 32 字节或空，代码至多 64 "
    "字节，"
    "说明至多 256 字节；失败须写明种类"};

enum {
    PROVIDER_BYTES_MAX = 128,
    SHA256_BYTES = 32,
    CODE_BYTES_MAX = 64,
    WORDS_BYTES_MAX = 256
};

/* It is shown, logged and recorded as it stands. */
static bool is_name(struct text name)
{
    for (size_t i = 0; i < name.size; i++) {
        char byte = name.bytes[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');

        if (!letter && !(byte >= '0' && byte <= '9') && byte != '.' && byte != '_' &&
            byte != '-' && byte != '@') {
            return false;
        }
    }
    return name.size > 0 && name.size <= WIRE_NAME_MAX;
}

static enum status take_hello(const Duban__V1__Hello *wire, struct arena *arena,
                              struct wire_work *work)
{
    struct text *channels = arena_take(arena, wire->n_channels * sizeof(*channels));

    work->name = text_of(wire->worker);
    work->channels = channels;
    work->channel_count = (uint32_t)wire->n_channels;
    work->tokens = wire->tokens;
    work->token_count = (uint32_t)wire->n_tokens;
    work->store = text_of(wire->store);
    work->version = text_of(wire->version);
    if (!is_name(work->name) || work->version.size > WIRE_NAME_MAX || wire->n_channels == 0 ||
        wire->n_channels > WIRE_CHANNELS_MAX || wire->n_tokens > WIRE_TOKENS_MAX) {
        return STATUS_LIMIT;
    }
    for (size_t i = 0; channels != NULL && i < wire->n_channels; i++) {
        channels[i] = text_of(wire->channels[i]);
        if (text_empty(channels[i]) || channels[i].size > WIRE_CHANNEL_BYTES_MAX) {
            return STATUS_LIMIT;
        }
    }
    return channels == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status take_touch(const Duban__V1__Touch *wire, struct wire_work *work)
{
    work->tokens = wire->tokens;
    work->token_count = (uint32_t)wire->n_tokens;
    return wire->n_tokens > WIRE_TOUCHED_MAX ? STATUS_LIMIT : STATUS_OK;
}

static enum status take_done(const Duban__V1__Done *wire, struct arena *arena,
                             struct wire_work *work)
{
    const char *hex = wire_hex(&wire->sent_sha256, arena);

    work->token = wire->token;
    work->key = text_of(wire->key);
    work->report = (struct job_report){
        .step = JOB_STEP_DONE,
        .at_ms = wire->sent_at_ms,
        .provider = text_of(wire->provider_id),
        .sha256 = {.bytes = hex, .size = wire->sent_sha256.len * 2},
    };
    if (hex == NULL) {
        return STATUS_NO_MEMORY;
    }
    return work->key.size > WIRE_KEY_BYTES_MAX ||
                   work->report.provider.size > PROVIDER_BYTES_MAX ||
                   (wire->sent_sha256.len != 0 && wire->sent_sha256.len != SHA256_BYTES)
               ? STATUS_LIMIT
               : STATUS_OK;
}

/* The provider's code, and its words behind it. */
static struct text join(struct text code, struct text words, struct arena *arena)
{
    size_t size = code.size + 1 + words.size;
    char *room = arena_take(arena, size);

    if (text_empty(code) || text_empty(words) || room == NULL) {
        return text_empty(code) ? words : code;
    }
    memcpy(room, code.bytes, code.size);
    room[code.size] = ' ';
    memcpy(room + code.size + 1, words.bytes, words.size);
    return (struct text){.bytes = room, .size = size};
}

static bool take_kind(Duban__V1__Fail__Kind kind, enum job_failure *failure)
{
    if (kind == DUBAN__V1__FAIL__KIND__PERMANENT) {
        *failure = JOB_FAILED_FOR_GOOD;
    } else if (kind == DUBAN__V1__FAIL__KIND__TEMPORARY) {
        *failure = JOB_FAILED_FOR_NOW;
    } else if (kind == DUBAN__V1__FAIL__KIND__THROTTLED) {
        *failure = JOB_THROTTLED;
    } else {
        return false;
    }
    return true;
}

static enum status take_fail(const Duban__V1__Fail *wire, struct arena *arena,
                             struct wire_work *work)
{
    struct text code = text_of(wire->code);
    struct text words = text_of(wire->words);

    work->token = wire->token;
    work->report = (struct job_report){.step = JOB_STEP_FAIL, .at_ms = wire->not_before_ms};
    if (code.size > CODE_BYTES_MAX || words.size > WORDS_BYTES_MAX ||
        !take_kind(wire->kind, &work->report.failure)) {
        return STATUS_LIMIT;
    }
    work->report.words = join(code, words, arena);
    return arena->spent ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status take_unknown(const Duban__V1__Unknown *wire, struct wire_work *work)
{
    work->token = wire->token;
    work->report = (struct job_report){.step = JOB_STEP_DOUBT, .words = text_of(wire->words)};
    return work->report.words.size > WORDS_BYTES_MAX ? STATUS_LIMIT : STATUS_OK;
}

bool wire_take_work(const Duban__V1__Request *wire, struct arena *arena,
                    struct wire_request *request, enum status *status,
                    const struct message **why)
{
    struct wire_work *work = &request->work;

    *status = STATUS_OK;
    *why = &wire_result;
    if (wire->what_case == DUBAN__V1__REQUEST__WHAT_HELLO) {
        request->verb = WIRE_HELLO;
        *why = &wire_hello;
        *status = take_hello(wire->hello, arena, work);
    } else if (wire->what_case == DUBAN__V1__REQUEST__WHAT_BEGIN) {
        request->verb = WIRE_BEGIN;
        work->token = wire->begin->token;
    } else if (wire->what_case == DUBAN__V1__REQUEST__WHAT_TOUCH) {
        request->verb = WIRE_TOUCH;
        *why = &wire_tokens;
        *status = take_touch(wire->touch, work);
    } else if (wire->what_case == DUBAN__V1__REQUEST__WHAT_DONE) {
        request->verb = WIRE_RESULT;
        *status = take_done(wire->done, arena, work);
    } else if (wire->what_case == DUBAN__V1__REQUEST__WHAT_FAIL) {
        request->verb = WIRE_RESULT;
        *status = take_fail(wire->fail, arena, work);
    } else if (wire->what_case == DUBAN__V1__REQUEST__WHAT_UNKNOWN) {
        request->verb = WIRE_RESULT;
        *status = take_unknown(wire->unknown, work);
    } else if (wire->what_case == DUBAN__V1__REQUEST__WHAT_BYE) {
        request->verb = WIRE_BYE;
    } else {
        return false;
    }
    return true;
}

struct bytes wire_encode_welcome(uint64_t number, const struct wire_welcome *welcome,
                                 struct arena *arena)
{
    Duban__V1__Reply reply = DUBAN__V1__REPLY__INIT;
    Duban__V1__Welcome wire = DUBAN__V1__WELCOME__INIT;

    wire.lease_ms = welcome->lease_ms;
    wire.store = wire_terminated(welcome->store, arena);
    wire.generation = welcome->generation;
    wire.over = arena_copy(arena, welcome->over, welcome->over_count * sizeof(*welcome->over));
    wire.n_over = welcome->over_count;
    wire.now_ms = welcome->now_ms;
    wire.rate = welcome->rate;
    reply.number = number;
    reply.what_case = DUBAN__V1__REPLY__WHAT_WELCOME;
    reply.welcome = &wire;
    return wire_pack_reply(&reply, arena);
}

struct bytes wire_encode_go(uint64_t number, uint64_t token, struct arena *arena)
{
    Duban__V1__Reply reply = DUBAN__V1__REPLY__INIT;
    Duban__V1__Go go = DUBAN__V1__GO__INIT;

    go.token = token;
    reply.number = number;
    reply.what_case = DUBAN__V1__REPLY__WHAT_GO;
    reply.go = &go;
    return wire_pack_reply(&reply, arena);
}

struct bytes wire_encode_settled(uint64_t number, uint64_t token, bool stale,
                                 struct arena *arena)
{
    Duban__V1__Reply reply = DUBAN__V1__REPLY__INIT;
    Duban__V1__Settled settled = DUBAN__V1__SETTLED__INIT;

    settled.token = token;
    settled.stale = stale;
    reply.number = number;
    reply.what_case = DUBAN__V1__REPLY__WHAT_SETTLED;
    reply.settled = &settled;
    return wire_pack_reply(&reply, arena);
}

static struct bytes pack_push(const Duban__V1__Push *push, struct arena *arena)
{
    if (arena->spent) {
        return (struct bytes){0};
    }

    size_t size = duban__v1__push__get_packed_size(push);
    uint8_t *frame = arena_take(arena, size);

    return (struct bytes){.at = frame,
                          .size = frame == NULL ? 0 : duban__v1__push__pack(push, frame)};
}

static Duban__V1__Value **give_values(const struct filling *values, uint32_t count,
                                      struct arena *arena)
{
    Duban__V1__Value **list = arena_take(arena, count * sizeof(Duban__V1__Value *));
    Duban__V1__Value *wire = arena_take(arena, count * sizeof(*wire));

    for (uint32_t i = 0; list != NULL && wire != NULL && i < count; i++) {
        duban__v1__value__init(&wire[i]);
        wire[i].name = wire_terminated(values[i].name, arena);
        wire[i].value = wire_terminated(values[i].value, arena);
        list[i] = &wire[i];
    }
    return list;
}

struct bytes wire_encode_job(const struct wire_job *job, struct arena *arena)
{
    static char zh[] = "zh";
    static char en[] = "en";
    Duban__V1__Push push = DUBAN__V1__PUSH__INIT;
    Duban__V1__Job wire = DUBAN__V1__JOB__INIT;

    wire.id = job->id;
    wire.attempt = job->attempt;
    wire.token = job->token;
    wire.key = wire_terminated(job->key, arena);
    wire.channel = wire_terminated(job->channel, arena);
    wire.address = wire_terminated(job->address, arena);
    wire.receiver = wire_terminated(job->receiver, arena);
    wire.language = job->english ? en : zh;
    wire.template_ = wire_terminated(job->template, arena);
    wire.version = wire_terminated(job->version, arena);
    wire.n_values = job->value_count;
    wire.values = give_values(job->values, job->value_count, arena);
    wire.brief = wire_terminated(job->brief, arena);
    wire.subject = wire_terminated(job->subject, arena);
    wire.body = wire_terminated(job->body, arena);
    wire.useful_until_ms = job->useful_ms;
    wire.notices = job->notices;
    wire.resent = job->resent;
    push.what_case = DUBAN__V1__PUSH__WHAT_JOB;
    push.job = &wire;
    return pack_push(&push, arena);
}

struct bytes wire_encode_withdraw(uint64_t token, struct arena *arena)
{
    Duban__V1__Push push = DUBAN__V1__PUSH__INIT;
    Duban__V1__Withdraw withdraw = DUBAN__V1__WITHDRAW__INIT;

    withdraw.token = token;
    push.what_case = DUBAN__V1__PUSH__WHAT_WITHDRAW;
    push.withdraw = &withdraw;
    return pack_push(&push, arena);
}

struct bytes wire_encode_stop(bool replaced, struct arena *arena)
{
    Duban__V1__Push push = DUBAN__V1__PUSH__INIT;
    Duban__V1__Stop stop = DUBAN__V1__STOP__INIT;

    stop.replaced = replaced;
    push.what_case = DUBAN__V1__PUSH__WHAT_STOP;
    push.stop = &stop;
    return pack_push(&push, arena);
}
