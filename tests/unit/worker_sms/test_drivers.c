#include "driver.h"

#include "lib/check.h"
#include "lib/rng.h"

#include <string.h>

static struct worker_result judged(const struct sms_driver *driver, long status,
                                   const char *body, size_t size)
{
    struct worker_result result = {.outcome = WORKER_UNKNOWN};
    struct answer answer = {.status = status, .body = body, .size = size};

    driver->judge(&answer, &result);
    return result;
}

#define TENCENT_STATUS(code)                                                      \
    "{\"Response\":{\"SendStatusSet\":[{\"SerialNo\":\"5000:1\",\"PhoneNumber\":" \
    "\"+8613800000001\",\"Fee\":1,\"SessionContext\":\"k\",\"Code\":\"" code      \
    "\",\"Message\":\"13800000001\",\"IsoCode\":\"CN\"}],\"RequestId\":\"r\"}}"
#define TENCENT_ERROR(code) \
    "{\"Response\":{\"Error\":{\"Code\":\"" code "\",\"Message\":\"m\"},\"RequestId\":\"r\"}}"
#define ALIYUN(code)                                                                         \
    "{\"Message\":\"13800000001\",\"RequestId\":\"F-1\",\"BizId\":\"90^0\",\"Code\":\"" code \
    "\"}"
#define MAS(code) "{\"msgGroup\":\"0927\",\"rspcod\":\"" code "\",\"success\":false}"

static void each_answer_means_what_it_says(void)
{
    static const struct {
        const struct sms_driver *driver;
        long status;
        const char *body;
        int outcome;
        const char *code;
    } rows[] = {
        {&sms_kannel, 202, "0: Accepted for delivery", WORKER_DONE, ""},
        {&sms_kannel, 202, "3: Queued for later delivery", WORKER_DONE, ""},
        {&sms_kannel, 202, "what?", WORKER_UNKNOWN, ""},
        {&sms_kannel, 200, "0: Accepted for delivery", WORKER_UNKNOWN, ""},
        {&sms_kannel, 403, "Not routable. Do not try again.", WORKER_LATER,
         "kannel.unroutable"},
        {&sms_kannel, 403, "Authorization failed for sendsms", WORKER_LATER,
         "kannel.forbidden"},
        {&sms_kannel, 503, "Temporal failure, try again later.", WORKER_LATER, "kannel.busy"},
        {&sms_kannel, 502, "<html>bad gateway</html>", WORKER_UNKNOWN, ""},
        {&sms_kannel, 404, "Not found", WORKER_LATER, "HTTP.404"},
        {&sms_mas, 200, MAS("success"), WORKER_DONE, ""},
        {&sms_mas, 200, MAS("InvalidMobile"), WORKER_NEVER, "InvalidMobile"},
        {&sms_mas, 200, MAS("IllegalMac"), WORKER_LATER, "IllegalMac"},
        {&sms_mas, 200, MAS("FlowOverLimit"), WORKER_THROTTLED, "FlowOverLimit"},
        {&sms_mas, 200, MAS("RequestTimeout"), WORKER_UNKNOWN, ""},
        {&sms_mas, 200, MAS("BrandNew"), WORKER_LATER, "BrandNew"},
        {&sms_mas, 200, "", WORKER_UNKNOWN, ""},
        {&sms_aliyun, 200, ALIYUN("OK"), WORKER_DONE, ""},
        {&sms_aliyun, 200, ALIYUN("isv.MOBILE_NUMBER_ILLEGAL"), WORKER_NEVER,
         "isv.MOBILE_NUMBER_ILLEGAL"},
        {&sms_aliyun, 200, ALIYUN("isv.AMOUNT_NOT_ENOUGH"), WORKER_LATER,
         "isv.AMOUNT_NOT_ENOUGH"},
        {&sms_aliyun, 200, ALIYUN("isv.SMS_SIGNATURE_ILLEGAL"), WORKER_LATER,
         "isv.SMS_SIGNATURE_ILLEGAL"},
        {&sms_aliyun, 200, ALIYUN("isv.BUSINESS_LIMIT_CONTROL"), WORKER_THROTTLED,
         "isv.BUSINESS_LIMIT_CONTROL"},
        {&sms_aliyun, 400, ALIYUN("SignatureDoesNotMatch"), WORKER_LATER,
         "SignatureDoesNotMatch"},
        {&sms_aliyun, 503, ALIYUN("Throttling.User"), WORKER_THROTTLED, "Throttling.User"},
        {&sms_aliyun, 500, ALIYUN("InternalError"), WORKER_UNKNOWN, ""},
        {&sms_aliyun, 200, "{}", WORKER_UNKNOWN, ""},
        {&sms_aliyun, 429, "slow down", WORKER_THROTTLED, "HTTP.429"},
        {&sms_tencent, 200, TENCENT_STATUS("Ok"), WORKER_DONE, ""},
        {&sms_tencent, 200, TENCENT_STATUS("InvalidParameterValue.IncorrectPhoneNumber"),
         WORKER_NEVER, "InvalidParameterValue.IncorrectPhoneNumber"},
        {&sms_tencent, 200, TENCENT_STATUS("LimitExceeded.PhoneNumberDailyLimit"),
         WORKER_THROTTLED, "LimitExceeded.PhoneNumberDailyLimit"},
        {&sms_tencent, 200, TENCENT_STATUS("FailedOperation.InsufficientBalanceInSmsPackage"),
         WORKER_LATER, "FailedOperation.InsufficientBalanceInSmsPackage"},
        {&sms_tencent, 200, TENCENT_ERROR("AuthFailure.SignatureFailure"), WORKER_LATER,
         "AuthFailure.SignatureFailure"},
        {&sms_tencent, 200, TENCENT_ERROR("RequestLimitExceeded"), WORKER_THROTTLED,
         "RequestLimitExceeded"},
        {&sms_tencent, 200, TENCENT_ERROR("InternalError.SendAndRecvFail"), WORKER_UNKNOWN, ""},
        {&sms_tencent, 200, "{\"Response\":{\"SendStatusSet\":[]}}", WORKER_UNKNOWN, ""},
        {&sms_tencent, 302, "", WORKER_UNKNOWN, ""},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct worker_result result =
            judged(rows[i].driver, rows[i].status, rows[i].body, strlen(rows[i].body));

        if (!CHECK_INTEGER(result.outcome, rows[i].outcome) |
            !CHECK_TEXT(result.code, rows[i].code)) {
            CHECK_TEXT(rows[i].body, "the row that was judged so");
        }
        CHECK(result.outcome == WORKER_DONE || result.words[0] != '\0');
        CHECK(strstr(result.words, "13800000001") == NULL);
    }
}

