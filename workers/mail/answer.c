#include "answer.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { CODE_DIGITS = 3 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

void answer_init(struct answer *answer)
{
    answer->code = 0;
    answer->more = false;
    answer->size = 0;
}

void answer_take(struct answer *answer, const char *line, size_t size)
{
    if (!answer->more) {
        answer_init(answer);
    }
    while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r')) {
        size--;
    }
    if (size < CODE_DIGITS || !is_digit(line[0]) || !is_digit(line[1]) || !is_digit(line[2])) {
        return;
    }
    answer->code = (uint32_t)((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
    answer->more = size > CODE_DIGITS && line[CODE_DIGITS] == '-';

    size_t from = size > CODE_DIGITS ? CODE_DIGITS + 1 : size;
    size_t room = sizeof(answer->words) - answer->size;
    size_t gap = answer->size > 0 && room > 1 ? 1 : 0;
    size_t part = size - from < room - gap ? size - from : room - gap;

    memset(answer->words + answer->size, ' ', gap);
    memcpy(answer->words + answer->size + gap, line + from, part);
    answer->size += gap + part;
}

/* How many bytes the visible character at the head of some bytes has; 0: there is none. */
static size_t character(const char *bytes, size_t size)
{
    for (size_t length = 1; length <= 4 && length <= size; length++) {
        if (text_is_utf8((struct text){.bytes = bytes, .size = length})) {
            unsigned char first = (unsigned char)bytes[0];
            bool control = first < ' ' || first == 0x7f ||
                           (first == 0xc2 && (unsigned char)bytes[1] < 0xa0);

            return control ? 0 : length;
        }
    }
    return 0;
}

/* What of some words is shown next: a character, or what stands for something hidden. Answered
 * is how many bytes of the words it stands for. */
static size_t show_next(struct text words, const char *receiver, struct text *shown)
{
    size_t name = strlen(receiver);
    size_t length = character(words.bytes, words.size);

    if (name > 0 && words.size >= name && strncasecmp(words.bytes, receiver, name) == 0) {
        *shown = TEXT("…");
        return name;
    }
    *shown = length == 0 ? TEXT("?") : text_part(words, 0, length);
    return length == 0 ? 1 : length;
}

/* Words as they may stand in a log: whoever was written to is left out of them. */
static void tell_words(struct text words, const char *receiver, char out[SMTP_WORDS_SIZE])
{
    size_t end = 0;

    while (words.size > 0) {
        struct text shown;
        size_t taken = show_next(words, receiver, &shown);

        if (end + shown.size >= SMTP_WORDS_SIZE) {
            break;
        }
        memcpy(out + end, shown.bytes, shown.size);
        end += shown.size;
        words = text_part(words, taken, words.size - taken);
    }
    out[end] = '\0';
}

/* How long the enhanced code at the head of some words is, as in `5.1.1 no such user`; or 0. */
static size_t enhanced(const char *words, size_t size)
{
    size_t at = 0;
    uint32_t dots = 0;

    while (at < size && (is_digit(words[at]) || words[at] == '.')) {
        dots += words[at] == '.' ? 1 : 0;
        at++;
    }
    return dots == 2 && at >= 5 && at <= 9 && (at == size || words[at] == ' ') ? at : 0;
}

bool answer_is_policy(const struct answer *answer)
{
    return enhanced(answer->words, answer->size) > 0 &&
           strncmp(answer->words, "5.7.", strlen("5.7.")) == 0;
}

void answer_tell(const struct answer *answer, const char *receiver, struct smtp_result *result)
{
    size_t more = enhanced(answer->words, answer->size);
    size_t from = more == answer->size || more == 0 ? more : more + 1;

    (void)snprintf(result->code, sizeof(result->code), more > 0 ? "%03u %.*s" : "%03u",
                   answer->code, (int)more, answer->words);
    tell_words((struct text){.bytes = answer->words + from, .size = answer->size - from},
               receiver, result->words);
}

void answer_tell_failure(const char *code, const char *words, const char *receiver,
                         struct smtp_result *result)
{
    (void)snprintf(result->code, sizeof(result->code), "%s", code);
    tell_words(text_of(words), receiver, result->words);
}
