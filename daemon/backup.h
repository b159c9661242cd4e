#ifndef DUBAN_BACKUP_H
#define DUBAN_BACKUP_H

/*
 * Backups of the living store: one at a time, on a thread of its own, from what was saved and
 * flushed, so that the writer only records that one is begun.
 */
#include "net/copying.h"
#include "store/backup.h"
#include "store/journal.h"

#include <pthread.h>

struct backups {
    const struct folder *folder; /* borrowed, as are these */
    struct store *store;
    struct journal *journal;
    pthread_t thread;
    pthread_mutex_t mutex;
    bool begun;           /* there is a thread to be joined */
    struct copying state; /* guarded by the mutex */
};

void backups_init(struct backups *backups, const struct folder *folder, struct store *store,
                  struct journal *journal);
/* Waits for one that goes on. */
void backups_fini(struct backups *backups);
/* What the writer and status ask; context is the backups. */
struct copier backups_copier(struct backups *backups);

#endif
