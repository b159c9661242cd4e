#ifndef DUBAN_STORE_FLUSH_PROBE_H
#define DUBAN_STORE_FLUSH_PROBE_H

/*
 * How long a flush takes on this disk, asked once at the start and logged: all that the daemon
 * promises hangs on it. One that is over before any medium could have written says that it may
 * not reach one.
 */
#include "store/folder.h"

/* 50 flushes, or as many as fit into 25 ms. */
void flush_probe(const struct folder *folder);

#endif
