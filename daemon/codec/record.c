#include "codec/record.h"

#include "base/must.h"
#include "codec/job_pack.h"
#include "codec/pack.h"
#include "codec/submission.h"

#include <string.h>

enum { FRONT_BYTES = 5 }; /* version, checksum */

enum effect_bits {
    EFFECT_TO_OFFICER = 1,
    EFFECT_URGENT = 2,
    EFFECT_ON_HOLD = 4,
    EFFECT_PROVISIONAL = 8
};

#define RECORD_WORD(name, word) TEXT_INIT(word),

struct text act_kind_word(enum act_kind kind)
{
    static const struct text words[] = {ACT_KINDS(RECORD_WORD)};

    return words[kind];
}

struct text record_kind_word(enum record_kind kind)
{
    static const struct text words[] = {RECORD_KINDS(RECORD_WORD)};

    return words[kind];
}

struct text record_verdict_word(enum record_verdict verdict)
{
    static const struct text words[] = {RECORD_VERDICTS(RECORD_WORD)};

    return words[verdict];
}

#undef RECORD_WORD

/* NO_INDEX becomes 0, so that it takes one byte. */
static void pack_index(struct packer *packer, uint16_t index)
{
    pack_number(packer, (uint16_t)(index + 1));
}

static uint16_t unpack_index(struct unpacker *unpacker)
{
    return (uint16_t)(unpack_below(unpacker, UINT16_MAX) - 1);
}

static void pack_effect(struct packer *packer, const struct effect *effect, int64_t now_ms)
{
    unsigned bits =
        (effect->to_officer ? EFFECT_TO_OFFICER : 0U) | (effect->urgent ? EFFECT_URGENT : 0U) |
        (effect->held ? EFFECT_ON_HOLD : 0U) | (effect->provisional ? EFFECT_PROVISIONAL : 0U);

    pack_byte(packer, (uint8_t)effect->kind);
    pack_index(packer, effect->fact);
    pack_index(packer, effect->stage);
    pack_index(packer, effect->clock);
    pack_index(packer, effect->number);
    pack_index(packer, effect->ground);
    pack_index(packer, effect->entry);
    pack_index(packer, effect->role);
    pack_index(packer, effect->notice);
    pack_byte(packer, (uint8_t)bits);
    pack_instant(packer, effect->at_ms, now_ms);
    pack_signed(packer, effect->late_ms);
    pack_date(packer, effect->last_day);
    pack_date(packer, effect->old_day);
    pack_byte(packer, (uint8_t)effect->state);
    pack_length(packer, effect->length);
    pack_text(packer, effect->text);
    pack_text(packer,
              effect->message == NULL ? (struct text){0} : text_of(effect->message->code));
}

static const struct message *find_message(struct text code)
{
    uint32_t count;
    const struct message *const *messages = step_messages(&count);

    for (uint32_t i = 0; i < count; i++) {
        if (text_is(code, messages[i]->code)) {
            return messages[i];
        }
    }
    return NULL;
}

static void unpack_effect(struct unpacker *unpacker, struct effect *effect, int64_t now_ms)
{
    uint8_t kind = unpack_byte(unpacker);

    effect->fact = unpack_index(unpacker);
    effect->stage = unpack_index(unpacker);
    effect->clock = unpack_index(unpacker);
    effect->number = unpack_index(unpacker);
    effect->ground = unpack_index(unpacker);
    effect->entry = unpack_index(unpacker);
    effect->role = unpack_index(unpacker);
    effect->notice = unpack_index(unpacker);

    uint8_t bits = unpack_byte(unpacker);

    effect->to_officer = (bits & EFFECT_TO_OFFICER) != 0;
    effect->urgent = (bits & EFFECT_URGENT) != 0;
    effect->held = (bits & EFFECT_ON_HOLD) != 0;
    effect->provisional = (bits & EFFECT_PROVISIONAL) != 0;
    effect->at_ms = unpack_instant(unpacker, now_ms);
    effect->late_ms = unpack_signed(unpacker);
    effect->last_day = unpack_date(unpacker);
    effect->old_day = unpack_date(unpacker);

    uint8_t state = unpack_byte(unpacker);

    effect->length = unpack_length(unpacker);
    effect->text = unpack_text(unpacker);
    effect->message = find_message(unpack_text(unpacker));
    if (kind > EFFECT_LAST || state > INSTANCE_CANCELLED || bits > 15) {
        unpack_break(unpacker);
        return;
    }
    effect->kind = (enum effect_kind)kind;
    effect->state = (enum instance_state)state;
}

