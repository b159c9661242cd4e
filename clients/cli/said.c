#include "cli/said.h"

#include "cli/arguments.h"
#include "cli/words.h"
#include "core/date.h"
#include "core/length.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FACTS_MAX = 128,
    WITH_MAX = 31,
    DOCUMENTS_MAX = 64,
    HASH_BYTES = crypto_hash_sha256_BYTES,
    ID_BYTES = 12,
    ID_TEXT_BYTES = 4 + 2 * ID_BYTES + 1,
    CHUNK_BYTES = 64 * 1024
};

static const struct message no_object = {"said_no_object", "this is no JSON object: {0}",
                                         "不是 JSON 对象：{0}"};
static const struct message no_key = {"said_no_key", "an event has no `{0}`; its keys are {1}",
                                      "事件没有“{0}”；可用的键：{1}"};
static const struct message key_meant = {"said_key_meant",
                                         "an event has no `{0}`; did you mean `{1}`?",
                                         "事件没有“{0}”；是否想用“{1}”？"};
static const struct message missing = {"said_missing", "`{0}` is missing: write {1}",
                                       "缺少“{0}”：应写成 {1}"};
/* The same of options: there a key is an option of the same name. */
static const struct message missing_option = {
    "said_missing_option", "--{0} is missing: write --{0} {1}", "缺少 --{0}：应写成 --{0} {1}"};
static const struct message bad_value = {"said_bad_value", "`{0}` cannot be read: write {1}",
                                         "“{0}”无法识别：应写成 {1}"};
static const struct message bad_value_option = {"said_bad_value_option",
                                                "--{0} cannot be read: write --{0} {1}",
                                                "--{0} 无法识别：应写成 --{0} {1}"};
static const struct message bad_number = {
    "said_bad_number", "`{0}` is no whole number; write money as a text: \"1000.00\"",
    "“{0}”不是整数；金额应写成文字：\"1000.00\""};
static const struct message too_many = {"said_too_many", "too many under `{0}`: {1} at most",
                                        "“{0}”过多：最多 {1} 个"};
static const struct message no_file = {"said_no_file", "document {0} cannot be read: {1}",
                                       "文书“{0}”无法读取：{1}"};
static const struct message no_memory = {"said_no_memory", "an event of that size has no room",
                                         "事件过大"};

static const char *const keys[] = {
    "id",  "source",    "agency", "case",      "event", "at",   "by",          "with",
    "set", "documents", "reason", "procedure", "unit",  "wait", "traceparent", NULL};

/* An event in the making. */
struct reading {
    json_t *object;
    const json_t *defaults;
    struct arena *arena;
    struct duban_event *event;
    struct said_wrong *wrong;
};

static bool refuse(struct reading *reading, const struct message *message, const char *one,
                   const char *two)
{
    reading->wrong->message = message;
    (void)snprintf(reading->wrong->texts[0], sizeof(reading->wrong->texts[0]), "%s", one);
    (void)snprintf(reading->wrong->texts[1], sizeof(reading->wrong->texts[1]), "%s", two);
    return false;
}

void said_complain(const char *place, const struct said_wrong *wrong)
{
    const char *texts[PROBLEM_ARGUMENTS];

    for (int i = 0; i < PROBLEM_ARGUMENTS; i++) {
        texts[i] = wrong->texts[i];
    }
    if (place == NULL) {
        complain(wrong->message == &missing     ? &missing_option
                 : wrong->message == &bad_value ? &bad_value_option
                                                : wrong->message,
                 texts);
        return;
    }
    (void)fflush(stdout);
    (void)fprintf(stderr, "%s: ", place);
    words_print(stderr, wrong->message, texts);
}

/* What stands under a key, in the object or else in the defaults. */
static json_t *look(const struct reading *reading, const char *key)
{
    json_t *value = json_object_get(reading->object, key);

    return value != NULL ? value : json_object_get(reading->defaults, key);
}

static bool judge_keys(struct reading *reading)
{
    const char *key;
    json_t *value;

    json_object_foreach(reading->object, key, value)
    {
        bool known = false;

        for (size_t i = 0; keys[i] != NULL && !known; i++) {
            known = strcmp(key, keys[i]) == 0;
        }
        if (!known) {
            const char *nearest = arguments_nearest(key, keys);

            return nearest != NULL
                       ? refuse(reading, &key_meant, key, nearest)
                       : refuse(reading, &no_key, key,
                                "case event at by with set documents reason agency procedure "
                                "unit wait id source traceparent");
        }
    }
    return true;
}

