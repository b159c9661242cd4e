#ifndef DUBAN_CORE_GUARD_H
#define DUBAN_CORE_GUARD_H

/*
 * Guards: a strict, total subset of CEL in which the law's conditions are written. Compiled
 * once, at load, against a scope that knows the names; evaluated with three values (true,
 * false, unknown) by one pass over an array, children before parents, so nothing loops or
 * recurses and nothing fails at run time.
 *
 *   ! && || == != < <= > >= in + -  ( )  [list]
 *   size() has() date() hour() after() before() workday()
 *   literals: true false 12 1000.00 (money) 'text' "text" 10d 2wd date('2021-07-15')
 *   names: facts.x, x, event.x, case.stage, actors, actors.certified, clock.x.live,
 *          registers.R[key].column: whatever the scope resolves
 *
 * docs/reference/guards.md is the language for those who write it.
 */
#include "core/problem.h"
#include "core/value.h"

struct calendar;

#define GUARD_NODES_MAX 256
#define GUARD_DEPTH_MAX 32 /* groups, calls and unary signs open at once */
#define GUARD_LIST_MAX  64 /* literals in one list */
#define GUARD_TEXT_MAX  8192
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
    bool sealed;                /* a private fact: only has() takes it */
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
    GUARD_HOUR,  /* of an instant: 0 to 23, where the agency is */
    GUARD_LIST,  /* the `list_count` nodes of `list`, literals of one type */
    GUARD_DEFINE /* a named condition: left is its guard's root, `symbol` its name */
};

struct guard_node {
    enum guard_operation operation;
    enum value_type type; /* of its result */
    uint16_t left;        /* nodes stand behind their children; 0 where there is none */
    uint16_t right;
    bool zero;        /* a name in `set`: unset it reads as 0, a set as empty */
    struct text text; /* as written, in the text of its own guard or named condition */
    struct value literal;
    struct symbol symbol; /* of a literal choice or set: its choices */
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
};

/* What the place of a guard asks of it. */
struct guard_wish {
    enum value_type type;          /* the type its result must have */
    const struct choices *choices; /* of a wished choice or set */
    bool assignment; /* of `set`: unset numbers are 0, a bare choice word is that value */
    bool hands;      /* a private fact, alone, may be handed on as it is */
    bool any;        /* whatever type it has: the caller looks at guard->type itself */
};

/* How many of left and right a node has: 0, 1 or 2. */
uint32_t guard_children(const struct guard_node *node);

/*
 * Compile. The text is copied; what the scope's symbols point at is borrowed. On failure NULL,
 * and every problem found (at its own column, counted on from `mark`, in the order of the text)
 * is in the list; nothing is added to it where the arena is spent, which the arena says itself.
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
 * The leaves, for people: conditions without && || ! above their operators
 * (`facts.fine <= 200.00`), each with its truth and its place in the text, and named conditions
 * as a level of their own.
 *
 * Reasons are: of an `&&` that is false those parts that are false, of one that is unknown
 * those that are unknown, of one that is true all; of `||` the same with true and false
 * exchanged. So where two parts are false both are told, although changing one alone would not
 * help; and what is no reason could be anything without changing a result that is known.
 */
struct guard_leaf {
    uint16_t node;
    uint16_t depth; /* levels of named conditions above it */
    enum truth truth;
    struct text text; /* as written, or the name of the condition */
    bool decided;     /* a reason of the result */
};

/* In the order of the text, a named condition before its own leaves. The answer is how many
 * there are (0 when the guard is no condition), at most `leaf_max` of them into `leaves`. */
uint32_t guard_leaves(const struct guard *guard, const struct value *values,
                      struct guard_leaf *leaves, uint32_t leaf_max);

/*
 * What is missing: the unset names (nodes, GUARD_NAME) that made an unknown result unknown.
 * None when the result is known, or when only a sum grew too large. The answer is how many
 * there are, at most `node_max` of them into `nodes`.
 */
uint32_t guard_missing(const struct guard *guard, const struct value *values, uint16_t *nodes,
                       uint32_t node_max);

/* Every message a compilation may tell, for documentation and tests. */
const struct message *guard_messages(uint32_t *count);

#endif
