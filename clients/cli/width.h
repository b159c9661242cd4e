#ifndef DUBAN_CLI_WIDTH_H
#define DUBAN_CLI_WIDTH_H

/* How much room a text takes on a terminal: a Chinese character takes two columns. */
#include "base/text.h"

#include <stdio.h>

/* Columns; bytes that are no UTF-8 and control characters count as one. */
uint32_t width_of(struct text text);
/* The text, and spaces up to `width` columns; at least one space after it. */
void width_print(FILE *out, struct text text, uint32_t width);
/* As many spaces as the first `characters` characters of the text take: what stands in the next
 * line then stands below the character after them. */
void width_print_blank(FILE *out, struct text text, uint32_t characters);

#endif
