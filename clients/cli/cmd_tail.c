/* duban tail: the journal as it grows. Every record is checked to be the next in the chain. */
#include "cli/asked.h"
#include "cli/commands.h"
#include "cli/out.h"
#include "cli/record.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum {
    CREDIT = 512,
    SILENT_MS = 5000, /* after so long it is asked again: the daemon may be another one */
    HASH_BYTES = 32
};

static const struct option options[] = {
    {.name = "from",
     .value = "SEQ",
     .en = "from this record on; 1: from the first",
     .zh = "从该记录起；1 为第一条"},
    {.name = "case",
     .value = "CASE",
     .en = "only this case's records; also AGENCY/CASE",
     .zh = "仅该案件的记录；也可写 机构/案号"},
    {.name = "agency", .value = "AGENCY", .en = "only this agency's", .zh = "仅该机构的记录"},
    {.name = "once", .en = "end with the last there is now", .zh = "到当前最后一条即止"},
    CONTROL_RUN_OPTION,
};

static const struct message bad_from = {"tail_from",
                                        "--from wants the number of a record, not `{0}`",
                                        "--from 应为记录号，而非“{0}”"};
static const struct message refused = {"tail_refused", "the daemon refuses: {0}",
                                       "守护进程拒绝：{0}"};
static const struct message unjoined = {
    "tail_chain",
    "record {0} does not join the one before it: the journal was changed, or this is another "
    "store. Look: duban audit verify",
    "第 {0} 号记录与前一条不相衔接：日志被改动，或这是另一存储。请查看：duban audit verify"};
static const struct message no_socket = {"tail_socket", "cannot speak to {0}", "无法连接 {0}"};

struct tail {
    void *context; /* owned */
    void *socket;  /* owned */
    char agency[ASKED_NAME_BYTES];
    char case_id[ASKED_NAME_BYTES];
    uint64_t number; /* of the Follow in force */
    uint64_t next;   /* the record that comes next */
    uint64_t last;   /* what there was when it was asked */
    bool once;       /* … and there it ends */
    uint32_t unpaid;
    bool joined; /* `hash` is that of the record before the next */
    uint8_t hash[HASH_BYTES];
};

static bool send_request(const struct tail *tail, Duban__V1__Request *request)
{
    uint8_t frame[3 * ASKED_NAME_BYTES];

    request->number = tail->number;
    return zmq_send(tail->socket, frame, duban__v1__request__pack(request, frame), 0) >= 0;
}

static bool follow(struct tail *tail)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Follow wish = DUBAN__V1__FOLLOW__INIT;

    wish.from_seq = tail->next;
    wish.agency = tail->agency;
    wish.case_id = tail->case_id;
    wish.credit = CREDIT;
    request.what_case = DUBAN__V1__REQUEST__WHAT_FOLLOW;
    request.follow = &wish;
    tail->number++;
    tail->unpaid = 0;
    return send_request(tail, &request);
}

static void pay(struct tail *tail)
{
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Credit credit = DUBAN__V1__CREDIT__INIT;

    if (++tail->unpaid < CREDIT / 2) {
        return;
    }
    credit.records = tail->unpaid;
    request.what_case = DUBAN__V1__REQUEST__WHAT_CREDIT;
    request.credit = &credit;
    (void)send_request(tail,
                       &request); /* what is not sent is asked for again when it is silent */
    tail->unpaid = 0;
}

/* docs/reference/follow.md: number, hash before, digest. */
static bool joins(const struct tail *tail, const Duban__V1__Record *record)
{
    uint8_t link[8 + 2 * HASH_BYTES];
    uint8_t hash[HASH_BYTES];

    if (record->seq != tail->next || record->hash.len != HASH_BYTES ||
        record->digest.len != HASH_BYTES) {
        return false;
    }
    for (int i = 0; i < 8; i++) {
        link[i] = (uint8_t)(record->seq >> (8 * i));
    }
    memcpy(link + 8, tail->hash, HASH_BYTES);
    memcpy(link + 8 + HASH_BYTES, record->digest.data, HASH_BYTES);
    return !tail->joined ||
           (crypto_generichash(hash, HASH_BYTES, link, sizeof(link), NULL, 0) == 0 &&
            memcmp(hash, record->hash.data, HASH_BYTES) == 0);
}

static void show(const Duban__V1__Record *record)
{
    json_t *words = record->json[0] == '\0' ? NULL : json_loads(record->json, 0, NULL);

    if (words == NULL) {
        return; /* the filter hides it */
    }
    if (out_format() == OUT_JSON) {
        out_json(words);
    } else {
        record_print(words, true);
        json_decref(words);
    }
    (void)fflush(stdout);
}

static enum exit_code take_record(struct tail *tail, const Duban__V1__Record *record)
{
    char seq[24];

    if (!joins(tail, record)) {
        (void)snprintf(seq, sizeof(seq), "%llu", (unsigned long long)record->seq);
        complain_of(&unjoined, seq);
        return EXIT_REFUSED;
    }
    show(record);
    memcpy(tail->hash, record->hash.data, HASH_BYTES);
    tail->joined = true;
    tail->next = record->seq + 1;
    pay(tail);
    return EXIT_DONE;
}

/* The only Reply that a Follow gets is an error. */
static enum exit_code take_error(const uint8_t *bytes, size_t size)
{
    Duban__V1__Reply *reply = duban__v1__reply__unpack(NULL, size, bytes);
    enum exit_code code = EXIT_DONE;

    if (reply != NULL && reply->what_case == DUBAN__V1__REPLY__WHAT_ERROR) {
        complain_of(&refused, words_pick(reply->error->en, reply->error->zh));
        code = EXIT_REFUSED;
    }
    if (reply != NULL) {
        duban__v1__reply__free_unpacked(reply, NULL);
    }
    return code;
}

