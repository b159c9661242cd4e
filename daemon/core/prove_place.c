#include "core/prove_parts.h"

#include "base/must.h"

/* The kinds of cases in one stage. A kind of which less is sure stands for one of which more
 * is. */

/* What is sure of the first is sure of the second. */
static bool covers(const struct sure *less, const struct sure *more)
{
    return (less->live & ~more->live) == 0 && (less->dead & ~more->dead) == 0;
}

/* Take a kind out that another stands for. */
static void take_out(struct place *place, uint32_t i)
{
    place->arrivals[i] = place->arrivals[--place->count];
}

static void put_in(struct place *place, const struct arrival *arrival)
{
    struct arrival added = *arrival;

    for (uint32_t i = 0; i < place->count; i++) {
        struct arrival *there = &place->arrivals[i];
        struct fact_mask facts = mask_common(there->sure.facts, added.sure.facts);

        if (covers(&there->sure, &added.sure)) {
            bool moved = !mask_equal(&facts, &there->sure.facts);

            there->sure.facts = facts;
            there->fresh = there->fresh || moved;
            return;
        }
    }
    for (uint32_t i = place->count; i > 0; i--) {
        struct arrival *there = &place->arrivals[i - 1];

        if (covers(&added.sure, &there->sure)) {
            added.sure.facts = mask_common(added.sure.facts, there->sure.facts);
            take_out(place, i - 1);
        }
    }
    MUST(place->count < ARRIVALS_MAX);
    place->arrivals[place->count++] = added;
}

/*
 * Say less of a kind, first of what is surely not live, then of windows that do not matter
 * here: they come and go, while a duty stays until a rule ends it. What all kinds have is
 * kept, and so is what alone keeps a case awake.
 */
static void say_less(const struct place *place, struct sure *sure)
{
    uint64_t live = sure->live & (place->matters | place->duties | place->all_live);

    if (place->level >= PLACE_NARROWED && live != 0) {
        sure->live = live;
    }
    if (place->level >= PLACE_BLURRED) {
        sure->dead &= place->all_dead;
    } else {
        sure->dead &= place->matters | place->all_dead;
    }
}

/* Go on to tell fewer kinds apart, those that are there too. */
static void tell_fewer_apart(struct place *place)
{
    struct arrival all[ARRIVALS_MAX];
    uint32_t count = place->count;

    place->level++;
    for (uint32_t i = 0; i < count; i++) {
        all[i] = place->arrivals[i];
        all[i].fresh = true;
        say_less(place, &all[i].sure);
    }
    place->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        put_in(place, &all[i]);
    }
}

/* Take all kinds as one of which only that is sure that is sure of all. */
static void merge(const struct place *place, struct arrival *added)
{
    for (uint32_t i = 0; i < place->count; i++) {
        const struct sure *sure = &place->arrivals[i].sure;

        added->sure.live &= sure->live;
        added->sure.dead &= sure->dead;
        added->sure.facts = mask_common(added->sure.facts, sure->facts);
    }
}

void place_begin(struct prover *prover)
{
    const struct procedure *procedure = prover->procedure;
    uint64_t duties = 0;

    for (uint16_t i = 0; i < procedure->clock_count; i++) {
        duties |= procedure->clocks[i].kind == CLOCK_DUTY ? clock_bit(i) : 0;
    }
    for (uint32_t i = 0; i < procedure->stage_count; i++) {
        const struct stage *stage = &procedure->stages[i];
        struct place *place = &prover->places[i];

        place->duties = duties;
        place->all_live = ~(uint64_t)0;
        place->all_dead = ~(uint64_t)0;
        place->matters = clocks_asked_in(stage);
        for (uint32_t j = 0; j < stage->offer_count; j++) {
            const struct event_name *event = &procedure->events[stage->offers[j].event];

            if (event->family == EVENT_CLOCK_END) {
                place->matters |= clock_bit(event->clock);
            }
        }
    }
}

bool place_knows(const struct place *place, const struct sure *sure)
{
    for (uint32_t i = 0; i < place->count; i++) {
        const struct sure *known = &place->arrivals[i].sure;

        if (covers(known, sure) && mask_covers(&sure->facts, &known->facts)) {
            return true;
        }
    }
    return false;
}

void place_take(struct place *place, struct arrival *added)
{
    place->all_live &= added->sure.live;
    place->all_dead &= added->sure.dead;
    while (place->count == ARRIVALS_MAX && place->level < PLACE_MERGED) {
        tell_fewer_apart(place);
    }
    if (place->level != PLACE_EXACT) {
        say_less(place, &added->sure);
    }
    if (place->level == PLACE_MERGED) {
        merge(place, added);
    }
    put_in(place, added);
}

struct fact_mask sure_facts(const struct sure_list *list)
{
    struct fact_mask facts = {{0}};

    for (uint32_t i = 0; i < list->count; i++) {
        facts = i == 0 ? list->items[i].facts : mask_common(facts, list->items[i].facts);
    }
    return facts;
}

void sure_list_add(struct sure_list *list, const struct sure *sure)
{
    struct sure added = *sure;

    for (uint32_t i = 0; i < list->count; i++) {
        struct sure *there = &list->items[i];

        if (covers(there, &added)) {
            there->facts = mask_common(there->facts, added.facts);
            return;
        }
    }
    if (list->count < ARRIVALS_MAX) {
        list->items[list->count++] = added;
        return;
    }

    struct sure *last = &list->items[ARRIVALS_MAX - 1];

    last->live &= added.live;
    last->dead &= added.dead;
    last->facts = mask_common(last->facts, added.facts);
}
