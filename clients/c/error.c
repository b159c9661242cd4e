/* Why a call failed: kept for each thread, so that threads do not read one another's words. */
#include "parts.h"

#include <stdio.h>

enum { ERROR_BYTES = 1024 };

static _Thread_local char words[2][ERROR_BYTES];

enum duban_result fail(enum duban_result result, const char *en, const char *zh)
{
    (void)snprintf(words[0], ERROR_BYTES, "%s", en);
    (void)snprintf(words[1], ERROR_BYTES, "%s", zh);
    return result;
}

const char *duban_error(int zh)
{
    return words[zh != 0];
}
