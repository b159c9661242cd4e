#include "cli/commands.h"

int main(int argc, char **argv)
{
    static const struct command *const commands[] = {
        /* One a line: several hands add to it. */
        /* clang-format off */
        &command_date,
        &command_calendar,
        &command_procedure,
        &command_explain,
        &command_status,
        &command_find,
        &command_log,
        &command_why,
        &command_tail,
        &command_notices,
        &command_queues,
        &command_jobs,
        &command_incidents,
        &command_workers,
        &command_retry,
        &command_resend,
        &command_drop,
        &command_hold,
        &command_people,
        &command_deputy,
        &command_send,
        &command_correct,
        &command_install,
        &command_import,
        &command_audit,
        &command_backup,
        &command_restore,
        &command_release,
        &command_erase,
        &command_time,
        &command_simulate,
        &command_sample,
        &command_demo,
        &command_version,
        /* clang-format on */
    };

    return command_main(commands, sizeof(commands) / sizeof(commands[0]), argc, argv);
}
