#include "letter.h"

#include "encode.h"
#include "lib/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A whole letter as it travels. The other way, from mail to text, is gone by Python's email
 * package in system/mail.py. */

static struct letter plain(void)
{
    return (struct letter){.from = "duban@gulou.example.cn",
                           .from_name = "鼓楼督办",
                           .to = "wang@example.gov.cn",
                           .to_name = "",
                           .domain = "gulou.example.cn",
                           .key = "s1-2a-mail-0",
                           .language = "zh",
                           .subject = "期限即将届满",
                           .body = "案件：7号\n\n请办结。\n",
                           .now_s = 1772613000};
}

static bool has(const char *mail, const char *part)
{
    return strstr(mail, part) != NULL;
}

static char *written(const struct letter *letter)
{
    char *mail;
    size_t size;

    CHECK(letter_write(letter, &mail, &size));
    CHECK_INTEGER(strlen(mail), size); /* no NUL inside */
    return mail;
}

static void a_letter_says_who_to_whom_when_and_what(void)
{
    struct letter letter = plain();
    char *mail = written(&letter);

    CHECK(has(mail, "Date: Wed, 4 Mar 2026 08:30:00 +0000\r\n"));
    CHECK(has(mail, "\r\nFrom: =?UTF-8?B?6byT5qW8552j5Yqe?=\r\n <duban@gulou.example.cn>\r\n"));
    CHECK(has(mail, "\r\nTo: <wang@example.gov.cn>\r\n"));
    CHECK(has(mail, "\r\nSubject: =?UTF-8?B?5pyf6ZmQ5Y2z5bCG5bGK5ruh?=\r\n"));
    CHECK(has(mail, "\r\nMessage-ID: <s1-2a-mail-0@gulou.example.cn>\r\n"));
    CHECK(has(mail, "\r\nAuto-Submitted: auto-generated\r\n"));
    CHECK(has(mail, "\r\nMIME-Version: 1.0\r\n"));
    free(mail);
}

static void the_same_job_has_the_same_name(void)
{
    struct letter letter = plain();

    letter.key = "a.b@c<d>";

    char *mail = written(&letter);

    CHECK(has(mail, "\r\nMessage-ID: <a.b=40c=3cd=3e@gulou.example.cn>\r\n"));
    free(mail);
}

/* What a maker of texts writes. */
static char *encoded(void (*encode)(FILE *, const char *), const char *text)
{
    char *bytes;
    size_t size;
    FILE *out = open_memstream(&bytes, &size);

    encode(out, text);
    CHECK(fclose(out) == 0);
    return bytes;
}

static void as_subject(FILE *out, const char *text)
{
    encode_header(out, text, sizeof("Subject: ") - 1);
}

static void as_html(FILE *out, const char *text)
{
    encode_html(out, text, strlen(text));
}

static bool becomes(void (*encode)(FILE *, const char *), const char *text,
                    const char *expected)
{
    char *bytes = encoded(encode, text);
    bool same = CHECK_TEXT(bytes, expected);

    free(bytes);
    return same;
}

static void only_plain_words_stand_in_a_header(void)
{
    CHECK(becomes(as_subject, "G-7 falls due", "G-7 falls due"));
    CHECK(becomes(as_subject, "", ""));
    CHECK(becomes(as_subject, " x", "=?UTF-8?B?IHg=?="));
    CHECK(becomes(as_subject, "a\r\nBcc: x", "=?UTF-8?B?YQ0KQmNjOiB4?="));
    CHECK(becomes(as_subject, "=?x?=", "=?UTF-8?B?PT94Pz0=?="));
}

static void no_line_of_a_header_is_too_long_and_no_character_is_cut(void)
{
    char text[700] = "";

    for (uint32_t size = 0; size + 4 < sizeof(text); size += 3) {
        memcpy(text + size, "办", sizeof("办"));

        char *bytes = encoded(as_subject, text);
        size_t column = sizeof("Subject: ") - 1;

        for (const char *at = bytes; *at != '\0'; at++) {
            column = *at == '\n' ? 0 : column + 1;
            CHECK(column <= ENCODE_LINE_MAX + 1); /* with the CR */
        }
        for (const char *at = strstr(bytes, "?B?"); at != NULL; at = strstr(at + 3, "?B?")) {
            CHECK((strcspn(at + 3, "=?") * 3 / 4) % 3 ==
                  0); /* whole characters of three bytes */
        }
        free(bytes);
    }
}

static void the_shorter_encoding_is_taken(void)
{
    CHECK(becomes(encode_body, "Please finish.\n",
                  "Content-Transfer-Encoding: quoted-printable\r\n\r\nPlease finish.\r\n\r\n"));
    CHECK(becomes(encode_body, "请办结\n",
                  "Content-Transfer-Encoding: base64\r\n\r\n6K+35Yqe57uTDQo=\r\n"));
}

static void what_mail_systems_spoil_is_not_given_to_them(void)
{
    char *bytes = encoded(encode_body, ".\nFrom here on, a = b \nend\t");

    CHECK(has(bytes, "\r\n=2E\r\n=46rom here on, a =3D b=20\r\nend=09\r\n"));
    free(bytes);
}

static void a_value_is_never_markup(void)
{
    CHECK(becomes(as_html, "<b a=\"1\">&\nx", "&lt;b a=&quot;1&quot;&gt;&amp;<br>\nx"));
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_letter_says_who_to_whom_when_and_what),
        TEST(the_same_job_has_the_same_name),
        TEST(only_plain_words_stand_in_a_header),
        TEST(no_line_of_a_header_is_too_long_and_no_character_is_cut),
        TEST(the_shorter_encoding_is_taken),
        TEST(what_mail_systems_spoil_is_not_given_to_them),
        TEST(a_value_is_never_markup),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
