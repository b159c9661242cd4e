#ifndef DUBAN_ENGINE_ENTRY_WORDS_H
#define DUBAN_ENGINE_ENTRY_WORDS_H

/* What people call a reminder or a rung: the words that its procedure gives it, else when it
 * comes ("3 working days before its end"). */
#include "core/procedure.h"

#define ENTRY_WORDS_BYTES 160

/* Written with a NUL; the answer is the size. */
size_t entry_words(const struct entry *entry, const struct procedure *procedure, bool zh,
                   char out[ENTRY_WORDS_BYTES]);

#endif
