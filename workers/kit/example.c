/*
 * A whole worker: it appends each message to a file, a line each, as somebody's pager would
 * print it. The key makes sure that a line that is there is not written twice, so its channel
 * may be called idempotent in channels.yaml.
 */
#include <errno.h>
#include <program.h>
#include <stdio.h>
#include <string.h>

static const struct worker_setting settings[] = {
    {.name = "path", .kind = WORKER_TEXT, .help = "the file to append to"},
    {0},
};

static bool open_file(const struct worker_settings *given, void **mine)
{
    FILE *file = fopen(worker_text(given, "path"), "a+e");

    if (file == NULL) {
        worker_wrong(given, "path", strerror(errno));
    }
    *mine = file;
    return file != NULL;
}

/* Whether a line begins with the key: an earlier attempt wrote it, and was not heard. */
static bool is_written(FILE *file, const char *key)
{
    char line[1024];
    size_t size = strlen(key);

    rewind(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, key, size) == 0 && line[size] == ' ') {
            return true;
        }
    }
    return false;
}

static void send_line(void *mine, const struct worker_job *job, struct worker_result *result)
{
    FILE *file = mine;

    if (strchr(job->address, ' ') != NULL) {
        worker_never(result, "address", "an address has no spaces");
    } else if (is_written(file, job->key)) {
        worker_done(result, job->key);
    } else if (fprintf(file, "%s %s %s\n", job->key, job->address, job->brief) < 0 ||
               fflush(file) != 0) {
        worker_unknown(result, "a part of the line may be in the file");
    } else {
        worker_done(result, job->key);
    }
}

static void close_file(void *mine)
{
    (void)fclose(mine);
}

int main(int argc, char **argv)
{
    static const struct worker_program file = {
        "file", "writes notices into a file", settings, open_file, send_line, close_file};

    return worker_main(&file, argc, argv);
}
