#include "worker.h"

#include "lib/check.h"

#include <string.h>

static void what_is_said_fits_the_wire(void)
{
    struct worker_result result = {0};

    CHECK_INTEGER(result.outcome, WORKER_UNKNOWN); /* of a function that says nothing */
    worker_done(&result, NULL);
    CHECK_INTEGER(result.outcome, WORKER_DONE);
    CHECK_TEXT(result.provider_id, "");
    worker_later(&result, "450", "4.2.1\r\nbusy\x7f \x1b[31m", 7);
    CHECK_INTEGER(result.outcome, WORKER_LATER);
    CHECK_TEXT(result.code, "450");
    CHECK_TEXT(result.words, "4.2.1  busy   [31m");
    CHECK_INTEGER(result.not_before_ms, 7);
    worker_throttled(&result, NULL, NULL, 0);
    CHECK_INTEGER(result.outcome, WORKER_THROTTLED);
    CHECK_TEXT(result.words, "");
    worker_never(&result, "550", "\xc4\xe3\xba\xc3 in GBK");
    CHECK_TEXT(result.words, "???? in GBK");
    worker_unknown(&result, "the line broke");
    CHECK_INTEGER(result.outcome, WORKER_UNKNOWN);
    CHECK_TEXT(result.words, "the line broke");
    CHECK_TEXT(result.code, "");
}

/* Characters of one, two, three and four bytes, at every place where the room ends. */
static void it_is_cut_where_a_character_ends(void)
{
    static const char *const characters[] = {"a", "é", "督", "𠀀"};

    for (size_t kind = 0; kind < 4; kind++) {
        for (size_t before = 0; before < 5; before++) {
            struct worker_result result = {0};
            char words[1024] = "";
            size_t size = strlen(characters[kind]);

            memset(words, 'x', before);
            for (size_t at = before; at + size < 600; at += size) {
                memcpy(words + at, characters[kind], size + 1);
            }
            worker_never(&result, "", words);
            CHECK(text_is_utf8(text_of(result.words)));
            CHECK_INTEGER(strlen(result.words), before + (256 - before) / size * size);
            CHECK(strncmp(result.words, words, strlen(result.words)) == 0);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(what_is_said_fits_the_wire),
        TEST(it_is_cut_where_a_character_ends),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
