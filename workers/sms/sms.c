#include "sms.h"

#include "number.h"
#include "sign.h"
#include "units.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

struct sms_sender {
    struct sms_options options;
    struct http *http;
    struct listener *listener;
};

struct sms_sender *sms_open(const struct sms_options *options)
{
    struct sms_sender *sender = calloc(1, sizeof(*sender));

    if (sender == NULL) {
        worker_log_error("sms.memory");
        return NULL;
    }
    sender->options = *options;
    sender->http = http_open(&options->http);
    if (sender->http == NULL) {
        worker_log_error("sms.curl reason=\"libcurl cannot be used\"");
        sms_close(sender);
        return NULL;
    }
    if (*options->reports.listen != '\0') {
        sender->listener = listener_open(&options->reports);
        if (sender->listener == NULL) {
            sms_close(sender);
            return NULL;
        }
    }
    return sender;
}

void sms_close(void *mine)
{
    struct sms_sender *sender = mine;

    listener_close(sender->listener);
    http_close(sender->http);
    templates_fini(&sender->options.templates);
    free(sender);
}

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A word that no other request has, so that a provider knows a replayed one. */
static bool draw_nonce(char nonce[SMS_NONCE_SIZE])
{
    uint8_t bytes[(SMS_NONCE_SIZE - 1) / 2];

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(bytes); i++) {
        (void)snprintf(nonce + 2 * i, 3, "%02x", bytes[i]);
    }
    return true;
}

/* The digest of what a person gets to read: the words as cut; of a template its code, then each
 * value on a line. */
static void note_what_is_sent(const struct sms *sms, struct worker_result *result)
{
    EVP_MD_CTX *sha = EVP_MD_CTX_new();
    const char *words = sms->template == NULL ? sms->text : sms->template->code;

    if (sha == NULL || EVP_DigestInit_ex(sha, EVP_sha256(), NULL) != 1 ||
        EVP_DigestUpdate(sha, words, strlen(words)) != 1) {
        EVP_MD_CTX_free(sha);
        return;
    }
    for (size_t i = 0; sms->template != NULL && sms->template->theirs[i] != NULL; i++) {
        (void)EVP_DigestUpdate(sha, "\n", 1);
        (void)EVP_DigestUpdate(sha, sms->values[i], strlen(sms->values[i]));
    }
    (void)EVP_DigestFinal_ex(sha, result->sha256, NULL);
    EVP_MD_CTX_free(sha);
}

/* The words, as many as the account lets through; false: there are none, which is told. */
static bool take_words(const struct sms_options *options, const struct worker_job *job,
                       char text[SMS_TEXT_SIZE], struct worker_result *result)
{
    uint32_t room = units_room(options->parts_max);

    if (*job->brief == '\0') {
        worker_never(result, "message.empty", "没有可发的文字 (no words to send)");
        return false;
    }
    room = room > options->reserved + 1 ? room - options->reserved : 1;
    if (!units_cut(job->brief, room, text, SMS_TEXT_SIZE)) {
        worker_log_warn("sms.cut key=%s template=%s units=%u units_max=%u", job->key,
                        job->template, units_count(job->brief), room);
    }
    return true;
}

/* The template that stands for the words; false: there is none, which is told. */
static bool take_template(const struct sms_options *options, const struct worker_job *job,
                          struct sms *sms, char count[12], struct worker_result *result)
{
    const char *name = job->notices > 1 ? TEMPLATE_DIGEST : job->template;
    bool english = strcmp(job->language, "en") == 0;

    sms->template = templates_find(&options->templates, name, english);
    if (sms->template == NULL) {
        worker_never(result, "template.none",
                     "该通知没有对应的短信模板，请补入 templates (no template for it)");
        return false;
    }
    templates_fill(sms->template, job, count, sms->values);
    return true;
}

static void ask(const struct sms_options *options, const struct sms *sms, struct lane *lane,
                struct worker_result *result)
{
    const struct sms_driver *driver = options->driver;

    driver->ask(&options->account, sms, &lane->request);
    if (lane->request.full) {
        worker_never(result, "message.large", "短信或参数过长 (words or values are too long)");
        return;
    }
    note_what_is_sent(sms, result);
    switch (http_post(lane)) {
    case HTTP_ANSWERED:
        driver->judge(&lane->answer, result);
        break;
    case HTTP_NOT_SENT:
        worker_later(result, lane->code, lane->words, 0);
        break;
    case HTTP_IN_DOUBT:
        worker_unknown(result, lane->words);
        break;
    }
}

/* With what only this call has: an instant, a word, a connection. */
static void call(struct sms_sender *sender, const struct sms *words,
                 struct worker_result *result)
{
    struct lane *lane = http_take(sender->http);
    char nonce[SMS_NONCE_SIZE];
    struct sms sms = *words;

    sms.now_ms = now_ms();
    sms.nonce = nonce;
    if (lane == NULL || !draw_nonce(nonce)) {
        worker_later(result, "machine", "本机内存不足 (this machine is out of memory)", 0);
    } else {
        ask(&sender->options, &sms, lane, result);
    }
    if (lane != NULL) {
        http_give(sender->http, lane);
    }
}

void sms_send(void *mine, const struct worker_job *job, struct worker_result *result)
{
    struct sms_sender *sender = mine;
    const struct sms_options *options = &sender->options;
    char number[NUMBER_SIZE];
    char text[SMS_TEXT_SIZE] = "";
    char count[12];
    struct sms sms = {.key = job->key, .number = number, .text = text};

    if (!number_read(job->address, number)) {
        worker_never(result, "number.bad",
                     "不是大陆手机号，请更正通讯方式 (no mobile number of the mainland)");
        return;
    }
    if (options->driver->templated ? take_template(options, job, &sms, count, result)
                                   : take_words(options, job, text, result)) {
        call(sender, &sms, result);
    }
}
