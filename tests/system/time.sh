#!/bin/sh
# A wall clock that jumps back: time is guarded, events go on being taken, nothing fires, until an
# operator accepts it, which is a record with his name and his reason. And what install records.
set -u
# shellcheck source=tests/lib/daemon.sh
. "$SOURCE/tests/lib/daemon.sh"
since=$(($(date +%s) * 1000))
late=1782000000000 # 2026-06-21
early=$((late - 86400000))
at=2026-06-21T08:00
DUBAN_BY=wang/officer
export DUBAN_BY

daemon_start --clock "$late,$since,1"
said=$("$DUBAN" time status 2>&1)
same 'believed' 0 $?
like 'believed' "$said" '^the wall clock is believed$'
like 'believed' "$said" '^wall clock    2026-06-2'
"$DUBAN" time accept --reason 'nothing to accept' >"$work/said" 2>&1
same 'nothing to accept' 1 $?
like 'nothing to accept' "$(cat "$work/said")" 'time is not guarded'
"$DUBAN" send gulou/K-1 case.filed --procedure minor --unit squad1 --at "$at" >/dev/null
same 'an event' 0 $?
daemon_kill

daemon_start --clock "$early,$since,1"
said=$("$DUBAN" time status -o json 2>&1)
same 'guarded' 1 $?
like 'guarded' "$said" '^{"guarded":true,"now_ms":'
like 'guarded' "$("$DUBAN" --lang zh time status 2>&1)" '^时间被看守'
"$DUBAN" send gulou/K-1 order.served --at "$at" --with zhao --set minor=true --set give=10d \
    --document 责令改正通知书 >/dev/null
same 'an event while guarded' 0 $?
"$DUBAN" time accept >/dev/null 2>&1
same 'without a reason' 2 $?
said=$("$DUBAN" time accept --reason 'the battery was dead' 2>&1)
same 'accepted' 0 $?
like 'accepted' "$said" '^the wall clock is believed$'
"$DUBAN" time status >/dev/null
same 'believed again' 0 $?
grep -q 'time.accepted' "$work/log" || { echo 'the log does not tell'; fails=$((fails + 1)); }
for words in 'the battery was dead' wang; do
    grep -raq "$words" "$work/data" || { echo "no $words in the journal"; fails=$((fails + 1)); }
done

# Everything is done again from the journal.
daemon_kill
rm -rf "$work/data/state"
daemon_start --clock "$late,$since,1"

# An install tells what it changed, and keeps who and why.
mkdir -p "$work/config/calendars"
cp "$SOURCE/config/calendars/cn.csv" "$work/config/calendars/"
said=$("$DUBAN" install "$work/config" --reason 'nothing new' 2>&1)
same 'nothing new' 0 $?
like 'nothing new' "$said" '^of these changed   0$'
sed -i '1i # as announced' "$work/config/calendars/cn.csv"
said=$("$DUBAN" install "$work/config" --by li --reason 'a remark of the council' 2>&1)
same 'a calendar' 0 $?
like 'a calendar' "$said" '^of these changed   1$'
like 'a calendar' "$said" '^  calendars/cn.csv$'
grep -raq 'a remark of the council' "$work/data" || { echo 'no reason in the journal'; fails=$((fails + 1)); }
printf 'nonsense,,\n' >>"$work/config/calendars/cn.csv"
said=$("$DUBAN" install "$work/config" 2>&1)
same 'a wrong calendar' 1 $?
like 'a wrong calendar' "$said" 'calendars/cn.csv:[0-9]*: '
daemon_stop

# No daemon, and a door that is not ours.
said=$("$DUBAN" status --run "$work/nowhere" 2>&1)
same 'no daemon' 4 $?
like 'no daemon' "$said" "no daemon answers at ipc://$work/nowhere/control.sock.*duband"
mkdir "$work/closed"
: >"$work/closed/control.sock"
chmod 0 "$work/closed/control.sock"
as_nobody=''
[ "$(id -u)" -ne 0 ] || as_nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
chmod 755 "$work" "$work/closed"
# shellcheck disable=SC2086 # nothing, or words
said=$($as_nobody "$DUBAN" status --run "$work/closed" 2>&1)
same 'not allowed' 5 $?
like 'not allowed' "$said" "you may not use ipc://$work/closed/control.sock"
exit $((fails > 0))
