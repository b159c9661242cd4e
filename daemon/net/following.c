#include "net/following.h"

#include "base/clock.h"
#include "base/must.h"
#include "codec/wire_push.h"
#include "engine/answer.h"

#include <stdlib.h>
#include <string.h>

#define REQUEST_BYTES ((size_t)64 * 1024)
#define SLICE_BYTES   ((size_t)32 << 20)

static const struct message following_busy = {
    "followers", "too many follow the journal already; try again later",
    "跟随日志者已满，请稍后再试"};
static const struct message following_early = {
    "no_record_yet", "the journal has not come to that record yet", "日志尚未到达该记录"};

_Static_assert(FOLLOW_UNREAD_MAX + FOLLOW_SLICE < 1024, "what is under way leaves room at the "
                                                        "door for a reply and a Gap");

/* A push on its way: ZeroMQ gives it back when the peer's connection has taken it, or died. */
struct push_block {
    struct follower *follower;
    uint64_t seq;
    size_t size;
    uint8_t bytes[];
};

enum status following_open(struct following *following, uv_loop_t *loop, struct door *door,
                           struct writer *writer, const struct reading_source *from)
{
    *following = (struct following){
        .loop = loop,
        .door = door,
        .writer = writer,
        .journal = from->journal,
    };
    for (uint32_t i = 0; i < FOLLOWERS_MAX; i++) {
        following->followers[i].following = following;
    }
    (void)uv_timer_init(loop, &following->look);
    following->look.data = following;
    return snapshots_open(&following->snapshots, from->store, FOLLOWERS_RUNNING_MAX);
}

static void drop_blocks(struct follower *follower, uint32_t from)
{
    for (uint32_t i = from; i < follower->block_count; i++) {
        free(follower->blocks[i]);
    }
    follower->block_count = 0;
}

/* It is followed no more. */
static void forget(struct follower *follower)
{
    if (follower->state == FOLLOWER_NONE) {
        return;
    }
    (void)zmq_msg_close(&follower->route);
    follower->state = FOLLOWER_NONE;
    follower->leaves = false;
    follower->still = false;
}

void following_close(struct following *following)
{
    for (uint32_t i = 0; i < FOLLOWERS_MAX; i++) {
        MUST(following->followers[i].state != FOLLOWER_RUNS);
        forget(&following->followers[i]);
        journal_reader_close(following->followers[i].reader);
        following->followers[i].reader = NULL;
    }
    snapshots_close(following->snapshots);
    following->snapshots = NULL;
}

void following_stop(struct following *following)
{
    following->stopped = true;
}

/* ---- on a pool thread */

static bool matches(const char *wish, size_t size, struct text text)
{
    return size == 0 || text_equal((struct text){.bytes = wish, .size = size}, text);
}

/* Whose record it is, where it is a case's. STATUS_NOT_FOUND: the snapshot does not know the
 * case yet. */
static enum status find_names(struct slice *slice, uint64_t reached, struct account *account)
{
    const struct record *record = account->record;
    struct found_case found = {0};

    if (account->submission != NULL) {
        account->agency = account->submission->agency;
        account->case_id = account->submission->case_id;
        return STATUS_OK;
    }
    if (record->number == 0) {
        return STATUS_OK;
    }

    enum status status = answer_take_case(slice, record->number, &found);

    if (status == STATUS_OK) {
        account->agency = found.state.agency;
        account->case_id = found.state.id;
    }
    return status == STATUS_MALFORMED && account->seq > reached ? STATUS_NOT_FOUND : status;
}

/* The record's words; empty where the follower is not to see them. */
static struct text tell(const struct follower *follower, struct slice *slice,
                        const struct account *account, char *room)
{
    struct json json;

    if (!matches(follower->agency, follower->agency_size, account->agency) ||
        !matches(follower->case_id, follower->case_size, account->case_id)) {
        return (struct text){0};
    }
    json_begin(&json, room, ANSWER_BYTES_MAX - 1);
    account_tell(account, slice->arena, &json);
    if (json.full) {
        json_begin(&json, room, ANSWER_BYTES_MAX - 1);
        json_open(&json, NULL);
        json_put_number(&json, "seq", (int64_t)account->seq);
        json_put_flag(&json, "too_large", true);
        json_close(&json);
    }

    struct text words = json_end(&json);

    room[words.size] = '\0';
    return words;
}

static enum status add_block(struct follower *follower, const struct wire_record *record)
{
    size_t size = wire_record_bytes(follower->number, record);
    struct push_block *block = malloc(sizeof(*block) + size);

