#include "core/guard_parse.h"

static struct text text_of_operand(const struct parser *parser, const struct operand *operand)
{
    return parser_text(parser, operand->from, operand->size);
}

static const struct guard_node *node_of(const struct parser *parser,
                                        const struct operand *operand)
{
    return &parser->nodes[operand->node];
}

static enum value_type type_of(const struct parser *parser, const struct operand *operand)
{
    return node_of(parser, operand)->type;
}

static bool is_list(const struct parser *parser, const struct operand *operand)
{
    return node_of(parser, operand)->operation == GUARD_LIST;
}

static bool is_people(const struct parser *parser, const struct operand *operand)
{
    return node_of(parser, operand)->symbol.people;
}

static bool is_literal(const struct parser *parser, const struct operand *operand,
                       enum value_type type)
{
    const struct guard_node *node = node_of(parser, operand);

    return node->operation == GUARD_LITERAL && node->type == type;
}

/* Neither a list nor people. */
static bool is_plain(const struct parser *parser, const struct operand *operand,
                     enum value_type type)
{
    return !is_list(parser, operand) && !is_people(parser, operand) &&
           type_of(parser, operand) == type;
}

struct text type_word(const struct parser *parser, const struct operand *operand)
{
    if (is_list(parser, operand)) {
        return TEXT("list");
    }
    if (is_people(parser, operand)) {
        return TEXT("people");
    }
    return value_type_word(type_of(parser, operand));
}

struct operand type_broken(uint32_t from, uint32_t size)
{
    return (struct operand){.broken = true, .from = from, .size = size};
}

struct operand type_made(struct parser *parser, const struct guard_node *node, uint32_t from,
                         uint32_t size)
{
    if (parser->node_count == GUARD_NODES_MAX) {
        parser_complain(parser, FAULT_LONG, from,
                        (struct text[PROBLEM_ARGUMENTS]){TEXT("256")});
        parser->stopped = true;
        return type_broken(from, size);
    }

    struct operand operand = {.node = (uint16_t)parser->node_count, .from = from, .size = size};

    parser->nodes[parser->node_count] = *node;
    parser->nodes[parser->node_count].text = parser_text(parser, from, size);
    parser->node_count++;
    return operand;
}

_Static_assert(GUARD_NODES_MAX == 256, "as FAULT_LONG is told");

void type_settle(struct parser *parser, struct operand *operand)
{
    struct text text = text_of_operand(parser, operand);

    if (operand->unresolved) {
        parser_complain(parser, text_empty(operand->near) ? FAULT_NAME : FAULT_NAME_NEAR,
                        operand->from, (struct text[PROBLEM_ARGUMENTS]){text, operand->near});
        operand->unresolved = false;
        operand->broken = true;
    } else if (!operand->broken && node_of(parser, operand)->operation == GUARD_NAME &&
               node_of(parser, operand)->symbol.sealed) {
        parser_complain(parser, FAULT_SEALED, operand->from,
                        (struct text[PROBLEM_ARGUMENTS]){text});
        operand->broken = true;
    }
}

/* A named condition is taken in whole: its nodes, and one above them that has its name. */
static struct operand take_in(struct parser *parser, const struct symbol *symbol, uint32_t from,
                              uint32_t size)
{
    const struct guard *define = symbol->define;
    uint32_t base = parser->node_count;

    if (define->node_count > GUARD_NODES_MAX - base) {
        parser_complain(parser, FAULT_LONG, from,
                        (struct text[PROBLEM_ARGUMENTS]){TEXT("256")});
        parser->stopped = true;
        return type_broken(from, size);
    }
    for (uint32_t i = 0; i < define->node_count; i++) {
        struct guard_node *node = &parser->nodes[parser->node_count++];
        uint32_t children = guard_children(&define->nodes[i]);

        *node = define->nodes[i];
        node->left = (uint16_t)(children > 0 ? node->left + base : 0);
        node->right = (uint16_t)(children > 1 ? node->right + base : 0);
    }

    struct guard_node node = {
        .operation = GUARD_DEFINE,
        .type = define->type,
        .left = (uint16_t)(parser->node_count - 1),
        .symbol = *symbol,
    };

    node.symbol.type = define->type;
    node.symbol.choices = define->choices;
    return type_made(parser, &node, from, size);
}

