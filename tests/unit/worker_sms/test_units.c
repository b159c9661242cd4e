#include "units.h"

#include "lib/check.h"
#include "lib/rng.h"

#include <stdlib.h>
#include <string.h>

static void units_are_those_of_ucs2(void)
{
    CHECK_INTEGER(units_count(""), 0);
    CHECK_INTEGER(units_count("abc"), 3);
    CHECK_INTEGER(units_count("督办。"), 3);
    CHECK_INTEGER(units_count("é…€"), 3);
    CHECK_INTEGER(units_count("😀𠮷"), 4);
}

static void parts_are_70_alone_and_67_joined(void)
{
    static const uint32_t rows[][2] = {{0, 0},   {1, 1},   {70, 1},  {71, 2},
                                       {134, 2}, {135, 3}, {201, 3}, {202, 4}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_INTEGER(units_parts(rows[i][0]), rows[i][1]);
    }
    for (uint32_t parts = 1; parts <= UNITS_PARTS_MAX; parts++) {
        CHECK_INTEGER(units_parts(units_room(parts)), parts);
        CHECK_INTEGER(units_parts(units_room(parts) + 1), parts + 1);
    }
}

static void what_fits_is_left_as_it_is(void)
{
    char out[64];

    CHECK(units_cut("督办", 2, out, sizeof(out)));
    CHECK_TEXT(out, "督办");
    CHECK(units_cut("a\nb\r\nc", 6, out, sizeof(out)));
    CHECK_TEXT(out, "a b  c");
    CHECK(!units_cut("督办人", 2, out, sizeof(out)));
    CHECK_TEXT(out, "督…");
}

static void no_pair_is_split(void)
{
    char out[64];

    CHECK(!units_cut("😀😀😀", 5, out, sizeof(out)));
    CHECK_TEXT(out, "😀😀…");
    CHECK(!units_cut("😀😀😀", 4, out, sizeof(out)));
    CHECK_TEXT(out, "😀…");
    CHECK(!units_cut("😀", 1, out, sizeof(out)));
    CHECK_TEXT(out, "…");
}

/* Whatever the words and the room: within both, whole characters, a beginning of what it was. */
static void any_cut_is_whole(void)
{
    static const char *const pieces[] = {"a", "é", "督", "😀", " "};
    struct rng rng = rng_seeded(1);

    for (int round = 0; round < 5000; round++) {
        char text[512] = "";
        char out[256];
        uint32_t room = (uint32_t)rng_between(&rng, 1, 60);
        size_t bytes = (size_t)rng_between(&rng, 8, sizeof(out));
        size_t size = 0;

        for (int64_t i = rng_between(&rng, 0, 100); i > 0; i--) {
            const char *piece = pieces[rng_between(&rng, 0, 4)];

            memcpy(text + size, piece, strlen(piece) + 1);
            size += strlen(piece);
        }

        bool whole = units_cut(text, room, out, bytes);
        size_t kept = strlen(out) - (whole ? 0 : strlen("…"));

        CHECK(units_count(out) <= room);
        CHECK(strlen(out) < bytes);
        CHECK(text_is_utf8(text_of(out)));
        CHECK(strncmp(out, text, kept) == 0);
        CHECK(whole == (strcmp(out, text) == 0));
    }
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(units_are_those_of_ucs2), TEST(parts_are_70_alone_and_67_joined),
        TEST(what_fits_is_left_as_it_is), TEST(no_pair_is_split), TEST(any_cut_is_whole)};

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
