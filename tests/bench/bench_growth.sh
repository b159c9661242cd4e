#!/bin/sh
# What a store's size costs, at 10^4, 10^5 and 10^6 stored cases, which the engine itself made: the
# workload beside them, events scattered over all of them (each touches another page, the worst
# there is), the start, and memory. One JSON line a size and load. The limit beside each knows no
# size: load_ceiling, run in turn. DUBAN_BENCH_SIZES: others, growing; 10^7 takes some 10 GB.
set -eu
# shellcheck source=tests/bench/bench.sh
. "$(dirname "$0")/bench.sh"
count=${DUBAN_BENCH_EVENTS:-100000}
stored=0

# load NAME SIZE ARGUMENT…: of load_events; what it is called, and how many cases there are.
load()
{
    name=$1
    size=$2
    shift 2
    "$bin/load_ceiling" "$work/ceiling" 64 "$count" >"$work/limit"
    "$bin/load_events" --pid "$daemon" --data "$work" "$@" >"$work/ours"
    [ -e "$work/first.$name" ] || cp "$work/ours" "$work/first.$name"
    per_s=$(field events_per_s "$work/ours")
    limit=$(field events_per_s "$work/limit")
    cpu=$(field cpu_s_per_1000 "$work/ours")
    printf '{"bench":"growth","load":"%s","cases":%d,"events_per_s":%s,"ratio_to_smallest":%s,' \
        "$name" "$size" "$per_s" "$(ratio "$per_s" "$(field events_per_s "$work/first.$name")")"
    printf '"ceiling_events_per_s":%s,"ratio_to_ceiling":%s,"cpu_s_per_1000":%s,' \
        "$limit" "$(ratio "$per_s" "$limit")" "$cpu"
    printf '"cpu_ratio_to_smallest":%s,"p99_ms":%s,"device_bytes_per_event":%s,' \
        "$(ratio "$cpu" "$(field cpu_s_per_1000 "$work/first.$name")")" \
        "$(field p99_ms "$work/ours")" "$(field device_bytes_per_event "$work/ours")"
    printf '"anonymous_mib":%s}\n' "$(field anonymous_mib "$work/ours")"
}

for size in ${DUBAN_BENCH_SIZES:-10000 100000 1000000}; do
    "$bin/load_cases" "$work/data" "$config" g "$stored" "$size" 2 >"$work/loaded"
    stored=$size
    start
    printf '{"bench":"growth","load":"none","cases":%d,"start_ms":%d,"state_mib":%d,' \
        "$size" "$(start_ms)" "$(du -m "$work/data/state.mdb" | cut -f 1)"
    printf '"judge_us_while_loaded":%s}\n' "$(field judge_us "$work/loaded")"
    load case10 "$size" "$events" 64 "$count" "n$size"
    load scattered "$size" --stored "$size" "$events" 64 "$count" g
    kill "$daemon"
    wait "$daemon" || fail "the daemon did not end well"
done
daemon=''
