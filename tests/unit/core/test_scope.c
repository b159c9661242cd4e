#include "core/scope.h"
#include "lib/check.h"

static const struct text words[] = {TEXT_INIT("person"), TEXT_INIT("firm")};
static const struct text stages[] = {TEXT_INIT("filed"), TEXT_INIT("closed")};
static const struct fact facts[] = {
    {.name = TEXT_INIT("fine"), .type = VALUE_MONEY},
    {.name = TEXT_INIT("kind"), .type = VALUE_CHOICE, .choices = {words, 2}},
    {.name = TEXT_INIT("mobile"), .type = VALUE_TEXT, .private = true},
};
static const struct guard small = {.type = VALUE_FLAG};
static const struct define defines[] = {{.name = TEXT_INIT("small"), .guard = &small}};
static const struct clock clocks[] = {{.name = TEXT_INIT("decide")}};
static const struct procedure procedure = {
    .facts = facts,
    .fact_count = 3,
    .defines = defines,
    .define_count = 1,
    .clocks = clocks,
    .clock_count = 1,
    .stage_names = {stages, 2},
};
static const struct column columns[] = {
    {.name = TEXT_INIT("code"), .type = VALUE_TEXT},
    {.name = TEXT_INIT("level"), .type = VALUE_CHOICE, .choices = {words, 2}},
};
static const struct registry registries[] = {
    {.name = TEXT_INIT("breaches"), .columns = columns, .column_count = 2}};
static const struct installed installed = {.registries = registries, .registry_count = 1};
static const struct rule takes_fine = {.takes = {{1}}};

static const struct guard_place in_rule = {
    .procedure = &procedure, .installed = &installed, .rule = &takes_fine, .in_event = true};
static const struct guard_place in_entry = {.procedure = &procedure};

/* Resolve a dotted name; what it was not, is told by `near`. */
static bool resolve(const struct guard_place *place, const char *name, struct symbol *symbol,
                    struct text *near)
{
    struct scope scope = procedure_scope(place);
    struct path path = {.count = 0};
    struct text rest = text_of(name);

    *symbol = (struct symbol){0};
    while (!text_empty(rest) && path.count < PATH_PARTS_MAX) {
        path.parts[path.count++] = text_cut(rest, '.', &rest);
    }
    return scope.resolve(scope.context, &path, symbol, near);
}

static void check_symbol(const char *name, enum symbol_kind kind, uint16_t index,
                         enum value_type type)
{
    struct symbol symbol;
    struct text near;

    CHECK(resolve(&in_rule, name, &symbol, &near));
    CHECK_INTEGER(symbol.kind, kind);
    CHECK_INTEGER(symbol.index, index);
    CHECK_INTEGER(symbol.type, type);
}

static void check_near(const struct guard_place *place, const char *name, const char *expected)
{
    struct symbol symbol;
    struct text near;

    CHECK(!resolve(place, name, &symbol, &near));
    CHECK_TEXT(near, expected);
}

static void every_name_of_the_page_is_known(void)
{
    check_symbol("facts.fine", SYMBOL_FACT, 0, VALUE_MONEY);
    check_symbol("kind", SYMBOL_FACT, 1, VALUE_CHOICE);
    check_symbol("small", SYMBOL_DEFINE, 0, VALUE_FLAG);
    check_symbol("event.fine", SYMBOL_EVENT_FACT, 0, VALUE_MONEY);
    check_symbol("event.occurred", SYMBOL_OCCURRED, 0, VALUE_INSTANT);
    check_symbol("event.received", SYMBOL_RECEIVED, 0, VALUE_INSTANT);
    check_symbol("case.stage", SYMBOL_STAGE, 0, VALUE_CHOICE);
    check_symbol("case.agency", SYMBOL_AGENCY, 0, VALUE_TEXT);
    check_symbol("case.unit", SYMBOL_UNIT, 0, VALUE_TEXT);
    check_symbol("case.opened", SYMBOL_OPENED, 0, VALUE_INSTANT);
    check_symbol("actors.certified", SYMBOL_CERTIFIED, 0, VALUE_FLAG);
    check_symbol("actors.of_unit", SYMBOL_OF_UNIT, 0, VALUE_FLAG);
    check_symbol("clock.decide.overdue", SYMBOL_CLOCK, 0, VALUE_FLAG);
    check_symbol("clock.decide.last_day", SYMBOL_CLOCK, 0, VALUE_DATE);
    check_symbol("clock.decide.amount", SYMBOL_CLOCK, 0, VALUE_MONEY);
    check_symbol("registers.breaches.level", SYMBOL_REGISTER, 0, VALUE_CHOICE);
}

static void symbols_say_what_they_are(void)
{
    struct symbol symbol;
    struct text near;

    CHECK(resolve(&in_rule, "actors", &symbol, &near) && symbol.people);
    CHECK(resolve(&in_rule, "facts.mobile", &symbol, &near) && symbol.sealed);
    CHECK(resolve(&in_rule, "small", &symbol, &near) && symbol.define == &small);
    CHECK(resolve(&in_rule, "facts.kind", &symbol, &near) && symbol.choices->count == 2);
    CHECK(resolve(&in_rule, "case.stage", &symbol, &near));
    CHECK(symbol.choices == &procedure.stage_names);
    CHECK(resolve(&in_rule, "clock.decide.last_day", &symbol, &near));
    CHECK_INTEGER(symbol.field, CLOCK_LAST_DAY);
    CHECK(resolve(&in_rule, "registers.breaches.level", &symbol, &near) && symbol.keyed);
    CHECK_INTEGER(symbol.field, 1);
    CHECK_INTEGER(symbol.key_type, VALUE_TEXT);
    CHECK(symbol.choices->count == 2);
}

static void a_slip_finds_the_nearest_name(void)
{
    check_near(&in_rule, "facts.fin", "fine");
    check_near(&in_rule, "smal", "small");
    check_near(&in_rule, "actor", "actors");
    check_near(&in_rule, "event.ocurred", "occurred");
    check_near(&in_rule, "case.stag", "stage");
    check_near(&in_rule, "actors.certify", "certified");
    check_near(&in_rule, "clock.decid.live", "decide");
    check_near(&in_rule, "clock.decide.overdu", "overdue");
    check_near(&in_rule, "registers.breach.level", "breaches");
    check_near(&in_rule, "registers.breaches.levl", "level");
}

static void what_a_place_does_not_have_is_unknown(void)
{
    check_near(&in_rule, "event.mobile", ""); /* the rule does not take it */
    check_near(&in_rule, "clock.decide", "");
    check_near(&in_rule, "a.b.c.d", "");
    check_near(&in_entry, "event.occurred", "");
    check_near(&in_entry, "actors.certified", "");
    check_near(&in_entry, "registers.breaches.level", "");

    struct symbol symbol;
    struct text near;

    CHECK(!resolve(&in_entry, "actors", &symbol, &near));
    CHECK(resolve(&in_entry, "fine", &symbol, &near));
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(every_name_of_the_page_is_known),
        TEST(symbols_say_what_they_are),
        TEST(a_slip_finds_the_nearest_name),
        TEST(what_a_place_does_not_have_is_unknown),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
