/* What a worker says became of a message, cut to what the wire takes. */
#include "worker.h"

#include "base/text.h"

#include <string.h>

/* As many bytes as fit, with blanks for control characters. */
static size_t copy_line(char *room, size_t size, const char *words)
{
    size_t at = 0;

    for (; words[at] != '\0' && at < size - 1; at++) {
        unsigned char byte = (unsigned char)words[at];

        room[at] = byte < 0x20 || byte == 0x7f ? ' ' : words[at];
    }
    room[at] = '\0';
    return at;
}

static bool continues(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* A provider's words are anybody's: on the wire a text is UTF-8 without control characters, and
 * of no more bytes than fit, cut where a character ends. What is none keeps its ASCII alone. */
static void take_words(char *room, size_t size, const char *words)
{
    size_t at = copy_line(room, size, words == NULL ? "" : words);

    if (words != NULL && continues(words[at])) {
        while (at > 0 && continues(room[at - 1])) {
            at--;
        }
        room[at == 0 ? 0 : at - 1] = '\0';
    }
    if (!text_is_utf8(text_of(room))) {
        for (at = 0; room[at] != '\0'; at++) {
            room[at] = (unsigned char)room[at] < 0x80 ? room[at] : '?';
        }
    }
}

static void take(struct worker_result *result, const char *code, const char *words,
                 int64_t not_before_ms)
{
    take_words(result->code, sizeof(result->code), code);
    take_words(result->words, sizeof(result->words), words);
    result->not_before_ms = not_before_ms;
}

void worker_done(struct worker_result *result, const char *provider_id)
{
    result->outcome = WORKER_DONE;
    take_words(result->provider_id, sizeof(result->provider_id), provider_id);
}

void worker_never(struct worker_result *result, const char *code, const char *words)
{
    result->outcome = WORKER_NEVER;
    take(result, code, words, 0);
}

void worker_later(struct worker_result *result, const char *code, const char *words,
                  int64_t not_before_ms)
{
    result->outcome = WORKER_LATER;
    take(result, code, words, not_before_ms);
}

void worker_throttled(struct worker_result *result, const char *code, const char *words,
                      int64_t not_before_ms)
{
    result->outcome = WORKER_THROTTLED;
    take(result, code, words, not_before_ms);
}

void worker_unknown(struct worker_result *result, const char *words)
{
    result->outcome = WORKER_UNKNOWN;
    take(result, "", words, 0);
}
