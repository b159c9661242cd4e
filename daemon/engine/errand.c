#include "engine/parts.h"

#include "base/must.h"

#include <stdlib.h>
#include <string.h>

/*
 * What rules have for other cases. The dispatches of an outcome become events of the daemon's
 * own, judged as any other right after the record that caused them, so in the same flush. Where
 * one comes to nothing, the case that sent it is told.
 */

enum {
    DISPATCHES_POSTED_MAX = 256, /* of one cause, with all that follows from it */
    ALARMS_MAX = 64,             /* of one dispatch, and the events that rest with it */
    DEPTH_MAX = 8, /* dispatches that cause dispatches; the proof allows no more */
    ID_BYTES_MAX = 128
};
#define DISPATCH_BYTES ((size_t)4 << 20)
#define ALARM_BYTES    ((size_t)256 << 10)

/* What waits to be judged, in order; emptied as a whole once all of it is done. */
struct postbox_row {
    struct arena arena;
    uint8_t *start;
    uint32_t count;
    uint32_t done;
};

struct posted {
    struct submission submission;
    uint32_t depth;
};

struct postbox {
    struct postbox_row dispatches;
    struct postbox_row alarms; /* go first, so that there are never many */
    struct posted posted[DISPATCHES_POSTED_MAX];
    struct submission told[ALARMS_MAX];
    uint32_t depth; /* of what is being judged; 0: the cause itself */
    uint8_t *bytes; /* owned: both rows' memory */
};

static void row_init(struct postbox_row *row, uint8_t *bytes, size_t size)
{
    arena_init_over(&row->arena, bytes, size);
    row->start = arena_mark(&row->arena);
}

static void row_empty(struct postbox_row *row)
{
    arena_rewind(&row->arena, row->start);
    row->count = 0;
    row->done = 0;
}

struct postbox *postbox_open(void)
{
    struct postbox *box = calloc(1, sizeof(*box));

    if (box == NULL) {
        return NULL;
    }
    box->bytes = malloc(DISPATCH_BYTES + ALARM_BYTES);
    if (box->bytes == NULL) {
        free(box);
        return NULL;
    }
    row_init(&box->dispatches, box->bytes, DISPATCH_BYTES);
    row_init(&box->alarms, box->bytes + DISPATCH_BYTES, ALARM_BYTES);
    return box;
}

void postbox_close(struct postbox *box)
{
    if (box != NULL) {
        free(box->bytes);
        free(box);
    }
}

static const struct text untold = TEXT_INIT("case.untold");

static bool is_alarm(const struct submission *submission)
{
    return text_equal(submission->event.type, untold);
}

static struct text keep(struct arena *arena, struct text text)
{
    const char *copy = text.size == 0 ? NULL : arena_copy(arena, text.bytes, text.size);

    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : text.size};
}

static const struct text *keep_texts(struct arena *arena, const struct text *texts,
                                     uint32_t count)
{
    struct text *kept = arena_take(arena, count * sizeof(*kept));

    for (uint32_t i = 0; kept != NULL && i < count; i++) {
        kept[i] = keep(arena, texts[i]);
    }
    return kept;
}

static const struct carried *keep_facts(struct arena *arena, const struct carried *facts,
                                        uint32_t count)
{
    struct carried *kept = arena_take(arena, count * sizeof(*kept));

    for (uint32_t i = 0; kept != NULL && i < count; i++) {
        kept[i] = facts[i];
        kept[i].name = keep(arena, facts[i].name);
        kept[i].value = keep(arena, facts[i].value);
    }
    return kept;
}

/* The fact of the sender that an errand hands on as it is; only such are sealed. */
static struct text own_name(const struct hand *hand, const struct errand *errand,
                            struct text name)
{
    for (uint32_t i = 0; i < errand->fact_count; i++) {
        const struct guard *value = errand->facts[i].value;

        if (text_equal(errand->facts[i].name, name)) {
            return hand->procedure->facts[value->nodes[value->node_count - 1].symbol.index]
                .name;
        }
    }
    return name;
}

/* What is sealed under the sender's key is opened, to be sealed under the other's at once. What
 * cannot be (its key was destroyed) is not handed over. */
static void hand_facts(struct engine *engine, const struct hand *hand,
                       const struct dispatch *dispatch, struct event *event)
{
    struct arena *arena = &engine->postbox->dispatches.arena;
    struct carried *kept = arena_take(arena, dispatch->fact_count * sizeof(*kept));

    for (uint32_t i = 0; kept != NULL && i < dispatch->fact_count; i++) {
        const struct carried *fact = &dispatch->facts[i];
        struct carried *at = &kept[event->fact_count];

        *at = (struct carried){.name = keep(arena, fact->name)};
        if (!fact->sealed) {
            at->value = keep(arena, fact->value);
        } else if (!engine_read_sealed(engine, hand->file.number,
                                       own_name(hand, dispatch->errand, fact->name),
                                       fact->value, arena, &at->value)) {
            continue;
        }
        event->fact_count++;
    }
    event->facts = kept;
}

