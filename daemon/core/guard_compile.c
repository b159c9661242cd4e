#include "core/guard_parse.h"

#include "base/must.h"

static bool is_literal(const struct guard_node *node, enum value_type type)
{
    return node->operation == GUARD_LITERAL && node->type == type;
}

/* What was written instead of a value of the wished type, where we know what was meant. */
static enum guard_fault known_mistake(const struct guard_node *node, enum value_type wished)
{
    if (wished == VALUE_MONEY && is_literal(node, VALUE_INTEGER)) {
        return FAULT_WHOLE_MONEY;
    }
    if (wished == VALUE_DATE && is_literal(node, VALUE_TEXT)) {
        return FAULT_TEXT_DATE;
    }
    if (wished == VALUE_DATE && node->type == VALUE_INSTANT) {
        return FAULT_INSTANT_DATE;
    }
    if (wished == VALUE_TEXT && is_literal(node, VALUE_INTEGER)) {
        return FAULT_TEXT_NUMBER;
    }
    return wished == VALUE_FLAG ? FAULT_WISH_CONDITION : FAULT_WISH;
}

static void tell_wish(struct parser *parser, const struct operand *root, bool grouped)
{
    const struct guard_node *node = &parser->nodes[root->node];
    enum guard_fault fault = FAULT_WISH;
    struct text arguments[PROBLEM_ARGUMENTS] = {
        parser_text(parser, root->from, root->size),
        type_word(parser, root),
        value_type_word(parser->wish.type),
    };

    if (grouped) {
        fault = node->symbol.people ? FAULT_PEOPLE : FAULT_LIST_PLACE;
    } else {
        fault = known_mistake(node, parser->wish.type);
    }
    parser_complain(parser, fault, root->from, arguments);
}

/* A bare word that is no value of the wished choice is a misspelt value, more likely than a
 * name. */
static bool tell_value(struct parser *parser, struct operand *root)
{
    const struct guard_wish *wish = &parser->wish;
    struct text word = parser_text(parser, root->from, root->size);

    if (!root->unresolved || !wish->assignment || wish->type != VALUE_CHOICE) {
        return false;
    }

    struct text near = nearest_word(word, wish->choices->names, wish->choices->count);

    if (text_empty(near)) {
        return false;
    }
    parser_complain(parser, FAULT_VALUE_NEAR, root->from,
                    (struct text[PROBLEM_ARGUMENTS]){word, near});
    root->unresolved = false;
    return true;
}

/* A private fact that is handed on unread. */
static bool hands_on(const struct parser *parser, const struct operand *root)
{
    const struct guard_node *node = &parser->nodes[root->node];

    return parser->wish.hands && !root->unresolved && !root->broken &&
           node->operation == GUARD_NAME && node->symbol.sealed;
}

void type_wish(struct parser *parser, struct operand *root)
{
    const struct guard_wish *wish = &parser->wish;

    if (!hands_on(parser, root) && !tell_value(parser, root)) {
        type_settle(parser, root);
    }
    if (root->broken) {
        return;
    }

    const struct guard_node *node = &parser->nodes[root->node];
    bool chosen = wish->type == VALUE_CHOICE || wish->type == VALUE_SET;

    if (!wish->any && wish->type == VALUE_CHOICE && is_literal(node, VALUE_TEXT)) {
        root->broken = !type_choose(parser, root, wish->choices, (struct text){0});
    } else if (!wish->any && wish->type == VALUE_SET && node->operation == GUARD_LIST) {
        root->broken = !type_choose_set(parser, root, wish->choices, (struct text){0});
    }

    bool grouped = node->operation == GUARD_LIST || node->symbol.people;

    if (!root->broken && (grouped || (!wish->any && node->type != wish->type))) {
        tell_wish(parser, root, grouped);
        root->broken = true;
    } else if (!root->broken && !wish->any && chosen &&
               !choices_same(node->symbol.choices, wish->choices)) {
        parser_complain(
            parser, FAULT_WISH_CHOICES, root->from,
            (struct text[PROBLEM_ARGUMENTS]){parser_text(parser, root->from, root->size)});
        root->broken = true;
    }
}

