#ifndef DUBAN_CORE_STEP_H
#define DUBAN_CORE_STEP_H

/*
 * The heart: what one event, or one moment falling due, does to one case. Reads nothing but its
 * arguments, writes nothing but the outcome (in the caller's arena), and answers the same today
 * and on replay. The daemon, the simulator, the fuzzer and `what-if` all run this.
 */
#include "core/installed.h"
#include "core/state.h"

#define CARRIED_MAX FACTS_MAX
#define ACTORS_MAX  32
#define EFFECTS_MAX 4096
#define REASONS_MAX 64
#define FUTURE_MS   ((int64_t)120000) /* how far ahead an event may lie */

/* A fact as an event carries it: its text form, typed by the rule that takes it. */
struct carried {
    struct text name;
    struct text value;
    bool sealed; /* the value is bytes that nobody reads here; empty: they were not kept */
    bool unfit;  /* sealed, and its words are none of the fact's type */
};

/* What somebody says happened. All texts are borrowed for the step, and for as long as the
 * state that came of it is used. */
struct event {
    struct text type;
    int64_t occurred_ms;
    int64_t received_ms; /* when it came, of one that waited since; 0: now */
    struct text person;  /* who acted; empty for an outside role without one */
    struct text role;
    const struct text *with; /* persons who acted with him */
    uint32_t with_count;
    const struct carried *facts;
    uint32_t fact_count;
    const struct text *documents; /* their kinds */
    uint32_t document_count;
    struct text note;
    struct text unit; /* of an opening event */
    /* The address of the case that makes it, by a rule of its own: there it was judged who may
     * and how late. Empty: somebody reports it. */
    struct text sender;
};

enum verdict {
    VERDICT_APPLIED,
    VERDICT_REJECTED, /* nothing moved; the reasons say why */
    VERDICT_NO_RULE   /* nobody waits for it in this stage: rejected too, unless it may wait */
};

/* Why an event was refused. The words are the message's, or the need's own label. */
struct reason {
    struct text code;
    const struct message *message; /* NULL: the label speaks */
    const struct label *label;     /* of the need, apart, clock …; NULL without one */
    struct text arguments[PROBLEM_ARGUMENTS];
    const struct guard *guard; /* the one that failed, to be explained; or NULL */
    const struct need *need;   /* the need that refused; or NULL */
};

#define EFFECT_KINDS(X)                                                                        \
    X(EFFECT_FACT, "fact")           /* fact */                                                \
    X(EFFECT_ASSIGNED, "assigned")   /* role, text: person */                                  \
    X(EFFECT_RELEASED, "released")   /* role, text: person no longer assigned */               \
    X(EFFECT_STARTED, "started")     /* clock */                                               \
    X(EFFECT_CANCELLED, "cancelled") /* clock */                                               \
    X(EFFECT_PAUSED, "paused")       /* clock, ground */                                       \
    X(EFFECT_RESUMED, "resumed")     /* clock, ground */                                       \
    X(EFFECT_EXTENDED, "extended")   /* clock, length */                                       \
    X(EFFECT_ENDED, "ended")         /* clock: met, used, overdue, elapsed, capped … */      \
    X(EFFECT_DERIVED, "derived")     /* clock: its date was derived again */                   \
    X(EFFECT_ACKNOWLEDGED, "acknowledged") /* clock */                                         \
    X(EFFECT_STAGE, "stage")               /* stage entered */                                 \
    X(EFFECT_CLOSED, "closed")             /* outcome in text */                               \
    X(EFFECT_HELD, "held")                 /* notices wait from here on */                     \
    X(EFFECT_UNHELD, "unheld")                                                                 \
    X(EFFECT_NOTICE, "notice")       /* clock entry, or a rule's or stage's notify */          \
    X(EFFECT_REVIEW, "review")       /* a long pause is told to the clock's owner */           \
    X(EFFECT_MOVED, "moved")         /* receivers are told of an old and a new date */         \
    X(EFFECT_WITHDRAWN, "withdrawn") /* those told of a breach are told that there was none */ \
    X(EFFECT_SKIPPED, "skipped")     /* a past reminder or rung that does not go out */        \
    X(EFFECT_DEFECT, "defect")       /* text: code */                                          \
    X(EFFECT_CORRECTED, "corrected") /* fact, clock or stage; text: old to new */              \
    X(EFFECT_NOTHING, "nothing")     /* a verb that did nothing; message says why */           \
    X(EFFECT_OPENS, "opens")         /* text: the address of a case that it opens */           \
    X(EFFECT_TELLS, "tells")         /* text: the address of a case that it tells */           \
    X(EFFECT_MIGRATED, "migrated")   /* text: name@version, from here on */                    \
    X(EFFECT_STRANDED, "stranded")   /* the officer is told that it waits for nothing */

