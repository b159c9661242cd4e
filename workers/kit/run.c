/* A worker's life: it opens what it needs, turns until it is told to stop, and finishes. */
#include "parts.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

enum {
    CREDIT_USUAL = 64,
    NAME_BYTES_MAX = 64,
    PATH_BYTES = 4096,
    EXIT_REPLACED = 3,
    STOP_MS = 10000, /* how long to wait for a daemon's answer then */
    SWEEP_MS = 3600000
};

int64_t steady_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---------------------------------------------------------------- a turn */

static void stop(struct kit *kit)
{
    kit->stopping = true;
    kit->stop_ms = steady_ms();
    hands_give_up(kit);
    /* Hello names what it keeps: the rest is free for others at once. */
    kit->welcomed = false;
    kit->hello_ms = 0;
    log_info("worker.stopping in_hand=%" PRIu32, kit->count);
}

/* False: told twice, so without waiting for anything. */
static bool take_signals(struct kit *kit)
{
    struct signalfd_siginfo info;

    while (read(kit->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (kit->stopping) {
            hands_call_off(kit);
            return false;
        }
        stop(kit);
    }
    return true;
}

static bool is_sending(const struct kit *kit)
{
    for (const struct hand *hand = kit->hands; hand != NULL; hand = hand->next) {
        if (hand->state == HAND_SENDING || hand->state == HAND_SENT) {
            return true;
        }
    }
    return false;
}

/* Whether all is said and answered that will be. What is in the ledger is told by the next
 * life; so a daemon that does not answer is not waited for long. */
static bool is_over(const struct kit *kit)
{
    bool given_up = steady_ms() - kit->stop_ms >= STOP_MS;

    return kit->stopping && !is_sending(kit) && (kit->count == 0 || given_up || kit->replaced);
}

static void sweep(struct kit *kit)
{
    int64_t now_ms = steady_ms();

    if (kit->sweep_ms == 0 || now_ms - kit->sweep_ms >= SWEEP_MS) {
        kit->sweep_ms = ledger_sweep(kit->ledger, clock_wall_ms()) ? 0 : now_ms;
    }
}

static void wait_for_news(struct kit *kit)
{
    zmq_pollitem_t items[] = {
        {.socket = kit->socket, .events = ZMQ_POLLIN},
        {.socket = kit->monitor, .events = ZMQ_POLLIN},
        {.fd = kit->signal_fd, .events = ZMQ_POLLIN},
        {.fd = kit->senders.event_fd, .events = ZMQ_POLLIN},
    };

    (void)zmq_poll(items, sizeof(items) / sizeof(items[0]), talk_pause_ms(kit));
}

static void live(struct kit *kit)
{
    while (take_signals(kit) && !is_over(kit)) {
        if (link_watch(kit)) {
            log_warn("worker.lost in_hand=%" PRIu32 " reason=\"the connection is gone\"",
                     kit->count);
            kit->pause_ms = 0;
            talk_lost(kit);
        }
        talk_hear(kit);
        hands_begin(kit);
        hands_gather(kit);
        talk_say(kit);
        sweep(kit);
        if ((kit->failed || kit->replaced) && !kit->stopping) {
            stop(kit);
        }
        wait_for_news(kit);
    }
}

/* ---------------------------------------------------------------- opening */

/* The ledger's folder, below what systemd gave or in the home folder. */
static bool find_ledger(const struct worker *worker, char *path, size_t size)
{
    const char *state = getenv("STATE_DIRECTORY");
    const char *home = getenv("HOME");
    int written;

    if (worker->ledger != NULL) {
        written = snprintf(path, size, "%s", worker->ledger);
        return written > 0 && (size_t)written < size;
    }
    if (state != NULL) {
        written = snprintf(path, size, "%s/%s", state, worker->name);
    } else if (home != NULL) {
        written = snprintf(path, size, "%s/.local/state/duban/%s", home, worker->name);
    } else {
        return false;
    }
    return written > 0 && (size_t)written < size;
}

static const char *find_door(const struct worker *worker, char *room, size_t size)
{
    const char *run = getenv("DUBAN_RUN");

    (void)snprintf(room, size, "ipc://%s/work.sock", run == NULL ? "/run/duban" : run);
    return worker->door == NULL ? room : worker->door;
}

/* As the daemon takes it. */
static bool is_name(const char *name)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-@";
    size_t size = name == NULL ? 0 : strlen(name);

    return size > 0 && size <= NAME_BYTES_MAX && strspn(name, plain) == size;
}

