#include "engine/parts.h"

#include "base/must.h"
#include "codec/pack.h"

#include <string.h>

enum { ROW_BYTES = 24 };

/* The next event that waits for a case, from *key on. */
static bool next_waiting(struct engine *engine, struct text agency, struct text case_id,
                         struct key *key, uint64_t *seq, struct bytes *value)
{
    return store_next(engine->store, TABLE_NAMES, key, value) &&
           key_is_waiting(key, agency, case_id, seq);
}

/* The key right after this one. */
static void pass(struct key *key)
{
    for (size_t i = key->size; i > 0; i--) {
        if (++key->bytes[i - 1] != 0) {
            return;
        }
    }
}

uint32_t engine_waiting(struct engine *engine, struct text agency, struct text case_id)
{
    struct key key = key_waiting(agency, case_id, INT64_MIN, 0);
    struct bytes value;
    uint64_t seq;
    uint32_t count = 0;

    while (next_waiting(engine, agency, case_id, &key, &seq, &value)) {
        count++;
        pass(&key);
    }
    return count;
}

bool waiting_has_room(struct engine *engine, struct text agency, struct text case_id)
{
    return engine_waiting(engine, agency, case_id) < WAITING_MAX;
}

void waiting_add(struct engine *engine, const struct submission *submission, uint64_t seq,
                 int64_t end_ms, const struct digest *digest)
{
    struct key key = key_waiting(submission->agency, submission->case_id,
                                 submission->event.occurred_ms, seq);
    uint8_t room[ROW_BYTES];
    struct packer packer;

    pack_init(&packer, room, sizeof(room));
    pack_u64(&packer, (uint64_t)end_ms);
    pack_raw(&packer, (struct bytes){.at = digest->bytes, .size = sizeof(digest->bytes)});
    MUST(!packer.full);
    store_put(engine->store, TABLE_NAMES, &key, packed(&packer));
    moment_put(engine, submission->agency, end_ms, MOMENT_WAITING, seq);
}

bool waiting_find(struct engine *engine, const struct submission *submission,
                  const struct digest *digest, uint64_t *seq)
{
    struct key key = key_waiting(submission->agency, submission->case_id, INT64_MIN, 0);
    struct bytes value;

    while (next_waiting(engine, submission->agency, submission->case_id, &key, seq, &value)) {
        MUST(value.size == ROW_BYTES);
        if (memcmp(value.at + 8, digest->bytes, sizeof(digest->bytes)) == 0) {
            return true;
        }
        pass(&key);
    }
    return false;
}

void waiting_stop(struct engine *engine, const struct submission *submission, uint64_t seq,
                  bool over)
{
    struct key key = key_waiting(submission->agency, submission->case_id,
                                 submission->event.occurred_ms, seq);
    struct unpacker unpacker;
    struct bytes value;

    MUST(store_get(engine->store, TABLE_NAMES, &key, &value));
    unpack_init(&unpacker, value);

    int64_t end_ms = (int64_t)unpack_u64(&unpacker);

    store_delete(engine->store, TABLE_NAMES, &key);
    if (!over) {
        moment_drop(engine, submission->agency, end_ms, MOMENT_WAITING, seq);
    }
}

/* One that waited, tried again. */
struct trying {
    struct record first;  /* its record, read again */
    struct record record; /* the one of its rest */
    struct outcome outcome;
    struct hand hand;
    uint64_t seq;
};

static void reject_for(struct trying *trying, struct reason *reason,
                       const struct message *message, struct text argument)
{
    *reason = (struct reason){
        .code = text_of(message->code), .message = message, .arguments = {argument}};
    trying->outcome = (struct outcome){
        .verdict = VERDICT_REJECTED,
        .reasons = reason,
        .reason_count = 1,
        .after = trying->hand.state,
    };
}

