#ifndef DUBAN_CORE_PROCEDURE_H
#define DUBAN_CORE_PROCEDURE_H

/*
 * A procedure as data: what procedures.md describes, with every name turned into a number and
 * every guard compiled. Built by the loader in an arena, checked, then never changed; the
 * engine knows no stage, role or limit but through this.
 */
#include "core/due.h"
#include "core/guard.h"

#define ROLES_MAX     64 /* a set of roles is a 64-bit mask */
#define FACTS_MAX     128
#define CLOCKS_MAX    64
#define STAGES_MAX    64
#define OFFERS_MAX    64 /* events of one stage */
#define ANYTIME_MAX   128
#define EVENTS_MAX    256
#define GROUNDS_MAX   64
#define SLOTS_MAX     64 /* entries times receivers of one clock */
#define RECEIVERS_MAX 16
#define EXTENDS_MAX   16 /* named extensions of one clock */
#define ACCRUES_MAX   8  /* amounts that one accrual is a part of */
#define ERRANDS_MAX   16 /* of one rule */
#define YEARLY_MAX    24 /* dates of the year of one clock */

#define NO_INDEX 0xffff /* of anything that may be absent */

/* What may stand at every entry. */
struct label {
    struct text zh;
    struct text en;
    struct text law;
    struct mark mark;
};

struct fact_mask {
    uint64_t bits[FACTS_MAX / 64];
};

struct role {
    struct text name;
    struct label label;
    bool assigned;      /* bound per case by case.assigned */
    bool outside;       /* not of the agency */
    bool above;         /* looked for in the parent agency too */
    uint16_t reach_sms; /* outside: the facts that hold address and consent, or NO_INDEX */
    uint16_t reach_mail;
    uint16_t consent;
};

struct fact {
    struct text name;
    struct label label;
    enum value_type type;
    struct choices choices; /* VALUE_CHOICE, VALUE_SET */
    bool private;           /* sealed; guards may ask only has() of it */
    struct text registry;   /* its value must be a key of this register; empty: none */
};

/* A condition with a name: the code of its refusal or of the defect it leaves. */
struct need {
    struct text name;
    struct label label;
    const struct guard *that;
    bool defect;                 /* a need: refusing leaves a defect too; a warn always does */
    const struct notify *notify; /* warns: told when it does not hold; NULL: nobody */
};

/* Words to receivers. */
struct notify {
    const uint8_t *to; /* roles, in order, each once */
    uint32_t to_count;
    uint16_t notice;
    struct mark mark;
};

struct notice {
    struct text name;
    struct label label;
    bool declared;             /* it stands under `notices`; else only named by use */
    const struct text *values; /* what its template may use */
    uint32_t value_count;
};

/* A reminder or a rung: one slot for each receiver. */
struct entry {
    struct text name;
    struct label label;
    bool rung;
    bool at_due;          /* `at: due`: the due instant itself */
    struct length offset; /* signed */
    const uint8_t *to;    /* roles, in order, each once */
    uint32_t to_count;
    uint16_t notice;
    const struct guard *when; /* NULL: always */
    bool repeats;
    struct length every;
    bool last_rung; /* its repeats never stop, only wait for `review` when acknowledged */
    bool any_day;
    bool urgent;
    uint32_t first_slot;
};

/* A length that stands there, or is held by a fact. */
struct length_source {
    bool given;
    uint16_t fact; /* NO_INDEX: `length` holds it */
    struct length length;
};

struct extend {
    struct text name;
    struct label label;
    uint64_t by;               /* roles of the standing event */
    struct length_source upto; /* not given: any length */
    const struct need *needs;
    uint32_t need_count;
};

/* A date of every year; the 29th of February is the last of the month in other years. */
struct yearly {
    uint8_t month;
    uint8_t day;
};

enum clock_kind { CLOCK_DUTY, CLOCK_WINDOW, CLOCK_ACCRUAL };

