#include "cli/commands.h"
#include "cli/out.h"

#include <stdio.h>

static enum exit_code run(const struct arguments *arguments)
{
    (void)arguments;
    if (out_format() == OUT_JSON) {
        out_json(json_pack("{s:s}", "version", DUBAN_VERSION));
    } else {
        printf("duban %s\n", DUBAN_VERSION);
    }
    return EXIT_DONE;
}

static const char *const usages[] = {"version [-o json]", NULL};

const struct command command_version = {
    .name = "version",
    .en = "print which version this is",
    .zh = "显示版本",
    .usages = usages,
    .run = run,
};
