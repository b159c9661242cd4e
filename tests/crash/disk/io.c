#define _GNU_SOURCE /* the system calls themselves */
#include "crash/disk/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { ACTS_MAX = 4096 };
#define BYTES_MAX ((size_t)64 << 20)

static struct shared {
    char folder[PATH_MAX];
    uint64_t count;
    uint64_t fails_at; /* 0: never */
    enum io_fault fault;
    bool sticks;
    bool keeps;
    uint64_t bytes_used;
    struct io_act acts[ACTS_MAX];
    uint8_t bytes[BYTES_MAX];
} * shared;

void io_watch(const char *folder)
{
    if (shared == NULL) {
        shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (shared == MAP_FAILED) {
            abort();
        }
    }
    (void)snprintf(shared->folder, sizeof(shared->folder), "%s", folder);
    shared->count = 0;
    shared->fails_at = 0;
    shared->keeps = false;
    shared->bytes_used = 0;
}

void io_fail(uint64_t at, enum io_fault fault, bool sticks)
{
    shared->fails_at = at;
    shared->fault = fault;
    shared->sticks = sticks;
}

uint64_t io_count(void)
{
    return shared->count;
}

void io_keep(void)
{
    shared->keeps = true;
}

const struct io_act *io_kept(uint64_t *count)
{
    *count = shared->count;
    return shared->acts;
}

/* The name below the watched folder; false: it is no file of it. */
static bool name_in(const char *path, char name[IO_NAME_BYTES])
{
    size_t size = strlen(shared->folder);

    if (strncmp(path, shared->folder, size) != 0 || (path[size] != '/' && path[size] != '\0')) {
        return false;
    }
    (void)snprintf(name, IO_NAME_BYTES, "%s", path[size] == '/' ? path + size + 1 : "");
    return true;
}

static bool name_of(int fd, char name[IO_NAME_BYTES])
{
    char way[64];
    char target[PATH_MAX];

    if (shared == NULL) {
        return false;
    }
    (void)snprintf(way, sizeof(way), "/proc/self/fd/%d", fd);

    ssize_t size = readlink(way, target, sizeof(target) - 1);

    if (size < 0) {
        return false;
    }
    target[size] = '\0';
    return name_in(target, name);
}

static bool name_at(int folder_fd, const char *path, char name[IO_NAME_BYTES])
{
    char folder[IO_NAME_BYTES];

    if (shared == NULL) {
        return false;
    }
    if (path[0] == '/') {
        return name_in(path, name);
    }
    if (folder_fd == AT_FDCWD || !name_of(folder_fd, folder) || folder[0] != '\0') {
        return false;
    }
    (void)snprintf(name, IO_NAME_BYTES, "%s", path);
    return true;
}

/* Count it, and say how it goes. */
static enum io_fault next_fault(void)
{
    uint64_t number = ++shared->count;
    bool first = number == shared->fails_at;

    if (shared->fails_at == 0 || number < shared->fails_at || !(first || shared->sticks)) {
        return IO_WELL;
    }
    return !first && shared->fault == IO_SHORT ? IO_FULL : shared->fault;
}

static int fails(enum io_fault fault)
{
    errno = fault == IO_FULL ? ENOSPC : EIO;
    return -1;
}

static struct io_act *keep(enum io_kind kind, const char *name)
{
    if (!shared->keeps) {
        return NULL;
    }
    if (shared->count > ACTS_MAX) {
        abort();
    }

    struct io_act *act = &shared->acts[shared->count - 1];

    *act = (struct io_act){.kind = kind};
    (void)snprintf(act->name, sizeof(act->name), "%s", name);
    return act;
}

static void keep_write(int fd, const char *name, const void *bytes, size_t size, uint64_t at)
{
    bool through = (fcntl(fd, F_GETFL) & O_DSYNC) != 0;
    struct io_act *act = keep(through ? IO_WRITE_THROUGH : IO_WRITE, name);

    if (act == NULL) {
        return;
    }
    if (size > BYTES_MAX - shared->bytes_used) {
        abort();
    }
    act->at = at;
    act->size = size;
    act->bytes = shared->bytes + shared->bytes_used;
    memcpy(shared->bytes + shared->bytes_used, bytes, size);
    shared->bytes_used += size;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    char name[IO_NAME_BYTES];

    if (name_of(fd, name)) {
        enum io_fault fault = next_fault();

        if (fault == IO_SHORT && size > 1) {
            size /= 2;
        } else if (fault != IO_WELL) {
            return fails(fault);
        }
        keep_write(fd, name, bytes, size, (uint64_t)at);
    }
    return syscall(SYS_pwrite64, fd, bytes, size, at);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    char name[IO_NAME_BYTES];

    if (name_of(fd, name)) {
        off_t at = lseek(fd, 0, SEEK_CUR);
        ssize_t done = pwrite(fd, bytes, size, at);

        if (done > 0) {
            (void)lseek(fd, at + done, SEEK_SET);
        }
        return done;
    }
    return syscall(SYS_write, fd, bytes, size);
}

