#include "cli/command.h"

#include "base/must.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COMMANDS_MAX = 64, LEFT_WIDTH = 30, PATH_BYTES = 4096 };

static const struct message program_summary = {
    "program_summary",
    "duban: sees each enforcement case through, and that nobody misses a limit",
    "督办：看住每一件执法案件，不让任何期限落空"};
static const struct message head_usage = {"usage", "Usage", "用法"};
static const struct message head_examples = {"examples", "Examples", "示例"};
static const struct message head_options = {"options", "Options", "选项"};
static const struct message head_commands = {"commands", "Commands", "命令"};
static const struct message help_more = {"help_more", "More on a command: duban COMMAND --help",
                                         "某个命令的用法：duban 命令 --help"};
static const struct message no_such_command = {
    "no_such_command", "there is no command `{0}`. All commands: duban --help",
    "没有命令“{0}”。全部命令见：duban --help"};
static const struct message command_meant = {
    "command_meant", "there is no command `{0}`. Did you mean `duban {1}`? All: duban --help",
    "没有命令“{0}”。是否想用“duban {1}”？全部命令见：duban --help"};
static const struct message bad_bytes = {
    "bad_bytes", "word {0} of the command line is not UTF-8; set the terminal to UTF-8",
    "命令行第 {0} 个词不是 UTF-8；请将终端编码设为 UTF-8"};
static const struct message bad_language = {
    "bad_language", "there is no language `{0}` here: --lang zh or --lang en",
    "没有语言“{0}”：请用 --lang zh 或 --lang en"};
static const struct message bad_output = {
    "bad_output", "the output cannot be `{0}`: -o table, -o json or -o csv",
    "输出格式不能是“{0}”：请用 -o table、-o json 或 -o csv"};
static const struct message no_such_program = {
    "no_such_program", "{0} is missing: install duban whole, or build it again",
    "缺少“{0}”：请完整安装 duban，或重新构建"};
static const struct message stdout_failed = {
    "stdout_failed", "the answer could not be written: the disk is full or the pipe is closed",
    "结果写不出去：磁盘已满，或管道已关闭"};
static const struct message see_help = {"see_help", "       More: duban {0} --help",
                                        "       用法见：duban {0} --help"};

static void print_two_columns(const char *left, const char *right)
{
    if (strlen(left) < LEFT_WIDTH) {
        printf("  %-*s%s\n", LEFT_WIDTH, left, right);
    } else {
        printf("  %s\n  %-*s%s\n", left, LEFT_WIDTH, "", right);
    }
}

static void print_option(const struct option *option)
{
    char left[128];
    char letter[] = {'-', option->letter, ',', ' ', '\0'};

    (void)snprintf(left, sizeof(left), "%s--%s%s%s", option->letter == 0 ? "" : letter,
                   option->name, option->value == NULL ? "" : " ",
                   option->value == NULL ? "" : option->value);
    print_two_columns(left, words_pick(option->en, option->zh));
}

/* Whether the command has an option of this name of its own, instead of the common one. */
static bool has_own(const struct command *command, const char *name)
{
    for (uint32_t i = 0; i < command->option_count; i++) {
        if (strcmp(command->options[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void print_command_help(const struct command *command)
{
    printf("duban %s: %s\n", command->name, words_pick(command->en, command->zh));
    if (command->examples != NULL) {
        printf("\n%s:\n%s", words_in(&head_examples), words_in(command->examples));
    }
    printf("\n%s:\n", words_in(&head_usage));
    for (uint32_t i = 0; command->usages[i] != NULL; i++) {
        printf("  duban %s\n", command->usages[i]);
    }
    printf("\n%s:\n", words_in(&head_options));
    for (uint32_t i = 0; i < command->option_count; i++) {
        print_option(&command->options[i]);
    }
    for (uint32_t i = 0; i < options_common_count; i++) {
        if (!has_own(command, options_common[i].name)) {
            print_option(&options_common[i]);
        }
    }
    if (command->notes != NULL) {
        printf("\n%s", words_in(command->notes));
    }
}

static void print_help(const struct command *const *commands, uint32_t count)
{
    printf("%s\n\n%s:\n", words_in(&program_summary), words_in(&head_examples));
    printf("  duban date --from 2026-02-13T10:00 --length 5wd --explain\n");
    printf("  duban --lang zh date --help\n\n%s:\n", words_in(&head_commands));
    for (uint32_t i = 0; i < count; i++) {
        print_two_columns(commands[i]->name, words_pick(commands[i]->en, commands[i]->zh));
    }
    printf("\n%s\n", words_in(&help_more));
}

static const struct command *find_command(const struct command *const *commands, uint32_t count,
                                          const char *name)
{
    const char *names[COMMANDS_MAX + 1] = {NULL};

    MUST(count <= COMMANDS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
        names[i] = commands[i]->name;
    }

    const char *nearest = arguments_nearest(name, names);

    complain(nearest == NULL ? &no_such_command : &command_meant,
             (const char *[]){name, nearest});
    return NULL;
}

/* What every command takes: the language and the shape of the answer. */
static bool take_common(const struct arguments *arguments)
{
    const char *language = argument_value(arguments, "lang");
    const char *output =
        has_own(arguments->command, "output") ? NULL : argument_value(arguments, "output");

    if (language != NULL && !words_choose(language)) {
        complain_of(&bad_language, language);
        return false;
    }
    if (output != NULL && !out_choose(output)) {
        complain_of(&bad_output, output);
        return false;
    }
    return true;
}

/* A word that is no text would fall out of whatever is made of it, and be missed there. */
static bool are_texts(int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        if (!text_is_utf8(text_of(argv[i]))) {
            char place[16];

            (void)snprintf(place, sizeof(place), "%d", i + 1);
            complain_of(&bad_bytes, place);
            return false;
        }
    }
    return true;
}

static enum exit_code run_command(const struct command *command, int argc, char **argv)
{
    static struct arguments arguments; /* large, and there is one command line */

    /*
     * A wrong option should be told of in the language asked for, so that is looked for first.
     */
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "--lang=", 7) == 0) {
            (void)words_choose(argv[i] + 7);
        } else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) {
            (void)words_choose(argv[i + 1]);
        }
    }
    if (!are_texts(argc, argv) || !arguments_read(&arguments, command, argc, argv) ||
        !take_common(&arguments)) {
        return EXIT_USAGE;
    }
    if (argument_given(&arguments, "help")) {
        print_command_help(command);
        return EXIT_DONE;
    }
    return command->run(&arguments);
}

