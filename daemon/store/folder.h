#ifndef DUBAN_STORE_FOLDER_H
#define DUBAN_STORE_FOLDER_H

/*
 * The folder that holds a store: one daemon's, on a local disk, closed to others. Held open and
 * locked for as long as the daemon lives; every other part of the store opens its files below
 * it.
 */
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/* Lies in the folder while a restore goes on: until then it is nobody's store. */
#define FOLDER_RESTORING "restoring"
/* Lies in a backup, which is nobody's store either. */
#define FOLDER_MANIFEST "MANIFEST"

struct folder {
    int fd;      /* owned; of the folder itself */
    int lock_fd; /* owned; of duban.lock in it, locked */
};

/*
 * Open, creating what is missing (mode 0700), and lock. STATUS_REFUSED, logged with what to do:
 * another daemon holds it, it lies on a network file system, or others may write to it.
 */
NODISCARD enum status folder_open(struct folder *folder, const char *path);
/*
 * Open a stopped store, or a backup, for reading: nothing is created, and nobody is kept out.
 * STATUS_NOT_FOUND: there is no such folder; STATUS_REFUSED: a daemon holds it. Neither is
 * logged.
 */
NODISCARD enum status folder_open_read(struct folder *folder, const char *path);
/* Unlock and close. A zeroed folder whose fds are -1 is fine. */
void folder_close(struct folder *folder);

/* Make what was created, renamed or removed in a folder durable. */
NODISCARD enum status folder_sync(int fd);

/* How much the files whose names end so take together. On any thread. */
uint64_t folder_measure(const struct folder *folder, const char *ending);

#endif
