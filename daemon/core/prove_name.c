#include "core/prove_solve.h"

#include "base/must.h"

void values_add(struct values *values, uint32_t value)
{
    MUST(value < VALUES_MAX);
    values->bits[value / 64] |= (uint64_t)1 << value % 64;
}

bool values_have(const struct values *values, uint32_t value)
{
    return (values->bits[value / 64] >> value % 64 & 1) != 0;
}

/* The bits of one word from `first` up, those of lower words being below it. */
static uint64_t bits_from(uint32_t first, uint32_t word)
{
    uint32_t low = word * 64;

    return first <= low ? ~(uint64_t)0 : first - low >= 64 ? 0 : ~(uint64_t)0 << (first - low);
}

struct values values_between(uint32_t first, uint32_t last)
{
    struct values values;

    for (uint32_t i = 0; i < VALUES_MAX / 64; i++) {
        values.bits[i] = bits_from(first, i) & ~bits_from(last + 1, i);
    }
    return values;
}

/* Two hashes side by side: that both meet by chance does not happen. */
void key_begin(uint64_t key[2], uint64_t what)
{
    key[0] = 0x9e3779b97f4a7c15U;
    key[1] = 0xc2b2ae3d27d4eb4fU;
    key_mix(key, what);
}

void key_mix(uint64_t key[2], uint64_t part)
{
    key[0] = (key[0] ^ part) * 0xff51afd7ed558ccdU;
    key[0] ^= key[0] >> 32;
    key[1] = (key[1] + part) * 0xc4ceb9fe1a85ec53U;
    key[1] ^= key[1] >> 29;
}

uint32_t variable_values(const struct variable *variable)
{
    switch (variable->kind) {
    case OF_FLAG:
    case OF_TRUTH:
        return 3;
    case OF_CHOICE:
        return 1 + variable->choices->count;
    case OF_ORDER:
        return 2 + 2 * variable->literal_count;
    case OF_EXACT:
        return 2 + variable->literal_count;
    case OF_SET:
        return 2;
    case OF_PAIR:
        return 4;
    case OF_CLOCK:
        return STANDS_COUNT;
    }
    MUST(false);
    return 0;
}

_Static_assert(2 + 2 * LITERALS_MAX <= VALUES_MAX, "a value has room for what lies between");
_Static_assert(1 + CHOICES_MAX <= VALUES_MAX, "a choice has room");

uint16_t variable_of(struct solver *solver, const uint64_t key[2], enum variable_kind kind,
                     enum value_type type, struct text words)
{
    for (uint32_t i = 0; i < solver->variable_count; i++) {
        if (solver->variables[i].key[0] == key[0] && solver->variables[i].key[1] == key[1]) {
            return (uint16_t)i;
        }
    }
    if (solver->variable_count == VARIABLES_MAX) {
        solver->too_large = true;
        return VARIABLES_MAX - 1;
    }

    struct variable *variable = &solver->variables[solver->variable_count];

    variable->key[0] = key[0];
    variable->key[1] = key[1];
    variable->kind = kind;
    variable->type = type;
    variable->choices = NULL;
    variable->words = words;
    variable->other = (struct text){0};
    variable->clock = NO_INDEX;
    variable->phase = BEFORE;
    variable->touched = false;
    variable->acted = false;
    variable->least = INT64_MIN;
    variable->allowed = values_between(1, VALUES_MAX - 1);
    variable->literal_count = 0;
    variable->value = NOT_GIVEN;
    return (uint16_t)solver->variable_count++;
}

/* Lengths of one measure are told in its smaller unit. */
static struct value plain(const struct value *literal)
{
    struct value value = *literal;

    if (value.type == VALUE_LENGTH && value.length.unit == LENGTH_YEARS) {
        value.length = (struct length){value.length.count * 12, LENGTH_MONTHS};
    } else if (value.type == VALUE_LENGTH && value.length.unit == LENGTH_HOURS) {
        value.length = (struct length){value.length.count * 60, LENGTH_MINUTES};
    }
    return value;
}

static int64_t number_of(const struct value *value)
{
    if (value->type == VALUE_DATE) {
        return value->date;
    }
    if (value->type == VALUE_LENGTH) {
        return (int64_t)value->length.count * 8 + (int64_t)value->length.unit;
    }
    return value->number;
}

static int order_of(const struct value *a, const struct value *b)
{
    if (a->type == VALUE_TEXT) {
        return text_compare(a->text, b->text);
    }
    return (number_of(a) > number_of(b)) - (number_of(a) < number_of(b));
}