/* As one write, so that it can be short anywhere. */
ssize_t writev(int fd, const struct iovec *parts, int count)
{
    char name[IO_NAME_BYTES];

    if (!name_of(fd, name)) {
        return syscall(SYS_writev, fd, parts, count);
    }

    size_t size = 0;

    for (int i = 0; i < count; i++) {
        size += parts[i].iov_len;
    }

    uint8_t *joined = malloc(size + 1);
    size_t at = 0;

    if (joined == NULL) {
        abort();
    }
    for (int i = 0; i < count; i++) {
        memcpy(joined + at, parts[i].iov_base, parts[i].iov_len);
        at += parts[i].iov_len;
    }

    ssize_t done = write(fd, joined, size);

    free(joined);
    return done;
}

static int flush(int fd)
{
    char name[IO_NAME_BYTES];

    if (name_of(fd, name)) {
        enum io_fault fault = next_fault();

        if (fault != IO_WELL) {
            return fails(fault);
        }
        (void)keep(name[0] == '\0' ? IO_FLUSH_FOLDER : IO_FLUSH, name);
    }
    return 0;
}

int fsync(int fd)
{
    return flush(fd);
}

int fdatasync(int fd)
{
    return flush(fd);
}

int ftruncate(int fd, off_t size)
{
    char name[IO_NAME_BYTES];

    if (name_of(fd, name)) {
        enum io_fault fault = next_fault();

        if (fault != IO_WELL) {
            return fails(fault);
        }

        struct io_act *act = keep(IO_TRUNCATE, name);

        if (act != NULL) {
            act->at = (uint64_t)size;
        }
    }
    return (int)syscall(SYS_ftruncate, fd, size);
}

int posix_fallocate(int fd, off_t at, off_t size)
{
    char name[IO_NAME_BYTES];

    if (name_of(fd, name)) {
        enum io_fault fault = next_fault();

        if (fault != IO_WELL) {
            (void)fails(fault);
            return errno;
        }
        (void)keep(IO_TRUNCATE, "reserve"); /* the only file it is for, which is in no image */
        return 0;
    }
    return (int)syscall(SYS_fallocate, fd, 0, at, size);
}

int renameat(int old_fd, const char *old, int new_fd, const char *new)
{
    char name[IO_NAME_BYTES];
    char other[IO_NAME_BYTES];

    if (name_at(old_fd, old, name) && name_at(new_fd, new, other)) {
        enum io_fault fault = next_fault();

        if (fault != IO_WELL) {
            return fails(fault);
        }

        struct io_act *act = keep(IO_RENAME, name);

        if (act != NULL) {
            memcpy(act->other, other, sizeof(other));
        }
    }
    return (int)syscall(SYS_renameat, old_fd, old, new_fd, new);
}

int unlinkat(int folder_fd, const char *path, int flags)
{
    char name[IO_NAME_BYTES];

    if (name_at(folder_fd, path, name)) {
        enum io_fault fault = next_fault();

        if (fault != IO_WELL) {
            return fails(fault);
        }
        (void)keep(IO_REMOVE, name);
    }
    return (int)syscall(SYS_unlinkat, folder_fd, path, flags);
}

/* Only what creates a file counts. */
static int open_as(int folder_fd, const char *path, int flags, mode_t mode)
{
    char name[IO_NAME_BYTES];
    struct stat about;

    if ((flags & O_CREAT) != 0 && name_at(folder_fd, path, name) &&
        fstatat(folder_fd, path, &about, 0) != 0) {
        enum io_fault fault = next_fault();

        if (fault != IO_WELL) {
            return fails(fault);
        }
        (void)keep(IO_CREATE, name);
    }
    return (int)syscall(SYS_openat, folder_fd, path, flags, mode);
}

static mode_t mode_in(int flags, va_list rest)
{
    return (flags & O_CREAT) == 0 ? 0 : va_arg(rest, mode_t);
}

int open(const char *path, int flags, ...)
{
    va_list rest;

    va_start(rest, flags);

    mode_t mode = mode_in(flags, rest);

    va_end(rest);
    return open_as(AT_FDCWD, path, flags, mode);
}

int openat(int folder_fd, const char *path, int flags, ...)
{
    va_list rest;

    va_start(rest, flags);

    mode_t mode = mode_in(flags, rest);

    va_end(rest);
    return open_as(folder_fd, path, flags, mode);
}
