#include "cli/control.h"

#include "cli/out.h"
#include "cli/words.h"
#include "codec/wire.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

/* An act may take its time: an install proves every procedure. */
enum { ANSWER_MS = 10000, ACT_MS = 60000 };
/* A daemon that is just being started has its doors soon. */
enum { APPEAR_MS = 5000, LOOK_MS = 20 };

static const struct message no_daemon = {
    "control_no_daemon",
    "no daemon answers at {0}. Is it running? Look: systemctl status duband, or start it: "
    "duband "
    "--run DIR --data DIR, or say where it is: --run DIR",
    "{0} 处没有守护进程应答。是否已启动？请查看：systemctl status duband，或启动：duband --run "
    "目录 --data 目录，或指明位置：--run 目录"};
static const struct message closed = {
    "control_closed",
    "you may not use {0}: it belongs to the daemon's own user and group. Run this as one of "
    "them, or be added to the group",
    "无权使用 {0}：它属于守护进程的用户和用户组。请以其身份运行，或加入该用户组"};
static const struct message forbidden = {
    "control_forbidden", "you may not do that: {0}. What each may do stands in access.yaml",
    "不允许此操作：{0}。各自的权限见 access.yaml"};
static const struct message busy = {"control_busy",
                                    "the daemon has too much to do at once: {0}. Nothing was "
                                    "done; try again in a moment",
                                    "守护进程一时过于繁忙：{0}。未作任何处理，请稍后再试"};
static const struct message refused = {"control_refused", "the daemon refuses: {0}",
                                       "守护进程拒绝：{0}"};
static const struct message too_much = {
    "control_too_much",
    "{0} KiB at once is more than the daemon takes, 1024. Divide it: install procedures by "
    "parts, what others build upon first",
    "一次发送 {0} KiB，超过守护进程可接收的 1024 KiB。请分批进行：分批安装程序，被引用的在先"};
static const struct message broken = {"control_broken",
                                      "the daemon at {0} answers in words of another version",
                                      "{0} 处守护进程的应答出自另一版本"};

static void pause_a_little(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
}

enum exit_code control_reach(const struct arguments *arguments, const char *door,
                             char out[CONTROL_ENDPOINT_BYTES])
{
    static const char scheme[] = "ipc://";
    const char *run = argument_value(arguments, "run");

    run = run != NULL ? run : getenv("DUBAN_RUN");
    (void)snprintf(out, CONTROL_ENDPOINT_BYTES, "%s%s/%s.sock", scheme,
                   run != NULL ? run : "/run/duban", door);
    for (int waited_ms = 0; access(out + sizeof(scheme) - 1, R_OK | W_OK) != 0;
         waited_ms += LOOK_MS) {
        if (errno == EACCES) {
            complain_of(&closed, out);
            return EXIT_NOT_ALLOWED;
        }
        if (waited_ms >= APPEAR_MS) {
            complain_of(&no_daemon, out);
            return EXIT_NO_DAEMON;
        }
        pause_a_little();
    }
    return EXIT_DONE;
}

static bool send_request(void *socket, const Duban__V1__Request *request)
{
    size_t size = duban__v1__request__get_packed_size(request);
    uint8_t *frame = malloc(size);
    bool sent = false;

    if (frame != NULL) {
        duban__v1__request__pack(request, frame);
        sent = zmq_send(socket, frame, size, 0) >= 0;
    }
    free(frame);
    return sent;
}

/* NULL: nothing came in time, or it is no reply. */
static Duban__V1__Reply *receive_reply(void *socket, int wait_ms)
{
    zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};
    Duban__V1__Reply *reply = NULL;
    zmq_msg_t message;

    (void)zmq_msg_init(&message);
    if (zmq_poll(&item, 1, wait_ms) > 0 && zmq_msg_recv(&message, socket, ZMQ_DONTWAIT) >= 0) {
        reply = duban__v1__reply__unpack(NULL, zmq_msg_size(&message), zmq_msg_data(&message));
    }
    (void)zmq_msg_close(&message);
    return reply;
}

static enum exit_code complain_of_error(const Duban__V1__Error *error)
{
    const char *words = words_pick(error->en, error->zh);

    if (error->code == DUBAN__V1__ERROR__CODE__FORBIDDEN) {
        complain_of(&forbidden, words);
        return EXIT_NOT_ALLOWED;
    }
    complain_of(error->code == DUBAN__V1__ERROR__CODE__BUSY ? &busy : &refused, words);
    return EXIT_REFUSED;
}

/* Of several parts lists of the same name are joined, and every other key comes once. */
static void join(json_t *answer, json_t *part)
{
    const char *name;
    json_t *value;

    json_object_foreach(part, name, value)
    {
        json_t *known = json_object_get(answer, name);

        if (json_is_array(known) && json_is_array(value)) {
            (void)json_array_extend(known, value);
        } else {
            (void)json_object_set(answer, name, value);
        }
    }
}

void control_complain_silent(const char *endpoint)
{
    complain_of(&no_daemon, endpoint);
}