/* A text; where it is absent *out stays NULL. */
static bool read_text(struct reading *reading, const char *key, const char *example,
                      const char **out)
{
    const json_t *value = look(reading, key);

    *out = json_string_value(value);
    return value == NULL || *out != NULL || refuse(reading, &bad_value, key, example);
}

static bool want_text(struct reading *reading, const char *key, const char *example,
                      const char **out)
{
    return read_text(reading, key, example, out) &&
           ((*out != NULL && **out != '\0') || refuse(reading, &missing, key, example));
}

/* What a provider or a mail system says of a message that was sent, whose key says all: which
 * case it is about, and that it was no person who says so. */
static bool is_report(const struct reading *reading)
{
    const char *type = json_string_value(look(reading, "event"));
    const json_t *set = look(reading, "set");

    return type != NULL && json_object_get(set, "notice") != NULL &&
           (strcmp(type, "notice.delivered") == 0 || strcmp(type, "notice.bounced") == 0);
}

/* Whose case it is: left out only where a report's key says that. */
static bool read_place(struct reading *reading)
{
    struct duban_event *event = reading->event;

    if (is_report(reading)) {
        return read_text(reading, "case", "\"K-1\"", &event->case_id) &&
               read_text(reading, "agency", "\"gulou\"", &event->agency);
    }
    return want_text(reading, "case", "\"K-1\"", &event->case_id) &&
           want_text(reading, "agency", "\"gulou\"", &event->agency);
}

static bool read_names(struct reading *reading)
{
    struct duban_event *event = reading->event;

    return read_place(reading) &&
           want_text(reading, "event", "\"order.served\"", &event->type) &&
           want_text(reading, "source", "\"intake\"", &event->source) &&
           read_text(reading, "id", "\"m-1\"", &event->id) &&
           read_text(reading, "reason", "\"…\"", &event->note) &&
           read_text(reading, "procedure", "\"minor\"", &event->procedure) &&
           read_text(reading, "unit", "\"squad1\"", &event->unit) &&
           read_text(reading, "traceparent", "\"00-…\"", &event->traceparent);
}

static bool read_times(struct reading *reading)
{
    static const char example_at[] = "\"2026-03-02T10:00\"";
    static const char example_wait[] = "\"2h\"";
    const char *at;
    const char *wait;
    struct length length;

    if (!want_text(reading, "at", example_at, &at) ||
        !read_text(reading, "wait", example_wait, &wait)) {
        return false;
    }
    if (!instant_parse(text_of(at), SAID_ZONE_MS, &reading->event->occurred_at_ms)) {
        return refuse(reading, &bad_value, "at", example_at);
    }
    if (wait == NULL) {
        return true;
    }
    if (!length_parse(text_of(wait), &length) ||
        !(length_is_exact(length) || length.unit == LENGTH_DAYS)) {
        return refuse(reading, &bad_value, "wait", example_wait);
    }
    reading->event->wait_for_ms =
        length_is_exact(length) ? length_ms(length) : length.count * DAY_MS;
    return true;
}

/* `wang/officer`, or `/party` where an outside role needs no person. */
static bool read_actor(struct reading *reading)
{
    static const char example[] = "\"wang/officer\"";
    const char *by;

    if (is_report(reading)) {
        return true;
    }
    if (!want_text(reading, "by", example, &by)) {
        return false;
    }

    const char *slash = strchr(by, '/');

    if (slash == NULL || slash[1] == '\0') {
        return refuse(reading, &bad_value, "by", example);
    }

    char *person = arena_copy(reading->arena, by, (size_t)(slash - by) + 1);

    if (person == NULL) {
        return refuse(reading, &no_memory, "", "");
    }
    person[slash - by] = '\0';
    reading->event->person = person;
    reading->event->role = slash + 1;
    return true;
}

static bool read_with(struct reading *reading)
{
    const json_t *list = look(reading, "with");
    size_t count = json_array_size(list);
    const char **with = arena_take(reading->arena, (count + 1) * sizeof(*with));

    if (list != NULL && !json_is_array(list)) {
        return refuse(reading, &bad_value, "with", "[\"zhao\"]");
    }
    if (count > WITH_MAX) {
        return refuse(reading, &too_many, "with", "31");
    }
    for (size_t i = 0; with != NULL && i < count; i++) {
        with[i] = json_string_value(json_array_get(list, i));
        if (with[i] == NULL) {
            return refuse(reading, &bad_value, "with", "[\"zhao\"]");
        }
    }
    reading->event->with = with;
    reading->event->with_count = count;
    return with != NULL || refuse(reading, &no_memory, "", "");
}

