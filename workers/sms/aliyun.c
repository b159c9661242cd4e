/*
 * Aliyun's SendSms (Dysmsapi 2017-05-25), signed by ACS3-HMAC-SHA256: an RPC whose parameters
 * stand in the query, sorted, with an empty body. Approved templates only; our key travels as
 * OutId and comes back in its reports.
 */
#include "driver.h"
#include "sign.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define ALGORITHM "ACS3-HMAC-SHA256"
#define SIGNED_HEADERS \
    "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"

/* The parameters of the template as JSON; NULL without memory. To be given to free(). */
static char *parameters(const struct sms *sms)
{
    json_t *json = json_object();

    for (size_t i = 0; sms->template->theirs[i] != NULL; i++) {
        (void)json_object_set_new(json, sms->template->theirs[i], json_string(sms->values[i]));
    }

    char *text = json_dumps(json, JSON_COMPACT);

    json_decref(json);
    return text;
}

static void put_pair(struct strip *strip, const char *name, const char *value)
{
    strip_put(strip, name);
    strip_put(strip, "=");
    strip_put_escaped(strip, value);
}

/* In the order of their names, as they are signed and as they are sent. */
static void put_query(struct strip *strip, const struct sms_account *account,
                      const struct sms *sms, const char *param)
{
    put_pair(strip, "OutId", sms->key);
    put_pair(strip, "&PhoneNumbers", sms->number);
    put_pair(strip, "&SignName", account->sign);
    put_pair(strip, "&TemplateCode", sms->template->code);
    put_pair(strip, "&TemplateParam", param);
}

struct stamp {
    char host[256];
    char date[SIGN_UTC_SIZE];
    char body_hash[SIGN_HEX_SIZE];
};

static void put_signature(const struct sms_account *account, const struct sms *sms,
                          const struct stamp *stamp, const char *query, struct request *request)
{
    const char *const pieces[] = {"POST\n/\n",
                                  query,
                                  "\n",
                                  "host:",
                                  stamp->host,
                                  "\nx-acs-action:SendSms",
                                  "\nx-acs-content-sha256:",
                                  stamp->body_hash,
                                  "\nx-acs-date:",
                                  stamp->date,
                                  "\nx-acs-signature-nonce:",
                                  sms->nonce,
                                  "\nx-acs-version:2017-05-25\n\n",
                                  SIGNED_HEADERS,
                                  "\n",
                                  stamp->body_hash};
    char room[REQUEST_URL_SIZE + 1024];
    char hash[SIGN_HEX_SIZE];
    char signature[SIGN_HEX_SIZE];
    struct strip strip;

    strip_begin(&strip, room, sizeof(room));
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        strip_put(&strip, pieces[i]);
    }
    sign_sha256_hex(room, hash);
    strip_begin(&strip, room, sizeof(room));
    strip_put(&strip, ALGORITHM "\n");
    strip_put(&strip, hash);
    sign_hmac_hex(account->secret, strlen(account->secret), room, signature);
    strip_begin(&strip, room, sizeof(room));
    strip_put(&strip, ALGORITHM " Credential=");
    strip_put(&strip, account->user);
    strip_put(&strip, ",SignedHeaders=" SIGNED_HEADERS ",Signature=");
    request_header(request, "Authorization", room, signature);
}

static void ask(const struct sms_account *account, const struct sms *sms,
                struct request *request)
{
    char *param = parameters(sms);
    char query[REQUEST_URL_SIZE];
    struct strip strip;
    struct stamp stamp;

    strip_begin(&strip, query, sizeof(query));
    put_query(&strip, account, sms, param == NULL ? "" : param);
    if (param == NULL || strip.full || !request_host(account->url, stamp.host, 256)) {
        request->full = true;
    }
    free(param);
    sign_utc(sms->now_ms, stamp.date);
    sign_sha256_hex("", stamp.body_hash);

    strip_begin(&strip, request->url, sizeof(request->url));
    strip_put(&strip, account->url);
    strip_put(&strip, "/?");
    strip_put(&strip, query);
    request->full = request->full || strip.full;
    request_header(request, "Host", stamp.host, "");
    request_header(request, "Accept", "application/json", "");
    request_header(request, "x-acs-action", "SendSms", "");
    request_header(request, "x-acs-version", "2017-05-25", "");
    request_header(request, "x-acs-date", stamp.date, "");
    request_header(request, "x-acs-signature-nonce", sms->nonce, "");
    request_header(request, "x-acs-content-sha256", stamp.body_hash, "");
    put_signature(account, sms, &stamp, query, request);
}

