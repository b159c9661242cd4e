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

/* Parts joined by dots; empty ones are left out. */
static struct text join(struct coverage *coverage, const struct text parts[PATH_PARTS])
{
    size_t size = 0;
    size_t at = 0;

    for (int i = 0; i < PATH_PARTS; i++) {
        size += parts[i].size + 1;
    }

    char *room = arena_take(coverage->arena, size);

    for (int i = 0; room != NULL && i < PATH_PARTS; i++) {
        if (parts[i].size > 0) {
            if (at > 0) {
                room[at++] = '.';
            }
            memcpy(room + at, parts[i].bytes, parts[i].size);
            at += parts[i].size;
        }
    }
    return (struct text){.bytes = room, .size = at};
}

/* "minor@1" */
static struct text name_of(struct coverage *coverage, const struct procedure *procedure)
{
    char *room = arena_take(coverage->arena, procedure->name.size + 12);
    size_t at = procedure->name.size;
    uint32_t divisor = 1;

    if (room == NULL) {
        return (struct text){0};
    }
    memcpy(room, procedure->name.bytes, at);
    room[at++] = '@';
    while (procedure->version / divisor >= 10) {
        divisor *= 10;
    }
    for (; divisor > 0; divisor /= 10) {
        room[at++] = (char)('0' + procedure->version / divisor % 10);
    }
    return (struct text){.bytes = room, .size = at};
}

static struct covered *find(const struct coverage *coverage, enum covered_kind kind,
                            struct text procedure, struct text path)
{
    for (struct covered *at = coverage->first; at != NULL; at = at->next) {
        if (at->kind == kind && text_equal(at->path, path) &&
            text_equal(at->procedure, procedure)) {
            return at;
        }
    }
    return NULL;
}

/* A walk over a procedure, to know its parts or to mark one. */
struct walk {
    struct coverage *coverage;
    const struct procedure *procedure;
    struct text name;
};

static void know(const struct walk *walk, enum covered_kind kind, struct text a, struct text b,
                 struct text c, struct text d)
{
    struct coverage *coverage = walk->coverage;
    struct covered *covered = arena_take_zeroed(coverage->arena, 1, sizeof(*covered));

    if (covered == NULL) {
        return;
    }
    covered->kind = kind;
    covered->procedure = walk->name;
    covered->path = join(coverage, (const struct text[PATH_PARTS]){a, b, c, d});
    if (coverage->last == NULL) {
        coverage->first = covered;
    } else {
        coverage->last->next = covered;
    }
    coverage->last = covered;
}

static void mark(const struct walk *walk, enum covered_kind kind, struct text a, struct text b,
                 struct text c, struct text d)
{
    struct text path = join(walk->coverage, (const struct text[PATH_PARTS]){a, b, c, d});
    struct covered *covered = find(walk->coverage, kind, walk->name, path);

    if (covered != NULL) {
        covered->done = true;
    }
}

static void know_offers(const struct walk *walk, struct text stage, const struct offer *offers,
                        uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct text event = walk->procedure->events[offers[i].event].name;

        for (uint32_t j = 0; j < offers[i].rule_count; j++) {
            const struct rule *rule = &offers[i].rules[j];

            know(walk, COVERED_RULE, stage, event, rule->name, (struct text){0});
            for (uint32_t k = 0; k < rule->need_count; k++) {
                know(walk, COVERED_NEED, stage, event, rule->name, rule->needs[k].name);
            }
            for (uint32_t k = 0; k < rule->warn_count; k++) {
                know(walk, COVERED_WARN, stage, event, rule->name, rule->warns[k].name);
            }
        }
    }
}

static void know_clock(const struct walk *walk, const struct clock *clock)
{
    const struct text none = {0};

    know(walk, COVERED_CLOCK, clock->name, none, none, none);
    for (uint32_t i = 0; i < clock->entry_count; i++) {
        know(walk, COVERED_ENTRY, clock->name, clock->entries[i].name, none, none);
    }
    for (uint16_t i = 0; i < walk->procedure->ground_count; i++) {
        if ((clock->pause_grounds >> i & 1) != 0) {
            know(walk, COVERED_GROUND, clock->name, walk->procedure->grounds[i].name, none,
                 none);
        }
    }
    for (uint32_t i = 0; i < clock->extend_count; i++) {
        know(walk, COVERED_EXTEND, clock->name, clock->extends[i].name, none, none);
    }
}

static struct walk begin(struct coverage *coverage, const struct procedure *procedure)
{
    return (struct walk){
        .coverage = coverage, .procedure = procedure, .name = name_of(coverage, procedure)};
}

