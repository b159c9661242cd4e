#include "core/scope.h"
#include "core/turn.h"

#include "base/must.h"

static bool state_field(const struct instance *instance, enum clock_field field)
{
    enum instance_state state = instance->state;

    switch (field) {
    case CLOCK_LIVE:
        return instance_is_live(instance);
    case CLOCK_RUNNING:
        return state == INSTANCE_RUNNING;
    case CLOCK_PAUSED:
        return state == INSTANCE_PAUSED;
    case CLOCK_OVERDUE:
        return state == INSTANCE_OVERDUE;
    case CLOCK_MET:
        return state == INSTANCE_MET;
    case CLOCK_MET_LATE:
        return state == INSTANCE_MET_LATE;
    case CLOCK_USED:
        return state == INSTANCE_USED;
    case CLOCK_ELAPSED:
        return state == INSTANCE_ELAPSED;
    case CLOCK_CAPPED:
        return state == INSTANCE_CAPPED;
    case CLOCK_AMOUNT:
    case CLOCK_STARTED:
    case CLOCK_ENDED:
    case CLOCK_LAST_DAY:
        break;
    }
    MUST(false);
    return false;
}

static struct value instant_or_unset(int64_t at_ms)
{
    return at_ms == INSTANT_NONE ? value_unknown(VALUE_INSTANT)
                                 : value_number(VALUE_INSTANT, at_ms);
}

static struct value text_or_unset(struct text text)
{
    return text_empty(text) ? value_unknown(VALUE_TEXT) : value_text(text);
}

/* Of a clock that never started the states are false, the amount is 0, the rest is unset. */
static struct value never_started(enum clock_field field)
{
    switch (field) {
    case CLOCK_AMOUNT:
        return value_number(VALUE_MONEY, 0);
    case CLOCK_STARTED:
    case CLOCK_ENDED:
        return value_unknown(VALUE_INSTANT);
    case CLOCK_LAST_DAY:
        return value_unknown(VALUE_DATE);
    case CLOCK_LIVE:
    case CLOCK_RUNNING:
    case CLOCK_PAUSED:
    case CLOCK_OVERDUE:
    case CLOCK_MET:
    case CLOCK_MET_LATE:
    case CLOCK_USED:
    case CLOCK_ELAPSED:
    case CLOCK_CAPPED:
        break;
    }
    return value_flag(false);
}

static bool any_live(const struct case_state *state, uint16_t clock)
{
    for (uint32_t i = 0; i < state->instance_count; i++) {
        if (state->instances[i].clock == clock && instance_is_live(&state->instances[i])) {
            return true;
        }
    }
    return false;
}

static struct value read_clock(const struct turn *turn, uint16_t clock, enum clock_field field)
{
    if (field == CLOCK_LIVE) {
        return value_flag(any_live(turn->seen, clock));
    }

    struct value per = turn_event_per(turn, clock); /* else the newest is meant */
    const struct instance *instance = state_instance(turn->seen, clock, &per);

    if (instance == NULL) {
        return never_started(field);
    }
    switch (field) {
    case CLOCK_AMOUNT:
        return value_number(VALUE_MONEY,
                            turn->procedure->clocks[clock].kind == CLOCK_ACCRUAL
                                ? track_amount(&turn->track, instance, turn->occurred_ms)
                                : 0);
    case CLOCK_STARTED:
        return instant_or_unset(instance->started_ms);
    case CLOCK_ENDED:
        return instant_or_unset(instance->ended_ms);
    case CLOCK_LAST_DAY:
        return instance->due.last_day == DATE_NONE ? value_unknown(VALUE_DATE)
                                                   : value_date(instance->due.last_day);
    case CLOCK_LIVE:
    case CLOCK_RUNNING:
    case CLOCK_PAUSED:
    case CLOCK_OVERDUE:
    case CLOCK_MET:
    case CLOCK_MET_LATE:
    case CLOCK_USED:
    case CLOCK_ELAPSED:
    case CLOCK_CAPPED:
        break;
    }
    return value_flag(state_field(instance, field));
}

/* The row in force when the event occurred. */
static struct value read_column(const struct turn *turn, const struct symbol *symbol,
                                const struct value *key)
{
    const struct installed *installed = turn->step->installed;
    int32_t date = date_of_instant(turn->occurred_ms, turn->track.office->zone_ms);

    if (symbol->index >= installed->registry_count || !key->known) {
        return value_unknown(symbol->type);
    }

    const struct registry *registry = &installed->registries[symbol->index];
    const struct registry_row *row = registry_find(registry, key->text, date);

    if (row == NULL || symbol->field >= registry->column_count ||
        registry->columns[symbol->field].type != symbol->type) {
        return value_unknown(symbol->type);
    }
    return row->cells[symbol->field];
}

static bool certified(const struct turn *turn, struct text id)
{
    const struct person *person = installed_person(turn->step->installed, id);
    int32_t date = date_of_instant(turn->occurred_ms, turn->track.office->zone_ms);

    return person != NULL && person_certified(person, date);
}

static bool all_certified(const struct turn *turn)
{
    const struct event *event = turn->event;

    if (event == NULL || !certified(turn, event->person)) {
        return false;
    }
    for (uint32_t i = 0; i < event->with_count; i++) {
        if (!certified(turn, event->with[i])) {
            return false;
        }
    }
    return true;
}

static bool of_unit(const struct turn *turn, struct text id)
{
    int32_t date = date_of_instant(turn->occurred_ms, turn->track.office->zone_ms);

    return unit_has(turn->step->installed, turn_agency(turn), turn->seen->unit, id, date);
}

