#include "core/sample.h"
#include "lib/check.h"

#include <stdlib.h>
#include <string.h>

static void check_sha(struct text text, const char *expected)
{
    struct sha256 sha;
    uint8_t digest[SHA256_BYTES];
    char words[SHA256_TEXT_BYTES];

    sha256_init(&sha);
    sha256_add(&sha, text);
    sha256_end(&sha, digest);
    sha256_print(digest, words);
    CHECK_TEXT(((struct text){words, sizeof(words)}), expected);
}

/* Those of FIPS 180-4, and both sides of the padding's edge. */
static void digests_are_the_standards(void)
{
    static char many[1000000];

    check_sha((struct text){0},
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_sha(TEXT("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check_sha(TEXT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    memset(many, 'a', sizeof(many));
    check_sha((struct text){many, sizeof(many)},
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    check_sha((struct text){many, 55},
              "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
    check_sha((struct text){many, 64},
              "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
}

enum { LOTS = 200 };
static char names[LOTS][8];

static void fill(struct lot *lots, uint32_t from)
{
    for (uint32_t i = 0; i < LOTS; i++) {
        uint32_t which = (i * 7 + from) % LOTS; /* any order */

        names[which][0] = 'K';
        names[which][1] = '-';
        names[which][2] = (char)('0' + which / 100);
        names[which][3] = (char)('0' + which / 10 % 10);
        names[which][4] = (char)('0' + which % 10);
        lots[i] = (struct lot){.item = {names[which], 5}};
    }
}

static void a_draw_follows_from_seed_and_list_alone(void)
{
    static struct lot one[LOTS];
    static struct lot two[LOTS];
    uint32_t moved = 0;

    fill(one, 3);
    fill(two, 111);
    sample_draw(TEXT("seed"), one, LOTS);
    sample_draw(TEXT("seed"), two, LOTS);
    for (uint32_t i = 0; i < LOTS; i++) {
        CHECK(text_equal(one[i].item, two[i].item));
        CHECK(i == 0 || memcmp(one[i - 1].rank, one[i].rank, SHA256_BYTES) < 0);
    }
    sample_draw(TEXT("another seed"), two, LOTS);
    for (uint32_t i = 0; i < LOTS; i++) {
        moved += !text_equal(one[i].item, two[i].item);
    }
    CHECK(moved > LOTS / 2);
}

static void a_lists_digest_is_of_its_items(void)
{
    static struct lot one[LOTS];
    static struct lot two[LOTS];
    uint8_t a[SHA256_BYTES];
    uint8_t b[SHA256_BYTES];

    fill(one, 3);
    fill(two, 111);
    sample_digest(one, LOTS, a);
    sample_digest(two, LOTS, b);
    CHECK(memcmp(a, b, sizeof(a)) == 0);
    CHECK_TEXT(one[0].item, "K-000");
    CHECK_TEXT(one[LOTS - 1].item, "K-199");
    sample_digest(two, LOTS - 1, b);
    CHECK(memcmp(a, b, sizeof(a)) != 0);
}

/* Each of many is drawn about as often as any other. */
static void no_lot_is_preferred(void)
{
    enum { DRAWS = 2000, OF = 10 };
    static uint32_t drawn[OF];
    struct lot lots[OF];

    for (uint32_t draw = 0; draw < DRAWS; draw++) {
        char seed[4] = {(char)('a' + draw / 676 % 26), (char)('a' + draw / 26 % 26),
                        (char)('a' + draw % 26), 'x'};

        for (uint32_t i = 0; i < OF; i++) {
            names[i][0] = (char)('0' + i);
            lots[i] = (struct lot){.item = {names[i], 1}};
        }
        sample_draw((struct text){seed, sizeof(seed)}, lots, OF);
        for (uint32_t i = 0; i < 3; i++) {
            drawn[lots[i].item.bytes[0] - '0']++;
        }
    }
    for (uint32_t i = 0; i < OF; i++) { /* 600 each; 500 lies five deviations off */
        CHECK(drawn[i] > 500);
        CHECK(drawn[i] < 700);
    }
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(digests_are_the_standards),
        TEST(a_draw_follows_from_seed_and_list_alone),
        TEST(a_lists_digest_is_of_its_items),
        TEST(no_lot_is_preferred),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