void coverage_know(struct coverage *coverage, const struct procedure *procedure)
{
    struct walk walk = begin(coverage, procedure);

    for (const struct covered *at = coverage->first; at != NULL; at = at->next) {
        if (text_equal(at->procedure, walk.name)) {
            return;
        }
    }
    know_offers(&walk, TEXT("opens"), procedure->opens, procedure->open_count);
    for (uint32_t i = 0; i < procedure->stage_count; i++) {
        const struct stage *stage = &procedure->stages[i];

        know_offers(&walk, stage->name, stage->offers, stage->offer_count);
    }
    know_offers(&walk, TEXT("anytime"), procedure->anytime, procedure->anytime_count);
    for (uint32_t i = 0; i < procedure->clock_count; i++) {
        know_clock(&walk, &procedure->clocks[i]);
    }
}

/* The rule taken, with the needs that refused (by code) and the warnings left. */
static void mark_rule(const struct walk *walk, struct text stage, struct text event,
                      const struct happening *happening)
{
    const struct rule *rule = happening->rule;
    const struct record *record = happening->record;

    if (record->verdict == RECORD_APPLIED) {
        mark(walk, COVERED_RULE, stage, event, rule->name, (struct text){0});
    }
    for (uint32_t i = 0; i < record->reason_count; i++) {
        mark(walk, COVERED_NEED, stage, event, rule->name, record->reasons[i].code);
    }
    for (uint32_t i = 0; i < record->effect_count; i++) {
        if (record->effects[i].kind == EFFECT_DEFECT) {
            mark(walk, COVERED_WARN, stage, event, rule->name, record->effects[i].text);
        }
    }
}

/* Whether the rule taken stands in these offers; then it is marked. */
static bool mark_offers(const struct walk *walk, struct text stage, const struct offer *offers,
                        uint32_t count, const struct happening *happening)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct rule *rules = offers[i].rules;

        for (uint32_t j = 0; j < offers[i].rule_count; j++) {
            if (&rules[j] == happening->rule) {
                mark_rule(walk, stage, walk->procedure->events[offers[i].event].name,
                          happening);
                return true;
            }
        }
    }
    return false;
}

static void mark_place(const struct walk *walk, const struct happening *happening)
{
    const struct procedure *procedure = walk->procedure;

    if (mark_offers(walk, TEXT("opens"), procedure->opens, procedure->open_count, happening) ||
        mark_offers(walk, TEXT("anytime"), procedure->anytime, procedure->anytime_count,
                    happening)) {
        return;
    }
    for (uint32_t i = 0; i < procedure->stage_count; i++) {
        const struct stage *stage = &procedure->stages[i];

        if (mark_offers(walk, stage->name, stage->offers, stage->offer_count, happening)) {
            return;
        }
    }
}

/* Extensions are granted in the order written, so their number says which this one was. */
static void mark_extend(const struct walk *walk, const struct happening *happening,
                        const struct effect *effect)
{
    const struct clock *clock = &walk->procedure->clocks[effect->clock];
    const struct case_state *after = happening->after;
    uint32_t used = 0;

    for (uint32_t i = 0; i < after->stop_count; i++) {
        used += after->stops[i].kind == STOP_EXTENSION &&
                after->stops[i].clock == effect->clock &&
                after->stops[i].number == effect->number;
    }
    if (used > 0 && used <= clock->extend_count) {
        mark(walk, COVERED_EXTEND, clock->name, clock->extends[used - 1].name, (struct text){0},
             (struct text){0});
    }
}

static void mark_effect(const struct walk *walk, const struct happening *happening,
                        const struct effect *effect)
{
    const struct procedure *procedure = walk->procedure;
    const struct text none = {0};

    if (effect->clock == NO_INDEX) {
        return;
    }

    const struct clock *clock = &procedure->clocks[effect->clock];

    if (effect->kind == EFFECT_STARTED) {
        mark(walk, COVERED_CLOCK, clock->name, none, none, none);
    } else if (effect->kind == EFFECT_NOTICE && effect->entry != NO_INDEX) {
        mark(walk, COVERED_ENTRY, clock->name, clock->entries[effect->entry].name, none, none);
    } else if (effect->kind == EFFECT_PAUSED && effect->ground != NO_INDEX) {
        mark(walk, COVERED_GROUND, clock->name, procedure->grounds[effect->ground].name, none,
             none);
    } else if (effect->kind == EFFECT_EXTENDED) {
        mark_extend(walk, happening, effect);
    }
}

void coverage_note(struct coverage *coverage, const struct happening *happening)
{
    if (happening->procedure == NULL) {
        return;
    }
    coverage_know(coverage, happening->procedure);

    struct walk walk = begin(coverage, happening->procedure);

    if (happening->rule != NULL) {
        mark_place(&walk, happening);
    }
    for (uint32_t i = 0; i < happening->record->effect_count; i++) {
        mark_effect(&walk, happening, &happening->record->effects[i]);
    }
}
