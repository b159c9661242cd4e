#ifndef DUBAN_STORE_STORE_H
#define DUBAN_STORE_STORE_H

/*
 * The state of the daemon: ordered tables of bytes, a pure function of the journal. It knows
 * neither cases nor moments; the engine makes keys and values.
 *
 * One thread writes. Its writes are seen at once by itself, and are kept for good together,
 * by store_commit. The first failure sticks: what follows does nothing, and the commit reports
 * it, so callers judge once. A failed commit has an unknown outcome; whoever sees one stops.
 *
 * Makers of this contract are chosen when linking: store_memory.c now, LMDB with the daemon.
 * One suite, tests/contract/store_contract.c, is run over each.
 */
#include "base/bytes.h"
#include "base/status.h"
#include "base/text.h"

#define TABLES(X)                                                            \
    X(TABLE_NAMES, "names")     /* agency, case id → number; what waits */ \
    X(TABLE_CASES, "cases")     /* number, part → state, digests, file */  \
    X(TABLE_MOMENTS, "moments") /* due instant, kind, number */              \
    X(TABLE_STAGES, "stages")   /* agency, procedure, stage, due, number */  \
    X(TABLE_HELD, "held")       /* what a restore put on hold */             \
    X(TABLE_JOBS, "jobs")       /* what is on its way to people */           \
    X(TABLE_INSTALLED, "installed")                                          \
    X(TABLE_META, "meta")

#define TABLE_ENUM(name, word) name,
enum table { TABLES(TABLE_ENUM) TABLE_COUNT };
#undef TABLE_ENUM

/* What LMDB takes well: keys far below its 511 bytes, values that stay within a page. */
#define KEY_BYTES_MAX   128
#define VALUE_BYTES_MAX 1800

/* Big-endian parts, so that the order of bytes is the order of numbers. */
struct key {
    uint8_t bytes[KEY_BYTES_MAX];
    size_t size; /* at least 1 */
};

struct store;

/* Close and free. NULL is fine. What was not committed is lost. */
void store_close(struct store *store);

/* The first failure since the last commit, or STATUS_OK. */
enum status store_status(const struct store *store);

/* The value of a key; false where there is none. Borrowed until the next write or commit. */
bool store_get(struct store *store, enum table table, const struct key *key,
               struct bytes *value);
/* The first row whose key is at least *key, which becomes that row's; false past the end. */
bool store_next(struct store *store, enum table table, struct key *key, struct bytes *value);
/* Set or replace. The bytes are copied; they may be empty, and may not lie in the store. */
void store_put(struct store *store, enum table table, const struct key *key,
               struct bytes value);
/* Delete a row that must be there: a missing one means that two tables disagree. */
void store_delete(struct store *store, enum table table, const struct key *key);

/* Rows written or deleted since the last commit: what it will have to write, and what they take
 * in memory until then, is a page for each at most. */
uint64_t store_unsaved(const struct store *store);
/* Keep everything written since the last commit, or say why not. */
NODISCARD enum status store_commit(struct store *store);
/* Forget everything written since the last commit, and a failure that stuck. */
void store_abandon(struct store *store);

/* What it may still be given, so that it never comes to STATUS_FULL. */
enum space {
    SPACE_ENOUGH, /* anything */
    SPACE_SHORT,  /* what concerns open cases: less than a tenth is left, or 16 MiB */
    SPACE_LAST    /* what falls due, and nothing else: less than 3 %, or 8 MiB */
};

/* As last looked at: by the commit, or by store_look. */
struct store_use {
    enum space space;
    uint64_t used_bytes;
    uint64_t bytes_max;
    uint64_t disk_free_bytes; /* 0 without a disk */
};

struct store_use store_use(const struct store *store);
/* Look again, for others use the disk too. */
void store_look(struct store *store);
/* The room that so much use leaves. */
enum space space_of(uint64_t used_bytes, uint64_t bytes_max);

struct text table_word(enum table table);
struct text space_word(enum space space);

#endif