/* The members of a list, joined by commas. */
static const char *join(struct arena *arena, const json_t *list)
{
    size_t size = 1;

    for (size_t i = 0; i < json_array_size(list); i++) {
        size += json_string_length(json_array_get(list, i)) + 1;
    }

    char *joined = arena_take(arena, size);
    char *at = joined;

    for (size_t i = 0; joined != NULL && i < json_array_size(list); i++) {
        const char *member = json_string_value(json_array_get(list, i));

        if (member == NULL) {
            return NULL;
        }
        at += snprintf(at, size - (size_t)(at - joined), "%s%s", i > 0 ? "," : "", member);
    }
    if (joined != NULL) {
        *at = '\0';
    }
    return joined;
}

/* A fact's text form; NULL: this is none. */
static const char *fact_text(struct arena *arena, const json_t *value)
{
    char digits[24];

    switch (json_typeof(value)) {
    case JSON_STRING:
        return json_string_value(value);
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
        return "";
    case JSON_INTEGER:
        (void)snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT,
                       json_integer_value(value));
        return arena_copy(arena, digits, strlen(digits) + 1);
    case JSON_ARRAY:
        return join(arena, value);
    case JSON_OBJECT:
    case JSON_REAL:
        break;
    }
    return NULL;
}

static bool read_facts(struct reading *reading)
{
    json_t *set = look(reading, "set");
    size_t count = json_object_size(set);
    struct duban_fact *facts = arena_take(reading->arena, (count + 1) * sizeof(*facts));
    const char *name;
    json_t *value;

    if (set != NULL && !json_is_object(set)) {
        return refuse(reading, &bad_value, "set", "{\"give\": \"10d\"}");
    }
    if (facts == NULL || count > FACTS_MAX) {
        return refuse(reading, &too_many, "set", "128");
    }
    json_object_foreach(set, name, value)
    {
        struct duban_fact *fact = &facts[reading->event->fact_count++];

        fact->name = name;
        fact->value = fact_text(reading->arena, value);
        if (fact->value == NULL) {
            return json_is_real(value)
                       ? refuse(reading, &bad_number, name, "")
                       : refuse(reading, &bad_value, name, "true, 12, \"10d\", [\"…\"]");
        }
    }
    reading->event->facts = facts;
    return true;
}

static const uint8_t *hash_file(struct reading *reading, const char *path)
{
    static uint8_t chunk[CHUNK_BYTES];
    uint8_t *hash = arena_take(reading->arena, HASH_BYTES);
    FILE *file = fopen(path, "rb");
    crypto_hash_sha256_state state;
    size_t got;

    if (hash == NULL || file == NULL) {
        (void)refuse(reading, &no_file, path, strerror(errno));
        return NULL;
    }
    (void)crypto_hash_sha256_init(&state);
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0) {
        (void)crypto_hash_sha256_update(&state, chunk, got);
    }
    (void)crypto_hash_sha256_final(&state, hash);
    if (ferror(file) != 0) {
        (void)refuse(reading, &no_file, path, strerror(errno));
        hash = NULL;
    }
    (void)fclose(file);
    return hash;
}

static const uint8_t *read_hash(struct reading *reading, const char *hex)
{
    uint8_t *hash = arena_take(reading->arena, HASH_BYTES);
    size_t size = 0;

    if (hash == NULL ||
        sodium_hex2bin(hash, HASH_BYTES, hex, strlen(hex), NULL, &size, NULL) != 0 ||
        size != HASH_BYTES) {
        (void)refuse(reading, &bad_value, "sha256", "64 hex digits");
        return NULL;
    }
    return hash;
}

/* `"责令改正通知书"`, or an object with kind, title, file or sha256, uri. */
static bool read_document(struct reading *reading, const json_t *value,
                          struct duban_document *document)
{
    const char *file = json_string_value(json_object_get(value, "file"));
    const char *hash = json_string_value(json_object_get(value, "sha256"));

