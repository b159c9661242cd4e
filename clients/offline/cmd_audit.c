#include "offline/parts.h"

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/out.h"
#include "core/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ZONE_MS = 8 * 3600000 };

static const struct message no_verb = {"audit_no_verb",
                                       "say what: duban audit verify, replay or root",
                                       "请指明：duban audit verify、replay 或 root"};
static const struct message bad_root = {
    "audit_bad_root",
    "`{0}` is no root: give SEQ:HASH as duban audit root prints it, or a file that begins so",
    "“{0}”不是链首：请给出 duban audit root 所示的 记录号:散列，或以此开头的文件"};

static const struct option options[] = {
    {.name = "store",
     .value = "DIR",
     .en = "the folder of the store or of a backup (" STORE_DEFAULT ")",
     .zh = "存储或备份所在目录（" STORE_DEFAULT "）"},
    {.name = "root",
     .value = "SEQ:HASH|FILE",
     .en = "verify: also that it continues from this root, kept elsewhere",
     .zh = "verify：并查验它承接另行留存的这一链首"},
    {.name = "restep",
     .en = "replay: list what today's code would decide otherwise",
     .zh = "replay：列出以现行代码会有不同结果的记录"},
};

/* SEQ:HASH, and what follows it does not matter. */
static bool read_root(const char *text, struct root *root)
{
    char *colon;

    if (text[0] < '0' || text[0] > '9') {
        return false;
    }
    root->seq = strtoull(text, &colon, 10);
    return *colon == ':' && hex_read(colon + 1, root->hash);
}

/* As given, or the beginning of a file. */
static bool take_root(const char *given, struct root *root)
{
    char line[2 * HEX_BYTES] = "";
    FILE *file;

    if (read_root(given, root)) {
        return true;
    }
    file = fopen(given, "re");
    if (file != NULL) {
        if (fgets(line, sizeof(line), file) == NULL) {
            line[0] = '\0';
        }
        (void)fclose(file);
    }
    if (!read_root(line, root)) {
        complain_of(&bad_root, given);
        return false;
    }
    return true;
}

static enum exit_code verify(const struct arguments *arguments, const char *path)
{
    const char *given = argument_value(arguments, "root");
    struct root root;
    struct verified verified;

    if (given != NULL && !take_root(given, &root)) {
        return EXIT_USAGE;
    }
    return verify_living(path, given == NULL ? NULL : &root, &verified)
               ? verify_print(path, &verified)
               : EXIT_NO_DAEMON;
}

/* The head of the chain, on one line: to be kept where the store's administrators are not. */
static enum exit_code print_root(const char *path)
{
    struct verified verified;
    char hash[HEX_BYTES];
    char time[INSTANT_TEXT_SIZE];

    if (!verify_living(path, NULL, &verified)) {
        return EXIT_NO_DAEMON;
    }
    if (verified.fault != NULL) {
        return verify_print(path, &verified);
    }
    hex_print(verified.chain.hash, hash);
    (void)instant_print(verified.now_ms, ZONE_MS, time);
    if (out_format() == OUT_JSON) {
        out_json(json_pack("{s:I, s:s, s:I}", "seq", (json_int_t)verified.chain.last, "hash",
                           hash, "time_ms", (json_int_t)verified.now_ms));
    } else {
        printf("%" PRIu64 ":%s %s\n", verified.chain.last, hash, time);
    }
    return EXIT_DONE;
}

static enum exit_code replay(const struct arguments *arguments, const char *path)
{
    struct verified verified;

    if (!verify_folder(path, NULL, &verified)) {
        return EXIT_NO_DAEMON;
    }
    if (verified.fault != NULL) {
        return verify_print(path, &verified);
    }
    return argument_given(arguments, "restep") ? restep_folder(path, &verified)
                                               : replay_folder(path, &verified, false);
}

static const char *path_of(const struct arguments *arguments)
{
    const char *path = argument_value(arguments, "store");

    return path == NULL ? STORE_DEFAULT : path;
}

static enum exit_code audit(const struct arguments *arguments)
{
    const char *path = path_of(arguments);

    if (strcmp(arguments->words[0], "verify") == 0) {
        return verify(arguments, path);
    }
    return strcmp(arguments->words[0], "root") == 0 ? print_root(path)
                                                    : replay(arguments, path);
}

static enum exit_code run(const struct arguments *arguments)
{
    return arguments->word_count == 0 ? command_misused(arguments, &no_verb, NULL)
                                      : guarded(arguments, path_of(arguments), audit);
}

static const char *const verbs[] = {"verify", "replay", "root", NULL};
static const char *const usages[] = {
    "audit verify [--store DIR] [--root SEQ:HASH|FILE] [-o json]",
    "audit replay [--store DIR] [--restep] [-o json]", "audit root [--store DIR] [-o json]",
    NULL};
static const struct message examples = {
    "audit_examples",
    "  duban audit verify\n"
    "  duban audit root > /mnt/elsewhere/duban.root\n"
    "  duban audit verify --root /mnt/elsewhere/duban.root\n"
    "  duban audit replay --store /var/backups/duban/2026-10-10\n",
    "  duban audit verify\n"
    "  duban audit root > /mnt/elsewhere/duban.root\n"
    "  duban audit verify --root /mnt/elsewhere/duban.root\n"
    "  duban audit replay --store /var/backups/duban/2026-10-10\n"};

const struct command store_audit = {
    .name = "audit",
    AUDIT_SUMMARY,
    .verbs = verbs,
    .usages = usages,
    .examples = &examples,
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .word_max = 0,
    .run = run,
};
