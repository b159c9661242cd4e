#include "cli/procedure.h"
#include "cli/words.h"
#include "codec/language.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct message no_memory = {"schema_memory", "no memory left to write the schema",
                                         "内存不足，无法写出 Schema"};
static const struct message not_written = {"schema_not_written", "cannot write `{0}`: {1}",
                                           "无法写入“{0}”：{1}"};
static const struct message no_language = {
    "schema_language",
    "there is no schema of `{0}`: procedure, scenario, agencies, channels, deputies, people or "
    "settings",
    "没有“{0}”的 Schema：可选 "
    "procedure、scenario、agencies、channels、deputies、people、settings"};

static const struct language *find_language(const char *name)
{
    static const struct language *const languages[] = {
        &language_procedure, &language_scenario, &language_agencies, &language_channels,
        &language_deputies,  &language_people,   &language_settings};

    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
        if (strcmp(languages[i]->name, name) == 0) {
            return languages[i];
        }
    }
    return NULL;
}

/* To the file, or to stdout. */
static bool print_schema(const char *schema, const char *path)
{
    bool standard = path == NULL || strcmp(path, "-") == 0;
    FILE *out = standard ? stdout : fopen(path, "w");
    bool good = out != NULL && fputs(schema, out) >= 0 && fputc('\n', out) != EOF;

    if (!standard && out != NULL) {
        good = fclose(out) == 0 && good;
    }
    if (!good && !standard) {
        complain(&not_written, (const char *[]){path, strerror(errno)});
    }
    return good;
}

enum exit_code procedure_schema(const struct arguments *arguments, struct arena *arena)
{
    const char *of = argument_value(arguments, "of");
    const struct language *language = find_language(of == NULL ? "procedure" : of);

    (void)arena;
    if (language == NULL) {
        return command_misused(arguments, &no_language, (const char *[]){of});
    }

    char *schema = schema_json(language);

    if (schema == NULL) {
        complain(&no_memory, NULL);
        return EXIT_REFUSED;
    }

    bool good = print_schema(schema, argument_value(arguments, "output"));

    free(schema);
    return good ? EXIT_DONE : EXIT_REFUSED;
}
