#include "net/status.h"

#include "base/clock.h"
#include "engine/account.h"

#include <stdio.h>

static const struct told trouble_guarded = {
    .code = TEXT_INIT("guarded"),
    .en = TEXT_INIT("the wall clock jumped: nothing fires until it is right again, or accepted "
                    "by duban time accept"),
    .zh = TEXT_INIT("系统时钟跳变：恢复正常或以 duban time accept 确认之前，不触发任何时点"),
};
static const struct told trouble_late = {
    .code = TEXT_INIT("late"),
    .en = TEXT_INIT("moments are due that have not fired yet: the daemon is behind"),
    .zh = TEXT_INIT("有已到期而未触发的时点：处理滞后"),
};
static const struct told trouble_short = {
    .code = TEXT_INIT("space_short"),
    .en =
        TEXT_INIT("the store runs full: new cases are refused; make room on its disk, or raise "
                  "--map-mib"),
    .zh = TEXT_INIT("存储将满：不再受理新案件；请清理磁盘，或调大 --map-mib"),
};
static const struct told trouble_last = {
    .code = TEXT_INIT("space_last"),
    .en =
        TEXT_INIT("the store is full but for what falls due: events are refused; make room on "
                  "its disk, or raise --map-mib"),
    .zh = TEXT_INIT("存储仅余到期处理所需：不再受理事件；请清理磁盘，或调大 --map-mib"),
};

/* How long the oldest moment that should have fired has been due. */
static int64_t lag_ms(const struct bulletin *bulletin)
{
    int64_t late_ms = bulletin->now_ms - bulletin->next_ms;

    return bulletin->next_ms == INSTANT_NEVER || late_ms < 0 ? 0 : late_ms;
}

static void tell_trouble(const struct bulletin *bulletin, struct json *json)
{
    struct told troubles[2];
    uint32_t count = 0;

    if (bulletin->guarded) {
        troubles[count++] = trouble_guarded;
    } else if (lag_ms(bulletin) > STATUS_LAG_MS) {
        troubles[count++] = trouble_late;
    }
    if (bulletin->use.space != SPACE_ENOUGH) {
        troubles[count++] = bulletin->use.space == SPACE_SHORT ? trouble_short : trouble_last;
    }
    json_put_flag(json, "well", count == 0);
    account_put_told(json, "trouble", troubles, count);
}

static void tell_sizes(const struct store_use *use, uint64_t journal_bytes, struct json *json)
{
    json_put(json, "space", space_word(use->space));
    json_put_number(json, "used_bytes", (int64_t)use->used_bytes);
    json_put_number(json, "bytes_max", (int64_t)use->bytes_max);
    json_put_number(json, "journal_bytes", (int64_t)journal_bytes);
    json_put_number(json, "disk_free_bytes", (int64_t)use->disk_free_bytes);
}

static void tell_clock(const struct bulletin *bulletin, struct json *json)
{
    json_put_flag(json, "guarded", bulletin->guarded);
    json_put_number(json, "now_ms", bulletin->now_ms);
    json_put_number(json, "wall_ms", clock_wall_ms());
    json_put_number(json, "next_ms",
                    bulletin->next_ms == INSTANT_NEVER ? 0 : bulletin->next_ms);
    json_put_flag(json, "synchronised", clock_is_synchronised());
}

/* How the last backup stands; null before the first. */
static void tell_backup(const struct copier *copier, struct json *json)
{
    static const char *const words[] = {
        [COPYING_RUNS] = "running", [COPYING_DONE] = "done", [COPYING_FAILED] = "failed"};
    struct copying copying;

    copier->look(copier->context, &copying);
    if (copying.state == COPYING_NONE) {
        return;
    }
    json_open(json, "backup");
    json_put(json, "folder", text_of(copying.folder));
    json_put(json, "state", text_of(words[copying.state]));
    if (copying.state == COPYING_DONE) {
        char hash[2 * sizeof(copying.hash) + 1];

        for (size_t i = 0; i < sizeof(copying.hash); i++) {
            (void)snprintf(hash + 2 * i, 3, "%02x", copying.hash[i]);
        }
        json_put_number(json, "seq", (int64_t)copying.seq);
        json_put(json, "hash", text_of(hash));
        json_put_number(json, "generation", copying.generation);
        json_put_number(json, "time_ms", copying.now_ms);
    } else if (copying.state == COPYING_FAILED) {
        json_put(json, "reason", text_of(status_text(copying.failed)));
    }
    json_close(json);
}

