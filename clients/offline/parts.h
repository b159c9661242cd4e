#ifndef DUBAN_OFFLINE_PARTS_H
#define DUBAN_OFFLINE_PARTS_H

/* The parts of duban-store: what works on the files of a store that no daemon holds. */
#include "cli/command.h"
#include "engine/engine.h"
#include "store/backup.h"
#include "store/chain.h"
#include "store/folder.h"

#define STORE_DEFAULT "/var/lib/duban"
#define HEX_BYTES     (2 * SEGMENT_HASH_BYTES + 1)

extern const struct command store_audit;
extern const struct command store_backup;
extern const struct command store_restore;

/* guarded.c */
/*
 * Run a command in a child, for LMDB's pages bear no checksums and a damaged state can crash
 * whoever reads it: then that is what is told, of this folder.
 */
enum exit_code guarded(const struct arguments *arguments, const char *path,
                       enum exit_code (*run)(const struct arguments *arguments));

/* verify.c */
/* What it finds beside breaks of the chain. */
#define VERIFY_FAULTS(X)                                                      \
    X(verify_record, "the record is none that this program can read",         \
      "该记录不是本程序能读的记录")                                           \
    X(verify_time, "the record's time is before that of the one before it",   \
      "记录的时间早于前一条记录")                                             \
    X(verify_state, "the state follows from another record than this one",    \
      "状态并非由此记录而来")                                                 \
    X(verify_root, "the record is another than the root that was kept names", \
      "该记录与留存的链首不符")                                               \
    X(verify_rolled_back,                                                     \
      "the journal ends before the root that was kept: it was rolled back",   \
      "日志止于留存的链首之前：存储曾被回退")

/* A place of the chain that was written down elsewhere. */
struct root {
    uint64_t seq;
    uint8_t hash[SEGMENT_HASH_BYTES];
};

/* What was found in a folder. */
struct verified {
    struct chain_report chain;
    struct reached state; /* seq 0: there is no state, or it has seen nothing */
    bool has_state;
    bool living;                 /* a daemon holds it: the journal alone was read */
    uint64_t law_count;          /* of the segments' numbers of the law: how many differ */
    uint32_t law;                /* the last */
    int64_t now_ms;              /* of the last record */
    const struct message *fault; /* the first break: the chain's, or one of ours; NULL */
    struct chain_place place;
};

/* Read all of it. `root` may be NULL. False: it could not be read, which was complained of. */
bool verify_folder(const char *path, const struct root *root, struct verified *verified);
/* The same also while a daemon holds it: then the journal alone, as far as it is by now. */
bool verify_living(const char *path, const struct root *root, struct verified *verified);
/* Print it, and say what to do; the exit code that follows. */
enum exit_code verify_print(const char *path, const struct verified *verified);
/* False where it does not begin with a hash in hexadecimal; what follows does not matter. */
bool hex_read(const char *text, uint8_t hash[SEGMENT_HASH_BYTES]);
void hex_print(const uint8_t hash[SEGMENT_HASH_BYTES], char out[HEX_BYTES]);
/* Open a folder to read it; complains where it cannot be. */
enum exit_code open_to_read(struct folder *folder, const char *path);

/* replay.c */
/* Step the whole journal into a fresh store and compare; prints what it found, when quiet only
 * what is wrong. */
enum exit_code replay_folder(const char *path, const struct verified *verified, bool quiet);
/* List what today's code would decide otherwise. */
enum exit_code restep_folder(const char *path, const struct verified *verified);

/* backup.c */
/* Whether a backup is whole and leads to its state; what is wrong was complained of. Its
 * manifest is to be freed where the answer is EXIT_DONE. */
enum exit_code backup_verify(const char *path, struct backup_manifest *manifest);
/* Make one of a stopped store. */
enum exit_code backup_stopped(const char *store, const char *path, struct backup_facts *facts);
/* What a state says of itself, for a backup. */
NODISCARD enum status backup_read(struct store *copy, struct backup_facts *facts);

/* compare.c */
/* The first row in which two stores differ, in words on stderr; true: there is none. */
bool compare_stores(struct store *recorded, struct store *replayed);

#endif
