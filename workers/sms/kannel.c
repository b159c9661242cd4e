/*
 * Kannel's sendsms, by POST, so that neither the password nor the words stand in a URL that its
 * access log keeps: the text is the body, all else in headers. It speaks to any SMSC. Reports
 * come back to us by the URL given here; what it says there was signed by us.
 */
#include "driver.h"
#include "report.h"

#include <string.h>

#define DLR_FINAL "19" /* 1 delivered, 2 failed, 16 refused by the SMSC */

static void ask(const struct sms_account *account, const struct sms *sms,
                struct request *request)
{
    request_url(request, account->url);
    request_header(request, "Content-Type", "text/plain; charset=UTF-8", "");
    request_header(request, "X-Kannel-Username", account->user, "");
    request_header(request, "X-Kannel-Password", account->secret, "");
    if (*account->sender != '\0') {
        request_header(request, "X-Kannel-From", account->sender, "");
    }
    request_header(request, "X-Kannel-To", sms->number, "");
    request_header(request, "X-Kannel-Coding", "2", "");

    char query[REPORT_QUERY_SIZE];

    if (*account->reports != '\0' && report_query(account->secret, sms->key, query)) {
        request_header(request, "X-Kannel-DLR-Mask", DLR_FINAL, "");
        request_header(request, "X-Kannel-DLR-Url", account->reports, query);
    }
    request_body(request, sms->text);
}

/* It refuses in words: how they begin, and what they mean. */
static const struct {
    const char *words;
    struct sms_code meaning;
} refusals[] = {
    {"Not routable", /* it says so too when its operator stopped the SMSC */
     {"kannel.unroutable", SMS_LATER,
      "Kannel 无路由可达，或短信中心停用 (no route, or its SMSC is out of service)"}},
    {"Temporal failure",
     {"kannel.busy", SMS_LATER, "Kannel 暂时不能接收 (Kannel cannot take it now)"}},
    {"Authorization failed",
     {"kannel.forbidden", SMS_LATER, "Kannel 不认可用户名或密码 (user or password refused)"}},
    {"Sender missing",
     {"kannel.no-sender", SMS_LATER, "没有发送号码，请设置 sender (no sender: set `sender`)"}},
    {"Number(s) has/have been denied",
     {"kannel.denied", SMS_NEVER, "号码被 Kannel 名单拒绝 (denied by a list of Kannel's)"}},
    {"Missing receiver", {"kannel.no-number", SMS_NEVER, "号码为空 (no number)"}},
};

static bool begins(const struct answer *answer, const char *words)
{
    return strncmp(answer->body, words, strlen(words)) == 0;
}

static void judge(const struct answer *answer, struct worker_result *result)
{
    /* Sent on, or kept by it to be sent. */
    if (answer->status == 202 && (begins(answer, "0:") || begins(answer, "3:"))) {
        worker_done(result, NULL);
        return;
    }
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        if (begins(answer, refusals[i].words)) {
            sms_judge_as(&refusals[i].meaning, refusals[i].meaning.code, result);
            return;
        }
    }
    sms_judge_status(answer, result);
}

const struct sms_driver sms_kannel = {
    .name = "kannel", .ask = ask, .judge = judge, .url = NULL};
