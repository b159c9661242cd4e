/*
 * Random guards for a foreign judge: guard_cases SEED COUNT writes JSON lines. A line `bindings` is
 * a world of facts, some of them unset; each line `guard` behind it is one well-typed guard over
 * that world: as we write it (`ours`), as CEL writes it (`cel`), and what we say of it (`expected`:
 * true, false, unknown). guard_judge.mjs asks another implementation of CEL and compares.
 *
 * How ours becomes CEL's, exactly:
 *   money     1000.00 is 100000, an int of fen; so is a bound fact
 *   dates     ints, days since 1970-01-01; date('…') is a function that the judge is given
 *   instants  ints, milliseconds; date(instant) is that same function
 *   lengths   texts, '10d'; after(), before(), workday() are functions that the judge is given,
 *             written anew there, with weekends that rest and no holidays
 *   choices   texts; sets and people are lists of texts
 *   a bare x  is facts.x; a named condition stands in brackets in full
 *   unset     is absent from its map: CEL's error, which is our unknown
 *
 * Not compared, for CEL has no equal or our rule is another on purpose: comparisons of lengths;
 * `set` (zeros, bare words, unions); registers by integer keys; actors.certified (a field of a
 * list); the order of texts beyond the basic plane (the judge compares UTF-16); chains of
 * comparisons and everything else that we refuse at load.
 */
#include "core/calendar.h"
#include "lib/guard_world.h"
#include "lib/rng.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    TERM_BYTES = 700,
    SURROUNDINGS = 64,
    POOL_MAX = 64,
    GUARDS_PER_WORLD = 20,
    ZONE_MS = 8 * 3600 * 1000
};

/* How tightly a term holds together, as in CEL's grammar. */
enum strength { HOLDS_OR, HOLDS_AND, HOLDS_RELATION, HOLDS_SUM, HOLDS_UNARY, HOLDS_FAST };

struct term {
    enum value_type type;
    const struct choices *choices;
    enum strength strength;
    char ours[TERM_BYTES];
    char cel[TERM_BYTES];
};

/* Terms so far; a guard grows by joining them. */
struct maker {
    struct rng rng;
    struct term pool[POOL_MAX];
    uint32_t count;
};

static const char *const texts[] = {"a",     "none", "person", "\xe5\xbc\xa0\xe4\xb8\x89",
                                    "first", ""};
static const char *const lengths[] = {"0d",   "1d",  "10d", "40d", "1wd", "5wd",
                                      "30wd", "1mo", "6mo", "1y",  "8h",  "200y"};
static const char exempt_cel[] = "(facts.minor && has(facts.served_on) && !facts.harm)";

enum {
    TEXT_COUNT = sizeof(texts) / sizeof(texts[0]),
    LENGTH_COUNT = sizeof(lengths) / sizeof(lengths[0])
};

static int64_t draw(struct maker *maker, int64_t below)
{
    return rng_between(&maker->rng, 0, below - 1);
}

static bool chance(struct maker *maker, int64_t percent)
{
    return draw(maker, 100) < percent;
}

static int64_t draw_number(struct maker *maker)
{
    static const int64_t edges[] = {0, 1, -1, 100, INT64_MAX, INT64_MAX - 1, -INT64_MAX};

    return chance(maker, 25) ? edges[draw(maker, 7)] : rng_between(&maker->rng, -3, 5);
}

static int32_t draw_date(struct maker *maker)
{
    return chance(maker, 5) ? (int32_t)draw(maker, date_of(2199, 12, 31) + 1)
                            : date_of(2026, 1, 1) + (int32_t)draw(maker, 60);
}