/* Whether one of those who act belongs to the case's unit; nobody does where it has none. */
static bool any_of_unit(const struct turn *turn)
{
    const struct event *event = turn->event;

    if (event == NULL || text_empty(turn->seen->unit)) {
        return false;
    }
    for (uint32_t i = 0; i <= event->with_count; i++) {
        if (of_unit(turn, i == 0 ? event->person : event->with[i - 1])) {
            return true;
        }
    }
    return false;
}

static struct value read(const void *context, const struct symbol *symbol,
                         const struct value *key)
{
    const struct turn *turn = context;
    const struct case_state *state = turn->seen;

    switch ((enum symbol_kind)symbol->kind) {
    case SYMBOL_FACT:
        return state->facts[symbol->index].value;
    case SYMBOL_EVENT_FACT:
        return fact_mask_has(&turn->carried_mask, symbol->index) ? turn->carried[symbol->index]
                                                                 : value_unknown(symbol->type);
    case SYMBOL_OCCURRED:
        return value_number(VALUE_INSTANT, turn->occurred_ms);
    case SYMBOL_RECEIVED:
        return value_number(VALUE_INSTANT, turn->received_ms);
    case SYMBOL_PERSON:
        return text_or_unset(turn->event == NULL ? (struct text){0} : turn->event->person);
    case SYMBOL_SENDER:
        return text_or_unset(turn->event == NULL ? (struct text){0} : turn->event->sender);
    case SYMBOL_CASE:
        return value_text(state->id);
    case SYMBOL_OPENER:
        return text_or_unset(state->opener);
    case SYMBOL_STAGE:
        return state->phase == CASE_NEW ? value_unknown(VALUE_CHOICE)
                                        : (struct value){.type = VALUE_CHOICE,
                                                         .known = true,
                                                         .choice = state->stage};
    case SYMBOL_AGENCY:
        return value_text(turn->step->agency->id);
    case SYMBOL_UNIT:
        return value_text(state->unit);
    case SYMBOL_OPENED: /* an opening event opens it when it occurred */
        return value_number(VALUE_INSTANT,
                            state->phase == CASE_NEW ? turn->occurred_ms : state->opened_ms);
    case SYMBOL_CERTIFIED:
        return value_flag(all_certified(turn));
    case SYMBOL_OF_UNIT:
        return value_flag(any_of_unit(turn));
    case SYMBOL_CLOCK:
        return read_clock(turn, symbol->index, (enum clock_field)symbol->field);
    case SYMBOL_REGISTER:
        return read_column(turn, symbol, key);
    case SYMBOL_ACTORS:
    case SYMBOL_DEFINE:
        break;
    }
    MUST(false);
    return value_unknown(symbol->type);
}

/* The actor and all of `with`, each once. */
static uint32_t people_count(const void *context, const struct symbol *symbol)
{
    const struct turn *turn = context;
    const struct event *event = turn->event;
    uint32_t count = 0;

    (void)symbol;
    if (event == NULL) {
        return 0;
    }
    for (uint32_t i = 0; i <= event->with_count; i++) {
        struct text person = i == 0 ? event->person : event->with[i - 1];
        bool again = text_empty(person) || (i > 0 && text_equal(person, event->person));

        for (uint32_t j = 1; j < i && !again; j++) {
            again = text_equal(event->with[j - 1], person);
        }
        count += !again;
    }
    return count;
}

static bool people_hold(const void *context, const struct symbol *symbol, struct text person)
{
    const struct turn *turn = context;
    const struct event *event = turn->event;

    (void)symbol;
    if (event == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < event->with_count; i++) {
        if (text_equal(event->with[i], person)) {
            return true;
        }
    }
    return text_equal(event->person, person);
}

struct reading turn_reading(const struct turn *turn)
{
    return (struct reading){
        .context = turn,
        .read = read,
        .people_count = people_count,
        .people_hold = people_hold,
        .calendar = turn->track.office->calendar,
        .zone_ms = turn->track.office->zone_ms,
    };
}

struct value turn_evaluate(const struct turn *turn, const struct guard *guard)
{
    struct value values[GUARD_NODES_MAX];
    struct reading reading = turn_reading(turn);

    return guard_evaluate(guard, &reading, values);
}

enum truth turn_judge(const struct turn *turn, const struct guard *guard)
{
    struct reading reading = turn_reading(turn);

    return guard_judge(guard, &reading);
}

/* A name as its guard has it, for the message: facts by their own name. */
static struct text unset_name(const struct turn *turn, const struct guard_node *node)
{
    enum symbol_kind kind = (enum symbol_kind)node->symbol.kind;

    return kind == SYMBOL_FACT || kind == SYMBOL_EVENT_FACT
               ? turn->procedure->facts[node->symbol.index].name
               : node->text;
}

void turn_refuse_unknown(struct turn *turn, const struct guard *guard)
{
    struct value values[GUARD_NODES_MAX];
    uint16_t missing[GUARD_NODES_MAX];
    struct reading reading = turn_reading(turn);

    (void)guard_evaluate(guard, &reading, values);

    uint32_t count = guard_missing(guard, values, missing, GUARD_NODES_MAX);

    for (uint32_t i = 0; i < count; i++) {
        turn_refuse(turn, &turn_unknown, NULL, unset_name(turn, &guard->nodes[missing[i]]));
    }
    if (count == 0) { /* a sum that grew too large */
        turn_refuse(turn, &turn_unknown, NULL, guard->text);
    }
    if (turn->told != NULL) {
        turn->told->guard = guard;
    }
}
