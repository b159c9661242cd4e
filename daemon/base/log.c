#include "base/log.h"

#include <stdint.h>
#include <stdio.h>
#include <time.h>

enum { LINE_BYTES = 2048 };

static enum log_level most = LOG_LEVEL_INFO;
static bool journald;

void log_set(enum log_level level, bool for_journald)
{
    most = level;
    journald = for_journald;
}

static size_t begin(char *line, size_t size, enum log_level level)
{
    static const char *const words[] = {"error", "warn", "info", "debug"};
    static const int priorities[] = {3, 4, 6, 7};
    struct timespec now;
    struct tm utc;
    size_t at;

    if (journald) {
        return (size_t)snprintf(line, size, "<%d>", priorities[level]);
    }
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    at = strftime(line, size, "%Y-%m-%dT%H:%M:%S", &utc);
    return at + (size_t)snprintf(line + at, size - at, ".%03ldZ %-5s ", now.tv_nsec / 1000000,
                                 words[level]);
}

/* No input forges a second line: what would break one is written as a question mark. */
static void flatten(char *line, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if ((uint8_t)line[i] < 0x20 || line[i] == 0x7f) {
            line[i] = '?';
        }
    }
}

void log_line(enum log_level level, const char *format, va_list values)
{
    char line[LINE_BYTES];

    if (level > most) {
        return;
    }

    size_t at = begin(line, sizeof(line), level);
    int more = vsnprintf(line + at, sizeof(line) - at - 1, format, values);
    size_t size = at + (more < 0 ? 0 : (size_t)more);

    if (size > sizeof(line) - 2) {
        size = sizeof(line) - 2;
    }
    flatten(line, size);
    line[size] = '\n';
    (void)fwrite(line, 1, size + 1, stderr);
}

#define LOG_VERB(name, level)            \
    void name(const char *format, ...)   \
    {                                    \
        va_list values;                  \
                                         \
        va_start(values, format);        \
        log_line(level, format, values); \
        va_end(values);                  \
    }

LOG_VERB(log_error, LOG_LEVEL_ERROR)
LOG_VERB(log_warn, LOG_LEVEL_WARN)
LOG_VERB(log_info, LOG_LEVEL_INFO)
LOG_VERB(log_debug, LOG_LEVEL_DEBUG)
