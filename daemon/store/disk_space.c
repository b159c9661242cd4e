#include "store/disk_space.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define GIB ((uint64_t)1 << 30)
#define MIB ((uint64_t)1 << 20)

enum {
    SHORT_PART = 10,   /* less than a tenth is free: no new cases … */
    LAST_PART = 33,    /* less than a thirty-third: only what falls due */
    GIVE_UP_PART = 64, /* less than this, and the reserve is given up */
    RESERVE_PART = 16  /* the reserve's own share */
};

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The share of a disk, but of a large one no more than `bytes`: terabytes need no hundred free
 * gigabytes. */
static uint64_t share(const struct disk_space *disk, unsigned part, uint64_t bytes)
{
    return least(disk->disk_bytes / part, bytes);
}

/* False: nobody can say. */
static bool ask(struct disk_space *disk)
{
    struct statvfs about;

    if (fstatvfs(disk->fd, &about) != 0) {
        return false;
    }
    disk->free_bytes = (uint64_t)about.f_bavail * about.f_frsize;
    disk->disk_bytes = (uint64_t)about.f_blocks * about.f_frsize;
    return true;
}

/* The room must be there, not promised: so it is allocated. */
static void take_reserve(struct disk_space *disk)
{
    uint64_t bytes = share(disk, RESERVE_PART, 64 * MIB);

    if (disk->free_bytes < bytes + share(disk, SHORT_PART, GIB)) {
        return;
    }
    if (posix_fallocate(disk->fd, 0, (off_t)bytes) != 0) {
        (void)!ftruncate(disk->fd, 0); /* it is room for emergencies; without it we live on */
        return;
    }
    disk->held_bytes = bytes;
    disk->free_bytes -= bytes;
}

static void give_up_reserve(struct disk_space *disk)
{
    if (disk->held_bytes == 0 || ftruncate(disk->fd, 0) != 0) {
        return;
    }
    log_error("store.reserve.given_up bytes=%llu do=\"make room on the disk: what falls due is "
              "done in what is left\"",
              (unsigned long long)disk->held_bytes);
    disk->free_bytes += disk->held_bytes;
    disk->held_bytes = 0;
}

static enum space judge(const struct disk_space *disk)
{
    if (disk->free_bytes < share(disk, LAST_PART, GIB / 4)) {
        return SPACE_LAST;
    }
    return disk->free_bytes < share(disk, SHORT_PART, GIB) ? SPACE_SHORT : SPACE_ENOUGH;
}

void disk_space_look(struct disk_space *disk)
{
    if (disk->fd < 0 || !ask(disk)) {
        return;
    }
    if (disk->free_bytes < share(disk, GIVE_UP_PART, 16 * MIB)) {
        give_up_reserve(disk);
    } else if (disk->held_bytes == 0) {
        take_reserve(disk);
    }
    disk->space = disk->held_bytes == 0 && disk->free_bytes < share(disk, SHORT_PART, GIB)
                      ? SPACE_LAST /* what is free is the reserve */
                      : judge(disk);
}

void disk_space_open(struct disk_space *disk, const struct folder *folder)
{
    struct stat about;

    *disk = (struct disk_space){
        .fd = openat(folder->fd, "reserve", O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (disk->fd < 0) {
        log_warn("store.reserve.failed reason=\"%s\"", strerror(errno));
        return;
    }
    if (fstat(disk->fd, &about) == 0) {
        disk->held_bytes = (uint64_t)about.st_size;
    }
    disk_space_look(disk);
}

void disk_space_close(struct disk_space *disk)
{
    if (disk->fd >= 0) {
        (void)close(disk->fd);
    }
    disk->fd = -1;
}
