#include "listener.h"

#include "duban.h"
#include "report.h"
#include "worker.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, CONNECTIONS_MAX = 64, CONNECTION_BYTES = 16384, ANSWER_MS = 5000 };

struct listener {
    struct listener_options options;
    struct MHD_Daemon *http;
    struct duban *duban;
};

/* Receipts of events that nobody waits for any more: of earlier calls whose time was over. */
static void drain(struct duban *duban)
{
    struct duban_receipt *receipt = NULL;

    while (duban_next(duban, 0, &receipt) == DUBAN_OK) {
        duban_receipt_free(receipt);
    }
}

/* What became of a report; the provider's answer follows. */
static unsigned int tell(struct listener *listener, const char *key, enum report_status status,
                         const char *result)
{
    bool delivered = status == REPORT_DELIVERED;
    const char *what = delivered ? "delivered" : "bounced";
    char id[REPORT_QUERY_SIZE];
    const struct duban_fact facts[] = {{"notice", key}, {"result", result}};
    const struct duban_event event = {.id = id,
                                      .source = "duban-sms",
                                      .type = delivered ? "notice.delivered" : "notice.bounced",
                                      .occurred_at_ms = 0, /* as it comes */
                                      .facts = facts,
                                      .fact_count = 2};
    struct duban_receipt *receipt = NULL;

    (void)snprintf(id, sizeof(id), "%s.%s", key, what);
    drain(listener->duban);

    enum duban_result sent = duban_send(listener->duban, &event, ANSWER_MS, &receipt);

    if (sent != DUBAN_OK) {
        worker_log_warn("report.waits key=%s what=%s reason=\"%s\"", key, what, duban_error(0));
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    }
    if (receipt->first == DUBAN_APPLIED) {
        worker_log_info("report.taken key=%s what=%s seq=%llu", key, what,
                        (unsigned long long)receipt->seq);
    } else { /* saying it again would change nothing */
        worker_log_warn("report.refused key=%s what=%s code=%s", key, what,
                        receipt->reason_count > 0 ? receipt->reasons[0].code : "none");
    }
    duban_receipt_free(receipt);
    return MHD_HTTP_OK;
}

static unsigned int judge(struct listener *listener, struct MHD_Connection *connection)
{
    const char *key = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "key");
    const char *mark = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "mark");
    const char *said = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "status");

    if (key == NULL || mark == NULL || said == NULL || strlen(key) > 96 ||
        !report_marked(listener->options.secret, key, mark)) {
        worker_log_warn("report.unmarked reason=\"somebody else than our provider\"");
        return MHD_HTTP_FORBIDDEN;
    }

    enum report_status status = report_kannel(said);
    char result[32];

    if (status == REPORT_NOTHING) {
        return MHD_HTTP_OK;
    }
    (void)snprintf(result, sizeof(result), "kannel %s", said);
    return tell(listener, key, status, result);
}

// NOLINTNEXTLINE: it is libmicrohttpd's
static enum MHD_Result answer(void *mine, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    static int begun;
    static char nothing[1];
    unsigned int status = MHD_HTTP_NOT_FOUND;

    (void)version;
    (void)upload;
    if (*state == NULL) { /* the headers are here, the rest may still come */
        *state = &begun;
        return MHD_YES;
    }
    if (*upload_size > 0) { /* nobody has anything to upload */
        *upload_size = 0;
        return MHD_YES;
    }
    if (strcmp(url, REPORT_PATH) == 0) {
        status =
            strcmp(method, "GET") == 0 ? judge(mine, connection) : MHD_HTTP_METHOD_NOT_ALLOWED;
    }

    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);

    if (response == NULL) {
        return MHD_NO;
    }

    enum MHD_Result queued = MHD_queue_response(connection, status, response);

    MHD_destroy_response(response);
    return queued;
}

/* `127.0.0.1:13080` or `[::1]:13080`. */
static bool address_of(const char *listen, struct sockaddr_storage *address)
{
    struct sockaddr_in *four = (struct sockaddr_in *)address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
    const char *colon = strrchr(listen, ':');
    char host[64];
    char *end;
    unsigned long port = colon == NULL ? 0 : strtoul(colon + 1, &end, 10);
    size_t size = colon == NULL ? 0 : (size_t)(colon - listen);

    memset(address, 0, sizeof(*address));
    if (port == 0 || port > 65535 || *end != '\0' || size == 0 || size >= sizeof(host)) {
        return false;
    }
    memcpy(host, listen, size);
    host[size] = '\0';
    if (host[0] == '[' && host[size - 1] == ']') {
        host[size - 1] = '\0';
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((uint16_t)port);
        return inet_pton(AF_INET6, host + 1, &six->sin6_addr) == 1;
    }
    four->sin_family = AF_INET;
    four->sin_port = htons((uint16_t)port);
    return inet_pton(AF_INET, host, &four->sin_addr) == 1;
}

/* Its threads leave signals to the kit, which ends the program well. */
static struct MHD_Daemon *start(struct listener *listener,
                                const struct sockaddr_storage *address)
{
    unsigned int flags = MHD_USE_INTERNAL_POLLING_THREAD;
    sigset_t signals;
    sigset_t before;

    if (address->ss_family == AF_INET6) {
        flags |= MHD_USE_IPv6;
    }
    (void)sigfillset(&signals);
    (void)pthread_sigmask(SIG_BLOCK, &signals, &before);

    struct MHD_Daemon *http = MHD_start_daemon(
        flags, 0, NULL, NULL, answer, listener, MHD_OPTION_SOCK_ADDR,
        (const struct sockaddr *)address, MHD_OPTION_THREAD_POOL_SIZE, (unsigned int)THREADS,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned int)CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)10, MHD_OPTION_END);

    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return http;
}

struct listener *listener_open(const struct listener_options *options)
{
    struct listener *listener = calloc(1, sizeof(*listener));
    struct sockaddr_storage address;

    if (listener == NULL) {
        return NULL;
    }
    listener->options = *options;
    if (!address_of(options->listen, &address)) {
        worker_log_error("report.listen address=\"%s\" reason=\"not HOST:PORT, in numbers\"",
                         options->listen);
    } else if (duban_open(&listener->duban, options->events, NULL) != DUBAN_OK) {
        worker_log_error("report.events endpoint=\"%s\" reason=\"%s\"", options->events,
                         duban_error(0));
    } else if ((listener->http = start(listener, &address)) == NULL) {
        worker_log_error("report.listen address=\"%s\" reason=\"%s\"", options->listen,
                         strerror(errno));
    } else {
        return listener;
    }
    listener_close(listener);
    return NULL;
}

void listener_close(struct listener *listener)
{
    if (listener == NULL) {
        return;
    }
    if (listener->http != NULL) {
        MHD_stop_daemon(listener->http);
    }
    if (listener->duban != NULL) {
        duban_close(listener->duban);
    }
    free(listener);
}