    if (block == NULL) {
        return STATUS_NO_MEMORY;
    }
    block->follower = follower;
    block->seq = record->seq;
    block->size = size;
    wire_encode_record(follower->number, record, block->bytes);
    follower->blocks[follower->block_count++] = block;
    return STATUS_OK;
}

static enum status push_record(struct follower *follower, struct slice *slice, uint64_t seq,
                               uint64_t reached, char *room)
{
    uint8_t hash[WIRE_HASH_BYTES];
    uint8_t digest[WIRE_HASH_BYTES];
    struct wire_record out = {.seq = seq, .hash = hash, .digest = digest};
    struct journal_entry entry;
    struct account account;
    struct record record;
    enum status status = journal_reader_read(follower->reader, seq, &entry);

    if (status != STATUS_OK) {
        return status;
    }
    memcpy(hash, entry.hash, sizeof(hash));
    memcpy(digest, entry.digest, sizeof(digest));
    status = answer_read_record(slice, seq, &account, &record);
    if (status == STATUS_OK) {
        status = find_names(slice, reached, &account);
    }
    if (status != STATUS_OK) {
        return status;
    }
    out.json = tell(follower, slice, &account, room);
    return add_block(follower, &out);
}

/* As many as the slice takes. What went well is sent, whatever then went wrong. */
static enum status push_records(struct follower *follower, struct slice *slice, char *room)
{
    struct reached reached = {0};
    size_t bytes = 0;
    enum status status = engine_reached(follower->snapshot, &reached);

    while (status == STATUS_OK && follower->block_count < follower->slice_max &&
           bytes < FOLLOW_SLICE_BYTES) {
        status = push_record(follower, slice, follower->next_seq + follower->block_count,
                             reached.seq, room);
        if (status == STATUS_OK) {
            bytes += follower->blocks[follower->block_count - 1]->size;
        }
    }
    return status;
}

static void following_on_work(uv_work_t *work)
{
    struct follower *follower = work->data;
    struct arena arena;
    struct sources sources = {.snapshot = follower->snapshot,
                              .law = follower->law->law,
                              .now_ms = follower->bulletin.now_ms};
    struct slice slice = {.sources = &sources, .arena = &arena};
    enum status status = STATUS_OK;

    arena_init_growing(&arena, SLICE_BYTES);

    char *room = arena_take(&arena, ANSWER_BYTES_MAX);

    if (follower->reader == NULL) {
        status = journal_reader_open(&follower->reader, follower->following->journal);
    }
    if (status == STATUS_OK && room == NULL) {
        status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK) {
        sources.reader = follower->reader;
        status = push_records(follower, &slice, room);
    }
    follower->status = status;
    arena_fini(&arena);
}

/* ---- on the loop's thread again */

/* Called by whichever thread of ZeroMQ's lets go of it. */
static void give_back(void *bytes, void *hint)
{
    struct push_block *block = hint;

    (void)bytes;
    atomic_fetch_sub(&block->follower->unread_count, 1);
    atomic_fetch_sub(&block->follower->unread_bytes, block->size);
    free(block);
}

/* The block is ZeroMQ's from here on. */
static enum status send_block(struct follower *follower, struct push_block *block)
{
    zmq_msg_t body;

    atomic_fetch_add(&follower->unread_count, 1);
    atomic_fetch_add(&follower->unread_bytes, block->size);
    if (zmq_msg_init_data(&body, block->bytes, block->size, give_back, block) != 0) {
        give_back(block->bytes, block);
        return STATUS_NO_MEMORY;
    }
    return door_push(follower->following->door, &follower->route, follower->delimited, &body);
}

static void send_gap(struct follower *follower)
{
    size_t size = wire_gap_bytes(follower->number, follower->next_seq);
    struct push_block *block = malloc(sizeof(*block) + size);

    if (block != NULL) {
        block->follower = follower;
        block->size = size;
        wire_encode_gap(follower->number, follower->next_seq, block->bytes);
        (void)send_block(follower, block);
    }
    forget(follower);
}

static void send_slice(struct follower *follower)
{
    enum status status = STATUS_OK;
    uint32_t sent = 0;

    while (sent < follower->block_count && status == STATUS_OK) {
        status = send_block(follower, follower->blocks[sent++]);
        if (status == STATUS_OK) {
            follower->next_seq++;
            follower->credit--;
            follower->still = false;
        }
    }
    drop_blocks(follower, sent);
    if (status == STATUS_NOT_FOUND) {
        forget(follower); /* its connection is gone */
    }
}

