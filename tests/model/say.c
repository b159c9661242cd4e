#include "model/say.h"

#include "base/must.h"

#include <string.h>

/* Where the reader stands. */
struct reader {
    struct oracle *oracle;
    const struct oracle_case *state;
    const char *at;
    const char *end;
    bool set;
    const struct choices *choices;
};

static struct said either(struct reader *reader);

static struct said unknown(void)
{
    return (struct said){.kind = SAID_UNKNOWN};
}

static struct said flag(bool value)
{
    return (struct said){.kind = SAID_FLAG, .number = value};
}

static struct said number(enum said_kind kind, int64_t value)
{
    return (struct said){.kind = kind, .number = value};
}

static struct said text(struct text value)
{
    return (struct said){.kind = SAID_TEXT, .text = value};
}

bool said_true(const struct said *said)
{
    return said->kind == SAID_FLAG && said->number != 0;
}

bool said_false(const struct said *said)
{
    return said->kind == SAID_FLAG && said->number == 0;
}

/* Letters. */
static void skip(struct reader *reader)
{
    while (reader->at < reader->end && strchr(" \t\n\r", *reader->at) != NULL) {
        reader->at++;
    }
}

static bool is(struct reader *reader, const char *sign)
{
    size_t size = strlen(sign);

    skip(reader);
    if ((size_t)(reader->end - reader->at) < size || memcmp(reader->at, sign, size) != 0) {
        return false;
    }
    reader->at += size;
    return true;
}

static void want(struct reader *reader, const char *sign)
{
    MUST(is(reader, sign));
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct text name(struct reader *reader)
{
    const char *from;

    skip(reader);
    from = reader->at;
    while (reader->at < reader->end && (is_letter(*reader->at) || is_digit(*reader->at))) {
        reader->at++;
    }
    return (struct text){from, (size_t)(reader->at - from)};
}

/* The keyword `in` and nothing that only begins so. */
static bool is_in(struct reader *reader)
{
    const char *before = reader->at;

    skip(reader);
    if (text_is(name(reader), "in")) {
        return true;
    }
    reader->at = before;
    return false;
}

/* Values of the case as what guards speak of. */
static struct said said_of(const struct value *value, const struct choices *choices)
{
    struct said said = unknown();

    if (!value->known) {
        return said;
    }
    switch (value->type) {
    case VALUE_FLAG:
        return flag(value->flag);
    case VALUE_INTEGER:
    case VALUE_MONEY:
        return number(SAID_NUMBER, value->number);
    case VALUE_TEXT:
        return text(value->text);
    case VALUE_DATE:
        return number(SAID_DATE, value->date);
    case VALUE_INSTANT:
        return number(SAID_INSTANT, value->number);
    case VALUE_LENGTH:
        said.kind = SAID_LENGTH;
        said.length = value->length;
        return said;
    case VALUE_CHOICE:
        return text(choices->names[value->choice]);
    case VALUE_SET:
        said.kind = SAID_LIST;
        for (uint32_t i = 0; i < choices->count; i++) {
            if ((value->set >> i & 1) != 0) {
                said.items[said.count++] = choices->names[i];
            }
        }
        return said;
    }
    return said;
}

static uint16_t fact_named(const struct oracle *oracle, struct text word)
{
    const struct procedure *procedure = oracle->world.procedure;

    for (uint32_t i = 0; i < procedure->fact_count; i++) {
        if (text_equal(procedure->facts[i].name, word)) {
            return (uint16_t)i;
        }
    }
    return NO_INDEX;
}

static struct said fact(struct reader *reader, struct text word, bool of_event)
{
    uint16_t i = fact_named(reader->oracle, word);

    MUST(i != NO_INDEX);

    const struct fact *fact = &reader->oracle->world.procedure->facts[i];
    const struct value *value =
        of_event ? &reader->oracle->event->carried[i] : &reader->state->facts[i];

    if (!value->known && reader->set) {
        if (fact->type == VALUE_INTEGER || fact->type == VALUE_MONEY) {
            return number(SAID_NUMBER, 0);
        }
        if (fact->type == VALUE_SET) {
            return (struct said){.kind = SAID_LIST};
        }
    }
    return said_of(value, &fact->choices);
}

/* event.x, event.occurred, event.received */
static struct said of_event(struct reader *reader, struct text word)
{
    const struct oracle_event *event = reader->oracle->event;

    if (text_is(word, "occurred")) {
        struct said said = number(SAID_INSTANT, event->occurred_ms);

        said.own = event->own;
        return said;
    }
    if (text_is(word, "received")) {
        return number(SAID_INSTANT, event->now_ms);
    }
    return fact(reader, word, true);
}

static struct said of_case(struct reader *reader, struct text word)
{
    const struct oracle *oracle = reader->oracle;

    if (text_is(word, "stage")) {
        return reader->state->phase == CASE_NEW
                   ? unknown()
                   : text(oracle->world.procedure->stages[reader->state->stage].name);
    }
    if (text_is(word, "agency")) {
        return text(oracle_agency(oracle)->id);
    }
    if (text_is(word, "unit")) {
        return text(reader->state->unit);
    }
    MUST(text_is(word, "opened"));
    return reader->state->phase == CASE_NEW ? unknown()
                                            : number(SAID_INSTANT, reader->state->opened_ms);
}

/* A word about one instance. */
static struct said of_instance(struct reader *reader, int place, struct text word)
{
    static const struct {
        const char *word;
        enum instance_state state;
    } states[] = {
        {"running", INSTANCE_RUNNING},   {"paused", INSTANCE_PAUSED},
        {"overdue", INSTANCE_OVERDUE},   {"met", INSTANCE_MET},
        {"met_late", INSTANCE_MET_LATE}, {"used", INSTANCE_USED},
        {"elapsed", INSTANCE_ELAPSED},   {"capped", INSTANCE_CAPPED},
    };
    const struct oracle_instance *instance =
        place < 0 ? NULL : &reader->state->instances[place];

    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        if (text_is(word, states[i].word)) {
            return flag(instance != NULL && instance->state == states[i].state);
        }
    }
    if (text_is(word, "amount")) {
        return number(SAID_NUMBER,
                      instance == NULL
                          ? 0
                          : oracle_amount(reader->oracle, reader->state, (uint32_t)place,
                                          reader->oracle->event->occurred_ms));
    }
    if (instance == NULL) {
        return unknown();
    }
    if (text_is(word, "started")) {
        return number(SAID_INSTANT, instance->started_ms);
    }
    if (text_is(word, "ended")) {
        return instance->ended_ms == INSTANT_NONE ? unknown()
                                                  : number(SAID_INSTANT, instance->ended_ms);
    }
    MUST(text_is(word, "last_day"));

    struct walk_due due = oracle_due(reader->oracle, reader->state, (uint32_t)place);

    return due.last_day == DATE_NONE ? unknown() : number(SAID_DATE, due.last_day);
}

