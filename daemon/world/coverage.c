#include "world/coverage.h"

#include <string.h>

enum { PATH_PARTS = 4 };

struct text covered_word(enum covered_kind kind)
{
    static const struct text words[] = {
#define COVERED_WORD(name, word) [name] = TEXT_INIT(word),
        COVERED_KINDS(COVERED_WORD)
#undef COVERED_WORD
    };

    return words[kind];
}

void coverage_begin(struct coverage *coverage, struct arena *arena)
{
    *coverage = (struct coverage){.arena = arena};
}

void coverage_world(struct coverage *coverage,
                    struct text (*name)(const void *context, struct text installed,
                                        struct arena *arena),
                    const void *context)
{
    coverage->name = name;
    coverage->context = context;
    coverage->installed = (struct text){0};
    coverage->known = 0;
}

/* The names that lead to a part; the empty ones are left out. */
struct route {
    struct text parts[PATH_PARTS];
};

static size_t route_print(const struct route *route, char *out)
{
    size_t size = 0;

    for (int i = 0; i < PATH_PARTS; i++) {
        struct text part = route->parts[i];

        if (part.size > 0) {
            if (size > 0) {
                out[size++] = '.';
            }
            memcpy(out + size, part.bytes, part.size);
            size += part.size;
        }
    }
    return size;
}

static bool route_is(const struct route *route, struct text printed)
{
    bool first = true;

    for (int i = 0; i < PATH_PARTS; i++) {
        struct text part = route->parts[i];

        if (part.size == 0) {
            continue;
        }
        if (!first) {
            if (printed.size == 0 || printed.bytes[0] != '.') {
                return false;
            }
            printed = text_part(printed, 1, printed.size);
        }
        if (!text_starts(printed, part)) {
            return false;
        }
        printed = text_part(printed, part.size, printed.size);
        first = false;
    }
    return printed.size == 0;
}

static struct text keep(struct coverage *coverage, struct text text)
{
    const char *copy = arena_copy(coverage->arena, text.bytes, text.size);

    return (struct text){.bytes = copy, .size = copy == NULL ? 0 : text.size};
}

/* The file of a mark, as the user knows it; marks of one file mostly come together. */
static struct text file_of(struct coverage *coverage, const struct mark *mark)
{
    struct text installed = mark->source == NULL ? (struct text){0} : mark->source->name;

    if (coverage->name == NULL) {
        return installed;
    }
    if (text_empty(coverage->installed) || !text_equal(installed, coverage->installed)) {
        coverage->installed = keep(coverage, installed);
        coverage->file =
            keep(coverage, coverage->name(coverage->context, installed, coverage->arena));
    }
    return coverage->file;
}

static struct covered *find(const struct coverage *coverage, enum covered_kind kind,
                            struct text file, const struct route *route)
{
    for (struct covered *at = coverage->first; at != NULL; at = at->next) {
        if (at->kind == kind && route_is(route, at->path) && text_equal(at->file, file)) {
            return at;
        }
    }
    return NULL;
}

static struct covered *add(struct coverage *coverage, enum covered_kind kind, struct text file,
                           const struct route *route)
{
    struct covered *covered = arena_take_zeroed(coverage->arena, 1, sizeof(*covered));
    size_t size = 0;

    for (int i = 0; i < PATH_PARTS; i++) {
        size += route->parts[i].size + 1;
    }

    char *room = arena_take(coverage->arena, size);

    if (covered == NULL || room == NULL) {
        return NULL;
    }
    covered->kind = kind;
    covered->file = keep(coverage, file);
    covered->path = (struct text){.bytes = room, .size = route_print(route, room)};
    if (coverage->last == NULL) {
        coverage->first = covered;
    } else {
        coverage->last->next = covered;
    }
    coverage->last = covered;
    return covered;
}

/* One part of a procedure in hand: known, and marked where it was exercised. */
static void part(struct coverage *coverage, enum covered_kind kind, struct mark mark,
                 struct route route, bool done)
{
    struct text file = file_of(coverage, &mark);
    struct covered *covered = find(coverage, kind, file, &route);

    if (covered == NULL) {
        covered = add(coverage, kind, file, &route);
    }
    if (covered != NULL) {
        covered->line = covered->line == 0 ? mark.line : covered->line;
        covered->done = covered->done || done;
    }
}

/* --- what there is ------------------------------------------------------------------------ */

