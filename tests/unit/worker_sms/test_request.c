#include "request.h"

#include "http.h"
#include "lib/check.h"

#include <string.h>

static void text_is_escaped_as_urls_want_it(void)
{
    char room[64];
    struct strip strip;

    strip_begin(&strip, room, sizeof(room));
    strip_put_escaped(&strip, "aZ9-_.~ +*/督");
    CHECK_TEXT(room, "aZ9-_.~%20%2B%2A%2F%E7%9D%A3");
    CHECK(!strip.full);
    strip_begin(&strip, room, 4);
    strip_put_escaped(&strip, "a督");
    CHECK(strip.full);
    CHECK_TEXT(room, "a"); /* what does not fit is not begun */
}

static void bytes_become_base64(void)
{
    static const char *const rows[][2] = {
        {"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
        {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"\xff\xfe\xfd", "//79"}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char room[16];
        struct strip strip;

        strip_begin(&strip, room, sizeof(room));
        strip_put_base64(&strip, rows[i][0], strlen(rows[i][0]));
        CHECK_TEXT(room, rows[i][1]);
    }
}

static void headers_are_lines_of_their_own(void)
{
    static struct request request;

    request_begin(&request);
    request_header(&request, "A", "1", "2");
    request_header(&request, "B", "", "");
    CHECK(!request.full);
    CHECK_INTEGER(request.header_count, 2);
    CHECK_TEXT(request.headers[0], "A: 12");
    CHECK_TEXT(request.headers[1], "B: ");
    request_header(&request, "C", "x\nD: y", "");
    CHECK(request.full);
    CHECK_INTEGER(request.header_count, 2);
    request_begin(&request);
    for (int i = 0; i < REQUEST_HEADERS_MAX; i++) {
        request_header(&request, "A", "1", "");
    }
    CHECK(!request.full);
    request_header(&request, "A", "1", "");
    CHECK(request.full);
}

static void a_host_is_what_a_url_says(void)
{
    static const struct {
        const char *url;
        const char *host; /* NULL: none */
        bool local;
    } rows[] = {
        {"https://dysmsapi.aliyuncs.com", "dysmsapi.aliyuncs.com", false},
        {"http://127.0.0.1:13013/cgi-bin/sendsms?x=1", "127.0.0.1:13013", true},
        {"http://localhost/", "localhost", true},
        {"http://[::1]:80/", "[::1]:80", true},
        {"http://127.0.0.1.example.cn/", "127.0.0.1.example.cn", false},
        {"http://localhost:1@example.cn/", NULL, false},
        {"localhost", NULL, false},
        {"http:///x", NULL, false},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char host[64] = "";

        CHECK(request_host(rows[i].url, host, sizeof(host)) == (rows[i].host != NULL));
        CHECK_TEXT(host, rows[i].host == NULL ? "" : rows[i].host);
        CHECK(http_is_local(rows[i].url) == rows[i].local);
    }
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(text_is_escaped_as_urls_want_it), TEST(bytes_become_base64),
        TEST(headers_are_lines_of_their_own), TEST(a_host_is_what_a_url_says)};

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
