#!/bin/sh
# The shipped calendar's working days are those of the npm package chinese-days, date by date. The
# package is fetched once for each lock file; without node, npm or a registry the test is skipped.
set -eu
: "${SOURCE:?}" "${DUBAN:?}"
oracle=$SOURCE/tests/oracle/calendar
work=$(dirname "$DUBAN")/../oracle_calendar
years='2021 2022 2023 2024 2025 2026'

for tool in node npm; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool, which fetches and runs chinese-days"; exit 77; }
done
mkdir -p "$work"
work=$(cd "$work" && pwd)
if ! cmp -s "$oracle/package-lock.json" "$work/fetched.json"; then
    cp "$oracle/package.json" "$oracle/package-lock.json" "$work"
    (cd "$work" && npm ci --no-audit --no-fund --ignore-scripts >npm.log 2>&1) || {
        cat "$work/npm.log"
        echo "skipped: npm could not fetch chinese-days"
        exit 77
    }
    cp "$oracle/package-lock.json" "$work/fetched.json"
fi
cp "$oracle/judge.mjs" "$work"
for year in $years; do
    "$DUBAN" calendar show --year "$year" -o csv
done >"$work/rows.csv"
# shellcheck disable=SC2086 # six words
node "$work/judge.mjs" $years <"$work/rows.csv"
