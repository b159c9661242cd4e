#include "smtp.h"

#include "answer.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* How far the talk about one mail is. */
enum stage { STAGE_SESSION, STAGE_SENDER, STAGE_RECEIVER, STAGE_WORDS };

struct smtp {
    CURL *curl;
    struct curl_slist *receiver; /* owned, as long as a mail is under way */
    char failure[CURL_ERROR_SIZE];
    const char *bytes; /* of the mail, borrowed */
    size_t size;
    size_t taken; /* by libcurl */
    bool kept;    /* a connection, from the mail before */
    enum stage stage;
    bool over;            /* libcurl has given it up and takes its leave */
    struct answer answer; /* the server's last */
};

static size_t give_bytes(char *room, size_t size, size_t count, void *mine)
{
    struct smtp *smtp = mine;
    size_t part = size * count;

    if (part > smtp->size - smtp->taken) {
        part = smtp->size - smtp->taken;
    }
    memcpy(room, smtp->bytes + smtp->taken, part);
    smtp->taken += part;
    return part;
}

/* libcurl gives each line of the server's answers where HTTP has its headers. What is said to a
 * good-bye is of no interest. */
static size_t take_answer(char *line, size_t size, size_t count, void *mine)
{
    struct smtp *smtp = mine;

    if (!smtp->over) {
        answer_take(&smtp->answer, line, size * count);
    }
    return size * count;
}

static bool begins(const char *line, size_t size, const char *verb)
{
    return size >= strlen(verb) && memcmp(line, verb, strlen(verb)) == 0;
}

/* What libcurl says to the server tells what its next answer is about. Secrets pass here too:
 * nothing is kept of it. */
static int follow(CURL *curl, curl_infotype kind, char *line, size_t size, void *mine)
{
    struct smtp *smtp = mine;

    (void)curl;
    if (kind == CURLINFO_HEADER_OUT) {
        smtp->stage = begins(line, size, "MAIL ")   ? STAGE_SENDER
                      : begins(line, size, "RCPT ") ? STAGE_RECEIVER
                      : begins(line, size, "DATA")  ? STAGE_WORDS
                                                    : smtp->stage;
        smtp->over = smtp->over || begins(line, size, "QUIT");
    }
    return 0;
}

static CURLcode set_server(CURL *curl, const struct smtp_settings *settings)
{
    bool direct = settings->tls == SMTP_TLS_DIRECT;
    bool numeric = strchr(settings->server, ':') != NULL;
    char url[640];
    int size =
        snprintf(url, sizeof(url), numeric ? "%s://[%s]:%u/%s" : "%s://%s:%u/%s",
                 direct ? "smtps" : "smtp", settings->server, settings->port, settings->helo);

    return size < 0 || size >= (int)sizeof(url) ? CURLE_URL_MALFORMAT
                                                : curl_easy_setopt(curl, CURLOPT_URL, url);
}

static CURLcode set_security(CURL *curl, const struct smtp_settings *settings)
{
    long use = settings->tls == SMTP_TLS_OFF      ? CURLUSESSL_NONE
               : settings->tls == SMTP_TLS_WANTED ? CURLUSESSL_TRY
                                                  : CURLUSESSL_ALL;
    CURLcode rc = curl_easy_setopt(curl, CURLOPT_USE_SSL, use);

    rc = rc ? rc : curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (rc == CURLE_OK && settings->ca != NULL) {
        rc = curl_easy_setopt(curl, CURLOPT_CAINFO, settings->ca);
    }
    if (rc == CURLE_OK && settings->user != NULL) {
        rc = curl_easy_setopt(curl, CURLOPT_USERNAME, settings->user);
        rc = rc ? rc : curl_easy_setopt(curl, CURLOPT_PASSWORD, settings->secret);
    }
    return rc;
}

/* How the mail comes in, and how the talk with the server is listened to. */
static CURLcode set_ends(struct smtp *smtp)
{
    CURL *curl = smtp->curl;
    CURLcode rc = curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes);

    rc = rc ? rc : curl_easy_setopt(curl, CURLOPT_READDATA, smtp);
    rc = rc ? rc : curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_answer);
    rc = rc ? rc : curl_easy_setopt(curl, CURLOPT_HEADERDATA, smtp);
    rc = rc ? rc : curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, follow);
    rc = rc ? rc : curl_easy_setopt(curl, CURLOPT_DEBUGDATA, smtp);
    rc = rc ? rc : curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L); /* or `follow` hears nothing */
    return rc ? rc : curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, smtp->failure);
}

static CURLcode set_all(struct smtp *smtp, const struct smtp_settings *settings)
{
    CURL *curl = smtp->curl;
    long seconds = (long)(settings->milliseconds + 999) / 1000;
    CURLcode rc = set_server(curl, settings);

    rc = rc ? rc : set_security(curl, settings);
    rc = rc ? rc : curl_easy_setopt(curl, CURLOPT_MAIL_FROM, settings->sender);
    rc = rc ? rc : curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)settings->milliseconds);
    rc = rc ? rc : curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds);
    rc = rc ? rc : curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    rc = rc ? rc : curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* none of the environment's */
    rc = rc ? rc : curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    rc = rc ? rc : curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    return rc ? rc : set_ends(smtp);
}

struct smtp *smtp_open(const struct smtp_settings *settings)
{
    struct smtp *smtp = calloc(1, sizeof(*smtp));

