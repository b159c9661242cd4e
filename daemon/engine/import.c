#include "engine/parts.h"

#include "base/must.h"
#include "codec/state.h"

#include <string.h>

/*
 * A case of an older system. Its life is lived once more, each event at its own instant, with
 * all that falls due in between; only nobody is told. The case moves through two rooms of
 * bytes, so that no length of history takes more memory than one step. One record keeps all of
 * it: the case is there with its whole past, or it is not there.
 */

enum { FIRED_MAX = 100000 }; /* more moments of one case's past are no life of a case */

struct importing {
    struct engine *engine;
    const struct import *import;
    struct record record;
    struct submission *submissions; /* with facts sealed */
    struct hand hand;
    uint8_t *mark;  /* what one step takes of the step's arena is given back to here */
    int64_t now_ms; /* of the life that is lived again */
    uint32_t fired;
    uint32_t at;       /* the event in hand */
    struct reason own; /* of the engine's */
    struct receipt *receipt;
};

const struct digest *import_digests(struct engine *engine, const struct submission *submissions,
                                    uint32_t count)
{
    struct digest *digests = arena_take(&engine->step, count * sizeof(*digests));

    MUST(digests != NULL);
    for (uint32_t i = 0; i < count; i++) {
        digests[i] = submission_digest(&submissions[i]);
    }
    return digests;
}

static bool refuse(struct importing *importing, const struct message *message, struct text text)
{
    importing->own = (struct reason){
        .code = text_of(message->code), .message = message, .arguments = {text}};
    return false;
}

static bool refuse_known(struct importing *importing, const struct submission *submission)
{
    (void)refuse(importing, &engine_id_reused, submission->id);
    importing->own.arguments[1] = submission->source;
    return false;
}

/* What stands there before anything is stepped. */
static bool judge(struct importing *importing)
{
    const struct import *import = importing->import;
    const struct submission *first = &import->submissions[0];

    for (uint32_t i = 0; i < import->count; i++) {
        const struct submission *submission = &import->submissions[i];

        importing->at = i;
        if (!event_is_well_formed(submission, false, &importing->own)) {
            return false;
        }
        if (!text_equal(submission->agency, first->agency) ||
            !text_equal(submission->case_id, first->case_id)) {
            return refuse(importing, &engine_import_mixed, submission->id);
        }
        if (submission->event.occurred_ms > importing->record.now_ms + FUTURE_MS) {
            return refuse(importing, &engine_import_future, submission->id);
        }
    }
    importing->at = 0;
    return !text_empty(first->procedure) ||
           refuse(importing, &engine_import_opens, (struct text){0});
}

/* The case is there: by the same import, or by something else. */
static bool is_duplicate(struct importing *importing, uint64_t number)
{
    struct engine *engine = importing->engine;
    struct case_file file;
    struct record first;
    uint64_t seq = 0;

    MUST(casefile_load(engine->store, number, engine->before_room, &file));
    for (uint32_t i = 0; i < importing->import->count; i++) {
        const struct submission *submission = &importing->import->submissions[i];
        enum event_known known = event_known(engine, submission, &file, &seq);

        importing->at = i;
        if (known == EVENT_KNOWN_OTHERWISE) {
            return refuse_known(importing, submission);
        }
        if (known == EVENT_NOT_KNOWN) {
            return refuse(importing, &engine_exists, submission->case_id);
        }
    }
    MUST(engine_record(engine, seq, &engine->read, &first) == STATUS_OK);
    receipt_from(&first, seq, law_procedure(engine->law, first.procedure), &engine->answer,
                 importing->receipt);
    importing->receipt->verdict = RECEIPT_DUPLICATE;
    return true;
}

/* The outcome's case becomes the one in hand; the step's memory is given back. */
static bool move_on(struct importing *importing, const struct outcome *outcome)
{
    struct engine *engine = importing->engine;
    struct hand *hand = &importing->hand;
    struct bytes bytes;

    if (state_encode(hand->procedure, &outcome->after, engine->after_room, STATE_ROOM_BYTES,
                     &bytes) != STATUS_OK) {
        return refuse(importing, &engine_limit, TEXT("state"));
    }
    memcpy(engine->before_room, bytes.at, bytes.size);
    bytes.at = engine->before_room;
    arena_rewind(&engine->step, importing->mark);
    MUST(state_decode(bytes, hand->procedure, &engine->step, &hand->state) == STATUS_OK);
    return true;
}

/* Let time pass: what falls due before then has its effect on the case, and nobody is told. */
static bool pass(struct importing *importing, int64_t until_ms, bool including)
{
    struct engine *engine = importing->engine;
    struct hand *hand = &importing->hand;

    while (hand->state.next_ms < until_ms || (including && hand->state.next_ms == until_ms)) {
        struct step step = hand_step(engine, hand, hand->state.next_ms);
        struct outcome outcome;

        if (++importing->fired > FIRED_MAX) {
            return refuse(importing, &engine_limit, TEXT("moments"));
        }
        MUST(case_fire(&step, &engine->step, &outcome));
        if (!move_on(importing, &outcome)) {
            return false;
        }
    }
    importing->now_ms = until_ms > importing->now_ms ? until_ms : importing->now_ms;
    return true;
}

/* The reasons of a step, in words that outlive it. */
static bool refuse_by(struct importing *importing, const struct outcome *outcome)
{
    importing->record.reasons =
        reasons_told(outcome->reasons, outcome->reason_count, importing->hand.procedure,
                     &importing->engine->answer);
    importing->record.reason_count = outcome->reason_count;
    return false;
}

