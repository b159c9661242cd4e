#ifndef DUBAN_CORE_GUARD_H
#define DUBAN_CORE_GUARD_H

/*
 * Guards: a strict, total subset of CEL in which the law's conditions are written. Compiled
 * once, at load, against a scope that knows the names; evaluated with three values (true,
 * false, unknown) by one pass over an array, children before parents, so nothing loops or
 * recurses and nothing fails at run time.
 *
 *   ! && || == != < <= > >= in + -  ( )  [list]  size() has() date() after() before() workday()
 *   literals: true false 12 1000.00 (money) 'text' "text" 10d 2wd date('2021-07-15')
 *   names: facts.x, x, event.x, case.stage, actors, actors.certified, clock.x.live,
 *          registers.R[key].column: whatever the scope resolves
 */
#include "core/problem.h"
#include "core/value.h"

struct calendar;

#define GUARD_NODES_MAX 256
#define GUARD_DEPTH_MAX 32
#define PATH_PARTS_MAX  4

/* What a name is to its scope. The numbers are the scope's own; the guard only carries them. */
struct symbol {
    enum value_type type;
    const struct choices *choices; /* VALUE_CHOICE, VALUE_SET */
    uint16_t kind;
    uint16_t index;
    uint16_t field;
    bool people;                /* `actors`: a list of persons; only size() and `in` take it */
    enum value_type key_type;   /* a register's row: the type of its key */
    bool keyed;                 /* registers.R[key].column */
    const struct guard *define; /* a named condition: taken in whole, named in explanations */
};

/* A dotted name as written: `clock.correct.last_day` has three parts. Of
 * `registers.R[key].column` the parts are registers, R, column. */
struct path {
    struct text parts[PATH_PARTS_MAX];
    uint32_t count;
};

/* Where names come from. */
struct scope {
    const void *context; /* borrowed */
    /* False: no such name here; *near may then hold the nearest right one. */
    bool (*resolve)(const void *context, const struct path *path, struct symbol *symbol,
                    struct text *near);
};

/* Where values come from. `key` is NULL unless the symbol is keyed. */
struct reading {
    const void *context; /* borrowed */
    struct value (*read)(const void *context, const struct symbol *symbol,
                         const struct value *key);
    /* `people`: how many; and whether a person is among them. */
    uint32_t (*people_count)(const void *context, const struct symbol *symbol);
    bool (*people_hold)(const void *context, const struct symbol *symbol, struct text person);
    const struct calendar *calendar; /* after, before, workday */
    int64_t zone_ms;                 /* date(instant) */
};

enum guard_operation {
    GUARD_LITERAL,
    GUARD_NAME, /* a symbol; keyed: left is its key */
    GUARD_HAS,  /* of a symbol: its node is left */
    GUARD_NOT,
    GUARD_AND,
    GUARD_OR,
    GUARD_EQUAL,
    GUARD_UNEQUAL,
    GUARD_LESS,
    GUARD_LESS_EQUAL,
    GUARD_MORE,
    GUARD_MORE_EQUAL,
    GUARD_IN, /* left in right; right is a list, a set, or people */
    GUARD_ADD,
    GUARD_SUBTRACT,
    GUARD_NEGATE,
    GUARD_SIZE,
    GUARD_DATE, /* of an instant */
    GUARD_AFTER,
    GUARD_BEFORE,
    GUARD_WORKDAY,
    GUARD_LIST,  /* the `list_count` nodes of `list`, literals of one type */
    GUARD_DEFINE /* a named condition: left is its guard's root, `symbol` its name */
};

struct guard_node {
    enum guard_operation operation;
    enum value_type type; /* of its result */
    uint16_t left;        /* nodes stand behind their children; 0 where there is none */
    uint16_t right;
    uint32_t from; /* its place in the text: bytes */
    uint32_t size;
    struct value literal;
    struct symbol symbol;
    const struct value *list;
    uint32_t list_count;
};

/* The last node is the root. */
struct guard {
    struct text text;
    struct mark mark;
    const struct guard_node *nodes;
    uint32_t node_count;
    enum value_type type;
    const struct choices *choices; /* when the type is choice or set */
    bool unset_is_zero;            /* of `set`: an unset integer or money reads as 0 */
};

/* What the place of a guard asks of it. */
struct guard_wish {
    enum value_type type;          /* the type its result must have */
    const struct choices *choices; /* of a wished choice or set */
    bool assignment; /* of `set`: unset numbers are 0, a bare choice word is that value */
};

/*
 * Compile. On failure NULL, and every problem found (at its own column, counted on from `mark`)
 * is in the list.
 */
const struct guard *guard_compile(struct text text, struct mark mark, struct guard_wish wish,
                                  const struct scope *scope, struct arena *arena,
                                  struct problem_list *problems);

/*
 * Evaluate: `values` has room for node_count, and holds afterwards what each node had, which is
 * the explanation. The answer is the root's. Pure; no allocation; time bounded by node_count.
 */
struct value guard_evaluate(const struct guard *guard, const struct reading *reading,
                            struct value *values);

enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN };

/* The same for a condition, with room of its own. */
enum truth guard_judge(const struct guard *guard, const struct reading *reading);

/*
 * The leaves that decided, for people: conditions without && || ! above their operators
 * (`facts.fine <= 200.00`), each with its truth and its place in the text, and named conditions
 * as a level of their own.
 */
struct guard_leaf {
    uint16_t node;
    uint16_t depth; /* levels of named conditions above it */
    enum truth truth;
    struct text text; /* as written, or the name of the condition */
    bool decided;     /* it had a part in the result: changing it alone could change that */
};

uint32_t guard_leaves(const struct guard *guard, const struct value *values,
                      struct guard_leaf *leaves, uint32_t leaf_max);

#endif
