#include "base/status.h"

#define STATUS_TEXT(name, text) [name] = (text),
static const char *const texts[] = {STATUS_LIST(STATUS_TEXT)};
#undef STATUS_TEXT

const char *status_text(enum status status)
{
    return texts[status];
}
