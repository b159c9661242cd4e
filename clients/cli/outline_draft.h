#ifndef DUBAN_CLI_OUTLINE_DRAFT_H
#define DUBAN_CLI_OUTLINE_DRAFT_H

/* An outline while it is written: for outline*.c alone. */
#include "cli/outline.h"

#include <stdio.h>

/* A key that the language fixes, and its words. */
struct noun {
    const char *key;
    const char *en;
    const char *zh;
};

struct draft {
    const struct procedure *procedure;
    struct arena *arena;
    struct outline_row *rows; /* in the arena */
    uint32_t count;
    uint32_t max;
    struct text open[OUTLINE_DEPTH_MAX];  /* paths of the groups that are open */
    struct mark marks[OUTLINE_DEPTH_MAX]; /* and theirs */
    uint32_t depth;
    struct mark mark; /* of the entry in hand */
    char *value;      /* what the two streams below have written; owned */
    char *words;
    size_t value_size;
    size_t words_size;
    FILE *value_out; /* write here, then add the row: it takes what was written */
    FILE *words_out;
    bool spent;
};

void draft_begin(struct draft *draft, const struct procedure *procedure, struct arena *arena);
/* False: memory was short. */
bool draft_end(struct draft *draft, struct outline *outline);

/* A group of the language's own, and one with a name. */
struct outline_row *draft_open(struct draft *draft, const struct noun *noun);
struct outline_row *draft_open_named(struct draft *draft, struct text name,
                                     const struct label *label);
void draft_close(struct draft *draft);

/* A row with what was written to value_out and words_out; without words the value serves. */
struct outline_row *draft_row(struct draft *draft, enum outline_kind kind,
                              const struct noun *noun);
/* The same under a name. */
struct outline_row *draft_row_named(struct draft *draft, enum outline_kind kind,
                                    struct text name);
/* What was written to words_out alone. */
struct text draft_words_taken(struct draft *draft);
/* Write one text to both, or a name and its words. */
void draft_write(struct draft *draft, struct text text);
void draft_write_both(struct draft *draft, struct text name, struct text words);
/* Begin the next item of a list. */
void draft_next(struct draft *draft, bool first);

/* Rows that many entries have. Nothing is written where there is nothing. */
void draft_text(struct draft *draft, const struct noun *noun, struct text text);
void draft_flag(struct draft *draft, const struct noun *noun, bool flag);
void draft_number(struct draft *draft, const struct noun *noun, int64_t number);
void draft_length(struct draft *draft, const struct noun *noun, struct length length);
void draft_source(struct draft *draft, const struct noun *noun,
                  const struct length_source *source);
void draft_guard(struct draft *draft, const struct noun *noun, const struct guard *guard);
void draft_role(struct draft *draft, const struct noun *noun, uint16_t role);
/* The row, or NULL where there is no role. */
struct outline_row *draft_roles(struct draft *draft, const struct noun *noun, uint64_t roles);
void draft_fact(struct draft *draft, const struct noun *noun, uint16_t fact);
void draft_needs(struct draft *draft, const struct noun *noun, const struct need *needs,
                 uint32_t count);
void draft_notifies(struct draft *draft, const struct notify *notifies, uint32_t count);

/* The parts, in files of their own. */
void draft_clocks(struct draft *draft);
void draft_offers(struct draft *draft, const struct noun *noun, const struct offer *offers,
                  uint32_t count);
void draft_stages(struct draft *draft);
void draft_errands(struct draft *draft, const struct rule *rule);

#endif
