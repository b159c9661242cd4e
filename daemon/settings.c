#include "settings.h"

#include "base/log.h"
#include "codec/language.h"
#include "net/endpoint.h"
#include "store/store_lmdb.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB ((size_t)1 << 20)

enum { PATH_BYTES = 4096 };

static const struct settings defaults = {
    .data = "/var/lib/duban",
    .run = "/run/duban",
    .map_bytes = STORE_LMDB_MAP_BYTES,
    .doors = {.mode = 0600},
};

static const char help[] =
    "duband: sees enforcement cases through (督办)\n"
    "\n"
    "  duband --config /etc/duban/duban.yaml\n"
    "  duband --data /var/lib/duban --run /run/duban\n"
    "\n"
    "  --config FILE   a file of settings, by these same names; flags win\n"
    "  --data DIR      the store: journal and state      (/var/lib/duban)\n"
    "  --master FILE   the key that private facts are sealed with: 32 random bytes, mode 0400\n"
    "                  (systemd's credential master.key, else master.key in the store, which\n"
    "                  is made with it)\n"
    "  --run DIR       the doors' sockets                (/run/duban)\n"
    "  --events, --work, --control, --hints ENDPOINT\n"
    "                  a door elsewhere, as in ipc:///srv/duban/events.sock\n"
    "  --socket-mode N who may knock: 0600 this user, 0660 its group, 0666 everybody (0600)\n"
    "  --map-mib N     what the state may grow to, MiB   (16384; address space, not memory)\n"
    "  --clock FROM,SINCE,RATE\n"
    "                  a demonstration's own time, never for real cases: at SINCE it is FROM "
    "(both\n"
    "                  in ms since 1970), and goes RATE times as fast\n"
    "  --debug         log the story of each event too\n"
    "  --empty         a new store starts with nothing, not with the demonstration's agencies\n"
    "  --check         look at settings and places, touch nothing, say what is wrong, and end\n"
    "  --help          this page\n"
    "\n"
    "  SIGHUP reads the settings again: debug and socket-mode change at once, the rest at the\n"
    "  next start.\n";

/* Each takes a value, or answers false where it is none. */
static bool take_data(struct settings *settings, const char *value)
{
    settings->data = value;
    return *value != '\0';
}

static bool take_master(struct settings *settings, const char *value)
{
    settings->master = value;
    return *value != '\0';
}

static bool take_run(struct settings *settings, const char *value)
{
    settings->run = value;
    return *value != '\0';
}

static bool take_events(struct settings *settings, const char *value)
{
    settings->doors.events = value;
    return true;
}

static bool take_work(struct settings *settings, const char *value)
{
    settings->doors.work = value;
    return true;
}

static bool take_control(struct settings *settings, const char *value)
{
    settings->doors.control = value;
    return true;
}

static bool take_hints(struct settings *settings, const char *value)
{
    settings->doors.hints = value;
    return true;
}

static bool take_mode(struct settings *settings, const char *value)
{
    bool known =
        strcmp(value, "0600") == 0 || strcmp(value, "0660") == 0 || strcmp(value, "0666") == 0;

    settings->doors.mode = (mode_t)strtoul(value, NULL, 8);
    return known;
}

static bool take_map(struct settings *settings, const char *value)
{
    char *end;
    unsigned long long mib = strtoull(value, &end, 10);

    settings->map_bytes = (size_t)mib * MIB;
    return *value >= '0' && *value <= '9' && *end == '\0' && mib >= 64 && mib <= 1024 * 1024;
}

static bool take_debug(struct settings *settings, const char *value)
{
    settings->debug = value == NULL || strcmp(value, "true") == 0;
    return true;
}

static bool take_clock(struct settings *settings, const char *value)
{
    char *end;
    long long from_ms = strtoll(value, &end, 10);
    long long since_ms = *end == ',' ? strtoll(end + 1, &end, 10) : -1;
    long long rate = *end == ',' ? strtoll(end + 1, &end, 10) : 0;

    settings->pace =
        (struct clock_pace){.from_ms = from_ms, .since_ms = since_ms, .rate = rate};
    return *end == '\0' && from_ms > 0 && since_ms > 0 && rate >= 1 && rate <= CLOCK_RATE_MAX;
}

static bool take_empty(struct settings *settings, const char *value)
{
    (void)value;
    settings->empty = true;
    return true;
}

static bool take_check(struct settings *settings, const char *value)
{
    (void)value;
    settings->check = true;
    return true;
}

static bool take_config(struct settings *settings, const char *value)
{
    settings->config = value;
    return *value != '\0';
}

/* A flag, and where the file knows it (codec/language_settings.c) a setting of that name. */
struct setting {
    const char *name;
    const char *wanted; /* in words; NULL: it takes no value */
    bool (*take)(struct settings *settings, const char *value);
};

