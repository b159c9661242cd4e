#ifndef DUBAN_STORE_LMDB_SPACE_H
#define DUBAN_STORE_LMDB_SPACE_H

/* What LMDB's map and the disk below it may still be given. */
#include "store/disk_space.h"

#include <lmdb.h>

/* Look at both, between transactions; what changed is logged, with what to do. */
void lmdb_space_look(MDB_env *env, struct disk_space *disk, struct store_use *use);

#endif
