#include "engine/parts.h"

void engine_act(struct engine *engine, enum act_kind kind, const struct act *act,
                int64_t accepted_ms, int64_t wall_ms)
{
    struct record record = {.kind = RECORD_ACT,
                            .act = *act,
                            .act_kind = kind,
                            .wall_ms = accepted_ms,
                            .now_ms = engine_now(engine, wall_ms),
                            .verdict = RECORD_APPLIED,
                            .stage = NO_INDEX,
                            .next_due_ms = INSTANT_NEVER};
    struct happening happening = {.record = &record};

    if (!engine_stopped(engine)) {
        (void)engine_append(engine, &happening);
    }
}
