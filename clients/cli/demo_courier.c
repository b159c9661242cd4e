#include "cli/demo_courier.h"

#include "cli/asked.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 640, PATIENCE = 100, NAP_MS = 50 };

/* In the child: the log instead of stderr, and duban-exec instead of this. */
_Noreturn static void become_courier(const struct demo_courier *courier, const char *program)
{
    char path[PATH_BYTES];
    char door[PATH_BYTES];
    char ledger[PATH_BYTES];
    int log;

    (void)snprintf(path, sizeof(path), "%s/log", courier->folder);
    log = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (log >= 0) {
        (void)dup2(log, STDERR_FILENO);
    }
    (void)snprintf(path, sizeof(path), "%s/exec.yaml", courier->folder);
    (void)snprintf(door, sizeof(door), "ipc://%s/work.sock", courier->run);
    (void)snprintf(ledger, sizeof(ledger), "%s/ledger", courier->folder);
    (void)execl(program, program, "--config", path, "--door", door, "--ledger", ledger,
                (char *)NULL);
    _exit(127);
}

static bool write_settings(const struct demo_courier *courier)
{
    char path[PATH_BYTES];
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/exec.yaml", courier->folder);
    file = fopen(path, "we");
    return file != NULL &&
           fputs("name: courier\nchannels: [sms, mail]\nrun: [/bin/true]\n", file) >= 0 &&
           fclose(file) == 0;
}

void courier_start(struct demo_courier *courier, const char *daemon)
{
    const char *slash = strrchr(daemon, '/');
    char program[PATH_BYTES];

    (void)snprintf(program, sizeof(program), "%.*s/duban-exec", (int)(slash - daemon), daemon);
    if (access(program, X_OK) != 0 || !write_settings(courier)) {
        return;
    }
    courier->pid = fork();
    if (courier->pid == 0) {
        become_courier(courier, program);
    }
    courier->pid = courier->pid > 0 ? courier->pid : 0;
}

void courier_end(struct demo_courier *courier, int signal_number)
{
    if (courier->pid > 0) {
        (void)kill(courier->pid, signal_number);
        (void)waitpid(courier->pid, NULL, 0);
        courier->pid = 0;
    }
}

/* Whether a notice is neither sent nor given up yet. */
static bool is_on_its_way(const json_t *notice)
{
    static const char *const states[] = {"waiting", "ready", "leased", "begun"};
    const char *state = asked_text(notice, "state");
    bool found = false;

    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        found = found || strcmp(state, states[i]) == 0;
    }
    return found;
}

static bool some_are_on_their_way(const json_t *answer)
{
    const json_t *notices = json_object_get(answer, "notices");
    bool found = false;

    for (size_t i = 0; i < json_array_size(notices); i++) {
        found = found || is_on_its_way(json_array_get(notices, i));
    }
    return found;
}

json_t *courier_notices(const struct demo_courier *courier, const struct arguments *arguments,
                        char *agency, char *case_id)
{
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    Duban__V1__NoticesQuery notices = DUBAN__V1__NOTICES_QUERY__INIT;
    json_t *answer = NULL;

    notices.agency = agency;
    notices.case_id = case_id;
    notices.words = true;
    query.at_least_seq = CONTROL_ALL_THERE_IS;
    query.what_case = DUBAN__V1__QUERY__WHAT_NOTICES;
    query.notices = &notices;
    for (int i = 0; i < PATIENCE; i++) {
        struct timespec nap = {.tv_nsec = NAP_MS * 1000000L};

        if (control_query(arguments, &query, &answer) != EXIT_DONE) {
            return NULL;
        }
        if (courier->pid == 0 || !some_are_on_their_way(answer)) {
            return answer;
        }
        json_decref(answer);
        answer = NULL;
        (void)nanosleep(&nap, NULL);
    }
    return control_query(arguments, &query, &answer) == EXIT_DONE ? answer : NULL;
}

static bool is_of(const json_t *notice, int64_t seq, const json_t *effect)
{
    return json_integer_value(json_object_get(notice, "seq")) == seq &&
           strcmp(asked_text(notice, "clock"), asked_text(effect, "clock")) == 0 &&
           strcmp(asked_text(notice, "entry"), asked_text(effect, "entry")) == 0 &&
           strcmp(asked_text(notice, "role"), asked_text(effect, "role")) == 0;
}

/* A message of several notices is shown once. */
static bool was_shown(struct demo_courier *courier, int64_t job)
{
    for (uint32_t i = 0; i < courier->shown_count; i++) {
        if (courier->shown[i] == job) {
            return true;
        }
    }
    if (courier->shown_count < sizeof(courier->shown) / sizeof(courier->shown[0])) {
        courier->shown[courier->shown_count++] = job;
    }
    return false;
}

void courier_print(struct demo_courier *courier, const json_t *notices, int64_t seq,
                   const json_t *effect)
{
    const json_t *list = json_object_get(notices, "notices");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *notice = json_array_get(list, i);
        const json_t *words = json_object_get(notice, "words");
        int64_t job = json_integer_value(json_object_get(notice, "job"));

        if (words != NULL && is_of(notice, seq, effect) && !was_shown(courier, job)) {
            printf("        %s  %s\n", asked_text(notice, "name"), asked_text(words, "brief"));
        }
    }
}
