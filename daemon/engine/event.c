#include "engine/parts.h"

#include "base/must.h"
#include "codec/pack.h"
#include "core/reach.h"

#include <string.h>

/* An event in hand: what it says, and the record in the making. */
struct taking {
    const struct submission *submission;
    const struct agency *agency;
    struct digest digest;
    struct record record;
    struct reason reason; /* of the engine's own */
    uint64_t number;      /* of the case; 0: there is none */
    bool made;            /* by the daemon itself */
    struct receipt *receipt;
};

enum { NAME_TEXT_BYTES_MAX = 128 };

struct digest submission_digest(const struct submission *submission)
{
    uint8_t room[4 * NAME_TEXT_BYTES_MAX];
    struct bytes identity = {0};

    MUST(submission_identity(submission, room, sizeof(room), &identity) == STATUS_OK);
    return digest_of(identity);
}

/* The words of a refusal; the case's own names are not meant here. */
static struct reason reason_of(const struct message *message, struct text one, struct text two)
{
    return (struct reason){
        .code = text_of(message->code), .message = message, .arguments = {one, two}};
}

static void refuse(struct taking *taking, const struct message *message, struct text one,
                   struct text two)
{
    taking->reason = reason_of(message, one, two);
}

bool event_count_refusal(struct engine *engine, const struct record *record)
{
    const struct submission *submission = &record->submission;
    struct text source = submission->source;
    struct digest digest =
        digest_of((struct bytes){.at = (const uint8_t *)source.bytes, .size = source.size});
    const struct agency *agency = installed_agency(engine->law->installed, submission->agency);
    /* Names that nothing stands behind share one count, or they could fill the store. */
    struct text agency_id = agency == NULL ? (struct text){0} : submission->agency;
    struct text case_id = record->number == 0 ? (struct text){0} : submission->case_id;
    uint64_t half = 0;
    struct bytes value;
    uint8_t room[8];
    struct packer packer;

    memcpy(&half, digest.bytes, sizeof(half));

    struct key key = key_refused(agency_id, case_id, half);
    uint32_t day = (uint32_t)(record->now_ms / DAY_MS);
    uint32_t count = 0;

    if (store_get(engine->store, TABLE_NAMES, &key, &value)) {
        struct unpacker unpacker;

        unpack_init(&unpacker, value);
        count = unpack_u32(&unpacker) == day ? unpack_u32(&unpacker) : 0;
    }
    if (count == REFUSED_RECORDED_MAX) {
        return false;
    }
    pack_init(&packer, room, sizeof(room));
    pack_u32(&packer, day);
    pack_u32(&packer, count + 1);
    store_put(engine->store, TABLE_NAMES, &key, packed(&packer));
    return true;
}

/* Refused where there is no case. The hand is empty, or of the one that was not opened. */
static uint64_t refuse_without_case(struct engine *engine, const struct hand *hand,
                                    const struct rule *rule, struct record *record)
{
    struct happening happening = {.record = record, .procedure = hand->procedure, .rule = rule};

    record->verdict = RECORD_REJECTED;
    if (!event_count_refusal(engine, record)) {
        return 0;
    }
    sealing_withhold(engine, hand, &record->submission.event);
    return engine_append(engine, &happening);
}

/* Refused: recorded in the case's file, with any defect that the refusal left on it. */
static void end_rejected(struct engine *engine, struct taking *taking, struct hand *hand,
                         const struct outcome *outcome)
{
    struct record *record = &taking->record;
    bool there = hand->old_bytes != 0;
    uint64_t seq = 0;

    record->verdict = RECORD_REJECTED;
    record->number = there ? hand->file.number : 0;
    record->reasons =
        reasons_told(outcome->reasons, outcome->reason_count, hand->procedure, &engine->answer);
    record->reason_count = outcome->reason_count;
    record->stage = NO_INDEX;
    if (!there) {
        seq = refuse_without_case(engine, hand, outcome->rule, record);
    } else if (event_count_refusal(engine, record)) {
        MUST(hand_settle(engine, hand, record, outcome, NULL, &seq));
    }
    receipt_from(record, seq, hand->procedure, &engine->answer, taking->receipt);
    if (taking->made) {
        errand_refused(engine, taking->submission,
                       record->reason_count > 0 ? record->reasons[0].code : TEXT("refused"));
    }
}

