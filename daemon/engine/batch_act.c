#include "engine/batch_act.h"

#include "codec/json.h"

#include <stdio.h>

#define JSON_BYTES    ((size_t)64 * 1024) /* the paths of the largest install fit */
#define PROBLEM_BYTES ((size_t)4 << 20)
enum { FOLDER_BYTES_MAX = 1024 };

/* A request of the control door in hand. */
struct asked {
    struct batch *batch;
    struct batch_request *request;
    struct engine *engine;
    const struct hour *hour;
    struct json json; /* of the answer, in … */
    char room[JSON_BYTES];
};

static const struct message not_guarded = {
    "time_not_guarded", "time is not guarded: the wall clock is believed, nothing is to accept",
    "时间未被看守：系统时钟可信，无需确认"};
static const struct message no_reason = {
    "no_reason", "an act that overrides the daemon wants a reason: --reason WORDS",
    "此操作推翻守护进程的判断，须说明理由：--reason 理由"};

static const struct message no_whole_path = {
    "backup_path",
    "a backup wants a whole path on the daemon's host, of a folder not there yet",
    "备份须给出守护进程所在主机上一个尚不存在的目录的完整路径"};
static const struct message backing_up = {
    "backing_up", "a backup goes on already; duban status says how far it is",
    "已有备份在进行；duban status 显示其进展"};

static void begin(struct asked *asked)
{
    json_begin(&asked->json, asked->room, sizeof(asked->room));
    json_open(&asked->json, NULL);
}

/* Without an answer where there is no room: it will be asked again. */
static void answer(struct asked *asked)
{
    json_close(&asked->json);
    if (!asked->json.full) {
        asked->request->reply =
            wire_encode_answer(asked->request->wire.number, json_end(&asked->json),
                               engine_seq(asked->engine), &asked->batch->out);
    }
}

static void refuse(struct asked *asked, const struct message *why)
{
    asked->request->reply =
        wire_encode_error(asked->request->wire.number, STATUS_REFUSED, why, &asked->batch->out);
}

static void install(struct asked *asked)
{
    const struct wire_request *wire = &asked->request->wire;
    uint64_t before_seq = engine_seq(asked->engine);
    struct problem_list problems;
    struct arena words;

    arena_init_growing(&words, PROBLEM_BYTES);
    problem_list_init(&problems, &words);
    if (engine_install(asked->engine, wire->files, wire->file_count, &wire->act,
                       asked->hour->now_ms, &problems)) {
        begin(asked);
        batch_tell_install(asked->engine, before_seq, asked->hour->now_ms, &asked->json);
        answer(asked);
    } else {
        struct message why = batch_first_problem(&problems, &words);

        refuse(asked, &why);
    }
    arena_fini(&words);
}

static void put_next(struct asked *asked)
{
    int64_t next_ms = engine_next_ms(asked->engine);

    json_put_number(&asked->json, "next_ms", next_ms == INSTANT_NEVER ? 0 : next_ms);
}

static void put_space(struct asked *asked)
{
    struct store_use use = engine_use(asked->engine);

    json_put(&asked->json, "space", space_word(use.space));
    json_put_number(&asked->json, "used_bytes", (int64_t)use.used_bytes);
    json_put_number(&asked->json, "bytes_max", (int64_t)use.bytes_max);
    json_put_number(&asked->json, "disk_free_bytes", (int64_t)use.disk_free_bytes);
}

static void tell_status(struct asked *asked)
{
    begin(asked);
    json_put_number(&asked->json, "seq", (int64_t)engine_seq(asked->engine));
    json_put_number(&asked->json, "now_ms", engine_now(asked->engine, asked->hour->now_ms));
    put_next(asked);
    put_space(asked);
    answer(asked);
}

static void tell_time(struct asked *asked, bool guarded)
{
    begin(asked);
    json_put_flag(&asked->json, "guarded", guarded);
    json_put_number(&asked->json, "now_ms", engine_now(asked->engine, asked->hour->now_ms));
    json_put_number(&asked->json, "wall_ms", asked->hour->wall_ms);
    put_next(asked);
    answer(asked);
}

static void accept_time(struct asked *asked)
{
    const struct act *act = &asked->request->wire.act;

    if (text_empty(act->reason)) {
        refuse(asked, &no_reason);
        return;
    }
    if (!asked->hour->guarded) {
        refuse(asked, &not_guarded);
        return;
    }
    engine_act(asked->engine, ACT_ACCEPT_TIME, act, asked->hour->wall_ms, asked->hour->now_ms);
    asked->batch->accepts_time = true;
    tell_time(asked, false);
}

static void checkpoint(struct asked *asked)
{
    engine_act(asked->engine, ACT_CHECKPOINT, &asked->request->wire.act, 0,
               asked->hour->now_ms);
    asked->batch->wants_save = true;
    tell_status(asked);
}