struct clock {
    struct text name;
    struct label label;
    enum clock_kind kind;
    uint16_t owner;           /* role */
    const struct guard *when; /* judged after `set`; NULL: always */
    enum due_kind due;
    struct length_source length; /* DUE_LENGTH, DUE_BEFORE */
    uint16_t date_fact;          /* DUE_UNTIL, DUE_BEFORE; NO_INDEX: the next of `yearly` */
    struct yearly yearly[YEARLY_MAX];
    uint32_t yearly_count;
    bool recurs;                      /* begins anew by itself once it has ended */
    uint16_t accrues_of[ACCRUES_MAX]; /* DUE_ACCRUAL: money facts; what of the others is unset
                                         adds nothing, the first must be set */
    uint32_t accrues_count;
    int32_t percent;
    int32_t cap; /* percent */
    bool roll_forward;
    bool roll_given;        /* `roll` stands there: what the law says, not our default */
    struct length grace;    /* count 0: none */
    uint16_t per;           /* fact whose value tells instances apart, or NO_INDEX */
    uint64_t pause_grounds; /* grounds; 0: never paused */
    uint64_t pause_by;      /* roles of the standing event */
    const struct mark *ground_marks; /* by ground: where it stands here */
    struct length review;            /* of a long pause, and of an acknowledged last rung */
    const struct extend *extends;
    uint32_t extend_count;
    const struct entry *entries; /* reminders, then rungs, each in the order written */
    uint32_t entry_count;
    uint32_t slot_count;
};

/* A verb of a rule about one clock. */
struct clock_act {
    uint16_t clock;
    uint16_t ground;           /* pause, resume */
    const struct guard *value; /* extend: length; meet: date or instant, NULL: the event's */
    struct mark mark;
};

struct assignment {
    uint16_t fact;
    const struct guard *value;
    struct mark mark;
};

/* Where a rule leads. */
struct branch {
    struct text name; /* empty for a plain `to: stage` */
    struct label label;
    const struct guard *when; /* NULL: else */
    uint16_t stage;
};

/* A fact that an errand hands over, by its name in the other procedure. */
struct handed {
    struct text name;
    const struct guard *value;
    bool word; /* a bare word: one of the values of a choice there */
    struct mark mark;
};

/*
 * What a rule does in another case: it opens one, or tells one of something. That case judges
 * it as any event; names there are the other procedure's, so they stay words.
 */
struct errand {
    struct text name;
    struct label label;
    bool opens;                    /* else it tells */
    const struct text *procedures; /* what the other case is of; one that it opens is of one */
    uint32_t procedure_count;
    struct text event;
    struct text role;           /* it acts there in this role */
    const struct guard *when;   /* judged after the rule has acted; NULL: always */
    const struct guard *agency; /* opens: whose case it is; NULL: this one's agency */
    const struct guard *to;     /* tells: the other case's address */
    uint16_t kept;              /* opens: the text fact that keeps its address, or NO_INDEX */
    int64_t wait_ms;            /* tells: how long it may wait there */
    const struct handed *facts;
    uint32_t fact_count;
};

struct rule {
    struct text name; /* empty for an event's only rule */
    struct label label;
    const struct guard *when; /* NULL: always */
    uint64_t by;              /* roles; 0: any inside role */
    struct fact_mask takes;   /* must be carried */
    struct fact_mask may_take;
    bool keep;        /* what is carried is set; false: only recorded */
    uint64_t assigns; /* roles the event carries and binds */
    const struct text *documents;
    uint32_t document_count;
    const struct need *needs;
    uint32_t need_count;
    const struct need *warns;
    uint32_t warn_count;
    const struct assignment *sets;
    uint32_t set_count;
    struct fact_mask unsets; /* facts that are not known any more */
    const struct clock_act *cancels;
    uint32_t cancel_count;
    const struct clock_act *starts;
    uint32_t start_count;
    const struct clock_act *resumes;
    uint32_t resume_count;
    const struct clock_act *pauses;
    uint32_t pause_count;
    const struct clock_act *extends;
    uint32_t extend_count;
    const struct clock_act *meets;
    uint32_t meet_count;
    const struct branch *to; /* none: the stage stays */
    uint32_t to_count;
    const struct errand *errands; /* in the order written, those that open first */
    uint32_t errand_count;
    const struct notify *notifies;
    uint32_t notify_count;
    struct length backdate; /* count 0: the procedure's */
    bool backdate_given;
    uint64_t in; /* stages, of an `anytime` rule; 0: every one that is not final */
};

/* An event and its rules, in the order judged. */
struct offer {
    uint16_t event;
    const struct rule *rules;
    uint32_t rule_count;
    struct mark mark;
};

struct stage {
    struct text name;
    struct label label;
    bool no_limit; /* nothing need be running here */
    struct label no_limit_label;
    const struct clock_act *starts; /* enter */
    uint32_t start_count;
    const struct clock_act *cancels;
    uint32_t cancel_count;
    const struct notify *notifies;
    uint32_t notify_count;
    const struct offer *offers;
    uint32_t offer_count;
    bool final;
    struct text outcome; /* of a final one */
    uint64_t outlives;   /* clocks */
};

