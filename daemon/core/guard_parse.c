#include "core/guard_parse.h"

#include "base/must.h"

enum {
    PRECEDENCE_FOREIGN,
    PRECEDENCE_OR,
    PRECEDENCE_AND,
    PRECEDENCE_RELATION,
    PRECEDENCE_SUM,
    PRECEDENCE_PRODUCT,
    PRECEDENCE_UNARY
};

_Static_assert((int)PRECEDENCE_UNARY == (int)PRECEDENCES,
               "each binary one may wait once a frame");

void parser_complain(struct parser *parser, enum guard_fault fault, uint32_t at,
                     const struct text *arguments)
{
    fault_add(&parser->faults, fault, at, arguments);
}

struct text parser_text(const struct parser *parser, uint32_t from, uint32_t size)
{
    return text_part(parser->lexer.text, from, size);
}

static struct text token_text(const struct parser *parser, const struct token *token)
{
    return parser_text(parser, token->from, token->size);
}

static bool token_is(const struct parser *parser, const char *word)
{
    return parser->token.kind == TOKEN_WORD &&
           text_is(token_text(parser, &parser->token), word);
}

static void complain_of_token(struct parser *parser, enum guard_fault fault)
{
    parser_complain(parser, fault, parser->token.from,
                    (struct text[PROBLEM_ARGUMENTS]){token_text(parser, &parser->token)});
}

struct token parser_advance(struct parser *parser)
{
    struct token token = parser->token;

    parser->token = parser->next;
    parser->next = lexer_next(&parser->lexer);
    return token;
}

void parser_push(struct parser *parser, struct operand operand)
{
    MUST(parser->operand_count < OPERANDS_MAX);
    parser->operands[parser->operand_count++] = operand;
    parser->wants_operand = false;
}

struct operand parser_pop(struct parser *parser)
{
    MUST(parser->operand_count > 0);
    return parser->operands[--parser->operand_count];
}

static void push_pending(struct parser *parser, struct pending pending)
{
    MUST(parser->pending_count < PENDING_MAX);
    parser->pendings[parser->pending_count++] = pending;
    parser->wants_operand = true;
}

/* Room for one more bracket or unary sign. */
static bool deepen(struct parser *parser, uint32_t at)
{
    if (parser->depth == GUARD_DEPTH_MAX) {
        parser_complain(parser, FAULT_DEEP, at, (struct text[PROBLEM_ARGUMENTS]){TEXT("32")});
        parser->stopped = true;
        return false;
    }
    parser->depth++;
    return true;
}

_Static_assert(GUARD_DEPTH_MAX == 32, "as FAULT_DEEP is told");

/* The operator on top meets its operands. */
static void reduce(struct parser *parser)
{
    struct pending pending = parser->pendings[--parser->pending_count];
    struct operand right = parser_pop(parser);

    if (pending.precedence == PRECEDENCE_UNARY) {
        parser->depth--;
        parser_push(parser, type_unary(parser, &pending, right));
        return;
    }

    struct operand left = parser_pop(parser);

    if (pending.foreign) {
        type_settle(parser, &left);
        type_settle(parser, &right);
        parser_push(parser, type_broken(left.from, right.from + right.size - left.from));
        return;
    }
    parser_push(parser, type_binary(parser, &pending, left, right));
}

/* The innermost that is open, or NULL. */
static struct frame *top_frame(struct parser *parser)
{
    return parser->frame_count == 0 ? NULL : &parser->frames[parser->frame_count - 1];
}

static uint32_t frame_base(struct parser *parser)
{
    const struct frame *frame = top_frame(parser);

    return frame == NULL ? 0 : frame->pending_base;
}

static void reduce_frame(struct parser *parser)
{
    while (parser->pending_count > frame_base(parser)) {
        reduce(parser);
    }
}

