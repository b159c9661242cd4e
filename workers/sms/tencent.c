/*
 * Tencent Cloud's SendSms (2021-01-11), signed by TC3-HMAC-SHA256: JSON in the body, a key
 * that is derived from the date and the service. Approved templates only, their parameters in
 * order.
 */
#include "driver.h"
#include "sign.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALGORITHM    "TC3-HMAC-SHA256"
#define CONTENT_TYPE "application/json"

/* What is asked, as JSON; NULL without memory. To be given to free(). */
static char *question(const struct sms_account *account, const struct sms *sms)
{
    char number[32];
    json_t *values = json_array();

    (void)snprintf(number, sizeof(number), "+86%s", sms->number);
    for (size_t i = 0; sms->template->theirs[i] != NULL; i++) {
        (void)json_array_append_new(values, json_string(sms->values[i]));
    }

    json_t *json =
        json_pack("{s:[s], s:s, s:s, s:s, s:o, s:s}", "PhoneNumberSet", number, "SmsSdkAppId",
                  account->app, "SignName", account->sign, "TemplateId", sms->template->code,
                  "TemplateParamSet", values, "SessionContext", sms->key);
    char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);

    json_decref(json);
    return text;
}

struct stamp {
    char host[256];
    char date[SIGN_DATE_SIZE];
    char seconds[24];
};

/* The secret, bound to the day and the service, so that a leaked key of one day is of that
 * day. */
static void derive_key(const struct sms_account *account, const char *date,
                       uint8_t key[SIGN_BYTES])
{
    char secret[512];
    uint8_t of_date[SIGN_BYTES];
    uint8_t of_service[SIGN_BYTES];
    int size = snprintf(secret, sizeof(secret), "TC3%s", account->secret);

    sign_hmac(secret, (size_t)size, date, of_date);
    sign_hmac(of_date, sizeof(of_date), "sms", of_service);
    sign_hmac(of_service, sizeof(of_service), "tc3_request", key);
}

static void put_signature(const struct sms_account *account, const struct stamp *stamp,
                          struct request *request)
{
    char room[2048];
    char hash[SIGN_HEX_SIZE];
    uint8_t key[SIGN_BYTES];
    char signature[SIGN_HEX_SIZE];

    sign_sha256_hex(request->body, hash);
    (void)snprintf(room, sizeof(room),
                   "POST\n/\n\ncontent-type:" CONTENT_TYPE "\nhost:%s\n\ncontent-type;host\n%s",
                   stamp->host, hash);
    sign_sha256_hex(room, hash);
    (void)snprintf(room, sizeof(room), ALGORITHM "\n%s\n%s/sms/tc3_request\n%s", stamp->seconds,
                   stamp->date, hash);
    derive_key(account, stamp->date, key);
    sign_hmac_hex(key, sizeof(key), room, signature);
    (void)snprintf(room, sizeof(room),
                   ALGORITHM " Credential=%s/%s/sms/tc3_request, "
                             "SignedHeaders=content-type;host, Signature=",
                   account->user, stamp->date);
    request_header(request, "Authorization", room, signature);
}

static void ask(const struct sms_account *account, const struct sms *sms,
                struct request *request)
{
    char *body = question(account, sms);
    struct stamp stamp;

    if (body == NULL || strlen(account->secret) > 500 ||
        !request_host(account->url, stamp.host, sizeof(stamp.host))) {
        request->full = true;
        free(body);
        return;
    }
    request_body(request, body);
    free(body);
    sign_utc_date(sms->now_ms, stamp.date);
    (void)snprintf(stamp.seconds, sizeof(stamp.seconds), "%" PRId64, sms->now_ms / 1000);

    request_url(request, account->url);
    request_header(request, "Host", stamp.host, "");
    request_header(request, "Content-Type", CONTENT_TYPE, "");
    request_header(request, "X-TC-Action", "SendSms", "");
    request_header(request, "X-TC-Version", "2021-01-11", "");
    request_header(request, "X-TC-Region", account->region, "");
    request_header(request, "X-TC-Timestamp", stamp.seconds, "");
    put_signature(account, &stamp, request);
}

