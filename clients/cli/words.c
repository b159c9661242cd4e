#include "cli/words.h"

#include "base/must.h"
#include "cli/width.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ARGUMENT_MAX = 512, TEXT_MAX = 4096 };

static enum words_language chosen = LANGUAGE_EN; /* set once, before anything is said */

static bool begins(const char *text, const char *word)
{
    size_t size = strlen(word);

    return strncmp(text, word, size) == 0 && strchr("_.@-", text[size]) != NULL;
}

bool words_choose(const char *language)
{
    if (begins(language, "zh")) {
        chosen = LANGUAGE_ZH;
        return true;
    }
    if (begins(language, "en")) {
        chosen = LANGUAGE_EN;
        return true;
    }
    return false;
}

void words_begin(void)
{
    static const char *const names[] = {"DUBAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};

    /* Our texts are UTF-8 whatever the locale says; only the widths of characters are asked. */
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) {
        (void)setlocale(LC_CTYPE, "");
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);

        if (value != NULL && value[0] != '\0') {
            (void)words_choose(value);
            return;
        }
    }
}

enum words_language words_language(void)
{
    return chosen;
}

const char *words_pick(const char *en, const char *zh)
{
    return chosen == LANGUAGE_ZH ? zh : en;
}

const char *words_in(const struct message *message)
{
    return words_pick(message->en, message->zh);
}

static struct text harmless(const char *argument, char room[ARGUMENT_MAX])
{
    size_t size = 0;

    for (; argument[size] != '\0' && size < ARGUMENT_MAX; size++) {
        unsigned char c = (unsigned char)argument[size];

        room[size] = c < 0x20 || c == 0x7f ? '?' : argument[size];
    }
    return (struct text){.bytes = room, .size = size};
}

/* How many arguments the words ask for. */
static size_t holes_in(const char *words)
{
    size_t count = 0;

    for (const char *c = words; (c = strchr(c, '{')) != NULL; c++) {
        if (c[1] >= '0' && c[1] < '0' + PROBLEM_ARGUMENTS && c[2] == '}' &&
            (size_t)(c[1] - '0') >= count) {
            count = (size_t)(c[1] - '0') + 1;
        }
    }
    return count;
}

void words_print(FILE *stream, const struct message *message, const char *const *arguments)
{
    const char *words = words_in(message);
    struct text texts[PROBLEM_ARGUMENTS] = {{0}};
    char rooms[PROBLEM_ARGUMENTS][ARGUMENT_MAX];
    char line[TEXT_MAX];
    size_t count = holes_in(words);

    for (size_t i = 0; i < count; i++) {
        MUST(arguments[i] != NULL);
        texts[i] = harmless(arguments[i], rooms[i]);
    }
    (void)message_print(words, texts, line, sizeof(line));
    (void)fprintf(stream, "%s\n", line);
}

bool words_in_colour(FILE *stream)
{
    const char *no = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");

    return (no == NULL || no[0] == '\0') && isatty(fileno(stream)) == 1 && terminal != NULL &&
           strcmp(terminal, "dumb") != 0;
}

void complain(const struct message *message, const char *const *arguments)
{
    (void)fflush(stdout); /* what was printed before comes before */
    (void)fputs(words_in_colour(stderr) ? "\033[1;31mduban:\033[0m " : "duban: ", stderr);
    words_print(stderr, message, arguments);
}

void complain_of(const struct message *message, const char *argument)
{
    const char *arguments[] = {argument};

    complain(message, arguments);
}

static const struct message severities[] = {
    [PROBLEM_ERROR] = {"error", "error", "错误"},
    [PROBLEM_WARNING] = {"warning", "warning", "警告"},
    [PROBLEM_NOTE] = {"note", "note", "提示"},
};

/* The line of a source, without its end. */
static struct text line_of(const struct source *source, uint32_t line)
{
    struct text rest = source->bytes;
    struct text found = text_cut(rest, '\n', &rest);

    for (uint32_t i = 1; i < line; i++) {
        found = text_cut(rest, '\n', &rest);
    }
    if (found.size > 0 && found.bytes[found.size - 1] == '\r') {
        found.size--;
    }
    return found;
}

static void print_harmless(FILE *stream, struct text text)
{
    for (size_t i = 0; i < text.size && i < TEXT_MAX; i++) {
        unsigned char c = (unsigned char)text.bytes[i];

        (void)fputc(c < 0x20 || c == 0x7f ? ' ' : text.bytes[i], stream);
    }
}

static void print_problem(FILE *stream, const struct problem *problem)
{
    char line[TEXT_MAX];
    struct mark mark = problem->mark;

    if (mark.source != NULL) {
        print_harmless(stream, mark.source->name);
        (void)fputc(':', stream);
        if (mark.line > 0) {
            (void)fprintf(stream, "%u:%u:", mark.line, mark.column);
        }
        (void)fputc(' ', stream);
    }

    size_t size =
        message_print(words_in(problem->message), problem->arguments, line, sizeof(line));

    (void)fprintf(stream, "%s: ", words_in(&severities[problem->severity]));
    print_harmless(stream, (struct text){.bytes = line, .size = size});
    (void)fprintf(stream, " [%s]\n", problem->message->code);
    if (mark.source != NULL && mark.line > 0) {
        struct text shown = line_of(mark.source, mark.line);

        if (shown.size > 0) {
            bool coloured = words_in_colour(stream);

            (void)fprintf(stream, "%6u | ", mark.line);
            print_harmless(stream, shown);
            (void)fprintf(stream, "\n       | ");
            width_print_blank(stream, shown, mark.column > 0 ? mark.column - 1 : 0);
            (void)fprintf(stream, "%s^%s\n", coloured ? "\033[1;31m" : "",
                          coloured ? "\033[0m" : "");
        }
    }
}

void words_note(const struct message *message, const char *const *arguments)
{
    (void)fflush(stdout);
    (void)fprintf(stderr, "%s%s", words_in(&severities[PROBLEM_NOTE]), words_pick(": ", "："));
    words_print(stderr, message, arguments);
}

static const struct message more_problems = {"more_problems", "… and {0} more",
                                             "……另有 {0} 处未列出"};

void words_print_problems(FILE *stream, const struct problem_list *problems)
{
    uint32_t shown = 0;

    for (const struct problem *p = problems->first; p != NULL; p = p->next) {
        print_problem(stream, p);
        shown++;
    }
    if (problems->count > shown) {
        char count[16];
        const char *arguments[] = {count};

        (void)snprintf(count, sizeof(count), "%u", problems->count - shown);
        words_print(stream, &more_problems, arguments);
    }
}