static const struct setting all[] = {
    {"config", "a file", take_config},
    {"data", "a folder", take_data},
    {"master", "a file", take_master},
    {"run", "a folder", take_run},
    {"events", "an endpoint", take_events},
    {"work", "an endpoint", take_work},
    {"control", "an endpoint", take_control},
    {"hints", "an endpoint", take_hints},
    {"socket-mode", "0600, 0660 or 0666", take_mode},
    {"map-mib", "a number from 64 to 1048576", take_map},
    {"clock", "FROM,SINCE,RATE: two instants in ms since 1970 and a factor from 1 to 1000000",
     take_clock},
    {"debug", NULL, take_debug},
    {"empty", NULL, take_empty},
    {"check", NULL, take_check},
};

enum { SETTING_COUNT = sizeof(all) / sizeof(all[0]) };

static const struct setting *find_setting(struct text name)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        if (text_is(name, all[i].name)) {
            return &all[i];
        }
    }
    return NULL;
}

/* What systemd was told by LoadCredential=master.key:FILE. */
static const char *credential(void)
{
    static char path[PATH_BYTES];
    const char *folder = getenv("CREDENTIALS_DIRECTORY");

    if (folder == NULL ||
        snprintf(path, sizeof(path), "%s/master.key", folder) >= (int)sizeof(path)) {
        return NULL;
    }
    return access(path, F_OK) == 0 ? path : NULL;
}

static void complain(struct mark mark, const char *words)
{
    (void)fprintf(stderr, "%.*s:%u:%u: error: %s\n", TEXT_ARGS(mark.source->name), mark.line,
                  mark.column, words);
}

static char *terminated(struct arena *arena, struct text text)
{
    char *copy = arena_take(arena, text.size + 1);

    if (copy != NULL) {
        memcpy(copy, text.bytes, text.size);
        copy[text.size] = '\0';
    }
    return copy;
}

/* Take what a file that is well says. False: some value is none, which is told. */
static bool take_values(struct settings *settings, const struct node *root)
{
    bool good = true;

    for (const struct node *node = root->first; node != NULL; node = node->next) {
        const struct setting *setting = find_setting(node->key);
        const char *value = terminated(&settings->arena, node->text);

        if (setting == NULL || value == NULL || setting->take(settings, value)) {
            continue;
        }

        char words[256];

        (void)snprintf(words, sizeof(words), "`%s` wants %s, not `%s`", setting->name,
                       setting->wanted, value);
        complain(node->mark, words);
        good = false;
    }
    return good;
}

static bool take_file(struct settings *settings, struct source *source)
{
    struct problem_list problems;

    problem_list_init(&problems, &settings->arena);

    struct node *root = tree_read(source, &settings->arena, &problems);

    if (root != NULL) {
        schema_check(root, language_settings.root, SCHEMA_FILE, &problems);
    }
    for (const struct problem *problem = problems.first; problem != NULL;
         problem = problem->next) {
        char words[512];

        (void)message_print(problem->message->en, problem->arguments, words, sizeof(words));
        complain(problem->mark, words);
    }
    return root != NULL && problems.error_count == 0 && take_values(settings, root);
}

/* The whole file, or NULL and errno. */
static char *read_file(struct arena *arena, const char *path, size_t *size)
{
    FILE *file = fopen(path, "re");
    char *bytes = arena_take(arena, TREE_BYTES_MAX + 1);

    *size = 0;
    if (file != NULL && bytes != NULL) {
        *size = fread(bytes, 1, TREE_BYTES_MAX + 1, file);
        bytes = ferror(file) ? NULL : bytes;
    }
    if (file == NULL) {
        return NULL;
    }
    (void)fclose(file);
    return bytes;
}

static enum status read_config(struct settings *settings, const char *path)
{
    struct source source = {.name = text_of(path)};

    source.bytes.bytes = read_file(&settings->arena, path, &source.bytes.size);
    if (source.bytes.bytes == NULL) {
        (void)fprintf(stderr, "duband: cannot read `%s`\n", path);
        return STATUS_REFUSED;
    }
    return take_file(settings, &source) ? STATUS_OK : STATUS_REFUSED;
}

/* Walk the flags. Only `--config` is taken where `config_only`; the rest is for the second
 * walk, so that flags win over the file. */
