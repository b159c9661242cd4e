#!/bin/sh
# The real daemon, a real client, durable, over ipc, beside the machine's own limit measured in the
# same run: one JSON line each, and the ratio. DUBAN_BENCH_FOLDER: on the disk to measure.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=${DUBAN_BIN:-$here/../../build/release/bin}
folder=$(mktemp -d "${DUBAN_BENCH_FOLDER:-$here/../../build}/bench-events.XXXXXX")
daemon=''
trap '[ -z "$daemon" ] || kill "$daemon" 2>/dev/null; rm -rf "$folder"' EXIT INT TERM
mkdir -p "$folder/run" "$folder/ceiling"
"$bin/duband" --data "$folder/data" --run "$folder/run" --empty 2>"$folder/log" &
daemon=$!
"$bin/duban" install "$here/config" --run "$folder/run" >/dev/null

# window, events
for load in "1 ${DUBAN_BENCH_LONE:-20000}" "64 ${DUBAN_BENCH_EVENTS:-200000}"; do
    # shellcheck disable=SC2086 # the words are the arguments
    set -- $load
    rm -f "$folder"/ceiling/*
    "$bin/load_ceiling" "$folder/ceiling" "$1" "$2" | tee "$folder/limit"
    "$bin/load_events" "ipc://$folder/run/events.sock" bench "$1" "$2" "w$1" "$daemon" |
        tee "$folder/daemon"
    cat "$folder/limit" "$folder/daemon" | sed -n 's/.*"events_per_s":\([0-9]*\).*/\1/p' |
        tr '\n' ' ' | awk -v window="$1" '{
            printf "{\"bench\":\"events\",\"window\":%d,\"ratio_to_ceiling\":%.3f}\n", window, $2 / $1 }'
done
