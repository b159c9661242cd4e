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
 *     struct duban_receipt receipt;
 *     duban_send(duban, &event, 5000, &receipt);
 *     duban_close(duban);
 *
 * An event's identity is agency, case, source and id: it may be sent any number of times and
 * acts once. So the library sends again, with the same id, whatever stays unanswered, and a
 * program that died before its receipt simply sends the event again.
 *
 * A handle may be used from several threads; calls wait for one another. Nothing is printed.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct duban;

/* What a call answers. */
enum duban_result {
    DUBAN_OK = 0,
    DUBAN_TIMEOUT, /* nothing came within the time; what was sent is still under way */
    DUBAN_FULL,    /* too many events are unanswered: take receipts first */
    DUBAN_REFUSED, /* the daemon says the request itself is wrong; see duban_error */
    DUBAN_NETWORK, /* the endpoint cannot be used; see duban_error */
    DUBAN_NO_MEMORY
};

struct duban_options {
    uint32_t window;    /* events that may be unanswered at once; 0: 1024 */
    uint32_t resend_ms; /* an unanswered event is sent again after this; 0: 5000 */
};

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

/* Texts may be NULL where they are not needed. Everything is copied by the call. */
struct duban_event {
    const char *id;
    const char *source;
    const char *agency;
    const char *case_id;
    const char *type;
    int64_t occurred_at_ms;
    const char *person;
    const char *role;
    const char *const *with;
    size_t with_count;
    const struct duban_fact *facts;
    size_t fact_count;
    const struct duban_document *documents;
    size_t document_count;
    const char *note;
    const char *procedure; /* of an opening event */
    const char *unit;      /* of an opening event */
    int64_t wait_for_ms;
};

enum duban_verdict {
    DUBAN_APPLIED = 1,
    DUBAN_DUPLICATE,
    DUBAN_WAITING,
    DUBAN_REJECTED,
    DUBAN_BUSY
};

struct duban_reason {
    const char *code;
    const char *zh;
    const char *en;
    const char *law;
};

/* Texts live until the next call on the handle. */
struct duban_receipt {
    enum duban_verdict verdict;
    enum duban_verdict first; /* of a duplicate; else the same as verdict */
    uint64_t ticket;          /* of duban_publish */
    const char *id;
    uint64_t seq;
    uint32_t revision;
    const char *stage;
    int64_t next_at_ms; /* the case's next moment; 0: none */
    uint32_t generation;
    const struct duban_reason *reasons;
    size_t reason_count;
    const struct duban_reason *nothings; /* what had no effect */
    size_t nothing_count;
};

/* Connect. The daemon need not be there yet. options may be NULL. On failure *duban is NULL. */
enum duban_result duban_open(struct duban **duban, const char *endpoint,
                             const struct duban_options *options);
/* Close; what is unanswered is forgotten here, not there. NULL is fine. */
void duban_close(struct duban *duban);

/* Send an event and go on; its receipt comes by duban_next with this ticket. */
enum duban_result duban_publish(struct duban *duban, const struct duban_event *event,
                                uint64_t *ticket);
/* The next receipt, of whichever event. A negative time waits for ever. */
enum duban_result duban_next(struct duban *duban, int timeout_ms,
                             struct duban_receipt *receipt);
/* Send one event and wait for its receipt. Not to be mixed with duban_publish on one handle. */
enum duban_result duban_send(struct duban *duban, const struct duban_event *event,
                             int timeout_ms, struct duban_receipt *receipt);

/* How many events are unanswered. */
size_t duban_unanswered(struct duban *duban);
/* A descriptor that becomes readable when duban_next may have something: for poll(). It is
 * edge-triggered; call duban_next with time 0 until it times out. */
int duban_fd(struct duban *duban);
/* What the last failure was, in English; lives until the next call. */
const char *duban_error(struct duban *duban);

#ifdef __cplusplus
}
#endif

#endif
