#ifndef DUBAN_CLI_DAYS_H
#define DUBAN_CLI_DAYS_H

/* Dates as people read them: `2026-10-10 六 调休上班（国庆节）`, `2026-10-10 Sat make-up day (国庆节)`. */
#include "core/calendar.h"

#include <stddef.h>

#define DAY_WORDS_SIZE 256

/* 一 or Mon. */
const char *weekday_words(int32_t date);
/*
 * What kind of day it is, with the name of the row that says so; "not published" where no
 * notice covers it. Written with a NUL.
 */
void day_kind_words(const struct calendar *calendar, int32_t date, char out[DAY_WORDS_SIZE]);
/* The stable word of the kind, for programs: workday, weekend, holiday, make-up. */
const char *day_kind_code(const struct calendar *calendar, int32_t date);
/* All of it in one line. */
void date_words(const struct calendar *calendar, int32_t date, char out[DAY_WORDS_SIZE]);

#endif
