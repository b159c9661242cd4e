#include "ledger.h"

#include "base/log.h"
#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define MAP_BYTES ((size_t)16 << 30) /* address space, not memory */

enum { VERSION = 1, HEAD_BYTES = 5, SWEEP_MAX = 256, PATH_BYTES = 4096 };

/*
 * sent    key → when, what, the provider's name for it
 * ages    when it was kept (8 bytes), key → nothing: what is to be forgotten first
 * results token (8 bytes) → the frame that tells it
 * owner   "owner" → generation (4 bytes), store
 */
enum table { SENT, AGES, RESULTS, OWNER, TABLE_COUNT };

static const char *const table_names[] = {"sent", "ages", "results", "owner"};

struct ledger {
    MDB_env *env; /* owned */
    MDB_txn *txn; /* owned; NULL until something is asked or written */
    MDB_dbi tables[TABLE_COUNT];
    int lock_fd; /* owned */
    struct ledger_owner owner;
    bool dirty;
    enum status status; /* the first failure since the last flush */
};

static enum status status_of(int rc, const char *doing)
{
    if (rc == MDB_SUCCESS) {
        return STATUS_OK;
    }
    log_error("ledger.failed doing=%s reason=\"%s\"", doing, mdb_strerror(rc));
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

/* ---------------------------------------------------------------- numbers and values */

static void put_number(uint8_t *at, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        at[i] = (uint8_t)(number >> 8 * (size - 1 - i));
    }
}

static uint64_t take_number(const uint8_t *at, size_t size)
{
    uint64_t number = 0;

    for (size_t i = 0; i < size; i++) {
        number = number << 8 | at[i];
    }
    return number;
}

/* Every value begins with its version and a checksum of the rest: LMDB has none. */
static size_t seal(uint8_t *value, size_t size)
{
    value[0] = VERSION;
    put_number(value + 1, crc32c((struct bytes){value + HEAD_BYTES, size}), 4);
    return HEAD_BYTES + size;
}

static bool unseal(const MDB_val *value, struct bytes *inside)
{
    const uint8_t *at = value->mv_data;

    if (value->mv_size < HEAD_BYTES || at[0] != VERSION) {
        return false;
    }
    *inside = (struct bytes){at + HEAD_BYTES, value->mv_size - HEAD_BYTES};
    return take_number(at + 1, 4) == crc32c(*inside);
}

/* ---------------------------------------------------------------- the transaction */

/* One for reading and writing, begun when it is needed and ended by a flush. */
static bool in_transaction(struct ledger *ledger)
{
    if (ledger->status == STATUS_OK && ledger->txn == NULL) {
        ledger->status = status_of(mdb_txn_begin(ledger->env, NULL, 0, &ledger->txn), "begin");
    }
    return ledger->status == STATUS_OK;
}

static void put(struct ledger *ledger, enum table table, MDB_val key, MDB_val value)
{
    if (in_transaction(ledger)) {
        ledger->status =
            status_of(mdb_put(ledger->txn, ledger->tables[table], &key, &value, 0), "put");
        ledger->dirty = true;
    }
}

static void drop(struct ledger *ledger, enum table table, MDB_val key)
{
    if (in_transaction(ledger)) {
        int rc = mdb_del(ledger->txn, ledger->tables[table], &key, NULL);

        ledger->status = rc == MDB_NOTFOUND ? STATUS_OK : status_of(rc, "del");
        ledger->dirty = true;
    }
}

/* False: it is not there, or damaged, which is told. */
static bool get(struct ledger *ledger, enum table table, MDB_val key, struct bytes *inside)
{
    MDB_val value;

    if (!in_transaction(ledger)) {
        return false;
    }

    int rc = mdb_get(ledger->txn, ledger->tables[table], &key, &value);

    if (rc == MDB_SUCCESS && !unseal(&value, inside)) {
        log_error("ledger.damaged table=%s do=\"stop it, move the folder away, start it anew: "
                  "what is in doubt just now could be sent twice\"",
                  table_names[table]);
        ledger->status = STATUS_DISK;
    } else if (rc != MDB_SUCCESS && rc != MDB_NOTFOUND) {
        ledger->status = status_of(rc, "get");
    }
    return rc == MDB_SUCCESS && ledger->status == STATUS_OK;
}

