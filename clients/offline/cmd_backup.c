#include "offline/parts.h"

#include "cli/commands.h"
#include "cli/control.h"
#include "cli/out.h"
#include "core/date.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ZONE_MS = 8 * 3600000, PATH_BYTES = 1024 };

static const struct message no_folder = {
    "backup_no_folder", "name a folder that is not there yet: duban backup DIR",
    "请给出一个尚不存在的目录：duban backup 目录"};
static const struct message too_many = {
    "backup_too_many", "one folder at a time: duban backup DIR, or duban backup verify DIR",
    "一次一个目录：duban backup 目录，或 duban backup verify 目录"};
static const struct message long_path = {"backup_path_long", "the path {0} is too long",
                                         "路径“{0}”过长"};
static const struct message not_made = {
    "backup_not_made",
    "no backup was made at {0}: {1}. The daemon's log says more; name a folder that is not "
    "there "
    "yet, that its user may write, with room for it",
    "未能备份到“{0}”：{1}。详见守护进程日志；请给出其用户可写、空间足够、尚不存在的目录"};

static const struct option options[] = {
    {.name = "store",
     .value = "DIR",
     .en = "of a stopped store in this folder, without its daemon",
     .zh = "备份此目录中已停止的存储，不经守护进程"},
    CONTROL_ACT_OPTIONS,
    CONTROL_RUN_OPTION,
};

static enum exit_code print(const char *path, const struct backup_facts *facts,
                            uint32_t file_count, bool verified)
{
    char hash[HEX_BYTES];
    char time[INSTANT_TEXT_SIZE];

    hex_print(facts->hash, hash);
    (void)instant_print(facts->now_ms, ZONE_MS, time);
    if (out_format() == OUT_JSON) {
        json_t *told =
            json_pack("{s:s, s:I, s:s, s:I, s:I}", "backup", path, "seq",
                      (json_int_t)facts->seq, "hash", hash, "generation",
                      (json_int_t)facts->generation, "time_ms", (json_int_t)facts->now_ms);

        if (verified) {
            (void)json_object_set_new(told, "verified", json_true());
            (void)json_object_set_new(told, "files", json_integer(file_count));
        }
        out_json(told);
        return EXIT_DONE;
    }
    printf("%s%s\n", words_pick("backup       ", "备份        "), path);
    printf("%s%" PRIu64 ":%s\n", words_pick("up to        ", "至记录      "), facts->seq, hash);
    printf("%s%s\n", words_pick("as of        ", "截至        "), time);
    printf("%s%" PRIu32 "\n", words_pick("generation   ", "世代        "), facts->generation);
    if (verified) {
        printf("%s%" PRIu32 "%s\n", words_pick("verified     ", "查验通过    "), file_count,
               words_pick(" files as the MANIFEST says; the journal is whole, and leads to "
                          "this state",
                          " 个文件与 MANIFEST 相符；日志完整，且重放得出此状态"));
    }
    return EXIT_DONE;
}

/* The daemon has a folder of its own to stand in. */
static bool whole_path(const char *given, char out[PATH_BYTES])
{
    char here[PATH_BYTES] = "";
    bool whole = given[0] == '/';

    if (!whole && getcwd(here, sizeof(here)) == NULL) {
        return false;
    }

    int size = snprintf(out, PATH_BYTES, "%s%s%s", here, whole ? "" : "/", given);

    return size > 0 && size < PATH_BYTES;
}

static enum exit_code verify(const struct arguments *arguments)
{
    struct backup_manifest manifest;
    const char *path = arguments->words[1];
    enum exit_code code = backup_verify(path, &manifest);

    if (code == EXIT_DONE) {
        code = print(path, &manifest.facts, manifest.file_count, true);
        free(manifest.files);
    }
    return code;
}

static enum exit_code of_stopped(const struct arguments *arguments)
{
    struct backup_facts facts;
    enum exit_code code =
        backup_stopped(argument_value(arguments, "store"), arguments->words[0], &facts);

    return code == EXIT_DONE ? print(arguments->words[0], &facts, 0, false) : code;
}