static void pack_act(struct packer *packer, const struct act *act)
{
    pack_text(packer, act->reason);
    pack_text(packer, act->person);
    pack_text(packer, act->role);
}

static void unpack_act(struct unpacker *unpacker, struct act *act)
{
    act->reason = unpack_text(unpacker);
    act->person = unpack_text(unpacker);
    act->role = unpack_text(unpacker);
}

static void pack_input(struct packer *packer, const struct record *record)
{
    pack_number(packer, record->number);
    switch (record->kind) {
    case RECORD_EVENT:
        submission_pack(packer, &record->submission);
        break;
    case RECORD_REST:
        pack_number(packer, record->of_seq);
        pack_flag(packer, record->wait_over);
        submission_pack_facts(packer, &record->submission.event);
        break;
    case RECORD_MOMENT:
        pack_instant(packer, record->due_ms, record->now_ms);
        break;
    case RECORD_DERIVED:
        break;
    case RECORD_INSTALL:
        pack_act(packer, &record->act);
        pack_number(packer, record->file_count);
        for (uint32_t i = 0; i < record->file_count; i++) {
            pack_text(packer, record->files[i].path);
            pack_text(packer, record->files[i].bytes);
        }
        break;
    case RECORD_JOB:
        job_report_pack(packer, &record->job);
        break;
    case RECORD_IMPORT:
        pack_act(packer, &record->act);
        pack_number(packer, record->submission_count);
        for (uint32_t i = 0; i < record->submission_count; i++) {
            submission_pack(packer, &record->submissions[i]);
        }
        break;
    case RECORD_ACT:
        pack_act(packer, &record->act);
        pack_byte(packer, (uint8_t)record->act_kind);
        pack_signed(packer, record->wall_ms);
        if (record->act_kind == ACT_RESTORE) {
            pack_number(packer, record->generation);
        } else if (record->act_kind == ACT_RELEASE || record->act_kind == ACT_ERASE) {
            pack_text(packer, record->of_agency);
            pack_text(packer, record->of_case);
        } else if (record->act_kind == ACT_BACKUP) {
            pack_text(packer, record->folder);
        } else if (record->act_kind == ACT_HOLD || record->act_kind == ACT_UNHOLD) {
            pack_text(packer, record->of_agency);
            pack_text(packer, record->of_case);
            pack_text(packer, record->of_channel);
        } else if (record->act_kind == ACT_DISCLOSE) {
            pack_text(packer, record->of_agency);
            pack_text(packer, record->of_case);
            pack_number(packer, record->of_lease);
        }
        break;
    case RECORD_MIGRATED:
        pack_act(packer, &record->act);
        pack_number(packer, record->of_procedure);
        break;
    }
}

static void pack_outcome(struct packer *packer, const struct record *record)
{
    pack_byte(packer, (uint8_t)record->verdict);
    pack_number(packer, record->procedure);
    pack_number(packer, record->revision);
    pack_index(packer, record->stage);
    pack_instant(packer, record->next_due_ms, record->now_ms);
    pack_number(packer, record->reason_count);
    for (uint32_t i = 0; i < record->reason_count; i++) {
        pack_text(packer, record->reasons[i].code);
        pack_text(packer, record->reasons[i].zh);
        pack_text(packer, record->reasons[i].en);
        pack_text(packer, record->reasons[i].law);
    }
    pack_number(packer, record->effect_count);
    for (uint32_t i = 0; i < record->effect_count; i++) {
        pack_effect(packer, &record->effects[i], record->now_ms);
    }
    pack_bytes(packer, record->delta);
    job_changes_pack(packer, record->jobs, record->job_count);
}