    if (smtp == NULL) {
        return NULL;
    }
    smtp->curl = curl_easy_init();
    if (smtp->curl == NULL || set_all(smtp, settings) != CURLE_OK) {
        smtp_close(smtp);
        return NULL;
    }
    return smtp;
}

void smtp_close(struct smtp *smtp)
{
    if (smtp != NULL) {
        curl_easy_cleanup(smtp->curl);
        free(smtp);
    }
}

/* After a failure libcurl may keep the connection although an answer to this mail is still to
 * come, which the next mail would take for its own; or wait for the answer to a good-bye. */
static void cut(struct smtp *smtp)
{
    curl_socket_t socket = CURL_SOCKET_BAD;

    if (curl_easy_getinfo(smtp->curl, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK &&
        socket != CURL_SOCKET_BAD) {
        (void)shutdown(socket, SHUT_RDWR);
    }
}

/* Nothing was said yet. */
static void begin(struct smtp *smtp)
{
    smtp->taken = 0;
    smtp->stage = STAGE_SESSION;
    smtp->over = false;
    smtp->failure[0] = '\0';
    answer_init(&smtp->answer);
}

static CURLcode attempt(struct smtp *smtp, bool afresh)
{
    CURLcode rc = curl_easy_setopt(smtp->curl, CURLOPT_FRESH_CONNECT, afresh ? 1L : 0L);

    begin(smtp);
    rc = rc ? rc : curl_easy_perform(smtp->curl);
    if (rc != CURLE_OK) {
        cut(smtp);
    }
    return rc;
}

/* Whether all of the mail may have reached the server. */
static bool went_out(const struct smtp *smtp)
{
    curl_off_t sent = 0;

    (void)curl_easy_getinfo(smtp->curl, CURLINFO_SIZE_UPLOAD_T, &sent);
    return smtp->stage == STAGE_WORDS && sent >= (curl_off_t)smtp->size;
}

/* A connection that was kept may have been closed by the server meanwhile; that shows with the
 * first word said on it, and is nobody's fault. */
static bool was_closed_meanwhile(const struct smtp *smtp, CURLcode rc)
{
    long connects = 0;

    (void)curl_easy_getinfo(smtp->curl, CURLINFO_NUM_CONNECTS, &connects);
    return rc != CURLE_OK && smtp->kept && connects == 0 && smtp->stage <= STAGE_SENDER &&
           (smtp->answer.code == 0 || smtp->answer.code == 421);
}

/* In one word, what a failure without the server's own code is. */
static const char *word_of(CURLcode rc)
{
    static const struct {
        CURLcode rc;
        const char *word;
    } words[] = {
        {CURLE_COULDNT_RESOLVE_HOST, "resolve"},
        {CURLE_COULDNT_CONNECT, "connect"},
        {CURLE_OPERATION_TIMEDOUT, "timeout"},
        {CURLE_USE_SSL_FAILED, "tls"},
        {CURLE_SSL_CONNECT_ERROR, "tls"},
        {CURLE_PEER_FAILED_VERIFICATION, "tls"},
        {CURLE_SSL_CACERT_BADFILE, "tls"},
        {CURLE_LOGIN_DENIED, "login"},
        {CURLE_AUTH_ERROR, "login"},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (words[i].rc == rc) {
            return words[i].word;
        }
    }
    return "broken";
}

/* A refusal before the receiver is named, for want of a login or by policy ("relaying denied")
 * is of us: whoever minds the settings will mend it, and no receiver is given up for it. */
static bool is_of_us(const struct smtp *smtp)
{
    uint32_t code = smtp->answer.code;

    return code == 530 || answer_is_policy(&smtp->answer) || smtp->stage == STAGE_SESSION ||
           (smtp->stage == STAGE_SENDER && code != 552); /* 552: the mail is too large */
}

static enum smtp_outcome judge(const struct smtp *smtp, CURLcode rc)
{
    uint32_t code = smtp->answer.code;

    if (rc == CURLE_OK) {
        return SMTP_SENT;
    }
    if (code == 421) {
        return SMTP_BUSY;
    }
    if (code >= 500) {
        return is_of_us(smtp) ? SMTP_LATER : SMTP_REFUSED;
    }
    if (code >= 400) {
        return SMTP_LATER;
    }
    return went_out(smtp) ? SMTP_DOUBT : SMTP_LATER;
}

void smtp_send(struct smtp *smtp, const char *to, const char *bytes, size_t size,
               struct smtp_result *result)
{
    CURLcode rc = CURLE_OUT_OF_MEMORY;

    begin(smtp);
    smtp->bytes = bytes;
    smtp->size = size;
    smtp->receiver = curl_slist_append(NULL, to);
    if (smtp->receiver != NULL) {
        rc = curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, smtp->receiver);
        rc = rc ? rc : curl_easy_setopt(smtp->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)size);
        rc = rc ? rc : attempt(smtp, false);
        rc = was_closed_meanwhile(smtp, rc) ? attempt(smtp, true) : rc;
    }
    smtp->kept = rc == CURLE_OK;
    result->outcome = judge(smtp, rc);
    if (rc == CURLE_OK || smtp->answer.code >= 400) {
        answer_tell(&smtp->answer, to, result);
    } else {
        answer_tell_failure(word_of(rc),
                            smtp->failure[0] != '\0' ? smtp->failure : curl_easy_strerror(rc),
                            to, result);
    }
    curl_slist_free_all(smtp->receiver);
    smtp->receiver = NULL;
    (void)curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, NULL);
}
