#include "report.h"

#include "lib/check.h"

#include <string.h>

static void a_report_bears_our_mark(void)
{
    char mark[REPORT_MARK_SIZE];
    char other[REPORT_MARK_SIZE];
    char query[REPORT_QUERY_SIZE];

    report_mark("secret", "0f3a-1c-sms-0", mark);
    CHECK(report_marked("secret", "0f3a-1c-sms-0", mark));
    CHECK(!report_marked("secret", "0f3a-1d-sms-0", mark));
    CHECK(!report_marked("Secret", "0f3a-1c-sms-0", mark));
    CHECK(!report_marked("secret", "0f3a-1c-sms-0", ""));
    report_mark("secret", "0f3a-1c-sms-1", other);
    CHECK(strcmp(mark, other) != 0);
    mark[31] = mark[31] == '0' ? '1' : '0';
    CHECK(!report_marked("secret", "0f3a-1c-sms-0", mark));
    CHECK(report_query("secret", "0f3a-1c-sms-1", query));
    CHECK(strstr(query, "?key=0f3a-1c-sms-1&mark=") == query);
    CHECK(strstr(query, other) != NULL);
    CHECK(strstr(query, "&status=%d") != NULL);
}

/* Kannel would take them for its own signs, or end the URL. */
static void an_odd_key_asks_for_no_report(void)
{
    char query[REPORT_QUERY_SIZE];

    CHECK(!report_query("secret", "k%d", query));
    CHECK(!report_query("secret", "k&status=1", query));
    CHECK(!report_query("secret", "k v", query));
}

static void only_what_is_final_is_a_report(void)
{
    CHECK_INTEGER(report_kannel("1"), REPORT_DELIVERED);
    CHECK_INTEGER(report_kannel("2"), REPORT_BOUNCED);
    CHECK_INTEGER(report_kannel("16"), REPORT_BOUNCED);
    CHECK_INTEGER(report_kannel("4"), REPORT_NOTHING);
    CHECK_INTEGER(report_kannel("8"), REPORT_NOTHING);
    CHECK_INTEGER(report_kannel("1; DROP"), REPORT_NOTHING);
    CHECK_INTEGER(report_kannel(""), REPORT_NOTHING);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {TEST(a_report_bears_our_mark),
                                        TEST(an_odd_key_asks_for_no_report),
                                        TEST(only_what_is_final_is_a_report)};

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
