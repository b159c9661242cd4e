#include "cli/width.h"
#include "lib/check.h"

#include <stdlib.h>

static void a_chinese_character_takes_two_columns(void)
{
    CHECK_INTEGER(width_of(TEXT("abc")), 3);
    CHECK_INTEGER(width_of(TEXT("改正")), 4);
    CHECK_INTEGER(width_of(TEXT("（a）")), 5);
    CHECK_INTEGER(width_of(TEXT("")), 0);
}

static void broken_bytes_have_a_width_too(void)
{
    CHECK_INTEGER(width_of(TEXT("\xff\xfe")), 2);
    CHECK_INTEGER(width_of(TEXT("a\tb")), 3);
    CHECK_INTEGER(width_of(TEXT("\xe6\x94")), 2);
}

static void a_caret_stands_below_its_character(void)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);

    width_print_blank(out, TEXT("zh: 改正期限, en: x"), 6);
    (void)fclose(out);
    CHECK_TEXT(text_of(bytes), TEXT("        "));
    free(bytes);
}

static void what_is_too_long_keeps_one_space(void)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);

    width_print(out, TEXT("改正"), 6);
    width_print(out, TEXT("改正期限"), 6);
    (void)fclose(out);
    CHECK_TEXT(text_of(bytes), TEXT("改正  改正期限 "));
    free(bytes);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_chinese_character_takes_two_columns),
        TEST(broken_bytes_have_a_width_too),
        TEST(a_caret_stands_below_its_character),
        TEST(what_is_too_long_keeps_one_space),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
