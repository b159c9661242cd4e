#define _DEFAULT_SOURCE /* flock; fstatfs is Linux's */
#include "store/folder.h"

#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Where neither mmap nor locks mean what they mean on a disk of our own. */
static const struct {
    long magic;
    const char *name;
    bool refused;
} file_systems[] = {
    {0x6969, "nfs", true},          {0xff534d42, "cifs", true},   {0xfe534d42, "smb2", true},
    {0x01021997, "9p", true},       {0x65735546, "fuse", true},   {0x00c36400, "ceph", true},
    {0x794c7630, "overlay", false}, {0x01021994, "tmpfs", false},
};

static enum status check_file_system(int fd, const char *path)
{
    struct statfs about;

    if (fstatfs(fd, &about) != 0) {
        log_error("store.folder.failed path=\"%s\" reason=\"%s\"", path, strerror(errno));
        return STATUS_DISK;
    }
    for (size_t i = 0; i < sizeof(file_systems) / sizeof(file_systems[0]); i++) {
        if ((long)about.f_type != file_systems[i].magic) {
            continue;
        }
        if (file_systems[i].refused) {
            log_error("store.folder.refused path=\"%s\" file_system=%s do=\"put the store on a "
                      "local disk\"",
                      path, file_systems[i].name);
            return STATUS_REFUSED;
        }
        log_warn(
            "store.folder.unsafe path=\"%s\" file_system=%s reason=\"a flush may not reach a "
            "disk here\"",
            path, file_systems[i].name);
    }
    return STATUS_OK;
}

static enum status check_mode(int fd, const char *path)
{
    struct stat about;

    if (fstat(fd, &about) != 0) {
        log_error("store.folder.failed path=\"%s\" reason=\"%s\"", path, strerror(errno));
        return STATUS_DISK;
    }
    if ((about.st_mode & 0022) != 0) {
        log_error(
            "store.folder.refused path=\"%s\" mode=%03o do=\"chmod 0700: others may write "
            "to it\"",
            path, (unsigned)(about.st_mode & 0777));
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

/* What lies there may be no store: a backup, or half of a restore. */
static enum status check_purpose(int fd, const char *path)
{
    static const struct {
        const char *file;
        const char *reason;
        const char *what_to_do;
    } signs[] = {
        {FOLDER_RESTORING, "a restore into it was not finished", "empty it, and restore again"},
        {FOLDER_MANIFEST, "it is a backup", "duban restore makes a store of it"},
    };

    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (faccessat(fd, signs[i].file, F_OK, 0) == 0) {
            log_error("store.folder.refused path=\"%s\" reason=\"%s\" do=\"%s\"", path,
                      signs[i].reason, signs[i].what_to_do);
            return STATUS_REFUSED;
        }
    }
    return STATUS_OK;
}

static enum status lock(struct folder *folder, const char *path)
{
    folder->lock_fd = openat(folder->fd, "duban.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (folder->lock_fd < 0) {
        log_error("store.lock.failed path=\"%s\" reason=\"%s\"", path, strerror(errno));
        return STATUS_DISK;
    }
    if (flock(folder->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        log_error(
            "store.lock.refused path=\"%s\" do=\"stop the daemon that holds this store, or "
            "give this one a folder of its own\"",
            path);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

/* A new folder's own name must survive a power cut too: its parent is flushed. */
static enum status create(const char *path)
{
    if (mkdir(path, 0700) != 0) {
        if (errno == EEXIST) {
            return STATUS_OK;
        }
        log_error("store.folder.failed path=\"%s\" reason=\"%s\"", path, strerror(errno));
        return STATUS_DISK;
    }

    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int parent = fd < 0 ? -1 : openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum status status = parent < 0 ? STATUS_DISK : folder_sync(parent);

    if (fd >= 0) {
        (void)close(fd);
    }
    if (parent >= 0) {
        (void)close(parent);
    }
    return status;
}

enum status folder_open(struct folder *folder, const char *path)
{
    struct folder opened = {.fd = -1, .lock_fd = -1};
    enum status status = create(path);

    *folder = opened;
    if (status != STATUS_OK) {
        return status;
    }
    opened.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened.fd < 0) {
        log_error("store.folder.failed path=\"%s\" reason=\"%s\"", path, strerror(errno));
        return STATUS_DISK;
    }
    status = check_file_system(opened.fd, path);
    if (status == STATUS_OK) {
        status = check_mode(opened.fd, path);
    }
    if (status == STATUS_OK) {
        status = check_purpose(opened.fd, path);
    }
    if (status == STATUS_OK) {
        status = lock(&opened, path);
    }
    if (status != STATUS_OK) {
        folder_close(&opened);
        return status;
    }
    *folder = opened;
    return STATUS_OK;
}

/* Whether a daemon holds the folder now. */
static bool is_held(int fd)
{
    int lock_fd = openat(fd, "duban.lock", O_RDONLY | O_CLOEXEC);
    bool held = lock_fd >= 0 && flock(lock_fd, LOCK_SH | LOCK_NB) != 0;

    if (lock_fd >= 0) {
        (void)close(lock_fd); /* and with it the lock, if there was one */
    }
    return held;
}

enum status folder_open_read(struct folder *folder, const char *path)
{
    *folder =
        (struct folder){.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), .lock_fd = -1};
    if (folder->fd < 0) {
        return STATUS_NOT_FOUND;
    }
    if (is_held(folder->fd)) {
        folder_close(folder);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

void folder_close(struct folder *folder)
{
    if (folder->lock_fd >= 0) {
        (void)close(folder->lock_fd);
    }
    if (folder->fd >= 0) {
        (void)close(folder->fd);
    }
    *folder = (struct folder){.fd = -1, .lock_fd = -1};
}

enum status folder_sync(int fd)
{
    if (fsync(fd) != 0) {
        log_error("store.folder.failed doing=sync reason=\"%s\"", strerror(errno));
        return STATUS_DISK;
    }
    return STATUS_OK;
}

/* What a file takes, if its name ends so. */
static uint64_t size_of(int fd, const char *name, const char *ending)
{
    struct stat about;
    size_t size = strlen(name);
    size_t tail = strlen(ending);

    if (size < tail || strcmp(name + size - tail, ending) != 0 ||
        fstatat(fd, name, &about, AT_SYMLINK_NOFOLLOW) != 0) {
        return 0;
    }
    return (uint64_t)about.st_size;
}

uint64_t folder_measure(const struct folder *folder, const char *ending)
{
    int fd = openat(folder->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *files = fd < 0 ? NULL : fdopendir(fd);
    uint64_t bytes = 0;

    if (files == NULL) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return 0;
    }
    for (struct dirent *entry = readdir(files); entry != NULL; entry = readdir(files)) {
        bytes += size_of(dirfd(files), entry->d_name, ending);
    }
    (void)closedir(files);
    return bytes;
}
