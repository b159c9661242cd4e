#include "codec/wording.h"
#include "lib/check.h"

#include <stdio.h>
#include <string.h>

struct play {
    struct arena arena;
    struct source source;
    struct problem_list problems;
    struct wording wording;
    bool good;
    char told[200];
};

static void read_words(struct play *play, const char *path, const char *words)
{
    size_t at = 0;

    *play = (struct play){.source = {.name = text_of(path), .bytes = text_of(words)}};
    arena_init_growing(&play->arena, (size_t)1 << 20);
    problem_list_init(&play->problems, &play->arena);
    play->good = wording_read(&play->source, &play->problems, &play->wording);
    for (const struct problem *one = play->problems.first; one != NULL; one = one->next) {
        at += (size_t)snprintf(play->told + at, sizeof(play->told) - at, "%s%u:%u %s",
                               at > 0 ? " " : "", one->mark.line, one->mark.column,
                               one->message->code);
    }
}

static void check_refused(const char *words, const char *told)
{
    struct play play;

    read_words(&play, "notices/near.zh.txt", words);
    CHECK(!play.good);
    CHECK_TEXT((const char *)play.told, told);
    arena_fini(&play.arena);
}

static void words_have_a_brief_form_a_subject_and_a_body(void)
{
    struct play play;

    read_words(&play, "/etc/duban/notices/clock_near.en.txt",
               "brief {{case}}\n---\nSubject\n\nFirst line\nsecond\n\n");
    CHECK(play.good);
    CHECK(text_is(play.wording.name, "clock_near"));
    CHECK(play.wording.english);
    CHECK(text_is(play.wording.brief, "brief {{case}}"));
    CHECK(text_is(play.wording.subject, "Subject"));
    CHECK(text_is(play.wording.body, "First line\nsecond"));
    CHECK_INTEGER(strlen(play.wording.version), 16);
    arena_fini(&play.arena);
}

static void other_words_are_another_version(void)
{
    struct play one;
    struct play two;

    read_words(&one, "notices/near.zh.txt", "短\n---\n标题\n\n正文\n");
    read_words(&two, "notices/near.zh.txt", "短\n---\n标题\n\n正文。\n");
    CHECK(one.good && two.good);
    CHECK(strcmp(one.wording.version, two.wording.version) != 0);
    arena_fini(&one.arena);
    arena_fini(&two.arena);
}

static void what_is_wrong_is_told_where_it_stands(void)
{
    check_refused("no line of dashes\n", "1:1 wording_split");
    check_refused("\n---\nSubject\n\nBody\n", "1:1 wording_part");
    check_refused("brief\n---\nSubject\n", "1:1 wording_part");
    check_refused("brief\n---\n期限 {{Clock}}\n\nBody\n", "3:4 wording_name");
    check_refused("brief\n---\nSubject\n\nBody {{clock\n", "5:6 wording_name");
    check_refused("bri\tef\n---\nSubject\n\nBody\n", "1:4 wording_control");
    check_refused("bri\xff"
                  "ef\n---\nS\n\nB\n",
                  "1:1 wording_text");
}

static void only_files_of_notices_are_words(void)
{
    struct text name;
    bool english;

    CHECK(wording_of_path(TEXT("notices/a.zh.txt"), &name, &english));
    CHECK(!english && text_is(name, "a"));
    CHECK(!wording_of_path(TEXT("mynotices/a.zh.txt"), &name, &english));
    CHECK(!wording_of_path(TEXT("notices/a.fr.txt"), &name, &english));
    CHECK(!wording_of_path(TEXT("notices/.zh.txt"), &name, &english));
    CHECK(!wording_of_path(TEXT("a.zh.txt"), &name, &english));
}

static void check_filled(const char *words, const char *value, const char *wanted)
{
    struct filling fillings[] = {{TEXT("case"), TEXT("K-1")}, {TEXT("x"), text_of(value)}};
    struct arena arena;

    arena_init_growing(&arena, (size_t)1 << 20);

    struct text filled = wording_fill(text_of(words), fillings, 2, &arena);
    char text[200];

    (void)snprintf(text, sizeof(text), "%.*s", TEXT_ARGS(filled));
    CHECK_TEXT((const char *)text, wanted);
    arena_fini(&arena);
}

static void names_give_way_to_values(void)
{
    check_filled("{{case}}: {{x}}, {{x}}{{case}}.", "一", "K-1: 一, 一K-1.");
    check_filled("{{nobody}}-", "", "-");
    check_filled("{ {{x}} }", "{{case}}", "{ {{case}} }"); /* a value is never words */
    check_filled("", "", "");
}

static void a_line_with_nothing_to_say_is_left_out(void)
{
    check_filled("{{case}}\n\n{{nobody}}: {{x}}\nend", "", "K-1\n\nend");
    check_filled("{{case}}\n{{nobody}}: {{x}}\nend", "a", "K-1\n: a\nend");
    check_filled("first\n{{nobody}}", "", "first");
}

static void a_value_is_nothing_more_than_a_value(void)
{
    check_filled("{{x}}", "a\r\nBcc: b", "a Bcc: b");
    check_filled("{{x}}", "a\x1b[31mb\x7f", "a [31mb ");
    check_filled("{{x}}",
                 "a\xe2\x80\xae" "b\xe2\x80\xa8"
                 "c\xc2\x85",
                 "abc");
    check_filled("{{x}}", "\xef\xbb\xbf期限\xe2\x81\xa6", "期限");
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(words_have_a_brief_form_a_subject_and_a_body),
        TEST(other_words_are_another_version),
        TEST(what_is_wrong_is_told_where_it_stands),
        TEST(only_files_of_notices_are_words),
        TEST(names_give_way_to_values),
        TEST(a_line_with_nothing_to_say_is_left_out),
        TEST(a_value_is_nothing_more_than_a_value),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
