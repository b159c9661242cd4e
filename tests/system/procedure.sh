#!/bin/sh
# duban procedure over its files: what it prints is what stands in tests/system/procedure/*.txt.
# With DUBAN_UPDATE=1 those are written anew, to be read before they are committed.
set -u
cd "$(dirname "$0")/../.." || exit 2
duban=${DUBAN:-build/dev/bin/duban}
stories=tests/system/procedure
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset DUBAN_LANG
fails=0

fail()
{
    echo "$*"
    fails=$((fails + 1))
}

# says NAME CODE ARGUMENT…: stdout and stderr are NAME.txt, the exit code is CODE.
says()
{
    name=$1
    wanted=$2
    shift 2
    "$duban" procedure "$@" > "$work/actual" 2>&1
    code=$?
    [ "$code" = "$wanted" ] || fail "$name: exit code $code, not $wanted"
    # The words of a problem are tested where they stand; here its place, its code, its caret.
    case $name in check_*) sed -i 's/: \(error\|错误\): .* \[/: \1: … [/' "$work/actual" ;; esac
    [ -z "${DUBAN_UPDATE:-}" ] || cp "$work/actual" "$stories/$name.txt"
    diff -u "$stories/$name.txt" "$work/actual" || fail "$name: it says something else"
}

minor=$stories/minor.yaml

# check: every problem at once, with a caret that stands right below Chinese too.
says check_broken 1 check "$stories/broken.yaml"
says check_broken_zh 1 --lang zh check "$stories/broken.yaml"
says check_wide 1 check "$stories/wide.yaml"
says check_asleep 1 check "$stories/asleep.yaml"
says check_strict 1 check --strict --config config "$stories/newer.yaml"
says check_nothing 2 check
says check_missing 1 check --config config "$stories/none.yaml" "$minor"

"$duban" procedure check --config config > "$work/actual" 2>&1 || fail "config/ is not well"

says show 0 show "$minor"
says show_zh 0 --lang zh show "$minor"
says show_layers 0 show --origin "$stories/layers/place.yaml"
says show_csv 2 show "$minor" -o csv
says diff 0 diff --config config "$minor" "$stories/newer.yaml"
says diff_zh 0 --lang zh diff --config config "$minor" "$stories/newer.yaml"
says diff_same 0 diff "$minor" "$minor"
"$duban" procedure list config | grep -q '^minor ' || fail 'list of a folder'
"$duban" procedure list | grep -q '^minor ' || fail 'list of what is inside the program'
says graph_dot 0 graph "$minor"
says graph_mermaid_zh 0 --lang zh graph "$minor" -o mermaid
says graph_brief 0 graph "$minor" -o mermaid --brief
says graph_main 0 graph "$minor" -o dot --main
says page 0 page "$minor"
says graph_png 2 graph "$minor" -o png
says verb 2 chek "$minor"

# What is JSON is read by another hand.
"$duban" procedure check "$stories/asleep.yaml" -o json 2> /dev/null | python3 -c '
import json, sys
rows = [json.loads(line) for line in sys.stdin]
assert [(r["line"], r["column"], r["severity"], r["code"]) for r in rows] == [
    (12, 3, "error", "asleep"), (17, 3, "error", "unreachable_stage")]
assert all(r["message"] and r["file"].endswith("asleep.yaml") for r in rows)
' || fail 'check -o json'
"$duban" procedure show "$minor" -o json | python3 -c '
import json, sys
p = json.load(sys.stdin)
assert p["procedure"] == "minor" and p["version"] == 1
assert p["clocks"]["correct"]["roll"] == "forward"
assert p["stages"]["correcting"]["events"]["recheck.done"]["to"]["good"]["when"] == "exempt"
assert p["roles"]["party"]["reach"] == {"sms": "facts.party_mobile", "mail": "facts.party_mail"}
' || fail 'show -o json'
"$duban" procedure diff "$minor" "$stories/newer.yaml" --config config -o json | python3 -c '
import json, sys
d = json.load(sys.stdin)
assert d["old"] == "minor@1" and d["new"] == "minor@2"
assert {"path": "clocks/recheck/length", "change": "changed", "old": "2wd", "new": "3wd"} in d["changes"]
' || fail 'diff -o json'
for of in procedure scenario agencies people; do
    "$duban" procedure schema --of $of -o "$work/schema.json" || fail "schema of $of"
    python3 -m json.tool "$work/schema.json" > /dev/null || fail "schema of $of is no JSON"
done

# A missing `dot` is told, and another way named.
PATH='' "$duban" procedure graph "$minor" -o svg > "$work/actual" 2>&1
[ $? -eq 1 ] || fail 'without dot it must fail'
grep -q 'apt install graphviz' "$work/actual" || fail 'without dot it must say what to install'

# Graphviz takes what it is given.
if command -v dot > /dev/null; then
    for lang in zh en; do
        "$duban" --lang $lang procedure graph "$minor" -o svg > "$work/minor.svg" 2> "$work/errors" ||
            fail "svg in $lang"
        grep -q '</svg>' "$work/minor.svg" || fail "no picture in $lang"
        # Fonts differ from machine to machine; a wrong label is no matter of fonts.
        if grep -qi 'syntax error\|warning: <' "$work/errors"; then
            fail "dot complains: $(cat "$work/errors")"
        fi
    done
fi

[ "$fails" = 0 ]
