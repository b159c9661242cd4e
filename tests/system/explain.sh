#!/bin/sh
# duban explain: every code there is, in both languages, and the nearest where there is none.
set -u
fails=0

# like WHAT GOT PATTERN: what was printed has the pattern in it.
like()
{
    printf '%s\n' "$2" | grep -qe "$3" && return 0
    echo "$1: no $3 in:"
    printf '%s\n' "$2"
    fails=$((fails + 1))
}

like 'a refusal of an event' "$("$DUBAN" explain no_rule)" 'no rule of stage … takes …'
like 'in Chinese' "$("$DUBAN" --lang zh explain no_rule)" '怎么办：'
like 'both languages' "$("$DUBAN" explain asleep)" '没有必然在计的期限'
like 'a condition' "$("$DUBAN" explain guard_date_form)" "write date('…')"
like 'a file' "$("$DUBAN" explain yaml_alias)" 'alias of YAML'
like 'a misspelt code' "$("$DUBAN" explain no_rul 2>&1)" 'Did you mean .no_rule.'
like 'a need of a procedure' "$("$DUBAN" explain two_officers 2>&1)" 'duban procedure show'

"$DUBAN" explain no_rul 2>/dev/null
[ $? -eq 1 ] || { echo 'an unknown code must be exit 1'; fails=$((fails + 1)); }

# Every row has a code and words in both languages, and a part says nothing twice.
"$DUBAN" explain -o csv | python3 -c '
import csv, sys
rows = list(csv.DictReader(sys.stdin))
bad = [r for r in rows if not (r["code"] and r["where"] and r["en"] and r["zh"])]
seen = set()
for r in rows:
    key = (r["code"], r["where"], r["en"])
    if key in seen:
        bad.append(r)
    seen.add(key)
if bad or len(rows) < 100:
    sys.exit("of %d rows these are wrong: %s" % (len(rows), bad))
' || fails=$((fails + 1))

exit $((fails > 0))
