#!/bin/sh
# The rules of the house that no compiler knows. Prints every break; fails if there is one.
# tidy.sh [TREE] looks at another tree than this one.
set -u
cd "${1:-$(dirname "$0")/..}" || exit 2
LC_ALL=C # bytes, so that awk and grep mean the same everywhere
export LC_ALL

tops='daemon clients workers'
# shellcheck disable=SC2086 # three words, and some folders may not be there yet
sources=$(find $tops -name '*.[ch]' 2>/dev/null | sort)
# shellcheck disable=SC2086
breaks=$(
    [ -n "$sources" ] || { echo "no sources: $PWD"; exit; }

    # 1. Floors. A file includes from its own floor and from those below, never from above. The
    #    simulator's world stands on the engine, beside net.
    allowed=''
    for floor in base core codec store engine net world; do
        [ $floor != world ] || allowed=${allowed%|net}
        allowed="${allowed:+$allowed|}$floor"
        [ -d "daemon/$floor" ] || continue
        grep -rnE --include='*.[ch]' '^ *# *include "' "daemon/$floor" |
            grep -vE "include \"($allowed)/" | sed 's/^/above its floor: /'
    done
    # A maker of the store is chosen by programs; the engine knows the contract alone.
    grep -nHE 'include "store/' daemon/engine/*.[ch] 2>/dev/null |
        grep -vE 'include "store/(store|journal|keyring)\.h"' | sed 's/^/not the contract: /'

    # 2. The core asks nothing of the world: no clock, no heap, no files, no library.
    grep -rnE --include='*.[ch]' '^ *# *include <' daemon/core 2>/dev/null |
        grep -vE '<(limits|stdalign|stdbool|stddef|stdint|string)\.h>' |
        sed 's/^/not in the core: /'

    # 3. What nobody may use, anywhere.
    grep -nHE '(^|[^_[:alnum:]])(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|gets|alloca) *\(' \
        $sources | sed 's/^/banned: /'
    grep -nHE '(^|[^_[:alnum:]])assert *\(' $sources | sed 's/^/MUST, not assert: /'
    grep -nHE '^typedef (struct|enum|union)' $sources | sed 's/^/typedef hides what it is: /'
    grep -nHwE 'TODO|FIXME|XXX' $sources | sed 's/^/an issue, not a comment: /'

    # 4. A function fits on a screen, a file can be read in one sitting. A character is a byte that
    #    does not continue another.
    awk '
        FNR == 1   { open = 0 }
        /^[{]$/    { open = FNR }
        /^[}]$/    { if (open && FNR - open > 61) print "function over 60 lines: " FILENAME ":" open
                     open = 0 }
        FNR == 601 { print "file over 600 lines: " FILENAME }
                   { gsub(/[\200-\277]/, "") }
        length($0) > 96 { print "line over 96 columns: " FILENAME ":" FNR }
    ' $sources

    # 5. A header guards itself with its own path, to its last line.
    for header in $(printf '%s\n' $sources | grep '\.h$'); do
        guard=DUBAN_$(printf '%s' "${header#*/}" | tr 'a-z/.-' 'A-Z___')
        grep -q "^#ifndef $guard\$" "$header" || echo "header guard is not $guard: $header"
        [ "$(tail -n 1 "$header")" = '#endif' ] || echo "something after the guard: $header"
    done
)
[ -n "$breaks" ] || exit 0
printf '%s\n' "$breaks"
exit 1
