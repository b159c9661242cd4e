#include "core/prove_parts.h"

#include "base/must.h"

/* Rules of an event that are judged in a stage: the stage's own, then `anytime`'s. */
static void gather(const struct prover *prover, struct calling *calling)
{
    const struct procedure *procedure = prover->procedure;
    const struct stage *stage = &procedure->stages[calling->stage];
    const struct offer *own = offer_find(stage->offers, stage->offer_count, calling->event);
    const struct offer *any =
        offer_find(procedure->anytime, procedure->anytime_count, calling->event);

    calling->rules = prover->rules;
    for (uint32_t i = 0; own != NULL && i < own->rule_count; i++) {
        calling->rules[calling->rule_count++] = &own->rules[i];
    }
    calling->own_count = calling->rule_count;
    for (uint32_t i = 0; any != NULL && i < any->rule_count; i++) {
        if (rule_is_in(procedure, &any->rules[i], calling->stage)) {
            calling->rules[calling->rule_count++] = &any->rules[i];
        }
    }
}

bool calling_next(const struct prover *prover, uint16_t stage, uint32_t *at,
                  struct calling *calling)
{
    const struct procedure *procedure = prover->procedure;

    for (; *at < procedure->event_count; (*at)++) {
        if (procedure->events[*at].family == EVENT_CLOCK_END) {
            continue;
        }
        *calling = (struct calling){.stage = stage, .event = (uint16_t)*at, .own = NO_INDEX};
        gather(prover, calling);
        if (calling->rule_count > 0) {
            (*at)++;
            return true;
        }
    }
    if (*at - procedure->event_count >= procedure->clock_count) {
        return false;
    }

    uint16_t clock = (uint16_t)(*at - procedure->event_count);

    (*at)++;
    *calling = (struct calling){.stage = stage, .event = prover->ends[clock], .own = clock};
    if (calling->event != NO_INDEX) {
        gather(prover, calling);
    }
    return true;
}

void calling_of(const struct prover *prover, uint16_t stage, uint16_t event, uint16_t own,
                struct calling *calling)
{
    *calling = (struct calling){.stage = stage, .event = event, .own = own};
    if (event != NO_INDEX) {
        gather(prover, calling);
    }
}

bool calling_open(const struct prover *prover, uint32_t *at, struct calling *calling)
{
    const struct procedure *procedure = prover->procedure;

    if (*at >= procedure->open_count) {
        return false;
    }

    const struct offer *offer = &procedure->opens[*at];

    (*at)++;
    *calling = (struct calling){
        .stage = NO_INDEX, .event = offer->event, .own = NO_INDEX, .rules = prover->rules};
    for (uint32_t i = 0; i < offer->rule_count; i++) {
        calling->rules[calling->rule_count++] = &offer->rules[i];
    }
    calling->own_count = calling->rule_count;
    return true;
}

uint64_t clock_bit(uint16_t clock)
{
    return (uint64_t)1 << clock;
}

uint32_t clock_stands(const struct clock *clock)
{
    uint32_t stands = STANDS_NEVER | STANDS(INSTANCE_RUNNING) | STANDS(INSTANCE_CANCELLED);

    if (clock->pause_grounds != 0) {
        stands |= STANDS(INSTANCE_PAUSED);
    }
    switch (clock->kind) {
    case CLOCK_DUTY:
        stands |= STANDS(INSTANCE_OVERDUE) | STANDS(INSTANCE_MET) | STANDS(INSTANCE_MET_LATE);
        break;
    case CLOCK_WINDOW:
        stands |= STANDS(INSTANCE_USED) | STANDS(INSTANCE_ELAPSED);
        break;
    case CLOCK_ACCRUAL:
        stands |= STANDS(INSTANCE_MET) | STANDS(INSTANCE_CAPPED);
        break;
    }
    return clock->per == NO_INDEX ? stands : stands | (stands & STANDS_QUIET) << STANDS_OTHER;
}

uint32_t clock_field_stands(enum clock_field field)
{
    uint32_t stands = 0;

    switch (field) {
    case CLOCK_LIVE:
        return STANDS_LIVES;
    case CLOCK_RUNNING:
        return STANDS(INSTANCE_RUNNING);
    case CLOCK_PAUSED:
        return STANDS(INSTANCE_PAUSED);
    case CLOCK_OVERDUE:
        return STANDS(INSTANCE_OVERDUE);
    case CLOCK_MET:
        stands = STANDS(INSTANCE_MET);
        break;
    case CLOCK_MET_LATE:
        stands = STANDS(INSTANCE_MET_LATE);
        break;
    case CLOCK_USED:
        stands = STANDS(INSTANCE_USED);
        break;
    case CLOCK_ELAPSED:
        stands = STANDS(INSTANCE_ELAPSED);
        break;
    case CLOCK_CAPPED:
        stands = STANDS(INSTANCE_CAPPED);
        break;
    case CLOCK_AMOUNT:
    case CLOCK_STARTED:
    case CLOCK_ENDED:
    case CLOCK_LAST_DAY:
        MUST(false);
    }
    return stands | stands << STANDS_OTHER;
}

uint32_t clock_end_stands(enum clock_kind kind)
{
    switch (kind) {
    case CLOCK_DUTY:
        return STANDS(INSTANCE_OVERDUE);
    case CLOCK_WINDOW:
        return STANDS(INSTANCE_ELAPSED) | STANDS(INSTANCE_ELAPSED) << STANDS_OTHER;
    case CLOCK_ACCRUAL:
        return STANDS(INSTANCE_CAPPED) | STANDS(INSTANCE_CAPPED) << STANDS_OTHER;
    }
    MUST(false);
    return 0;
}

struct fact_mask clock_needs(const struct clock *clock)
{
    struct fact_mask needs = {{0}};

    if (clock->length.given && clock->length.fact != NO_INDEX) {
        fact_mask_add(&needs, clock->length.fact);
    }
    if ((clock->due == DUE_UNTIL || clock->due == DUE_BEFORE) && clock->yearly_count == 0) {
        fact_mask_add(&needs, clock->date_fact);
    }
    if (clock->due == DUE_ACCRUAL) {
        fact_mask_add(&needs, clock->accrues_of[0]);
    }
    if (clock->per != NO_INDEX) {
        fact_mask_add(&needs, clock->per);
    }
    return needs;
}

bool mask_covers(const struct fact_mask *mask, const struct fact_mask *part)
{
    return (part->bits[0] & ~mask->bits[0]) == 0 && (part->bits[1] & ~mask->bits[1]) == 0;
}

struct fact_mask mask_both(struct fact_mask a, struct fact_mask b)
{
    return (struct fact_mask){{a.bits[0] | b.bits[0], a.bits[1] | b.bits[1]}};
}

struct fact_mask mask_common(struct fact_mask a, struct fact_mask b)
{
    return (struct fact_mask){{a.bits[0] & b.bits[0], a.bits[1] & b.bits[1]}};
}

struct fact_mask mask_without(struct fact_mask a, struct fact_mask b)
{
    return (struct fact_mask){{a.bits[0] & ~b.bits[0], a.bits[1] & ~b.bits[1]}};
}

bool mask_equal(const struct fact_mask *a, const struct fact_mask *b)
{
    return a->bits[0] == b->bits[0] && a->bits[1] == b->bits[1];
}

_Static_assert(FACTS_MAX == 128, "masks of facts are two words");
