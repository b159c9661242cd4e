#ifndef DUBAN_CLI_OUT_H
#define DUBAN_CLI_OUT_H

/*
 * Answers on stdout: a table for people (columns right also for Chinese), JSON and CSV for
 * programs. A table becomes JSON Lines, one object a row; names of columns are stable and not
 * translated there. One answer that is not a table is one JSON object (out_json).
 */
#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum out_format { OUT_TABLE, OUT_JSON, OUT_CSV };

/* "table", "json", "csv"; false for any other. */
bool out_choose(const char *word);
enum out_format out_format(void);
/* Whether the user has chosen; a command may have a default of its own. */
bool out_chosen(void);

enum out_kind {
    OUT_TEXT,   /* an empty cell is null in JSON */
    OUT_NUMBER, /* a whole number in JSON, to the right in a table */
    OUT_FLAG    /* "yes" is true, "no" false; in a table 是 and 否 */
};

struct out_column {
    const char *name; /* of JSON and CSV */
    const char *en;   /* the head in a table */
    const char *zh;
    enum out_kind kind;
};

struct out_table;

/* A table of `count` columns, which must outlive it. Ended by out_table_print. */
struct out_table *out_table_open(const struct out_column *columns, uint32_t count);
/* A row of as many cells, copied; NULL is an empty cell. */
void out_table_row(struct out_table *table, const char *const *cells);
/* Print in the format chosen, and free. */
void out_table_print(struct out_table *table);

/* Print one JSON object, keys in the order of insertion, and a line's end; *takes* it. */
void out_json(json_t *object);

/* One field of CSV, quoted where RFC 4180 asks for it. */
void out_csv_field(struct text field);
/* A whole row, `count` fields and the line's end. */
void out_csv_row(const char *const *fields, uint32_t count);

#endif
