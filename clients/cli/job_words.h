#ifndef DUBAN_CLI_JOB_WORDS_H
#define DUBAN_CLI_JOB_WORDS_H

/* What the commands about messages share: which are meant, and how they are said. */
#include "cli/asked.h"

/* Which messages: for jobs, incidents, retry, resend, drop. */
/* clang-format off */
#define JOB_FILTER_OPTIONS                                                                   \
    {.name = "channel", .value = "CHANNEL", .en = "over this channel", .zh = "仅此渠道"},    \
    {.name = "receiver", .value = "PERSON", .en = "for this person", .zh = "仅此接收人"},    \
    {.name = "case", .value = "AGENCY/CASE", .en = "about this case", .zh = "仅此案件"},     \
    {.name = "agency", .value = "AGENCY", .en = "of this agency", .zh = "仅此机构"},         \
    {.name = "age", .value = "LENGTH",                                                       \
     .en = "that could have been sent for so long: 10min, 2h, 3d",                           \
     .zh = "可发出已达此时长：10min、2h、3d"},                                               \
    {.name = "job", .value = "ID", .en = "this one alone", .zh = "仅此一条"}
#define JOB_STATE_OPTION                                                                     \
    {.name = "state", .value = "STATE[,STATE…]",                                             \
     .en = "waiting, held, ready, leased, begun, unknown, incident",                         \
     .zh = "waiting 等待、held 暂停、ready 待发、leased 已派、begun 在发、unknown 存疑、"    \
           "incident 未达"}
/* clang-format on */

/* A filter that was read; points into itself: do not copy it. */
struct job_meant {
    char agency[ASKED_NAME_BYTES];
    char case_id[ASKED_NAME_BYTES];
    char state[ASKED_NAME_BYTES];
    char channel[ASKED_NAME_BYTES];
    char receiver[ASKED_NAME_BYTES];
    Duban__V1__JobFilter filter;
    bool any; /* something narrows it */
};

/* From the options; `states` where none is given. False: complained of. */
bool job_meant_read(const struct arguments *arguments, const char *states,
                    struct job_meant *meant);

/* A state of a job or a notice in words. */
const char *job_state_words(const char *state);
/* Jobs of an answer: a table, CSV, or a line each. */
void job_print_all(const json_t *jobs);

#endif