/* `registers.R[key]`: the key must be of the register's own type; a choice is known by its
 * name. */
static bool key_fits(struct parser *parser, const struct symbol *symbol,
                     const struct operand *key)
{
    bool named = symbol->key_type == VALUE_TEXT && is_plain(parser, key, VALUE_CHOICE);

    if (named || is_plain(parser, key, symbol->key_type)) {
        return true;
    }
    parser_complain(parser, FAULT_KEY, key->from,
                    (struct text[PROBLEM_ARGUMENTS]){text_of_operand(parser, key),
                                                     type_word(parser, key),
                                                     value_type_word(symbol->key_type)});
    return false;
}

/* In `set` a bare word that is one of the wished choice's values is that value. */
static bool bare_value(const struct parser *parser, const struct path *path, uint32_t *choice)
{
    const struct guard_wish *wish = &parser->wish;

    return wish->assignment && wish->type == VALUE_CHOICE && path->count == 1 &&
           choices_find(wish->choices, path->parts[0], choice);
}

/* In `set` what was never counted is nothing: integers and money, and sets where one is set. A
 * register's missing row stays unknown, for nobody counted there. */
static bool reads_as_zero(const struct parser *parser, const struct symbol *symbol)
{
    return parser->wish.assignment && !symbol->keyed && !symbol->people &&
           (symbol->type == VALUE_INTEGER || symbol->type == VALUE_MONEY ||
            (symbol->type == VALUE_SET && parser->wish.type == VALUE_SET));
}

struct operand type_name(struct parser *parser, const struct path *path,
                         const struct operand *key, uint32_t from, uint32_t size)
{
    struct symbol symbol = {0};
    struct operand unknown = {.broken = true, .unresolved = true, .from = from, .size = size};
    struct operand index = key == NULL ? (struct operand){0} : *key;
    struct guard_node node = {.operation = GUARD_NAME};
    uint32_t choice;

    if (bare_value(parser, path, &choice)) {
        node.operation = GUARD_LITERAL;
        node.type = VALUE_CHOICE;
        node.literal = (struct value){.type = VALUE_CHOICE, .known = true, .choice = choice};
        node.symbol.choices = parser->wish.choices;
        return type_made(parser, &node, from, size);
    }
    if (key != NULL) {
        type_settle(parser, &index);
    }
    if (path->count > PATH_PARTS_MAX ||
        !parser->scope->resolve(parser->scope->context, path, &symbol, &unknown.near)) {
        return unknown;
    }
    if (symbol.keyed != (key != NULL)) {
        parser_complain(parser, symbol.keyed ? FAULT_KEYED : FAULT_UNKEYED, from,
                        (struct text[PROBLEM_ARGUMENTS]){parser_text(parser, from, size)});
        return type_broken(from, size);
    }
    if (key != NULL && (index.broken || !key_fits(parser, &symbol, &index))) {
        return type_broken(from, size);
    }
    if (symbol.define != NULL) {
        return take_in(parser, &symbol, from, size);
    }
    node.type = symbol.type;
    node.symbol = symbol;
    node.left = index.node;
    node.zero = reads_as_zero(parser, &symbol);
    return type_made(parser, &node, from, size);
}

/* Conditions are what && || ! take; anything else is complained of at its place. */
static bool is_condition(struct parser *parser, const struct pending *pending,
                         struct operand *operand)
{
    type_settle(parser, operand);
    if (operand->broken) {
        return false;
    }
    if (is_plain(parser, operand, VALUE_FLAG)) {
        return true;
    }
    parser_complain(parser, FAULT_CONDITION, operand->from,
                    (struct text[PROBLEM_ARGUMENTS]){
                        text_of_operand(parser, operand), type_word(parser, operand),
                        parser_text(parser, pending->from, pending->size)});
    return false;
}

struct operand type_unary(struct parser *parser, const struct pending *pending,
                          struct operand operand)
{
    uint32_t size = operand.from + operand.size - pending->from;
    struct guard_node node = {.operation = pending->operation, .type = VALUE_FLAG};

