#include "engine/timeguard.h"

static void believe(struct timeguard *guard, int64_t wall_ms, int64_t steady_ms)
{
    guard->wall_ms = wall_ms;
    guard->steady_ms = steady_ms;
    guard->guarded = false;
}

void timeguard_begin(struct timeguard *guard, int64_t wall_ms, int64_t steady_ms,
                     int64_t latest_ms, bool synchronised)
{
    bool before = latest_ms > 0 && wall_ms < latest_ms;
    bool far = latest_ms > 0 && wall_ms - latest_ms > TIMEGUARD_GAP_MS && !synchronised;

    believe(guard, before || far ? latest_ms : wall_ms, steady_ms);
    guard->guarded = before || far;
}

int64_t timeguard_look(struct timeguard *guard, int64_t wall_ms, int64_t steady_ms)
{
    int64_t expected_ms = guard->wall_ms + (steady_ms - guard->steady_ms);
    int64_t jump_ms = wall_ms - expected_ms;

    if (jump_ms > guard->bound_ms || jump_ms < -guard->bound_ms) {
        guard->guarded = true;
        return expected_ms;
    }
    believe(guard, wall_ms, steady_ms); /* small corrections are followed */
    return wall_ms;
}

void timeguard_accept(struct timeguard *guard, int64_t wall_ms, int64_t steady_ms)
{
    believe(guard, wall_ms, steady_ms);
}
