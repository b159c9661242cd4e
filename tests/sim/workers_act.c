#include "sim/workers.h"

#include <duban/v1/duban.pb-c.h>
#include <stdio.h>
#include <stdlib.h>

static void ask(struct play *play, const struct carrier *carrier,
                const struct wire_request *request)
{
    if (play->ask_count < ASKS) {
        play->asks[play->ask_count].carrier = (uint32_t)(carrier - play->carriers);
        play->asks[play->ask_count].caller = carrier->caller;
        play->asks[play->ask_count].lies = false;
        play->asks[play->ask_count++].request = *request;
    }
}

/* Another connection; what it held is of a former life. */
static void die(struct play *play, struct carrier *carrier)
{
    for (uint32_t i = 0; i < carrier->hand_count; i++) {
        const struct held *held = &carrier->hands[i];

        carrier->old[carrier->old_count++ % OLD] = *held;
        play->calls[held->call].ambiguous += held->state == HELD_NEW ? 0 : 1;
    }
    carrier->hand_count = 0;
    carrier->known = false;
    play->deaths++;
}

static void say_hello(struct play *play, struct carrier *carrier)
{
    static const struct text sms = TEXT_INIT("sms");
    uint64_t *tokens = arena_take(&play->arena, sizeof(*tokens) * (HANDS + 1));
    struct wire_request request = {.number = 1,
                                   .verb = WIRE_HELLO,
                                   .work = {.name = text_of(carrier->name),
                                            .channels = &sms,
                                            .channel_count = 1,
                                            .tokens = tokens}};

    carrier->caller.size = 8;
    for (uint32_t i = 0; i < carrier->caller.size; i++) {
        carrier->caller.bytes[i] = (uint8_t)rng_between(&play->rng, 0, 255);
    }
    for (uint32_t i = 0; i < carrier->hand_count; i++) {
        tokens[request.work.token_count++] = carrier->hands[i].token;
    }
    ask(play, carrier, &request);
}

static void say(struct play *play, const struct carrier *carrier, enum wire_verb verb,
                const struct held *held, enum job_step step)
{
    struct wire_request request = {
        .number = 1,
        .verb = verb,
        .follow.credit = carrier->owed,
        .work = {.report = {.step = step, .failure = JOB_FAILED_FOR_NOW}},
    };

    if (held != NULL) {
        const struct held *copy = arena_copy(&play->arena, held, sizeof(*held));

        request.work.token = held->token;
        request.work.tokens = &copy->token;
        request.work.token_count = 1;
        request.work.key = text_of(copy->key);
    }
    ask(play, carrier, &request);
}

/* The provider takes a message. */
static void send_out(struct play *play, struct held *held)
{
    struct call *call = &play->calls[held->call];

    call->sent = play->idempotent ? 1 : call->sent + 1;
    held->state = HELD_SENT;
}

/* The next thing that a job in hand needs, or what goes wrong with it. */
static void carry(struct play *play, struct carrier *carrier, struct held *held)
{
    switch (held->state) {
    case HELD_NEW:
        held->state = HELD_ASKED;
        say(play, carrier, WIRE_BEGIN, held, 0);
        break;
    case HELD_ASKED: /* the answer was lost */
        say(play, carrier, WIRE_BEGIN, held, 0);
        break;
    case HELD_GO:
        send_out(play, held);
        break;
    case HELD_SENT:
        held->state = HELD_TOLD;
        if (fault(play, 50)) {
            bool denies = chance(play, 500);

            play->calls[held->call].ambiguous++;
            play->calls[held->call].denied += denies ? 1 : 0;
            say(play, carrier, WIRE_RESULT, held, denies ? JOB_STEP_FAIL : JOB_STEP_DOUBT);
            break;
        }
        say(play, carrier, WIRE_RESULT, held, JOB_STEP_DONE);
        if (fault(play, 100)) {
            say(play, carrier, WIRE_RESULT, held, JOB_STEP_DONE);
        }
        break;
    case HELD_TOLD:
        say(play, carrier, WIRE_RESULT, held, JOB_STEP_DONE);
        break;
    }
}

/* The last that was said is a lie, or comes too late to be anything. */
static void mark_lie(struct play *play)
{
    if (play->ask_count > 0 && play->ask_count < ASKS) {
        play->asks[play->ask_count - 1].lies = true;
    }
}

/* What a liar says: of jobs of its former lives, and of others'. */
static void lie(struct play *play, struct carrier *carrier)
{
    const struct carrier *other = &play->carriers[rng_between(&play->rng, 0, CARRIERS - 1)];
    struct held forged = {.token = rng_next(&play->rng)};

    if (carrier->old_count > 0 && chance(play, 500)) {
        const struct held *old =
            &carrier->old[rng_between(&play->rng, 0, OLD - 1) % carrier->old_count];

        if (old->state == HELD_SENT && chance(play, 500)) {
            say(play, carrier, WIRE_RESULT, old, JOB_STEP_DONE); /* late, and true */
        } else {
            say(play, carrier, chance(play, 500) ? WIRE_BEGIN : WIRE_RESULT, old,
                chance(play, 500) ? JOB_STEP_FAIL : JOB_STEP_DOUBT);
            mark_lie(play);
        }
        return;
    }
    if (other != carrier && other->hand_count > 0) {
        forged = other->hands[0];
    }
    say(play, carrier, chance(play, 300) ? WIRE_BEGIN : WIRE_RESULT, &forged,
        chance(play, 700) ? JOB_STEP_DONE : JOB_STEP_FAIL);
    mark_lie(play);
}

