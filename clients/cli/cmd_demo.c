#include "cli/asked.h"
#include "cli/commands.h"
#include "cli/control.h"
#include "cli/demo.h"
#include "cli/demo_courier.h"
#include "cli/receipts.h"
#include "cli/said.h"
#include "core/date.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * The real daemon in a folder that is thrown away, with a clock of its own in which a day lasts
 * a second. Times that are printed are those of events and of moments, which are the same each
 * time it is played; when the daemon got to them is not.
 */

enum { PATH_BYTES_MAX = 512, RATE = 86400, RECEIPT_MS = 20000, ARENA_BYTES = 1 << 20 };

static const struct message no_folder = {
    "demo_folder", "cannot make a folder for the demo: {0}", "无法为演示建立目录：{0}"};
static const struct message no_daemon = {"demo_daemon",
                                         "the demo needs duband beside duban: {0}",
                                         "演示需要 duban 旁边的 duband：{0}"};
static const struct message lost = {"demo_lost",
                                    "the demo's daemon does not answer; its log is {0}",
                                    "演示的守护进程没有应答；日志见 {0}"};

struct demo {
    char folder[PATH_BYTES_MAX];
    char program[PATH_BYTES_MAX]; /* duband */
    char data[PATH_BYTES_MAX + 8];
    char run[PATH_BYTES_MAX + 8];
    char log[PATH_BYTES_MAX + 8];
    char clock[96]; /* what its --clock is */
    int64_t from_ms;
    int64_t since_ms;
    pid_t daemon; /* 0: none runs */
    struct demo_courier courier;
    struct duban *events;
    uint64_t shown_seq; /* records up to here were shown */
    const struct arguments *arguments;
};

static int64_t real_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t instant_of(const char *at)
{
    int64_t at_ms = 0;

    (void)instant_parse(text_of(at), SAID_ZONE_MS, &at_ms);
    return at_ms;
}

/* Sleep until the demo's clock shows an instant. */
static void wait_until(const struct demo *demo, int64_t at_ms)
{
    int64_t left_ms = demo->since_ms + (at_ms - demo->from_ms) / RATE + 1 - real_ms();

    if (left_ms > 0) {
        struct timespec nap = {.tv_sec = left_ms / 1000, .tv_nsec = left_ms % 1000 * 1000000};

        (void)nanosleep(&nap, NULL);
    }
}

/* The program beside this one. */
static bool find_daemon(struct demo *demo)
{
    ssize_t size = readlink("/proc/self/exe", demo->program, sizeof(demo->program) - 8);
    char *slash;

    if (size <= 0) {
        complain_of(&no_daemon, strerror(errno));
        return false;
    }
    demo->program[size] = '\0';
    slash = strrchr(demo->program, '/');
    (void)memcpy(slash + 1, "duband", sizeof("duband"));
    if (access(demo->program, X_OK) != 0) {
        complain_of(&no_daemon, demo->program);
        return false;
    }
    return true;
}

static bool make_folder(struct demo *demo)
{
    (void)snprintf(demo->folder, sizeof(demo->folder), "/tmp/duban-demo-XXXXXX");
    if (mkdtemp(demo->folder) == NULL) {
        complain_of(&no_folder, strerror(errno));
        return false;
    }
    (void)snprintf(demo->data, sizeof(demo->data), "%s/data", demo->folder);
    (void)snprintf(demo->run, sizeof(demo->run), "%s/run", demo->folder);
    (void)snprintf(demo->log, sizeof(demo->log), "%s/log", demo->folder);
    demo->courier.folder = demo->folder;
    demo->courier.run = demo->run;
    return mkdir(demo->run, 0700) == 0 && setenv("DUBAN_RUN", demo->run, 1) == 0;
}

/* In the child: the log instead of stderr, and the daemon instead of this. */
_Noreturn static void become_daemon(const struct demo *demo)
{
    int log = open(demo->log, O_WRONLY | O_CREAT | O_APPEND, 0600);

    if (log >= 0) {
        (void)dup2(log, STDERR_FILENO);
    }
    (void)execl(demo->program, demo->program, "--data", demo->data, "--run", demo->run,
                "--clock", demo->clock, (char *)NULL);
    _exit(127);
}

