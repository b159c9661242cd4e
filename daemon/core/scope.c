#include "core/scope.h"

/* What a misspelt word is compared with. */
enum { CANDIDATES_MAX = 512 };

struct candidates {
    struct text words[CANDIDATES_MAX];
    uint32_t count;
};

static void offer_word(struct candidates *candidates, struct text word)
{
    if (candidates->count < CANDIDATES_MAX) {
        candidates->words[candidates->count++] = word;
    }
}

static bool nearest_of(const struct candidates *candidates, struct text word, struct text *near)
{
    *near = nearest_word(word, candidates->words, candidates->count);
    return false;
}

/* Names that are the language's own, dot or not. */
struct fixed_name {
    struct text word;
    struct symbol symbol;
};

static const struct fixed_name event_names[] = {
    {TEXT_INIT("occurred"), {.kind = SYMBOL_OCCURRED, .type = VALUE_INSTANT}},
    {TEXT_INIT("received"), {.kind = SYMBOL_RECEIVED, .type = VALUE_INSTANT}},
    {TEXT_INIT("person"), {.kind = SYMBOL_PERSON, .type = VALUE_TEXT}},
    {TEXT_INIT("sender"), {.kind = SYMBOL_SENDER, .type = VALUE_TEXT}},
};

static const struct fixed_name case_names[] = {
    {TEXT_INIT("stage"), {.kind = SYMBOL_STAGE, .type = VALUE_CHOICE}},
    {TEXT_INIT("agency"), {.kind = SYMBOL_AGENCY, .type = VALUE_TEXT}},
    {TEXT_INIT("unit"), {.kind = SYMBOL_UNIT, .type = VALUE_TEXT}},
    {TEXT_INIT("opened"), {.kind = SYMBOL_OPENED, .type = VALUE_INSTANT}},
    {TEXT_INIT("id"), {.kind = SYMBOL_CASE, .type = VALUE_TEXT}},
    {TEXT_INIT("opener"), {.kind = SYMBOL_OPENER, .type = VALUE_TEXT}},
};

static const struct fixed_name actor_names[] = {
    {TEXT_INIT("certified"), {.kind = SYMBOL_CERTIFIED, .type = VALUE_FLAG}},
    {TEXT_INIT("of_unit"), {.kind = SYMBOL_OF_UNIT, .type = VALUE_FLAG}},
};

#define CLOCK_FIELD_NAME(field_, word_, type_) \
    {TEXT_INIT(word_), {.kind = SYMBOL_CLOCK, .field = (field_), .type = (type_)}},
static const struct fixed_name clock_names[] = {CLOCK_FIELDS(CLOCK_FIELD_NAME)};
#undef CLOCK_FIELD_NAME

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))

static bool find_fixed(const struct fixed_name *names, uint32_t count, struct text word,
                       struct symbol *symbol)
{
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(names[i].word, word)) {
            *symbol = names[i].symbol;
            return true;
        }
    }
    return false;
}

static void offer_fixed(struct candidates *candidates, const struct fixed_name *names,
                        uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        offer_word(candidates, names[i].word);
    }
}

static bool resolve_fixed(const struct fixed_name *names, uint32_t count, struct text word,
                          struct symbol *symbol, struct text *near)
{
    struct candidates candidates = {.count = 0};

    if (find_fixed(names, count, word, symbol)) {
        return true;
    }
    offer_fixed(&candidates, names, count);
    return nearest_of(&candidates, word, near);
}

static void describe_fact(const struct procedure *procedure, uint16_t index,
                          enum symbol_kind kind, struct symbol *symbol)
{
    const struct fact *fact = &procedure->facts[index];
    bool chosen = fact->type == VALUE_CHOICE || fact->type == VALUE_SET;

    *symbol = (struct symbol){.kind = (uint16_t)kind,
                              .index = index,
                              .type = fact->type,
                              .choices = chosen ? &fact->choices : NULL,
                              .sealed = fact->private};
}

static bool find_fact(const struct procedure *procedure, struct text word,
                      struct symbol *symbol, struct text *near)
{
    struct candidates candidates = {.count = 0};
    uint16_t index = procedure_fact(procedure, word);

    if (index != NO_INDEX) {
        describe_fact(procedure, index, SYMBOL_FACT, symbol);
        return true;
    }
    for (uint32_t i = 0; i < procedure->fact_count; i++) {
        offer_word(&candidates, procedure->facts[i].name);
    }
    return nearest_of(&candidates, word, near);
}

static bool resolve_fact(const struct guard_place *place, const struct path *path,
                         struct symbol *symbol, struct text *near)
{
    return find_fact(place->procedure, path->parts[1], symbol, near);
}

/* A named condition, else a fact. */
static bool resolve_bare(const struct procedure *procedure, struct text word,
                         struct symbol *symbol, struct text *near)
{
    struct candidates candidates = {.count = 0};

    for (uint32_t i = 0; i < procedure->define_count; i++) {
        const struct define *define = &procedure->defines[i];

        if (text_equal(define->name, word)) {
            *symbol = (struct symbol){.kind = SYMBOL_DEFINE,
                                      .index = (uint16_t)i,
                                      .type = VALUE_FLAG,
                                      .define = define->guard};
            return true;
        }
        offer_word(&candidates, define->name);
    }
    if (find_fact(procedure, word, symbol, near)) {
        return true;
    }
    offer_word(&candidates, *near); /* the nearest of the facts against the conditions */
    offer_word(&candidates, TEXT("actors"));
    return nearest_of(&candidates, word, near);
}

