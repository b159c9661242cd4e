#ifndef DUBAN_CODEC_CALENDAR_CSV_H
#define DUBAN_CODEC_CALENDAR_CSV_H

/*
 * A calendar's CSV: `# source:`, `# extends:`, `# version:` in its head, then `date,kind,name`
 * with rows `2026-02-14,workday,春节` and `--10-01,holiday,国庆节`. Everything that could make a
 * date silently wrong is an error: a kind or a date that does not exist, a date told twice, a
 * dated row that decides nothing because its year is not covered.
 */
#include "core/calendar.h"
#include "core/problem.h"

struct calendar_file {
    struct text origin;  /* `# source:`, where the rows were published; may be empty */
    struct text extends; /* `# extends:`, the name of another calendar; may be empty */
    struct text version; /* `# version:`; may be empty */
    struct mark extends_mark;
    const struct calendar_row *rows;
    uint32_t row_count;
};

#define CALENDAR_ROWS_MAX 20000

/*
 * Read a file. Texts are borrowed from the source, rows are in the arena. False when there is
 * an error among the problems (or the arena is spent); then *file is untouched.
 */
bool calendar_csv_read(const struct source *source, struct arena *arena,
                       struct problem_list *problems, struct calendar_file *file);

/*
 * Build the calendar that the file describes, under this name. `extends` is the calendar that
 * the file names, NULL where it names none. NULL with problems, or when the arena is spent.
 */
const struct calendar *calendar_csv_build(const struct source *source,
                                          const struct calendar_file *file, struct text name,
                                          const struct calendar *extends, struct arena *arena,
                                          struct problem_list *problems);

/* The name of a calendar by its file's: "config/calendars/cn.csv" is "cn". */
struct text calendar_csv_name(struct text path);

#endif
