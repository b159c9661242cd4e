#include "crash/disk/life.h"

#include "codec/embedded.h"
#include "crash/disk/io.h"
#include "engine/engine.h"
#include "store/journal_files.h"
#include "store/keyring_file.h"
#include "store/store_lmdb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* 2026-03-02T09:00+08:00, a Monday. */
#define START_MS  ((int64_t)1772413200000)
#define MAP_BYTES ((size_t)64 << 20)

enum { LAW = 1, PATH_BYTES = 256 };

static const char procedure_text[] =
    "procedure: life\n"
    "version: 1\n"
    "zh: 一生\n"
    "en: a life\n"
    "from: 2020-01-01\n"
    "backdate: 30d\n"
    "roles: {officer: {zh: 承办人, en: officer}, head: {zh: 负责人, en: head}}\n"
    "chain: [officer, head]\n"
    "facts: {name: {type: text, private: true}, note: text}\n"
    "clocks:\n"
    "  decide:\n"
    "    owner: officer\n"
    "    length: 3d\n"
    "    ladder: {up: {at: +1wd, to: head, notice: told, every: 2wd}}\n"
    "opens: {opened: {by: [officer], may_take: [name], start: [decide], to: work}}\n"
    "stages:\n"
    "  work:\n"
    "    zh: 办理\n"
    "    en: work\n"
    "    events:\n"
    "      told: {by: [officer], may_take: [name, note]}\n"
    "      ended: {by: [officer], meet: [decide], to: done}\n"
    "  done: {zh: 办结, en: done, final: done}\n";
static const char agencies_text[] = "agencies:\n  gulou: {zh: 鼓楼, en: Gulou, calendar: cn}\n";
static const char people_text[] =
    "people:\n"
    "  wang: {certified: true, roles: [{role: officer, agency: gulou}]}\n"
    "  li: {certified: true, roles: [{role: head, agency: gulou}]}\n";
static char long_note[1000];

static const struct sending {
    const char *case_id;
    const char *type;
    const char *fact;
    const char *value;
    int day;  /* when it occurred */
    int wait; /* days it may */
} sendings[LIFE_LINES - 1] = {
    {"K-1", "opened", "name", "张三-private", 0, 0},
    {"K-1", "told", "note", "one", 0, 0},
    {"K-2", "told", "name", "李四-private", 0, 20}, /* before its case */
    {"K-2", "opened", NULL, NULL, 1, 0},
    {"K-1", "told", "name", "王五-private", 1, 0},
    {"K-1", "told", "note", long_note, 5, 0},
    {"K-2", "told", "note", long_note, 5, 0},
    {"K-2", "told", "note", "two", 5, 0},
    {"K-1", "ended", NULL, NULL, 5, 0},
    {"K-3", "opened", "name", "赵六-private", 6, 0},
    {"K-4", "told", "note", "three", 6, 20}, /* its case never comes */
    {"K-3", "told", "note", "four", 7, 0},
    {"K-2", "ended", NULL, NULL, 7, 0},
    {"K-5", "opened", NULL, NULL, 8, 0},
    {"K-5", "told", "note", "five", 8, 0},
};

/* The last line is the install's. */
enum { INSTALL = LIFE_LINES - 1 };

struct house {
    const char *path;
    struct folder folder;
    struct store *store;
    struct journal *journal;
    struct keyring *keyring;
    struct engine *engine;
};

/* As main.c opens it. */
static enum status open_house(struct house *house)
{
    struct reached head = {0};
    enum status status = folder_open(&house->folder, house->path);

    if (status == STATUS_OK) {
        status = store_lmdb_open(&house->store, &house->folder, house->path, MAP_BYTES);
    }
    if (status == STATUS_OK) {
        status = engine_reached(house->store, &head);
    }
    if (status == STATUS_OK) {
        status = journal_files_open(&house->journal, &house->folder, LAW, head.seq);
    }
    if (status == STATUS_OK) {
        status = keyring_file_open(&house->keyring, &house->folder, NULL,
                                   journal_next(house->journal) == 1);
    }
    if (status == STATUS_OK) {
        status =
            engine_open(&house->engine, house->store, house->journal, house->keyring, NULL);
    }
    return status == STATUS_OK ? engine_checkpoint(house->engine) : status;
}

static void close_house(struct house *house)
{
    const char *path = house->path;

    engine_close(house->engine);
    store_close(house->store);
    keyring_close(house->keyring);
    journal_close(house->journal);
    folder_close(&house->folder);
    *house = (struct house){.path = path, .folder = {.fd = -1, .lock_fd = -1}};
}

