#ifndef DUBAN_LIB_GUARD_WORLD_H
#define DUBAN_LIB_GUARD_WORLD_H

/*
 * A small world for guards: names of every type, a register, people, clocks, and two named
 * conditions. Everything is unset at first. In a header alone, for it stands on the core, which
 * the harness does not.
 */
#include "base/must.h"
#include "core/guard.h"

#include <string.h>

static const struct text world_kinds[] = {TEXT_INIT("person"), TEXT_INIT("organisation")};
static const struct text world_results[] = {TEXT_INIT("adopt"), TEXT_INIT("return"),
                                            TEXT_INIT("person"), TEXT_INIT("to-be-heard")};
static const struct text world_marks[] = {TEXT_INIT("minor"), TEXT_INIT("first"),
                                          TEXT_INIT("mended")};
static const struct text world_badges[] = {TEXT_INIT("gold"), TEXT_INIT("tin")};
static const struct text world_copies[] = {TEXT_INIT("minor"), TEXT_INIT("first"),
                                           TEXT_INIT("mended")};
static const struct text world_stages[] = {TEXT_INIT("filed"), TEXT_INIT("investigate"),
                                           TEXT_INIT("decision")};

static const struct choices kinds = {world_kinds, 2};
static const struct choices results = {world_results, 4};
static const struct choices marks = {world_marks, 3};
static const struct choices badges = {world_badges, 2};
static const struct choices copies = {world_copies, 3}; /* as marks, declared elsewhere */
static const struct choices stages = {world_stages, 3};

/* A name that also stands without its `facts.`, and what it is. */
struct world_name {
    struct text path;
    enum value_type type;
    const struct choices *choices;
    bool people;
    bool sealed;
    bool keyed;
    enum value_type key_type;
};

#define WORLD_PLAIN(path, type)                                      \
    {                                                                \
        TEXT_INIT(path), type, NULL, false, false, false, VALUE_FLAG \
    }
#define WORLD_CHOICE(path, type, choices)                               \
    {                                                                   \
        TEXT_INIT(path), type, choices, false, false, false, VALUE_FLAG \
    }

static const struct world_name world_names[] = {
    WORLD_PLAIN("facts.minor", VALUE_FLAG),
    WORLD_PLAIN("facts.harm", VALUE_FLAG),
    WORLD_PLAIN("facts.closed", VALUE_FLAG),
    WORLD_PLAIN("facts.rounds", VALUE_INTEGER),
    WORLD_PLAIN("facts.attempts", VALUE_INTEGER),
    WORLD_PLAIN("facts.fine", VALUE_MONEY),
    WORLD_PLAIN("facts.intended", VALUE_MONEY),
    WORLD_PLAIN("facts.name", VALUE_TEXT),
    WORLD_PLAIN("facts.label", VALUE_TEXT),
    WORLD_PLAIN("facts.served_on", VALUE_DATE),
    WORLD_PLAIN("facts.decided_on", VALUE_DATE),
    WORLD_PLAIN("facts.seen", VALUE_INSTANT),
    WORLD_PLAIN("facts.give", VALUE_LENGTH),
    WORLD_CHOICE("facts.kind", VALUE_CHOICE, &kinds),
    WORLD_CHOICE("facts.result", VALUE_CHOICE, &results),
    WORLD_CHOICE("facts.marks", VALUE_SET, &marks),
    WORLD_CHOICE("facts.traits", VALUE_SET, &marks),
    WORLD_CHOICE("facts.badges", VALUE_SET, &badges),
    WORLD_CHOICE("facts.copies", VALUE_SET, &copies),
    {TEXT_INIT("facts.mobile"), VALUE_TEXT, NULL, false, true, false, VALUE_FLAG},
    WORLD_PLAIN("event.fine", VALUE_MONEY),
    WORLD_PLAIN("event.rounds", VALUE_INTEGER),
    WORLD_PLAIN("event.person", VALUE_TEXT),
    WORLD_PLAIN("event.occurred", VALUE_INSTANT),
    WORLD_CHOICE("case.stage", VALUE_CHOICE, &stages),
    {TEXT_INIT("actors"), VALUE_TEXT, NULL, true, false, false, VALUE_FLAG},
    WORLD_PLAIN("actors.certified", VALUE_FLAG),
    WORLD_PLAIN("clock.correct.running", VALUE_FLAG),
    WORLD_PLAIN("clock.correct.last_day", VALUE_DATE),
    WORLD_PLAIN("clock.late_fee.amount", VALUE_MONEY),
    {TEXT_INIT("registers.fines.max"), VALUE_MONEY, NULL, false, false, true, VALUE_TEXT},
    {TEXT_INIT("registers.grades.name"), VALUE_TEXT, NULL, false, false, true, VALUE_INTEGER},
};