static enum exit_code read_reply(const Duban__V1__Reply *reply, const char *endpoint,
                                 json_t *answer, bool *more)
{
    json_t *part = NULL;

    if (reply == NULL) {
        control_complain_silent(endpoint);
        return EXIT_NO_DAEMON;
    }
    if (reply->what_case == DUBAN__V1__REPLY__WHAT_ERROR) {
        return complain_of_error(reply->error);
    }
    if (reply->what_case == DUBAN__V1__REPLY__WHAT_ANSWER) {
        part = json_loads(reply->answer->json, 0, NULL);
        *more = reply->answer->more != 0;
    }
    if (!json_is_object(part)) {
        complain(&broken, (const char *[]){endpoint});
        return EXIT_REFUSED;
    }
    join(answer, part);
    json_decref(part);
    return EXIT_DONE;
}

static enum exit_code exchange(void *socket, const char *endpoint,
                               const Duban__V1__Request *request, json_t *answer)
{
    int wait_ms = request->what_case == DUBAN__V1__REQUEST__WHAT_ACT ? ACT_MS : ANSWER_MS;
    enum exit_code code = EXIT_DONE;
    bool more = send_request(socket, request);

    if (!more) {
        return read_reply(NULL, endpoint, answer, &more);
    }
    while (more && code == EXIT_DONE) {
        Duban__V1__Reply *reply = receive_reply(socket, wait_ms);

        more = false;
        code = read_reply(reply, endpoint, answer, &more);
        if (reply != NULL) {
            duban__v1__reply__free_unpacked(reply, NULL);
        }
    }
    return code;
}

static enum exit_code ask_once(const char *endpoint, const Duban__V1__Request *request,
                               json_t *answer)
{
    void *context = zmq_ctx_new();
    void *socket = context == NULL ? NULL : zmq_socket(context, ZMQ_DEALER);
    int now = 0;
    enum exit_code code = EXIT_NO_DAEMON;

    if (socket != NULL && zmq_setsockopt(socket, ZMQ_LINGER, &now, sizeof(now)) == 0 &&
        zmq_connect(socket, endpoint) == 0) {
        code = exchange(socket, endpoint, request, answer);
    }
    if (socket != NULL) {
        (void)zmq_close(socket);
    }
    if (context != NULL) {
        (void)zmq_ctx_term(context);
    }
    return code;
}

/* Said here, for the door only cuts off whoever sends too much. */
static bool is_too_much(const Duban__V1__Request *request)
{
    size_t bytes = duban__v1__request__get_packed_size(request);
    char kib[24];

    if (bytes <= ACT_BYTES_MAX) {
        return false;
    }
    (void)snprintf(kib, sizeof(kib), "%zu", bytes / 1024 + 1);
    complain_of(&too_much, kib);
    return true;
}

enum exit_code control_ask(const struct arguments *arguments, Duban__V1__Request *request,
                           json_t **answer)
{
    char endpoint[CONTROL_ENDPOINT_BYTES];
    enum exit_code code =
        is_too_much(request) ? EXIT_REFUSED : control_reach(arguments, "control", endpoint);
    json_t *whole = json_object();

    *answer = NULL;
    if (code == EXIT_DONE) {
        code = ask_once(endpoint, request, whole);
    }
    if (code == EXIT_DONE) {
        *answer = whole;
    } else {
        json_decref(whole);
    }
    return code;
}

enum exit_code control_query(const struct arguments *arguments, Duban__V1__Query *query,
                             json_t **answer)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;

    request.what_case = DUBAN__V1__REQUEST__WHAT_QUERY;
    request.query = query;
    return control_ask(arguments, &request, answer);
}

/* The login, where nobody is named. */
static const char *login(void)
{
    const struct passwd *entry = getpwuid(geteuid());

    return entry == NULL ? "" : entry->pw_name;
}

void control_who(const struct arguments *arguments, struct control_who *who)
{
    const char *by = argument_value(arguments, "by");

    by = by != NULL ? by : getenv("DUBAN_BY");
    (void)snprintf(who->person, sizeof(who->person), "%s", by != NULL ? by : login());

    char *slash = strchr(who->person, '/');

    who->role = who->person + strlen(who->person);
    if (slash != NULL) {
        *slash = '\0';
        who->role = slash + 1;
    }
}

enum exit_code control_act(const struct arguments *arguments, Duban__V1__Act *act,
                           json_t **answer)
{
    static char none[] = "";
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Actor actor = DUBAN__V1__ACTOR__INIT;
    const char *why = argument_value(arguments, "reason");
    struct control_who who;
    char *reason = strdup(why == NULL ? "" : why);

    control_who(arguments, &who);
    actor.person = who.person;
    actor.role = who.role;
    act->actor = &actor;
    act->reason = reason == NULL ? none : reason;
    request.what_case = DUBAN__V1__REQUEST__WHAT_ACT;
    request.act = act;

    enum exit_code code = control_ask(arguments, &request, answer);

    free(reason);
    return code;
}

enum exit_code control_act_told(const struct arguments *arguments, Duban__V1__Act *act,
                                const char *done, void (*more)(const json_t *answer))
{
    json_t *answer;
    enum exit_code code = control_act(arguments, act, &answer);

    if (code != EXIT_DONE) {
        return code;
    }
    if (out_format() == OUT_JSON) {
        out_json(answer);
        return EXIT_DONE;
    }
    printf("%s%s%" JSON_INTEGER_FORMAT "\n", done, words_pick("  record ", "  记录 "),
           json_integer_value(json_object_get(answer, "seq")));
    if (more != NULL) {
        more(answer);
    }
    json_decref(answer);
    return EXIT_DONE;
}
