#include "exec.h"

#include "job_json.h"
#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 64, VARIABLES_MAX = 64, VARIABLE_BYTES = 4096, WORDS_BYTES = 257 };

struct exec {
    char *argv[ARGUMENTS_MAX + 1];        /* borrowed from the settings */
    char *environment[VARIABLES_MAX + 3]; /* owned */
    size_t variable_count;
    const char *folder;
    int64_t time_ms;
    size_t output_bytes;
};

const struct worker_setting exec_settings[] = {
    {.name = "run",
     .kind = WORKER_LIST,
     .help = "the program, from / on, and its arguments, as in [/usr/local/bin/page, -q]"},
    {.name = "time",
     .kind = WORKER_SPAN,
     .usual = "30s",
     .min = 100,
     .max = 3600000,
     .help = "how long it may take; then it is ended, and its message is in doubt"},
    {.name = "output",
     .kind = WORKER_NUMBER,
     .usual = "65536",
     .min = 1024,
     .max = 16777216,
     .help = "how many bytes it may write; then the same"},
    {.name = "folder", .kind = WORKER_TEXT, .usual = "/", .help = "where it works"},
    {.name = "environment",
     .kind = WORKER_MAP,
     .usual = "",
     .help = "what it has besides PATH and LANG; of ours it has nothing"},
    {0},
};

/* exec takes mutable texts that it only reads; the const is shed here alone. */
static char *text(const char *ours)
{
    union {
        const char *ours;
        char *theirs;
    } view = {.ours = ours};

    return view.theirs;
}

static bool add_variable(struct exec *exec, const char *name, const char *value)
{
    char line[VARIABLE_BYTES];

    if (exec->variable_count == VARIABLES_MAX + 2 || *name == '\0' ||
        strchr(name, '=') != NULL ||
        snprintf(line, sizeof(line), "%s=%s", name, value) >= (int)sizeof(line)) {
        return false;
    }
    exec->environment[exec->variable_count] = strdup(line);
    return exec->environment[exec->variable_count++] != NULL;
}

static bool take_environment(const struct worker_settings *settings, struct exec *exec)
{
    const char *name;
    const char *value;
    uint32_t at = 0;
    bool taken = add_variable(exec, "PATH", "/usr/local/bin:/usr/bin:/bin") &&
                 add_variable(exec, "LANG", "C.UTF-8");

    while (taken && worker_next(settings, "environment", &at, &name, &value)) {
        taken = add_variable(exec, name, value);
    }
    if (!taken) {
        worker_wrong(settings, "environment", "64 variables at most, each of 4096 bytes");
    }
    return taken;
}

static bool take_program(const struct worker_settings *settings, struct exec *exec)
{
    const char *key;
    const char *value;
    uint32_t at = 0;

    while (at < ARGUMENTS_MAX && worker_next(settings, "run", &at, &key, &value)) {
        exec->argv[at - 1] = text(value);
    }
    if (exec->argv[0] == NULL || exec->argv[0][0] != '/') {
        worker_wrong(settings, "run",
                     "a list is wanted, of a program's whole path and its "
                     "arguments");
        return false;
    }
    if (access(exec->argv[0], X_OK) != 0) {
        worker_wrong(settings, "run", "there is no program there that this user may run");
        return false;
    }
    return true;
}

bool exec_open(const struct worker_settings *settings, void **mine)
{
    struct exec *exec = calloc(1, sizeof(*exec));

    if (exec == NULL) {
        return false;
    }
    exec->folder = worker_text(settings, "folder");
    exec->time_ms = worker_number(settings, "time");
    exec->output_bytes = (size_t)worker_number(settings, "output");
    if (!take_program(settings, exec) || !take_environment(settings, exec)) {
        exec_close(exec);
        return false;
    }
    *mine = exec;
    return true;
}

void exec_close(void *mine)
{
    struct exec *exec = mine;

    for (size_t i = 0; i < exec->variable_count; i++) {
        free(exec->environment[i]);
    }
    free(exec);
}

/* The first line that says something. */
static const char *first_line(const char *bytes, char *room, size_t size)
{
    size_t from = bytes == NULL ? 0 : strspn(bytes, " \t\r\n");
    size_t length = bytes == NULL ? 0 : strcspn(bytes + from, "\r\n");

    length = length < size ? length : size - 1;
    if (bytes != NULL) {
        memcpy(room, bytes + from, length);
    }
    room[length] = '\0';
    return room;
}

/* What it says of itself, on standard error or, where there is nothing, on its output. */
static const char *complaint(const struct process_end *end, char *room, size_t size)
{
    const char *words = first_line(end->errors, room, size);

    return *words != '\0' ? words : first_line(end->output, room, size);
}

static void judge_exit(const struct process_end *end, struct worker_result *result)
{
    char words[WORDS_BYTES];
    char code[32];

    (void)snprintf(code, sizeof(code), "exit %d", end->code);
    if (end->code == 0) {
        const char *id = first_line(end->output, words, sizeof(words));

        worker_done(result, *id == '\0' ? NULL : id);
    } else if (end->code == EX_TEMPFAIL) {
        worker_later(result, code, complaint(end, words, sizeof(words)), 0);
    } else {
        worker_never(result, code, complaint(end, words, sizeof(words)));
    }
}

/* Whoever was cut short may have sent it before. */
static void judge(const struct process_end *end, struct worker_result *result)
{
    switch (end->how) {
    case PROCESS_EXITED:
        judge_exit(end, result);
        break;
    case PROCESS_KILLED:
        worker_unknown(result, "the program died of a signal");
        break;
    case PROCESS_OVERTIME:
        worker_unknown(result, "the program took too long");
        break;
    case PROCESS_OVERFLOW:
        worker_unknown(result, "the program wrote too much");
        break;
    case PROCESS_NOT_STARTED:
        worker_later(result, "exec.start", strerror(end->code), 0);
        break;
    }
}

void exec_send(void *mine, const struct worker_job *job, struct worker_result *result)
{
    const struct exec *exec = mine;
    char *json = job_json(job);
    struct process process = {.argv = exec->argv,
                              .environment = exec->environment,
                              .folder = exec->folder,
                              .input = json,
                              .input_bytes = json == NULL ? 0 : strlen(json),
                              .time_ms = exec->time_ms,
                              .output_bytes = exec->output_bytes};
    struct process_end end;

    if (json == NULL) {
        worker_later(result, "exec.start", "out of memory", 0);
        return;
    }
    process_run(&process, &end);
    judge(&end, result);
    process_end_free(&end);
    free(json);
}
