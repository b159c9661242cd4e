#!/bin/sh
# duban tail: the past and what comes, in words and as JSON lines, of all or of one case.
set -u
# shellcheck source=tests/lib/daemon.sh
. "$SOURCE/tests/lib/daemon.sh"
tail=''
trap '[ -z "$tail" ] || kill "$tail" 2>/dev/null; daemon_kill; rm -rf "$work"' EXIT

say()
{
    "$DUBAN" send "$@" --by wang/officer --agency gulou --source test >/dev/null ||
        { echo "duban send $*: $?"; fails=$((fails + 1)); }
}

# seen FILE PATTERN: it comes to stand there.
seen()
{
    for _ in $(seq 100); do
        grep -qe "$2" "$1" && return 0
        sleep 0.1
    done
    like "$1" "$(cat "$1")" "$2"
}

daemon_start
say K-1 case.filed --procedure minor --unit squad1
say K-2 case.filed --procedure minor --unit squad1
same 'once' 0 "$("$DUBAN" tail --from 1 --once >"$work/past"; echo $?)"
like 'once' "$(cat "$work/past")" '#2  gulou/K-1  .*'
like 'in Chinese' "$("$DUBAN" --lang zh tail --from 1 --once)" '#3  gulou/K-2  .*执法人员'
"$DUBAN" tail --from 1 --once -o json | python3 -c '
import json, sys
rows = [json.loads(line) for line in sys.stdin]
assert [row["seq"] for row in rows] == [1, 2, 3], rows
assert [row["kind"] for row in rows] == ["install", "event", "event"]
' || fails=$((fails + 1))
same 'one case' 2 "$("$DUBAN" tail --from 1 --case gulou/K-1 --once -o json | python3 -c '
import json, sys
print(*[json.loads(line)["seq"] for line in sys.stdin])')"
same 'nothing to come' '' "$("$DUBAN" tail --once)"
"$DUBAN" tail --from 99 >"$work/out" 2>&1
same 'a record that is not there' 1 $?
"$DUBAN" tail --from x >"$work/out" 2>&1
same 'no number' 2 $?

# Live, through a restart of the daemon.
"$DUBAN" tail --from 3 >"$work/live" 2>&1 &
tail=$!
seen "$work/live" '#3  gulou/K-2'
say K-3 case.filed --procedure minor --unit squad1
seen "$work/live" '#4  gulou/K-3'
daemon_kill
daemon_start
say K-4 case.filed --procedure minor --unit squad1
seen "$work/live" '#5  gulou/K-4'
kill -0 "$tail" || { echo 'tail has ended:'; cat "$work/live"; fails=$((fails + 1)); }
daemon_stop
exit $((fails > 0))
