#ifndef DUBAN_CODEC_WIRE_H
#define DUBAN_CODEC_WIRE_H

/*
 * duban.v1 on the wire: frames to what the engine takes, and answers back to frames. The
 * generated types stay below this line. A frame is checked before it is unpacked (nesting,
 * counts, texts), and unpacked into the caller's arena, so it never costs more than that.
 */
#include "base/status.h"
#include "codec/record.h"

#define FRAME_BYTES_MAX ((size_t)256 * 1024)
#define ACT_BYTES_MAX   ((size_t)1 << 20) /* an install: a whole configuration at once */
#define BATCH_MAX       256
#define QUERY_TEXT_MAX  1024

enum wire_verb {
    WIRE_EVENT, /* the events door */
    WIRE_BATCH,
    WIRE_INSTALL, /* the control door */
    WIRE_CHECKPOINT,
    WIRE_BACKUP,
    WIRE_RELEASE,
    WIRE_ERASE,
    WIRE_DECIDE,
    WIRE_HOLD,
    WIRE_DEPUTE,
    WIRE_DISCLOSE,
    WIRE_MIGRATE,
    WIRE_ACCEPT_TIME,
    WIRE_IMPORT,
    WIRE_QUERY,
    WIRE_FOLLOW,
    WIRE_CREDIT, /* the work door too */
    WIRE_HELLO,  /* the work door */
    WIRE_BEGIN,
    WIRE_TOUCH,
    WIRE_RESULT, /* done, failed, in doubt */
    WIRE_BYE,
    WIRE_OTHER /* nothing this daemon does */
};

enum wire_question {
    WIRE_ASKS_STATUS,
    WIRE_ASKS_TIME,
    WIRE_ASKS_LOG,
    WIRE_ASKS_WHY,
    WIRE_ASKS_FIND,
    WIRE_ASKS_WORKERS,
    WIRE_ASKS_NOTICES,
    WIRE_ASKS_JOBS,
    WIRE_ASKS_QUEUES,
    WIRE_ASKS_PEOPLE,
    WIRE_ASKS_OTHER /* nothing this daemon knows */
};

/* As a query's at_least_seq: everything that is flushed when it comes. */
#define WIRE_ALL_THERE_IS UINT64_MAX

struct wire_query {
    enum wire_question question;
    uint64_t at_least_seq;
    struct text agency;
    struct text case_id;
    int64_t at_ms; /* log; 0: now */
    struct text filter;
    struct text after;
    uint32_t limit;
    bool words;             /* notices: what was said too */
    struct job_filter jobs; /* jobs */
    uint64_t after_job;
    struct text person; /* people; empty: all */
};

#define WIRE_NAME_MAX          64
#define WIRE_CHANNELS_MAX      8 /* of one worker */
#define WIRE_CHANNEL_BYTES_MAX 16
#define WIRE_TOKENS_MAX        1024 /* that a hello names */
#define WIRE_TOUCHED_MAX       256
#define WIRE_KEY_BYTES_MAX     96

/* Of WIRE_FOLLOW; of WIRE_CREDIT the credit alone. */
struct wire_follow {
    uint64_t from_seq; /* 0: from now on */
    struct text agency;
    struct text case_id;
    uint32_t credit;
};

/* What a worker says. */
struct wire_work {
    struct text name; /* WIRE_HELLO */
    const struct text *channels;
    uint32_t channel_count;
    struct text store;      /* whose tokens it names; empty: none's */
    struct text version;    /* of its program */
    const uint64_t *tokens; /* WIRE_HELLO: that it holds; WIRE_TOUCH: that it wants to keep */
    uint32_t token_count;
    uint64_t token; /* WIRE_BEGIN, WIRE_RESULT */
    struct text key;
    struct job_report report; /* WIRE_RESULT; neither job nor token are set */
};

/* A person's word about jobs. */
struct wire_decide {
    struct job_filter filter;
    enum job_step step; /* retry, resend, drop */
    uint32_t expect;
    bool dry;
};

struct wire_depute {
    struct text person;
    struct text deputy;
    struct text role;
    int32_t from; /* DATE_NONE: not given, or none */
    int32_t to;
    bool ends;
};

/* A request as it came. Texts live in the arena. */
struct wire_request {
    uint64_t number;
    enum wire_verb verb;
    const struct submission *submissions; /* one, or those of a batch or an import */
    uint32_t submission_count;
    const struct install_file *files; /* WIRE_INSTALL */
    uint32_t file_count;
    struct act act;      /* of every act: who, and why */
    bool dry;            /* WIRE_IMPORT, whose events are submissions */
    struct text folder;  /* WIRE_BACKUP */
    struct text agency;  /* WIRE_RELEASE: whose; empty: all. WIRE_ERASE: whose */
    struct text case_id; /* … and of one case; or empty */
    struct wire_migrate {
        struct text from; /* NAME@VERSION */
        struct text to;
        bool dry_run;
        uint64_t after;
    } migrate;                 /* WIRE_MIGRATE */
    struct wire_decide decide; /* WIRE_DECIDE */
    struct text channel;       /* WIRE_HOLD: else agency and case_id */
    bool off;                  /* WIRE_HOLD: taken back */
    struct wire_depute depute; /* WIRE_DEPUTE */
    uint64_t lease;            /* WIRE_DISCLOSE, of agency and case_id */
    struct wire_query query;   /* WIRE_QUERY */
    struct wire_follow follow; /* WIRE_FOLLOW, WIRE_CREDIT */
    struct wire_work work;     /* WIRE_HELLO to WIRE_BYE */
};

/*
 * STATUS_OK; STATUS_MALFORMED or STATUS_LIMIT with *why in words, and request->number where it
 * could be read; STATUS_NO_MEMORY: the arena is spent, and the frame may be tried with another.
 */
NODISCARD enum status wire_decode(struct bytes frame, struct arena *arena,
                                  struct wire_request *request, const struct message **why);

/* What is answered to one event. */
struct wire_receipt {
    enum wire_verdict {
        WIRE_APPLIED,
        WIRE_DUPLICATE,
        WIRE_WAITING,
        WIRE_REJECTED,
        WIRE_BUSY
    } verdict;
    enum wire_verdict first;
    uint64_t seq;
    uint32_t revision;
    struct text stage;
    const struct told *reasons;
    uint32_t reason_count;
    const struct told *nothings;
    uint32_t nothing_count;
    int64_t next_ms; /* INSTANT_NEVER: none */
    struct text id;
};

/* Frames in the arena; empty when it is spent. */
struct bytes wire_encode_receipts(uint64_t number, bool batch,
                                  const struct wire_receipt *receipts, uint32_t count,
                                  uint32_t generation, struct arena *arena);
/* `json` is one document; `seq` what it has seen. */
struct bytes wire_encode_answer(uint64_t number, struct text json, uint64_t seq,
                                struct arena *arena);
/* The same, of an answer that comes in parts, but for the last. */
struct bytes wire_encode_part(uint64_t number, struct text json, uint64_t seq,
                              struct arena *arena);
struct bytes wire_encode_error(uint64_t number, enum status status, const struct message *why,
                               struct arena *arena);

/* The words of malformed frames, for documentation. */
const struct message *const *wire_messages(uint32_t *count);

#endif