static enum status read_flags(struct settings *settings, int argc, char **argv,
                              bool config_only)
{
    struct option options[SETTING_COUNT + 2] = {{0}};
    int place;

    for (int i = 0; i < SETTING_COUNT; i++) {
        options[i] = (struct option){
            all[i].name, all[i].wanted == NULL ? no_argument : required_argument, NULL, i};
    }
    options[SETTING_COUNT] = (struct option){"help", no_argument, NULL, SETTING_COUNT};
    optind = 1;
    while ((place = getopt_long(argc, argv, "", options, NULL)) >= 0) {
        if (place == SETTING_COUNT) {
            (void)fputs(help, stdout);
            return STATUS_NOT_FOUND;
        }
        if (place == '?') {
            (void)fputs("duband: see duband --help\n", stderr);
            return STATUS_REFUSED;
        }
        if ((!config_only || all[place].take == take_config) &&
            !all[place].take(settings, optarg)) {
            (void)fprintf(stderr, "duband: --%s wants %s, not `%s`\n", all[place].name,
                          all[place].wanted, optarg);
            return STATUS_REFUSED;
        }
    }
    if (optind < argc) {
        (void)fprintf(stderr, "duband: `%s` is no option; see duband --help\n", argv[optind]);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

/* Where nothing else was said, a door is in `run`. */
static const char *door_in(struct settings *settings, const char *name)
{
    size_t size = strlen(settings->run) + ENDPOINT_BYTES;
    char *endpoint = arena_take(&settings->arena, size);

    if (endpoint != NULL) {
        (void)snprintf(endpoint, size, "ipc://%s/%s.sock", settings->run, name);
    }
    return endpoint;
}

static enum status place_doors(struct settings *settings)
{
    static const char *const names[] = {"events", "work", "control", "hints"};
    const char **doors[] = {&settings->doors.events, &settings->doors.work,
                            &settings->doors.control, &settings->doors.hints};
    enum status status = STATUS_OK;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct message *why;

        if (*doors[i] == NULL) {
            *doors[i] = door_in(settings, names[i]);
        }
        if (*doors[i] == NULL) {
            return STATUS_NO_MEMORY;
        }
        if (endpoint_check(*doors[i], &why) != STATUS_OK) {
            (void)fprintf(stderr, "duband: the door %s at `%s`: %s\n", names[i], *doors[i],
                          why->en);
            status = STATUS_REFUSED;
        }
    }
    return status;
}

enum status settings_read(struct settings *settings, int argc, char **argv)
{
    *settings = defaults;
    settings->master = credential();
    arena_init_growing(&settings->arena, 8 * MIB);

    enum status status = read_flags(settings, argc, argv, true);

    if (status == STATUS_OK && settings->config != NULL) {
        status = read_config(settings, settings->config);
    }
    if (status == STATUS_OK) {
        status = read_flags(settings, argc, argv, false);
    }
    return status == STATUS_OK ? place_doors(settings) : status;
}

void settings_fini(struct settings *settings)
{
    arena_fini(&settings->arena);
}

/* A folder that is there and that we may write to, or that can be made. */
static bool check_folder(const char *name, const char *path)
{
    struct stat about;

    if (stat(path, &about) != 0) {
        (void)fprintf(stderr, "duband: %s `%s` is not there yet: it will be made\n", name,
                      path);
        return true;
    }
    if (!S_ISDIR(about.st_mode) || access(path, W_OK | X_OK) != 0) {
        (void)fprintf(stderr, "duband: %s `%s` is no folder that this user may write to\n",
                      name, path);
        return false;
    }
    return true;
}

enum status settings_check(const struct settings *settings)
{
    bool good = check_folder("data", settings->data);

    good = check_folder("run", settings->run) && good;
    if (settings->master != NULL && access(settings->master, R_OK) != 0) {
        (void)fprintf(stderr, "duband: master `%s` cannot be read\n", settings->master);
        good = false;
    }
    return good ? STATUS_OK : STATUS_REFUSED;
}

static void compare(const char *name, const char *now, const char *fresh)
{
    if (strcmp(now == NULL ? "" : now, fresh == NULL ? "" : fresh) != 0) {
        log_warn(
            "settings.later name=%s do=\"restart: it cannot change while the daemon runs\"",
            name);
    }
}

void settings_take(struct settings *settings, const struct settings *fresh)
{
    compare("data", settings->data, fresh->data);
    compare("master", settings->master, fresh->master);
    compare("events", settings->doors.events, fresh->doors.events);
    compare("work", settings->doors.work, fresh->doors.work);
    compare("control", settings->doors.control, fresh->doors.control);
    compare("hints", settings->doors.hints, fresh->doors.hints);
    compare("map-mib", settings->map_bytes == fresh->map_bytes ? "" : "now", "");
    settings->debug = fresh->debug;
    settings->doors.mode = fresh->doors.mode;
    log_info("settings.read debug=%s socket_mode=%04o", settings->debug ? "true" : "false",
             (unsigned)settings->doors.mode);
}
