#include "codec/submission.h"

#include "base/must.h"

enum fact_bits { FACT_SEALED = 1, FACT_UNFIT = 2 };

static void pack_texts(struct packer *packer, const struct text *texts, uint32_t count)
{
    pack_number(packer, count);
    for (uint32_t i = 0; i < count; i++) {
        pack_text(packer, texts[i]);
    }
}

static const struct text *unpack_texts(struct unpacker *unpacker, struct arena *arena,
                                       uint32_t max, uint32_t *count)
{
    *count = unpack_below(unpacker, max);

    struct text *texts = unpack_array(unpacker, arena, *count, sizeof(*texts));

    for (uint32_t i = 0; texts != NULL && i < *count; i++) {
        texts[i] = unpack_text(unpacker);
    }
    return texts;
}

static void pack_documents(struct packer *packer, const struct submission *submission)
{
    pack_number(packer, submission->document_count);
    for (uint32_t i = 0; i < submission->document_count; i++) {
        const struct document *document = &submission->documents[i];

        pack_text(packer, document->kind);
        pack_text(packer, document->title);
        pack_text(packer, document->sha256);
        pack_text(packer, document->uri);
    }
}

/* Documents, and their kinds once more as the core wants them. */
static void unpack_documents(struct unpacker *unpacker, struct arena *arena,
                             struct submission *submission)
{
    uint32_t count = unpack_below(unpacker, DOCUMENTS_MAX);
    struct document *documents = unpack_array(unpacker, arena, count, sizeof(*documents));
    struct text *kinds = unpack_array(unpacker, arena, count, sizeof(*kinds));

    for (uint32_t i = 0; kinds != NULL && i < count; i++) {
        documents[i].kind = unpack_text(unpacker);
        documents[i].title = unpack_text(unpacker);
        documents[i].sha256 = unpack_text(unpacker);
        documents[i].uri = unpack_text(unpacker);
        kinds[i] = documents[i].kind;
    }
    submission->documents = documents;
    submission->document_count = count;
    submission->event.documents = kinds;
    submission->event.document_count = count;
}

void submission_pack_facts(struct packer *packer, const struct event *event)
{
    pack_number(packer, event->fact_count);
    for (uint32_t i = 0; i < event->fact_count; i++) {
        const struct carried *fact = &event->facts[i];

        pack_text(packer, fact->name);
        pack_byte(packer,
                  (uint8_t)((fact->sealed ? FACT_SEALED : 0) | (fact->unfit ? FACT_UNFIT : 0)));
        pack_text(packer, fact->value);
    }
}

void submission_unpack_facts(struct unpacker *unpacker, struct arena *arena,
                             struct event *event)
{
    uint32_t count = unpack_below(unpacker, CARRIED_MAX);
    struct carried *facts = unpack_array(unpacker, arena, count, sizeof(*facts));

    for (uint32_t i = 0; facts != NULL && i < count; i++) {
        facts[i].name = unpack_text(unpacker);

        uint8_t bits = unpack_byte(unpacker);

        if (bits > (FACT_SEALED | FACT_UNFIT) || bits == FACT_UNFIT) {
            unpack_break(unpacker);
        }
        facts[i].sealed = (bits & FACT_SEALED) != 0;
        facts[i].unfit = (bits & FACT_UNFIT) != 0;
        facts[i].value = facts[i].sealed ? unpack_sealed(unpacker) : unpack_text(unpacker);
    }
    event->facts = facts;
    event->fact_count = count;
}

