# shellcheck shell=sh
# Sourced by tests that need the real daemon. It serves below $work/run with its store in
# $work/data and its log in $work/log, and ends with the test however that ends.
: "${SOURCE:?}" "${DUBAN:?}"
work=$(mktemp -d)
DUBAN_RUN=$work/run
export DUBAN_RUN
mkdir -m 700 "$DUBAN_RUN"
daemon=''
fails=0
trap 'daemon_kill; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# daemon_start [OPTION…]: start it and wait until it answers.
# shellcheck disable=SC2120 # mostly there are none
daemon_start()
{
    "${DUBAN}d" --data "$work/data" --run "$DUBAN_RUN" "$@" 2>>"$work/log" &
    daemon=$!
    for _ in 1 2 3; do
        "$DUBAN" status >/dev/null 2>&1
        [ $? -gt 1 ] || return 0 # 1: it is there, and something is amiss
        kill -0 "$daemon" 2>/dev/null || break
    done
    echo 'the daemon does not answer:'
    cat "$work/log"
    exit 1
}

# daemon_stop: end it well; its journal is whole and replays to the same state, byte for byte.
daemon_stop()
{
    kill "$daemon"
    wait "$daemon" || { echo "the daemon ended with $?:"; cat "$work/log"; fails=$((fails + 1)); }
    daemon=''
    audited
}

# audited [DIR]: what every test that ran a daemon says at its end; daemon_stop does.
# shellcheck disable=SC2120 # mostly it is the daemon's own
audited()
{
    for verb in verify replay; do
        "$DUBAN" audit "$verb" --store "${1:-$work/data}" >"$work/audited" 2>&1 && continue
        echo "audit $verb of ${1:-$work/data}:"
        cat "$work/audited"
        fails=$((fails + 1))
    done
}

# daemon_kill: end it at once.
daemon_kill()
{
    [ -z "$daemon" ] || { kill -9 "$daemon"; wait "$daemon"; } 2>/dev/null
    daemon=''
}

# like WHAT GOT PATTERN: what was printed has the pattern in it.
like()
{
    printf '%s\n' "$2" | grep -qe "$3" && return 0
    echo "$1: no $3 in:"
    printf '%s\n' "$2"
    fails=$((fails + 1))
}

# same WHAT WANTED GOT
same()
{
    [ "$2" = "$3" ] && return 0
    printf '%s: not\n%s\nbut\n%s\n' "$1" "$2" "$3"
    fails=$((fails + 1))
}
