#define _DEFAULT_SOURCE /* adjtimex */
#include "base/clock.h"

#include "base/must.h"

#include <sys/timex.h>
#include <time.h>

static struct clock_pace pace = {.rate = 1};

static int64_t read_ms(clockid_t clock)
{
    struct timespec now;
    int rc = clock_gettime(clock, &now);

    MUST(rc == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_wall_ms(void)
{
    return pace.from_ms + (read_ms(CLOCK_REALTIME) - pace.since_ms) * pace.rate;
}

int64_t clock_steady_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

bool clock_is_synchronised(void)
{
    struct timex about = {0};

    return adjtimex(&about) >= 0 && (about.status & STA_UNSYNC) == 0;
}

void clock_set_pace(const struct clock_pace *own)
{
    MUST(own->rate >= 1 && own->rate <= CLOCK_RATE_MAX);
    pace = *own;
}

int64_t clock_rate(void)
{
    return pace.rate;
}

int64_t clock_paced_steady_ms(void)
{
    return clock_steady_ms() * pace.rate;
}

int64_t clock_steady_span_ms(int64_t wall_span_ms)
{
    return (wall_span_ms + pace.rate - 1) / pace.rate;
}
