#ifndef DUBAN_STORE_BACKUP_PARTS_H
#define DUBAN_STORE_BACKUP_PARTS_H

/* The inside of backup.h, shared by the files that make it. */
#include "store/backup.h"

/* Copy the first `bytes` of a file (or all), durable but for its name; `digest` (or NULL) is
 * that of what was copied. */
NODISCARD enum status backup_copy(int from_fd, int to_fd, const char *name, uint64_t bytes,
                                  uint8_t digest[SEGMENT_HASH_BYTES]);
/* Size and digest of a file. */
NODISCARD enum status backup_digest(int folder_fd, const char *name, uint64_t *bytes,
                                    uint8_t digest[SEGMENT_HASH_BYTES]);
NODISCARD enum status backup_manifest_write(const struct folder *backup,
                                            const struct backup_manifest *manifest);
/* Remove a folder that was begun, with the files in it. */
void backup_remove(const char *path);

#endif
