#ifndef DUBAN_SMS_UNITS_H
#define DUBAN_SMS_UNITS_H

/*
 * How long an SMS in Chinese is. It is counted in units of UCS-2: one for a character of the
 * basic plane, two (a surrogate pair) for one beyond. Up to 70 units travel as one part; of a
 * longer text each part carries 67, for six bytes say which part it is.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UNITS_ALONE     70
#define UNITS_JOINED    67
#define UNITS_PARTS_MAX 10

/* The units of a text in UTF-8. */
uint32_t units_count(const char *text);
/* The parts of so many units; none for an empty text. */
uint32_t units_parts(uint32_t units);
/* The most units that so many parts carry. */
uint32_t units_room(uint32_t parts);

/* Copy a text, cut to so many units: what does not fit ends on `…`, and no character is split.
 * Line ends become spaces. False: it was cut. */
bool units_cut(const char *text, uint32_t units_max, char *out, size_t out_size);

#endif
