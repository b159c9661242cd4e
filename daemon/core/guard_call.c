#include "core/guard_parse.h"

static struct text text_of_operand(const struct parser *parser, const struct operand *operand)
{
    return parser_text(parser, operand->from, operand->size);
}

static struct guard_node *node_of(struct parser *parser, const struct operand *operand)
{
    return &parser->nodes[operand->node];
}

static struct text function_name(const struct parser *parser, const struct frame *frame)
{
    return parser_text(parser, frame->from, frame->bracket - frame->from);
}

/* An argument that is not what the function takes; `wanted` says what that would be. */
static bool refuse(struct parser *parser, const struct frame *frame,
                   const struct operand *argument, struct text wanted)
{
    parser_complain(parser, FAULT_ARGUMENT, argument->from,
                    (struct text[PROBLEM_ARGUMENTS]){text_trim(function_name(parser, frame)),
                                                     wanted, text_of_operand(parser, argument),
                                                     type_word(parser, argument)});
    return false;
}

static bool tell(struct parser *parser, enum guard_fault fault, const struct operand *argument)
{
    parser_complain(parser, fault, argument->from,
                    (struct text[PROBLEM_ARGUMENTS]){text_of_operand(parser, argument),
                                                     type_word(parser, argument)});
    return false;
}

static bool is_type(struct parser *parser, const struct operand *operand, enum value_type type)
{
    const struct guard_node *node = node_of(parser, operand);

    return node->operation != GUARD_LIST && !node->symbol.people && node->type == type;
}

static bool takes_date(struct parser *parser, const struct frame *frame,
                       const struct operand *argument)
{
    const struct guard_node *node = node_of(parser, argument);

    if (is_type(parser, argument, VALUE_DATE)) {
        return true;
    }
    if (is_type(parser, argument, VALUE_INSTANT)) {
        return tell(parser, FAULT_INSTANT_DATE, argument);
    }
    if (node->operation == GUARD_LITERAL && node->type == VALUE_TEXT) {
        return tell(parser, FAULT_TEXT_DATE, argument);
    }
    return refuse(parser, frame, argument, value_type_word(VALUE_DATE));
}

static bool takes_length(struct parser *parser, const struct frame *frame,
                         const struct operand *argument)
{
    const struct guard_node *node = node_of(parser, argument);
    bool literal = node->operation == GUARD_LITERAL;

    if (literal && node->type == VALUE_INTEGER) {
        return tell(parser, FAULT_LENGTH_UNIT, argument);
    }
    if (!is_type(parser, argument, VALUE_LENGTH)) {
        return refuse(parser, frame, argument, value_type_word(VALUE_LENGTH));
    }
    if (literal && length_is_exact(node->literal.length)) {
        parser_complain(parser, FAULT_EXACT, argument->from,
                        (struct text[PROBLEM_ARGUMENTS]){text_of_operand(parser, argument),
                                                         function_name(parser, frame)});
        return false;
    }
    return true;
}

static bool takes_size(struct parser *parser, const struct frame *frame,
                       const struct operand *argument)
{
    const struct guard_node *node = node_of(parser, argument);

    return node->operation == GUARD_LIST || node->symbol.people || node->type == VALUE_TEXT ||
           node->type == VALUE_SET ||
           refuse(parser, frame, argument, TEXT("text, list, set, people"));
}

/* date('2021-07-15') is a literal; else the argument is an instant. */
static bool takes_instant(struct parser *parser, const struct frame *frame,
                          const struct operand *argument)
{
    const struct guard_node *node = node_of(parser, argument);

    if (is_type(parser, argument, VALUE_INSTANT)) {
        return true;
    }
    if (frame->function == GUARD_HOUR) {
        return refuse(parser, frame, argument, value_type_word(VALUE_INSTANT));
    }
    if (node->operation == GUARD_LITERAL && node->type == VALUE_TEXT) {
        return tell(parser, FAULT_DATE_LITERAL, argument);
    }
    if (is_type(parser, argument, VALUE_DATE)) {
        return tell(parser, FAULT_DATE_DATE, argument);
    }
    return refuse(parser, frame, argument, value_type_word(VALUE_INSTANT));
}

