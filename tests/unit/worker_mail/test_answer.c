#include "answer.h"

#include "lib/check.h"
#include "lib/rng.h"

#include <string.h>

static struct smtp_result told(const char *const *lines, const char *receiver)
{
    struct answer answer;
    struct smtp_result result;

    answer_init(&answer);
    for (uint32_t i = 0; lines[i] != NULL; i++) {
        answer_take(&answer, lines[i], strlen(lines[i]));
    }
    answer_tell(&answer, receiver, &result);
    return result;
}

#define TOLD(receiver, ...) told((const char *const[]){__VA_ARGS__, NULL}, receiver)

static void an_answer_is_a_code_and_words(void)
{
    struct smtp_result plain = TOLD("a@b", "550 no such user\r\n");
    struct smtp_result better = TOLD("a@b", "450 4.2.1 busy\r\n");
    struct smtp_result bare = TOLD("a@b", "250\r\n");

    CHECK_TEXT(plain.code, "550");
    CHECK_TEXT(plain.words, "no such user");
    CHECK_TEXT(better.code, "450 4.2.1");
    CHECK_TEXT(better.words, "busy");
    CHECK_TEXT(bare.code, "250");
    CHECK_TEXT(bare.words, "");
}

static void several_lines_are_one_answer(void)
{
    struct smtp_result result = TOLD("a@b", "550-5.7.1 We do not\r\n", "550 5.7.1 like it\r\n");

    CHECK_TEXT(result.code, "550 5.7.1");
    CHECK_TEXT(result.words, "We do not 5.7.1 like it");
}

static void the_last_answer_counts(void)
{
    struct smtp_result result = TOLD("a@b", "250-one\r\n", "250 two\r\n", "354 go on\r\n");

    CHECK_TEXT(result.code, "354");
    CHECK_TEXT(result.words, "go on");
}

static void whoever_was_written_to_is_left_out(void)
{
    struct smtp_result result =
        TOLD("wang@example.cn", "550 5.1.1 <Wang@Example.CN>: wang@example.cn is unknown\r\n");

    CHECK_TEXT(result.words, "<…>: … is unknown");
}

static void words_of_any_bytes_are_made_text(void)
{
    struct smtp_result result =
        TOLD("a@b", "554 \xc4\xe3\xba\xc3 \x1b[2J \xe4\xbd\xa0 \xc2\x85 \xed\xa0\x80\r\n");

    CHECK(text_is_utf8(text_of(result.words)));
    CHECK(strchr(result.words, '\x1b') == NULL);
    CHECK(strstr(result.words, "你") != NULL);
    CHECK(strstr(result.words, "\xc2\x85") == NULL);
}

static void what_is_no_version_is_no_enhanced_code(void)
{
    CHECK_TEXT(TOLD("a@b", "550 192.168.1.1 is listed\r\n").code, "550");
    CHECK_TEXT(TOLD("a@b", "550 5.1 x\r\n").code, "550");
    CHECK_TEXT(TOLD("a@b", "550 5.1.1\r\n").code, "550 5.1.1");
}

static bool is_policy(const char *line)
{
    struct answer answer;

    answer_init(&answer);
    answer_take(&answer, line, strlen(line));
    return answer_is_policy(&answer);
}

static void a_refusal_by_policy_is_known(void)
{
    CHECK(is_policy("554 5.7.1 Relay access denied\r\n"));
    CHECK(is_policy("550 5.7.26 not authenticated\r\n"));
    CHECK(!is_policy("550 5.1.1 no such user\r\n"));
    CHECK(!is_policy("550 5.70.1 what is this\r\n"));
    CHECK(!is_policy("550 5.7 what is this\r\n"));
}

static void a_long_answer_is_cut_between_characters(void)
{
    char line[8192] = "550-";

    for (uint32_t i = 4; i + 4 < sizeof(line); i += 3) {
        memcpy(line + i, "长", sizeof("长"));
    }

    struct smtp_result result = TOLD("a@b", line, line, "550 end");

    CHECK(strlen(result.words) > 200);
    CHECK(text_is_utf8(text_of(result.words)));
}

static void any_bytes_are_an_answer_or_none(void)
{
    static const char some[] = "0123456789 -.\r\n\xe4\xbd\xa0\xff\x01@ab";
    struct rng rng = rng_seeded(7);

    for (uint32_t i = 0; i < 20000; i++) {
        struct answer answer;
        struct smtp_result result;
        char line[64];

        answer_init(&answer);
        for (uint32_t lines = 0; lines < 6; lines++) {
            size_t size = (size_t)rng_between(&rng, 0, sizeof(line) - 1);

            for (size_t at = 0; at < size; at++) {
                line[at] = some[rng_between(&rng, 0, sizeof(some) - 1)];
            }
            answer_take(&answer, line, size);
        }
        answer_tell(&answer, "a@b", &result);
        CHECK(text_is_utf8(text_of(result.words)) && text_is_utf8(text_of(result.code)));
    }
}

static void our_own_failures_are_told_alike(void)
{
    struct smtp_result result;

    answer_tell_failure("connect", "Failed to connect to mail.example.cn port 587", "a@b",
                        &result);
    CHECK_TEXT(result.code, "connect");
    CHECK_TEXT(result.words, "Failed to connect to mail.example.cn port 587");
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(an_answer_is_a_code_and_words),    TEST(several_lines_are_one_answer),
        TEST(the_last_answer_counts),           TEST(whoever_was_written_to_is_left_out),
        TEST(words_of_any_bytes_are_made_text), TEST(what_is_no_version_is_no_enhanced_code),
        TEST(a_refusal_by_policy_is_known),     TEST(a_long_answer_is_cut_between_characters),
        TEST(any_bytes_are_an_answer_or_none),  TEST(our_own_failures_are_told_alike),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