static const struct sms_code codes[] = {
    {"InvalidParameterValue.IncorrectPhoneNumber", SMS_NEVER,
     "手机号格式不正确 (no such number)"},
    {"FailedOperation.PhoneNumberInBlacklist", SMS_NEVER,
     "号码在免打扰名单中 (the number wants no SMS)"},
    {"FailedOperation.ContainSensitiveWord", SMS_NEVER, "内容含敏感词 (a forbidden word)"},
    {"FailedOperation.TemplateParamSetNotMatchApprovedTemplate", SMS_NEVER,
     "变量与模板不符，请核对 templates (parameters do not fit the template)"},
    {"InvalidParameterValue.TemplateParameter*", SMS_NEVER,
     "变量格式或长度不合 (a value's form or length)"},
    {"InvalidParameterValue.ProhibitedUseUrlInTemplateParameter", SMS_NEVER,
     "变量不得为网址 (a value must not be a link)"},
    {"FailedOperation.SignatureIncorrectOrUnapproved", SMS_LATER,
     "签名未审批或有误 (the sign name is not approved)"},
    {"FailedOperation.Template*", SMS_LATER, "模板未审批或不存在 (template not approved)"},
    {"FailedOperation.InsufficientBalanceInSmsPackage", SMS_LATER,
     "套餐包余量不足 (the package is used up)"},
    {"LimitExceeded*", SMS_THROTTLED,
     "触发发送频率或数量限制 (a limit of frequency or number)"},
    {"RequestLimitExceeded*", SMS_THROTTLED, "请求过快 (too much at once)"},
    {"InternalError.Timeout", SMS_DOUBT, "平台超时，是否已发不明 (it timed out; perhaps sent)"},
    {"InternalError.SendAndRecvFail", SMS_DOUBT,
     "平台收发超时，是否已发不明 (it timed out within; perhaps sent)"},
    {"InternalError.RequestTimeException", SMS_LATER,
     "本机时钟偏差过大 (this machine's clock is wrong)"},
    {"InternalError*", SMS_DOUBT,
     "平台内部错误，是否已发不明 (it failed within; perhaps sent)"},
    {"AuthFailure.SignatureExpire", SMS_LATER,
     "本机时钟偏差过大 (this machine's clock is wrong)"},
    {"AuthFailure*", SMS_LATER, "密钥不被认可 (the key is not accepted)"},
    {"UnauthorizedOperation*", SMS_LATER,
     "该密钥或地址无权限，或欠费 (not permitted, or in arrears)"},
    {"InvalidParameterValue.SdkAppIdNotExist", SMS_LATER, "SmsSdkAppId 不存在 (no such app)"},
    {"UnsupportedRegion", SMS_LATER, "地域不支持，请核对 region (no such region)"},
    {"ResourceUnavailable*", SMS_LATER, "服务暂不可用 (the service is away)"},
    {NULL, SMS_LATER, NULL}};

/* The code of the request as a whole, else of the one number in it; NULL: it has none. */
static const char *code_of(const json_t *response, const json_t *status)
{
    const char *code =
        json_string_value(json_object_get(json_object_get(response, "Error"), "Code"));

    return code != NULL ? code : json_string_value(json_object_get(status, "Code"));
}

static void judge(const struct answer *answer, struct worker_result *result)
{
    json_t *json = json_loadb(answer->body, answer->size, 0, NULL);
    const json_t *response = json_object_get(json, "Response");
    const json_t *status = json_array_get(json_object_get(response, "SendStatusSet"), 0);
    const char *code = code_of(response, status);

    if (code == NULL) {
        sms_judge_status(answer, result);
    } else if (strcmp(code, "Ok") == 0) {
        worker_done(result, json_string_value(json_object_get(status, "SerialNo")));
    } else {
        sms_judge_code(codes, code, result);
    }
    json_decref(json);
}

const struct sms_driver sms_tencent = {.name = "tencent",
                                       .templated = true,
                                       .secured = true,
                                       .url = "https://sms.tencentcloudapi.com",
                                       .ask = ask,
                                       .judge = judge};
