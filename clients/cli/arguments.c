#include "cli/arguments.h"

#include "base/must.h"

#include <string.h>

enum { NAMES_MAX = 512, NAME_MAX_BYTES = 64 };

const struct option options_common[] = {
    {.name = "output",
     .letter = 'o',
     .value = "table|json|csv",
     .en = "how to print the answer",
     .zh = "输出格式：表格、JSON 或 CSV"},
    {.name = "lang", .value = "zh|en", .en = "the language of messages", .zh = "提示语言"},
    {.name = "help",
     .letter = 'h',
     .en = "examples and all options",
     .zh = "用法示例与全部选项"},
};
const uint32_t options_common_count = sizeof(options_common) / sizeof(options_common[0]);

static const struct message no_such_option = {
    "no_such_option", "there is no option `{0}` here. Options: duban {1} --help",
    "没有选项“{0}”。全部选项见：duban {1} --help"};
static const struct message option_meant = {
    "option_meant",
    "there is no option `{0}` here. Did you mean `--{2}`? Options: duban {1} --help",
    "没有选项“{0}”。是否想用“--{2}”？全部选项见：duban {1} --help"};
static const struct message value_missing = {"value_missing",
                                             "option `--{0}` wants a value: --{0} {1}",
                                             "选项“--{0}”需要一个值：--{0} {1}"};
static const struct message value_unwanted = {
    "value_unwanted", "option `--{0}` takes no value, but `{1}` was given",
    "选项“--{0}”不带值，却给了“{1}”"};
static const struct message given_twice = {
    "given_twice", "option `--{0}` was given twice; give it once", "选项“--{0}”只能给一次"};
static const struct message too_many = {
    "too_many", "too much on the command line: at most 256 options and 64 words",
    "命令行过长：最多 256 个选项、64 个词"};
static const struct message word_unwanted = {
    "word_unwanted", "`{0}` is one word too many for `duban {1}`. Usage: duban {1} --help",
    "“duban {1}”不接受多余的“{0}”。用法见：duban {1} --help"};
static const struct message no_such_verb = {
    "no_such_verb", "`duban {1}` cannot `{0}`. Usage: duban {1} --help",
    "“duban {1}”没有“{0}”这一用法。用法见：duban {1} --help"};
static const struct message verb_meant = {
    "verb_meant", "`duban {1}` cannot `{0}`. Did you mean `duban {1} {2}`?",
    "“duban {1}”没有“{0}”这一用法。是否想用“duban {1} {2}”？"};

const char *arguments_nearest(const char *word, const char *const *names)
{
    struct text candidates[NAMES_MAX];
    uint32_t count = 0;

    while (names[count] != NULL && count < NAMES_MAX) {
        candidates[count] = text_of(names[count]);
        count++;
    }

    struct text nearest = nearest_word(text_of(word), candidates, count);

    for (uint32_t i = 0; i < count; i++) {
        if (nearest.size > 0 && text_is(nearest, names[i])) {
            return names[i];
        }
    }
    return NULL;
}

static const struct option *option_at(const struct command *command, uint32_t i)
{
    return i < command->option_count ? &command->options[i]
                                     : &options_common[i - command->option_count];
}

static const struct option *find_option(const struct command *command, struct text name,
                                        char letter)
{
    for (uint32_t i = 0; i < command->option_count + options_common_count; i++) {
        const struct option *option = option_at(command, i);

        if (letter != 0 ? option->letter == letter : text_is(name, option->name)) {
            return option;
        }
    }
    return NULL;
}

static void complain_of_option(const struct command *command, const char *word,
                               struct text name)
{
    const char *names[NAMES_MAX + 1] = {NULL};
    char copy[NAME_MAX_BYTES] = {0};
    uint32_t count = 0;

    for (uint32_t i = 0; i < command->option_count + options_common_count; i++) {
        if (count < NAMES_MAX) {
            names[count++] = option_at(command, i)->name;
        }
    }
    if (name.size < sizeof(copy)) {
        memcpy(copy, name.bytes, name.size);
    }

    const char *nearest = arguments_nearest(copy, names);
    const char *texts[] = {word, command->name, nearest};