/* The lists' values, which stood with their places, now stand in the arena. */
static bool keep_lists(struct parser *parser, struct guard_node *nodes, struct arena *arena)
{
    for (uint32_t i = 0; i < parser->node_count; i++) {
        struct guard_node *node = &nodes[i];

        /* Those of named conditions stand there already. */
        if (node->operation != GUARD_LIST || node->list != NULL) {
            continue;
        }

        struct value *list = arena_take_zeroed(arena, node->list_count + 1, sizeof(*list));

        if (list == NULL) {
            return false;
        }
        for (uint32_t j = 0; j < node->list_count; j++) {
            list[j] = parser->items[node->left + j].value;
        }
        node->list = list;
        node->left = 0;
    }
    return true;
}

static const struct guard *keep(struct parser *parser, const struct operand *root,
                                struct mark mark, struct arena *arena)
{
    struct guard *guard = arena_take_zeroed(arena, 1, sizeof(*guard));
    struct guard_node *nodes =
        arena_copy(arena, parser->nodes, parser->node_count * sizeof(parser->nodes[0]));

    if (guard == NULL || nodes == NULL || !keep_lists(parser, nodes, arena)) {
        return NULL;
    }
    MUST(root->node == parser->node_count - 1);
    *guard = (struct guard){
        .text = parser->lexer.text,
        .mark = mark,
        .nodes = nodes,
        .node_count = parser->node_count,
        .type = nodes[root->node].type,
        .choices = nodes[root->node].symbol.choices,
    };
    return guard;
}

/* `to-be-heard` is one value of a choice, though it reads as two subtractions. */
static bool whole_value(struct parser *parser, struct operand *root)
{
    const struct guard_wish *wish = &parser->wish;
    struct text word = text_trim(parser->lexer.text);
    uint32_t choice;

    if (!wish->assignment || wish->type != VALUE_CHOICE ||
        !choices_find(wish->choices, word, &choice)) {
        return false;
    }

    struct guard_node node = {
        .operation = GUARD_LITERAL,
        .type = VALUE_CHOICE,
        .literal = {.type = VALUE_CHOICE, .known = true, .choice = choice},
        .symbol = {.choices = wish->choices},
    };

    *root = type_made(parser, &node, (uint32_t)(word.bytes - parser->lexer.text.bytes),
                      (uint32_t)word.size);
    return true;
}

const struct guard *guard_compile(struct text text, struct mark mark, struct guard_wish wish,
                                  const struct scope *scope, struct arena *arena,
                                  struct problem_list *problems)
{
    struct parser parser; /* 45 kB, of which little is touched */
    const char *copy = text.size == 0 ? "" : arena_copy(arena, text.bytes, text.size);
    struct operand root = {0};

    if (copy == NULL) {
        return NULL;
    }
    parser.scope = scope;
    parser.wish = wish;
    parser.node_count = parser.item_count = parser.operand_count = 0;
    parser.pending_count = parser.frame_count = parser.depth = parser.faults.count = 0;
    parser.ternary = parser.stopped = false;
    parser.lexer = (struct lexer){.text = {copy, text.size}, .faults = &parser.faults};
    if (text.size > GUARD_TEXT_MAX) {
        parser_complain(&parser, FAULT_LONG, 0, (struct text[PROBLEM_ARGUMENTS]){TEXT("256")});
    } else if (!whole_value(&parser, &root)) {
        root = parser_read(&parser);
        type_wish(&parser, &root);
    }
    if (parser.faults.count > 0) {
        fault_tell(&parser.faults, parser.lexer.text, mark, problems);
        return NULL;
    }
    return keep(&parser, &root, mark, arena);
}
