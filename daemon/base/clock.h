#ifndef DUBAN_BASE_CLOCK_H
#define DUBAN_BASE_CLOCK_H

/* The machine's clocks. Read once per batch, then passed down; nothing below the threads
 * asks. */
#include <stdbool.h>
#include <stdint.h>

/* Milliseconds since 1970-01-01T00:00Z, as the machine believes. It may jump. */
int64_t clock_wall_ms(void);
/* Milliseconds that only go forward, from some past instant. */
int64_t clock_steady_ms(void);
/* Whether the kernel calls the wall clock synchronised. */
bool clock_is_synchronised(void);

#endif