/* One event at its own instant, or (reported late) at that of the one before. */
static bool live_one(struct importing *importing, const struct submission *submission)
{
    struct engine *engine = importing->engine;
    struct event event = submission->event;
    struct outcome outcome;

    if (!pass(importing, event.occurred_ms, false)) {
        return false;
    }
    event.received_ms = event.occurred_ms; /* no age is too old */

    struct step step = hand_step(engine, &importing->hand, importing->now_ms);

    MUST(case_step(&step, &event, &engine->step, &outcome));
    return outcome.verdict == VERDICT_APPLIED ? move_on(importing, &outcome)
                                              : refuse_by(importing, &outcome);
}

/* A copy whose facts are sealed as the record is to keep them. */
static void take_submissions(struct importing *importing)
{
    struct engine *engine = importing->engine;
    uint32_t count = importing->import->count;

    importing->submissions = arena_copy(&engine->step, importing->import->submissions,
                                        count * sizeof(*importing->submissions));
    MUST(importing->submissions != NULL);
    for (uint32_t i = 0; i < count; i++) {
        sealing_by_case(engine, &importing->hand, &importing->submissions[i].event);
    }
    importing->record.submissions = importing->submissions;
    importing->record.submission_count = count;
}

static bool live(struct importing *importing)
{
    for (uint32_t i = 0; i < importing->import->count; i++) {
        importing->at = i;
        if (!live_one(importing, &importing->submissions[i])) {
            return false;
        }
    }
    return pass(importing, importing->record.now_ms, true);
}

/* No event stands there twice: it would act twice. */
static bool are_distinct(struct importing *importing, const struct digest *digests)
{
    for (uint32_t i = 0; i < importing->import->count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (memcmp(digests[i].bytes, digests[j].bytes, sizeof(digests[i].bytes)) == 0) {
                importing->at = i;
                return refuse_known(importing, &importing->import->submissions[i]);
            }
        }
    }
    return true;
}

/* One record for all of it. In a dry run nothing is kept, and the answer is the same. */
static bool settle(struct importing *importing, const struct digest *digests)
{
    struct engine *engine = importing->engine;
    struct record *record = &importing->record;
    struct outcome outcome = {.verdict = VERDICT_APPLIED, .after = importing->hand.state};
    struct hand hand = importing->hand;
    uint64_t seq = 0;

    record->verdict = RECORD_APPLIED;
    record->stage = hand.state.stage;
    record->revision = hand.state.revision;
    record->next_due_ms = hand_next_due(&hand.state);
    if (!importing->import->dry) {
        /* In the store there is nothing yet to move from. */
        hand.state.phase = CASE_NEW;
        hand.state.next_ms = INSTANT_NEVER;
        hand.others = digests + 1;
        hand.other_count = importing->import->count - 1;
        if (!hand_settle(engine, &hand, record, &outcome, &digests[0], &seq)) {
            return refuse(importing, &engine_limit, TEXT("state"));
        }
    }
    receipt_from(record, seq, hand.procedure, &engine->answer, importing->receipt);
    return true;
}

static bool take(struct importing *importing)
{
    struct engine *engine = importing->engine;
    const struct submission *first = &importing->import->submissions[0];

    if (!judge(importing)) {
        return false;
    }

    const struct agency *agency = installed_agency(engine->law->installed, first->agency);
    uint64_t number = event_case(engine, first);

    if (agency == NULL) {
        return refuse(importing, &engine_no_agency, first->agency);
    }
    if (number != 0) {
        return is_duplicate(importing, number);
    }

    if (engine->replayed == 0 && store_use(engine->store).space != SPACE_ENOUGH) {
        return refuse(importing, &engine_full_new, (struct text){0});
    }

    const struct law_procedure *procedure =
        event_procedure(engine, first, agency, &importing->own);

    if (procedure == NULL) {
        return false;
    }
    hand_begin(engine, procedure, agency, first->case_id, &importing->hand);
    take_submissions(importing);

    const struct digest *digests =
        import_digests(engine, importing->submissions, importing->import->count);

    importing->mark = arena_mark(&engine->step);
    importing->now_ms = first->event.occurred_ms;
    return are_distinct(importing, digests) && live(importing) && settle(importing, digests);
}

void engine_import(struct engine *engine, const struct import *import, int64_t wall_ms,
                   struct receipt *receipt, uint32_t *refused)
{
    static const struct act nobody;
    struct importing importing = {
        .engine = engine,
        .import = import,
        .record = {.kind = RECORD_IMPORT,
                   .act = import->act == NULL ? nobody : *import->act,
                   .now_ms = engine_now(engine, wall_ms),
                   .stage = NO_INDEX,
                   .next_due_ms = INSTANT_NEVER},
        .receipt = receipt,
    };

    *receipt = (struct receipt){.verdict = RECEIPT_REJECTED, .first = RECEIPT_REJECTED};
    *refused = 0;
    if (engine_stopped(engine) || import->count == 0) {
        return;
    }
    MUST(import->count <= IMPORT_EVENTS_MAX);
    arena_init_over(&engine->step, engine->step_bytes, STEP_BYTES);
    arena_init_over(&engine->answer, engine->answer_bytes, ANSWER_BYTES);
    if (!take(&importing)) {
        *refused = importing.at;
        if (importing.own.message != NULL) {
            importing.record.reasons = reasons_told(&importing.own, 1, NULL, &engine->answer);
            importing.record.reason_count = 1;
        }
        importing.record.verdict = RECORD_REJECTED;
        importing.record.stage = NO_INDEX;
        receipt_from(&importing.record, 0, NULL, &engine->answer, receipt);
        return;
    }
    if (receipt->verdict == RECEIPT_APPLIED && !import->dry) {
        const struct submission *first = &import->submissions[0];

        waiting_try(engine, receipt->number, first->agency, first->case_id, wall_ms);
    }
    errand_run(engine, wall_ms);
}
