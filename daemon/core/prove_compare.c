#include "core/prove_solve.h"

#include "base/must.h"

/* Comparisons become atoms: a value against literals, or two values against each other. */

static enum guard_operation turned(enum guard_operation operation)
{
    static const enum guard_operation other_way[] = {
        [GUARD_EQUAL] = GUARD_EQUAL, [GUARD_UNEQUAL] = GUARD_UNEQUAL,
        [GUARD_LESS] = GUARD_MORE,   [GUARD_LESS_EQUAL] = GUARD_MORE_EQUAL,
        [GUARD_MORE] = GUARD_LESS,   [GUARD_MORE_EQUAL] = GUARD_LESS_EQUAL,
    };

    MUST(operation >= GUARD_EQUAL);
    MUST(operation <= GUARD_MORE_EQUAL);
    return other_way[operation];
}

/* Of the values 1…last those for which `value OPERATION at` holds. */
static struct values compared(enum guard_operation operation, uint32_t at, uint32_t last)
{
    bool less =
        operation == GUARD_LESS || operation == GUARD_LESS_EQUAL || operation == GUARD_UNEQUAL;
    bool equal = operation == GUARD_EQUAL || operation == GUARD_LESS_EQUAL ||
                 operation == GUARD_MORE_EQUAL;
    bool more =
        operation == GUARD_MORE || operation == GUARD_MORE_EQUAL || operation == GUARD_UNEQUAL;
    struct values values = {{0}};

    for (uint32_t i = 1; i <= last; i++) {
        if (i < at ? less : i == at ? equal : more) {
            values_add(&values, i);
        }
    }
    return values;
}

static bool has_order(enum value_type type)
{
    return type == VALUE_INTEGER || type == VALUE_MONEY || type == VALUE_TEXT ||
           type == VALUE_DATE || type == VALUE_INSTANT;
}

/* The variable of a term that is compared with literals. */
static uint16_t ordered_variable(struct site *site, const struct term *term,
                                 const struct guard_node *node)
{
    if (term->named) {
        return term->variable;
    }

    uint16_t index = variable_of(site->solver, term->key, OF_ORDER, node->type, node->text);

    site->solver->variables[index].least = term->least;
    return index;
}

/* A choice as the variable numbers it; false: the variable has none of that name. */
static bool choice_value(const struct variable *variable, const struct value *literal,
                         const struct choices *choices, uint32_t *value)
{
    struct text name = literal->text;

    if (literal->type == VALUE_CHOICE) {
        if (choices == variable->choices || choices == NULL) {
            *value = 1 + literal->choice;
            return true;
        }
        name = choices->names[literal->choice];
    }
    for (uint32_t i = 0; i < variable->choices->count; i++) {
        if (text_equal(variable->choices->names[i], name)) {
            *value = 1 + i;
            return true;
        }
    }
    return false;
}

/* Where a literal stands among the values of an ordered term; false: not of this kind. */
static bool literal_value(struct site *site, uint16_t variable, const struct term *term,
                          struct value literal, uint32_t *value)
{
    struct solver *solver = site->solver;
    enum variable_kind kind = solver->variables[variable].kind;

    if (term->offset != 0 &&
        __builtin_sub_overflow(literal.number, term->offset, &literal.number)) {
        return false;
    }

    uint32_t at = variable_literal(solver, variable, &literal);

    *value = kind == OF_ORDER ? 2 + 2 * at : 1 + at;
    return kind == OF_ORDER || kind == OF_EXACT;
}

/* A term against a literal; false: nothing but a question of its own can be made of it. */
static bool against_literal(struct site *site, uint32_t term_at, uint32_t literal_at,
                            enum guard_operation operation)
{
    struct solver *solver = site->solver;
    const struct term *term = &solver->terms[term_at];
    const struct term *literal = &solver->terms[literal_at];
    const struct guard_node *node = &site->nodes[term_at];
    bool equality = operation == GUARD_EQUAL || operation == GUARD_UNEQUAL;
    uint16_t variable;
    uint32_t value;

    if (node->type == VALUE_CHOICE && term->named && equality) {
        const struct choices *choices = site->nodes[literal_at].symbol.choices;

        variable = term->variable;
        if (!choice_value(&solver->variables[variable], &literal->value, choices, &value)) {
            return false;
        }
    } else if ((has_order(node->type) && node->type == literal->value.type) ||
               (node->type == VALUE_LENGTH && term->named && equality)) {
        variable = ordered_variable(site, term, node);
        if (!literal_value(site, variable, term, literal->value, &value)) {
            return false;
        }
    } else {
        return false;
    }

    uint32_t last = variable_values(&solver->variables[variable]) - 1;

    site_ask_for(site, site_value_atom(site, variable, compared(operation, value, last)), term);
    return true;
}

static bool less_key(const uint64_t a[2], const uint64_t b[2])
{
    return a[0] != b[0] ? a[0] < b[0] : a[1] < b[1];
}

