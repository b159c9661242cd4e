#!/bin/sh
# The core is a pure function, proved by what it asks the linker for: purity.sh BUILD. For builds
# without sanitizers, which bring symbols of their own.
set -u
core=$1/daemon/libduban_core.a
[ -f "$core" ] || { echo "skipped: no $core yet"; exit 77; }

# Bytes to bytes; a broken MUST; base's functions over memory of the caller; and what the
# hardening of the compiler puts in.
allowed='mem(cpy|move|set|cmp|chr)|strlen|must_fail|status_text|text_[a-z0-9_]+
|arena_(init_over|take|take_zeroed|copy|mark|rewind)
|__mem(cpy|move|set)_chk|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_'
allowed=$(printf '%s' "$allowed" | tr -d '\n')

own=$(nm --defined-only --format=posix "$core" 2>/dev/null | awk 'NF > 1 { print $1 }' | sort -u)
impure=$(nm --undefined-only --format=posix "$core" 2>/dev/null |
    awk 'NF > 1 { print $1 }' | sort -u | grep -vxF "$own" | grep -vxE "$allowed")

[ -n "$impure" ] || exit 0
echo "the core asks the world for:"
for symbol in $impure; do
    nm --undefined-only --print-file-name "$core" | awk -v symbol="$symbol" '$NF == symbol { print "  " symbol, "in", $1 }'
done
exit 1