    complain(nearest == NULL ? &no_such_option : &option_meant, texts);
}

static bool keep_option(struct arguments *arguments, const struct option *option,
                        const char *value)
{
    if (!option->repeats && argument_given(arguments, option->name)) {
        complain_of(&given_twice, option->name);
        return false;
    }
    if (arguments->given_count == GIVEN_MAX) {
        complain(&too_many, NULL);
        return false;
    }
    arguments->given[arguments->given_count++] =
        (struct given){.option = option, .value = value};
    return true;
}

/*
 * One option at argv[*at], with its value after `=`, glued to its letter, or in the next word.
 */
static bool read_option(struct arguments *arguments, int argc, char **argv, int *at)
{
    const char *word = argv[*at];
    bool is_long = word[1] == '-';
    struct text attached = {0};
    struct text name = is_long ? text_cut(text_of(word + 2), '=', &attached) : (struct text){0};
    const struct option *option =
        find_option(arguments->command, name, is_long ? '\0' : word[1]);
    const char *value = is_long ? strchr(word, '=') : word + 2;

    if (option == NULL) {
        complain_of_option(arguments->command, word, name);
        return false;
    }
    value = value != NULL && is_long ? value + 1 : value;
    if (value != NULL && !is_long && value[0] == '\0') {
        value = NULL;
    }
    if (option->value == NULL && value != NULL) {
        complain(&value_unwanted, (const char *[]){option->name, value});
        return false;
    }
    if (option->value != NULL && value == NULL) {
        if (*at + 1 == argc) {
            complain(&value_missing, (const char *[]){option->name, option->value});
            return false;
        }
        *at += 1;
        value = argv[*at];
    }
    return keep_option(arguments, option, value);
}

static bool check_words(const struct arguments *arguments)
{
    const struct command *command = arguments->command;
    const char *const *verbs = command->verbs;
    uint32_t most = command->word_max + (verbs != NULL);

    if (verbs != NULL && arguments->word_count > 0) {
        const char *word = arguments->words[0];

        for (uint32_t i = 0; verbs[i] != NULL; i++) {
            if (strcmp(word, verbs[i]) == 0) {
                verbs = NULL;
                break;
            }
        }
        if (verbs != NULL) {
            const char *nearest = arguments_nearest(word, verbs);
            const char *texts[] = {word, command->name, nearest};

            complain(nearest == NULL ? &no_such_verb : &verb_meant, texts);
            return false;
        }
    }
    if (arguments->word_count > most) {
        complain(&word_unwanted, (const char *[]){arguments->words[most], command->name});
        return false;
    }
    return true;
}

bool arguments_read(struct arguments *arguments, const struct command *command, int argc,
                    char **argv)
{
    bool only_words = false;

    *arguments = (struct arguments){.command = command};
    for (int at = 0; at < argc; at++) {
        const char *word = argv[at];

        if (!only_words && strcmp(word, "--") == 0) {
            only_words = true;
        } else if (!only_words && word[0] == '-' && word[1] != '\0') {
            if (!read_option(arguments, argc, argv, &at)) {
                return false;
            }
        } else if (arguments->word_count < WORDS_MAX) {
            arguments->words[arguments->word_count++] = word;
        } else {
            complain(&too_many, NULL);
            return false;
        }
    }
    return argument_given(arguments, "help") || check_words(arguments);
}

const char *argument_next(const struct arguments *arguments, const char *name, uint32_t *at)
{
    while (*at < arguments->given_count) {
        const struct given *given = &arguments->given[*at];

        *at += 1;
        if (strcmp(given->option->name, name) == 0) {
            return given->value != NULL ? given->value : "";
        }
    }
    return NULL;
}

const char *argument_value(const struct arguments *arguments, const char *name)
{
    const char *found = NULL;
    uint32_t at = 0;

    for (const char *value = argument_next(arguments, name, &at); value != NULL;
         value = argument_next(arguments, name, &at)) {
        found = value;
    }
    return found;
}

bool argument_given(const struct arguments *arguments, const char *name)
{
    return argument_value(arguments, name) != NULL;
}
