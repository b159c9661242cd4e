/* What is said to the daemon, what is heard, and when. */
#include "parts.h"

#include "base/log.h"

#include <inttypes.h>
#include <string.h>
#include <zmq.h>

enum {
    HEAR_MAX = 512,       /* frames in one turn: results wait too */
    AGAIN_MS = 10000,     /* what stays unanswered is said again */
    BUSY_MS = 1000,       /* … or what the daemon had no time for */
    PAUSE_MS_MAX = 30000, /* between two Hellos */
    STEADY_MS = 10000,    /* a welcome that lasted so long was one */
    TICK_MS = 250,        /* how often to look while something is under way */
    TOUCH_MAX = 256,
    TOUCHES_A_TERM = 4
};

int64_t daemon_ms(const struct daemon_clock *clock, int64_t at_steady_ms)
{
    return clock->daemon_ms + (at_steady_ms - clock->steady_ms) * clock->rate;
}

/* ---------------------------------------------------------------- heard */

static void take_over(struct kit *kit, const Duban__V1__Welcome *welcome)
{
    struct ledger_owner owner = ledger_owner(kit->ledger);

    if (strcmp(owner.store, welcome->store) != 0 || owner.generation != welcome->generation) {
        hands_disown(kit);
        owner = (struct ledger_owner){.generation = welcome->generation};
        (void)strncpy(owner.store, welcome->store, sizeof(owner.store) - 1);
        ledger_set_owner(kit->ledger, &owner);
        return;
    }
    for (size_t i = 0; i < welcome->n_over; i++) {
        struct hand *hand = hands_find(kit, welcome->over[i]);

        if (hand != NULL && hand->state <= HAND_ASKING) {
            hands_drop(kit, hand);
        } else if (hand != NULL) {
            atomic_store(&hand->over, true);
        }
    }
    /* After that, for a sender may be looking just now. */
    for (struct hand *hand = kit->hands; hand != NULL; hand = hand->next) {
        if (!atomic_load(&hand->over)) {
            atomic_store(&hand->lease_until_ms, kit->hello_ms + kit->lease_ms);
        }
    }
}

static void hear_welcome(struct kit *kit, const Duban__V1__Welcome *welcome)
{
    int64_t now_ms = steady_ms();

    kit->welcomed = true;
    kit->welcome_ms = now_ms;
    kit->lease_ms = (int64_t)welcome->lease_ms;
    kit->touch_ms = now_ms;
    kit->open = 0;
    kit->clock = (struct daemon_clock){.daemon_ms = welcome->now_ms,
                                       .steady_ms = now_ms,
                                       .rate = welcome->rate == 0 ? 1 : welcome->rate};
    take_over(kit, welcome);
    log_info("worker.welcome store=%s generation=%" PRIu32 " lease_ms=%" PRId64
             " in_hand=%" PRIu32,
             welcome->store, welcome->generation, kit->lease_ms, kit->count);
}

/* It is not known any more: hello again, but not at once where that has just happened. Or
 * another came under its name: two would take it from each other for ever, so this one ends. */
static void hear_stop(struct kit *kit, bool replaced)
{
    int64_t now_ms = steady_ms();
    bool lasted = kit->welcomed && now_ms - kit->welcome_ms >= STEADY_MS;

    if (replaced) {
        log_error("worker.replaced name=%s do=\"give each worker a name of its own: --name\"",
                  kit->worker->name);
    } else if (kit->welcomed) {
        log_warn("worker.stop reason=\"the daemon knows this worker no more\"");
    }
    kit->replaced = kit->replaced || replaced;
    kit->pause_ms = lasted ? 0 : kit->pause_ms;
    talk_lost(kit);
    kit->hello_ms = lasted ? 0 : now_ms;
}

static void hear_go(struct kit *kit, uint64_t token)
{
    struct hand *hand = hands_find(kit, token);

    if (hand != NULL && hand->state == HAND_ASKING) {
        /* From when it was asked: who was stopped since hears an old Go. */
        int64_t until_ms = hand->said_ms + kit->lease_ms;

        if (until_ms > atomic_load(&hand->lease_until_ms)) {
            atomic_store(&hand->lease_until_ms, until_ms);
        }
        hands_send(kit, hand);
    }
}