static const struct sms_code codes[] = {
    {"isv.MOBILE_NUMBER_ILLEGAL", SMS_NEVER, "手机号格式不正确 (no such number)"},
    {"MOBILE_NOT_ON_SERVICE", SMS_NEVER, "号码停机或空号 (the number is out of service)"},
    {"isv.BLACK_KEY_CONTROL_LIMIT", SMS_NEVER, "变量含禁用词 (a value has a forbidden word)"},
    {"isv.PARAM_LENGTH_LIMIT", SMS_NEVER, "变量超长 (a value is too long)"},
    {"isv.PARAM_NOT_SUPPORT_URL", SMS_NEVER, "变量不得为网址 (a value must not be a link)"},
    {"isv.TEMPLATE_PARAMS_ILLEGAL", SMS_NEVER,
     "变量不合模板规范 (a value breaks the template)"},
    {"isv.TEMPLATE_MISSING_PARAMETERS", SMS_NEVER,
     "模板缺少变量，请核对 templates (the template wants another parameter)"},
    {"isv.INVALID_JSON_PARAM", SMS_NEVER, "变量格式不正确 (values cannot be read)"},
    {"isv.SMS_CONTENT_ILLEGAL", SMS_NEVER, "内容不合规 (content refused)"},
    {"FILTER", SMS_NEVER, "关键字拦截 (a word was intercepted)"},
    {"isv.BUSINESS_LIMIT_CONTROL", SMS_THROTTLED, "该号码触发流控 (limit for this number)"},
    {"isv.DAY_LIMIT_CONTROL", SMS_THROTTLED, "已达当日上限 (the day's limit is reached)"},
    {"isv.MONTH_LIMIT_CONTROL", SMS_THROTTLED, "已达当月上限 (the month's limit is reached)"},
    {"Throttling*", SMS_THROTTLED, "请求过快 (too much at once)"},
    {"isv.AMOUNT_NOT_ENOUGH", SMS_LATER, "账户余额不足 (the account's balance is too low)"},
    {"isv.OUT_OF_SERVICE", SMS_LATER, "业务停机，请充值 (suspended for want of money)"},
    {"isv.ACCOUNT_*", SMS_LATER, "账户不存在或异常 (the account is not in order)"},
    {"isv.PRODUCT_UN*", SMS_LATER, "未开通短信服务 (SMS is not subscribed to)"},
    {"isv.SMS_SIGN*", SMS_LATER, "签名未审核通过或不可用 (the sign name is not approved)"},
    {"SignatureDoesNotMatch", SMS_LATER, "请求签名不符，请核对密钥 (wrong key)"},
    {"isv.INVALID_PARAMETERS", SMS_LATER, "参数异常，请核对设置 (a parameter is wrong)"},
    {"isv.SMS_TEMPLATE_ILLEGAL", SMS_LATER, "模板未审核通过或不存在 (template not approved)"},
    {"isv.DENY_IP_RANGE", SMS_LATER, "来源地址不在白名单 (our address is not allowed)"},
    {"isp.RAM_PERMISSION_DENY", SMS_LATER, "该密钥无发短信权限 (the key may not send SMS)"},
    {"InvalidAccessKeyId*", SMS_LATER, "AccessKey 不存在或已停用 (no such access key)"},
    {"InvalidTimeStamp*", SMS_LATER, "本机时钟偏差过大 (this machine's clock is wrong)"},
    {"SignatureNonceUsed", SMS_DOUBT, "同一请求到达两次 (the same request came twice)"},
    {"isp.SYSTEM_ERROR", SMS_DOUBT,
     "平台内部错误，是否已发不明 (it failed within; perhaps sent)"},
    {"isp.UNKNOWN", SMS_DOUBT, "未知错误，是否已发不明 (something unknown; perhaps sent)"},
    {"isv.SYSTEM_ERROR", SMS_DOUBT, "系统错误，是否已发不明 (it failed within; perhaps sent)"},
    {"isp.GATEWAY_ERROR", SMS_DOUBT,
     "网关错误，是否已发不明 (its gateway failed; perhaps sent)"},
    {"InternalError*", SMS_DOUBT,
     "平台内部错误，是否已发不明 (it failed within; perhaps sent)"},
    {"ServiceUnavailable*", SMS_LATER, "服务暂不可用 (the service is away)"},
    {"Forbidden*", SMS_LATER, "无权限 (forbidden)"},
    {NULL, SMS_LATER, NULL}};

static void judge(const struct answer *answer, struct worker_result *result)
{
    json_t *json = json_loadb(answer->body, answer->size, 0, NULL);
    const char *code = json_string_value(json_object_get(json, "Code"));

    if (code == NULL) {
        sms_judge_status(answer, result);
    } else if (strcmp(code, "OK") == 0) {
        worker_done(result, json_string_value(json_object_get(json, "BizId")));
    } else {
        sms_judge_code(codes, code, result);
    }
    json_decref(json);
}

const struct sms_driver sms_aliyun = {.name = "aliyun",
                                      .templated = true,
                                      .secured = true,
                                      .url = "https://dysmsapi.aliyuncs.com",
                                      .ask = ask,
                                      .judge = judge};
