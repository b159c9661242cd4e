#!/bin/sh
# Plants one break of each rule into a tree of its own and wants tidy.sh to find it.
set -u
tidy=$(cd "$(dirname "$0")" && pwd)/tidy.sh
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
failed=0

# plant WHAT-TIDY-SAYS FILE: the file's text comes by standard input.
plant()
{
    rm -rf "$tree/daemon"
    mkdir -p "$tree/daemon/core" "$tree/daemon/engine"
    cat >"$tree/daemon/$2"
    said=$("$tidy" "$tree")
    case $said in
        "$1"*) ;;
        *) failed=1; echo "wanted \"$1\", tidy says \"$said\"" ;;
    esac
}

# lines COUNT TEXT
lines()
{
    awk -v count="$1" -v text="$2" 'BEGIN { while (count-- > 0) print text }'
}

plant '' core/clean.c <<'END'
#include "core/clean.h"

#include <stdint.h>

/* The caller gets it; 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十. */
int clean;
END
plant 'above its floor: ' core/up.c <<'END'
#include "net/hub.h"
END
plant 'not the contract: ' engine/chooses.c <<'END'
#include "store/store_memory.h"
END
plant 'not in the core: ' core/world.c <<'END'
#include <time.h>
END
plant 'banned: ' core/banned.c <<'END'
int number = atoi("7");
END
plant 'MUST, not assert: ' core/asserts.c <<'END'
    assert(1);
END
plant 'typedef hides' core/typedef.c <<'END'
typedef struct { int x; } x_t;
END
word=TO
plant 'an issue, not' core/later.c <<END
/* ${word}DO: later */
END
{ echo 'void f(void)'; echo '{'; lines 61 '    f();'; echo '}'; } | plant 'function over' core/long.c
lines 601 '/* line */' | plant 'file over' core/file.c
lines 97 'x' | tr -d '\n' | plant 'line over' core/wide.c
printf '#ifndef CORE_H\n#endif\n' | plant 'header guard is not DUBAN_CORE_GUARD_H' core/guard.h
printf '#ifndef DUBAN_CORE_G_H\n#endif\nint x;\n' | plant 'something after' core/g.h

exit $failed