static struct value draw_value(struct maker *maker, enum value_type type,
                               const struct choices *choices)
{
    struct value value = {.type = type, .known = true};

    switch (type) {
    case VALUE_FLAG:
        value.flag = chance(maker, 50);
        break;
    case VALUE_INTEGER:
    case VALUE_MONEY:
        value.number = draw_number(maker);
        break;
    case VALUE_TEXT:
        value.text = text_of(texts[draw(maker, TEXT_COUNT)]);
        break;
    case VALUE_DATE:
        value.date = draw_date(maker);
        break;
    case VALUE_INSTANT:
        value.number = (int64_t)draw_date(maker) * DAY_MS + draw(maker, 4) * (DAY_MS / 3);
        break;
    case VALUE_LENGTH:
        MUST(length_parse(text_of(lengths[draw(maker, LENGTH_COUNT)]), &value.length));
        break;
    case VALUE_CHOICE:
        value.choice = (uint32_t)draw(maker, choices->count);
        break;
    case VALUE_SET:
        value.set = (uint64_t)draw(maker, (int64_t)1 << choices->count);
        break;
    }
    return value;
}

/* The worlds, as JSON. */

static void print_value(const struct world_name *name, const struct value *value)
{
    char room[TEXT_MAX];
    struct text text = {room, value_print(value, name->choices, ZONE_MS, room, sizeof(room))};
    const char *between = "";

    switch (name->type) {
    case VALUE_FLAG:
        (void)printf("%.*s", TEXT_ARGS(text));
        break;
    case VALUE_INTEGER:
    case VALUE_MONEY:
    case VALUE_INSTANT:
        (void)printf("{\"int\":\"%" PRId64 "\"}", value->number);
        break;
    case VALUE_DATE:
        (void)printf("{\"int\":\"%" PRId32 "\"}", value->date);
        break;
    case VALUE_TEXT:
    case VALUE_LENGTH:
    case VALUE_CHOICE:
        (void)printf("\"%.*s\"", TEXT_ARGS(text)); /* nothing of ours needs an escape */
        break;
    case VALUE_SET:
        (void)printf("[");
        while (!text_empty(text)) {
            struct text part = text_cut(text, ',', &text);

            (void)printf("%s\"%.*s\"", between, TEXT_ARGS(part));
            between = ",";
        }
        (void)printf("]");
        break;
    }
}

/* The names below a prefix that have one part more, as a JSON map. */
static void print_map(const struct world *world, const char *prefix)
{
    const char *between = "";

    (void)printf("{");
    for (uint32_t i = 0; i < WORLD_NAMES; i++) {
        const struct world_name *name = &world_names[i];
        struct text last;

        if (!text_starts(name->path, text_of(prefix)) || !world->values[i].known) {
            continue;
        }
        last = text_part(name->path, strlen(prefix), name->path.size);
        (void)printf("%s\"%.*s\":", between, TEXT_ARGS(last));
        print_value(name, &world->values[i]);
        between = ",";
    }
    (void)printf("}");
}

static void print_world(const struct world *world)
{
    static const char *const maps[] = {"facts.", "event.", "case."};
    static const char *const words[] = {"organisation", "adopt",       "return",  "to-be-heard",
                                        "filed",        "investigate", "decision"};
    const char *between = "";

    (void)printf("{\"bindings\":{");
    for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
        (void)printf("\"%.*s\":", (int)strlen(maps[i]) - 1, maps[i]);
        print_map(world, maps[i]);
        (void)printf(",");
    }
    (void)printf("\"clock\":{\"correct\":");
    print_map(world, "clock.correct.");
    (void)printf(",\"late_fee\":");
    print_map(world, "clock.late_fee.");
    (void)printf("},\"actors\":[");
    for (uint32_t i = 0; i < world->actor_count; i++) {
        (void)printf("%s\"%.*s\"", between, TEXT_ARGS(world->actors[i]));
        between = ",";
    }
    (void)printf("],\"registers\":{\"fines\":{");
    between = "";
    for (uint32_t i = 0; i < TEXT_COUNT; i++) {
        if (strcmp(texts[i], "none") != 0) {
            (void)printf("%s\"%s\":", between, texts[i]);
            print_map(world, "registers.fines.");
            between = ",";
        }
    }
    for (uint32_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        (void)printf(",\"%s\":", words[i]);
        print_map(world, "registers.fines.");
    }
    (void)printf("}}}}\n");
}