static bool install(struct house *house, int64_t now_ms)
{
    struct install_file files[] = {
        {.path = TEXT("calendars/cn.csv")},
        {.path = TEXT("agencies.yaml"), .bytes = text_of(agencies_text)},
        {.path = TEXT("people.yaml"), .bytes = text_of(people_text)},
        {.path = TEXT("procedures/life.yaml"), .bytes = text_of(procedure_text)},
    };
    struct problem_list problems;
    struct arena arena;

    arena_init_growing(&arena, (size_t)4 << 20);
    problem_list_init(&problems, &arena);

    bool installed = embedded_find(files[0].path, &files[0].bytes) &&
                     engine_install(house->engine, files, 4, NULL, now_ms, &problems);

    arena_fini(&arena);
    return installed;
}

static struct receipt send(struct house *house, int number, int64_t now_ms)
{
    const struct sending *sending = &sendings[number];
    struct carried fact = {.name = text_of(sending->fact), .value = text_of(sending->value)};
    char id[8];
    struct submission submission = {
        .id = {.bytes = id, .size = (size_t)snprintf(id, sizeof(id), "e%d", number)},
        .source = TEXT("test"),
        .agency = TEXT("gulou"),
        .case_id = text_of(sending->case_id),
        .procedure = strcmp(sending->type, "opened") == 0 ? TEXT("life") : (struct text){0},
        .wait_ms = sending->wait * DAY_MS,
        .event = {.type = text_of(sending->type),
                  .occurred_ms = START_MS + sending->day * DAY_MS,
                  .person = TEXT("wang"),
                  .role = TEXT("officer"),
                  .facts = &fact,
                  .fact_count = sending->fact == NULL ? 0 : 1},
    };
    struct receipt receipt;

    engine_event(house->engine, &submission, now_ms, &receipt);
    return receipt;
}

/* Whatever fails, the daemon stops there and shows nothing. */
static void must(bool well)
{
    if (!well) {
        _exit(1);
    }
}

static void show(struct ledger *ledger, int first, int last, const uint64_t *seqs)
{
    for (int i = first; i <= last; i++) {
        ledger->lines[i] = (struct line){.shown = true, .seq = seqs[i], .acts = io_count()};
    }
}

/* A batch: judged, flushed, shown. */
static void batch(struct house *house, struct ledger *ledger, int first, int last)
{
    int64_t now_ms = START_MS + sendings[last].day * DAY_MS;
    uint64_t seqs[LIFE_LINES] = {0};

    for (int i = first; i <= last; i++) {
        struct receipt receipt = send(house, i, now_ms);

        seqs[i] = receipt.seq;
    }
    (void)engine_fire(house->engine, now_ms, 100);
    if (ledger->shows_early) {
        show(ledger, first, last, seqs);
    }
    must(engine_flush(house->engine) == STATUS_OK);
    if (!ledger->shows_early) {
        show(ledger, first, last, seqs);
    }
}

static void begin(struct house *house, const char *folder)
{
    memset(long_note, 'n', sizeof(long_note) - 1);
    *house = (struct house){.path = folder, .folder = {.fd = -1, .lock_fd = -1}};
}

void life_run(const char *folder, struct ledger *ledger)
{
    static const uint64_t none[LIFE_LINES];
    struct house house;

    begin(&house, folder);
    must(open_house(&house) == STATUS_OK);
    must(install(&house, START_MS));
    must(engine_checkpoint(house.engine) == STATUS_OK);
    show(ledger, INSTALL, INSTALL, none);
    batch(&house, ledger, 0, 0);
    batch(&house, ledger, 1, 2);
    must(engine_checkpoint(house.engine) == STATUS_OK);
    batch(&house, ledger, 3, 3);
    batch(&house, ledger, 4, 4);
    must(engine_checkpoint(house.engine) == STATUS_OK); /* a clean stop */
    close_house(&house);
    must(open_house(&house) == STATUS_OK);
    batch(&house, ledger, 5, 7); /* and what fell due meanwhile */
    batch(&house, ledger, 8, 8);
    must(engine_checkpoint(house.engine) == STATUS_OK);
    batch(&house, ledger, 9, 10);
    batch(&house, ledger, 11, 12);
    close_house(&house); /* killed: the state has to catch up */
    must(open_house(&house) == STATUS_OK);
    batch(&house, ledger, 13, 13);
    batch(&house, ledger, 14, 14);
    must(engine_checkpoint(house.engine) == STATUS_OK);
    close_house(&house);
    _exit(0);
}

struct judge {
    const struct ledger *ledger;
    char *why; /* `size` bytes of it */
    unsigned size;
};

static void judge_that(const struct judge *judge, bool well, const char *what, int number)
{
    if (!well) {
        (void)snprintf(judge->why, judge->size, "%s (event %d)", what, number);
        _exit(2);
    }
}