static uint8_t precedence_of(enum guard_operation operation)
{
    switch (operation) {
    case GUARD_OR:
        return PRECEDENCE_OR;
    case GUARD_AND:
        return PRECEDENCE_AND;
    case GUARD_ADD:
    case GUARD_SUBTRACT:
        return PRECEDENCE_SUM;
    case GUARD_EQUAL:
    case GUARD_UNEQUAL:
    case GUARD_LESS:
    case GUARD_LESS_EQUAL:
    case GUARD_MORE:
    case GUARD_MORE_EQUAL:
    case GUARD_IN:
    case GUARD_LITERAL:
    case GUARD_NAME:
    case GUARD_HAS:
    case GUARD_NOT:
    case GUARD_NEGATE:
    case GUARD_SIZE:
    case GUARD_DATE:
    case GUARD_AFTER:
    case GUARD_BEFORE:
    case GUARD_WORKDAY:
    case GUARD_HOUR:
    case GUARD_LIST:
    case GUARD_DEFINE:
        return PRECEDENCE_RELATION;
    }
    return PRECEDENCE_RELATION;
}

/* A binary operator: what binds as tightly before it comes first. */
static void take_binary(struct parser *parser, struct pending pending)
{
    while (parser->pending_count > frame_base(parser)) {
        uint8_t above = parser->pendings[parser->pending_count - 1].precedence;

        if (above < pending.precedence) {
            break;
        }
        reduce(parser);
        if (above == PRECEDENCE_RELATION && pending.precedence == PRECEDENCE_RELATION) {
            parser_complain(parser, FAULT_CHAIN, pending.from, NULL);
            parser->operands[parser->operand_count - 1].broken = true;
        }
    }
    push_pending(parser, pending);
}

static struct pending pending_of(const struct token *token, enum guard_operation operation)
{
    return (struct pending){
        .operation = operation,
        .precedence = precedence_of(operation),
        .from = token->from,
        .size = token->size,
    };
}

static void take_foreign(struct parser *parser)
{
    struct token token = parser_advance(parser);
    char sign = parser->lexer.text.bytes[token.from];
    bool product = sign == '*' || sign == '/' || sign == '%';

    if (product) {
        parser_complain(parser, FAULT_ARITHMETIC, token.from,
                        (struct text[PROBLEM_ARGUMENTS]){token_text(parser, &token)});
    } else if (!parser->ternary) {
        parser_complain(parser, FAULT_TERNARY, token.from, NULL);
        parser->ternary = true;
    }
    take_binary(parser, (struct pending){
                            .foreign = true,
                            .precedence = product ? PRECEDENCE_PRODUCT : PRECEDENCE_FOREIGN,
                            .from = token.from,
                            .size = token.size,
                        });
}

void parser_open(struct parser *parser, struct frame frame)
{
    if (!deepen(parser, frame.bracket)) {
        return;
    }
    frame.operand_base = parser->operand_count;
    frame.pending_base = parser->pending_count;
    parser->frames[parser->frame_count++] = frame;
    parser->wants_operand = true;
}

static void push_literal(struct parser *parser, struct value value)
{
    struct token token = parser_advance(parser);
    struct guard_node node = {.operation = GUARD_LITERAL, .type = value.type, .literal = value};

    parser_push(parser, type_made(parser, &node, token.from, token.size));
}

static bool begins_operand(enum token_kind kind)
{
    return kind == TOKEN_WORD || kind == TOKEN_LITERAL || kind == TOKEN_BROKEN ||
           kind == TOKEN_OPEN || kind == TOKEN_OPEN_LIST || kind == TOKEN_NOT;
}

static void take_unary(struct parser *parser, enum guard_operation operation)
{
    if (!deepen(parser, parser->token.from)) {
        return;
    }

    struct token token = parser_advance(parser);
    struct pending pending = pending_of(&token, operation);

    pending.precedence = PRECEDENCE_UNARY;
    push_pending(parser, pending);
}

static void take_word(struct parser *parser)
{
    struct token token = parser->token;

    if (token_is(parser, "true") || token_is(parser, "false")) {
        push_literal(parser, value_flag(token.size == 4));
    } else if (token_is(parser, "null")) {
        complain_of_token(parser, FAULT_NULL);
        (void)parser_advance(parser);
        parser_push(parser, type_broken(token.from, token.size));
    } else if (token_is(parser, "not") && begins_operand(parser->next.kind)) {
        parser_complain(parser, FAULT_SIGN, token.from,
                        (struct text[PROBLEM_ARGUMENTS]){TEXT("not"), TEXT("!")});
        take_unary(parser, GUARD_NOT);
    } else {
        name_take(parser);
    }
}