static struct said of_clock(struct reader *reader, struct text clock, struct text word)
{
    const struct procedure *procedure = reader->oracle->world.procedure;
    uint16_t i = 0;

    while (!text_equal(procedure->clocks[i].name, clock)) {
        i++;
        MUST(i < procedure->clock_count);
    }
    if (text_is(word, "live")) {
        for (uint32_t at = 0; at < reader->state->instance_count; at++) {
            if (reader->state->instances[at].clock == i &&
                oracle_live(&reader->state->instances[at])) {
                return flag(true);
            }
        }
        return flag(false);
    }

    struct value per = oracle_per(reader->oracle, i);

    return of_instance(reader, oracle_instance(reader->state, i, &per), word);
}

/* registers.R[key].column, read from `[` on */
static struct said of_register(struct reader *reader, struct text register_name)
{
    const struct installed *installed = reader->oracle->world.installed;
    struct said key;
    struct text column;

    want(reader, "[");
    key = either(reader);
    want(reader, "]");
    want(reader, ".");
    column = name(reader);
    if (key.kind == SAID_UNKNOWN) {
        return key;
    }
    for (uint32_t r = 0; r < installed->registry_count; r++) {
        const struct registry *registry = &installed->registries[r];
        int32_t day = oracle_date(reader->oracle, reader->oracle->event->occurred_ms);

        if (!text_equal(registry->name, register_name)) {
            continue;
        }
        for (uint32_t i = 0; i < registry->row_count; i++) {
            const struct registry_row *row = &registry->rows[i];

            if (!text_equal(row->cells[0].text, key.text) ||
                (row->from != DATE_NONE && day < row->from) ||
                (row->to != DATE_NONE && day > row->to)) {
                continue;
            }
            for (uint32_t c = 0; c < registry->column_count; c++) {
                if (text_equal(registry->columns[c].name, column)) {
                    return said_of(&row->cells[c], &registry->columns[c].choices);
                }
            }
        }
    }
    return unknown();
}

