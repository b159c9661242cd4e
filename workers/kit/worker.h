#ifndef DUBAN_KIT_WORKER_H
#define DUBAN_KIT_WORKER_H

/*
 * libduban-worker: what carries notices to people is written against this page alone. You write
 * one function that sends one message; the kit does the rest: it says hello and says it again
 * after each lost connection, keeps as many jobs under way as it may, keeps their leases, asks
 * for the go before you are called, remembers in a ledger on disk what was sent, so that a
 * crash or a lost answer never sends it again, and ends in good order at SIGTERM.
 *
 *     static void send(void *mine, const struct worker_job *job, struct worker_result *result)
 *     {
 *         if (pager_page(mine, job->address, job->brief)) {
 *             worker_done(result, NULL);
 *         } else {
 *             worker_later(result, "pager.busy", "no answer within 5 s", 0);
 *         }
 *     }
 *
 *     struct worker worker = {
 *         .name = "pager-1", .channels = {"pager"}, .send = send, .mine = &pager};
 *     return worker_run(&worker);
 */
#include <stdbool.h>
#include <stdint.h>

#define WORKER_CHANNELS_MAX 8
#define WORKER_THREADS_MAX  64

/* One message to one receiver. Lives until send returns. Texts end with NUL, are UTF-8 and hold
 * no control characters but the line ends of `body`; none is NULL. */
struct worker_job {
    const char
        *key; /* the same for every attempt: the provider's idempotency key, a Message-ID */
    const char *channel;
    const char *address;  /* where to: a number, a mail address */
    const char *receiver; /* the person's name; empty: of somebody outside */
    const char *language; /* zh or en */
    const char *template; /* its name, and the digest of its words */
    const char *version;
    const char *brief; /* the words, short: for SMS */
    const char *subject;
    const char *body;    /* the words, long: for mail */
    const char **names;  /* what the template was filled with, in its order */
    const char **values; /* … the value of each name */
    uint32_t value_count;
    uint32_t attempt;        /* from 1 */
    uint32_t notices;        /* more than one: a digest */
    int64_t useful_until_ms; /* by this machine's clock; the kit does not call you after it */
    bool resent;             /* an operator wants it sent although it may have been */
};

/* What became of it. Filled by the functions below; if none was called, it is in doubt. */
struct worker_result {
    enum { WORKER_UNKNOWN, WORKER_DONE, WORKER_NEVER, WORKER_LATER, WORKER_THROTTLED } outcome;
    char provider_id[129]; /* the provider's own name for it */
    char code[65];         /* the provider's */
    char words[257];       /* for the operator; never a secret, never a receiver's address */
    uint8_t sha256[32];    /* of what was sent; zeros: of brief, subject and body */
    int64_t not_before_ms; /* 0: as the channel's retries say */
};

/* It was sent. `provider_id` may be NULL. */
void worker_done(struct worker_result *result, const char *provider_id);
/* It never will be: no such number, refused content. */
void worker_never(struct worker_result *result, const char *code, const char *words);
/* Not now. */
void worker_later(struct worker_result *result, const char *code, const char *words,
                  int64_t not_before_ms);
/* Too much at once; this uses up no attempt. */
void worker_throttled(struct worker_result *result, const char *code, const char *words,
                      int64_t not_before_ms);
/* It may have been sent: the connection broke at the wrong moment. */
void worker_unknown(struct worker_result *result, const char *words);

struct worker {
    const char *name; /* the same after a restart: 1 to 64 of A-Z a-z 0-9 . _ - @ */
    const char *channels[WORKER_CHANNELS_MAX];
    const char *door; /* NULL: the daemon's default work door */
    const char
        *ledger; /* a folder of its own; NULL: below $STATE_DIRECTORY, or in the home folder */
    uint32_t credit;  /* jobs under way at once; 0: 64 */
    uint32_t threads; /* that call send at once; 0: one */
    void (*send)(void *mine, const struct worker_job *job, struct worker_result *result);
    void *mine;
    const char *version; /* of your program, for operators to see; may be NULL */
};

/* Work until SIGTERM or SIGINT, then finish what has begun. The program's exit status: 0; 1
 * failed, start it again; 2 the worker is wrong; 3 another came under its name. Threads that
 * were started before must have both signals blocked. */
int worker_run(const struct worker *worker);

/*
 * One line on stderr, as all of duban logs: a stable name, then key=value, texts in \"%s\".
 * Never a secret, never a receiver's address. error: an operator must act; warn: may want to.
 *
 *     worker_log_warn("pager.slow ms=%d", ms);
 */
#define WORKER_FORMAT __attribute__((format(printf, 1, 2)))

void worker_log_error(const char *format, ...) WORKER_FORMAT;
void worker_log_warn(const char *format, ...) WORKER_FORMAT;
void worker_log_info(const char *format, ...) WORKER_FORMAT;
void worker_log_debug(const char *format, ...) WORKER_FORMAT;

#endif
