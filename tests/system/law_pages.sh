#!/bin/sh
# The lawyers' pages, docs/law/NAME.md, are what `duban procedure page` makes of the procedures that open cases: each
# has one, each is current, and there is no other. With DUBAN_UPDATE=1 they are written anew.
set -u
SOURCE=${SOURCE:-.}
DUBAN=${DUBAN:-$PWD/build/dev/bin/duban}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$SOURCE" || exit 1
fails=0

names=$("$DUBAN" --lang en procedure list config -o csv | sed 1d | awk -F, '$4 == "no" { print $1 }')
[ -n "$names" ] || { echo 'no procedure opens a case'; exit 1; }
for name in $names; do
    "$DUBAN" --lang zh procedure page "config/procedures/$name.yaml" >"$work/$name.md" || exit 1
    if [ -n "${DUBAN_UPDATE:-}" ]; then
        cp "$work/$name.md" "docs/law/$name.md"
    elif ! cmp -s "$work/$name.md" "docs/law/$name.md"; then
        echo "docs/law/$name.md is not what the procedure says; make it anew: DUBAN_UPDATE=1 tests/system/law_pages.sh"
        diff "docs/law/$name.md" "$work/$name.md" | head -10
        fails=$((fails + 1))
    fi
done
# The list of them in the README.
for name in $names; do
    echo "- [$(sed -n '1s/^# //p' "$work/$name.md")]($name.md)"
done >"$work/list"
awk -v list="$work/list" '/^<!-- end of pages -->$/ { skip = 0 } !skip { print }
    /^<!-- pages -->$/ { while ((getline line <list) > 0) print line; skip = 1 }' docs/law/README.md >"$work/README"
if [ -n "${DUBAN_UPDATE:-}" ]; then
    cp "$work/README" docs/law/README.md
elif ! cmp -s "$work/README" docs/law/README.md; then
    echo 'docs/law/README.md does not list the pages; make it anew: DUBAN_UPDATE=1 tests/system/law_pages.sh'
    fails=$((fails + 1))
fi

for page in docs/law/*.md; do
    name=$(basename "$page" .md)
    [ "$name" = README ] || [ -f "$work/$name.md" ] || { echo "$page is of no procedure"; fails=$((fails + 1)); }
done

# In English too, and with each thing in it once.
"$DUBAN" --lang en procedure page config/procedures/simple.yaml >"$work/en.md" || exit 1
for words in '^## 2. Limits$' '^| \*\*payment\*\*<br>only if: fine is above 0 yuan |' '^### Plan 1$' \
    '^| reconsideration first was told\|^| the document must tell that reconsideration comes first |' '^## 8. The words of notices$'; do
    [ "$(grep -c "$words" "$work/en.md")" -eq 1 ] || { echo "in English not once: $words"; fails=$((fails + 1)); }
done
if grep -n '[a-z]_[a-z_]* ==\|has(' "$work"/*.md; then
    echo 'a condition is left as programs write it'
    fails=$((fails + 1))
fi
exit $((fails > 0))