/* The documents of the cause go with what it causes. */
static void keep_documents(struct arena *arena, const struct submission *cause,
                           struct submission *submission)
{
    uint32_t count = cause == NULL ? 0 : cause->document_count;
    struct document *kept = arena_take(arena, count * sizeof(*kept));
    struct text *kinds = arena_take(arena, count * sizeof(*kinds));

    for (uint32_t i = 0; kept != NULL && kinds != NULL && i < count; i++) {
        kept[i].kind = keep(arena, cause->documents[i].kind);
        kept[i].title = keep(arena, cause->documents[i].title);
        kept[i].sha256 = keep(arena, cause->documents[i].sha256);
        kept[i].uri = keep(arena, cause->documents[i].uri);
        kinds[i] = kept[i].kind;
    }
    submission->documents = kept;
    submission->document_count = count;
    submission->event.documents = kinds;
    submission->event.document_count = count;
}

/* Pieces of a name; what does not fit is cut, which no name of ours is long enough for. */
struct name_room {
    char bytes[ID_BYTES_MAX];
    size_t size;
};

static void add(struct name_room *room, struct text text)
{
    size_t left = sizeof(room->bytes) - room->size;
    size_t size = text.size < left ? text.size : left;

    if (size > 0) {
        memcpy(room->bytes + room->size, text.bytes, size);
        room->size += size;
    }
}

static void add_number(struct name_room *room, uint64_t number)
{
    char digits[20];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    add(room, (struct text){.bytes = digits + at, .size = sizeof(digits) - at});
}

static struct text taken(struct arena *arena, const struct name_room *room)
{
    return keep(arena, (struct text){.bytes = room->bytes, .size = room->size});
}

static struct text address_of(struct arena *arena, struct text agency, struct text case_id)
{
    struct name_room room = {.size = 0};

    add(&room, agency);
    add(&room, TEXT(":"));
    add(&room, case_id);
    return taken(arena, &room);
}

/* Split what address_of made: no agency's name has a colon in it. */
static void split_address(struct text address, struct text *agency, struct text *case_id)
{
    *agency = text_cut(address, ':', case_id);
}

/* Tell the case that sent something that it came to nothing. Of that nothing is told again. */
void errand_refused(struct engine *engine, const struct submission *submission,
                    struct text code)
{
    struct postbox *box = engine->postbox;
    struct arena *arena = &box->alarms.arena;
    struct name_room id = {.size = 0};
    struct text errand = submission->id;

    if (!submission_is_made(submission) || is_alarm(submission)) {
        return;
    }
    MUST(box->alarms.count < ALARMS_MAX);

    struct submission *alarm = &box->told[box->alarms.count++];
    struct carried *facts = arena_take_zeroed(arena, 3, sizeof(*facts));

    MUST(facts != NULL);
    add(&id, submission->id);
    add(&id, TEXT(".untold"));
    (void)text_cut(errand, '.', &errand);
    (void)text_cut(errand, '.', &errand);
    facts[0] = (struct carried){.name = TEXT("errand"), .value = keep(arena, errand)};
    facts[1] =
        (struct carried){.name = TEXT("case"),
                         .value = address_of(arena, submission->agency, submission->case_id)};
    facts[2] = (struct carried){.name = TEXT("code"), .value = keep(arena, code)};
    *alarm = (struct submission){
        .id = taken(arena, &id),
        .source = TEXT(SUBMISSION_MADE_SOURCE),
        .event = {.type = untold,
                  .occurred_ms = engine_now(engine, 0),
                  .facts = facts,
                  .fact_count = 3,
                  .sender = facts[1].value},
    };
    split_address(keep(arena, submission->event.sender), &alarm->agency, &alarm->case_id);
    MUST(!arena->spent);
}

/* How much room a dispatch takes at most. */
static size_t bytes_of(const struct dispatch *dispatch, const struct submission *cause)
{
    size_t bytes = 4096;

    for (uint32_t i = 0; i < dispatch->fact_count; i++) {
        bytes += 2 * (dispatch->facts[i].name.size + dispatch->facts[i].value.size + 128);
    }
    for (uint32_t i = 0; i < dispatch->with_count; i++) {
        bytes += dispatch->with[i].size + 32;
    }
    for (uint32_t i = 0; cause != NULL && i < cause->document_count; i++) {
        const struct document *document = &cause->documents[i];

        bytes += document->kind.size + document->title.size + document->sha256.size +
                 document->uri.size + 160;
    }
    return bytes;
}

static bool has_room(const struct postbox *box, size_t bytes)
{
    const struct postbox_row *row = &box->dispatches;

    return row->count < DISPATCHES_POSTED_MAX && box->depth < DEPTH_MAX &&
           (size_t)(row->arena.end - row->arena.at) > bytes;
}

