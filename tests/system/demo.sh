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
diff "$work/one" "$work/two" || { echo 'two runs say different things'; exit 1; }
for words in 'two_officers' 'taken before' 'no_penalty' 'correction near' 'recheck: overdue' 'to leader: recheck' \
    'closed: on to the penalty procedure' 'Try next'; do
    grep -q "$words" "$work/one" || { cat "$work/one"; echo "no: $words"; exit 1; }
done
