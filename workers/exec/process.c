#define _GNU_SOURCE /* pipe2, closefrom, chdir and pidfd are Linux's and glibc's */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { GRACE_MS = 2000, READ_BYTES = 4096 };

/* What it writes to one of its outputs. */
struct stream {
    int fd; /* owned; -1: it is closed */
    char *bytes;
    size_t size;
};

struct run {
    const struct process *process;
    pid_t pid;
    int pid_fd;
    int input; /* owned; -1: it has everything, or wants no more */
    size_t input_at;
    struct stream output;
    struct stream errors;
    bool over; /* it wrote too much */
};

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
    *fd = -1;
}

/* ---------------------------------------------------------------- started */

/* Both ends are ours alone; the child's are made its own by dup2. */
static bool open_pipe(int *ours, int *theirs, bool we_write)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    *ours = ends[we_write ? 1 : 0];
    *theirs = ends[we_write ? 0 : 1];
    return fcntl(*ours, F_SETFL, O_NONBLOCK) == 0;
}

static int set_signals(posix_spawnattr_t *attributes)
{
    sigset_t none;
    sigset_t all;

    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    return posix_spawnattr_setsigmask(attributes, &none) != 0 ||
           posix_spawnattr_setsigdefault(attributes, &all) != 0 ||
           posix_spawnattr_setpgroup(attributes, 0) != 0 ||
           posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                    POSIX_SPAWN_SETPGROUP) != 0;
}

static int spawn(struct run *run, const int theirs[3])
{
    const struct process *process = run->process;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int rc = posix_spawn_file_actions_init(&actions);

    if (rc != 0) {
        return rc;
    }
    rc = posix_spawnattr_init(&attributes);
    if (rc == 0) {
        for (int fd = 0; fd < 3 && rc == 0; fd++) {
            rc = posix_spawn_file_actions_adddup2(&actions, theirs[fd], fd);
        }
        if (rc == 0) {
            rc = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
        }
        if (rc == 0) {
            rc = posix_spawn_file_actions_addchdir_np(&actions, process->folder);
        }
        if (rc == 0) {
            rc = set_signals(&attributes);
        }
        if (rc == 0) {
            rc = posix_spawn(&run->pid, process->argv[0], &actions, &attributes, process->argv,
                             process->environment);
        }
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return rc;
}

static int start(struct run *run)
{
    int theirs[3] = {-1, -1, -1};
    int rc = 0;

    if (!open_pipe(&run->input, &theirs[0], true) ||
        !open_pipe(&run->output.fd, &theirs[1], false) ||
        !open_pipe(&run->errors.fd, &theirs[2], false)) {
        rc = errno;
    }
    if (rc == 0) {
        rc = spawn(run, theirs);
    }
    for (int i = 0; i < 3; i++) {
        close_fd(&theirs[i]);
    }
    if (rc == 0) {
        run->pid_fd = pidfd_open(run->pid, 0);
        rc = run->pid_fd < 0 ? errno : 0;
    }
    return rc;
}

/* ---------------------------------------------------------------- under way */

static void feed(struct run *run)
{
    const struct process *process = run->process;
    ssize_t written =
        write(run->input, process->input + run->input_at, process->input_bytes - run->input_at);

    if (written >= 0) {
        run->input_at += (size_t)written;
    }
    if (run->input_at == process->input_bytes || (written < 0 && errno != EAGAIN)) {
        close_fd(&run->input); /* one that does not read is no failure */
    }
}

static void take(struct run *run, struct stream *stream)
{
    char room[READ_BYTES];
    ssize_t size = read(stream->fd, room, sizeof(room));

    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) {
        close_fd(&stream->fd);
        return;
    }
    if (size < 0) {
        return;
    }
    if (stream->size + (size_t)size > run->process->output_bytes) {
        run->over = true;
        size = (ssize_t)(run->process->output_bytes - stream->size);
    }

    char *more = realloc(stream->bytes, stream->size + (size_t)size + 1);

    if (more == NULL) {
        run->over = true;
        return;
    }
    memcpy(more + stream->size, room, (size_t)size);
    stream->bytes = more;
    stream->size += (size_t)size;
    more[stream->size] = '\0';
}

/* Wait until something can be done; whether the program has ended. */
static bool turn(struct run *run, int64_t until_ms)
{
    int64_t left_ms = until_ms - now_ms();
    struct pollfd items[] = {{.fd = run->pid_fd, .events = POLLIN},
                             {.fd = run->input, .events = POLLOUT},
                             {.fd = run->output.fd, .events = POLLIN},
                             {.fd = run->errors.fd, .events = POLLIN}};

    (void)poll(items, 4, left_ms > 0 ? (int)left_ms : 0);
    if (items[1].revents != 0) {
        feed(run);
    }
    if (items[2].revents != 0) {
        take(run, &run->output);
    }
    if (items[3].revents != 0) {
        take(run, &run->errors);
    }
    return items[0].revents != 0;
}

/* What it wrote before it ended may still be in the pipes; who else holds them is not asked. */
static void drain(struct run *run)
{
    struct stream *streams[] = {&run->output, &run->errors};

    for (int i = 0; i < 2; i++) {
        size_t before;

        do {
            before = streams[i]->size;
            if (streams[i]->fd >= 0) {
                take(run, streams[i]);
            }
        } while (streams[i]->size > before && !run->over);
    }
}

/* Tell the group to end, wait a little, and make it. */
static void end_group(struct run *run)
{
    int64_t until_ms = now_ms() + GRACE_MS;
    bool ended = false;

    (void)kill(-run->pid, SIGTERM);
    while (!ended && now_ms() < until_ms) {
        struct pollfd item = {.fd = run->pid_fd, .events = POLLIN};

        ended = poll(&item, 1, (int)(until_ms - now_ms())) > 0;
    }
}

/* The group's name is free for others once its leader is reaped; so what is left goes first. */
static int reap(struct run *run)
{
    int status = 0;

    (void)kill(-run->pid, SIGKILL);
    while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

static void live(struct run *run, struct process_end *end)
{
    int64_t until_ms = now_ms() + run->process->time_ms;
    bool ended = false;

    while (!ended && !run->over && now_ms() < until_ms) {
        ended = turn(run, until_ms);
    }
    if (ended) {
        drain(run);
    } else {
        end_group(run);
    }

    int status = reap(run);

    if (run->over) {
        end->how = PROCESS_OVERFLOW;
    } else if (!ended) {
        end->how = PROCESS_OVERTIME;
    } else if (WIFEXITED(status)) {
        end->how = PROCESS_EXITED;
        end->code = WEXITSTATUS(status);
    } else {
        end->how = PROCESS_KILLED;
        end->code = WTERMSIG(status);
    }
}

void process_run(const struct process *process, struct process_end *end)
{
    struct run run = {.process = process,
                      .pid_fd = -1,
                      .input = -1,
                      .output = {.fd = -1},
                      .errors = {.fd = -1}};
    int rc = start(&run);

    *end = (struct process_end){.how = PROCESS_NOT_STARTED, .code = rc};
    if (rc == 0) {
        live(&run, end);
    } else if (run.pid > 0) {
        (void)reap(&run); /* it was started, and cannot be watched */
        end->how = PROCESS_KILLED;
        end->code = SIGKILL;
    }
    close_fd(&run.pid_fd);
    close_fd(&run.input);
    close_fd(&run.output.fd);
    close_fd(&run.errors.fd);
    end->output = run.output.bytes;
    end->errors = run.errors.bytes;
}

void process_end_free(struct process_end *end)
{
    free(end->output);
    free(end->errors);
}
