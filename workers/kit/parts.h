#ifndef DUBAN_KIT_PARTS_H
#define DUBAN_KIT_PARTS_H

/*
 * The kit's inside, shared by the files that make it. Nobody else includes this.
 *
 * One thread, the loop, owns the socket, the ledger and the list of what is in hand; it says
 * and hears everything. Sender threads do nothing but call send. Between them are a queue of
 * hands to send, one of those that came back, and a descriptor that wakes the loop.
 */
#include "ledger.h"
#include "worker.h"

#include <duban/v1/duban.pb-c.h>
#include <pthread.h>
#include <stdatomic.h>

#define CREDIT_MAX      1024 /* what a Hello may name */
#define FRAME_BYTES_MAX ((size_t)256 * 1024)

struct frame {
    uint8_t *bytes; /* owned; NULL: there is none */
    size_t size;
};

/* The daemon's clock, read on a steady one of ours. */
struct daemon_clock {
    int64_t daemon_ms;
    int64_t steady_ms; /* when it showed that */
    int64_t rate;
};

/* A job in hand, or what is left of one: a result of an earlier life that is to be told. */
struct hand {
    struct hand *next;
    enum hand_state {
        HAND_OFFERED, /* leased, and nothing said of it */
        HAND_ASKING,  /* Begin is said */
        HAND_SENDING, /* Go was heard: a sender has it, or will */
        HAND_SENT,    /* what became of it is here, and not in the ledger */
        HAND_TOLD     /* … it is; to be told until it is settled */
    } state;
    uint64_t token;
    Duban__V1__Push *push; /* owned: the job */
    const Duban__V1__Job *job;
    uint32_t key_hash;
    int64_t said_ms;                /* steady, when it was last spoken of; 0: it is to be */
    int64_t useful_until_ms;        /* steady; INT64_MAX: always */
    _Atomic int64_t lease_until_ms; /* steady: until then nobody else can have the job */
    atomic_bool over;               /* … but somebody has: its sender is not to begin */
    bool foreign;        /* of another store or generation: nobody wants to hear of it */
    bool known;          /* sent in an earlier life, as the ledger says */
    struct hand *queued; /* in a queue of the senders */
    struct worker_result result;
    int64_t sent_at_ms;   /* on the daemon's clock */
    int64_t sent_ms;      /* steady */
    struct frame telling; /* its result, as it is told */
};

struct senders {
    pthread_t threads[WORKER_THREADS_MAX];
    uint32_t count;
    void (*send)(void *mine, const struct worker_job *job, struct worker_result *result);
    void *mine;
    int event_fd; /* readable when some came back */

    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t wanted;
    struct hand *first; /* to send, in order */
    struct hand *last;
    struct hand *back; /* they came back */
    bool ending;
};

struct kit {
    const struct worker *worker;
    char version[65]; /* of its program, for the operator */
    uint32_t credit;
    uint32_t threads;
    struct ledger *ledger; /* owned */
    struct senders senders;
    int signal_fd;

    /* link.c */
    void *context; /* owned */
    void *socket;  /* owned */
    void *monitor; /* owned: tells of connections made and lost */
    bool connected;

    /* talk.c */
    bool welcomed;
    uint64_t hello_number;
    int64_t hello_ms; /* steady, when it was last said; 0: to be said */
    int64_t pause_ms; /* before the next Hello */
    int64_t welcome_ms;
    int64_t touch_ms;
    int64_t lease_ms;
    struct daemon_clock clock;
    uint32_t open; /* jobs that the daemon may still push */

    /* hands.c */
    struct hand *hands; /* owned, in the order they came */
    struct hand **end;
    uint32_t count;
    uint32_t under_way; /* asking or sending */

    bool replaced; /* another has its name */
    bool stopping;
    int64_t stop_ms; /* steady, when it was told to */
    bool failed;     /* the ledger cannot be written: it ends with an error */
    int64_t flush_ms;
    int64_t sweep_ms;
    uint64_t outcomes[WORKER_THROTTLED + 1]; /* how many of each; for the last line */
};

/* run.c: this machine's clocks. The steady one goes on while the machine sleeps. */
int64_t steady_ms(void);

/* frames.c */
struct frame frame_hello(const struct kit *kit);
struct frame frame_credit(uint32_t count);
struct frame frame_begin(uint64_t token);
struct frame frame_touch(uint64_t *tokens, size_t count);
struct frame frame_bye(void);
/* What became of a hand. */
struct frame frame_result(const struct kit *kit, const struct hand *hand);
struct frame frame_copy(struct bytes bytes);
void frame_free(struct frame *frame);

/* A request that is about a token has it for its number. Hellos are counted from here, for the
 * Welcome of the last alone counts. */
#define NUMBER_HELLO (UINT64_MAX / 2 + 1)
#define NUMBER_OTHER UINT64_MAX

/* link.c */
bool link_open(struct kit *kit, const char *door);
void link_close(struct kit *kit);
/* Look for connections made and lost; whether one was lost. */
bool link_watch(struct kit *kit);
/* Send, and free the frame; false: nobody is there. */
bool link_say(struct kit *kit, struct frame frame);
/* The next frame that came; false: there is none. End with zmq_msg_close. */
bool link_hear(struct kit *kit, void *message);

/* talk.c: what is said and heard. */
void talk_hear(struct kit *kit);
void talk_lost(struct kit *kit);
/* Say what is due now. */
void talk_say(struct kit *kit);
/* How long nothing will be due. */
int talk_pause_ms(const struct kit *kit);
int64_t daemon_ms(const struct daemon_clock *clock, int64_t at_steady_ms);

/* hands.c */
struct hand *hands_find(const struct kit *kit, uint64_t token);
void hands_take(struct kit *kit, Duban__V1__Push *push);
void hands_drop(struct kit *kit, struct hand *hand);
/* Results that were told and not settled in an earlier life. */
bool hands_recall(struct kit *kit);
/* The daemon's store or generation is another than that of the hands. */
void hands_disown(struct kit *kit);
/* Go: over to a sender. */
void hands_send(struct kit *kit, struct hand *hand);
/* Begin what may begin. */
void hands_begin(struct kit *kit);
/* Results that came back: into the ledger, and then to be told. */
void hands_gather(struct kit *kit);
/* Give up what has not begun. */
void hands_give_up(struct kit *kit);
/* … and keep from their senders those that have. */
void hands_call_off(struct kit *kit);

/* senders.c */
#define SENDERS_INIT                                                                           \
    {                                                                                          \
        .event_fd = -1, .mutex = PTHREAD_MUTEX_INITIALIZER, .wanted = PTHREAD_COND_INITIALIZER \
    }
bool senders_open(struct senders *senders, const struct worker *worker, uint32_t count);
/* Whoever is in send finishes first. */
void senders_end(struct senders *senders);
void senders_close(struct senders *senders);
void senders_give(struct senders *senders, struct hand *hand);
/* Those that came back, joined by `queued`. */
struct hand *senders_take(struct senders *senders);

#endif
