#!/bin/sh
# What duban-sms asks of Aliyun and of Tencent Cloud is signed as their own SDKs sign it. DUBAN_SEED and
# DUBAN_CASES try others than the usual ones.
set -eu
: "${SOURCE:?}" "${DUBAN:?}"
seed=${DUBAN_SEED:-1}
cases=${DUBAN_CASES:-300}
bin=$(cd "$(dirname "$DUBAN")" && pwd)
oracle=$SOURCE/tests/oracle/sms
work=$bin/../oracle_sms

for tool in node npm; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool, which fetches and runs the vendors' SDKs"; exit 77; }
done
mkdir -p "$work"
work=$(cd "$work" && pwd)

# Fetched once for each lock file; the source tree stays as it is.
if ! cmp -s "$oracle/package-lock.json" "$work/fetched.json"; then
    cp "$oracle/package.json" "$oracle/package-lock.json" "$work"
    (cd "$work" && npm ci --no-audit --no-fund --ignore-scripts >npm.log 2>&1) || {
        cat "$work/npm.log" >&2
        echo "the vendors' SDKs could not be fetched by npm" >&2
        exit 1
    }
    cp "$oracle/package-lock.json" "$work/fetched.json"
fi
cp "$oracle/judge.mjs" "$work"
echo "seed $seed"
node "$work/judge.mjs" "$bin/sms_calls" "$seed" "$cases"
