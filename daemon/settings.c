#include "settings.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MIB ((size_t)1 << 20)

enum { PATH_BYTES = 4096 };

static const struct settings defaults = {
    .data = "/var/lib/duban",
    .run = "/run/duban",
    .map_bytes = 16384 * MIB,
};

static const char help[] =
    "duband: sees enforcement cases through (督办)\n"
    "\n"
    "  duband --data /var/lib/duban --run /run/duban\n"
    "\n"
    "  --data DIR      the store: journal and state      (/var/lib/duban)\n"
    "  --master FILE   the key that private facts are sealed with: 32 random bytes, mode 0400\n"
    "                  (systemd's credential master.key, else master.key in the store, which\n"
    "                  is made with it)\n"
    "  --run DIR       the doors' sockets                (/run/duban)\n"
    "  --map-mib N     what the state may grow to, MiB   (16384; address space, not memory)\n"
    "  --clock FROM,SINCE,RATE\n"
    "                  a demonstration's own time, never for real cases: at SINCE it is FROM "
    "(both\n"
    "                  in ms since 1970), and goes RATE times as fast\n"
    "  --debug         log the story of each event too\n"
    "  --empty         a new store starts with nothing, not with the demonstration's agencies\n"
    "  --check         read everything, say what is wrong, and end\n"
    "  --help          this page\n";

static bool read_size(const char *text, size_t *bytes)
{
    char *end;
    unsigned long long mib = strtoull(text, &end, 10);

    if (*text < '0' || *text > '9' || *end != '\0' || mib < 64 || mib > 1024 * 1024) {
        (void)fprintf(stderr, "duband: --map-mib wants a number from 64 to 1048576, not `%s`\n",
                      text);
        return false;
    }
    *bytes = (size_t)mib * MIB;
    return true;
}

static bool read_clock(const char *text, struct clock_pace *pace)
{
    char *end;
    long long from_ms = strtoll(text, &end, 10);
    long long since_ms = *end == ',' ? strtoll(end + 1, &end, 10) : -1;
    long long rate = *end == ',' ? strtoll(end + 1, &end, 10) : 0;

    if (*end != '\0' || from_ms <= 0 || since_ms <= 0 || rate < 1 || rate > CLOCK_RATE_MAX) {
        (void)fprintf(
            stderr,
            "duband: --clock wants FROM,SINCE,RATE: two instants in ms since 1970 and "
            "a factor from 1 to %d, not `%s`\n",
            CLOCK_RATE_MAX, text);
        return false;
    }
    *pace = (struct clock_pace){.from_ms = from_ms, .since_ms = since_ms, .rate = rate};
    return true;
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

enum status settings_read(struct settings *settings, int argc, char **argv)
{
    static const struct option options[] = {
        {"data", required_argument, NULL, 'd'},   {"run", required_argument, NULL, 'r'},
        {"master", required_argument, NULL, 'k'}, {"map-mib", required_argument, NULL, 'm'},
        {"debug", no_argument, NULL, 'v'},        {"empty", no_argument, NULL, 'e'},
        {"check", no_argument, NULL, 'c'},        {"help", no_argument, NULL, 'h'},
        {"clock", required_argument, NULL, 't'},  {NULL, 0, NULL, 0},
    };
    int option;

    *settings = defaults;
    settings->master = credential();
    while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
        switch (option) {
        case 'd':
            settings->data = optarg;
            break;
        case 'r':
            settings->run = optarg;
            break;
        case 'k':
            settings->master = optarg;
            break;
        case 'm':
            if (!read_size(optarg, &settings->map_bytes)) {
                return STATUS_REFUSED;
            }
            break;
        case 't':
            if (!read_clock(optarg, &settings->pace)) {
                return STATUS_REFUSED;
            }
            break;
        case 'v':
            settings->debug = true;
            break;
        case 'e':
            settings->empty = true;
            break;
        case 'c':
            settings->check = true;
            break;
        case 'h':
            (void)fputs(help, stdout);
            return STATUS_NOT_FOUND;
        default:
            (void)fputs("duband: see duband --help\n", stderr);
            return STATUS_REFUSED;
        }
    }
    if (optind < argc) {
        (void)fprintf(stderr, "duband: `%s` is no option; see duband --help\n", argv[optind]);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}
