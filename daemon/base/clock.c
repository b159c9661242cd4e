#define _DEFAULT_SOURCE /* adjtimex */
#include "base/clock.h"

#include "base/must.h"

#include <sys/timex.h>
#include <time.h>

static int64_t read_ms(clockid_t clock)
{
    struct timespec now;
    int rc = clock_gettime(clock, &now);

    MUST(rc == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_wall_ms(void)
{
    return read_ms(CLOCK_REALTIME);
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