/* How many workers are here, and what they hold together. */
static void tell_work(struct work *work, struct json *json)
{
    struct work_line lines[ROSTER_WORKERS_MAX];
    uint32_t count = work_list(work, lines);
    uint32_t here = 0;
    uint32_t held = 0;

    for (uint32_t i = 0; i < count; i++) {
        here += lines[i].connected ? 1 : 0;
        held += lines[i].held;
    }
    json_put_number(json, "workers", here);
    json_put_number(json, "leases", held);
}

static void tell_worker(const struct work_line *line, struct json *json)
{
    json_open(json, NULL);
    json_put(json, "worker", text_of(line->name));
    json_put_some(json, "version", text_of(line->version));
    json_put_flag(json, "connected", line->connected);
    json_open_list(json, "channels");
    for (uint32_t i = 0; i < line->channel_count; i++) {
        json_put(json, NULL, text_of(line->channels[i]));
    }
    json_close(json);
    json_put_number(json, "credit", line->credit);
    json_put_number(json, "leases", line->held);
    json_put_number(json, "begun", line->begun);
    json_put_number(json, "done", (int64_t)line->done_count);
    json_put_number(json, "failed", (int64_t)line->fail_count);
    json_put_number(json, "came_ms", line->came_ms);
    json_put_number(json, "seen_ms", line->seen_ms);
    json_close(json);
}

enum status status_tell_workers(struct reading_room *reading, struct slice *slice)
{
    struct work_line lines[ROSTER_WORKERS_MAX];
    uint32_t count = work_list(reading->writer->workers, lines);

    json_open(slice->json, NULL);
    json_open_list(slice->json, "workers");
    for (uint32_t i = 0; i < count; i++) {
        tell_worker(&lines[i], slice->json);
    }
    json_close(slice->json);
    json_close(slice->json);
    return STATUS_OK;
}

enum status status_tell(struct reading_room *reading, const struct bulletin *bulletin,
                        struct slice *slice)
{
    struct json *json = slice->json;
    struct reached reached;
    enum status status = engine_reached(slice->sources->snapshot, &reached);

    if (status != STATUS_OK) {
        return status;
    }
    json_open(json, NULL);
    tell_trouble(bulletin, json);
    json_put_number(json, "seq", (int64_t)bulletin->flushed_seq);
    json_put_number(json, "saved_seq", (int64_t)bulletin->saved_seq);
    json_put_number(json, "cases_open", (int64_t)(reached.case_count - reached.closed_count));
    json_put_number(json, "cases_closed", (int64_t)reached.closed_count);
    tell_clock(bulletin, json);
    json_put_number(json, "lag_ms", lag_ms(bulletin));
    tell_sizes(&bulletin->use, reading->from.journal_bytes(reading->from.context), json);
    json_put_number(json, "uptime_ms", clock_steady_ms() - reading->opened_ms);
    json_put(json, "version", TEXT(DUBAN_VERSION));
    json_put_number(json, "law", LAW_NUMBER);
    json_put_number(json, "generation", reached.generation);
    json_put_number(json, "held", (int64_t)reached.held_count);
    tell_work(reading->writer->workers, json);
    tell_backup(&reading->from.copier, json);
    json_close(json);
    return STATUS_OK;
}

enum status status_tell_time(const struct bulletin *bulletin, struct slice *slice)
{
    json_open(slice->json, NULL);
    tell_clock(bulletin, slice->json);
    json_close(slice->json);
    return STATUS_OK;
}
