#ifndef DUBAN_ENGINE_INDEX_H
#define DUBAN_ENGINE_INDEX_H

/*
 * Cases by where they stand and when something of theirs falls due, so that a list is read
 * without looking at every case: one row a case, written with it when its place changes.
 */
#include "core/state.h"
#include "engine/law.h"
#include "store/store.h"

/* The place of a case in `stages`: a pure function of its state and procedure, so that the old
 * row is found by the old ones. Due is what somebody owes: windows and accruals, which end by
 * themselves, do not count. */
struct index_place {
    struct text agency;
    uint32_t procedure; /* its number, as installed */
    uint16_t stage;
    int32_t due; /* the last day of the duty that is due first; INDEX_NOT_DUE */
    uint64_t number;
};

#define INDEX_NOT_DUE INT32_MAX

struct index_place index_place_of(const struct case_state *state,
                                  const struct law_procedure *procedure);
/* The due instant of the duty that is due first, running or overdue; INSTANT_NEVER. */
int64_t index_due_ms(const struct case_state *state, const struct procedure *procedure);

struct key index_key(const struct index_place *place);
/* Take it apart again; the agency is borrowed from the key. */
void index_read(const struct key *key, struct index_place *place);

/* A case was stored: `before` is NULL where it was opened, `was` its procedure then. */
void index_move(struct store *store, const struct case_state *before,
                const struct law_procedure *was, const struct case_state *after,
                const struct law_procedure *procedure);

#endif