static void judge_events(const struct judge *judge, struct house *house, int64_t now_ms)
{
    for (int i = 0; i < INSTALL; i++) {
        const struct line *line = &judge->ledger->lines[i];
        struct receipt receipt = send(house, i, now_ms);
        bool known = receipt.verdict == RECEIPT_DUPLICATE;

        judge_that(judge, receipt.verdict != RECEIPT_REJECTED, "it can be sent again", i);
        judge_that(judge, !line->shown || known, "what was shown is there", i);
        judge_that(
            judge,
            !line->shown || receipt.seq == line->seq ||
                (sendings[i].wait > 0 && receipt.seq > line->seq), /* it has come to rest */
            "by the same record", i);
    }
}

/* Its words, or that it has none of its own any more. */
static void judge_name(const struct judge *judge, struct house *house, const char *case_id,
                       const char *words)
{
    struct arena arena;
    struct case_state state;
    const struct procedure *procedure;
    struct text read = {0};

    arena_init_growing(&arena, (size_t)4 << 20);
    judge_that(
        judge,
        engine_case(house->engine, TEXT("gulou"), text_of(case_id), &arena, &state, &procedure),
        "the case is there", 0);

    const struct value *value = &state.facts[procedure_fact(procedure, TEXT("name"))].value;

    judge_that(judge,
               value->sealed && engine_read_sealed(house->engine, state.number, TEXT("name"),
                                                   value->text, &arena, &read),
               "what is private can be read", 0);
    judge_that(judge, text_is(read, words), "its words are the same", 0);
    arena_fini(&arena);
}

static bool same_table(struct store *one, struct store *other, enum table table)
{
    struct key a = {.size = 1};
    struct key b = {.size = 1};
    struct bytes value_a;
    struct bytes value_b;

    for (;;) {
        bool more = store_next(one, table, &a, &value_a);

        if (more != store_next(other, table, &b, &value_b)) {
            return false;
        }
        if (!more) {
            return true;
        }
        if (a.size != b.size || memcmp(a.bytes, b.bytes, a.size) != 0 ||
            !bytes_equal(value_a, value_b)) {
            return false;
        }
        a.bytes[a.size++] = 0;
        b = a;
    }
}

static void sweep(struct engine *engine, int64_t now_ms)
{
    while (engine_sweep(engine, now_ms, 64) > 0) {
    }
}

/* The journal as it stands, stepped into a store of its own. */
static void judge_replay(const struct judge *judge, struct house *house, int64_t now_ms)
{
    char path[PATH_BYTES];
    struct store *fresh = NULL;
    struct engine *engine = NULL;

    (void)snprintf(path, sizeof(path), "%s-again", house->path);
    sweep(house->engine, now_ms);
    judge_that(judge, engine_checkpoint(house->engine) == STATUS_OK, "it can be saved", 0);
    judge_that(judge, store_lmdb_open_scratch(&fresh, path, MAP_BYTES) == STATUS_OK, "scratch",
               0);
    judge_that(judge, engine_open(&engine, fresh, house->journal, NULL, NULL) == STATUS_OK,
               "it replays", 0);
    sweep(engine, now_ms);
    judge_that(judge, engine_checkpoint(engine) == STATUS_OK, "the replay is saved", 0);
    for (int table = 0; table < TABLE_COUNT; table++) {
        judge_that(judge, same_table(house->store, fresh, (enum table)table),
                   "the replay comes to the same state", table);
    }
    engine_close(engine);
    store_close(fresh);
}

void life_judge(const char *folder, const struct ledger *ledger, char *why, unsigned size)
{
    const struct judge judge = {.ledger = ledger, .why = why, .size = size};
    int64_t now_ms = START_MS + 9 * DAY_MS;
    struct house house;

    why[0] = '\0';
    begin(&house, folder);
    judge_that(&judge, open_house(&house) == STATUS_OK, "it opens", 0);

    uint64_t seq = engine_seq(house.engine);

    judge_that(&judge, install(&house, now_ms), "it can be installed", 0);
    judge_that(&judge, !ledger->lines[INSTALL].shown || engine_seq(house.engine) == seq,
               "what was installed is there", INSTALL);
    judge_events(&judge, &house, now_ms);
    while (engine_fire(house.engine, now_ms, 100) > 0) {
    }
    judge_name(&judge, &house, "K-1", "王五-private");
    judge_name(&judge, &house, "K-2", "李四-private");
    judge_name(&judge, &house, "K-3", "赵六-private");
    judge_replay(&judge, &house, now_ms);
    close_house(&house);
    _exit(0);
}