bool ledger_is_dirty(const struct ledger *ledger)
{
    return ledger->dirty;
}

enum status ledger_flush(struct ledger *ledger)
{
    MDB_txn *txn = ledger->txn;
    enum status status = ledger->status;

    ledger->txn = NULL;
    ledger->dirty = false;
    ledger->status = STATUS_OK;
    if (txn == NULL) {
        return status;
    }
    if (status != STATUS_OK) {
        mdb_txn_abort(txn);
        return status;
    }
    return status_of(mdb_txn_commit(txn), "commit");
}

/* ---------------------------------------------------------------- whose it is */

static const char owner_key[] = "owner";

static void read_owner(struct ledger *ledger)
{
    struct bytes inside;

    if (get(ledger, OWNER, val_of(owner_key, sizeof(owner_key) - 1), &inside) &&
        inside.size >= 4 && inside.size - 4 < LEDGER_STORE_BYTES) {
        ledger->owner.generation = (uint32_t)take_number(inside.at, 4);
        memcpy(ledger->owner.store, inside.at + 4, inside.size - 4);
    }
}

static void write_owner(struct ledger *ledger)
{
    uint8_t value[HEAD_BYTES + 4 + LEDGER_STORE_BYTES];
    size_t size = strlen(ledger->owner.store);

    put_number(value + HEAD_BYTES, ledger->owner.generation, 4);
    memcpy(value + HEAD_BYTES + 4, ledger->owner.store, size);
    put(ledger, OWNER, val_of(owner_key, sizeof(owner_key) - 1),
        val_of(value, seal(value, 4 + size)));
}

struct ledger_owner ledger_owner(const struct ledger *ledger)
{
    return ledger->owner;
}

void ledger_set_owner(struct ledger *ledger, const struct ledger_owner *owner)
{
    ledger->owner = *owner;
    write_owner(ledger);
    if (ledger->status == STATUS_OK) {
        ledger->status = status_of(mdb_drop(ledger->txn, ledger->tables[RESULTS], 0), "drop");
    }
}

/* ---------------------------------------------------------------- opening */

static enum status failed(const char *folder, const char *doing)
{
    log_error("ledger.failed folder=\"%s\" doing=%s reason=\"%s\"", folder, doing,
              strerror(errno));
    return STATUS_DISK;
}

/* Neither mmap nor locks mean over a network what they mean on a disk of our own. */
static bool is_remote(int fd)
{
    static const long remote[] = {0x6969,     0xff534d42, 0xfe534d42,
                                  0x01021997, 0x65735546, 0x00c36400};
    struct statfs about;
    bool found = false;

    if (fstatfs(fd, &about) == 0) {
        for (size_t i = 0; i < sizeof(remote) / sizeof(remote[0]); i++) {
            found = found || (long)about.f_type == remote[i];
        }
    }
    return found;
}

/* A folder of that name with all above it, each flushed into the one it stands in. */
static enum status make_folder(const char *folder)
{
    char path[PATH_BYTES];
    size_t size = strlen(folder);

    if (size == 0 || size >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return failed(folder, "make");
    }
    memcpy(path, folder, size + 1);
    for (size_t i = 1; i <= size; i++) {
        if (folder[i] != '/' && folder[i] != '\0') {
            continue;
        }
        path[i] = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST) {
            return failed(path, "make");
        }
        path[i] = folder[i];
    }
    return STATUS_OK;
}

static enum status flush_folder(int fd, const char *folder)
{
    int parent = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum status status = parent < 0 || fsync(fd) != 0 || fsync(parent) != 0
                             ? failed(folder, "flush")
                             : STATUS_OK;

    if (parent >= 0) {
        (void)close(parent);
    }
    return status;
}