static void a_doubt_says_of_what(void)
{
    const char *body = ALIYUN("isp.SYSTEM_ERROR");
    struct worker_result result = judged(&sms_aliyun, 200, body, strlen(body));

    CHECK(result.outcome == WORKER_UNKNOWN);
    CHECK(strncmp(result.words, "isp.SYSTEM_ERROR: ", 18) == 0);
}

static void a_success_bears_the_providers_name(void)
{
    CHECK_TEXT(judged(&sms_aliyun, 200, ALIYUN("OK"), strlen(ALIYUN("OK"))).provider_id,
               "90^0");
    CHECK_TEXT(judged(&sms_mas, 200, MAS("success"), strlen(MAS("success"))).provider_id,
               "0927");
    CHECK_TEXT(judged(&sms_tencent, 200, TENCENT_STATUS("Ok"), strlen(TENCENT_STATUS("Ok")))
                   .provider_id,
               "5000:1");
}

/* A code that is none is not passed on: it may be a number, or worse. */
static void an_odd_code_is_not_repeated(void)
{
    static const char *const bodies[] = {ALIYUN("13800000001"), ALIYUN("no such code"),
                                         ALIYUN("\\u0000"), ALIYUN("号码")};

    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        struct worker_result result = judged(&sms_aliyun, 200, bodies[i], strlen(bodies[i]));

        CHECK(strcmp(result.code, "unreadable") == 0 || result.outcome == WORKER_UNKNOWN);
    }
}

/* Whatever a provider answers, only its own success is one. */
static void nonsense_is_never_a_success(void)
{
    static const struct sms_driver *const drivers[] = {&sms_kannel, &sms_mas, &sms_aliyun,
                                                       &sms_tencent};
    static const char seed[] = "{\"Code\":{\"Response\":[\"SendStatusSet\",0:3:}]";
    struct rng rng = rng_seeded(3);

    for (int round = 0; round < 20000; round++) {
        char body[128];
        size_t size = (size_t)rng_between(&rng, 0, sizeof(body) - 1);

        for (size_t i = 0; i < size; i++) {
            body[i] = rng_between(&rng, 0, 3) == 0
                          ? (char)rng_between(&rng, -128, 127)
                          : seed[rng_between(&rng, 0, sizeof(seed) - 2)];
        }
        body[size] = '\0';
        for (size_t i = 0; i < 4; i++) {
            long status = i == 0 ? 200 : (long)rng_between(&rng, 100, 599);

            CHECK(judged(drivers[i], status, body, size).outcome != WORKER_DONE);
        }
    }
}

static struct sms_template template = {
    .name = "x", .code = "SMS_1", .theirs = {"a"}, .ours = {"a"}};

/* A line end in a setting must not become a header of its own; what is too long is not cut. */
static void a_request_is_whole_or_not_made(void)
{
    static struct request request;
    static char large[REQUEST_BODY_SIZE + 1];
    static const struct sms_driver *const drivers[] = {&sms_kannel, &sms_mas, &sms_aliyun,
                                                       &sms_tencent};
    struct sms_account account = {.url = "https://x.example",
                                  .user = "u",
                                  .secret = "s",
                                  .sender = "1",
                                  .sign = "签",
                                  .app = "app",
                                  .region = "r",
                                  .reports = ""};
    struct sms sms = {.key = "k",
                      .number = "13800000001",
                      .text = "督办",
                      .template = &template,
                      .values = {"v"},
                      .nonce = "n"};

    memset(large, 'a', sizeof(large) - 1);
    for (size_t i = 0; i < 4; i++) {
        request_begin(&request);
        drivers[i]->ask(&account, &sms, &request);
        CHECK(!request.full);

        struct sms longer = sms;

        longer.text = large;
        longer.values[0] = large;
        request_begin(&request);
        drivers[i]->ask(&account, &longer, &request);
        CHECK(request.full);
    }
    account.secret = "s\r\nX-Kannel-To: 13900000009";
    request_begin(&request);
    sms_kannel.ask(&account, &sms, &request);
    CHECK(request.full);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(each_answer_means_what_it_says),     TEST(a_doubt_says_of_what),
        TEST(a_success_bears_the_providers_name), TEST(an_odd_code_is_not_repeated),
        TEST(nonsense_is_never_a_success),        TEST(a_request_is_whole_or_not_made)};

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
