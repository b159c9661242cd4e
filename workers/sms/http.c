#include "http.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IDLE_SECONDS_MAX \
    30L /* a connection that slept longer is likely dead at the other end */

/* What libcurl needs with a lane; the lane comes first, so that each leads to the other. */
struct line {
    struct lane lane;
    CURL *curl;
    struct line *next;
    uint32_t requests; /* that left for this answer */
    char bytes[HTTP_ANSWER_SIZE];
};

struct http {
    pthread_mutex_t mutex;
    struct line *idle;
    struct http_options options;
};

struct http *http_open(const struct http_options *options)
{
    struct http *http = calloc(1, sizeof(*http));

    if (http == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(http);
        return NULL;
    }
    http->options = *options;
    (void)pthread_mutex_init(&http->mutex, NULL);
    return http;
}

void http_close(struct http *http)
{
    if (http == NULL) {
        return;
    }
    while (http->idle != NULL) {
        struct line *line = http->idle;

        http->idle = line->next;
        curl_easy_cleanup(line->curl);
        free(line);
    }
    (void)pthread_mutex_destroy(&http->mutex);
    free(http);
    curl_global_cleanup();
}

static size_t keep(char *bytes, size_t one, size_t count, void *mine)
{
    struct line *line = mine;
    struct answer *answer = &line->lane.answer;
    size_t size = one * count;

    if (size >= sizeof(line->bytes) - answer->size) {
        return 0; /* no provider has that much to say */
    }
    memcpy(line->bytes + answer->size, bytes, size);
    answer->size += size;
    line->bytes[answer->size] = '\0';
    return size;
}

/* Right before a request leaves, also before libcurl would send it again. */
// NOLINTNEXTLINE: it is libcurl's
static int leave(void *mine, char *to, char *from, int to_port, int from_port)
{
    struct line *line = mine;

    (void)to;
    (void)from;
    (void)to_port;
    (void)from_port;
    line->requests++;
    return line->requests == 1 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

/* What is the same for every request. */
static bool prepare(struct line *line, const struct http_options *options)
{
    CURL *curl = line->curl;
    bool done = true;

#define SET(option, value) done = done && curl_easy_setopt(curl, option, value) == CURLE_OK
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, options->proxy);
    SET(CURLOPT_CONNECTTIMEOUT_MS, options->connect_ms);
    SET(CURLOPT_TIMEOUT_MS, options->timeout_ms);
    SET(CURLOPT_MAXAGE_CONN, IDLE_SECONDS_MAX);
    SET(CURLOPT_WRITEFUNCTION, keep);
    SET(CURLOPT_WRITEDATA, line);
    SET(CURLOPT_PREREQFUNCTION, leave);
    SET(CURLOPT_PREREQDATA, line);
    SET(CURLOPT_USERAGENT, "duban-sms");
    if (*options->ca != '\0') {
        SET(CURLOPT_CAINFO, options->ca);
    }
#undef SET
    return done;
}

struct lane *http_take(struct http *http)
{
    (void)pthread_mutex_lock(&http->mutex);

    struct line *line = http->idle;

    if (line != NULL) {
        http->idle = line->next;
    }
    (void)pthread_mutex_unlock(&http->mutex);
    if (line == NULL) {
        line = calloc(1, sizeof(*line));
        if (line == NULL) {
            return NULL;
        }
        line->curl = curl_easy_init();
        if (line->curl == NULL || !prepare(line, &http->options)) {
            curl_easy_cleanup(line->curl);
            free(line);
            return NULL;
        }
    }
    request_begin(&line->lane.request);
    return &line->lane;
}

void http_give(struct http *http, struct lane *lane)
{
    struct line *line = (struct line *)lane;

    /* What was asked has a number and words in it: nobody needs them any more. */
    memset(&lane->request, 0, sizeof(lane->request));
    (void)pthread_mutex_lock(&http->mutex);
    line->next = http->idle;
    http->idle = line;
    (void)pthread_mutex_unlock(&http->mutex);
}

static struct curl_slist *headers_of(const struct request *request, bool *whole)
{
    /* Neither is wanted, and a provider that signs headers takes none that it did not see. */
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    bool typed = false;

    *whole = list != NULL;
    for (uint32_t i = 0; i < request->header_count && *whole; i++) {
        typed = typed || strncmp(request->headers[i], "Content-Type:", 13) == 0;
        *whole = curl_slist_append(list, request->headers[i]) != NULL;
    }
    if (*whole && !typed) {
        *whole = curl_slist_append(list, "Content-Type:") != NULL;
    }
    return list;
}

static CURLcode perform(struct line *line)
{
    const struct request *request = &line->lane.request;
    CURL *curl = line->curl;
    bool whole = false;
    struct curl_slist *headers = headers_of(request, &whole);
    CURLcode code = CURLE_OUT_OF_MEMORY;

    if (whole && curl_easy_setopt(curl, CURLOPT_URL, request->url) == CURLE_OK &&
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body) == CURLE_OK) {
        code = curl_easy_perform(curl);
    }
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    return code;
}

enum http_outcome http_post(struct lane *lane)
{
    struct line *line = (struct line *)lane;

    lane->answer = (struct answer){.body = line->bytes};
    line->bytes[0] = '\0';
    line->requests = 0;

    CURLcode code = perform(line);

    if (code == CURLE_OK) {
        (void)curl_easy_getinfo(line->curl, CURLINFO_RESPONSE_CODE, &lane->answer.status);
        return HTTP_ANSWERED;
    }
    (void)snprintf(lane->code, sizeof(lane->code), "NET.%d", (int)code);
    (void)snprintf(lane->words, sizeof(lane->words), "%s (%s)",
                   line->requests == 0 ? "未能连上供应商，短信未发出"
                                       : "请求已发出而未得到完整答复，是否已发不明",
                   curl_easy_strerror(code));
    return line->requests == 0 ? HTTP_NOT_SENT : HTTP_IN_DOUBT;
}

bool http_is_local(const char *url)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    char host[256];

    if (!request_host(url, host, sizeof(host))) {
        return false;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t size = strlen(names[i]);

        if (strncmp(host, names[i], size) == 0 && (host[size] == '\0' || host[size] == ':')) {
            return true;
        }
    }
    return false;
}
