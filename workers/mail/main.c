#include "program.h"

#include "address.h"
#include "letter.h"
#include "smtp.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* duban-mail: notices by SMTP. See docs/reference/duban-mail.md. */

static const struct worker_setting settings_known[] = {
    {.name = "server", .kind = WORKER_TEXT, .help = "the mail server, by name or number"},
    {.name = "port",
     .kind = WORKER_NUMBER,
     .usual = "",
     .min = 1,
     .max = 65535,
     .help = "its port; 587, or 465 where tls is direct"},
    {.name = "tls",
     .kind = WORKER_CHOICE,
     .usual = "required",
     .choices = "required|wanted|direct|off",
     .help = "STARTTLS or no mail; where it is offered; from the first byte; never"},
    {.name = "ca",
     .kind = WORKER_TEXT,
     .usual = "",
     .help = "file of the certificates to trust; the system's"},
    {.name = "login.user", .kind = WORKER_TEXT, .usual = "", .help = "if the server asks"},
    {.name = "login.password", .kind = WORKER_SECRET, .usual = "", .help = "the user's"},
    {.name = "from.address", .kind = WORKER_TEXT, .help = "whose mails they are"},
    {.name = "from.name", .kind = WORKER_TEXT, .usual = "", .help = "the same, in words"},
    {.name = "bounces",
     .kind = WORKER_TEXT,
     .usual = "",
     .help = "where what cannot be delivered goes; from.address"},
    {.name = "domain",
     .kind = WORKER_TEXT,
     .usual = "",
     .help = "of Message-IDs, and this machine's name; that of from.address"},
    {.name = "timeout",
     .kind = WORKER_SPAN,
     .usual = "60s",
     .min = 1000,
     .max = 600000,
     .help = "how long one mail may take"},
    {0}};

struct mailer {
    struct smtp_settings server;
    const char *from;
    const char *from_name;
    const char *domain;
    pthread_mutex_t lock;                  /* of what follows */
    struct smtp *idle[WORKER_THREADS_MAX]; /* owned; a thread takes one and gives it back */
    uint32_t idle_count;
};

/* ---- settings */

static enum smtp_tls tls_of(const char *word)
{
    return strcmp(word, "off") == 0      ? SMTP_TLS_OFF
           : strcmp(word, "wanted") == 0 ? SMTP_TLS_WANTED
           : strcmp(word, "direct") == 0 ? SMTP_TLS_DIRECT
                                         : SMTP_TLS_REQUIRED;
}

static const char *text_or(const struct worker_settings *settings, const char *name,
                           const char *otherwise)
{
    const char *text = worker_text(settings, name);

    return *text == '\0' ? otherwise : text;
}

static void read_settings(const struct worker_settings *settings, struct mailer *mailer)
{
    struct smtp_settings *server = &mailer->server;

    mailer->from = worker_text(settings, "from.address");
    mailer->from_name = worker_text(settings, "from.name");

    const char *at = strrchr(mailer->from, '@');

    mailer->domain = text_or(settings, "domain", at == NULL ? "" : at + 1);
    server->server = worker_text(settings, "server");
    server->tls = tls_of(worker_text(settings, "tls"));
    server->port = (uint16_t)worker_number(settings, "port");
    if (server->port == 0) {
        server->port = server->tls == SMTP_TLS_DIRECT ? 465 : 587;
    }
    server->ca = text_or(settings, "ca", NULL);
    server->user = text_or(settings, "login.user", NULL);
    server->secret = worker_text(settings, "login.password");
    server->helo = mailer->domain;
    server->sender = text_or(settings, "bounces", mailer->from);
    server->milliseconds = worker_number(settings, "timeout");
}

static bool check(const struct worker_settings *settings, const char *name, bool good,
                  const char *words)
{
    if (!good) {
        worker_wrong(settings, name, words);
    }
    return good;
}

static bool is_given(const struct worker_settings *settings, const char *name)
{
    return *worker_text(settings, name) != '\0';
}