/* Refused for the engine's own reason; nothing moved. */
static void end_refused(struct engine *engine, struct taking *taking)
{
    struct hand hand = {0};
    struct outcome outcome = {
        .verdict = VERDICT_REJECTED, .reasons = &taking->reason, .reason_count = 1};

    if (taking->number != 0) {
        MUST(hand_take(engine, taking->number, &hand));
        sealing_by_case(engine, &hand, &taking->record.submission.event);
        outcome.after = hand.state;
    }
    end_rejected(engine, taking, &hand, &outcome);
}

bool event_is_well_formed(const struct submission *submission, bool made, struct reason *reason)
{
    const struct {
        struct text text;
        size_t max;
        struct text what;
    } names[] = {
        {submission->agency, AGENCY_BYTES_MAX, TEXT("agency")},
        {submission->case_id, CASE_ID_BYTES_MAX, TEXT("case")},
        {submission->id, NAME_TEXT_BYTES_MAX, TEXT("id")},
        {submission->source, NAME_TEXT_BYTES_MAX, TEXT("source")},
        {submission->event.type, NAME_TEXT_BYTES_MAX, TEXT("type")},
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (text_empty(names[i].text) || names[i].text.size > names[i].max) {
            *reason = reason_of(&engine_bad_event, names[i].what, (struct text){0});
            return false;
        }
    }
    if (submission_is_made(submission) != made) {
        *reason = reason_of(&engine_bad_event, TEXT("source"), (struct text){0});
        return false;
    }
    if (submission->wait_ms < 0 || submission->wait_ms > WAIT_MS_MAX) {
        *reason = reason_of(&engine_limit, TEXT("wait_for"), (struct text){0});
        return false;
    }
    return true;
}

uint64_t event_case(struct engine *engine, const struct submission *submission)
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

/* The same event gets its first receipt again; the same identity with other content is
 * refused. */
static bool is_answered(struct engine *engine, struct taking *taking, uint64_t seq)
{
    struct record first;
    enum event_known known = event_compare(engine, taking->submission, taking->number, seq);

    if (known == EVENT_NOT_KNOWN) {
        return false;
    }
    if (known == EVENT_KNOWN_OTHERWISE) {
        refuse(taking, &engine_id_reused, taking->submission->id, taking->submission->source);
        end_refused(engine, taking);
        return true;
    }
    MUST(engine_record(engine, seq, &engine->read, &first) == STATUS_OK);
    receipt_from(&first, seq, law_procedure(engine->law, first.procedure), &engine->answer,
                 taking->receipt);
    taking->receipt->verdict = RECEIPT_DUPLICATE;
    return true;
}

/* An event that waits already gets its first receipt again. */
static bool is_waiting(struct engine *engine, struct taking *taking)
{
    uint64_t seq;

    return waiting_find(engine, taking->submission, &taking->digest, &seq) &&
           is_answered(engine, taking, seq);
}

/* And so does one that was taken into its case before. */
static bool was_taken(struct engine *engine, struct taking *taking,
                      const struct case_file *file)
{
    uint64_t seq;

    for (uint32_t entry = file->entries;
         casefile_find(engine->store, file, &taking->digest, &entry, &seq);) {
        if (is_answered(engine, taking, seq)) {
            return true;
        }
    }
    return false;
}

/* Set it to wait, where the publisher asked for that and there is room. */
static bool set_to_wait(struct engine *engine, struct taking *taking, const struct hand *hand)
{
    const struct submission *submission = taking->submission;
    struct record *record = &taking->record;
    struct happening happening = {.record = record};

    if (submission->wait_ms == 0) {
        return false;
    }
    if (!waiting_has_room(engine, submission->agency, submission->case_id)) {
        refuse(taking, &engine_limit, TEXT("waiting"), (struct text){0});
        return false;
    }
    record->verdict = RECORD_WAITING;
    record->number = taking->number;
    record->stage = hand == NULL ? NO_INDEX : hand->state.stage;
    record->procedure = hand == NULL ? 0 : hand->file.procedure;
    record->revision = hand == NULL ? 0 : hand->state.revision;
    record->next_due_ms = INSTANT_NEVER;
    if (hand == NULL) {
        sealing_to_wait(engine, &record->submission.event, record->now_ms);
    }

    uint64_t seq = engine_append(engine, &happening);

    if (!engine_stopped(engine)) {
        waiting_add(engine, submission, seq, record->now_ms + submission->wait_ms,
                    &taking->digest);
    }
    receipt_from(record, seq, hand == NULL ? NULL : hand->procedure, &engine->answer,
                 taking->receipt);
    return true;
}

