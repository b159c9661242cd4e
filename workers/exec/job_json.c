#include "job_json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *values_of(const struct worker_job *job)
{
    json_t *values = json_object();

    for (uint32_t i = 0; values != NULL && i < job->value_count; i++) {
        (void)json_object_set_new(values, job->names[i], json_string(job->values[i]));
    }
    return values;
}

/* What has no end is 0 here, as on the wire. */
static json_int_t useful_until(const struct worker_job *job)
{
    return job->useful_until_ms == INT64_MAX ? 0 : job->useful_until_ms;
}

char *job_json(const struct worker_job *job)
{
    json_t *json =
        json_pack("{ss ss ss ss ss ss ss ss ss ss so si si sI sb}", "key", job->key, "channel",
                  job->channel, "address", job->address, "receiver", job->receiver, "language",
                  job->language, "template", job->template, "version", job->version, "brief",
                  job->brief, "subject", job->subject, "body", job->body, "values",
                  values_of(job), "attempt", (int)job->attempt, "notices", (int)job->notices,
                  "useful_until_ms", useful_until(job), "resent", job->resent ? 1 : 0);
    char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);
    size_t size = text == NULL ? 0 : strlen(text);
    char *line = text == NULL ? NULL : realloc(text, size + 2);

    json_decref(json);
    if (line == NULL) {
        free(text);
        return NULL;
    }
    memcpy(line + size, "\n", 2);
    return line;
}
