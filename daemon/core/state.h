#ifndef DUBAN_CORE_STATE_H
#define DUBAN_CORE_STATE_H

/*
 * A case as it stands: stage, facts, clocks, people, defects. A plain value: arrays in memory
 * of whoever holds it, with numbers for all names of its procedure. step.h moves it; nothing
 * else does.
 */
#include "base/status.h"
#include "core/procedure.h"

#define LIVE_MAX         64                      /* live instances of one case */
#define INSTANCES_MAX    (LIVE_MAX + CLOCKS_MAX) /* and each clock's newest ended one */
#define STOPS_MAX        128                     /* pauses and extensions of one case */
#define PARTICIPANTS_MAX 128
#define DEFECTS_MAX      64
#define STATE_BYTES_MAX  32768 /* of one case, encoded */

enum case_phase {
    CASE_NEW, /* before its opening event */
    CASE_OPEN,
    CASE_ENDING, /* in a final stage, something outlives it */
    CASE_CLOSED
};

/* A fact as it is known, and by which event. */
struct fact_state {
    struct value value;
    uint32_t revision; /* of the event that set it; 0: never set */
};

#define INSTANCE_STATES(X)           \
    X(INSTANCE_RUNNING, "running")   \
    X(INSTANCE_PAUSED, "paused")     \
    X(INSTANCE_OVERDUE, "overdue")   \
    X(INSTANCE_MET, "met")           \
    X(INSTANCE_MET_LATE, "met_late") \
    X(INSTANCE_USED, "used")         \
    X(INSTANCE_ELAPSED, "elapsed")   \
    X(INSTANCE_CAPPED, "capped")     \
    X(INSTANCE_CANCELLED, "cancelled")

#define INSTANCE_ENUM(name, word) name,
enum instance_state { INSTANCE_STATES(INSTANCE_ENUM) };
#undef INSTANCE_ENUM

/* One run of a clock. */
struct instance {
    /* its derivation */
    uint16_t clock;
    uint16_t number; /* 1, 2, …: review, review#2 */
    enum instance_state state;
    struct value per; /* of a clock with `per`; else not known */
    int64_t started_ms;
    int32_t day0;
    int32_t date;         /* until, before */
    struct length length; /* of an accrual: the counted dates that reach the cap, in days */
    int64_t principal;    /* of an accrual, fen */
    int32_t floor;        /* DATE_NONE without one */
    uint32_t revision;    /* of the event that started it */

    /* its end */
    int64_t ended_ms;   /* INSTANT_NONE while live (an overdue clock is live) */
    bool reported_late; /* the act was in time, its report was not */

    /* what follows from it, kept so that only touched clocks are reckoned again */
    struct due due;
    int32_t grace_day; /* the grace's last day; without a grace the last day */
    int64_t end_ms; /* when the daemon's own event fires; INSTANT_NEVER while paused or ended */
    int64_t next_ms; /* its next moment; INSTANT_NEVER without one */

    /* its moments */
    int64_t armed_ms; /* when it was last armed: what lies before is caught up with once */
    int64_t
        cursor_ms; /* moments up to here are done; INSTANT_NONE: catching up is still to come */
    int64_t told_ms; /* the due instant that `fired` speaks of */
    uint64_t fired;  /* slots that went out, or were skipped, for that last day */
    uint64_t sent;   /* of these, slots that went out */
    uint64_t acked;  /* rung slots whose repeats an acknowledgement stopped */
    int64_t acked_ms;
    int64_t review_ms; /* while paused: the next review */
    int32_t promised;  /* the latest last day that a notice for an outside receiver told of */
};

enum stop_kind { STOP_PAUSE, STOP_EXTENSION };

/* What stops or lengthens an instance, in the order recorded. */
struct stop {
    uint16_t clock;
    uint16_t number;
    enum stop_kind kind;
    uint16_t ground;          /* pause */
    bool no_effect;           /* pause: no day was left to count */
    struct interval interval; /* pause: [from, to) */
    struct length length;     /* extension */
    uint16_t extend;          /* extension: which of the clock's */
    uint32_t revision;
};

/* A person in a role of this case. */
struct participant {
    uint16_t role;
    bool assigned;     /* bound now */
    bool was_assigned; /* ever */
    bool acted;
    struct text person;
};

/* A need that did not hold: left on the file. */
struct defect {
    struct text code;
    struct text law;
    uint16_t stage;
    uint16_t event;
    uint32_t revision;
    int64_t at_ms;
};

struct case_state {
    uint64_t number; /* the store's */
    struct text id;  /* the publisher's */
    struct text agency;
    struct text unit;
    struct text opener; /* the address of the case that opened it; empty: none did */
    enum case_phase phase;
    uint16_t stage;
    bool on_hold;
    bool stranded; /* it waits for nothing and may not: its next moment tells so again */
    uint32_t revision;          /* applied events and ends of clocks */
    int64_t opened_ms;          /* when the opening event occurred */
    int64_t next_ms;            /* the case's next moment; INSTANT_NEVER without one */
    struct fact_state *facts;   /* as many as the procedure has */
    struct instance *instances; /* by clock, then number */
    uint32_t instance_count;
    struct stop *stops;
    uint32_t stop_count;
    struct participant *participants;
    uint32_t participant_count;
    struct defect *defects;
    uint32_t defect_count;
    uint32_t defects_beyond; /* so many more, for which there is no room: the file has them */
};

/*
 * A copy with room to grow to every limit, in the arena; texts stay where they are. False: the
 * arena is spent. A zeroed `from` with phase CASE_NEW gives a blank case.
 */
NODISCARD bool state_copy(const struct case_state *from, const struct procedure *procedure,
                          struct arena *arena, struct case_state *to);

struct text instance_state_word(enum instance_state state);
/* Running, paused or overdue. */
bool instance_is_live(const struct instance *instance);

/* The instance that a word of a rule means: the live one of the value, else the newest of the
 * value, else (value not known) the newest; NULL: the clock never started. */
struct instance *state_instance(const struct case_state *state, uint16_t clock,
                                const struct value *per);
/* By its number; 0 means the newest. */
struct instance *state_instance_numbered(const struct case_state *state, uint16_t clock,
                                         uint16_t number);

/* Every rule a case keeps between steps (house.md's invariants, the wake-up one among them); a
 * broken one ends the program. */
void state_must_be_sound(const struct procedure *procedure, const struct case_state *state);

#endif