enum status record_encode(const struct record *record, uint8_t *room, size_t room_bytes,
                          struct bytes *out)
{
    struct packer packer;
    struct packer front;

    if (room_bytes < FRONT_BYTES) {
        return STATUS_LIMIT;
    }
    pack_init(&packer, room + FRONT_BYTES, room_bytes - FRONT_BYTES);
    pack_byte(&packer, (uint8_t)record->kind);
    pack_signed(&packer, record->now_ms);
    pack_input(&packer, record);
    pack_outcome(&packer, record);
    if (packer.full) {
        return STATUS_LIMIT;
    }
    pack_init(&front, room, FRONT_BYTES);
    pack_byte(&front, RECORD_VERSION);
    pack_u32(&front, crc32c(packed(&packer)));
    *out = (struct bytes){.at = room, .size = FRONT_BYTES + packed(&packer).size};
    return STATUS_OK;
}

static void unpack_files(struct unpacker *unpacker, struct arena *arena, struct record *record)
{
    uint32_t count = unpack_below(unpacker, INSTALL_FILES_MAX);
    struct install_file *files = unpack_array(unpacker, arena, count, sizeof(*files));

    for (uint32_t i = 0; files != NULL && i < count; i++) {
        files[i].path = unpack_text(unpacker);
        files[i].bytes = unpack_text(unpacker);
    }
    record->files = files;
    record->file_count = count;
}

static void unpack_kind_of_act(struct unpacker *unpacker, struct record *record)
{
    uint8_t kind = unpack_byte(unpacker);

    if (kind > ACT_DISCLOSE) {
        unpack_break(unpacker);
        return;
    }
    record->act_kind = (enum act_kind)kind;
}

static void unpack_imported(struct unpacker *unpacker, struct arena *arena,
                            struct record *record)
{
    uint32_t count = unpack_below(unpacker, IMPORT_EVENTS_MAX);
    struct submission *submissions = unpack_array(unpacker, arena, count, sizeof(*submissions));

    for (uint32_t i = 0; submissions != NULL && i < count; i++) {
        submission_unpack(unpacker, arena, &submissions[i]);
    }
    if (submissions == NULL || count == 0) {
        unpack_break(unpacker);
        count = 0;
    }
    record->submissions = submissions;
    record->submission_count = count;
}

static void unpack_input(struct unpacker *unpacker, struct arena *arena, struct record *record)
{
    record->number = unpack_number(unpacker);
    switch (record->kind) {
    case RECORD_EVENT:
        submission_unpack(unpacker, arena, &record->submission);
        break;
    case RECORD_REST:
        record->of_seq = unpack_number(unpacker);
        record->wait_over = unpack_flag(unpacker);
        submission_unpack_facts(unpacker, arena, &record->submission.event);
        break;
    case RECORD_MOMENT:
        record->due_ms = unpack_instant(unpacker, record->now_ms);
        break;
    case RECORD_DERIVED:
        break;
    case RECORD_INSTALL:
        unpack_act(unpacker, &record->act);
        unpack_files(unpacker, arena, record);
        break;
    case RECORD_JOB:
        job_report_unpack(unpacker, &record->job);
        break;
    case RECORD_IMPORT:
        unpack_act(unpacker, &record->act);
        unpack_imported(unpacker, arena, record);
        break;
    case RECORD_ACT:
        unpack_act(unpacker, &record->act);
        unpack_kind_of_act(unpacker, record);
        record->wall_ms = unpack_signed(unpacker);
        if (record->act_kind == ACT_RESTORE) {
            record->generation = unpack_below(unpacker, UINT32_MAX);
        } else if (record->act_kind == ACT_RELEASE || record->act_kind == ACT_ERASE) {
            record->of_agency = unpack_text(unpacker);
            record->of_case = unpack_text(unpacker);
        } else if (record->act_kind == ACT_BACKUP) {
            record->folder = unpack_text(unpacker);
        } else if (record->act_kind == ACT_HOLD || record->act_kind == ACT_UNHOLD) {
            record->of_agency = unpack_text(unpacker);
            record->of_case = unpack_text(unpacker);
            record->of_channel = unpack_text(unpacker);
        } else if (record->act_kind == ACT_DISCLOSE) {
            record->of_agency = unpack_text(unpacker);
            record->of_case = unpack_text(unpacker);
            record->of_lease = unpack_number(unpacker);
        }
        break;
    case RECORD_MIGRATED:
        unpack_act(unpacker, &record->act);
        record->of_procedure = unpack_below(unpacker, UINT32_MAX);
        break;
    }
}