uint32_t variable_literal(struct solver *solver, uint16_t index, const struct value *literal)
{
    struct variable *variable = &solver->variables[index];
    struct value value = plain(literal);
    uint32_t at = 0;

    while (at < variable->literal_count && order_of(&variable->literals[at], &value) < 0) {
        at++;
    }
    if (at < variable->literal_count && order_of(&variable->literals[at], &value) == 0) {
        return at;
    }
    if (solver->building || variable->literal_count == LITERALS_MAX) {
        solver->too_large = true;
        return 0;
    }
    for (uint32_t i = variable->literal_count; i > at; i--) {
        variable->literals[i] = variable->literals[i - 1];
    }
    variable->literals[at] = value;
    variable->literal_count++;
    return at;
}

void solver_ask(struct solver *solver, struct term *term, uint16_t variable,
                struct values known)
{
    if (solver->ask_count == ASKS_MAX) {
        solver->too_large = true;
        return;
    }
    MUST(term->first_ask + term->ask_count == solver->ask_count);
    solver->asks[solver->ask_count++] = (struct ask){.variable = variable, .known = known};
    term->ask_count++;
}

static enum variable_kind kind_of(enum value_type type)
{
    switch (type) {
    case VALUE_FLAG:
        return OF_FLAG;
    case VALUE_CHOICE:
        return OF_CHOICE;
    case VALUE_SET:
        return OF_SET;
    case VALUE_LENGTH:
        return OF_EXACT;
    case VALUE_INTEGER:
    case VALUE_MONEY:
    case VALUE_TEXT:
    case VALUE_DATE:
    case VALUE_INSTANT:
        break;
    }
    return OF_ORDER;
}

/* The term becomes this variable, which must be known. */
static uint16_t name_variable(struct solver *solver, struct term *term,
                              const struct guard_node *node, bool may_be_unset)
{
    uint16_t index =
        variable_of(solver, term->key, kind_of(node->type), node->type, node->text);
    struct variable *variable = &solver->variables[index];

    if (variable->choices == NULL) {
        variable->choices = node->symbol.choices;
    }
    if (may_be_unset) {
        values_add(&variable->allowed, 0);
    } else {
        variable->allowed.bits[0] &= ~(uint64_t)1;
    }
    term->named = true;
    term->variable = index;
    solver_ask(solver, term, index, values_between(1, VALUES_MAX - 1));
    return index;
}

static void key_of(struct term *term, uint64_t kind, uint64_t index, uint64_t phase)
{
    key_begin(term->key, kind);
    key_mix(term->key, index);
    key_mix(term->key, phase);
}

void term_of_literal(struct term *term, struct value value)
{
    term->literal = true;
    term->value = value;
    key_begin(term->key, 100 + (uint64_t)value.type);
    if (value.type == VALUE_FLAG) {
        key_mix(term->key, value.flag);
    } else if (value.type == VALUE_CHOICE) {
        key_mix(term->key, value.choice);
    } else if (value.type == VALUE_SET) {
        key_mix(term->key, value.set);
    } else if (value.type == VALUE_TEXT) {
        for (size_t i = 0; i < value.text.size; i++) {
            key_mix(term->key, (uint8_t)value.text.bytes[i]);
        }
    } else {
        key_mix(term->key, (uint64_t)number_of(&value));
    }
}

static void event_fact(struct solver *solver, struct term *term, const struct guard_node *node)
{
    const struct scene *scene = &solver->scene;
    uint16_t fact = node->symbol.index;
    bool taken = scene->rule != NULL && fact_mask_has(&scene->rule->takes, fact);
    bool never = scene->quiet || (scene->rule != NULL && !taken &&
                                  !fact_mask_has(&scene->rule->may_take, fact));

    key_of(term, SYMBOL_EVENT_FACT, fact, 0);

    uint16_t index = name_variable(solver, term, node, !taken);

    if (never) {
        solver->variables[index].allowed = values_between(0, 0);
    }
}

/* A fact before the event. */
static void fact_before(struct solver *solver, struct term *term, const struct guard_node *node)
{
    key_of(term, SYMBOL_FACT, node->symbol.index, BEFORE);
    (void)name_variable(solver, term, node,
                        !fact_mask_has(&solver->scene.facts, node->symbol.index));
}

static const struct assignment *set_by(const struct rule *rule, uint16_t fact)
{
    for (uint32_t i = 0; i < rule->set_count; i++) {
        if (rule->sets[i].fact == fact) {
            return &rule->sets[i];
        }
    }
    return NULL;
}

