#include "offline/parts.h"

#include "store/journal_files.h"
#include "store/store_lmdb.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_BYTES = 24 };

static const struct message no_manifest = {
    "backup_none", "{0} is no backup: it has no MANIFEST. duban backup DIR makes one",
    "“{0}”不是备份：没有 MANIFEST。请用 duban backup 目录 制作"};
static const struct message bad_manifest = {
    "backup_manifest",
    "the MANIFEST of {0} is damaged: it does not agree with its own digest. Take another "
    "backup",
    "“{0}”的 MANIFEST 已损坏，与其摘要不符。请改用另一份备份"};
static const struct message bad_file = {
    "backup_file",
    "{0}/{1} is not what the MANIFEST says: its size or its digest differs. Take another "
    "backup",
    "“{0}/{1}”与 MANIFEST 所载不符（大小或摘要不同）。请改用另一份备份"};
static const struct message no_file = {
    "backup_file_gone", "{0}/{1} is missing: the MANIFEST names it. Take another backup",
    "缺少“{0}/{1}”：MANIFEST 列有此文件。请改用另一份备份"};
static const struct message stray = {
    "backup_stray",
    "{0}/{1} is not in the MANIFEST: somebody added it. Take another backup, or remove it",
    "“{0}/{1}”不在 MANIFEST 中，系他人所加。请改用另一份备份，或将其移除"};
static const struct message other_end = {
    "backup_end", "the journal of {0} ends at record {1}, and the MANIFEST says {2}",
    "“{0}”的日志止于记录 {1}，而 MANIFEST 载为 {2}"};
static const struct message failed = {
    "backup_failed", "no backup was made of {0}: {1}. The line above says more",
    "未能备份“{0}”：{1}。详见上一行"};

enum status backup_read(struct store *copy, struct backup_facts *facts)
{
    struct reached reached;
    enum status status = engine_reached(copy, &reached);

    facts->generation = reached.generation;
    facts->now_ms = reached.now_ms;
    return status;
}

static bool in_manifest(const struct backup_manifest *manifest, const char *name)
{
    for (uint32_t i = 0; i < manifest->file_count; i++) {
        if (strcmp(manifest->files[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* No segment but those that are named. */
static bool has_no_stray(const char *path, const struct folder *folder,
                         const struct backup_manifest *manifest)
{
    uint64_t *firsts = NULL;
    size_t count = 0;
    bool none = chain_segments(folder->fd, &firsts, &count) == STATUS_OK;

    for (size_t i = 0; i < count && none; i++) {
        char name[SEGMENT_NAME_BYTES];

        segment_name(firsts[i], name);
        none = in_manifest(manifest, name);
        if (!none) {
            complain(&stray, (const char *[]){path, name});
        }
    }
    free(firsts);
    return none;
}

static bool files_agree(const char *path, const struct folder *folder,
                        const struct backup_manifest *manifest)
{
    for (uint32_t i = 0; i < manifest->file_count; i++) {
        enum status status = backup_check_file(folder, &manifest->files[i]);

        if (status != STATUS_OK) {
            complain(status == STATUS_NOT_FOUND ? &no_file : &bad_file,
                     (const char *[]){path, manifest->files[i].name});
            return false;
        }
    }
    return has_no_stray(path, folder, manifest);
}

static enum exit_code read_manifest(const char *path, struct backup_manifest *manifest)
{
    struct folder folder;
    enum exit_code code = open_to_read(&folder, path);

    if (code != EXIT_DONE) {
        return code;
    }

    enum status status = backup_manifest_read(&folder, manifest);

    if (status == STATUS_OK) {
        code = files_agree(path, &folder, manifest) ? EXIT_DONE : EXIT_REFUSED;
    } else {
        complain_of(status == STATUS_NOT_FOUND ? &no_manifest : &bad_manifest, path);
        code = EXIT_REFUSED;
    }
    folder_close(&folder);
    return code;
}

/* The journal ends where the manifest says, and leads to the state. */
static enum exit_code verify_store(const char *path, const struct backup_facts *facts)
{
    struct root root = {.seq = facts->seq};
    struct verified verified;
    char last[NUMBER_BYTES];
    char seq[NUMBER_BYTES];

    memcpy(root.hash, facts->hash, sizeof(root.hash));
    if (!verify_folder(path, facts->seq == 0 ? NULL : &root, &verified)) {
        return EXIT_REFUSED;
    }
    if (verified.fault != NULL) {
        return verify_print(path, &verified);
    }
    if (verified.chain.last != facts->seq) {
        (void)snprintf(last, sizeof(last), "%" PRIu64, verified.chain.last);
        (void)snprintf(seq, sizeof(seq), "%" PRIu64, facts->seq);
        complain(&other_end, (const char *[]){path, last, seq});
        return EXIT_REFUSED;
    }
    return replay_folder(path, &verified, true);
}

enum exit_code backup_verify(const char *path, struct backup_manifest *manifest)
{
    *manifest = (struct backup_manifest){0}; /* also where there is no folder to read it from */

    enum exit_code code = read_manifest(path, manifest);

    if (code == EXIT_DONE) {
        code = verify_store(path, &manifest->facts);
    }
    if (code != EXIT_DONE) {
        free(manifest->files);
        *manifest = (struct backup_manifest){0};
    }
    return code;
}

/* The end of a stopped store's journal. */
static uint64_t end_of_journal(void *context)
{
    return journal_flushed(context);
}

enum exit_code backup_stopped(const char *store, const char *path, struct backup_facts *facts)
{
    struct folder folder;
    struct store *state = NULL;
    struct journal *journal = NULL;
    enum exit_code code = open_to_read(&folder, store);

    if (code != EXIT_DONE) {
        return code;
    }

    enum status status = store_lmdb_open_read(&state, store);

    if (status == STATUS_OK) {
        status = journal_files_open_read(&journal, &folder, LAW_NUMBER, UINT64_MAX);
    }
    if (status == STATUS_OK) {
        struct backup_source source = {.folder = &folder,
                                       .store = state,
                                       .context = journal,
                                       .flushed = end_of_journal,
                                       .read = backup_read};

        status = backup_write(&source, path, facts);
    }
    journal_close(journal);
    store_close(state);
    folder_close(&folder);
    if (status != STATUS_OK) {
        complain(&failed, (const char *[]){store, status_text(status)});
        return EXIT_REFUSED;
    }
    return EXIT_DONE;
}