/* Something should stand here and does not: say so once, and read on as if it did. */
static void miss_operand(struct parser *parser)
{
    uint32_t at = parser->token.from;

    if (parser->token.kind == TOKEN_END) {
        parser_complain(parser, FAULT_OPERAND_END, at, NULL);
    } else {
        complain_of_token(parser, FAULT_OPERAND);
    }
    parser_push(parser, type_broken(at, 0));
}

/* `size()`: a call may close before it has an operand. */
static bool closes_empty_call(struct parser *parser)
{
    const struct frame *frame = top_frame(parser);

    return frame != NULL && frame->kind == FRAME_CALL && frame->comma_count == 0 &&
           parser->operand_count == frame->operand_base &&
           parser->pending_count == frame->pending_base;
}

static void take_operand(struct parser *parser)
{
    switch (parser->token.kind) {
    case TOKEN_LITERAL:
        push_literal(parser, parser->token.literal);
        return;
    case TOKEN_BROKEN:
        parser_push(parser, type_broken(parser->token.from, parser->token.size));
        (void)parser_advance(parser);
        return;
    case TOKEN_WORD:
        take_word(parser);
        return;
    case TOKEN_NOT:
        take_unary(parser, GUARD_NOT);
        return;
    case TOKEN_OPEN:
        parser_open(parser, (struct frame){.kind = FRAME_GROUP,
                                           .from = parser->token.from,
                                           .bracket = parser->token.from});
        (void)parser_advance(parser);
        return;
    case TOKEN_OPEN_LIST:
        parser_push(parser, list_read(parser));
        return;
    case TOKEN_BINARY:
        if (parser->token.operation == GUARD_SUBTRACT) {
            take_unary(parser, GUARD_NEGATE);
            return;
        }
        break;
    case TOKEN_CLOSE:
        if (closes_empty_call(parser)) {
            parser->wants_operand = false;
            return;
        }
        break;
    case TOKEN_BRACE:
        complain_of_token(parser, FAULT_BRACE);
        parser->stopped = true;
        return;
    case TOKEN_END:
    case TOKEN_FOREIGN:
    case TOKEN_CLOSE_LIST:
    case TOKEN_COMMA:
    case TOKEN_DOT:
        break;
    }
    miss_operand(parser);
}

/* `)` or `]`. */
static void take_close(struct parser *parser)
{
    struct token token = parser->token;
    bool list = token.kind == TOKEN_CLOSE_LIST;

    if (top_frame(parser) == NULL || (top_frame(parser)->kind == FRAME_KEY) != list) {
        complain_of_token(parser, FAULT_CLOSE);
        (void)parser_advance(parser);
        return;
    }

    struct frame frame = *top_frame(parser);

    reduce_frame(parser);
    parser->frame_count--;
    parser->depth--;
    (void)parser_advance(parser);
    if (frame.kind == FRAME_CALL) {
        name_close_call(parser, &frame, token.from + token.size);
        return;
    }
    if (frame.kind == FRAME_KEY) {
        name_close_key(parser, &frame);
        return;
    }

    struct operand *operand = &parser->operands[parser->operand_count - 1];

    if (operand->unresolved) {
        type_settle(parser, operand);
    }
    operand->from = frame.from;
    operand->size = token.from + token.size - frame.from;
}

static void take_comma(struct parser *parser)
{
    struct frame *frame = top_frame(parser);

    if (frame == NULL || frame->kind != FRAME_CALL) {
        complain_of_token(parser, FAULT_COMMA);
        (void)parser_advance(parser);
        take_binary(parser, (struct pending){.foreign = true,
                                             .precedence = PRECEDENCE_FOREIGN,
                                             .from = parser->token.from});
        return;
    }
    reduce_frame(parser);
    frame->comma_count++;
    if (parser->operand_count - frame->operand_base > ARGUMENTS_MAX) {
        struct operand surplus = parser_pop(parser);

        type_settle(parser, &surplus);
    }
    (void)parser_advance(parser);
    parser->wants_operand = true;
}

