#include "store/backup_parts.h"

#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So much is copied before it is flushed: a daemon that flushes its journal beside it waits for
 * no more than that. */
#define PIECE_BYTES ((size_t)1 << 20)
#define FLUSH_EVERY ((uint64_t)8 << 20)

static enum status failed(const char *doing, const char *name)
{
    log_error("backup.failed doing=%s file=\"%s\" reason=\"%s\"", doing, name, strerror(errno));
    return errno == ENOSPC ? STATUS_FULL : STATUS_DISK;
}

/* A file in hand, read and perhaps written again. */
struct copying {
    const char *name;
    int from;
    int to; /* -1: it is only read */
    uint64_t left;
    uint64_t done;
    uint8_t *piece; /* owned */
    crypto_generichash_state state;
};

static enum status write_piece(struct copying *copying, size_t size)
{
    for (size_t at = 0; at < size;) {
        ssize_t written = write(copying->to, copying->piece + at, size - at);

        if (written < 0 && errno != EINTR) {
            return failed("write", copying->name);
        }
        at += written > 0 ? (size_t)written : 0;
    }
    if ((copying->done + size) / FLUSH_EVERY != copying->done / FLUSH_EVERY &&
        fdatasync(copying->to) != 0) {
        return failed("flush", copying->name);
    }
    return STATUS_OK;
}

/* The next piece; *got 0: there is no more. */
static enum status read_piece(struct copying *copying, size_t *got)
{
    size_t wanted = copying->left < PIECE_BYTES ? (size_t)copying->left : PIECE_BYTES;
    ssize_t read_bytes;

    do {
        read_bytes = read(copying->from, copying->piece, wanted);
    } while (read_bytes < 0 && errno == EINTR);
    if (read_bytes < 0) {
        return failed("read", copying->name);
    }
    *got = (size_t)read_bytes;
    return crypto_generichash_update(&copying->state, copying->piece, *got) == 0
               ? STATUS_OK
               : STATUS_NO_MEMORY;
}

static enum status copy_pieces(struct copying *copying)
{
    enum status status = STATUS_OK;
    size_t got = 1;

    while (copying->left > 0 && got > 0 && status == STATUS_OK) {
        status = read_piece(copying, &got);
        if (status == STATUS_OK && copying->to >= 0 && got > 0) {
            status = write_piece(copying, got);
        }
        copying->done += got;
        copying->left -= got;
    }
    return status;
}

static enum status run(struct copying *copying, uint8_t digest[SEGMENT_HASH_BYTES])
{
    uint8_t room[SEGMENT_HASH_BYTES];
    enum status status = STATUS_OK;

    copying->piece = malloc(PIECE_BYTES);
    if (copying->piece == NULL ||
        crypto_generichash_init(&copying->state, NULL, 0, sizeof(room)) != 0) {
        status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK) {
        status = copy_pieces(copying);
    }
    if (status == STATUS_OK && copying->to >= 0 && fsync(copying->to) != 0) {
        status = failed("flush", copying->name);
    }
    if (status == STATUS_OK &&
        crypto_generichash_final(&copying->state, digest == NULL ? room : digest,
                                 sizeof(room)) != 0) {
        status = STATUS_NO_MEMORY;
    }
    free(copying->piece);
    return status;
}

enum status backup_copy(int from_fd, int to_fd, const char *name, uint64_t bytes,
                        uint8_t digest[SEGMENT_HASH_BYTES])
{
    struct copying copying = {.name = name, .left = bytes, .to = -1};
    enum status status;

    copying.from = openat(from_fd, name, O_RDONLY | O_CLOEXEC);
    if (copying.from < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : failed("open", name);
    }
    copying.to = openat(to_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    status = copying.to < 0 ? failed("create", name) : run(&copying, digest);
    if (copying.to >= 0) {
        (void)close(copying.to);
    }
    (void)close(copying.from);
    return status;
}

enum status backup_digest(int folder_fd, const char *name, uint64_t *bytes,
                          uint8_t digest[SEGMENT_HASH_BYTES])
{
    struct copying copying = {.name = name, .left = UINT64_MAX, .to = -1};

    copying.from = openat(folder_fd, name, O_RDONLY | O_CLOEXEC);
    if (copying.from < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : failed("open", name);
    }

    enum status status = run(&copying, digest);

    (void)close(copying.from);
    *bytes = copying.done;
    return status;
}

enum status backup_check_file(const struct folder *backup, const struct backup_file *file)
{
    uint64_t bytes = 0;
    uint8_t digest[SEGMENT_HASH_BYTES];
    enum status status = backup_digest(backup->fd, file->name, &bytes, digest);

    if (status == STATUS_OK &&
        (bytes != file->bytes || memcmp(digest, file->digest, sizeof(digest)) != 0)) {
        status = STATUS_MALFORMED;
    }
    return status;
}

enum status backup_copy_file(const struct folder *backup, const struct backup_file *file,
                             const struct folder *store)
{
    uint8_t digest[SEGMENT_HASH_BYTES];
    enum status status = backup_copy(backup->fd, store->fd, file->name, UINT64_MAX, digest);

    if (status == STATUS_OK && memcmp(digest, file->digest, sizeof(digest)) != 0) {
        status = STATUS_MALFORMED;
    }
    return status;
}

void backup_remove(const char *path)
{
    DIR *folder = opendir(path);

    for (struct dirent *entry = folder == NULL ? NULL : readdir(folder); entry != NULL;
         entry = readdir(folder)) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            (void)unlinkat(dirfd(folder), entry->d_name, 0);
        }
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    if (rmdir(path) != 0) {
        log_warn("backup.left path=\"%s\" do=\"remove it\" reason=\"%s\"", path,
                 strerror(errno));
    }
}
