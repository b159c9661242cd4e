#include "store/backup.h"

#include "store/backup_parts.h"
#include "store/chain.h"
#include "store/segment_file.h"
#include "store/store_lmdb.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

/* Beside the journal's segments a store has these; the keys may be kept elsewhere. */
static const char *const others[] = {"private.keys", "master.key"};

/* One in the making. */
struct making {
    const struct backup_source *source;
    const char *path;
    char part[PATH_BYTES]; /* where it is made */
    struct folder folder;  /* the same, open */
    struct backup_facts *facts;
    struct backup_manifest manifest;
};

static enum status failed(const char *doing, const char *name)
{
    log_error("backup.failed doing=%s file=\"%s\" reason=\"%s\"", doing, name, strerror(errno));
    return errno == ENOSPC ? STATUS_FULL : STATUS_DISK;
}

static enum status begin(struct making *making)
{
    struct stat about;

    if (lstat(making->path, &about) == 0) {
        log_error("backup.refused path=\"%s\" do=\"name a folder that is not there yet\"",
                  making->path);
        return STATUS_REFUSED;
    }

    int size = snprintf(making->part, sizeof(making->part), "%s.part", making->path);

    if (size < 0 || (size_t)size >= sizeof(making->part)) {
        log_error("backup.refused reason=\"the path is too long\"");
        return STATUS_REFUSED;
    }
    if (mkdir(making->part, 0700) != 0) {
        if (errno == EEXIST) {
            log_error(
                "backup.refused path=\"%s\" do=\"another backup goes on there, or one was "
                "cut off: remove it\"",
                making->part);
            making->part[0] = '\0';
            return STATUS_REFUSED;
        }

        enum status status = failed("mkdir", making->part);

        making->part[0] = '\0';
        return status;
    }
    making->folder.fd = open(making->part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return making->folder.fd >= 0 ? STATUS_OK : failed("open", making->part);
}

/* Note a file that lies in the backup: its size and digest. */
static enum status note(struct making *making, const char *name)
{
    struct backup_manifest *manifest = &making->manifest;
    struct backup_file *files =
        realloc(manifest->files, (manifest->file_count + 1) * sizeof(*files));

    if (files == NULL || manifest->file_count == BACKUP_FILES_MAX) {
        manifest->files = files == NULL ? manifest->files : files;
        return STATUS_NO_MEMORY;
    }
    manifest->files = files;

    struct backup_file *file = &files[manifest->file_count++];

    (void)snprintf(file->name, sizeof(file->name), "%s", name);
    return backup_digest(making->folder.fd, name, &file->bytes, file->digest);
}

static enum status copy_state(struct making *making)
{
    struct store *copy = NULL;
    int fd =
        openat(making->folder.fd, "state.mdb", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0) {
        return failed("create", "state.mdb");
    }

    enum status status = store_lmdb_copy(making->source->store, fd);

    if (status == STATUS_OK && fsync(fd) != 0) {
        status = failed("flush", "state.mdb");
    }
    (void)close(fd);
    if (status == STATUS_OK) {
        status = store_lmdb_open_read(&copy, making->part);
    }
    if (status == STATUS_OK) {
        status = making->source->read(copy, making->facts);
    }
    store_close(copy);
    return status == STATUS_OK ? note(making, "state.mdb") : status;
}

/* The keyring after the end of the journal was read: no record up to there lacks its key. */
static enum status copy_others(struct making *making)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]) && status == STATUS_OK; i++) {
        if (faccessat(making->source->folder->fd, others[i], F_OK, 0) != 0) {
            continue;
        }
        status = backup_copy(making->source->folder->fd, making->folder.fd, others[i],
                             UINT64_MAX, NULL);
        if (status == STATUS_OK) {
            status = note(making, others[i]);
        }
    }
    return status;
}

/* A closed segment never changes: it may be the same file, where both are on one disk. */
static enum status take_closed(struct making *making, uint64_t first)
{
    char name[SEGMENT_NAME_BYTES];
    enum status status = STATUS_OK;

    segment_name(first, name);
    if (linkat(making->source->folder->fd, name, making->folder.fd, name, 0) != 0) {
        status =
            backup_copy(making->source->folder->fd, making->folder.fd, name, UINT64_MAX, NULL);
    }
    return status == STATUS_OK ? note(making, name) : status;
}

/* The last segment up to the record that was flushed. */
static enum status take_last(struct making *making, uint64_t first)
{
    char name[SEGMENT_NAME_BYTES];
    struct segment_file file = {.fd = -1};
    uint64_t next = 0;
    enum status status = segment_file_open(&file, making->source->folder->fd, first, false);

    segment_name(first, name);
    if (status == STATUS_OK) {
        memcpy(making->facts->store_id, file.head.store_id, sizeof(file.head.store_id));
        status = segment_file_find_end(&file, making->facts->seq, &next, making->facts->hash);
    }
    if (status == STATUS_OK && next != making->facts->seq + 1) {
        log_error("backup.refused file=%s record=%llu do=\"the journal is damaged: duban audit "
                  "verify\"",
                  name, (unsigned long long)next);
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK) {
        status =
            backup_copy(making->source->folder->fd, making->folder.fd, name, file.end, NULL);
    }
    segment_file_close(&file);
    return status == STATUS_OK ? note(making, name) : status;
}

static enum status copy_journal(struct making *making)
{
    uint64_t *firsts;
    size_t count;
    enum status status = chain_segments(making->source->folder->fd, &firsts, &count);

    while (status == STATUS_OK && count > 0 && firsts[count - 1] > making->facts->seq) {
        count--; /* begun since */
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = i + 1 < count ? take_closed(making, firsts[i]) : take_last(making, firsts[i]);
    }
    free(firsts);
    return status;
}

/* All of it durable, and only then by its name. */
static enum status finish(struct making *making)
{
    char parent[PATH_BYTES];
    char *slash;

    (void)snprintf(parent, sizeof(parent), "%s", making->path);
    slash = strrchr(parent, '/');
    if (slash == NULL) {
        (void)snprintf(parent, sizeof(parent), ".");
    } else {
        slash[slash == parent] = '\0';
    }

    enum status status = folder_sync(making->folder.fd);

    if (status == STATUS_OK && rename(making->part, making->path) != 0) {
        status = failed("rename", making->path);
    }
    if (status != STATUS_OK) {
        return status;
    }
    making->part[0] = '\0';

    int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0) {
        return failed("open", parent);
    }
    status = folder_sync(fd);
    (void)close(fd);
    return status;
}

static enum status make(struct making *making)
{
    enum status status = begin(making);

    if (status == STATUS_OK) {
        status = copy_state(making);
    }
    if (status == STATUS_OK) {
        making->facts->seq = making->source->flushed(making->source->context);
        status = copy_others(making);
    }
    if (status == STATUS_OK) {
        status = copy_journal(making);
    }
    if (status == STATUS_OK) {
        making->manifest.facts = *making->facts;
        status = backup_manifest_write(&making->folder, &making->manifest);
    }
    return status == STATUS_OK ? finish(making) : status;
}

enum status backup_write(const struct backup_source *source, const char *path,
                         struct backup_facts *facts)
{
    struct making making = {
        .source = source, .path = path, .folder = {.fd = -1, .lock_fd = -1}, .facts = facts};

    *facts = (struct backup_facts){0};

    enum status status = sodium_init() < 0 ? STATUS_NO_MEMORY : make(&making);

    if (status != STATUS_OK && making.part[0] != '\0') {
        backup_remove(making.part);
    }
    folder_close(&making.folder);
    free(making.manifest.files);
    return status;
}
