#include "core/guard_parse.h"

/*
 * Lists hold literals only, so that they are read by a plain loop, and their values stand in
 * the node. Until the end of the compilation they stand in parser->items, each with its place,
 * for a value may turn out wrong only when what it is compared with is known.
 */

static struct text token_text(const struct parser *parser, const struct token *token)
{
    return parser_text(parser, token->from, token->size);
}

static void complain_of_token(struct parser *parser, enum guard_fault fault)
{
    parser_complain(parser, fault, parser->token.from,
                    (struct text[PROBLEM_ARGUMENTS]){token_text(parser, &parser->token)});
}

/* date('2021-07-15'), from its `(`. */
static bool take_date(struct parser *parser, struct item *item)
{
    (void)parser_advance(parser);

    struct token text = parser->token;

    if (text.kind != TOKEN_LITERAL || text.literal.type != VALUE_TEXT ||
        parser->next.kind != TOKEN_CLOSE) {
        complain_of_token(parser, FAULT_LIST_ITEM);
        return false;
    }
    (void)parser_advance(parser);

    struct token close = parser_advance(parser);
    int32_t date;

    if (!date_parse(text.literal.text, &date)) {
        parser_complain(parser, FAULT_DATE_LITERAL, text.from,
                        (struct text[PROBLEM_ARGUMENTS]){token_text(parser, &text)});
        return false;
    }
    item->value = value_date(date);
    item->size = close.from + close.size - item->from;
    return true;
}

static bool take_negative(struct parser *parser, struct item *item)
{
    enum value_type type = parser->next.literal.type;

    if (parser->next.kind != TOKEN_LITERAL || (type != VALUE_INTEGER && type != VALUE_MONEY)) {
        complain_of_token(parser, FAULT_LIST_ITEM);
        return false;
    }
    (void)parser_advance(parser);

    struct token number = parser_advance(parser);

    item->value = number.literal;
    item->value.number = -number.literal.number;
    item->size = number.from + number.size - item->from;
    return true;
}

/* Where a set is set, the bare words of its choices are values. */
static bool take_word(struct parser *parser, struct item *item)
{
    struct token token = parser_advance(parser);
    struct text word = token_text(parser, &token);
    bool bare = parser->wish.assignment && parser->wish.type == VALUE_SET;

    if (text_is(word, "true") || text_is(word, "false")) {
        item->value = value_flag(token.size == 4);
        return true;
    }
    if (text_is(word, "date") && parser->token.kind == TOKEN_OPEN) {
        return take_date(parser, item);
    }
    if (bare) {
        item->value = value_text(word);
        return true;
    }

    bool name = parser->token.kind == TOKEN_DOT || parser->token.kind == TOKEN_OPEN;

    parser_complain(parser, name ? FAULT_LIST_ITEM : FAULT_LIST_WORD, token.from,
                    (struct text[PROBLEM_ARGUMENTS]){word});
    return false;
}

static bool take_item(struct parser *parser, struct item *item)
{
    struct token token = parser->token;

    *item = (struct item){.from = token.from, .size = token.size};
    switch (token.kind) {
    case TOKEN_LITERAL:
        item->value = token.literal;
        (void)parser_advance(parser);
        return true;
    case TOKEN_WORD:
        return take_word(parser, item);
    case TOKEN_BINARY:
        if (token.operation == GUARD_SUBTRACT) {
            return take_negative(parser, item);
        }
        break;
    case TOKEN_BROKEN:
        return false;
    case TOKEN_END:
    case TOKEN_NOT:
    case TOKEN_FOREIGN:
    case TOKEN_BRACE:
    case TOKEN_OPEN:
    case TOKEN_CLOSE:
    case TOKEN_OPEN_LIST:
    case TOKEN_CLOSE_LIST:
    case TOKEN_COMMA:
    case TOKEN_DOT:
        break;
    }
    complain_of_token(parser, FAULT_LIST_ITEM);
    return false;
}

/* A list that is not understood is passed over, up to its own `]`. */
static struct operand pass_over(struct parser *parser, uint32_t from)
{
    uint32_t open = 1;
    uint32_t end = parser->token.from;

    while (open > 0 && parser->token.kind != TOKEN_END) {
        struct token token = parser_advance(parser);

        open += token.kind == TOKEN_OPEN_LIST;
        open -= token.kind == TOKEN_CLOSE_LIST;
        end = token.from + token.size;
    }
    if (open > 0) {
        parser_complain(parser, FAULT_OPEN, from,
                        (struct text[PROBLEM_ARGUMENTS]){TEXT("["), TEXT("]")});
    }
    return type_broken(from, end - from);
}

