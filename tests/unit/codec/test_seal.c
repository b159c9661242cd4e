#include "codec/seal.h"

#include "lib/check.h"

#include <string.h>

static uint8_t memory[1 << 16];
static const struct seal_key key = {.bytes = {1, 2, 3}};
static const struct seal_key other = {.bytes = {1, 2, 4}};

static struct arena empty(void)
{
    struct arena arena;

    CHECK(seal_ready());
    arena_init_over(&arena, memory, sizeof(memory));
    return arena;
}

static void what_was_sealed_is_read_again(void)
{
    static const char words[] = "张三，13800138000，鼓楼区中山路";
    struct arena arena = empty();

    for (size_t size = 0; size <= sizeof(words); size++) {
        struct text plain = {words, size};
        struct text sealed = seal_words(&key, TEXT("name"), plain, &arena);
        struct text back = {0};

        CHECK(sealed.size == 1 + 24 + (size / 16 + 1) * 16 + 16);
        CHECK(seal_read(&key, TEXT("name"), sealed, &arena, &back));
        CHECK_TEXT(back, plain);
    }
}

/* So two sealed forms can be compared, and a step can be done again. */
static void the_same_is_sealed_to_the_same(void)
{
    struct arena arena = empty();
    struct text one = seal_words(&key, TEXT("name"), TEXT("li"), &arena);

    CHECK(text_equal(one, seal_words(&key, TEXT("name"), TEXT("li"), &arena)));
    CHECK(!text_equal(one, seal_words(&key, TEXT("name"), TEXT("wu"), &arena)));
    CHECK(!text_equal(one, seal_words(&key, TEXT("mail"), TEXT("li"), &arena)));
    CHECK(!text_equal(one, seal_words(&other, TEXT("name"), TEXT("li"), &arena)));
    /* The bound between name and words is part of it. */
    CHECK(!text_equal(seal_words(&key, TEXT("ab"), TEXT("c"), &arena),
                      seal_words(&key, TEXT("a"), TEXT("bc"), &arena)));
}

/* No nonce serves two plain texts: the first bytes never agree where the words do not. */
static void no_nonce_comes_twice(void)
{
    enum { COUNT = 200 };
    static uint8_t nonces[COUNT][24];

    for (int i = 0; i < COUNT; i++) {
        struct arena arena = empty();
        char word = (char)i;
        struct text sealed = seal_words(&key, TEXT("name"), (struct text){&word, 1}, &arena);

        memcpy(nonces[i], sealed.bytes + 1, 24);
        for (int j = 0; j < i; j++) {
            CHECK(memcmp(nonces[i], nonces[j], 24) != 0);
        }
    }
}

static void any_changed_byte_and_any_other_key_is_noticed(void)
{
    struct arena arena = empty();
    struct text sealed = seal_words(&key, TEXT("name"), TEXT("li"), &arena);
    char changed[128];
    struct text back = {0};

    for (size_t i = 0; i < sealed.size; i++) {
        memcpy(changed, sealed.bytes, sealed.size);
        changed[i] = (char)(changed[i] ^ 1);
        CHECK(
            !seal_read(&key, TEXT("name"), (struct text){changed, sealed.size}, &arena, &back));
        CHECK(!seal_read(&key, TEXT("name"), (struct text){sealed.bytes, i}, &arena, &back));
    }
    CHECK(!seal_read(&other, TEXT("name"), sealed, &arena, &back));
    CHECK(!seal_read(&key, TEXT("mail"), sealed, &arena, &back));
    CHECK(!seal_read(&key, TEXT("name"), (struct text){0}, &arena, &back));
}

/* Written by this format's first release; to be read for ever. */
static void what_was_sealed_once_is_read_for_ever(void)
{
    static const uint8_t sealed[] = {
        0x01, 0xf6, 0x07, 0xbb, 0x39, 0x7c, 0xdd, 0xb4, 0x0e, 0x14, 0x8d, 0x06,
        0x04, 0x07, 0x86, 0xd8, 0xc3, 0xe2, 0xbb, 0x1d, 0xea, 0x1c, 0x44, 0x84,
        0x94, 0xd1, 0xc6, 0x99, 0x85, 0x67, 0x04, 0x98, 0x73, 0x89, 0x7f, 0xe7,
        0xb3, 0x92, 0x21, 0x96, 0xc2, 0x00, 0xff, 0xf9, 0x1f, 0xc2, 0xf4, 0x1a,
        0x81, 0x12, 0x98, 0xb6, 0x09, 0xa2, 0x52, 0x30, 0xbe,
    };
    struct arena arena = empty();
    struct text now = seal_words(&key, TEXT("name"), TEXT("张三"), &arena);
    struct text back = {0};

    CHECK(seal_read(&key, TEXT("name"), (struct text){(const char *)sealed, sizeof(sealed)},
                    &arena, &back));
    CHECK_TEXT(back, "张三");
    CHECK(now.size == sizeof(sealed) && memcmp(now.bytes, sealed, sizeof(sealed)) == 0);
}

static void a_spent_arena_seals_nothing(void)
{
    struct arena arena = empty();

    arena_init_over(&arena, memory, 30);
    CHECK(text_empty(seal_words(&key, TEXT("name"), TEXT("li"), &arena)));
    CHECK(arena.spent);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(what_was_sealed_is_read_again),
        TEST(the_same_is_sealed_to_the_same),
        TEST(no_nonce_comes_twice),
        TEST(any_changed_byte_and_any_other_key_is_noticed),
        TEST(what_was_sealed_once_is_read_for_ever),
        TEST(a_spent_arena_seals_nothing),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