static void draw_world(struct maker *maker, struct world *world)
{
    static const char *const people[] = {"a", "person", "first"};

    for (uint32_t i = 0; i < WORLD_NAMES; i++) {
        struct value value = draw_value(maker, world_names[i].type, world_names[i].choices);

        value.known = chance(maker, 70);
        world->values[i] = value;
    }
    world->actor_count = (uint32_t)draw(maker, 4);
    for (uint32_t i = 0; i < world->actor_count; i++) {
        world->actors[i] = text_of(people[i]);
    }
}

/* Terms. */

static struct term *add(struct maker *maker, enum value_type type, enum strength strength)
{
    struct term *term = &maker->pool[maker->count];

    MUST(maker->count < POOL_MAX);
    maker->count++;
    *term = (struct term){.type = type, .strength = strength};
    return term;
}

/* One text of several, up to the NULL. */
static void put(char out[TERM_BYTES], const char *const *parts)
{
    size_t at = 0;

    for (; *parts != NULL; parts++) {
        size_t size = strlen(*parts);

        MUST(size < TERM_BYTES - at);
        memcpy(out + at, *parts, size);
        at += size;
    }
    out[at] = '\0';
}

static void say(struct term *term, const char *ours, const char *cel)
{
    put(term->ours, (const char *const[]){ours, NULL});
    put(term->cel, (const char *const[]){cel, NULL});
}

/* Whether a name is among what is compared, see the top; sets of other lists are refused. */
static bool compared(const struct world_name *name)
{
    return name->choices != &badges && !name->people && !name->keyed && !name->sealed &&
           name->type != VALUE_LENGTH && !text_is(name->path, "actors.certified");
}

static void add_name(struct maker *maker)
{
    const struct world_name *name = &world_names[draw(maker, WORLD_NAMES)];
    char room[64];

    (void)snprintf(room, sizeof(room), "%.*s", TEXT_ARGS(name->path));
    if (compared(name)) {
        struct term *term = add(maker, name->type, HOLDS_FAST);
        bool bare = text_starts(name->path, TEXT("facts.")) && chance(maker, 50);

        term->choices = name->choices;
        say(term, bare ? room + 6 : room, room);
    }
}

static void add_has(struct maker *maker)
{
    const struct world_name *name = &world_names[draw(maker, WORLD_NAMES)];

    if (!name->people && !name->keyed && !text_is(name->path, "actors.certified")) {
        struct term *term = add(maker, VALUE_FLAG, HOLDS_FAST);

        (void)snprintf(term->ours, TERM_BYTES, "has(%.*s)", TEXT_ARGS(name->path));
        (void)snprintf(term->cel, TERM_BYTES, "has(%.*s)", TEXT_ARGS(name->path));
    }
}

/* A literal as both write it. */
static void write_literal(struct maker *maker, enum value_type type, char *ours, char *cel)
{
    struct value value = draw_value(maker, type, NULL);
    char room[TEXT_MAX];
    struct text text;

    if (type == VALUE_INTEGER || type == VALUE_MONEY) {
        value.number = value.number < 0 ? -value.number : value.number;
    }
    if (type == VALUE_MONEY && value.number > INT64_MAX / 2) {
        value.number = INT64_MAX / 2; /* the largest are not read as literals */
    }
    text = (struct text){room, value_print(&value, NULL, ZONE_MS, room, sizeof(room))};
    if (type == VALUE_TEXT) {
        const char *quote = chance(maker, 50) ? "'" : "\"";

        (void)snprintf(ours, 64, "%s%.*s%s", quote, TEXT_ARGS(text), quote);
    } else if (type == VALUE_DATE) {
        (void)snprintf(ours, 64, "date('%.*s')", TEXT_ARGS(text));
    } else {
        (void)snprintf(ours, 64, "%.*s", TEXT_ARGS(text));
    }
    if (type == VALUE_MONEY) {
        (void)snprintf(cel, 64, "%" PRId64, value.number);
    } else {
        (void)snprintf(cel, 64, "%s", ours);
    }
}

