#ifndef DUBAN_LIB_RANDOM_PROCEDURE_H
#define DUBAN_LIB_RANDOM_PROCEDURE_H

/*
 * Procedures drawn from a seed, as YAML: well formed, every name declared, every guard typed, and
 * between them every key of the language. Which features a procedure has is drawn first, so
 * that each seed is a world of its own.
 *
 * Tame ones are built so that the checker should take them: each stage starts what keeps it awake,
 * each duty can be met, each window's end is taken. Wild ones do odd things here and there: a start
 * is left out, a branch leaves a gap, a clock is cancelled; the checker must find out.
 *
 * They stand alone: no layers, and no register but `violations`, if asked for, whose head is
 * `code,level:choice(light/heavy),max_fine:money`.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room enough for any of them. */
#define RANDOM_PROCEDURE_SIZE ((size_t)96 * 1024)

struct random_procedure_wish {
    uint64_t seed;
    bool wild;
    bool newer;     /* also what the oracle does not know: clocks that recur, unset facts */
    bool registers; /* facts that must be keys of the register, guards that read its rows */
};

/* The text of one, with a NUL; the answer is its size. `size` must be RANDOM_PROCEDURE_SIZE. */
size_t random_procedure(struct random_procedure_wish wish, char *out, size_t size);

#endif