static void following_on_done(uv_work_t *work, int cancelled)
{
    struct follower *follower = work->data;
    struct following *following = follower->following;

    (void)cancelled; /* nobody cancels */
    following->running--;
    snapshot_give(following->snapshots, follower->snapshot);
    law_release(follower->law);
    follower->state = FOLLOWER_WAITS;
    follower->turn = following->turns++;
    if (follower->leaves || following->stopped) {
        drop_blocks(follower, 0);
        forget(follower);
    } else {
        bool some = follower->block_count > 0;

        send_slice(follower);
        if (follower->state != FOLLOWER_NONE && follower->status == STATUS_NOT_FOUND) {
            follower->want_seq = follower->next_seq;
        } else if (follower->state != FOLLOWER_NONE && follower->status != STATUS_OK && !some) {
            send_gap(follower); /* the store could not be read: it may try again */
        }
    }
    following_go_on(following);
}

static void begin(struct following *following, struct follower *follower,
                  const struct bulletin *bulletin)
{
    uint64_t left = bulletin->flushed_seq + 1 - follower->next_seq;

    if (snapshot_take(following->snapshots, &follower->snapshot) != STATUS_OK) {
        return; /* it is tried again with the next news */
    }
    follower->law = writer_hold_law(following->writer);
    follower->bulletin = *bulletin;
    follower->slice_max = left < FOLLOW_SLICE ? (uint32_t)left : FOLLOW_SLICE;
    if (follower->slice_max > follower->credit) {
        follower->slice_max = follower->credit;
    }
    follower->state = FOLLOWER_RUNS;
    follower->work.data = follower;
    following->running++;

    int rc =
        uv_queue_work(following->loop, &follower->work, following_on_work, following_on_done);

    MUST(rc == 0);
}

static bool has_something(const struct follower *follower, const struct bulletin *bulletin)
{
    return follower->state == FOLLOWER_WAITS && follower->next_seq <= bulletin->flushed_seq;
}

static bool can_take(const struct follower *follower)
{
    return follower->credit > 0 && atomic_load(&follower->unread_count) < FOLLOW_UNREAD_MAX &&
           atomic_load(&follower->unread_bytes) < FOLLOW_UNREAD_BYTES_MAX;
}

/* One that cannot be sent what there is stands still, and not for ever. */
static void watch(struct following *following, struct follower *follower,
                  const struct bulletin *bulletin)
{
    int64_t now_ms = (int64_t)uv_now(following->loop);

    if (!follower->still) {
        follower->still = true;
        follower->still_seq = bulletin->flushed_seq;
        follower->still_ms = now_ms;
    }
    if (bulletin->flushed_seq - follower->still_seq > FOLLOW_BEHIND_MAX ||
        now_ms - follower->still_ms > FOLLOW_STILL_MS) {
        send_gap(follower);
    }
}

/* Who may begin a slice and had the last one longest ago; NULL: nobody. */
static struct follower *find_next(struct following *following, const struct bulletin *bulletin)
{
    struct follower *next = NULL;

    for (uint32_t i = 0; i < FOLLOWERS_MAX; i++) {
        struct follower *follower = &following->followers[i];

        if (!has_something(follower, bulletin)) {
            continue;
        }
        if (!can_take(follower)) {
            watch(following, follower, bulletin);
        } else if (follower->want_seq > bulletin->saved_seq) {
            writer_want_saved(following->writer, follower->want_seq);
        } else if (next == NULL || follower->turn < next->turn) {
            next = follower;
        }
    }
    return next;
}

static void following_on_look(uv_timer_t *look)
{
    following_go_on(look->data);
}

/* Nobody tells when a peer has read; so while one stands still it is looked at. */
static void look_again(struct following *following)
{
    bool still = false;

    for (uint32_t i = 0; i < FOLLOWERS_MAX; i++) {
        still = still || following->followers[i].still;
    }
    if (!still) {
        (void)uv_timer_stop(&following->look);
    } else if (!uv_is_active((const uv_handle_t *)&following->look)) {
        (void)uv_timer_start(&following->look, following_on_look, FOLLOW_LOOK_MS,
                             FOLLOW_LOOK_MS);
    }
}

void following_go_on(struct following *following)
{
    struct bulletin bulletin = writer_bulletin(following->writer);

    while (!following->stopped && following->running < FOLLOWERS_RUNNING_MAX) {
        struct follower *next = find_next(following, &bulletin);

        if (next == NULL) {
            break;
        }
        begin(following, next, &bulletin);
        if (next->state != FOLLOWER_RUNS) {
            break;
        }
    }
    if (!following->stopped) {
        look_again(following);
    }
}

/* ---- who comes */