/* What the daemon says of its last backup, within *answer; NULL where it says nothing. */
static const json_t *ask_backup(const struct arguments *arguments, enum exit_code *code,
                                json_t **answer)
{
    Duban__V1__Query query = DUBAN__V1__QUERY__INIT;
    Duban__V1__StatusQuery status = DUBAN__V1__STATUS_QUERY__INIT;

    query.what_case = DUBAN__V1__QUERY__WHAT_STATUS;
    query.status = &status;
    *code = control_query(arguments, &query, answer);
    return *code == EXIT_DONE ? json_object_get(*answer, "backup") : NULL;
}

static enum exit_code print_done(const char *path, const json_t *backup)
{
    struct backup_facts facts = {
        .seq = (uint64_t)json_integer_value(json_object_get(backup, "seq")),
        .generation = (uint32_t)json_integer_value(json_object_get(backup, "generation")),
        .now_ms = json_integer_value(json_object_get(backup, "time_ms")),
    };

    const char *hash = json_string_value(json_object_get(backup, "hash"));

    return hash != NULL && hex_read(hash, facts.hash) ? print(path, &facts, 0, false)
                                                      : EXIT_REFUSED;
}

/* Wait until the daemon has made it, or could not. */
static enum exit_code await(const struct arguments *arguments, const char *path)
{
    for (;;) {
        const struct timespec pause = {.tv_nsec = 100000000};
        json_t *answer = NULL;
        enum exit_code code;
        const json_t *backup = ask_backup(arguments, &code, &answer);
        const char *state = json_string_value(json_object_get(backup, "state"));

        if (code == EXIT_DONE && (state == NULL || strcmp(state, "failed") == 0)) {
            const char *reason = json_string_value(json_object_get(backup, "reason"));

            complain(&not_made, (const char *[]){path, reason == NULL ? "?" : reason});
            code = EXIT_REFUSED;
        } else if (code == EXIT_DONE && strcmp(state, "done") == 0) {
            code = print_done(path, backup);
        } else if (code == EXIT_DONE) {
            json_decref(answer);
            (void)nanosleep(&pause, NULL);
            continue;
        }
        json_decref(answer);
        return code;
    }
}

static enum exit_code of_living(const struct arguments *arguments)
{
    Duban__V1__Act act = DUBAN__V1__ACT__INIT;
    Duban__V1__Backup backup = DUBAN__V1__BACKUP__INIT;
    char path[PATH_BYTES];
    json_t *answer;

    if (!whole_path(arguments->words[0], path)) {
        return command_misused(arguments, &long_path, (const char *[]){arguments->words[0]});
    }
    backup.folder = path;
    act.what_case = DUBAN__V1__ACT__WHAT_BACKUP;
    act.backup = &backup;

    enum exit_code code = control_act(arguments, &act, &answer);

    if (code != EXIT_DONE) {
        return code;
    }
    json_decref(answer);
    return await(arguments, path);
}

static enum exit_code run(const struct arguments *arguments)
{
    bool verifies = arguments->word_count > 0 && strcmp(arguments->words[0], "verify") == 0;

    if (arguments->word_count == (verifies ? 1U : 0U)) {
        return command_misused(arguments, &no_folder, NULL);
    }
    if (arguments->word_count > (verifies ? 2U : 1U)) {
        return command_misused(arguments, &too_many, NULL);
    }
    if (verifies) {
        return guarded(arguments, arguments->words[1], verify);
    }
    if (argument_value(arguments, "store") != NULL) {
        return guarded(arguments, argument_value(arguments, "store"), of_stopped);
    }
    return of_living(arguments);
}

static const char *const usages[] = {"backup DIR [--reason WORDS] [--run DIR] [-o json]",
                                     "backup DIR --store DIR [-o json]",
                                     "backup verify DIR [-o json]", NULL};
static const struct message examples = {
    "backup_examples",
    "  duban backup /var/backups/duban/2026-10-10 --reason nightly\n"
    "  duban backup verify /var/backups/duban/2026-10-10\n"
    "  duban backup /var/backups/duban/old --store /mnt/old/duban\n",
    "  duban backup /var/backups/duban/2026-10-10 --reason 每晚\n"
    "  duban backup verify /var/backups/duban/2026-10-10\n"
    "  duban backup /var/backups/duban/old --store /mnt/old/duban\n"};

const struct command store_backup = {
    .name = "backup",
    BACKUP_SUMMARY,
    .usages = usages,
    .examples = &examples,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 2,
    .run = run,
};
