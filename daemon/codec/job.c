#include "codec/job.h"

#include "base/must.h"
#include "codec/job_pack.h"

#include <stdio.h>

/* Twelve bits for the place within a record: no record tells more people. */
enum { PLACE_BITS = 12 };

enum { BIT_OUTSIDE = 1, BIT_URGENT = 2 };

struct text job_state_word(enum job_state state)
{
#define JOB_WORD(name, word) TEXT_INIT(word),
    static const struct text words[] = {JOB_STATES(JOB_WORD)};
#undef JOB_WORD

    return words[state];
}

struct text job_step_word(enum job_step step)
{
#define JOB_WORD(name, word) TEXT_INIT(word),
    static const struct text words[] = {JOB_STEPS(JOB_WORD)};
#undef JOB_WORD

    return words[step];
}

uint64_t job_number(uint64_t seq, uint32_t index)
{
    return seq << PLACE_BITS | index;
}

size_t job_key(const struct job *job, struct text store, char out[JOB_KEY_SIZE])
{
    char generation[16] = "";

    if (job->generation > 1) {
        (void)snprintf(generation, sizeof(generation), ".%u", job->generation);
    }

    int size = snprintf(out, JOB_KEY_SIZE, "%.*s%s-%llx-%.*s-%u", TEXT_ARGS(store), generation,
                        (unsigned long long)job->number, TEXT_ARGS(job->channel), job->resends);

    return size < 0 ? 0 : (size_t)size;
}

/* Notices grow with the journal, so each is near the one before it. */
static void pack_notices(struct packer *packer, const struct job *job)
{
    uint64_t seq = 0;
    uint64_t number = 0;

    pack_number(packer, job->notice_count);
    for (uint32_t i = 0; i < job->notice_count; i++) {
        const struct job_notice *notice = &job->notices[i];

        pack_signed(packer, (int64_t)(notice->seq - seq));
        pack_number(packer, notice->effect);
        pack_signed(packer, (int64_t)(notice->number - number));
        pack_number(packer, (uint16_t)(notice->clock + 1));
        pack_number(packer, notice->instance);
        pack_flag(packer, notice->rung);
        seq = notice->seq;
        number = notice->number;
    }
}

enum status job_encode(const struct job *job, uint8_t *room, size_t room_bytes,
                       struct bytes *out)
{
    struct packer packer;
    unsigned bits = (job->outside ? BIT_OUTSIDE : 0U) | (job->urgent ? BIT_URGENT : 0U);

    pack_init(&packer, room, room_bytes);
    pack_byte(&packer, JOB_VERSION);
    pack_byte(&packer, (uint8_t)job->state);
    pack_byte(&packer, (uint8_t)bits);
    pack_text(&packer, job->channel);
    pack_number(&packer, job->tried);
    pack_text(&packer, job->agency);
    pack_text(&packer, job->receiver);
    pack_number(&packer, job->role);
    pack_text(&packer, job->instead_of);
    pack_number(&packer, job->generation);
    pack_signed(&packer, job->made_ms);
    pack_instant(&packer, job->since_ms, job->made_ms);
    pack_instant(&packer, job->useful_ms, job->made_ms);
    pack_instant(&packer, job->until_ms, job->made_ms);
    pack_number(&packer, job->attempt);
    pack_number(&packer, job->failures);
    pack_number(&packer, job->resends);
    pack_number(&packer, job->token);
    pack_text(&packer, job->worker);
    pack_notices(&packer, job);
    if (packer.full) {
        return STATUS_LIMIT;
    }
    *out = packed(&packer);
    return STATUS_OK;
}

enum job_state job_state_of(struct bytes value)
{
    struct unpacker unpacker;

    unpack_init(&unpacker, value);
    MUST(unpack_byte(&unpacker) == JOB_VERSION);
    return (enum job_state)unpack_byte(&unpacker);
}

static void unpack_notices(struct unpacker *unpacker, struct arena *arena, struct job *job)
{
    uint32_t count = unpack_below(unpacker, JOB_NOTICES_MAX);
    struct job_notice *notices = unpack_array(unpacker, arena, count, sizeof(*notices));
    uint64_t seq = 0;
    uint64_t number = 0;

    for (uint32_t i = 0; notices != NULL && i < count; i++) {
        seq += (uint64_t)unpack_signed(unpacker);
        notices[i].seq = seq;
        notices[i].effect = unpack_below(unpacker, UINT16_MAX);
        number += (uint64_t)unpack_signed(unpacker);
        notices[i].number = number;
        notices[i].clock = (uint16_t)(unpack_below(unpacker, UINT16_MAX) - 1);
        notices[i].instance = (uint16_t)unpack_below(unpacker, UINT16_MAX);
        notices[i].rung = unpack_flag(unpacker);
    }
    job->notices = notices;
    job->notice_count = notices == NULL ? 0 : count;
}