static void add_literal(struct maker *maker)
{
    static const enum value_type types[] = {VALUE_FLAG, VALUE_INTEGER, VALUE_MONEY, VALUE_TEXT,
                                            VALUE_DATE};
    enum value_type type = types[draw(maker, 5)];
    struct term *term = add(maker, type, HOLDS_FAST);
    char ours[64];
    char cel[64];

    write_literal(maker, type, ours, cel);
    say(term, ours, cel);
}

static void add_group(struct maker *maker)
{
    static const char *const wholes[] = {"size(actors) >= 2", "'a' in actors", "'li' in actors",
                                         "facts.name in actors", "event.person in actors"};
    struct term *term;

    if (chance(maker, 30)) {
        term = add(maker, VALUE_FLAG, HOLDS_FAST);
        say(term, "exempt", exempt_cel);
    } else {
        const char *whole = wholes[draw(maker, 5)];

        term = add(maker, VALUE_FLAG, HOLDS_RELATION);
        say(term, whole, whole);
    }
}

/* A term of that type from the pool, the newest as often as any; NULL if there is none. */
static const struct term *pick(struct maker *maker, enum value_type type)
{
    const struct term *found = NULL;
    bool newest = chance(maker, 60);
    int64_t start = newest ? maker->count : draw(maker, maker->count);

    for (uint32_t i = 0; i < maker->count && found == NULL; i++) {
        const struct term *term = &maker->pool[(start + maker->count - 1 - i) % maker->count];

        found = term->type == type ? term : NULL;
    }
    return found;
}

/* `before` a term `between` a term `after`, each in brackets where it must be, or by chance. */
static void join(struct maker *maker, struct term *made, const struct term *left,
                 const struct term *right, const char *operator)
{
    enum strength strength = made->strength;
    bool relation = strength == HOLDS_RELATION;
    bool left_group = left->strength < strength || (relation && left->strength == strength) ||
                      chance(maker, 10);
    bool right_group = right->strength <= strength || chance(maker, 10);
    const char *const open[] = {"", "("};
    const char *const close[] = {"", ")"};
    const char *left_open = open[left_group];
    const char *left_close = close[left_group];
    const char *right_open = open[right_group];
    const char *right_close = close[right_group];

    put(made->ours, (const char *const[]){left_open, left->ours, left_close, operator,
                                          right_open, right->ours, right_close, NULL});
    put(made->cel, (const char *const[]){left_open, left->cel, left_close, operator, right_open,
                                         right->cel, right_close, NULL});
}

/* `front` term `back`: a call, or a sign before what holds at least as fast. */
static void wrap(struct term *made, const char *front, const struct term *inner,
                 const char *back, const char *cel_back)
{
    bool group = made->strength == HOLDS_UNARY && inner->strength < HOLDS_UNARY;
    const char *open = group ? "(" : "";
    const char *close = group ? ")" : "";

    put(made->ours, (const char *const[]){front, open, inner->ours, close, back, NULL});
    put(made->cel, (const char *const[]){front, open, inner->cel, close, cel_back, NULL});
}

/* Would a join of these, or one and its surroundings, be too long? */
static bool too_long(const struct term *left, const struct term *right)
{
    size_t ours = strlen(left->ours) + (right == NULL ? 0 : strlen(right->ours));
    size_t cel = strlen(left->cel) + (right == NULL ? 0 : strlen(right->cel));

    return ours + SURROUNDINGS > TERM_BYTES || cel + SURROUNDINGS > TERM_BYTES;
}