static enum exit_code take_push(struct tail *tail, const uint8_t *bytes, size_t size)
{
    Duban__V1__Push *push = duban__v1__push__unpack(NULL, size, bytes);
    enum exit_code code = EXIT_DONE;

    if (push != NULL && push->number == tail->number) {
        if (push->what_case == DUBAN__V1__PUSH__WHAT_RECORD) {
            code = take_record(tail, push->record);
        } else if (push->what_case == DUBAN__V1__PUSH__WHAT_GAP) {
            (void)follow(tail); /* from where it is */
        } else {
            code = take_error(bytes, size);
        }
    }
    if (push != NULL) {
        duban__v1__push__free_unpacked(push, NULL);
    }
    return code;
}

/* Records until there are no more wanted. A silent daemon is waited for, but with --once. */
static enum exit_code watch(struct tail *tail, const char *endpoint)
{
    enum exit_code code = EXIT_DONE;
    bool sent = follow(tail);

    while (sent && code == EXIT_DONE && (!tail->once || tail->next <= tail->last)) {
        zmq_pollitem_t item = {.socket = tail->socket, .events = ZMQ_POLLIN};
        zmq_msg_t message;

        (void)zmq_msg_init(&message);
        if (zmq_poll(&item, 1, SILENT_MS) <= 0) {
            sent = !tail->once && follow(tail);
        } else if (zmq_msg_recv(&message, tail->socket, ZMQ_DONTWAIT) >= 0) {
            code = take_push(tail, zmq_msg_data(&message), zmq_msg_size(&message));
        }
        (void)zmq_msg_close(&message);
        if (ferror(stdout)) {
            return EXIT_REFUSED; /* nobody reads any more */
        }
    }
    if (!sent) {
        control_complain_silent(endpoint);
    }
    return sent ? code : EXIT_NO_DAEMON;
}

/* Which records: --from, else those that come. */
static enum exit_code find_place(const struct arguments *arguments, struct tail *tail)
{
    const char *from = argument_value(arguments, "from");
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    Duban__V1__StatusQuery status = DUBAN__V1__STATUS_QUERY__INIT;
    json_t *answer;
    int64_t seq = 0;

    if (from != NULL && (!text_to_integer(text_of(from), &seq) || seq < 1)) {
        return command_misused(arguments, &bad_from, (const char *[]){from});
    }
    query.what_case = DUBAN__V1__QUERY__WHAT_STATUS;
    query.status = &status;

    enum exit_code code = control_query(arguments, &query, &answer);

    if (code != EXIT_DONE) {
        return code;
    }
    tail->last = (uint64_t)json_integer_value(json_object_get(answer, "seq"));
    tail->next = from == NULL ? tail->last + 1 : (uint64_t)seq;
    tail->joined = tail->next == 1;
    tail->once = argument_given(arguments, "once");
    json_decref(answer);
    return EXIT_DONE;
}

static void read_filter(const struct arguments *arguments, struct tail *tail)
{
    const char *agency = argument_value(arguments, "agency");
    const char *case_id = argument_value(arguments, "case");
    const char *slash = case_id == NULL ? NULL : strchr(case_id, '/');

    (void)snprintf(tail->agency, sizeof(tail->agency), "%s", agency == NULL ? "" : agency);
    if (slash != NULL) {
        (void)snprintf(tail->agency, sizeof(tail->agency), "%.*s", (int)(slash - case_id),
                       case_id);
        case_id = slash + 1;
    }
    (void)snprintf(tail->case_id, sizeof(tail->case_id), "%s", case_id == NULL ? "" : case_id);
}

static enum exit_code run(const struct arguments *arguments)
{
    char endpoint[CONTROL_ENDPOINT_BYTES];
    struct tail tail = {.number = 0};
    int now = 0;

    read_filter(arguments, &tail);

    enum exit_code code = find_place(arguments, &tail);

    if (code == EXIT_DONE) {
        code = control_reach(arguments, "control", endpoint);
    }
    if (code != EXIT_DONE || (tail.once && tail.next > tail.last)) {
        return code;
    }
    tail.context = zmq_ctx_new();
    tail.socket = tail.context == NULL ? NULL : zmq_socket(tail.context, ZMQ_DEALER);
    if (tail.socket == NULL ||
        zmq_setsockopt(tail.socket, ZMQ_LINGER, &now, sizeof(now)) != 0 ||
        zmq_connect(tail.socket, endpoint) != 0) {
        complain_of(&no_socket, endpoint);
        code = EXIT_NO_DAEMON;
    } else {
        code = watch(&tail, endpoint);
    }
    if (tail.socket != NULL) {
        (void)zmq_close(tail.socket);
    }
    if (tail.context != NULL) {
        (void)zmq_ctx_term(tail.context);
    }
    return code;
}

static const char *const usages[] = {
    "tail [--from SEQ] [--case CASE] [--agency AGENCY] [--once] [-o json]", NULL};
static const struct message examples = {
    "tail_examples",
    "  duban tail\n"
    "  duban tail --from 1 --case gulou/K-2026-0117 --once\n"
    "  duban tail --from 1 -o json | jq .event.type\n",
    "  duban tail\n"
    "  duban tail --from 1 --case gulou/K-2026-0117 --once\n"
    "  duban tail --from 1 -o json | jq .event.type\n"};

const struct command command_tail = {
    .name = "tail",
    .en = "watch it happen: records as they come, or from one on; the chain is checked",
    .zh = "实时查看：逐条显示新记录，或自某条起；并校验衔接",
    .usages = usages,
    .examples = &examples,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .run = run,
};