static void unpack_reasons(struct unpacker *unpacker, struct arena *arena,
                           struct record *record)
{
    uint32_t count = unpack_below(unpacker, REASONS_MAX);
    struct told *reasons = unpack_array(unpacker, arena, count, sizeof(*reasons));

    for (uint32_t i = 0; reasons != NULL && i < count; i++) {
        reasons[i].code = unpack_text(unpacker);
        reasons[i].zh = unpack_text(unpacker);
        reasons[i].en = unpack_text(unpacker);
        reasons[i].law = unpack_text(unpacker);
    }
    record->reasons = reasons;
    record->reason_count = count;
}

static void unpack_effects(struct unpacker *unpacker, struct arena *arena,
                           struct record *record)
{
    uint32_t count = unpack_below(unpacker, EFFECTS_MAX);
    struct effect *effects = unpack_array(unpacker, arena, count, sizeof(*effects));

    for (uint32_t i = 0; effects != NULL && i < count; i++) {
        unpack_effect(unpacker, &effects[i], record->now_ms);
    }
    record->effects = effects;
    record->effect_count = count;
}

enum status record_decode(struct bytes bytes, struct arena *arena, struct record *record)
{
    struct unpacker unpacker;

    unpack_init(&unpacker, bytes);

    uint8_t version = unpack_byte(&unpacker);
    uint32_t sum = unpack_u32(&unpacker);
    struct bytes rest = {.at = unpacker.at, .size = (size_t)(unpacker.end - unpacker.at)};

    if (unpacker.broken || version != RECORD_VERSION || crc32c(rest) != sum) {
        return STATUS_MALFORMED;
    }

    uint8_t kind = unpack_byte(&unpacker);

    if (kind > RECORD_IMPORT) {
        return STATUS_MALFORMED;
    }
    *record = (struct record){.kind = (enum record_kind)kind};
    record->now_ms = unpack_signed(&unpacker);
    unpack_input(&unpacker, arena, record);

    uint8_t verdict = unpack_byte(&unpacker);

    if (verdict > RECORD_REJECTED) {
        return STATUS_MALFORMED;
    }
    record->verdict = (enum record_verdict)verdict;
    record->procedure = unpack_below(&unpacker, UINT32_MAX);
    record->revision = unpack_below(&unpacker, UINT32_MAX);
    record->stage = unpack_index(&unpacker);
    record->next_due_ms = unpack_instant(&unpacker, record->now_ms);
    unpack_reasons(&unpacker, arena, record);
    unpack_effects(&unpacker, arena, record);
    record->delta = unpack_bytes(&unpacker);
    record->job_count = job_changes_unpack(&unpacker, arena, &record->jobs);
    return arena->spent ? STATUS_LIMIT : unpack_end(&unpacker);
}