static struct follower *find_follower(struct following *following, const struct letter *letter,
                                      uint64_t number)
{
    for (uint32_t i = 0; i < FOLLOWERS_MAX; i++) {
        struct follower *follower = &following->followers[i];

        if (follower->state != FOLLOWER_NONE && !follower->leaves &&
            follower->number == number && door_same_peer(&follower->route, &letter->route)) {
            return follower;
        }
    }
    return NULL;
}

/* A free place: of nobody, and nothing of its last is under way any more. */
static struct follower *find_place(struct following *following)
{
    for (uint32_t i = 0; i < FOLLOWERS_MAX; i++) {
        struct follower *follower = &following->followers[i];

        if (follower->state == FOLLOWER_NONE && atomic_load(&follower->unread_count) == 0) {
            return follower;
        }
    }
    return NULL;
}

static void leave(struct follower *follower)
{
    if (follower->state == FOLLOWER_RUNS) {
        follower->leaves = true;
    } else {
        forget(follower);
    }
}

/* Places of those whose connection is gone, which is seen only when something is sent. */
static void forget_the_gone(struct following *following)
{
    for (uint32_t i = 0; i < FOLLOWERS_MAX; i++) {
        struct follower *follower = &following->followers[i];

        if (follower->state == FOLLOWER_WAITS &&
            door_has_lost(following->door, &follower->route)) {
            forget(follower);
        }
    }
}

static void refuse(struct following *following, struct letter *letter, uint64_t number,
                   enum status status, const struct message *why)
{
    struct arena arena;

    arena_init_growing(&arena, REQUEST_BYTES);
    door_answer(following->door, letter, wire_encode_error(number, status, why, &arena));
    arena_fini(&arena);
}

static void set_credit(struct follower *follower, uint64_t credit)
{
    follower->credit = credit < FOLLOW_CREDIT_MAX ? (uint32_t)credit : FOLLOW_CREDIT_MAX;
}

static void settle_in(struct following *following, struct follower *follower,
                      struct letter *letter, const struct wire_request *request,
                      uint64_t flushed_seq)
{
    const struct wire_follow *wish = &request->follow;

    follower->route = letter->route; /* moved */
    (void)zmq_msg_close(&letter->body);
    follower->delimited = letter->delimited;
    follower->number = request->number;
    follower->next_seq = wish->from_seq == 0 ? flushed_seq + 1 : wish->from_seq;
    follower->want_seq = 0;
    follower->still = false;
    follower->turn = following->turns++;
    set_credit(follower, wish->credit == 0 ? FOLLOW_CREDIT : wish->credit);
    follower->agency_size = wish->agency.size;
    follower->case_size = wish->case_id.size;
    if (wish->agency.size > 0) {
        memcpy(follower->agency, wish->agency.bytes, wish->agency.size);
    }
    if (wish->case_id.size > 0) {
        memcpy(follower->case_id, wish->case_id.bytes, wish->case_id.size);
    }
    follower->state = FOLLOWER_WAITS;
}

static void take_follow(struct following *following, struct letter *letter,
                        const struct wire_request *request)
{
    struct follower *same = find_follower(following, letter, request->number);
    uint64_t flushed_seq = writer_bulletin(following->writer).flushed_seq;

    if (same != NULL) {
        leave(same);
    }
    if (request->follow.from_seq > flushed_seq + 1) {
        refuse(following, letter, request->number, STATUS_REFUSED, &following_early);
        return;
    }

    struct follower *place = find_place(following);

    if (place == NULL) {
        forget_the_gone(following);
        place = find_place(following);
    }
    if (place == NULL || following->stopped) {
        refuse(following, letter, request->number, STATUS_FULL, &following_busy);
        return;
    }
    settle_in(following, place, letter, request, flushed_seq);
}

static void take_credit(struct following *following, struct letter *letter,
                        const struct wire_request *request)
{
    struct follower *follower = find_follower(following, letter, request->number);

    if (follower != NULL) { /* else it got its Gap while this was under way */
        set_credit(follower, (uint64_t)follower->credit + request->follow.credit);
    }
    letter_drop(letter);
}

bool following_takes(struct following *following, struct letter *letter)
{
    struct wire_request request;
    const struct message *why;
    struct arena arena;
    bool taken = true;

    arena_init_growing(&arena, REQUEST_BYTES);
    if (wire_decode(letter_body(letter), &arena, &request, &why) != STATUS_OK ||
        (request.verb != WIRE_FOLLOW && request.verb != WIRE_CREDIT)) {
        taken = false;
    } else if (request.verb == WIRE_FOLLOW) {
        take_follow(following, letter, &request);
    } else {
        take_credit(following, letter, &request);
    }
    arena_fini(&arena);
    if (taken) {
        following_go_on(following);
    }
    return taken;
}
