# shellcheck shell=sh disable=SC2034 # some is used by who sources it
# Sourced by the benches: the tests' own daemon, on the disk to measure (DUBAN_BENCH_FOLDER, else
# the build's), and figures. DUBAN: the command, beside which the other programs are.
SOURCE=$(cd "$(dirname "$0")/../.." && pwd)
DUBAN=${DUBAN:-$SOURCE/build/release/bin/duban}
TMPDIR=${DUBAN_BENCH_FOLDER:-$SOURCE/build}
export SOURCE DUBAN TMPDIR
bin=$(dirname "$DUBAN")
# shellcheck source=tests/lib/daemon.sh
. "$SOURCE/tests/lib/daemon.sh"
config=$SOURCE/tests/bench/config
events=ipc://$DUBAN_RUN/events.sock
mkdir "$work/ceiling"

fail()
{
    echo "bench: $*" >&2
    tail -n 5 "$work/log" >&2 2>/dev/null || true
    exit 1
}

# Start the daemon; began_ms is the instant before.
start()
{
    : >"$work/log"
    began_ms=$(date +%s%3N)
    daemon_start --empty
}

# How long it took until its doors were open, by its own log.
start_ms()
{
    stamp=$(sed -n 's/^\([^ ]*\).* hub.serving.*/\1/p' "$work/log")
    echo $(($(date -d "$stamp" +%s%3N) - began_ms))
}

# field NAME FILE: that number of every JSON line.
field()
{
    sed -n "s/.*\"$1\":\\(-\\{0,1\\}[0-9.]*\\).*/\\1/p" "$2"
}

# The middle one of some numbers.
median()
{
    sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] + 0 }'
}

# ratio A B: A / B, to three places.
ratio()
{
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'
}
