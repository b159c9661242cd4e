#ifndef DUBAN_CLI_SPOKEN_H
#define DUBAN_CLI_SPOKEN_H

/*
 * Parts of a procedure as people say them, in the language chosen: `15wd` is "15 working days"
 * or “15个工作日”. Names are shown by their labels. Each writes to a stream, without a line's end.
 */
#include "core/procedure.h"

#include <stdio.h>

void spoken_length(FILE *out, struct length length);
/* Of a reminder or rung: "3 working days before", “逾期后1个工作日”. */
void spoken_offset(FILE *out, const struct entry *entry);
/* A length that stands there, or "as FACT says". */
/* The date that a clock ends on, or is counted back from. */
void spoken_date_source(FILE *out, const struct procedure *procedure,
                        const struct clock *clock);
void spoken_source(FILE *out, const struct procedure *procedure,
                   const struct length_source *source);
/* What decides a clock's end: its length, date or rate; not its roll. */
void spoken_limit(FILE *out, const struct procedure *procedure, const struct clock *clock);

/* Names in words, each with a separator of the language between them. */
void spoken_roles(FILE *out, const struct procedure *procedure, uint64_t roles);
void spoken_receivers(FILE *out, const struct procedure *procedure, const uint8_t *roles,
                      uint32_t count);
void spoken_facts(FILE *out, const struct procedure *procedure, const struct fact_mask *mask);
/* Between two of a list. */
const char *spoken_comma(void);

/* One thing's words. */
struct text spoken_role(const struct procedure *procedure, uint16_t role);
struct text spoken_fact(const struct procedure *procedure, uint16_t fact);
struct text spoken_clock(const struct procedure *procedure, uint16_t clock);
struct text spoken_stage(const struct procedure *procedure, uint16_t stage);
/* Of the daemon's own events nobody names: "correction overdue". */
void spoken_event(FILE *out, const struct procedure *procedure, uint16_t event);
struct text spoken_ground(const struct procedure *procedure, uint16_t ground);
struct text spoken_words(const struct label *label, struct text name);
/* What happened to the clock when its end came: overdue, over, at its cap. */
const char *spoken_clock_end(enum clock_kind kind);
const char *spoken_clock_kind(enum clock_kind kind);
/* A condition as a sentence, translated word by word. */
void spoken_guard(FILE *out, const struct procedure *procedure, const struct guard *guard);

#endif
