#ifndef DUBAN_CORE_GUARD_FAULT_H
#define DUBAN_CORE_GUARD_FAULT_H

/*
 * What can be wrong with a guard, in both languages, and the list in which one compilation
 * keeps what it finds. Only guard_*.c include this.
 */
#include "core/problem.h"

/* What can be wrong. The words stand in guard_fault.c, in the same order. */
enum guard_fault {
    FAULT_EMPTY,
    FAULT_CHARACTER,
    FAULT_WIDE,
    FAULT_QUOTE,
    FAULT_ESCAPE,
    FAULT_NUMBER,
    FAULT_LARGE,
    FAULT_MONEY_FORM,
    FAULT_DATE_FORM,
    FAULT_DATE_LITERAL,
    FAULT_SIGN,
    FAULT_ARITHMETIC,
    FAULT_TERNARY,
    FAULT_BRACE,
    FAULT_NULL,
    FAULT_METHOD,
    FAULT_CEL_FUNCTION,
    FAULT_FUNCTION,
    FAULT_FUNCTION_NEAR,
    FAULT_ARGUMENTS,
    FAULT_ARGUMENT,
    FAULT_OPERAND,
    FAULT_OPERAND_END,
    FAULT_OPERATOR,
    FAULT_DOT,
    FAULT_OPEN,
    FAULT_CLOSE,
    FAULT_COMMA,
    FAULT_CHAIN,
    FAULT_NAME,
    FAULT_NAME_NEAR,
    FAULT_UNQUOTED,
    FAULT_CHOICE,
    FAULT_CHOICE_NEAR,
    FAULT_VALUE,
    FAULT_VALUE_NEAR,
    FAULT_CHOICES,
    FAULT_WISH_CHOICES,
    FAULT_CONDITION,
    FAULT_COMPARE,
    FAULT_ORDER,
    FAULT_WHOLE_MONEY,
    FAULT_TEXT_NUMBER,
    FAULT_TEXT_DATE,
    FAULT_INSTANT_DATE,
    FAULT_DATE_DATE,
    FAULT_EXACT,
    FAULT_LENGTH_UNIT,
    FAULT_SUM,
    FAULT_SUM_DATE,
    FAULT_SUM_SET,
    FAULT_NEGATE,
    FAULT_IN,
    FAULT_IN_ITEM,
    FAULT_LIST_ITEM,
    FAULT_LIST_WORD,
    FAULT_LIST_COMMA,
    FAULT_LIST_TYPE,
    FAULT_LIST_LONG,
    FAULT_LIST_PLACE,
    FAULT_PEOPLE,
    FAULT_HAS,
    FAULT_HAS_CONDITION,
    FAULT_SEALED,
    FAULT_KEYED,
    FAULT_UNKEYED,
    FAULT_KEY,
    FAULT_WISH,
    FAULT_WISH_CONDITION,
    FAULT_DEEP,
    FAULT_LONG,
    FAULT_COUNT
};

/* The words of a fault, as they stand in problems. */
const struct message *fault_message(enum guard_fault fault);

/* More of one guard would not be read. */
enum { FAULTS_MAX = 24 };

/* What was found, in the order of the text; one place is blamed once for one thing. */
struct fault_list {
    struct fault {
        enum guard_fault fault;
        uint32_t at;                              /* byte of the guard's text */
        struct text arguments[PROBLEM_ARGUMENTS]; /* borrowed */
    } items[FAULTS_MAX];
    uint32_t count;
};

/* `arguments` are PROBLEM_ARGUMENTS, or NULL for none. */
void fault_add(struct fault_list *list, enum guard_fault fault, uint32_t at,
               const struct text *arguments);
/* Tell them as problems; `mark` is where the text begins. */
void fault_tell(const struct fault_list *list, struct text text, struct mark mark,
                struct problem_list *problems);

#endif
