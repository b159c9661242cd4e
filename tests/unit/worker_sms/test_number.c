#include "number.h"

#include "lib/check.h"

static void what_people_write_is_read(void)
{
    static const char *const rows[] = {"13800000001",       "+8613800000001",
                                       "+86 138 0000 0001", "008613800000001",
                                       "86-138-0000-0001",  " 138-0000-0001 "};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char number[NUMBER_SIZE] = "";

        CHECK(number_read(rows[i], number));
        CHECK_TEXT(number, "13800000001");
    }
}

static void what_is_no_mobile_number_is_refused(void)
{
    static const char *const rows[] = {"",                /* nothing */
                                       "0378-22334455",   /* a landline */
                                       "12800000001",     /* no mobile network has 12 */
                                       "1380000000",      /* a digit too few */
                                       "138000000012",    /* one too many */
                                       "+1 380 000 0001", /* of another country */
                                       "+85291234567",    /* Hong Kong is another network */
                                       "138+00000001",    /* a plus in the middle */
                                       "13800000001,13800000002",
                                       "１３８００００００００１",
                                       "1380000000a",
                                       "86861380000000186138000000018613800000001"};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char number[NUMBER_SIZE] = "untouched";

        CHECK(!number_read(rows[i], number));
        CHECK_TEXT(number, "untouched");
    }
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {TEST(what_people_write_is_read),
                                        TEST(what_is_no_mobile_number_is_refused)};

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
