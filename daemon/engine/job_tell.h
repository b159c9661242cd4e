#ifndef DUBAN_ENGINE_JOB_TELL_H
#define DUBAN_ENGINE_JOB_TELL_H

/* A job told to operators and programs, as an item of the list that is open. */
#include "codec/json.h"
#include "engine/law.h"
#include "store/store.h"

/* What its names are looked up in. */
struct job_telling {
    struct store *store;
    const struct law *law;
    struct arena *arena; /* what is read; may be emptied after each */
};

void job_tell(const struct job_telling *telling, const struct job *job, struct json *json);

/* A person's name; of somebody outside the case's role stands behind the dot. */
struct text job_receiver_name(const struct installed *installed, const struct job *job);

#endif
