#!/bin/sh
# The demonstration runs from nothing, shows what it promises, and prints the same words each time.
set -u
: "${DUBAN:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$DUBAN" demo >"$work/one" 2>&1 &
one=$!
"$DUBAN" demo >"$work/two" 2>&1 || { cat "$work/two"; exit 1; }
wait "$one" || { cat "$work/one"; exit 1; }
# Messages take real time on their way, so on a machine that is busy one may miss the day it was of use.
for run in one two; do
    grep -vE '^ {8}[^ ]+  (【|[0-9]+项)' "$work/$run" >"$work/$run.told"
done
diff "$work/one.told" "$work/two.told" || { echo 'two runs say different things'; exit 1; }
for words in 'two_officers' 'taken before' 'no_penalty' 'correction 3 working days before its end' 'recheck: overdue' 'to leader: recheck' \
    'closed: on to the penalty procedure' 'Try next'; do
    grep -q "$words" "$work/one" || { cat "$work/one"; echo "no: $words"; exit 1; }
done
grep -qE '^ {8}[^ ]+  【督办】鼓楼改〔2026〕7号：' "$work/one" "$work/two" || { cat "$work/one"; echo 'no message left'; exit 1; }
