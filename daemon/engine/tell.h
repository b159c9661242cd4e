#ifndef DUBAN_ENGINE_TELL_H
#define DUBAN_ENGINE_TELL_H

/* What came of a record, in words: one line for each effect, in the reader's language. */
#include "engine/engine.h"

#define TELL_BYTES_MAX 512

/* One effect of a happening; the answer is the size, cut at TELL_BYTES_MAX; with a NUL. */
size_t tell_effect(const struct happening *happening, const struct effect *effect, bool zh,
                   char out[TELL_BYTES_MAX]);

/* A state of a clock, in words. */
struct text tell_state(enum instance_state state, bool zh);
/* "review", or "review#2" for a later instance; the answer is the size. */
size_t tell_instance(const struct procedure *procedure, uint16_t clock, uint16_t number,
                     bool zh, char *out, size_t size);

#endif
