#include "offline/parts.h"

#include "cli/out.h"
#include "store/journal_files.h"
#include "store/store_lmdb.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, TEXT_BYTES = 24 };
#define SCRATCH_MAP_BYTES \
    ((size_t)1 << 40) /* address space; the file is as large as it must be */

static const struct message no_scratch = {
    "no_scratch",
    "no folder for the replay in {0}: {1}. Say where there is room: TMPDIR=DIR duban audit "
    "replay",
    "“{0}”中无法建立重放用的目录：{1}。请指明有空间的目录：TMPDIR=目录 duban audit replay"};
static const struct message stopped = {
    "replay_stopped",
    "the journal of {0} does not replay: stepped again, a record comes out otherwise (the line "
    "above says which). Keep the folder, report this, and see duban audit replay --restep",
    "“{0}"
    "”的日志不能重放：再次推演，有记录的结果不同（见上一行）。请保留该目录并报告此问题，并查看 "
    "duban audit replay --restep"};
static const struct message swept_more = {
    "replay_swept",
    "record {0} is missing: a case is to be derived anew, and the state says that it was",
    "缺少记录 {0}：有案件应重新推算，而状态称已推算"};
static const struct message unreadable = {"replay_unreadable", "{0} could not be read: {1}",
                                          "“{0}”无法读取：{1}"};

/* A replay under way: what stands in the folder, and what is made anew beside it. */
struct replaying {
    const char *path;
    struct folder folder;
    struct journal *journal; /* owned, as are these */
    struct store *recorded;
    struct store *scratch;
    struct engine *engine;
};

/* A store of its own that nobody else finds: its names are gone as soon as it is open. */
static struct store *open_scratch(void)
{
    const char *base = getenv("TMPDIR");
    char path[PATH_BYTES];
    char file[PATH_BYTES + 32];
    struct store *store = NULL;

    base = base == NULL || base[0] == '\0' ? "/var/tmp" : base;
    (void)snprintf(path, sizeof(path), "%s/duban-replay-XXXXXX", base);
    if (mkdtemp(path) == NULL) {
        complain(&no_scratch, (const char *[]){base, strerror(errno)});
        return NULL;
    }
    if (store_lmdb_open_scratch(&store, path, SCRATCH_MAP_BYTES) != STATUS_OK) {
        store = NULL;
    }
    (void)snprintf(file, sizeof(file), "%s/state.mdb", path);
    (void)unlink(file);
    (void)snprintf(file, sizeof(file), "%s/state.mdb-lock", path);
    (void)unlink(file);
    (void)rmdir(path);
    return store;
}

static void close_all(struct replaying *replaying)
{
    engine_close(replaying->engine);
    store_close(replaying->scratch);
    store_close(replaying->recorded);
    journal_close(replaying->journal);
    folder_close(&replaying->folder);
}

static bool open_all(struct replaying *replaying, const char *path, bool has_state)
{
    enum status status = STATUS_OK;

    *replaying = (struct replaying){.path = path, .folder = {.fd = -1, .lock_fd = -1}};
    if (open_to_read(&replaying->folder, path) != EXIT_DONE) {
        return false;
    }
    replaying->scratch = open_scratch();
    if (has_state) {
        status = store_lmdb_open_read(&replaying->recorded, path);
    }
    if (status != STATUS_OK) {
        complain(&unreadable, (const char *[]){path, status_text(status)});
    }
    if (status != STATUS_OK || replaying->scratch == NULL) {
        close_all(replaying);
        return false;
    }
    return true;
}

/* Step the journal into the scratch store, from where that is, up to a record. */
static bool replay_to(struct replaying *replaying, uint64_t until, const struct watch *watch)
{
    engine_close(replaying->engine);
    replaying->engine = NULL;
    journal_close(replaying->journal);

    enum status status =
        journal_files_open_read(&replaying->journal, &replaying->folder, LAW_NUMBER, until);

    if (status == STATUS_OK) {
        status = engine_open(&replaying->engine, replaying->scratch, replaying->journal, NULL,
                             watch);
    }
    if (status == STATUS_OK) {
        status = engine_checkpoint(replaying->engine);
    }
    if (status == STATUS_OK) {
        return true;
    }
    complain_of(&stopped, replaying->path);
    return false;
}

/*
 * How far cases were derived anew stands in no record; where that moves a case there is one. So
 * the replay goes as far, and no record may come of it.
 */
