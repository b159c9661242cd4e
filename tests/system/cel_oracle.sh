#!/bin/sh
# Random guards mean what another implementation of CEL says they mean. DUBAN_SEED and DUBAN_CASES
# try others than the usual ones. What is compared stands at the top of tests/oracle/guard_cases.c.
set -eu
: "${SOURCE:?}" "${DUBAN:?}"
seed=${DUBAN_SEED:-1}
cases=${DUBAN_CASES:-10000}
bin=$(dirname "$DUBAN")
oracle=$SOURCE/tests/oracle
work=$bin/../oracle

for tool in node npm; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool, which fetches and runs the other CEL"; exit 77; }
done
mkdir -p "$work"
work=$(cd "$work" && pwd)

# Fetched once for each lock file; the source tree stays as it is.
if ! cmp -s "$oracle/package-lock.json" "$work/fetched.json"; then
    cp "$oracle/package.json" "$oracle/package-lock.json" "$work"
    (cd "$work" && npm ci --no-audit --no-fund --ignore-scripts >npm.log 2>&1) || {
        cat "$work/npm.log" >&2
        echo "the other CEL could not be fetched by npm" >&2
        exit 1
    }
    cp "$oracle/package-lock.json" "$work/fetched.json"
fi
cp "$oracle/guard_judge.mjs" "$work"
"$bin/guard_cases" "$seed" "$cases" >"$work/cases.jsonl"
echo "seed $seed"
node "$work/guard_judge.mjs" <"$work/cases.jsonl"