/* On the writer's thread it is recorded, and the state saved; the copying is another's. */
static void backup(struct asked *asked)
{
    struct text folder = asked->request->wire.folder;

    if (folder.size == 0 || folder.bytes[0] != '/' || folder.size > FOLDER_BYTES_MAX) {
        refuse(asked, &no_whole_path);
        return;
    }
    if (asked->hour->backing_up || asked->batch->wants_backup.size > 0) {
        refuse(asked, &backing_up);
        return;
    }
    engine_backup(asked->engine, folder, &asked->request->wire.act, asked->hour->now_ms);
    asked->batch->wants_backup = folder;
    asked->batch->wants_save = true;
    begin(asked);
    json_put(&asked->json, "folder", folder);
    json_put_number(&asked->json, "seq", (int64_t)engine_seq(asked->engine));
    answer(asked);
}

static void release(struct asked *asked)
{
    const struct wire_request *wire = &asked->request->wire;
    const struct message *why;

    if (text_empty(wire->act.reason)) {
        refuse(asked, &no_reason);
        return;
    }
    if (!engine_release(asked->engine, wire->agency, wire->case_id, &wire->act,
                        asked->hour->now_ms, &why)) {
        refuse(asked, why);
        return;
    }
    begin(asked);
    json_put_number(&asked->json, "seq", (int64_t)engine_seq(asked->engine));
    json_put_number(&asked->json, "held", (int64_t)engine_held(asked->engine));
    answer(asked);
}

static void put_reasons(struct asked *asked, const struct receipt *receipt)
{
    json_open_list(&asked->json, "reasons");
    for (uint32_t i = 0; i < receipt->reason_count; i++) {
        json_open(&asked->json, NULL);
        json_put(&asked->json, "code", receipt->reasons[i].code);
        json_put(&asked->json, "en", receipt->reasons[i].en);
        json_put(&asked->json, "zh", receipt->reasons[i].zh);
        json_put(&asked->json, "law", receipt->reasons[i].law);
        json_close(&asked->json);
    }
    json_close(&asked->json);
}

static void import_case(struct asked *asked)
{
    const struct wire_request *wire = &asked->request->wire;
    struct import import = {.submissions = wire->submissions,
                            .count = wire->submission_count,
                            .act = &wire->act,
                            .dry = wire->dry};
    struct receipt receipt;
    uint32_t refused;

    engine_import(asked->engine, &import, asked->hour->now_ms, &receipt, &refused);
    begin(asked);
    json_put(&asked->json, "verdict", receipt_word(receipt.verdict));
    json_put_number(&asked->json, "seq", (int64_t)receipt.seq);
    json_put_number(&asked->json, "revision", receipt.revision);
    json_put(&asked->json, "stage", receipt.stage);
    json_put_number(&asked->json, "next_due_ms",
                    receipt.next_due_ms == INSTANT_NEVER ? 0 : receipt.next_due_ms);
    if (receipt.verdict == RECEIPT_REJECTED) {
        json_put_number(&asked->json, "refused", refused);
        put_reasons(asked, &receipt);
    }
    answer(asked);
}

static void erase(struct asked *asked)
{
    const struct wire_request *wire = &asked->request->wire;
    const struct message *why;

    if (text_empty(wire->act.reason)) {
        refuse(asked, &no_reason);
        return;
    }
    if (!engine_erase(asked->engine, wire->agency, wire->case_id, &wire->act,
                      asked->hour->now_ms, &why)) {
        refuse(asked, why);
        return;
    }
    begin(asked);
    json_put_number(&asked->json, "seq", (int64_t)engine_seq(asked->engine));
    answer(asked);
}

void batch_act(struct batch *batch, struct batch_request *request, struct engine *engine,
               const struct hour *hour)
{
    struct asked asked;

    asked.batch = batch;
    asked.request = request;
    asked.engine = engine;
    asked.hour = hour;

    switch (request->wire.verb) {
    case WIRE_INSTALL:
        install(&asked);
        break;
    case WIRE_CHECKPOINT:
        checkpoint(&asked);
        break;
    case WIRE_BACKUP:
        backup(&asked);
        break;
    case WIRE_RELEASE:
        release(&asked);
        break;
    case WIRE_MIGRATE:
        batch_migrate(batch, request, engine, hour);
        break;
    case WIRE_ERASE:
        erase(&asked);
        break;
    case WIRE_DECIDE:
    case WIRE_HOLD:
    case WIRE_DEPUTE:
    case WIRE_DISCLOSE:
        batch_notices(batch, request, engine, hour);
        break;
    case WIRE_ACCEPT_TIME:
        accept_time(&asked);
        break;
    case WIRE_IMPORT:
        import_case(&asked);
        break;
    case WIRE_EVENT:
    case WIRE_BATCH:
    case WIRE_QUERY:
    case WIRE_FOLLOW:
    case WIRE_CREDIT:
    case WIRE_HELLO:
    case WIRE_BEGIN:
    case WIRE_TOUCH:
    case WIRE_RESULT:
    case WIRE_BYE:
    case WIRE_OTHER:
        break; /* refused when it came */
    }
}
