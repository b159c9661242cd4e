#ifndef DUBAN_CLI_HOLD_H
#define DUBAN_CLI_HOLD_H

/* Put a channel or a case on hold, or take that back: what `hold` and `release` share. */
#include "cli/control.h"

enum exit_code hold_send(const struct arguments *arguments, bool off);

#endif
