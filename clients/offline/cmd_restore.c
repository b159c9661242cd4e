#include "offline/parts.h"

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/control.h"
#include "cli/out.h"
#include "store/journal_files.h"
#include "store/store_lmdb.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct message usage = {
    "restore_usage", "say which backup, and why: duban restore DIR --store DIR --reason WORDS",
    "请指明备份与理由：duban restore 目录 --store 目录 --reason 理由"};
static const struct message bad_generation = {
    "restore_generation",
    "the generation `{0}` is no number later than {1}, which the backup has",
    "世代“{0}”须为大于备份世代 {1} 的整数"};
static const struct message not_empty = {
    "restore_not_empty",
    "{0} is not empty: {1} lies there. Restore into an empty folder; keep the old one, for it "
    "is "
    "evidence",
    "“{0}”不是空目录：其中有“{1}”。请恢复到空目录；旧目录请留作证据"};
static const struct message failed = {
    "restore_failed",
    "the restore into {0} was not finished: {1}. The lines above say more; empty the folder, "
    "and "
    "try again",
    "向“{0}”的恢复未完成：{1}。详见以上各行；请清空该目录后重试"};
static const struct message clock_behind = {
    "restore_clock",
    "this machine's clock stands before the backup's last record: set it right, or nothing "
    "will "
    "fire until it has caught up",
    "本机时钟早于备份的末条记录：请校正时钟，否则在其追上之前一切不会触发"};

static const struct message what_next = {
    "restore_next",
    "What next: start the daemon; let publishers send again what they sent after record {0}, "
    "and "
    "followers read from there; see what the old store did meanwhile, and let the rest go on:\n"
    "  duban release --restored --all --reason WORDS",
    "下一步：启动守护进程；请报送系统重新报送记录 {0} "
    "之后的事件，订阅方从该处读起；查明原存储其间"
    "已做之事，其余予以放行：\n"
    "  duban release --restored --all --reason 理由"};

static const struct option options[] = {
    {.name = "store",
     .value = "DIR",
     .en = "the empty folder to restore into (" STORE_DEFAULT ")",
     .zh = "恢复到此空目录（" STORE_DEFAULT "）"},
    {.name = "generation",
     .value = "N",
     .en = "of the restored store, where this backup was restored once before",
     .zh = "恢复后的世代；此备份曾恢复过时须给出"},
    CONTROL_ACT_OPTIONS,
};

/* A restore under way. */
struct restoring {
    const struct arguments *arguments;
    const char *path; /* of the store to be */
    struct folder folder;
    struct backup_manifest manifest;
    struct journal *journal;
    struct store *store;
    struct engine *engine;
    uint32_t generation;
};

static enum exit_code take_generation(struct restoring *restoring)
{
    const char *given = argument_value(restoring->arguments, "generation");
    uint32_t had = restoring->manifest.facts.generation;
    char number[16];
    char *end;

    restoring->generation = had + 1;
    if (given == NULL) {
        return EXIT_DONE;
    }

    unsigned long long value = strtoull(given, &end, 10);

    if (*end != '\0' || value <= had || value > UINT32_MAX) {
        (void)snprintf(number, sizeof(number), "%" PRIu32, had);
        return command_misused(restoring->arguments, &bad_generation,
                               (const char *[]){given, number});
    }
    restoring->generation = (uint32_t)value;
    return EXIT_DONE;
}

