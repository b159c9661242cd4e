#ifndef DUBAN_ENGINE_JOB_PARTS_H
#define DUBAN_ENGINE_JOB_PARTS_H

/* What the files of jobs share. Only job*.c and the engine's own files include this. */
#include "engine/delivery.h"
#include "engine/jobs.h"
#include "engine/parts.h"

#define ROLE_BYTES_MAX 64

/* The changes of jobs that one record makes, gathered before it is appended. */
struct job_desk {
    struct engine *engine;
    struct arena *arena;
    int64_t now_ms;
    uint64_t seq; /* of the record to come */
    struct job_change *changes;
    uint32_t count;
};

void desk_open(struct job_desk *desk, struct engine *engine, struct arena *arena,
               int64_t now_ms);
/* A job as it is from now on. */
void desk_put(struct job_desk *desk, const struct job *job);
void desk_drop(struct job_desk *desk, uint64_t number);
/* Hand the changes to the record. */
void desk_close(const struct job_desk *desk, struct record *record);
/* Whether a job's value has room for all its notices, and for whatever a job comes to say of
 * itself on its way: a worker, another channel, instants, what was last said of it. */
#define JOB_GROWTH_BYTES 384
bool desk_fits(const struct job *job);

/* Let a job wait until an instant; let it be leased from now on. */
void desk_wait(struct job *job, int64_t until_ms);
void desk_ready(const struct installed *installed, struct job *job, int64_t now_ms);
/* … from the first instant from `at_ms` on at which its receiver may be written to. */
void desk_go(struct job_desk *desk, struct job *job, int64_t at_ms);
/* Let a job go on its way: at once, at its hour, in its window. */
void desk_send_off(struct job_desk *desk, struct job *job);
int64_t job_permits(const struct installed *installed, const struct job *job, int64_t at_ms);

/* The next channel that reaches the job's receiver after those tried; empty: none does. */
struct text job_channel_of(const struct installed *installed, const struct job *job,
                           const struct procedure *procedure, const struct case_state *state);

/* A step of one job in the making: it becomes a record. */
struct job_move {
    struct engine *engine;
    struct job_report report;
    struct job_desk desk;
    struct job job;
};

/* A channel's pace and health. */
struct channel_pace {
    int64_t minute; /* of the last lease, since 1970 */
    uint32_t in_minute;
    uint32_t failures; /* in a row, since the last success */
    int64_t probe_ms;  /* while it is out: not tried before */
};

/* job_steps.c */
struct channel_pace job_channel_pace(struct store *store, struct text channel);
void job_move_begin(struct job_move *step, struct engine *engine,
                    const struct job_report *report, int64_t wall_ms);
/* The report is about the job that was taken, over the channel it goes over now. */
void job_move_about(struct job_move *step);
void job_move_end(struct job_move *step);
bool job_channel_is_out(struct engine *engine, struct text channel);

/* job_reports.c: nobody was reached over this channel and never will be: over to the next one,
 * else it is an incident, told to somebody above. */
void job_fail_for_good(struct job_move *step);
/* What somebody says of a message, as it is recorded: not too long, and no address in it. */
#define JOB_WORDS_MAX 320
struct text job_words_kept(struct text words, struct arena *arena);
/* An instant that somebody names; 0 where no calendar has it, or it is later than the last. */
int64_t job_instant_kept(int64_t at_ms, int64_t last_ms);

/* job_evidence.c: take a job that was sent in hand again, as it left; the step names its last
 * lease. False: none of that number ever was. */
bool job_take_sent(struct job_move *step, uint64_t number);
/* job_evidence.c: whether somebody has said already that this message, which is under way, is
 * there. */
bool job_has_arrived(struct engine *engine, const struct job *job);

/* job_reach.c: whom a job can reach, and how */
/* The channel of a job after those tried, as its case stands now; empty: there is none. */
struct text job_next_channel(struct engine *engine, const struct job *job);
/* Where a channel finds the receiver; empty: nowhere. `hand`: the case of its first notice, or
 * NULL where that is not in hand. */
struct text job_address(struct engine *engine, const struct job *job,
                        const struct channel *channel, const struct hand *hand,
                        struct arena *arena);
/* A job that tells the next of the chain above a receiver that was not reached; false: nobody
 * stands above. */
bool job_above(struct engine *engine, const struct job *job, uint64_t seq, int64_t now_ms,
               struct job *above);

/* job_words.c: fill an offer with what is to be said, and to whom. False: it cannot be said. */
bool job_say(struct engine *engine, struct job_offer *offer, int64_t now_ms,
             struct arena *arena);
/* What of that is recorded, so that it can be shown again exactly. */
void job_keep_words(struct engine *engine, const struct job_offer *offer,
                    struct job_said *said);

/* queues.c: the first of a channel's queue that may leave, taken into the arena. The channel is
 * installed. */
bool queue_first(struct engine *engine, struct text channel, struct arena *arena,
                 struct job *job);
/* A row has come into a queue. */
void queue_joined(struct engine *engine, struct text channel, const struct key *key);

/* hold.c: whether an operator holds a channel, or what is said of a case. */
bool channel_is_held(struct store *store, struct text channel);
bool case_is_held(struct store *store, uint64_t number);
/* Whether its channel is, or its case. */
bool job_is_held(struct engine *engine, const struct job *job);
/* A job that would leave, but speaks of a held case alone, is on hold. */
void job_hold(struct engine *engine, struct job *job);

#endif
