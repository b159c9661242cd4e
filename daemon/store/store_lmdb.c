#include "store/store_lmdb.h"

#include "store/lmdb_space.h"

#include "base/log.h"
#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGE_BYTES = 4096, PATH_BYTES = 4096 };

static const char state_name[] = "state.mdb";

struct store {
    MDB_env *env;                     /* owned; a snapshot borrows its store's */
    MDB_txn *txn;                     /* owned; NULL until something is asked or written */
    MDB_cursor *cursors[TABLE_COUNT]; /* owned with the transaction */
    MDB_dbi tables[TABLE_COUNT];
    struct disk_space disk;
    struct store_use use; /* as last looked at */
    uint64_t unsaved;     /* rows written since the last commit */
    enum status status;   /* the first failure since then */
    bool snapshot;        /* its transaction only reads, and is there while it is out */
    pthread_t owner;      /* the thread that began the transaction; no other may end it */
};

static struct store *take_store(void)
{
    struct store *store = calloc(1, sizeof(*store));

    if (store != NULL) {
        store->disk.fd = -1; /* none is looked at */
    }
    return store;
}

/* The one place where LMDB's codes become ours; the code itself is logged here, once. */
static enum status status_of(int rc, const char *doing)
{
    if (rc == MDB_SUCCESS) {
        return STATUS_OK;
    }
    log_error("store.failed doing=%s reason=\"%s\"", doing, mdb_strerror(rc));
    return rc == MDB_MAP_FULL ? STATUS_FULL : STATUS_DISK;
}

/* LMDB takes mutable pointers even to what it only reads; the const is shed here alone. */
static MDB_val val_of(const void *bytes, size_t size)
{
    union {
        const void *ours;
        void *theirs;
    } view = {.ours = bytes};

    return (MDB_val){.mv_size = size, .mv_data = view.theirs};
}

static MDB_val key_val(const struct key *key)
{
    MUST(key->size >= 1);
    MUST(key->size <= KEY_BYTES_MAX);
    return val_of(key->bytes, key->size);
}

static struct bytes bytes_of(const MDB_val *value)
{
    return (struct bytes){.at = value->mv_data, .size = value->mv_size};
}

static int open_cursors(struct store *store)
{
    int rc = MDB_SUCCESS;

    for (enum table table = 0; table < TABLE_COUNT && rc == MDB_SUCCESS; table++) {
        rc = mdb_cursor_open(store->txn, store->tables[table], &store->cursors[table]);
    }
    return rc;
}

static int begin(struct store *store)
{
    int rc = mdb_txn_begin(store->env, NULL, 0, &store->txn);

    store->owner = pthread_self();
    return rc == MDB_SUCCESS ? open_cursors(store) : rc;
}

/*
 * The transaction everything goes through; false once something has failed. Each table has one
 * cursor, which stays where the last call left it: a step reads and writes rows that lie side
 * by side, and LMDB walks down from the root only for a key of another page.
 */
static bool in_transaction(struct store *store)
{
    if (store->status == STATUS_OK && store->txn == NULL) {
        store->status = status_of(begin(store), "begin");
    }
    return store->status == STATUS_OK;
}

enum status store_status(const struct store *store)
{
    return store->status;
}

bool store_get(struct store *store, enum table table, const struct key *key,
               struct bytes *value)
{
    MDB_val k = key_val(key);
    MDB_val v;

    if (!in_transaction(store)) {
        return false;
    }

    int rc = mdb_cursor_get(store->cursors[table], &k, &v, MDB_SET);

    if (rc == MDB_NOTFOUND) {
        return false;
    }
    store->status = status_of(rc, "get");
    *value = bytes_of(&v);
    return store->status == STATUS_OK;
}

bool store_next(struct store *store, enum table table, struct key *key, struct bytes *value)
{
    MDB_val k = key_val(key);
    MDB_val v;

    if (!in_transaction(store)) {
        return false;
    }

    int rc = mdb_cursor_get(store->cursors[table], &k, &v, MDB_SET_RANGE);

    if (rc == MDB_NOTFOUND) {
        return false;
    }
    store->status = status_of(rc, "next");
    if (store->status != STATUS_OK) {
        return false;
    }
    MUST(k.mv_size <= KEY_BYTES_MAX);
    memcpy(key->bytes, k.mv_data, k.mv_size);
    key->size = k.mv_size;
    *value = bytes_of(&v);
    return true;
}

