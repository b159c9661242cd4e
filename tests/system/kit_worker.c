/* A worker for tests of the kit: its provider is whoever listens at a socket. It is told the key
 * of a message in a line, and says in a line what became of it. */
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LINE_BYTES = 1024 };

static const struct worker_setting settings[] = {
    {.name = "provider", .kind = WORKER_TEXT, .help = "the socket it listens at"},
    {.name = "test.number",
     .kind = WORKER_NUMBER,
     .usual = "3",
     .min = -9,
     .max = 9,
     .help = "a number"},
    {.name = "test.span", .kind = WORKER_SPAN, .usual = "2s", .help = "a span"},
    {.name = "test.choice",
     .kind = WORKER_CHOICE,
     .usual = "a",
     .choices = "a|b",
     .help = "a word"},
    {.name = "test.secret", .kind = WORKER_SECRET, .usual = "", .help = "a secret"},
    {.name = "test.list", .kind = WORKER_LIST, .usual = "", .help = "texts"},
    {.name = "test.map", .kind = WORKER_MAP, .usual = "", .help = "texts by name"},
    {.name = "test.flag", .kind = WORKER_FLAG, .usual = "false", .help = "yes or no"},
    {0},
};

static void print_all(const struct worker_settings *given, const char *name)
{
    uint32_t at = 0;
    const char *key;
    const char *value;

    while (worker_next(given, name, &at, &key, &value)) {
        printf("%s %s=%s\n", name, key, value);
    }
}

/* What was read, for the test of settings; of the secret its size. */
static bool open_worker(const struct worker_settings *given, void **mine)
{
    static char path[LINE_BYTES];

    (void)snprintf(path, sizeof(path), "%s", worker_text(given, "provider"));
    *mine = path;
    printf("provider=%s number=%ld span=%ld choice=%s flag=%ld secret=%zu\n", path,
           (long)worker_number(given, "test.number"), (long)worker_number(given, "test.span"),
           worker_text(given, "test.choice"), (long)worker_number(given, "test.flag"),
           strlen(worker_text(given, "test.secret")));
    print_all(given, "test.list");
    print_all(given, "test.map");
    (void)fflush(stdout);
    if (strcmp(path, "wrong") == 0) {
        worker_wrong(given, "provider", "nobody is called so");
    }
    return strcmp(path, "wrong") != 0;
}

static int call_provider(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

static void send_key(void *mine, const struct worker_job *job, struct worker_result *result)
{
    char line[LINE_BYTES];
    int fd = call_provider(mine);
    int size = snprintf(line, sizeof(line), "%s %s %s\n", job->key, job->address, job->brief);
    ssize_t got = 0;

    if (fd < 0) {
        worker_later(result, "away", "nobody listens", 0);
        return;
    }
    if (write(fd, line, (size_t)size) == size) {
        got = read(fd, line, sizeof(line) - 1);
    }
    (void)close(fd);
    line[got > 0 ? got : 0] = '\0';
    if (strncmp(line, "ok ", 3) == 0) {
        line[strcspn(line, "\n")] = '\0';
        worker_done(result, line + 3);
    } else if (strcmp(line, "never\n") == 0) {
        worker_never(result, "no", "refused\nby the 服务商");
    } else if (strcmp(line, "later\n") == 0) {
        worker_later(result, "busy", "come again", 0);
    } else if (strcmp(line, "throttled\n") == 0) {
        worker_throttled(result, "slow", "too much", 0);
    } /* else: in doubt */
}

int main(int argc, char **argv)
{
    static const struct worker_program test = {"test",      "is tested", settings,
                                               open_worker, send_key,    NULL};

    return worker_main(&test, argc, argv);
}