/* Two operands in a row: words that are operators elsewhere, or nothing at all. */
static void miss_operator(struct parser *parser)
{
    bool joins = token_is(parser, "and") || token_is(parser, "AND");
    bool parts = token_is(parser, "or") || token_is(parser, "OR");

    if (joins || parts) {
        struct token token = parser->token;
        enum guard_operation operation = joins ? GUARD_AND : GUARD_OR;

        parser_complain(parser, FAULT_SIGN, token.from,
                        (struct text[PROBLEM_ARGUMENTS]){token_text(parser, &token),
                                                         joins ? TEXT("&&") : TEXT("||")});
        (void)parser_advance(parser);
        take_binary(parser, pending_of(&token, operation));
        return;
    }
    complain_of_token(parser, FAULT_OPERATOR);
    take_binary(parser, (struct pending){.foreign = true,
                                         .precedence = PRECEDENCE_FOREIGN,
                                         .from = parser->token.from});
}

static void take_operator(struct parser *parser)
{
    struct token token = parser->token;

    switch (token.kind) {
    case TOKEN_BINARY:
        (void)parser_advance(parser);
        take_binary(parser, pending_of(&token, token.operation));
        return;
    case TOKEN_FOREIGN:
        take_foreign(parser);
        return;
    case TOKEN_CLOSE:
    case TOKEN_CLOSE_LIST:
        take_close(parser);
        return;
    case TOKEN_COMMA:
        take_comma(parser);
        return;
    case TOKEN_DOT:
        parser_complain(parser, FAULT_METHOD, token.from,
                        (struct text[PROBLEM_ARGUMENTS]){token_text(parser, &parser->next)});
        parser->stopped = true;
        return;
    case TOKEN_BRACE:
        complain_of_token(parser, FAULT_BRACE);
        parser->stopped = true;
        return;
    case TOKEN_WORD:
    case TOKEN_LITERAL:
    case TOKEN_BROKEN:
    case TOKEN_NOT:
    case TOKEN_OPEN:
    case TOKEN_OPEN_LIST:
        miss_operator(parser);
        return;
    case TOKEN_END:
        MUST(false); /* the reading ends there */
    }
}

/* Nothing closes the innermost frame any more: what it holds is judged, and is broken. */
static void abandon_frame(struct parser *parser)
{
    struct frame frame = *top_frame(parser);
    bool list = frame.kind == FRAME_KEY;

    parser_complain(parser, FAULT_OPEN, frame.bracket,
                    (struct text[PROBLEM_ARGUMENTS]){list ? TEXT("[") : TEXT("("),
                                                     list ? TEXT("]") : TEXT(")")});
    reduce_frame(parser);
    while (parser->operand_count > frame.operand_base) {
        struct operand operand = parser_pop(parser);

        type_settle(parser, &operand);
    }
    parser->frame_count--;
    parser_push(parser, type_broken(frame.from, 0));
}

/* Reading stopped: only names that nobody knows are still told. */
static struct operand abandon(struct parser *parser)
{
    for (uint32_t i = 0; i < parser->operand_count; i++) {
        type_settle(parser, &parser->operands[i]);
    }
    return type_broken(0, (uint32_t)parser->lexer.text.size);
}

struct operand parser_read(struct parser *parser)
{
    parser->token = lexer_next(&parser->lexer);
    parser->next = lexer_next(&parser->lexer);
    parser->wants_operand = true;
    if (parser->token.kind == TOKEN_END) {
        parser_complain(parser, FAULT_EMPTY, 0, NULL);
        return type_broken(0, 0);
    }
    while (!parser->stopped && (parser->wants_operand || parser->token.kind != TOKEN_END)) {
        if (parser->wants_operand) {
            take_operand(parser);
        } else {
            take_operator(parser);
        }
    }
    if (parser->stopped) {
        return abandon(parser);
    }
    while (top_frame(parser) != NULL) {
        abandon_frame(parser);
    }
    reduce_frame(parser);
    return parser_pop(parser);
}
