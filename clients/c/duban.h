#ifndef DUBAN_C_DUBAN_H
#define DUBAN_C_DUBAN_H

/*
 * libduban: tell duband what happened in a case, and learn what became of it.
 *
 *     struct duban *duban;
 *     duban_open(&duban, "ipc:///run/duban/events.sock", NULL);
 *     struct duban_event event = {.id = "m-1", .source = "intake", .agency = "gulou",
 *                                 .case_id = "K-1", .type = "case.filed", .procedure = "minor",
 *                                 .occurred_at_ms = now, .person = "wang", .role = "officer"};
 *     struct duban_receipt *receipt;
 *     if (duban_send(duban, &event, 5000, &receipt) == DUBAN_OK) {
 *         puts(receipt->stage);
 *     }
 *     duban_receipt_free(receipt);
 *     duban_close(duban);
 *
 * clients/c/example.c is a whole program, which the tests build and run.
 *
 * Nothing is lost, nothing happens twice. An event's identity is agency, case, source and id:
 * it may be sent any number of times and acts once. So whatever stays unanswered (the daemon
 * was away, restarted, or said that it was busy) is sent again by the library, with the same id
 * and in the order first sent. A program that died before its receipt sends its event again
 * itself.
 *
 * Threads. A handle may be used from any number of threads at once: publishers go on while
 * others wait for receipts, and each duban_send gets its own receipt. Only duban_close must be
 * the last call. Nothing is printed, no thread is started, no signal touched.
 *
 * A program with a loop of its own polls duban_fd() and calls duban_next (of a follower:
 * duban_next_record) with time 0 whenever
 * it is readable: also sending again happens there.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A connection to one door of the daemon. */
struct duban;

/* What a call answers. */
enum duban_result {
    DUBAN_OK = 0,
    DUBAN_TIMEOUT,   /* nothing came within the time; what was sent is still under way */
    DUBAN_FULL,      /* too many events are unanswered: take receipts first */
    DUBAN_REFUSED,   /* the daemon does not do that; duban_error has its words */
    DUBAN_FORBIDDEN, /* you may not do that; duban_error has its words */
    DUBAN_NETWORK,   /* the endpoint cannot be used */
    DUBAN_NO_MEMORY
};

struct duban_options {
    uint32_t window;    /* events that may be unanswered at once; 0: 1024 */
    uint32_t resend_ms; /* what is unanswered for so long is sent again; 0: 5000 */
};

/* ---- events: at the door events.sock ---- */

struct duban_fact {
    const char *name;
    const char *value; /* in its text form: true, 1000.00, 2026-05-31, 10d */
};

struct duban_document {
    const char *kind;
    const char *title;     /* or NULL */
    const uint8_t *sha256; /* 32 bytes, or NULL */
    const char *uri;       /* or NULL */
};

/* Somebody says that something happened in a case; duban.proto tells of each field. Texts may
 * be NULL where they are not needed. Everything is copied by the call. */
struct duban_event {
    const char *id; /* yours; the same whenever the event is sent again */
    const char *source;
    const char *agency;
    const char *case_id;
    const char *type;
    int64_t occurred_at_ms;
    const char *person;
    const char *role;
    const char *person_agency; /* of the person, where it is another than the case's */
    const char *const *with;   /* persons who acted too */
    size_t with_count;
    const struct duban_fact *facts;
    size_t fact_count;
    const struct duban_document *documents;
    size_t document_count;
    const char *note;
    const char *procedure; /* of an opening event */
    const char *unit;      /* of an opening event */
    int64_t wait_for_ms;   /* how long it may wait for its case or its stage; 0: not at all */
    const char *traceparent;
};

enum duban_verdict {
    DUBAN_WRONG = 0,     /* it was not even judged; the one reason says what is wrong with it */
    DUBAN_APPLIED = 1,   /* durable */
    DUBAN_DUPLICATE = 2, /* it was taken before; `first` says what became of it */
    DUBAN_WAITING = 3,   /* durable; it comes to rest later, ask again with the same id */
    DUBAN_REJECTED = 4   /* nothing changed; the reasons say why */
};

struct duban_reason {
    const char *code; /* stable: two_officers, not_holder */
    const char *zh;
    const char *en;
    const char *law; /* the article; empty without one */
};

/* What became of an event. Yours until duban_receipt_free. No text is NULL. */
struct duban_receipt {
    enum duban_verdict verdict;
    enum duban_verdict first; /* of a duplicate; else the same as verdict */
    uint64_t ticket;          /* of the call that sent it */
    const char *id;           /* of the event */
    uint64_t seq;             /* its record in the journal; 0: none was made */
    uint32_t revision;        /* of the case after it */
    const char *stage;        /* of the case after it */
    int64_t next_due_ms;      /* when the case's next limit ends; 0: none runs */
    uint32_t generation;      /* of the store: it grows with each restore from a backup */
    const struct duban_reason *reasons;
    size_t reason_count;
    const struct duban_reason *nothings; /* what had no effect, and why */
    size_t nothing_count;
};

