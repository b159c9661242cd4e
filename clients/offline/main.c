#include "offline/parts.h"

#include "base/log.h"

int main(int argc, char **argv)
{
    static const struct command *const commands[] = {&store_audit, &store_backup,
                                                     &store_restore};

    log_set(LOG_LEVEL_WARN, false);
    return command_main(commands, sizeof(commands) / sizeof(commands[0]), argc, argv);
}
