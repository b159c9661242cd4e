/* Following the journal: records in order, credit given back, begun anew where it broke off. */
#include "parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum { CREDIT = 256, HASH_BYTES = 32, TAG_ERROR = 5 << 3 | 2 };

/* A record with what it points at, in one block. */
struct followed {
    struct followed *next;
    struct duban_record record;
};

static char *keep(const char *text)
{
    return strdup(text == NULL ? "" : text);
}

/* protobuf-c takes a mutable text that it only reads. */
static bool send_request(struct duban *duban, Duban__V1__Request *request)
{
    size_t size = duban__v1__request__get_packed_size(request);
    uint8_t *frame = malloc(size + 1);
    int rc = -1;

    if (frame == NULL) {
        return false;
    }
    duban__v1__request__pack(request, frame);
    do {
        rc = zmq_send(duban->socket, frame, size, ZMQ_DONTWAIT);
    } while (rc < 0 && errno == EINTR);
    free(frame);
    return rc >= 0;
}

void follow_send(struct duban *duban, bool lost)
{
    struct follow *follow = &duban->follow;
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Follow wish = DUBAN__V1__FOLLOW__INIT;

    follow->sent = follow->sent && !lost;
    if (!follow_waits(duban)) {
        return;
    }
    wish.from_seq = follow->next_seq;
    wish.agency = follow->agency;
    wish.case_id = follow->case_id;
    wish.credit = follow->credit;
    request.number = follow->number;
    request.what_case = DUBAN__V1__REQUEST__WHAT_FOLLOW;
    request.follow = &wish;
    follow->sent = send_request(duban, &request);
    follow->taken = 0;
}

/* Half of the credit was used: as much more is asked for. */
static void give_credit(struct duban *duban)
{
    struct follow *follow = &duban->follow;
    Duban__V1__Request request = DUBAN__V1__REQUEST__INIT;
    Duban__V1__Credit credit = DUBAN__V1__CREDIT__INIT;

    if (++follow->taken < (follow->credit + 1) / 2 || !follow->sent) {
        return;
    }
    credit.records = follow->taken;
    request.number = follow->number;
    request.what_case = DUBAN__V1__REQUEST__WHAT_CREDIT;
    request.credit = &credit;
    if (send_request(duban, &request)) {
        follow->taken = 0;
    }
}

static void copy_hash(const ProtobufCBinaryData *from, uint8_t to[HASH_BYTES])
{
    if (from->len == HASH_BYTES) {
        memcpy(to, from->data, HASH_BYTES);
    }
}

static void take_record(struct follow *follow, const Duban__V1__Record *record)
{
    size_t size = strlen(record->json) + 1;
    struct followed *followed = calloc(1, sizeof(*followed) + size);

    if (followed == NULL || (follow->next_seq != 0 && record->seq != follow->next_seq)) {
        free(followed);
        follow->sent = false; /* begun anew, from where it still joins */
        return;
    }
    memcpy(followed + 1, record->json, size);
    followed->record.seq = record->seq;
    followed->record.json = (const char *)(followed + 1);
    copy_hash(&record->hash, followed->record.hash);
    copy_hash(&record->digest, followed->record.digest);
    *follow->end = followed;
    follow->end = &followed->next;
    follow->next_seq = record->seq + 1;
}

/* It was refused, in these words. */
static void take_error(struct follow *follow, const uint8_t *frame, size_t size)
{
    Duban__V1__Reply *reply = duban__v1__reply__unpack(NULL, size, frame);

    if (reply != NULL && reply->what_case == DUBAN__V1__REPLY__WHAT_ERROR) {
        follow->result = reply->error->code == DUBAN__V1__ERROR__CODE__FORBIDDEN
                             ? DUBAN_FORBIDDEN
                             : DUBAN_REFUSED;
        free(follow->words[0]);
        free(follow->words[1]);
        follow->words[0] = keep(reply->error->en);
        follow->words[1] = keep(reply->error->zh);
    }
    duban__v1__reply__free_unpacked(reply, NULL);
}

static void take_push(struct follow *follow, const uint8_t *frame, size_t size)
{
    Duban__V1__Push *push = duban__v1__push__unpack(NULL, size, frame);

    if (push != NULL && push->what_case == DUBAN__V1__PUSH__WHAT_RECORD) {
        take_record(follow, push->record);
    } else if (push != NULL && push->what_case == DUBAN__V1__PUSH__WHAT_GAP) {
        follow->sent = false; /* too slow: it goes on from what came last */
    }
    duban__v1__push__free_unpacked(push, NULL);
}

/* What bears the number of the Follow: an error where it was refused, else a Push. */
bool follow_take(struct duban *duban, uint64_t number, const uint8_t *frame, size_t size)
{
    struct follow *follow = &duban->follow;
    size_t at = 1;

    if (number == 0 || number != follow->number) {
        return false;
    }
    while (at < size && (frame[at] & 0x80) != 0) {
        at++;
    }
    if (at + 1 < size && frame[at + 1] == TAG_ERROR) {
        take_error(follow, frame, size);
    } else {
        take_push(follow, frame, size);
    }
    return true;
}

bool follow_has(const struct duban *duban)
{
    return duban->follow.first != NULL || duban->follow.result != DUBAN_OK;
}

bool follow_waits(const struct duban *duban)
{
    const struct follow *follow = &duban->follow;

    return follow->number != 0 && !follow->sent && follow->result == DUBAN_OK;
}

void follow_end(struct duban *duban)
{
    struct follow *follow = &duban->follow;

    while (follow->first != NULL) {
        struct followed *next = follow->first->next;

        free(follow->first);
        follow->first = next;
    }
    free(follow->agency);
    free(follow->case_id);
    free(follow->words[0]);
    free(follow->words[1]);
    *follow = (struct follow){0};
}

enum duban_result follow_begin(struct duban *duban, const struct duban_wish *wish)
{
    struct follow *follow = &duban->follow;

    follow_end(duban);
    follow->agency = keep(wish->agency);
    follow->case_id = keep(wish->case_id);
    follow->next_seq = wish->from_seq;
    follow->credit = wish->credit == 0 ? CREDIT : wish->credit;
    follow->end = &follow->first;
    if (follow->agency == NULL || follow->case_id == NULL) {
        return fail(DUBAN_NO_MEMORY, "out of memory", "内存不足");
    }
    follow->number = duban->next++;
    return DUBAN_OK;
}

enum duban_result follow_next(struct duban *duban, struct duban_record **record)
{
    struct follow *follow = &duban->follow;
    struct followed *first = follow->first;

    if (first == NULL) {
        return fail(follow->result, follow->words[0] == NULL ? "" : follow->words[0],
                    follow->words[1] == NULL ? "" : follow->words[1]);
    }
    follow->first = first->next;
    if (follow->first == NULL) {
        follow->end = &follow->first;
    }
    first->next = NULL;
    *record = &first->record;
    give_credit(duban);
    return DUBAN_OK;
}

void duban_record_free(struct duban_record *record)
{
    if (record != NULL) {
        free((char *)record - offsetof(struct followed, record));
    }
}
