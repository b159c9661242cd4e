#include "cli/asked.h"

#include "cli/days.h"
#include "core/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct message no_case = {"asked_no_case",
                                       "say which case: duban {0} CASE, or AGENCY/CASE",
                                       "请写明案件：duban {0} 案号，或 机构/案号"};
static const struct message long_case = {"asked_long", "no case has so long a name: {0}",
                                         "案号过长：{0}"};

bool asked_split(const char *word, char agency[ASKED_NAME_BYTES],
                 char case_id[ASKED_NAME_BYTES])
{
    const char *slash = strchr(word, '/');

    if (slash == NULL) {
        return false;
    }
    (void)snprintf(agency, ASKED_NAME_BYTES, "%.*s", (int)(slash - word), word);
    (void)snprintf(case_id, ASKED_NAME_BYTES, "%s", slash + 1);
    return true;
}

bool asked_case_read(const struct arguments *arguments, struct asked_case *asked)
{
    const char *agency = argument_value(arguments, "agency");
    const char *word = arguments->word_count > 0 ? arguments->words[0] : NULL;

    if (word == NULL || word[0] == '\0') {
        (void)command_misused(arguments, &no_case, (const char *[]){arguments->command->name});
        return false;
    }

    agency = agency != NULL ? agency : getenv("DUBAN_AGENCY");
    agency = agency != NULL ? agency : "";
    if (strlen(word) >= ASKED_NAME_BYTES || strlen(agency) >= ASKED_NAME_BYTES) {
        (void)command_misused(arguments, &long_case, (const char *[]){word});
        return false;
    }
    if (!asked_split(word, asked->agency, asked->case_id)) {
        (void)snprintf(asked->agency, sizeof(asked->agency), "%s", agency);
        (void)snprintf(asked->case_id, sizeof(asked->case_id), "%s", word);
    }
    duban__v1__case_query__init(&asked->query);
    asked->query.agency = asked->agency;
    asked->query.case_id = asked->case_id;
    return true;
}

const char *asked_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text == NULL ? "" : text;
}

const char *asked_words(const json_t *object, const char *name)
{
    char key[ASKED_NAME_BYTES];

    (void)snprintf(key, sizeof(key), "%s_%s", name, words_pick("en", "zh"));

    const char *words = asked_text(object, key);

    return words[0] != '\0' ? words : asked_text(object, name);
}

const char *asked_state(const json_t *object)
{
    const char *state = asked_text(object, "state");

    return strcmp(state, "open") == 0     ? words_pick("open", "在办")
           : strcmp(state, "ending") == 0 ? words_pick("ending", "收尾")
           : strcmp(state, "closed") == 0 ? words_pick("closed", "已结案")
                                          : state;
}

const char *asked_instant(const json_t *object, const char *name, char out[ASKED_TIME_BYTES])
{
    const char *text = asked_text(object, name);

    (void)snprintf(out, ASKED_TIME_BYTES, "%.16s", text);
    if (strlen(out) == 16) {
        out[10] = ' ';
    }
    return out;
}

const char *asked_date(const json_t *object, const char *name, char out[ASKED_TIME_BYTES])
{
    const char *text = asked_text(object, name);
    int32_t date;

    (void)snprintf(out, ASKED_TIME_BYTES, "%.20s", text);
    if (date_parse(text_of(text), &date)) {
        (void)snprintf(out, ASKED_TIME_BYTES, "%.10s %s", text, weekday_words(date));
    }
    return out;
}

const char *asked_clock(const json_t *object, char out[ASKED_NAME_BYTES])
{
    json_int_t instance = json_integer_value(json_object_get(object, "instance"));

    (void)snprintf(out, ASKED_NAME_BYTES, instance > 1 ? "%.200s#%d" : "%.200s",
                   asked_words(object, "clock"), (int)instance);
    return out;
}

const char *asked_join(const json_t *list, char *out, size_t size)
{
    size_t at = 0;

    out[0] = '\0';
    for (size_t i = 0; i < json_array_size(list) && at + 4 < size; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        int wrote = snprintf(out + at, size - at, "%s%s", i > 0 ? words_pick(", ", "、") : "",
                             text == NULL ? "" : text);

        at += wrote < 0 ? 0 : (size_t)wrote;
        at = at < size ? at : size - 1;
    }
    return out;
}
