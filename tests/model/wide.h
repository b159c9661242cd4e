#ifndef DUBAN_MODEL_WIDE_H
#define DUBAN_MODEL_WIDE_H

/*
 * Random procedures of the model's own: few stages, most of them `no_limit`, and clocks of every
 * make with every verb upon them, also where no sane law would go. lib/random_procedure.h draws
 * procedures that look like law; these look into the corners. Same roles and facts.
 */
#include <stddef.h>
#include <stdint.h>

#define WIDE_SIZE ((size_t)64 * 1024)

/* The text of one, with a NUL; the answer is its size. `size` must be WIDE_SIZE. */
size_t wide_procedure(uint64_t seed, char *out, size_t size);

#endif
