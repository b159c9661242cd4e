#ifndef DUBAN_BASE_STATUS_H
#define DUBAN_BASE_STATUS_H

/*
 * What a function that can fail answers. The list is short on purpose: a new row must change
 * what some caller does; else it is a text, not a status.
 */
#define STATUS_LIST(X)                   \
    X(STATUS_OK, "ok")                   \
    X(STATUS_NOT_FOUND, "not found")     \
    X(STATUS_MALFORMED, "malformed")     \
    X(STATUS_REFUSED, "refused")         \
    X(STATUS_LIMIT, "over a limit")      \
    X(STATUS_NO_MEMORY, "out of memory") \
    X(STATUS_FULL, "full")               \
    X(STATUS_DISK, "the disk failed")    \
    X(STATUS_NETWORK, "the network failed")

#define STATUS_ENUM(name, text) name,
enum status { STATUS_LIST(STATUS_ENUM) };
#undef STATUS_ENUM

/* A result that must be looked at. */
#define NODISCARD __attribute__((warn_unused_result))

const char *status_text(enum status status);

#endif
