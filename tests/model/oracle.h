#ifndef DUBAN_MODEL_ORACLE_H
#define DUBAN_MODEL_ORACLE_H

/*
 * A second opinion on what becomes of a case: written from procedures.md and time.md alone, with the
 * simplest code that could be right. A case keeps what happened (starts, pauses, extensions, who
 * was told); every other answer is found again by walking whenever somebody asks.
 */
#include "core/step.h"
#include "model/walk.h"

enum {
    ORACLE_INSTANCES = 192,
    ORACLE_STOPS = WALK_PAUSES,
    ORACLE_PEOPLE = 128,
    ORACLE_TOLD = 65536,
    ORACLE_EFFECTS = 32768,
    ORACLE_CODES = 64,
    ORACLE_DEFECTS = 64
};

/* The world in which it stands. */
struct oracle_world {
    const struct procedure *procedure;
    const struct installed *installed;
    uint16_t agency;
    struct walker walker;
};

struct oracle_instance {
    uint16_t clock;
    uint16_t number;
    enum instance_state state;
    struct value per;
    int64_t started_ms;
    int32_t day0;
    int32_t date;
    struct length length;
    int64_t principal;
    int32_t floor;
    int64_t ended_ms;
    bool reported_late;
    int64_t armed_ms;
    int64_t passed_ms;      /* repeats that a calendar moved before this are passed over */
    bool forgotten;         /* ended, and a later one of its clock has ended too */
    uint32_t born;          /* the case's revision when it started */
    int64_t told_due_ms;    /* the due instant that what was told speaks of */
    uint32_t told_from;     /* where in the log that begins */
    struct walk_due frozen; /* of an ended one: as it was then */
    int64_t acked_ms;       /* INSTANT_NONE */
    uint32_t acked_told;    /* of what the log held then, rungs are acknowledged */
    int64_t review_ms;      /* while paused: the next review */
    int32_t promised;       /* the latest last day that an outside receiver was told of */
};

struct oracle_stop {
    uint16_t instance; /* its place in the case */
    bool pause;
    uint16_t ground;
    bool no_effect;
    struct walk_pause interval;
    struct length length;
};

struct oracle_person {
    uint16_t role;
    struct text person;
    bool assigned;
    bool was_assigned;
    bool acted;
};

/* An entry that went out to a receiver, or was passed over. */
struct oracle_told {
    uint16_t instance;
    uint16_t entry;
    uint16_t receiver;
    bool sent;
    bool withdrawn; /* from here on what was told before counts as not told */
    int64_t at_ms;  /* the moment's own instant */
};

struct oracle_case {
    enum case_phase phase;
    uint16_t stage;
    bool on_hold;
    bool stranded;     /* it waits for nothing where it may not */
    int64_t strand_ms; /* when somebody is told of that again */
    struct text unit;
    int64_t opened_ms;
    uint32_t revision;
    struct value facts[FACTS_MAX];
    uint32_t instance_count;
    uint32_t stop_count;
    uint32_t person_count;
    uint32_t defect_count;
    uint32_t defects_beyond;
    uint32_t told_count; /* how much of the log is this case's past */
    struct oracle_instance instances[ORACLE_INSTANCES]; /* from here on as many as counted */
    struct oracle_stop stops[ORACLE_STOPS];
    struct oracle_person people[ORACLE_PEOPLE];
    struct text defects[ORACLE_DEFECTS];
};

struct oracle_effect {
    enum effect_kind kind;
    uint16_t clock;
    uint16_t number;
    uint16_t entry;
    uint16_t role;
    uint16_t notice;
    uint16_t stage;
    bool to_officer;
    bool urgent;
    bool held;
    bool provisional;
    int64_t at_ms;
    int64_t late_ms;
    int32_t last_day;
    int32_t old_day;
    enum instance_state state;
    struct text text;
};

/* An event on its way through the oracle: somebody's, or the daemon's own. */
struct oracle_event {
    const struct event *event; /* NULL: the daemon's own */
    uint16_t type;             /* in the procedure; NO_INDEX: not named there */
    enum event_family family;
    int64_t occurred_ms;
    int64_t start_ms; /* from where exact lengths run */
    int64_t now_ms;
    int64_t armed_ms; /* what it arms is armed then */
    uint16_t role;
    struct value carried[FACTS_MAX]; /* known: carried and readable */
    bool own;
    int32_t own_day; /* the ended clock's last day */
};

struct oracle {
    struct oracle_world world;
    struct oracle_case now;  /* the case as it stands */
    struct oracle_case next; /* the case in the making */
    struct oracle_told told[ORACLE_TOLD];
    struct oracle_effect effects[ORACLE_EFFECTS]; /* of the last step */
    uint32_t effect_count;
    struct text codes[ORACLE_CODES]; /* why it was refused */
    uint32_t code_count;
    enum verdict verdict;
    const struct oracle_event *event; /* in hand */
};