/* `--lang zh` or `--lang=zh` at argv[*at]; steps over it. */
static bool take_language(int argc, char **argv, int *at)
{
    const char *word = argv[*at];
    const char *language = NULL;

    if (strncmp(word, "--lang=", 7) == 0) {
        language = word + 7;
    } else if (strcmp(word, "--lang") == 0 && *at + 1 < argc) {
        *at += 1;
        language = argv[*at];
    }
    *at += 1;
    if (language == NULL) {
        complain_of(&no_such_command, word);
        return false;
    }
    if (!words_choose(language)) {
        complain_of(&bad_language, language);
        return false;
    }
    return true;
}

static bool is_either(const char *word, const char *first, const char *second)
{
    return strcmp(word, first) == 0 || strcmp(word, second) == 0;
}

/*
 * Become the program that does the command, which stands beside this one. argv[0] is any word,
 * what was asked follows it; the language goes with the environment.
 */
static enum exit_code hand_over(const struct command *command, char **argv)
{
    char path[PATH_BYTES];
    ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);
    char *name = NULL;

    path[size < 0 ? 0 : size] = '\0';
    name = strrchr(path, '/');
    if (name != NULL) {
        (void)snprintf(name + 1, sizeof(path) - (size_t)(name + 1 - path), "%s",
                       command->program);
        (void)setenv("DUBAN_LANG", words_language() == LANGUAGE_ZH ? "zh" : "en", 1);
        (void)execv(path, argv);
    }
    complain_of(&no_such_program, path);
    return EXIT_REFUSED;
}

/* What follows the program's own options: a command, `help`, `help COMMAND`, or nothing. */
static enum exit_code run_words(const struct command *const *commands, uint32_t count, int argc,
                                char **argv)
{
    bool asks_help = argc > 0 && is_either(argv[0], "help", "--help");

    if (argc == (int)asks_help) {
        print_help(commands, count);
        return asks_help ? EXIT_DONE : EXIT_USAGE;
    }

    const struct command *command = find_command(commands, count, argv[asks_help]);

    if (command == NULL) {
        return EXIT_USAGE;
    }
    if (command->program != NULL) {
        return hand_over(command, argv - 1); /* before the words stands the program's name */
    }
    if (asks_help) {
        print_command_help(command);
        return EXIT_DONE;
    }
    return run_command(command, argc - 1, argv + 1);
}

/* Before the command stand only --lang, --help and --version. */
static enum exit_code dispatch(const struct command *const *commands, uint32_t count, int argc,
                               char **argv)
{
    int at = 1;

    while (at < argc && argv[at][0] == '-') {
        if (is_either(argv[at], "--help", "-h")) {
            print_help(commands, count);
            return EXIT_DONE;
        }
        if (strcmp(argv[at], "--version") == 0) {
            return run_command(find_command(commands, count, "version"), 0, NULL);
        }
        if (!take_language(argc, argv, &at)) {
            return EXIT_USAGE;
        }
    }
    return run_words(commands, count, argc - at, argv + at);
}

int command_main(const struct command *const *commands, uint32_t count, int argc, char **argv)
{
    words_begin();

    enum exit_code code = dispatch(commands, count, argc, argv);

    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        complain(&stdout_failed, NULL);
        return code == EXIT_DONE ? EXIT_REFUSED : (int)code;
    }
    return (int)code;
}

enum exit_code command_misused(const struct arguments *arguments, const struct message *message,
                               const char *const *texts)
{
    complain(message, texts);
    words_print(stderr, &see_help, (const char *[]){arguments->command->name});
    return EXIT_USAGE;
}