enum status job_decode(uint64_t number, struct bytes bytes, struct arena *arena,
                       struct job *job)
{
    struct unpacker unpacker;

    unpack_init(&unpacker, bytes);
    *job = (struct job){.number = number};
    if (unpack_byte(&unpacker) != JOB_VERSION) {
        return STATUS_MALFORMED;
    }

    uint8_t state = unpack_byte(&unpacker);
    uint8_t bits = unpack_byte(&unpacker);

    if (state > JOB_INCIDENT || bits > (BIT_OUTSIDE | BIT_URGENT)) {
        return STATUS_MALFORMED;
    }
    job->state = (enum job_state)state;
    job->outside = (bits & BIT_OUTSIDE) != 0;
    job->urgent = (bits & BIT_URGENT) != 0;
    job->channel = unpack_text(&unpacker);
    job->tried = unpack_below(&unpacker, UINT32_MAX);
    job->agency = unpack_text(&unpacker);
    job->receiver = unpack_text(&unpacker);
    job->role = (uint16_t)unpack_below(&unpacker, UINT16_MAX);
    job->instead_of = unpack_text(&unpacker);
    job->generation = unpack_below(&unpacker, UINT32_MAX);
    job->made_ms = unpack_signed(&unpacker);
    job->since_ms = unpack_instant(&unpacker, job->made_ms);
    job->useful_ms = unpack_instant(&unpacker, job->made_ms);
    job->until_ms = unpack_instant(&unpacker, job->made_ms);
    job->attempt = unpack_below(&unpacker, UINT32_MAX);
    job->failures = unpack_below(&unpacker, UINT32_MAX);
    job->resends = unpack_below(&unpacker, UINT32_MAX);
    job->token = unpack_number(&unpacker);
    job->worker = unpack_text(&unpacker);
    unpack_notices(&unpacker, arena, job);
    return arena->spent ? STATUS_LIMIT : unpack_end(&unpacker);
}

void job_report_pack(struct packer *packer, const struct job_report *report)
{
    pack_byte(packer, (uint8_t)report->step);
    pack_number(packer, report->job);
    pack_number(packer, report->token);
    pack_text(packer, report->channel);
    pack_text(packer, report->receiver);
    pack_text(packer, report->worker);
    pack_byte(packer, (uint8_t)report->failure);
    pack_signed(packer, report->at_ms);
    pack_text(packer, report->provider);
    pack_text(packer, report->sha256);
    pack_text(packer, report->words);
}

void job_report_unpack(struct unpacker *unpacker, struct job_report *report)
{
    uint8_t step = unpack_byte(unpacker);

    report->job = unpack_number(unpacker);
    report->token = unpack_number(unpacker);
    report->channel = unpack_text(unpacker);
    report->receiver = unpack_text(unpacker);
    report->worker = unpack_text(unpacker);

    uint8_t failure = unpack_byte(unpacker);

    report->at_ms = unpack_signed(unpacker);
    report->provider = unpack_text(unpacker);
    report->sha256 = unpack_text(unpacker);
    report->words = unpack_text(unpacker);
    if (step > JOB_STEP_DROP || failure > JOB_THROTTLED) {
        unpack_break(unpacker);
        return;
    }
    report->step = (enum job_step)step;
    report->failure = (enum job_failure)failure;
}

void job_changes_pack(struct packer *packer, const struct job_change *changes, uint32_t count)
{
    pack_number(packer, count);
    for (uint32_t i = 0; i < count; i++) {
        pack_number(packer, changes[i].number);
        pack_bytes(packer, changes[i].value);
    }
}

uint32_t job_changes_unpack(struct unpacker *unpacker, struct arena *arena,
                            const struct job_change **changes)
{
    uint32_t count = unpack_below(unpacker, JOB_CHANGES_MAX);
    struct job_change *read = unpack_array(unpacker, arena, count, sizeof(*read));

    for (uint32_t i = 0; read != NULL && i < count; i++) {
        read[i].number = unpack_number(unpacker);
        read[i].value = unpack_bytes(unpacker);
    }
    *changes = read;
    return read == NULL ? 0 : count;
}
