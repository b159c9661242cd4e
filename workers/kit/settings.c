#include "settings.h"

#include "base/must.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_BYTES = 512 };

void settings_open(struct worker_settings *settings, const struct worker_setting *common,
                   const struct worker_setting *own)
{
    *settings = (struct worker_settings){.common = common, .own = own};
    settings->end = &settings->first;
}

static void wipe(char *text)
{
    if (text != NULL) {
        explicit_bzero(text, strlen(text));
    }
    free(text);
}

void settings_close(struct worker_settings *settings)
{
    while (settings->first != NULL) {
        struct worker_value *value = settings->first;

        settings->first = value->next;
        free(value->key);
        wipe(value->text);
        free(value);
    }
}

static void tell(const struct worker_settings *settings, unsigned line, unsigned column,
                 const char *words)
{
    if (settings->file != NULL && line > 0) {
        (void)fprintf(stderr, "%s:%u:%u: error: %s\n", settings->file, line, column, words);
    } else {
        (void)fprintf(stderr, "%s: error: %s\n",
                      settings->file == NULL ? "settings" : settings->file, words);
    }
}

void settings_complain(struct worker_settings *settings, unsigned line, unsigned column,
                       const char *format, ...)
{
    char words[WORDS_BYTES];
    va_list values;

    va_start(values, format);
    (void)vsnprintf(words, sizeof(words), format, values);
    va_end(values);
    tell(settings, line, column, words);
    settings->wrong = true;
}

/* ---------------------------------------------------------------- what there is */

static const struct worker_setting *find_in(const struct worker_setting *table,
                                            const char *name)
{
    for (; table != NULL && table->name != NULL; table++) {
        if (strcmp(table->name, name) == 0) {
            return table;
        }
    }
    return NULL;
}

const struct worker_setting *settings_find(const struct worker_settings *settings,
                                           const char *name)
{
    const struct worker_setting *found = find_in(settings->common, name);

    return found != NULL ? found : find_in(settings->own, name);
}

static const struct worker_value *find_value(const struct worker_settings *settings,
                                             const struct worker_setting *setting)
{
    for (const struct worker_value *value = settings->first; value != NULL;
         value = value->next) {
        if (value->setting == setting) {
            return value;
        }
    }
    return NULL;
}

static struct worker_value *append(struct worker_settings *settings,
                                   const struct worker_setting *setting, const char *key,
                                   const char *text)
{
    struct worker_value *value = calloc(1, sizeof(*value));

    MUST(value != NULL);
    value->setting = setting;
    value->key = strdup(key);
    value->text = strdup(text);
    MUST(value->key != NULL && value->text != NULL);
    *settings->end = value;
    settings->end = &value->next;
    return value;
}

void settings_flag(struct worker_settings *settings, const char *name, const char *text)
{
    const struct worker_setting *setting = settings_find(settings, name);

    MUST(setting != NULL);
    (void)append(settings, setting, "", text);
}

static bool is_given_by_flag(const struct worker_settings *settings,
                             const struct worker_setting *setting)
{
    const struct worker_value *value = find_value(settings, setting);

    return value != NULL && value->column == 0;
}

void settings_add(struct worker_settings *settings, const struct worker_setting *setting,
                  const char *key, const char *text, unsigned line, unsigned column)
{
    if (!is_given_by_flag(settings, setting)) {
        struct worker_value *value = append(settings, setting, key, text);

        value->line = line;
        value->column = column;
    }
}

/* ---------------------------------------------------------------- whether it is right */

static bool is_whole(const char *text, int64_t *number, const char **rest)
{
    char *end;

    if (*text != '-' && (*text < '0' || *text > '9')) {
        return false;
    }
    *number = strtoll(text, &end, 10);
    *rest = end;
    return end != text && *number != INT64_MAX && *number != INT64_MIN;
}

/* 250ms, 10s, 2m, 1h, 1d. */
static bool to_span(const char *text, int64_t *ms)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    const char *unit;
    int64_t count;

    if (!is_whole(text, &count, &unit) || count < 0 || count > INT32_MAX) {
        return false;
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(unit, units[i].unit) == 0) {
            *ms = count * units[i].ms;
            return true;
        }
    }
    return false;
}

/* Of a number, a span in ms, a flag; false: it is none. */
static bool to_number(const struct worker_setting *setting, const char *text, int64_t *number)
{
    const char *rest = "";

    if (setting->kind == WORKER_FLAG) {
        *number = strcmp(text, "true") == 0 ? 1 : 0;
        return *number == 1 || strcmp(text, "false") == 0;
    }
    if (setting->kind == WORKER_SPAN) {
        return to_span(text, number);
    }
    return is_whole(text, number, &rest) && *rest == '\0';
}

static bool is_bounded(const struct worker_setting *setting)
{
    return setting->min != 0 || setting->max != 0;
}

