#include "engine/batch_act.h"

#include "engine/depute.h"
#include "engine/job_parts.h"
#include "engine/job_tell.h"

#include <stdio.h>

#define JSON_BYTES  ((size_t)64 * 1024)
#define WORDS_BYTES ((size_t)1024)
enum { JOBS_TOLD = 100, JOBS_MEANT_MAX = 10000, GAPS_TOLD = 20 };

static const struct message no_reason = {"no_reason",
                                         "such an act wants a reason: --reason WORDS",
                                         "此操作须说明理由：--reason 理由"};
static const struct message bad_state = {
    "job_state",
    "that is no state of a job: waiting, held, ready, leased, begun, unknown or incident",
    "不是通知任务的状态：应为 waiting、held、ready、leased、begun、unknown 或 incident"};
static const struct message many = {"decide_many",
                                    "more than 10000 messages are meant; narrow the filter",
                                    "所指通知超过 10000 条；请缩小范围"};
static const struct message no_case = {"no_case",
                                       "there is no such case; name its agency and the case",
                                       "没有该案件；请写明机构与案号"};

/* An act in hand. */
struct doing {
    struct batch *batch;
    struct batch_request *request;
    struct engine *engine;
    int64_t now_ms;
    struct arena arena;
    struct json json;
    char *room;
};

static void refuse(struct doing *doing, const struct message *why)
{
    doing->request->reply =
        wire_encode_error(doing->request->wire.number, STATUS_REFUSED, why, &doing->batch->out);
}

static void begin(struct doing *doing)
{
    json_begin(&doing->json, doing->room, JSON_BYTES);
    json_open(&doing->json, NULL);
}

static void answer(struct doing *doing)
{
    json_close(&doing->json);
    if (!doing->json.full) {
        doing->request->reply =
            wire_encode_answer(doing->request->wire.number, json_end(&doing->json),
                               engine_seq(doing->engine), &doing->batch->out);
    }
}

/* ---- installs */

struct message batch_first_problem(const struct problem_list *problems, struct arena *arena)
{
    static const struct message none = {"install_refused", "nothing was installed", "未安装"};
    const struct problem *first = problems->first;
    const bool more = problems->error_count > 1;
    char *lines[2];
    char words[WORDS_BYTES];
    char place[160] = "";

    if (first == NULL) {
        return none;
    }
    if (first->mark.source != NULL) {
        (void)snprintf(place, sizeof(place),
                       "%.*s:%u: ", TEXT_ARGS(text_part(first->mark.source->name, 0, 100)),
                       first->mark.line);
    }
    for (int zh = 0; zh < 2; zh++) {
        lines[zh] = arena_take(arena, 2 * WORDS_BYTES);
        if (lines[zh] == NULL) {
            return none;
        }
        (void)message_print(zh ? first->message->zh : first->message->en, first->arguments,
                            words, sizeof(words));
        (void)snprintf(lines[zh], 2 * WORDS_BYTES, "%s%s [%s]%s", place, words,
                       first->message->code,
                       !more ? ""
                       : zh  ? "；另有其他错误"
                             : "; there are more");
    }
    return (struct message){.code = first->message->code, .en = lines[0], .zh = lines[1]};
}

/* Gaps told to whoever installs. */
struct gaps {
    struct json *json;
    uint32_t count;
};

static void on_gap(void *context, const struct gap *gap)
{
    struct gaps *gaps = context;
    char words[GAP_WORDS_BYTES];

    if (gaps->count++ < GAPS_TOLD) {
        json_open(gaps->json, NULL);
        json_put(gaps->json, "code", text_of(gap_message(gap)->code));
        json_put(gaps->json, "zh",
                 (struct text){words, gap_print(gap, true, words, sizeof(words))});
        json_put(gaps->json, "en",
                 (struct text){words, gap_print(gap, false, words, sizeof(words))});
        json_close(gaps->json);
    }
}

void batch_tell_install(struct engine *engine, uint64_t before_seq, int64_t now_ms,
                        struct json *json)
{
    const struct law *law = engine_law(engine);
    uint64_t seq = engine_seq(engine);
    struct gaps gaps = {.json = json};
    struct arena arena;
    struct record record;

