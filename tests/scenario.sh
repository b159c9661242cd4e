#!/bin/sh
# scenario.sh STORY PARTS: the story holds and its journal replays. What it exercised of its procedures is kept in PARTS,
# for law_covered.py.
set -u
: "${DUBAN:?}"
mkdir -p "$(dirname "$2")"
"$DUBAN" simulate --replay --coverage -o json "$1" >"$2" 2>&1 && exit 0
"$DUBAN" simulate --replay "$1"
exit 1
