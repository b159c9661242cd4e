/*
 * China Mobile's 云MAS over HTTP: one JSON document in base64, with an MD5 over its fields and
 * the secret. Free text; the signature is named by its code and put before the words by the
 * platform.
 */
#include "driver.h"
#include "sign.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void sign(const struct sms_account *account, const struct sms *sms,
                 char mac[SIGN_MD5_SIZE])
{
    const char *const fields[] = {account->app, account->user, account->secret, sms->number,
                                  sms->text,    account->sign, account->sender};
    char room[REQUEST_BODY_SIZE];
    struct strip strip;

    strip_begin(&strip, room, sizeof(room));
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        strip_put(&strip, fields[i]);
    }
    sign_md5_hex(room, mac);
}

static void ask(const struct sms_account *account, const struct sms *sms,
                struct request *request)
{
    char mac[SIGN_MD5_SIZE];

    sign(account, sms, mac);

    json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "ecName", account->app,
                             "apId", account->user, "secretKey", account->secret, "mobiles",
                             sms->number, "content", sms->text, "sign", account->sign,
                             "addSerial", account->sender, "mac", mac);
    char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);

    request_url(request, account->url);
    request_header(request, "Content-Type", "application/json", "");
    if (text == NULL) {
        request->full = true;
    } else {
        struct strip strip;

        strip_begin(&strip, request->body, sizeof(request->body));
        strip_put_base64(&strip, text, strlen(text));
        request->full = request->full || strip.full;
    }
    free(text);
    json_decref(json);
}

static const struct sms_code codes[] = {
    {"InvalidMobile", SMS_NEVER, "手机号格式不正确 (no such number)"},
    {"NoMobile", SMS_NEVER, "手机号为空 (no number)"},
    {"ContainBlackList", SMS_NEVER, "号码在黑名单中 (the number is on a list of refusals)"},
    {"ContainSensitiveWord", SMS_NEVER, "内容含敏感词 (words that are not let through)"},
    {"ExceedMaxContentLength", SMS_NEVER, "内容超长 (too long)"},
    {"InvalidUsrOrPwd", SMS_LATER, "用户名或密码不正确 (user or secret refused)"},
    {"IllegalMac", SMS_LATER,
     "mac 校验不通过 (the digest is not accepted: user, secret, sign)"},
    {"IllegalSignId", SMS_LATER, "无效的签名编码 (the signature's code is not valid)"},
    {"NoSignId", SMS_LATER, "未匹配到签名 (no signature of this code)"},
    {"NotLoadedSign", SMS_LATER, "签名尚未生效 (the signature is not in force yet)"},
    {"IllegalIpAddress", SMS_LATER, "来源地址未登记 (our address is not registered)"},
    {"InvalidMessage", SMS_LATER, "平台无法解析请求 (the platform cannot read the request)"},
    {"IllegalUseTemplate", SMS_LATER,
     "该账号只能发模板短信 (this account sends templates only)"},
    {"FlowOverLimit", SMS_THROTTLED, "发送过快 (too much at once)"},
    {"QueueOverLimit", SMS_THROTTLED, "平台队列已满 (the platform's queue is full)"},
    {"RequestTooOften", SMS_THROTTLED, "请求过于频繁 (too often)"},
    {"SystemBusy", SMS_THROTTLED, "平台繁忙 (the platform is busy)"},
    {"OverDailyMax", SMS_THROTTLED, "超过当日上限 (the day's limit is reached)"},
    {"InternalError", SMS_DOUBT, "平台内部错误，是否已发不明 (it failed within; perhaps sent)"},
    {"RequestTimeout", SMS_DOUBT, "平台超时，是否已发不明 (it timed out within; perhaps sent)"},
    {"TransportError", SMS_DOUBT, "平台传输错误，是否已发不明 (it broke within; perhaps sent)"},
    {NULL, SMS_LATER, NULL}};

static void judge(const struct answer *answer, struct worker_result *result)
{
    json_t *json = json_loadb(answer->body, answer->size, 0, NULL);
    const char *code = json_string_value(json_object_get(json, "rspcod"));

    if (code == NULL) {
        sms_judge_status(answer, result);
    } else if (strcmp(code, "success") == 0) {
        worker_done(result, json_string_value(json_object_get(json, "msgGroup")));
    } else {
        sms_judge_code(codes, code, result);
    }
    json_decref(json);
}

const struct sms_driver sms_mas = {.name = "mas", .ask = ask, .judge = judge, .url = NULL};
