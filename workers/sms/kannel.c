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

/* It answers in words; how they begin, and what we call that. */
static const struct {
    const char *words;
    const char *code;
} answers[] = {{"0:", "accepted"},
               {"3:", "queued"},
               {"Not routable", "kannel.unroutable"},
               {"Temporal failure", "kannel.busy"},
               {"Authorization failed", "kannel.forbidden"},
               {"Number(s) has/have been denied", "kannel.denied"},
               {"Missing receiver", "kannel.no-number"},
               {"Sender missing", "kannel.no-sender"}};

static const struct sms_code codes[] = {
    {"kannel.unroutable", SMS_LATER,
     "Kannel 无路由可达，或短信中心停用 (no route, or its SMSC is out of service)"},
    {"kannel.denied", SMS_NEVER, "号码被 Kannel 名单拒绝 (denied by a list of Kannel's)"},
    {"kannel.no-number", SMS_NEVER, "号码为空 (no number)"},
    {"kannel.busy", SMS_LATER, "Kannel 暂时不能接收 (Kannel cannot take it now)"},
    {"kannel.forbidden", SMS_LATER, "Kannel 不认可用户名或密码 (user or password refused)"},
    {"kannel.no-sender", SMS_LATER, "没有发送号码，请设置 sender (no sender: set `sender`)"},
    {NULL, SMS_LATER, NULL}};

static const char *code_of(const char *words)
{
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        if (strncmp(words, answers[i].words, strlen(answers[i].words)) == 0) {
            return answers[i].code;
        }
    }
    return NULL;
}

static void judge(const struct answer *answer, struct worker_result *result)
{
    const char *code = code_of(answer->body);
    bool taken = answer->status == 202; /* sent on, or kept by it to be sent */

    if (taken && code != NULL && code[0] != 'k') {
        worker_done(result, NULL);
    } else if (taken || code == NULL || code[0] != 'k') {
        sms_judge_status(answer, result);
    } else {
        sms_judge_code(codes, code, result);
    }
}

const struct sms_driver sms_kannel = {
    .name = "kannel", .ask = ask, .judge = judge, .url = NULL};