    if (pending->operation == GUARD_NOT) {
        if (!is_condition(parser, pending, &operand)) {
            return type_broken(pending->from, size);
        }
    } else {
        type_settle(parser, &operand);
        if (operand.broken) {
            return type_broken(pending->from, size);
        }
        if (!is_plain(parser, &operand, VALUE_INTEGER) &&
            !is_plain(parser, &operand, VALUE_MONEY)) {
            parser_complain(parser, FAULT_NEGATE, operand.from,
                            (struct text[PROBLEM_ARGUMENTS]){text_of_operand(parser, &operand),
                                                             type_word(parser, &operand)});
            return type_broken(pending->from, size);
        }
        node.type = type_of(parser, &operand);
    }
    node.left = operand.node;
    return type_made(parser, &node, pending->from, size);
}

/* `kind == person`: the word is no name, but a value of what it is compared with, or nearly. */
static void tell_unquoted(struct parser *parser, struct operand *word,
                          const struct operand *other)
{
    uint32_t choice;

    if (!word->unresolved || other->broken || is_people(parser, other) ||
        (type_of(parser, other) != VALUE_CHOICE && type_of(parser, other) != VALUE_SET)) {
        return;
    }

    const struct choices *choices = node_of(parser, other)->symbol.choices;
    struct text text = text_of_operand(parser, word);
    struct text about = text_of_operand(parser, other);
    struct text near = nearest_word(text, choices->names, choices->count);

    if (choices_find(choices, text, &choice)) {
        parser_complain(parser, FAULT_UNQUOTED, word->from,
                        (struct text[PROBLEM_ARGUMENTS]){text, about});
        word->unresolved = false;
    } else if (text_empty(word->near) && !text_empty(near)) {
        parser_complain(parser, FAULT_CHOICE_NEAR, word->from,
                        (struct text[PROBLEM_ARGUMENTS]){text, about, near});
        word->unresolved = false;
    }
}

/* The pairs that people try, each with what they meant. `a` is blamed. */
static bool tell_known_mismatch(struct parser *parser, const struct operand *a,
                                const struct operand *b)
{
    enum value_type type = type_of(parser, b);
    enum guard_fault fault;

    if (is_literal(parser, a, VALUE_INTEGER) && type == VALUE_MONEY) {
        fault = FAULT_WHOLE_MONEY;
    } else if ((is_literal(parser, a, VALUE_INTEGER) || is_literal(parser, a, VALUE_FLAG)) &&
               (type == VALUE_TEXT || type == VALUE_CHOICE)) {
        fault = FAULT_TEXT_NUMBER;
    } else if (is_literal(parser, a, VALUE_TEXT) && type == VALUE_DATE) {
        fault = FAULT_TEXT_DATE;
    } else if (type_of(parser, a) == VALUE_INSTANT && type == VALUE_DATE) {
        fault = FAULT_INSTANT_DATE;
    } else {
        return false;
    }
    parser_complain(parser, fault, a->from,
                    (struct text[PROBLEM_ARGUMENTS]){text_of_operand(parser, a),
                                                     text_of_operand(parser, b)});
    return true;
}

/* Blame a literal before a name, and the right side before the left. */
static void tell_mismatch(struct parser *parser, const struct operand *left,
                          const struct operand *right, enum guard_fault fault)
{
    bool literal = node_of(parser, left)->operation == GUARD_LITERAL &&
                   node_of(parser, right)->operation != GUARD_LITERAL;
    const struct operand *blamed = literal ? left : right;
    const struct operand *other = literal ? right : left;

    if (tell_known_mismatch(parser, blamed, other) ||
        tell_known_mismatch(parser, other, blamed)) {
        return;
    }
    parser_complain(parser, fault, blamed->from,
                    (struct text[PROBLEM_ARGUMENTS]){
                        text_of_operand(parser, left), type_word(parser, left),
                        text_of_operand(parser, right), type_word(parser, right)});
}