/* It comes to rest with that outcome, remembered in the case's file. */
static void rest(struct engine *engine, struct trying *trying)
{
    struct record *record = &trying->record;
    struct outcome *outcome = &trying->outcome;
    struct digest digest = submission_digest(&trying->first.submission);
    struct reason reason;
    uint64_t seq;

    record->verdict = outcome->verdict == VERDICT_APPLIED ? RECORD_APPLIED : RECORD_REJECTED;
    record->reasons = reasons_told(outcome->reasons, outcome->reason_count,
                                   trying->hand.procedure, &engine->step);
    record->reason_count = outcome->reason_count;
    if (!hand_settle(engine, &trying->hand, record, outcome, &digest, &seq)) {
        reject_for(trying, &reason, &engine_limit, TEXT("state"));
        record->verdict = RECORD_REJECTED;
        record->reasons = reasons_told(&reason, 1, trying->hand.procedure, &engine->step);
        record->reason_count = 1;
        MUST(hand_settle(engine, &trying->hand, record, outcome, &digest, &seq));
    }
    if (record->verdict == RECORD_REJECTED) {
        errand_refused(engine, &trying->first.submission, record->reasons[0].code);
    }
}

struct event waiting_stepped(struct engine *engine, const struct record *rest)
{
    struct event stepped = rest->submission.event;
    struct carried *facts =
        arena_copy(&engine->step, stepped.facts, stepped.fact_count * sizeof(*facts));

    MUST(facts != NULL);
    for (uint32_t i = 0; i < stepped.fact_count; i++) {
        facts[i].name.bytes =
            arena_copy(&engine->step, facts[i].name.bytes, facts[i].name.size);
        facts[i].value.bytes =
            arena_copy(&engine->step, facts[i].value.bytes, facts[i].value.size);
        MUST(facts[i].name.bytes != NULL && facts[i].value.bytes != NULL);
    }
    return (struct event){.facts = facts, .fact_count = stepped.fact_count};
}

/* It came before its case, so all it carried was sealed. */
static bool is_early(const struct trying *trying)
{
    return trying->first.number == 0 && trying->first.submission.event.fact_count > 0;
}

/* The facts of one that came early, as the case has them; none where they are lost. */
static void open_facts(struct engine *engine, struct trying *trying)
{
    struct event event = trying->first.submission.event;

    if (sealing_after_wait(engine, &event, trying->first.now_ms)) {
        sealing_by_case(engine, &trying->hand, &event);
        trying->record.submission.event.facts = event.facts;
        trying->record.submission.event.fact_count = event.fact_count;
    }
}

/* The same in a replay, from the record of its rest. False: that does not come next, so it
 * went on waiting. */
static bool meet_rest(struct engine *engine, struct trying *trying)
{
    struct record rest;

    if (engine_record(engine, engine->replayed, &engine->read, &rest) != STATUS_OK ||
        rest.kind != RECORD_REST || rest.of_seq != trying->seq) {
        return false;
    }
    trying->record.submission.event = waiting_stepped(engine, &rest);
    return true;
}

/* Step it; false: no rule takes it. */
static bool step_one(struct engine *engine, struct trying *trying)
{
    struct step step = hand_step(engine, &trying->hand, trying->record.now_ms);
    struct event event = trying->first.submission.event;

    event.received_ms = trying->first.now_ms;
    if (is_early(trying)) {
        event.facts = trying->record.submission.event.facts;
    }
    trying->hand.cause = &trying->first.submission;
    MUST(case_step(&step, &event, &engine->step, &trying->outcome));
    return trying->outcome.verdict != VERDICT_NO_RULE;
}

/* Try one; false: it goes on waiting. */
static bool try_one(struct engine *engine, uint64_t number, struct trying *trying,
                    int64_t wall_ms)
{
    struct reason reason;
    bool replays = engine_replays(engine);

    trying->record = (struct record){.kind = RECORD_REST,
                                     .now_ms = engine_now(engine, wall_ms),
                                     .of_seq = trying->seq,
                                     .stage = NO_INDEX,
                                     .next_due_ms = INSTANT_NEVER};
    MUST(hand_take(engine, number, &trying->hand));
    if (replays && !meet_rest(engine, trying)) {
        return false;
    }
    MUST(engine_record(engine, trying->seq, &engine->read, &trying->first) == STATUS_OK);
    if (!replays && is_early(trying)) {
        if (engine->keyring == NULL) {
            return false; /* somebody looks only */
        }
        open_facts(engine, trying);
    }
    if (is_early(trying) && trying->record.submission.event.fact_count == 0) {
        reject_for(trying, &reason, &engine_facts_lost, trying->first.submission.id);
    } else if (!step_one(engine, trying)) {
        return false;
    }
    rest(engine, trying);
    if (!engine_stopped(engine)) {
        waiting_stop(engine, &trying->first.submission, trying->seq, false);
    }
    return true;
}

