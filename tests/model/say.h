#ifndef DUBAN_MODEL_SAY_H
#define DUBAN_MODEL_SAY_H

/*
 * What a guard says, found by reading its text from left to right each time it is asked: no tree, no
 * compiling. Values are three-valued as procedures.md tells.
 */
#include "model/oracle.h"

enum said_kind {
    SAID_UNKNOWN,
    SAID_FLAG,
    SAID_NUMBER, /* integers, money */
    SAID_TEXT,   /* choices too */
    SAID_DATE,
    SAID_INSTANT,
    SAID_LENGTH,
    SAID_LIST,  /* sets too */
    SAID_PEOPLE /* actors */
};

struct said {
    enum said_kind kind;
    int64_t number;
    struct text text;
    struct length length;
    struct text items[CHOICES_MAX]; /* SAID_LIST: their texts */
    uint32_t count;
    bool own; /* SAID_INSTANT: when the daemon's own event occurred */
};

/* Of `state`, with the oracle's event in hand. */
struct said say(struct oracle *oracle, const struct oracle_case *state, struct text guard);
/* In `set`: unset numbers are 0, and a bare word may be a value of the choices. */
struct said say_for(struct oracle *oracle, const struct oracle_case *state, struct text guard,
                    const struct choices *choices);
bool said_true(const struct said *said);
bool said_false(const struct said *said);

/* A fact's value from its text form; not known where it cannot be read. */
struct value say_value(struct text text, enum value_type type, const struct choices *choices,
                       int64_t zone_ms);

#endif
