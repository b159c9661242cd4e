#!/bin/sh
# Every row and every expected column of tests/golden/deadlines.csv, by the real command.
set -eu
cd "$(dirname "$0")/../.."
duban=${DUBAN:-build/dev/bin/duban}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# The expected columns are 11 to 15, and none before `why` holds a comma or a quote.
tr -d '\r' < tests/golden/deadlines.csv | cut -d, -f1,11-15 > "$out/expected.csv"
"$duban" date --batch tests/golden/deadlines.csv > "$out/answers.csv"
diff "$out/expected.csv" "$out/answers.csv"
# The same calendar from its file, and from stdin, in both languages: the answers are for programs.
"$duban" --lang zh date --calendar config/calendars/cn.csv --batch - \
    < tests/golden/deadlines.csv | diff "$out/expected.csv" -
echo "$(($(wc -l < "$out/expected.csv") - 1)) golden deadlines agree"
