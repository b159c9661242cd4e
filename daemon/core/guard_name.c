#include "core/guard_parse.h"

/* Names and calls, as they are written; guard_type.c says what they are. */

static const struct function {
    struct text name;
    enum guard_operation operation;
} functions[] = {
    {TEXT_INIT("has"), GUARD_HAS},       {TEXT_INIT("size"), GUARD_SIZE},
    {TEXT_INIT("date"), GUARD_DATE},     {TEXT_INIT("after"), GUARD_AFTER},
    {TEXT_INIT("before"), GUARD_BEFORE}, {TEXT_INIT("workday"), GUARD_WORKDAY},
    {TEXT_INIT("hour"), GUARD_HOUR},
};

enum { FUNCTION_COUNT = sizeof(functions) / sizeof(functions[0]) };

/* CEL's own, which somebody who knows CEL will try. */
static const char *const cel_functions[] = {
    "all",      "exists", "exists_one", "map",        "filter",   "matches",  "contains",
    "int",      "uint",   "double",     "string",     "bytes",    "bool",     "timestamp",
    "duration", "type",   "dyn",        "startsWith", "endsWith", "optional",
};

static struct text token_text(const struct parser *parser, const struct token *token)
{
    return parser_text(parser, token->from, token->size);
}

/* Of what is not in the subset the arguments are not read: they would make noise. The token is
 * the opening bracket. */
static void skip_group(struct parser *parser)
{
    uint32_t open = 0;

    do {
        open += parser->token.kind == TOKEN_OPEN;
        open -= parser->token.kind == TOKEN_CLOSE;
        (void)parser_advance(parser);
    } while (open > 0 && parser->token.kind != TOKEN_END);
}

static void take_call(struct parser *parser, const struct token *name)
{
    struct text word = token_text(parser, name);
    struct text names[FUNCTION_COUNT];
    enum guard_fault fault = FAULT_FUNCTION;

    for (uint32_t i = 0; i < FUNCTION_COUNT; i++) {
        names[i] = functions[i].name;
        if (text_equal(word, functions[i].name)) {
            struct token bracket = parser_advance(parser);

            parser_open(parser, (struct frame){.kind = FRAME_CALL,
                                               .function = functions[i].operation,
                                               .from = name->from,
                                               .bracket = bracket.from});
            return;
        }
    }

    struct text near = nearest_word(word, names, FUNCTION_COUNT);

    fault = text_empty(near) ? FAULT_FUNCTION : FAULT_FUNCTION_NEAR;
    for (uint32_t i = 0; i < sizeof(cel_functions) / sizeof(cel_functions[0]); i++) {
        fault = text_is(word, cel_functions[i]) ? FAULT_CEL_FUNCTION : fault;
    }
    parser_complain(parser, fault, name->from, (struct text[PROBLEM_ARGUMENTS]){word, near});
    skip_group(parser);
    parser_push(parser, type_broken(name->from, name->size));
}

/* `.column` behind `registers.R[key]`, or `.part` behind a name: false where nothing
 * follows. */
static bool take_part(struct parser *parser, struct path *path, struct token *part)
{
    if (parser->next.kind != TOKEN_WORD) {
        parser_complain(parser, FAULT_DOT, parser->token.from, NULL);
        (void)parser_advance(parser);
        return false;
    }
    (void)parser_advance(parser);
    *part = parser_advance(parser);
    if (path->count < PATH_PARTS_MAX) {
        path->parts[path->count] = token_text(parser, part);
    }
    path->count++;
    return true;
}

void name_take(struct parser *parser)
{
    struct token first = parser_advance(parser);
    struct token last = first;
    struct path path = {.parts = {token_text(parser, &first)}, .count = 1};

    if (parser->token.kind == TOKEN_OPEN) {
        take_call(parser, &first);
        return;
    }
    while (parser->token.kind == TOKEN_DOT) {
        if (!take_part(parser, &path, &last)) {
            parser_push(parser, type_broken(first.from, first.size));
            return;
        }
    }

    uint32_t size = last.from + last.size - first.from;

    if (parser->token.kind == TOKEN_OPEN) {
        parser_complain(parser, FAULT_METHOD, last.from,
                        (struct text[PROBLEM_ARGUMENTS]){token_text(parser, &last)});
        skip_group(parser);
        parser_push(parser, type_broken(first.from, size));
        return;
    }
    if (parser->token.kind == TOKEN_OPEN_LIST) {
        struct token bracket = parser_advance(parser);

        parser_open(parser, (struct frame){.kind = FRAME_KEY,
                                           .from = first.from,
                                           .bracket = bracket.from,
                                           .path = path});
        return;
    }
    parser_push(parser, type_name(parser, &path, NULL, first.from, size));
}

void name_close_call(struct parser *parser, const struct frame *frame, uint32_t end)
{
    uint32_t count = parser->operand_count - frame->operand_base;
    struct operand result =
        type_call(parser, frame, &parser->operands[frame->operand_base], end - frame->from);

    parser->operand_count -= count;
    parser_push(parser, result);
}

void name_close_key(struct parser *parser, struct frame *frame)
{
    struct operand key = parser_pop(parser);
    struct token column = parser->token;

    if (frame->path.count != 2 || !text_is(frame->path.parts[0], "registers")) {
        struct text name = parser_text(parser, frame->from, frame->bracket - frame->from);

        parser_complain(parser, FAULT_UNKEYED, frame->bracket,
                        (struct text[PROBLEM_ARGUMENTS]){name});
        parser_push(parser, type_broken(frame->from, key.from + key.size - frame->from));
        return;
    }
    if (parser->token.kind != TOKEN_DOT || !take_part(parser, &frame->path, &column)) {
        struct text name = parser_text(parser, frame->from, frame->bracket - frame->from);

        parser_complain(parser, FAULT_KEYED, frame->from,
                        (struct text[PROBLEM_ARGUMENTS]){name});
        parser_push(parser, type_broken(frame->from, key.from + key.size - frame->from));
        return;
    }
    parser_push(parser, type_name(parser, &frame->path, &key, frame->from,
                                  column.from + column.size - frame->from));
}