/* What two terms of a type may be joined by. */
static void add_joined(struct maker *maker)
{
    static const struct {
        enum value_type type;
        enum value_type result;
        enum strength strength;
        const char *operator;
    } forms[] = {
        {VALUE_FLAG, VALUE_FLAG, HOLDS_AND, " && "},
        {VALUE_FLAG, VALUE_FLAG, HOLDS_AND, " && "},
        {VALUE_FLAG, VALUE_FLAG, HOLDS_OR, " || "},
        {VALUE_FLAG, VALUE_FLAG, HOLDS_OR, " || "},
        {VALUE_FLAG, VALUE_FLAG, HOLDS_RELATION, " == "},
        {VALUE_FLAG, VALUE_FLAG, HOLDS_RELATION, " != "},
        {VALUE_INTEGER, VALUE_INTEGER, HOLDS_SUM, " + "},
        {VALUE_INTEGER, VALUE_INTEGER, HOLDS_SUM, " - "},
        {VALUE_INTEGER, VALUE_FLAG, HOLDS_RELATION, " <= "},
        {VALUE_INTEGER, VALUE_FLAG, HOLDS_RELATION, " == "},
        {VALUE_MONEY, VALUE_MONEY, HOLDS_SUM, " + "},
        {VALUE_MONEY, VALUE_MONEY, HOLDS_SUM, " - "},
        {VALUE_MONEY, VALUE_FLAG, HOLDS_RELATION, " > "},
        {VALUE_MONEY, VALUE_FLAG, HOLDS_RELATION, " != "},
        {VALUE_TEXT, VALUE_FLAG, HOLDS_RELATION, " == "},
        {VALUE_TEXT, VALUE_FLAG, HOLDS_RELATION, " < "},
        {VALUE_TEXT, VALUE_FLAG, HOLDS_RELATION, " >= "},
        {VALUE_DATE, VALUE_FLAG, HOLDS_RELATION, " < "},
        {VALUE_DATE, VALUE_FLAG, HOLDS_RELATION, " >= "},
        {VALUE_DATE, VALUE_FLAG, HOLDS_RELATION, " == "},
        {VALUE_DATE, VALUE_INTEGER, HOLDS_SUM, " - "},
        {VALUE_INSTANT, VALUE_FLAG, HOLDS_RELATION, " <= "},
        {VALUE_CHOICE, VALUE_FLAG, HOLDS_RELATION, " == "},
        {VALUE_CHOICE, VALUE_FLAG, HOLDS_RELATION, " != "},
        {VALUE_SET, VALUE_FLAG, HOLDS_RELATION, " == "},
    };
    size_t i = (size_t)draw(maker, sizeof(forms) / sizeof(forms[0]));
    const struct term *left = pick(maker, forms[i].type);
    const struct term *right = pick(maker, forms[i].type);

    if (left != NULL && right != NULL && !too_long(left, right)) {
        join(maker, add(maker, forms[i].result, forms[i].strength), left, right,
             forms[i].operator);
    }
}

/* Two conditions by && or ||, which is what guards are mostly made of. */
static void add_condition(struct maker *maker)
{
    const struct term *left = pick(maker, VALUE_FLAG);
    const struct term *right = pick(maker, VALUE_FLAG);
    bool both = chance(maker, 50);

    if (left != NULL && right != NULL && !too_long(left, right)) {
        join(maker, add(maker, VALUE_FLAG, both ? HOLDS_AND : HOLDS_OR), left, right,
             both ? " && " : " || ");
    }
}

