#include "cli/arguments.h"
#include "cli/catalogue.h"
#include "cli/commands.h"
#include "cli/out.h"
#include "cli/words.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_SIZE = 1024, CODES_MAX = 512 };

static const struct message not_known = {
    "explain_not_known",
    "`{0}` is no code of duban's own. A need of a procedure refuses under its own name: duban "
    "procedure show FILE tells of it. All codes: duban explain",
    "“{0}”不是督办自带的代码。程序中的条件以其自身名称为代码：见 duban procedure show 文件。"
    "全部代码：duban explain"};
static const struct message meant = {
    "explain_meant", "there is no code `{0}`. Did you mean `{1}`? All codes: duban explain",
    "没有代码“{0}”。是否想查“{1}”？全部代码：duban explain"};

/* The words with `…` where arguments will stand. */
static void print_open(const char *words, char out[WORDS_SIZE])
{
    struct text dots[PROBLEM_ARGUMENTS];

    for (uint32_t i = 0; i < PROBLEM_ARGUMENTS; i++) {
        dots[i] = TEXT("…");
    }
    (void)message_print(words, dots, out, WORDS_SIZE);
}

static void print_message(const struct message *message, const struct catalogue_part *part)
{
    char words[WORDS_SIZE];
    const struct advice *advice = catalogue_advice_of(message->code);

    printf("%s\n  %s\n", message->code, words_pick(part->en, part->zh));
    print_open(words_in(message), words);
    printf("  %s%s\n", words_pick("It says: ", "提示："), words);
    print_open(words_pick(message->zh, message->en), words);
    printf("  %s%s\n", words_pick("In Chinese: ", "英文："), words);
    if (advice != NULL) {
        printf("  %s%s\n", words_pick("What to do: ", "怎么办："),
               words_pick(advice->en, advice->zh));
    }
}

static const struct out_column columns[] = {
    {.name = "code", .en = "CODE", .zh = "代码"},
    {.name = "where", .en = "WHERE", .zh = "出处"},
    {.name = "en", .en = "IN ENGLISH", .zh = "英文"},
    {.name = "zh", .en = "IN CHINESE", .zh = "中文"},
    {.name = "advice", .en = "WHAT TO DO", .zh = "怎么办"},
};

static void add_row(struct out_table *table, const struct message *message,
                    const struct catalogue_part *part)
{
    char words[2][WORDS_SIZE];
    const struct advice *advice = catalogue_advice_of(message->code);

    print_open(message->en, words[0]);
    print_open(message->zh, words[1]);
    out_table_row(table,
                  (const char *[]){message->code, part->name, words[0], words[1],
                                   advice == NULL ? "" : words_pick(advice->en, advice->zh)});
}

/* All of them: in a table for people the words in their language are enough. */
static void list_all(void)
{
    static const struct out_column short_columns[] = {
        {.name = "code", .en = "CODE", .zh = "代码"},
        {.name = "where", .en = "WHERE", .zh = "出处"},
        {.name = "words", .en = "WORDS", .zh = "说明"},
    };
    bool for_people = out_format() == OUT_TABLE;
    struct out_table *table =
        for_people ? out_table_open(short_columns, 3)
                   : out_table_open(columns, sizeof(columns) / sizeof(columns[0]));
    const struct catalogue_part *part;
    const struct message *message;

    for (uint32_t i = 0; (message = catalogue_message(i, &part)) != NULL; i++) {
        char words[WORDS_SIZE];

        if (!for_people) {
            add_row(table, message, part);
            continue;
        }
        print_open(words_in(message), words);
        out_table_row(table, (const char *[]){message->code, part->name, words});
    }
    out_table_print(table);
}

static void complain_of_code(const char *code)
{
    const char *codes[CODES_MAX + 1] = {NULL};
    const struct catalogue_part *part;
    const struct message *message;

    for (uint32_t i = 0; (message = catalogue_message(i, &part)) != NULL && i < CODES_MAX;
         i++) {
        codes[i] = message->code;
    }

    const char *nearest = arguments_nearest(code, codes);

    complain(nearest == NULL ? &not_known : &meant, (const char *[]){code, nearest});
}

static bool explain(const char *code, struct out_table *table)
{
    const struct catalogue_part *part;
    const struct message *message;
    bool found = false;

    for (uint32_t i = 0; (message = catalogue_message(i, &part)) != NULL; i++) {
        if (strcmp(message->code, code) != 0) {
            continue;
        }
        if (table == NULL) {
            print_message(message, part);
        } else {
            add_row(table, message, part);
        }
        found = true;
    }
    if (!found) {
        complain_of_code(code);
    }
    return found;
}

static enum exit_code run(const struct arguments *arguments)
{
    struct out_table *table = NULL;
    bool all = true;

    if (arguments->word_count == 0) {
        list_all();
        return EXIT_DONE;
    }
    if (out_format() != OUT_TABLE) {
        table = out_table_open(columns, sizeof(columns) / sizeof(columns[0]));
    }
    for (uint32_t i = 0; i < arguments->word_count; i++) {
        all = explain(arguments->words[i], table) && all;
    }
    if (table != NULL) {
        out_table_print(table);
    }
    return all ? EXIT_DONE : EXIT_REFUSED;
}

static const char *const usages[] = {"explain [CODE…] [-o json]", NULL};

static const struct message examples = {"explain_examples",
                                        "  duban explain no_rule\n"
                                        "  duban --lang zh explain asleep\n"
                                        "  duban explain -o csv > codes.csv\n",
                                        "  duban explain no_rule\n"
                                        "  duban --lang zh explain asleep\n"
                                        "  duban explain -o csv > codes.csv\n"};

const struct command command_explain = {
    .name = "explain",
    .en = "what a code of a refusal or a problem means, and what to do",
    .zh = "解释拒绝或问题的代码，以及如何处理",
    .usages = usages,
    .examples = &examples,
    .word_max = 32,
    .run = run,
};
