#include "store/store_memory.h"

#include "base/must.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/*
 * Each table is a skip list. Levels are drawn from a counter, not from chance, so that two runs
 * of one script are the same to the byte. A row is never changed: writing replaces it, and the
 * old one waits in the log of what a crash takes back.
 */
enum { LEVELS_MAX = 20 };

struct row {
    uint8_t levels;
    uint8_t key_size;
    uint16_t value_size;
    struct row *next[]; /* `levels` of them; then the key, then the value */
};

/* One write: what it put there, and what stood there before; either may be NULL. */
struct change {
    enum table table;
    struct row *added;   /* of the table */
    struct row *removed; /* owned */
    struct change *before;
};

struct list {
    struct row *heads[LEVELS_MAX];
};

struct store {
    pthread_mutex_t mutex; /* held to change rows, and while a snapshot copies them */
    struct list lists[TABLE_COUNT];
    struct change *last_change; /* since the commit */
    uint64_t unsaved;           /* how many of them */
    enum status status;
    uint64_t drawn; /* rows made so far */
    size_t bytes;
    size_t bytes_max;
    enum space space;  /* less than there is, for a test */
    uint64_t fails_in; /* writes until one fails; 0: never */
    enum status fails_with;
    bool snapshot; /* nobody writes it */
};

static uint8_t *row_key(struct row *row)
{
    return (uint8_t *)&row->next[row->levels];
}

static struct bytes row_value(struct row *row)
{
    return (struct bytes){.at = row_key(row) + row->key_size, .size = row->value_size};
}

static size_t row_bytes(const struct row *row)
{
    return sizeof(*row) + row->levels * sizeof(struct row *) + row->key_size + row->value_size;
}

static int compare_key(struct row *row, const struct key *key)
{
    return bytes_compare((struct bytes){.at = row_key(row), .size = row->key_size},
                         (struct bytes){.at = key->bytes, .size = key->size});
}

/* For each level the link that leads to the first row not before the key. */
static void find_links(struct list *list, const struct key *key, struct row **links[LEVELS_MAX])
{
    struct row *before = NULL;

    for (int level = LEVELS_MAX - 1; level >= 0; level--) {
        struct row **link = before == NULL ? &list->heads[level] : &before->next[level];

        while (*link != NULL && compare_key(*link, key) < 0) {
            before = *link;
            link = &before->next[level];
        }
        links[level] = link;
    }
}

static struct row *find_from(struct store *store, enum table table, const struct key *key)
{
    struct row **links[LEVELS_MAX];

    find_links(&store->lists[table], key, links);
    return *links[0];
}

static struct key key_of_row(struct row *row)
{
    struct key key = {.size = row->key_size};

    memcpy(key.bytes, row_key(row), row->key_size);
    return key;
}

/* Take the row of this key out of its list; NULL where there is none. */
static struct row *unlink_row(struct store *store, enum table table, const struct key *key)
{
    struct row **links[LEVELS_MAX];

    find_links(&store->lists[table], key, links);

    struct row *row = *links[0];

    if (row == NULL || compare_key(row, key) != 0) {
        return NULL;
    }
    for (int level = 0; level < row->levels; level++) {
        *links[level] = row->next[level];
    }
    store->bytes -= row_bytes(row);
    return row;
}

static void link_row(struct store *store, enum table table, struct row *row)
{
    struct row **links[LEVELS_MAX];
    struct key key = key_of_row(row);

    find_links(&store->lists[table], &key, links);
    for (int level = 0; level < row->levels; level++) {
        row->next[level] = *links[level];
        *links[level] = row;
    }
    store->bytes += row_bytes(row);
}

/* One row in two has two levels, one in four three, and so on. */
static uint8_t draw_levels(struct store *store)
{
    uint64_t z = ++store->drawn * 0x9e3779b97f4a7c15U;
    uint8_t levels = 1;

    z = (z ^ z >> 31) * 0xbf58476d1ce4e5b9U;
    while (levels < LEVELS_MAX && (z >> (63 - levels) & 1) == 1) {
        levels++;
    }
    return levels;
}

static struct row *make_row(struct store *store, const struct key *key, struct bytes value)
{
    uint8_t levels = draw_levels(store);
    size_t size = sizeof(struct row) + levels * sizeof(struct row *) + key->size + value.size;
    struct row *row = malloc(size);

