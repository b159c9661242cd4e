#ifndef DUBAN_CODEC_CSV_H
#define DUBAN_CODEC_CSV_H

/*
 * Reading CSV (RFC 4180, UTF-8, with or without a byte order mark) from memory: calendars,
 * registers, batches. Fields are borrowed from the bytes; only those with doubled quotes are
 * copied, into the arena. Comment lines (`#`) may stand at the head only; empty lines are
 * passed over. What is wrong becomes a problem with line and column, and the reading ends
 * there.
 */
#include "base/arena.h"
#include "core/problem.h"

struct csv {
    const struct source *source;   /* borrowed */
    struct arena *arena;           /* borrowed */
    struct problem_list *problems; /* borrowed */
    size_t at;                     /* the next byte */
    uint32_t line;                 /* its line, from 1 */
    size_t line_start;             /* where that line begins */
};

struct csv_field {
    struct text text;
    struct mark mark;
};

enum csv_result {
    CSV_ROW,
    CSV_END,
    CSV_BROKEN /* a problem was added; nothing more can be read */
};

#define CSV_FIELDS_MAX 128

/* Begin at the first byte. False, with a problem, when the bytes are not UTF-8 text. */
bool csv_begin(struct csv *csv, const struct source *source, struct arena *arena,
               struct problem_list *problems);
/* The next comment line of the head without its `#`, trimmed; false when there is none more. */
bool csv_comment(struct csv *csv, struct csv_field *comment);
/* The next row. At most `field_max` fields are kept; a row with more of them is a problem. */
enum csv_result csv_next(struct csv *csv, struct csv_field *fields, uint32_t field_max,
                         uint32_t *field_count);

#endif
