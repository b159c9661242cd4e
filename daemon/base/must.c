#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

void must_fail(const char *condition, const char *file, int line, const char *function)
{
    (void)fprintf(stderr, "must.broken condition=\"%s\" at=%s:%d function=%s\n", condition,
                  file, line, function);
    abort();
}