    if (row == NULL) {
        return NULL;
    }
    row->levels = levels;
    row->key_size = (uint8_t)key->size;
    row->value_size = (uint16_t)value.size;
    memcpy(row_key(row), key->bytes, key->size);
    if (value.size > 0) {
        memcpy(row_key(row) + key->size, value.at, value.size);
    }
    return row;
}

static void forget_changes(struct store *store)
{
    while (store->last_change != NULL) {
        struct change *change = store->last_change;

        store->last_change = change->before;
        free(change->removed);
        free(change);
    }
    store->unsaved = 0;
}

/* Whether a planted failure, or an earlier one, stands in the way. */
static bool stopped(struct store *store)
{
    if (store->status == STATUS_OK && store->fails_in > 0 && --store->fails_in == 0) {
        store->fails_in = 1;
        store->status = store->fails_with;
    }
    return store->status != STATUS_OK;
}

static void note_change(struct store *store, enum table table, struct row *added,
                        struct row *removed, struct change *change)
{
    *change = (struct change){
        .table = table, .added = added, .removed = removed, .before = store->last_change};
    store->last_change = change;
    store->unsaved++;
}

struct store *store_memory_open(size_t bytes_max)
{
    struct store *store = calloc(1, sizeof(*store));

    if (store != NULL) {
        (void)pthread_mutex_init(&store->mutex, NULL);
        store->bytes_max = bytes_max;
    }
    return store;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    forget_changes(store);
    for (int table = 0; table < TABLE_COUNT; table++) {
        struct row *row = store->lists[table].heads[0];

        while (row != NULL) {
            struct row *next = row->next[0];

            free(row);
            row = next;
        }
    }
    (void)pthread_mutex_destroy(&store->mutex);
    free(store);
}

enum status store_status(const struct store *store)
{
    return store->status;
}

bool store_get(struct store *store, enum table table, const struct key *key,
               struct bytes *value)
{
    struct row *row = find_from(store, table, key);

    if (row == NULL || compare_key(row, key) != 0) {
        return false;
    }
    *value = row_value(row);
    return true;
}

bool store_next(struct store *store, enum table table, struct key *key, struct bytes *value)
{
    struct row *row = find_from(store, table, key);

    if (row == NULL) {
        return false;
    }
    *key = key_of_row(row);
    *value = row_value(row);
    return true;
}

static void put(struct store *store, enum table table, const struct key *key,
                struct bytes value)
{
    struct row *row = make_row(store, key, value);
    struct change *change = malloc(sizeof(*change));

    if (row == NULL || change == NULL) {
        free(row);
        free(change);
        store->status = STATUS_NO_MEMORY;
        return;
    }
    note_change(store, table, row, unlink_row(store, table, key), change);
    link_row(store, table, row);
    if (store->bytes > store->bytes_max) {
        store->status = STATUS_FULL;
    }
}

void store_put(struct store *store, enum table table, const struct key *key, struct bytes value)
{
    MUST(key->size >= 1);
    MUST(key->size <= KEY_BYTES_MAX);
    MUST(value.size <= VALUE_BYTES_MAX);
    MUST(!store->snapshot);
    (void)pthread_mutex_lock(&store->mutex);
    if (!stopped(store)) {
        put(store, table, key, value);
    }
    (void)pthread_mutex_unlock(&store->mutex);
}

static void drop(struct store *store, enum table table, const struct key *key)
{
    struct change *change = malloc(sizeof(*change));

    if (change == NULL) {
        store->status = STATUS_NO_MEMORY;
        return;
    }

    struct row *row = unlink_row(store, table, key);

    MUST(row != NULL);
    note_change(store, table, NULL, row, change);
}

void store_delete(struct store *store, enum table table, const struct key *key)
{
    MUST(!store->snapshot);
    (void)pthread_mutex_lock(&store->mutex);
    if (!stopped(store)) {
        drop(store, table, key);
    }
    (void)pthread_mutex_unlock(&store->mutex);
}

uint64_t store_unsaved(const struct store *store)
{
    return store->unsaved;
}

enum status store_commit(struct store *store)
{
    MUST(!store->snapshot);
    (void)pthread_mutex_lock(&store->mutex);
    if (!stopped(store)) {
        forget_changes(store);
    }
    (void)pthread_mutex_unlock(&store->mutex);
    return store->status;
}