/* A list is compared with a set only; people with nothing. */
static bool tell_misplaced(struct parser *parser, const struct operand *operand)
{
    if (is_people(parser, operand)) {
        parser_complain(parser, FAULT_PEOPLE, operand->from,
                        (struct text[PROBLEM_ARGUMENTS]){text_of_operand(parser, operand)});
        return true;
    }
    if (is_list(parser, operand)) {
        parser_complain(parser, FAULT_LIST_PLACE, operand->from,
                        (struct text[PROBLEM_ARGUMENTS]){text_of_operand(parser, operand)});
        return true;
    }
    return false;
}

/* A literal takes the form of what it meets: a word becomes a choice, a list a set. */
static bool adapt(struct parser *parser, const struct operand *literal,
                  const struct operand *other)
{
    const struct choices *choices = node_of(parser, other)->symbol.choices;
    struct text about = text_of_operand(parser, other);

    if (is_literal(parser, literal, VALUE_TEXT) && is_plain(parser, other, VALUE_CHOICE)) {
        return type_choose(parser, literal, choices, about);
    }
    if (is_list(parser, literal) && is_plain(parser, other, VALUE_SET)) {
        return type_choose_set(parser, literal, choices, about);
    }
    return true;
}

static bool has_order(enum value_type type)
{
    return type == VALUE_INTEGER || type == VALUE_MONEY || type == VALUE_TEXT ||
           type == VALUE_DATE || type == VALUE_INSTANT || type == VALUE_LENGTH;
}

static bool named_by_text(enum value_type type)
{
    return type == VALUE_TEXT || type == VALUE_CHOICE;
}

/* Can these two be compared? */
static bool alike(struct parser *parser, const struct operand *left,
                  const struct operand *right, bool ordered)
{
    if (!adapt(parser, left, right) || !adapt(parser, right, left)) {
        return false;
    }
    if (tell_misplaced(parser, left) || tell_misplaced(parser, right)) {
        return false;
    }

    const struct guard_node *a = node_of(parser, left);
    const struct guard_node *b = node_of(parser, right);
    bool named = named_by_text(a->type) && named_by_text(b->type);

    if (a->type != b->type && !named) {
        tell_mismatch(parser, left, right, FAULT_COMPARE);
        return false;
    }
    if (ordered && !(has_order(a->type) && has_order(b->type))) {
        const struct operand *blamed = has_order(a->type) ? right : left;

        parser_complain(parser, FAULT_ORDER, blamed->from,
                        (struct text[PROBLEM_ARGUMENTS]){text_of_operand(parser, blamed),
                                                         type_word(parser, blamed)});
        return false;
    }
    if (a->type == VALUE_SET && !choices_same(a->symbol.choices, b->symbol.choices)) {
        parser_complain(parser, FAULT_CHOICES, right->from,
                        (struct text[PROBLEM_ARGUMENTS]){text_of_operand(parser, right),
                                                         text_of_operand(parser, left)});
        return false;
    }
    return true;
}

/* Right of `in`: one of people, of a set, of a list. */
static bool may_be_in(struct parser *parser, const struct operand *left,
                      const struct operand *right)
{
    const struct guard_node *node = node_of(parser, right);
    bool people = is_people(parser, right);
    bool set = is_plain(parser, right, VALUE_SET);
    enum value_type held = people ? VALUE_TEXT : set ? VALUE_CHOICE : node->type;

    if (tell_misplaced(parser, left)) {
        return false;
    }
    if (!people && !set && !is_list(parser, right)) {
        parser_complain(parser, FAULT_IN, right->from,
                        (struct text[PROBLEM_ARGUMENTS]){text_of_operand(parser, right),
                                                         type_word(parser, right)});
        return false;
    }
    if (set && is_literal(parser, left, VALUE_TEXT)) {
        return type_choose(parser, left, node->symbol.choices, text_of_operand(parser, right));
    }
    if (is_list(parser, right) && is_plain(parser, left, VALUE_CHOICE) && held == VALUE_TEXT) {
        return type_choose(parser, right, node_of(parser, left)->symbol.choices,
                           text_of_operand(parser, left));
    }

    bool named = set && type_of(parser, left) == VALUE_TEXT;
    bool empty = is_list(parser, right) && node->list_count == 0;

    if (named || empty || type_of(parser, left) == held) {
        return true;
    }
    parser_complain(parser, FAULT_IN_ITEM, left->from,
                    (struct text[PROBLEM_ARGUMENTS]){
                        text_of_operand(parser, left), type_word(parser, left),
                        text_of_operand(parser, right), value_type_word(held)});
    return false;
}

