#!/bin/sh
# What a floor may ask of the world, read from what it asks the linker for: purity.sh BUILD. For
# builds without sanitizers, which bring symbols of their own.
set -u
build=$1/daemon
core=$build/libduban_core.a
[ -f "$core" ] || { echo "skipped: no $core yet"; exit 77; }
failed=0

# asks LIBRARY: what it needs and does not have itself.
asks()
{
    own=$(nm --defined-only --format=posix "$1" 2>/dev/null | awk 'NF > 1 { print $1 }')
    nm --undefined-only --format=posix "$1" 2>/dev/null | awk 'NF > 1 { print $1 }' |
        sort -u | grep -vxF "$own"
}

# refuse LIBRARY SYMBOL…: say who asks for them.
refuse()
{
    library=$1
    shift
    for symbol in "$@"; do
        failed=1
        echo "$(basename "$library") asks the world for $symbol:"
        nm --undefined-only --print-file-name "$library" 2>/dev/null |
            awk -v symbol="$symbol" '$NF == symbol { print "    " $1 }'
    done
}

# The core is a pure function. It has bytes to bytes; a broken MUST; base's functions over memory
# of the caller; and what the compiler's hardening puts in.
allowed='mem(cpy|move|set|cmp|chr)|strlen|must_fail|status_text|(text|sha256)_[a-z0-9_]+'
allowed="$allowed|arena_(init_over|take|take_zeroed|copy|mark|rewind)"
allowed="$allowed|__mem(cpy|move|set)_chk|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_"
# shellcheck disable=SC2046 # symbols are words
refuse "$core" $(asks "$core" | grep -vxE "$allowed")

# Codec turns bytes into types and back, the engine knows the store's contract alone: neither opens
# anything nor reads a clock.
world='f?open(at)?(64)?|fdopen|opendir|socket|connect|bind|clock_gettime|gettimeofday|time'
world="$world|getrandom|rand|fork|exec[vlpe]+|system|pthread_create"
for floor in codec engine store_memory; do
    library=$build/libduban_$floor.a
    # shellcheck disable=SC2046
    [ ! -f "$library" ] || refuse "$library" $(asks "$library" | grep -xE "$world")
done
exit $failed
