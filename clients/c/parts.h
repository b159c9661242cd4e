#ifndef DUBAN_C_PARTS_H
#define DUBAN_C_PARTS_H

/* libduban's inside, shared by the files that make it. Nobody else includes this. */
#include "duban.h"

#include <duban/v1/duban.pb-c.h>
#include <pthread.h>
#include <stdbool.h>

#define BATCH_MAX       256
#define FRAME_BYTES_MAX ((size_t)256 * 1024) /* what the daemon reads */
#define ACT_BYTES_MAX   ((size_t)1 << 20)    /* … where a whole configuration is installed */

/* A receipt with what it points at, in one block. */
struct answer {
    struct answer *next;
    struct duban_receipt receipt;
};

struct frame {
    uint8_t *bytes; /* owned */
    size_t size;
};

/* Something that is under way, until its last answer is here. */
struct unanswered {
    uint64_t number; /* 0: the place is free */
    struct frame frame;
    int64_t sent_ms;
    bool once;    /* a question or an act: never sent again */
    bool awaited; /* somebody waits for this very one: its answer is put here */
    bool done;    /* the answer is here, for whoever waits */
    enum duban_result result;
    struct answer *answer; /* owned */
    char *json;            /* owned */
    size_t json_bytes;
};

struct followed;

/* What is followed; number 0: nothing is. */
struct follow {
    uint64_t number;
    uint64_t next_seq; /* the record that comes next; 0: whichever does */
    char *agency;      /* owned */
    char *case_id;     /* owned */
    uint32_t credit;
    uint32_t taken; /* records since credit was last given */
    bool sent;
    enum duban_result result; /* it was refused, in these … */
    char *words[2];           /* owned */
    struct followed *first;   /* owned */
    struct followed **end;
};

struct duban {
    pthread_mutex_t mutex; /* guards all that follows, and the socket */
    pthread_cond_t turned; /* somebody has looked at the socket, or gives the looking up */
    bool polling;          /* a thread sleeps on the socket for all of them */

    void *context; /* owned */
    void *socket;  /* owned */
    void *monitor; /* owned: tells of lost connections */
    int poll_fd;   /* what a program polls: the three below */
    int nudge_fd;  /* readable while an answer waits to be taken */
    int timer_fd;  /* readable when something is to be sent again */
    bool nudged;
    bool watched; /* the program has asked for poll_fd */

    struct unanswered *window; /* owned; a place is its number modulo the size */
    uint32_t window_size;
    uint32_t count;
    uint32_t parked;      /* answers at the places of those who wait for them, not yet taken */
    uint64_t oldest;      /* nothing before it is unanswered */
    uint64_t unsent;      /* this and what follows is still to be sent, in order */
    uint64_t next;        /* the next number */
    uint32_t resend_ms;   /* what is unanswered for so long is sent again */
    uint32_t pause_ms;    /* how long to keep still after the last `busy` */
    int64_t resume_ms;    /* until when to keep still */
    struct answer *ready; /* owned: answers nobody waits for in particular */
    struct answer **ready_end;
    struct follow follow;
};

/* request.c: frames to send; bytes NULL: out of memory. */
struct frame pack_events(uint64_t number, const struct duban_event *events, size_t count,
                         bool batch);
struct frame pack_question(uint64_t number, const struct duban_question *question);
struct frame pack_act(uint64_t number, const struct duban_act *act);

/* receipt.c: receipts of a reply; NULL: out of memory. */
struct answer *answer_of(const Duban__V1__Receipt *receipt, uint64_t ticket);
struct answer *answer_of_error(const Duban__V1__Error *error, uint64_t ticket);

/* link.c: the socket. */
int64_t steady_ms(void);
bool link_open(struct duban *duban, const char *endpoint);
void link_close(struct duban *duban);
/* Send what is to be sent, take what has come; after it `ready` and the places are up to date.
 * */
void link_turn(struct duban *duban);
/* Sleep until link_turn may find something, this long at most; the mutex is released meanwhile.
 * */
void link_sleep(struct duban *duban, int64_t wait_ms);
/* The program's descriptor says whether there is something to take. */
void link_show(struct duban *duban);

/* reply.c: what has come, to where it belongs. */
void take_reply(struct duban *duban, const Duban__V1__Reply *reply);
void forget(struct duban *duban, struct unanswered *place);

/* follow.c */
enum duban_result follow_begin(struct duban *duban, const struct duban_wish *wish);
void follow_end(struct duban *duban);
/* Say again what is followed, after a lost connection or a gap. */
void follow_send(struct duban *duban, bool lost);
/* Whether the frame with that number was about what is followed. */
bool follow_take(struct duban *duban, uint64_t number, const uint8_t *frame, size_t size);
bool follow_has(const struct duban *duban);
/* Whether it is still to be said. */
bool follow_waits(const struct duban *duban);
enum duban_result follow_next(struct duban *duban, struct duban_record **record);

/* error.c */
enum duban_result fail(enum duban_result result, const char *en, const char *zh);

#endif