enum { WORLD_NAMES = sizeof(world_names) / sizeof(world_names[0]), WORLD_ACTORS = 4 };

/* symbol.kind of a world's names is 1; `index` is the place in world_names. */
struct world {
    struct value
        values[WORLD_NAMES]; /* of a register: of every row whose key is not "none" or 0 */
    struct text actors[WORLD_ACTORS];
    uint32_t actor_count;
    const struct guard *exempt; /* named conditions; NULL: not there */
    const struct guard *heavy;
};

static inline void world_init(struct world *world)
{
    *world = (struct world){.actor_count = 0};
    for (uint32_t i = 0; i < WORLD_NAMES; i++) {
        world->values[i].type = world_names[i].type;
    }
}

/* The place of a name, WORLD_NAMES if there is none. */
static inline uint32_t world_find(struct text name)
{
    for (uint32_t i = 0; i < WORLD_NAMES; i++) {
        struct text path = world_names[i].path;
        bool fact = text_starts(path, TEXT("facts."));

        if (text_equal(name, path) ||
            (fact && text_equal(name, text_part(path, 6, path.size)))) {
            return i;
        }
    }
    return WORLD_NAMES;
}

/* Set a name to what the text of a value says. */
static inline void world_set(struct world *world, const char *name, const char *text)
{
    uint32_t i = world_find(text_of(name));

    MUST(i < WORLD_NAMES);
    MUST(value_parse(text_of(text), world_names[i].type, world_names[i].choices, 0,
                     &world->values[i]));
}

static inline struct text world_path(const struct path *path, char *room, size_t size)
{
    size_t at = 0;

    for (uint32_t i = 0; i < path->count; i++) {
        struct text part = path->parts[i];

        if (at + part.size + 1 > size) {
            return (struct text){0};
        }
        if (i > 0) {
            room[at++] = '.';
        }
        memcpy(room + at, part.bytes, part.size);
        at += part.size;
    }
    return (struct text){.bytes = room, .size = at};
}

static inline bool world_resolve(const void *context, const struct path *path,
                                 struct symbol *symbol, struct text *near)
{
    const struct world *world = context;
    struct text candidates[2 * WORLD_NAMES];
    char room[256];
    struct text name = world_path(path, room, sizeof(room));
    uint32_t i = world_find(name);

    if (text_is(name, "exempt") && world->exempt != NULL) {
        *symbol = (struct symbol){.kind = 1, .define = world->exempt};
        return true;
    }
    if (text_is(name, "heavy") && world->heavy != NULL) {
        *symbol = (struct symbol){.kind = 1, .define = world->heavy};
        return true;
    }
    if (i == WORLD_NAMES) {
        for (uint32_t j = 0; j < WORLD_NAMES; j++) {
            struct text whole = world_names[j].path;
            bool fact = text_starts(whole, TEXT("facts."));

            candidates[j] = whole;
            candidates[WORLD_NAMES + j] = fact ? text_part(whole, 6, whole.size) : whole;
        }
        *near = nearest_word(name, candidates, (uint32_t)(2 * WORLD_NAMES));
        return false;
    }
    *symbol = (struct symbol){.type = world_names[i].type,
                              .choices = world_names[i].choices,
                              .kind = 1,
                              .index = (uint16_t)i,
                              .people = world_names[i].people,
                              .sealed = world_names[i].sealed,
                              .keyed = world_names[i].keyed,
                              .key_type = world_names[i].key_type};
    return true;
}

static inline struct value world_read(const void *context, const struct symbol *symbol,
                                      const struct value *key)
{
    const struct world *world = context;
    struct value value = world->values[symbol->index];

    MUST((key != NULL) == symbol->keyed);
    if (key != NULL) {
        MUST(key->known);
        MUST(key->type == symbol->key_type);
        if (key->type == VALUE_TEXT ? text_is(key->text, "none") : key->number == 0) {
            value.known = false;
        }
    }
    return value;
}

static inline uint32_t world_people_count(const void *context, const struct symbol *symbol)
{
    const struct world *world = context;

    MUST(symbol->people);
    return world->actor_count;
}

static inline bool world_people_hold(const void *context, const struct symbol *symbol,
                                     struct text person)
{
    const struct world *world = context;

    MUST(symbol->people);
    for (uint32_t i = 0; i < world->actor_count; i++) {
        if (text_equal(world->actors[i], person)) {
            return true;
        }
    }
    return false;
}

static inline struct scope world_scope(const struct world *world)
{
    return (struct scope){.context = world, .resolve = world_resolve};
}

static inline struct reading world_reading(const struct world *world,
                                           const struct calendar *calendar)
{
    return (struct reading){.context = world,
                            .read = world_read,
                            .people_count = world_people_count,
                            .people_hold = world_people_hold,
                            .calendar = calendar,
                            .zone_ms = (int64_t)8 * 3600 * 1000};
}

#endif