/* Wait until it answers: it may have to install what it carries first. */
static bool is_up(const struct demo *demo)
{
    json_t *answer;
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    Duban__V1__StatusQuery status = DUBAN__V1__STATUS_QUERY__INIT;

    for (int i = 0; i < 1200 && waitpid(demo->daemon, NULL, WNOHANG) == 0; i++) {
        struct timespec nap = {.tv_nsec = 50000000};
        char door[PATH_BYTES_MAX + 32];

        (void)snprintf(door, sizeof(door), "%s/control.sock", demo->run);
        if (access(door, F_OK) == 0) {
            query.what_case = DUBAN__V1__QUERY__WHAT_STATUS;
            query.status = &status;
            if (control_query(demo->arguments, &query, &answer) == EXIT_DONE) {
                json_decref(answer);
                return true;
            }
            return false;
        }
        (void)nanosleep(&nap, NULL);
    }
    return false;
}

static bool start_daemon(struct demo *demo)
{
    demo->daemon = fork();
    if (demo->daemon == 0) {
        become_daemon(demo);
    }
    if (demo->daemon < 0 || !is_up(demo)) {
        complain_of(&lost, demo->log);
        return false;
    }
    return true;
}

static void end_daemon(struct demo *demo, int signal_number)
{
    char door[PATH_BYTES_MAX + 32];

    if (demo->daemon > 0) {
        (void)kill(demo->daemon, signal_number);
        (void)waitpid(demo->daemon, NULL, 0);
        demo->daemon = 0;
    }
    (void)snprintf(door, sizeof(door), "%s/control.sock", demo->run);
    (void)unlink(door); /* so that the next one is waited for */
}

/* Nobody's time is wasted by the installing: the play's clock begins when the daemon is up. */
static bool open_demo(struct demo *demo)
{
    char endpoint[PATH_BYTES_MAX + 32];

    if (!find_daemon(demo) || !make_folder(demo)) {
        return false;
    }
    demo->from_ms = instant_of(DEMO_START) - 30 * DAY_MS;
    demo->since_ms = real_ms();
    (void)snprintf(demo->clock, sizeof(demo->clock), "%lld,%lld,1", (long long)demo->from_ms,
                   (long long)demo->since_ms);
    if (!start_daemon(demo)) {
        return false;
    }
    end_daemon(demo, SIGTERM);
    demo->from_ms = instant_of(DEMO_START);
    demo->since_ms = real_ms() + 1000;
    (void)snprintf(demo->clock, sizeof(demo->clock), "%lld,%lld,%d", (long long)demo->from_ms,
                   (long long)demo->since_ms, RATE);
    (void)snprintf(endpoint, sizeof(endpoint), "ipc://%s/events.sock", demo->run);
    courier_start(&demo->courier, demo->program);
    return start_daemon(demo) && duban_open(&demo->events, endpoint, NULL) == DUBAN_OK;
}

static void close_demo(struct demo *demo, bool good)
{
    duban_close(demo->events);
    courier_end(&demo->courier, SIGTERM);
    end_daemon(demo, SIGTERM);
    if (good && demo->folder[0] != '\0') {
        char remove[PATH_BYTES_MAX + 16];

        (void)snprintf(remove, sizeof(remove), "rm -rf %s", demo->folder);
        (void)!system(remove);
    }
}

static void print_head(const char *at, const struct demo_scene *scene)
{
    printf("\n%.10s %.5s  %s\n", at, at + 11, words_pick(scene->en, scene->zh));
}

static bool play_event(struct demo *demo, const struct demo_scene *scene)
{
    json_t *object = json_loads(scene->event, 0, NULL);
    struct duban_receipt *receipt = NULL;
    struct duban_event event;
    struct said_wrong wrong;
    struct arena arena;
    bool good = false;

    arena_init_growing(&arena, ARENA_BYTES);
    (void)json_object_set_new(object, "at", json_string(scene->at));
    wait_until(demo, instant_of(scene->at));
    print_head(scene->at, scene);
    if (said_read(object, NULL, &arena, &event, &wrong)) {
        good = duban_send(demo->events, &event, RECEIPT_MS, &receipt) == DUBAN_OK;
    }
    if (good) {
        printf("      → %s  %s%s\n", receipt_verdict_words(receipt),
               words_pick("stage: ", "阶段："), receipt->stage);
        receipt_print_reasons(receipt, "        ");
    } else {
        complain_of(&lost, demo->log);
    }
    duban_receipt_free(receipt);
    json_decref(object);
    arena_fini(&arena);
    return good;
}

