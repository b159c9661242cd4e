#include "store/flush_probe.h"

#include "base/log.h"

#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { FLUSHES_MAX = 50, SPENT_US_MAX = 25000, TOO_FAST_US = 60, SECTOR_BYTES = 512 };

static int64_t now_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int by_length(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a;
    int64_t other = *(const int64_t *)b;

    return (one > other) - (one < other);
}

/* The lock's file has nothing in it, so it serves. */
void flush_probe(const struct folder *folder)
{
    static const uint8_t zeros[SECTOR_BYTES];
    int64_t took_us[FLUSHES_MAX];
    int64_t began_us = now_us();
    size_t count = 0;

    while (count < FLUSHES_MAX && now_us() - began_us < SPENT_US_MAX) {
        int64_t before_us = now_us();

        if (pwrite(folder->lock_fd, zeros, sizeof(zeros), 0) != (ssize_t)sizeof(zeros) ||
            fdatasync(folder->lock_fd) != 0) {
            return; /* what is wrong shows where it matters */
        }
        took_us[count++] = now_us() - before_us;
    }
    qsort(took_us, count, sizeof(took_us[0]), by_length);

    long long median_us = (long long)took_us[count / 2];

    if (median_us < TOO_FAST_US) {
        log_warn("store.flush median_us=%lld do=\"see that the disk honours flushes: so fast a "
                 "one may not reach the medium, and then a cut of the power loses what was "
                 "acknowledged\"",
                 median_us);
    } else {
        log_info("store.flush median_us=%lld", median_us);
    }
}
