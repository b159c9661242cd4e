#include "cli/commands.h"

/*
 * What reads and writes a store's files is a program of its own, duban-store: it links the
 * daemon's store, where this one has the simulator's.
 */
const struct command command_backup = {
    .name = "backup", BACKUP_SUMMARY, .program = "duban-store"};

const struct command command_restore = {
    .name = "restore", RESTORE_SUMMARY, .program = "duban-store"};

const struct command command_audit = {.name = "audit", AUDIT_SUMMARY, .program = "duban-store"};
