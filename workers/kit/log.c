#include "worker.h"

#include "base/log.h"

#define WORKER_LOG_VERB(name, level)     \
    void name(const char *format, ...)   \
    {                                    \
        va_list values;                  \
                                         \
        va_start(values, format);        \
        log_line(level, format, values); \
        va_end(values);                  \
    }

WORKER_LOG_VERB(worker_log_error, LOG_LEVEL_ERROR)
WORKER_LOG_VERB(worker_log_warn, LOG_LEVEL_WARN)
WORKER_LOG_VERB(worker_log_info, LOG_LEVEL_INFO)
WORKER_LOG_VERB(worker_log_debug, LOG_LEVEL_DEBUG)
