#include "base/bytes.h"
#include "lib/check.h"

#include <string.h>

static struct bytes bytes_of(const char *text)
{
    return (struct bytes){.at = (const uint8_t *)text, .size = strlen(text)};
}

static void order_is_by_bytes_and_a_prefix_comes_first(void)
{
    CHECK(bytes_compare(bytes_of("a"), bytes_of("b")) < 0);
    CHECK(bytes_compare(bytes_of("ab"), bytes_of("a")) > 0);
    CHECK(bytes_compare(bytes_of(""), bytes_of("")) == 0);
    CHECK(bytes_compare(bytes_of("\xff"), bytes_of("a")) > 0);
    CHECK(bytes_equal(bytes_of("xy"), bytes_of("xy")));
    CHECK(!bytes_equal(bytes_of("xy"), bytes_of("xyz")));
}

static void crc32c_gives_its_published_check(void)
{
    CHECK_INTEGER(crc32c(bytes_of("123456789")), 0xe3069283);
    CHECK_INTEGER(crc32c((struct bytes){0}), 0);

    /* Longer than a word of the processor, and than a whole number of words. */
    static const uint8_t zeros[32];

    CHECK_INTEGER(crc32c((struct bytes){zeros, sizeof(zeros)}), 0x8a9136aa);
    CHECK_INTEGER(crc32c(bytes_of("The quick brown fox jumps over the lazy dog")), 0x22620404);
}

/* The first and the 64th of SipHash's vectors_sip128: the inputs are 00 01 02 …. */
static void digest_is_siphash_128(void)
{
    static const struct digest of_none = {{0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6, 0x6d,
                                           0xf6, 0x72, 0x14, 0xc7, 0x55, 0x02, 0x93}};
    static const struct digest of_63 = {{0x51, 0x50, 0xd1, 0x77, 0x2f, 0x50, 0x83, 0x4a, 0x50,
                                         0x3e, 0x06, 0x9a, 0x97, 0x3f, 0xbd, 0x7c}};
    uint8_t input[63];
    struct digest digest = digest_of((struct bytes){0});

    CHECK(digest_equal(&digest, &of_none));
    for (uint8_t i = 0; i < sizeof(input); i++) {
        input[i] = i;
    }
    digest = digest_of((struct bytes){.at = input, .size = sizeof(input)});
    CHECK(digest_equal(&digest, &of_63));
    digest = digest_of((struct bytes){.at = input, .size = 62});
    CHECK(!digest_equal(&digest, &of_63));
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(order_is_by_bytes_and_a_prefix_comes_first),
        TEST(crc32c_gives_its_published_check),
        TEST(digest_is_siphash_128),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
