#ifndef DUBAN_CODEC_JOB_H
#define DUBAN_CODEC_JOB_H

/*
 * A job: words to one receiver over one channel, on their way. It carries one notice, or
 * several of one receiver (a digest). Its value in the store is what stands here, packed; every
 * change of it is in the record that caused it, so the state follows from the journal as data.
 *
 * To change it: raise JOB_VERSION and keep the old reader beside the new one.
 */
#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"
#include "base/text.h"
#include "core/receiver.h"

#define JOB_VERSION     4
#define JOB_NOTICES_MAX 256 /* what one message lists, as far as they fit into a value */

#define JOB_STATES(X)                                                         \
    X(JOB_WAITING, "waiting") /* until its time: hours, a digest, a retry */  \
    X(JOB_HELD, "held")       /* its case is on hold */                       \
    X(JOB_READY, "ready")                                                     \
    X(JOB_LEASED, "leased")                                                   \
    X(JOB_BEGUN, "begun")       /* its provider may have been called */       \
    X(JOB_UNKNOWN, "unknown")   /* it may have been sent; a person decides */ \
    X(JOB_INCIDENT, "incident") /* nobody was reached */

#define JOB_ENUM(name, word) name,
enum job_state { JOB_STATES(JOB_ENUM) };
#undef JOB_ENUM

/* One notice: the effect of a record that speaks, and the case it is about. */
struct job_notice {
    uint64_t seq;
    uint32_t effect;
    uint64_t number;   /* of the case */
    uint16_t clock;    /* that it speaks of, by which it may be called back; or NO_INDEX */
    uint16_t instance; /* of the clock */
    bool rung;
    bool reminder;    /* of a day to come: called back when that day moves, for it comes anew */
    enum stead stead; /* whose place its receiver takes */
    struct text in_stead_of;
};

struct job {
    uint64_t number;     /* the record that made it, and its place there */
    uint32_t generation; /* of the store then: after a restore numbers are given out again */
    enum job_state state;
    struct text channel;  /* empty: none reaches the receiver */
    uint32_t tried;       /* of the receiver's channels, before this one */
    struct text agency;   /* of the case */
    struct text receiver; /* a person; of somebody outside the case and the role */
    uint16_t role;        /* the receiver's, in the procedure of the first notice's case */
    bool outside;
    bool urgent;
    int64_t made_ms;
    int64_t since_ms;   /* it could have been sent over this channel */
    int64_t useful_ms;  /* not to be sent from then on */
    int64_t until_ms;   /* when it moves on by itself; INSTANT_NEVER: it does not */
    uint32_t attempt;   /* leases so far */
    uint32_t failures;  /* over this channel, but for those of an outage */
    uint32_t resends;   /* by operators */
    uint64_t token;     /* of its lease: the record that granted it; 0: none */
    struct text worker; /* that holds it, or held it last */
    struct text last;   /* what was last said of it: why it was not sent */
    struct job_notice *notices;
    uint32_t notice_count;
};

struct text job_state_word(enum job_state state);

/* Its number from the place where it was made. */
uint64_t job_number(uint64_t seq, uint32_t index);
/* The record that made it. */
uint64_t job_record(uint64_t number);

/* What its provider, its ledger and its Message-ID know it by: the same for every attempt. */
#define JOB_KEY_SIZE 96
size_t job_key(const struct job *job, struct text store, char out[JOB_KEY_SIZE]);

/* A key taken apart, borrowed from it. */
struct job_name {
    struct text store;
    uint32_t generation;
    uint64_t number;
    struct text channel;
    uint32_t resends;
};
/* False: this is no key. Any text may be given. */
bool job_key_read(struct text key, struct job_name *name);

/* Whether it is the job's, for what it does now: another channel is another key. */
bool job_has_name(const struct job *job, const struct job_name *name);

/* What others say of a message may quote whom it is for: what looks like an address (an @, or
 * so many digits that they may be a telephone's) becomes ***. In place; the new size, never
 * more. */
size_t job_words_mask(char *words, size_t size);