static bool is_grouped(const struct parser *parser, const struct operand *operand)
{
    return is_list(parser, operand) || is_plain(parser, operand, VALUE_SET);
}

/* Where a set is set, `+` unites and `-` takes away; elsewhere CEL would count twice. */
static bool sum_sets(struct parser *parser, const struct pending *pending,
                     const struct operand *left, const struct operand *right)
{
    const struct guard_wish *wish = &parser->wish;
    const struct operand *sides[] = {left, right};
    bool good = true;

    if (!wish->assignment || wish->type != VALUE_SET || !is_grouped(parser, left) ||
        !is_grouped(parser, right)) {
        parser_complain(parser, FAULT_SUM_SET, pending->from, NULL);
        return false;
    }
    for (uint32_t i = 0; i < 2; i++) {
        if (is_list(parser, sides[i])) {
            good &= type_choose_set(parser, sides[i], wish->choices, (struct text){0});
        }
    }
    return good && alike(parser, left, right, false);
}

/* What may be added or subtracted, and what comes of it. */
static bool sum(struct parser *parser, const struct pending *pending,
                const struct operand *left, const struct operand *right,
                enum value_type *result)
{
    enum value_type a = type_of(parser, left);
    enum value_type b = type_of(parser, right);
    bool instants = a == VALUE_INSTANT || b == VALUE_INSTANT;

    if (is_grouped(parser, left) || is_grouped(parser, right)) {
        *result = VALUE_SET;
        return sum_sets(parser, pending, left, right);
    }
    if (tell_misplaced(parser, left) || tell_misplaced(parser, right)) {
        return false;
    }
    *result = a == VALUE_DATE ? VALUE_INTEGER : a;
    if (a == b && (a == VALUE_INTEGER || a == VALUE_MONEY ||
                   (a == VALUE_DATE && pending->operation == GUARD_SUBTRACT))) {
        return true;
    }
    if ((a == VALUE_DATE || b == VALUE_DATE) && !instants) {
        parser_complain(parser, FAULT_SUM_DATE, pending->from,
                        (struct text[PROBLEM_ARGUMENTS]){
                            parser_text(parser, pending->from, pending->size)});
        return false;
    }
    tell_mismatch(parser, left, right, FAULT_SUM);
    return false;
}

/* Does this operator take these two? Both are settled. */
static bool takes(struct parser *parser, const struct pending *pending,
                  const struct operand *left, const struct operand *right,
                  enum value_type *result)
{
    enum guard_operation operation = pending->operation;

    if (operation == GUARD_IN) {
        return may_be_in(parser, left, right);
    }
    if (operation == GUARD_ADD || operation == GUARD_SUBTRACT) {
        return sum(parser, pending, left, right, result);
    }
    return alike(parser, left, right, operation != GUARD_EQUAL && operation != GUARD_UNEQUAL);
}

struct operand type_binary(struct parser *parser, const struct pending *pending,
                           struct operand left, struct operand right)
{
    uint32_t size = right.from + right.size - left.from;
    struct guard_node node = {.operation = pending->operation, .type = VALUE_FLAG};
    bool good;

    if (pending->operation == GUARD_AND || pending->operation == GUARD_OR) {
        good = is_condition(parser, pending, &left);
        good &= is_condition(parser, pending, &right);
    } else {
        tell_unquoted(parser, &left, &right);
        tell_unquoted(parser, &right, &left);
        type_settle(parser, &left);
        type_settle(parser, &right);
        good =
            !left.broken && !right.broken && takes(parser, pending, &left, &right, &node.type);
    }
    if (!good) {
        return type_broken(left.from, size);
    }
    node.left = left.node;
    node.right = right.node;
    if (node.type == VALUE_SET) {
        node.symbol.choices = node_of(parser, &left)->symbol.choices;
    }
    return type_made(parser, &node, left.from, size);
}
