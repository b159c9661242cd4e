#include "backup.h"

#include "base/log.h"
#include "engine/engine.h"

#include <stdio.h>
#include <string.h>

static uint64_t flushed(void *context)
{
    return journal_flushed(context);
}

static enum status read_facts(struct store *copy, struct backup_facts *facts)
{
    struct reached reached;
    enum status status = engine_reached(copy, &reached);

    facts->generation = reached.generation;
    facts->now_ms = reached.now_ms;
    return status;
}

static void tell(struct backups *backups, enum status status, const struct backup_facts *facts)
{
    struct copying *state = &backups->state;

    (void)pthread_mutex_lock(&backups->mutex);
    state->state = status == STATUS_OK ? COPYING_DONE : COPYING_FAILED;
    state->failed = status;
    state->seq = facts->seq;
    state->generation = facts->generation;
    state->now_ms = facts->now_ms;
    memcpy(state->hash, facts->hash, sizeof(state->hash));
    (void)pthread_mutex_unlock(&backups->mutex);
}

static void *run(void *context)
{
    struct backups *backups = context;
    struct backup_source source = {.folder = backups->folder,
                                   .store = backups->store,
                                   .context = backups->journal,
                                   .flushed = flushed,
                                   .read = read_facts};
    struct backup_facts facts;
    enum status status = backup_write(&source, backups->state.folder, &facts);

    if (status == STATUS_OK) {
        log_info("backup.done folder=\"%s\" seq=%llu", backups->state.folder,
                 (unsigned long long)facts.seq);
    } else {
        log_error("backup.stopped folder=\"%s\" reason=\"%s\"", backups->state.folder,
                  status_text(status));
    }
    tell(backups, status, &facts);
    return NULL;
}

static void join(struct backups *backups)
{
    if (backups->begun) {
        (void)pthread_join(backups->thread, NULL);
        backups->begun = false;
    }
}

static void begin(void *context, struct text folder)
{
    struct backups *backups = context;

    join(backups); /* the last one has ended, or this would have been refused */
    (void)pthread_mutex_lock(&backups->mutex);
    backups->state = (struct copying){.state = COPYING_RUNS};
    (void)snprintf(backups->state.folder, sizeof(backups->state.folder), "%.*s",
                   TEXT_ARGS(folder));
    (void)pthread_mutex_unlock(&backups->mutex);
    log_info("backup.begun folder=\"%s\"", backups->state.folder);
    backups->begun = pthread_create(&backups->thread, NULL, run, backups) == 0;
    if (!backups->begun) {
        tell(backups, STATUS_NO_MEMORY, &(struct backup_facts){0});
    }
}

static void look(void *context, struct copying *copying)
{
    struct backups *backups = context;

    (void)pthread_mutex_lock(&backups->mutex);
    *copying = backups->state;
    (void)pthread_mutex_unlock(&backups->mutex);
}

void backups_init(struct backups *backups, const struct folder *folder, struct store *store,
                  struct journal *journal)
{
    *backups = (struct backups){.folder = folder, .store = store, .journal = journal};
    (void)pthread_mutex_init(&backups->mutex, NULL);
}

void backups_fini(struct backups *backups)
{
    join(backups);
    (void)pthread_mutex_destroy(&backups->mutex);
}

struct copier backups_copier(struct backups *backups)
{
    return (struct copier){.context = backups, .begin = begin, .look = look};
}