void store_put(struct store *store, enum table table, const struct key *key, struct bytes value)
{
    MDB_val k = key_val(key);
    MDB_val v = val_of(value.at, value.size);

    MUST(!store->snapshot);
    MUST(value.size <= VALUE_BYTES_MAX);
    if (in_transaction(store)) {
        store->status = status_of(mdb_cursor_put(store->cursors[table], &k, &v, 0), "put");
        store->unsaved++;
    }
}

void store_delete(struct store *store, enum table table, const struct key *key)
{
    MDB_val k = key_val(key);

    MUST(!store->snapshot);
    if (in_transaction(store)) {
        MDB_val v;
        int rc = mdb_cursor_get(store->cursors[table], &k, &v, MDB_SET);

        MUST(rc != MDB_NOTFOUND);
        if (rc == MDB_SUCCESS) {
            rc = mdb_cursor_del(store->cursors[table], 0);
        }
        store->status = status_of(rc, "delete");
        store->unsaved++;
    }
}

/* Cursors of a write transaction go with it: LMDB frees them at its end. */
static void forget_cursors(struct store *store)
{
    memset(store->cursors, 0, sizeof(store->cursors));
}

uint64_t store_unsaved(const struct store *store)
{
    return store->unsaved;
}

struct store_use store_use(const struct store *store)
{
    return store->use;
}

void store_look(struct store *store)
{
    lmdb_space_look(store->env, &store->disk, &store->use);
}

enum status store_commit(struct store *store)
{
    MDB_txn *txn = store->txn;
    enum status status = store->status;

    MUST(!store->snapshot);
    store->txn = NULL; /* LMDB ends the transaction even when the commit fails */
    store->status = STATUS_OK;
    store->unsaved = 0;
    forget_cursors(store);
    if (txn == NULL) {
        return status;
    }
    /* LMDB's lock would stay locked for ever, and the next begin would wait for it. */
    MUST(pthread_equal(store->owner, pthread_self()));
    if (status != STATUS_OK) {
        mdb_txn_abort(txn);
        return status;
    }
    status = status_of(mdb_txn_commit(txn), "commit");
    if (status == STATUS_OK) {
        store_look(store);
    }
    return status;
}

void store_abandon(struct store *store)
{
    MUST(!store->snapshot);
    if (store->txn != NULL) {
        mdb_txn_abort(store->txn);
    }
    store->txn = NULL;
    store->status = STATUS_OK;
    store->unsaved = 0;
    forget_cursors(store);
}

static int open_tables(struct store *store)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(store->env, NULL, 0, &txn);

    if (rc != MDB_SUCCESS) {
        return rc;
    }
    for (enum table table = 0; table < TABLE_COUNT && rc == MDB_SUCCESS; table++) {
        rc = mdb_dbi_open(txn, table_word(table).bytes, MDB_CREATE, &store->tables[table]);
    }
    if (rc != MDB_SUCCESS) {
        mdb_txn_abort(txn);
        return rc;
    }
    return mdb_txn_commit(txn);
}

/*
 * After a crash the page cache may show a commit that never reached the disk. Rewriting one row
 * makes a commit of its own, and with it durable what is shown, before anybody relies on it.
 */
static enum status settle(struct store *store)
{
    struct key key = {.bytes = {0}, .size = 1};
    struct bytes value;
    uint8_t copy[VALUE_BYTES_MAX];

    if (!store_next(store, TABLE_META, &key, &value)) {
        return store->status;
    }
    MUST(value.size <= sizeof(copy));
    memcpy(copy, value.at, value.size);
    store_put(store, TABLE_META, &key, (struct bytes){.at = copy, .size = value.size});
    return store_commit(store);
}

static int open_env(struct store *store, const char *path, size_t map_bytes, unsigned flags)
{
    int fd = -1;
    char file[PATH_BYTES];
    int size = snprintf(file, sizeof(file), "%s/%s", path, state_name);
    int rc = mdb_env_create(&store->env);

    if (size < 0 || (size_t)size >= sizeof(file)) {
        return ENAMETOOLONG;
    }
    if (rc == MDB_SUCCESS) {
        rc = mdb_env_set_maxdbs(store->env, TABLE_COUNT);
    }
    if (rc == MDB_SUCCESS && map_bytes > 0) {
        rc = mdb_env_set_mapsize(store->env, map_bytes);
    }
    if (rc == MDB_SUCCESS) {
        rc = mdb_env_open(store->env, file, MDB_NOSUBDIR | MDB_NOTLS | MDB_NORDAHEAD | flags,
                          0600);
    }
    if (rc == MDB_SUCCESS && mdb_env_get_fd(store->env, &fd) == MDB_SUCCESS) {
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC); /* LMDB leaves this one open to children */
    }
    return rc;
}

