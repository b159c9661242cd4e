#ifndef DUBAN_ENGINE_ROSTER_PARTS_H
#define DUBAN_ENGINE_ROSTER_PARTS_H

/* What the files of the roster share. Nobody else includes this. */
#include "engine/roster.h"

/* A token is bound to the store's generation: one of before a restore is nobody's. */
uint64_t roster_wire_token(const struct roster *roster, uint64_t token);
/* 0: it is of another generation. */
uint64_t roster_own_token(const struct roster *roster, uint64_t wire_token);

/* NULL: there is none. */
struct worker *roster_named(const struct roster *roster, struct text name);
struct worker *roster_calling(const struct roster *roster, const struct caller *caller);
/* One more, by name; NULL: there is no place. */
struct worker *roster_add(struct roster *roster, struct text name);
/* A live lease, if it is this worker's; else NULL. */
struct lease *roster_lease(const struct roster *roster, const struct worker *worker,
                           uint64_t token);
/* Its time is kept no longer. */
void roster_drop_lease(struct roster *roster, struct lease *lease);
/* … and it is lost to its worker, which is recorded. */
void roster_lose(struct roster *roster, struct lease *lease);
/* Nobody calls any more: no jobs, but what it holds runs on. */
void roster_disconnect(struct roster *roster, struct worker *worker);
/* Without a connection and a lease there is nothing to remember. */
void roster_tidy(struct roster *roster, struct worker *worker);
uint16_t roster_place(const struct roster *roster, const struct worker *worker);

/* Whether there is room in the log for another line about somebody who comes or goes. */
bool roster_may_log(struct roster *roster);

/* How long a lease of a channel is, by the steady clock; of one that is none, the least. */
int64_t roster_term_ms(const struct roster *roster, struct text channel);

/* Say something without being asked; lost where there is no room, or nobody there. */
void roster_withdraw(struct roster *roster, const struct worker *worker, uint64_t token);
void roster_say(struct roster *roster, const struct caller *caller, uint64_t token,
                struct bytes frame);

/* roster_grant.c: hand out what may leave, as far as credit goes. */
void roster_grant(struct roster *roster);

#endif
