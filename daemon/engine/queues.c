#include "engine/job_parts.h"

#include "base/must.h"

#include <string.h>

/*
 * The queue of a channel, least slack first. After a restore its head may be ten thousands of
 * jobs that are held back; so it is remembered up to where all of them are, and the next look
 * begins there. That changes nothing but how long a look takes.
 */

static int compare(const struct key *a, const struct key *b)
{
    int order = memcmp(a->bytes, b->bytes, a->size < b->size ? a->size : b->size);

    return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

/* What is remembered of a channel; NULL: it is installed no more. */
static struct key *passed_of(struct engine *engine, struct text name)
{
    const struct installed *installed = engine->law->installed;
    const struct channel *channel = installed_channel(installed, name);

    return channel == NULL ? NULL : &engine->passed[channel - installed->channels];
}

void queues_rewind(struct engine *engine)
{
    memset(engine->passed, 0, sizeof(engine->passed));
}

void queue_joined(struct engine *engine, struct text channel, const struct key *key)
{
    struct key *passed = passed_of(engine, channel);

    if (passed != NULL && compare(key, passed) < 0) {
        *passed = *key;
    }
}

bool queue_first(struct engine *engine, struct text channel, struct arena *arena,
                 struct job *job)
{
    struct key *passed = passed_of(engine, channel);
    struct key key = key_job_queue(channel, 0, 0);
    struct bytes value;
    uint64_t number;

    MUST(passed != NULL);
    if (compare(&key, passed) < 0) {
        key = *passed;
    }
    while (store_next(engine->store, TABLE_JOBS, &key, &value) &&
           key_is_job_queue(&key, channel, &number)) {
        uint8_t *mark = arena_mark(arena);

        MUST(engine_job(engine, number, arena, job));
        if (!moments_hold_back(engine, job->agency, job->made_ms, number)) {
            return true;
        }
        arena_rewind(arena, mark);
        key = key_job_queue(channel, job->useful_ms, number + 1);
        *passed = key;
    }
    return false;
}
