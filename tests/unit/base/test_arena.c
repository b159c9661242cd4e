#include "base/arena.h"
#include "lib/check.h"

#include <stdalign.h>
#include <string.h>

enum { ROOM = 256, PIECE = 32, BUDGET = 256 * 1024 };

static alignas(max_align_t) uint8_t room[ROOM];

static void pieces_are_aligned_and_apart(void)
{
    struct arena arena;

    arena_init_over(&arena, room, sizeof(room));

    uint8_t *first = arena_take(&arena, 1);
    uint8_t *second = arena_take(&arena, 1);

    CHECK(first == room);
    CHECK((uintptr_t)second % alignof(max_align_t) == 0);
    CHECK(second > first);
}

static void memory_of_the_caller_never_grows(void)
{
    struct arena arena;

    arena_init_over(&arena, room, sizeof(room));
    for (int i = 0; i < ROOM / PIECE; i++) {
        CHECK(arena_take(&arena, PIECE) != NULL);
    }
    CHECK(!arena.spent);
    CHECK(arena_take(&arena, 1) == NULL);
    CHECK(arena.spent);
    CHECK(arena_take(&arena, SIZE_MAX) == NULL);
}

static void going_back_forgets_what_was_taken_since(void)
{
    struct arena arena;

    arena_init_over(&arena, room, sizeof(room));
    CHECK(arena_take(&arena, PIECE) != NULL);

    uint8_t *mark = arena_mark(&arena);

    CHECK(arena_take(&arena, ROOM) == NULL);
    arena_rewind(&arena, mark);
    CHECK(!arena.spent);
    CHECK(arena_take(&arena, PIECE) == (void *)mark);
}

static void a_growing_one_keeps_to_its_budget(void)
{
    struct arena arena;
    size_t taken = 0;

    arena_init_growing(&arena, BUDGET);
    while (arena_take(&arena, PIECE) != NULL) {
        taken += PIECE;
    }
    CHECK(taken == BUDGET);
    CHECK(arena.spent);
    arena_fini(&arena);

    arena_init_growing(&arena, BUDGET);
    CHECK(arena_take(&arena, (size_t)BUDGET + 1) == NULL);
    CHECK(arena_take(&arena, BUDGET) != NULL); /* a piece may be larger than a block */
    arena_fini(&arena);
}

static void nothing_is_given_somewhere_too(void)
{
    struct arena arena;

    arena_init_growing(&arena, ROOM);
    CHECK(arena_take(&arena, 0) != NULL);
    CHECK(!arena.spent);
    arena_fini(&arena);
}

static void zeroed_and_copied_pieces_are_what_they_say(void)
{
    struct arena arena;

    memset(room, 0xff, sizeof(room));
    arena_init_over(&arena, room, sizeof(room));

    const uint8_t *zeroed = arena_take_zeroed(&arena, 3, 5);
    const char *copy = arena_copy(&arena, "duban", 5);

    for (int i = 0; i < 15; i++) {
        CHECK(zeroed[i] == 0);
    }
    CHECK(memcmp(copy, "duban", 5) == 0);
    CHECK(arena_copy(&arena, NULL, 0) != NULL);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(pieces_are_aligned_and_apart),
        TEST(memory_of_the_caller_never_grows),
        TEST(going_back_forgets_what_was_taken_since),
        TEST(a_growing_one_keeps_to_its_budget),
        TEST(nothing_is_given_somewhere_too),
        TEST(zeroed_and_copied_pieces_are_what_they_say),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
