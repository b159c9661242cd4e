#!/bin/sh
# The real daemon and one worker over ipc: jobs completed a second, each leased, begun and done by
# records of their own, in turns with the machine's own limit; and how long after its instant a job
# is in the worker's hands, at rest. One JSON line a round, then the medians.
# DUBAN_BENCH_ROUNDS, DUBAN_BENCH_JOBS, DUBAN_BENCH_DUE.
set -eu
# shellcheck source=tests/bench/bench.sh
. "$(dirname "$0")/bench.sh"
jobs=${DUBAN_BENCH_JOBS:-30000}
monday_ms=1772413200000
now_ms=$(date +%s%3N)
ahead_ms=$((monday_ms - now_ms))
cp -r "$SOURCE/tests/system/work" "$work/config"
cp -r "$config/calendars" "$work/config"
daemon_start --empty --clock "$monday_ms,$now_ms,1"
"$DUBAN" install "$work/config" >/dev/null

for _ in $(seq "${DUBAN_BENCH_ROUNDS:-3}"); do
    "$bin/load_ceiling" "$work/ceiling" 64 100000 | tee -a "$work/limit"
    "$bin/load_jobs" "$daemon" "$DUBAN_RUN" "$ahead_ms" through "$jobs" 64 | tee -a "$work/ours"
done
"$bin/load_jobs" "$daemon" "$DUBAN_RUN" "$ahead_ms" due "${DUBAN_BENCH_DUE:-500}" 20
daemon_stop
[ "$fails" -eq 0 ] || fail "the journal does not replay"
ours=$(field jobs_per_s "$work/ours" | median)
limit=$(field events_per_s "$work/limit" | median)
# A job is three records and three answers, an event one.
printf '{"bench":"jobs","credit":64,"jobs_per_s":%s,"records_per_s":%s,"ceiling_events_per_s":%s,' \
    "$ours" "$((3 * ours))" "$limit"
printf '"ratio_of_records":%s,"cpu_s_per_1000":%s}\n' "$(ratio "$((3 * ours))" "$limit")" \
    "$(field cpu_s_per_1000 "$work/ours" | median)"
