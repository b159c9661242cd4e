#include "codec/json.h"
#include "lib/check.h"

#include <jansson.h>
#include <string.h>

static void names_lists_and_numbers_stand_as_they_should(void)
{
    char room[200];
    struct json json;

    json_begin(&json, room, sizeof(room));
    json_open(&json, NULL);
    json_put_number(&json, "least", INT64_MIN);
    json_open_list(&json, "list");
    json_put(&json, NULL, TEXT("a"));
    json_open(&json, NULL);
    json_close(&json);
    json_put_flag(&json, NULL, true);
    json_put_null(&json, NULL);
    json_close(&json);
    json_put_some(&json, "none", TEXT(""));
    json_put_some(&json, "some", TEXT("督办"));
    json_close(&json);
    CHECK(!json.full);
    CHECK_TEXT(json_end(&json), "{\"least\":-9223372036854775808,\"list\":[\"a\",{},true,null],"
                                "\"some\":\"督办\"}");
}

/* Whatever bytes are given, another's parser reads them back. */
static void any_text_is_escaped(void)
{
    static const struct {
        const char *text;
        const char *read;
    } rows[] = {
        {"a\"b\\c/d", "a\"b\\c/d"},
        {"line\nand\ttab\x7f", "line\nand\ttab\x7f"},
        {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"cut \xe7\x9d", "cut \xef\xbf\xbd\xef\xbf\xbd"},
        {"\xc0\xaf\xed\xa0\x80",
         "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"😀", "😀"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char room[200];
        struct json json;

        json_begin(&json, room, sizeof(room));
        json_open(&json, NULL);
        json_put(&json, "x", text_of(rows[i].text));
        json_close(&json);

        struct text text = json_end(&json);
        json_t *read = json_loadb(text.bytes, text.size, 0, NULL);

        CHECK(read != NULL);
        CHECK_TEXT(json_string_value(json_object_get(read, "x")), rows[i].read);
        json_decref(read);
    }
}

/* At every size the rows that fit are whole, and the document can be ended. */
static void a_full_one_goes_back_to_its_last_row(void)
{
    char room[64];

    for (size_t size = 2; size <= sizeof(room); size++) {
        struct json json;
        struct json mark;
        int rows = 0;

        json_begin(&json, room, size);
        json_open_list(&json, NULL);
        do {
            mark = json;
            json_open(&json, NULL);
            json_put_number(&json, "row", rows);
            json_close(&json);
            rows++;
        } while (!json.full);
        json_back(&json, &mark);
        json_close(&json);
        CHECK(!json.full);

        struct text text = json_end(&json);
        json_t *read = json_loadb(text.bytes, text.size, 0, NULL);

        CHECK_INTEGER(json_array_size(read), rows - 1);
        CHECK(text.size <= size);
        json_decref(read);
    }
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(names_lists_and_numbers_stand_as_they_should),
        TEST(any_text_is_escaped),
        TEST(a_full_one_goes_back_to_its_last_row),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
