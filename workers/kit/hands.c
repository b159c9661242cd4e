/* What is in hand: from the offer of a job to the word that its result is durable. */
#include "parts.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SETTLED_FLUSH_MS = 1000 };

struct hand *hands_find(const struct kit *kit, uint64_t token)
{
    for (struct hand *hand = kit->hands; hand != NULL; hand = hand->next) {
        if (hand->token == token && !hand->foreign) {
            return hand;
        }
    }
    return NULL;
}

static void add(struct kit *kit, struct hand *hand)
{
    hand->next = NULL;
    *kit->end = hand;
    kit->end = &hand->next;
    kit->count++;
}

static bool is_under_way(const struct hand *hand)
{
    return hand->state == HAND_ASKING || hand->state == HAND_SENDING;
}

static void turn(struct kit *kit, struct hand *hand, enum hand_state state)
{
    kit->under_way -= is_under_way(hand) ? 1 : 0;
    hand->state = state;
    kit->under_way += is_under_way(hand) ? 1 : 0;
    hand->said_ms = 0;
}

void hands_drop(struct kit *kit, struct hand *hand)
{
    struct hand **place = &kit->hands;

    while (*place != hand) {
        place = &(*place)->next;
    }
    *place = hand->next;
    if (kit->end == &hand->next) {
        kit->end = place;
    }
    kit->count--;
    kit->under_way -= is_under_way(hand) ? 1 : 0;
    if (hand->push != NULL) {
        duban__v1__push__free_unpacked(hand->push, NULL);
    }
    frame_free(&hand->telling);
    free(hand);
}

/* ---------------------------------------------------------------- offered */

/* The same message under an earlier lease of ours: it may be with its provider now. */
static struct hand *find_same(const struct kit *kit, const struct hand *hand)
{
    for (struct hand *other = kit->hands; other != NULL; other = other->next) {
        if (other != hand && other->job != NULL && other->key_hash == hand->key_hash &&
            strcmp(other->job->key, hand->job->key) == 0) {
            return other;
        }
    }
    return NULL;
}

/* On the daemon's clock → on our steady one. */
static int64_t useful_until(const struct kit *kit, int64_t instant_ms)
{
    return instant_ms <= 0
               ? INT64_MAX
               : kit->clock.steady_ms + (instant_ms - kit->clock.daemon_ms) / kit->clock.rate;
}

void hands_take(struct kit *kit, Duban__V1__Push *push)
{
    const Duban__V1__Job *job = push->job;
    struct hand *hand = calloc(1, sizeof(*hand));
    struct hand *same;

    kit->open -= kit->open > 0 ? 1 : 0;
    if (hand == NULL || hands_find(kit, job->token) != NULL) {
        free(hand); /* its lease runs out; or it is here already */
        duban__v1__push__free_unpacked(push, NULL);
        return;
    }
    hand->token = job->token;
    hand->push = push;
    hand->job = job;
    hand->key_hash = crc32c((struct bytes){(const uint8_t *)job->key, strlen(job->key)});
    hand->useful_until_ms = useful_until(kit, job->useful_until_ms);
    hand->lease_until_ms = steady_ms() + kit->lease_ms;
    add(kit, hand);
    same = find_same(kit, hand);
    if (same != NULL && same->state == HAND_OFFERED) {
        hands_drop(kit, same); /* its lease was lost, or there would be no other */
    }
    if (*job->key == '\0' || strlen(job->key) > LEDGER_KEY_BYTES_MAX) {
        worker_never(&hand->result, "kit.key", "a job without a key that a ledger could keep");
        turn(kit, hand, HAND_SENT);
    }
    log_debug("worker.job token=%" PRIu64 " key=%s attempt=%" PRIu32, job->token, job->key,
              job->attempt);
}

/* ---------------------------------------------------------------- begun */

/* In an earlier life, or under a lease that was lost: it is told again, and not sent. */
static void tell_again(struct kit *kit, struct hand *hand, const struct ledger_sent *sent)
{
    worker_done(&hand->result, sent->provider_id);
    memcpy(hand->result.sha256, sent->sha256, sizeof(sent->sha256));
    hand->sent_at_ms = sent->sent_at_ms;
    hand->known = true;
    log_info("worker.sent_before key=%s", hand->job->key);
    turn(kit, hand, HAND_SENT);
}

static void begin(struct kit *kit, struct hand *hand, int64_t now_ms)
{
    const struct hand *same = find_same(kit, hand);
    struct ledger_sent sent;
    enum status status;

    if (same != NULL && same->state != HAND_TOLD) {
        return; /* what becomes of that one decides */
    }
    status = ledger_was_sent(kit->ledger, hand->job->key, &sent);
    if (status == STATUS_OK) {
        tell_again(kit, hand, &sent);
    } else if (status != STATUS_NOT_FOUND) {
        kit->failed = true; /* who cannot tell what was sent sends nothing */
    } else if (now_ms >= hand->useful_until_ms) {
        worker_later(&hand->result, "kit.late", "it had lost its use before it was sent", 0);
        turn(kit, hand, HAND_SENT);
    } else {
        turn(kit, hand, HAND_ASKING);
    }
}

