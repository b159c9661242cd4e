#!/bin/sh
# What the documents show is what the commands do. Every `$ ` line of a console block is run, and
# answers what stands below it (stdout and stderr together). A block of another kind after a line
# `<!-- $ command -->` is that command's whole output.
set -eu
cd "$(dirname "$0")/../.."
duban=${DUBAN:-build/dev/bin/duban}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$(cd "$(dirname "$duban")" && pwd):$PATH
LC_ALL=C.UTF-8
export PATH LC_ALL
unset DUBAN_LANG

failed=0
count=0
for page in README*.md docs/*/*.md; do
    rm -f "$work"/*
    awk -v work="$work" '
        /^<!-- \$ .* -->$/ { asked = substr($0, 8, length($0) - 11); next }
        /^```/             {
            inside = ($0 == "```console"); whole = 0
            if (asked != "" && $0 != "```") { whole = 1; n++; print asked > (work "/" n ".command")
                                              printf "" > (work "/" n ".expected") }
            asked = ""; n += inside; next
        }
        whole              { print > (work "/" n ".expected"); next }
        inside && /^\$ /   { n++; print substr($0, 3) > (work "/" n ".command"); printf "" > (work "/" n ".expected"); next }
        inside             { print > (work "/" n ".expected") }
    ' "$page"
    for command in "$work"/*.command; do
        [ -e "$command" ] || continue
        count=$((count + 1))
        sh "$command" > "$work/actual" 2>&1 || true
        if ! diff -u "${command%.command}.expected" "$work/actual" > "$work/diff"; then
            echo "$page: $(cat "$command")"
            cat "$work/diff"
            failed=1
        fi
    done
done
[ "$count" -ge 10 ] || { echo "only $count commands were found"; exit 1; }
[ "$failed" = 0 ] && echo "$count commands of the pages answer as they say"
exit "$failed"
