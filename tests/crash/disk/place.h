#ifndef DUBAN_CRASH_PLACE_H
#define DUBAN_CRASH_PLACE_H

/* A folder in memory for a store that is made and unmade a thousand times, and its processes. */
#include "crash/disk/life.h"

enum { PLACE_BYTES = 64, WHY_BYTES = 200 };

struct place {
    char store[PLACE_BYTES];
    char again[PLACE_BYTES + 8]; /* for a replay */
};

/* Shared with the processes that live and judge. */
struct shared_life {
    struct ledger ledger;
    char why[WHY_BYTES];
};

struct shared_life *place_open(struct place *place);
/* Nothing is there; for a replay an empty folder. */
void place_empty(const struct place *place);
void place_close(const struct place *place);

/* In a process of its own, which stops at the first failure; its exit code. */
int place_live(const struct place *place, struct shared_life *life);
/* The same for the judge; whether all is well. */
bool place_judge(const struct place *place, struct shared_life *life);

#endif