/* Questions and moves; all change `now` only when they apply. */
void oracle_begin(struct oracle *oracle, const struct oracle_world *world);
void oracle_take(struct oracle *oracle, const struct event *event, int64_t now_ms);
/* The case's next moment; INSTANT_NEVER without one. */
int64_t oracle_next(struct oracle *oracle);
int64_t oracle_next_of(struct oracle *oracle, const struct oracle_case *state);
/* Which entry of which instance that is; false: none, or an end or a review. */
bool oracle_next_entry(struct oracle *oracle, uint32_t *place, uint16_t *entry);
/* Fire all that is due by now. */
void oracle_fire(struct oracle *oracle, int64_t now_ms);
/* A calendar was installed. */
void oracle_derive(struct oracle *oracle, const struct installed *installed,
                   const struct walk_calendar *calendar, int64_t now_ms);
/* The due of an instance of the case as it stands. */
struct walk_due oracle_due(struct oracle *oracle, const struct oracle_case *state,
                           uint32_t instance);

/* Within the oracle. */
void oracle_copy(struct oracle_case *to, const struct oracle_case *from);
void oracle_refuse(struct oracle *oracle, struct text code);
struct oracle_effect *oracle_effect(struct oracle *oracle, enum effect_kind kind);
const struct agency *oracle_agency(const struct oracle *oracle);
int32_t oracle_date(const struct oracle *oracle, int64_t at_ms);
bool oracle_live(const struct oracle_instance *instance);
/* The place of the instance that a word means, or -1. */
int oracle_instance(const struct oracle_case *state, uint16_t clock, const struct value *per);
bool oracle_same(const struct value *a, const struct value *b);
/* The event's value for a clock's `per`. */
struct value oracle_per(const struct oracle *oracle, uint16_t clock);
int64_t oracle_end_ms(struct oracle *oracle, const struct oracle_case *state, uint32_t place);
int64_t oracle_amount(struct oracle *oracle, const struct oracle_case *state, uint32_t place,
                      int64_t at_ms);
void oracle_limit(struct oracle *oracle, const struct oracle_case *state, uint32_t place,
                  struct walk_limit *limit, struct walk_pause *pauses, struct length *lengths);
/* Whether it waits for nothing where it may not. */
bool oracle_asleep(struct oracle *oracle);
/* oracle_act.c */
void oracle_act(struct oracle *oracle, const struct rule *rule);
void oracle_close_if_done(struct oracle *oracle);
/* The review that follows on an instant. */
int64_t oracle_review(struct oracle *oracle, uint32_t place, int64_t from_ms);
/* What an outside owner was told of is held; the officer hears of both dates. */
void oracle_hold(struct oracle *oracle, uint32_t place);
void oracle_tell_held(struct oracle *oracle, uint32_t place);
void oracle_settle(struct oracle *oracle, uint32_t place, int64_t old_due_ms);
void oracle_pause(struct oracle *oracle, uint32_t place, uint16_t ground, bool asked);
void oracle_resume(struct oracle *oracle, uint32_t place, uint16_t ground);
/* The place of a clock's next live instance, by number, or -1. */
int oracle_live_after(const struct oracle_case *state, uint16_t clock, uint16_t number);
/* The place that a verb means, or -1. */
int oracle_meant(struct oracle *oracle, uint16_t clock);
/* What an extension of the case as it was needs; the one after so many. */
void oracle_judge_extension(struct oracle *oracle, uint16_t clock, uint32_t used);
void oracle_extend(struct oracle *oracle, uint32_t place, struct length length);
/* Whether an entry went to a receiver, of what the log of the case says from a place on. */
bool oracle_sent(const struct oracle *oracle, uint32_t place, uint32_t entry, uint32_t receiver,
                 uint32_t from, uint32_t to);
/* What was told of the breach is taken back. */
void oracle_withdraw(struct oracle *oracle, uint32_t place);
void oracle_end(struct oracle *oracle, uint32_t place, enum instance_state state,
                int64_t at_ms);
void oracle_bind(struct oracle *oracle, uint16_t role, struct text persons);
void oracle_notify(struct oracle *oracle, const struct notify *notify);
/* oracle_judge.c */
void oracle_judge_people(struct oracle *oracle, uint64_t by);
void oracle_judge_bound(struct oracle *oracle, uint16_t role, struct text persons);
const struct text *oracle_carried(const struct oracle_event *event, const char *name);

#endif
