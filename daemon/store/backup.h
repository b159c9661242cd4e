#ifndef DUBAN_STORE_BACKUP_H
#define DUBAN_STORE_BACKUP_H

/*
 * A backup: a folder with a copy of the state, the journal up to a record that was flushed, the
 * keyring, and a manifest that names each file with its size and digest. It is a store that no
 * daemon may take as it is: `duban restore` makes one of it.
 *
 * MANIFEST is text, a line for each thing; the last is the digest of those before it:
 *
 *   duban-backup 1
 *   store ID · generation N · seq N · head HASH · time_ms N
 *   file NAME BYTES DIGEST
 *   digest DIGEST
 *
 * To change it: raise the number of the first line, and keep the old reader.
 */
#include "store/folder.h"
#include "store/segment.h"
#include "store/store.h"

#define BACKUP_FILES_MAX 65536

/* What a backup holds. */
struct backup_facts {
    uint8_t store_id[16];
    uint32_t generation;
    uint64_t seq; /* the last record in it */
    uint8_t hash[SEGMENT_HASH_BYTES];
    int64_t now_ms; /* of the last record that its state has seen */
};

/* What is copied. The journal is asked for its end after the state was copied, so that it is
 * never behind it. */
struct backup_source {
    const struct folder *folder;
    const struct store *store; /* its last commit is copied */
    void *context;
    uint64_t (*flushed)(void *context); /* the last record that was flushed; on any thread */
    /* Read the generation and the time from a state, the copy. */
    NODISCARD enum status (*read)(struct store *copy, struct backup_facts *facts);
};

/*
 * Make one at `path`, which must not be there yet: it is written beside it and renamed when all
 * is durable. Runs on any thread beside a daemon's writer. Failures are logged; what was begun
 * is removed. STATUS_REFUSED: something is there already.
 */
NODISCARD enum status backup_write(const struct backup_source *source, const char *path,
                                   struct backup_facts *facts);

struct backup_file {
    char name[SEGMENT_NAME_BYTES];
    uint64_t bytes;
    uint8_t digest[SEGMENT_HASH_BYTES];
};

/* A manifest, read. */
struct backup_manifest {
    struct backup_facts facts;
    struct backup_file *files; /* owned: free it */
    uint32_t file_count;
};

/* STATUS_NOT_FOUND: there is none; STATUS_MALFORMED: it is damaged. Neither is logged. */
NODISCARD enum status backup_manifest_read(const struct folder *backup,
                                           struct backup_manifest *manifest);
/* Whether a file is what the manifest says; STATUS_MALFORMED: it is not; STATUS_NOT_FOUND: it
 * is gone. */
NODISCARD enum status backup_check_file(const struct folder *backup,
                                        const struct backup_file *file);
/* Copy a file of a backup into a store that is being restored, durable but for its name. Its
 * digest is checked on the way. */
NODISCARD enum status backup_copy_file(const struct folder *backup,
                                       const struct backup_file *file,
                                       const struct folder *store);

#endif
