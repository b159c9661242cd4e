/*
 * The engine alone, over its real journal and state, with no socket and no thread: it fills a
 * store for other benches, and shows what of an event's cost is its own. One JSON line.
 *
 *   load_cases DATA CONFIG PREFIX FROM TO STEPS
 *   load_cases DATA CONFIG PREFIX FROM TO due DUE-MS
 *
 * Cases PREFIX-FROM to PREFIX-(TO - 1), 1,024 at a time in turns, each with the first STEPS
 * events of CASE-10; or opened and given notice, so that the window of every one of them closes
 * at that instant, and all of it happens before that, whatever the clock says.
 */
#include "base/clock.h"
#include "case10.h"
#include "engine/engine.h"
#include "measure.h"
#include "store/journal_files.h"
#include "store/keyring_file.h"
#include "store/store_lmdb.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 1024, TEXT_BYTES = 48, PATH_BYTES = 4096, FILE_BYTES = 1 << 16 };
#define MAP_BYTES ((size_t)16 << 30)
#define WINDOW_MS ((int64_t)30 * 60000) /* of the clock `hear` */

struct load {
    struct folder folder;
    struct journal *journal;
    struct keyring *keyring;
    struct store *store;
    struct engine *engine;
    const char *data;
    const char *prefix;
    uint64_t from;
    uint64_t to;
    uint32_t steps;
    int64_t due_ms; /* 0: none */
    double judge_s;
    double flush_s;
    double save_s;
    int64_t saved_ms;
};

static void must(bool good, const char *what)
{
    if (!good) {
        (void)fprintf(stderr, "load_cases: %s\n", what);
        exit(1);
    }
}

static struct text read_file(const char *folder, const char *name, char *room)
{
    char path[PATH_BYTES];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);

    FILE *file = fopen(path, "rb");

    must(file != NULL, path);

    size_t size = fread(room, 1, FILE_BYTES, file);

    (void)fclose(file);
    return (struct text){.bytes = room, .size = size};
}

/* Before the instant at which all is due, however long the loading takes. */
static int64_t load_wall_ms(const struct load *load)
{
    return load->due_ms == 0 ? clock_wall_ms() : load->due_ms - WINDOW_MS + 1000;
}

static void install(struct load *load, const char *config)
{
    static const char *const names[] = {"agencies.yaml", "people.yaml", "calendars/cn.csv",
                                        "procedures/case10.yaml"};
    enum { COUNT = sizeof(names) / sizeof(names[0]) };
    static char rooms[COUNT][FILE_BYTES];
    struct install_file files[COUNT];
    struct problem_list problems;
    struct arena words;

    for (size_t i = 0; i < COUNT; i++) {
        files[i].path = text_of(names[i]);
        files[i].bytes = read_file(config, names[i], rooms[i]);
    }
    arena_init_growing(&words, (size_t)1 << 20);
    problem_list_init(&problems, &words);
    must(engine_install(load->engine, files, COUNT, NULL, load_wall_ms(load), &problems),
         "install");
    arena_fini(&words);
}

static void open_all(struct load *load, const char *data, const char *config)
{
    must(folder_open(&load->folder, data) == STATUS_OK, "folder");
    must(journal_files_open(&load->journal, &load->folder, LAW_NUMBER, 0) == STATUS_OK,
         "journal");
    must(keyring_file_open(&load->keyring, &load->folder, NULL,
                           journal_next(load->journal) == 1) == STATUS_OK,
         "keyring");
    must(store_lmdb_open(&load->store, &load->folder, data, MAP_BYTES) == STATUS_OK, "store");
    must(engine_open(&load->engine, load->store, load->journal, load->keyring, NULL) ==
             STATUS_OK,
         "engine");
    install(load, config);
    must(engine_checkpoint(load->engine) == STATUS_OK, "checkpoint");
}

static void close_all(struct load *load)
{
    must(engine_checkpoint(load->engine) == STATUS_OK, "checkpoint");
    engine_close(load->engine);
    store_close(load->store);
    keyring_close(load->keyring);
    journal_close(load->journal);
    folder_close(&load->folder);
}

