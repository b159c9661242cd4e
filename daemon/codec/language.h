#ifndef DUBAN_CODEC_LANGUAGE_H
#define DUBAN_CODEC_LANGUAGE_H

/* The languages people write in; each is one table, language_*.c. */
#include "codec/schema.h"

extern const struct language language_procedure;
extern const struct language language_scenario;
extern const struct language language_agencies;
extern const struct language language_people;
extern const struct language language_settings;
extern const struct language language_channels;
extern const struct language language_deputies;

/* The shape of a rule under `events`, `opens`, `anytime`. */
extern const struct map_kind rule_kind;

#endif