/* A fact that the rule sets: a literal, another name, or anything. */
static void fact_set(struct solver *solver, struct term *term, const struct guard_node *node,
                     const struct guard *value)
{
    const struct guard_node *root = &value->nodes[value->node_count - 1];

    if (root->operation == GUARD_LITERAL && root->type == node->type &&
        root->type != VALUE_SET) {
        term_of_literal(term, root->literal);
        return;
    }
    if (value->node_count == 1 && root->operation == GUARD_NAME && !root->zero &&
        root->type == node->type && root->symbol.choices == node->symbol.choices) {
        if (root->symbol.kind == SYMBOL_EVENT_FACT) {
            event_fact(solver, term, root);
            return;
        }
        if (root->symbol.kind == SYMBOL_FACT) {
            fact_before(solver, term, root);
            return;
        }
    }
    key_of(term, SYMBOL_FACT, node->symbol.index, AFTER);
    /* Of people's events one that cannot set a fact is refused. */
    (void)name_variable(solver, term, node, solver->scene.quiet);
}

static void fact_name(struct solver *solver, struct term *term, const struct guard_node *node,
                      enum phase phase)
{
    const struct rule *rule = solver->scene.rule;
    uint16_t fact = node->symbol.index;

    if (phase == BEFORE || rule == NULL) {
        fact_before(solver, term, node);
        return;
    }

    const struct assignment *assignment = set_by(rule, fact);

    if (fact_mask_has(&rule->unsets, fact)) {
        key_of(term, SYMBOL_FACT, fact, AFTER);
        solver->variables[name_variable(solver, term, node, true)].allowed =
            values_between(0, 0);
    } else if (assignment != NULL) {
        fact_set(solver, term, node, assignment->value);
    } else if (rule->keep && !solver->scene.quiet && fact_mask_has(&rule->takes, fact)) {
        event_fact(solver, term, node);
    } else if (rule->keep && !solver->scene.quiet && fact_mask_has(&rule->may_take, fact)) {
        key_of(term, SYMBOL_FACT, fact, AFTER);
        (void)name_variable(solver, term, node, !fact_mask_has(&solver->scene.facts, fact));
    } else {
        fact_before(solver, term, node);
    }
}

static bool acts_on(const struct clock_act *acts, uint32_t count, uint16_t clock)
{
    for (uint32_t i = 0; i < count; i++) {
        if (acts[i].clock == clock) {
            return true;
        }
    }
    return false;
}

static bool is_touched(const struct rule *rule, uint16_t clock)
{
    return acts_on(rule->cancels, rule->cancel_count, clock) ||
           acts_on(rule->starts, rule->start_count, clock) ||
           acts_on(rule->resumes, rule->resume_count, clock) ||
           acts_on(rule->pauses, rule->pause_count, clock) ||
           acts_on(rule->extends, rule->extend_count, clock) ||
           acts_on(rule->meets, rule->meet_count, clock);
}

uint16_t variable_of_clock(struct prover *prover, const struct guard_node *node,
                           enum phase phase)
{
    struct solver *solver = prover->solver;
    const struct scene *scene = &solver->scene;
    uint16_t clock = node->symbol.index;
    bool acted = scene->rule != NULL && is_touched(scene->rule, clock);
    bool touched = phase != BEFORE && acted;
    uint64_t key[2];

    key_begin(key, SYMBOL_CLOCK);
    key_mix(key, clock);
    key_mix(key, touched ? phase : BEFORE);

    uint16_t index =
        variable_of(solver, key, OF_CLOCK, VALUE_FLAG, prover->procedure->clocks[clock].name);
    struct variable *variable = &solver->variables[index];

    if (variable->kind != OF_CLOCK) { /* the last one, when there is no room */
        return index;
    }

    uint32_t stands = clock_stands(&prover->procedure->clocks[clock]);

    if (!touched && scene->own == clock) {
        stands &= clock_end_stands(prover->procedure->clocks[clock].kind);
    }
    if (!touched && scene->stage == NO_INDEX) {
        stands &= STANDS_NEVER;
    }
    variable->allowed = (struct values){{stands, 0}};
    variable->clock = clock;
    variable->phase = touched ? phase : BEFORE;
    variable->touched = touched;
    variable->acted = acted;
    return index;
}