static enum status lock(struct ledger *ledger, int fd, const char *folder)
{
    if (is_remote(fd)) {
        log_error("ledger.refused folder=\"%s\" do=\"put it on a local disk\"", folder);
        return STATUS_REFUSED;
    }
    ledger->lock_fd = openat(fd, "ledger.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (ledger->lock_fd < 0) {
        return failed(folder, "lock");
    }
    if (flock(ledger->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        log_error("ledger.refused folder=\"%s\" do=\"stop the worker that has it, or give this "
                  "one another: --ledger\"",
                  folder);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static int open_tables(struct ledger *ledger)
{
    int rc = MDB_SUCCESS;

    for (enum table table = 0; table < TABLE_COUNT && rc == MDB_SUCCESS; table++) {
        rc = mdb_dbi_open(ledger->txn, table_names[table], MDB_CREATE, &ledger->tables[table]);
    }
    return rc;
}

static int open_env(struct ledger *ledger, const char *folder)
{
    char path[PATH_BYTES];
    mdb_filehandle_t fd = -1;
    int rc = mdb_env_create(&ledger->env);

    if (snprintf(path, sizeof(path), "%s/ledger.mdb", folder) >= (int)sizeof(path)) {
        return ENAMETOOLONG;
    }
    if (rc == MDB_SUCCESS) {
        rc = mdb_env_set_mapsize(ledger->env, MAP_BYTES);
    }
    if (rc == MDB_SUCCESS) {
        rc = mdb_env_set_maxdbs(ledger->env, TABLE_COUNT);
    }
    if (rc == MDB_SUCCESS) {
        rc = mdb_env_open(ledger->env, path, MDB_NOSUBDIR | MDB_NORDAHEAD | MDB_NOTLS, 0600);
    }
    if (rc == MDB_SUCCESS) {
        rc = mdb_env_get_fd(ledger->env, &fd);
    }
    /* 0.9.24 leaves it open to the programs that a worker starts. */
    if (rc == MDB_SUCCESS && fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
        rc = errno;
    }
    return rc;
}

/*
 * The first commit writes, and so flushes, before anything is answered from what is read: what
 * an unfinished commit of an earlier life left may be in the kernel's memory alone.
 */
static enum status open_state(struct ledger *ledger, const char *folder)
{
    enum status status = status_of(open_env(ledger, folder), "open");

    if (status != STATUS_OK) {
        return status;
    }
    if (in_transaction(ledger)) {
        ledger->status = status_of(open_tables(ledger), "open");
    }
    read_owner(ledger);
    write_owner(ledger);
    return ledger_flush(ledger);
}

enum status ledger_open(struct ledger **out, const char *folder)
{
    struct ledger *ledger = calloc(1, sizeof(*ledger));
    int fd = -1;
    enum status status = ledger == NULL ? STATUS_NO_MEMORY : make_folder(folder);

    if (ledger != NULL) {
        ledger->lock_fd = -1;
    }
    if (status == STATUS_OK) {
        fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        status = fd < 0 ? failed(folder, "open") : lock(ledger, fd, folder);
    }
    if (status == STATUS_OK) {
        status = open_state(ledger, folder);
    }
    if (status == STATUS_OK) {
        status = flush_folder(fd, folder);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    if (status != STATUS_OK) {
        ledger_close(ledger);
        return status;
    }
    *out = ledger;
    return STATUS_OK;
}

void ledger_close(struct ledger *ledger)
{
    if (ledger == NULL) {
        return;
    }
    if (ledger->txn != NULL) {
        mdb_txn_abort(ledger->txn);
    }
    if (ledger->env != NULL) {
        mdb_env_close(ledger->env);
    }
    if (ledger->lock_fd >= 0) {
        (void)close(ledger->lock_fd);
    }
    free(ledger);
}

/* ---------------------------------------------------------------- keys */

static MDB_val key_val(const char *key)
{
    size_t size = strlen(key);

    MUST(size > 0 && size <= LEDGER_KEY_BYTES_MAX);
    return val_of(key, size);
}

enum status ledger_was_sent(struct ledger *ledger, const char *key, struct ledger_sent *sent)
{
    struct bytes inside;
    size_t fixed = 8 + sizeof(sent->sha256);

    if (!get(ledger, SENT, key_val(key), &inside) || inside.size < fixed ||
        inside.size - fixed >= sizeof(sent->provider_id)) {
        return ledger->status == STATUS_OK ? STATUS_NOT_FOUND : STATUS_DISK;
    }
    *sent = (struct ledger_sent){.sent_at_ms = (int64_t)take_number(inside.at, 8)};
    memcpy(sent->sha256, inside.at + 8, sizeof(sent->sha256));
    memcpy(sent->provider_id, inside.at + fixed, inside.size - fixed);
    return STATUS_OK;
}

void ledger_keep_sent(struct ledger *ledger, const char *key, const struct ledger_sent *sent,
                      int64_t now_ms)
{
    uint8_t value[HEAD_BYTES + 8 + sizeof(sent->sha256) + sizeof(sent->provider_id)];
    uint8_t age[8 + LEDGER_KEY_BYTES_MAX];
    size_t size = strlen(sent->provider_id);
    MDB_val name = key_val(key);

    put_number(value + HEAD_BYTES, (uint64_t)sent->sent_at_ms, 8);
    memcpy(value + HEAD_BYTES + 8, sent->sha256, sizeof(sent->sha256));
    memcpy(value + HEAD_BYTES + 8 + sizeof(sent->sha256), sent->provider_id, size);
    put(ledger, SENT, name, val_of(value, seal(value, 8 + sizeof(sent->sha256) + size)));

    put_number(age, (uint64_t)now_ms, 8);
    memcpy(age + 8, key, name.mv_size);
    put(ledger, AGES, val_of(age, 8 + name.mv_size), val_of("", 0));
}

bool ledger_sweep(struct ledger *ledger, int64_t now_ms)
{
    MDB_cursor *cursor = NULL;
    MDB_val age;
    MDB_val nothing;
    uint32_t count = 0;

    if (!in_transaction(ledger) ||
        mdb_cursor_open(ledger->txn, ledger->tables[AGES], &cursor) != MDB_SUCCESS) {
        return false;
    }
    while (count < SWEEP_MAX && ledger->status == STATUS_OK &&
           mdb_cursor_get(cursor, &age, &nothing, MDB_FIRST) == MDB_SUCCESS &&
           (int64_t)take_number(age.mv_data, 8) < now_ms - LEDGER_KEEP_MS) {
        uint8_t key[LEDGER_KEY_BYTES_MAX]; /* what LMDB shows, a write may move */
        size_t size = age.mv_size - 8;

        MUST(age.mv_size > 8 && size <= sizeof(key));
        memcpy(key, (const uint8_t *)age.mv_data + 8, size);
        ledger->status = status_of(mdb_cursor_del(cursor, 0), "del");
        drop(ledger, SENT, val_of(key, size));
        ledger->dirty = true;
        count++;
    }
    mdb_cursor_close(cursor);
    return count == SWEEP_MAX;
}

/* ---------------------------------------------------------------- results */

void ledger_keep_result(struct ledger *ledger, uint64_t token, struct bytes frame)
{
    uint8_t key[8];
    uint8_t value[HEAD_BYTES + LEDGER_FRAME_BYTES_MAX];

    MUST(frame.size <= LEDGER_FRAME_BYTES_MAX);
    put_number(key, token, 8);
    memcpy(value + HEAD_BYTES, frame.at, frame.size);
    put(ledger, RESULTS, val_of(key, 8), val_of(value, seal(value, frame.size)));
}

void ledger_drop_result(struct ledger *ledger, uint64_t token)
{
    uint8_t key[8];

    put_number(key, token, 8);
    drop(ledger, RESULTS, val_of(key, 8));
}

bool ledger_next_result(struct ledger *ledger, uint64_t *token, struct bytes *frame)
{
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    uint8_t from[8];
    bool found = false;

    if (!in_transaction(ledger) ||
        mdb_cursor_open(ledger->txn, ledger->tables[RESULTS], &cursor) != MDB_SUCCESS) {
        return false;
    }
    put_number(from, *token, 8);
    key = val_of(from, 8);
    if (mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE) == MDB_SUCCESS) {
        *token = take_number(key.mv_data, 8);
        found = unseal(&value, frame);
    }
    mdb_cursor_close(cursor);
    return found;
}
