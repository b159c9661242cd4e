#ifndef DUBAN_CORE_LENGTH_H
#define DUBAN_CORE_LENGTH_H

/* How long a clock runs: `30min` `8h` exact, `90d` natural, `7wd` working days, `2mo`, `1y`. */
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define LENGTH_UNITS(X)      \
    X(LENGTH_MINUTES, "min") \
    X(LENGTH_HOURS, "h")     \
    X(LENGTH_DAYS, "d")      \
    X(LENGTH_WORKDAYS, "wd") \
    X(LENGTH_MONTHS, "mo")   \
    X(LENGTH_YEARS, "y")

#define LENGTH_ENUM(name, word) name,
enum length_unit { LENGTH_UNITS(LENGTH_ENUM) };
#undef LENGTH_ENUM

/* No limit of the law is longer; it keeps every sum inside the calendars' years. */
#define LENGTH_COUNT_MAX 100000
#define LENGTH_TEXT_SIZE 16

struct length {
    int32_t count; /* 0..LENGTH_COUNT_MAX, negative only in offsets */
    enum length_unit unit;
};

/* "10wd"; a sign is refused. */
bool length_parse(struct text text, struct length *length);
/* "-3wd", "+2wd", "0d": a sign must stand before all but a zero. */
bool offset_parse(struct text text, struct length *offset);
/* Write with a NUL; the answer is the size without it. */
size_t length_print(struct length length, char out[LENGTH_TEXT_SIZE]);
bool length_equal(struct length a, struct length b);
/* Minutes and hours: reckoned from the instant, not by dates. */
bool length_is_exact(struct length length);
/* The milliseconds of an exact length. */
int64_t length_ms(struct length length);

#endif
