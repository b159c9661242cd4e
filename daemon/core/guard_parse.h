#ifndef DUBAN_CORE_GUARD_PARSE_H
#define DUBAN_CORE_GUARD_PARSE_H

/*
 * The inside of guard_compile, file by file: guard_lex.c makes signs of bytes; guard_parse.c
 * puts them in order with stacks of its own (no recursion), with guard_name.c and guard_list.c
 * for what is read as a whole; guard_type.c and guard_call.c say what fits what and make the
 * nodes. Only guard_*.c include this.
 *
 * All problems of a guard are found in one go: what is wrong becomes a *broken* operand, about
 * which nobody complains again, and reading goes on.
 */
#include "core/guard.h"
#include "core/guard_fault.h"

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_LITERAL, /* a number, amount, length or text */
    TOKEN_BROKEN,  /* a literal that was complained of */
    TOKEN_NOT,
    TOKEN_BINARY,  /* `operation`; `-` may turn out unary */
    TOKEN_FOREIGN, /* an operator of CEL that is not in the subset */
    TOKEN_BRACE,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_OPEN_LIST,
    TOKEN_CLOSE_LIST,
    TOKEN_COMMA,
    TOKEN_DOT
};

struct token {
    enum token_kind kind;
    enum guard_operation operation;
    uint32_t from; /* bytes of the text */
    uint32_t size;
    struct value literal;
};

struct lexer {
    struct text text;
    uint32_t at;
    struct fault_list *faults; /* borrowed */
};

struct token lexer_next(struct lexer *lexer);

/* What an operator works on: a node, or something broken. */
struct operand {
    uint16_t node;
    bool broken;
    bool unresolved; /* a name that the scope does not know; told when it is used */
    struct text near;
    uint32_t from; /* its place, with the brackets around it */
    uint32_t size;
};

/* An operator that waits for its right side. */
struct pending {
    enum guard_operation operation;
    bool foreign;
    uint8_t precedence;
    uint32_t from;
    uint32_t size;
};

enum frame_kind { FRAME_GROUP, FRAME_CALL, FRAME_KEY };

/* Something open: a bracket, a call, the key of a register's row. */
struct frame {
    enum frame_kind kind;
    enum guard_operation function;
    uint32_t from;
    uint32_t bracket; /* where its ( or [ stands */
    uint32_t operand_base;
    uint32_t pending_base;
    uint32_t comma_count;
    struct path path; /* FRAME_KEY: registers, R */
};

/* A literal of a list, with its place. */
struct item {
    struct value value;
    uint32_t from;
    uint32_t size;
};

enum {
    PRECEDENCES = 6,   /* binary ones: at most so many operators wait in one frame */
    ARGUMENTS_MAX = 2, /* kept; more are only counted */
    PENDING_MAX = (GUARD_DEPTH_MAX + 1) * PRECEDENCES + GUARD_DEPTH_MAX,
    OPERANDS_MAX = PENDING_MAX + (GUARD_DEPTH_MAX + 1) * (ARGUMENTS_MAX + 1),
    ITEMS_MAX = GUARD_NODES_MAX
};

struct parser {
    struct lexer lexer;
    struct token token; /* to be read now */
    struct token next;
    const struct scope *scope; /* borrowed */
    struct guard_wish wish;
    struct fault_list faults;

    struct guard_node nodes[GUARD_NODES_MAX];
    uint32_t node_count;
    struct item items[ITEMS_MAX]; /* of all lists; a list's node has its first in `left` */
    uint32_t item_count;

    struct operand operands[OPERANDS_MAX];
    uint32_t operand_count;
    struct pending pendings[PENDING_MAX];
    uint32_t pending_count;
    struct frame frames[GUARD_DEPTH_MAX];
    uint32_t frame_count;
    uint32_t depth; /* frames and unary signs that are open */

    bool wants_operand;
    bool ternary; /* a `?` was complained of, so `:` is not */
    bool stopped; /* what follows cannot be read with sense */
};

/* Read the whole text. The answer is the root; broken if there were problems. */
struct operand parser_read(struct parser *parser);
/* Complain about something at a byte of the text. */
void parser_complain(struct parser *parser, enum guard_fault fault, uint32_t at,
                     const struct text *arguments);
/* The text of a place. */
struct text parser_text(const struct parser *parser, uint32_t from, uint32_t size);

/* Take the token; what follows is the token then. */
struct token parser_advance(struct parser *parser);

/* The stacks. A frame is opened behind its bracket. */
void parser_push(struct parser *parser, struct operand operand);
struct operand parser_pop(struct parser *parser);
void parser_open(struct parser *parser, struct frame frame);

/* A name, from its first word on: a call, a row of a register, or what the scope knows. */
void name_take(struct parser *parser);
/* What stands between the brackets is read; `end` is behind the closing one. */
void name_close_call(struct parser *parser, const struct frame *frame, uint32_t end);
void name_close_key(struct parser *parser, struct frame *frame);

/* A list of literals, from its `[`, which is the token. */
struct operand list_read(struct parser *parser);

/* Operands: a node that is made, one that is broken, one that is a name. */
struct operand type_made(struct parser *parser, const struct guard_node *node, uint32_t from,
                         uint32_t size);
struct operand type_broken(uint32_t from, uint32_t size);
struct operand type_name(struct parser *parser, const struct path *path,
                         const struct operand *key, uint32_t from, uint32_t size);
/* Complain of a name nobody knows, or may not ask; it is broken then. */
void type_settle(struct parser *parser, struct operand *operand);

/* What becomes of operators and calls. */
struct operand type_unary(struct parser *parser, const struct pending *pending,
                          struct operand operand);
struct operand type_binary(struct parser *parser, const struct pending *pending,
                           struct operand left, struct operand right);
struct operand type_call(struct parser *parser, const struct frame *frame,
                         struct operand *arguments, uint32_t size);
/* Make of the root what is wished for. */
void type_wish(struct parser *parser, struct operand *root);

/* What an operand is, in a word for messages. */
struct text type_word(const struct parser *parser, const struct operand *operand);
/* A text literal, or a list of them, becomes a value of these choices, or is complained of.
 * `about` is whose choices they are; empty: what the place of the guard wants. */
bool type_choose(struct parser *parser, const struct operand *operand,
                 const struct choices *choices, struct text about);
/* A list becomes a set of these choices. */
bool type_choose_set(struct parser *parser, const struct operand *list,
                     const struct choices *choices, struct text about);
/* Do two lists of choices have the same values, in the same order? */
bool choices_same(const struct choices *a, const struct choices *b);
bool choices_find(const struct choices *choices, struct text name, uint32_t *choice);

#endif