static struct said certified(struct reader *reader)
{
    const struct installed *installed = reader->oracle->world.installed;
    const struct event *event = reader->oracle->event->event;
    int32_t day = oracle_date(reader->oracle, reader->oracle->event->occurred_ms);

    for (uint32_t at = 0; event != NULL && at <= event->with_count; at++) {
        struct text who = at == 0 ? event->person : event->with[at - 1];
        bool good = false;

        for (uint32_t i = 0; i < installed->person_count; i++) {
            const struct person *person = &installed->people[i];

            good |= text_equal(person->id, who) && person->certified &&
                    (person->certified_from == DATE_NONE || person->certified_from <= day) &&
                    (person->certified_to == DATE_NONE || person->certified_to >= day);
        }
        if (!good) {
            return flag(false);
        }
    }
    return flag(event != NULL);
}

/* One of them holds something in the case's unit. */
static struct said of_unit(struct reader *reader)
{
    const struct installed *installed = reader->oracle->world.installed;
    const struct event *event = reader->oracle->event->event;
    int32_t day = oracle_date(reader->oracle, reader->oracle->event->occurred_ms);

    for (uint32_t at = 0; event != NULL && at <= event->with_count; at++) {
        struct text who = at == 0 ? event->person : event->with[at - 1];

        for (uint32_t i = 0; i < installed->holding_count; i++) {
            const struct holding *held = &installed->holdings[i];

            if (text_equal(installed->people[held->person].id, who) &&
                held->agency == reader->oracle->world.agency && !text_empty(held->unit) &&
                text_equal(held->unit, reader->state->unit) &&
                (held->from == DATE_NONE || held->from <= day) &&
                (held->to == DATE_NONE || held->to >= day)) {
                return flag(true);
            }
        }
    }
    return flag(false);
}

/* The actor and all of `with`, each once. */
static struct said people(struct reader *reader)
{
    const struct event *event = reader->oracle->event->event;
    struct said said = {.kind = SAID_PEOPLE};

    for (uint32_t at = 0; event != NULL && at <= event->with_count; at++) {
        struct text who = at == 0 ? event->person : event->with[at - 1];
        bool known = at == 0 && text_empty(who);

        for (uint32_t i = 0; i < said.count; i++) {
            known |= text_equal(said.items[i], who);
        }
        if (!known) {
            said.items[said.count++] = who;
        }
    }
    return said;
}

/* A bare word: a value of the choices in `set`, a named condition, else a fact. */
static struct said bare(struct reader *reader, struct text word)
{
    const struct procedure *procedure = reader->oracle->world.procedure;

    for (uint32_t i = 0; reader->choices != NULL && i < reader->choices->count; i++) {
        if (text_equal(reader->choices->names[i], word)) {
            return text(word);
        }
    }
    for (uint32_t i = 0; i < procedure->define_count; i++) {
        if (text_equal(procedure->defines[i].name, word)) {
            return say(reader->oracle, reader->state, procedure->defines[i].guard->text);
        }
    }
    return fact(reader, word, false);
}

/* A name with dots. */
static struct said named(struct reader *reader, struct text first)
{
    struct text second;

    if (text_is(first, "actors")) {
        if (is(reader, ".")) {
            struct text asked = name(reader);

            return text_is(asked, "of_unit") ? of_unit(reader) : certified(reader);
        }
        return people(reader);
    }
    if (!is(reader, ".")) {
        return bare(reader, first);
    }
    second = name(reader);
    if (text_is(first, "facts")) {
        return fact(reader, second, false);
    }
    if (text_is(first, "event")) {
        return of_event(reader, second);
    }
    if (text_is(first, "case")) {
        return of_case(reader, second);
    }
    if (text_is(first, "registers")) {
        return of_register(reader, second);
    }
    MUST(text_is(first, "clock"));
    want(reader, ".");
    return of_clock(reader, second, name(reader));
}

/* Functions. */
static struct said has(struct reader *reader)
{
    bool set = reader->set;
    struct said said;

    reader->set = false; /* there an unset fact is 0, but it is not there */
    said = either(reader);
    reader->set = set;
    want(reader, ")");
    return flag(said.kind != SAID_UNKNOWN);
}

static struct said date_of_text(struct text written)
{
    int64_t parts[3] = {0, 0, 0};
    int at = 0;

