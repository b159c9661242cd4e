#ifndef DUBAN_CORE_REACH_H
#define DUBAN_CORE_REACH_H

/*
 * Whether everybody who is to be told can be: for every agency, every procedure it may open and
 * every unit of it, each reminder and each rung comes to somebody, over some channel, at some
 * hour. What is told to a role that nobody holds goes to the next above, and so on; but that is
 * not what the procedure says, so it is a gap all the same.
 */
#include "core/receiver.h"

enum gap_kind {
    GAP_NOBODY,  /* nobody holds the role: whoever stands above is told, or nobody at all */
    GAP_NOWHERE, /* its holder has no address that any channel goes to */
    GAP_NEVER,   /* the hours of all have no time in common */
    GAP_AWAY     /* its holder is on leave, without a deputy */
};

struct gap {
    enum gap_kind kind;
    const struct agency *agency;
    const struct unit *unit; /* NULL: of the agency as a whole */
    const struct procedure *procedure;
    uint16_t role;
    const struct person *person; /* the holder; NULL: GAP_NOBODY */
    const struct clock *clock;   /* the first that speaks to the role: … */
    const struct entry *entry;   /* … by this */
    uint32_t entries;            /* how many do, … */
    uint32_t procedures;         /* … and of how many procedures */
    bool above;                  /* GAP_NOBODY: somebody above is told instead */
};

/* Tell every gap there is on a date. A role is told once for each agency and unit, with the
 * first procedure that speaks to it; where a gap is the same for all units, once without
 * one. */
#define REACH_PROCEDURES_MAX 1024
void reach_gaps(const struct installed *installed, const struct procedure *const *procedures,
                uint32_t count, int32_t date, void *context,
                void (*on_gap)(void *context, const struct gap *gap));

struct text gap_word(enum gap_kind kind);
/* What it is, and what to do about it: a line. */
const struct message *gap_message(const struct gap *gap);
/* All of them, for documentation. */
const struct message *const *gap_messages(uint32_t *count);
#define GAP_WORDS_BYTES 1024
#define GAP_NAME_BYTES  160
size_t gap_print(const struct gap *gap, bool zh, char *out, size_t size);

/* Whether an agency may open cases of a procedure. */
bool agency_opens(const struct agency *agency, struct text procedure);

#endif