/* The states in which a date of a clock is set, and whether even there it may not be. */
static uint32_t dated_stands(const struct clock *clock, enum clock_field field, bool *unsure)
{
    uint32_t ended = STANDS_ENDED | STANDS_ENDED << STANDS_OTHER;
    bool may_be_exact = clock->due == DUE_LENGTH && (clock->length.fact != NO_INDEX ||
                                                     length_is_exact(clock->length.length));

    *unsure = false;
    if (field == CLOCK_ENDED) {
        return ended;
    }
    if (field == CLOCK_STARTED) {
        return ended | STANDS_LIVE;
    }
    *unsure = may_be_exact || clock->pause_grounds != 0;
    return ended | (STANDS_LIVE & ~STANDS(INSTANCE_PAUSED));
}

static void clock_name(struct prover *prover, struct term *term, const struct guard_node *node,
                       enum phase phase)
{
    struct solver *solver = prover->solver;
    const struct clock *clock = &prover->procedure->clocks[node->symbol.index];
    enum clock_field field = (enum clock_field)node->symbol.field;
    uint16_t state = variable_of_clock(prover, node, phase);
    bool touched = solver->variables[state].touched;
    bool unsure;

    if (node->type == VALUE_FLAG) {
        return;
    }
    if (field == CLOCK_AMOUNT && clock->kind != CLOCK_ACCRUAL) {
        term_of_literal(term, value_number(VALUE_MONEY, 0));
        return;
    }
    key_of(term, SYMBOL_CLOCK, node->symbol.index, touched ? phase : BEFORE);
    key_mix(term->key, 1 + (uint64_t)field);
    if (field == CLOCK_AMOUNT) {
        term->least = 0;
        solver->variables[name_variable(solver, term, node, false)].least = 0;
        return;
    }

    uint32_t stands = dated_stands(clock, field, &unsure);

    (void)name_variable(solver, term, node, unsure);
    solver_ask(solver, term, state, (struct values){{stands, 0}});
}

/* What is one value for the whole question. */
static void plain_name(struct solver *solver, struct term *term, const struct guard_node *node)
{
    enum symbol_kind kind = (enum symbol_kind)node->symbol.kind;
    bool blank = solver->scene.stage == NO_INDEX;
    bool unset = blank && (kind == SYMBOL_STAGE || kind == SYMBOL_OPENED);
    /* An outside role may come without a person; not every case was opened by another. */
    bool of_event = kind == SYMBOL_PERSON || kind == SYMBOL_SENDER;

    key_of(term, node->symbol.kind, node->symbol.index, 0);
    if (node->symbol.people) {
        return;
    }

    uint16_t index =
        name_variable(solver, term, node, unset || of_event || kind == SYMBOL_OPENER);

    if (unset || (of_event && solver->scene.quiet)) {
        solver->variables[index].allowed = values_between(0, 0);
    }
}

void term_of_name(struct prover *prover, const struct guard_node *nodes, uint32_t at,
                  enum phase phase)
{
    struct solver *solver = prover->solver;
    const struct guard_node *node = &nodes[at];
    struct term *term = &solver->terms[at];
    bool blank = solver->scene.stage == NO_INDEX;

    switch ((enum symbol_kind)node->symbol.kind) {
    case SYMBOL_FACT:
        fact_name(solver, term, node, phase);
        return;
    case SYMBOL_EVENT_FACT:
        event_fact(solver, term, node);
        return;
    case SYMBOL_CLOCK:
        clock_name(prover, term, node, phase);
        return;
    case SYMBOL_STAGE:
        if (!blank) {
            term_of_literal(term, (struct value){.type = VALUE_CHOICE,
                                                 .known = true,
                                                 .choice = solver->scene.stage});
            return;
        }
        break;
    case SYMBOL_CERTIFIED:
    case SYMBOL_OF_UNIT:
        if (solver->scene.quiet) {
            term_of_literal(term, value_flag(false));
            return;
        }
        break;
    case SYMBOL_REGISTER:
        key_of(term, SYMBOL_REGISTER, node->symbol.index, node->symbol.field);
        key_mix(term->key, solver->terms[node->left].key[0]);
        key_mix(term->key, solver->terms[node->left].key[1]);
        (void)name_variable(solver, term, node, true);
        return;
    case SYMBOL_DEFINE:
    case SYMBOL_OCCURRED:
    case SYMBOL_RECEIVED:
    case SYMBOL_PERSON:
    case SYMBOL_SENDER:
    case SYMBOL_CASE:
    case SYMBOL_OPENER:
    case SYMBOL_AGENCY:
    case SYMBOL_UNIT:
    case SYMBOL_OPENED:
    case SYMBOL_ACTORS:
        break;
    }
    plain_name(solver, term, node);
}