void submission_pack(struct packer *packer, const struct submission *submission)
{
    const struct event *event = &submission->event;

    MUST(event->document_count == submission->document_count);
    pack_text(packer, submission->id);
    pack_text(packer, submission->source);
    pack_text(packer, submission->agency);
    pack_text(packer, submission->case_id);
    pack_text(packer, submission->procedure);
    pack_text(packer, submission->actor_agency);
    pack_text(packer, submission->traceparent);
    pack_signed(packer, submission->wait_ms);
    pack_text(packer, event->type);
    pack_signed(packer, event->occurred_ms);
    pack_text(packer, event->person);
    pack_text(packer, event->role);
    pack_texts(packer, event->with, event->with_count);
    submission_pack_facts(packer, event);
    pack_documents(packer, submission);
    pack_text(packer, event->note);
    pack_text(packer, event->unit);
    if (submission_is_made(submission)) {
        pack_text(packer, event->sender);
    }
}

bool submission_is_made(const struct submission *submission)
{
    return text_is(submission->source, SUBMISSION_MADE_SOURCE);
}

void submission_unpack(struct unpacker *unpacker, struct arena *arena,
                       struct submission *submission)
{
    struct event *event = &submission->event;

    *submission = (struct submission){0};
    submission->id = unpack_text(unpacker);
    submission->source = unpack_text(unpacker);
    submission->agency = unpack_text(unpacker);
    submission->case_id = unpack_text(unpacker);
    submission->procedure = unpack_text(unpacker);
    submission->actor_agency = unpack_text(unpacker);
    submission->traceparent = unpack_text(unpacker);
    submission->wait_ms = unpack_signed(unpacker);
    event->type = unpack_text(unpacker);
    event->occurred_ms = unpack_signed(unpacker);
    event->person = unpack_text(unpacker);
    event->role = unpack_text(unpacker);
    event->with = unpack_texts(unpacker, arena, ACTORS_MAX, &event->with_count);
    submission_unpack_facts(unpacker, arena, event);
    unpack_documents(unpacker, arena, submission);
    event->note = unpack_text(unpacker);
    event->unit = unpack_text(unpacker);
    if (submission_is_made(submission)) {
        event->sender = unpack_text(unpacker);
    }
}

/* The carried fact that comes after `last` by name, then place; NULL past the end. */
static const struct carried *next_fact(const struct event *event, const struct carried *last)
{
    const struct carried *next = NULL;

    for (uint32_t i = 0; i < event->fact_count; i++) {
        const struct carried *fact = &event->facts[i];
        int order = last == NULL ? 1 : text_compare(fact->name, last->name);
        bool later = order > 0 || (order == 0 && fact > last);

        if (later && (next == NULL || text_compare(fact->name, next->name) < 0)) {
            next = fact;
        }
    }
    return next;
}

enum status submission_content(const struct submission *submission, uint8_t *room,
                               size_t room_bytes, struct bytes *out)
{
    const struct event *event = &submission->event;
    const struct carried *fact = NULL;
    struct packer packer;

    pack_init(&packer, room, room_bytes);
    pack_text(&packer, submission->agency);
    pack_text(&packer, submission->case_id);
    pack_text(&packer, submission->procedure);
    pack_text(&packer, submission->actor_agency);
    pack_text(&packer, event->type);
    pack_signed(&packer, event->occurred_ms);
    pack_text(&packer, event->person);
    pack_text(&packer, event->role);
    pack_texts(&packer, event->with, event->with_count);
    pack_number(&packer, event->fact_count);
    while ((fact = next_fact(event, fact)) != NULL) {
        pack_text(&packer, fact->name);
        pack_text(&packer, fact->value);
    }
    pack_documents(&packer, submission);
    pack_text(&packer, event->note);
    pack_text(&packer, event->unit);
    *out = packed(&packer);
    return packer.full ? STATUS_LIMIT : STATUS_OK;
}

enum status submission_identity(const struct submission *submission, uint8_t *room,
                                size_t room_bytes, struct bytes *out)
{
    struct packer packer;

    pack_init(&packer, room, room_bytes);
    pack_text(&packer, submission->agency);
    pack_text(&packer, submission->case_id);
    pack_text(&packer, submission->source);
    pack_text(&packer, submission->id);
    *out = packed(&packer);
    return packer.full ? STATUS_LIMIT : STATUS_OK;
}
