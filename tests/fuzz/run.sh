#!/bin/sh
# Runs one fuzz target for a while: run.sh path/to/fuzz_NAME. Seeds are tests/fuzz/seeds/NAME/; what
# it finds on the way is kept beside the build, so that the next run starts where this one ended.
set -eu
target=$1
name=$(basename "$target" | sed 's/^fuzz_//')
here=$(cd "$(dirname "$0")" && pwd)
kept=$(dirname "$target")/../corpus/$name
seconds=${DUBAN_FUZZ_SECONDS:-10}

mkdir -p "$kept"
set -- "$kept"
[ ! -d "$here/seeds/$name" ] || set -- "$@" "$here/seeds/$name"
[ ! -f "$here/$name.dict" ] || set -- "$@" "-dict=$here/$name.dict"
# libFuzzer's own exit code for a crash is 77, which would read as a skipped test.
exec "$target" "$@" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
    -error_exitcode=1 -print_final_stats=1 -artifact_prefix="$kept/../$name-"
