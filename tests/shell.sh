#!/bin/sh
# Every shell script of the tree, by shellcheck.
set -u
cd "$(dirname "$0")/.." || exit 2
command -v shellcheck >/dev/null || { echo "skipped: no shellcheck"; exit 77; }
find dev .ci tests workers clients -type f 2>/dev/null | while read -r file; do
    case $(head -c 16 "$file" | tr -d '\0') in '#!/bin/sh'* | '#!/bin/bash'*) echo "$file" ;; esac
done | xargs shellcheck -x