/* Two terms against each other: less, equal or more. */
static void against_term(struct site *site, enum guard_operation operation)
{
    struct solver *solver = site->solver;
    const struct term *a = &solver->terms[site_node(site)->left];
    const struct term *b = &solver->terms[site_node(site)->right];
    enum value_type type = site_left(site)->type;
    bool equality = operation == GUARD_EQUAL || operation == GUARD_UNEQUAL;
    struct text first = site_left(site)->text;
    struct text second = site_right(site)->text;
    uint64_t key[2];

    if (less_key(b->key, a->key)) {
        const struct term *swapped = a;

        a = b;
        b = swapped;
        operation = turned(operation);
        first = site_right(site)->text;
        second = site_left(site)->text;
    }
    key_begin(key, type == VALUE_LENGTH && equality ? 301 : 300);
    key_mix(key, a->key[0]);
    key_mix(key, a->key[1]);
    key_mix(key, b->key[0]);
    key_mix(key, b->key[1]);

    uint16_t index = variable_of(solver, key, OF_PAIR, type, first);
    struct variable *variable = &solver->variables[index];

    variable->other = second;
    /* No law says how many working days make a month: the order of lengths may be unknown. */
    variable->allowed = has_order(type)                     ? values_between(1, 3)
                        : type == VALUE_LENGTH && !equality ? values_between(0, 3)
                                                            : values_between(1, 2);

    struct atom *atom = site_value_atom(site, index, compared(operation, 2, 3));

    site_ask_for(site, atom, a);
    site_ask_for(site, atom, b);
    if (type == VALUE_LENGTH && !equality && solver->ask_count < ASKS_MAX) {
        solver->asks[solver->ask_count++] =
            (struct ask){.variable = index, .known = values_between(1, 3)};
        atom->ask_count++;
    }
}

static int literal_order(const struct value *a, const struct value *b)
{
    if (a->type == VALUE_DATE) {
        return (a->date > b->date) - (a->date < b->date);
    }
    if (a->type == VALUE_TEXT) {
        return text_compare(a->text, b->text);
    }
    return (a->number > b->number) - (a->number < b->number);
}

/* Two literals, or what the rule has made literals of; false: left to a question of its own. */
static bool both_literal(struct site *site, enum guard_operation operation)
{
    const struct value *a = &site->solver->terms[site_node(site)->left].value;
    const struct value *b = &site->solver->terms[site_node(site)->right].value;
    int order;

    if (a->type != b->type) {
        return false;
    }
    if (a->type == VALUE_CHOICE) {
        order = a->choice == b->choice ? 0 : 1;
    } else if (has_order(a->type)) {
        order = literal_order(a, b);
    } else {
        return false;
    }

    struct values holds = compared(operation, 2, 3);

    site_constant_atom(site, values_have(&holds, (uint32_t)(order + 2)));
    return true;
}

void site_compare(struct site *site)
{
    const struct guard_node *node = site_node(site);
    struct solver *solver = site->solver;
    const struct term *a = &solver->terms[node->left];
    const struct term *b = &solver->terms[node->right];

    if (site_is_condition(site_left(site)) && site_is_condition(site_right(site))) {
        uint32_t left = solver->atom_of[node->left];
        uint32_t right = solver->atom_of[node->right];
        struct atom *atom =
            site_make_atom(site, node->operation == GUARD_EQUAL ? ATOM_SAME : ATOM_OTHER);

        atom->left = left;
        atom->right = right;
        return;
    }
    if (a->literal && b->literal) {
        if (!both_literal(site, node->operation)) {
            site_truth_atom(site, solver->terms[site->at].key);
        }
        return;
    }
    if (b->literal && against_literal(site, node->left, node->right, node->operation)) {
        return;
    }
    if (a->literal && against_literal(site, node->right, node->left, turned(node->operation))) {
        return;
    }
    against_term(site, node->operation);
}

/* `x in [a, b]`: of the values of x those in the list. */
bool site_listed(struct site *site)
{
    struct solver *solver = site->solver;
    const struct guard_node *list = site_right(site);
    const struct guard_node *node = site_left(site);
    const struct term *term = &solver->terms[site_node(site)->left];
    struct values when_true = {{0}};
    uint16_t variable;
    uint32_t value;

    if (term->literal && term->value.type == VALUE_CHOICE && list->type == VALUE_CHOICE) {
        bool held = false;

        for (uint32_t i = 0; i < list->list_count; i++) {
            held = held || list->list[i].choice == term->value.choice;
        }
        site_constant_atom(site, held);
        return true;
    }
    if (term->literal || (node->type != list->type) || node->type == VALUE_SET ||
        (!has_order(node->type) && !term->named)) {
        return false;
    }
    variable = ordered_variable(site, term, node);
    for (uint32_t i = 0; i < list->list_count; i++) {
        const struct value *literal = &list->list[i];
        bool found = node->type == VALUE_CHOICE
                         ? choice_value(&solver->variables[variable], literal,
                                        list->symbol.choices, &value)
                         : literal_value(site, variable, term, *literal, &value);

        if (!found) {
            return false;
        }
        values_add(&when_true, value);
    }
    site_ask_for(site, site_value_atom(site, variable, when_true), term);
    return true;
}