    for (size_t i = 0; i < written.size; i++) {
        if (written.bytes[i] == '-') {
            at++;
        } else {
            parts[at] = parts[at] * 10 + (written.bytes[i] - '0');
        }
    }
    return number(SAID_DATE,
                  walk_civil((int32_t)parts[0], (int32_t)parts[1], (int32_t)parts[2]));
}

static struct said date(struct reader *reader)
{
    struct said said = either(reader);

    want(reader, ")");
    if (said.kind == SAID_TEXT) {
        return date_of_text(said.text);
    }
    if (said.kind == SAID_UNKNOWN || said.kind == SAID_DATE) {
        return said;
    }
    if (said.own) {
        return number(SAID_DATE, reader->oracle->event->own_day);
    }
    return number(SAID_DATE, oracle_date(reader->oracle, said.number));
}

static struct said counted(struct reader *reader, bool before)
{
    struct said from = either(reader);
    struct said length;
    struct walker *walker = &reader->oracle->world.walker;

    want(reader, ",");
    length = either(reader);
    want(reader, ")");
    if (from.kind == SAID_UNKNOWN || length.kind == SAID_UNKNOWN ||
        length.length.unit == LENGTH_HOURS || length.length.unit == LENGTH_MINUTES) {
        return unknown();
    }
    return number(SAID_DATE,
                  before ? walk_before(walker, (int32_t)from.number, length.length)
                         : walk_days(walker, (int32_t)from.number, length.length, false));
}

static struct said function(struct reader *reader, struct text word)
{
    struct said said;

    if (text_is(word, "has")) {
        return has(reader);
    }
    if (text_is(word, "date")) {
        return date(reader);
    }
    if (text_is(word, "after") || text_is(word, "before")) {
        return counted(reader, text_is(word, "before"));
    }
    said = either(reader);
    want(reader, ")");
    if (said.kind == SAID_UNKNOWN) {
        return said;
    }
    if (text_is(word, "workday")) {
        return flag(walk_works(&reader->oracle->world.walker, (int32_t)said.number));
    }
    MUST(text_is(word, "size"));
    return number(SAID_NUMBER, said.kind == SAID_TEXT ? (int64_t)said.text.size : said.count);
}

/* Literals. */
static struct said quoted(struct reader *reader, char quote)
{
    const char *from = reader->at;

    while (*reader->at != quote) {
        reader->at++;
    }
    reader->at++;
    return text((struct text){from, (size_t)(reader->at - 1 - from)});
}

static struct said length_of(int64_t count, struct text unit)
{
    static const char *const units[] = {"min", "h", "d", "wd", "mo", "y"};
    struct said said = {.kind = SAID_LENGTH};

    for (int i = 0; i < 6; i++) {
        if (text_is(unit, units[i])) {
            said.length = (struct length){(int32_t)count, (enum length_unit)i};
            return said;
        }
    }
    must_fail("a unit", __FILE__, __LINE__, __func__);
}

static struct said numeral(struct reader *reader)
{
    int64_t value = 0;

    while (reader->at < reader->end && is_digit(*reader->at)) {
        value = value * 10 + (*reader->at++ - '0');
    }
    if (reader->at < reader->end && *reader->at == '.') {
        value = value * 100 + (reader->at[1] - '0') * 10 + (reader->at[2] - '0');
        reader->at += 3;
        return number(SAID_NUMBER, value);
    }
    if (reader->at < reader->end && is_letter(*reader->at)) {
        return length_of(value, name(reader));
    }
    return number(SAID_NUMBER, value);
}

static struct said list(struct reader *reader)
{
    struct said said = {.kind = SAID_LIST};

    while (!is(reader, "]")) {
        struct said item = either(reader);

        MUST(item.kind == SAID_TEXT); /* the model's own procedures list nothing else */
        said.items[said.count++] = item.text;
        (void)is(reader, ",");
    }
    return said;
}

static struct said primary(struct reader *reader)
{
    struct text word;

    if (is(reader, "(")) {
        struct said said = either(reader);

        want(reader, ")");
        return said;
    }
    if (is(reader, "[")) {
        return list(reader);
    }
    if (is(reader, "'")) {
        return quoted(reader, '\'');
    }
    if (is(reader, "\"")) {
        return quoted(reader, '"');
    }
    skip(reader);
    MUST(reader->at < reader->end);
    if (is_digit(*reader->at)) {
        return numeral(reader);
    }
    word = name(reader);
    if (text_is(word, "true") || text_is(word, "false")) {
        return flag(text_is(word, "true"));
    }
    if (is(reader, "(")) {
        return function(reader, word);
    }
    return named(reader, word);
}