/* Connect. The daemon need not be there yet. options may be NULL. On failure *out is NULL. */
enum duban_result duban_open(struct duban **out, const char *endpoint,
                             const struct duban_options *options);
/* Close; what is unanswered is forgotten here, not there. NULL is fine. */
void duban_close(struct duban *duban);

/* Send an event and go on; its receipt comes by duban_next with this ticket. Tickets grow. */
enum duban_result duban_publish(struct duban *duban, const struct duban_event *event,
                                uint64_t *ticket);
/* Send up to 256 events that are taken together or not at all, then judged one by one. Each
 * gets a receipt, in their order, all with this ticket. */
enum duban_result duban_publish_batch(struct duban *duban, const struct duban_event *events,
                                      size_t count, uint64_t *ticket);
/* The next receipt, of whichever event. A negative time waits for ever. */
enum duban_result duban_next(struct duban *duban, int timeout_ms,
                             struct duban_receipt **receipt);
/* Send one event and wait for its own receipt. When the time is over the event stays under way,
 * and its receipt comes by duban_next. */
enum duban_result duban_send(struct duban *duban, const struct duban_event *event,
                             int timeout_ms, struct duban_receipt **receipt);
/* NULL is fine. */
void duban_receipt_free(struct duban_receipt *receipt);

/* How many receipts are still to be taken: of events that are unanswered, and of those whose
 * answer is here. 0: a program that waits for all of them is done. */
size_t duban_unanswered(struct duban *duban);
/* A descriptor for poll(): readable as long as duban_next has something to give or to do. It is
 * the handle's own; do not close it. */
int duban_fd(struct duban *duban);

/* ---- questions and acts: at the door control.sock ---- */

enum duban_ask {
    DUBAN_ASK_STATUS, /* how far the daemon is, and what comes next */
    DUBAN_ASK_LOG,    /* agency, case_id: what happened to a case */
    DUBAN_ASK_WHY,    /* agency, case_id: why it stands where it stands */
    DUBAN_ASK_FIND,   /* filter, limit, after: cases */
    DUBAN_ASK_TIME    /* whether the daemon believes its clock */
};

struct duban_question {
    enum duban_ask what;
    uint64_t at_least_seq; /* the answer has seen this record: your own last receipt's */
    const char *agency;
    const char *case_id;
    const char *filter;
    const char *after;
    uint32_t limit;
};

enum duban_do {
    DUBAN_DO_INSTALL,     /* files: taken together or not at all */
    DUBAN_DO_ACCEPT_TIME, /* the wall clock jumped and is right */
    DUBAN_DO_CHECKPOINT,
    DUBAN_DO_IMPORT /* events, dry_run: a case of an older system with its history */
};

struct duban_file {
    const char *path; /* below config/: procedures/minor.yaml */
    const void *bytes;
    size_t size;
};

/* What an operator does; it becomes a record. */
struct duban_act {
    enum duban_do what;
    const char *reason; /* why; required */
    const char *person;
    const char *role;
    const struct duban_file *files;
    size_t file_count;
    const struct duban_event *events; /* of one case, at most 256, in the order they came in */
    size_t event_count;
    int dry_run; /* judge it all, and keep nothing */
};

/*
 * Ask, or act, and wait: *json becomes the answer's documents, one a line
 * (reference/protocol.md has their shapes), to be given to free(). Neither is sent again by
 * itself: after DUBAN_TIMEOUT ask again; an act may have been done.
 */
enum duban_result duban_ask(struct duban *duban, const struct duban_question *question,
                            int timeout_ms, char **json);
enum duban_result duban_act(struct duban *duban, const struct duban_act *act, int timeout_ms,
                            char **json);

/* ---- the journal, past and live: at the door control.sock ---- */

struct duban_wish {
    uint64_t from_seq;   /* 1: from the first record; 0: only what comes from now on */
    const char *agency;  /* only this agency's records in full; NULL: every one's */
    const char *case_id; /* only this case's in full; or NULL */
    uint32_t credit;     /* records that may be on their way at once; 0: 256 */
};

/* One record. Yours until duban_record_free. */
struct duban_record {
    uint64_t seq;
    const char *json; /* what came in and what came of it; empty where it is hidden */
    uint8_t hash[32]; /* BLAKE2b-256 of seq (8 bytes, little-endian), the hash before, digest */
    uint8_t digest[32]; /* of its bytes: with the hash before it the chain can be checked */
};

/*
 * Follow the journal; one Follow at a time for a handle. Records come in order and without a
 * hole: after a lost connection, or when it was too slow, the library follows on from the last.
 * Keep the number of the last that you have dealt with, and begin behind it next time.
 */
enum duban_result duban_follow(struct duban *duban, const struct duban_wish *wish);
/* The next record. A negative time waits for ever. */
enum duban_result duban_next_record(struct duban *duban, int timeout_ms,
                                    struct duban_record **record);
/* NULL is fine. */
void duban_record_free(struct duban_record *record);

/* Why this thread's last call failed; lives until its next one. English, or Chinese where zh.
 * */
const char *duban_error(int zh);

#ifdef __cplusplus
}
#endif

#endif