static bool date_literal(struct parser *parser, const struct frame *frame,
                         const struct operand *argument, uint32_t size)
{
    struct guard_node *node = node_of(parser, argument);
    int32_t date;

    if (frame->function != GUARD_DATE || argument->broken || node->operation != GUARD_LITERAL ||
        node->type != VALUE_TEXT || !date_parse(node->literal.text, &date)) {
        return false;
    }
    node->type = VALUE_DATE;
    node->literal = value_date(date);
    node->text = parser_text(parser, frame->from, size);
    return true;
}

/* has() asks of a name whether it is set; so that name is the one that may be unset, unread as
 * zero, and sealed. */
static bool takes_name(struct parser *parser, const struct operand *argument)
{
    struct guard_node *node = node_of(parser, argument);

    if (node->operation == GUARD_DEFINE) {
        return tell(parser, FAULT_HAS_CONDITION, argument);
    }
    if (node->operation != GUARD_NAME || node->symbol.people) {
        return tell(parser, FAULT_HAS, argument);
    }
    node->zero = false;
    return true;
}

static bool settled(struct parser *parser, const struct frame *frame, struct operand *argument)
{
    bool asked = frame->function == GUARD_HAS && !argument->broken;

    if (!asked) {
        type_settle(parser, argument);
    }
    return !argument->broken;
}

static bool fits(struct parser *parser, const struct frame *frame,
                 const struct operand *arguments)
{
    switch (frame->function) {
    case GUARD_HAS:
        return takes_name(parser, arguments);
    case GUARD_SIZE:
        return takes_size(parser, frame, arguments);
    case GUARD_DATE:
    case GUARD_HOUR:
        return takes_instant(parser, frame, arguments);
    case GUARD_WORKDAY:
        return takes_date(parser, frame, arguments);
    case GUARD_AFTER:
    case GUARD_BEFORE:
    case GUARD_LITERAL:
    case GUARD_NAME:
    case GUARD_NOT:
    case GUARD_AND:
    case GUARD_OR:
    case GUARD_EQUAL:
    case GUARD_UNEQUAL:
    case GUARD_LESS:
    case GUARD_LESS_EQUAL:
    case GUARD_MORE:
    case GUARD_MORE_EQUAL:
    case GUARD_IN:
    case GUARD_ADD:
    case GUARD_SUBTRACT:
    case GUARD_NEGATE:
    case GUARD_LIST:
    case GUARD_DEFINE:
        break;
    }

    bool date = arguments[0].broken || takes_date(parser, frame, &arguments[0]);
    bool length = arguments[1].broken || takes_length(parser, frame, &arguments[1]);

    return date && length;
}

static enum value_type result_of(enum guard_operation function)
{
    if (function == GUARD_SIZE || function == GUARD_HOUR) {
        return VALUE_INTEGER;
    }
    return function == GUARD_HAS || function == GUARD_WORKDAY ? VALUE_FLAG : VALUE_DATE;
}

static struct text count_word(uint32_t count)
{
    static const struct text words[] = {TEXT_INIT("0"), TEXT_INIT("1"), TEXT_INIT("2")};

    return count < sizeof(words) / sizeof(words[0]) ? words[count] : TEXT("3+");
}

struct operand type_call(struct parser *parser, const struct frame *frame,
                         struct operand *arguments, uint32_t size)
{
    bool two = frame->function == GUARD_AFTER || frame->function == GUARD_BEFORE;
    uint32_t wanted = two ? 2 : 1;
    uint32_t kept = (uint32_t)(&parser->operands[parser->operand_count] - arguments);
    uint32_t count = kept == 0 ? 0 : frame->comma_count + 1;
    struct operand broken = type_broken(frame->from, size);
    bool good = true;

    if (count == 1 && date_literal(parser, frame, arguments, size)) {
        return (struct operand){.node = arguments->node, .from = frame->from, .size = size};
    }
    for (uint32_t i = 0; i < kept; i++) {
        good &= settled(parser, frame, &arguments[i]);
    }
    if (count != wanted) {
        parser_complain(
            parser, FAULT_ARGUMENTS, frame->from,
            (struct text[PROBLEM_ARGUMENTS]){text_trim(function_name(parser, frame)),
                                             count_word(wanted), count_word(count)});
        return broken;
    }
    if ((!good && !two) || !fits(parser, frame, arguments) || !good) {
        return broken;
    }

    struct guard_node node = {
        .operation = frame->function,
        .type = result_of(frame->function),
        .left = arguments[0].node,
        .right = two ? arguments[1].node : 0,
    };

    return type_made(parser, &node, frame->from, size);
}