/* Where rules stand: those that open a case, those of each stage, those of any time. */
struct shelf {
    struct text name;
    const struct offer *offers;
    uint32_t count;
};

static uint32_t shelf_count(const struct procedure *procedure)
{
    return procedure->stage_count + 2;
}

static struct shelf shelf_at(const struct procedure *procedure, uint32_t i)
{
    const struct stage *stages = procedure->stages;

    if (i == 0) {
        return (struct shelf){TEXT("opens"), procedure->opens, procedure->open_count};
    }
    if (i > procedure->stage_count) {
        return (struct shelf){TEXT("anytime"), procedure->anytime, procedure->anytime_count};
    }
    return (struct shelf){stages[i - 1].name, stages[i - 1].offers, stages[i - 1].offer_count};
}

static struct route clock_route(const struct clock *clock, struct text name)
{
    return (struct route){{clock->name, name}};
}

static void know_rule(struct coverage *coverage, struct text shelf, struct text event,
                      const struct rule *rule)
{
    struct route route = {{shelf, event, rule->name}};
    struct text *last = &route.parts[PATH_PARTS - 1];

    part(coverage, COVERED_RULE, rule->label.mark, route, false);
    for (uint32_t i = 0; i < rule->need_count; i++) {
        *last = rule->needs[i].name;
        part(coverage, COVERED_NEED, rule->needs[i].label.mark, route, false);
    }
    for (uint32_t i = 0; i < rule->warn_count; i++) {
        *last = rule->warns[i].name;
        part(coverage, COVERED_WARN, rule->warns[i].label.mark, route, false);
    }
    for (uint32_t i = 0; i < rule->errand_count; i++) {
        *last = rule->errands[i].name;
        part(coverage, COVERED_ERRAND, rule->errands[i].label.mark, route, false);
    }
}

static void know_rules(struct coverage *coverage, const struct procedure *procedure)
{
    for (uint32_t i = 0; i < shelf_count(procedure); i++) {
        struct shelf shelf = shelf_at(procedure, i);

        for (uint32_t j = 0; j < shelf.count; j++) {
            const struct offer *offer = &shelf.offers[j];

            for (uint32_t k = 0; k < offer->rule_count; k++) {
                know_rule(coverage, shelf.name, procedure->events[offer->event].name,
                          &offer->rules[k]);
            }
        }
    }
}

static bool rule_meets(const struct procedure *procedure, const struct rule *rule,
                       const struct clock *clock)
{
    for (uint32_t i = 0; i < rule->meet_count; i++) {
        if (&procedure->clocks[rule->meets[i].clock] == clock) {
            return true;
        }
    }
    return false;
}

/* A term that only runs out, such as a public notice, has no act. */
static bool is_met(const struct procedure *procedure, const struct clock *clock)
{
    bool met = false;

    for (uint32_t i = 0; !met && i < shelf_count(procedure); i++) {
        struct shelf shelf = shelf_at(procedure, i);

        for (uint32_t j = 0; j < shelf.count; j++) {
            for (uint32_t k = 0; k < shelf.offers[j].rule_count; k++) {
                met = met || rule_meets(procedure, &shelf.offers[j].rules[k], clock);
            }
        }
    }
    return met;
}

static struct route need_route(const struct clock *clock, const struct extend *extend,
                               const struct need *need)
{
    return (struct route){{clock->name, extend->name, need->name}};
}

static void know_clock(struct coverage *coverage, const struct procedure *procedure,
                       const struct clock *clock)
{
    struct mark mark = clock->label.mark;
    struct route route = clock_route(clock, (struct text){0});

    part(coverage, COVERED_CLOCK, mark, route, false);
    if (is_met(procedure, clock)) {
        part(coverage, COVERED_MET, mark, route, false);
    }
    part(coverage, COVERED_MISSED, mark, route, false);
    for (uint32_t i = 0; i < clock->entry_count; i++) { /* a plan's stand at each clock */
        part(coverage, COVERED_ENTRY, mark, clock_route(clock, clock->entries[i].name), false);
    }
    for (uint16_t i = 0; i < procedure->ground_count; i++) {
        if ((clock->pause_grounds >> i & 1) != 0) {
            part(coverage, COVERED_GROUND, clock->ground_marks[i],
                 clock_route(clock, procedure->grounds[i].name), false);
        }
    }
    for (uint32_t i = 0; i < clock->extend_count; i++) {
        const struct extend *extend = &clock->extends[i];

        part(coverage, COVERED_EXTEND, extend->label.mark, clock_route(clock, extend->name),
             false);
        for (uint32_t j = 0; j < extend->need_count; j++) {
            part(coverage, COVERED_NEED, extend->needs[j].label.mark,
                 need_route(clock, extend, &extend->needs[j]), false);
        }
    }
}