/* What a case is called, kept while it is taken in hand again and again. */
struct name {
    char agency_room[AGENCY_BYTES_MAX];
    char case_room[CASE_ID_BYTES_MAX];
    struct text agency;
    struct text case_id;
};

static void keep_name(struct name *name, struct text agency, struct text case_id)
{
    MUST(agency.size <= AGENCY_BYTES_MAX);
    MUST(case_id.size <= CASE_ID_BYTES_MAX);
    memcpy(name->agency_room, agency.bytes, agency.size);
    memcpy(name->case_room, case_id.bytes, case_id.size);
    name->agency = (struct text){name->agency_room, agency.size};
    name->case_id = (struct text){name->case_room, case_id.size};
}

void waiting_try(struct engine *engine, uint64_t number, struct text agency,
                 struct text case_id, int64_t wall_ms)
{
    struct name name;
    struct bytes value;
    struct trying trying;

    keep_name(&name, agency, case_id);

    struct key key = key_waiting(name.agency, name.case_id, INT64_MIN, 0);

    /* Each turn either passes one or ends one, and an applied one begins again. */
    while (!engine_stopped(engine) &&
           next_waiting(engine, name.agency, name.case_id, &key, &trying.seq, &value)) {
        bool rested = try_one(engine, number, &trying, wall_ms);

        if (rested && trying.record.verdict == RECORD_APPLIED) {
            key = key_waiting(name.agency, name.case_id, INT64_MIN, 0);
        } else {
            pass(&key);
        }
    }
}

static uint64_t number_of(struct engine *engine, const struct submission *submission)
{
    struct key key = key_name(submission->agency, submission->case_id);
    struct unpacker unpacker;
    struct bytes value;

    if (!store_get(engine->store, TABLE_NAMES, &key, &value)) {
        return 0;
    }
    unpack_init(&unpacker, value);
    return unpack_u64(&unpacker);
}

/* The end of its time as people read it. */
static struct text print_end(struct engine *engine, const struct record *first)
{
    const struct agency *agency =
        installed_agency(engine->law->installed, first->submission.agency);
    char *room = arena_take(&engine->step, INSTANT_TEXT_SIZE);
    struct text text = {.bytes = room};

    if (room != NULL) {
        text.size = instant_print(first->now_ms + first->submission.wait_ms,
                                  agency == NULL ? 0 : agency->office.zone_ms, room);
    }
    return text;
}

void waiting_end(struct engine *engine, uint64_t seq, int64_t wall_ms)
{
    struct trying trying = {
        .seq = seq,
        .record = {.kind = RECORD_REST,
                   .now_ms = engine_now(engine, wall_ms),
                   .of_seq = seq,
                   .wait_over = true,
                   .verdict = RECORD_REJECTED,
                   .stage = NO_INDEX,
                   .next_due_ms = INSTANT_NEVER},
    };
    struct happening happening = {.record = &trying.record};
    struct reason reason;

    MUST(engine_record(engine, seq, &engine->read, &trying.first) == STATUS_OK);

    uint64_t number = number_of(engine, &trying.first.submission);

    if (number != 0) {
        MUST(hand_take(engine, number, &trying.hand));
        reject_for(&trying, &reason, &engine_wait_over, print_end(engine, &trying.first));
        rest(engine, &trying);
    } else {
        arena_init_over(&engine->step, engine->step_bytes, STEP_BYTES);
        reject_for(&trying, &reason, &engine_wait_over, print_end(engine, &trying.first));
        trying.record.reasons = reasons_told(&reason, 1, NULL, &engine->step);
        trying.record.reason_count = 1;
        (void)engine_append(engine, &happening);
        errand_refused(engine, &trying.first.submission, trying.record.reasons[0].code);
    }
    if (!engine_stopped(engine)) {
        waiting_stop(engine, &trying.first.submission, seq, true);
    }
}