/*
 * LMDB begins a file with one write of two pages, each with a mark in it. Where that never came
 * about whole, LMDB takes the file for none of its own for ever; but nothing was committed to
 * it, and the journal leads to whatever belongs there.
 */
static enum status drop_stillborn(const struct folder *folder)
{
    enum { MARK_AT = 16, MARK_BYTES = 4 };
    static const uint8_t none[MARK_BYTES];
    uint8_t pages[2 * PAGE_BYTES];
    int fd = openat(folder->fd, state_name, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return STATUS_OK; /* the first start; what else it may be LMDB will say */
    }

    ssize_t size = pread(fd, pages, sizeof(pages), 0);
    bool whole = size == (ssize_t)sizeof(pages) &&
                 memcmp(pages + MARK_AT, none, MARK_BYTES) != 0 &&
                 memcmp(pages + PAGE_BYTES + MARK_AT, none, MARK_BYTES) != 0;

    (void)close(fd);
    if (whole || size < 0) {
        return STATUS_OK;
    }
    log_warn("store.stillborn file=%s do=\"none: the journal leads to all that was in it\"",
             state_name);
    if (unlinkat(folder->fd, state_name, 0) != 0) {
        log_error("store.failed doing=unlink reason=\"%s\"", strerror(errno));
        return STATUS_DISK;
    }
    return folder_sync(folder->fd);
}

static int open_to_write(struct store *store, const char *path, size_t map_bytes)
{
    int dead = 0;
    int rc = open_env(store, path, map_bytes, 0);

    if (rc == MDB_SUCCESS) {
        rc = mdb_reader_check(store->env, &dead); /* slots of readers that were killed */
    }
    return rc == MDB_SUCCESS ? open_tables(store) : rc;
}

/* One transaction for as long as it is open, so that all that is read is of one commit. */
static int open_to_read(struct store *store, const char *path)
{
    char lock[PATH_BYTES];
    int size = snprintf(lock, sizeof(lock), "%s/state.mdb-lock", path);
    bool locks = size > 0 && (size_t)size < sizeof(lock) && access(lock, R_OK | W_OK) == 0;
    int rc = open_env(store, path, 0, MDB_RDONLY | (locks ? 0U : MDB_NOLOCK));

    store->snapshot = true;
    if (rc == MDB_SUCCESS) {
        rc = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &store->txn);
    }
    for (enum table table = 0; table < TABLE_COUNT && rc == MDB_SUCCESS; table++) {
        rc = mdb_dbi_open(store->txn, table_word(table).bytes, 0, &store->tables[table]);
    }
    for (enum table table = 0; table < TABLE_COUNT && rc == MDB_SUCCESS; table++) {
        rc = mdb_cursor_open(store->txn, store->tables[table], &store->cursors[table]);
    }
    return rc;
}

enum status store_lmdb_open(struct store **out, const struct folder *folder, const char *path,
                            size_t map_bytes)
{
    struct store *store = take_store();
    enum status status = store == NULL ? STATUS_NO_MEMORY : STATUS_OK;

    *out = NULL;
    if (status == STATUS_OK && sysconf(_SC_PAGESIZE) != PAGE_BYTES) {
        log_error("store.refused page_bytes=%ld do=\"LMDB's files are for pages of %d bytes\"",
                  sysconf(_SC_PAGESIZE), PAGE_BYTES);
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        disk_space_open(&store->disk, folder); /* before anything needs the reserve */
        status = drop_stillborn(folder);
    }
    if (status == STATUS_OK) {
        status = status_of(open_to_write(store, path, map_bytes), "open");
    }
    if (status == STATUS_OK) {
        status = folder_sync(folder->fd);
    }
    if (status == STATUS_OK) {
        status = settle(store);
    }
    if (status != STATUS_OK) {
        store_close(store);
        return status;
    }
    store_look(store);
    *out = store;
    return STATUS_OK;
}

static enum status opened(struct store *store, int rc, struct store **out)
{
    enum status status = status_of(rc, "open");

    if (status != STATUS_OK) {
        store_close(store);
        return status;
    }
    *out = store;
    return STATUS_OK;
}

enum status store_lmdb_open_read(struct store **out, const char *path)
{
    struct store *store = take_store();

    *out = NULL;
    return store == NULL ? STATUS_NO_MEMORY : opened(store, open_to_read(store, path), out);
}

enum status store_lmdb_open_scratch(struct store **out, const char *path, size_t map_bytes)
{
    struct store *store = take_store();