static void hear_settled(struct kit *kit, const Duban__V1__Settled *settled)
{
    struct hand *hand = hands_find(kit, settled->token);

    if (hand == NULL || (hand->state != HAND_TOLD && hand->state != HAND_ASKING)) {
        return;
    }
    if (hand->state == HAND_ASKING) {
        log_info("worker.lease_over token=%" PRIu64, settled->token);
    } else if (settled->stale) {
        log_warn("worker.stale token=%" PRIu64 " reason=\"its lease was over: another has it\"",
                 settled->token);
    }
    if (hand->state == HAND_TOLD) {
        ledger_drop_result(kit->ledger, hand->token);
    }
    hands_drop(kit, hand);
}

/* A request was wrong. What is said of a job the daemon will never take: better told here than
 * said for ever. */
static void hear_error(struct kit *kit, uint64_t number, const Duban__V1__Error *error)
{
    struct hand *hand = hands_find(kit, number);
    bool busy = error->code == DUBAN__V1__ERROR__CODE__BUSY;

    if (number == kit->hello_number) {
        kit->pause_ms = busy ? BUSY_MS : PAUSE_MS_MAX;
    }
    if (busy) {
        if (hand != NULL) {
            hand->said_ms = steady_ms() - AGAIN_MS + BUSY_MS;
        }
        return;
    }
    log_error("worker.refused what=%s token=%" PRIu64 " reason=\"%s\"",
              number == kit->hello_number ? "hello" : "request", hand == NULL ? 0 : number,
              error->en);
    if (hand != NULL && hand->state == HAND_TOLD) {
        ledger_drop_result(kit->ledger, hand->token);
        hands_drop(kit, hand);
    } else if (hand != NULL && hand->state == HAND_ASKING) {
        hands_drop(kit, hand);
    }
}

static void hear_withdraw(struct kit *kit, uint64_t token)
{
    struct hand *hand = hands_find(kit, token);

    if (hand != NULL && hand->state == HAND_OFFERED) {
        hands_drop(kit, hand);
    }
}

static void hear_reply(struct kit *kit, const Duban__V1__Reply *reply)
{
    if (reply->what_case == DUBAN__V1__REPLY__WHAT_WELCOME &&
        reply->number == kit->hello_number) {
        hear_welcome(kit, reply->welcome);
    } else if (reply->what_case == DUBAN__V1__REPLY__WHAT_GO) {
        hear_go(kit, reply->go->token);
    } else if (reply->what_case == DUBAN__V1__REPLY__WHAT_SETTLED) {
        hear_settled(kit, reply->settled);
    } else if (reply->what_case == DUBAN__V1__REPLY__WHAT_ERROR) {
        hear_error(kit, reply->number, reply->error);
    }
}

/* A job is kept with the message it came in; true: it was. */
static bool hear_push(struct kit *kit, Duban__V1__Push *push)
{
    if (push->what_case == DUBAN__V1__PUSH__WHAT_JOB && kit->welcomed) {
        hands_take(kit, push);
        return true;
    }
    if (push->what_case == DUBAN__V1__PUSH__WHAT_WITHDRAW) {
        hear_withdraw(kit, push->withdraw->token);
    } else if (push->what_case == DUBAN__V1__PUSH__WHAT_STOP) {
        hear_stop(kit, push->stop->replaced);
    }
    return false;
}

/* Only what answers a request begins with a number. */
static void hear(struct kit *kit, const uint8_t *frame, size_t size)
{
    if (size > 0 && frame[0] == 0x08) {
        Duban__V1__Reply *reply = duban__v1__reply__unpack(NULL, size, frame);

        if (reply != NULL) {
            hear_reply(kit, reply);
            duban__v1__reply__free_unpacked(reply, NULL);
        }
        return;
    }

    Duban__V1__Push *push = duban__v1__push__unpack(NULL, size, frame);

    if (push != NULL && !hear_push(kit, push)) {
        duban__v1__push__free_unpacked(push, NULL);
    }
}

void talk_hear(struct kit *kit)
{
    zmq_msg_t message;

    (void)zmq_msg_init(&message);
    for (int i = 0; i < HEAR_MAX && link_hear(kit, &message); i++) {
        hear(kit, zmq_msg_data(&message), zmq_msg_size(&message));
    }
    (void)zmq_msg_close(&message);
}

/* What was said and not answered is to be said again. */
void talk_lost(struct kit *kit)
{
    kit->welcomed = false;
    kit->open = 0;
    kit->hello_ms = 0;
    for (struct hand *hand = kit->hands; hand != NULL; hand = hand->next) {
        hand->said_ms = 0;
    }
}

