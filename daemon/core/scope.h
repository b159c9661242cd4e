#ifndef DUBAN_CORE_SCOPE_H
#define DUBAN_CORE_SCOPE_H

/*
 * Which names a guard of a procedure may use, and what they are. The numbers in a symbol (kind,
 * index, field) are set here and read in view.c, where a case lends the values.
 */
#include "core/installed.h"
#include "core/procedure.h"

enum symbol_kind {
    SYMBOL_FACT,       /* facts.x, or a bare x; index: the fact */
    SYMBOL_DEFINE,     /* a bare x that is a named condition; index: the define */
    SYMBOL_EVENT_FACT, /* event.x, as the event carries it; index: the fact */
    SYMBOL_OCCURRED,   /* event.occurred: instant */
    SYMBOL_RECEIVED,   /* event.received: instant */
    SYMBOL_PERSON,     /* event.person: text, who acted; unset where nobody did */
    SYMBOL_STAGE,      /* case.stage: choice over the procedure's stages, in their order */
    SYMBOL_AGENCY,     /* case.agency: text */
    SYMBOL_UNIT,       /* case.unit: text */
    SYMBOL_OPENED,     /* case.opened: instant */
    SYMBOL_CASE,       /* case.id: text */
    SYMBOL_OPENER,     /* case.opener: text, the address of the case that opened it */
    SYMBOL_SENDER,     /* event.sender: text, the address of the case that tells it */
    SYMBOL_ACTORS,     /* actors: people */
    SYMBOL_CERTIFIED,  /* actors.certified: flag */
    SYMBOL_OF_UNIT,    /* actors.of_unit: flag */
    SYMBOL_CLOCK,      /* clock.x.y; index: the clock, field: enum clock_field */
    SYMBOL_REGISTER    /* registers.R[key].column; index: the registry, field: the column */
};

/* What a guard may ask of a clock: word and type. */
#define CLOCK_FIELDS(X)                        \
    X(CLOCK_LIVE, "live", VALUE_FLAG)          \
    X(CLOCK_RUNNING, "running", VALUE_FLAG)    \
    X(CLOCK_PAUSED, "paused", VALUE_FLAG)      \
    X(CLOCK_OVERDUE, "overdue", VALUE_FLAG)    \
    X(CLOCK_MET, "met", VALUE_FLAG)            \
    X(CLOCK_MET_LATE, "met_late", VALUE_FLAG)  \
    X(CLOCK_USED, "used", VALUE_FLAG)          \
    X(CLOCK_ELAPSED, "elapsed", VALUE_FLAG)    \
    X(CLOCK_CAPPED, "capped", VALUE_FLAG)      \
    X(CLOCK_AMOUNT, "amount", VALUE_MONEY)     \
    X(CLOCK_STARTED, "started", VALUE_INSTANT) \
    X(CLOCK_ENDED, "ended", VALUE_INSTANT)     \
    X(CLOCK_LAST_DAY, "last_day", VALUE_DATE)

#define CLOCK_FIELD_ENUM(name, word, type) name,
enum clock_field { CLOCK_FIELDS(CLOCK_FIELD_ENUM) };
#undef CLOCK_FIELD_ENUM

/* Where a guard stands. Borrowed, and read while the guard is compiled only. */
struct guard_place {
    const struct procedure
        *procedure; /* roles, facts, clocks, stages; defines as far as known */
    const struct installed *installed; /* registers; NULL: none */
    const struct rule *rule; /* what it takes and may take is event.x; NULL: no event.x */
    bool in_event;           /* event.occurred and actors; false in a reminder's `when` */
};

/* The names of that place, for guard_compile. */
struct scope procedure_scope(const struct guard_place *place);

#endif
