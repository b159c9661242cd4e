#include "net/watchdog.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/date.h"
#include "net/supervisor.h"

static bool lags(const struct bulletin *bulletin)
{
    return !bulletin->guarded && bulletin->next_ms != INSTANT_NEVER &&
           clock_wall_ms() - bulletin->next_ms > WATCHDOG_LAG_MS * clock_rate();
}

static void watchdog_on_timer(uv_timer_t *timer)
{
    struct watchdog *watchdog = timer->data;
    struct bulletin bulletin = writer_bulletin(watchdog->writer);

    if (bulletin.turn == watchdog->turn_count ||
        (lags(&bulletin) && bulletin.fired_count == watchdog->fired_count)) {
        log_warn("watchdog.unfed turns=%llu fired=%llu next_ms=%lld",
                 (unsigned long long)bulletin.turn, (unsigned long long)bulletin.fired_count,
                 (long long)bulletin.next_ms);
        return;
    }
    watchdog->turn_count = bulletin.turn;
    watchdog->fired_count = bulletin.fired_count;
    supervisor_tell("WATCHDOG=1");
}

/* The writer looks around every second, however still it is; so half the time it is given is
 * enough to see it turn. */
void watchdog_start(struct watchdog *watchdog, uv_loop_t *loop, struct writer *writer)
{
    int64_t every_ms = supervisor_watchdog_ms() / 2;

    *watchdog = (struct watchdog){.writer = writer};
    (void)uv_timer_init(loop, &watchdog->timer);
    watchdog->timer.data = watchdog;
    if (every_ms > 0) {
        (void)uv_timer_start(&watchdog->timer, watchdog_on_timer, (uint64_t)every_ms,
                             (uint64_t)every_ms);
    }
}