    *out = NULL;
    if (store == NULL) {
        return STATUS_NO_MEMORY;
    }

    int rc = open_env(store, path, map_bytes, MDB_NOSYNC);

    return opened(store, rc == MDB_SUCCESS ? open_tables(store) : rc, out);
}

enum status store_lmdb_copy(const struct store *store, int fd)
{
    return status_of(mdb_env_copyfd2(store->env, fd, MDB_CP_COMPACT), "copy");
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    for (enum table table = 0; store->snapshot && table < TABLE_COUNT; table++) {
        if (store->cursors[table] != NULL) {
            mdb_cursor_close(store->cursors[table]); /* of a reader they do not go with it */
        }
    }
    if (store->txn != NULL) {
        mdb_txn_abort(store->txn);
    }
    if (store->env != NULL) {
        mdb_env_close(store->env);
    }
    disk_space_close(&store->disk);
    free(store);
}

/* Snapshots keep their read transactions, and with them their slots in LMDB's table of readers,
 * for the next taker. */
struct snapshots {
    pthread_mutex_t mutex;
    struct store stores[SNAPSHOTS_MAX];
    struct store *idle[SNAPSHOTS_MAX]; /* guarded by the mutex */
    uint32_t count;
    uint32_t idle_count; /* guarded by the mutex */
};

enum status snapshots_open(struct snapshots **out, struct store *store, uint32_t count)
{
    struct snapshots *snapshots = calloc(1, sizeof(*snapshots));

    MUST(count <= SNAPSHOTS_MAX);
    *out = snapshots;
    if (snapshots == NULL) {
        return STATUS_NO_MEMORY;
    }
    (void)pthread_mutex_init(&snapshots->mutex, NULL);
    snapshots->count = count;
    for (; snapshots->idle_count < count; snapshots->idle_count++) {
        struct store *snapshot = &snapshots->stores[snapshots->idle_count];

        *snapshot = (struct store){.env = store->env, .snapshot = true};
        memcpy(snapshot->tables, store->tables, sizeof(snapshot->tables));
        snapshots->idle[snapshots->idle_count] = snapshot;
    }
    return STATUS_OK;
}

void snapshots_close(struct snapshots *snapshots)
{
    if (snapshots == NULL) {
        return;
    }
    MUST(snapshots->idle_count == snapshots->count);
    for (uint32_t i = 0; i < snapshots->count; i++) {
        if (snapshots->stores[i].txn != NULL) {
            mdb_txn_abort(snapshots->stores[i].txn);
        }
    }
    (void)pthread_mutex_destroy(&snapshots->mutex);
    free(snapshots);
}

enum status snapshot_take(struct snapshots *snapshots, struct store **out)
{
    struct store *snapshot = NULL;

    (void)pthread_mutex_lock(&snapshots->mutex);
    if (snapshots->idle_count > 0) {
        snapshot = snapshots->idle[--snapshots->idle_count];
    }
    (void)pthread_mutex_unlock(&snapshots->mutex);
    if (snapshot == NULL) {
        return STATUS_FULL;
    }

    int rc = snapshot->txn == NULL
                 ? mdb_txn_begin(snapshot->env, NULL, MDB_RDONLY, &snapshot->txn)
                 : mdb_txn_renew(snapshot->txn);

    rc = rc == MDB_SUCCESS ? open_cursors(snapshot) : rc;
    snapshot->status = status_of(rc, "snapshot");
    *out = snapshot;
    if (snapshot->status != STATUS_OK) {
        enum status status = snapshot->status;

        snapshot_give(snapshots, snapshot);
        return status;
    }
    return STATUS_OK;
}

void snapshot_give(struct snapshots *snapshots, struct store *snapshot)
{
    for (enum table table = 0; table < TABLE_COUNT; table++) {
        if (snapshot->cursors[table] != NULL) {
            mdb_cursor_close(snapshot->cursors[table]); /* of a reader they do not go with it */
        }
    }
    forget_cursors(snapshot);
    if (snapshot->txn != NULL) {
        mdb_txn_reset(snapshot->txn);
    }
    (void)pthread_mutex_lock(&snapshots->mutex);
    snapshots->idle[snapshots->idle_count++] = snapshot;
    (void)pthread_mutex_unlock(&snapshots->mutex);
}

struct text table_word(enum table table)
{
    static const struct text words[] = {
#define TABLE_WORD(name, word) [name] = TEXT_INIT(word),
        TABLES(TABLE_WORD)
#undef TABLE_WORD
    };

    return words[table];
}