    arena_init_growing(&arena, (size_t)4 << 20);
    json_put_number(json, "seq", (int64_t)seq);
    json_open_list(json, "changed");
    if (seq > before_seq && engine_record(engine, seq, &arena, &record) == STATUS_OK) {
        for (uint32_t i = 0; i < record.file_count; i++) {
            json_put(json, NULL, record.files[i].path);
        }
    }
    json_close(json);
    json_open_list(json, "unreached");
    if (seq > before_seq) {
        (void)law_gaps(law, date_of_instant(now_ms, LEGAL_ZONE_MS), &gaps, on_gap);
    }
    json_close(json);
    json_put_number(json, "unreached_count", gaps.count);
    arena_fini(&arena);
}

static void depute(struct doing *doing)
{
    const struct wire_depute *wire = &doing->request->wire.depute;
    const struct deputing deputing = {
        .person = wire->person,
        .deputy = wire->deputy,
        .role = wire->role,
        .from = wire->from,
        .to = wire->to,
        .ends = wire->ends,
    };
    uint64_t before_seq = engine_seq(doing->engine);
    struct problem_list problems;

    problem_list_init(&problems, &doing->arena);
    if (!engine_depute(doing->engine, &deputing, &doing->request->wire.act, doing->now_ms,
                       &problems)) {
        struct message why = batch_first_problem(&problems, &doing->arena);

        refuse(doing, &why);
        return;
    }
    begin(doing);
    batch_tell_install(doing->engine, before_seq, doing->now_ms, &doing->json);
    answer(doing);
}

static void hold(struct doing *doing)
{
    const struct wire_request *wire = &doing->request->wire;
    const struct hold hold = {.agency = wire->agency,
                              .case_id = wire->case_id,
                              .channel = wire->channel,
                              .off = wire->off};
    const struct message *why;

    if (!engine_hold(doing->engine, &hold, &wire->act, doing->now_ms, &why)) {
        refuse(doing, why);
        return;
    }
    begin(doing);
    json_put_number(&doing->json, "seq", (int64_t)engine_seq(doing->engine));
    answer(doing);
}

static void disclose(struct doing *doing)
{
    const struct wire_request *wire = &doing->request->wire;
    const struct message *why;
    struct job_said said;

    if (!engine_disclose(doing->engine, wire->agency, wire->case_id, wire->lease, &wire->act,
                         doing->now_ms, &doing->arena, &said, &why)) {
        refuse(doing, why);
        return;
    }
    begin(doing);
    json_put_number(&doing->json, "seq", (int64_t)engine_seq(doing->engine));
    json_put(&doing->json, "brief", said.brief);
    json_put(&doing->json, "subject", said.subject);
    json_put(&doing->json, "body", said.body);
    answer(doing);
}

/* ---- decisions */

/* The jobs that are meant, by number. */
struct meant {
    uint64_t *numbers;
    uint32_t count;
    bool beyond;
};

static bool find_meant(struct doing *doing, uint64_t case_number, struct meant *meant)
{
    const struct job_filter *filter = &doing->request->wire.decide.filter;
    struct store *store = doing->engine->store;
    struct key key = key_job(filter->job);
    struct bytes value;
    uint64_t number;

    *meant =
        (struct meant){.numbers = arena_take(&doing->arena, JOBS_MEANT_MAX * sizeof(uint64_t))};
    while (meant->numbers != NULL && store_next(store, TABLE_JOBS, &key, &value) &&
           key_is_job(&key, &number) && (filter->job == 0 || number == filter->job)) {
        struct arena arena;
        struct job job;

        key = key_job(number + 1);
        arena_init_growing(&arena, JOB_ARENA_BYTES * 4);
        if (engine_job(doing->engine, number, &arena, &job) &&
            job_is_meant(&job, filter, case_number, doing->now_ms)) {
            meant->beyond = meant->beyond || meant->count == JOBS_MEANT_MAX;
            if (!meant->beyond) {
                meant->numbers[meant->count++] = number;
            }
        }
        arena_fini(&arena);
    }
    if (filter->job != 0 && meant->numbers != NULL && meant->count == 0) {
        meant->numbers[meant->count++] = filter->job; /* one that was sent, perhaps */
    }
    return meant->numbers != NULL;
}

