#ifndef DUBAN_MODEL_WORLD_H
#define DUBAN_MODEL_WORLD_H

/* Where the lives are led: an agency under a city, its people, a register, and calendars that
 * tell different futures. Made once. */
#include "core/installed.h"
#include "lib/rng.h"
#include "model/walk.h"

enum { WORLD_CALENDARS = 5 };

struct world {
    struct installed
        installed[WORLD_CALENDARS]; /* the same, with the agency on each calendar */
    struct walk_calendar *walks[WORLD_CALENDARS];
    uint16_t agency;
};

const struct world *world_get(void);

/* Names that a life may use, right and wrong. */
extern const char *const world_people[];
extern const uint32_t world_person_count;

#endif
