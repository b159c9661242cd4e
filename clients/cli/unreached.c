#include "cli/unreached.h"

#include "cli/asked.h"

#include <stdio.h>

static const struct message each = {"unreached_each", "{0} [{1}]", "{0} [{1}]"};
static const struct message more = {"unreached_more", "and {0} more: duban people lists them",
                                    "另有 {0} 处：duban people 列出全部"};

void unreached_note(const json_t *answer)
{
    const json_t *gaps = json_object_get(answer, "unreached");
    json_int_t count = json_integer_value(json_object_get(answer, "unreached_count"));
    size_t told = json_array_size(gaps);
    char rest[24];

    for (size_t i = 0; i < told; i++) {
        const json_t *gap = json_array_get(gaps, i);

        words_note(&each, (const char *[]){asked_text(gap, words_pick("en", "zh")),
                                           asked_text(gap, "code")});
    }
    if (count > (json_int_t)told) {
        (void)snprintf(rest, sizeof(rest), "%" JSON_INTEGER_FORMAT, count - (json_int_t)told);
        words_note(&more, (const char *[]){rest});
    }
}