static void know(struct coverage *coverage, const struct procedure *procedure)
{
    if (coverage->known == procedure->digest) {
        return;
    }
    coverage->known = procedure->digest;
    know_rules(coverage, procedure);
    for (uint32_t i = 0; i < procedure->apart_count; i++) {
        part(coverage, COVERED_APART, procedure->aparts[i].label.mark,
             (struct route){{procedure->aparts[i].name}}, false);
    }
    for (uint32_t i = 0; i < procedure->clock_count; i++) {
        know_clock(coverage, procedure, &procedure->clocks[i]);
    }
}

/* --- what a record exercised -------------------------------------------------------------- */

static bool refused_for(const struct record *record, struct text code)
{
    for (uint32_t i = 0; i < record->reason_count; i++) {
        if (text_equal(record->reasons[i].code, code)) {
            return true;
        }
    }
    return false;
}

static bool left_defect(const struct record *record, struct text code)
{
    for (uint32_t i = 0; i < record->effect_count; i++) {
        if (record->effects[i].kind == EFFECT_DEFECT &&
            text_equal(record->effects[i].text, code)) {
            return true;
        }
    }
    return false;
}

/* The rule taken, with the needs that refused, the warnings left and the errands sent. */
static void mark_rule(struct coverage *coverage, struct route route,
                      const struct happening *happening)
{
    const struct rule *rule = happening->rule;
    const struct record *record = happening->record;
    struct text *last = &route.parts[PATH_PARTS - 1];

    part(coverage, COVERED_RULE, rule->label.mark, route, record->verdict == RECORD_APPLIED);
    for (uint32_t i = 0; i < rule->need_count; i++) {
        *last = rule->needs[i].name;
        part(coverage, COVERED_NEED, rule->needs[i].label.mark, route,
             refused_for(record, *last));
    }
    for (uint32_t i = 0; i < rule->warn_count; i++) {
        *last = rule->warns[i].name;
        part(coverage, COVERED_WARN, rule->warns[i].label.mark, route,
             left_defect(record, *last));
    }
    for (uint32_t i = 0; i < happening->dispatch_count; i++) {
        const struct errand *errand = happening->dispatches[i].errand;

        *last = errand->name;
        part(coverage, COVERED_ERRAND, errand->label.mark, route, true);
    }
}

/* Find the rule taken in its place. */
static void mark_place(struct coverage *coverage, const struct happening *happening)
{
    const struct procedure *procedure = happening->procedure;

    for (uint32_t i = 0; i < shelf_count(procedure); i++) {
        struct shelf shelf = shelf_at(procedure, i);

        for (uint32_t j = 0; j < shelf.count; j++) {
            const struct offer *offer = &shelf.offers[j];
            const struct rule *end = offer->rules + offer->rule_count;

            for (const struct rule *rule = offer->rules; rule < end; rule++) {
                if (rule == happening->rule) {
                    mark_rule(coverage,
                              (struct route){{shelf.name, procedure->events[offer->event].name,
                                              rule->name}},
                              happening);
                }
            }
        }
    }
}

static bool rule_extends(const struct rule *rule, uint16_t clock)
{
    for (uint32_t i = 0; rule != NULL && i < rule->extend_count; i++) {
        if (rule->extends[i].clock == clock) {
            return true;
        }
    }
    return false;
}

/* Whether a standing event speaks of this clock. */
static bool event_names(const struct event *event, struct text clock)
{
    for (uint32_t i = 0; i < event->fact_count; i++) {
        if (text_is(event->facts[i].name, "clock") &&
            text_equal(event->facts[i].value, clock)) {
            return true;
        }
    }
    return false;
}

