#include "backup.h"
#include "base/clock.h"
#include "base/log.h"
#include "codec/embedded.h"
#include "net/hub.h"
#include "net/supervisor.h"
#include "settings.h"
#include "store/flush_probe.h"
#include "store/journal_files.h"
#include "store/keyring_file.h"
#include "store/store_lmdb.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* What a daemon holds open, in the order it was opened. */
struct house {
    struct folder folder;
    struct journal *journal;
    struct keyring *keyring;
    struct store *store;
    struct engine *engine;
};

static void log_problems(const struct problem_list *problems)
{
    for (const struct problem *problem = problems->first; problem != NULL;
         problem = problem->next) {
        char words[512];

        (void)message_print(problem->message->en, problem->arguments, words, sizeof(words));
        log_error("install.refused code=%s line=%u reason=\"%s\"", problem->message->code,
                  problem->mark.line, words);
    }
}

/* A store that was never given anything starts with what the program carries. */
static enum status install_defaults(struct engine *engine)
{
    struct install_file files[INSTALL_FILES_MAX];
    struct arena arena;
    struct problem_list problems;
    uint32_t count = embedded_file_count;

    if (engine_seq(engine) > 0) {
        return STATUS_OK;
    }
    for (uint32_t i = 0; i < count; i++) {
        files[i] = (struct install_file){.path = embedded_files[i].name,
                                         .bytes = embedded_files[i].bytes};
    }
    arena_init_growing(&arena, (size_t)16 << 20);
    problem_list_init(&problems, &arena);

    bool installed = engine_install(engine, files, count, NULL, clock_wall_ms(), &problems);

    log_problems(&problems);
    arena_fini(&arena);
    return installed ? engine_checkpoint(engine) : STATUS_REFUSED;
}

static enum status open_house(struct house *house, const struct settings *settings)
{
    static const struct watch nobody = {0};
    struct reached head = {0};
    int64_t began_ms = clock_steady_ms();
    enum status status = folder_open(&house->folder, settings->data);

    if (status == STATUS_OK) {
        flush_probe(&house->folder);
        status =
            store_lmdb_open(&house->store, &house->folder, settings->data, settings->map_bytes);
    }
    if (status == STATUS_OK) {
        status = engine_reached(house->store, &head);
    }
    if (status == STATUS_OK) {
        status = journal_files_open(&house->journal, &house->folder, LAW_NUMBER, head.seq);
    }
    if (status == STATUS_OK) {
        supervisor_recovers(journal_next(house->journal) - 1 - head.seq);
        status = keyring_file_open(&house->keyring, &house->folder, settings->master,
                                   journal_next(house->journal) == 1);
    }
    if (status == STATUS_OK) {
        status =
            engine_open(&house->engine, house->store, house->journal, house->keyring, &nobody);
    }
    if (status == STATUS_OK && !settings->empty) {
        status = install_defaults(house->engine);
    }
    if (status == STATUS_OK) {
        status = engine_checkpoint(house->engine);
    }
    if (status == STATUS_OK) {
        log_info("house.open data=\"%s\" seq=%llu cut_bytes=%llu took_ms=%lld", settings->data,
                 (unsigned long long)engine_seq(house->engine),
                 (unsigned long long)journal_files_cut(house->journal),
                 (long long)(clock_steady_ms() - began_ms));
    }
    return status;
}

static uint64_t measure_journal(void *context)
{
    const struct house *house = context;

    return folder_measure(&house->folder, ".journal");
}

static void close_house(struct house *house)
{
    engine_close(house->engine);
    store_close(house->store);
    keyring_close(house->keyring);
    journal_close(house->journal);
    folder_close(&house->folder);
}

/* What SIGHUP needs: the command line is read again, and the file it names. */
struct again {
    struct settings *settings;
    int argc;
    char **argv;
};

static void set_log(const struct settings *settings)
{
    log_set(settings->debug ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO,
            getenv("JOURNAL_STREAM") != NULL);
}

static mode_t read_again(void *context)
{
    struct again *again = context;
    struct settings fresh;

    if (settings_read(&fresh, again->argc, again->argv) == STATUS_OK) {
        settings_take(again->settings, &fresh);
        set_log(again->settings);
    } else {
        log_error("settings.refused do=\"mend them: nothing was changed\"");
    }
    settings_fini(&fresh);
    return again->settings->doors.mode;
}

static enum status serve(struct settings *settings, int argc, char **argv)
{
    struct house house = {.folder = {.fd = -1, .lock_fd = -1}};
    struct again again = {.settings = settings, .argc = argc, .argv = argv};

    set_log(settings);
    if (settings->pace.rate != 0) {
        clock_set_pace(&settings->pace);
        log_warn("clock.paced rate=%lld do=\"for demonstrations: real cases want real time\"",
                 (long long)settings->pace.rate);
    }
    (void)umask(0077);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    (void)mkdir(settings->run, 0750); /* what else is wrong with it the doors tell */

    enum status status = open_house(&house, settings);

    if (status == STATUS_OK) {
        struct backups backups;

        backups_init(&backups, &house.folder, house.store, house.journal);

        struct reading_source cases = {.store = house.store,
                                       .journal = house.journal,
                                       .context = &house,
                                       .journal_bytes = measure_journal,
                                       .copier = backups_copier(&backups)};

        status = hub_run(house.engine, &cases, &settings->doors,
                         (struct hub_again){.context = &again, .read = read_again});
        backups_fini(&backups);
    }
    close_house(&house);
    if (status != STATUS_OK) {
        log_error("duband.stopped reason=\"%s\"", status_text(status));
        return status;
    }
    log_info("duband.stopped");
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    struct settings settings;
    enum status status = settings_read(&settings, argc, argv);
    int code = EXIT_SUCCESS;

    if (status != STATUS_OK) {
        code = status == STATUS_NOT_FOUND ? EXIT_SUCCESS : 2;
    } else if (settings.check) {
        code = settings_check(&settings) == STATUS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
    } else {
        code = serve(&settings, argc, argv) == STATUS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    settings_fini(&settings);
    return code;
}
