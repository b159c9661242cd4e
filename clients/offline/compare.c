#include "offline/parts.h"

#include "core/date.h"
#include "engine/keys.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ZONE_MS = 8 * 3600000, NAME_BYTES = 400, NUMBER_BYTES = 24, HEX_SHOWN = 48 };

static const struct message differs = {
    "replay_differs",
    "table {0}, {1}: the state and its replay differ from byte {2} on. The state is not what "
    "the "
    "journal says: keep the folder, and restore the last backup that replays",
    "表 {0}，{1}：状态与重放结果自第 {2} "
    "字节起不同。状态与日志不符：请保留该目录，并恢复最近一份"
    "可重放的备份"};
static const struct message only_recorded = {
    "replay_only_recorded",
    "table {0}, {1}: stands in the state, and does not follow from the journal. Keep the "
    "folder, "
    "and restore the last backup that replays",
    "表 {0}，{1}：状态中有，而日志中推不出。请保留该目录，并恢复最近一份可重放的备份"};
static const struct message only_replayed = {
    "replay_only_replayed",
    "table {0}, {1}: follows from the journal, and is missing from the state. Keep the folder, "
    "and restore the last backup that replays",
    "表 {0}，{1}：日志中推得出，而状态中没有。请保留该目录，并恢复最近一份可重放的备份"};

/* What a key is, where nobody here knows its table. */
static void name_bytes(const struct key *key, char out[NAME_BYTES])
{
    int at = snprintf(out, NAME_BYTES, "%s", words_pick("key ", "键 "));

    for (size_t i = 0; i < key->size && i < HEX_SHOWN; i++) {
        at += snprintf(out + at, (size_t)(NAME_BYTES - at), "%02x", key->bytes[i]);
    }
}

/* What a row is, by its key: {0} agency, {1} case id, {2} number, {3} part, {4} due. */
static const struct message rows[] = {
    [ROW_NAME] = {"row_name", "case {1} of {0}", "案件 {1}（{0}）"},
    [ROW_WAITING] = {"row_waiting", "what waits since record {2} for case {1} of {0}",
                     "自记录 {2} 起等待的事件，案件 {1}（{0}）"},
    [ROW_REFUSED] = {"row_refused", "count of refusals, case {1} of {0}",
                     "拒绝计数，案件 {1}（{0}）"},
    [ROW_STATE] = {"row_state", "state of case number {2}, part {3}",
                   "第 {2} 号案件的状态，第 {3} 部分"},
    [ROW_FILE] = {"row_file", "file of case number {2}, part {3}",
                  "第 {2} 号案件的案卷，第 {3} 部分"},
    [ROW_MOMENT] = {"row_moment", "moment {4} of number {2}", "时点 {4}，编号 {2}"},
    [ROW_PLACE] = {"row_place", "place of case number {2} of {0}",
                   "第 {2} 号案件的位次（{0}）"},
    [ROW_HELD] = {"row_held", "what is on hold of number {2} of {0}", "暂停的编号 {2}（{0}）"},
    [ROW_WORD] = {"row_word", "{0}", "{0}"},
};

static void name_key(enum table table, const struct key *key, char out[NAME_BYTES])
{
    struct row_parts parts = key_take_apart(table, key);
    char number[NUMBER_BYTES];
    char chunk[NUMBER_BYTES];
    char due[INSTANT_TEXT_SIZE] = "";

    if (parts.kind == ROW_OTHER) {
        name_bytes(key, out);
        return;
    }
    (void)snprintf(number, sizeof(number), "%" PRIu64, parts.number);
    (void)snprintf(chunk, sizeof(chunk), "%" PRIu32, parts.chunk);
    if (parts.kind == ROW_MOMENT) {
        (void)instant_print(parts.due_ms, ZONE_MS, due);
    }

    const struct text texts[] = {parts.agency, parts.case_id, text_of(number), text_of(chunk),
                                 text_of(due)};

    (void)message_print(words_in(&rows[parts.kind]), texts, out, NAME_BYTES);
}

static void tell(const struct message *message, enum table table, const struct key *key,
                 size_t byte)
{
    char name[NAME_BYTES];
    char at[24];

    name_key(table, key, name);
    (void)snprintf(at, sizeof(at), "%zu", byte);
    complain(message, (const char *[]){table_word(table).bytes, name, at});
}

static size_t first_difference(struct bytes a, struct bytes b)
{
    size_t at = 0;

    while (at < a.size && at < b.size && a.at[at] == b.at[at]) {
        at++;
    }
    return at;
}

static int compare_keys(const struct key *a, const struct key *b)
{
    return bytes_compare((struct bytes){a->bytes, a->size}, (struct bytes){b->bytes, b->size});
}

/* A row of each store; none past the end. */
struct pair {
    bool recorded;
    bool replayed;
    struct key a;
    struct key b;
    struct bytes value_a;
    struct bytes value_b;
};

/* Whether both stand at the same row. */
static bool rows_agree(enum table table, const struct pair *pair)
{
    int order = !pair->recorded ? 1 : !pair->replayed ? -1 : compare_keys(&pair->a, &pair->b);

    if (order != 0) {
        tell(order < 0 ? &only_recorded : &only_replayed, table,
             order < 0 ? &pair->a : &pair->b, 0);
        return false;
    }
    if (!bytes_equal(pair->value_a, pair->value_b)) {
        tell(&differs, table, &pair->a, first_difference(pair->value_a, pair->value_b));
        return false;
    }
    return true;
}

static bool compare_table(struct store *recorded, struct store *replayed, enum table table)
{
    struct pair pair = {.a = {.size = 1}, .b = {.size = 1}};

    for (;;) {
        pair.recorded = store_next(recorded, table, &pair.a, &pair.value_a);
        pair.replayed = store_next(replayed, table, &pair.b, &pair.value_b);
        if (!pair.recorded && !pair.replayed) {
            return true;
        }
        if (!rows_agree(table, &pair)) {
            return false;
        }
        if (pair.a.size == KEY_BYTES_MAX) {
            return true; /* no key of ours is that long */
        }
        pair.a.bytes[pair.a.size++] = 0;
        pair.b = pair.a;
    }
}

bool compare_stores(struct store *recorded, struct store *replayed)
{
    bool same = true;

    for (enum table table = 0; table < TABLE_COUNT && same; table++) {
        same = compare_table(recorded, replayed, table);
    }
    return same && store_status(recorded) == STATUS_OK && store_status(replayed) == STATUS_OK;
}
