#include "driver.h"

#include <stdio.h>
#include <string.h>

const struct sms_driver *sms_driver(const char *name)
{
    static const struct sms_driver *const drivers[] = {&sms_kannel, &sms_mas, &sms_aliyun,
                                                       &sms_tencent};

    for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
        if (strcmp(drivers[i]->name, name) == 0) {
            return drivers[i];
        }
    }
    return NULL;
}

static bool matches(const char *pattern, const char *code)
{
    size_t size = strlen(pattern);

    return size > 0 && pattern[size - 1] == '*' ? strncmp(pattern, code, size - 1) == 0
                                                : strcmp(pattern, code) == 0;
}

/* A code is a word; anything else in its place could be a number or worse. */
static bool is_code(const char *code)
{
    size_t size = strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                               "0123456789._-:");

    return size > 0 && size <= 64 && code[size] == '\0' && strspn(code, "0123456789") != size;
}

void sms_judge_as(const struct sms_code *meaning, const char *code,
                  struct worker_result *result)
{
    char words[sizeof(result->words)];

    switch (meaning->outcome) {
    case SMS_NEVER:
        worker_never(result, code, meaning->words);
        break;
    case SMS_LATER:
        worker_later(result, code, meaning->words, 0);
        break;
    case SMS_THROTTLED:
        worker_throttled(result, code, meaning->words, 0);
        break;
    case SMS_DOUBT: /* which has no code of its own */
        (void)snprintf(words, sizeof(words), "%s: %s", code, meaning->words);
        worker_unknown(result, words);
        break;
    }
}

void sms_judge_code(const struct sms_code *codes, const char *code,
                    struct worker_result *result)
{
    static const struct sms_code unknown = {
        "*", SMS_LATER, "供应商拒绝，代码不在已知之列 (refused with an unknown code)"};

    while (codes->code != NULL && !matches(codes->code, code)) {
        codes++;
    }
    sms_judge_as(codes->code == NULL ? &unknown : codes, is_code(code) ? code : "unreadable",
                 result);
}

void sms_judge_status(const struct answer *answer, struct worker_result *result)
{
    char code[24];

    (void)snprintf(code, sizeof(code), "HTTP.%ld", answer->status);
    switch (answer->status) {
    case 401:
    case 403:
    case 407:
        worker_later(result, code, "供应商不认可账号或来源地址 (not let in)", 0);
        break;
    case 400:
    case 404:
    case 405:
    case 413:
    case 414:
    case 415:
        worker_later(result, code, "供应商不认识该请求，请核对地址 (no such request there)", 0);
        break;
    case 429:
        worker_throttled(result, code, "发送过快 (too much at once)", 0);
        break;
    default: /* something answered, and whether the message went through it cannot be known */
        worker_unknown(result, "供应商的答复无法辨认 (an answer that cannot be read)");
        break;
    }
}
