/*
 * The drivers of duban-sms without daemon or kit, for judges of other hands: each line of standard
 * input is a message in JSON. `sms_calls ask` prints the request that a driver makes of it; with
 * `send` it goes out, and what became of it is printed. Answers keep the order.
 */
#include "sms.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text(const json_t *json, const char *name, const char *usual)
{
    const char *value = json_string_value(json_object_get(json, name));

    return value == NULL ? usual : value;
}

static struct sms_account account_of(const json_t *json)
{
    return (struct sms_account){.url = text(json, "url", ""),
                                .user = text(json, "user", "duban"),
                                .secret = text(json, "secret", "secret"),
                                .sender = text(json, "sender", ""),
                                .sign = text(json, "sign", ""),
                                .app = text(json, "app", ""),
                                .region = text(json, "region", "ap-guangzhou"),
                                .reports = text(json, "reports", "")};
}

static void print(json_t *json)
{
    char *line = json_dumps(json, JSON_COMPACT);

    puts(line);
    (void)fflush(stdout);
    free(line);
    json_decref(json);
}

/* The template and its values, from `code` and `params`: [[name, value], …]. */
static void take_template(const json_t *json, struct sms_template *template, struct sms *sms)
{
    const json_t *params = json_object_get(json, "params");

    template->code = text(json, "code", "SMS_1");
    for (size_t i = 0; i < json_array_size(params); i++) {
        const json_t *pair = json_array_get(params, i);

        template->theirs[i] = json_string_value(json_array_get(pair, 0));
        sms->values[i] = json_string_value(json_array_get(pair, 1));
    }
    sms->template = template;
}

static void ask(const json_t *json)
{
    static struct request request;
    const struct sms_driver *driver = sms_driver(text(json, "provider", "kannel"));
    struct sms_account account = account_of(json);
    struct sms_template template = {.name = "x"};
    struct sms sms = {.key = text(json, "key", "k-1"),
                      .number = text(json, "number", "13800000001"),
                      .text = text(json, "text", ""),
                      .nonce = text(json, "nonce", "n"),
                      .now_ms = json_integer_value(json_object_get(json, "now_ms"))};
    json_t *headers = json_array();

    take_template(json, &template, &sms);
    request_begin(&request);
    driver->ask(&account, &sms, &request);
    for (uint32_t i = 0; i < request.header_count; i++) {
        (void)json_array_append_new(headers, json_string(request.headers[i]));
    }
    print(json_pack("{s:s, s:o, s:s, s:b}", "url", request.url, "headers", headers, "body",
                    request.body, "full", request.full));
}

/* The lines of settings that make the template of a message. */
static void add_template(const json_t *json, struct sms_options *options)
{
    const json_t *params = json_object_get(json, "params");
    char line[2048];
    char why[256];
    int size = snprintf(line, sizeof(line), "%s", text(json, "code", "SMS_1"));

    for (size_t i = 0; i < json_array_size(params); i++) {
        const char *name = json_string_value(json_array_get(json_array_get(params, i), 0));

        size += snprintf(line + size, sizeof(line) - (size_t)size, " %s", name);
    }
    if (!templates_add(&options->templates, "x", line, why, sizeof(why))) {
        fprintf(stderr, "%s\n", why);
        exit(1);
    }
}

static struct sms_sender *open_sender(const json_t *json)
{
    struct sms_options options = {
        .driver = sms_driver(text(json, "provider", "kannel")),
        .account = account_of(json),
        .parts_max = 3,
        .http = {.ca = text(json, "ca", ""),
                 .proxy = "",
                 .connect_ms = 2000,
                 .timeout_ms = (long)json_integer_value(json_object_get(json, "timeout_ms"))},
        .reports = {.listen = ""},
    };

    if (options.http.timeout_ms == 0) {
        options.http.timeout_ms = 10000;
    }
    add_template(json, &options);
    return sms_open(&options);
}

static void send(struct sms_sender *sender, const json_t *json)
{
    static const char *const outcomes[] = {"unknown", "done", "never", "later", "throttled"};
    const json_t *params = json_object_get(json, "params");
    const char *names[SMS_PARAMS_MAX];
    const char *values[SMS_PARAMS_MAX];
    struct worker_job job = {.key = text(json, "key", "k-1"),
                             .channel = "sms",
                             .address = text(json, "number", "13800000001"),
                             .receiver = "",
                             .language = "zh",
                             .template = "x",
                             .version = "",
                             .brief = text(json, "text", ""),
                             .subject = "",
                             .body = "",
                             .names = names,
                             .values = values,
                             .value_count = (uint32_t)json_array_size(params),
                             .attempt = 1,
                             .notices = 1};
    struct worker_result result = {.outcome = WORKER_UNKNOWN};

    for (size_t i = 0; i < json_array_size(params); i++) {
        names[i] = json_string_value(json_array_get(json_array_get(params, i), 0));
        values[i] = json_string_value(json_array_get(json_array_get(params, i), 1));
    }
    sms_send(sender, &job, &result);
    print(json_pack("{s:s, s:s, s:s, s:s}", "outcome", outcomes[result.outcome], "code",
                    result.code, "words", result.words, "provider_id", result.provider_id));
}

int main(int argc, char **argv)
{
    bool asks = argc == 2 && strcmp(argv[1], "ask") == 0;
    struct sms_sender *sender = NULL;
    json_t *first = NULL; /* the sender borrows its account */
    json_t *json;

    if (!asks && (argc != 2 || strcmp(argv[1], "send") != 0)) {
        fprintf(stderr, "usage: sms_calls ask|send <MESSAGES.jsonl\n");
        return 2;
    }
    while ((json = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, NULL)) != NULL) {
        if (asks) {
            ask(json);
            json_decref(json);
            continue;
        }
        if (sender == NULL) {
            first = json_incref(json);
            sender = open_sender(json);
        }
        if (sender == NULL) {
            return 1;
        }
        send(sender, json);
        json_decref(json);
    }
    if (sender != NULL) {
        sms_close(sender);
    }
    json_decref(first);
    return 0;
}
