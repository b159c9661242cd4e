#!/bin/sh
# The wire by a judge of other hands: buf lint, pinned in tests/oracle/proto.
set -eu
: "${SOURCE:?}" "${DUBAN:?}"
oracle=$SOURCE/tests/oracle/proto
work=$(dirname "$DUBAN")/../oracle_proto

for tool in node npm; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool, which fetches buf"; exit 77; }
done
[ "$(uname -sm)" = 'Linux x86_64' ] || { echo "skipped: buf is pinned for Linux on x86_64"; exit 77; }
mkdir -p "$work"
work=$(cd "$work" && pwd)

# Fetched once for each lock file; the source tree stays as it is.
if ! cmp -s "$oracle/package-lock.json" "$work/fetched.json"; then
    cp "$oracle/package.json" "$oracle/package-lock.json" "$work"
    (cd "$work" && npm ci --no-audit --no-fund --ignore-scripts >npm.log 2>&1) || {
        cat "$work/npm.log" >&2
        echo "buf could not be fetched by npm" >&2
        exit 1
    }
    cp "$oracle/package-lock.json" "$work/fetched.json"
fi
"$work/node_modules/@bufbuild/buf-linux-x64/bin/buf" lint "$SOURCE/proto"
echo "buf is content"
