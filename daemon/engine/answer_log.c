#include "engine/answer.h"

#include "codec/state.h"

static const struct message not_yet = {
    "not_yet", "case {0} was opened on {1}: at {2} nothing was known of it",
    "案件“{0}”于 {1} 立案：{2} 时尚无记录"};

/* Whether a record is one of those asked for. */
static bool in_time(const struct slice *slice, const struct record *record)
{
    return slice->query->at_ms == 0 || record->now_ms <= slice->query->at_ms;
}

static enum status refuse_early(struct slice *slice, const struct found_case *found)
{
    int64_t zone_ms = found->agency->office.zone_ms;
    struct text arguments[] = {
        found->state.id,
        answer_instant(slice->arena, found->state.opened_ms, zone_ms),
        answer_instant(slice->arena, slice->query->at_ms, zone_ms),
    };

    return answer_fail(slice, STATUS_NOT_FOUND, &not_yet, arguments, 3);
}

/* A case on its way through its records. */
struct past {
    struct bytes state;
    uint32_t procedure; /* its number then: a case may go over to another version */
    bool over;          /* the next record came after the time asked for */
};

/* One record read for its delta alone; forgotten before the next. */
static enum status patch(struct slice *slice, uint64_t seq, uint8_t *room, struct past *past)
{
    struct journal_entry entry;
    struct record record;
    struct arena arena;
    enum status status = journal_reader_read(slice->sources->reader, seq, &entry);

    arena_init_growing(&arena, (size_t)8 << 20);
    if (status == STATUS_OK) {
        status = record_decode(entry.record, &arena, &record);
    }
    if (status == STATUS_OK) {
        past->over = !in_time(slice, &record);
    }
    if (status == STATUS_OK && !past->over && record.procedure != 0) {
        past->procedure = record.procedure;
    }
    if (status == STATUS_OK && !past->over && record.delta.size > 0) {
        status = state_patch(past->state, record.delta, room, STATE_ROOM_BYTES, &past->state);
    }
    arena_fini(&arena);
    return status;
}

/* The case as it stood then: what its records up to there lead to. */
static enum status go_back(struct slice *slice, struct found_case *found)
{
    uint8_t *rooms = arena_take(slice->arena, 2 * STATE_ROOM_BYTES);
    struct past past = {0};
    enum status status = rooms == NULL ? STATUS_NO_MEMORY : STATUS_OK;

    for (uint32_t i = 0; i < found->file.entries && status == STATUS_OK && !past.over;) {
        uint64_t seq = casefile_record(slice->sources->snapshot, &found->file, i);

        status =
            patch(slice, seq, past.state.at == rooms ? rooms + STATE_ROOM_BYTES : rooms, &past);
        i = casefile_after(slice->sources->snapshot, &found->file, i);
    }
    if (status == STATUS_OK && past.state.size == 0) {
        return refuse_early(slice, found);
    }
    if (status == STATUS_OK) {
        found->procedure = law_procedure(slice->sources->law, past.procedure);
        status = found->procedure == NULL
                     ? STATUS_MALFORMED
                     : state_decode(past.state, found->procedure, slice->arena, &found->state);
    }
    return status;
}

/* A record that no part has room for: that there is one. */
static void tell_stub(struct json *json, const struct account *account, int64_t zone_ms)
{
    json_open(json, NULL);
    json_put_number(json, "seq", (int64_t)account->seq);
    account_put_instant(json, "at", account->record->now_ms, zone_ms);
    json_put_flag(json, "too_large", true);
    json_close(json);
}

/* Records from the place on, as many as a part takes. */
static enum status tell_records(struct slice *slice, const struct found_case *found)
{
    struct answer_place *place = slice->place;
    bool alone = place->begun; /* nothing else is in this part */

    json_open_list(slice->json, "records");
    while (place->entry < found->file.entries && json_size(slice->json) < ANSWER_PART_BYTES) {
        uint64_t seq = casefile_record(slice->sources->snapshot, &found->file, place->entry);
        struct json mark = *slice->json;
        struct account account;
        struct record record;
        enum status status = answer_read_record(slice, seq, &account, &record);

        if (status != STATUS_OK) {
            return status;
        }
        if (!in_time(slice, &record)) {
            place->entry = found->file.entries;
            break;
        }
        account.agency = found->state.agency;
        account.case_id = found->state.id;
        account_tell(&account, slice->arena, slice->json);
        if (slice->json->full) {
            json_back(slice->json, &mark);
            if (!alone) {
                break; /* it comes in a part of its own */
            }
            tell_stub(slice->json, &account, found->agency->office.zone_ms);
        }
        alone = false;
        place->entry = casefile_after(slice->sources->snapshot, &found->file, place->entry);
    }
    json_close(slice->json);
    slice->more = place->entry < found->file.entries;
    return STATUS_OK;
}

enum status answer_log(struct slice *slice)
{
    struct found_case found = {0};
    bool first = !slice->place->begun;
    enum status status = first ? answer_find_case(slice, &found)
                               : answer_take_case(slice, slice->place->number, &found);

    if (status == STATUS_OK && first && slice->query->at_ms != 0) {
        status = go_back(slice, &found);
    }
    if (status != STATUS_OK) {
        return status;
    }
    slice->place->number = found.file.number;
    json_open(slice->json, NULL);
    if (first) {
        answer_tell_case(slice, &found, "case");
    }
    status = tell_records(slice, &found);
    slice->place->begun = true;
    if (status == STATUS_OK) {
        json_close(slice->json);
    }
    return status;
}
