#ifndef DUBAN_TESTS_SIM_WORKERS_H
#define DUBAN_TESTS_SIM_WORKERS_H

/*
 * Workers of every kind at the roster, in virtual time: who sleeps, dies before and after Begin,
 * before and after it has sent, reports twice, under old tokens, under made-up ones, or says that
 * what was sent was not; a daemon that dies between any two turns, before and after its flush; and
 * a provider that keeps a ledger of its own.
 */
#include "engine/roster.h"
#include "lib/rng.h"
#include "lib/tale.h"

enum { CARRIERS = 5, HANDS = 8, OLD = 16, ASKS = 64, TURN_MS = 700 };

/* A job as a worker has it. */
struct held {
    uint64_t token;
    uint32_t call; /* which case it is about */
    enum { HELD_NEW, HELD_ASKED, HELD_GO, HELD_SENT, HELD_TOLD } state;
    char key[JOB_KEY_SIZE];
};

struct carrier {
    struct caller caller;
    char name[16];
    bool known; /* it has been welcomed, and not been told otherwise since */
    int64_t asleep_ms;
    struct held hands[HANDS];
    uint32_t hand_count;
    struct held old[OLD]; /* of its former lives */
    uint32_t old_count;
    uint32_t owed; /* credit to be given again */
};

/* What the outside world knows of a call. */
struct call {
    uint32_t sent;      /* so often it reached somebody */
    uint32_t ambiguous; /* so often nobody could know whether it did … */
    uint32_t denied;    /* … of them it was said that it did not, which was a lie */
    uint64_t job;       /* its number */
};

struct play {
    struct world world;
    struct rng rng;
    struct roster roster;
    struct outbox outbox;
    int64_t steady_ms;
    struct carrier carriers[CARRIERS];
    struct call *calls; /* owned */
    uint32_t call_count;
    uint32_t calls_max;
    bool idempotent;
    bool faults;
    uint32_t crashes;
    uint32_t deaths;
    uint32_t stale;
    uint32_t lies;
    uint32_t turns;
    struct arena arena; /* of a turn's answers */
    uint8_t *memory;    /* owned */
    uint8_t *start;
    struct { /* the requests of a turn, and who made them */
        uint32_t carrier;
        struct wire_request request;
        struct caller caller;
        bool lies; /* it must change nothing */
        struct bytes reply;
    } asks[ASKS];
    uint32_t ask_count;
};

/* workers.c: whether it happens; a fault only while things still go wrong. */
bool chance(struct play *play, int64_t in_a_thousand);
bool fault(struct play *play, int64_t in_a_thousand);

/* workers_act.c: a worker's turn, and what it hears. */
void worker_act(struct play *play, struct carrier *carrier);
void worker_hear(struct play *play, struct carrier *carrier, struct bytes frame);
void worker_hear_push(struct play *play, struct carrier *carrier, struct bytes frame);

/* workers_daemon.c */
void daemon_begin(struct play *play, uint64_t seed, uint32_t calls, bool idempotent);
void daemon_end(struct play *play);
/* A case is opened, and its party is told something. */
void daemon_open_call(struct play *play);
/* One turn of the writer. Where the daemon dies before it shows, nobody hears an answer. */
void daemon_turn(struct play *play);

#endif