static bool rule_takes(const struct rule *rule, uint16_t fact)
{
    return fact_mask_has(&rule->takes, fact) || fact_mask_has(&rule->may_take, fact);
}

static bool resolve_event(const struct guard_place *place, const struct path *path,
                          struct symbol *symbol, struct text *near)
{
    struct text word = path->parts[1];
    struct candidates candidates = {.count = 0};
    const struct procedure *procedure = place->procedure;

    if (find_fixed(event_names, COUNT(event_names), word, symbol)) {
        return true;
    }
    offer_fixed(&candidates, event_names, COUNT(event_names));
    for (uint16_t i = 0; place->rule != NULL && i < procedure->fact_count; i++) {
        if (!rule_takes(place->rule, i)) {
            continue;
        }
        if (text_equal(procedure->facts[i].name, word)) {
            describe_fact(procedure, i, SYMBOL_EVENT_FACT, symbol);
            return true;
        }
        offer_word(&candidates, procedure->facts[i].name);
    }
    return nearest_of(&candidates, word, near);
}

static bool resolve_actors(const struct guard_place *place, const struct path *path,
                           struct symbol *symbol, struct text *near)
{
    (void)place;
    return resolve_fixed(actor_names, COUNT(actor_names), path->parts[1], symbol, near);
}

static bool resolve_case(const struct guard_place *place, const struct path *path,
                         struct symbol *symbol, struct text *near)
{
    if (!resolve_fixed(case_names, COUNT(case_names), path->parts[1], symbol, near)) {
        return false;
    }
    if (symbol->kind == SYMBOL_STAGE) {
        symbol->choices = &place->procedure->stage_names;
    }
    return true;
}

static bool resolve_clock(const struct guard_place *place, const struct path *path,
                          struct symbol *symbol, struct text *near)
{
    const struct procedure *procedure = place->procedure;
    struct candidates candidates = {.count = 0};
    uint16_t index = procedure_clock(procedure, path->parts[1]);

    if (index == NO_INDEX) {
        for (uint32_t i = 0; i < procedure->clock_count; i++) {
            offer_word(&candidates, procedure->clocks[i].name);
        }
        return nearest_of(&candidates, path->parts[1], near);
    }
    if (!resolve_fixed(clock_names, COUNT(clock_names), path->parts[2], symbol, near)) {
        return false;
    }
    symbol->index = index;
    return true;
}

static bool resolve_column(const struct registry *registry, struct text word,
                           struct symbol *symbol, struct text *near)
{
    struct candidates candidates = {.count = 0};

    for (uint32_t i = 0; i < registry->column_count; i++) {
        const struct column *column = &registry->columns[i];
        bool chosen = column->type == VALUE_CHOICE || column->type == VALUE_SET;

        if (text_equal(column->name, word)) {
            *symbol = (struct symbol){.kind = SYMBOL_REGISTER,
                                      .field = (uint16_t)i,
                                      .type = column->type,
                                      .choices = chosen ? &column->choices : NULL,
                                      .keyed = true,
                                      .key_type = registry->columns[0].type};
            return true;
        }
        offer_word(&candidates, column->name);
    }
    return nearest_of(&candidates, word, near);
}

static bool resolve_register(const struct guard_place *place, const struct path *path,
                             struct symbol *symbol, struct text *near)
{
    const struct installed *installed = place->installed;
    struct candidates candidates = {.count = 0};

    for (uint32_t i = 0; installed != NULL && i < installed->registry_count; i++) {
        const struct registry *registry = &installed->registries[i];

        if (text_equal(registry->name, path->parts[1])) {
            bool found = resolve_column(registry, path->parts[2], symbol, near);

            symbol->index = (uint16_t)i;
            return found;
        }
        offer_word(&candidates, registry->name);
    }
    return nearest_of(&candidates, path->parts[1], near);
}

/* What a dotted name may begin with, and how many parts it then has. */
static const struct root {
    struct text word;
    uint32_t parts;
    bool in_event; /* only where there is an event */
    bool (*resolve)(const struct guard_place *place, const struct path *path,
                    struct symbol *symbol, struct text *near);
} roots[] = {
    {TEXT_INIT("facts"), 2, false, resolve_fact},
    {TEXT_INIT("event"), 2, true, resolve_event},
    {TEXT_INIT("actors"), 2, true, resolve_actors},
    {TEXT_INIT("case"), 2, false, resolve_case},
    {TEXT_INIT("clock"), 3, false, resolve_clock},
    {TEXT_INIT("registers"), 3, false, resolve_register},
};

static bool resolve(const void *context, const struct path *path, struct symbol *symbol,
                    struct text *near)
{
    const struct guard_place *place = context;

    *near = (struct text){0};
    if (path->count == 1 && text_is(path->parts[0], "actors") && place->in_event) {
        *symbol = (struct symbol){.kind = SYMBOL_ACTORS, .people = true};
        return true;
    }
    if (path->count == 1) {
        return resolve_bare(place->procedure, path->parts[0], symbol, near);
    }
    for (uint32_t i = 0; i < COUNT(roots); i++) {
        if (path->count == roots[i].parts && text_equal(path->parts[0], roots[i].word) &&
            (place->in_event || !roots[i].in_event)) {
            return roots[i].resolve(place, path, symbol, near);
        }
    }
    return false;
}

struct scope procedure_scope(const struct guard_place *place)
{
    return (struct scope){.context = place, .resolve = resolve};
}