void store_abandon(struct store *store)
{
    (void)pthread_mutex_lock(&store->mutex);
    while (store->last_change != NULL) {
        struct change *change = store->last_change;

        store->last_change = change->before;
        if (change->added != NULL) {
            struct key key = key_of_row(change->added);

            free(unlink_row(store, change->table, &key));
        }
        if (change->removed != NULL) {
            link_row(store, change->table, change->removed);
        }
        free(change);
    }
    store->unsaved = 0;
    store->status = STATUS_OK;
    (void)pthread_mutex_unlock(&store->mutex);
}

void store_memory_crash(struct store *store)
{
    store_abandon(store);
    store->fails_in = 0;
}

void store_memory_fail_after(struct store *store, uint64_t count, enum status status)
{
    MUST(count > 0);
    store->fails_in = count;
    store->fails_with = status;
}

size_t store_memory_bytes(const struct store *store)
{
    return store->bytes;
}

/* A snapshot is a copy of its own. */
struct snapshots {
    struct store *store; /* borrowed */
    pthread_mutex_t mutex;
    uint32_t count;
    uint32_t out; /* guarded by the mutex */
};

enum status snapshots_open(struct snapshots **out, struct store *store, uint32_t count)
{
    struct snapshots *snapshots = calloc(1, sizeof(*snapshots));

    *out = snapshots;
    if (snapshots == NULL) {
        return STATUS_NO_MEMORY;
    }
    snapshots->store = store;
    snapshots->count = count;
    (void)pthread_mutex_init(&snapshots->mutex, NULL);
    return STATUS_OK;
}

void snapshots_close(struct snapshots *snapshots)
{
    if (snapshots != NULL) {
        MUST(snapshots->out == 0);
        (void)pthread_mutex_destroy(&snapshots->mutex);
        free(snapshots);
    }
}

/* Copy the rows as they stand, then take back in the copy what was written since the commit. */
static void copy_committed(struct store *copy, const struct store *store)
{
    for (enum table table = 0; table < TABLE_COUNT; table++) {
        for (struct row *row = store->lists[table].heads[0]; row != NULL; row = row->next[0]) {
            struct key key = key_of_row(row);

            store_put(copy, table, &key, row_value(row));
        }
    }
    for (struct change *change = store->last_change; change != NULL; change = change->before) {
        if (change->added != NULL) {
            struct key key = key_of_row(change->added);

            store_delete(copy, change->table, &key);
        }
        if (change->removed != NULL) {
            struct key key = key_of_row(change->removed);

            store_put(copy, change->table, &key, row_value(change->removed));
        }
    }
}

enum status snapshot_take(struct snapshots *snapshots, struct store **out)
{
    struct store *copy = store_memory_open(SIZE_MAX);

    if (copy == NULL) {
        return STATUS_NO_MEMORY;
    }
    (void)pthread_mutex_lock(&snapshots->mutex);

    bool free_one = snapshots->out < snapshots->count;

    snapshots->out += free_one ? 1 : 0;
    (void)pthread_mutex_unlock(&snapshots->mutex);
    if (!free_one) {
        store_close(copy);
        return STATUS_FULL;
    }
    (void)pthread_mutex_lock(&snapshots->store->mutex);
    copy_committed(copy, snapshots->store);
    (void)pthread_mutex_unlock(&snapshots->store->mutex);

    enum status status = store_commit(copy);

    copy->snapshot = true;
    if (status != STATUS_OK) {
        snapshot_give(snapshots, copy);
        return status;
    }
    *out = copy;
    return STATUS_OK;
}

void snapshot_give(struct snapshots *snapshots, struct store *snapshot)
{
    store_close(snapshot);
    (void)pthread_mutex_lock(&snapshots->mutex);
    snapshots->out--;
    (void)pthread_mutex_unlock(&snapshots->mutex);
}

struct store_use store_use(const struct store *store)
{
    enum space space = space_of(store->bytes, store->bytes_max);

    return (struct store_use){.space = store->space > space ? store->space : space,
                              .used_bytes = store->bytes,
                              .bytes_max = store->bytes_max};
}

void store_memory_leave_space(struct store *store, enum space space)
{
    store->space = space;
}

void store_look(struct store *store)
{
    (void)store; /* nobody else uses it */
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