/* What an event's name means. */
enum event_family {
    EVENT_ORDINARY, /* of the procedure's own */
    EVENT_ASSIGNED, /* the standing events */
    EVENT_NOTED,
    EVENT_CLOCK_PAUSED,
    EVENT_CLOCK_RESUMED,
    EVENT_CLOCK_EXTENDED,
    EVENT_CLOCK_ACKNOWLEDGED,
    EVENT_ON_HOLD,
    EVENT_OFF_HOLD,
    EVENT_DELIVERED,
    EVENT_BOUNCED,
    EVENT_CORRECTED,
    EVENT_UNTOLD,   /* an errand of this case came to nothing */
    EVENT_CLOCK_END /* the daemon's own: clock.x.overdue | elapsed | capped */
};

struct event_name {
    struct text name;
    struct label label;
    enum event_family family;
    uint16_t clock; /* EVENT_CLOCK_END */
};

struct define {
    struct text name;
    struct label label;
    const struct guard *guard;
};

struct ground {
    struct text name;
    struct label label;
};

/* Never the same person in these roles of one case. */
struct apart {
    struct text name;
    struct label label;
    uint64_t roles;
};

/* People's words for anything else that has a name: choices, outcomes, documents. */
struct word {
    struct text name;
    struct label label;
};

/* What a version calls otherwise than those before it, and what it has no more. */
enum renamed_kind { RENAMED_STAGE, RENAMED_CLOCK, RENAMED_FACT, RENAMED_ROLE, RENAMED_KINDS };

struct renamed {
    struct text old;
    struct text name; /* of this version */
    struct mark mark;
};

struct migrates {
    const struct renamed *renamed[RENAMED_KINDS];
    uint32_t renamed_count[RENAMED_KINDS];
    const struct text *gone; /* facts, clocks and roles that a case of before may lose */
    uint32_t gone_count;
};

struct procedure {
    struct text name;
    uint32_t version;
    struct label label;
    int32_t from;
    struct length backdate; /* 7d unless it says otherwise */
    bool layer;             /* opens no case */
    const struct role *roles;
    uint32_t role_count;
    const uint8_t *chain; /* roles, from the lowest */
    uint32_t chain_count;
    const struct apart *aparts;
    uint32_t apart_count;
    const struct fact *facts;
    uint32_t fact_count;
    const struct word *words;
    uint32_t word_count;
    const struct define *defines;
    uint32_t define_count;
    const struct need *needs; /* the top ones */
    uint32_t need_count;
    const struct ground *grounds;
    uint32_t ground_count;
    const struct clock *clocks;
    uint32_t clock_count;
    const struct stage *stages;
    uint32_t stage_count;
    struct choices stage_names;      /* the same, as the values of case.stage */
    const struct event_name *events; /* every name used, standing ones included */
    uint32_t event_count;
    const struct offer *opens;
    uint32_t open_count;
    const struct offer *anytime;
    uint32_t anytime_count;
    const struct notice *notices;
    uint32_t notice_count;
    struct migrates migrates;
    uint64_t digest; /* of the merged whole, canonical: a number never changes its content */
};

/* Find by name; NO_INDEX where there is none. */
uint16_t procedure_role(const struct procedure *procedure, struct text name);
uint16_t procedure_fact(const struct procedure *procedure, struct text name);
uint16_t procedure_clock(const struct procedure *procedure, struct text name);
uint16_t procedure_stage(const struct procedure *procedure, struct text name);
uint16_t procedure_event(const struct procedure *procedure, struct text name);
uint16_t procedure_ground(const struct procedure *procedure, struct text name);

/* The family of an event's name by itself, whether a procedure names it or not. */
enum event_family event_family_of(struct text name);
/* The word of the end of such a clock: overdue, elapsed, capped. */
struct text clock_end_word(enum clock_kind kind);

/* `--12-31`; false where no year has such a date. */
bool yearly_parse(struct text text, struct yearly *yearly);

/* The rules for an event, or NULL. */
const struct offer *offer_find(const struct offer *offers, uint32_t count, uint16_t event);
/* Whether an `anytime` rule is taken in a stage. */
bool rule_is_in(const struct procedure *procedure, const struct rule *rule, uint16_t stage);

/* The assigned officer: told where an outside receiver cannot be, and of an outside owner's
 * missed duty: the lowest assigned role of the chain, else the first assigned inside role,
 * else the lowest of the chain; NO_INDEX where a procedure has no inside role. */
uint16_t procedure_officer(const struct procedure *procedure);

/* A label's words in a language, falling back to the other and then to the name. */
struct text label_words(const struct label *label, struct text name, bool zh);

bool fact_mask_has(const struct fact_mask *mask, uint16_t fact);
void fact_mask_add(struct fact_mask *mask, uint16_t fact);

#endif
