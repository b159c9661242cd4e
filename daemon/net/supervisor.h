#ifndef DUBAN_NET_SUPERVISOR_H
#define DUBAN_NET_SUPERVISOR_H

/*
 * What systemd is told by sd_notify's protocol: a datagram of lines to the socket that
 * NOTIFY_SOCKET names. Without one nothing is told. Whether a daemon lives is told by its work,
 * never by a timer alone: see watchdog.h.
 */
#include <stdbool.h>
#include <stdint.h>

/* One or more lines: READY=1, STOPPING=1, … Also on the way down, when little works. */
void supervisor_tell(const char *lines);
/* The start takes this much longer: there are so many records to step again. */
void supervisor_recovers(uint64_t record_count);
/* RELOADING=1 with the instant that belongs to it; READY=1 ends it. */
void supervisor_reloads(void);
/* How often it wants to hear that the daemon lives; 0: not at all. */
int64_t supervisor_watchdog_ms(void);

#endif
