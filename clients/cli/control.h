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

/* Who acts, and why: for every command that changes something. */
#define CONTROL_ACT_OPTIONS                                                                 \
    {.name = "reason",                                                                      \
     .value = "WORDS",                                                                      \
     .en = "why; it stands in the record",                                                  \
     .zh = "理由；记入档案"},                                                               \
    {                                                                                       \
        .name = "by", .value = "PERSON[/ROLE]", .en = "who acts (DUBAN_BY, or your login)", \
        .zh = "操作人（DUBAN_BY，或登录名）"                                      \
    }

#define CONTROL_ENDPOINT_BYTES 256

/* Who acts: --by PERSON/ROLE, then DUBAN_BY, then the login. */
struct control_who {
    char person[128];
    char *role; /* empty without one */
};

void control_who(const struct arguments *arguments, struct control_who *who);

/*
 * Where a door of the daemon is that the command line means. Anything but EXIT_DONE was
 * complained of: there is no daemon, or its door is closed to this user.
 */
enum exit_code control_reach(const struct arguments *arguments, const char *door,
                             char out[CONTROL_ENDPOINT_BYTES]);

/* Nobody answers there. */
void control_complain_silent(const char *endpoint);

/*
 * Send a request and wait for its answer: one JSON object, put together where it came in parts,
 * to be given back with json_decref.
 * On failure why was complained of, *answer is NULL, and the exit code says what kind of
 * failure: no daemon, refused.
 */
enum exit_code control_ask(const struct arguments *arguments, Duban__V1__Request *request,
                           json_t **answer);

/* The same with a question. As its at_least_seq: whatever there is when it comes. */
#define CONTROL_ALL_THERE_IS UINT64_MAX
enum exit_code control_query(const struct arguments *arguments, Duban__V1__Query *query,
                             json_t **answer);

/* Do an act: who and why are taken from the command line. */
enum exit_code control_act(const struct arguments *arguments, Duban__V1__Act *act,
                           json_t **answer);
/* … and print the answer: as JSON, or that it is done, and its record; then what `more`, unless
 * NULL, has to say of it. */
enum exit_code control_act_told(const struct arguments *arguments, Duban__V1__Act *act,
                                const char *done, void (*more)(const json_t *answer));

#endif