/* Signs and calls around one term. */
static void add_wrapped(struct maker *maker)
{
    static const struct {
        enum value_type type;
        enum value_type result;
        enum strength strength;
        const char *front;
        const char *back; /* %: a length */
    } forms[] = {
        {VALUE_FLAG, VALUE_FLAG, HOLDS_UNARY, "!", ""},
        {VALUE_FLAG, VALUE_FLAG, HOLDS_UNARY, "!", ""},
        {VALUE_INTEGER, VALUE_INTEGER, HOLDS_UNARY, "-", ""},
        {VALUE_MONEY, VALUE_MONEY, HOLDS_UNARY, "-", ""},
        {VALUE_TEXT, VALUE_INTEGER, HOLDS_FAST, "size(", ")"},
        {VALUE_SET, VALUE_INTEGER, HOLDS_FAST, "size(", ")"},
        {VALUE_INSTANT, VALUE_DATE, HOLDS_FAST, "date(", ")"},
        {VALUE_INSTANT, VALUE_INTEGER, HOLDS_FAST, "hour(", ")"},
        {VALUE_DATE, VALUE_FLAG, HOLDS_FAST, "workday(", ")"},
        {VALUE_DATE, VALUE_DATE, HOLDS_FAST, "after(", "%"},
        {VALUE_DATE, VALUE_DATE, HOLDS_FAST, "before(", "%"},
        {VALUE_TEXT, VALUE_MONEY, HOLDS_FAST, "registers.fines[", "].max"},
        {VALUE_CHOICE, VALUE_MONEY, HOLDS_FAST, "registers.fines[", "].max"},
    };
    size_t i = (size_t)draw(maker, sizeof(forms) / sizeof(forms[0]));
    const struct term *inner = pick(maker, forms[i].type);
    const char *length = lengths[draw(maker, LENGTH_COUNT)];
    bool exact = strchr(length, 'h') != NULL;
    char ours[32];
    char cel[32];

    if (inner == NULL || too_long(inner, NULL)) {
        return;
    }
    (void)snprintf(ours, sizeof(ours), "%s", forms[i].back);
    (void)snprintf(cel, sizeof(cel), "%s", forms[i].back);
    if (forms[i].back[0] == '%') {
        bool fact = exact || chance(maker, 40); /* an exact literal is refused at load */

        (void)snprintf(ours, sizeof(ours), ", %s)", fact ? "give" : length);
        (void)snprintf(cel, sizeof(cel), ", %s%s%s)", fact ? "" : "'",
                       fact ? "facts.give" : length, fact ? "" : "'");
    }
    wrap(add(maker, forms[i].result, forms[i].strength), forms[i].front, inner, ours, cel);
}

/* A term among literals, a choice among words, a word in a set. */
static void add_member(struct maker *maker)
{
    static const enum value_type types[] = {VALUE_INTEGER, VALUE_MONEY, VALUE_TEXT, VALUE_DATE};
    enum value_type type = types[draw(maker, 4)];
    const struct term *left = pick(maker, type);
    struct term list = {.strength = HOLDS_FAST};
    char ours[3][64] = {"", "", ""};
    char cel[3][64] = {"", "", ""};
    int64_t count = draw(maker, 4);

    if (left == NULL || too_long(left, left)) {
        return;
    }
    for (int64_t i = 0; i < count; i++) {
        write_literal(maker, type, ours[i], cel[i]);
    }

    const char *first = count > 1 ? ", " : "";
    const char *second = count > 2 ? ", " : "";

    put(list.ours,
        (const char *const[]){"[", ours[0], first, ours[1], second, ours[2], "]", NULL});
    put(list.cel, (const char *const[]){"[", cel[0], first, cel[1], second, cel[2], "]", NULL});
    join(maker, add(maker, VALUE_FLAG, HOLDS_RELATION), left, &list, " in ");
}

static void add_choosing(struct maker *maker)
{
    static const char *const forms[] = {
        "facts.kind == 'person'",
        "'organisation' != facts.kind",
        "facts.result in ['adopt', 'return']",
        "case.stage in ['filed', 'decision']",
        "facts.kind == facts.result",
        "facts.kind == facts.name",
        "facts.label != facts.result",
        "'first' in facts.marks",
        "facts.kind in facts.marks",
        "facts.name in facts.traits",
        "facts.marks == ['minor', 'mended']",
        "facts.marks != []",
        "size(facts.marks) > size(facts.traits)",
        "size([1, 2, 3]) == facts.rounds",
    };
    const char *form = forms[draw(maker, sizeof(forms) / sizeof(forms[0]))];

    say(add(maker, VALUE_FLAG, HOLDS_RELATION), form, form);
}

static void add_any(struct maker *maker)
{
    int64_t kind = draw(maker, 100);

    if (kind < 45) {
        add_joined(maker);
    } else if (kind < 70) {
        add_wrapped(maker);
    } else if (kind < 80) {
        add_member(maker);
    } else if (kind < 87) {
        add_choosing(maker);
    } else if (kind < 91) {
        add_group(maker);
    } else if (kind < 95) {
        add_has(maker);
    } else {
        add_literal(maker);
    }
}

