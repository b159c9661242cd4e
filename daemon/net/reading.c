#include "net/reading.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "engine/jobs.h"
#include "net/status.h"

#include <stdlib.h>

#define REQUEST_BYTES ((size_t)64 * 1024)
#define SLICE_BYTES   ((size_t)32 << 20)

static const struct message reading_busy = {
    "busy", "too many questions at once; ask again in a moment", "查询过多，请稍后再试"};
static const struct message reading_no_record = {"no_record",
                                                 "there is no record {0} yet: the last is {1}",
                                                 "尚无第 {0} 号记录：最新为第 {1} 号"};
static const struct message reading_unknown = {
    "no_question", "this daemon does not know the question; is it older than the client?",
    "守护进程不认识该查询；其版本是否旧于客户端？"};
static const struct message reading_failed = {
    "no_answer", "the store could not be read; the daemon's log says why",
    "存储读取失败；原因见守护进程日志"};

enum status reading_open(struct reading_room *reading, uv_loop_t *loop, struct door *door,
                         struct writer *writer, const struct reading_source *from)
{
    *reading = (struct reading_room){
        .loop = loop,
        .door = door,
        .writer = writer,
        .from = *from,
        .peek = malloc(REQUEST_BYTES),
        .opened_ms = clock_steady_ms(),
    };
    if (reading->peek == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (uint32_t i = 0; i < READING_MAX; i++) {
        struct inquiry *inquiry = &reading->inquiries[i];

        inquiry->reading = reading;
        inquiry->memory = malloc(REQUEST_BYTES);
        if (inquiry->memory == NULL) {
            return STATUS_NO_MEMORY;
        }
    }
    return snapshots_open(&reading->snapshots, from->store, READING_RUNNING_MAX);
}

void reading_close(struct reading_room *reading)
{
    for (uint32_t i = 0; i < READING_MAX; i++) {
        struct inquiry *inquiry = &reading->inquiries[i];

        MUST(inquiry->state != INQUIRY_RUNS);
        if (inquiry->state == INQUIRY_WAITS) {
            letter_drop(&inquiry->letter);
        }
        journal_reader_close(inquiry->reader);
        free(inquiry->memory);
    }
    snapshots_close(reading->snapshots);
    free(reading->peek);
    *reading = (struct reading_room){0};
}

void reading_stop(struct reading_room *reading)
{
    reading->stopped = true;
}

static struct inquiry *find_idle(struct reading_room *reading)
{
    for (uint32_t i = 0; i < READING_MAX; i++) {
        if (reading->inquiries[i].state == INQUIRY_IDLE) {
            return &reading->inquiries[i];
        }
    }
    return NULL;
}

static void refuse(struct reading_room *reading, struct letter *letter, uint64_t number,
                   enum status status, const struct message *why)
{
    struct arena arena;

    arena_init_growing(&arena, REQUEST_BYTES);
    door_answer(reading->door, letter, wire_encode_error(number, status, why, &arena));
    arena_fini(&arena);
}

/* About the daemon, not about cases: answered also when it is crowded, for then it is asked. */
static bool asks_how_it_is(const struct wire_query *query)
{
    return query->question == WIRE_ASKS_STATUS || query->question == WIRE_ASKS_TIME ||
           query->question == WIRE_ASKS_WORKERS;
}

bool reading_takes(struct reading_room *reading, struct letter *letter, bool crowded)
{
    struct inquiry *inquiry = find_idle(reading);
    struct wire_request request;
    const struct message *why;
    struct arena arena;

    arena_init_over(&arena, inquiry == NULL ? reading->peek : inquiry->memory, REQUEST_BYTES);
    if (wire_decode(letter_body(letter), &arena, &request, &why) != STATUS_OK ||
        request.verb != WIRE_QUERY) {
        return false;
    }
    crowded = crowded && !asks_how_it_is(&request.query);
    if (inquiry == NULL || crowded || reading->stopped) {
        reading->refused++;
        refuse(reading, letter, request.number, STATUS_FULL, &reading_busy);
        return true;
    }
    inquiry->request = request;
    inquiry->letter = *letter; /* moved */
    inquiry->place = (struct answer_place){0};
    inquiry->wanted_turn = 0;
    if (request.query.at_least_seq == WIRE_ALL_THERE_IS) {
        inquiry->request.query.at_least_seq = writer_bulletin(reading->writer).flushed_seq;
    }
    if (asks_how_it_is(&request.query)) {
        inquiry->wanted_turn = writer_want_turn(reading->writer);
    }
    inquiry->state = INQUIRY_WAITS;
    inquiry->order = reading->order++;
    reading_go_on(reading);
    return true;
}

/* ---- on a pool thread */

static enum status ask(struct inquiry *inquiry, struct slice *slice)
{
    struct reading_room *reading = inquiry->reading;