/* One event of one case. */
static void publish(struct load *load, uint64_t number, uint32_t turn, int64_t wall_ms)
{
    uint32_t step = load->due_ms != 0 && turn == 1 ? CASE10_NOTICE : turn;
    int64_t occurred_ms = wall_ms - (case10[step].late ? 2 * WINDOW_MS : 0);
    char case_id[TEXT_BYTES];
    char id[TEXT_BYTES];
    struct receipt receipt;
    struct carried fact = {.name = text_of(case10[step].fact),
                           .value = text_of(case10[step].value)};

    (void)snprintf(case_id, sizeof(case_id), "%s-%" PRIu64, load->prefix, number);
    (void)snprintf(id, sizeof(id), "%s-%" PRIu64 "-%u", load->prefix, number, step);
    if (load->due_ms != 0) {
        occurred_ms = load->due_ms - WINDOW_MS;
    }

    struct submission submission = {
        .id = text_of(id),
        .source = TEXT("bench"),
        .agency = TEXT("bench"),
        .case_id = text_of(case_id),
        .procedure = turn == 0 ? TEXT("case10") : (struct text){0},
        .event = {.type = text_of(case10[step].type),
                  .occurred_ms = occurred_ms,
                  .person = text_of(case10[step].role),
                  .role = text_of(case10[step].role),
                  .facts = &fact,
                  .fact_count = case10[step].fact == NULL ? 0 : 1},
    };

    engine_event(load->engine, &submission, wall_ms, &receipt);
    must(receipt.verdict == RECEIPT_APPLIED,
         receipt.reason_count > 0 ? receipt.reasons[0].en.bytes : "not applied");
}

/* A batch as the daemon's writer takes it: judge, fire, flush, and now and then save. */
static void play_batch(struct load *load, uint64_t first, uint64_t count, uint32_t turn)
{
    int64_t wall_ms = load_wall_ms(load);
    double began_s = now_s();

    for (uint64_t i = 0; i < count; i++) {
        publish(load, first + i, turn, wall_ms);
    }
    while (engine_fire(load->engine, wall_ms, 256) > 0) {
    }

    double judged_s = now_s();

    must(engine_flush(load->engine) == STATUS_OK, "flush");

    double flushed_s = now_s();

    if (clock_steady_ms() - load->saved_ms >= 200 || engine_unsaved(load->engine) >= 8192) {
        must(engine_checkpoint(load->engine) == STATUS_OK, "checkpoint");
        load->saved_ms = clock_steady_ms();
    }
    load->judge_s += judged_s - began_s;
    load->flush_s += flushed_s - judged_s;
    load->save_s += now_s() - flushed_s;
}

static void play(struct load *load)
{
    struct usage before = usage_of("self");
    uint64_t written_bytes = disk_written_bytes(load->data);

    for (uint64_t first = load->from; first < load->to; first += WINDOW) {
        uint64_t left = load->to - first;

        for (uint32_t turn = 0; turn < load->steps; turn++) {
            play_batch(load, first, left < WINDOW ? left : WINDOW, turn);
        }
    }

    struct usage after = usage_of("self");
    double events = (double)(load->to - load->from) * load->steps;

    written_bytes = disk_written_bytes(load->data) - written_bytes;

    (void)printf("{\"bench\":\"engine\",\"events\":%.0f,\"judge_us\":%.2f,\"flush_us\":%.2f,"
                 "\"save_us\":%.2f,\"cpu_us\":%.2f,\"device_bytes_per_event\":%.0f}\n",
                 events, load->judge_s / events * 1e6, load->flush_s / events * 1e6,
                 load->save_s / events * 1e6, (after.cpu_s - before.cpu_s) / events * 1e6,
                 (double)written_bytes / events);
}

int main(int argc, char **argv)
{
    struct load load = {0};

    if (argc < 7 || (strcmp(argv[6], "due") == 0 && argc < 8)) {
        (void)fputs("load_cases DATA CONFIG PREFIX FROM TO STEPS|due [DUE-MS]\n", stderr);
        return 2;
    }
    load.data = argv[1];
    load.prefix = argv[3];
    load.from = strtoull(argv[4], NULL, 10);
    load.to = strtoull(argv[5], NULL, 10);
    load.due_ms = argc > 7 ? strtoll(argv[7], NULL, 10) : 0;
    load.steps = load.due_ms != 0 ? 2 : (uint32_t)strtoul(argv[6], NULL, 10);
    must(load.from < load.to && load.steps > 0 && load.steps <= CASE10_STEPS, "no such load");
    open_all(&load, argv[1], argv[2]);
    load.saved_ms = clock_steady_ms();
    play(&load);
    close_all(&load);
    return 0;
}
