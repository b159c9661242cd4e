#include "address.h"

#include "lib/check.h"

#include <string.h>

static void mail_addresses_are_known(void)
{
    CHECK(address_is_sound("wang@example.gov.cn"));
    CHECK(address_is_sound("a.b-c+d_e'f@x-1.example.cn"));
    CHECK(address_is_sound("root@localhost"));
    CHECK(address_is_sound("王执法@例子.中国")); /* SMTPUTF8 */
}

static void whatever_could_be_more_than_an_address_is_none(void)
{
    static const char *const others[] = {
        "",        "wang",        "@example.cn",    "wang@",          "wang@.cn",
        "a b@c",   "a@b@c",       "<a@b.cn>",       "a@b.cn, c@d.cn", "a@b.cn\r\nBcc: c@d.cn",
        "a\n@b",   "\"a\"@b.cn",  "a@b..cn",        ".a@b.cn",        "a.@b.cn",
        "a..b@c",  "a@-b.cn",     "a@b-.cn",        "a@b.cn.",        "a@[127.0.0.1]",
        "a@b\tc",  "a(x)@b.cn",   "a@b.cn>",        "a@b_c.cn",       "a\x01@b.cn",
        "a;b@c.d", "a\\@example", "a@b.cn SIZE=10", "a@b.cn\x7f",
    };

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (!CHECK(!address_is_sound(others[i]))) {
            CHECK_TEXT(others[i], "");
        }
    }
}

static void an_address_is_no_longer_than_servers_take(void)
{
    char address[400];

    memset(address, 'a', sizeof(address));
    memcpy(address + 64, "@example.cn", sizeof("@example.cn"));
    CHECK(address_is_sound(address));
    memset(address, 'a', sizeof(address));
    memcpy(address + 65, "@example.cn", sizeof("@example.cn"));
    CHECK(!address_is_sound(address));
}

static void machines_are_named_in_ascii_or_numbers(void)
{
    CHECK(address_is_host("mail.gulou.example.cn"));
    CHECK(address_is_host("127.0.0.1"));
    CHECK(address_is_host("::1"));
    CHECK(!address_is_host(""));
    CHECK(!address_is_host("mail.例子.cn"));
    CHECK(!address_is_host("mail.example.cn/x"));
    CHECK(!address_is_host("mail.example.cn:25"));
    CHECK(!address_is_host("user@mail.example.cn"));
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(mail_addresses_are_known),
        TEST(whatever_could_be_more_than_an_address_is_none),
        TEST(an_address_is_no_longer_than_servers_take),
        TEST(machines_are_named_in_ascii_or_numbers),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
