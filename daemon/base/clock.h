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

/*
 * A wall clock of one's own, for demonstrations and tests: at the machine's `since_ms` it shows
 * `from_ms`, and from there it goes `rate` times as fast. Since all of it is given, a daemon
 * that is started again goes on in the same time. To be set before there are threads.
 */
struct clock_pace {
    int64_t from_ms;
    int64_t since_ms;
    int64_t rate; /* from 1 */
};

#define CLOCK_RATE_MAX 1000000

void clock_set_pace(const struct clock_pace *pace);
int64_t clock_rate(void);
/* The steady clock at the wall clock's pace: what the wall clock is watched against. */
int64_t clock_paced_steady_ms(void);
/* How long the steady clock takes for so much of the wall clock's time; never too short. */
int64_t clock_steady_span_ms(int64_t wall_span_ms);

#endif
