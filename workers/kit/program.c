/* The program around a worker: flags, settings, and a life. */
#include "settings.h"

#include "base/log.h"

#include <argp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME_BYTES = 65, PATH_BYTES = 4096, HELP_BYTES = 8192, HOST_BYTES = 48 };

/* Of every worker. */
static const struct worker_setting common[] = {
    {.name = "channels", .kind = WORKER_LIST, .usual = "", .help = "which it serves"},
    {.name = "name", .kind = WORKER_TEXT, .usual = "", .help = "the same after a restart"},
    {.name = "door", .kind = WORKER_TEXT, .usual = "", .help = "the daemon's work door"},
    {.name = "ledger", .kind = WORKER_TEXT, .usual = "", .help = "folder of what was sent"},
    {.name = "credit",
     .kind = WORKER_NUMBER,
     .usual = "64",
     .min = 1,
     .max = 1024,
     .help = "jobs in hand at once"},
    {.name = "threads",
     .kind = WORKER_NUMBER,
     .usual = "1",
     .min = 1,
     .max = WORKER_THREADS_MAX,
     .help = "how many are sent at once"},
    {.name = "debug", .kind = WORKER_FLAG, .usual = "false", .help = "log each job too"},
    {0},
};

enum flag { CHANNEL = 1, NAME, DOOR, LEDGER, CREDIT, THREADS, DEBUG, CONFIG, CHECK };

static const struct argp_option options[] = {
    {"config", CONFIG, "FILE", 0, "read settings from FILE; flags win", 1},
    {"check", CHECK, NULL, 0, "read everything, send nothing, say what is wrong, and end", 1},
    {"name", NAME, "NAME", 0, "its name, the same after a restart", 2},
    {"channel", CHANNEL, "CHANNEL", 0, "a channel it serves; may be given again", 2},
    {"door", DOOR, "ENDPOINT", 0, "the work door, as in ipc:///run/duban/work.sock", 2},
    {"ledger", LEDGER, "DIR", 0, "its own folder, where it remembers what it sent", 2},
    {"credit", CREDIT, "N", 0, "jobs in hand at once, 1 to 1024 (64)", 2},
    {"threads", THREADS, "N", 0, "how many are sent at once, 1 to 64 (1)", 2},
    {"debug", DEBUG, NULL, 0, "log each job too", 2},
    {0},
};

/* What the command line says besides settings. */
struct given {
    struct worker_settings *settings;
    const char *config;
};

static error_t take_option(int key, char *value, struct argp_state *state)
{
    static const char *const names[] = {
        [CHANNEL] = "channels", [NAME] = "name",       [DOOR] = "door",  [LEDGER] = "ledger",
        [CREDIT] = "credit",    [THREADS] = "threads", [DEBUG] = "debug"};
    struct given *given = state->input;

    switch (key) {
    case CONFIG:
        given->config = value;
        return 0;
    case CHECK:
        given->settings->checking = true;
        return 0;
    case DEBUG:
        settings_flag(given->settings, "debug", "true");
        return 0;
    case CHANNEL:
    case NAME:
    case DOOR:
    case LEDGER:
    case CREDIT:
    case THREADS:
        settings_flag(given->settings, names[key], value);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN; /* argp's own, and words that are no options */
    }
}

/* `threads: number (1)`, and what it is below; the answer is how much was written. */
static int describe_setting(const struct worker_setting *setting, char *room, size_t size)
{
    static const char *const kinds[] = {
        [WORKER_TEXT] = "text", [WORKER_CHOICE] = "",   [WORKER_NUMBER] = "number",
        [WORKER_SPAN] = "span", [WORKER_FLAG] = "flag", [WORKER_SECRET] = "secret",
        [WORKER_LIST] = "list", [WORKER_MAP] = "map",
    };
    const char *kind = setting->kind == WORKER_CHOICE ? setting->choices : kinds[setting->kind];

    if (setting->usual == NULL || *setting->usual == '\0') {
        return snprintf(room, size, "  %s: %s%s\n        %s\n", setting->name, kind,
                        setting->usual == NULL ? ", wanted" : "", setting->help);
    }
    return snprintf(room, size, "  %s: %s (%s)\n        %s\n", setting->name, kind,
                    setting->usual, setting->help);
}

