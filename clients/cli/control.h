#ifndef DUBAN_CLI_CONTROL_H
#define DUBAN_CLI_CONTROL_H

/* Asking a running daemon, at its control door. */
#include "cli/command.h"

#include <duban/v1/duban.pb-c.h>
#include <jansson.h>

/* The option that says where the daemon's sockets are; also DUBAN_RUN, else /run/duban. */
#define CONTROL_RUN_OPTION                                                                 \
    {                                                                                      \
        .name = "run", .value = "DIR", .en = "where the daemon's sockets are (DUBAN_RUN)", \
        .zh = "守护进程套接字所在目录（DUBAN_RUN）"                           \
    }

/* Where a door of the daemon is that the command line means. */
void control_endpoint(const struct arguments *arguments, const char *door, char *out,
                      size_t out_bytes);

/*
 * Send a request and wait for its answer: one JSON document, to be given back with json_decref.
 * On failure why was complained of, *answer is NULL, and the exit code says what kind of
 * failure: no daemon, refused.
 */
enum exit_code control_ask(const struct arguments *arguments, Duban__V1__Request *request,
                           json_t **answer);

#endif