/*
 * What is begun may have been sent when this process dies, and nobody takes it back; so no more
 * is begun than there are senders. Each then waits for its Go, which costs a flush of the
 * daemon's disk: next to nothing beside a provider. For more at once there are more threads.
 */
void hands_begin(struct kit *kit)
{
    int64_t now_ms = steady_ms();

    if (!kit->welcomed || kit->stopping) {
        return;
    }
    for (struct hand *hand = kit->hands;
         hand != NULL && !kit->failed && kit->under_way < kit->threads; hand = hand->next) {
        if (hand->state == HAND_OFFERED) {
            begin(kit, hand, now_ms);
        }
    }
}

void hands_send(struct kit *kit, struct hand *hand)
{
    turn(kit, hand, HAND_SENDING);
    senders_give(&kit->senders, hand);
}

/* ---------------------------------------------------------------- over */

static void take_back(struct kit *kit, struct hand *hand)
{
    hand->sent_at_ms = daemon_ms(&kit->clock, hand->sent_ms);
    turn(kit, hand, HAND_SENT);
}

static void keep(struct kit *kit, struct hand *hand)
{
    struct ledger_sent sent = {.sent_at_ms = hand->sent_at_ms};

    hand->telling = frame_result(kit, hand);
    if (hand->result.outcome == WORKER_DONE && !hand->known) {
        memcpy(sent.sha256, hand->result.sha256, sizeof(sent.sha256));
        memcpy(sent.provider_id, hand->result.provider_id, sizeof(sent.provider_id));
        ledger_keep_sent(kit->ledger, hand->job->key, &sent, clock_wall_ms());
    }
    if (!hand->foreign && hand->telling.bytes != NULL) {
        ledger_keep_result(kit->ledger, hand->token,
                           (struct bytes){hand->telling.bytes, hand->telling.size});
    }
}

static void count(struct kit *kit, const struct hand *hand)
{
    static const char *const words[] = {
        [WORKER_UNKNOWN] = "unknown",     [WORKER_DONE] = "done",
        [WORKER_NEVER] = "never",         [WORKER_LATER] = "later",
        [WORKER_THROTTLED] = "throttled",
    };

    kit->outcomes[hand->result.outcome]++;
    log_debug("worker.result token=%" PRIu64 " key=%s outcome=%s code=\"%s\"", hand->token,
              hand->job->key, words[hand->result.outcome], hand->result.code);
    if (hand->result.outcome == WORKER_UNKNOWN) {
        log_warn("worker.unknown key=%s reason=\"%s\"", hand->job->key, hand->result.words);
    }
}

/* The results of one turn become durable together, and only then are told. If they cannot be,
 * they are told all the same, for the daemon's record is as good; but nothing more is begun. */
void hands_gather(struct kit *kit)
{
    int64_t now_ms = steady_ms();
    struct hand *next;
    bool any = false;

    for (struct hand *hand = senders_take(&kit->senders); hand != NULL; hand = next) {
        next = hand->queued;
        take_back(kit, hand);
    }
    for (struct hand *hand = kit->hands; hand != NULL; hand = hand->next) {
        if (hand->state == HAND_SENT) {
            keep(kit, hand);
            count(kit, hand);
            any = true;
        }
    }
    if (!any && (!ledger_is_dirty(kit->ledger) || now_ms - kit->flush_ms < SETTLED_FLUSH_MS)) {
        return;
    }
    kit->flush_ms = now_ms;
    if (ledger_flush(kit->ledger) != STATUS_OK) {
        kit->failed = true;
    }
    for (struct hand *hand = kit->hands; hand != NULL; hand = next) {
        next = hand->next;
        if (hand->state == HAND_SENT && hand->foreign) {
            hands_drop(kit, hand);
        } else if (hand->state == HAND_SENT) {
            turn(kit, hand, HAND_TOLD);
        }
    }
}

/* ---------------------------------------------------------------- other lives */

bool hands_recall(struct kit *kit)
{
    uint64_t token = 0;
    struct bytes frame;

    for (; ledger_next_result(kit->ledger, &token, &frame); token++) {
        struct hand *hand = calloc(1, sizeof(*hand));

        if (hand == NULL) {
            return false;
        }
        hand->token = token;
        hand->state = HAND_TOLD;
        hand->telling = frame_copy(frame);
        add(kit, hand);
        if (hand->telling.bytes == NULL) {
            return false;
        }
    }
    return ledger_flush(kit->ledger) == STATUS_OK;
}

void hands_disown(struct kit *kit)
{
    struct hand *next;

    for (struct hand *hand = kit->hands; hand != NULL; hand = next) {
        next = hand->next;
        if (hand->state == HAND_SENDING || hand->state == HAND_SENT) {
            hand->foreign = true;
            atomic_store(&hand->over, true);
        } else {
            hands_drop(kit, hand);
        }
    }
}

void hands_give_up(struct kit *kit)
{
    struct hand *next;

    for (struct hand *hand = kit->hands; hand != NULL; hand = next) {
        next = hand->next;
        if (hand->state == HAND_OFFERED) {
            hands_drop(kit, hand);
        }
    }
}

void hands_call_off(struct kit *kit)
{
    for (struct hand *hand = kit->hands; hand != NULL; hand = hand->next) {
        atomic_store(&hand->over, true);
    }
}