static struct said unary(struct reader *reader)
{
    const char *before;

    skip(reader);
    before = reader->at;
    if (is(reader, "!=")) {
        reader->at = before;
    } else if (is(reader, "!")) {
        struct said said = unary(reader);

        return said.kind == SAID_UNKNOWN ? said : flag(said_false(&said));
    }
    if (is(reader, "-")) {
        struct said said = unary(reader);

        said.number = -said.number;
        return said;
    }
    return primary(reader);
}

static struct said sum(struct reader *reader)
{
    struct said left = unary(reader);

    for (;;) {
        int sign = is(reader, "+") ? 1 : is(reader, "-") ? -1 : 0;

        if (sign == 0) {
            return left;
        }

        struct said right = unary(reader);

        if (left.kind == SAID_UNKNOWN || right.kind == SAID_UNKNOWN) {
            left = unknown();
        } else {
            left.number += sign * right.number;
        }
    }
}

static bool same(const struct said *a, const struct said *b)
{
    if (a->kind == SAID_TEXT) {
        return text_equal(a->text, b->text);
    }
    if (a->kind == SAID_LENGTH) {
        return a->length.count == b->length.count && a->length.unit == b->length.unit;
    }
    if (a->kind == SAID_LIST) {
        bool all = a->count == b->count;

        for (uint32_t i = 0; all && i < a->count; i++) {
            all = text_equal(a->items[i], b->items[i]);
        }
        return all;
    }
    return a->number == b->number;
}

static struct said held(const struct said *item, const struct said *group)
{
    if (item->kind == SAID_UNKNOWN || group->kind == SAID_UNKNOWN) {
        return unknown();
    }
    for (uint32_t i = 0; i < group->count; i++) {
        if (text_equal(item->text, group->items[i])) {
            return flag(true);
        }
    }
    return flag(false);
}

static struct said relation(struct reader *reader)
{
    static const char *const signs[] = {"==", "!=", "<=", ">=", "<", ">"};
    struct said left = sum(reader);
    int sign = 0;

    if (is_in(reader)) {
        struct said right = sum(reader);

        return held(&left, &right);
    }
    while (sign < 6 && !is(reader, signs[sign])) {
        sign++;
    }
    if (sign == 6) {
        return left;
    }

    struct said right = sum(reader);

    if (left.kind == SAID_UNKNOWN || right.kind == SAID_UNKNOWN) {
        return unknown();
    }
    switch (sign) {
    case 0:
        return flag(same(&left, &right));
    case 1:
        return flag(!same(&left, &right));
    case 2:
        return flag(left.number <= right.number);
    case 3:
        return flag(left.number >= right.number);
    case 4:
        return flag(left.number < right.number);
    default:
        return flag(left.number > right.number);
    }
}

static struct said both(struct reader *reader)
{
    struct said left = relation(reader);

    while (is(reader, "&&")) {
        struct said right = relation(reader);

        if (said_false(&left) || said_false(&right)) {
            left = flag(false);
        } else if (left.kind == SAID_UNKNOWN || right.kind == SAID_UNKNOWN) {
            left = unknown();
        }
    }
    return left;
}

static struct said either(struct reader *reader)
{
    struct said left = both(reader);

    while (is(reader, "||")) {
        struct said right = both(reader);

        if (said_true(&left) || said_true(&right)) {
            left = flag(true);
        } else if (left.kind == SAID_UNKNOWN || right.kind == SAID_UNKNOWN) {
            left = unknown();
        }
    }
    return left;
}

static struct said read_all(struct reader *reader, struct text guard)
{
    struct said said;

    reader->at = guard.bytes;
    reader->end = guard.bytes + guard.size;
    said = either(reader);
    skip(reader);
    MUST(reader->at == reader->end);
    return said;
}

struct said say(struct oracle *oracle, const struct oracle_case *state, struct text guard)
{
    struct reader reader = {.oracle = oracle, .state = state};

    return read_all(&reader, guard);
}

struct said say_for(struct oracle *oracle, const struct oracle_case *state, struct text guard,
                    const struct choices *choices)
{
    struct reader reader = {.oracle = oracle, .state = state, .set = true, .choices = choices};

    return read_all(&reader, guard);
}