/* An item joins the list, or is complained of. */
static bool keep_item(struct parser *parser, const struct item *item, uint32_t first)
{
    uint32_t count = parser->item_count - first;

    if (count == GUARD_LIST_MAX || parser->item_count == ITEMS_MAX) {
        parser_complain(parser, FAULT_LIST_LONG, item->from,
                        (struct text[PROBLEM_ARGUMENTS]){TEXT("64")});
        return false;
    }
    if (count > 0 && parser->items[first].value.type != item->value.type) {
        parser_complain(
            parser, FAULT_LIST_TYPE, item->from,
            (struct text[PROBLEM_ARGUMENTS]){parser_text(parser, item->from, item->size),
                                             value_type_word(item->value.type),
                                             value_type_word(parser->items[first].value.type)});
        return false;
    }
    parser->items[parser->item_count++] = *item;
    return true;
}

_Static_assert(GUARD_LIST_MAX == 64, "as FAULT_LIST_LONG is told");

struct operand list_read(struct parser *parser)
{
    struct token open = parser_advance(parser);
    uint32_t first = parser->item_count;

    while (parser->token.kind != TOKEN_CLOSE_LIST) {
        struct item item;

        if (!take_item(parser, &item) || !keep_item(parser, &item, first)) {
            return pass_over(parser, open.from);
        }
        if (parser->token.kind == TOKEN_COMMA && parser->next.kind != TOKEN_CLOSE_LIST) {
            (void)parser_advance(parser);
        } else if (parser->token.kind != TOKEN_CLOSE_LIST) {
            if (parser->token.kind == TOKEN_COMMA) {
                (void)parser_advance(parser);
                complain_of_token(parser, FAULT_OPERAND);
            } else if (parser->token.kind != TOKEN_END) {
                complain_of_token(parser, FAULT_LIST_COMMA);
            }
            return pass_over(parser, open.from);
        }
    }

    struct token close = parser_advance(parser);
    uint32_t count = parser->item_count - first;
    struct guard_node node = {
        .operation = GUARD_LIST,
        .type = count == 0 ? VALUE_TEXT : parser->items[first].value.type,
        .left = (uint16_t)first,
        .list_count = count,
    };

    return type_made(parser, &node, open.from, close.from + close.size - open.from);
}

bool choices_find(const struct choices *choices, struct text name, uint32_t *choice)
{
    for (uint32_t i = 0; i < choices->count; i++) {
        if (text_equal(name, choices->names[i])) {
            *choice = i;
            return true;
        }
    }
    return false;
}

bool choices_same(const struct choices *a, const struct choices *b)
{
    if (a == b) {
        return true;
    }
    if (a == NULL || b == NULL || a->count != b->count) {
        return false;
    }
    for (uint32_t i = 0; i < a->count; i++) {
        if (!text_equal(a->names[i], b->names[i])) {
            return false;
        }
    }
    return true;
}

/* One text becomes a choice, or is complained of at its place. */
static bool choose(struct parser *parser, const struct choices *choices, struct text about,
                   struct value *value, uint32_t at)
{
    uint32_t choice;

    if (choices_find(choices, value->text, &choice)) {
        *value = (struct value){.type = VALUE_CHOICE, .known = true, .choice = choice};
        return true;
    }

    struct text near = nearest_word(value->text, choices->names, choices->count);

    if (text_empty(about)) {
        parser_complain(parser, text_empty(near) ? FAULT_VALUE : FAULT_VALUE_NEAR, at,
                        (struct text[PROBLEM_ARGUMENTS]){value->text, near});
    } else {
        parser_complain(parser, text_empty(near) ? FAULT_CHOICE : FAULT_CHOICE_NEAR, at,
                        (struct text[PROBLEM_ARGUMENTS]){value->text, about, near});
    }
    return false;
}

bool type_choose(struct parser *parser, const struct operand *operand,
                 const struct choices *choices, struct text about)
{
    struct guard_node *node = &parser->nodes[operand->node];
    bool good = true;

    if (node->operation == GUARD_LIST) {
        for (uint32_t i = 0; i < node->list_count; i++) {
            struct item *item = &parser->items[node->left + i];

            good &= choose(parser, choices, about, &item->value, item->from);
        }
    } else {
        good = choose(parser, choices, about, &node->literal, operand->from);
    }
    node->type = VALUE_CHOICE;
    node->symbol.choices = choices;
    return good;
}

bool type_choose_set(struct parser *parser, const struct operand *list,
                     const struct choices *choices, struct text about)
{
    struct guard_node *node = &parser->nodes[list->node];
    uint64_t set = 0;

    if (node->list_count > 0 && node->type != VALUE_TEXT) {
        const struct item *item = &parser->items[node->left];
        enum guard_fault fault = text_empty(about) ? FAULT_VALUE : FAULT_CHOICE;

        parser_complain(parser, fault, item->from,
                        (struct text[PROBLEM_ARGUMENTS]){
                            parser_text(parser, item->from, item->size), about});
        return false;
    }
    if (!type_choose(parser, list, choices, about)) {
        return false;
    }
    for (uint32_t i = 0; i < node->list_count; i++) {
        set |= (uint64_t)1 << parser->items[node->left + i].value.choice;
    }
    node->operation = GUARD_LITERAL;
    node->type = VALUE_SET;
    node->literal = (struct value){.type = VALUE_SET, .known = true, .set = set};
    node->left = 0;
    node->list_count = 0;
    return true;
}
