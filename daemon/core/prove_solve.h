#ifndef DUBAN_CORE_PROVE_SOLVE_H
#define DUBAN_CORE_PROVE_SOLVE_H

/*
 * The inside of the solver, shared by prove_name.c (which variable a name is), prove_term.c
 * (conditions become atoms over variables) and prove_solve.c (assignments). Nobody else
 * includes this.
 *
 * A variable is what a condition can ask about: a fact, a clock's state, the order of two
 * values. It has few values: of a number only where it lies between the literals it is
 * compared with.
 */
#include "core/prove_parts.h"

#define VARIABLES_MAX 96
#define LITERALS_MAX  48 /* that one value is compared with in one question */
#define ATOMS_MAX     2048
#define ASKS_MAX      8192
#define GOALS_MAX     256
#define VALUES_MAX    128

/* A set of a variable's values. */
struct values {
    uint64_t bits[VALUES_MAX / 64];
};

enum variable_kind {
    OF_FLAG,   /* 1 false, 2 true */
    OF_CHOICE, /* 1 + the choice */
    OF_ORDER,  /* between, at, between … the literals, in order: 1, 2, 3 … */
    OF_EXACT,  /* 1 + the literal, then all others */
    OF_SET,    /* 1: set, whatever it holds */
    OF_PAIR,   /* 1 less, 2 equal, 3 more */
    OF_TRUTH,  /* 1 false, 2 true: a question that nothing else is known of */
    OF_CLOCK   /* the bit of STANDS_* */
};

/* Value 0 of all but clocks: unset. */
struct variable {
    uint64_t key[2];
    enum variable_kind kind;
    enum value_type type;
    const struct choices *choices;
    struct text words; /* as the guard has it */
    struct text other; /* OF_PAIR: what it is compared with */
    uint16_t clock;    /* OF_CLOCK */
    enum phase phase;
    bool acted;    /* OF_CLOCK: the rule acts on it */
    bool touched;  /* … and this is how it stands then */
    int64_t least; /* OF_ORDER of whole numbers: none is smaller */
    struct values allowed;
    struct value literals[LITERALS_MAX]; /* in order */
    uint32_t literal_count;
    int16_t value; /* NOT_GIVEN while it is open */
};

#define NOT_GIVEN (-1)

/* A name that must be known for a condition to be. */
struct ask {
    uint16_t variable;
    struct values known;
};

enum atom_kind {
    ATOM_CONSTANT,
    ATOM_VALUE, /* the variable has one of `when_true`; unknown unless all it asks is known */
    ATOM_HAS,   /* all it asks is known */
    ATOM_NOT,
    ATOM_AND,
    ATOM_OR,
    ATOM_SAME,
    ATOM_OTHER
};

enum { TRUTH_OPEN = TRUTH_UNKNOWN + 1 };

struct atom {
    enum atom_kind kind;
    uint32_t left;
    uint32_t right;
    uint16_t variable;
    struct values when_true;
    bool constant;
    uint32_t first_ask;
    uint32_t ask_count;
    uint8_t truth; /* enum truth, or TRUTH_OPEN */
    uint16_t open; /* … the variable to look at next */
};

struct goal {
    const struct guard *guard;
    enum phase phase;
    uint32_t want;
    uint32_t atom;
};

/* What a node that is no condition stands for. */
struct term {
    bool literal;
    bool named; /* it is a variable, plus an offset */
    uint16_t variable;
    int64_t offset;
    struct value value;
    uint64_t key[2];
    uint32_t first_ask;
    uint32_t ask_count;
    int64_t least;
};

struct solver {
    struct scene scene;
    bool too_large;
    struct goal goals[GOALS_MAX];
    uint32_t goal_count;
    struct variable variables[VARIABLES_MAX];
    uint32_t variable_count;
    struct atom atoms[ATOMS_MAX];
    uint32_t atom_count;
    struct ask asks[ASKS_MAX];
    uint32_t ask_count;

    /* one guard on its way */
    struct term terms[GUARD_NODES_MAX];
    uint32_t atom_of[GUARD_NODES_MAX];
    bool building; /* all literals are known, atoms are made */

    /* the search */
    uint16_t chosen[VARIABLES_MAX];
    uint64_t before[VARIABLES_MAX + 1]; /* kinds of cases that are still possible */
    uint64_t after[VARIABLES_MAX + 1];
};

void values_add(struct values *values, uint32_t value);
bool values_have(const struct values *values, uint32_t value);
/* From first to last, both included. */
struct values values_between(uint32_t first, uint32_t last);

void key_begin(uint64_t key[2], uint64_t what);
void key_mix(uint64_t key[2], uint64_t part);

/* prove_name.c */
/* Find a variable by its key, or make one. */
uint16_t variable_of(struct solver *solver, const uint64_t key[2], enum variable_kind kind,
                     enum value_type type, struct text words);
/* How many values it has, 0 among them. */
uint32_t variable_values(const struct variable *variable);
/* Where a literal stands among those of a variable; it is put there while collecting. */
uint32_t variable_literal(struct solver *solver, uint16_t index, const struct value *literal);
/* What a name stands for, with what it asks. */
void term_of_name(struct prover *prover, const struct guard_node *nodes, uint32_t at,
                  enum phase phase);
uint16_t variable_of_clock(struct prover *prover, const struct guard_node *node,
                           enum phase phase);
void term_of_literal(struct term *term, struct value value);
void solver_ask(struct solver *solver, struct term *term, uint16_t variable,
                struct values known);

/* prove_term.c, prove_compare.c */
/* One node of a guard on its way into atoms. */
struct site {
    struct prover *prover;
    struct solver *solver;
    const struct guard_node *nodes;
    uint32_t at;
    enum phase phase;
};

const struct guard_node *site_node(const struct site *site);
const struct guard_node *site_left(const struct site *site);
const struct guard_node *site_right(const struct site *site);
bool site_is_condition(const struct guard_node *node);
struct atom *site_make_atom(struct site *site, enum atom_kind kind);
/* The atom asks what these terms ask. */
void site_ask_for(struct site *site, struct atom *atom, const struct term *term);
void site_constant_atom(struct site *site, bool truth);
struct atom *site_value_atom(struct site *site, uint16_t variable, struct values when_true);
/* A question of its own: the same words have the same answer, and that is all that is known. */
void site_truth_atom(struct site *site, const uint64_t key[2]);
void site_compare(struct site *site);
/* `x in [a, b]`; false: no atom can be made of it. */
bool site_listed(struct site *site);

/* Make the atoms of a goal's guard. */
void goal_compile(struct prover *prover, struct goal *goal);

#endif
