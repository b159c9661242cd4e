#include "store/lmdb_space.h"

#include "base/log.h"

#include <string.h>

enum { PAGE_BYTES = 4096 };

/* Pages that were freed and can be written again. Each row of LMDB's own table of them is a
 * list with its length in front. */
static uint64_t free_pages(MDB_env *env)
{
    MDB_txn *txn;
    MDB_cursor *cursor;
    MDB_val key;
    MDB_val list;
    uint64_t pages = 0;

    if (mdb_txn_begin(env, NULL, MDB_RDONLY, &txn) != MDB_SUCCESS) {
        return 0;
    }
    if (mdb_cursor_open(txn, 0, &cursor) == MDB_SUCCESS) {
        while (mdb_cursor_get(cursor, &key, &list, MDB_NEXT) == MDB_SUCCESS) {
            size_t length = 0;

            memcpy(&length, list.mv_data, sizeof(length));
            pages += length;
        }
        mdb_cursor_close(cursor);
    }
    mdb_txn_abort(txn);
    return pages;
}

static void tell_space(enum space before, const struct store_use *use)
{
    if (use->space == before) {
        return;
    }
    if (use->space == SPACE_ENOUGH) {
        log_info("store.space is=enough used_bytes=%llu disk_free_bytes=%llu",
                 (unsigned long long)use->used_bytes, (unsigned long long)use->disk_free_bytes);
        return;
    }
    log_error("store.space is=%s used_bytes=%llu bytes_max=%llu disk_free_bytes=%llu do=\"%s\"",
              space_word(use->space).bytes, (unsigned long long)use->used_bytes,
              (unsigned long long)use->bytes_max, (unsigned long long)use->disk_free_bytes,
              space_of(use->used_bytes, use->bytes_max) == SPACE_ENOUGH
                  ? "make room on the disk"
                  : "start with a larger --map-mib");
}

/* The map never shrinks, so past the bound its free pages are counted. */
static uint64_t used_bytes(MDB_env *env, const MDB_envinfo *info)
{
    uint64_t bytes = (info->me_last_pgno + 1) * PAGE_BYTES;

    return space_of(bytes, info->me_mapsize) == SPACE_ENOUGH
               ? bytes
               : bytes - free_pages(env) * PAGE_BYTES;
}

void lmdb_space_look(MDB_env *env, struct disk_space *disk, struct store_use *use)
{
    enum space before = use->space;
    MDB_envinfo info;

    if (mdb_env_info(env, &info) != MDB_SUCCESS) {
        return;
    }
    disk_space_look(disk);
    *use = (struct store_use){.used_bytes = used_bytes(env, &info),
                              .bytes_max = info.me_mapsize,
                              .disk_free_bytes = disk->free_bytes};
    use->space = space_of(use->used_bytes, use->bytes_max);
    if (disk->space > use->space) {
        use->space = disk->space;
    }
    tell_space(before, use);
}