static bool is_choice(const char *choices, const char *text)
{
    struct text rest = text_of(choices);

    while (!text_empty(rest)) {
        if (text_is(text_cut(rest, '|', &rest), text)) {
            return true;
        }
    }
    return false;
}

static bool is_one_line(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f) {
            return false;
        }
    }
    return text_is_utf8(text_of(text));
}

static void check_number(struct worker_settings *settings, const struct worker_value *value)
{
    static const char *const wanted[] = {[WORKER_NUMBER] = "a whole number",
                                         [WORKER_SPAN] = "a span, as in 250ms, 10s, 2m or 1h",
                                         [WORKER_FLAG] = "true or false"};
    const struct worker_setting *setting = value->setting;
    const char *unit = setting->kind == WORKER_SPAN ? " ms" : "";
    int64_t number = 0;

    if (!to_number(setting, value->text, &number)) {
        settings_complain(settings, value->line, value->column, "`%s` wants %s, not `%s`",
                          setting->name, wanted[setting->kind], value->text);
    } else if (is_bounded(setting) && (number < setting->min || number > setting->max)) {
        settings_complain(settings, value->line, value->column,
                          "`%s` wants %" PRId64 " to %" PRId64 "%s, not `%s`", setting->name,
                          setting->min, setting->max, unit, value->text);
    }
}

static void check_secret(struct worker_settings *settings, struct worker_value *value)
{
    const char *why;
    char *secret = secret_read(value->text, &why);

    if (secret == NULL) {
        settings_complain(settings, value->line, value->column, "`%s`: %s",
                          value->setting->name, why);
        return;
    }
    wipe(value->text);
    value->text = secret;
}

static void check_value(struct worker_settings *settings, struct worker_value *value)
{
    const struct worker_setting *setting = value->setting;

    switch (setting->kind) {
    case WORKER_NUMBER:
    case WORKER_SPAN:
    case WORKER_FLAG:
        check_number(settings, value);
        break;
    case WORKER_CHOICE:
        if (!is_choice(setting->choices, value->text)) {
            settings_complain(settings, value->line, value->column,
                              "`%s` wants one of %s, not `%s`", setting->name, setting->choices,
                              value->text);
        }
        break;
    case WORKER_SECRET:
        check_secret(settings, value);
        break;
    case WORKER_TEXT:
    case WORKER_LIST:
    case WORKER_MAP:
        if (!is_one_line(value->text)) {
            settings_complain(settings, value->line, value->column,
                              "`%s` wants one line of UTF-8 without control characters",
                              setting->name);
        }
        break;
    }
}

static void check_table(struct worker_settings *settings, const struct worker_setting *table)
{
    for (; table != NULL && table->name != NULL; table++) {
        if (table->usual == NULL && find_value(settings, table) == NULL) {
            settings_complain(settings, 0, 0, "`%s` is wanted: %s", table->name, table->help);
        }
    }
}

bool settings_check(struct worker_settings *settings)
{
    for (struct worker_value *value = settings->first; value != NULL; value = value->next) {
        check_value(settings, value);
    }
    check_table(settings, settings->common);
    check_table(settings, settings->own);
    return !settings->wrong;
}

/* ---------------------------------------------------------------- what a worker asks */

static const char *text_of_setting(const struct worker_settings *settings, const char *name,
                                   const struct worker_setting **setting)
{
    const struct worker_value *value;

    *setting = settings_find(settings, name);
    MUST(*setting != NULL);
    value = find_value(settings, *setting);
    if (value != NULL) {
        return value->text;
    }
    return (*setting)->usual == NULL ? "" : (*setting)->usual;
}

const char *worker_text(const struct worker_settings *settings, const char *name)
{
    const struct worker_setting *setting;

    return text_of_setting(settings, name, &setting);
}

int64_t worker_number(const struct worker_settings *settings, const char *name)
{
    const struct worker_setting *setting;
    const char *text = text_of_setting(settings, name, &setting);
    int64_t number = 0;

    MUST(*text == '\0' || to_number(setting, text, &number));
    return number;
}

bool worker_next(const struct worker_settings *settings, const char *name, uint32_t *at,
                 const char **key, const char **value)
{
    const struct worker_setting *setting = settings_find(settings, name);
    uint32_t count = 0;

    MUST(setting != NULL);
    for (const struct worker_value *given = settings->first; given != NULL;
         given = given->next) {
        if (given->setting == setting && count++ == *at) {
            *key = given->key;
            *value = given->text;
            (*at)++;
            return true;
        }
    }
    return false;
}

void worker_wrong(const struct worker_settings *settings, const char *name, const char *words)
{
    const struct worker_setting *setting = settings_find(settings, name);
    const struct worker_value *value = setting == NULL ? NULL : find_value(settings, setting);
    char line[WORDS_BYTES];

    (void)snprintf(line, sizeof(line), "`%s`: %s", name, words);
    tell(settings, value == NULL ? 0 : value->line, value == NULL ? 0 : value->column, line);
}
