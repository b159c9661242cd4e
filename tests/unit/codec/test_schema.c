#include "codec/language.h"
#include "lib/check.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct language *const languages[] = {&language_procedure, &language_scenario,
                                                   &language_agencies, &language_people};

enum { LANGUAGE_COUNT = sizeof(languages) / sizeof(languages[0]) };

/* The problems of a text under a shape, as "line:column code", one on a line. */
static const char *told(const char *yaml, const struct language *language)
{
    static char out[4096];
    struct source source = {.name = TEXT("test.yaml"), .bytes = text_of(yaml)};
    struct arena arena;
    struct problem_list problems;
    size_t at = 0;

    arena_init_growing(&arena, (size_t)16 << 20);
    problem_list_init(&problems, &arena);

    struct node *root = tree_read(&source, &arena, &problems);

    if (root != NULL) {
        schema_check(root, language->root, SCHEMA_WHOLE, &problems);
    }
    out[0] = '\0';
    for (const struct problem *one = problems.first; one != NULL; one = one->next) {
        at += (size_t)snprintf(out + at, sizeof(out) - at, "%u:%u %s%s", one->mark.line,
                               one->mark.column, one->message->code,
                               one->next == NULL ? "" : "\n");
    }
    arena_fini(&arena);
    return out;
}

static void everything_has_words_in_both_languages(void)
{
    for (uint32_t i = 0; i < LANGUAGE_COUNT; i++) {
        struct schema_parts parts;

        schema_parts(languages[i], &parts);
        for (uint32_t j = 0; j < parts.shape_count; j++) {
            CHECK(parts.shapes[j]->wanted.en != NULL && parts.shapes[j]->wanted.zh != NULL);
        }
        for (uint32_t j = 0; j < parts.kind_count; j++) {
            for (uint32_t k = 0; k < parts.kinds[j]->key_count; k++) {
                const struct map_key *key = &parts.kinds[j]->keys[k];

                CHECK(strlen(key->en) > 3 && strlen(key->zh) > 3);
            }
        }
    }
}

static void the_json_schema_refers_only_to_what_it_defines(void)
{
    for (uint32_t i = 0; i < LANGUAGE_COUNT; i++) {
        char *text = schema_json(languages[i]);
        json_t *schema = json_loads(text, 0, NULL);
        json_t *defs = json_object_get(schema, "$defs");
        const char *at = text;

        CHECK(json_object_size(defs) > 5);
        CHECK_TEXT(json_string_value(json_object_get(schema, "$schema")),
                   "https://json-schema.org/draft/2020-12/schema");
        while ((at = strstr(at, "\"#/$defs/")) != NULL) {
            char name[128];

            at += strlen("\"#/$defs/");
            snprintf(name, sizeof(name), "%.*s", (int)strcspn(at, "\""), at);
            if (!CHECK(json_object_get(defs, name) != NULL)) {
                printf("%s\n", name);
            }
        }
        json_decref(schema);
        free(text);
    }
}

static void an_unknown_key_is_told_once_where_it_stands(void)
{
    CHECK_TEXT(
        told("procedure: a\nversion: 1\nfrom: 2021-01-01\nrols: {}\n", &language_procedure),
        "4:1 schema_key");
    CHECK_TEXT(told("procedure: a\nversoin: 1\nfrom: 2021-01-01\n", &language_procedure),
               "2:1 schema_key");
}

static void shapes_say_what_is_wanted(void)
{
    CHECK_TEXT(told("agencies: [a]\n", &language_agencies), "1:11 schema_shape");
    CHECK_TEXT(told("agencies: {a: {hours: 8}}\n", &language_agencies), "1:23 scalar_hours");
    CHECK_TEXT(told("agencies: {a: {moments: \"25:00\"}}\n", &language_agencies),
               "1:26 scalar_time");
    CHECK_TEXT(told("agencies: {a b: {zh: x}}\n", &language_agencies), "1:12 scalar_id");
    CHECK_TEXT(told("agencies: {a: {zh: }}\n", &language_agencies), "1:16 schema_shape");
    CHECK_TEXT(told("people: {a: {roles: [{role: officer}]}}\n", &language_people),
               "1:22 schema_missing");
    CHECK_TEXT(told("[]\n", &language_people), "1:1 schema_shape");
}

static void one_pass_tells_all(void)
{
    CHECK_TEXT(told("procedure: a\nversion: x\nfrom: today\nroles: {Big: {assigned: yes}}\n",
                    &language_procedure),
               "2:10 scalar_number\n3:7 scalar_date\n4:9 scalar_name\n4:25 scalar_flag");
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(everything_has_words_in_both_languages),
        TEST(the_json_schema_refers_only_to_what_it_defines),
        TEST(an_unknown_key_is_told_once_where_it_stands),
        TEST(shapes_say_what_is_wanted),
        TEST(one_pass_tells_all),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