/* A condition, from names and literals up. */
static const struct term *make_guard(struct maker *maker)
{
    const struct term *guard = NULL;

    maker->count = 0;
    for (uint32_t i = 0; i < 12; i++) {
        add_name(maker);
    }
    add_literal(maker);
    add_literal(maker);
    for (int64_t left = draw(maker, 32) + 3; left > 0; left--) {
        add_any(maker);
    }
    for (int64_t left = draw(maker, 8); left > 0; left--) {
        add_condition(maker);
    }
    for (uint32_t i = maker->count; i-- > 0 && guard == NULL;) {
        guard = maker->pool[i].type == VALUE_FLAG ? &maker->pool[i] : NULL;
    }
    return guard;
}

static void print_json(const char *name, const char *text)
{
    (void)printf("\"%s\":\"", name);
    for (const char *c = text; *c != '\0'; c++) {
        (void)printf(*c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    }
    (void)printf("\",");
}

/* A world, and guards over it; the answer is how many there were. */
static int64_t print_cases(struct maker *maker, const struct calendar *calendar, int64_t most)
{
    static const char *const words[] = {
        [TRUTH_FALSE] = "false", [TRUTH_TRUE] = "true", [TRUTH_UNKNOWN] = "unknown"};
    static _Alignas(max_align_t) uint8_t memory[1 << 20];
    struct guard_wish wish = {.type = VALUE_FLAG};
    struct mark mark = {.line = 1, .column = 1};
    struct problem_list problems;
    struct arena arena;
    struct world world;
    int64_t count = 0;

    arena_init_over(&arena, memory, sizeof(memory));
    problem_list_init(&problems, &arena);
    world_init(&world);
    draw_world(maker, &world);
    print_world(&world);

    struct scope scope = world_scope(&world);
    struct reading reading = world_reading(&world, calendar);

    world.exempt = guard_compile(TEXT("minor && has(served_on) && !harm"), mark, wish, &scope,
                                 &arena, &problems);
    MUST(world.exempt != NULL);
    while (count < GUARDS_PER_WORLD && count < most) {
        const struct term *term = make_guard(maker);
        uint8_t *here = arena_mark(&arena);
        const struct guard *guard = NULL;

        if (term == NULL) {
            continue;
        }
        guard = guard_compile(text_of(term->ours), mark, wish, &scope, &arena, &problems);
        if (guard == NULL && text_is(text_of(problems.last->message->code), "guard_long")) {
            arena_rewind(&arena, here);
            problem_list_init(&problems, &arena);
            continue;
        }
        if (guard == NULL) {
            (void)fprintf(stderr, "not ours: %s (%u: %s)\n", term->ours,
                          problems.first->mark.column, problems.first->message->en);
            exit(1);
        }
        (void)printf("{");
        print_json("ours", term->ours);
        print_json("cel", term->cel);
        (void)printf("\"expected\":\"%s\"}\n", words[guard_judge(guard, &reading)]);
        arena_rewind(&arena, here);
        count++;
    }
    return count;
}

int main(int argc, char **argv)
{
    static _Alignas(max_align_t) uint8_t memory[1 << 20];
    struct arena arena;
    struct maker maker;
    int64_t seed = 1;
    int64_t left = 1000;

    if (argc > 3 || (argc > 1 && !text_to_integer(text_of(argv[1]), &seed)) ||
        (argc > 2 && !text_to_integer(text_of(argv[2]), &left))) {
        (void)fprintf(stderr, "usage: guard_cases [SEED [COUNT]]\n");
        return 2;
    }
    arena_init_over(&arena, memory, sizeof(memory));

    const struct calendar *calendar =
        calendar_build(&arena, TEXT("weekends"), TEXT("1"), NULL, NULL, 0);

    MUST(calendar != NULL);
    maker.rng = rng_seeded((uint64_t)seed);
    while (left > 0) {
        left -= print_cases(&maker, calendar, left);
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
