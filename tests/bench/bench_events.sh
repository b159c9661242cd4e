#!/bin/sh
# The real daemon and a real client, durable, over ipc, in turns with the machine's own limits, so
# that both meet the same weather. One JSON line a round, then the medians and their ratios.
# DUBAN_BENCH_ROUNDS, DUBAN_BENCH_EVENTS, DUBAN_BENCH_LONE.
set -eu
# shellcheck source=tests/bench/bench.sh
. "$(dirname "$0")/bench.sh"
rounds=$(seq "${DUBAN_BENCH_ROUNDS:-3}")
start
"$DUBAN" install "$config" >/dev/null

# load WINDOW EVENTS: all rounds of it.
load()
{
    for round in $rounds; do
        [ "$1" -gt 1 ] || "$bin/load_parts" "$work/ceiling" 2000 | tee -a "$work/parts"
        "$bin/load_ceiling" "$work/ceiling" "$1" "$2" | tee -a "$work/limit.$1"
        "$bin/load_events" --pid "$daemon" --data "$work" "$events" "$1" "$2" "w$1.$round" |
            tee -a "$work/ours.$1"
    done
}

# both FIELD WINDOW: its median, ours and the ceiling's.
both()
{
    ours=$(field "$1" "$work/ours.$2" | median)
    limit=$(field "$1" "$work/limit.$2" | median)
}

summarise()
{
    both events_per_s "$1"
    printf '{"bench":"events","window":%d,"transport":"ipc","events_per_s":%s,' "$1" "$ours"
    printf '"ceiling_events_per_s":%s,"ratio_to_ceiling":%s,' "$limit" "$(ratio "$ours" "$limit")"
    for name in p50_ms p99_ms cpu_s_per_1000 device_bytes_per_event; do
        both $name "$1"
        printf '"%s":%s,"ceiling_%s":%s,' $name "$ours" $name "$limit"
    done
    printf '"rounds":%d}\n' "$(field events_per_s "$work/ours.$1" | wc -l)"
}

load 1 "${DUBAN_BENCH_LONE:-10000}"
load 64 "${DUBAN_BENCH_EVENTS:-200000}"
summarise 1
summarise 64
p50=$(field p50_ms "$work/ours.1" | median)
parts=$(field sum_ms "$work/parts" | median)
printf '{"bench":"latency","p50_ms":%s,"flush_and_round_trip_ms":%s,"ratio":%s}\n' \
    "$p50" "$parts" "$(ratio "$p50" "$parts")"
echo '{"bench":"events","transport":"tcp","skipped":"no TCP door is opened without keys"}'