/* The step's outcome becomes the record's, and the case's. */
static void settle(struct engine *engine, struct taking *taking, struct hand *hand,
                   struct outcome *outcome)
{
    struct record *record = &taking->record;
    uint64_t seq = 0;

    if (outcome->verdict == VERDICT_NO_RULE && hand->old_bytes != 0 &&
        set_to_wait(engine, taking, hand)) {
        return;
    }
    if (outcome->verdict == VERDICT_APPLIED) {
        record->verdict = RECORD_APPLIED;
        if (hand_settle(engine, hand, record, outcome, &taking->digest, &seq)) {
            receipt_from(record, seq, hand->procedure, &engine->answer, taking->receipt);
            return;
        }
        refuse(taking, &engine_limit, TEXT("state"), (struct text){0});
    }
    if (taking->reason.message != NULL) { /* a limit of the engine's stands in the way */
        outcome->verdict = VERDICT_REJECTED;
        outcome->reasons = &taking->reason;
        outcome->reason_count = 1;
        outcome->effect_count = 0;
        outcome->dispatch_count = 0;
        outcome->after = hand->state;
    }
    end_rejected(engine, taking, hand, outcome);
}

static struct text print_date(struct engine *engine, int32_t date)
{
    char *room = arena_take(&engine->step, DATE_TEXT_SIZE);
    struct text text = {.bytes = room};

    if (room != NULL) {
        text.size = date_print(date, room);
    }
    return text;
}

const struct law_procedure *event_procedure(struct engine *engine,
                                            const struct submission *submission,
                                            const struct agency *agency, struct reason *reason)
{
    int32_t date = date_of_instant(submission->event.occurred_ms, agency->office.zone_ms);
    const struct law_procedure *procedure =
        law_in_force(engine->law, submission->procedure, date);

    if (!agency_opens(agency, submission->procedure)) {
        *reason = reason_of(&engine_not_opened, agency->id, submission->procedure);
        return NULL;
    }
    if (procedure == NULL) {
        *reason =
            reason_of(&engine_no_procedure, submission->procedure, print_date(engine, date));
    }
    return procedure;
}

static void open_case(struct engine *engine, struct taking *taking)
{
    const struct submission *submission = taking->submission;
    const struct law_procedure *procedure =
        event_procedure(engine, submission, taking->agency, &taking->reason);
    struct hand hand;
    struct outcome outcome;

    if (procedure == NULL) {
        end_refused(engine, taking);
        return;
    }
    hand_begin(engine, procedure, taking->agency, submission->case_id, &hand);
    sealing_by_case(engine, &hand, &taking->record.submission.event);
    hand.cause = submission;

    struct step step = hand_step(engine, &hand, taking->record.now_ms);

    MUST(case_step(&step, &taking->record.submission.event, &engine->step, &outcome));
    settle(engine, taking, &hand, &outcome);
}

/* An opening event for a case that is there already, where its stage has no use for it. */
static bool opens_again(const struct taking *taking, const struct hand *hand)
{
    const struct procedure *procedure = hand->procedure;
    uint16_t event = procedure_event(procedure, taking->submission->event.type);

    return !text_empty(taking->submission->procedure) && event != NO_INDEX &&
           offer_find(procedure->opens, procedure->open_count, event) != NULL;
}

/* Refused, and not kept: there is no place for it. */
static void tell_only(struct engine *engine, struct taking *taking)
{
    struct record *record = &taking->record;

    record->reasons = reasons_told(&taking->reason, 1, NULL, &engine->answer);
    record->reason_count = 1;
    record->verdict = RECORD_REJECTED;
    record->stage = NO_INDEX;
    receipt_from(record, 0, NULL, &engine->answer, taking->receipt);
    if (taking->made) {
        errand_refused(engine, taking->submission, taking->reason.code);
    }
}

/* A replay does what was done, and has its room already; what the daemon makes itself follows
 * from what was taken. */
static enum space space_left(const struct engine *engine, const struct taking *taking)
{
    return engine->replayed != 0 || taking->made ? SPACE_ENOUGH
                                                 : store_use(engine->store).space;
}

