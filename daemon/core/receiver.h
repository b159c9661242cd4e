#ifndef DUBAN_CORE_RECEIVER_H
#define DUBAN_CORE_RECEIVER_H

/*
 * Who is told when a role is told, and from when on: the case's assigned persons, else who
 * holds the role's post; in the stead of each his deputy, for as long as one is named.
 */
#include "core/installed.h"
#include "core/state.h"

/* Whose place a receiver takes. */
enum stead {
    STEAD_NONE,
    STEAD_DEPUTY,   /* of a person whose deputy he is */
    STEAD_VACANT,   /* of a role that nobody holds: he stands next above it */
    STEAD_UNREACHED /* of a person who could not be reached */
};

struct receiver {
    struct text person;
    uint16_t role; /* by which he is told */
    enum stead stead;
    struct text in_stead_of; /* a person; of STEAD_VACANT the role's name */
};

/* More than a case has participants are never told. */
#define RECEIVED_MAX PARTICIPANTS_MAX

/* A case, for who has to do with it. */
struct concerned {
    const struct installed *installed;
    const struct procedure *procedure;
    const struct case_state *state;
    const struct agency *agency;
    int32_t date;
};

/*
 * Who is told when that role of the case is: everybody assigned, else the holder of its post,
 * else the first above it in the procedure's chain that anybody holds. How many; 0: nobody.
 */
uint32_t receivers_of(const struct concerned *concerned, uint16_t role,
                      struct receiver receivers[RECEIVED_MAX]);
/* The same, but nobody else where nobody holds the role itself. */
uint32_t receivers_in(const struct concerned *concerned, uint16_t role,
                      struct receiver receivers[RECEIVED_MAX]);
/* The first place of the chain above a role; one that is not in it stands below all. */
uint32_t chain_above(const struct procedure *procedure, uint16_t role);

/*
 * The first instant from `at_ms` on at which an agency lets somebody be written to: a person
 * (NULL: one outside) over a channel (NULL: any). Where the hours of all leave no time in
 * common the agency's count.
 */
int64_t hours_permit(const struct installed *installed, const struct agency *agency,
                     const struct person *person, const struct channel *channel, int64_t at_ms);
/* Whether they have some time of a day in common. */
bool hours_meet(const struct installed *installed, const struct agency *agency,
                const struct person *person, const struct channel *channel);

#endif