static struct text id_of(struct arena *arena, uint64_t seq, uint32_t index, struct text errand)
{
    struct name_room id = {.size = 0};

    add_number(&id, seq);
    add(&id, TEXT("."));
    add_number(&id, index);
    add(&id, TEXT("."));
    add(&id, errand);
    return taken(arena, &id);
}

static void post(struct engine *engine, const struct hand *hand,
                 const struct dispatch *dispatch, struct text id)
{
    struct postbox *box = engine->postbox;
    struct arena *arena = &box->dispatches.arena;
    const struct errand *errand = dispatch->errand;
    struct submission submission = {
        .id = id,
        .source = TEXT(SUBMISSION_MADE_SOURCE),
        .agency = keep(arena, dispatch->agency),
        .case_id = keep(arena, dispatch->case_id),
        .wait_ms = errand->opens ? 0 : errand->wait_ms,
        .event = {.type = keep(arena, errand->event),
                  .occurred_ms = dispatch->occurred_ms,
                  .person = keep(arena, dispatch->person),
                  .role = keep(arena, errand->role),
                  .sender = address_of(arena, hand->agency->id, hand->state.id)},
    };

    if (!text_equal(hand->agency->id, dispatch->agency)) {
        submission.actor_agency = keep(arena, hand->agency->id);
    }
    if (errand->opens) {
        submission.procedure = keep(arena, errand->procedures[0]);
    }
    submission.event.with = keep_texts(arena, dispatch->with, dispatch->with_count);
    submission.event.with_count = dispatch->with_count;
    hand_facts(engine, hand, dispatch, &submission.event);
    keep_documents(arena, hand->cause, &submission);
    MUST(!arena->spent);
    box->posted[box->dispatches.count++] =
        (struct posted){.submission = submission, .depth = box->depth + 1};
}

/* There is no room for a dispatch, or for any after it: their case is told once. */
static void give_up(struct engine *engine, const struct hand *hand,
                    const struct dispatch *dispatch, uint64_t seq, uint32_t index)
{
    struct arena *arena = &engine->postbox->alarms.arena;
    struct submission submission = {
        .id = id_of(arena, seq, index, dispatch->errand->name),
        .source = TEXT(SUBMISSION_MADE_SOURCE),
        .agency = dispatch->agency,
        .case_id = dispatch->case_id,
        .event = {.type = dispatch->errand->event,
                  .sender = address_of(arena, hand->agency->id, hand->state.id)},
    };

    errand_refused(engine, &submission, TEXT("limit"));
}

void errand_post(struct engine *engine, const struct hand *hand, const struct outcome *outcome,
                 uint64_t seq)
{
    struct postbox *box = engine->postbox;

    for (uint32_t i = 0; i < outcome->dispatch_count; i++) {
        const struct dispatch *dispatch = &outcome->dispatches[i];

        if (!has_room(box, bytes_of(dispatch, hand->cause))) {
            give_up(engine, hand, dispatch, seq, i);
            return;
        }
        post(engine, hand, dispatch,
             id_of(&box->dispatches.arena, seq, i, dispatch->errand->name));
    }
}

/*
 * In a replay the event stands in the journal, with facts sealed that nobody can open any more,
 * perhaps. Where another record comes next this one was refused, and past the bound of recorded
 * refusals: false.
 */
static bool meet_made(struct engine *engine, struct arena *arena, struct submission *made)
{
    struct record record;

    if (engine_record(engine, engine->replayed, &engine->read, &record) != STATUS_OK ||
        record.kind != RECORD_EVENT || !submission_is_made(&record.submission) ||
        !text_equal(record.submission.id, made->id)) {
        return false;
    }
    made->event.facts =
        keep_facts(arena, record.submission.event.facts, record.submission.event.fact_count);
    made->event.fact_count = record.submission.event.fact_count;
    MUST(!arena->spent);
    return true;
}

static void run_one(struct engine *engine, struct postbox_row *row, struct submission *made,
                    int64_t wall_ms)
{
    if (engine_replays(engine) && !meet_made(engine, &row->arena, made)) {
        errand_refused(engine, made, TEXT("refused"));
    } else {
        event_take_made(engine, made, wall_ms);
    }
}

void errand_run(struct engine *engine, int64_t wall_ms)
{
    struct postbox *box = engine->postbox;
    struct postbox_row *dispatches = &box->dispatches;
    struct postbox_row *alarms = &box->alarms;

    while (dispatches->done + alarms->done < dispatches->count + alarms->count &&
           !engine_stopped(engine)) {
        if (alarms->done < alarms->count) {
            run_one(engine, alarms, &box->told[alarms->done++], wall_ms);
        } else {
            struct posted *posted = &box->posted[dispatches->done++];

            row_empty(alarms);
            box->depth = posted->depth;
            run_one(engine, dispatches, &posted->submission, wall_ms);
        }
    }
    row_empty(dispatches);
    row_empty(alarms);
    box->depth = 0;
}
