#ifndef DUBAN_STORE_DISK_SPACE_H
#define DUBAN_STORE_DISK_SPACE_H

/*
 * How much the disk below a store can still take, and a reserve on it: a file that holds room
 * while there is some and is given up when there is none, so that what falls due is still done
 * on a full disk. The reserve is one sixteenth of the disk, 64 MiB at most.
 */
#include "store/folder.h"
#include "store/store.h"

struct disk_space {
    int fd;              /* owned; of the reserve, -1 while it cannot be had */
    uint64_t held_bytes; /* of the reserve */
    uint64_t free_bytes; /* as last looked at, the reserve left out */
    uint64_t disk_bytes;
    enum space space;
};

/* Open, take the reserve if there is room for it, or give up that of a former run. */
void disk_space_open(struct disk_space *disk, const struct folder *folder);
void disk_space_close(struct disk_space *disk);
/* Look again; what changed is logged, with what to do. */
void disk_space_look(struct disk_space *disk);

#endif