static bool sweep_as_far(struct replaying *replaying, const struct reached *recorded)
{
    struct reached replayed;
    char seq[TEXT_BYTES];

    if (engine_reached(replaying->scratch, &replayed) != STATUS_OK) {
        return false;
    }
    while (replayed.swept < recorded->swept) {
        uint64_t left = recorded->swept - replayed.swept;
        uint32_t done = engine_sweep(replaying->engine, recorded->now_ms,
                                     left > UINT32_MAX ? UINT32_MAX : (uint32_t)left);

        if (done == 0 || engine_seq(replaying->engine) != recorded->seq) {
            (void)snprintf(seq, sizeof(seq), "%" PRIu64, recorded->seq + 1);
            complain_of(&swept_more, seq);
            return false;
        }
        replayed.swept += done;
    }
    return engine_checkpoint(replaying->engine) == STATUS_OK;
}

static enum exit_code print_replayed(const struct verified *verified, uint64_t made_up)
{
    if (out_format() == OUT_JSON) {
        out_json(json_pack("{s:b, s:I, s:I, s:I}", "replayed", 1, "records",
                           (json_int_t)verified->chain.last, "state_seq",
                           (json_int_t)verified->state.seq, "made_up", (json_int_t)made_up));
        return EXIT_DONE;
    }
    printf("%s%" PRIu64 "\n", words_pick("records      ", "记录数      "),
           verified->chain.last);
    if (verified->has_state) {
        printf("%s%" PRIu64 "\n", words_pick("state up to  ", "状态至记录  "),
               verified->state.seq);
    }
    if (made_up > 0) {
        printf("%s%" PRIu64 "\n", words_pick("to make up   ", "将补作记录  "), made_up);
    }
    printf("%s\n", words_pick("replayed     every table comes out the same, byte for byte",
                              "重放一致    各表逐字节相同"));
    return EXIT_DONE;
}

enum exit_code replay_folder(const char *path, const struct verified *verified, bool quiet)
{
    struct replaying replaying;
    enum exit_code code = EXIT_REFUSED;

    if (!open_all(&replaying, path, verified->has_state)) {
        return EXIT_NO_DAEMON;
    }
    if (replay_to(&replaying, verified->state.seq, NULL) &&
        (!verified->has_state || (sweep_as_far(&replaying, &verified->state) &&
                                  compare_stores(replaying.recorded, replaying.scratch))) &&
        replay_to(&replaying, UINT64_MAX, NULL)) {
        code = quiet ? EXIT_DONE
                     : print_replayed(verified,
                                      engine_seq(replaying.engine) - verified->chain.last);
    }
    close_all(&replaying);
    return code;
}

/* A list in the making. */
struct list {
    struct out_table *table;
    struct journal *journal;
    uint32_t count;
    uint64_t last; /* the record told last: one is told once */
};

static const char *verdict_word(const struct record *record)
{
    return record == NULL ? "none" : record_verdict_word(record->verdict).bytes;
}

static void list_otherwise(void *context, uint64_t seq, const struct record *recorded,
                           const struct record *today)
{
    struct replaying *replaying = ((void **)context)[0];
    struct list *list = ((void **)context)[1];
    uint32_t law = 0;
    char cells[3][TEXT_BYTES];

    if (seq == list->last || journal_law(replaying->journal, seq, &law) != STATUS_OK) {
        return;
    }
    list->last = seq;
    list->count++;
    (void)snprintf(cells[0], TEXT_BYTES, "%" PRIu64, seq);
    (void)snprintf(cells[1], TEXT_BYTES, "%" PRIu32, law);
    (void)snprintf(cells[2], TEXT_BYTES, "%" PRIu64, recorded->number);
    out_table_row(list->table, (const char *[]){cells[0], cells[1], cells[2],
                                                record_kind_word(recorded->kind).bytes,
                                                verdict_word(recorded), verdict_word(today)});
}

enum exit_code restep_folder(const char *path, const struct verified *verified)
{
    static const struct out_column columns[] = {
        {"seq", "record", "记录", OUT_NUMBER},      {"law", "law", "代码版本号", OUT_NUMBER},
        {"case", "case", "案件编号", OUT_NUMBER},   {"kind", "kind", "种类", OUT_TEXT},
        {"recorded", "recorded", "当时", OUT_TEXT}, {"today", "today", "现行", OUT_TEXT},
    };
    struct replaying replaying;
    struct list list = {0};
    void *context[] = {&replaying, &list};
    struct watch watch = {.context = context, .on_otherwise = list_otherwise};

    (void)verified;
    if (!open_all(&replaying, path, false)) {
        return EXIT_NO_DAEMON;
    }
    list.table = out_table_open(columns, sizeof(columns) / sizeof(columns[0]));

    bool all = replay_to(&replaying, UINT64_MAX, &watch);

    out_table_print(list.table);
    close_all(&replaying);
    if (all && list.count == 0 && out_format() == OUT_TABLE) {
        printf("%s\n", words_pick("today's code decides every record as it was decided",
                                  "以现行代码推演，每条记录的结果都相同"));
    }
    return all ? EXIT_DONE : EXIT_REFUSED;
}
