#include "engine/receipt.h"

#include "base/must.h"

#include <string.h>

enum { WORDS_BYTES_MAX = 600 };

struct text receipt_word(enum receipt_verdict verdict)
{
    static const struct text words[] = {
        [RECEIPT_APPLIED] = TEXT_INIT("applied"),
        [RECEIPT_DUPLICATE] = TEXT_INIT("duplicate"),
        [RECEIPT_WAITING] = TEXT_INIT("waiting"),
        [RECEIPT_REJECTED] = TEXT_INIT("rejected"),
    };

    return words[verdict];
}

static bool has_words(const struct label *label)
{
    return !text_empty(label->zh) || !text_empty(label->en);
}

/* Under `words`; NULL: nothing stands there. */
static const struct label *word_label(const struct procedure *procedure, struct text name)
{
    for (uint32_t i = 0; i < procedure->word_count; i++) {
        if (text_equal(procedure->words[i].name, name)) {
            return &procedure->words[i].label;
        }
    }
    return NULL;
}

/* The label of whatever has this name first: one name may stand for a fact and a stage. */
static const struct label *label_of(const struct procedure *procedure, struct text name)
{
    uint16_t index = procedure_role(procedure, name);

    if (index != NO_INDEX) {
        return &procedure->roles[index].label;
    }
    index = procedure_clock(procedure, name);
    if (index != NO_INDEX) {
        return &procedure->clocks[index].label;
    }
    index = procedure_fact(procedure, name);
    if (index != NO_INDEX) {
        return &procedure->facts[index].label;
    }
    index = procedure_event(procedure, name);
    if (index != NO_INDEX) {
        return &procedure->events[index].label;
    }
    index = procedure_stage(procedure, name);
    if (index != NO_INDEX) {
        return &procedure->stages[index].label;
    }
    index = procedure_ground(procedure, name);
    return index == NO_INDEX ? NULL : &procedure->grounds[index].label;
}

struct text procedure_words_of(const struct procedure *procedure, const struct label *label,
                               struct text name, bool zh)
{
    if ((label == NULL || !has_words(label)) && procedure != NULL) {
        label = word_label(procedure, name);
    }
    return label == NULL ? name : label_words(label, name, zh);
}

struct text procedure_words(const struct procedure *procedure, struct text name, bool zh)
{
    return procedure_words_of(procedure, procedure == NULL ? NULL : label_of(procedure, name),
                              name, zh);
}

/* An argument in words; of a list each of its names. */
static struct text speak(struct text argument, const struct procedure *procedure, bool zh,
                         struct arena *arena)
{
    struct text comma = zh ? TEXT("、") : TEXT(", ");
    char room[WORDS_BYTES_MAX];
    size_t size = 0;

    struct text rest;
    struct text name = text_cut(argument, MESSAGE_LIST, &rest);
    struct text word = procedure_words(procedure, name, zh);

    if (text_empty(rest)) {
        return word;
    }
    while (!text_empty(word) && size + word.size + comma.size <= sizeof(room)) {
        memcpy(room + size, comma.bytes, size > 0 ? comma.size : 0);
        size += size > 0 ? comma.size : 0;
        memcpy(room + size, word.bytes, word.size);
        size += word.size;
        word = procedure_words(procedure, text_cut(rest, MESSAGE_LIST, &rest), zh);
    }

    const char *copy = arena_copy(arena, room, size);

    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : size};
}

/* What keeps persons apart is told in its own words: its name is known to nobody else. */
static bool told_by_label(const struct reason *reason, int argument)
{
    return argument == 1 && text_is(reason->code, "apart") && reason->label != NULL &&
           has_words(reason->label);
}

static struct text fill(const struct reason *reason, const struct procedure *procedure, bool zh,
                        struct arena *arena)
{
    struct text spoken[PROBLEM_ARGUMENTS];
    char room[WORDS_BYTES_MAX];

    for (int i = 0; i < PROBLEM_ARGUMENTS; i++) {
        struct text argument = reason->arguments[i];

        spoken[i] = told_by_label(reason, i) ? label_words(reason->label, argument, zh)
                                             : speak(argument, procedure, zh, arena);
    }

    size_t size = message_print(zh ? reason->message->zh : reason->message->en, spoken, room,
                                sizeof(room));
    const char *copy = arena_copy(arena, room, size);

    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : size};
}

static struct told tell(const struct reason *reason, const struct procedure *procedure,
                        struct arena *arena)
{
    struct told told = {.code = reason->code};

    if (reason->label != NULL) {
        told.law = reason->label->law;
    }
    if (reason->message != NULL) {
        told.zh = fill(reason, procedure, true, arena);
        told.en = fill(reason, procedure, false, arena);
    } else if (reason->label != NULL) {
        told.zh = label_words(reason->label, reason->code, true);
        told.en = label_words(reason->label, reason->code, false);
    }
    return told;
}

const struct told *reasons_told(const struct reason *reasons, uint32_t count,
                                const struct procedure *procedure, struct arena *arena)
{
    struct told *told = arena_take(arena, count * sizeof(*told));

    for (uint32_t i = 0; told != NULL && i < count; i++) {
        told[i] = tell(&reasons[i], procedure, arena);
    }
    return told;
}

/* Verbs that did nothing, in words. */
static void tell_nothings(const struct record *record, const struct procedure *procedure,
                          struct arena *arena, struct receipt *receipt)
{
    struct told *nothings = arena_take(arena, record->effect_count * sizeof(*nothings));

    for (uint32_t i = 0; nothings != NULL && i < record->effect_count; i++) {
        const struct effect *effect = &record->effects[i];

        if (effect->kind == EFFECT_NOTHING && effect->message != NULL) {
            struct reason reason = {
                .code = text_of(effect->message->code),
                .message = effect->message,
                .arguments = {effect->text},
            };

            nothings[receipt->nothing_count++] = tell(&reason, procedure, arena);
        }
    }
    receipt->nothings = nothings;
}

static struct text keep(struct arena *arena, struct text text)
{
    const char *copy = arena_copy(arena, text.bytes, text.size);

    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : text.size};
}

/* A record read again is gone when the next one is; the receipt stays. */
static void keep_reasons(const struct record *record, struct arena *arena,
                         struct receipt *receipt)
{
    struct told *reasons = arena_take(arena, record->reason_count * sizeof(*reasons));

    for (uint32_t i = 0; reasons != NULL && i < record->reason_count; i++) {
        const struct told *told = &record->reasons[i];

        reasons[receipt->reason_count++] = (struct told){
            .code = keep(arena, told->code),
            .zh = keep(arena, told->zh),
            .en = keep(arena, told->en),
            .law = keep(arena, told->law),
        };
    }
    receipt->reasons = reasons;
}

void receipt_from(const struct record *record, uint64_t seq, const struct procedure *procedure,
                  struct arena *arena, struct receipt *receipt)
{
    static const enum receipt_verdict verdicts[] = {
        [RECORD_APPLIED] = RECEIPT_APPLIED,
        [RECORD_WAITING] = RECEIPT_WAITING,
        [RECORD_REJECTED] = RECEIPT_REJECTED,
    };

    *receipt = (struct receipt){
        .verdict = verdicts[record->verdict],
        .first = verdicts[record->verdict],
        .seq = seq,
        .number = record->number,
        .revision = record->revision,
        .next_due_ms = record->next_due_ms,
    };
    if (procedure != NULL && record->stage != NO_INDEX) {
        MUST(record->stage < procedure->stage_count);
        receipt->stage = procedure->stages[record->stage].name;
    }
    keep_reasons(record, arena, receipt);
    tell_nothings(record, procedure, arena, receipt);
}
