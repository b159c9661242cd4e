#include "engine/batch_act.h"

#include "codec/json.h"

#define JSON_BYTES ((size_t)64 * 1024)
#define ROW_BYTES  ((size_t)16 * 1024) /* of one case, at most */
enum { SLICE = 256, REASONS_TOLD = 8 };

static const struct message not_installed = {
    "migrate_not_installed",
    "this version is not installed, or opens no cases: write NAME@VERSION, as in minor@2",
    "该版本未安装或不立案：请写“名称@版本”，如 minor@2"};
static const struct message not_versions = {
    "migrate_not_versions", "cases go over between two versions of one procedure only",
    "案件只能在同一程序的两个版本之间转入"};

/* A slice in the making. */
struct slice {
    struct json json;
    uint32_t moved;
};

static void put_reasons(struct json *json, const struct told *reasons, uint32_t count)
{
    json_open_list(json, "reasons");
    for (uint32_t i = 0; i < count && i < REASONS_TOLD; i++) {
        json_open(json, NULL);
        json_put(json, "code", reasons[i].code);
        json_put(json, "zh", reasons[i].zh);
        json_put(json, "en", reasons[i].en);
        json_put_some(json, "law", reasons[i].law);
        json_close(json);
    }
    json_close(json);
}

static void on_case(void *context, const struct case_state *before, const struct told *reasons,
                    uint32_t reason_count)
{
    struct slice *slice = context;

    if (reason_count == 0) {
        slice->moved++;
        return;
    }
    json_open(&slice->json, NULL);
    json_put(&slice->json, "agency", before->agency);
    json_put(&slice->json, "case", before->id);
    put_reasons(&slice->json, reasons, reason_count);
    json_close(&slice->json);
}

static const struct message *resolve(const struct law *law, const struct wire_migrate *asked,
                                     struct migration *migration)
{
    migration->from = law_number(law, asked->from);
    migration->to = law_number(law, asked->to);
    if (migration->from == 0 || migration->to == 0) {
        return &not_installed;
    }
    return migration->from != migration->to &&
                   text_equal(law_procedure(law, migration->from)->name,
                              law_procedure(law, migration->to)->name)
               ? NULL
               : &not_versions;
}

/* Case by case, as long as the answer has room for one more. */
static uint64_t run(struct engine *engine, const struct migration *migration, uint64_t after,
                    const struct hour *hour, const struct slice *slice, bool *done)
{
    *done = false;
    for (uint32_t i = 0; i < SLICE && json_size(&slice->json) < JSON_BYTES - ROW_BYTES; i++) {
        uint64_t next = engine_migrate(engine, migration, after, 1, hour->now_ms);

        if (next == after) {
            *done = true;
            break;
        }
        after = next;
    }
    return after;
}

void batch_migrate(struct batch *batch, struct batch_request *request, struct engine *engine,
                   const struct hour *hour)
{
    const struct wire_migrate *asked = &request->wire.migrate;
    char room[JSON_BYTES];
    struct slice slice = {.moved = 0};
    struct migration migration = {.dry = asked->dry_run,
                                  .act = &request->wire.act,
                                  .context = &slice,
                                  .on_case = on_case};
    const struct message *why = resolve(engine_law(engine), asked, &migration);
    bool done;

    if (why != NULL) {
        request->reply =
            wire_encode_error(request->wire.number, STATUS_REFUSED, why, &batch->out);
        return;
    }
    json_begin(&slice.json, room, sizeof(room));
    json_open(&slice.json, NULL);
    json_open_list(&slice.json, "refused");

    uint64_t after = run(engine, &migration, asked->after, hour, &slice, &done);

    json_close(&slice.json);
    json_put_number(&slice.json, "moved", slice.moved);
    json_put_number(&slice.json, "after", (int64_t)after);
    json_put_flag(&slice.json, "done", done);
    json_put_number(&slice.json, "seq", (int64_t)engine_seq(engine));
    json_close(&slice.json);
    if (!slice.json.full) {
        request->reply = wire_encode_answer(request->wire.number, json_end(&slice.json),
                                            engine_seq(engine), &batch->out);
    }
}