static void step_case(struct engine *engine, struct taking *taking)
{
    struct hand hand;
    struct outcome outcome;

    MUST(hand_take(engine, taking->number, &hand));
    if (was_taken(engine, taking, &hand.file)) {
        return;
    }
    if (space_left(engine, taking) == SPACE_LAST) {
        refuse(taking, &engine_full, (struct text){0}, (struct text){0});
        tell_only(engine, taking);
        return;
    }
    if (hand_is_stale(engine, &hand)) {
        hand_derive(engine, taking->number, taking->record.now_ms);
        MUST(hand_take(engine, taking->number, &hand));
    }
    sealing_by_case(engine, &hand, &taking->record.submission.event);
    hand.cause = taking->submission;

    struct step step = hand_step(engine, &hand, taking->record.now_ms);

    MUST(case_step(&step, &taking->record.submission.event, &engine->step, &outcome));
    if (outcome.verdict == VERDICT_NO_RULE && opens_again(taking, &hand)) {
        refuse(taking, &engine_exists, taking->submission->case_id, (struct text){0});
        outcome.verdict = VERDICT_REJECTED;
    }
    settle(engine, taking, &hand, &outcome);
}

static void take(struct engine *engine, struct taking *taking)
{
    const struct submission *submission = taking->submission;

    if (!event_is_well_formed(submission, taking->made,
                              &taking->reason)) { /* nothing of it can be a key */
        tell_only(engine, taking);
        return;
    }
    taking->agency = installed_agency(engine->law->installed, submission->agency);
    taking->digest = submission_digest(submission);
    if (taking->agency == NULL) {
        refuse(taking, &engine_no_agency, submission->agency, (struct text){0});
        end_refused(engine, taking);
        return;
    }
    taking->number = event_case(engine, submission);
    taking->record.number = taking->number;
    if (is_waiting(engine, taking)) {
        return;
    }
    if (taking->number != 0) {
        step_case(engine, taking);
    } else if (space_left(engine, taking) != SPACE_ENOUGH) {
        refuse(taking, &engine_full_new, (struct text){0}, (struct text){0});
        tell_only(engine, taking);
    } else if (!text_empty(submission->procedure)) {
        open_case(engine, taking);
    } else if (!set_to_wait(engine, taking, NULL)) {
        if (taking->reason.message == NULL) {
            refuse(taking, &engine_no_case, submission->agency, submission->case_id);
        }
        end_refused(engine, taking);
    }
}

static struct taking taking_of(struct engine *engine, const struct submission *submission,
                               int64_t wall_ms, struct receipt *receipt)
{
    return (struct taking){
        .submission = submission,
        .record = {.kind = RECORD_EVENT,
                   .now_ms = engine_now(engine, wall_ms),
                   .submission = *submission,
                   .next_due_ms = INSTANT_NEVER},
        .receipt = receipt,
    };
}

void engine_event(struct engine *engine, const struct submission *submission, int64_t wall_ms,
                  struct receipt *receipt)
{
    struct taking taking = taking_of(engine, submission, wall_ms, receipt);

    *receipt = (struct receipt){.verdict = RECEIPT_REJECTED, .first = RECEIPT_REJECTED};
    if (engine_stopped(engine)) {
        return;
    }
    arena_init_over(&engine->step, engine->step_bytes, STEP_BYTES);
    arena_init_over(&engine->answer, engine->answer_bytes, ANSWER_BYTES);
    if (evidence_is(submission)) {
        evidence_take(engine, submission, wall_ms, receipt);
        return;
    }
    take(engine, &taking);
    if (receipt->verdict == RECEIPT_APPLIED) {
        waiting_try(engine, receipt->number, submission->agency, submission->case_id, wall_ms);
    }
    errand_run(engine, wall_ms);
}

void event_take_made(struct engine *engine, const struct submission *submission,
                     int64_t wall_ms)
{
    struct receipt receipt = {.verdict = RECEIPT_REJECTED};
    struct taking taking = taking_of(engine, submission, wall_ms, &receipt);
    uint8_t *mark = arena_mark(&engine->answer); /* the publisher's receipt stays */

    taking.made = true;
    arena_init_over(&engine->step, engine->step_bytes, STEP_BYTES);
    take(engine, &taking);
    if (receipt.verdict == RECEIPT_APPLIED) {
        waiting_try(engine, receipt.number, submission->agency, submission->case_id, wall_ms);
    }
    arena_rewind(&engine->answer, mark);
}