/* What it has room for, beside what it has credit for already. */
static void give_credit(struct play *play, struct carrier *carrier)
{
    if (!carrier->known || carrier->asleep_ms > play->steady_ms) {
        return;
    }
    for (uint32_t i = 0; i < ROSTER_WORKERS_MAX; i++) {
        const struct worker *worker = &play->roster.workers[i];

        if (text_is(worker->name, carrier->name) &&
            worker->credit + carrier->hand_count < HANDS) {
            carrier->owed = HANDS - carrier->hand_count - worker->credit;
            say(play, carrier, WIRE_CREDIT, NULL, 0);
        }
    }
}

void worker_act(struct play *play, struct carrier *carrier)
{
    if (carrier->asleep_ms > play->steady_ms) {
        return;
    }
    if (fault(play, 20)) {
        die(play, carrier);
    }
    if (fault(play, 10)) { /* SIGSTOP: longer than a lease, and then on as if nothing were */
        carrier->asleep_ms = play->steady_ms + 120000;
        return;
    }
    if (!carrier->known) {
        say_hello(play, carrier);
        return;
    }
    say(play, carrier, WIRE_TOUCH, NULL, 0);
    for (uint32_t i = 0; i < carrier->hand_count; i++) {
        say(play, carrier, WIRE_TOUCH, &carrier->hands[i], 0);
        if (chance(play, 600)) {
            carry(play, carrier, &carrier->hands[i]);
        }
    }
    if (fault(play, 100)) {
        lie(play, carrier);
    }
    give_credit(play, carrier);
}

static struct held *find_hand(struct carrier *carrier, uint64_t token)
{
    for (uint32_t i = 0; i < carrier->hand_count; i++) {
        if (carrier->hands[i].token == token) {
            return &carrier->hands[i];
        }
    }
    return NULL;
}

static void forget(struct carrier *carrier, uint64_t token)
{
    struct held *held = find_hand(carrier, token);

    if (held != NULL) {
        carrier->old[carrier->old_count++ % OLD] = *held;
        *held = carrier->hands[--carrier->hand_count];
    }
}

static void hear_reply(struct play *play, struct carrier *carrier, struct bytes frame)
{
    Duban__V1__Reply *reply = duban__v1__reply__unpack(NULL, frame.size, frame.at);
    struct held *held;

    CHECK(reply != NULL);
    if (reply == NULL) {
        return;
    }
    CHECK(reply->what_case != DUBAN__V1__REPLY__WHAT_ERROR);
    if (reply->what_case == DUBAN__V1__REPLY__WHAT_WELCOME) {
        carrier->known = true;
        for (size_t i = 0; i < reply->welcome->n_over; i++) {
            held = find_hand(carrier, reply->welcome->over[i]);
            play->calls[held->call].ambiguous += held->state == HELD_NEW ? 0 : 1;
            forget(carrier, reply->welcome->over[i]);
        }
    } else if (reply->what_case == DUBAN__V1__REPLY__WHAT_GO) {
        held = find_hand(carrier, reply->go->token);
        if (CHECK(held != NULL) && held->state == HELD_ASKED) {
            held->state = HELD_GO;
        }
    } else if (reply->what_case == DUBAN__V1__REPLY__WHAT_SETTLED) {
        held = find_hand(carrier, reply->settled->token);
        if (held != NULL && (held->state == HELD_TOLD || reply->settled->stale)) {
            play->calls[held->call].ambiguous += reply->settled->stale ? 1 : 0;
            forget(carrier, reply->settled->token);
        }
        play->stale += reply->settled->stale ? 1 : 0;
    }
    duban__v1__reply__free_unpacked(reply, NULL);
}

void worker_hear_push(struct play *play, struct carrier *carrier, struct bytes frame)
{
    Duban__V1__Push *push = duban__v1__push__unpack(NULL, frame.size, frame.at);

    CHECK(push != NULL);
    if (push == NULL) {
        return;
    }
    if (push->what_case == DUBAN__V1__PUSH__WHAT_STOP) {
        carrier->known = false;
    } else if (push->what_case == DUBAN__V1__PUSH__WHAT_WITHDRAW) {
        struct held *held = find_hand(carrier, push->withdraw->token);

        if (held != NULL && held->state == HELD_NEW) {
            forget(carrier, push->withdraw->token);
        }
    } else if (CHECK(push->what_case == DUBAN__V1__PUSH__WHAT_JOB) &&
               CHECK(carrier->hand_count < HANDS)) {
        struct held *held = &carrier->hands[carrier->hand_count++];

        *held = (struct held){.token = push->job->token,
                              .call = (uint32_t)strtoul(push->job->brief + 2, NULL, 10)};
        (void)snprintf(held->key, sizeof(held->key), "%s", push->job->key);
        CHECK(held->call < play->call_count);
    }
    duban__v1__push__free_unpacked(push, NULL);
}

/* A push and a reply differ in their fields; a push of Stop answers whom nobody knows. */
void worker_hear(struct play *play, struct carrier *carrier, struct bytes frame)
{
    enum { STOP_TAG = 6 << 3 | 2, NUMBER_TAG = 1 << 3 };

    if (frame.at[0] == NUMBER_TAG) {
        hear_reply(play, carrier, frame);
    } else {
        CHECK(frame.at[0] == STOP_TAG);
        worker_hear_push(play, carrier, frame);
    }
}