static void tell_jobs(struct doing *doing, const struct meant *meant)
{
    json_open_list(&doing->json, "jobs");
    for (uint32_t i = 0; i < meant->count && i < JOBS_TOLD; i++) {
        struct json mark = doing->json;
        struct arena arena;
        struct job job;

        arena_init_growing(&arena, (size_t)4 << 20);
        if (engine_job(doing->engine, meant->numbers[i], &arena, &job)) {
            struct job_telling telling = {.store = doing->engine->store,
                                          .law = engine_law(doing->engine),
                                          .arena = &arena};

            job_tell(&telling, &job, &doing->json);
        }
        arena_fini(&arena);
        if (json_size(&doing->json) > JSON_BYTES / 2) {
            json_back(&doing->json, &mark);
            break;
        }
    }
    json_close(&doing->json);
}

static uint32_t carry_out(struct doing *doing, const struct meant *meant)
{
    const struct wire_decide *wire = &doing->request->wire.decide;
    uint32_t done = 0;

    for (uint32_t i = 0; i < meant->count && !wire->dry; i++) {
        const struct job_report report = {.step = wire->step,
                                          .job = meant->numbers[i],
                                          .worker = doing->request->wire.act.person,
                                          .words = doing->request->wire.act.reason};

        done += engine_decide(doing->engine, &report, doing->now_ms) ? 1 : 0;
    }
    return done;
}

static void refuse_count(struct doing *doing, uint32_t count, uint32_t expected)
{
    char en[200];
    char zh[200];
    struct message why = {.code = "decide_expected", .en = en, .zh = zh};

    (void)snprintf(en, sizeof(en),
                   "%u messages are meant, not %u; look with --dry-run, then --expect %u",
                   count, expected, count);
    (void)snprintf(zh, sizeof(zh),
                   "所指通知为 %u 条，而非 %u 条；请先以 --dry-run 查看，再写 "
                   "--expect %u",
                   count, expected, count);
    refuse(doing, &why);
}

/* The number of the case that is asked for; false: there is none. */
static bool find_case(struct doing *doing, uint64_t *number)
{
    const struct job_filter *filter = &doing->request->wire.decide.filter;
    struct submission named = {.agency = filter->agency, .case_id = filter->case_id};

    *number = 0;
    if (text_empty(filter->case_id)) {
        return true;
    }
    if (filter->case_id.size <= CASE_ID_BYTES_MAX && filter->agency.size <= AGENCY_BYTES_MAX) {
        *number = event_case(doing->engine, &named);
    }
    return *number != 0;
}

static void decide(struct doing *doing)
{
    const struct wire_decide *wire = &doing->request->wire.decide;
    uint32_t expected = wire->expect == 0 ? 1 : wire->expect;
    uint64_t case_number;
    struct meant meant;

    if (!job_states_known(wire->filter.states)) {
        refuse(doing, &bad_state);
    } else if (!find_case(doing, &case_number)) {
        refuse(doing, &no_case);
    } else if (!find_meant(doing, case_number, &meant)) {
        return; /* no memory: it will be asked again */
    } else if (meant.beyond) {
        refuse(doing, &many);
    } else if (!wire->dry && meant.count != expected) {
        refuse_count(doing, meant.count, expected);
    } else {
        begin(doing);
        tell_jobs(doing, &meant);
        json_put_number(&doing->json, "count", meant.count);
        json_put_number(&doing->json, "done", carry_out(doing, &meant));
        json_put_number(&doing->json, "seq", (int64_t)engine_seq(doing->engine));
        answer(doing);
    }
}

void batch_notices(struct batch *batch, struct batch_request *request, struct engine *engine,
                   const struct hour *hour)
{
    struct doing doing = {
        .batch = batch, .request = request, .engine = engine, .now_ms = hour->now_ms};
    bool looks = request->wire.verb == WIRE_DECIDE && request->wire.decide.dry;

    arena_init_growing(&doing.arena, (size_t)4 << 20);
    doing.room = arena_take(&doing.arena, JSON_BYTES);
    if (doing.room == NULL) {
        arena_fini(&doing.arena);
        return;
    }
    if (text_empty(request->wire.act.reason) && !looks) {
        refuse(&doing, &no_reason);
    } else if (request->wire.verb == WIRE_DECIDE) {
        decide(&doing);
    } else if (request->wire.verb == WIRE_HOLD) {
        hold(&doing);
    } else if (request->wire.verb == WIRE_DISCLOSE) {
        disclose(&doing);
    } else {
        depute(&doing);
    }
    arena_fini(&doing.arena);
}
