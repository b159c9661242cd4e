#ifndef DUBAN_ENGINE_JOBS_H
#define DUBAN_ENGINE_JOBS_H

/*
 * Notices on their way to people. A record that speaks makes jobs; a worker leases one, begins,
 * and reports; every step of it is a record. A lease is fenced by its token: what is said under
 * an old one changes nothing, but that a late success is believed. The time of leases is kept
 * by whoever talks to workers, for that a worker is still alive is no matter of record.
 *
 *     engine_lease → engine_flush → to the worker; it begins: engine_begin → engine_flush →
 *     "go"; it reports: engine_report → engine_flush → settled. A silent one: engine_lose.
 */
#include "engine/engine.h"

#define JOB_OUTAGE_FAILURES 5                /* in a row, and the channel is out … */
#define JOB_PROBE_MS        ((int64_t)60000) /* … and tried once in so long */
#define JOB_USEFUL_MS       (7 * DAY_MS)     /* of what no clock speaks of */

/* What a worker is handed. Lives until the engine's next call. */
struct job_offer {
    struct job job;
    const struct channel *channel;
    struct text address;
    struct text name; /* the receiver's, as people call him; empty: of somebody outside */
    bool english;
    struct text template; /* of the first notice */
    const char *version;  /* of its words */
    const struct filling *values;
    uint32_t value_count;
    bool private;      /* a private fact stands in the words */
    struct text brief; /* the words, filled */
    struct text subject;
    struct text body;
};

/* Lease the next job of a channel. STATUS_NOT_FOUND: none may leave now; where engine_seq has
 * grown, some were put off, and there may be others behind them. */
NODISCARD enum status engine_lease(struct engine *engine, struct text channel,
                                   struct text worker, int64_t wall_ms,
                                   struct job_offer *offer);
/* The provider is to be called; false: the lease is not live any more, or the job may not
 * leave, for it has lost its use or is held. */
NODISCARD bool engine_begin(struct engine *engine, uint64_t token, int64_t wall_ms);
/* A lease has run out, or its worker is gone. */
void engine_lose(struct engine *engine, uint64_t token, int64_t wall_ms);
/* Done, failed, in doubt. `report->job` is the one that the worker's key names: a success is
 * believed under an old token too. False: an old token, and nothing changed. */
NODISCARD bool engine_report(struct engine *engine, const struct job_report *report,
                             int64_t wall_ms);
/* An operator's word about a job: retry, resend, drop. False: there is no such job, or it is in
 * no state for it. */
NODISCARD bool engine_decide(struct engine *engine, const struct job_report *report,
                             int64_t wall_ms);

/* The job of a live lease; false: it is not live. Decoded into the arena. */
bool engine_leased(struct engine *engine, uint64_t token, struct arena *arena, struct job *job);
/* The next live lease after a token (begin with 0), and its job. */
bool engine_next_lease(struct engine *engine, uint64_t *token, struct arena *arena,
                       struct job *job);
/* A number that grows whenever a job becomes ready, since the engine was opened: while it
 * stands still, a channel that had nothing has nothing but what time alone lets go. */
uint64_t engine_readied(const struct engine *engine);
/*
 * Whether a record granted that lease to that worker, of the job that the key names: a success
 * under it may be believed although the lease is over. Its job.
 */
bool engine_granted(struct engine *engine, uint64_t token, struct text worker, struct text key,
                    uint64_t *number);
/* `on_over` is told whenever a lease is over, however that came: by a report, because its time
 * was up, because the job is wanted no more. */
void engine_watch_leases(struct engine *engine, void *context,
                         void (*on_over)(void *context, uint64_t token));

/* The store's own name, which no other store has; and what a job is known by outside. */
#define STORE_NAME_SIZE 33
size_t engine_store_name(const struct engine *engine, char out[STORE_NAME_SIZE]);
size_t journal_store_name(const struct journal *journal, char out[STORE_NAME_SIZE]);
size_t engine_job_key(const struct engine *engine, const struct job *job,
                      char out[JOB_KEY_SIZE]);

/* A job as it stands; false: there is none. */
bool engine_job(struct engine *engine, uint64_t number, struct arena *arena, struct job *job);

#endif