#define EFFECT_ENUM(name, word) name,
enum effect_kind { EFFECT_KINDS(EFFECT_ENUM) };
#undef EFFECT_ENUM

/* What came of it, in the order it came. Fields that a kind has no use for are 0 or
 * NO_INDEX. */
struct effect {
    enum effect_kind kind;
    uint16_t fact;
    uint16_t stage;
    uint16_t clock;
    uint16_t number; /* the clock's instance */
    uint16_t ground;
    uint16_t entry;  /* EFFECT_NOTICE of a clock's: its entry */
    uint16_t role;   /* the receiver by the entry's words */
    bool to_officer; /* outside, without address or consent: the officer hands it over */
    uint16_t notice;
    bool urgent;
    bool held; /* the case is on hold: it waits */
    bool provisional;
    int64_t at_ms;             /* a moment's own instant; else the event's */
    int64_t late_ms;           /* by how much a moment fired late */
    int32_t last_day;          /* of the clock, after it */
    int32_t old_day;           /* EFFECT_MOVED, EFFECT_DERIVED: before it */
    enum instance_state state; /* of the clock, after it */
    struct length length;
    struct text text;
    const struct label *label;     /* of a defect */
    const struct message *message; /* EFFECT_NOTHING */
};

#define EFFECT_LAST    EFFECT_STRANDED
#define DISPATCHES_MAX 64  /* of one step */
#define CASE_ID_MAX    64  /* bytes of the number of a case */
#define ADDRESS_MAX    128 /* `AGENCY:CASE` */

/* An event for another case, made by a rule; its texts live in the step's arena. */
struct dispatch {
    const struct errand *errand;
    struct text agency;
    struct text case_id;
    const struct carried *facts;
    uint32_t fact_count;
    int64_t occurred_ms;
    struct text person; /* who acted here acts there */
    const struct text *with;
    uint32_t with_count;
};

/* Room that one step may take in the arena, at most. */
#define STEP_ARENA_BYTES ((size_t)2 * 1024 * 1024)

struct text effect_word(enum effect_kind kind);

struct step {
    const struct procedure *procedure;
    const struct installed *installed;
    const struct agency *agency;     /* the case's */
    const struct case_state *before; /* phase CASE_NEW for an opening event */
    int64_t now_ms;
};

struct outcome {
    enum verdict verdict;
    const struct rule *rule; /* the one taken; NULL where a standing or own event had none */
    struct reason *reasons;
    uint32_t reason_count;
    struct effect *effects;
    uint32_t effect_count;
    struct dispatch *dispatches; /* each has its effect, in the same order */
    uint32_t dispatch_count;
    struct case_state after; /* the same as before unless applied */
};

/*
 * Take an event into a case. Unless the verdict is VERDICT_APPLIED `after` equals `before`, but
 * for defects that a refusing need leaves; nothing is half done. False: the arena is spent, or
 * a limit of the state would be passed (then the verdict says `limit`).
 */
NODISCARD bool case_step(const struct step *step, const struct event *event,
                         struct arena *arena, struct outcome *outcome);

/* Fire what is due at the case's next moment, which must not lie after now. Never refused. */
NODISCARD bool case_fire(const struct step *step, struct arena *arena, struct outcome *outcome);

/*
 * Derive every live clock again after something installed changed what it asked (a calendar).
 * `changed` tells whether anything moved; without it `after` equals `before`.
 */
NODISCARD bool case_derive(const struct step *step, struct arena *arena,
                           struct outcome *outcome, bool *changed);

/*
 * Whether what an event carries under a name is to be sealed before it is stepped or kept: a
 * private fact, or nothing that the procedure knows, for a misspelt name may hold anything.
 * *fit: whether its words may be what they are meant for.
 */
bool event_seals(const struct procedure *procedure, const struct event *event,
                 const struct carried *carried, int64_t zone_ms, bool *fit);

/*
 * Take a case that is not closed over to another version: `step->procedure` is the new one,
 * `step->before` stands under the `old`. By names, or what `migrates` says of them; starts and
 * pauses are kept, dates derived anew. Refused, with every reason, where something of the case
 * would be lost; then `after` means nothing.
 */
NODISCARD bool case_migrate(const struct step *step, const struct procedure *old,
                            struct arena *arena, struct outcome *outcome);
/* What a role or a clock of the old version is in the new one; NO_INDEX: it is no more. */
uint16_t migrated_role(const struct procedure *old, const struct procedure *new, uint16_t role);
uint16_t migrated_clock(const struct procedure *old, const struct procedure *new,
                        uint16_t clock);

/* A reason's code of the core's own, for tests and documentation. */
const struct message *const *step_messages(uint32_t *count);

#endif
