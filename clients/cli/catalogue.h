#ifndef DUBAN_CLI_CATALOGUE_H
#define DUBAN_CLI_CATALOGUE_H

/* Every code that duban itself gives to a refusal or a problem, wherever its words stand. */
#include "core/problem.h"

/* Where a code is met. */
struct catalogue_part {
    const char *name; /* of JSON */
    const char *en;
    const char *zh;
};

/* What to do about it, where the words alone do not say. */
struct advice {
    const char *code;
    const char *en;
    const char *zh;
};

extern const struct advice catalogue_advice[];
extern const uint32_t catalogue_advice_count;

/* The `at`th code, from 0; NULL after the last. One code may stand in several parts. */
const struct message *catalogue_message(uint32_t at, const struct catalogue_part **part);
/* Advice about a code, or NULL. */
const struct advice *catalogue_advice_of(const char *code);

#endif