    *document = (struct duban_document){0};
    if (json_is_string(value)) {
        document->kind = json_string_value(value);
        return true;
    }
    document->kind = json_string_value(json_object_get(value, "kind"));
    document->title = json_string_value(json_object_get(value, "title"));
    document->uri = json_string_value(json_object_get(value, "uri"));
    if (document->kind == NULL) {
        return refuse(reading, &bad_value, "documents",
                      "[\"KIND\", {\"kind\": \"…\", \"file\": \"…\"}]");
    }
    if (file != NULL) {
        const char *slash = strrchr(file, '/');

        document->sha256 = hash_file(reading, file);
        document->title = document->title != NULL ? document->title
                          : slash != NULL         ? slash + 1
                                                  : file;
        return document->sha256 != NULL;
    }
    document->sha256 = hash == NULL ? NULL : read_hash(reading, hash);
    return hash == NULL || document->sha256 != NULL;
}

static bool read_documents(struct reading *reading)
{
    const json_t *list = look(reading, "documents");
    size_t count = json_array_size(list);
    struct duban_document *documents =
        arena_take(reading->arena, (count + 1) * sizeof(*documents));

    if (list != NULL && !json_is_array(list)) {
        return refuse(reading, &bad_value, "documents", "[\"责令改正通知书\"]");
    }
    if (documents == NULL || count > DOCUMENTS_MAX) {
        return refuse(reading, &too_many, "documents", "64");
    }
    for (size_t i = 0; i < count; i++) {
        if (!read_document(reading, json_array_get(list, i), &documents[i])) {
            return false;
        }
    }
    reading->event->documents = documents;
    reading->event->document_count = count;
    return true;
}

static void hash_text(crypto_hash_sha256_state *state, const char *text)
{
    /* With its NUL, so that texts do not run into one another. */
    text = text == NULL ? "" : text;
    (void)crypto_hash_sha256_update(state, (const uint8_t *)text, strlen(text) + 1);
}

/* An id from all that is content: whoever says the same again says the same event. */
static bool make_id(struct reading *reading)
{
    struct duban_event *event = reading->event;
    crypto_hash_sha256_state state;
    uint8_t hash[HASH_BYTES];
    char hex[2 * ID_BYTES + 1];
    char *id = arena_take(reading->arena, ID_TEXT_BYTES);

    if (id == NULL) {
        return refuse(reading, &no_memory, "", "");
    }
    (void)crypto_hash_sha256_init(&state);
    hash_text(&state, event->type);
    hash_text(&state, event->person);
    hash_text(&state, event->role);
    hash_text(&state, event->note);
    hash_text(&state, event->procedure);
    hash_text(&state, event->unit);
    (void)crypto_hash_sha256_update(&state, (const uint8_t *)&event->occurred_at_ms,
                                    sizeof(event->occurred_at_ms));
    for (size_t i = 0; i < event->with_count; i++) {
        hash_text(&state, event->with[i]);
    }
    for (size_t i = 0; i < event->fact_count; i++) {
        hash_text(&state, event->facts[i].name);
        hash_text(&state, event->facts[i].value);
    }
    for (size_t i = 0; i < event->document_count; i++) {
        const struct duban_document *document = &event->documents[i];

        hash_text(&state, document->kind);
        hash_text(&state, document->title);
        hash_text(&state, document->uri);
        if (document->sha256 != NULL) {
            (void)crypto_hash_sha256_update(&state, document->sha256, HASH_BYTES);
        }
    }
    (void)crypto_hash_sha256_final(&state, hash);
    (void)sodium_bin2hex(hex, sizeof(hex), hash, ID_BYTES);
    (void)snprintf(id, ID_TEXT_BYTES, "say-%s", hex);
    event->id = id;
    return true;
}

bool said_read(json_t *object, const json_t *defaults, struct arena *arena,
               struct duban_event *event, struct said_wrong *wrong)
{
    struct reading reading = {
        .object = object, .defaults = defaults, .arena = arena, .event = event, .wrong = wrong};

    *event = (struct duban_event){0};
    *wrong = (struct said_wrong){0};
    if (!json_is_object(object)) {
        return refuse(&reading, &no_object, "{\"case\": \"K-1\", …}", "");
    }
    return judge_keys(&reading) && read_names(&reading) && read_times(&reading) &&
           read_actor(&reading) && read_with(&reading) && read_facts(&reading) &&
           read_documents(&reading) && (event->id != NULL || make_id(&reading));
}
