#ifndef DUBAN_CLI_COMMANDS_H
#define DUBAN_CLI_COMMANDS_H

/* Every command there is; main.c says in which order help lists them. */
#include "cli/command.h"

#define AUDIT_SUMMARY                                                \
    .en = "is the record intact: every byte of a store or a backup", \
    .zh = "记录是否完整：逐字节查验存储或备份"

#define BACKUP_SUMMARY                                                       \
    .en = "a copy of the store, beside the daemon's work; is a backup good", \
    .zh = "备份存储（不妨碍守护进程工作）；查验备份"
#define RESTORE_SUMMARY                                                              \
    .en = "make a store of a backup; what may have been done already waits on hold", \
    .zh = "由备份恢复存储；可能已做过的事项先暂停"

extern const struct command command_audit;
extern const struct command command_backup;
extern const struct command command_release;
extern const struct command command_restore;
extern const struct command command_calendar;
extern const struct command command_correct;
extern const struct command command_date;
extern const struct command command_demo;
extern const struct command command_deputy;
extern const struct command command_drop;
extern const struct command command_erase;
extern const struct command command_explain;
extern const struct command command_procedure;
extern const struct command command_find;
extern const struct command command_hold;
extern const struct command command_import;
extern const struct command command_incidents;
extern const struct command command_install;
extern const struct command command_jobs;
extern const struct command command_log;
extern const struct command command_notices;
extern const struct command command_people;
extern const struct command command_queues;
extern const struct command command_resend;
extern const struct command command_retry;
extern const struct command command_sample;
extern const struct command command_send;
extern const struct command command_status;
extern const struct command command_simulate;
extern const struct command command_tail;
extern const struct command command_time;
extern const struct command command_version;
extern const struct command command_why;
extern const struct command command_workers;

#endif