/* What the file may say, after the flags. */
static void describe(const struct worker_program *program, char *help)
{
    int size = snprintf(help, HELP_BYTES,
                        "duban-%s: %s.\v/etc/duban/%s.yaml is read where --config does not "
                        "name another. Its settings, besides those above:\n\n",
                        program->name, program->does, program->name);

    for (const struct worker_setting *setting = program->settings;
         setting != NULL && setting->name != NULL && size < HELP_BYTES; setting++) {
        size += describe_setting(setting, help + size, (size_t)(HELP_BYTES - size));
    }
}

/* Flags, then the file that they name or that lies where it always does. */
static bool read_settings(const struct worker_program *program, struct given *given, int argc,
                          char **argv)
{
    static char usual[PATH_BYTES];
    static char help[HELP_BYTES];
    struct argp argp = {.options = options, .parser = take_option, .doc = help};

    argp_err_exit_status = 2;
    describe(program, help);
    if (argp_parse(&argp, argc, argv, 0, NULL, given) != 0) {
        return false;
    }
    (void)snprintf(usual, sizeof(usual), "/etc/duban/%s.yaml", program->name);
    if (given->config == NULL && access(usual, F_OK) == 0) {
        given->config = usual;
    }
    if (given->config != NULL) {
        settings_file(given->settings, given->config);
    }
    return settings_check(given->settings);
}

/* mail@host: other than that of the same program elsewhere, and the same tomorrow. */
static void name_it(const struct worker_program *program, char *name)
{
    char host[HOST_BYTES] = "";

    (void)gethostname(host, sizeof(host) - 1);
    (void)snprintf(name, NAME_BYTES, "%.16s@%s", program->name, host);
}

static const char *or_null(const char *text)
{
    return *text == '\0' ? NULL : text;
}

/* What the common settings say; false: more channels than fit. */
static bool fill_worker(const struct worker_program *program,
                        const struct worker_settings *settings, const char *name,
                        struct worker *worker)
{
    uint32_t at = 0;
    const char *key;
    const char *channel;

    *worker = (struct worker){
        .name = *worker_text(settings, "name") == '\0' ? name : worker_text(settings, "name"),
        .channels = {program->name},
        .door = or_null(worker_text(settings, "door")),
        .ledger = or_null(worker_text(settings, "ledger")),
        .credit = (uint32_t)worker_number(settings, "credit"),
        .threads = (uint32_t)worker_number(settings, "threads"),
        .send = program->send,
    };
    while (at < WORKER_CHANNELS_MAX && worker_next(settings, "channels", &at, &key, &channel)) {
        worker->channels[at - 1] = channel;
    }
    return !worker_next(settings, "channels", &at, &key, &channel);
}

/* Before any thread is there: only the loop is to hear of them. */
static void block_signals(void)
{
    sigset_t set;

    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
}

bool worker_checking(const struct worker_settings *settings)
{
    return settings->checking;
}

static int run(const struct worker_program *program, struct worker_settings *settings)
{
    char name[NAME_BYTES];
    char version[NAME_BYTES];
    struct worker worker;
    int status = 0;

    name_it(program, name);
    (void)snprintf(version, sizeof(version), "duban-%s %s", program->name, DUBAN_VERSION);
    if (!fill_worker(program, settings, name, &worker)) {
        worker_wrong(settings, "channels", "a worker serves 8 at most");
        return 2;
    }
    worker.version = version;
    log_set(worker_number(settings, "debug") != 0 ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO,
            getenv("JOURNAL_STREAM") != NULL);
    block_signals();
    if (program->open != NULL && !program->open(settings, &worker.mine)) {
        return 2;
    }
    if (!settings->checking) {
        status = worker_run(&worker);
    }
    if (program->close != NULL) {
        program->close(worker.mine);
    }
    return status;
}

int worker_main(const struct worker_program *program, int argc, char **argv)
{
    static char version[NAME_BYTES];
    struct worker_settings settings;
    struct given given = {.settings = &settings};
    int status = 2;

    (void)snprintf(version, sizeof(version), "duban-%s %s", program->name, DUBAN_VERSION);
    argp_program_version = version;
    settings_open(&settings, common, program->settings);
    if (read_settings(program, &given, argc, argv)) {
        status = run(program, &settings);
    }
    settings_close(&settings);
    return status;
}
