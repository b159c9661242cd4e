#ifndef DUBAN_BASE_LOG_H
#define DUBAN_BASE_LOG_H

/*
 * One line per event: UTC time, level, a stable name, then key=value; texts that may hold
 * spaces are quoted by the caller's format as \"%s\". To stderr, where the supervisor keeps it;
 * under systemd each line begins with the level's priority instead of the time, which journald
 * has.
 *
 * error: an operator must act; warn: may want to; info: start, stop, what an operator did;
 * debug: the story. The core does not log, and whoever returns a failure does not log it too.
 */
#include <stdarg.h>
#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Nothing beyond this level is written; LOG_LEVEL_INFO until set. For journald: `<3>` style. */
void log_set(enum log_level level, bool for_journald);

#define LOG_FORMAT __attribute__((format(printf, 1, 2)))

void log_error(const char *format, ...) LOG_FORMAT;
void log_warn(const char *format, ...) LOG_FORMAT;
void log_info(const char *format, ...) LOG_FORMAT;
void log_debug(const char *format, ...) LOG_FORMAT;

/* What each of them does. */
void log_line(enum log_level level, const char *format, va_list values)
    __attribute__((format(printf, 2, 0)));

#endif
