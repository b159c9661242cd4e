#ifndef DUBAN_ENGINE_MOMENTS_H
#define DUBAN_ENGINE_MOMENTS_H

/*
 * What falls due: the rows of `moments`, and after a restore those of `held`.
 *
 * A restore puts what was due by then on hold: the store as it was lost may have fired it
 * already. So does whatever is armed later for an instant up to then, by an event that is sent
 * again. It waits until it is released: a case, an agency, or all; the last ends the hold.
 * Both are functions of the records alone.
 */
#include "base/text.h"
#include "engine/keys.h"

struct engine;

/* Something falls due then; `agency` is that of its case. */
void moment_put(struct engine *engine, struct text agency, int64_t due_ms,
                enum moment_kind kind, uint64_t number);
/* It does not any more. It must have been put. */
void moment_drop(struct engine *engine, struct text agency, int64_t due_ms,
                 enum moment_kind kind, uint64_t number);

/* A row that comes next. */
struct moment {
    struct key key;
    bool held; /* it stands among the held, and was released */
    int64_t due_ms;
    enum moment_kind kind;
    uint64_t number;
};

/* The first of all; false: there is none. Released ones come when nothing else is due. */
bool moment_first(struct engine *engine, int64_t now_ms, struct moment *moment);
/* Take away the row of one that has come. */
void moment_take(struct engine *engine, const struct moment *moment);

/* Everything due by now is on hold, and whatever is armed for an instant until now will be. */
void moments_hold(struct engine *engine, int64_t now_ms);
/* Whether something may be on hold: of a case (its number), of an agency, or at all (neither):
 * it was not released yet. */
bool moments_has_held(struct engine *engine, struct text agency, uint64_t number);
/* Whether a job made then may not leave yet: the store as it was lost may have sent it. */
bool moments_hold_back(struct engine *engine, struct text agency, int64_t made_ms,
                       uint64_t job);
/* Release it, where there is something. */
void moments_release(struct engine *engine, struct text agency, uint64_t number);

#endif