/* Write; STATUS_LIMIT where the room is too small. */
NODISCARD enum status job_encode(const struct job *job, uint8_t *room, size_t room_bytes,
                                 struct bytes *out);
/* Read into the arena, texts borrowed from the bytes. Any bytes may be given. */
NODISCARD enum status job_decode(uint64_t number, struct bytes bytes, struct arena *arena,
                                 struct job *job);

/* The state alone, of a value that was encoded here. */
enum job_state job_state_of(struct bytes value);

/* What somebody says of a job: a worker, its time, an operator. */
#define JOB_STEPS(X)                                                            \
    X(JOB_STEP_LEASE, "lease")         /* a worker is given it */               \
    X(JOB_STEP_DEFER, "defer")         /* its receiver has had enough today */  \
    X(JOB_STEP_BEGIN, "begin")         /* … and calls its provider */         \
    X(JOB_STEP_LOSE, "lose")           /* … or fell silent */                 \
    X(JOB_STEP_DONE, "done")           /* it was sent */                        \
    X(JOB_STEP_FAIL, "fail")           /* it was not: not now, or never */      \
    X(JOB_STEP_DOUBT, "doubt")         /* it may have been */                   \
    X(JOB_STEP_TIME, "time")           /* its moment has come */                \
    X(JOB_STEP_RETRY, "retry")         /* an operator lets it go on */          \
    X(JOB_STEP_RESEND, "resend")       /* … although it may have been sent */ \
    X(JOB_STEP_DROP, "drop")           /* … gives it up */                    \
    X(JOB_STEP_DELIVERED, "delivered") /* somebody says that it arrived */      \
    X(JOB_STEP_BOUNCED, "bounced")     /* … that it did not */

#define JOB_STEP_ENUM(name, word) name,
enum job_step { JOB_STEPS(JOB_STEP_ENUM) };
#undef JOB_STEP_ENUM

struct text job_step_word(enum job_step step);

enum job_failure { JOB_FAILED_FOR_NOW, JOB_FAILED_FOR_GOOD, JOB_THROTTLED };

/* What is said in a message, as it was leased. */
struct job_said {
    struct text template; /* of its first notice; empty: nothing is kept */
    struct text version;  /* of the template's words */
    struct text brief;
    struct text subject;
    struct text body;
    bool sealed; /* it holds private facts: the three are under the key of its first case */
};

#define JOB_LAST_MAX 120 /* bytes of `last` */

struct job_report {
    enum job_step step;
    uint64_t job;
    uint64_t token;       /* of the lease spoken of; 0: none */
    struct text channel;  /* which it goes over */
    struct text receiver; /* whom it is for */
    struct text worker;   /* who speaks; of an operator's act the person */
    enum job_failure failure;
    int64_t at_ms;        /* JOB_STEP_DONE: when; JOB_STEP_FAIL: not before, or 0 */
    struct text provider; /* the provider's own name for it */
    struct text sha256;   /* of what was sent, in hexadecimal */
    struct text words;    /* the provider's code and words, or the operator's reason */
    struct text key;      /* JOB_STEP_DONE, _DELIVERED, _BOUNCED: which message */
    struct job_said said; /* JOB_STEP_LEASE */
};

/* A change of a job, as a record has it. */
struct job_change {
    uint64_t number;
    struct bytes value; /* empty: it is gone */
};

/* Which jobs are meant; what is empty or 0 is not asked. */
struct job_filter {
    struct text states; /* words, joined by "," */
    struct text channel;
    struct text receiver;
    struct text agency;
    struct text case_id;
    int64_t older_ms;
    uint64_t job;
};

/* Whether words are states of jobs. */
bool job_states_known(struct text states);
/* Whether a job is meant; of the case's number, 0 where none is asked, knows who asks. */
bool job_is_meant(const struct job *job, const struct job_filter *filter, uint64_t case_number,
                  int64_t now_ms);

#define JOB_CHANGES_MAX 8192 /* of one record: those it makes, and those it calls back */

#endif