    switch (inquiry->request.query.question) {
    case WIRE_ASKS_STATUS:
        return status_tell(reading, &inquiry->bulletin, slice);
    case WIRE_ASKS_TIME:
        return status_tell_time(&inquiry->bulletin, slice);
    case WIRE_ASKS_WORKERS:
        return status_tell_workers(reading, slice);
    case WIRE_ASKS_LOG:
        return answer_log(slice);
    case WIRE_ASKS_WHY:
        return answer_why(slice);
    case WIRE_ASKS_FIND:
        return answer_find(slice);
    case WIRE_ASKS_NOTICES:
        return answer_notices(slice);
    case WIRE_ASKS_JOBS:
        return answer_jobs(slice);
    case WIRE_ASKS_QUEUES:
        return answer_queues(slice);
    case WIRE_ASKS_PEOPLE:
        return answer_people(slice);
    case WIRE_ASKS_OTHER:
        break;
    }
    return answer_fail(slice, STATUS_REFUSED, &reading_unknown, NULL, 0);
}

static void encode(struct inquiry *inquiry, const struct slice *slice, enum status status,
                   uint64_t seq)
{
    uint64_t number = inquiry->request.number;

    inquiry->more = status == STATUS_OK && slice->more;
    if (status != STATUS_OK) {
        const struct message *why = slice->why.code == NULL ? &reading_failed : &slice->why;

        inquiry->frame = wire_encode_error(number, status, why, &inquiry->arena);
    } else if (slice->more) {
        inquiry->frame = wire_encode_part(number, json_end(slice->json), seq, &inquiry->arena);
    } else {
        inquiry->frame =
            wire_encode_answer(number, json_end(slice->json), seq, &inquiry->arena);
    }
}

static void reading_on_work(uv_work_t *work)
{
    struct inquiry *inquiry = work->data;
    struct sources sources = {
        .snapshot = inquiry->snapshot,
        .law = inquiry->law->law,
        .now_ms = inquiry->bulletin.now_ms,
    };
    char name[STORE_NAME_SIZE];
    struct reached reached = {0};
    struct json json = {0};
    struct slice slice = {.sources = &sources,
                          .query = &inquiry->request.query,
                          .place = &inquiry->place,
                          .arena = &inquiry->arena,
                          .json = &json};
    enum status status = STATUS_OK;

    arena_init_growing(&inquiry->arena, SLICE_BYTES);
    sources.store = (struct text){
        .bytes = name, .size = journal_store_name(inquiry->reading->from.journal, name)};

    uint8_t *part = arena_take(&inquiry->arena, ANSWER_BYTES_MAX);

    if (inquiry->reader == NULL) {
        status = journal_reader_open(&inquiry->reader, inquiry->reading->from.journal);
    }
    if (status == STATUS_OK) {
        status = engine_reached(inquiry->snapshot, &reached);
    }
    if (status == STATUS_OK && part == NULL) {
        status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK) {
        sources.reader = inquiry->reader;
        json_begin(&json, part, ANSWER_BYTES_MAX);
        status = ask(inquiry, &slice);
    }
    if (status == STATUS_OK && store_status(inquiry->snapshot) != STATUS_OK) {
        status = store_status(inquiry->snapshot);
    }
    if (status == STATUS_OK && json.full) {
        status = STATUS_LIMIT;
    }
    encode(inquiry, &slice, status, reached.seq);
}

/* ---- on the loop's thread again */

static void reading_on_done(uv_work_t *work, int cancelled)
{
    struct inquiry *inquiry = work->data;
    struct reading_room *reading = inquiry->reading;
    bool goes_on = inquiry->more && !reading->stopped;

    (void)cancelled; /* nobody cancels */
    reading->running--;
    snapshot_give(reading->snapshots, inquiry->snapshot);
    law_release(inquiry->law);
    if (reading->stopped || inquiry->frame.size == 0) {
        goes_on = false;
        letter_drop(&inquiry->letter);
    } else if (goes_on) {
        goes_on = door_answer_part(reading->door, &inquiry->letter, inquiry->frame);
        if (!goes_on) {
            letter_drop(&inquiry->letter);
        }
    } else {
        door_answer(reading->door, &inquiry->letter, inquiry->frame);
    }
    arena_fini(&inquiry->arena);
    inquiry->state = goes_on ? INQUIRY_WAITS : INQUIRY_IDLE;
    inquiry->order = reading->order++;
    reading_go_on(reading);
}

/* Begin a slice. The law is held after the snapshot was taken, so that it knows all of it. */
static void begin(struct reading_room *reading, struct inquiry *inquiry,
                  const struct bulletin *bulletin)
{
    if (snapshot_take(reading->snapshots, &inquiry->snapshot) != STATUS_OK) {
        inquiry->state = INQUIRY_IDLE;
        refuse(reading, &inquiry->letter, inquiry->request.number, STATUS_FULL, &reading_busy);
        return;
    }
    inquiry->law = writer_hold_law(reading->writer);
    inquiry->bulletin = *bulletin;
    inquiry->state = INQUIRY_RUNS;
    inquiry->work.data = inquiry;
    reading->running++;

    int rc = uv_queue_work(reading->loop, &inquiry->work, reading_on_work, reading_on_done);

    MUST(rc == 0);
}

/* It asks for a record that was never made. */
static void refuse_early(struct reading_room *reading, struct inquiry *inquiry, uint64_t last)
{
    struct slice slice = {.arena = &inquiry->arena};
    struct text numbers[2];

    arena_init_growing(&inquiry->arena, REQUEST_BYTES);
    numbers[0] = answer_number(&inquiry->arena, inquiry->request.query.at_least_seq);
    numbers[1] = answer_number(&inquiry->arena, last);
    inquiry->state = INQUIRY_IDLE;
    if (answer_fail(&slice, STATUS_REFUSED, &reading_no_record, numbers, 2) != STATUS_OK) {
        refuse(reading, &inquiry->letter, inquiry->request.number, STATUS_REFUSED, &slice.why);
    }
    arena_fini(&inquiry->arena);
}

/* Who may begin, and came first; NULL: nobody. */
static struct inquiry *find_next(struct reading_room *reading, const struct bulletin *bulletin)
{
    struct inquiry *next = NULL;

    for (uint32_t i = 0; i < READING_MAX; i++) {
        struct inquiry *inquiry = &reading->inquiries[i];
        uint64_t wanted = inquiry->request.query.at_least_seq;

        if (inquiry->state != INQUIRY_WAITS || inquiry->wanted_turn > bulletin->turn) {
            continue;
        }
        if (wanted > bulletin->flushed_seq) {
            refuse_early(reading, inquiry, bulletin->flushed_seq);
        } else if (wanted > bulletin->saved_seq) {
            writer_want_saved(reading->writer, wanted);
        } else if (next == NULL || inquiry->order < next->order) {
            next = inquiry;
        }
    }
    return next;
}

void reading_go_on(struct reading_room *reading)
{
    while (!reading->stopped && reading->running < READING_RUNNING_MAX) {
        struct bulletin bulletin = writer_bulletin(reading->writer);
        struct inquiry *next = find_next(reading, &bulletin);

        if (next == NULL) {
            return;
        }
        begin(reading, next, &bulletin);
    }
}
