#ifndef DUBAN_ENGINE_INDEX_H
#define DUBAN_ENGINE_INDEX_H

/*
 * Cases by where they stand and when something of theirs falls due, so that a list is read
 * without looking at every case: one row a case, written with it when its place changes.
 */
#include "core/state.h"
#include "store/store.h"

/* The place of a case in `stages`: a pure function of its state, so that the old row is found
 * by the old state. */
struct index_place {
    struct text agency;
    uint32_t procedure; /* its number, as installed */
    uint16_t stage;
    int32_t due; /* the last day of what is due first; INDEX_NOT_DUE */
    uint64_t number;
};

#define INDEX_NOT_DUE INT32_MAX

struct index_place index_place_of(const struct case_state *state, uint32_t procedure);
/* The due instant of what is due first of all that runs or is overdue; INSTANT_NEVER. */
int64_t index_due_ms(const struct case_state *state);

struct key index_key(const struct index_place *place);
/* Take it apart again; the agency is borrowed from the key. */
void index_read(const struct key *key, struct index_place *place);

/* A case was stored: `before` is NULL where it was opened, `was` its procedure then. */
void index_move(struct store *store, const struct case_state *before, uint32_t was,
                const struct case_state *after, uint32_t procedure);

#endif
