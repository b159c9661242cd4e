#include "codec/language.h"
#include "lib/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The reference's tables of keys are what the loader's own tables say, row by row. Where a row
 * is missing it is printed as it should stand; a row too many is one whose key is gone.
 */
static char page[400000];

static bool read_page(const char *name)
{
    const char *root = getenv("SOURCE");
    char path[500];
    FILE *file;
    size_t size;

    snprintf(path, sizeof(path), "%s/docs/reference/%s", root == NULL ? "." : root, name);
    file = fopen(path, "rb");
    if (!CHECK(file != NULL)) {
        return false;
    }
    size = fread(page, 1, sizeof(page) - 1, file);
    page[size] = '\0';
    fclose(file);
    return true;
}

/* Of "`{0}` must be a list of names" the cell holds what must be. */
static void print_row(const struct map_key *key, char *row, size_t size)
{
    static const char words[] = "`{0}` must be ";
    const char *wanted = key->shape->wanted.en;

    CHECK(strncmp(wanted, words, sizeof(words) - 1) == 0);
    snprintf(row, size, "| `%s` | %s | %s%s |", key->name, wanted + sizeof(words) - 1, key->en,
             key->presence == KEY_MAY ? "" : " (needed)");
}

static uint32_t count_rows(void)
{
    uint32_t count = 0;

    for (const char *at = page; (at = strstr(at, "\n| `")) != NULL; at++) {
        count++;
    }
    return count;
}

static void check_page(const char *name, const struct language *const *languages,
                       uint32_t language_count)
{
    uint32_t rows = 0;

    if (!read_page(name)) {
        return;
    }
    for (uint32_t i = 0; i < language_count; i++) {
        struct schema_parts parts;

        schema_parts(languages[i], &parts);
        for (uint32_t j = 0; j < parts.kind_count; j++) {
            const struct map_kind *kind = parts.kinds[j];
            char row[600];

            snprintf(row, sizeof(row), "\n### %s\n", kind->name);
            if (kind->key_count > 0 && !CHECK(strstr(page, row) != NULL)) {
                printf("%s", row);
            }
            for (uint32_t k = 0; k < kind->key_count; k++) {
                print_row(&kind->keys[k], row, sizeof(row));
                if (!CHECK(strstr(page, row) != NULL)) {
                    printf("%s\n", row);
                }
                rows++;
            }
        }
    }
    CHECK_INTEGER(count_rows(), rows);
}

static void the_page_of_procedures_has_every_key(void)
{
    static const struct language *const languages[] = {&language_procedure};

    check_page("procedure.md", languages, 1);
}

static void the_page_of_config_has_every_key(void)
{
    static const struct language *const languages[] = {&language_agencies, &language_channels,
                                                       &language_deputies, &language_people};

    check_page("config.md", languages, 4);
}

static void the_page_of_scenarios_has_every_key(void)
{
    static const struct language *const languages[] = {&language_scenario};

    check_page("scenario.md", languages, 1);
}

static void the_page_of_settings_has_every_key(void)
{
    static const struct language *const languages[] = {&language_settings};

    check_page("settings.md", languages, 1);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(the_page_of_procedures_has_every_key),
        TEST(the_page_of_config_has_every_key),
        TEST(the_page_of_scenarios_has_every_key),
        TEST(the_page_of_settings_has_every_key),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
