#include "templates.h"

#include "lib/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char why[512];

static void add(struct templates *templates, const char *name, const char *line)
{
    CHECK(templates_add(templates, name, line, why, sizeof(why)));
}

static void a_line_is_a_code_and_its_parameters(void)
{
    struct templates templates = {0};

    add(&templates, "clock_near", " SMS_15  case=case day=last_day left ");
    add(&templates, "review", "1110");

    const struct sms_template *near = templates_find(&templates, "clock_near", false);

    CHECK_TEXT(near->code, "SMS_15");
    CHECK_TEXT(near->theirs[1], "day");
    CHECK_TEXT(near->ours[1], "last_day");
    CHECK_TEXT(near->theirs[2], "left");
    CHECK_TEXT(near->ours[2], "left");
    CHECK(near->theirs[3] == NULL);
    CHECK(templates_find(&templates, "review", true)->theirs[0] == NULL);
    CHECK(templates_find(&templates, "clock", false) == NULL);
    templates_fini(&templates);
}

static void english_has_its_own_or_shares(void)
{
    struct templates templates = {0};

    add(&templates, "a", "zh");
    add(&templates, "a.en", "en");
    add(&templates, "b", "zh");
    CHECK_TEXT(templates_find(&templates, "a", true)->code, "en");
    CHECK_TEXT(templates_find(&templates, "a", false)->code, "zh");
    CHECK_TEXT(templates_find(&templates, "b", true)->code, "zh");
    templates_fini(&templates);
}

static void a_wrong_line_is_told(void)
{
    static const char *const lines[] = {
        "", "  ", "SMS_1 =case", "SMS_1 case=", "SMS_1 a b c d e f g h i j k l m n o p q"};
    struct templates templates = {0};

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        why[0] = '\0';
        CHECK(!templates_add(&templates, "clock_near", lines[i], why, sizeof(why)));
        CHECK(strncmp(why, "clock_near: ", 12) == 0);
    }
    CHECK_INTEGER(templates.count, 0);
}

/* A folder of notices of our own. */
static void put_notice(const char *folder, const char *name, const char *words)
{
    char path[300];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);

    FILE *file = fopen(path, "w");

    CHECK(file != NULL && fputs(words, file) >= 0 && fclose(file) == 0);
}

static void remove_notice(const char *folder, const char *name)
{
    char path[300];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    (void)unlink(path);
}

static void what_is_missing_is_named(void)
{
    char folder[] = "/tmp/duban-notices-XXXXXX";
    struct templates templates = {0};

    CHECK(mkdtemp(folder) != NULL);
    CHECK(!templates_complete(&templates, folder, why, sizeof(why)));
    CHECK(strstr(why, "has no NAME.zh.txt") != NULL);
    put_notice(folder, "near.zh.txt", "{{case}} {{left}}\n---\nS\n\n{{last_day}}\n");
    put_notice(folder, "near.en.txt", "not looked for");
    CHECK(!templates_complete(&templates, folder, why, sizeof(why)));
    CHECK(strstr(why, "no template stands for near, digest (several") == why);
    add(&templates, "near", "S1 case last_day count agency");
    CHECK(!templates_complete(&templates, folder, why, sizeof(why)));
    CHECK(strstr(why, "no template stands for digest (several") == why);
    add(&templates, "digest", "S2 count");
    CHECK(templates_complete(&templates, folder, why, sizeof(why)));
    add(&templates, "near.en", "S1 stage");
    CHECK(!templates_complete(&templates, folder, why, sizeof(why)));
    CHECK_TEXT(why, "near.en: its notice has no value {{stage}}");
    CHECK(!templates_complete(&templates, "/nowhere", why, sizeof(why)));
    CHECK(strstr(why, "/nowhere") != NULL);
    remove_notice(folder, "near.zh.txt");
    remove_notice(folder, "near.en.txt");
    (void)rmdir(folder);
    templates_fini(&templates);
}

static void values_are_filled_in_the_templates_order(void)
{
    static const char *names[] = {"case", "left", "law"};
    static const char *values[] = {"鼓〔2026〕1号", "3个工作日", ""};
    struct worker_job job = {.names = names, .values = values, .value_count = 3, .notices = 12};
    struct templates templates = {0};
    const char *filled[SMS_PARAMS_MAX];
    char count[12];

    add(&templates, "x", "S1 left no=case n=count law none");
    templates_fill(templates_find(&templates, "x", false), &job, count, filled);
    CHECK_TEXT(filled[0], "3个工作日");
    CHECK_TEXT(filled[1], "鼓〔2026〕1号");
    CHECK_TEXT(filled[2], "12");
    CHECK_TEXT(filled[3], "-");
    CHECK_TEXT(filled[4], "-");
    templates_fini(&templates);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_line_is_a_code_and_its_parameters), TEST(english_has_its_own_or_shares),
        TEST(a_wrong_line_is_told), TEST(what_is_missing_is_named),
        TEST(values_are_filled_in_the_templates_order)};

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
