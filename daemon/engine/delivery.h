#ifndef DUBAN_ENGINE_DELIVERY_H
#define DUBAN_ENGINE_DELIVERY_H

/*
 * Whom a record tells, by name, and when: an effect speaks of roles, this of persons and of the
 * hours in which they may be reached. What makes jobs of it comes after; it is a pure function
 * of the record and of what is installed.
 */
#include "core/receiver.h"
#include "engine/engine.h"

struct delivery {
    const struct effect *effect;
    struct text person; /* of an outside receiver the role's name */
    uint16_t role;      /* the one told: the officer, where the receiver cannot be reached */
    enum stead stead;   /* whose place the person takes */
    struct text in_stead_of;
    bool outside;
    bool waits;       /* the case is on hold */
    int64_t leave_ms; /* when it may leave */
};

#define DELIVERIES_MAX 4096

/* Whether an effect tells somebody something. */
bool effect_speaks(enum effect_kind kind);

/* All of a record, in order; a person gets the same entry once. NULL: the arena is spent. */
const struct delivery *deliveries_of(const struct happening *happening,
                                     const struct installed *installed, struct arena *arena,
                                     uint32_t *count);

/* Whether what has not left yet (a reminder or rung of this instance) is called back by a later
 * effect: its clock has ended or stands still, or the rung was acknowledged. */
bool delivery_is_recalled(uint16_t clock, uint16_t number, bool rung, const struct effect *by);
/* Whether the day that a reminder of this instance tells is not the day any more. The new one
 * has a reminder of its own, or whoever was reminded is told that it moved. */
bool delivery_has_moved(const struct happening *happening, uint16_t clock, uint16_t number);

#endif