/* ---------------------------------------------------------------- said */

static void say_hello(struct kit *kit)
{
    int64_t now_ms = steady_ms();

    if (!kit->connected || (kit->hello_ms != 0 && now_ms - kit->hello_ms < kit->pause_ms)) {
        return;
    }
    kit->hello_ms = now_ms;
    kit->hello_number++;
    kit->pause_ms = kit->pause_ms == 0 ? BUSY_MS : kit->pause_ms * 2;
    kit->pause_ms = kit->pause_ms > PAUSE_MS_MAX ? PAUSE_MS_MAX : kit->pause_ms;
    (void)link_say(kit, frame_hello(kit));
}

static bool is_due(const struct hand *hand, int64_t now_ms)
{
    return hand->said_ms == 0 || now_ms - hand->said_ms >= AGAIN_MS;
}

/* Begins and results, for the first time or again. */
static void say_hands(struct kit *kit, int64_t now_ms)
{
    for (struct hand *hand = kit->hands; hand != NULL; hand = hand->next) {
        bool said = true;

        if (hand->state == HAND_ASKING && is_due(hand, now_ms)) {
            said = link_say(kit, frame_begin(hand->token));
        } else if (hand->state == HAND_TOLD && is_due(hand, now_ms)) {
            if (hand->telling.bytes == NULL) { /* there was no memory for it */
                hand->telling = frame_result(kit, hand);
            }
            said = link_say(
                kit, frame_copy((struct bytes){hand->telling.bytes, hand->telling.size}));
        } else {
            continue;
        }
        hand->said_ms = said ? now_ms : 0;
    }
}

/* A lease that may be over already is not made longer by saying so late. */
static void hold(struct hand *hand, int64_t now_ms, int64_t until_ms)
{
    if (now_ms < atomic_load(&hand->lease_until_ms)) {
        atomic_store(&hand->lease_until_ms, until_ms);
    }
}

/* Touch as many as one message takes; the rest of the list is answered. */
static struct hand *say_touch_of(struct kit *kit, struct hand *from, int64_t now_ms)
{
    uint64_t tokens[TOUCH_MAX];
    size_t count = 0;
    struct hand *end = from;

    for (; end != NULL && count < TOUCH_MAX; end = end->next) {
        if (!end->foreign && !atomic_load(&end->over)) {
            tokens[count++] = end->token;
        }
    }
    if (link_say(kit, frame_touch(tokens, count))) {
        for (struct hand *hand = from; hand != end; hand = hand->next) {
            hold(hand, now_ms, now_ms + kit->lease_ms);
        }
    }
    return end;
}

/* The leases of all that is in hand, and that the worker lives though it holds nothing. */
static void say_touch(struct kit *kit, int64_t now_ms)
{
    struct hand *rest = kit->hands;

    if (now_ms - kit->touch_ms >= kit->lease_ms / TOUCHES_A_TERM) {
        kit->touch_ms = now_ms;
        do {
            rest = say_touch_of(kit, rest, now_ms);
        } while (rest != NULL);
    }
}

/* Room for more jobs, not one by one where there are many. */
static void say_credit(struct kit *kit)
{
    uint32_t used = kit->count + kit->open;
    uint32_t more = used >= kit->credit ? 0 : kit->credit - used;

    if (!kit->stopping && more > 0 && (more * 4 >= kit->credit || kit->count == 0) &&
        link_say(kit, frame_credit(more))) {
        kit->open += more;
    }
}

void talk_say(struct kit *kit)
{
    int64_t now_ms = steady_ms();

    if (kit->replaced) {
        return; /* its name is another's */
    }
    if (!kit->welcomed) {
        say_hello(kit);
        return;
    }
    say_hands(kit, now_ms);
    say_touch(kit, now_ms);
    say_credit(kit);
}

int talk_pause_ms(const struct kit *kit)
{
    int64_t touch_ms = kit->touch_ms + kit->lease_ms / TOUCHES_A_TERM - steady_ms();

    if (!kit->welcomed || kit->count > 0 || kit->stopping || ledger_is_dirty(kit->ledger)) {
        return TICK_MS;
    }
    return touch_ms < 0 ? 0 : touch_ms > PAUSE_MS_MAX ? PAUSE_MS_MAX : (int)touch_ms;
}