/* Refusals that stand in no rule: what an extension needs, and persons to be kept apart. */
static void mark_refusals(struct coverage *coverage, const struct happening *happening)
{
    const struct procedure *procedure = happening->procedure;
    const struct record *record = happening->record;

    for (uint16_t i = 0; i < procedure->clock_count; i++) {
        const struct clock *clock = &procedure->clocks[i];

        if (!rule_extends(happening->rule, i) &&
            !event_names(&record->submission.event, clock->name)) {
            continue;
        }
        for (uint32_t j = 0; j < clock->extend_count; j++) {
            const struct extend *extend = &clock->extends[j];

            for (uint32_t k = 0; k < extend->need_count; k++) {
                part(coverage, COVERED_NEED, extend->needs[k].label.mark,
                     need_route(clock, extend, &extend->needs[k]),
                     refused_for(record, extend->needs[k].name));
            }
        }
    }
    for (uint32_t i = 0; i < record->reason_count; i++) {
        for (uint32_t j = 0; j < procedure->apart_count; j++) {
            const struct apart *apart = &procedure->aparts[j];

            part(coverage, COVERED_APART, apart->label.mark, (struct route){{apart->name}},
                 text_is(record->reasons[i].code, "apart") &&
                     text_equal(record->reasons[i].law, apart->label.law));
        }
    }
}

/* Extensions are granted in the order written, so their number says which this one was. */
static void mark_extend(struct coverage *coverage, const struct happening *happening,
                        const struct effect *effect)
{
    const struct clock *clock = &happening->procedure->clocks[effect->clock];
    const struct case_state *after = happening->after;
    uint32_t used = 0;

    for (uint32_t i = 0; i < after->stop_count; i++) {
        used += after->stops[i].kind == STOP_EXTENSION &&
                after->stops[i].clock == effect->clock &&
                after->stops[i].number == effect->number;
    }
    if (used > 0 && used <= clock->extend_count) {
        const struct extend *extend = &clock->extends[used - 1];

        part(coverage, COVERED_EXTEND, extend->label.mark, clock_route(clock, extend->name),
             true);
    }
}

/* How a clock ended; one that was cancelled proves nothing. */
static void mark_end(struct coverage *coverage, const struct clock *clock,
                     enum instance_state state)
{
    struct route route = clock_route(clock, (struct text){0});

    switch (state) {
    case INSTANCE_MET:
    case INSTANCE_MET_LATE:
    case INSTANCE_USED:
        part(coverage, COVERED_MET, clock->label.mark, route, true);
        break;
    case INSTANCE_OVERDUE:
    case INSTANCE_ELAPSED:
    case INSTANCE_CAPPED:
        part(coverage, COVERED_MISSED, clock->label.mark, route, true);
        break;
    case INSTANCE_RUNNING:
    case INSTANCE_PAUSED:
    case INSTANCE_CANCELLED:
        break;
    }
}

static void mark_effect(struct coverage *coverage, const struct happening *happening,
                        const struct effect *effect)
{
    const struct procedure *procedure = happening->procedure;

    if (effect->clock == NO_INDEX) {
        return;
    }

    const struct clock *clock = &procedure->clocks[effect->clock];
    struct mark mark = clock->label.mark;

    if (effect->kind == EFFECT_STARTED) {
        part(coverage, COVERED_CLOCK, mark, clock_route(clock, (struct text){0}), true);
    } else if (effect->kind == EFFECT_ENDED) {
        mark_end(coverage, clock, effect->state);
    } else if (effect->kind == EFFECT_NOTICE && effect->entry != NO_INDEX) {
        part(coverage, COVERED_ENTRY, mark,
             clock_route(clock, clock->entries[effect->entry].name), true);
    } else if (effect->kind == EFFECT_PAUSED && effect->ground != NO_INDEX) {
        part(coverage, COVERED_GROUND, clock->ground_marks[effect->ground],
             clock_route(clock, procedure->grounds[effect->ground].name), true);
    } else if (effect->kind == EFFECT_EXTENDED) {
        mark_extend(coverage, happening, effect);
    }
}

void coverage_note(struct coverage *coverage, const struct happening *happening)
{
    const struct record *record = happening->record;

    if (happening->procedure == NULL) {
        return;
    }
    know(coverage, happening->procedure);
    if (happening->rule != NULL) {
        mark_place(coverage, happening);
    }
    if (record->verdict == RECORD_REJECTED) {
        mark_refusals(coverage, happening);
    }
    for (uint32_t i = 0; happening->after != NULL && i < record->effect_count; i++) {
        mark_effect(coverage, happening, &record->effects[i]);
    }
}
