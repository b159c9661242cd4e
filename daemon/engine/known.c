#include "engine/parts.h"

#include "base/must.h"

/* Whether an event was taken before: by its digest first, then by its bytes. */
enum { CONTENT_BYTES_MAX = 300 * 1024 };

static bool same_bytes(enum status (*write)(const struct submission *, uint8_t *, size_t,
                                            struct bytes *),
                       struct engine *engine, const struct submission *a,
                       const struct submission *b)
{
    struct bytes one = {0};
    struct bytes two = {0};
    uint8_t *mark = arena_mark(&engine->step);
    uint8_t *rooms = arena_take(&engine->step, (size_t)2 * CONTENT_BYTES_MAX);

    MUST(rooms != NULL);

    bool same = write(a, rooms, CONTENT_BYTES_MAX, &one) == STATUS_OK &&
                write(b, rooms + CONTENT_BYTES_MAX, CONTENT_BYTES_MAX, &two) == STATUS_OK &&
                bytes_equal(one, two);

    arena_rewind(&engine->step, mark);
    return same;
}

/* Of the events of an import, the one of this identity. */
static void pick_imported(struct engine *engine, const struct submission *wanted,
                          struct record *record)
{
    record->submission = record->submissions[0];
    for (uint32_t i = 1; i < record->submission_count; i++) {
        if (same_bytes(submission_identity, engine, wanted, &record->submissions[i])) {
            record->submission = record->submissions[i];
        }
    }
}

/* The submission that a record is about: its own, or that of the event that came to rest. Its
 * facts are as they were stepped, and sealed under the key of the case or of the day. */
static void read_submission(struct engine *engine, uint64_t seq,
                            const struct submission *wanted, struct record *record,
                            enum key_kind *kind)
{
    struct event stepped = {0};

    MUST(engine_record(engine, seq, &engine->read, record) == STATUS_OK);
    if (record->kind == RECORD_REST) {
        stepped = waiting_stepped(engine, record);
        MUST(engine_record(engine, record->of_seq, &engine->read, record) == STATUS_OK);
    }
    if (record->kind == RECORD_IMPORT) {
        pick_imported(engine, wanted, record);
    } else {
        MUST(record->kind == RECORD_EVENT);
    }
    *kind = record->number == 0 && record->verdict == RECORD_WAITING ? KEY_OF_DAY : KEY_OF_CASE;
    if (stepped.fact_count > 0) {
        record->submission.event.facts = stepped.facts;
        *kind = KEY_OF_CASE;
    }
}

enum event_known event_compare(struct engine *engine, const struct submission *submission,
                               uint64_t number, uint64_t seq)
{
    struct record first;
    struct submission again = *submission;
    enum key_kind kind;
    uint8_t *mark = arena_mark(&engine->step);

    read_submission(engine, seq, submission, &first, &kind);
    if (engine->replayed == 0) {
        sealing_alike(engine, kind,
                      kind == KEY_OF_CASE ? number : (uint64_t)(first.now_ms / DAY_MS),
                      &first.submission.event, &again.event);
    }

    bool known = same_bytes(submission_identity, engine, &again, &first.submission);
    /* A replay meets no duplicate, for none is recorded; what it has of this one is sealed. */
    bool same = engine->replayed == 0 &&
                same_bytes(submission_content, engine, &again, &first.submission);

    arena_rewind(&engine->step, mark);
    if (!known) {
        return EVENT_NOT_KNOWN;
    }
    return same ? EVENT_KNOWN : EVENT_KNOWN_OTHERWISE;
}

enum event_known event_known(struct engine *engine, const struct submission *submission,
                             const struct case_file *file, uint64_t *seq)
{
    struct digest digest = submission_digest(submission);

    for (uint32_t entry = file->entries;
         casefile_find(engine->store, file, &digest, &entry, seq);) {
        enum event_known known = event_compare(engine, submission, file->number, *seq);

        if (known != EVENT_NOT_KNOWN) {
            return known;
        }
    }
    return EVENT_NOT_KNOWN;
}