/* What a moment or an event did, each effect on a line of its own, and whom it told what. */
static void print_effects(struct demo *demo, const json_t *record, const json_t *notices)
{
    const json_t *effects = json_object_get(record, "effects");
    const json_t *event = json_object_get(record, "event");
    const char *at = event == NULL ? asked_text(record, "due") : asked_text(event, "occurred");

    int64_t seq = json_integer_value(json_object_get(record, "seq"));

    for (size_t i = 0; i < json_array_size(effects) && strlen(at) > 16; i++) {
        const json_t *effect = json_array_get(effects, i);

        printf("   %.10s %.5s  %s\n", at, at + 11, asked_text(effect, words_pick("en", "zh")));
        courier_print(&demo->courier, notices, seq, effect);
    }
}

static bool show_new(struct demo *demo, const struct demo_scene *scene)
{
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    Duban__V1__CaseQuery log = DUBAN__V1__CASE_QUERY__INIT;
    char agency[] = DEMO_AGENCY;
    char case_id[] = DEMO_CASE;
    json_t *answer;
    json_t *notices;

    wait_until(demo, instant_of(scene->at));
    print_head(scene->at, scene);
    query.at_least_seq = CONTROL_ALL_THERE_IS;
    query.what_case = DUBAN__V1__QUERY__WHAT_LOG;
    query.log = &log;
    log.agency = agency;
    log.case_id = case_id;
    notices = courier_notices(&demo->courier, demo->arguments, agency, case_id);
    if (notices == NULL || control_query(demo->arguments, &query, &answer) != EXIT_DONE) {
        json_decref(notices);
        return false;
    }

    const json_t *records = json_object_get(answer, "records");

    for (size_t i = 0; i < json_array_size(records); i++) {
        const json_t *record = json_array_get(records, i);
        uint64_t seq = (uint64_t)json_integer_value(json_object_get(record, "seq"));

        if (seq > demo->shown_seq) {
            print_effects(demo, record, notices);
            demo->shown_seq = seq;
        }
    }
    json_decref(notices);
    json_decref(answer);
    return true;
}

static bool play(struct demo *demo, const struct demo_scene *scene)
{
    switch (scene->kind) {
    case DEMO_SAY:
        printf("%s\n", words_pick(scene->en, scene->zh));
        return true;
    case DEMO_EVENT:
        return play_event(demo, scene);
    case DEMO_PASS:
        return show_new(demo, scene);
    case DEMO_KILL:
        break;
    }
    print_head(scene->at, scene);
    courier_end(&demo->courier, SIGKILL);
    end_daemon(demo, SIGKILL);
    courier_start(&demo->courier, demo->program);
    return start_daemon(demo);
}

static const struct message next_steps = {
    "demo_next",
    "\nEverything you saw was the real daemon, durable before it was shown. Try next:\n"
    "  duban procedure graph minor -o svg > minor.svg      the procedure as a picture\n"
    "  duban date --from 2026-02-13T10:00 --length 5wd --explain\n"
    "  duban simulate config/scenarios                     the same as tests, in no time\n"
    "  duband --data DIR --run DIR                         a daemon of your own; duban "
    "--help\n",
    "\n以上均为真实守护进程，先落盘而后显示。接下来可以试试：\n"
    "  duban procedure graph minor -o svg > minor.svg      程序图\n"
    "  duban date --from 2026-02-13T10:00 --length 5wd --explain\n"
    "  duban simulate config/scenarios                     同样的故事作为测试，瞬间演完\n"
    "  duband --data 目录 --run 目录                       自己的守护进程；duban --help\n"};

static enum exit_code run(const struct arguments *arguments)
{
    struct demo demo = {.arguments = arguments};
    bool good = open_demo(&demo);

    for (uint32_t i = 0; i < demo_scene_count && good; i++) {
        good = play(&demo, &demo_scenes[i]);
        (void)fflush(stdout);
    }
    close_demo(&demo, good);
    if (good) {
        words_print(stdout, &next_steps, NULL);
    }
    return good ? EXIT_DONE : EXIT_NO_DAEMON;
}

static const struct option options[] = {CONTROL_RUN_OPTION};
static const char *const usages[] = {"demo", NULL};
static const struct message examples = {"demo_examples",
                                        "  duban demo\n  duban --lang zh demo\n",
                                        "  duban demo\n  duban --lang zh demo\n"};

const struct command command_demo = {
    .name = "demo",
    .en = "see it run, with nothing set up: a case in half a minute, a crash in the middle",
    .zh = "无须任何准备，观看半分钟走完一案，中途断电",
    .usages = usages,
    .examples = &examples,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .run = run,
};