static bool check_settings(const struct worker_settings *settings, const struct mailer *mailer)
{
    const struct smtp_settings *server = &mailer->server;
    bool sealed = server->tls == SMTP_TLS_REQUIRED || server->tls == SMTP_TLS_DIRECT;
    bool from = address_is_sound(mailer->from);
    bool good = check(settings, "from.address", from,
                      "is no mail address, as in duban@gulou.example.cn");

    good = check(settings, "server", address_is_host(server->server),
                 "is no name or number of a machine") &&
           good;
    good = check(settings, "bounces",
                 !is_given(settings, "bounces") || address_is_sound(server->sender),
                 "is no mail address, as in duban@gulou.example.cn") &&
           good;
    good = check(settings, "domain",
                 (!from && !is_given(settings, "domain")) || address_is_host(mailer->domain),
                 "is no domain in ASCII, as in gulou.example.cn") &&
           good;
    good = check(settings, "login.password", server->user == NULL || *server->secret != '\0',
                 "is wanted where there is a login.user") &&
           good;
    return check(settings, "tls", server->user == NULL || sealed,
                 "must be required or direct: a password is not sent in the clear") &&
           good;
}

static void close_mailer(void *mine)
{
    struct mailer *mailer = mine;

    for (uint32_t i = 0; i < mailer->idle_count; i++) {
        smtp_close(mailer->idle[i]);
    }
    (void)pthread_mutex_destroy(&mailer->lock);
    free(mailer);
    curl_global_cleanup();
}

static bool open_mailer(const struct worker_settings *settings, void **mine)
{
    struct mailer *mailer = calloc(1, sizeof(*mailer));

    (void)signal(SIGPIPE, SIG_IGN); /* a server that hangs up is no reason to die */
    if (mailer == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
        pthread_mutex_init(&mailer->lock, NULL) != 0) {
        worker_log_error("mail.start reason=\"no memory, or libcurl does not start\"");
        free(mailer);
        return false;
    }
    read_settings(settings, mailer);
    if (!check_settings(settings, mailer)) {
        close_mailer(mailer);
        return false;
    }
    *mine = mailer;
    return true;
}

/* ---- one mail */

static struct smtp *take_connection(struct mailer *mailer)
{
    struct smtp *smtp = NULL;

    (void)pthread_mutex_lock(&mailer->lock);
    if (mailer->idle_count > 0) {
        smtp = mailer->idle[--mailer->idle_count];
    }
    (void)pthread_mutex_unlock(&mailer->lock);
    return smtp == NULL ? smtp_open(&mailer->server) : smtp;
}

static void give_back(struct mailer *mailer, struct smtp *smtp)
{
    (void)pthread_mutex_lock(&mailer->lock);
    if (mailer->idle_count < WORKER_THREADS_MAX) {
        mailer->idle[mailer->idle_count++] = smtp;
        smtp = NULL;
    }
    (void)pthread_mutex_unlock(&mailer->lock);
    smtp_close(smtp);
}

static bool write_letter(const struct mailer *mailer, const struct worker_job *job, char **mail,
                         size_t *size)
{
    const struct letter letter = {
        .from = mailer->from,
        .from_name = mailer->from_name,
        .to = job->address,
        .to_name = job->receiver,
        .domain = mailer->domain,
        .key = job->key,
        .language = job->language,
        .subject = *job->subject == '\0' ? job->brief : job->subject,
        .body = *job->body == '\0' ? job->brief : job->body,
        .now_s = (int64_t)time(NULL),
    };

    return letter_write(&letter, mail, size);
}

static void tell(const struct smtp_result *sent, struct worker_result *result)
{
    switch (sent->outcome) {
    case SMTP_SENT:
        worker_done(result, sent->words);
        break;
    case SMTP_REFUSED:
        worker_never(result, sent->code, sent->words);
        break;
    case SMTP_LATER:
        worker_later(result, sent->code, sent->words, 0);
        break;
    case SMTP_BUSY:
        worker_throttled(result, sent->code, sent->words, 0);
        break;
    case SMTP_DOUBT:
        worker_unknown(result, sent->words);
        break;
    }
}

static void send_mail(void *mine, const struct worker_job *job, struct worker_result *result)
{
    struct mailer *mailer = mine;
    struct smtp_result sent;
    char *mail = NULL;
    size_t size = 0;

    if (!address_is_sound(job->address)) {
        worker_never(result, "address", "the receiver's is no mail address");
        return;
    }

    struct smtp *smtp = take_connection(mailer);

    if (smtp == NULL || !write_letter(mailer, job, &mail, &size)) {
        smtp_close(smtp);
        worker_later(result, "memory", "duban-mail has not enough memory", 0);
        return;
    }
    smtp_send(smtp, job->address, mail, size, &sent);
    free(mail);
    give_back(mailer, smtp);
    tell(&sent, result);
}

int main(int argc, char **argv)
{
    static const struct worker_program mail = {
        "mail", "sends notices by SMTP", settings_known, open_mailer, send_mail, close_mailer};

    return worker_main(&mail, argc, argv);
}
