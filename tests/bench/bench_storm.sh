#!/bin/sh
# Many moments fall due in the same second while a publisher keeps sending: how fast they drain,
# and what the publisher notices. The journal proves that each fired once, in order, and none too
# early. DUBAN_STORM_MOMENTS; DUBAN_STORM_KILLS: so often the daemon dies by kill -9 meanwhile.
set -eu
# shellcheck source=tests/bench/bench.sh
. "$(dirname "$0")/bench.sh"
publisher=''
trap 'daemon_kill; [ -z "$publisher" ] || kill -9 "$publisher"; rm -rf "$work"' EXIT
moments=${DUBAN_STORM_MOMENTS:-100000}
due_ms=$(($(date +%s) * 1000 + ${DUBAN_STORM_IN_S:-20} * 1000))

answers()
{
    "$DUBAN" status -o json >"$work/status" 2>/dev/null
}

# Whether so many fifths of it have fired.
has_fired()
{
    answers && [ "$(field seq "$work/status")" -gt $((2 * moments + $1 * moments / 5)) ]
}

# Whether all of it has, and what comes next is of another time.
is_over()
{
    has_fired 5 && [ "$(field next_ms "$work/status")" -gt "$due_ms" ]
}

# within SECONDS COMMAND…: until it holds.
within()
{
    tries=$(($1 * 50))
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || fail "too long: $*"
        sleep 0.02
    done
}

"$bin/load_cases" "$work/data" "$config" s 0 "$moments" due "$due_ms" >/dev/null
start
[ "${DUBAN_STORM_KILLS:-0}" -gt 0 ] || {
    "$bin/load_ceiling" "$work/ceiling" 64 50000
    "$bin/load_events" --pid "$daemon" --since "$due_ms" "$events" 64 20000000 p >"$work/ours" &
    publisher=$!
}
for turn in $(seq "${DUBAN_STORM_KILLS:-0}"); do
    within 120 has_fired "$turn"
    daemon_kill || true # it says by which signal
    start
done
within 300 is_over
if [ -n "$publisher" ]; then
    kill "$publisher"
    wait "$publisher" || fail "the publisher failed"
    publisher=''
    sed 's/"bench":"events"/"bench":"storm_publisher"/' "$work/ours"
fi
daemon_stop
[ "$fails" -eq 0 ] || fail "the journal does not replay"
"$bin/load_storm" "$work/data" "$due_ms" "$moments" || fail "not each of them once, in order"
