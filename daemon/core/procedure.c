#include "core/procedure.h"

#include "base/must.h"

/* Every named thing begins with its name, so one search serves all; the stride tells the
 * kind. */
static uint16_t find(const void *things, uint32_t count, size_t stride, struct text name)
{
    const uint8_t *at = things;

    for (uint32_t i = 0; i < count; i++, at += stride) {
        const struct text *candidate = (const struct text *)(const void *)at;

        if (text_equal(*candidate, name)) {
            return (uint16_t)i;
        }
    }
    return NO_INDEX;
}

_Static_assert(offsetof(struct role, name) == 0, "find() reads the name first");
_Static_assert(offsetof(struct fact, name) == 0, "find() reads the name first");
_Static_assert(offsetof(struct clock, name) == 0, "find() reads the name first");
_Static_assert(offsetof(struct stage, name) == 0, "find() reads the name first");
_Static_assert(offsetof(struct event_name, name) == 0, "find() reads the name first");
_Static_assert(offsetof(struct ground, name) == 0, "find() reads the name first");

uint16_t procedure_role(const struct procedure *procedure, struct text name)
{
    return find(procedure->roles, procedure->role_count, sizeof(struct role), name);
}

uint16_t procedure_fact(const struct procedure *procedure, struct text name)
{
    return find(procedure->facts, procedure->fact_count, sizeof(struct fact), name);
}

uint16_t procedure_clock(const struct procedure *procedure, struct text name)
{
    return find(procedure->clocks, procedure->clock_count, sizeof(struct clock), name);
}

uint16_t procedure_stage(const struct procedure *procedure, struct text name)
{
    return find(procedure->stages, procedure->stage_count, sizeof(struct stage), name);
}

uint16_t procedure_event(const struct procedure *procedure, struct text name)
{
    return find(procedure->events, procedure->event_count, sizeof(struct event_name), name);
}

uint16_t procedure_ground(const struct procedure *procedure, struct text name)
{
    return find(procedure->grounds, procedure->ground_count, sizeof(struct ground), name);
}

static const struct {
    struct text name;
    enum event_family family;
} standing[] = {
    {TEXT_INIT("case.assigned"), EVENT_ASSIGNED},
    {TEXT_INIT("case.noted"), EVENT_NOTED},
    {TEXT_INIT("clock.paused"), EVENT_CLOCK_PAUSED},
    {TEXT_INIT("clock.resumed"), EVENT_CLOCK_RESUMED},
    {TEXT_INIT("clock.extended"), EVENT_CLOCK_EXTENDED},
    {TEXT_INIT("clock.acknowledged"), EVENT_CLOCK_ACKNOWLEDGED},
    {TEXT_INIT("case.on_hold"), EVENT_ON_HOLD},
    {TEXT_INIT("case.off_hold"), EVENT_OFF_HOLD},
    {TEXT_INIT("notice.delivered"), EVENT_DELIVERED},
    {TEXT_INIT("notice.bounced"), EVENT_BOUNCED},
    {TEXT_INIT("case.corrected"), EVENT_CORRECTED},
    {TEXT_INIT("case.untold"), EVENT_UNTOLD},
};

/* `clock.x.overdue` and its like: three parts, of which the first and the last are given. */
static bool names_clock_end(struct text name)
{
    struct text rest;
    struct text end;

    if (!text_is(text_cut(name, '.', &rest), "clock")) {
        return false;
    }
    (void)text_cut(rest, '.', &end);
    return text_is(end, "overdue") || text_is(end, "elapsed") || text_is(end, "capped");
}

enum event_family event_family_of(struct text name)
{
    for (size_t i = 0; i < sizeof(standing) / sizeof(standing[0]); i++) {
        if (text_equal(name, standing[i].name)) {
            return standing[i].family;
        }
    }
    return names_clock_end(name) ? EVENT_CLOCK_END : EVENT_ORDINARY;
}

struct text clock_end_word(enum clock_kind kind)
{
    switch (kind) {
    case CLOCK_DUTY:
        return TEXT("overdue");
    case CLOCK_WINDOW:
        return TEXT("elapsed");
    case CLOCK_ACCRUAL:
        return TEXT("capped");
    }
    MUST(false);
    return (struct text){0};
}

const struct offer *offer_find(const struct offer *offers, uint32_t count, uint16_t event)
{
    for (uint32_t i = 0; i < count; i++) {
        if (offers[i].event == event) {
            return &offers[i];
        }
    }
    return NULL;
}

bool rule_is_in(const struct procedure *procedure, const struct rule *rule, uint16_t stage)
{
    if (rule->in != 0) {
        return (rule->in >> stage & 1) != 0;
    }
    return !procedure->stages[stage].final;
}

uint16_t procedure_officer(const struct procedure *procedure)
{
    for (uint32_t i = 0; i < procedure->chain_count; i++) {
        if (procedure->roles[procedure->chain[i]].assigned) {
            return procedure->chain[i];
        }
    }
    for (uint32_t i = 0; i < procedure->role_count; i++) {
        if (procedure->roles[i].assigned && !procedure->roles[i].outside) {
            return (uint16_t)i;
        }
    }
    return procedure->chain_count > 0 ? procedure->chain[0] : NO_INDEX;
}

struct text label_words(const struct label *label, struct text name, bool zh)
{
    struct text first = zh ? label->zh : label->en;
    struct text second = zh ? label->en : label->zh;

    if (!text_empty(first)) {
        return first;
    }
    return text_empty(second) ? name : second;
}

bool fact_mask_has(const struct fact_mask *mask, uint16_t fact)
{
    return (mask->bits[fact / 64] >> fact % 64 & 1) != 0;
}

void fact_mask_add(struct fact_mask *mask, uint16_t fact)
{
    mask->bits[fact / 64] |= (uint64_t)1 << fact % 64;
}

bool yearly_parse(struct text text, struct yearly *yearly)
{
    int64_t month;
    int64_t day;

    if (text.size != 7 || !text_starts(text, TEXT("--")) || text.bytes[4] != '-' ||
        !text_to_integer(text_part(text, 2, 2), &month) ||
        !text_to_integer(text_part(text, 5, 2), &day) || month < 1 || month > 12 || day < 1 ||
        day > date_days_in_month(2000, (int32_t)month)) { /* a leap year */
        return false;
    }
    *yearly = (struct yearly){.month = (uint8_t)month, .day = (uint8_t)day};
    return true;
}