static bool is_complete(const struct worker *worker)
{
    const char *wrong = NULL;

    if (!is_name(worker->name)) {
        wrong = "a name is wanted: 1 to 64 of A-Z a-z 0-9 . _ - @";
    } else if (worker->channels[0] == NULL) {
        wrong = "at least one channel is wanted";
    } else if (worker->send == NULL) {
        wrong = "a function that sends is wanted";
    } else if (worker->credit > CREDIT_MAX) {
        wrong = "a credit of at most 1024 is wanted";
    } else if (worker->threads > WORKER_THREADS_MAX) {
        wrong = "at most 64 threads are wanted";
    }
    if (wrong != NULL) {
        log_error("worker.refused reason=\"%s\"", wrong);
    }
    return wrong == NULL;
}

/* Signals come by a descriptor, to the loop alone. */
static bool open_signals(struct kit *kit)
{
    sigset_t set;

    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN); /* a write that fails is told by the write */
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0) {
        return false;
    }
    kit->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return kit->signal_fd >= 0;
}

static bool open_all(struct kit *kit)
{
    char ledger[PATH_BYTES];
    char room[PATH_BYTES];
    const char *door = find_door(kit->worker, room, sizeof(room));

    if (!find_ledger(kit->worker, ledger, sizeof(ledger))) {
        log_error("worker.refused reason=\"there is no place for a ledger\" do=\"--ledger\"");
        return false;
    }
    if (ledger_open(&kit->ledger, ledger) != STATUS_OK || !hands_recall(kit)) {
        return false;
    }
    if (!open_signals(kit) || !senders_open(&kit->senders, kit->worker, kit->threads)) {
        log_error("worker.failed reason=\"%s\"", strerror(errno));
        return false;
    }
    if (!link_open(kit, door)) {
        return false;
    }
    log_info("worker.ready name=%s door=\"%s\" ledger=\"%s\" untold=%" PRIu32,
             kit->worker->name, door, ledger, kit->count);
    return true;
}

static void say_bye(struct kit *kit)
{
    int wait_ms = 1000;

    (void)zmq_setsockopt(kit->socket, ZMQ_LINGER, &wait_ms, sizeof(wait_ms));
    (void)link_say(kit, frame_bye());
}

/* A sender may still be in send; it finishes first, for it uses what the worker then closes. */
static void close_all(struct kit *kit)
{
    senders_end(&kit->senders);
    if (kit->ledger != NULL) {
        hands_gather(kit);
        kit->failed = ledger_flush(kit->ledger) != STATUS_OK || kit->failed;
    }
    while (kit->hands != NULL) {
        hands_drop(kit, kit->hands);
    }
    senders_close(&kit->senders);
    link_close(kit);
    ledger_close(kit->ledger);
    if (kit->signal_fd >= 0) {
        (void)close(kit->signal_fd);
    }
}

int worker_run(const struct worker *worker)
{
    struct kit kit = {
        .worker = worker,
        .credit = worker->credit == 0 ? CREDIT_USUAL : worker->credit,
        .threads = worker->threads == 0 ? 1 : worker->threads,
        .signal_fd = -1,
        .senders = SENDERS_INIT,
        .hello_number = NUMBER_HELLO,
        .clock = {.rate = 1},
    };
    bool opened;

    kit.end = &kit.hands;
    if (!is_complete(worker)) {
        return 2;
    }
    (void)snprintf(kit.version, sizeof(kit.version), "%s",
                   worker->version == NULL ? "libduban-worker " DUBAN_VERSION
                                           : worker->version);
    opened = open_all(&kit);
    if (opened) {
        live(&kit);
        say_bye(&kit);
    }
    close_all(&kit);
    if (opened) {
        log_info("worker.ended done=%" PRIu64 " failed=%" PRIu64 " unknown=%" PRIu64,
                 kit.outcomes[WORKER_DONE],
                 kit.outcomes[WORKER_NEVER] + kit.outcomes[WORKER_LATER] +
                     kit.outcomes[WORKER_THROTTLED],
                 kit.outcomes[WORKER_UNKNOWN]);
    }
    return !opened || kit.failed ? 1 : kit.replaced ? EXIT_REPLACED : 0;
}