/* Nothing but the lock that was just taken. */
static bool is_empty(const struct restoring *restoring)
{
    DIR *folder = opendir(restoring->path);
    bool empty = folder != NULL;

    for (struct dirent *entry = folder == NULL ? NULL : readdir(folder); entry != NULL && empty;
         entry = readdir(folder)) {
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
                strcmp(entry->d_name, "duban.lock") == 0;
        if (!empty) {
            complain(&not_empty, (const char *[]){restoring->path, entry->d_name});
        }
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    return empty;
}

/* Until the end it is nobody's store. */
static enum status mark(const struct restoring *restoring)
{
    int fd = openat(restoring->folder.fd, FOLDER_RESTORING,
                    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0) {
        return STATUS_DISK;
    }
    (void)close(fd);
    return folder_sync(restoring->folder.fd);
}

static enum status copy_files(struct restoring *restoring, const char *backup)
{
    struct folder from;
    enum status status = folder_open_read(&from, backup);

    for (uint32_t i = 0; i < restoring->manifest.file_count && status == STATUS_OK; i++) {
        status = backup_copy_file(&from, &restoring->manifest.files[i], &restoring->folder);
    }
    folder_close(&from);
    return status == STATUS_OK ? folder_sync(restoring->folder.fd) : status;
}

static enum status open_house(struct restoring *restoring)
{
    struct reached reached = {0};
    enum status status = store_lmdb_open(&restoring->store, &restoring->folder, restoring->path,
                                         STORE_LMDB_MAP_BYTES);

    if (status == STATUS_OK) {
        status = engine_reached(restoring->store, &reached);
    }
    if (status == STATUS_OK) {
        status = journal_files_open(&restoring->journal, &restoring->folder, LAW_NUMBER,
                                    reached.seq);
    }
    if (status == STATUS_OK) {
        status =
            engine_open(&restoring->engine, restoring->store, restoring->journal, NULL, NULL);
    }
    return status;
}

/* The record that makes it a store of its own, and its state up to there. */
static enum status go_on(struct restoring *restoring)
{
    struct control_who who;
    int64_t wall_ms = clock_wall_ms();

    control_who(restoring->arguments, &who);

    const struct act act = {.reason = text_of(argument_value(restoring->arguments, "reason")),
                            .person = text_of(who.person),
                            .role = text_of(who.role)};

    if (wall_ms < engine_now(restoring->engine, 0)) {
        words_note(&clock_behind, NULL);
    }
    if (!engine_restore(restoring->engine, restoring->generation, &act, wall_ms)) {
        return STATUS_REFUSED;
    }
    return engine_checkpoint(restoring->engine);
}

static void close_house(struct restoring *restoring)
{
    engine_close(restoring->engine);
    store_close(restoring->store);
    journal_close(restoring->journal);
    folder_close(&restoring->folder);
    free(restoring->manifest.files);
}

static enum status restore_files(struct restoring *restoring, const char *backup)
{
    enum status status = mark(restoring);

    if (status == STATUS_OK) {
        status = copy_files(restoring, backup);
    }
    if (status == STATUS_OK) {
        status = open_house(restoring);
    }
    if (status == STATUS_OK) {
        status = go_on(restoring);
    }
    if (status == STATUS_OK && unlinkat(restoring->folder.fd, FOLDER_RESTORING, 0) != 0) {
        status = STATUS_DISK;
    }
    return status == STATUS_OK ? folder_sync(restoring->folder.fd) : status;
}

static enum exit_code print(const struct restoring *restoring)
{
    uint64_t from = restoring->manifest.facts.seq;
    uint64_t held = engine_held(restoring->engine);
    char number[24];

    if (out_format() == OUT_JSON) {
        out_json(json_pack("{s:s, s:I, s:I, s:I, s:I}", "store", restoring->path, "from_seq",
                           (json_int_t)from, "seq", (json_int_t)engine_seq(restoring->engine),
                           "generation", (json_int_t)restoring->generation, "held",
                           (json_int_t)held));
        return EXIT_DONE;
    }
    printf("%s%s\n", words_pick("restored     ", "已恢复      "), restoring->path);
    printf("%s%" PRIu64 "\n", words_pick("backup up to ", "备份至记录  "), from);
    printf("%s%" PRIu32 "\n", words_pick("generation   ", "世代        "),
           restoring->generation);
    printf("%s%" PRIu64 "\n", words_pick("on hold      ", "暂停事项    "), held);
    (void)snprintf(number, sizeof(number), "%" PRIu64, from);
    words_print(stdout, &what_next, (const char *[]){number});
    return EXIT_DONE;
}

static enum exit_code restore(const struct arguments *arguments)
{
    const char *store = argument_value(arguments, "store");
    struct restoring restoring = {.arguments = arguments,
                                  .path = store == NULL ? STORE_DEFAULT : store,
                                  .folder = {.fd = -1, .lock_fd = -1}};
    enum exit_code code = backup_verify(arguments->words[0], &restoring.manifest);

    if (code == EXIT_DONE) {
        code = take_generation(&restoring);
    }
    if (code == EXIT_DONE && (folder_open(&restoring.folder, restoring.path) != STATUS_OK ||
                              !is_empty(&restoring))) {
        code = EXIT_REFUSED;
    }
    if (code == EXIT_DONE) {
        enum status status = restore_files(&restoring, arguments->words[0]);

        if (status == STATUS_OK) {
            code = print(&restoring);
        } else {
            complain(&failed, (const char *[]){restoring.path, status_text(status)});
            code = EXIT_REFUSED;
        }
    }
    close_house(&restoring);
    return code;
}

static enum exit_code run(const struct arguments *arguments)
{
    if (arguments->word_count == 0 || argument_value(arguments, "reason") == NULL) {
        return command_misused(arguments, &usage, NULL);
    }
    (void)umask(0077);
    return guarded(arguments, arguments->words[0], restore);
}

static const char *const usages[] = {
    "restore DIR --reason WORDS [--store DIR] [--generation N] [--by PERSON] [-o json]", NULL};
static const struct message examples = {
    "restore_examples",
    "  systemctl stop duband; mv /var/lib/duban /var/lib/duban.lost\n"
    "  duban restore /var/backups/duban/2026-10-10 --reason \"disk of host 3 failed\"\n",
    "  systemctl stop duband; mv /var/lib/duban /var/lib/duban.lost\n"
    "  duban restore /var/backups/duban/2026-10-10 --reason \"3 号机磁盘损坏\"\n"};
static const struct message notes = {"restore_notes",
                                     "The restored store is a new generation: receipts say so, "
                                     "and publishers send again what they\n"
                                     "sent after the backup. What fell due since is on hold, "
                                     "for the lost store may have done it.\n",
                                     "恢复后的存储为新的世代：回执载明世代，报送系统须重新报送"
                                     "备份之后的事件。其间到期的事项暂停，\n"
                                     "因为原存储可能已经做过。\n"};

const struct command store_restore = {
    .name = "restore",
    RESTORE_SUMMARY,
    .usages = usages,
    .examples = &examples,
    .notes = &notes,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 1,
    .run = run,
};
