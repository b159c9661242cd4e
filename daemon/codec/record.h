#ifndef DUBAN_CODEC_RECORD_H
#define DUBAN_CODEC_RECORD_H

/*
 * A record of the journal as bytes and back: what came in, the `now` it was stepped with, and
 * what came of it, as data. Everything else the daemon knows follows from the records.
 *
 * To change a record: raise RECORD_VERSION, keep the old reader beside the new one, add what
 * the last release wrote to tests/unit/codec/test_record.c. Never change the meaning of bytes
 * already written.
 */
#include "base/bytes.h"
#include "codec/job.h"
#include "core/step.h"

#define RECORD_VERSION 3

#define DOCUMENTS_MAX     64
#define INSTALL_FILES_MAX 1024
#define IMPORT_EVENTS_MAX 256

/* A document as an event names it; only its kind is judged. */
struct document {
    struct text kind;
    struct text title;
    struct text sha256;
    struct text uri;
};

/* An event as a publisher hands it in. Its identity is agency, case id, source and id. */
struct submission {
    struct text id;
    struct text source;
    struct text agency; /* whose case it is */
    struct text case_id;
    struct text procedure;    /* of an opening event */
    struct text actor_agency; /* of the actor, where it is another */
    struct text traceparent;
    int64_t wait_ms;    /* how long it may wait for its case or a rule; 0: not at all */
    struct event event; /* its documents are the kinds of these: */
    const struct document *documents;
    uint32_t document_count;
};

/* The source of what the daemon makes itself by a rule's `open` or `tell`, once for each record
 * and place in it (`812.0.guidance`). Nobody else may use it. */
#define SUBMISSION_MADE_SOURCE "duban"
bool submission_is_made(const struct submission *submission);

/* A file of an install, whole: path and bytes. */
struct install_file {
    struct text path;
    struct text bytes;
};

/* Who did something as an operator, and why. */
struct act {
    struct text reason;
    struct text person;
    struct text role;
};

/* Each with the word that programs know it by. */
#define ACT_KINDS(X)                                                                         \
    X(ACT_ACCEPT_TIME, "accept_time") /* the wall clock had jumped and is right */           \
    X(ACT_CHECKPOINT, "checkpoint")   /* the state was saved */                              \
    X(ACT_RESTORE, "restore")         /* from a backup: what was due meanwhile is on hold */ \
    X(ACT_RELEASE, "release")   /* what a restore put on hold: a case's, an agency's, all */ \
    X(ACT_BACKUP, "backup")     /* a copy of the store was begun */                          \
    X(ACT_ERASE, "erase")       /* the key of a closed case's private facts is destroyed */  \
    X(ACT_HOLD, "hold")         /* nothing leaves over a channel, or about a case */         \
    X(ACT_UNHOLD, "unhold")     /* … that is taken back */                                 \
    X(ACT_DISCLOSE, "disclose") /* somebody looked at what told a private fact of a case */

#define RECORD_KINDS(X)                                                                     \
    X(RECORD_EVENT, "event")     /* a publisher's, applied, rejected or set to wait */      \
    X(RECORD_REST, "rest")       /* an event that waited comes to rest */                   \
    X(RECORD_MOMENT, "moment")   /* a case's next moment fell due */                        \
    X(RECORD_DERIVED, "derived") /* a case's live clocks, derived again after an install */ \
    X(RECORD_INSTALL, "install")                                                            \
    X(RECORD_ACT, "act")           /* an operator's, that changes no case */                \
    X(RECORD_MIGRATED, "migrated") /* a case was taken over to another version */           \
    X(RECORD_JOB, "job")           /* what became of a notice on its way */                 \
    X(RECORD_IMPORT, "import")     /* a case of an older system, with its history */

#define RECORD_VERDICTS(X)       \
    X(RECORD_APPLIED, "applied") \
    X(RECORD_WAITING, "waiting") \
    X(RECORD_REJECTED, "rejected")

#define RECORD_ENUM(name, word) name,
enum act_kind { ACT_KINDS(RECORD_ENUM) };
enum record_kind { RECORD_KINDS(RECORD_ENUM) };
enum record_verdict { RECORD_VERDICTS(RECORD_ENUM) };
#undef RECORD_ENUM

struct text act_kind_word(enum act_kind kind);
struct text record_kind_word(enum record_kind kind);
struct text record_verdict_word(enum record_verdict verdict);

/* A reason in words: what a receipt says, today and whenever it is asked for again. */
struct told {
    struct text code;
    struct text zh;
    struct text en;
    struct text law;
};

struct record {
    enum record_kind kind;
    int64_t now_ms; /* the later of the wall clock and the last record's */

    /* what came in */
    /* RECORD_EVENT. Of RECORD_REST the event's facts alone, as they were stepped, where it had
     * waited for a case not yet there: of the waiting ones nobody knew what is private. */
    struct submission submission;
    uint64_t of_seq; /* RECORD_REST: the record of the event that waited */
    bool wait_over;  /* RECORD_REST: its time had run out */
    uint64_t number; /* of the case; 0: none was found */
    int64_t due_ms;  /* RECORD_MOMENT */
    const struct install_file *files;
    uint32_t file_count;
    const struct submission *submissions; /* RECORD_IMPORT */
    uint32_t submission_count;
    struct act act;         /* RECORD_INSTALL, RECORD_ACT, RECORD_MIGRATED, RECORD_IMPORT */
    enum act_kind act_kind; /* RECORD_ACT */
    int64_t wall_ms;        /* ACT_ACCEPT_TIME: what the wall clock said */
    uint32_t generation;    /* ACT_RESTORE: of the store, from here on */
    struct text of_agency;  /* ACT_RELEASE: whose; empty: all. ACT_ERASE: whose */
    struct text of_case;    /* … and of one case; or empty, not of ACT_ERASE */
    struct text of_channel; /* ACT_HOLD, ACT_UNHOLD: then neither agency nor case */
    uint64_t of_lease;      /* ACT_DISCLOSE: the words that went with it */
    struct text folder;     /* ACT_BACKUP: where to */
    uint32_t of_procedure;  /* RECORD_MIGRATED: the number of the one it came from */
    struct job_report job;  /* RECORD_JOB */

    /* what came of it */
    enum record_verdict verdict;
    uint32_t procedure; /* number of the case's, as installed; 0: no case */
    uint32_t revision;
    uint16_t stage;      /* NO_INDEX: no case */
    int64_t next_due_ms; /* the earliest due instant of its running clocks; or never */
    const struct told *reasons;
    uint32_t reason_count;
    const struct effect *effects; /* without labels */
    uint32_t effect_count;
    struct bytes delta; /* of the case's state; empty: it stayed */
    const struct job_change *jobs;
    uint32_t job_count;
};

/* Write into `room`; STATUS_LIMIT where it does not fit. */
NODISCARD enum status record_encode(const struct record *record, uint8_t *room,
                                    size_t room_bytes, struct bytes *out);
/* Read into the arena, texts borrowed from the bytes. Any bytes may be given. */
NODISCARD enum status record_decode(struct bytes bytes, struct arena *arena,
                                    struct record *record);

/*
 * The content of a submission in canonical form (facts by name), and its identity: what tells
 * whether an event that comes again is the same. STATUS_LIMIT where the room is too small.
 */
NODISCARD enum status submission_content(const struct submission *submission, uint8_t *room,
                                         size_t room_bytes, struct bytes *out);
NODISCARD enum status submission_identity(const struct submission *submission, uint8_t *room,
                                          size_t room_bytes, struct bytes *out);

#endif
